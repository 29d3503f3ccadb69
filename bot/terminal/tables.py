"""Tables in columns that line up, whatever script they are in; one row under the other where the screen is too narrow."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.terminal.layout import length, width, wrapped
from bot.terminal.mrkdwn import Run, Runs, Style

_GAP = 2
_NARROWEST = 6


def draw_table(rows: Sequence[Sequence[Runs]], right: Collection[int], columns: int) -> list[Runs]:
    """The lines of a table whose first row names its columns; those in `right` are set flush right.

    Where the columns would be so narrow that words break, each row is told as a list: its first cell, and under it the others
    with the names of their columns.
    """
    count = max((len(row) for row in rows), default=0)
    full = [[*row, *([[]] * (count - len(row)))] for row in rows]
    widths = _widths([max(length(row[i]) for row in full) for i in range(count)], columns)
    if any(_longest_word(row[i]) > widths[i] for row in full for i in range(count)):
        return _listed(full, columns)
    lines: list[Runs] = []
    for n, row in enumerate(full):
        cells = [[_trimmed(part) for part in wrapped(_bold(cell) if n == 0 else cell, widths[i])] for i, cell in enumerate(row)]
        for depth in range(max((len(cell) for cell in cells), default=0)):
            line: Runs = []
            for i, cell in enumerate(cells):
                part = cell[depth] if depth < len(cell) else []
                pad = Run(" " * max(0, widths[i] - length(part)))
                line += [pad, *part] if i in right else [*part, pad]
                line.append(Run(" " * _GAP))
            lines.append(line[:-1])
    return lines


def _listed(rows: Sequence[Sequence[Runs]], columns: int) -> list[Runs]:
    head, *rest = rows
    lines: list[Runs] = []
    for first, *others in rest:
        lines += wrapped(_bold(first), columns)
        for name, cell in zip(head[1:], others, strict=True):
            if cell:
                lines += wrapped([Run("  "), *name, Run(": "), *cell], columns)
    return lines


def _bold(cell: Runs) -> Runs:
    return [Run(run.text, run.style | Style.BOLD, run.url) for run in cell]


def _longest_word(cell: Runs) -> int:
    return max((width(word) for word in "".join(run.text for run in cell).split()), default=0)


def _trimmed(line: Runs) -> Runs:
    """A line without the space at which it was broken."""
    if not line or not line[-1].text.endswith(" "):
        return line
    last = line[-1]
    return [*line[:-1], Run(last.text.rstrip(" "), last.style, last.url)]


def _widths(natural: list[int], columns: int) -> list[int]:
    """What each column gets: all it needs if there is room, else the widest give way first."""
    widths = list(natural)
    spare = sum(widths) + _GAP * (len(widths) - 1) - columns
    while spare > 0 and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
        spare -= 1
    return widths
