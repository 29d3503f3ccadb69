"""Reminders in words: before talks, of windows that open, close or have closed, and of talks that others made ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cards import Page, when_words
from bot.reply import Button, Card, Line, Notes, Part, Quiet, Reply, Span, Strong, line
from bot.wording import LEVELS, place_words
from store import owed
from store import talks as on_record
from store.database import Session
from store.records import Post, PostKind, Status, Talks
from store.scopes import Reader

SHOWN_TOGETHER = 20
ASKED_TOGETHER = 5
"""For how many talks a message about several has buttons."""


ZONES = timedelta(hours=26)
"""How far apart the same time on two walls can be: a channel without a watch was planned for in its people's zone."""


@dataclass(slots=True)
class Memo:
    """What was read and composed already in one view of the store: many channels are told the same."""

    zones: dict[str, str]
    """The zone of each channel's watch."""
    made: dict[tuple[object, ...], Reply | str] = field(default_factory=dict)
    briefs: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """The brief of talks in a zone, as the messages that it takes."""


def compose(session: Session, post: Post, now: datetime, memo: Memo) -> Reply | str:
    """The message that a reminder is now, or in words why it is none any more."""
    zone = memo.zones.get(post.channel, "UTC")
    same = (post.subject, post.kind, post.slot, post.due, zone)
    if same not in memo.made:
        memo.made[same] = _compose(session, post, now, zone)
    return memo.made[same]


def _compose(session: Session, post: Post, now: datetime, fallback: str) -> Reply | str:
    found = on_record.many(session, [int(post.subject.removeprefix("T-"))])
    if not found:
        return f"{post.subject} is no longer on record"
    talks = found[0]
    zone = Reader(session, post.due.date()).zone_of(talks, fallback)
    reason = _pointless(talks, post, now, zone)
    if reason:
        return reason
    page = Page.of(session, [talks.number], now, zone)
    if post.kind is PostKind.HAPPENED:
        return _happened(page, talks, closed=owed.asked_at(talks, zone=zone) is not None)
    if post.kind is PostKind.READY:
        return _ready(page, talks, post)
    return _ahead(page, talks, post, now, zone)


def _pointless(talks: Talks, post: Post, now: datetime, zone: str) -> str | None:
    """Why a post about these talks need not go out any more, by the record as it is; None when it still should."""
    if not talks.status.is_ahead:
        return f"{talks.label} is {talks.status.value}"
    if post.kind is PostKind.HAPPENED:
        first = owed.asked_at(talks, zone=zone)
        if first and first.due > now + ZONES:
            return f"{talks.label} may still come: its window has moved"
    return None


def _ahead(page: Page, talks: Talks, post: Post, now: datetime, zone: str) -> Reply:
    return Reply(
        f"{_lead_words(talks, post, now, ZoneInfo(zone))}: {page.names.title(talks)}",
        aside=page.status(talks),
        parts=(_about(page, talks), *_waits(page, talks)),
        buttons=_buttons(talks),
    )


def _lead_words(talks: Talks, post: Post, now: datetime, zone: ZoneInfo) -> str:
    """How a reminder begins: `In 2 hours`, `Tomorrow`, `The window closes in 7 days`, by the clock as it is now.

    Only what has a clock time is counted in hours: the rest in days of the place.
    """
    if post.kind is PostKind.OPENS:
        return "The window is open"
    window = owed.meant_window(talks)
    if isinstance(window.earliest, datetime):
        left = window.earliest - now
        return f"In {ago(left)}" if left > timedelta(0) else f"Began {ago(-left)} ago"
    if post.kind is PostKind.CLOSES:
        return f"The window closes {_in_days(window.latest, now, zone) or 'today'}"
    if post.slot.startswith("snooze@"):
        return "Reminder"
    words = _in_days(window.earliest, now, zone)
    return words[0].upper() + words[1:] if words else "Reminder"


