"""Planning: the posts that talks owe to channels, brought into line with what the record and the watches now say.

`talks.save` calls `replan` in its own transaction, so that a change and what it owes land together or not at all.
What is due in the past is not planned any more, with one exception: a window that opened earlier on this very day is
announced at once, because "within two weeks", said today, opens today.

Where many channels are concerned the change leaves a note instead (`store/backlog.py`), and the sweep calls `catch_up`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from store import backlog, owed, posts, watches
from store import talks as on_record  # which imports us: neither uses the other before both are there
from store.database import Row, Session, WriteSession
from store.owed import KINDS, Owed
from store.records import PostKind, Status, Talks, Watch
from store.scopes import Reader
from store.times import instant_text
from store.watches import Remind

AT_ONCE = 50
"""How many channels of a wide change are planned for in one transaction."""


@dataclass(frozen=True, slots=True)
class Order:
    """What one channel wants for one talks: the lead times, and the zone where no place gives one."""

    leads: tuple[str, ...]
    zone: str
    muted: bool = False


@dataclass(slots=True)
class Changes:
    """What planning wants written, gathered so that it is written in few statements."""

    new: list[dict[str, Any]] = field(default_factory=list)
    moved: list[tuple[int, datetime, datetime]] = field(default_factory=list)
    dropped: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def write(self, session: WriteSession) -> None:
        for reason, numbers in self.dropped.items():
            posts.drop(session, numbers, reason)
        posts.replan(session, self.moved)
        posts.add(session, self.new)


def replan(session: WriteSession, talks: Talks, was: Status | None) -> None:
    """Brings the posts about some talks into line, in every channel; where there are many, leaves a note to do so.

    `was` is their status before, None for new ones.
    """
    if not watches.anybody(session):
        return  # nobody watches anything: a load of a hundred thousand facts need not ask a hundred thousand times more
    reader = Reader(session, session.now.date())
    told = [talks, *(_waiting(session, talks) if _turned(talks, was) else ())]
    if backlog.has(session, talks.label) or any(_is_wide(session, reader, each) for each in told):
        backlog.note(session, talks.label, was)
        return
    rows = posts.planned_for(session, talks.label)
    orders = _orders(session, reader, talks)
    if _back(talks, was):
        posts.revive(session, talks.label)
        rows = posts.planned_for(session, talks.label)
    changes = Changes()
    if rows or orders:
        plan(session, reader, talks, orders, rows, changes)
        changes.write(session)
    if _turned(talks, was):
        _tell_dependants(session, reader, talks)


def catch_up(session: WriteSession) -> bool:
    """Plans for the next channels of the oldest change that was noted, as of its moment. Returns False when
    no note stands any more.

    The session may be of any workspace. Each call is a small transaction of its own: one that is cut short loses nothing.
    """
    note = backlog.oldest(session)
    if note is None:
        return False
    own = replace(session, team=note.team, now=note.first)
    found = on_record.many(own, [int(note.subject.removeprefix("T-"))])
    if not found:  # taken off the record since, with all that was planned about it
        backlog.done(session, note)
        return True
    talks, reader = found[0], Reader(own, own.now.date())
    if _back(talks, note.was) and not note.upto:
        posts.revive(own, talks.label)
    channels = backlog.channels_left(own, note, talks.number, _hooks(reader, talks), limit=AT_ONCE)
    if channels:
        changes = Changes()
        rows = posts.planned_for(own, talks.label, channels)
        plan(own, reader, talks, _orders(own, reader, talks, channels), rows, changes)
        changes.write(own)
    if len(channels) == AT_ONCE:
        backlog.advance(session, note, channels[-1])
        return True
    if _turned(talks, note.was):
        _tell_dependants(replace(own, now=note.last), reader, talks)
    backlog.done(session, note)
    return True


def _turned(talks: Talks, was: Status | None) -> bool:
    """True when talks were recorded as held, or are not held after all: whoever waits for them is concerned."""
    return (talks.status is Status.HELD) != (was is Status.HELD)


def _back(talks: Talks, was: Status | None) -> bool:
    """True when talks are ahead again: what people asked for before they were called off or held comes after all."""
    return was is not None and not was.is_ahead and talks.status.is_ahead


def _waiting(session: Session, talks: Talks) -> list[Talks]:
    return on_record.many(session, on_record.dependants(session, talks.number))


def _is_wide(session: Session, reader: Reader, talks: Talks) -> bool:
    return backlog.is_wide(session, talks.label, talks.number, _hooks(reader, talks))


def _hooks(reader: Reader, talks: Talks) -> Sequence[str]:
    return reader.of_talks(talks).hooks() if talks.status.is_ahead else ()


def _orders(session: Session, reader: Reader, talks: Talks, channels: Sequence[str] | None = None) -> dict[str, Order]:
    """What channels (all, or those given) want for these talks as they are; nothing for talks that are not ahead."""
    if not talks.status.is_ahead:
        return {}
    reminds = watches.remind_of(session, talks.number)
    if channels is not None:
        reminds = {channel: wanted for channel, wanted in reminds.items() if channel in channels}
    return orders_of(watches.concerned(session, reader.of_talks(talks), channels), reminds)


def orders_of(concerned: Iterable[Watch], reminds: Mapping[str, Remind]) -> dict[str, Order]:
    """What each channel wants, from its watches (their lead times together, the oldest's zone) or from its own word."""
    orders: dict[str, Order] = {}
    for watch in concerned:
        known = orders.get(watch.channel)
        if known is None:
            orders[watch.channel] = Order(watch.leads, watch.zone)
        elif set(watch.leads) - set(known.leads):
            orders[watch.channel] = Order(tuple(dict.fromkeys(known.leads + watch.leads)), known.zone)
    for channel, wanted in reminds.items():
        zone = orders[channel].zone if channel in orders else wanted.zone
        orders[channel] = Order(wanted.leads, zone, muted=not wanted.leads)
    return orders


def plan(
    session: WriteSession,
    reader: Reader,
    talks: Talks,
    orders: Mapping[str, Order],
    rows: Sequence[Row],
    changes: Changes,
) -> None:
    """Adds to `changes` what is owed and not planned, planned for another moment, or planned and no longer owed. `rows` are
    the posts planned about these talks."""
    known: dict[str, dict[tuple[str, str], Row]] = defaultdict(dict)
    for row in rows:
        known[row["channel"]][row["kind"], row["slot"]] = row
    plans: dict[tuple[tuple[str, ...], str], list[Owed]] = {}
    for channel, order in orders.items():
        if order.muted:
            continue
        zone = reader.zone_of(talks, order.zone)
        if (order.leads, zone) not in plans:
            plans[order.leads, zone] = _timely(owed.owed(talks, zone=zone, leads=order.leads), session.now, ZoneInfo(zone))
        _match(session.now, talks, channel, plans[order.leads, zone], known.pop(channel, {}), changes)
    for channel, left in known.items():
        order_there = orders.get(channel)
        reason = "muted" if order_there and order_there.muted else _why_not(talks)
        for (kind, slot), row in left.items():
            _let_go(talks, kind, slot, row, reason, changes, keep_by_hand=not (order_there and order_there.muted))


def _timely(found: list[Owed], now: datetime, zone: ZoneInfo) -> list[Owed]:
    """The plan with a window that opened earlier today opening now."""
    today = now.astimezone(zone).date()
    return [
        Owed(post.kind, post.slot, now, post.until)
        if post.kind is PostKind.OPENS and post.due < now and post.due.astimezone(zone).date() == today
        else post
        for post in found
    ]


def _match(
    now: datetime, talks: Talks, channel: str, wanted: list[Owed], known: dict[tuple[str, str], Row], changes: Changes
) -> None:
    for post in wanted:
        row = known.pop((post.kind.value, post.slot), None)
        if row is None:
            if post.due >= now:
                changes.new.append(
                    {
                        "channel": channel,
                        "kind": post.kind.value,
                        "subject": talks.label,
                        "slot": post.slot,
                        "due": post.due,
                        "until": post.until,
                    }
                )
        elif _differs(row, post, now):
            changes.moved.append((row["number"], post.due, post.until))
    for (kind, slot), row in known.items():
        _let_go(talks, kind, slot, row, _why_not(talks), changes, keep_by_hand=True)


def _differs(row: Row, post: Owed, now: datetime) -> bool:
    if row["useful_until"] != instant_text(post.until):
        return True
    # An opening planned for earlier today is overdue, not moved to this moment.
    return bool(row["due"] != instant_text(post.due)) and post.due != now


def _let_go(talks: Talks, kind: str, slot: str, row: Row, reason: str, changes: Changes, *, keep_by_hand: bool) -> None:
    # What people asked for and what events brought about stays, as long as the talks are ahead.
    by_events = slot.startswith(posts.BY_HAND) or kind not in KINDS
    if by_events and keep_by_hand and talks.status.is_ahead:
        return
    changes.dropped[reason].append(row["number"])


def _why_not(talks: Talks) -> str:
    return "the plans changed" if talks.status.is_ahead else f"{talks.label} is {talks.status.value}"


def _tell_dependants(session: WriteSession, reader: Reader, talks: Talks) -> None:
    """Plans word to whoever waits for talks that are now held; takes it back when they are not held after all.

    Each time is one of its own: word that was taken back too late does not keep the true one from coming.
    """
    slot = f"after {talks.label}@{session.stamp}"
    for waiting in _waiting(session, talks):
        if talks.status is not Status.HELD:
            numbers = [r["number"] for r in posts.planned_for(session, waiting.label) if _says(r["slot"], talks)]
            posts.drop(session, numbers, f"{talks.label} is {talks.status.value}")
        elif waiting.status.is_ahead:
            told = [channel for channel, order in _orders(session, reader, waiting).items() if not order.muted]
            until = session.now + owed.WORTH_KNOWING
            ready = {"kind": PostKind.READY.value, "subject": waiting.label, "slot": slot, "due": session.now, "until": until}
            posts.add(session, [{"channel": channel, **ready} for channel in told])


def _says(slot: str, talks: Talks) -> bool:
    return slot.partition("@")[0] == f"after {talks.label}"
