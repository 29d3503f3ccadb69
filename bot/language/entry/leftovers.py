"""What was not read: every word that no rule took and that says something of its own, in the person's own phrases."""

from __future__ import annotations

from bot.language.entry.lexicon import stop_words
from bot.language.entry.model import Run
from bot.language.entry.sides import Sides
from bot.language.entry.units import DONE, HIDDEN, Units
from bot.language.names import Mention
from store.parties import fold

_GLUE = frozenset('tfAwbiohTWEqyUVMHCK"')
_MARKS = frozenset(",.:;—()")


def consume(found: Units, who: Sides, read_at: list[Run], titled: Run | None) -> None:
    """Marks as read the sides, the words of time and of the round, and the words that hold the sentence together."""
    for a, b in who.used:
        _take(found, [i for i in range(a, b) if found.items[i].part in "PONATJfb,-("])
    for start, end in read_at:
        _take(found, [i for i, unit in enumerate(found.items) if unit.start < end and unit.end > start and unit.part != HIDDEN])
    if titled:
        _take(found, list(range(*titled)))


def _take(found: Units, places: list[int]) -> None:
    for at in places:
        if found.items[at].part != HIDDEN:
            found.take(at, at + 1)


def unread(found: Units, about: list[Run]) -> tuple[str, ...]:
    """The phrases that found no place, in order; then what lies beyond the part that is read.

    In the sentences on the talks, the words that hold them together ("will hold talks with") count as read.
    """
    ours = {at for run in about if DONE in found.letters[slice(*run)] for at in range(*run)}
    phrases: list[str] = []
    first = 0
    for at in range(len(found.items) + 1):
        if (
            at == len(found.items)
            or found.items[at].part == DONE
            or found.items[at].text in _MARKS
            or found.items[at].part in _MARKS
        ):
            if words := _phrase(found, first, at, ours):
                phrases.append(words)
            first = at + 1
    rest = " ".join(found.text[found.rest :].split())
    return tuple(dict.fromkeys([*phrases, *([rest] if rest else [])]))


def _phrase(found: Units, start: int, end: int, ours: set[int]) -> str:
    while start < end and _says_nothing(found, start, ours):
        start += 1
    while end > start and _says_nothing(found, end - 1, ours):
        end -= 1
    return found.words(start, end)


def _says_nothing(found: Units, at: int, ours: set[int]) -> bool:
    unit = found.items[at]
    if isinstance(unit.value, Mention):
        return False
    said = fold(unit.text).split()
    if (said and all(word in stop_words() for word in said)) or unit.part in "-,":
        return True
    if unit.part in _GLUE and at in ours:
        found.spans.append((unit.start, unit.end))
        return True
    return False


def uncovered(found: Units, spans: list[Run]) -> tuple[str, ...]:
    """The phrases outside the spans that say something of their own; then what lies beyond the part that is read."""
    for at, unit in enumerate(found.items):
        if unit.part != DONE and any(a < unit.end and unit.start < b for a, b in spans):
            found.change(at, DONE, unit.value)
    return unread(found, [])
