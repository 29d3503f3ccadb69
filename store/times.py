"""Times as the store writes them: days `YYYY-MM-DD`, instants `YYYY-MM-DDTHH:MM:SSZ` in UTC. Nothing naive passes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from store.records import Window

NEVER = "9999-12-31T23:59:59Z"
"""Sorts after every date: where an open end stands in an order by date."""

SPANS = (1, 7, 31, 100)
"""Windows are filed by length in days (0: longer or open-ended), so that "what overlaps this week" reads few rows."""


def instant_text(moment: datetime) -> str:
    """The UTC text of an aware instant. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment.year > 999 else _early(moment)


def _early(moment: datetime) -> str:
    # strftime does not pad years before 1000, and an unpadded year would sort wrongly.
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def text_of(value: date | datetime | None) -> str | None:
    """A day or an instant as text; None stays None."""
    if value is None:
        return None
    return instant_text(value) if isinstance(value, datetime) else value.isoformat()


def day_or_instant(text: str | None) -> date | datetime | None:
    """The day or aware UTC instant that a stored text names."""
    if text is None:
        return None
    return instant(text) if "T" in text else date.fromisoformat(text)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def opens_at(window: Window, zone: str = "UTC") -> datetime | None:
    """The first instant of a window, or None where it has no beginning. Days begin at midnight in the window's zone."""
    return _edge(window.earliest, window.zone or zone, end=False)


def closes_at(window: Window, zone: str = "UTC") -> datetime | None:
    """The last second of a window's last day in its zone, or None where it has no end.

    Talks with a clock time also close at the end of their day: they are not overdue while they may still be sitting.
    """
    return _edge(window.latest, window.zone or zone, end=True)


def _edge(value: date | datetime | None, zone: str, *, end: bool) -> datetime | None:
    if value is None:
        return None
    place = ZoneInfo(zone)
    if isinstance(value, datetime):
        if not end:
            return value.astimezone(UTC)
        value = _day_in(place, value)
    if not date(2, 1, 1) <= value <= date(9998, 12, 31):
        return None if end else datetime(2, 1, 1, tzinfo=UTC)
    if end:
        return datetime.combine(value + timedelta(days=1), time(), place).astimezone(UTC) - timedelta(seconds=1)
    return datetime.combine(value, time(), place).astimezone(UTC)


def _day_in(place: ZoneInfo, moment: datetime) -> date:
    try:
        return moment.astimezone(place).date()
    except OverflowError:  # the first or last day there is, told in a zone where it is the day beyond
        return moment.date()


def first_day(window: Window, said_on: date | None) -> date | None:
    """The first day (in UTC) that a window can be about: its beginning, else when its end was named, else that end."""
    opens, closes = opens_at(window), closes_at(window)
    edge = opens or closes
    if edge is None:
        return None
    return said_on if opens is None and said_on else edge.astimezone(UTC).date()
