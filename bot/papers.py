"""An answer as a file for the folder one takes along: Markdown, or HTML that stands on its own. PDF is in `papers_pdf`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

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
_LIST = re.compile(r"\s*• ")

STYLE = """body{font:11pt/1.45 Georgia,"DejaVu Serif",serif;max-width:44em;margin:2em auto;padding:0 1em;color:#111}
h1{font-size:1.4em;margin:0}h2{font-size:1.1em;margin:1.4em 0 .3em;border-bottom:1px solid #999}
p{margin:.35em 0}.aside,.notes{color:#555;font-size:.9em}ul{margin:.2em 0;padding-left:1.2em}
blockquote{margin:.4em 1em;font-style:italic}table{border-collapse:collapse}td,th{border:1px solid #999;padding:.2em .5em}
@media print{body{margin:0;max-width:none}a{color:inherit;text-decoration:none}}"""


def lines_of(parts: Sequence[Part]) -> Iterator[tuple[str, Line]]:
    """Every line of some parts with what it is: heading, title, item, quote, note or text."""
    for part in parts:
        if isinstance(part, Heading):
            yield "heading", (part.text,)
        elif isinstance(part, Card):
            yield "title", part.title
            yield from (("item", _without_bullet(told)) for told in part.lines)
        elif isinstance(part, Facts):
            yield from (("text", (Strong(label), "  ", *told)) for label, told in part.pairs)
        elif isinstance(part, Quotation):
            yield "quote", (f"“{part.words}”", *((" — ", *part.said) if part.said else ()))
        elif isinstance(part, Notes):
            yield from (("note", told) for told in part.lines)
        elif isinstance(part, Table):
            yield from (("item", _joined(row)) for row in part.rows)
        elif isinstance(part, Bars):
            yield from (("item", (f"{name}: {said or value}",)) for name, value, said in part.rows)
        else:
            yield ("item" if _LIST.match(plain(part)) else "text"), _without_bullet(part)


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
    for kind, told in lines_of(reply.parts):
        words = "".join(map(_markdown, told)).strip()
        if kind != "item" and before == "item":
            out.append("")
        if kind == "heading":
            out += [f"## {words}", ""]
        elif kind == "item":
            out.append(f"- {words}")
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
        return f"[{_escaped(span.text)}](<{span.url}>)"
    words = _spaced(plain((span,)))
    return f"**{words.strip()}**" if isinstance(span, Strong | Marked) and words.strip() else words


def html_page(reply: Reply) -> str:
    """The answer as one HTML page that needs nothing else."""
    body: list[str] = []
    inside = False
    for kind, told in lines_of(reply.parts):
        words = "".join(map(_html, told)).strip()
        if (kind == "item") is not inside:
            inside = kind == "item"
            body.append("<ul>" if inside else "</ul>")
        tag = {"heading": "h2", "item": "li", "quote": "blockquote"}.get(kind, "p")
        style = ' class="notes"' if kind == "note" else ""
        body.append(f"<{tag}{style}>{words}</{tag}>")
    body += ["</ul>"] if inside else []
    title = html.escape(reply.headline)
    aside = f'<p class="aside">{html.escape(reply.aside)}</p>' if reply.aside else ""
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    made = "\n".join(body)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}<style>\n{STYLE}\n</style></head>\n'
        f"<body><h1>{title}</h1>{aside}\n{made}\n</body></html>\n"
    )


def _html(span: Span) -> str:
    words = html.escape(plain((span,)))
    if isinstance(span, Link) and _HTTP.match(span.url or ""):
        return f'<a href="{html.escape(span.url or "", quote=True)}">{words}</a>'
    return f"<b>{words}</b>" if isinstance(span, Strong | Marked) else words
