"""What people order for a channel, with everything it sets off in the same transaction: plans made, moved and dropped."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from store import blocs, outbox, owed, posts, schedule, topics, watches
from store import talks as on_record
from store.database import Row, Session, WriteSession, marks
from store.errors import NotOnRecord
from store.planning import Changes, orders_of, plan
from store.records import Post, PostKind, PostState, Rhythm, Talks, Watch, WatchState
from store.scopes import Reader, concerns
from store.talks import AHEAD, MOOTED
from store.times import instant_text
from store.watches import Remind

AT_ONCE = 200
ABOUT_TALKS = (*owed.KINDS, PostKind.READY)
CHECK_HELPS = timedelta(days=1)

ASK_AGAIN = (3, 7, 14)
"""Days until the question is asked again, after the first, the second and every later "no news yet"."""


def save_watch(session: WriteSession, watch: Watch, *, action: str = "recorded") -> Watch:
    """Writes a watch and plans what its channel is owed from now on: reminders, its next digest, and for a new watch a
    look whether the bot may post there. Returns the watch with its number."""
    fresh = not watch.number
    if fresh:
        watch = dataclasses.replace(watch, since=last_revision(session))
    watch = watches.save(session, watch, action=action)
    replan_channel(session, watch.channel)
    _replan_digest(session, watch)
    if fresh:
        check(session, watch.channel)
    return watch


def check(session: WriteSession, channel: str) -> None:
    """Has the sweep look whether the bot may post in a channel; whoever set up its watches hears if not."""
    wanted = {"channel": channel, "kind": PostKind.CHECK.value, "subject": channel, "slot": session.stamp}
    posts.add(session, [{**wanted, "due": session.now, "until": session.now + CHECK_HELPS}])


def try_again(session: WriteSession, channel: str) -> None:
    """Ends a pause that trouble in a channel brought about: the next post shows whether it is over."""
    outbox.release(session, session.team, [channel])


def last_revision(session: Session) -> int:
    """The number of the latest revision in the workspace; 0 when there is none."""
    return int(session.value("SELECT max(number) FROM revision WHERE team_id = :team") or 0)


def _replan_digest(session: WriteSession, watch: Watch) -> None:
    reason = f"{watch.label} is {watch.state.value}" if watch.state is not WatchState.ACTIVE else f"{watch.label} changed"
    posts.drop_subject(session, watch.label, reason, [PostKind.DIGEST])
    if watch.state is WatchState.ACTIVE and watch.rhythm is not Rhythm.NONE:
        plan_digest(session, watch, schedule.next_digest(watch, session.now))


def plan_digest(session: WriteSession, watch: Watch, occasion: schedule.Occasion) -> None:
    """Plans a digest, or the first later one whose local day has had none yet."""
    taken = posts.slots_of(session, watch.channel, PostKind.DIGEST, watch.label)
    for _ in range(30):
        slot, until = occasion.day.isoformat(), schedule.useful_until(watch, occasion)
        state = taken.get(slot)
        if state in (None, PostState.DROPPED):
            row = {"channel": watch.channel, "kind": PostKind.DIGEST.value, "subject": watch.label, "slot": slot}
            posts.add(session, [{**row, "due": occasion.due, "until": until}])
            return
        if state is PostState.PLANNED:
            return
        occasion = schedule.next_digest(watch, occasion.due)


def plan_following(session: WriteSession, digest: Post) -> None:
    """Plans the digest after one that goes out or is given up, by its watch as it is now."""
    try:
        watch = watches.get(session, int(digest.subject.removeprefix("W-")))
    except NotOnRecord:
        return
    if watch.state is WatchState.ACTIVE and watch.rhythm is not Rhythm.NONE:
        plan_digest(session, watch, schedule.following(watch, digest.due, session.now))


def replan_channel(session: WriteSession, channel: str) -> None:
    """Brings every reminder of one channel into line with its watches as they are now."""
    watching = [watch for watch in watches.of_channel(session, channel) if watch.state is WatchState.ACTIVE]
    reminds = watches.reminds_in(session, channel)
    rows: dict[str, list[Row]] = {}
    for row in posts.planned_in(session, channel, ABOUT_TALKS):
        rows.setdefault(row["subject"], []).append(row)
    numbers = _candidates(session, watching) | set(reminds)
    numbers |= {int(subject.removeprefix("T-")) for subject in rows}
    reader, changes = Reader(session, session.now.date()), Changes()
    for talks in _read(session, sorted(numbers)):
        facts = reader.of_talks(talks)
        concerned = [watch for watch in watching if concerns(watch, facts)] if talks.status.is_ahead else []
        own = {channel: reminds[talks.number]} if talks.number in reminds and talks.status.is_ahead else {}
        plan(session, reader, talks, orders_of(concerned, own), rows.get(talks.label, []), changes)
    changes.write(session)


def _read(session: Session, numbers: Sequence[int]) -> Iterator[Talks]:
    for start in range(0, len(numbers), AT_ONCE):
        yield from on_record.many(session, numbers[start : start + AT_ONCE])


def _candidates(session: WriteSession, watching: Iterable[Watch]) -> set[int]:
    """The talks ahead that some watches may be about, by number; a watch's own test decides."""
    found: set[int] = set()
    ahead = f"t.team_id = :team AND t.standing IN ({AHEAD}, {MOOTED}) AND t.due >= :now"
    now = session.stamp
    for watch in watching:
        codes = {*watch.about.parties}
        for bloc in watch.about.members:
            codes |= {m.member for m in blocs.memberships(session, bloc)}
        subjects = set(watch.about.topics)
        for topic in watch.about.topics:
            subjects |= _below(session, topic)
        if not codes and not subjects:
            found |= {row["number"] for row in session.rows(f"SELECT t.number FROM talks t WHERE {ahead}", now=now)}
            continue
        for table, column, values in (("talks_side", "party", codes), ("talks_agenda", "topic", subjects)):
            holes, params = marks("v", sorted(values))
            sql = f"""SELECT DISTINCT t.number FROM {table} x JOIN talks t ON t.team_id = x.team_id AND t.number = x.talks
                      WHERE x.team_id = :team AND x.{column} IN ({holes}) AND {ahead}"""
            found |= {row["number"] for row in session.rows(sql, now=now, **params)}
    return found


