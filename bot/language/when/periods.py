"""Weeks, months, quarters, halves, seasons, years, their parts, and the n-th of one in another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from bot.language.when import days as calendar
from bot.language.when.dates import dated, days_in, year_after
from bot.language.when.days import DAY, WEEK, monday_of
from bot.language.when.model import Context, Lean, Span
from bot.language.when.nodes import Fixed, Mapped, Node, Relative, Yearly
from bot.language.when.relative import Anchor, quantity
from bot.language.when.sentence import Match, Sentence
from bot.language.when.tokens import Kind
from bot.language.when.vocabulary import LAST, NEXT, SEASONS, UNITS
from store.records import Precision

_STEPS = {**dict.fromkeys(NEXT, 1), **dict.fromkeys(LAST, -1), "this": 0, "current": 0, "present": 0, "the": 0}


def unit_at(unit: str, context: Context, step: int) -> Span | None:
    """The calendar unit `step` on from the one the day said is in."""
    said = context.said
    first = said.replace(day=1)
    if unit == "week":
        return calendar.week_of(said + WEEK * step)
    if unit == "fortnight":
        monday = monday_of(said) + WEEK * (1 if step > 0 else 0 if step == 0 else -2)
        return Span(monday, monday + 13 * DAY, Precision.RANGE)
    if unit == "weekend":
        return calendar.weekend_of(monday_of(said) + WEEK * step)
    if unit == "day":
        return calendar.one_day(said + DAY * step)
    if unit == "month":
        moved = calendar.add_months(first, step)
        return calendar.month(moved.year, moved.month)
    if unit == "quarter":
        moved = calendar.add_months(first, 3 * step)
        return calendar.quarter(moved.year, (moved.month + 2) // 3)
    if unit == "year":
        return calendar.year_span(said.year + step)
    if unit == "decade":
        begin = said.year // 10 * 10 + 10 * step
        return Span(date(begin, 1, 1), date(begin + 9, 12, 31), Precision.RANGE)
    return None


def _unit(unit: str, step: int) -> Node:
    return Relative(lambda c: unit_at(unit, c, step))


def picked(s: Sentence, i: int) -> Match | None:
    """ "next week", "this month", "the year after next", "this weekend", "next summer", "last March"."""
    j = s.past(i, "the")
    for unit in ("week", "month", "year", "quarter", "weekend"):
        end = s.phrase(j, f"{unit} after next")
        if end:
            return end, _unit(unit, 2)
        end = s.phrase(j, f"{unit} before last")
        if end:
            return end, _unit(unit, -2)
    word = s.word(j)
    step = _STEPS.get(word) if word != "the" else None
    if step is None or word == "past":
        return _bare_weekend(s, j)
    k = s.past(j + 1, "coming", "past", "very", "same", "calendar")
    unit = UNITS.get(s.word(k), "")
    if unit == "weekend" and not s.word(k).endswith("s"):
        return k + 1, _weekend(step, coming=k > j + 1 or word in ("coming", "upcoming"))
    if unit in ("week", "month", "year", "quarter", "decade", "fortnight") and not s.word(k).endswith("s"):
        if unit == "week" and s.word(k + 1) == "of" and s.at(k + 2).month + s.at(k + 2).value >= 0:
            return None  # "the last week of March"
        return k + 1, _unit(unit, step)
    return _picked_yearly(s, k, {1: "next", -1: "last", 0: "this"}[step])


def _picked_yearly(s: Sentence, i: int, pick: str) -> Match | None:
    found = season(s, i) if s.word(i) in SEASONS else None
    if found is None and s.at(i).month and not (s.at(i + 1).kind is Kind.NUMBER and s.at(i + 1).value < 32):
        number = s.at(i).month
        found = i + 1, Yearly(lambda year: calendar.month(year, number))
    if found is None or not isinstance(found[1], Yearly) or found[1].year is not None:
        return None
    return found[0], replace(found[1], pick=pick)


def _weekend(step: int, *, coming: bool = False) -> Node:
    """ "Next weekend" said on a weekday may be the one to come or the one after it."""

    def make(context: Context) -> Span | None:
        return unit_at("weekend", context, 0 if coming and context.said.weekday() < 5 else step)

    if step != 1 or coming:
        return Relative(make)
    return _EitherWeekend()


class _EitherWeekend:
    def resolve(self, context: Context) -> tuple[Span, ...]:
        spans = [unit_at("weekend", context, step) for step in ((0, 1) if context.said.weekday() < 5 else (1,))]
        return tuple(span for span in spans if span is not None)


def _bare_weekend(s: Sentence, i: int) -> Match | None:
    """ "the weekend", "the weekend of 8 March" is read elsewhere."""
    if s.word(i) != "weekend" or s.word(i - 1) not in ("the", "at", "by", "before", "over", "after", "until", "a"):
        return None
    return i + 1, Relative(lambda c: unit_at("weekend", c, 0))


def week_of(s: Sentence, i: int, anchor: Anchor) -> Match | None:
    """ "the week of 3 March", "w/c 24 March", "week ending 7 March", "the week after Easter", "the weekend of 8 March"."""
    j = s.past(i, "the", "a")
    word = s.word(j)
    if word in ("w/c", "w/b", "w/e"):
        found = anchor(s.past(j + 1, "the", "."))
        return _weekly(found, 0) if found else None
    if word == "weekend" and s.word(j + 1) in ("of", "after", "before", "following"):
        return _weekend_of(s, j, anchor)
    if word != "week":
        return None
    if s.at(j + 1).kind is Kind.NUMBER and 1 <= s.at(j + 1).value <= 53:
        return _numbered(s, j + 1)
    k, step = j + 1, 0
    if s.word(k) in ("of", "beginning", "starting", "commencing", "from", "ending", "containing", "in"):
        k = s.past(s.past(k + 1, "on"), ",")
    elif s.word(k) in ("after", "following"):
        k, step = k + 1, 1
    elif s.word(k) in ("before", "preceding"):
        k, step = k + 1, -1
    elif s.at(k).kind is not Kind.DAY:
        return None
    found = anchor(k)
    return _weekly(found, step) if found else None


def _weekly(found: Match, step: int) -> Match:
    def change(span: Span, _: Context) -> Span | None:
        if span.timed or (span.end - span.begin).days > 6:
            return None
        return calendar.week_of((span.end if step > 0 else span.begin) + WEEK * step)

    return found[0], Mapped(found[1], change)


def _weekend_of(s: Sentence, j: int, anchor: Anchor) -> Match | None:
    found = anchor(j + 2)
    step = {"of": 0, "before": -1}.get(s.word(j + 1), 1)
    if found is None:
        return None

    def change(span: Span, _: Context) -> Span | None:
        if (span.end - span.begin).days > 6:
            return None
        weekend = calendar.weekend_of(monday_of(span.begin))
        if step > 0 and weekend.begin <= span.end:
            return calendar.weekend_of(monday_of(span.begin) + WEEK)
        return calendar.weekend_of(monday_of(span.begin) - WEEK) if step < 0 else weekend

    return found[0], Mapped(found[1], change)


def _numbered(s: Sentence, i: int) -> Match | None:
    """ "week 10", "week 10 of 2025": ISO weeks."""
    number = s.at(i).value

    def make(year: int) -> Span | None:
        return calendar.week_of(date.fromisocalendar(year, number, 1))

    end, node = dated(s, Yearly(make), i + 1)
    if end == i + 1 and s.word(i - 2) not in ("in", "the", "of", "by", "before") and not s.whole(i - 1, i + 1):
        return None
    return end, node


def quarter(s: Sentence, i: int) -> Match | None:
    """ "Q1 2026", "2025 Q3", "1Q26", "the third quarter of 2025", "H2 2025", "2H25", "the second half of the year"."""
    j = s.past(i, "the")
    year = s.year(j, bare=False)
    if year and s.word(s.past(year[0], "-")) in _CODES:
        k = s.past(year[0], "-")
        return k + 1, replace(_CODES[s.word(k)], year=year[1])
    if s.word(j) in _CODES:
        end, node = _coded_year(s, j + 1, _CODES[s.word(j)])
        return end, node
    if (
        s.at(j).kind is Kind.NUMBER
        and 1 <= s.at(j).value <= 4
        and s.at(j + 1).word[:1] in ("q", "h")
        and s.at(j).end == s.at(j + 1).start
    ):
        return _reversed_code(s, j)
    which = s.ordinal(j)
    if which is None and s.word(j) in ("last", "final", "latter"):
        which = j + 1, {"quarter": 4, "half": 2}.get(s.word(j + 1), 0)
    if which is None or s.word(s.past(which[0], "-")) not in ("quarter", "half"):
        return None
    return _spelled(s, s.past(which[0], "-"), which[1])


_CODES: dict[str, Yearly] = {
    **{f"q{n}": Yearly(lambda year, n=n: calendar.quarter(year, n)) for n in (1, 2, 3, 4)},  # type: ignore[misc]
    **{f"h{n}": Yearly(lambda year, n=n: calendar.half(year, n)) for n in (1, 2)},  # type: ignore[misc]
}


def _coded_year(s: Sentence, i: int, node: Yearly) -> Match:
    end, found = dated(s, node, s.past(i, "-", "/") if s.at(i + 1).kind is Kind.NUMBER else i)
    if end <= i + 1 and isinstance(found, Yearly) and found.year is None and found.offset is None:
        k = s.past(i, "'", "-", "/")
        if k > i and s.at(k).kind is Kind.NUMBER and len(s.at(k).raw) == 2:
            return k + 1, replace(node, year=2000 + s.at(k).value)
        return i, node
    return end, found


def _reversed_code(s: Sentence, i: int) -> Match | None:
    token = s.at(i + 1)
    node = _CODES.get(f"{token.word[:1]}{s.at(i).value}")
    if node is None or (len(token.word) > 1 and not token.word[1:].isdigit()):
        return None
    if len(token.word) > 1:
        return i + 2, replace(node, year=int(token.word[1:]) + (2000 if len(token.word) == 3 else 0))
    return dated(s, node, i + 2)


def _spelled(s: Sentence, i: int, n: int) -> Match | None:
    node = _CODES.get(f"{s.word(i)[0]}{n}")
    if node is None:
        return None
    j = s.past(i + 1, "of", "in")
    if s.phrase(j, "the year"):
        return j + 2, replace(node, offset=0)
    end, found = dated(s, node, j if s.year(j) else i + 1)
    if end > i + 1:
        return end, found
    if s.word(i) == "half" or s.word(i + 1) in ("of", "in"):
        return None  # the half of something else
    return i + 1, node


def season(s: Sentence, i: int) -> Match | None:
    """ "summer 2025", "the spring", "winter 2025-26"."""
    j = s.past(i, "the")
    number = SEASONS.get(s.word(j))
    if number is None:
        return None
    node = Yearly(lambda year: calendar.season(year, number))
    k = s.past(j + 1, "of") if s.year(j + 2) or s.at(j + 2).kind in (Kind.YEAR_MONTH, Kind.YEAR_PAIR) else j + 1
    pair = s.at(k)
    if number == 3 and pair.kind in (Kind.YEAR_MONTH, Kind.YEAR_PAIR) and (pair.parts[0] + 1) % 100 == pair.parts[1]:
        return k + 1, replace(node, year=pair.parts[0])
    end, found = dated(s, node, k)
    if end > k:
        return end, found
    cued = s.word(j - 1) in ("in", "the", "by", "before", "after", "until", "since", "next", "last", "this", "during", "early",
                             "late", "mid", "-", "of", "from", "to", "coming", "for", "following", "through")  # fmt: skip
    if s.at(j).capital and s.at(j - 1).capital and s.at(j - 1).word not in ("the", "in", "early", "late", "this", "next"):
        return None  # "Prague Spring"
    return (j + 1, node) if cued or s.whole(i, j + 1) else None


def decade(s: Sentence, i: int) -> Match | None:
    """ "the 1990s"."""
    j = s.past(i, "the")
    token = s.at(j)
    if token.kind is not Kind.NUMBER or len(token.raw) != 4 or token.value % 10 or s.word(j + 1) not in ("s", "'s"):
        return None
    if s.at(j + 1).start != token.end or not 1000 <= token.value <= 2990:
        return None
    return j + 2, Fixed(Span(date(token.value, 1, 1), date(token.value + 9, 12, 31), Precision.RANGE))


_PARTS: tuple[tuple[str, str], ...] = (
    ("the first half of", "first half"), ("first half of", "first half"), ("the second half of", "second half"),
    ("second half of", "second half"), ("the latter half of", "second half"), ("latter half of", "second half"),
    ("the last half of", "second half"), ("the beginning of", "start"), ("beginning of", "start"), ("the start of", "start"),
    ("start of", "start"), ("the end of", "end"), ("end of", "end"), ("the close of", "end"), ("close of", "end"),
    ("the very end of", "end"), ("the middle of", "mid"), ("middle of", "mid"), ("the early part of", "early"), ("the opening days of", "start"),
    ("the first days of", "start"), ("first days of", "start"), ("the last days of", "end"), ("last days of", "end"), ("the final days of", "end"),
    ("the latter part of", "late"), ("the later part of", "late"), ("early in", "early"), ("late in", "late"),
    ("early on in", "early"), ("the early days of", "early"), ("the late", "late"), ("the early", "early"), ("the tail end of", "end"),
    ("mid -", "mid"), ("mid", "mid"), ("early -", "early"), ("early", "early"), ("late -", "late"), ("late", "late"),
    ("very early", "early"), ("very late", "late"), ("end -", "end"), ("end", "end"), ("the mid -", "mid"), ("start", "start"),
    ("beginning", "start"), ("beginning -", "start"), ("the mid", "mid"), ("middle", "mid"),
)  # fmt: skip
_PARTS_BY_WORD: dict[str, list[tuple[str, str]]] = {}
for _words, _which in _PARTS:
    _PARTS_BY_WORD.setdefault(_words.split()[0], []).append((_words, _which))


def parts(s: Sentence, i: int, anchor: Anchor) -> Match | None:
    """ "early next week", "mid-March", "the end of the month", "the second half of April", "year-end"."""
    fixed_part = _year_end(s, i)
    if fixed_part is not None:
        return fixed_part
    double = _double_part(s, i, anchor)
    if double is not None:
        return double
    best: Match | None = None
    for words, which in _PARTS_BY_WORD.get(s.word(i), ()):
        j = s.phrase(i, words)
        if j is None or (words in ("end", "start", "beginning") and s.word(j) in ("the", "of", "to", "on", "in")):
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
    if j > i and unit in ("week", "month", "quarter", "year", "decade", "weekend") and not s.word(j).endswith("s"):
        if s.word(j + 1) not in ("of", "after", "before", "beginning"):
            return j + 1, _unit(unit, 0)
    year = s.year(j)
    if year is not None and not (s.word(year[0]) in ("s", "-") and s.word(year[0] + 1) in _CODES):
        found = decade(s, j)
        return found or (year[0], Fixed(calendar.year_span(year[1])))
    if s.at(j).month and not s.trusted(j):
        number = s.at(j).month
        return dated(s, Yearly(lambda y: calendar.month(y, number)), j + 1)
    return anchor(i)


def _year_end(s: Sentence, i: int) -> Match | None:
    """ "year-end", "month-end", "mid-week", "midweek", "the turn of the year"."""
    j = s.past(i, "the")
    for unit in ("year", "month", "week", "quarter"):
        end = s.phrase(j, f"{unit} - end") or s.phrase(j, f"{unit} end")
        if end:
            return end, part_of(_unit(unit, 0), "end")
    if s.word(j) == "midweek" or s.phrase(j, "mid - week") or s.phrase(j, "mid week"):
        return j + (1 if s.word(j) == "midweek" else 3 if s.word(j + 1) == "-" else 2), part_of(_unit("week", 0), "mid")
    end = s.phrase(j, "mid - year") or s.phrase(j, "midyear") or s.phrase(j, "mid year")
    if end:
        return end, part_of(_unit("year", 0), "mid")
    end = s.phrase(j, "turn of the year")
    if end:
        return end, Yearly(lambda y: calendar.between(date(y, 12, 16), date(y + 1, 1, 15)))
    return None


def rest(s: Sentence, i: int) -> Match | None:
    """ "later this week", "earlier this month", "the rest of the year", "so far this year"."""
    for words, forward in (("later on", True), ("later in", True), ("later", True), ("earlier in", False), ("earlier", False),
                           ("the rest of", True), ("rest of", True), ("the remainder of", True), ("remainder of", True),
                           ("so far", False)):  # fmt: skip
        j = s.phrase(i, words)
        if j is None:
            continue
        found = _this_unit(s, j)
        if found is not None:
            unit = found[1]
            return found[0], unit if isinstance(unit, Mapped) else Mapped(
                unit, lambda span, c, f=forward: _rest(span, c, forward=f)
            )  # type: ignore[misc]
    return None


def _this_unit(s: Sentence, i: int) -> Match | None:
    if s.word(i) in ("this", "the") and UNITS.get(s.word(i + 1)) in ("week", "month", "quarter", "year", "decade"):
        return i + 2, _unit(UNITS[s.word(i + 1)], 0)
    if s.word(i) == "this" and s.word(i + 1) in SEASONS:
        return _picked_yearly(s, i + 1, "this")
    if s.word(i) == "next" and s.word(i + 1) in ("week", "month", "year"):
        return i + 2, part_of(_unit(s.word(i + 1), 1), "late")
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


def nth_of(s: Sentence, i: int, anchor: Anchor) -> Match | None:
    """ "the first Monday of March", "the last week of March", "first ten days of April", "the last day of the month"."""
    j = s.past(i, "the")
    which = s.ordinal(j)
    n, k = (which[1], which[0]) if which else (0, j)
    if s.word(j) in ("last", "final"):
        n, k = -1, j + 1
    elif which and s.word(k) == "to" and s.word(k + 1) == "last":
        n, k = -n, k + 2
    elif s.word(j) == "penultimate" or s.phrase(j, "second - to - last"):
        n, k = -2, j + 1
    elif s.word(j) == "opening":
        n, k = 1, j + 1
    if n == 0 or n > 53:
        return None
    several = s.number(k) if n in (1, -1) and s.word(k) not in ("a", "an") else None
    count, k = (several[1], several[0]) if several else (1, k)
    take = _taker(s, k, n, count)
    if take is None:
        return None
    j = s.past(k + 1, "of", "in")
    if j == k + 1 and not (s.at(j).month or s.word(j) in ("next", "this")):
        return None
    found = period(s, j, anchor)
    if found is None:
        return None
    return found[0], _taking(found[1], take)


Taker = Callable[[Span], Span | None]


def _taking(node: Node, take: Taker) -> Node:
    if isinstance(node, Yearly):
        make = node.make

        def taken(year: int) -> Span | None:
            whole = make(year)
            return take(whole) if whole else None

        return replace(node, make=taken)
    return Mapped(node, lambda span, _: take(span))


def _taker(s: Sentence, i: int, n: int, count: int) -> Taker | None:
    """What picks the n-th weekday, week, weekend or day out of a longer span."""
    token = s.at(i)
    weekday = token.weekday
    if weekday >= 0:
        return lambda span: _one(calendar.nth_weekday(span.begin, span.end, weekday, n))
    unit = UNITS.get(token.word)
    if unit == "week" and count == 1:
        return lambda span: calendar.nth_week(span.begin, span.end, n) if _long(span) else None
    if unit == "weekend":
        return lambda span: _weekend_in(span, n)
    if unit in ("day", "week"):
        days = count * (7 if unit == "week" else 1)
        return lambda span: _days_of(span, n, days, single=count == 1)
    if unit == "month" and count == 1:
        return lambda span: _month_in(span, n)
    if unit == "month":
        return lambda span: _months_in(span, n, count)
    if unit in ("quarter",) or token.word == "half":
        return lambda span: calendar.part(span, "first half" if n == 1 else "second half") if token.word == "half" else None
    return None


def _one(day: date | None) -> Span | None:
    return calendar.one_day(day) if day else None


def _long(span: Span) -> bool:
    return (span.end - span.begin).days > 20


def _weekend_in(span: Span, n: int) -> Span | None:
    saturday = calendar.nth_weekday(span.begin, span.end, 5, n)
    return calendar.weekend_of(monday_of(saturday)) if saturday else None


def _days_of(span: Span, n: int, days: int, *, single: bool) -> Span | None:
    if single:
        day = span.begin + timedelta(days=n - 1) if n > 0 else span.end + timedelta(days=n + 1)
        return calendar.one_day(day) if span.begin <= day <= span.end else None
    if (span.end - span.begin).days < days:
        return None
    if n > 0:
        return calendar.between(span.begin, span.begin + timedelta(days=days - 1))
    return calendar.between(span.end - timedelta(days=days - 1), span.end)


def _month_in(span: Span, n: int) -> Span | None:
    if (span.end - span.begin).days < 32:
        return None
    first = (
        calendar.add_months(span.begin.replace(day=1), n - 1) if n > 0 else calendar.add_months(span.end.replace(day=1), n + 1)
    )
    return calendar.month(first.year, first.month) if span.begin <= first <= span.end else None


def _months_in(span: Span, n: int, count: int) -> Span | None:
    if n > 0:
        return calendar.between(span.begin, calendar.add_months(span.begin, count) - DAY)
    return calendar.between(calendar.add_months(span.end + DAY, -count), span.end)


def for_days(s: Sentence, i: int, anchor: Anchor) -> Match | None:
    """ "a three-day summit opening on 17 June", "for three days from Monday", "two days of talks starting on 3 March"."""
    q = quantity(
        s,
        s.past(s.past(i, "for"), "a", "the")
        if s.word(s.past(i, "for")) in ("a", "the") and s.number(s.past(i, "for") + 1)
        else s.past(i, "for"),
    )
    if q is None or q.low is None or q.low != q.high or q.unit not in ("day", "week") or q.low < 1:
        return None
    hyphen = s.word(q.end - 2) == "-"
    if not (hyphen or s.word(i) == "for" or s.word(q.end) == "of"):
        return None
    length = q.low * (7 if q.unit == "week" else 1)
    limit = q.end + (9 if hyphen or s.word(q.end) == "of" else 1)
    for j in range(q.end, limit):
        if s.word(j) in ("opening", "starting", "beginning", "commencing", "from", "on", "opens", "begins", "starts"):
            found = anchor(s.past(j + 1, "on", "from"))
            if found is None:
                continue
            return found[0], Mapped(found[1], lambda span, _: _lasting(span, length))
        if s.at(j).kind is Kind.PUNCT and s.word(j) not in ("-", ","):
            return None
    return None


def _lasting(span: Span, length: int) -> Span | None:
    if span.timed or span.begin != span.end:
        return span
    return calendar.between(
        span.begin, span.begin + timedelta(days=length - 1), Precision.DAY if length == 1 else Precision.RANGE
    )


def ahead_of(node: Node) -> Node:
    """`node` looked for ahead of the day said, always."""
    return Mapped(node, lambda span, _: span, Lean.AHEAD)


__all__ = [
    "days_in", "decade", "for_days", "nth_of", "part_of", "parts", "period", "picked", "quarter", "rest", "season",
    "week_of", "year_after",
]  # fmt: skip
