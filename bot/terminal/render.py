"""Block Kit and forms as terminal text. It draws what Slack would be sent, so what stands here is what Slack gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.reply import Field, FieldKind, Form
from bot.reply import plain as bare
from bot.terminal.layout import Screen, dimmed, length, wrapped
from bot.terminal.mrkdwn import Run, Runs, Style, parse, plain, safe
from bot.terminal.tables import draw_table

__all__ = ["Drawing", "Screen", "draw", "draw_form"]

Block = dict[str, Any]


@dataclass(slots=True)
class Drawing:
    """A drawing under way: its lines, and the buttons met so far in the order of their numbers."""

    screen: Screen
    lines: list[Runs] = field(default_factory=list)
    buttons: list[Block] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    """The label of each address, in the order met."""

    def write(self, runs: Runs) -> None:
        self.lines += wrapped(runs, self.screen.width)
        self.links |= {run.url: run.text for run in runs if run.url and run.url not in self.links}

    def number(self, button: Block) -> Runs:
        """A button with its number, which presses it."""
        self.buttons.append(button)
        label = safe(str(button.get("text", {}).get("text", ""))).replace("\n", " ")
        return [Run(f"[{len(self.buttons)}]", Style.BOLD), Run(f" {label}")]

    def write_links(self) -> None:
        """The addresses behind the labels, where a label cannot be clicked: whole, so that they can be copied."""
        if not self.screen.colour:
            self.lines += [[Run(label if label == url else f"{label}: {url}")] for url, label in self.links.items()]
        self.links.clear()

    @property
    def text(self) -> str:
        return "\n".join(self.screen.paint(line).rstrip() for line in self.lines)


def draw(blocks: Sequence[Block], screen: Screen) -> str:
    """A message's blocks as text."""
    return drawing(blocks, screen).text


def drawing(blocks: Sequence[Block], screen: Screen) -> Drawing:
    """A message's blocks as text, with the buttons that stand in it."""
    on = Drawing(screen)
    for block in blocks:
        if block.get("type") == "actions":
            on.write_links()
        painter = _PAINTERS.get(str(block.get("type")))
        if painter is None:
            on.write([Run(f"[{safe(str(block.get('type')))}]", Style.DIM)])
        else:
            painter(on, block)
    on.write_links()
    return on


def _text(text: Block) -> list[Runs]:
    words = str(text.get("text", ""))
    return parse(words) if text.get("type") == "mrkdwn" else plain(words)


def _header(on: Drawing, block: Block) -> None:
    for runs in _text(block["text"]):
        on.write([Run(run.text, run.style | Style.BOLD) for run in runs])


def _section(on: Drawing, block: Block) -> None:
    if "text" in block:
        for runs in _text(block["text"]):
            on.write(runs)
    if fields := [_text(each) for each in block.get("fields", ())]:
        _fields(on, fields)
    accessory = block.get("accessory", {})
    if accessory.get("type") == "button":
        on.write(on.number(accessory))
    elif accessory.get("type") == "image":
        _image(on, accessory)


