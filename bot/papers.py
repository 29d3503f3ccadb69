"""An answer as a file for the folder one takes along: Markdown, or HTML that stands on its own. PDF is in `papers_pdf`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.reply import (
    Bars,
    Card,
    Facts,
    Heading,
    Line,
    Link,
    Marked,
    Notes,
    Part,
    Quotation,
    Reply,
    Span,
    Strong,
    Table,
    plain,
)

_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#])")
_HTTP = re.compile(r"https?://[^\s<>\"]+\Z", re.IGNORECASE)
_LIST = re.compile(r"( *)(• )?")
_SOURCE = re.compile(r"\d+\.\s")
INDENT = 3
"""Spaces before a line of a card that stand for one level."""

STYLE = """body{font:11pt/1.45 Georgia,"DejaVu Serif",serif;max-width:44em;margin:2em auto;padding:0 1em;color:#111}
h1{font-size:1.4em;margin:0}h2{font-size:1.1em;margin:1.4em 0 .3em;border-bottom:1px solid #999;break-after:avoid}
p{margin:.35em 0}.title{margin-top:.7em;break-after:avoid}.aside,.note,.source{color:#444;font-size:.9em}
.source{padding-left:2.2em;text-indent:-2.2em;overflow-wrap:anywhere}ul{margin:.2em 0;padding-left:1.2em}li{margin:.1em 0}
ul ul{list-style:circle}blockquote{margin:.4em 1em;font-style:italic}
@media print{body{margin:0;max-width:none}a{color:inherit;text-decoration:none}}"""


class Told(NamedTuple):
    """A line of an answer and what it is: heading, title, item, quote, note, source or text; items have a level."""

    kind: str
    told: Line
    depth: int = 0


def lines_of(parts: Sequence[Part]) -> Iterator[Told]:
    """Every line of some parts with what it is. A card's lines are items under its title."""
    for part in parts:
        if isinstance(part, Heading):
            yield Told("heading", (part.text,))
        elif isinstance(part, Card):
            yield Told("title", part.title)
            yield from _items(part.lines)
        elif isinstance(part, Facts):
            yield from (Told("text", (Strong(label), "  ", *told)) for label, told in part.pairs)
        elif isinstance(part, Quotation):
            yield Told("quote", (f"“{part.words}”", *((" — ", *part.said) if part.said else ())))
        elif isinstance(part, Notes):
            yield from (Told("source" if _SOURCE.match(plain(told)) else "note", told) for told in part.lines)
        elif isinstance(part, Table):
            yield from (Told("item", _joined(row)) for row in part.rows)
        elif isinstance(part, Bars):
            yield from (Told("item", (f"{name}: {said or value}",)) for name, value, said in part.rows)
        else:
            bullet = _LIST.match(plain(part))
            yield Told("item" if bullet and bullet[2] else "text", _without_bullet(part))


def _items(lines: Sequence[Line]) -> Iterator[Told]:
    """Lines as items, each at most one level under the one before it, the first at the top."""
    depth, top = -1, None
    for told in lines:
        found = _LIST.match(plain(told))
        level = len(found[1]) // INDENT if found else 0
        top = level if top is None else top
        depth = min(depth + 1, max(0, level - top))
        yield Told("item", _without_bullet(told), depth)


def _joined(row: Sequence[Line]) -> Line:
    found: list[Span] = []
    for cell in row:
        found += [" · "] if found else []
        found += cell
    return tuple(found)


def _without_bullet(told: Line) -> Line:
    if told and isinstance(told[0], str):
        return (_LIST.sub("", told[0], count=1).lstrip(), *told[1:])
    return told


def markdown(reply: Reply) -> str:
    """The answer as Markdown. What people typed stays text: none of it turns into markup."""
    out = [f"# {_escaped(reply.headline)}", ""]
    out += [f"*{_escaped(reply.aside)}*", ""] if reply.aside else []
    before = ""
    for kind, told, depth in lines_of(reply.parts):
        words = "".join(map(_markdown, told)).strip()
        if kind != before and before in ("item", "source"):
            out.append("")
        if kind == "heading":
            out += [f"## {words}", ""]
        elif kind == "item":
            out.append(f"{'  ' * depth}- {words}")
        elif kind == "source":
            out.append(words)
        elif kind == "quote":
            out += [f"> {words}", ""]
        else:
            out += [words, ""]
        before = kind
    return "\n".join(out).rstrip() + "\n"


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split())) if text.strip() else text


def _spaced(text: str) -> str:
    """Escaped, with the spaces at either end that part it from its neighbours."""
    bare = _escaped(text).strip()
    if not bare:
        return " " if text else ""
    return (" " if text[:1].isspace() else "") + bare + (" " if text[-1:].isspace() else "")


def _markdown(span: Span) -> str:
    if isinstance(span, Link) and _HTTP.match(span.url or ""):
        return f"<{span.url}>" if span.text == span.url else f"[{_escaped(span.text)}](<{span.url}>)"
    words = _spaced(plain((span,)))
    return f"**{words.strip()}**" if isinstance(span, Strong | Marked) and words.strip() else words


def html_page(reply: Reply) -> str:
    """The answer as one HTML page that needs nothing else."""
    body: list[str] = []
    level = 0
    for kind, told, depth in lines_of(reply.parts):
        words = "".join(map(_html, told)).strip()
        wanted = depth + 1 if kind == "item" else 0
        body.append("</li></ul>" * (level - wanted) + ("</li>" if 0 < wanted <= level else "<ul>" * (wanted - level)))
        level = wanted
        tag = {"heading": "h2", "item": "li", "quote": "blockquote"}.get(kind, "p")
        style = f' class="{kind}"' if kind in ("title", "note", "source") else ""
        body.append(f"<li>{words}" if kind == "item" else f"<{tag}{style}>{words}</{tag}>")
    body.append("</li></ul>" * level)
    title = html.escape(reply.headline)
    aside = f'<p class="aside">{html.escape(reply.aside)}</p>' if reply.aside else ""
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    made = "\n".join(filter(None, body))
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}<style>\n{STYLE}\n</style></head>\n'
        f"<body><h1>{title}</h1>{aside}\n{made}\n</body></html>\n"
    )


def _html(span: Span) -> str:
    words = html.escape(plain((span,)))
    if isinstance(span, Link) and _HTTP.match(span.url or ""):
        return f'<a href="{html.escape(span.url or "", quote=True)}">{words}</a>'
    return f"<b>{words}</b>" if isinstance(span, Strong | Marked) else words
