"""Finding parties in words: names, aliases, capitals, metonyms, adjectives, codes and flags, with their places in the text.

The longest name at a place wins ("South Sudan" is not Sudan). A name that could mean several parties gives them all, for
the person to choose. Small words that are also codes ("in", "is", "no", "us") are read by how they are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.language.words import Token, tokens
from store import parties
from store.database import Session
from store.records import NameKind

LONGEST = 9
"""Words in the longest name: "United Kingdom of Great Britain and Northern Ireland" has eight."""

# Words that are ISO codes too, in the order one meets them. In lower case they are words.
_SMALL_TEXT = (
    "ad ag ai al am an as at ba be bi by cc ch ci co cf cm de dj do dm ee eh es et fm ga ge go gu he hi hm hr id ie if il im "
    "in io iq is it je ki km kn ky la lb li lu ma md me mg mm mo mp mr ms mt mu mw my na ne no np nu of oh ok om on or pa pe "
    "ph pm pn pr ps py re ro sa sc se sg sh so st sv td tf tg th tl tm to tt tv up va vc vi vs we ws "
    "ago and are arm aus ben can che cod com cub dec dom esp est fin gab gin gum guy ham hun ind jam jan jun jul aug sep oct "
    "nov feb mar apr lie mac mon mus nor pan per pol pri sen sun sur thu tue ton tun tur vat wed fri sat the for but not "
    "who all any isl men car pa au icc aes eac"
)
_SMALL = frozenset(_SMALL_TEXT.split())
# Upper-case abbreviations that in prose are titles and organs before they are countries.
_TITLES_TEXT = "pm fm am tv pr mp ms mr st sg ga sc ad id it no is hm ok im me my md pa mc ai ci"
_TITLES = frozenset(_TITLES_TEXT.split())
# Short names that prose may write in lower case all the same.
_ALWAYS = frozenset(("usa", "uae", "uk", "eu", "g7", "g8", "b9", "v4", "e3", "p5", "rok"))
# Longer names that in lower-case prose are plain words.
_PLAIN_WORDS = frozenset(("male", "pole", "poles", "quad", "commonwealth", "weimar"))

_STRONG = (NameKind.NAME, NameKind.OFFICIAL, NameKind.FLAG)
_ORDER = {kind: place for place, kind in enumerate(NameKind)}


@dataclass(frozen=True, slots=True)
class Mention:
    """A party named in a text. `codes` has one code, or several where the name could mean any of them."""

    start: int
    end: int
    text: str
    codes: tuple[str, ...]
    kind: NameKind

    @property
    def ambiguous(self) -> bool:
        return len(self.codes) > 1


Gram = tuple[int, int]
"""A run of tokens: index of the first, and how many."""


def find(session: Session, text: str, *, prose: bool = False, limit: int = 400) -> list[Mention]:
    """The parties named in a text, from left to right, none overlapping. One query, none for a text without words.

    `prose` marks a sentence rather than the words of a command: there "us" is a pronoun, "US" a country. Only the first
    `limit` words are read.
    """
    words = tokens(text, limit)
    forms, barred = grams(words), barred_words(words, prose=prose)
    known = parties.named(session, [form for gram, form in forms if gram not in barred])
    hits: dict[int, tuple[int, tuple[str, ...], NameKind]] = {}
    for (at, size), form in forms:
        if form in known and (at, size) not in barred and (at not in hits or size > hits[at][0]):
            hits[at] = (size, *meaning(known[form]))
    found: list[Mention] = []
    free = 0
    for at in sorted(hits):
        if at >= free:
            size, codes, kind = hits[at]
            start, end = words[at].start, words[at + size - 1].end
            found.append(Mention(start, end, text[start:end], codes, kind))
            free = at + size
    return found


def grams(words: Sequence[Token]) -> list[tuple[Gram, str]]:
    """Every run of tokens that might be a name, shortest first, as folded: as it stands, then without a possessive."""
    found: list[tuple[Gram, str]] = []
    for at, first in enumerate(words):
        head = ""
        for size, last in enumerate(words[at : at + LONGEST], 1):
            found.append(((at, size), head + last.folded))
            if last.bare != last.folded:
                found.append(((at, size), head + last.bare))
            head = f"{head}{last.folded} " if size > 1 else f"{first.folded} "
    return found


def barred_words(words: Sequence[Token], *, prose: bool) -> set[Gram]:
    """The single words that must not be looked up as parties, written as they are. A word all alone is always tried."""
    if len(words) == 1:
        return set()
    shouting = any(len(token.folded) > 4 for token in words) and not any(c.islower() for token in words for c in token.text)
    return {(at, 1) for at, token in enumerate(words) if _barred(token, prose=prose, shouting=shouting)}


def _barred(token: Token, *, prose: bool, shouting: bool) -> bool:
    """True for a single word that must not be looked up as a party, written as it is."""
    word = token.bare
    if not word.isascii() or "." in token.text or not word[0].isalpha() or token.text[0] == ":":
        return False
    upper = token.text[: len(word)].isupper()
    if upper and not (shouting and word in _SMALL):
        return prose and word in _TITLES
    if not prose:
        return word in _SMALL
    if word in _ALWAYS:
        return False
    return len(word) <= 3 or (word in _PLAIN_WORDS and token.text.islower())


def meaning(entries: Sequence[tuple[str, NameKind]]) -> tuple[tuple[str, ...], NameKind]:
    """What the entries of one name amount to: the codes, and how they are named. A very name outranks others' aliases."""
    if len(entries) == 1:
        return (entries[0][0],), entries[0][1]
    strong = [entry for entry in entries if entry[1] in _STRONG]
    ranked = sorted(strong or entries, key=lambda entry: (_ORDER[entry[1]], entry[0]))
    return tuple(dict.fromkeys(code for code, _ in ranked)), ranked[0][1]
