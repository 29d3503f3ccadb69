"""Each part of a reply as blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from bot.reply import Bars, Card, Facts, Heading, Line, Notes, Part, Quiet, Quotation, Strong, Table, line
from bot.slack import escape, limits
from bot.slack.spans import Ink, Json, Piece, label, rich, small, words

BAR_COLUMNS = 16
LABEL_COLUMNS = 24


def opening(headline: str, aside: str, ink: Ink) -> Iterator[Piece]:
    """The headline, large where it fits into a header, and what stands beside it."""
    text = escape.clean(headline).strip()
    if text and "\n" not in text and escape.units(text) <= limits.HEADER:
        yield Piece({"type": "header", "text": label(text, limits.HEADER)}, text, escape.units(text))
    elif text:
        yield from rich([line(Strong(headline))], ink)
    if aside.strip():
        yield from small([line(aside)], ink)


def drawn(parts: Sequence[Part], ink: Ink) -> Iterator[Piece]:
    """All parts in order. Lines that follow one another share a block."""
    for loose, group in groupby(parts, key=lambda part: isinstance(part, tuple)):
        if loose:
            yield from _lines([part for part in group if isinstance(part, tuple)], ink)
            continue
        for part in group:
            yield from _one(part, ink)


def _one(part: Part, ink: Ink) -> Iterator[Piece]:
    match part:
        case Card(title, lines):
            yield from _lines([title, *lines], ink)
        case Facts(pairs):
            yield from rich([line(Strong(name), "  ", *value) if name else value for name, value in pairs], ink)
        case Notes(lines):
            yield from small(lines, ink)
        case Heading(text):
            yield from (piece._replace(leads=True) for piece in rich([line(Strong(text))], ink))
        case Quotation():
            yield from _quotation(part, ink)
        case Bars():
            yield from _bars(part)
        case Table():
            yield from _table(part, ink)
        case _:
            yield from rich([part], ink)


def _lines(lines: Iterable[Line], ink: Ink) -> Iterator[Piece]:
    """Lines in full size, and those that are quiet from end to end as small print."""
    for quiet, group in groupby(lines, key=_is_quiet):
        some = list(group)
        yield from small(some, ink) if quiet else rich(some, ink)


def _is_quiet(spans: Line) -> bool:
    return bool(spans) and all(isinstance(span, Quiet) for span in spans)


def _quotation(quotation: Quotation, ink: Ink) -> Iterator[Piece]:
    for block, text, size, *_ in rich([line(quotation.words)], ink, kind="rich_text_quote"):
        yield Piece(block, f"“{text}”", size)
    if quotation.original:
        for block, text, size, *_ in rich([line(quotation.original)], ink, kind="rich_text_quote", italic=True):
            yield Piece(block, f"“{text}”", size)
    if quotation.said:
        yield from small([line("— ", *quotation.said)], ink)


def _bars(bars: Bars) -> Iterator[Piece]:
    """A ranking in fixed width: label, bar, and the words beside it."""
    if not bars.rows:
        return
    rows = [
        (escape.clean(name).replace("\n", " "), value, escape.clean(said).replace("\n", " ")) for name, value, said in bars.rows
    ]
    columns = min(LABEL_COLUMNS, max(escape.width(name) for name, _, _ in rows))
    most = max(1, *(value for _, value, _ in rows))
    lines = [
        (f"{escape.padded(name, columns)} {_bar(value, most)} {said or value}", f"{name}: {said or value}")
        for name, value, said in rows
    ]
    yield from _fixed(lines)


def _bar(value: int, most: int) -> str:
    """A bar in half columns; the smallest value above nothing still shows."""
    halves = round(2 * BAR_COLUMNS * max(0, value) / most)
    if value > 0:
        halves = max(1, halves)
    return ("█" * (halves // 2) + "▌" * (halves % 2)).ljust(BAR_COLUMNS)


def _fixed(lines: Sequence[tuple[str, str]]) -> Iterator[Piece]:
    """Lines of fixed width, each with its plain words, in as few blocks as they fit into."""
    group: list[tuple[str, str]] = []
    size = 0
    for shown, said in lines:
        shown = escape.cut(shown, limits.LEAF)
        if group and size + escape.units(shown) + 1 > limits.LEAF:
            yield _preformatted(group, size)
            group, size = [], 0
        group.append((shown, said))
        size += escape.units(shown) + 1
    if group:
        yield _preformatted(group, size)


def _preformatted(group: Sequence[tuple[str, str]], size: int) -> Piece:
    leaf = {"type": "text", "text": "\n".join([shown.rstrip() or " " for shown, _ in group])}
    element = {"type": "rich_text_preformatted", "elements": [leaf]}
    return Piece({"type": "rich_text", "elements": [element]}, "\n".join([said for _, said in group]), size)


def _table(table: Table, ink: Ink) -> Iterator[Piece]:
    """One table block for as many rows as one takes, column names on top of each."""
    columns = min(len(table.columns), limits.TABLE_COLUMNS)
    if not columns:
        return
    head = _row([line(name) for name in table.columns], columns, ink)
    rows = [_row(row, columns, ink) for row in table.rows]
    if not any(cell.strip() for row in (head, *rows) for cell in row):
        return
    group: list[list[str]] = []
    start = size = sum(escape.units(name) for name in head)
    for row in rows:
        length = sum(escape.units(cell) for cell in row)
        if group and (len(group) + 1 >= limits.TABLE_ROWS or size + length > limits.TABLE_CHARACTERS // 3):
            yield _table_block(head, group, table.right)
            group, size = [], start
        group.append(row)
        size += length
    yield _table_block(head, group, table.right)
    if len(table.columns) > limits.TABLE_COLUMNS:
        yield from small([line(f"Only the first {limits.TABLE_COLUMNS} of {len(table.columns)} columns fit here.")], ink)


def _row(row: Sequence[Line], columns: int, ink: Ink) -> list[str]:
    most = limits.TABLE_CHARACTERS // (4 * columns)
    cells = [escape.cut(words(cell, ink).replace("\n", " ").strip(), most) or " " for cell in row[:columns]]
    return cells + [" "] * (columns - len(cells))


def _table_block(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int]) -> Piece:
    cells: list[list[Json]] = [[{"type": "raw_text", "text": cell} for cell in row] for row in (head, *rows)]
    settings = [{"align": "right"} if n in right else {"is_wrapped": True} for n in range(len(head))]
    text = "\n".join(" | ".join(cell.strip() for cell in row) for row in (head, *rows))
    return Piece({"type": "table", "rows": cells, "column_settings": settings}, text, 0, table=True)
