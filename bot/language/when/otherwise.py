"""A day in full whose parts stand in an order the grammar does not know: "2025, 3rd of March", "Monday 2025 March 3rd".

Only a text that is nothing but one day, one month by name and one year (with a weekday at most) is read here: whatever the
order, it can be one day only.
"""

from __future__ import annotations

from datetime import date

from bot.language.when.sentence import Sentence, valid_day
from bot.language.when.tokens import Kind, Token

_LONGEST = 10
_SMALL = frozenset(("the", "of", "day", "on", "in", ",", ".", "-", "/"))


def single_day(s: Sentence) -> date | None:
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
    found = valid_day(years[0], months[0], days[0])
    agrees = found is not None and (not weekdays or found.weekday() == weekdays[0])
    return found if agrees else None


def _is_year(token: Token) -> bool:
    return token.kind is Kind.NUMBER and len(token.raw) == 4 and 1900 <= token.value <= 2999
