"""Dates in figures: ISO days, weeks and months; slashed, dotted and dashed days, read both ways where both exist."""

from __future__ import annotations

from datetime import date

from bot.language.when.dates import days_in
from bot.language.when.days import between, month, one_day, week_of, year_span
from bot.language.when.model import DateOrder, Span
from bot.language.when.nodes import Either, Fixed, Node, Yearly
from bot.language.when.sentence import CUES, Match, Sentence, century, valid_day
from bot.language.when.tokens import Kind, Token
from bot.language.when.vocabulary import JOINERS


def numeric(s: Sentence, i: int, order: DateOrder) -> Match | None:
    """ISO days, weeks and months; slashed, dotted and dashed days, both ways where both exist."""
    joined = _from_figures(s, i, order)
    if joined is not None:
        return joined
    weekday = s.at(i).weekday
    j = s.past(i + 1, ",", ".") if weekday >= 0 else i
    token = s.at(j)
    node: Node | None = None
    if token.kind is Kind.DAY:
        node = _fixed_day(*token.parts)
    elif token.kind is Kind.NUMERIC:
        cued = s.word(j - 1) in CUES or s.whole(i, j + 1) or weekday >= 0 or s.terse
        node = _numeric(token, order, dotted=cued)
    elif token.kind is Kind.PAIR:
        node = _pair(s, j, token, order)
    elif (token.kind is Kind.YEAR_MONTH and weekday < 0) or (token.kind is Kind.YEAR_PAIR and weekday < 0):
        node = _year_and_month(*token.parts[:2]) or _years(*token.parts[:2])
    elif token.kind is Kind.YEAR_WEEK and weekday < 0:
        node = _iso_week(token.parts)
    elif token.kind is Kind.DECIMAL and s.word(j + 1) == "." and s.word(i - 1) in ("on", "by", "before", "after", "until"):
        node = _day_and_month(*token.parts[:2]) if len(token.parts) == 2 else None
        return (j + 2, node) if node else None
    if node is not None and weekday >= 0:
        node = _on_weekday(node, weekday)
    return None if node is None else (j + 1, node)


def _from_figures(s: Sentence, i: int, order: DateOrder) -> Match | None:
    """ "15-20.04.2026", "15.04. - 20.04.2026": the first day takes its month and year from the second."""
    token = s.at(i)
    j = s.past(i + 1, ".")
    right = s.at(j + 1)
    if token.kind not in (Kind.NUMBER, Kind.DECIMAL, Kind.PAIR) or s.word(j) not in JOINERS or right.kind is not Kind.NUMERIC:
        return None
    node = _numeric(right, order, dotted=True)
    ends = node.nodes if isinstance(node, Either) else (node,)
    found = [Fixed(span) for end in ends if isinstance(end, Fixed) and (span := _started(token, end.span.begin, order))]
    if not found:
        return None
    return j + 2, found[0] if len(found) == 1 else Either(tuple(found))


def _started(token: Token, last: date, order: DateOrder) -> Span | None:
    """From the day written as 15, 15.04 or 15/04 to `last`."""
    if token.kind is Kind.NUMBER:
        first = valid_day(last.year, last.month, token.value) if len(token.raw) <= 2 else None
    else:
        month_first = token.kind is Kind.PAIR and order is DateOrder.MDY
        day, number = reversed(token.parts[:2]) if month_first else token.parts[:2]
        first = valid_day(last.year - (number > last.month), number, day)
    return between(first, last) if first is not None and first < last and (last - first).days < 200 else None


def _on_weekday(node: Node, weekday: int) -> Node:
    """The reading that falls on the weekday written before it, where one does."""
    if not isinstance(node, Either):
        return node
    fitting = [n for n in node.nodes if isinstance(n, Fixed) and n.span.begin.weekday() == weekday]
    return fitting[0] if len(fitting) == 1 else node


def _year_and_month(year: int, number: int) -> Node | None:
    return Fixed(month(year, number)) if 1 <= number <= 12 and 1000 <= year < 3000 else None


def _years(first: int, second: int) -> Node | None:
    """ "2012-14"."""
    last = first // 100 * 100 + second
    span = between(date(first, 1, 1), date(last, 12, 31)) if 1000 <= first < 2100 and 12 < second <= 99 else None
    return Fixed(span) if span else None


def _fixed_day(year: int, number: int, day: int) -> Node | None:
    found = valid_day(year, number, day) if 1000 <= year < 3000 else None
    return Fixed(one_day(found)) if found else None


def _numeric(token: Token, order: DateOrder, *, dotted: bool) -> Node | None:
    a, b, c = token.parts
    raw = token.raw
    separator = next(ch for ch in raw if not ch.isdigit())
    widths = [len(part) for part in raw.split(separator)]
    if widths[0] == 4:
        return _fixed_day(a, b, c) if widths[2] <= 2 else None
    if widths[0] == 3 or widths[2] not in (2, 4):
        return None
    if separator == "." and widths[2] == 2 and not dotted:
        return None  # as likely a version or a section
    year = c if widths[2] == 4 else century(c)
    ways = {DateOrder.DMY: (year, b, a), DateOrder.MDY: (year, a, b)}
    if widths[2] == 2 and order is DateOrder.YMD:
        ways = {DateOrder.YMD: (century(a), b, c), DateOrder.DMY: (year, b, a)}
    elif separator == "." and valid_day(year, b, a):
        ways = {DateOrder.DMY: (year, b, a)}  # dotted days are written day first everywhere
    ranked = sorted(ways, key=lambda way: way is not order)
    days = dict.fromkeys(node for way in ranked if (node := _fixed_day(*ways[way])) is not None)
    return Either(tuple(days)) if len(days) > 1 else next(iter(days), None)


def _day_and_month(day: int, number: int) -> Yearly | None:
    return days_in(number, (day,)) if valid_day(2024, number, day) else None


def _pair(s: Sentence, i: int, token: Token, order: DateOrder) -> Node | None:
    """3/4 after a word that wants a date, or 03/2025."""
    a, b = token.parts
    if len(token.raw.partition("/")[2]) == 4:
        return Fixed(month(b, a)) if 1 <= a <= 12 and 1000 <= b < 3000 else None
    introduced = s.word(i - 1) in ("on", "by", "before", "after", "until", "from", "since") or s.at(i - 1).weekday >= 0
    introduced = introduced or (s.word(i - 1) in ("to", "and", "until", "-") and s.at(i - 2).kind is Kind.PAIR)
    introduced = introduced or s.whole(i, i + 1)
    if not introduced and not (s.terse and s.word(i - 1) not in ("-", "+")):
        return None
    if (a, b) in ((24, 7), (50, 50), (9, 11)):
        return None
    ways = [_day_and_month(a, b), _day_and_month(b, a)]
    if order is not DateOrder.DMY:
        ways.reverse()
    found = [way for way in ways if way is not None]
    return Either(tuple(found)) if len(found) > 1 and a != b else next(iter(found), None)


def _iso_week(parts: tuple[int, ...]) -> Node | None:
    year, week = parts[0], parts[1]
    if not 1000 <= year < 3000 or not 1 <= week <= 53:
        return None
    try:
        day = date.fromisocalendar(year, week, parts[2] if len(parts) > 2 else 1)
    except ValueError:
        return None
    return Fixed(one_day(day) if len(parts) > 2 else week_of(day))


def year_only(s: Sentence, i: int) -> Match | None:
    """A year by itself. Whether a bare number may be one is for the caller to know."""
    found = s.year(i)
    return None if found is None else (found[0], Fixed(year_span(found[1])))
