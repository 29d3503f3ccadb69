"""Days named by the day said or by the week: "tomorrow", "Tuesday", "next Friday", "Monday week", "Monday and Tuesday"."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.language.when.between import Between
from bot.language.when.days import DAY, one_day
from bot.language.when.model import Lean, Span
from bot.language.when.nodes import Mapped, Node, Nothing, Relative, Weekly
from bot.language.when.relative import Anchor
from bot.language.when.sentence import Match, Sentence
from bot.language.when.vocabulary import DAY_PARTS, LAST, NEXT, UNITS, WEEKDAYS, words

_TODAY = {
    "today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1, "overmorrow": 2, "tmrw": 1, "tomorow": 1, "now": 0,
}  # fmt: skip


def today(s: Sentence, i: int) -> Match | None:
    """Today, tomorrow, the day after tomorrow, this morning, last night."""
    j = s.past(i, "the")
    for phrase, step in (("day after tomorrow", 2), ("day before yesterday", -2)):
        end = s.phrase(j, phrase)
        if end:
            return _day_part(s, end), _days_on(step)
    for phrase, step in (("last night", -1), ("later today", 0), ("earlier today", 0), ("this day", 0)):
        end = s.phrase(i, phrase)
        if end:
            return end, _days_on(step)
    if s.word(i) in ("this", "later") and s.word(i + 1) in (*DAY_PARTS, "today") and s.word(i + 2) != "of":
        return i + 2, _days_on(0)
    if s.word(i) == "later" and s.word(i + 1) in ("this", "tonight"):
        return (i + 3, _days_on(0)) if s.word(i + 2) in DAY_PARTS else None
    word = s.word(i)
    days = _TODAY.get(word)
    if days is None:
        return None
    if (
        word == "now"
        and s.word(i - 1) not in ("between", "from", "until", "by", "and")
        and s.word(i + 1) not in ("to", "-", "until", "and")
    ):
        return (i + 1, _days_on(0)) if s.whole(i, i + 1) or s.phrase(i - 1, "right now") else None
    end = _day_part(s, i + 1)
    if word in ("tomorrow", "today") and s.word(end) == "week":
        return end + 1, _days_on(days + 7)
    if word in ("tomorrow", "today") and s.word(end) == "fortnight":
        return end + 1, _days_on(days + 14)
    return end, _days_on(days)


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


_BESIDE = {"after": 1, "following": 1, "before": -1, "preceding": -1}


def beside(s: Sentence, i: int, anchor: Anchor) -> Match | None:
    """ "the day after Easter", "the second Sunday before Christmas"; "the day after the summit" has no date."""
    j = s.past(i, "the", "a")
    nth = s.ordinal(j)
    j, count = nth if nth is not None and s.at(nth[0]).weekday >= 0 else (j, 1)
    token = s.at(j)
    if token.word not in ("day", "night", "eve", "morning") and token.weekday < 0:
        return None
    way = _BESIDE.get(s.word(j + 1)) or (-1 if token.word == "eve" and s.word(j + 1) == "of" else None)
    if way is None or s.word(j + 2) in ("next", "tomorrow", "yesterday", "last"):
        return None
    found = anchor(j + 2)
    if found is None:
        return (j + 2, Nothing()) if s.word(i) == "the" or token.word == "eve" else None
    return found[0], Mapped(found[1], lambda span, _: _beside(span, way * count, token.weekday), Lean.AHEAD)


def _beside(span: Span, way: int, number: int) -> Span | None:
    if span.timed or not 0 < abs(way) < 60:
        return None
    step = DAY if way > 0 else -DAY
    day = (span.end if way > 0 else span.begin) + step
    while number >= 0 and day.weekday() != number:
        day += step
    return one_day(day + step * 7 * (abs(way) - 1))


def counted(s: Sentence, i: int) -> Match | None:
    """ "two Sundays ago", "three Fridays from now"."""
    number = s.number(i)
    if number is None:
        return None
    day = WEEKDAYS.get(s.word(number[0]).removesuffix("s"), -1)
    back = s.word(number[0] + 1) == "ago"
    end = number[0] + 2 if back else s.phrase(number[0] + 1, "from now") or s.phrase(number[0] + 1, "hence")
    if day < 0 or end is None:
        return None
    way = -number[1] if back else number[1]
    return end, Relative(lambda c: _beside(one_day(c.said), way, day))


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
    if s.word(j - 1) in ("good", "black", "bloody", "closest", "nearest", "every") or s.ordinal(j - 1):
        return None
    if _is_a_title(s, j + 1):
        return None
    if j != i and not pick and s.word(i) == "the" and s.word(j + 1) not in ("after", "of", "before", "in"):
        return None
    end, node = _which(s, j + 1, on_weekday(token.weekday), pick)
    return _day_part(s, end), node


_TITLES = words("times telegraph mirror express herald observer guardian post review")


def _is_a_title(s: Sentence, i: int) -> bool:
    """True where a weekday belongs to a name: "the Sunday Times", "a Friday prayer leader"."""
    if s.word(i) == "prayer" and s.word(i + 1) in ("leader", "leaders", "imam", "sermon"):
        return True
    return s.at(i).capital and s.word(i) in _TITLES


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
    j = s.past(s.past(i, ","), "of", "in", "from")
    for phrase, offset in (("next week", 1), ("this week", 0), ("last week", -1), ("the week after next", 2),
                           ("the following week", 1), ("the coming week", 1), ("week after next", 2),
                           ("the week before last", -2)):  # fmt: skip
        end = s.phrase(j, phrase)
        if end and pick is None:
            return end, replace(node, offset=offset)
    end = s.phrase(i, "after next")
    if end and pick is None:
        return end, replace(node, offset=2)
    if s.word(i) in ("week", "fortnight") and pick in (None, "next", "this"):
        days = 7 if s.word(i) == "week" else 14
        return i + 1, Mapped(node, lambda span, _: _weeks_on(span, days), Lean.AHEAD)
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
