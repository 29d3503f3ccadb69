"""The n-th of something in a longer span, and spans of so many days: "the first Monday of March", "a three-day summit"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from bot.language.when import days as calendar
from bot.language.when.days import DAY, monday_of
from bot.language.when.model import Span
from bot.language.when.nodes import Mapped, Node, Yearly
from bot.language.when.parts import period
from bot.language.when.quantities import quantity
from bot.language.when.relative import Anchor
from bot.language.when.sentence import Match, Sentence
from bot.language.when.tokens import Kind
from bot.language.when.vocabulary import UNITS, words
from store.records import Precision


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
    if count == 1 and token.word.endswith("s"):
        return lambda span: calendar.part(span, "early" if n > 0 else "late")  # "the first months of the year"
    if unit == "week" and count == 1:
        return lambda span: calendar.nth_week(span.begin, span.end, n) if _long(span) else None
    if unit == "weekend":
        return lambda span: _weekend_in(span, n)
    if unit == "decade" and 1 <= n <= 3:  # the ten days of a month
        return lambda span: calendar.part(span, ("early", "mid", "late")[n - 1]) if span.precision is Precision.MONTH else None
    if unit in ("day", "week"):
        days = count * (7 if unit == "week" else 1)
        return lambda span: _days_of(span, n, days, single=count == 1)
    if unit == "month" and count == 1:
        return lambda span: _month_in(span, n)
    if unit == "month":
        return lambda span: _months_in(span, n, count)
    if token.word == "half":
        return lambda span: calendar.part(span, "first half" if n == 1 else "second half")
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


_NO_EVENT = words("deadline ultimatum notice anniversary hiatus break pause period delay expires ends ending ended expire end")


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
    limit = q.end + (9 if hyphen or s.word(q.end) == "of" else 2)
    for j in range(q.end, limit):
        if s.word(j) in ("opening", "starting", "beginning", "commencing", "from", "on", "opens", "begins", "starts"):
            found = anchor(s.past(j + 1, "on", "from"))
            if found is None:
                continue
            return found[0], Mapped(found[1], lambda span, _: _lasting(span, length))
        if s.word(j) in _NO_EVENT:
            return None  # "the 60-day deadline expires on 12 June"
        if s.at(j).kind is Kind.PUNCT and s.word(j) not in ("-", ","):
            return None
    return None


def _lasting(span: Span, length: int) -> Span | None:
    if span.timed or span.begin != span.end:
        return span
    return calendar.between(
        span.begin, span.begin + timedelta(days=length - 1), Precision.DAY if length == 1 else Precision.RANGE
    )
