"""What people order for a channel, with everything it sets off in the same transaction: plans made, moved and dropped."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from store import changes, outbox, owed, posts, schedule, watched, watches
from store import talks as on_record
from store.database import Row, Session, WriteSession
from store.errors import NotOnRecord
from store.planning import Changes, orders_of, plan
from store.records import Post, PostKind, PostState, Rhythm, Talks, Watch, WatchState
from store.scopes import Reader, concerns
from store.times import instant_text
from store.watches import Remind

AT_ONCE = 200
EVERY = 1_000_000
ABOUT_TALKS = (*owed.KINDS, PostKind.READY)
CHECK_HELPS = timedelta(days=1)

ASK_AGAIN = (3, 7, 14)
"""Days until the question is asked again, after the first, the second and every later "no news yet"."""


def save_watch(session: WriteSession, watch: Watch, *, action: str = "recorded") -> Watch:
    """Writes a watch and plans what its channel is owed from now on: reminders, its next digest, and for a new watch a
    look whether the bot may post there. Returns the watch with its number."""
    return save_watches(session, [watch], action=action)[0]


def save_watches(session: WriteSession, wanted: Iterable[Watch], *, action: str = "recorded") -> list[Watch]:
    """Likewise for several. A channel is planned for once, however many of its watches change."""
    before: list[Watch | None] = []
    saved: list[Watch] = []
    for watch in wanted:
        before.append(watches.get(session, watch.number) if watch.number else None)
        new = watch if watch.number else dataclasses.replace(watch, since=last_revision(session))
        saved.append(watches.save(session, new, action=action))
    for channel in dict.fromkeys(watch.channel for watch in saved):
        replan_channel(session, channel)
    for was, watch in zip(before, saved, strict=True):
        _replan_digest(session, was, watch)
        if was is None:
            check(session, watch.channel)
    return saved


def check(session: WriteSession, channel: str) -> None:
    """Has the sweep look whether the bot may post in a channel; whoever set up its watches hears if not."""
    wanted = {"channel": channel, "kind": PostKind.CHECK.value, "subject": channel, "slot": session.stamp}
    posts.add(session, [{**wanted, "due": session.now, "until": session.now + CHECK_HELPS}])


def try_again(session: WriteSession, channel: str) -> None:
    """Ends a pause that trouble in a channel brought about, and has the sweep see whether it is over: by what is due there
    already, else by a look. A channel that took all it was sent is left alone, and so is one that Slack asked us to spare."""
    known = outbox.hold_on(session, session.team, channel)
    if known is not None and known.reason != outbox.RATE_LIMITED:
        # It stays on record as ended: if it is not over, it is the same trouble, and nobody is told of it twice.
        outbox.hold(session, session.team, channel, timedelta(0), known.reason)
    elif known is not None or outbox.last_ts(session, session.team, channel) is not None:
        return
    if not any(row["due"] <= session.stamp for row in posts.planned_in(session, channel, tuple(PostKind))):
        check(session, channel)


def let_in(session: WriteSession, channel: str) -> None:
    """The bot was invited to a channel: where anything is ordered there, it is tried again."""
    if watches.keepers(session, channel):
        try_again(session, channel)


def last_revision(session: Session) -> int:
    """The number of the latest revision in the workspace; 0 when there is none."""
    return int(session.value("SELECT max(number) FROM revision WHERE team_id = :team") or 0)


def _replan_digest(session: WriteSession, was: Watch | None, watch: Watch) -> None:
    """Brings a watch's next digest into line with when it is to speak. One that is due already is owed as it is, as long as
    the watch is active: another time of day must not lose what waits for the sweep, or for an invitation."""
    if was is not None and _beat(was) == _beat(watch):
        return
    active = watch.state is WatchState.ACTIVE
    planned = [row for row in posts.planned_for(session, watch.label) if row["kind"] == PostKind.DIGEST.value]
    ahead = [row["number"] for row in planned if not (active and row["due"] <= session.stamp)]
    posts.drop(session, ahead, f"{watch.label} changed" if active else f"{watch.label} is {watch.state.value}")
    if active and watch.rhythm is not Rhythm.NONE:
        plan_digest(session, watch, schedule.next_digest(watch, session.now))


def _beat(watch: Watch) -> object:
    return watch.rhythm, watch.weekday, watch.at, watch.zone, watch.state


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
    watching = [w for w in watches.of_channel(session, channel) if w.state is WatchState.ACTIVE and w.leads]
    reminds = watches.reminds_in(session, channel)
    rows: dict[str, list[Row]] = {}
    for row in posts.planned_in(session, channel, ABOUT_TALKS):
        rows.setdefault(row["subject"], []).append(row)
    numbers = _about(session, watching) | set(reminds)
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


def _about(session: WriteSession, watching: Iterable[Watch]) -> set[int]:
    """The talks ahead that some watches are about, by number. Watches that are about the same are asked once."""
    different = {(watch.about, watch.but_not): watch for watch in watching}.values()
    found = (watched.ahead(session, watch, now=session.now, limit=EVERY, mooted=True) for watch in different)
    return {talks.number for some in found for talks in some}


def about_nothing(session: WriteSession, watch: Watch) -> bool:
    """True when no talks ahead on record are what a watch is about."""
    return not watched.ahead(session, watch, now=session.now, limit=1, mooted=True)


def set_leads(session: WriteSession, channel: str, leads: tuple[str, ...], *, zone: str) -> list[Watch]:
    """Sets the lead times of all watches of a channel; makes one with reminders only where there is none.

    No lead times mean no reminders: digests go on, and a watch with reminders only ends.
    """
    present = watches.of_channel(session, channel)
    if not present:
        return [save_watch(session, Watch(0, channel, session.actor, zone, leads=leads))] if leads else []
    changed = [_with_leads(watch, leads) for watch in present]
    return save_watches(session, changed, action="lead times set")


def _with_leads(watch: Watch, leads: tuple[str, ...]) -> Watch:
    if watch.rhythm is Rhythm.NONE and not leads:
        return dataclasses.replace(watch, state=WatchState.OFF)
    return dataclasses.replace(watch, leads=leads)


def set_remind(session: WriteSession, talks: Talks, channel: str, leads: tuple[str, ...], *, zone: str) -> None:
    """Sets the lead times of one talks in a channel; no lead times mute it there. Days count in the zone of the channel's
    watch; in `zone` where it has none."""
    watches.save_remind(session, Remind(channel, talks.number, leads, zone_of(session, channel, zone), session.actor))
    replan_channel(session, channel)
    if leads:
        try_again(session, channel)


def zone_of(session: Session, channel: str, fallback: str) -> str:
    """The zone in which a channel counts days: its oldest watch's, else the one given."""
    return watches.zones_of(session, [channel]).get(channel, fallback)


