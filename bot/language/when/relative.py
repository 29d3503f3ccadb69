"""Days counted from the day said or from another day: weekdays, "tomorrow", "in ten days' time", "a week on Tuesday"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from bot.language.when.between import join
from bot.language.when.days import DAY, one_day, shift
from bot.language.when.model import Context, Lean, Span
from bot.language.when.nodes import Mapped, Nothing, Relative
from bot.language.when.sentence import Match, Sentence
from bot.language.when.vocabulary import FEW, LAST, UNITS
from store.records import Precision

Anchor = Callable[[int], Match | None]
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


def quantity(s: Sentence, i: int) -> Quantity | None:
    """A number of units: "ten days", "2-3 weeks", "a couple of months", "a year and a half", "1 month and 21 days"."""
    if s.word(i - 1) == "than" and s.word(i - 2) in ("more", "less", "fewer", "longer", "rather"):
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
        return _far_off(sign, context)
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


def _far_off(sign: int, context: Context) -> Span:
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


def ahead(s: Sentence, i: int) -> Match | None:
    """ "in two weeks", "in ten days' time", "two weeks from now", "three days ago"."""
    prefixed = s.word(i) == "in"
    q = quantity(s, i + prefixed)
    if q is None:
        return None
    for words in ("from now", "hence", "from today", "time from now", "in the future"):
        end = s.phrase(q.end, words)
        if end is not None:
            return end, Relative(lambda c: moved(q, 1, c))
    if not prefixed:
        end = s.phrase(q.end, "ago") or s.phrase(q.end, "back")
        return _ago(s, end, q) if end else None
    if _not_ahead(s, i, q):
        return None
    end = s.past(q.end, "time")
    end = s.phrase(end, "from now") or end
    return end, Relative(lambda c: moved(q, 1, c))


def _ago(s: Sentence, end: int, q: Quantity) -> Match:
    """ "a year ago", "a year ago today", "a week ago on Tuesday": weeks before the Tuesday just gone."""
    number = s.at(s.past(end, "on", "last")).weekday
    if number >= 0 and q.unit in ("week", "fortnight"):
        return s.past(end, "on", "last") + 1, Mapped(
            Relative(lambda c: one_day(c.said - timedelta(days=(c.said.weekday() - number) % 7 or 7))),
            lambda span, c: moved(q, -1, Context(span.begin, None, c.zone)),
        )
    return s.past(end, "today"), Relative(lambda c: moved(q, -1, c))


def _not_ahead(s: Sentence, i: int, q: Quantity) -> bool:
    """True for "the first time in three years", "in two weeks of fighting", "in a two-day session"."""
    if (
        s.word(q.end - 2) == "-"
        and s.at(q.end).kind is s.at(i).kind
        and s.word(q.end) not in ("time", "from", "at", "in", "and")
    ):
        return True
    if s.word(q.end) in ("of", "since", "after", "before", "following"):
        return True
    recent = [t.word for t in s.tokens[max(0, i - 8) : i]]
    superlative = {"first", "last", "biggest", "highest", "worst", "lowest", "largest", "time", "only", "best", "longest"}
    return bool(superlative & set(recent)) and q.unit in ("year", "month", "decade", "week", "quarter", "day")


def from_another(s: Sentence, i: int, anchor: Anchor) -> Match | None:
    """ "two weeks from Monday", "a week on Tuesday", "three days before Easter", "a week after the 2 May talks"."""
    q = quantity(s, s.past(i, "in") if s.word(i + 1) != "the" else i)
    if q is None or q.low is None:
        return None
    direction = {"from": 1, "after": 1, "following": 1, "before": -1, "on": 1, "since": 1}.get(s.word(q.end))
    j = q.end + 1
    if s.phrase(q.end, "prior to") or s.phrase(q.end, "ahead of") or s.phrase(q.end, "in advance of"):
        direction, j = -1, q.end + (3 if s.word(q.end) == "in" else 2)
    if direction is None or (s.word(q.end) == "on" and q.unit not in ("week", "fortnight")):
        return None
    found = anchor(j)
    if found is None:
        return None
    lean = Lean.AHEAD if direction < 0 else Lean.NEAR
    return found[0], Mapped(found[1], lambda span, c: _counted(q, direction, span, c), lean)


def _counted(q: Quantity, direction: int, span: Span, context: Context) -> Span | None:
    if span.timed or (direction < 0 and span.first is None) or (direction > 0 and span.last is None):
        return _counted_hours(q, direction, span)
    if span.precision in _LONG:  # a month before November is in October
        ends = [moved(q, direction, Context(day, None, context.zone, context.order)) for day in (span.begin, span.end)]
        return join(*ends) if ends[0] and ends[1] else None  # type: ignore[arg-type]  # both are there
    edge = span.edge_day or (span.begin if direction < 0 else span.end)
    return moved(q, direction, Context(edge, None, context.zone, context.order))


_LONG = (Precision.MONTH, Precision.QUARTER, Precision.SEASON, Precision.HALF_YEAR, Precision.YEAR)


def _counted_hours(q: Quantity, direction: int, span: Span) -> Span | None:
    base = span.first if direction < 0 else span.last
    if not isinstance(base, datetime) or q.low is None or q.unit not in ("hour", "minute", "day"):
        return None
    at = base + direction * timedelta(**{f"{q.unit}s": q.low})
    return Span(at, at, Precision.MINUTE, span.zone)


def within(s: Sentence, i: int, anchor: Anchor) -> Match | None:
    """ "within two weeks", "in the next ten days", "within 60 days of 1 March", "over the past month", "next 30 days"."""
    start = i
    j = s.past(i, "within", "inside", "in", "over", "during", "for", "under", "through", "throughout")
    strict = s.word(start) in ("within", "inside") or bool(s.phrase(start, "in under"))
    j = (
        s.past(s.phrase(j, "less than") or j, "the", "a")
        if s.word(j) == "the"
        else (s.phrase(j, "less than") or s.phrase(j, "a maximum of") or j)
    )
    j = s.past(j, "under")
    counted_from = j
    direction = _direction(s, j)
    j += direction != 0
    if not direction and not strict and s.word(start) in ("in", "over", "during") and not (
        s.phrase(start + 1, "less than") or s.word(start + 1) == "under"):  # fmt: skip
        return None
    if not direction and not strict:
        return None
    q = quantity(s, j)
    if q is None:
        return _single(s, j, direction, counted_from)
    if s.word(q.end) in ("of", "from", "after", "following") and direction >= 0:
        return _within_of(s, q, anchor)
    if direction < 0:
        return q.end, Relative(lambda c: lately(q, c))
    return q.end, Relative(lambda c: deadline(q, c))


def _direction(s: Sentence, i: int) -> int:
    word = s.word(i)
    if word in ("next", "coming", "following", "upcoming", "forthcoming"):
        return 1
    return -1 if word in LAST else 0


def _single(s: Sentence, i: int, direction: int, start: int) -> Match | None:
    """ "over the past week", "within the week", "in the coming days"."""
    word = s.word(i)
    unit = UNITS.get(word)
    if unit is None or (not word.endswith("s") and s.word(start) == "next"):
        return None
    if word.endswith("s"):
        return i + 1, Relative(lambda c: _far_off(direction or 1, c))
    if s.word(start) in ("coming", "past") and unit in ("week", "month", "year", "fortnight", "quarter", "decade"):
        q = Quantity(i + 1, 1, 1, unit)
        return i + 1, Relative(lambda c: lately(q, c) if direction < 0 else deadline(q, c))
    return None


def _within_of(s: Sentence, q: Quantity, anchor: Anchor) -> Match | None:
    """Counted from another day. From anything else ("within 90 days after entry into force") it has no date at all."""
    end = s.phrase(q.end, "from now") or s.phrase(q.end, "of now") or s.phrase(q.end, "from today")
    if end is not None:
        return end, Relative(lambda c: deadline(q, c))
    found = anchor(q.end + 1)
    if found is None:
        return q.end + 1, Nothing()

    def deadline(span: Span, context: Context) -> Span | None:
        start = span.edge_day or span.end
        found = moved(replace(q, rough=False), 1, Context(start, None, context.zone))
        if found is None or found.last is None:
            return None
        return Span(start, found.last, Precision.OPEN_WINDOW)

    return found[0], Mapped(found[1], deadline)


def deadline(q: Quantity, context: Context) -> Span | None:
    found = moved(replace(q, rough=False), 1, context)
    if found is None or found.last is None or q.high is None:
        return found
    if found.timed:
        start = context.now.astimezone(UTC).replace(second=0, microsecond=0) if context.now else None
        return Span(start, found.last, Precision.OPEN_WINDOW, found.zone)
    return Span(context.said, found.last, Precision.OPEN_WINDOW)


def lately(q: Quantity, context: Context) -> Span | None:
    found = moved(replace(q, rough=False), -1, context)
    if found is None or found.first is None or found.timed:
        return found if found is None or found.first is None else None
    return Span(found.first, context.said, Precision.RANGE)
