"""A day in full, written in an order the grammar does not know: the one thing dateparser is asked.

Only words that are nothing but a day, a month by name and a year (with a weekday at most) are put to it, and only a day with
all three parts is taken from it. It is imported when first needed: it takes a quarter of a second and ten megabytes.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from bot.language.when.model import Context
from bot.language.when.sentence import Sentence
from bot.language.when.tokens import Kind, Token

_LONGEST = 10
_SMALL = frozenset(("the", "of", "day", "on", "in", ",", ".", "-", "/"))


def single_day(s: Sentence, context: Context) -> date | None:
    """The day the whole text is, read by dateparser; None unless the text is a day in full and nothing else."""
    if not 3 <= len(s.tokens) <= _LONGEST or not _is_full_day(s.tokens):
        return None
    import dateparser

    found = dateparser.parse(
        " ".join(t.raw for t in s.tokens if t.word not in _SMALL),
        languages=["en"],
        settings={
            "RELATIVE_BASE": datetime.combine(context.said, time(), UTC),
            "TIMEZONE": context.zone,
            "DATE_ORDER": context.order.value,
            "REQUIRE_PARTS": ["day", "month", "year"],
        },
    )
    return found.date() if found is not None else None


def _is_full_day(tokens: list[Token]) -> bool:
    """True for one month by name, one year, one day of the month and no other word or number."""
    kept = [token for token in tokens if token.word not in _SMALL]
    months = sum(token.month > 0 for token in kept)
    weekdays = sum(token.weekday >= 0 for token in kept)
    numbers = [token for token in kept if token.kind in (Kind.NUMBER, Kind.ORDINAL)]
    years = sum(len(token.raw) == 4 and 1900 <= token.value <= 2999 for token in numbers)
    days = sum(1 <= token.value <= 31 for token in numbers)
    return months == 1 and years == 1 and days == 1 and weekdays <= 1 and len(kept) == 3 + weekdays
