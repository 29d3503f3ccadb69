"""When a watch's digests fall due: local times in a zone, as instants, one for each local day.

Where clocks are put forward past the time, the digest goes out as long after the jump as the time was after it began: 02:30
on such a day is 03:30 on the new clock. Where that would be the next day, which has a digest of its own (Nuuk goes from 23:00
to midnight), it goes out in the last minute before the jump. Where clocks are put back, the first of the two moments counts.
A day that a zone left out altogether (Samoa, 30 December 2011) has no digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from store.records import Rhythm, Watch

STALE = timedelta(days=3)
"""How late a digest may be and still help, unless the next one comes first."""


MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One digest: its local day, which names it, and its moment."""

    day: date
    due: datetime


def next_digest(watch: Watch, after: datetime) -> Occasion:
    """The first digest of a watch after a moment. Raises ValueError for a watch that has none."""
    if watch.rhythm is Rhythm.NONE or watch.at is None:
        raise ValueError(f"{watch.label} has no digest")
    zone, at = ZoneInfo(watch.zone), time.fromisoformat(watch.at)
    day = after.astimezone(zone).date() - timedelta(days=1)
    for _ in range(20):
        if _falls_on(watch, day) and _exists(day, zone):
            due = instant_of(day, at, zone)
            if due > after:
                return Occasion(day, due)
        day += timedelta(days=1)
    raise AssertionError("every week has the day")


def following(watch: Watch, due: datetime, now: datetime) -> Occasion:
    """The digest to plan after the one that was due at `due`: the next, or if several have gone by the latest of them."""
    occasion = next_digest(watch, max(due, now - timedelta(days=9)))
    while (later := next_digest(watch, occasion.due)).due <= now:
        occasion = later
    return occasion


def useful_until(watch: Watch, occasion: Occasion) -> datetime:
    """Until when a late digest still helps."""
    return min(next_digest(watch, occasion.due).due, occasion.due + STALE)


def instant_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A time on the wall as an instant, by the rule above."""
    due = datetime.combine(day, at, zone).astimezone(UTC)
    while due.astimezone(zone).date() > day:
        due -= MINUTE
    return due


def odd_days(watch: Watch, now: datetime) -> list[tuple[date, str]]:
    """Days within a year on which the watch's time does not exist, each with the time on the wall that takes its place."""
    if watch.rhythm is Rhythm.NONE or watch.at is None:
        return []
    zone, at = ZoneInfo(watch.zone), time.fromisoformat(watch.at)
    first = now.astimezone(zone).date()
    found: list[tuple[date, str]] = []
    for day in (first + timedelta(days=n) for n in range(366)):
        instant = instant_of(day, at, zone)
        told = instant.astimezone(zone)
        if instant > now and _falls_on(watch, day) and told.time() != at and _exists(day, zone):
            found.append((day, f"{told:%H:%M}"))
    return found


def _falls_on(watch: Watch, day: date) -> bool:
    if watch.rhythm is Rhythm.WEEKDAYS:
        return day.weekday() < 5
    return watch.rhythm is Rhythm.DAILY or day.weekday() == watch.weekday


def _exists(day: date, zone: ZoneInfo) -> bool:
    return datetime.combine(day, time(12), zone).astimezone(UTC).astimezone(zone).date() == day
