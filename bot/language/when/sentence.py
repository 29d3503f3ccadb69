"""A text being read: its tokens, with the small questions every rule asks of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache

from bot.language.when.nodes import Node
from bot.language.when.tokens import Kind, Token, tokenise
from bot.language.when.vocabulary import JOINERS, ONES, ORDINALS, TENS, UNITS, WEAK, WEEKDAYS, words
from bot.language.when.zones import CITIES

Match = tuple[int, Node]
"""One past the last token read, and what was read."""

# Words after which "may", "march" or "sat" can only be meant as a date.
CUES = words(
    "in by before after until till since during early mid late next last this of from through between around about end "
    "beginning start on coming past following every throughout"
)
_COUNTED = words(
    "troops soldiers people men women km kilometres kilometers miles tonnes tons dollars euros roubles rubles million "
    "billion percent votes delegates members states countries sanctions prisoners words pages seats missiles drones "
    "agreement accord accords treaty act memorandum deal convention protocol borders lines war level levels"
)
_AFTER_DAY = words("at morning afternoon evening night next week")
_LONGEST = 20_000
"""Characters read of a text: time and memory stay small whatever is sent."""
_EMPTY = Token(Kind.PUNCT, "", 0, 0, "")


@cache
def _split(phrase: str) -> tuple[str, ...]:
    return tuple(phrase.split())


def _readable(text: str) -> str:
    """The text, or as many whole words of it as anyone would read for one date."""
    if len(text) <= _LONGEST:
        return text
    return text[: max(text.rfind(" ", 0, _LONGEST), 0) or _LONGEST]


@dataclass(frozen=True, slots=True)
class Sentence:
    """The text and its tokens. `terse` marks words of a command, where a bare "march" is the month."""

    text: str
    tokens: list[Token]
    terse: bool = False
    words: list[str] = field(default_factory=list)
    """The word of each token, for the questions asked most often."""
    months: list[int] = field(default_factory=list)
    """For each token, the next one that is a month by name or the word itself."""
    units: list[int] = field(default_factory=list)
    """For each token, the next one that is a unit of time or several weekdays."""

    @classmethod
    def of(cls, text: str, *, terse: bool = False) -> Sentence:
        tokens = tokenise(_readable(text))
        far = len(tokens) + 99
        months, units = [far] * len(tokens), [far] * len(tokens)
        month = unit = far
        for i in range(len(tokens) - 1, -1, -1):
            token = tokens[i]
            month = i if token.month or token.word == "month" else month
            unit = i if token.word in UNITS or token.word.removesuffix("s") in WEEKDAYS or token.word == "working" else unit
            months[i], units[i] = month, unit
        return cls(text, tokens, terse, [token.word for token in tokens], months, units)

    def near_month(self, i: int) -> bool:
        """False where no list of days that begins here can reach a month."""
        return i < len(self.months) and self.months[i] - i <= 40

    def near_unit(self, i: int) -> bool:
        """False where no number that begins here can count units."""
        return i < len(self.units) and self.units[i] - i <= 8

    def at(self, i: int) -> Token:
        """The token there, or an empty one past either end."""
        return self.tokens[i] if 0 <= i < len(self.tokens) else _EMPTY

    def word(self, i: int) -> str:
        return self.words[i] if 0 <= i < len(self.words) else ""

    def phrase(self, i: int, phrase: str | tuple[str, ...]) -> int | None:
        """One past `phrase` if it stands at `i`."""
        split = phrase if isinstance(phrase, tuple) else _split(phrase)
        if not 0 <= i < len(self.words) or self.words[i] != split[0]:
            return None
        end = i + len(split)
        return end if tuple(self.words[i:end]) == split else None

    def past(self, i: int, *words: str) -> int:
        """`i`, or one past it if one of `words` stands there."""
        return i + 1 if 0 <= i < len(self.words) and self.words[i] in words else i

    def whole(self, start: int, end: int) -> bool:
        """True where the tokens from `start` to `end` are all there is, but for punctuation and small words."""
        rest = self.tokens[:start] + self.tokens[end:] if len(self.tokens) - (end - start) <= 4 else [_EMPTY] * 9
        return len(rest) <= 4 and all(t.kind is Kind.PUNCT or t.word in ("the", "on", "in", "at") for t in rest)

    def trusted(self, i: int) -> bool:
        """True where a month or weekday name alone can be taken for one."""
        token = self.at(i)
        if token.word == "second":
            return False
        if not token.capital and token.word in ("may", "march", "sat", "sun", "august", "mar", "dec", "wed"):
            before = self.word(i - 1)
            return self.terse or self.whole(i, i + 1) or (before in CUES and before not in ("on", "to", "from") and
                                                          (token.word != "sun" and token.word != "sat"))  # fmt: skip
        if token.word not in WEAK:
            return True
        return self._weak(i, token)

    def _weak(self, i: int, token: Token) -> bool:
        before, after = self.word(i - 1), self.at(i + 1)
        if self.terse or self.whole(i, i + 1) or before in CUES:
            return True
        if before in ("the", "a") and token.month and i > 1 and after.kind is Kind.WORD and after.word != "on":
            return True  # "the March summit"
        if (
            token.weekday >= 0
            and token.capital
            and (after.word in _AFTER_DAY or after.kind in (Kind.NUMBER, Kind.ORDINAL, Kind.CLOCK))
        ):
            return True
        joined = after.word in (*JOINERS, "and", "or", "/")
        if joined and ((token.month and self.at(i + 2).month) or (token.weekday >= 0 and self.at(i + 2).weekday >= 0)):
            return True
        lower = self.at(i - 1).kind is Kind.WORD and not self.at(i - 1).capital and before not in ("the", "a", "to")
        if token.capital and token.word in ("march", "may") and after.word != "on" and lower:
            return True  # "nato March", not "the Long March"
        if token.month:
            return before in ("-", "to", "and", "or", "/", "for") and self.at(i - 2).month > 0
        return before in ("-", "to", "and", "or", "through") and self.at(i - 2).weekday >= 0

    def number(self, i: int) -> tuple[int, int] | None:
        """A whole number in digits or words, with one past its end."""
        token = self.at(i)
        if token.kind is Kind.NUMBER:
            return (i + 1, token.value) if 0 <= token.value < 100000 else None
        word = token.word
        if word in TENS:
            j = self.past(i + 1, "-")
            one = ONES.get(self.word(j), 10)
            return (j + 1, TENS[word] + one) if one < 10 else (i + 1, TENS[word])
        if word in ONES:
            j = i + 1
            if self.word(j) == "hundred":
                return j + 1, ONES[word] * 100
            return j, ONES[word]
        if word in ("a", "an"):
            return self._article(i)
        if word == "couple":
            return self.past(i + 1, "of"), 2
        return None

    def _article(self, i: int) -> tuple[int, int]:
        following = self.word(i + 1)
        if following == "couple":
            return self.past(i + 2, "of"), 2
        if following == "dozen":
            return i + 2, 12
        if following == "hundred":
            return i + 2, 100
        return self.past(i + 1, "further", "full", "single"), 1

    def ordinal(self, i: int) -> tuple[int, int] | None:
        """An ordinal in digits or words, with one past its end."""
        token = self.at(i)
        if token.kind is Kind.ORDINAL:
            return i + 1, token.value
        if token.word in ORDINALS:
            return i + 1, ORDINALS[token.word]
        if token.word in ("twenty", "thirty"):
            j = self.past(i + 1, "-")
            one = ORDINALS.get(self.word(j), 10)
            return (j + 1, TENS[token.word] + one) if one < 10 else None
        return None

    def year(self, i: int, *, bare: bool = True) -> tuple[int, int] | None:
        """A year in four digits, or two after an apostrophe, with one past its end."""
        token = self.at(i)
        if token.kind is Kind.NUMBER and len(token.raw) == 4 and 1000 <= token.value <= 2999:
            after = self.at(i + 1)
            if after.word in _COUNTED or (after.word == "%" and after.start == token.end):
                return None
            if self.word(i - 1) in ("$", "€", "£", "+", "#") and bare:
                return None
            return i + 1, token.value
        if token.word == "'" and self.at(i + 1).kind is Kind.NUMBER and len(self.at(i + 1).raw) == 2:
            return i + 2, century(self.at(i + 1).value)
        return None


def century(two: int) -> int:
    """The year two digits stand for: up to 68 this century, from 69 the last."""
    return two + (2000 if two < 69 else 1900)


def valid_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def city_zone(s: Sentence) -> str | None:
    """The zone of the last city named in the text, for times that are "local"."""
    found = None
    for i, token in enumerate(s.tokens):
        if token.capital and token.kind is Kind.WORD:
            pair = f"{token.word} {s.word(i + 1)}"
            found = CITIES.get(pair) or CITIES.get(token.word) or found
    return found
