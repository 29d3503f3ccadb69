"""Days counted from the day said or from another day: weekdays, "tomorrow", "in ten days' time", "a week on Tuesday"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.language.when.between import join
from bot.language.when.days import one_day, unit_end
from bot.language.when.model import Context, Lean, Span
from bot.language.when.nodes import Mapped, Nothing, Relative
from bot.language.when.quantities import Quantity, far_off, moved, quantity
from bot.language.when.sentence import Match, Sentence
from bot.language.when.vocabulary import LAST, UNITS
from store.records import Precision

Anchor = Callable[[int], Match | None]


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
    if direction is None and s.word(q.end) in ("today", "tomorrow"):  # "a week today"
        direction, j = (1, q.end) if q.unit in ("week", "fortnight") else (None, j)
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
    strict = s.word(i) in ("within", "inside") or bool(s.phrase(i, "in under") or s.phrase(i, "in less than"))
    j = s.past(i, "within", "inside", "in", "over", "during", "for", "under", "through", "throughout")
    j = s.phrase(j, "less than") or s.phrase(j, "a maximum of") or s.past(j, "under")
    counted_from = j = s.past(j, "the")
    direction = _direction(s, j)
    j += direction != 0
    if not direction and not strict:
        return None
    whole = UNITS.get(s.word(j), "")
    if strict and not direction and s.word(j - 1) == "the" and whole in ("week", "month", "quarter", "year"):
        return j + 1, Relative(lambda c: _rest_of(whole, c))
    q = quantity(s, j)
    if q is None:
        return _single(s, j, direction, counted_from)
    if s.word(q.end) in ("of", "from", "after", "following") and direction >= 0:
        return _within_of(s, q, anchor)
    if direction < 0:
        return q.end, Relative(lambda c: lately(q, c))
    return q.end, Relative(lambda c: deadline(q, c))


def _rest_of(unit: str, context: Context) -> Span | None:
    """ "Within the month": to the end of the one we are in."""
    last = unit_end(unit, context.said)
    return Span(context.said, last, Precision.OPEN_WINDOW)


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
        return i + 1, Relative(lambda c: far_off(direction or 1, c))
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

    def counted_from(span: Span, context: Context) -> Span | None:
        start = span.edge_day or span.end
        found = moved(replace(q, rough=False), 1, Context(start, None, context.zone))
        if found is None or found.last is None:
            return None
        return Span(start, found.last, Precision.OPEN_WINDOW)

    return found[0], Mapped(found[1], counted_from)


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
