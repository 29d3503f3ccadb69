"""From text to tokens that remember which characters they came from.

Dashes and quotes are evened out one character for one, so that offsets stay true. What a token *is* (a month, a number, an
ISO day, a clock) is decided here once; what it *means* is the grammar's business.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

from bot.language.when.vocabulary import ALIASES, MONTHS, WEEKDAYS


class Kind(IntEnum):
    WORD = 0
    NUMBER = 1
    ORDINAL = 2
    CLOCK = 3
    """15:00, 15:00:30, 15h00"""
    DAY = 4
    """2025-03-04, 20250304"""
    YEAR_MONTH = 5
    """2025-03"""
    YEAR_WEEK = 6
    """2025-W10, 2025-W10-2"""
    NUMERIC = 7
    """3/4/2025, 3.4.25, 2025/3/4"""
    PAIR = 8
    """3/4, 03/2025"""
    YEAR_PAIR = 9
    """2025-26, 2025/26"""
    DECIMAL = 10
    OFFSET = 11
    """+03:00"""
    PUNCT = 12
    INERT = 13
    """COP30, 1,500, F16: never part of a date"""


class Token(NamedTuple):
    kind: Kind
    word: str
    """Lower case, without a possessive ending."""
    start: int
    end: int
    raw: str
    value: int = -1
    month: int = 0
    weekday: int = -1
    parts: tuple[int, ...] = ()

    @property
    def capital(self) -> bool:
        return self.raw[:1].isupper()


_EVEN = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | dict.fromkeys("‘’ʼ´`", "'") | dict.fromkeys("   ​", " "))

_PATTERN = re.compile(
    r"""
      (?P<clock>T?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?![0-9:])|[0-9]{1,2}h[0-9]{2}(?![0-9A-Za-z]))
    | (?P<offset>(?<![A-Za-z])[+-][0-9]{2}:[0-9]{2}(?![0-9]))
    | (?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]|-[0-9])|[0-9]{8}(?=T[0-9]{4}|(?![0-9A-Za-z])))
    | (?P<yearweek>[0-9]{4}-?W[0-9]{1,2}(?:-[1-7])?(?![0-9A-Za-z]))
    | (?P<numeric>(?<![/0-9A-Za-z.])[0-9]{1,4}(?P<sep>[/.-])[0-9]{1,2}(?P=sep)[0-9]{1,4}(?![0-9]|[/.-][0-9]))
    | (?P<yearmonth>[0-9]{4}-[0-9]{2}(?![0-9]|-[0-9]))
    | (?P<yearpair>[0-9]{4}/[0-9]{2}(?![0-9]|/[0-9]))
    | (?P<pair>(?<![/0-9A-Za-z.])[0-9]{1,2}/[0-9]{1,4}(?![0-9]|/[0-9]))
    | (?P<thousands>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9]))
    | (?P<ordinal>[0-9]{1,3}(?:st|nd|rd|th|ST|ND|RD|TH)(?![A-Za-z]))
    | (?P<decimal>[0-9]{1,9}\.[0-9]{1,9}(?![0-9]))
    | (?P<number>[0-9]+)
    | (?P<abbreviation>[ap]\.[ ]?m\.?(?![A-Za-z])|w/[cbe](?![A-Za-z])|a\.d\.)
    | (?P<monthday>(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}(?=[0-9]{1,2}(?![0-9A-Za-z])))
    | (?P<mixed>[A-Za-z]+[0-9][A-Za-z0-9]*)
    | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)*'?)
    | (?P<punct>\S)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_QUARTERS = re.compile(r"[qh][1-4]|fy[0-9]{2,4}|t[0-9]{4,6}z?", re.IGNORECASE)


