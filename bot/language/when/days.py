"""Calendar arithmetic: weeks, months, parts, seasons. Days in, spans out; nothing here knows of words.

Conventions. Bounds are inclusive; weeks run Monday to Sunday. Early, mid and late are the first ten days, the next ten and
the rest of a month; thirds of a year (January-April, May-August, September-December); thirds of a longer span otherwise.
Early in a week is Monday to Wednesday, mid-week Tuesday to Thursday, late Thursday to Sunday. The n-th week of a month is
counted as ISO counts weeks of a year: week one holds the month's first Thursday. Seasons are northern and meteorological.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from bot.language.when.model import Span
from store.records import Precision

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def one_day(day: date) -> Span:
    return Span(day, day, Precision.DAY)


def between(first: date, last: date, precision: Precision = Precision.RANGE) -> Span | None:
    return Span(first, last, precision) if first <= last else None


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def month(year: int, number: int) -> Span:
    return Span(date(year, number, 1), month_end(year, number), Precision.MONTH)


def add_months(day: date, months: int) -> date:
    """The same day of another month, or its last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, number = divmod(index, 12)
    return date(year, number + 1, min(day.day, monthrange(year, number + 1)[1]))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_of(day: date) -> Span:
    monday = monday_of(day)
    return Span(monday, monday + 6 * DAY, Precision.WEEK)


def weekend_of(monday: date) -> Span:
    return Span(monday + 5 * DAY, monday + 6 * DAY, Precision.RANGE)


def quarter(year: int, number: int) -> Span:
    return Span(date(year, 3 * number - 2, 1), month_end(year, 3 * number), Precision.QUARTER)


def half(year: int, number: int) -> Span:
    return Span(date(year, 6 * number - 5, 1), month_end(year, 6 * number), Precision.HALF_YEAR)


def season(year: int, number: int) -> Span:
    """0 spring (March-May), 1 summer, 2 autumn, 3 the winter that begins in December of `year`."""
    if number == 3:
        return Span(date(year, 12, 1), month_end(year + 1, 2), Precision.SEASON)
    return Span(date(year, 3 + 3 * number, 1), month_end(year, 5 + 3 * number), Precision.SEASON)


def year_span(year: int) -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31), Precision.YEAR)


def add_working_days(day: date, count: int) -> date:
    """`count` Mondays-to-Fridays on from `day` (back where negative). Public holidays are not known here."""
    if day.weekday() > 4:  # a weekend counts from the working day before it, or going back from the one after
        day += timedelta(days=4 - day.weekday() if count > 0 else 7 - day.weekday())
    weeks, left = divmod(abs(count), 5)
    step = DAY if count > 0 else -DAY
    day += step * 7 * weeks
    for _ in range(left):
        day += step
        while day.weekday() > 4:
            day += step
    return day


def unit_end(unit: str, day: date) -> date:
    """The last day of the week, month, quarter or year that `day` is in."""
    if unit == "week":
        return week_of(day).end
    number = {"month": day.month, "quarter": (day.month + 2) // 3 * 3, "year": 12}[unit]
    return month_end(day.year, number)


def shift(day: date, unit: str, count: int) -> date:
    """`count` units on from `day`. Raises OverflowError or ValueError past the calendar's ends."""
    if unit in ("month", "quarter", "year", "decade"):
        return add_months(day, count * {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit])
    if unit == "working day":
        return add_working_days(day, count)
    return day + timedelta(days=count * {"day": 1, "week": 7, "weekend": 7, "fortnight": 14}[unit])


def nth_weekday(first: date, last: date, weekday: int, n: int) -> date | None:
    """The n-th `weekday` between two days; n = -1 is the last, -2 the last but one."""
    if n > 0:
        day = first + timedelta(days=(weekday - first.weekday()) % 7) + WEEK * (n - 1)
    else:
        day = last - timedelta(days=(last.weekday() - weekday) % 7) + WEEK * (n + 1)
    return day if first <= day <= last else None


def nth_week(first: date, last: date, n: int) -> Span | None:
    thursday = nth_weekday(first, last, 3, n)
    return week_of(thursday) if thursday else None


def part(span: Span, which: str) -> Span | None:
    """The early, mid or late part of a span, or its first or second half, start or end."""
    if not span.whole:
        return None
    first, last = span.begin, span.end
    if first == last:
        return span  # early on Monday is still Monday
    cut = _month_part if span.precision is Precision.MONTH else _week_part
    if span.precision not in (Precision.MONTH, Precision.WEEK):
        cut = _long_part
    bounds = cut(first, last, which)
    if bounds is None:
        return None
    precision = Precision.PART_MONTH if span.precision is Precision.MONTH else Precision.RANGE
    if span.precision is Precision.YEAR and which.endswith("half"):
        precision = Precision.HALF_YEAR
    edge = which if which in ("start", "end") else None
    return Span(*bounds, precision, edge=edge, edge_day=first if which == "start" else last if which == "end" else None)


def _month_part(first: date, last: date, which: str) -> tuple[date, date] | None:
    day = first.replace
    return {
        "early": (first, day(day=10)),
        "start": (first, day(day=10)),
        "mid": (day(day=11), day(day=20)),
        "late": (day(day=21), last),
        "end": (day(day=21), last),
        "first half": (first, day(day=15)),
        "second half": (day(day=16), last),
    }.get(which)


def _week_part(first: date, last: date, which: str) -> tuple[date, date] | None:
    return {
        "early": (first, first + 2 * DAY),
        "start": (first, first + DAY),
        "mid": (first + DAY, first + 3 * DAY),
        "late": (first + 3 * DAY, last),
        "end": (first + 3 * DAY, last),
        "first half": (first, first + 2 * DAY),
        "second half": (first + 3 * DAY, last),
    }.get(which)


def _long_part(first: date, last: date, which: str) -> tuple[date, date] | None:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if first.day != 1 or (last + DAY).day != 1 or months < 2:
        return _short_part(first, last, which)
    third, middle = months / 3, months // 2
    if which in ("start", "end"):
        size = 1 if months <= 12 else 12
        return (first, add_months(first, size) - DAY) if which == "start" else (add_months(last + DAY, -size), last)
    if which == "first half":
        return first, add_months(first, middle) - DAY
    if which == "second half":
        return add_months(first, middle), last
    if third != int(third):
        return _short_part(first, last, which)
    begin = {"early": 0, "mid": int(third), "late": 2 * int(third)}.get(which)
    return None if begin is None else (add_months(first, begin), add_months(first, begin + int(third)) - DAY)


def _short_part(first: date, last: date, which: str) -> tuple[date, date] | None:
    length = (last - first).days + 1
    third, middle = first + timedelta(days=length // 3), first + timedelta(days=length // 2)
    late = last - timedelta(days=length // 3) + DAY
    cuts = {
        "early": (first, third - DAY),
        "start": (first, third - DAY),
        "mid": (third, late - DAY),
        "late": (late, last),
        "end": (late, last),
        "first half": (first, middle - DAY),
        "second half": (middle, last),
    }
    bounds = cuts.get(which)
    return bounds if bounds and bounds[0] <= bounds[1] else None
