"""A day in full whose parts stand in an order the grammar does not know ("2025, 3rd of March"): what dateparser is asked.

Only a text that is nothing but one day, one month by name and one year (with a weekday at most) is put to it, and its answer
counts only if it is made of just these parts: it may give a day with confidence that nobody wrote.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from bot.language.when.model import Context
from bot.language.when.sentence import Sentence
from bot.language.when.tokens import Kind, Token

_LONGEST = 10
_SMALL = frozenset(("the", "of", "day", "on", "in", ",", ".", "-", "/"))


def prepare() -> None:
    """Loads dateparser, which takes a quarter of a second and ten megabytes, ahead of the first phrase that needs it."""
    _parsed("3 March 2025", datetime(2025, 3, 3, tzinfo=UTC), "UTC", "DMY")


def single_day(s: Sentence, context: Context) -> date | None:
    """The day the whole text is; None unless the text is a day in full and nothing else."""
    if not 3 <= len(s.tokens) <= _LONGEST:
        return None
    kept = [token for token in s.tokens if token.word not in _SMALL]
    months = [token.month for token in kept if token.month]
    weekdays = [token.weekday for token in kept if token.weekday >= 0]
    years = [token.value for token in kept if _is_year(token)]
    days = [token.value for token in kept if token.kind in (Kind.NUMBER, Kind.ORDINAL) and 1 <= token.value <= 31]
    if not len(months) == len(years) == len(days) == 1 or len(weekdays) > 1 or len(kept) != 3 + len(weekdays):
        return None
    base = datetime.combine(context.said, time(), UTC)
    # With the year last it understands every order that these parts can stand in.
    words = [token.raw for token in sorted(kept, key=_is_year)]
    found = _parsed(" ".join(words), base, context.zone, context.order.value)
    if found is None or (found.year, found.month, found.day) != (years[0], months[0], days[0]):
        return None
    return found if not weekdays or found.weekday() == weekdays[0] else None


def _is_year(token: Token) -> bool:
    return token.kind is Kind.NUMBER and len(token.raw) == 4 and 1900 <= token.value <= 2999


def _parsed(words: str, base: datetime, zone: str, order: str) -> date | None:
    import dateparser

    settings = {"RELATIVE_BASE": base, "TIMEZONE": zone, "DATE_ORDER": order, "REQUIRE_PARTS": ["day", "month", "year"]}
    found = dateparser.parse(words, languages=["en"], settings=settings)
    return found.date() if found is not None else None