def unmute(session: WriteSession, talks: Talks, channel: str) -> None:
    """Lets talks follow the channel's watches again; what people asked for before they were muted comes after all."""
    watches.forget_remind(session, channel, talks.number)
    replan_channel(session, channel)
    if talks.status.is_ahead:
        posts.revive(session, talks.label, channel=channel)


def snooze(session: WriteSession, talks: Talks, channel: str, at: datetime) -> None:
    """Plans one more reminder of some talks in a channel, and keeps on record who asked for it: where the channel has no
    watch, nobody else can be told if it cannot be posted."""
    asked = {"channel": channel, "talks": talks.number, "at": instant_text(at)}
    changes.record(session, watches.SNOOZE, f"{channel}/{talks.label}", action="asked for", before=None, after=asked)
    row = {"channel": channel, "kind": PostKind.REMINDER.value, "subject": talks.label, "slot": f"snooze@{instant_text(at)}"}
    posts.add(session, [{**row, "due": at, "until": at + owed.WORTH_KNOWING}])
    try_again(session, channel)


def no_news(session: WriteSession, talks: Talks, channel: str, *, zone: str) -> datetime:
    """Plans to ask again whether talks took place, later each time and after their window has closed; returns when."""
    asked = posts.slots_of(session, channel, PostKind.HAPPENED, talks.label)
    again = sorted(slot for slot in asked if slot.startswith("again@"))
    times = sum(asked[slot] is not PostState.PLANNED for slot in again)  # one still planned is one answer, however often given
    place = ZoneInfo(Reader(session, session.now.date()).zone_of(talks, zone_of(session, channel, zone)))
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
