"""What was not read: every word that no rule took and that says something of its own, in the person's own phrases."""

from __future__ import annotations

from bot.language.entry.lexicon import stop_words
from bot.language.entry.model import Run
from bot.language.entry.sides import Sides
from bot.language.entry.units import DONE, HIDDEN, Unit, Units

_GLUE = frozenset('tfAwbiohTWEqyUVMHCK"')
_MARKS = frozenset(",.:;—()")


def consume(found: Units, about: list[Run], who: Sides, read_at: list[Run], titled: Run | None) -> None:
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


def unread(found: Units) -> tuple[str, ...]:
    """The phrases that found no place, in order; then what lies beyond the part that is read."""
    phrases: list[str] = []
    first = 0
    for at in range(len(found.items) + 1):
        if (
            at == len(found.items)
            or found.items[at].part == DONE
            or found.items[at].text in _MARKS
            or found.items[at].part in _MARKS
        ):
            if words := _phrase(found, first, at):
                phrases.append(words)
            first = at + 1
    rest = " ".join(found.text[found.rest :].split())
    return tuple(dict.fromkeys([*phrases, *([rest] if rest else [])]))


def _phrase(found: Units, start: int, end: int) -> str:
    while start < end and _says_nothing(found.items[start]):
        start += 1
    while end > start and _says_nothing(found.items[end - 1]):
        end -= 1
    return found.words(start, end)


def _says_nothing(unit: Unit) -> bool:
    return unit.part in _GLUE or unit.part in "-," or all(word in stop_words() for word in unit.folded.split())


def uncovered(found: Units, spans: list[Run]) -> tuple[str, ...]:
    """The phrases outside the spans that say something of their own; then what lies beyond the part that is read."""
    for at, unit in enumerate(found.items):
        if unit.part != DONE and any(a < unit.end and unit.start < b for a, b in spans):
            found.change(at, DONE, unit.value)
    return unread(found)
