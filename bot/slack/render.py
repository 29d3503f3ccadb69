"""Reply to Block Kit. Slack's limits, splitting, escaping, date tokens and the fallback text live here and nowhere else.

`render` gives the one message that fits into an answer, `render_all` the whole of a long reply as messages to post one
after another. In every message the top-level text says in plain words what the blocks say.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from bot.reply import Button, Reply, Visibility, line
from bot.slack import escape, limits
from bot.slack.halves import halves
from bot.slack.parts import drawn, opening
from bot.slack.spans import Ink, Json, Piece, label, small

MORE = "There is more than fits here; narrow the question down to see the rest."
LEFT_OUT = "A button is missing here: its command is longer than Slack allows. Type it instead."
NOTHING = "There is nothing to show."
SHARE_LABEL = "Share in channel"
SHARE_ACTION, RUN_ACTION, PAGE_ACTION = "share", "run", "page"

_OTHER_PAGE = re.compile(r" page \d+$")
_TEXT = limits.MESSAGE_TEXT - len(MORE) - len(LEFT_OUT) - 4
WORTH = 400
"""How much must be left of a message for the next piece to begin in it."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: the text that notifications, screen readers and plain clients get, and the blocks for all others."""

    text: str
    blocks: list[Json] = field(default_factory=list)
    public: bool = False

    def body(self) -> Json:
        """The message as an acknowledgement or a response URL takes it."""
        kind = "in_channel" if self.public else "ephemeral"
        return {"response_type": kind, "text": self.text, "blocks": self.blocks, "unfurl_links": False, "unfurl_media": False}


def _nameless(_: str) -> None:
    return None


def render(reply: Reply, *, zone: str | None = None, name: Callable[[str], str | None] = _nameless) -> Message:
    """The reply as one message. What does not fit is left out, and the message says so.

    `zone` is the reader's, for the fallback of clock times (each names its own zone otherwise); `name` gives a person's
    name for a Slack user id, or None.
    """
    return render_all(reply, zone=zone, name=name, most=1)[0]


def render_all(
    reply: Reply, *, zone: str | None = None, name: Callable[[str], str | None] = _nameless, most: int | None = None
) -> list[Message]:
    """The whole reply: one message, and as many more as it takes to go on. The buttons are on the first.

    What does not fit into `most` messages, if that is given, is left out, and the last of them says so.
    """
    ink = Ink(name, zone)
    buttons = _buttons(reply, ink)
    groups = _packed(_pieces(reply, ink), reserve=len(buttons) + 1)
    shown = groups[:most]
    if len(shown) < len(groups):
        shown[-1] += small([line(MORE)], ink)
    shown[0] += buttons
    return [_message(group, reply) for group in shown]


def on_screen(reply: Reply, *, zone: str | None = None) -> list[Json]:
    """The blocks of the whole reply one under another, the buttons last: for a screen, which takes any number of them."""
    ink = Ink(_nameless, zone)
    return [piece.block for piece in (*_pieces(reply, ink), *_buttons(reply, ink))]


def plain_text(reply: Reply, *, zone: str | None = None, name: Callable[[str], str | None] = _nameless) -> str:
    """The whole reply in plain words, with nothing escaped and nothing left out: what a terminal or a log would show."""
    return "\n".join(piece.text for piece in _pieces(reply, Ink(name, zone)))


def _pieces(reply: Reply, ink: Ink) -> list[Piece]:
    found = [*opening(reply.headline, reply.aside, ink), *drawn(reply.parts, ink)]
    return found or list(small([line(NOTHING)], ink))


def _packed(pieces: Iterable[Piece], reserve: int) -> list[list[Piece]]:
    """Pieces in groups that are each one message: by blocks, characters, tables, and the length of the fallback.

    What is too long for the rest of a message is cut at the end of a line, if it has any and the rest is worth it.
    """
    groups: list[list[Piece]] = [[]]
    text = size = 0
    waiting = deque(_short(pieces))
    while waiting:
        piece = waiting.popleft()
        group, length = groups[-1], _spoken(piece.text) + 1
        full = len(group) + reserve >= limits.MESSAGE_BLOCKS or (piece.table and any(other.table for other in group))
        left = min(_TEXT - text, limits.MESSAGE_CHARACTERS - size)
        if group and (full or text + length > _TEXT or size + piece.size > limits.MESSAGE_CHARACTERS):
            cut = halves(piece, partial(_within, left)) if not full and left > WORTH else None
            if cut is None:
                groups.append([group.pop()] if group[-1].leads and len(group) > 1 else [])
                text, size = sum(_spoken(p.text) + 1 for p in groups[-1]), sum(p.size for p in groups[-1])
                waiting.appendleft(piece)
                continue
            piece, rest = cut
            waiting.appendleft(rest)
            length = _spoken(piece.text) + 1
        group.append(piece)
        text += length
        size += piece.size
    return groups


def _within(most: int, text: str) -> bool:
    return _spoken(text) < most


def _spoken(text: str) -> int:
    """The length of a text in the fallback."""
    return escape.units(escape.fallback(text))


def _short(pieces: Iterable[Piece]) -> Iterable[Piece]:
    """Escaping can make the words of one piece longer than a whole message's text: only then are they cut."""
    for piece in pieces:
        if len(piece.text) * 5 > _TEXT and _spoken(piece.text) > _TEXT:
            first = next(iter(escape.pieces(piece.text, _TEXT - 1, _spoken)))
            yield piece._replace(text=first + "…")
        else:
            yield piece


def _message(pieces: Sequence[Piece], reply: Reply) -> Message:
    text = escape.fallback("\n".join([piece.text for piece in pieces if piece.text]))
    return Message(text, [piece.block for piece in pieces], reply.visibility is Visibility.PUBLIC)


def _buttons(reply: Reply, ink: Ink) -> list[Piece]:
    """The actions block or blocks, and a note where a button could not be drawn."""
    fitting = [button for button in reply.buttons if 0 < escape.units(button.command) <= limits.BUTTON_VALUE]
    elements = [_button(button, n) for n, button in enumerate(fitting)]
    shared = reply.share if reply.share and escape.units(reply.share) <= limits.BUTTON_VALUE else None
    if shared:
        text = label(SHARE_LABEL, limits.BUTTON_TEXT)
        elements.append({"type": "button", "action_id": SHARE_ACTION, "text": text, "value": shared})
    starts = range(0, len(elements), limits.ACTIONS)
    blocks: list[Json] = [
        {"type": "actions", "block_id": f"actions:{n}", "elements": elements[start : start + limits.ACTIONS]}
        for n, start in enumerate(starts)
    ][:4]
    missing = len(fitting) < len(reply.buttons) or (reply.share and not shared) or len(starts) > len(blocks)
    note = small([line(LEFT_OUT)], ink) if missing else ()
    return [*note, *(Piece(block, "", 0) for block in blocks)]


def _button(button: Button, n: int) -> Json:
    action = PAGE_ACTION if button.replaces or _OTHER_PAGE.search(button.command) else RUN_ACTION
    out: Json = {
        "type": "button",
        "action_id": f"{action}:{n}",
        "text": label(button.label, limits.BUTTON_TEXT),
        "value": button.command,
    }
    if button.primary or button.danger:
        out["style"] = "danger" if button.danger else "primary"
    if button.confirm and button.confirm.strip():
        out["confirm"] = {
            "title": label("Are you sure?", limits.CONFIRM_TITLE),
            "text": label(button.confirm, limits.CONFIRM_TEXT),
            "confirm": label(button.label, limits.CONFIRM_LABEL),
            "deny": label("No", limits.CONFIRM_LABEL),
        }
    return out