def tokenise(text: str) -> list[Token]:
    """The tokens of `text`, in order. Linear in its length."""
    even = text.translate(_EVEN)
    if len(even) != len(text):  # pragma: no cover - every replacement is one character for one
        even = text
    tokens: list[Token] = []
    for match in _PATTERN.finditer(even):
        token = _token(match)
        before = tokens[-1] if tokens else None
        if before is not None and token.start == before.end:
            if token.word == "." and _is_shortened(before):
                tokens[-1] = before._replace(end=token.end)
                continue
            if token.kind is Kind.OFFSET and token.raw[0] == "-" and before.kind is Kind.CLOCK and before.raw[0] not in "Tt":
                tokens += _end_of_range(token)
                continue
            if token.word.startswith("t") and before.kind is Kind.DAY and (time := _COMPACT.fullmatch(token.word)):
                tokens += _compact_time(token, time)
                continue
        tokens.append(token)
    return tokens


_COMPACT = re.compile(r"t([0-9]{2})([0-9]{2})([0-9]{2})?(z?)")


def _compact_time(token: Token, time: re.Match[str]) -> list[Token]:
    """The clock, and the Z, of 20250612T1800Z."""
    parts = tuple(int(part) for part in time.groups()[:3] if part)
    end = token.end - len(time[4])
    clock = Token(Kind.CLOCK, token.word, token.start, end, token.raw[: end - token.start], parts=parts)
    return [clock, Token(Kind.WORD, "z", end, token.end, "Z")] if time[4] else [clock]


def _is_shortened(token: Token) -> bool:
    """True for "Feb" and "Tues", whose full stop belongs to them."""
    return bool(token.month or token.weekday >= 0) and len(token.word) <= 5 and token.word not in _FULL


_FULL = frozenset(("may", "june", "july", "march", "april"))


def _end_of_range(token: Token) -> list[Token]:
    """The dash and the clock of "10:00-12:00", which is no offset from UTC."""
    dash = Token(Kind.PUNCT, "-", token.start, token.start + 1, "-")
    raw = token.raw[1:]
    return [dash, Token(Kind.CLOCK, raw, token.start + 1, token.end, raw, parts=token.parts)]


def _token(match: re.Match[str]) -> Token:
    group = match.lastgroup or "punct"
    raw, start, end = match.group(), match.start(), match.end()
    if group in ("word", "monthday"):
        return _word(raw, start, end)
    if group == "punct":
        return Token(Kind.PUNCT, raw, start, end, raw)
    if group == "number":
        return Token(Kind.NUMBER, raw, start, end, raw, int(raw) if len(raw) <= 9 else -1)
    return _special(group, raw, start, end)


def _word(raw: str, start: int, end: int) -> Token:
    word = raw.lower()
    if word.endswith("'s"):
        word = word[:-2]
    elif word.endswith("'"):
        word = word[:-1]
    word = ALIASES.get(word, word)
    return Token(Kind.WORD, word, start, end, raw, -1, MONTHS.get(word, 0), WEEKDAYS.get(word, -1))


def _numbers(raw: str) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"[0-9]+", raw))


def _special(group: str, raw: str, start: int, end: int) -> Token:
    lower = raw.lower()
    if group == "ordinal":
        return Token(Kind.ORDINAL, lower, start, end, raw, int(raw[:-2]))
    if group == "abbreviation":
        return Token(Kind.WORD, lower.replace(".", "").replace(" ", ""), start, end, raw)
    if group == "mixed":
        kind = Kind.WORD if _QUARTERS.fullmatch(lower) else Kind.INERT
        return Token(kind, lower, start, end, raw)
    if group == "thousands":
        return Token(Kind.INERT, lower, start, end, raw)
    return Token(_KINDS[group], lower, start, end, raw, -1, 0, -1, _digits(group, raw))


def _digits(group: str, raw: str) -> tuple[int, ...]:
    if group == "day" and "-" not in raw:
        return int(raw[:4]), int(raw[4:6]), int(raw[6:])
    return _numbers(raw)


_KINDS = {
    "clock": Kind.CLOCK,
    "offset": Kind.OFFSET,
    "day": Kind.DAY,
    "yearweek": Kind.YEAR_WEEK,
    "numeric": Kind.NUMERIC,
    "yearmonth": Kind.YEAR_MONTH,
    "yearpair": Kind.YEAR_PAIR,
    "pair": Kind.PAIR,
    "decimal": Kind.DECIMAL,
}
