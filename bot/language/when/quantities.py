"""Lengths of time, and the day that is one away: "ten days", "two to three weeks", "a year and a half", "48 hours"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta

from bot.language.when.days import DAY, one_day, shift
from bot.language.when.model import Context, Span
from bot.language.when.sentence import Sentence
from bot.language.when.vocabulary import FEW, UNITS, words
from store.records import Precision

_ROUGHLY = frozenset(["about", "around", "roughly", "approximately", "some", "nearly", "almost"])


_SLACK = {"day": 1, "week": 3, "fortnight": 3, "month": 10, "year": 45, "working day": 1, "quarter": 20, "decade": 400}


@dataclass(frozen=True, slots=True)
class Quantity:
    """Two weeks; two to three weeks; a few days (no number)."""

    end: int
    low: int | None
    high: int | None
    unit: str
    rough: bool = False
    plus: bool = False
    """ "at least" """
    extra: tuple[tuple[str, int], ...] = ()
    """Further units to be added: 1 month *and 21 days*."""


_INEXACT = words("more less fewer longer rather greater")


def quantity(s: Sentence, i: int) -> Quantity | None:
    """A number of units: "ten days", "2-3 weeks", "a couple of months", "a year and a half", "1 month and 21 days"."""
    if s.word(i - 1) == "than" and s.word(i - 2) in _INEXACT and s.word(i - 3) not in ("in", "within", "inside"):
        return None  # "more than two weeks" is not two weeks
    plus = s.phrase(i, "at least")
    j = plus or i
    rough = s.word(j) in _ROUGHLY
    j += rough
    halved = _half_unit(s, j)
    if halved is not None:
        return replace(halved, rough=rough, plus=bool(plus))
    low, high, j = _count(s, j)
    if j < 0:
        return None
    half = s.phrase(j, "and a half") or j
    unit, j = _unit(s, half, spelled=half > j)
    if unit is None:
        return None
    if s.phrase(j, "or two") and low == 1:
        return Quantity(j + 2, 1, 2, unit, rough)
    if s.phrase(j, "or so") or s.phrase(j, "or more"):
        return Quantity(j + 2, low, high, unit, rough=True)
    return _more(s, Quantity(j, low, high, unit, rough, bool(plus)), half > j)


def _unit(s: Sentence, i: int, *, spelled: bool) -> tuple[str | None, int]:
    """The unit counted, with the small words before it; what a half adds is told by the unit."""
    j = s.past(i, "more", "further", "-", "full", "short", "consecutive", "calendar", "whole", "additional", "other")
    if s.word(j) in ("working", "business", "week") and s.word(j + 1) in ("day", "days"):
        return "working day", j + 2
    unit = UNITS.get(s.word(j))
    return (None, i) if spelled and unit not in _HALVES else (unit, j + 1)


_HALVES = {"year": ("month", 6), "hour": ("minute", 30), "month": ("day", 15), "decade": ("year", 5), "week": ("day", 3)}


def _half_unit(s: Sentence, i: int) -> Quantity | None:
    """ "half a year", "half an hour"."""
    j = s.past(i + 1, "a", "an", "-")
    unit = UNITS.get(s.word(j), "")
    if s.word(i) != "half" or j == i + 1 or unit not in ("year", "hour"):
        return None
    name, count = _HALVES[unit]
    return Quantity(j + 1, count, count, name)


def _more(s: Sentence, q: Quantity, halved: bool) -> Quantity:
    """What is added to a quantity: "and a half", "and 21 days"."""
    j = s.phrase(q.end, "and a half")
    if halved or (j is not None and q.unit in _HALVES):
        name, count = _HALVES[q.unit]
        return replace(q, end=q.end if halved or j is None else j, extra=((name, count),))
    extra, end = list[tuple[str, int]](), q.end
    while len(extra) < 3 and q.low is not None:
        number = s.number(s.past(s.past(end, ","), "and"))
        unit = UNITS.get(s.word(number[0]), "") if number else ""
        if number is None or not unit or number[1] > 10_000:
            break
        extra.append((unit, number[1]))
        end = number[0] + 1
    return replace(q, end=end, extra=tuple(extra))


def _count(s: Sentence, i: int) -> tuple[int | None, int | None, int]:
    """Low, high and one past the number; -1 where there is none."""
    few = s.past(i, "a", "the", "just")
    if s.word(few) in FEW and s.word(few) != "some":
        return None, None, s.past(few + 1, "of", "dozen")
    first = s.number(i)
    if first is None:
        return None, None, -1
    j, low = first
    if s.word(j) in ("to", "or", "-"):
        second = s.number(j + 1)
        if second is not None and second[1] > low:
            return low, second[1], second[0]
    return low, low, j


def moved(q: Quantity, sign: int, context: Context) -> Span | None:
    """The day, or days, a quantity away from the day said."""
    if q.low is None or q.high is None:
        return far_off(sign, context)
    if q.unit in ("hour", "minute"):
        return _by_the_clock(q, sign, context)
    low, high = (_shifted(context.said, q, sign, count) for count in (q.low, q.high))
    if q.plus:
        return Span(low, None, Precision.OPEN_START)
    if q.rough:
        slack = timedelta(days=_SLACK.get(q.unit, 3))
        return Span(min(low, high) - slack, max(low, high) + slack, Precision.VAGUE)
    if q.unit == "weekend":
        return None
    return one_day(low) if low == high else Span(min(low, high), max(low, high), Precision.RANGE)


def _shifted(day: date, q: Quantity, sign: int, count: int) -> date:
    day = shift(day, q.unit, sign * count)
    for unit, more in q.extra:
        day = shift(day, unit, sign * more) if unit not in ("hour", "minute") else day
    return day


def far_off(sign: int, context: Context) -> Span:
    """ "In a few weeks": nothing firm but the direction."""
    said = context.said
    return Span(said, None, Precision.VAGUE) if sign > 0 else Span(None, said, Precision.VAGUE)


def _by_the_clock(q: Quantity, sign: int, context: Context) -> Span | None:
    """Whole days of hours are days; other hours count from the instant, or where only the day is known from the day."""
    if q.low is None or q.high is None:
        return None
    more = sum(count * {"hour": 60, "minute": 1}.get(unit, 1440) for unit, count in q.extra)
    minutes = [(n * (60 if q.unit == "hour" else 1) + more) * sign for n in (q.low, q.high)]
    if all(m % 1440 == 0 for m in minutes):
        days = sorted(context.said + timedelta(days=m // 1440) for m in minutes)
        return Span(days[0], days[1], Precision.DAY if days[0] == days[1] else Precision.RANGE)
    if context.now is not None:
        now = context.now.astimezone(UTC).replace(second=0, microsecond=0)
        ends = sorted(now + timedelta(minutes=m) for m in minutes)
        return Span(ends[0], ends[1], Precision.MINUTE, context.zone)
    if abs(minutes[1]) <= 720:
        return one_day(context.said) if abs(minutes[1]) < 180 else Span(context.said, context.said + DAY, Precision.RANGE)
    days = sorted(context.said + timedelta(days=m // 1440 + extra) for m in minutes for extra in (0, 1))
    return Span(days[0], days[-1], Precision.RANGE)
