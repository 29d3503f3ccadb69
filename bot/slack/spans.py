"""Lines of spans as Slack's rich text, and as the small grey text of a context block.

Rich text is the rule: what stands in it is never parsed, so that a quoted `*`, `<!channel>` or `:smile:` shows as written.
Only small print goes through mrkdwn, because a context block takes nothing else with links in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from bot.reply import Line, Link, Marked, Mention, Moment, Quiet, Span, Strong, clock
from bot.slack import escape, limits

Json = dict[str, Any]

_DATE_FORMAT = "{date_short_pretty} {time}"
_STYLES: dict[type, Json] = {Strong: {"bold": True}, Marked: {"bold": True}, Quiet: {"italic": True}}
_FIRST_TOKEN, _LAST_TOKEN = 0, 4_102_444_800
"""Date tokens are for 1970 to 2100; what lies outside is written out."""


class Piece(NamedTuple):
    """One block and the plain words that say the same; `size` is what it takes of a message's characters.

    What `leads` stands over what follows it, and is not left behind at the end of a message.
    """

    block: Json
    text: str
    size: int
    table: bool = False
    leads: bool = False


class Ink(NamedTuple):
    """How people and clock times are written: a person's name if it is known, and the zone of fallbacks if not their own."""

    name: Callable[[str], str | None]
    zone: str | None = None

    def person(self, mention: Mention) -> str:
        """A name that notifies nobody: Slack's own mentions do, in whatever channel the card ends up."""
        return "@" + escape.clean(self.name(mention.user) or mention.user)

    def clock(self, moment: Moment) -> str:
        return clock(replace(moment, zone=self.zone) if self.zone else moment)


class Token(NamedTuple):
    """A span made ready: what goes into the block, its plain words, its size."""

    drawn: Any
    text: str
    size: int


def rich(lines: Iterable[Line], ink: Ink, *, kind: str = "rich_text_section", italic: bool = False) -> Iterator[Piece]:
    """Lines as rich text blocks, one under another; more than one block only where Slack's limit asks for it."""
    for tokens in _packed(_leaves(_with_breaks(lines), ink, italic=italic)):
        text = "".join([token.text for token in tokens])
        if text.strip():
            element = {"type": kind, "elements": [token.drawn for token in tokens]}
            size = sum([token.size for token in tokens])
            yield Piece({"type": "rich_text", "elements": [element]}, text.rstrip("\n"), size)


def small(lines: Sequence[Line], ink: Ink) -> Iterator[Piece]:
    """Lines as context blocks."""
    if all(isinstance(span, str | Quiet) for line in lines for span in line):
        yield from _small_plain("\n".join([words(line, ink) for line in lines]))
        return
    for tokens in _packed(_marks(_with_breaks(lines), ink)):
        drawn, text = "".join([token.drawn for token in tokens]), "".join([token.text for token in tokens])
        if text.strip():
            element = {"type": "mrkdwn", "text": drawn.strip("\n"), "verbatim": True}
            yield Piece({"type": "context", "elements": [element]}, text.strip("\n"), escape.units(drawn))


def _small_plain(text: str) -> Iterator[Piece]:
    for part in escape.pieces(text, limits.LEAF):
        if part.strip():
            element = {"type": "plain_text", "text": part.strip("\n"), "emoji": False}
            yield Piece({"type": "context", "elements": [element]}, part.strip("\n"), escape.units(part))


def words(spans: Iterable[Span], ink: Ink) -> str:
    """A line as cleaned plain words."""
    return "".join([_plain(span, ink) for span in spans])


def _plain(span: Span, ink: Ink) -> str:
    if isinstance(span, str):
        return escape.clean(span)
    if isinstance(span, Moment):
        return ink.clock(span)
    if isinstance(span, Mention):
        return ink.person(span)
    return escape.clean(span.text)


def _with_breaks(lines: Iterable[Line]) -> Iterator[Span]:
    first = True
    for line in lines:
        if not first:
            yield "\n"
        first = False
        yield from line


