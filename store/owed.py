"""Which posts talks owe a channel, and when: a pure function of the record, lead times and a zone.

It lives in the store, below what words a post, because the posts owed are written in the transaction that changes the
talks: `talks.save` itself plans, so no caller can forget to. Nothing here reads a clock, a table or a language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from store.records import PostKind, Precision, Talks, Window
from store.times import closes_at

MORNING = time(9)
"""When a day begins to count, and when a question about yesterday may be asked."""

FEW_DAYS = 4
"""A firm range of so many days is how long talks last, not a window in which they will fall."""

WORTH_ASKING = timedelta(days=14)
WORTH_KNOWING = timedelta(days=7)

_LEAD = re.compile(r"(\d{1,3})([wdhm])")
_UNITS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}

KINDS = (PostKind.REMINDER, PostKind.OPENS, PostKind.CLOSES, PostKind.HAPPENED)
"""What `owed` gives; the other kinds come from events or from schedules."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One post: what kind, which one of that kind, when it falls due, until when it helps."""

    kind: PostKind
    slot: str
    due: datetime
    until: datetime


def length(lead: str) -> timedelta:
    """How long a lead time such as "7d" is. Raises ValueError for anything but a number and w, d, h or m."""
    found = _LEAD.fullmatch(lead)
    if not found:
        raise ValueError(f"not a lead time: {lead!r}")
    return int(found[1]) * _UNITS[found[2]]


def before(anchor: datetime, lead: str, zone: ZoneInfo) -> datetime:
    """The moment a lead time before another. Days and weeks keep the time on the wall; hours and minutes are counted."""
    if lead[-1] in "wd":
        local = anchor.astimezone(zone)
        day = local.date() - length(lead)
        return datetime.combine(day, local.time(), zone).astimezone(UTC)
    return anchor - length(lead)


def morning(day: date, zone: ZoneInfo) -> datetime:
    """09:00 on a day, as an instant."""
    return datetime.combine(day, MORNING, zone).astimezone(UTC)


def meant_window(talks: Talks) -> Window:
    """The window to go by: the record's, or where that is undated the latest that an unsettled account gives."""
    if talks.window.earliest is not None or talks.window.latest is not None:
        return talks.window
    claims = [(closes_at(a.window), a.window) for a in talks.accounts if a.window and not a.settled and a.happens is not False]
    return max(((closes, w) for closes, w in claims if closes), key=lambda claim: claim[0], default=(None, talks.window))[1]


def owed(talks: Talks, *, zone: str, leads: Sequence[str]) -> list[Owed]:
    """Every post these talks owe a channel, past ones included, soonest first. Talks that are not ahead owe none.

    `zone` is where days are meant: the place's, else the window's, else the watch's. Slots name the day or the clock time
    they count from, so that talks moved to another day owe new posts and talks moved back do not repeat the old ones.
    """
    if not talks.status.is_ahead:
        return []
    window, place = meant_window(talks), ZoneInfo(zone)
    found: dict[tuple[PostKind, str], Owed] = {}
    for post in (*_events(window, place, leads), *_afterwards(window, place)):
        found.setdefault((post.kind, post.slot), post)
    return sorted(found.values(), key=lambda post: (post.due, post.kind.value))


def _events(window: Window, zone: ZoneInfo, leads: Sequence[str]) -> list[Owed]:
    first, last = _sound(window.earliest), _sound(window.latest)
    if isinstance(first, datetime):
        return [_lead(PostKind.REMINDER, first, first, f"{first:%Y-%m-%dT%H:%MZ}", lead, zone) for lead in leads]
    first_day, last_day = _day(first, zone), _day(last, zone)
    if first_day and last_day and _is_event(window, first_day, last_day):
        start, end = morning(first_day, zone), _midnight_after(first_day, zone)
        return [_lead(PostKind.REMINDER, start, end, first_day.isoformat(), lead, zone) for lead in leads]
    posts: list[Owed] = []
    opening = morning(first_day, zone) if first_day else None
    closed = _midnight_after(last_day, zone) if last_day else None
    if first_day and opening:
        posts.append(Owed(PostKind.OPENS, first_day.isoformat(), opening, closed or opening + WORTH_KNOWING))
    if last_day and closed:
        closing = morning(last_day, zone)
        warnings = [_lead(PostKind.CLOSES, closing, closed, last_day.isoformat(), lead, zone) for lead in leads]
        # A warning before the window is open would warn of nothing: the opening says the rest.
        posts += [post for post in warnings if opening is None or post.due > opening]
    return posts


def _afterwards(window: Window, zone: ZoneInfo) -> list[Owed]:
    last_day = _day(_sound(window.latest), zone)
    if last_day is None:
        return []
    asked = morning(last_day + timedelta(days=1), zone)
    return [Owed(PostKind.HAPPENED, last_day.isoformat(), asked, asked + WORTH_ASKING)]


def asked_at(talks: Talks, *, zone: str) -> Owed | None:
    """The question whether talks took place: the morning after their window closes. None when they have no end, or are over."""
    return next((post for post in owed(talks, zone=zone, leads=()) if post.kind is PostKind.HAPPENED), None)


def _lead(kind: PostKind, anchor: datetime, until: datetime, name: str, lead: str, zone: ZoneInfo) -> Owed:
    return Owed(kind, f"{lead}@{name}", before(anchor, lead, zone), until)


def too_long(talks: Talks, *, zone: str, leads: Sequence[str]) -> list[str]:
    """The lead times that reach back before the window opens, and so give no reminder."""
    window, place = meant_window(talks), ZoneInfo(zone)
    first, last = _day(_sound(window.earliest), place), _day(_sound(window.latest), place)
    if isinstance(window.earliest, datetime) or not first or not last or _is_event(window, first, last):
        return []
    opening, closing = morning(first, place), morning(last, place)
    return [lead for lead in leads if before(closing, lead, place) <= opening]


def _is_event(window: Window, first: date, last: date) -> bool:
    return first == last or (window.precision is Precision.RANGE and (last - first).days < FEW_DAYS)


def _day(value: date | datetime | None, zone: ZoneInfo) -> date | None:
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


def _sound(value: date | datetime | None) -> date | datetime | None:
    """None for days so far off that a week before or after them is no date."""
    return value if value is not None and 2 < value.year < 9998 else None


def _midnight_after(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
