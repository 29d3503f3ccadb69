"""A window in plain words, such that reading the words gives the window again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.language.when import days as calendar
from bot.language.when.model import Span
from bot.language.when.vocabulary import LONG_MONTHS, SEASON_NAMES, SHORT_DAYS, SHORT_MONTHS
from store.records import Precision, Window

NO_DATE = "no date"


def describe(window: Window) -> str:
    """Plain words: `Sat 22 Feb – Sat 8 Mar 2025`, `not before Sun 1 Jun 2025`, `no date`. Days are as in the window's zone."""
    first, last = window.earliest, window.latest
    if isinstance(first, datetime) or isinstance(last, datetime):
        return _instants(window)
    if first is None:
        return _without_start(last, window.precision) if last is not None else NO_DATE
    if last is None:
        return f"soon after {day(first)}" if window.precision is Precision.VAGUE else f"not before {day(first)}"
    if window.precision is Precision.DAY:
        return day(first)
    named = _named(first, last, window.precision)
    if named is not None:
        return named
    plain = interval(first, last)
    if window.precision is Precision.OPEN_WINDOW:
        return f"{plain} at the latest"
    return f"roughly {plain}" if window.precision is Precision.VAGUE else plain


def day(value: date) -> str:
    """Sat 22 Feb 2025"""
    return f"{SHORT_DAYS[value.weekday()]} {value.day} {SHORT_MONTHS[value.month - 1]} {value.year:04d}"


def interval(first: date, last: date) -> str:
    """Sat 22 Feb – Sat 8 Mar 2025"""
    if first.year != last.year:
        return f"{day(first)} – {day(last)}"
    begin = f"{SHORT_DAYS[first.weekday()]} {first.day}"
    if first.month != last.month or first == last:
        begin += f" {SHORT_MONTHS[first.month - 1]}"
    return f"{begin} – {day(last)}"


def _without_start(last: date, precision: Precision) -> str:
    return f"shortly before {day(last)}" if precision is Precision.VAGUE else f"no later than {day(last)}, start open"


def _named(first: date, last: date, precision: Precision) -> str | None:
    """The name of a calendar unit, where the bounds are exactly that unit's."""
    year, month = first.year, first.month
    bounds = (first, last)
    if precision is Precision.YEAR and _is(calendar.year_span(year), bounds):
        return f"{year:04d}"
    if precision is Precision.MONTH and _is(calendar.month(year, month), bounds):
        return f"{LONG_MONTHS[month - 1]} {year:04d}"
    if precision is Precision.QUARTER:
        number = (month + 2) // 3
        return f"Q{number} {year:04d}" if _is(calendar.quarter(year, number), bounds) else None
    if precision is Precision.HALF_YEAR:
        number = (month + 5) // 6
        return f"H{number} {year:04d}" if _is(calendar.half(year, number), bounds) else None
    if precision is Precision.SEASON:
        return _season(first, bounds)
    if precision is Precision.WEEK and _is(calendar.week_of(first), bounds):
        return f"week of {interval(first, last)}"
    if precision is Precision.PART_MONTH:
        return _part(first, last)
    return None


def _is(span: Span, bounds: tuple[date, date]) -> bool:
    return (span.first, span.last) == bounds


def _season(first: date, bounds: tuple[date, date]) -> str | None:
    for number, name in enumerate(SEASON_NAMES):
        if first.year < 2999 and _is(calendar.season(first.year, number), bounds):
            years = f"{first.year:04d}" if number < 3 else f"{first.year:04d}-{(first.year + 1) % 100:02d}"
            return f"{name} {years}"
    return None


def _part(first: date, last: date) -> str | None:
    whole = calendar.month(first.year, first.month)
    for which in ("early", "mid", "late", "first half", "second half"):
        found = calendar.part(whole, which)
        if found is not None and _is(found, (first, last)):
            name = f"{LONG_MONTHS[first.month - 1]} {first.year:04d}"
            joined = f"the {which} of {name}" if which.endswith("half") else f"{which} {name}"
            return f"{joined} ({interval(first, last)})"
    return None


def _instants(window: Window) -> str:
    zone = window.zone or "UTC"
    first, last = _aware(window.earliest), _aware(window.latest)
    if _unclear(first, zone) or _unclear(last, zone):
        zone = "UTC"
    name = _zone_name(zone)
    if last is None:
        if first is None:
            return NO_DATE
        opening = "soon after" if window.precision is Precision.VAGUE else "not before"
        return f"{opening} {_instant(first, zone)} {name}"
    if first is None:
        return f"no later than {_instant(last, zone)} {name}, start open"
    if first == last and window.precision is not Precision.OPEN_WINDOW:
        return f"{_instant(first, zone)} {name}"
    here, there = first.astimezone(ZoneInfo(zone)), last.astimezone(ZoneInfo(zone))
    end = _clock(there) if here.date() == there.date() and here < there else _instant(last, zone)
    words = f"{_instant(first, zone)} – {end} {name}"
    return f"{words} at the latest" if window.precision is Precision.OPEN_WINDOW else words


def _zone_name(zone: str) -> str:
    """The zone as people write it: Etc/GMT-3, whose sign is the other way about, is UTC+3."""
    hours = zone.removeprefix("Etc/GMT")
    if hours == zone or not hours:
        return "UTC" if zone == "Etc/GMT" else zone
    return f"UTC{-int(hours):+d}"


def _aware(value: date | datetime | None) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day, tzinfo=UTC)


def _unclear(value: datetime | None, zone: str) -> bool:
    """True where a wall clock shows that time twice."""
    if value is None:
        return False
    local = value.astimezone(ZoneInfo(zone))
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()


def _instant(value: datetime, zone: str) -> str:
    local = value.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {_clock(local)}"


def _clock(local: datetime) -> str:
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
