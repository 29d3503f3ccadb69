"""Tables in columns that line up, whatever script they are in."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.terminal.layout import length, wrapped
from bot.terminal.mrkdwn import Run, Runs, Style

_GAP = 2
_NARROWEST = 6


def draw_table(rows: Sequence[Sequence[Runs]], right: Collection[int], columns: int) -> list[Runs]:
    """The lines of a table whose first row names its columns; those in `right` are set flush right."""
    count = max((len(row) for row in rows), default=0)
    full = [[*row, *([[]] * (count - len(row)))] for row in rows]
    widths = _widths([max(length(row[i]) for row in full) for i in range(count)], columns)
    lines: list[Runs] = []
    for n, row in enumerate(full):
        cells = [
            wrapped([Run(r.text, r.style | Style.BOLD) for r in cell] if n == 0 else cell, widths[i])
            for i, cell in enumerate(row)
        ]
        for depth in range(max((len(cell) for cell in cells), default=0)):
            line: Runs = []
            for i, cell in enumerate(cells):
                part = cell[depth] if depth < len(cell) else []
                pad = Run(" " * max(0, widths[i] - length(part)))
                line += [pad, *part] if i in right else [*part, pad]
                line.append(Run(" " * _GAP))
            lines.append(line[:-1])
    return lines


def _widths(natural: list[int], columns: int) -> list[int]:
    """What each column gets: all it needs if there is room, else the widest give way first."""
    widths = list(natural)
    spare = sum(widths) + _GAP * (len(widths) - 1) - columns
    while spare > 0 and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
        spare -= 1
    return widths
