"""One block of many lines in two, so that what does not fit into one message begins in it and goes on in the next."""

from __future__ import annotations

from collections.abc import Callable

from bot.slack import escape
from bot.slack.spans import Json, Piece

LEAST = 2
"""Lines that stay before the cut: a title does not stand there without anything under it."""


def halves(piece: Piece, fits: Callable[[str], bool]) -> tuple[Piece, Piece] | None:
    """A piece cut at the last end of a line up to which its words fit; None where it has no such place."""
    sections = piece.block.get("elements", ())
    if piece.block["type"] != "rich_text" or len(sections) != 1 or sections[0]["type"] != "rich_text_section":
        return None
    ends = [at for at, sign in enumerate(piece.text) if sign == "\n"][LEAST - 1 :]
    end = next((at for at in reversed(ends) if fits(piece.text[:at])), None)
    if end is None:
        return None
    before, after = _cut(sections[0]["elements"], end)
    return _piece(before, piece.text[:end]), _piece(after, piece.text[end + 1 :])


def _cut(leaves: list[Json], end: int) -> tuple[list[Json], list[Json]]:
    """Leaves before and after a line end, which stands in one of text."""
    for n, leaf in enumerate(leaves):
        words = str(leaf.get("text") or leaf.get("fallback", ""))
        if end < len(words):
            parts = ({**leaf, "text": words[:end]}, {**leaf, "text": words[end + 1 :]})
            before, after = ([part] if part["text"] else [] for part in parts)
            return [*leaves[:n], *before], [*after, *leaves[n + 1 :]]
        end -= len(words)
    raise AssertionError("the line ends inside the block")


def _piece(leaves: list[Json], text: str) -> Piece:
    block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": leaves}]}
    return Piece(block, text, escape.units(text))