def _fields(on: Drawing, fields: list[list[Runs]]) -> None:
    """A field with a label over its words becomes one line, the words of all fields in a column."""
    labels = max((length(lines[0]) for lines in fields if len(lines) > 1), default=0)
    labels = min(labels, on.screen.width // 3)
    for lines in fields:
        if len(lines) == 1:
            on.write(lines[0])
            continue
        label, *rest = lines
        lead: Runs = [*label, Run(" " * (labels + 2 - min(length(label), labels)))]
        for runs in rest:
            for part in wrapped(runs, on.screen.width - labels - 2):
                on.lines.append([*lead, *part])
                lead = [Run(" " * (labels + 2))]


def _context(on: Drawing, block: Block) -> None:
    for element in block.get("elements", ()):
        if element.get("type") == "image":
            _image(on, element)
            continue
        for runs in _text(element):
            on.write(dimmed(runs))


def _actions(on: Drawing, block: Block) -> None:
    row: Runs = []
    for element in block.get("elements", ()):
        if element.get("type") != "button":
            continue
        button = on.number(element)
        if row and length(row) + 3 + length(button) > on.screen.width:
            on.lines.append(row)
            row = []
        row += [*([Run("   ")] if row else []), *button]
    if row:
        on.lines.append(row)


def _divider(on: Drawing, _: Block) -> None:
    on.lines.append([Run("─" * on.screen.width, Style.DIM)])


def _image(on: Drawing, block: Block) -> None:
    words = " ".join(str(block.get(name, "")) for name in ("alt_text", "image_url") if block.get(name))
    on.write([Run(f"[image: {safe(words)}]", Style.DIM)])


def _table(on: Drawing, block: Block) -> None:
    rows = [[_cell(cell) for cell in row] for row in block.get("rows", ())]
    right = {i for i, column in enumerate(block.get("column_settings") or ()) if (column or {}).get("align") == "right"}
    on.lines += draw_table(rows, right, on.screen.width)


def _cell(cell: Block) -> Runs:
    if cell.get("type") == "rich_text":
        return [run for element in cell.get("elements", ()) for run in _rich_line(element)]
    return [run for runs in plain(str(cell.get("text", ""))) for run in runs]


def _rich_text(on: Drawing, block: Block) -> None:
    for element in block.get("elements", ()):
        kind = element.get("type")
        if kind == "rich_text_list":
            for n, item in enumerate(element.get("elements", ()), 1):
                mark = f"{n}. " if element.get("style") == "ordered" else "• "
                on.write([Run("  " * int(element.get("indent", 0)) + mark), *_rich_line(item)])
            continue
        lead = [Run("│ ", Style.DIM)] if kind == "rich_text_quote" else []
        lines = _split(_rich_line(element))
        for n, runs in enumerate(lines):
            # What follows a title hangs under it.
            under = kind == "rich_text_section" and n > 0 and _is_bold(lines[0]) and not _is_bold(runs)
            if kind == "rich_text_preformatted":
                on.lines.append(runs)  # columns that somebody lined up stay lined up
            else:
                on.write([*lead, *([Run("  ")] if under else []), *runs])


def _is_bold(runs: Runs) -> bool:
    return bool(runs) and Style.BOLD in runs[0].style


def _rich_line(element: Block) -> Runs:
    runs: Runs = []
    for part in element.get("elements", ()):
        style = Style.PLAIN
        for name in part.get("style") or ():
            style |= Style[name.upper()] if name.upper() in Style.__members__ else Style.PLAIN
        url = safe(str(part.get("url", ""))) if part.get("type") == "link" else None
        runs.append(Run(_rich_words(part), style | (Style.LINK if url else Style.PLAIN), url))
    return runs


def _rich_words(part: Block) -> str:
    kind = part.get("type")
    if kind == "link":
        return safe(str(part.get("text") or part.get("url", "")))
    if kind == "user":
        return safe(f"@{part.get('user_id')}")
    if kind == "date":
        return safe(str(part.get("fallback") or part.get("timestamp")))
    if kind == "emoji":
        return safe(f":{part.get('name')}:")
    return safe(str(part.get("text", "")))


def _split(runs: Runs) -> list[Runs]:
    """Runs that hold line ends, as lines."""
    lines: list[Runs] = [[]]
    for run in runs:
        first, *rest = run.text.split("\n")
        lines[-1].append(Run(first, run.style, run.url))
        lines += [[Run(text, run.style, run.url)] for text in rest]
    return [[run for run in line if run.text] for line in lines]


def _markdown(on: Drawing, block: Block) -> None:
    for runs in plain(str(block.get("text", ""))):
        on.write(runs)


_PAINTERS: dict[str, Callable[[Drawing, Block], None]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "divider": _divider,
    "image": _image,
    "table": _table,
    "rich_text": _rich_text,
    "markdown": _markdown,
}


def draw_form(form: Form, screen: Screen) -> str:
    """A form with its values and errors, as it stands."""
    on = Drawing(screen)
    on.write([Run(safe(form.title), Style.BOLD)])
    for note in form.notes:
        on.write([Run(safe(bare(note)))])
    if form.unread:
        on.write([Run(f"Not understood: {safe(', '.join(form.unread))}")])
    labels = [[[Run(safe(each.label), Style.BOLD)], *_value(each)] for each in form.fields]
    if labels:
        _fields(on, labels)
    return on.text


def _value(each: Field) -> list[Runs]:
    lines = [[Run(text)] for text in safe(shown(each)).split("\n")]
    if each.error:
        lines.append([Run(f"! {safe(each.error)}", Style.BOLD)])
    return lines


def shown(each: Field) -> str:
    """A field's value as a person reads it."""
    if each.kind not in (FieldKind.CHOICE, FieldKind.CHOICES):
        return each.value or "–"
    labels = {option.value: option.label for option in each.options}
    chosen = each.value.split(",") if each.kind is FieldKind.CHOICES else [each.value]
    return ", ".join(labels.get(value, value) for value in chosen if value) or "–"
