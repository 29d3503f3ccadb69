"""Parts of periods: "early next week", "mid-March", "the end of the month", "later this year", "year-end"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.language.when import days as calendar
from bot.language.when.dates import dated
from bot.language.when.model import Context, Span
from bot.language.when.nodes import Fixed, Mapped, Node, Relative, Yearly
from bot.language.when.periods import CODES, calendar_unit, decade, picked_yearly
from bot.language.when.relative import Anchor
from bot.language.when.sentence import Match, Sentence
from bot.language.when.vocabulary import SEASONS, UNITS, phrases, words

PARTS = phrases({
    "first half": "the first half of | first half of",
    "second half": "the second half of | second half of | the latter half of | latter half of | the last half of",
    "start": "the beginning of | beginning of | the start of | start of | the opening days of | the first days of | "
             "first days of | start | beginning | beginning - | the very beginning of | the very start of",
    "end": "the end of | end of | the close of | close of | the very end of | the last days of | last days of | "
           "the final days of | the tail end of | end - | end | the closing days of",
    "mid": "the middle of | middle of | the mid - | the mid | mid - | mid | middle",
    "early": "the early part of | early in | early on in | the early days of | the early | early - | early | very early",
    "late": "the latter part of | the later part of | late in | the late | late - | late | very late | quite late",
})  # fmt: skip


def parts(s: Sentence, i: int, anchor: Anchor) -> Match | None:
    """ "early next week", "mid-March", "the end of the month", "the second half of April", "year-end"."""
    fixed_part = _year_end(s, i)
    if fixed_part is not None:
        return fixed_part
    double = _double_part(s, i, anchor)
    if double is not None:
        return double
    best: Match | None = None
    for phrase, which in PARTS.get(s.word(i), ()):
        j = s.phrase(i, phrase)
        if j is None or (phrase in (("end",), ("start",), ("beginning",)) and s.word(j) in ("the", "of", "to", "on", "in")):
            continue
        found = period(s, j, anchor)
        if found is not None and (best is None or found[0] > best[0]):
            best = found[0], part_of(found[1], which)
    return best


def part_of(node: Node, which: str) -> Node:
    if isinstance(node, Yearly):
        return replace(node, make=_part_maker(node.make, which))
    return Mapped(node, lambda span, _: calendar.part(span, which))


def _part_maker(make: Callable[[int], Span | None], which: str) -> Callable[[int], Span | None]:
    def partly(year: int) -> Span | None:
        whole = make(year)
        return calendar.part(whole, which) if whole else None

    return partly


def _double_part(s: Sentence, i: int, anchor: Anchor) -> Match | None:
    """ "early to mid-March", "mid-to-late April"."""
    j = s.past(i + 1, "-")
    if s.word(i) not in ("early", "mid") or s.word(j) not in ("to", "or") or s.word(s.past(j + 1, "-")) not in ("mid", "late"):
        return None
    k = s.past(j + 1, "-")
    found = period(s, s.past(k + 1, "-"), anchor)
    if found is None:
        return None
    low, high = s.word(i), s.word(k)

    def change(span: Span, _: Context) -> Span | None:
        first, last = calendar.part(span, low), calendar.part(span, high)
        return calendar.between(first.begin, last.end) if first and last else None

    return found[0], Mapped(found[1], change)


def period(s: Sentence, i: int, anchor: Anchor) -> Match | None:
    """What can have an early part: "the month", "March", "next year", "2026"."""
    j = s.past(i, "the")
    unit = UNITS.get(s.word(j), "")
    whole = unit in ("week", "month", "quarter", "year", "decade", "weekend") and not s.word(j).endswith("s")
    if (j > i or s.word(i - 1) in ("of", "the")) and whole and s.word(j + 1) not in ("of", "after", "before", "beginning"):
        return j + 1, calendar_unit(unit, 0)
    if s.phrase(j, "new year") and s.word(j + 2) not in ("day", "eve", "holidays"):
        return j + 2, Relative(lambda c: calendar.year_span(c.said.year + (c.said.month > 1)))
    year = s.year(j)
    if year is not None and not (s.word(year[0]) in ("s", "-") and s.word(year[0] + 1) in CODES):
        found = decade(s, j)
        return found or (year[0], Fixed(calendar.year_span(year[1])))
    if s.at(j).month and not s.trusted(j):
        number = s.at(j).month
        return dated(s, Yearly(lambda y: calendar.month(y, number)), j + 1)
    return anchor(i)


_EDGES = {"eod": "day", "cob": "day", "eow": "week", "eom": "month", "eoq": "quarter", "eoy": "year"}


ENDS = words("the year month week quarter mid midweek midyear turn eod cob eow eom eoq eoy")
"""The words `parts` can begin with beside those of PARTS."""


def _year_end(s: Sentence, i: int) -> Match | None:
    """ "year-end", "month-end", "mid-week", "midweek", "the turn of the year"."""
    j = s.past(i, "the")
    if s.word(j) in _EDGES:
        return j + 1, part_of(calendar_unit(_EDGES[s.word(j)], 0), "end")
    if s.word(j) not in ENDS:
        return None
    for unit in ("year", "month", "week", "quarter"):
        end = s.phrase(j, f"{unit} - end") or s.phrase(j, f"{unit} end")
        if end:
            return end, part_of(calendar_unit(unit, 0), "end")
    if s.word(j) == "midweek" or s.phrase(j, "mid - week") or s.phrase(j, "mid week"):
        return j + (1 if s.word(j) == "midweek" else 3 if s.word(j + 1) == "-" else 2), part_of(calendar_unit("week", 0), "mid")
    end = s.phrase(j, "mid - year") or s.phrase(j, "midyear") or s.phrase(j, "mid year")
    if end:
        return end, part_of(calendar_unit("year", 0), "mid")
    end = s.phrase(j, "turn of the year")
    if end:
        return end, Yearly(lambda y: calendar.between(date(y, 12, 16), date(y + 1, 1, 15)))
    return None


RESTS = phrases({
    "later": "later on | later in | later | the rest of | rest of | the rest | the remainder of | "
             "remainder of | the balance of",
    "earlier": "earlier in | earlier | so far",
})  # fmt: skip


def rest(s: Sentence, i: int) -> Match | None:
    """ "later this week", "earlier this month", "the rest of the year", "so far this year"."""
    for phrase, way in RESTS.get(s.word(i), ()):
        j = s.phrase(i, phrase)
        found = _this_unit(s, j) if j is not None else None
        if found is not None:
            ready = isinstance(found[1], Mapped)  # "later next week" is a part of it already
            return found if ready else (found[0], Mapped(found[1], _REST[way]))
    return None


def _this_unit(s: Sentence, i: int) -> Match | None:
    if s.word(i) in ("this", "the", "current", "of") and UNITS.get(s.word(i + 1)) in (
        "week",
        "month",
        "quarter",
        "year",
        "decade",
    ):
        return i + 2, calendar_unit(UNITS[s.word(i + 1)], 0)
    if s.word(i) == "this" and s.word(i + 1) in SEASONS:
        return picked_yearly(s, i + 1, "this")
    if s.word(i) == "next" and s.word(i + 1) in ("week", "month", "year"):
        return i + 2, part_of(calendar_unit(s.word(i + 1), 1), "late")
    number = s.at(i).month
    if number:
        end, node = dated(s, Yearly(lambda y: calendar.month(y, number)), i + 1)
        return end, node
    year = s.year(i)
    return (year[0], Fixed(calendar.year_span(year[1]))) if year else None


def _rest(span: Span, context: Context, *, forward: bool) -> Span | None:
    said = context.said
    if not span.begin <= said <= span.end:
        return span if forward == (span.begin > said) else None
    return calendar.between(said, span.end) if forward else calendar.between(span.begin, said)


_REST: dict[str, Callable[[Span, Context], Span | None]] = {
    "later": lambda span, context: _rest(span, context, forward=True),
    "earlier": lambda span, context: _rest(span, context, forward=False),
}
