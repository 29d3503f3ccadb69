"""What the grammar builds: things that become spans once it is known when, where and in what tense they were said.

A node resolves to one span; to several, the likeliest first, where the words can be read in several ways; or to none. Days
without a year recur yearly, weekdays weekly, "the 15th" monthly: each looks forward or back from the day said by the same
rules, whatever it is that recurs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from bot.language.when.days import WEEK, add_months, monday_of
from bot.language.when.model import Context, Lean, Span
from store.records import Precision

JUST_GONE = 7
"""Days: 18 February said on the 20th is this year's."""
IN_DOUBT = 30
"""Days: gone for longer than JUST_GONE but not for longer than this, and either year may be meant."""

Spans = tuple[Span, ...]
_DAYS = (Precision.DAY, Precision.RANGE)


class Node(Protocol):
    """Anything that can be resolved to spans."""

    def resolve(self, context: Context, /) -> Spans: ...


def safely(make: Callable[[], Span | None]) -> Span | None:
    """The span, or None past the ends of the calendar or for a day that does not exist."""
    try:
        return make()
    except (ValueError, OverflowError):
        return None


def distinct(*spans: Span | None) -> Spans:
    return tuple(dict.fromkeys(span for span in spans if span is not None))


@dataclass(frozen=True, slots=True)
class Fixed:
    span: Span

    def resolve(self, _: Context, /) -> Spans:
        return (self.span,)


@dataclass(frozen=True, slots=True)
class Nothing:
    """Words that look like a date and are none ("90 days after entry into force")."""

    def resolve(self, _: Context, /) -> Spans:
        return ()


@dataclass(frozen=True, slots=True)
class Relative:
    """Counted from the day it was said."""

    make: Callable[[Context], Span | None]

    def resolve(self, context: Context) -> Spans:
        return distinct(safely(lambda: self.make(context)))


@dataclass(frozen=True, slots=True)
class Mapped:
    """Another node, each of its spans changed, under a lean of its own where it has one."""

    node: Node
    change: Callable[[Span, Context], Span | None]
    lean: Lean | None = None

    def resolve(self, context: Context) -> Spans:
        inner = context
        if self.lean is not None and not (self.lean is Lean.AHEAD and context.lean is Lean.BEHIND):
            inner = context.leaning(self.lean)
        return distinct(*(safely(lambda s=span: self.change(s, inner)) for span in self.node.resolve(inner)))  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Either:
    """Several ways to read the same words, the likeliest first."""

    nodes: tuple[Node, ...]

    def resolve(self, context: Context) -> Spans:
        return distinct(*(span for node in self.nodes for span in node.resolve(context)))


@dataclass(frozen=True, slots=True)
class Yearly:
    """Something that comes once a year. `year` is given, or `offset` from this year, or a `pick` (next, last, this)."""

    make: Callable[[int], Span | None]
    year: int | None = None
    offset: int | None = None
    pick: str | None = None
    weekday: int | None = None
    """The weekday written beside the day, which may settle the year."""

    def resolve(self, context: Context) -> Spans:
        if self.year is not None or self.offset is not None:
            year = self.year if self.year is not None else context.said.year + (self.offset or 0)
            return self._agreeing(distinct(self.at(year)))
        if self.pick:
            return self._picked(context)
        return self._agreeing(_choose(self._behind(context), self._ahead(context), context), self._years(context))

    def at(self, year: int) -> Span | None:
        return safely(lambda: self.make(year))

    def _years(self, context: Context) -> Iterator[Span]:
        for year in (context.said.year, context.said.year + 1, context.said.year - 1):
            span = self.at(year)
            if span is not None:
                yield span

    def _ahead(self, context: Context, steps: int = 9) -> Span | None:
        """The first one not over by the day said. Nine years hold a 29 February."""
        spans = (self.at(context.said.year + step) for step in range(-1, steps))
        return next((s for s in spans if s and s.end >= context.said), None)

    def _behind(self, context: Context) -> Span | None:
        """The latest one that had begun by the day said."""
        spans = (self.at(context.said.year - step) for step in range(9))
        return next((s for s in spans if s and s.begin <= context.said), None)

    def _picked(self, context: Context) -> Spans:
        if self.pick == "this":
            return distinct(self._this(context))
        if self.pick == "next":
            spans = (self.at(context.said.year + step) for step in range(4))
            ahead = [s for s in spans if s and s.begin > context.said][:2]
        else:
            spans = (self.at(context.said.year - step) for step in range(4))
            ahead = [s for s in spans if s and s.end < context.said][:2]
        doubtful = len(ahead) > 1 and self._doubtful(ahead[0], context)
        return tuple(ahead[: 2 if doubtful else 1])

    def _doubtful(self, span: Span, context: Context) -> bool:
        """ "Next March" said in February may be this year's or the next one's; "next Easter" is the one to come."""
        return span.precision in (Precision.MONTH, Precision.SEASON) and span.begin.year == context.said.year

    def _this(self, context: Context) -> Span | None:
        before = self.at(context.said.year - 1)
        if before and before.end >= context.said:
            return before
        return self.at(context.said.year)

    def _agreeing(self, spans: Spans, others: Iterator[Span] | None = None) -> Spans:
        """Spans whose day is on the weekday written beside it; where none is, the day as written or that weekday nearby."""
        if self.weekday is None or not spans:
            return spans
        for candidates in (spans, tuple(others or ())):
            right = tuple(s for s in candidates if s.begin.weekday() == self.weekday)
            if right:
                return right[:1]
        day = spans[0].begin
        away = (self.weekday - day.weekday() + 3) % 7 - 3
        near = day + timedelta(days=away)
        return spans[0], Span(near, near, Precision.DAY)


