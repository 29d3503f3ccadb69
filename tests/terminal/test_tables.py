"""Tables on wide and on narrow screens."""

from __future__ import annotations

from bot.terminal.layout import width
from bot.terminal.mrkdwn import Run
from bot.terminal.tables import draw_table

ROWS = [
    ["Topic", "United States", "Russia"],
    ["NATO in Eastern Europe", "rejects P-1; under the Biden administration", "demands · 17 Dec 2021"],
    ["Gaza", "", "opposes"],
]


def drawn(columns: int) -> list[str]:
    rows = [[[Run(cell)] if cell else [] for cell in row] for row in ROWS]
    return ["".join(run.text for run in line).rstrip() for line in draw_table(rows, (), columns)]


def test_columns_line_up_where_words_break() -> None:
    lines = drawn(60)
    starts = {line.index(word) for line, word in zip(lines, ("Russia", "demands"), strict=False)}
    assert len(starts) == 1
    assert all(width(line) <= 60 for line in lines)


def test_where_words_would_break_each_row_is_a_list() -> None:
    assert drawn(34) == [
        "NATO in Eastern Europe",
        "  United States: rejects P-1;",
        "  under the Biden administration",
        "  Russia: demands · 17 Dec 2021",
        "Gaza",
        "  Russia: opposes",
    ]
