"""From one date to another: "28 February to 1 March", "Monday to Wednesday next week"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.language.when.days import WEEK
from bot.language.when.model import Context, Lean, Span
from bot.language.when.nodes import Monthly, Node, Spans, Weekly, Yearly, distinct, safely
from store.records import Precision


@dataclass(frozen=True, slots=True)
class Between:
    """From one node to another: "28 February to 1 March", "Monday to Wednesday next week", "March to May 2025"."""

    left: Node
    right: Node

    def resolve(self, context: Context) -> Spans:
        pair = _same_kind(self.left, self.right)
        if pair is not None:
            return pair.resolve(context)
        rights = self.right.resolve(context)
        found = []
        for right in rights:
            lefts = self.left.resolve(context)
            found += [safely(lambda a=a, b=right: join(a, b)) for a in lefts]  # type: ignore[misc]
        whole = distinct(*found)
        return whole or self._after_left(context)

    def _after_left(self, context: Context) -> Spans:
        """The right end counted from the left one: "1 March 2025 to Friday"."""
        for left in self.left.resolve(context):
            if left.whole:
                from_left = Context(left.begin, None, context.zone, context.order, Lean.AHEAD)
                return distinct(*(safely(lambda b=b, a=left: join(a, b)) for b in self.right.resolve(from_left)))  # type: ignore[misc]
        return ()


def join(left: Span, right: Span) -> Span | None:
    """One span from the start of one to the end of the other; None where they are out of order or of different kinds."""
    if left.first is None or right.last is None or left.timed != right.timed:
        return None
    if left.first > right.last:
        return None
    precision = Precision.MINUTE if left.timed else Precision.RANGE
    return Span(left.first, right.last, precision, right.zone or left.zone)


def _same_kind(left: Node, right: Node) -> Node | None:
    if isinstance(left, Yearly) and isinstance(right, Yearly):
        return _yearly_pair(left, right)
    if isinstance(left, Weekly) and isinstance(right, Weekly) and left.offset is None and left.pick is None:
        return Weekly(lambda monday: _weekly_join(left, right, monday), right.offset, right.pick)
    if isinstance(left, Weekly) and isinstance(right, Weekly) and right.offset is None and right.pick is None:
        return Weekly(lambda monday: _weekly_join(left, right, monday), left.offset, left.pick)
    if isinstance(left, Monthly) and isinstance(right, Monthly) and left.offset is None:
        return Monthly(lambda y, m: _monthly_join(left, right, y, m), right.offset)
    return None


def _yearly_pair(left: Yearly, right: Yearly) -> Yearly | None:
    if left.pick or (left.year is not None and right.year is not None) or left.offset is not None:
        return None

    def make(year: int) -> Span | None:
        """The pair whose left end falls in `year`."""
        a, b = left.at(year), right.at(year)
        if a and b and b.end < a.begin:
            b = right.at(year + 1)
        return join(a, b) if a and b else None

    if left.year is not None:
        return Yearly(make, left.year)
    crosses = _crosses(left, right)
    if right.year is not None:
        return Yearly(make, right.year - crosses, weekday=left.weekday)
    if right.offset is not None:
        return Yearly(make, offset=right.offset - crosses)
    return Yearly(make, pick=right.pick, weekday=left.weekday)


def _crosses(left: Yearly, right: Yearly) -> int:
    """1 where the pair crosses a year's end ("30 December to 2 January")."""
    a, b = left.at(2023), right.at(2023)
    return int(bool(a and b and b.end < a.begin))


def _weekly_join(left: Weekly, right: Weekly, monday: date) -> Span | None:
    a, b = left.make(monday), right.make(monday)
    if a and b and b.end < a.begin:
        b = right.make(monday + WEEK)
    return join(a, b) if a and b else None


def _monthly_join(left: Monthly, right: Monthly, year: int, month: int) -> Span | None:
    a, b = left.make(year, month), right.make(year, month)
    return join(a, b) if a and b else None
