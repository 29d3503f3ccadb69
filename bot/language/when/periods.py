"""Weeks, months, quarters, halves, seasons, years, their parts, and the n-th of one in another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.language.when import days as calendar
from bot.language.when.between import Between
from bot.language.when.dates import dated
from bot.language.when.days import DAY, WEEK, monday_of
from bot.language.when.model import Context, Span
from bot.language.when.nodes import Fixed, Mapped, Node, Relative, Yearly
from bot.language.when.quantities import Quantity
from bot.language.when.relative import Anchor, deadline, lately
from bot.language.when.sentence import Match, Sentence
from bot.language.when.tokens import Kind
from bot.language.when.vocabulary import JOINERS, LAST, NEXT, SEASONS, UNITS, words
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


def calendar_unit(unit: str, step: int) -> Node:
    return Relative(lambda c: unit_at(unit, c, step))


def picked(s: Sentence, i: int) -> Match | None:
    """ "next week", "this month", "the year after next", "this weekend", "next summer", "last March"."""
    j = s.past(i, "the")
    word = s.word(j)
    if word in ("week", "month", "year", "quarter", "weekend"):
        end = s.phrase(j + 1, "after next") or s.phrase(j + 1, "after the next")
        if end:
            return end, calendar_unit(word, 2)
        end = s.phrase(j + 1, "before last")
        if end:
            return end, calendar_unit(word, -2)
    step = _STEPS.get(word) if word != "the" else None
    if step is None or word == "past":
        return _bare_weekend(s, j)
    k = s.past(j + 1, "coming", "past", "very", "same", "calendar")
    step = -1 if s.word(j + 1) == "past" and step == 0 else step
    unit = UNITS.get(s.word(k), "")
    if unit == "week" and s.phrase(k + 1, "- end"):
        return k + 3, _weekend(step)
    if unit == "weekend" and not s.word(k).endswith("s"):
        return k + 1, _weekend(step, coming=k > j + 1 or word in ("coming", "upcoming"))
    if unit in ("week", "month", "year", "quarter", "decade", "fortnight") and not s.word(k).endswith("s"):
        if unit == "week" and s.word(k + 1) == "of" and s.at(k + 2).month + s.at(k + 2).value >= 0:
            return None  # "the last week of March"
        if unit == "fortnight" and step:
            q = Quantity(k + 1, 1, 1, unit)
            return k + 1, Relative(lambda c: deadline(q, c) if step > 0 else lately(q, c))
        other = s.phrase(k + 1, "or next") or s.phrase(k + 1, f"or the {unit} after") or s.phrase(k + 1, f"or the next {unit}")
        if other and step >= 0:
            return other, Between(calendar_unit(unit, step), calendar_unit(unit, step + 1))
        return k + 1, calendar_unit(unit, step)
    return picked_yearly(s, k, {1: "next", -1: "last", 0: "this"}[step])


def picked_yearly(s: Sentence, i: int, pick: str) -> Match | None:
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
    if s.word(i) != "weekend" or s.word(i - 1) not in ("the", "at", "on", "by", "before", "over", "after", "until", "a"):
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
    if word == "fortnight" and s.word(j + 1) in ("of", "beginning", "starting", "from", "commencing"):
        found = anchor(s.past(j + 2, "on"))
        return (
            (found[0], Mapped(found[1], lambda span, _: calendar.between(span.begin, span.begin + 13 * DAY))) if found else None
        )
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
    if found is not None and s.word(found[0]) == "-" and s.at(found[0] + 1).weekday >= 0:
        second = anchor(found[0] + 1)  # "the week of Mon 3 – Sun 9 March"
        found = (second[0], found[1]) if second else found
    return _weekly(found, step) if found else None


def _weekly(found: Match, step: int) -> Match:
    def change(span: Span, _: Context) -> Span | None:
        if span.timed or (step == 0 and (span.end - span.begin).days > 6):
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
    joined = s.word(i + 1) in JOINERS and s.word(i + 2) == "week"
    cued = joined or s.word(i - 2) in _WEEK_CUES or s.whole(i - 1, i + 1)
    return (end, node) if end > i + 1 or cued else None


_WEEK_CUES = words("in the of by before from to between and until - during")


def quarter(s: Sentence, i: int) -> Match | None:
    """ "Q1 2026", "2025 Q3", "1Q26", "the third quarter of 2025", "H2 2025", "2H25", "the second half of the year"."""
    j = s.past(i, "the")
    year = s.year(j, bare=False)
    if year and s.word(s.past(year[0], "-")) in CODES:
        k = s.past(year[0], "-")
        return k + 1, replace(CODES[s.word(k)], year=year[1])
    if s.word(j) in CODES:
        end, node = _coded_year(s, j + 1, CODES[s.word(j)])
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


CODES: dict[str, Yearly] = {
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
    node = CODES.get(f"{token.word[:1]}{s.at(i).value}")
    if node is None or (len(token.word) > 1 and not token.word[1:].isdigit()):
        return None
    if len(token.word) == 1 and not token.capital:
        return None  # 1h is an hour
    if len(token.word) > 1:
        return i + 2, replace(node, year=int(token.word[1:]) + (2000 if len(token.word) == 3 else 0))
    return dated(s, node, i + 2)


def _spelled(s: Sentence, i: int, n: int) -> Match | None:
    node = CODES.get(f"{s.word(i)[0]}{n}")
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


_SEASON_CUES = words(
    "in the by before after until since next last this during early late mid - of from to coming for following through than"
)


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
    if s.word(j + 1) == "of":
        return None  # "the fall of Kabul"
    cued = s.word(j - 1) in _SEASON_CUES
    if s.word(j + 1) in ("break", "recess", "holidays", "holiday", "camp", "school", "offensive", "campaign"):
        return None
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
