"""A text as units: phrases, parties, words of time and marks, each with the letter of the part it plays (see `lexicon`).

The letters of a text, in order, are one string: the rules of the sentence are patterns over it, and a match's places are
the units' places.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from bot.language import words
from bot.language.entry import mentioned
from bot.language.entry.lexicon import LONGEST, phrases, stop_words
from bot.language.entry.places import is_city
from bot.language.names import Mention
from bot.language.words import Token
from store.database import Session
from store.records import Status

WORDS_READ = 500
"""What is beyond is unread: no announcement is longer, and an article says in its beginning what it is about."""
DONE = "#"
"""The part of a unit that has been read."""

HIDDEN = "~"
"""The part of a unit that tells of something else."""

_MONTHS = r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
_MONTHS += r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_DAYS = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_CORE = re.compile(
    rf"(?:{_MONTHS}|{_DAYS}|today|tonight|tomorrow|yesterday|days?|weeks?|weekend|months?|years?|fortnight|quarter|soon|shortly|"
    r"noon|midnight|morning|afternoon|evening|spring|summer|autumn|winter|easter|ramadan|christmas|overnight|imminently|"
    r"hours?|gmt|utc|cet|recently|eid|passover|yearend)"
)
_AROUND = re.compile(
    r"(?:\d{1,4}(?:st|nd|rd|th)?|next|last|this|coming|within|by|before|until|early|earlier|mid|late|later|end|beginning|start|of|"
    r"the|a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve|few|couple|several|between|from|to|and|or|on|in|at|around|"
    r"first|second|half|third|past|past|following|then|no|not|than|after|near|future|same|am|pm|local|time|as|later|during|since|about|ago|possible|"
    r"course|due|set|yet|fixed|sometime|some|point|any|q[1-4]|h[12]|every|through|till|over|firm|announced|agreed)"
)
_NUMERIC = re.compile(r"\d{1,4}[./-]\d{1,2}(?:[./-]\d{2,4})?|\d{1,2}[:.h]\d{2}|\d{1,2}(?:am|pm)")
_END = re.compile(r"[.!?…]+[\"'”’)\]]*\s*$|[.!?…]+[\"'”’)\]]*\s")
_SHORT_TEXT = (
    "mr mrs ms dr st gen col lt sen rep gov prof no vs feb jan mar apr jun jul aug sep sept oct nov dec p.m a.m etc pm"
)
_SHORT = frozenset(_SHORT_TEXT.split())
_COMMON = frozenset(("nice", "split", "clark", "perth", "banff", "capri", "porto", "brest", "aden", "goa", "basel"))
"""Cities whose names in small letters are words, or too near to words."""
_PARTICLES = frozenset(("al", "el", "bin", "ibn", "bint", "von", "van", "der", "da", "di", "abu", "ben", "ul", "ur"))
_ENDS = frozenset(".;\n")


@dataclass(slots=True)
class Unit:
    """One phrase or mark with its place in the text. `part` is its letter; `value` what it stands for."""

    start: int
    end: int
    part: str
    text: str
    folded: str
    value: object = None


@dataclass(slots=True)
class Units:
    """The units of a text, and which have been read. `rest` is where the text goes on beyond what is read."""

    session: Session
    text: str
    items: list[Unit]
    rest: int
    spans: list[tuple[int, int]] = field(default_factory=list)
    _letters: str | None = None

    @property
    def letters(self) -> str:
        """One letter a unit; DONE where it has been read."""
        if self._letters is None:
            self._letters = "".join(unit.part for unit in self.items)
        return self._letters

    def take(self, start: int, end: int) -> None:
        """Marks units as read."""
        for unit in self.items[start:end]:
            if unit.part != DONE and unit.part not in _ENDS:
                unit.part = DONE
                self.spans.append((unit.start, unit.end))
        self._letters = None

    def hide(self, start: int, end: int) -> None:
        """Puts units out of sight of the rules, to be named as unread."""
        for unit in self.items[start:end]:
            if unit.part != DONE and unit.part not in _ENDS:
                unit.part = HIDDEN
        self._letters = None

    def change(self, at: int, part: str, value: object = None) -> None:
        """Gives a unit another part."""
        self.items[at].part, self.items[at].value = part, value
        self._letters = None

    def words(self, start: int, end: int) -> str:
        """The text from one unit to another, in one line, without marks at its ends."""
        if start >= end:
            return ""
        return " ".join(self.text[self.items[start].start : self.items[end - 1].end].split()).strip(' ,;:.–—-"“”„«»‘')

    def sentences(self) -> list[tuple[int, int]]:
        """The sentences and lines, as runs of units without the mark that ends them."""
        cuts = [-1, *(i for i, unit in enumerate(self.items) if unit.text in _ENDS), len(self.items)]
        return [(a + 1, b) for a, b in pairwise(cuts) if b > a + 1]


def read(session: Session, text: str) -> Units:
    """Divides a text into units. One query."""
    found = words.tokens(text, WORDS_READ + 1)
    rest = found[WORDS_READ].start if len(found) > WORDS_READ else len(text)
    found = found[:WORDS_READ]
    head = text[:rest]
    taken: dict[int, Unit] = {}
    for ref in words.refs(head):
        taken[ref.start] = Unit(ref.start, ref.end, "R", ref.text, ref.text.lower(), ref.value)
    lower = head == head.lower()
    mentions = mentioned.find(session, head, found)
    items: list[Unit] = []
    at = 0
    while at < len(found):
        unit = taken.get(found[at].start) or _phrase(head, found, at, mentions.get(found[at].start))
        if items or unit.start:
            _marks(items, head, items[-1].end if items else 0, unit.start, found[at])
        items.append(unit)
        while at < len(found) and found[at].start < unit.end:
            at += 1
    _marks(items, head, items[-1].end if items else 0, len(head), None)
    _join_names(items, lower=lower)
    return Units(session, text, items, rest)


def _join_names(items: list[Unit], *, lower: bool) -> None:
    """ "al-Ansari", "Kim Jong-un", "bin Salman", "source: Tass": small words that belong to a name, or stand for speaking."""
    for at, unit in enumerate(items):
        before, following = (items[at - 1] if at else None), (items[at + 1] if at + 1 < len(items) else None)
        if unit.folded in _PARTICLES and following is not None and (following.part == "N" or _hyphen(items, at + 1)):
            unit.part = "N"
            if following.part == "-" and at + 2 < len(items) and items[at + 2].part in "Nx":
                following.part = items[at + 2].part = "N"
        elif unit.part == "-" and before is not None and before.part == "N" and following is not None and following.part == "x":
            unit.part = following.part = "N"
        elif lower and unit.part == "x" and before is not None and (before.part == "a" or (before.part == "N" and at > 1)):
            unit.part = "N"  # "said by ryabkov", where nothing has capitals
        elif (
            unit.folded == "held"
            and (before is None or before.part in ",.(—")
            and following is not None
            and following.part in "Di,."
        ):
            unit.part, unit.value = "K", Status.HELD
        elif unit.folded in ("visit", "call") and unit.part in "MV":
            unit.part = "V" if before is not None and before.part in "WCt" else "M"
        elif unit.folded in ("source", "sources") and following is not None and (before is None or before.part in ",.(—"):
            unit.part = "a" if following.part in "NP:" else unit.part


def _hyphen(items: list[Unit], at: int) -> bool:
    return items[at].part == "-" and at + 1 < len(items) and items[at + 1].part == "N"


def _phrase(text: str, found: list[Token], at: int, mention: Mention | None) -> Unit:
    """The longest thing that starts at a word: words of time, a party, a phrase, or the word alone."""
    first = found[at]
    if size := _dated(text, found, at):
        end = found[at + size - 1].end
        return Unit(first.start, end, "D", text[first.start : end], first.folded)
    best: Unit | None = None
    if mention is not None:
        best = Unit(mention.start, mention.end, "P", mention.text, first.folded, mention)
    book = phrases()
    for size in range(min(LONGEST, len(found) - at), 0, -1):
        last = found[at + size - 1]
        if best is not None and last.end <= best.end:
            break
        if size > 1 and _broken(text[first.end : last.start]):
            continue
        head = " ".join(token.folded for token in found[at : at + size - 1])
        for word in (last.folded, last.bare):
            phrase = f"{head} {word}" if head else word
            if phrase in book:
                part, value = book[phrase]
                return Unit(first.start, last.end, part, text[first.start : last.end], phrase, value)
    if best is not None:
        return best
    part = "N" if first.text[0].isupper() or (first.text[0].isalpha() and first.text.upper() == first.text.lower()) else "x"
    typed = found[0].text[0].islower() and first.folded not in _COMMON
    if (part == "N" or typed) and (size := is_city([token.bare for token in found[at : at + 3]])):
        end = found[at + size - 1].end
        return Unit(first.start, end, "Y", text[first.start : end], " ".join(t.bare for t in found[at : at + size]))
    return Unit(first.start, first.end, part, first.text, first.folded)


def _broken(between: str) -> bool:
    return any(sign in between for sign in ",;:\n()") or ". " in between


def _dated(text: str, found: list[Token], at: int) -> int:
    """How many words from here are words of time; 0 where none are."""
    size, core = 0, 0
    while at + size < len(found) and size < 12:
        token = found[at + size]
        word = token.folded
        if (
            size
            and _broken(text[found[at + size - 1].end : token.start])
            and text[found[at + size - 1].end : token.start] != ", "
        ):
            break
        if (
            (
                _CORE.fullmatch(word)
                and (token.text[0].isupper() or word not in ("may", "march", "sat", "sun", "mar", "wed", "mon") or size)
            )
            or _NUMERIC.fullmatch(text[token.start : token.end + 8].split()[0].strip(",.;)") if word[0].isdigit() else "")
            or (word.isdigit() and core)
        ):
            core = size + 1
        elif not _AROUND.fullmatch(word):
            break
        size += 1
    return core if core and _starts(found[at].folded, core) else 0


def _starts(word: str, size: int) -> bool:
    """Articles and joiners do not start words of time by themselves."""
    return word not in (
        "and",
        "or",
        "to",
        "a",
        "the",
        "an",
        "first",
        "second",
        "third",
        "of",
        "no",
        "about",
        "as",
        "after",
        "two",
        "three",
        "possible",
        "announced",
        "agreed",
        "set",
    ) or (size > 1 and word in ("the", "no", "two", "three", "a", "first", "second"))


def _marks(items: list[Unit], text: str, start: int, end: int, following: Token | None) -> None:
    """Adds what the marks between two words say: the end of a sentence, a pause, a dash."""
    gap = text[start:end]
    sign = _sign(gap, items[-1] if items else None, following)
    if sign:
        items.append(Unit(start, end, sign, "." if sign == "." else gap, sign))


def _sign(gap: str, before: Unit | None, following: Token | None) -> str:
    if not gap.strip() and "\n" not in gap:
        return ""
    if "\n" in gap or ";" in gap:
        return "."
    if _END.search(gap) and (following is None or not following.text[0].islower()):
        last = before.text.split()[-1] if before is not None and before.text.split() else ""
        opens = following is not None and following.folded in stop_words()  # "said on X. The third round …"
        short = "." in gap and (last.lower() in _SHORT or (len(last) == 1 and last.isupper() and not opens))
        return "" if short and following is not None else "."
    for signs, letter in ((",", ","), (":", ":"), ("(", "("), (")", ")")):
        if signs in gap:
            return letter
    if any(dash in gap for dash in "–—-‐‑/−"):
        return "-" if len(gap) == 1 else "—"
    if any(quote in gap for quote in '"“”„«»'):
        return '"'
    return ""