def _packed(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """Tokens in groups that each fit into one block."""
    group: list[Token] = []
    size = 0
    for token in tokens:
        if group and size + token.size > limits.LEAF:
            yield group
            group, size = [], 0
        group.append(token)
        size += token.size
    if group:
        yield group


def _leaves(spans: Iterable[Span], ink: Ink, *, italic: bool) -> Iterator[Token]:
    """Rich text elements; neighbours of the same style are joined."""
    pending, style = "", None
    for span in spans:
        drawn = _special(span, ink) if isinstance(span, Link | Moment) else None
        if drawn is None:
            text = _plain(span, ink)
            wanted = _STYLES.get(type(span)) or ({"italic": True} if italic else None)
            if wanted == style or not text.strip():
                pending += text
                continue
            yield from _runs(pending, style)
            pending, style = text, wanted
        else:
            yield from _runs(pending, style)
            pending = ""
            yield drawn
    yield from _runs(pending, style)


def _runs(text: str, style: Json | None) -> Iterator[Token]:
    if not text:
        return
    for part in (text,) if 2 * len(text) <= limits.LEAF else escape.pieces(text, limits.LEAF):
        leaf: Json = {"type": "text", "text": part}
        if style:
            leaf["style"] = style
        yield Token(leaf, part, escape.units(part))


def _special(span: Span, ink: Ink) -> Token | None:
    """Links and clock times that Slack draws itself; None for what is text alone."""
    if isinstance(span, Link):
        url = escape.web_address(span.url, limits.LINK)
        text = escape.cut(escape.clean(span.text), limits.LEAF)
        if url is None or not text.strip():
            return None
        return Token({"type": "link", "url": url, "text": text}, text, escape.units(text))
    if isinstance(span, Moment) and (stamp := _stamp(span)) is not None:
        text = ink.clock(span)
        return Token({"type": "date", "timestamp": stamp, "format": _DATE_FORMAT, "fallback": text}, text, len(text))
    return None


def _stamp(moment: Moment) -> int | None:
    stamp = int(moment.at.timestamp())
    return stamp if _FIRST_TOKEN <= stamp < _LAST_TOKEN else None


def _marks(spans: Iterable[Span], ink: Ink) -> Iterator[Token]:
    """mrkdwn for a context block."""
    for span in spans:
        special = _special(span, ink)
        if special is not None:
            drawn = _mark_special(special)
            yield Token(drawn, special.text, escape.units(drawn))
            continue
        bold = isinstance(span, Strong | Marked)
        for part in _escapable(_plain(span, ink)):
            drawn = escape.mrkdwn(part)
            if bold and drawn.strip() == drawn and drawn and "\n" not in drawn:
                drawn = f"\u200b*{drawn}*\u200b"
            yield Token(drawn, part, escape.units(drawn))


def _escapable(text: str) -> Iterable[str]:
    """Text in pieces that still fit once they are escaped, which makes no sign longer than five times itself."""
    if len(text) < limits.LEAF // 10:
        return (text,)
    return escape.pieces(text, limits.LEAF - 4, lambda piece: escape.units(escape.mrkdwn(piece)))


def _mark_special(token: Token) -> str:
    leaf = token.drawn
    if leaf["type"] == "date":
        return f"<!date^{leaf['timestamp']}^{_DATE_FORMAT}|{escape.entities(leaf['fallback'])}>"
    shown = escape.mrkdwn(escape.cut(token.text.replace("\n", " "), 500)).replace("|", "\u2223")
    drawn = f"<{escape.entities(leaf['url'])}|{shown}>"
    return drawn if escape.units(drawn) <= limits.LEAF else shown


def label(text: str, most: int, instead: str = "") -> Json:
    """A plain_text object for a title, a button or a field: one line, never empty, never too long."""
    lines = (escape.cut(escape.clean(words).replace("\n", " ").strip(), most) for words in (text, instead))
    return {"type": "plain_text", "text": next((words for words in lines if words), "…"), "emoji": False}
