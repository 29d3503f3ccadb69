"""Days of a month that is not named: "the 15th", "Tuesday the 18th", "the 15th of next month"."""

from __future__ import annotations

from datetime import date

from bot.language.when.dates import days_at
from bot.language.when.days import between
from bot.language.when.model import Span
from bot.language.when.nodes import Monthly
from bot.language.when.sentence import Match, Sentence
from bot.language.when.tokens import Kind
from store.records import Precision


def the_nth(s: Sentence, i: int) -> Match | None:
    """ "the 15th", "Tuesday the 18th", "the 15th of next month"."""
    weekday = s.at(i).weekday
    j = s.past(i + 1, ",") if weekday >= 0 else i
    days = days_at(s, j)
    if days is None or days.weekday is not None:
        return None
    after = s.at(days.end)
    offset, end = _of_month(s, days.end)
    spelled = days.spelled and s.word(j) == "the" and s.word(i - 1) in ("on", "by", "until") and after.kind is not Kind.WORD
    if s.at(days.end - 1).kind is not Kind.ORDINAL and offset is None and not spelled:
        return None
    introduced = s.word(j) == "the" or weekday >= 0 or offset is not None
    if not introduced and s.word(i - 1) not in ("on", "by", "before", "after", "until", "from", "to"):
        return None
    nouns = after.kind is Kind.WORD and after.word not in _AFTER_NTH and offset is None
    if nouns and s.word(i - 1) not in ("on", "until"):
        return None  # "the 15th round"
    numbers = days.days

    def make(year: int, number: int) -> Span | None:
        first, last = date(year, number, numbers[0]), date(year, number, numbers[-1])
        fits = weekday < 0 or first.weekday() == weekday
        return between(first, last, Precision.DAY if first == last else Precision.RANGE) if fits else None

    return end, Monthly(make, offset)


_AFTER_NTH = frozenset(
    [
        "at",
        "in",
        "to",
        "and",
        "or",
        "until",
        "till",
        "through",
        "on",
        "that",
        "when",
        "as",
        "with",
        "but",
        "if",
        "for",
        "from",
        "by",
        "after",
        "before",
        "between",
        "of",
        "a",
    ]
)


def _of_month(s: Sentence, i: int) -> tuple[int | None, int]:
    j = s.past(s.past(i, "of", "in"), "the")
    step = {"next": 1, "this": 0, "last": -1, "following": 1, "current": 0, "month": 0}.get(s.word(j))
    if step is None or (j == i and s.word(j) == "month"):
        return None, i
    if s.word(j) == "month":
        return step, j + 1
    return (step, j + 2) if s.word(j + 1) == "month" else (None, i)