def _choose(behind: Span | None, ahead: Span | None, context: Context) -> Spans:
    """Between the one gone and the one to come."""
    if context.lean is Lean.BEHIND or ahead is None:
        return distinct(behind)
    if context.lean is Lean.AHEAD or behind is None or behind == ahead or ahead.precision not in _DAYS:
        return distinct(ahead)
    gone = (context.said - behind.end).days
    to_come = (ahead.begin - context.said).days
    if to_come <= gone or gone > IN_DOUBT:
        return (ahead,)
    if gone > JUST_GONE or context.lean is Lean.WILL:
        return ahead, behind
    return (behind,)


@dataclass(frozen=True, slots=True)
class Monthly:
    """Something that comes once a month: "the 15th"."""

    make: Callable[[int, int], Span | None]
    offset: int | None = None

    def resolve(self, context: Context) -> Spans:
        if self.offset is not None:
            return distinct(self._at(context.said, self.offset))
        near = [span for step in range(-2, 13) if (span := self._at(context.said, step))]
        ahead = next((s for s in near if s.end >= context.said), None)
        behind = next((s for s in reversed(near) if s.begin <= context.said), None)
        if context.lean is Lean.BEHIND:
            return distinct(behind)
        if ahead is None or context.lean is not Lean.NEAR or behind is None or behind == ahead:
            return distinct(ahead)
        gone = (context.said - behind.end).days
        return (behind, ahead) if gone <= JUST_GONE // 2 else (ahead,)

    def _at(self, said: date, step: int) -> Span | None:
        def make() -> Span | None:
            first = add_months(said.replace(day=1), step)
            return self.make(first.year, first.month)

        return safely(make)


@dataclass(frozen=True, slots=True)
class Weekly:
    """Something that comes once a week. `offset` counts weeks from this one; `pick` is next, last or this."""

    make: Callable[[date], Span | None]
    offset: int | None = None
    pick: str | None = None

    def resolve(self, context: Context) -> Spans:
        if self.offset is not None:
            return distinct(self._at(context, self.offset))
        if self.pick == "this":
            this = self._at(context, 0)
            gone = this is not None and this.end < context.said
            return distinct(self._at(context, 1) if gone and context.lean is not Lean.BEHIND else this)
        if self.pick == "next":
            return self._next(context)
        if self.pick == "last":
            return self._last(context)
        return self._bare(context)

    def _at(self, context: Context, step: int) -> Span | None:
        return safely(lambda: self.make(monday_of(context.said) + WEEK * step))

    def _next(self, context: Context) -> Spans:
        """ "Next Friday" said on a Thursday may be tomorrow or in eight days; said on a Saturday there is one meaning."""
        this, following = self._at(context, 0), self._at(context, 1)
        still_to_come = this is not None and this.begin > context.said
        return distinct(this if still_to_come else None, following)

    def _last(self, context: Context) -> Spans:
        this, before = self._at(context, 0), self._at(context, -1)
        gone = this is not None and this.end < context.said
        return distinct(this if gone else None, before)

    def _bare(self, context: Context) -> Spans:
        near = [span for step in (-2, -1, 0, 1, 2) if (span := self._at(context, step))]
        today = [s for s in near if s.begin == context.said]
        if context.lean is Lean.BEHIND:
            gone = [s for s in near if s.begin <= context.said]
            return tuple(gone[-1:])
        ahead = [s for s in near if s.begin > context.said]
        if any(s.precision is Precision.RANGE and s.end >= context.said for s in today):
            return tuple(today[:1])
        return tuple(today + ahead[:1])
