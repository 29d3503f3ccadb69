"""Days and months by name and number: "18-19 February 2025", "March 9", "3/4/2025", "2025-W10", "the 15th"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.language.when.days import between, month
from bot.language.when.model import Span
from bot.language.when.nodes import Node, Yearly
from bot.language.when.sentence import CUES, Match, Sentence, century
from bot.language.when.tokens import Kind
from bot.language.when.vocabulary import words
from store.records import Precision

_LONGEST_LIST = 8
_NAMED_AFTER = words(
    "attack attacks massacre revolution coup uprising movement war protests invasion crisis offensive genocide"
)
_FIRST_NAMES = words("april june")
_MEETINGS = words(
    "summit talks meeting round session council visit elections election vote conference deadline consultations plenary "
    "ministerial assembly and or to on in at for"
)


@dataclass(frozen=True, slots=True)
class _Days:
    """Days of a month as written: 24, 25 and 27."""

    end: int
    days: tuple[int, ...]
    weekday: int | None = None
    spelled: bool = False
    """True for "the second": a word that may not be a day."""


def year_after(s: Sentence, i: int) -> tuple[int, int | None, int | None]:
    """The year written after a date: one past it, the year, or how many years from this one."""
    j = s.past(i, ",", "-", "/", ".") if s.at(s.past(i, ",", "-", "/", ".")).kind is Kind.NUMBER else i
    j = s.past(j, "of") if s.year(s.past(j, "of")) else j
    found = s.year(j)
    if found is not None:
        return found[0], found[1], None
    j = s.past(s.past(i, ","), "of", "in")
    step = {"next": 1, "this": 0, "last": -1, "following": 1}.get(s.word(s.past(j, "the")))
    if step is not None and s.word(s.past(j, "the") + 1) == "year":
        return s.past(j, "the") + 2, None, step
    return i, None, None


def dated(s: Sentence, node: Yearly, i: int) -> Match:
    """`node` with the year written at `i`, if one is."""
    end, year, offset = year_after(s, i)
    if year is None and offset is None:
        return i, node
    return end, replace(node, year=year, offset=offset)


def days_in(number: int, days: tuple[int, ...], weekday: int | None = None) -> Yearly:
    """Some days of a month, whichever year it is."""

    def make(year: int) -> Span | None:
        first, last = date(year, number, days[0]), date(year, number, days[-1])
        return between(first, last, Precision.DAY if first == last else Precision.RANGE)

    return Yearly(make, weekday=weekday)


def _day(s: Sentence, i: int) -> tuple[int, int, bool] | None:
    """The number of a day: one past it, the day, and whether it was a plain word."""
    token = s.at(i)
    if token.kind is Kind.NUMBER and len(token.raw) <= 2 and 1 <= token.value <= 31:
        return (i + 1, token.value, False) if s.word(i + 1) not in ("am", "pm", "%", ":") else None
    found = s.ordinal(i)
    if found is not None and 1 <= found[1] <= 31:
        return found[0], found[1], token.kind is not Kind.ORDINAL
    return None


def _item(s: Sentence, i: int) -> tuple[int, int, bool, int | None] | None:
    """A day with the weekday and the article that may stand before it."""
    weekday = None
    j = i
    if s.at(j).weekday >= 0:
        weekday = s.at(j).weekday
        j = s.past(s.past(j + 1, ",", "."), "the")
    j = s.past(j, "the")
    found = _day(s, j)
    return None if found is None else (found[0], found[1], found[2], weekday)


def days_at(s: Sentence, i: int) -> _Days | None:
    """One day, or several with commas, dashes and "and" between them."""
    first = _item(s, i)
    if first is None:
        return None
    end, days, spelled, weekday = first[0], [first[1]], first[2], first[3]
    while len(days) < _LONGEST_LIST:
        j = _separated(s, end)
        if j is None:
            break
        following = _item(s, j)
        if following is None or following[1] <= days[-1]:
            break
        end = following[0]
        days.append(following[1])
    return _Days(end, tuple(days), weekday, spelled)


def _separated(s: Sentence, i: int) -> int | None:
    word = s.word(i)
    if word == "," and s.word(i + 1) in ("and", "or"):
        return s.past(i + 2, "on")
    if word in ("-", "to", "through", "thru", "until", "till", "and", "or", "&", ",", "/"):
        return s.past(i + 1, "on")
    return None


def day_month(s: Sentence, i: int) -> Match | None:
    """ "18 March 2025", "Tuesday the 18th of March", "24, 25 and 27 March", "18-Feb-2025"."""
    days = days_at(s, i) or _slashed(s, i)
    if days is None:
        return None
    j = s.past(days.end, "day")
    j = s.past(j, "of", "-", ".", "/") if s.at(s.past(j, "of", "-", ".", "/")).month else j
    token = s.at(j)
    if not token.month or not _is_month(s, i, j, days):
        return None
    if s.word(j + 1) in _NAMED_AFTER:
        return None
    end, node = dated(s, days_in(token.month, days.days, days.weekday), j + 1)
    if end == j + 1:
        end, node = _short_year(s, node, j)
    return _trailing_weekday(s, end, node)


def _slashed(s: Sentence, i: int) -> _Days | None:
    """The days of "3/4 March"."""
    token = s.at(i)
    if token.kind is not Kind.PAIR or not 1 <= token.parts[0] < token.parts[1] <= 31:
        return None
    return _Days(i + 1, token.parts[:2])


def _is_month(s: Sentence, i: int, j: int, days: _Days) -> bool:
    """False for "the second may follow" and "all 5 may attend"."""
    token = s.at(j)
    if token.capital or token.word not in ("may", "march", "mar", "sep", "dec", "august"):
        return not (days.spelled and token.word == "may" and s.word(j - 1) != "of")
    after = s.at(j + 1)
    if days.spelled and s.word(j - 1) != "of":
        return False
    closed = after.kind is not Kind.WORD or s.word(i - 1) in ("on", "by", "from", "before", "after", "until")
    return s.terse or closed or s.word(j - 1) == "of"


def _short_year(s: Sentence, node: Node, j: int) -> Match:
    """ "18 Feb 25", "18-Feb-25"."""
    k = s.past(j + 1, "-", "/")
    token = s.at(k)
    plain = token.kind is Kind.NUMBER and len(token.raw) == 2 and s.at(k + 1).kind is not Kind.WORD
    if plain and isinstance(node, Yearly) and s.word(k + 1) not in (":", ",", "and", "-"):
        return k + 1, replace(node, year=century(token.value))
    return j + 1, node


def _trailing_weekday(s: Sentence, end: int, node: Node) -> Match:
    """ "18 March (Tuesday)", "18 March, Tuesday"."""
    opened = s.word(end) in ("(", ",")
    if opened and s.at(end + 1).weekday >= 0 and isinstance(node, Yearly) and node.weekday is None:
        if s.word(end) == "(" and s.word(end + 2) != ")":
            return end, node
        return end + 2 + (s.word(end) == "("), replace(node, weekday=s.at(end + 1).weekday)
    return end, node


def month_day(s: Sentence, i: int) -> Match | None:
    """ "March 9", "Feb 18th, 2025", "March 9-11", "Tuesday, March 18", "March the 3rd"."""
    weekday, j = None, i
    if s.at(j).weekday >= 0:
        weekday = s.at(j).weekday
        j = s.past(s.past(j + 1, ",", "."), "the")
    token = s.at(j)
    if not token.month:
        return None
    days = days_at(s, s.past(j + 1, "-", "/", ".") if s.at(j + 2).kind in (Kind.NUMBER, Kind.ORDINAL) else j + 1)
    if days is None or days.weekday is not None:
        return None
    if days.spelled and s.word(j + 1) != "the" and not _closed(s, days.end):
        return None  # "in March first contacts were made"
    if s.at(days.end).month and len(days.days) > 1:  # "March 9 - 11 April"
        days = replace(days, days=days.days[:-1], end=_end_of(s, j + 1, len(days.days) - 1))
    if not token.capital and token.word in ("may", "march") and not _plain(s, days.end):
        return None
    if s.word(days.end) in _NAMED_AFTER:
        return None
    end, node = dated(s, days_in(token.month, days.days, weekday), days.end)
    return _trailing_weekday(s, end, node)


def _closed(s: Sentence, i: int) -> bool:
    """True where a spelled ordinal ends what it belongs to."""
    return s.at(i).kind is not Kind.WORD or s.word(i) in ("and", "at", "in", "to", "until", "through", "or", "with", "for")


def _end_of(s: Sentence, i: int, count: int) -> int:
    """One past the `count`-th day of a list."""
    end = i
    for _ in range(count):
        found = _item(s, s.past(end, ",", "-", "to", "and", "through", "until", "or", "&", "/"))
        end = found[0] if found else end
    return end


def _plain(s: Sentence, i: int) -> bool:
    """True where what follows a lower-case "may 5" is not a noun it might count."""
    return s.terse or s.at(i).kind is not Kind.WORD or s.word(i) in ("to", "and", "at", "in", "until", "through", "or")


def year_month(s: Sentence, i: int) -> Match | None:
    """ "2025 March", "2019-sep-1", "2019/Sep/01": the year first."""
    found = s.year(i)
    if found is None:
        return None
    marked = s.word(found[0]) in ("-", "/", ",")
    j = found[0] + marked
    token = s.at(j)
    if not token.month or (token.word == "may" and not token.capital):
        return None
    number, year = token.month, found[1]
    k = s.past(j + 1, "-", "/")
    day = _day(s, k) if k > j + 1 or not marked else None
    if day is not None and s.at(day[0]).kind is not Kind.NUMBER:
        return day[0], replace(days_in(number, (day[1],)), year=year)
    return (j + 1, Yearly(lambda y: month(y, number), year)) if not marked else None


def month_only(s: Sentence, i: int) -> Match | None:
    """ "March", "March 2025", "the month of March"."""
    j = s.phrase(s.past(i, "the"), "month of") or i
    token = s.at(j)
    if not token.month:
        return None
    number = token.month
    end, node = dated(s, Yearly(lambda year: month(year, number)), j + 1)
    if end == j + 1 and j == i and not s.trusted(j):
        return None
    if end == j + 1 and token.raw == "Mar" and s.word(j + 1) == "-":
        return None  # Mar-a-Lago
    if s.word(end) in _NAMED_AFTER or (end == j + 1 and j == i and _is_a_person(s, j)):
        return None
    if j == i and 31 < s.at(i - 1).value < 1000 and s.at(i - 1).kind is Kind.NUMBER:
        return None  # "32 August"
    return end, node


def _is_a_person(s: Sentence, i: int) -> bool:
    """ "April Glaspie": a month that is also a first name, before a name and with nothing that points to a month."""
    after = s.at(i + 1)
    named = after.kind is Kind.WORD and after.capital and not after.raw.isupper() and after.word not in _MEETINGS
    plain = not after.month and after.weekday < 0
    return s.word(i) in _FIRST_NAMES and named and plain and s.word(i - 1) not in CUES and s.word(i - 1) not in ("the", "-")
