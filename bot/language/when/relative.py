"""Days counted from the day said or from another day: weekdays, "tomorrow", "in ten days' time", "a week on Tuesday"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.language.when.days import DAY, monday_of, one_day, shift
from bot.language.when.model import Context, Lean, Span
from bot.language.when.nodes import Between, Fixed, Mapped, Node, Relative, Weekly
from bot.language.when.sentence import Match, Sentence
from bot.language.when.vocabulary import DAY_PARTS, FEW, LAST, NEXT, UNITS
from store.records import Precision

Anchor = Callable[[int], Match | None]
_ROUGHLY = frozenset("about around roughly approximately some nearly almost".split())
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


def quantity(s: Sentence, i: int) -> Quantity | None:
    """A number of units: "ten days", "2-3 weeks", "a couple of months", "several days"."""
    plus = s.phrase(i, "at least")
    j = plus or i
    rough = s.word(j) in _ROUGHLY
    j += rough
    if s.phrase(j, "half a year") or s.phrase(j, "half a month"):
        months = 6 if s.word(j + 2) == "year" else 0
        return Quantity(j + 3, months, months, "month", rough) if months else None
    low, high, j = _count(s, j)
    if j < 0:
        return None
    j = s.past(j, "more", "further", "-", "full", "short", "consecutive", "calendar", "whole", "additional", "other")
    unit = UNITS.get(s.word(j))
    if s.word(j) in ("working", "business", "week") and s.word(j + 1) in ("day", "days"):
        unit, j = "working day", j + 1
    if unit is None:
        return None
    if s.phrase(j + 1, "or two") and low == 1:
        return Quantity(j + 3, 1, 2, unit, rough)
    if s.phrase(j + 1, "or so") or s.phrase(j + 1, "or more"):
        return Quantity(j + 3, low, high, unit, rough=True)
    return Quantity(j + 1, low, high, unit, rough, bool(plus))


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
    low, high = shift(context.said, q.unit, sign * q.low), shift(context.said, q.unit, sign * q.high)
    if q.plus:
        return Span(low, None, Precision.OPEN_START)
    if q.rough:
        slack = timedelta(days=_SLACK.get(q.unit, 3))
        return Span(min(low, high) - slack, max(low, high) + slack, Precision.VAGUE)
    if q.unit == "weekend":
        return None
    return one_day(low) if low == high else Span(min(low, high), max(low, high), Precision.RANGE)


def _far_off(sign: int, context: Context) -> Span:
    """ "In a few weeks": nothing firm but the direction."""
    said = context.said
    return Span(said, None, Precision.VAGUE) if sign > 0 else Span(None, said, Precision.VAGUE)


def _by_the_clock(q: Quantity, sign: int, context: Context) -> Span | None:
    """Whole days of hours are days; other hours count from the instant, or where only the day is known from the day."""
    if q.low is None or q.high is None:
        return None
    minutes = [n * (60 if q.unit == "hour" else 1) * sign for n in (q.low, q.high)]
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
    for words in ("from now", "hence", "from today", "time from now", "ahead of now"):
        end = s.phrase(q.end, words)
        if end is not None:
            return end, Relative(lambda c: moved(q, 1, c))
    if not prefixed:
        end = s.phrase(q.end, "ago") or s.phrase(q.end, "back")
        return (end, Relative(lambda c: moved(q, -1, c))) if end else None
    if _not_ahead(s, i, q):
        return None
    end = s.past(q.end, "time")
    end = s.phrase(end, "from now") or end
    return end, Relative(lambda c: moved(q, 1, c))


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
    return found[0], Mapped(found[1], lambda span, c: _counted(q, direction, span, c), Lean.AHEAD)


def _counted(q: Quantity, direction: int, span: Span, context: Context) -> Span | None:
    if span.timed or (direction < 0 and span.first is None) or (direction > 0 and span.last is None):
        return _counted_hours(q, direction, span)
    edge = span.edge_day or (span.begin if direction < 0 else span.end)
    return moved(q, direction, Context(edge, None, context.zone, context.order))


def _counted_hours(q: Quantity, direction: int, span: Span) -> Span | None:
    base = span.first if direction < 0 else span.last
    if not isinstance(base, datetime) or q.low is None or q.unit not in ("hour", "minute", "day"):
        return None
    at = base + direction * timedelta(**{f"{q.unit}s": q.low})
    return Span(at, at, Precision.MINUTE, span.zone)


_TODAY = {
    "today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1, "overmorrow": 2, "tmrw": 1, "tomorow": 1, "now": 0,
}  # fmt: skip


def today(s: Sentence, i: int) -> Match | None:
    """Today, tomorrow, the day after tomorrow, this morning, last night."""
    j = s.past(i, "the")
    for words, step in (("day after tomorrow", 2), ("day before yesterday", -2)):
        end = s.phrase(j, words)
        if end:
            return _day_part(s, end), _days_on(step)
    for words, step in (("last night", -1), ("same day", 0), ("later today", 0), ("earlier today", 0), ("this day", 0)):
        end = s.phrase(i, words)
        if end and words != "same day":
            return end, _days_on(step)
    if s.word(i) in ("this", "later") and s.word(i + 1) in (*DAY_PARTS, "today") and s.word(i + 2) != "of":
        return i + 2, _days_on(0)
    if s.word(i) == "later" and s.word(i + 1) in ("this", "tonight"):
        return (i + 3, _days_on(0)) if s.word(i + 2) in DAY_PARTS else None
    word = s.word(i)
    step = _TODAY.get(word)
    if step is None:
        return None
    if (
        word == "now"
        and s.word(i - 1) not in ("between", "from", "until", "by", "and")
        and s.word(i + 1) not in ("to", "-", "until", "and")
    ):
        return (i + 1, _days_on(0)) if s.whole(i, i + 1) or s.phrase(i - 1, "right now") else None
    end = _day_part(s, i + 1)
    if word in ("tomorrow", "today") and s.word(end) == "week":
        return end + 1, _days_on(step + 7)
    if word in ("tomorrow", "today") and s.word(end) == "fortnight":
        return end + 1, _days_on(step + 14)
    return end, _days_on(step)


def _days_on(step: int) -> Node:
    return Relative(lambda c: one_day(c.said + timedelta(days=step)))


def _day_part(s: Sentence, i: int) -> int:
    """One past "morning", "in the evening", "at night", which leave the day as it is."""
    if s.word(i) in ("early", "late") and s.word(i + 1) in DAY_PARTS:
        return i + 2
    if s.word(i) in DAY_PARTS:
        return i + 1
    if s.phrase(i, "in the") and s.word(i + 2) in DAY_PARTS:
        return i + 3
    return s.phrase(i, "at night") or i


def on_weekday(number: int) -> Weekly:
    return Weekly(lambda monday: one_day(monday + number * DAY))


_PICKS = {**dict.fromkeys(NEXT, "next"), **dict.fromkeys(LAST, "last"), "this": "this"}


def weekday(s: Sentence, i: int) -> Match | None:
    """ "Tuesday", "next Friday", "Wednesday next week", "Monday week", "Friday after next"."""
    j = s.past(i, "the")
    pick, j = _pick(s, j)
    if s.word(j) == "week" and s.at(s.past(j + 1, "on")).weekday >= 0 and pick:  # "next week Tuesday"
        number = s.at(s.past(j + 1, "on")).weekday
        end = _day_part(s, s.past(j + 1, "on") + 1)
        return end, replace(on_weekday(number), offset={"next": 1, "this": 0, "last": -1}.get(pick, 1))
    token = s.at(j)
    if token.weekday < 0 or (not pick and not s.trusted(j) and s.word(j + 1) not in ("week", "next")):
        return None
    if s.word(j - 1) in ("good", "black", "bloody") or (
        j != i and not pick and s.word(i) == "the" and s.word(j + 1) not in ("after", "of", "before", "in")
    ):
        return None
    end, node = _which(s, j + 1, on_weekday(token.weekday), pick)
    return _day_part(s, end), node


def _pick(s: Sentence, i: int) -> tuple[str | None, int]:
    """Next, last or this, and the pairs "this coming" and "this past"."""
    if s.word(i) == "this" and s.word(i + 1) in NEXT:
        return "coming", i + 2
    if s.word(i) in ("coming", "upcoming", "forthcoming"):
        return "coming", i + 1
    if s.word(i) == "this" and s.word(i + 1) in LAST:
        return "gone", i + 2
    if s.word(i) == "past":
        return "gone", i + 1
    pick = _PICKS.get(s.word(i))
    return (pick, i + 1) if pick else (None, i)


def _which(s: Sentence, i: int, node: Weekly, pick: str | None) -> Match:
    """Which week a weekday is in, from the words before and after it."""
    if pick == "coming":
        return i, Mapped(node, lambda span, c: span if span.begin > c.said else None, Lean.AHEAD)
    if pick == "gone":
        return i, Mapped(node, lambda span, c: span if span.begin < c.said else span_back(span), Lean.BEHIND)
    j = s.past(s.past(i, ","), "of", "in")
    for words, offset in (("next week", 1), ("this week", 0), ("last week", -1), ("the week after next", 2),
                          ("the following week", 1), ("the coming week", 1), ("week after next", 2),
                          ("the week before last", -2)):  # fmt: skip
        end = s.phrase(j, words)
        if end and pick is None:
            return end, replace(node, offset=offset)
    end = s.phrase(i, "after next")
    if end and pick is None:
        return end, replace(node, offset=2)
    if s.word(i) in ("week", "fortnight") and pick in (None, "next", "this"):
        days = 7 if s.word(i) == "week" else 14
        return i + 1, Mapped(node, lambda span, c: _weeks_on(span, days), Lean.AHEAD)
    if pick is None and s.word(i) in ("next", "last", "coming") and s.word(i + 1) not in _PERIODS:
        return i + 1, replace(node, pick="last" if s.word(i) == "last" else "next")
    return i, replace(node, pick=pick)


_PERIODS = frozenset(("month", "year", "quarter", "summer", "spring", "autumn", "winter", "weekend", *UNITS))


def span_back(span: Span) -> Span | None:
    return one_day(span.begin - 7 * DAY)


def _weeks_on(span: Span, days: int) -> Span | None:
    return one_day(span.begin + timedelta(days=days))


def weekdays(s: Sentence, i: int) -> Match | None:
    """ "Monday and Tuesday", "Monday, Tuesday and Wednesday next week"."""
    if s.at(i).weekday < 0:
        return None
    end, last = i + 1, i
    while last < i + 14:
        j = s.past(s.past(end, ","), "and", "or", "&")
        if j == end or s.at(s.past(j, "on")).weekday < 0:
            break
        last = s.past(j, "on")
        end = last + 1
    if last == i or not s.trusted(i) or s.at(end).month or s.at(s.past(end, "the")).kind in (1, 2):
        return None
    second = weekday(s, last)
    if second is None:
        return None
    return second[0], Between(on_weekday(s.at(i).weekday), second[1])


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
        return q.end, Relative(lambda c: _behind(q, c))
    return q.end, Relative(lambda c: _deadline(q, c))


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
        return i + 1, Relative(lambda c: _behind(q, c) if direction < 0 else _deadline(q, c))
    return None


def _within_of(s: Sentence, q: Quantity, anchor: Anchor) -> Match | None:
    """Counted from another day. From anything else ("within 90 days after entry into force") it has no date at all."""
    end = s.phrase(q.end, "from now") or s.phrase(q.end, "of now") or s.phrase(q.end, "from today")
    if end is not None:
        return end, Relative(lambda c: _deadline(q, c))
    found = anchor(q.end + 1)
    if found is None:
        return q.end + 1, Relative(lambda c: None)

    def deadline(span: Span, context: Context) -> Span | None:
        start = span.edge_day or span.end
        found = moved(replace(q, rough=False), 1, Context(start, None, context.zone))
        if found is None or found.last is None:
            return None
        return Span(start, found.last, Precision.OPEN_WINDOW)

    return found[0], Mapped(found[1], deadline)


def _deadline(q: Quantity, context: Context) -> Span | None:
    found = moved(replace(q, rough=False), 1, context)
    if found is None or found.last is None or q.high is None:
        return found
    if found.timed:
        start = context.now.astimezone(UTC).replace(second=0, microsecond=0) if context.now else None
        return Span(start, found.last, Precision.OPEN_WINDOW, found.zone)
    return Span(context.said, found.last, Precision.OPEN_WINDOW)


def _behind(q: Quantity, context: Context) -> Span | None:
    found = moved(replace(q, rough=False), -1, context)
    if found is None or found.first is None or found.timed:
        return found if found is None or found.first is None else None
    return Span(found.first, context.said, Precision.RANGE)


def fixed(span: Span) -> Node:
    return Fixed(span)


def this_week_from(context: Context) -> Span:
    return Span(context.said, monday_of(context.said) + 6 * DAY, Precision.RANGE)