def _in_days(end: date | datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """`today`, `tomorrow`, `in 5 days`, by the calendar of a place; empty for a day that is past, or none."""
    if end is None:
        return ""
    day = end.astimezone(zone).date() if isinstance(end, datetime) else end
    left = (day - now.astimezone(zone).date()).days
    if left < 0:
        return ""
    return ("today", "tomorrow")[left] if left < 2 else f"in {left} days"


def ago(span: timedelta) -> str:
    """A time span in a person's words, to the minute below a day and to the hour above: `20 minutes`, `1 hour 30 minutes`,
    `2 days`, `1 day 12 hours`."""
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes >= 1440:
        return _two(*divmod(round(minutes / 60), 24), "day", "hour")
    return _two(*divmod(minutes, 60), "hour", "minute")


def _two(many: int, few: int, larger: str, smaller: str) -> str:
    counted = ((many, larger), (few, smaller))
    return " ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counted if count)


def _about(page: Page, talks: Talks) -> Card:
    names = page.names
    when: tuple[Span, ...] = (*when_words(talks, names), *names.cite(talks.sources))
    lines: list[Line] = [when, line(f"{place_words(talks.place, names)} · {LEVELS[talks.level]}")]
    if talks.agenda:
        lines.append(line("Agenda: " + "; ".join(item.text for item in talks.agenda[:4])))
    return Card(line(Strong(talks.label), "  ", names.title(talks)), tuple(lines))


def _waits(page: Page, talks: Talks) -> tuple[Part, ...]:
    needs = [need for need in page.needs.get(talks.number, []) if need.status is not Status.HELD]
    return tuple(line("Waiting for ", Strong(n.label), f" {n.title} ({n.status.value})") for n in needs)


def _happened(page: Page, talks: Talks, *, closed: bool) -> Reply:
    return Reply(
        f"Did it happen? {page.names.title(talks)}",
        aside="the window has closed and nothing is recorded" if closed else "nothing is recorded",
        parts=(_about(page, talks), *_waits(page, talks)),
        buttons=(*_outcomes(talks.label), Button(f"Show {talks.label}", f"/talks show {talks.label}")),
    )


def _outcomes(label: str, *, named: bool = False) -> tuple[Button, ...]:
    """The answers to "did it happen?"; `named` says of which talks."""
    of = f"{label}: " if named else ""
    return (
        Button(f"{of}Held", f"/talks held {label}", primary=not named),
        Button(f"{of}Postponed", f"/talks postpone {label}"),
        Button(f"{of}Cancelled", f"/talks cancel {label}"),
        Button(f"{of}No news yet", f"/talks nonews {label}"),
    )


def _ready(page: Page, talks: Talks, post: Post) -> Reply:
    held = _held_first(post)
    left = page.open_needs(talks)
    still = f"It still waits for {', '.join(left)}." if left else "Nothing that is on record holds it up any more."
    return Reply(
        f"{held} was held, and {talks.label} was waiting for it: {page.names.title(talks)}",
        aside=page.status(talks),
        parts=(_about(page, talks), line(still)),
        buttons=_buttons(talks),
    )


def _buttons(talks: Talks) -> tuple[Button, ...]:
    label = talks.label
    return (
        Button(f"Show {label}", f"/talks show {label}", primary=True),
        Button("Again in 1 hour", f"/talks snooze {label} 1h"),
        Button("Tomorrow morning", f"/talks snooze {label} tomorrow"),
        Button("Another day…", f"/talks snooze {label}"),
        Button("Mute here", f"/talks mute {label}"),
    )


TITLES = {
    PostKind.REMINDER: "reminders",
    PostKind.OPENS: "windows that opened",
    PostKind.CLOSES: "windows about to close",
    PostKind.HAPPENED: "questions: did it happen?",
    PostKind.READY: "talks whose prerequisite was held",
}

TITLES_OF_ONE = {
    PostKind.REMINDER: "reminder",
    PostKind.OPENS: "window that opened",
    PostKind.CLOSES: "window about to close",
    PostKind.HAPPENED: "question: did it happen?",
    PostKind.READY: "talks whose prerequisite was held",
}


def catch_up(session: Session, late: Sequence[Post], now: datetime, memo: Memo) -> Reply | None:
    """One message for several posts of a kind that are late, in the order they were due; None if none still matters."""
    numbers = list(dict.fromkeys(int(post.subject.removeprefix("T-")) for post in late))
    fallback = memo.zones.get(late[0].channel, "UTC")
    page = Page.of(session, numbers, now, fallback)
    known = {talks.label: talks for talks in page.talks}
    zones = Reader(session, now.date())
    still = {
        post.subject
        for post in late
        if (talks := known.get(post.subject)) and not _pointless(talks, post, now, zones.zone_of(talks, fallback))
    }
    told = [talks for talks in page.talks if talks.label in still]
    if not told:
        return None
    parts: list[Part] = [
        Notes((line("I could not post for a while. This is what I would have said, in the order it was due."),)),
        *((*page.one_line(talks), *_readied(talks, late)) for talks in told[:SHOWN_TOGETHER]),
    ]
    if len(told) > SHOWN_TOGETHER:
        parts.append(line("and " + ", ".join(talks.label for talks in told[SHOWN_TOGETHER:])))
    settled = [talks for talks in page.talks if not talks.status.is_ahead]
    if settled:
        parts.append(line("Settled meanwhile: " + ", ".join(f"{t.label} ({t.status.value})" for t in settled)))
    moved = [talks.label for talks in page.talks if talks.status.is_ahead and talks.label not in still]
    if moved:
        parts.append(line("Moved meanwhile, and still to come: " + ", ".join(moved)))
    buttons = [Button(f"Show {talks.label}", f"/talks show {talks.label}") for talks in told[:ASKED_TOGETHER]]
    if late[0].kind is PostKind.HAPPENED:
        buttons = [button for talks in told[:ASKED_TOGETHER] for button in _outcomes(talks.label, named=True)]
    count = sum(post.subject in still for post in late)
    title = TITLES[late[0].kind] if count > 1 else TITLES_OF_ONE[late[0].kind]
    return Reply(f"Late: {count} {title}", parts=tuple(parts), buttons=tuple(buttons))


def _readied(talks: Talks, late: Sequence[Post]) -> Line:
    """Which prerequisite was held, where a late post was to tell that."""
    held = [_held_first(p) for p in late if p.kind is PostKind.READY and p.subject == talks.label]
    return (Quiet(f" · {' and '.join(dict.fromkeys(held))} held"),) if held else ()


def _held_first(post: Post) -> str:
    """The prerequisite that a post tells was held: "T-3" of `after T-3@2025-02-27T18:00:00Z`."""
    return post.slot.removeprefix("after ").partition("@")[0]
