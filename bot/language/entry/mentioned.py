"""The parties named in a sentence's words: as `names.find`, asking the store only for what is written like a name."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language import names
from bot.language.names import Gram, Mention
from bot.language.words import Token
from store import parties
from store.database import Session

SHORT = 60
"""Up to so many words, names without capitals are looked for too."""
_INNER = frozenset(("of", "and", "the", "for", "on", "in", "de", "du", "la", "d", "to", "plus", "da"))
"""Small words inside names: "Islamic Emirate of Afghanistan", "League of Arab States"."""


_SHORTENED = {"s": "south", "n": "north", "e": "east"}


def find(session: Session, text: str, words: Sequence[Token]) -> dict[int, Mention]:
    """The parties by the place where their name starts, none overlapping. One query, none where nothing looks like a name.

    In a short text every word may be a name; one that does not begin with a capital is read as the words of a command.
    """
    typed = bool(words) and words[0].text[0].islower()
    barred = names.barred_words(words, prose=not typed)
    forms = [(gram, form) for gram, form in _forms(words, lower=len(words) <= SHORT) if gram not in barred]
    known = parties.named(session, [form for _, form in forms])
    hits: dict[int, tuple[int, str]] = {}
    for (at, size), form in forms:
        if form in known and size > hits.get(at, (0, ""))[0]:
            hits[at] = (size, form)
    found: dict[int, Mention] = {}
    free = 0
    for at in sorted(hits):
        if at >= free:
            size, form = hits[at]
            start, end = words[at].start, words[at + size - 1].end
            found[start] = Mention(start, end, text[start:end], *names.meaning(known[form]))
            free = at + size
    return found


def _forms(words: Sequence[Token], *, lower: bool) -> list[tuple[Gram, str]]:
    """Runs of words that begin and end like a name, shortest first, as folded: as it stands, then without a possessive."""
    named = [lower or not token.text[0].islower() for token in words]
    found: list[tuple[Gram, str]] = []
    for at, first in enumerate(words):
        if not named[at]:
            continue
        head = ""
        for size, last in enumerate(words[at : at + names.LONGEST], 1):
            if not named[at + size - 1] and last.folded not in _INNER and size > 1:
                lowercase = (head + last.folded, head + last.bare)
                found += [((at, size), form) for form in dict.fromkeys(lowercase)]
                break
            found.append(((at, size), head + last.folded))
            if size == 2 and first.folded in _SHORTENED:  # "S. Korea"
                found.append(((at, size), f"{_SHORTENED[first.folded]} {last.bare}"))
            if last.bare != last.folded:
                found.append(((at, size), head + last.bare))
            head = f"{head}{last.folded} " if size > 1 else f"{first.folded} "
    return found
