"""Long posts cut into messages: the first, and those that continue it in its thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot.reply import Card, Heading, Line, Notes, Part, Reply, plain

LINES = 30
CHARACTERS = 2600
"""How much goes into one message; the rest continues in its thread."""


def split(whole: Reply, *, says: str = "continues in the thread, {} parts", headings_again: bool = True) -> list[Reply]:
    """A reply made of lines, cards, notes and headings, as messages that Slack takes whole; the first has the buttons, and
    `says` how many there are. `headings_again`: the heading stands again where what it is over continues, until another
    heading (an empty one says nothing)."""
    pager = _Pager(headings_again)
    for part in whole.parts:
        pager.add(part)
    pages = [tuple(page) for page in pager.pages]
    first = replace(whole, parts=pages[0])
    if len(pages) == 1:
        return [first]
    aside = " · ".join(part for part in (whole.aside, says.format(len(pages))) if part)
    rest = [
        replace(whole, headline=f"{whole.headline} · part {n} of {len(pages)}", aside="", parts=page, buttons=(), share=None)
        for n, page in enumerate(pages[1:], 2)
    ]
    return [replace(first, aside=aside), *rest]


@dataclass(slots=True)
class _Pager:
    """Pages as they fill up. A heading stays with what follows it."""

    headings_again: bool
    pages: list[list[Part]] = field(default_factory=lambda: [[]])
    _lines: int = 0
    _size: int = 0
    _heading: str = ""
    _said: bool = True

    def add(self, part: Part) -> None:
        match part:
            case Heading(text):
                self._heading, self._said = text, False
            case Card(title, lines):
                self._several(title, lines)
            case Notes(lines):
                self._several(None, lines)
            case tuple():
                self._room(part)
                self.pages[-1].append(_short(part))
            case _:
                self._room(())
                self.pages[-1].append(part)

    def _several(self, title: Line | None, lines: Sequence[Line]) -> None:
        """A card, or notes, on as many pages as it takes; a card's title stays with its first line."""
        kept: list[Line] = []
        if title is not None:
            self._room(title, *lines[:1])
        for row in lines:
            if self._would_turn(row) and kept:
                self._close(title, kept)
                title, kept = (None if title is None else (*title, ", continued")), []
                self._room(row, *([title] if title else []))
            else:
                self._count(row)
            kept.append(_short(row))
        self._close(title, kept)

    def _close(self, title: Line | None, lines: Iterable[Line]) -> None:
        self.pages[-1].append(Notes(tuple(lines)) if title is None else Card(_short(title), tuple(lines)))

    def _would_turn(self, *rows: Line) -> bool:
        size = sum(len(plain(row)) for row in rows)
        return bool(self._lines) and (self._lines >= LINES or self._size + size > CHARACTERS)

    def _room(self, *rows: Line) -> None:
        """Turns the page where these rows do not fit on it, and says the heading where it is due. Counts the first row."""
        if self._would_turn(*rows):
            self.pages.append([])
            self._lines = self._size = 0
        again = self.headings_again and not self.pages[-1]
        if self._heading and (not self._said or again):
            self.pages[-1].append(Heading(f"{self._heading}, continued" if self._said else self._heading))
            self._said = True
        self._count(rows[0])

    def _count(self, row: Line) -> None:
        self._lines, self._size = self._lines + 1, self._size + len(plain(row))


def _short(row: Line) -> Line:
    """A line that fits; what is cut says so and is on the card."""
    if len(plain(row)) <= CHARACTERS // 2:
        return row
    return (plain(row)[: CHARACTERS // 2] + " … (cut)",)
