"""Runs of text on a screen: how wide they are, where they break, and in which colours."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from wcwidth import wcswidth

from bot.terminal.mrkdwn import Run, Runs, Style

_CODES = {
    Style.BOLD: "1",
    Style.DIM: "2",
    Style.ITALIC: "3",
    Style.LINK: "4",
    Style.STRIKE: "9",
    Style.CODE: "36",
}


@dataclass(frozen=True, slots=True)
class Screen:
    """What is drawn on: columns, and whether colours are wanted."""

    width: int = 100
    colour: bool = False

    @classmethod
    def of(cls, stream: TextIO) -> Screen:
        """The screen behind a stream: COLUMNS or its size, 100 columns when it has none; colour for people only."""
        columns = shutil.get_terminal_size((100, 24)).columns
        colour = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return cls(max(40, min(columns, 120)), colour)

    def paint(self, runs: Sequence[Run]) -> str:
        """One line, with its colours if they are wanted."""
        if not self.colour:
            return "".join(run.text for run in runs)
        return "".join(_painted(run) for run in runs)


def _painted(run: Run) -> str:
    codes = ";".join(code for style, code in _CODES.items() if style in run.style)
    text = f"\x1b[{codes}m{run.text}\x1b[0m" if codes else run.text
    return f"\x1b]8;;{run.url}\x1b\\{text}\x1b]8;;\x1b\\" if run.url else text


def width(text: str) -> int:
    """The columns that a line takes."""
    columns = wcswidth(text)
    return columns if columns >= 0 else len(text)


def length(runs: Sequence[Run]) -> int:
    return width("".join(run.text for run in runs))


def dimmed(runs: Runs) -> Runs:
    return [Run(run.text, run.style | Style.DIM, run.url) for run in runs]


def wrapped(runs: Runs, columns: int) -> list[Runs]:
    """The lines that a line of text takes in so many columns. They hang under its bullet or indentation."""
    if length(runs) <= columns:
        return [runs]
    hang = _hang(runs)
    indent = width(hang)
    lines: list[Runs] = [[]]
    used = 0
    for piece in _pieces(runs):
        for part in _fitting(piece, columns - indent):
            text = part.text
            if used + width(text.rstrip()) > columns and used > indent:
                lines.append([Run(hang)] if hang else [])
                used = indent
                text = text.lstrip()  # a space at the break is not carried over
            lines[-1].append(Run(text, part.style, part.url))
            used += width(text)
    return lines


def _hang(runs: Runs) -> str:
    """What continuation lines begin with: the space that the bullet takes, a little under a title, or a quotation's bar."""
    text = "".join(run.text for run in runs)
    if text.startswith("│ "):
        return "│ "
    found = re.match(r"\s*(?:[•◦·–-]\s+|\d{1,2}[.)]\s+)?", text)
    lead = found.group() if found else ""
    if not lead and Style.BOLD in runs[0].style:
        return "  "
    return " " * min(width(lead), 12)


def _pieces(runs: Runs) -> list[Run]:
    """Words with the spaces after them, each in its style."""
    return [Run(piece, run.style, run.url) for run in runs for piece in re.findall(r"\s*\S+\s*|\s+", run.text)]


def _fitting(run: Run, columns: int) -> list[Run]:
    """A word too long for a line, cut up; any other as it is."""
    if width(run.text.rstrip()) <= columns:
        return [run]
    parts: list[Run] = []
    piece = ""
    for char in run.text:
        if piece and width(piece + char) > columns:
            parts.append(Run(piece, run.style, run.url))
            piece = ""
        piece += char
    return [*parts, Run(piece, run.style, run.url)]