def _below(session: Session, topic: str) -> set[str]:
    found: set[str] = set()
    queue = [topic]
    while queue:
        for child in topics.children(session, queue.pop()):
            if child not in found:
                found.add(child)
                queue.append(child)
    return found


def about_nothing(session: WriteSession, watch: Watch) -> bool:
    """True when no talks ahead on record are what a watch is about."""
    reader = Reader(session, session.now.date())
    numbers = sorted(_candidates(session, [watch]))
    return not any(concerns(watch, reader.of_talks(talks)) for talks in _read(session, numbers))


def set_leads(session: WriteSession, channel: str, leads: tuple[str, ...], *, zone: str) -> list[Watch]:
    """Sets the lead times of all watches of a channel; makes one with reminders only where there is none."""
    present = watches.of_channel(session, channel)
    if not present:
        return [save_watch(session, Watch(0, channel, session.actor, zone, leads=leads))]
    changed = [watches.save(session, dataclasses.replace(w, leads=leads), action="lead times set") for w in present]
    replan_channel(session, channel)
    return changed


def set_remind(session: WriteSession, talks: Talks, channel: str, leads: tuple[str, ...], *, zone: str) -> None:
    """Sets the lead times of one talks in a channel; no lead times mute it there."""
    fresh = not watches.of_channel(session, channel) and not watches.reminds_in(session, channel)
    watches.save_remind(session, Remind(channel, talks.number, leads, zone, session.actor))
    replan_channel(session, channel)
    if fresh and leads:
        check(session, channel)


def unmute(session: WriteSession, talks: Talks, channel: str) -> None:
    """Lets talks follow the channel's watches again."""
    watches.forget_remind(session, channel, talks.number)
    replan_channel(session, channel)


def snooze(session: WriteSession, talks: Talks, channel: str, at: datetime) -> None:
    """Plans one more reminder of some talks in a channel."""
    row = {"channel": channel, "kind": PostKind.REMINDER.value, "subject": talks.label, "slot": f"snooze@{instant_text(at)}"}
    posts.add(session, [{**row, "due": at, "until": at + owed.WORTH_KNOWING}])


def no_news(session: WriteSession, talks: Talks, channel: str, *, zone: str) -> datetime:
    """Plans to ask again whether talks took place, later each time and after their window has closed; returns when."""
    asked = posts.slots_of(session, channel, PostKind.HAPPENED, talks.label)
    again = sorted(slot for slot in asked if slot.startswith("again@"))
    times = sum(asked[slot] is not PostState.PLANNED for slot in again)  # one still planned is one answer, however often given
    place = ZoneInfo(Reader(session, session.now.date()).zone_of(talks, zone))
    day = session.now.astimezone(place).date() + timedelta(days=ASK_AGAIN[min(times, len(ASK_AGAIN) - 1)])
    at = owed.morning(day, place)
    first = owed.asked_at(talks, zone=place.key)
    if first and first.due > at:
        # The window is still open by then: nobody asks before it has closed, and once is enough.
        if asked.get(first.slot) is PostState.PLANNED:
            return first.due
        at, day = first.due, first.due.astimezone(place).date()
    row = {"channel": channel, "kind": PostKind.HAPPENED.value, "subject": talks.label, "slot": f"again@{day}"}
    posts.add(session, [{**row, "due": at, "until": at + owed.WORTH_ASKING}])
    return at
