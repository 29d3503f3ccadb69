"""Making stored and typed text safe to show: what enters Slack looks as it was written, and rings nobody's bell.

`clean` is for every surface. `mrkdwn` and `fallback` take cleaned text to the two places where Slack reads signs as
formatting or commands; `plain_text` objects and rich text take cleaned text as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

# Written as escapes, because in an editor these characters are invisible or turn the line around.
_UNWANTED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_INSTEAD = {"\t": " ", "\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_GAP = "\u200b"

_FORMATTING = re.compile(
    r"[*_~`]|:(?=[\w+'-]+:)|@(?=(?:here|channel|everyone|group)\b)|^(?:&gt;)+", re.IGNORECASE | re.MULTILINE
)
_BARE_BROADCAST = re.compile(r"@(?=(?:here|channel|everyone|group)\b)", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s/?#<>\"|]+(?:[/?#]\S*)?", re.IGNORECASE)
_JOINS = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U0001f1e6-\U0001f1ff\U000e0020-\U000e007f]")


def clean(text: str) -> str:
    """Text without control characters, with right-to-left passages kept from turning what stands around them.

    Bidirectional overrides go, because one of them in a fact would reverse the rest of the line.
    """
    if text.isascii() and text.isprintable():
        return text
    if not text.isprintable():
        text = _UNWANTED.sub(_replacement, text.replace("\r\n", "\n"))
    return _isolated(text) if _RIGHT_TO_LEFT.search(text) else text


def _replacement(match: re.Match[str]) -> str:
    sign = match.group()
    return "\ufffd" if "\ud800" <= sign <= "\udfff" else _INSTEAD.get(sign, "")


def _isolated(text: str) -> str:
    # Line by line: an isolate ends with its paragraph whether it was closed or not.
    return "\n".join(f"{_ISOLATE}{part}{_END_ISOLATE}" if _RIGHT_TO_LEFT.search(part) else part for part in text.split("\n"))


def entities(text: str) -> str:
    """Text with exactly the three signs escaped that Slack wants escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn(text: str) -> str:
    """Cleaned text as mrkdwn that shows it as written.

    Slack has no escape for its formatting signs; a zero-width space beside a sign keeps it from opening or closing anything.
    """
    text = entities(text)
    return _FORMATTING.sub(lambda sign: f"{_GAP}{sign.group()}{_GAP}", text) if _FORMATTING.search(text) else text


def fallback(text: str) -> str:
    """Cleaned text as the top-level text of a message, which notifications and screen readers get."""
    text = entities(text)
    return _BARE_BROADCAST.sub(f"@{_GAP}", text) if "@" in text else text


def web_address(url: str | None, longest: int) -> str | None:
    """The address if it is one for http or https that Slack can link to, else None."""
    if url is None or not url.isprintable() or len(url) > longest or not _WEB.fullmatch(url):
        return None
    return url.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E")


def units(text: str) -> int:
    """The length of a text as Slack may count it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2


def cut(text: str, most: int) -> str:
    """Text of at most so many units, with an ellipsis where something is missing."""
    if len(text) <= most and units(text) <= most:
        return text
    end = min(len(text), most - 1)
    while units(text[:end]) > most - 1:
        end -= 1
    return text[: _between_signs(text, end)].rstrip() + "…"


def pieces(text: str, most: int, measure: Callable[[str], int] = units) -> Iterator[str]:
    """The text in pieces that measure at most so much, cut at white space where there is any; joined they are the text."""
    if measure(text) <= most:
        yield text
        return
    middle = len(text) // 2
    space = max(text.rfind(" ", middle // 2, middle), text.rfind("\n", middle // 2, middle))
    end = space + 1 if space > 0 else max(1, _between_signs(text, middle))
    yield from pieces(text[:end], most, measure)
    yield from pieces(text[end:], most, measure)


def _between_signs(text: str, end: int) -> int:
    """A place to cut at or a little before `end` that does not part a letter from its accents or an emoji from its pieces."""
    for place in range(end, max(0, end - 16), -1):
        after = text[place] if place < len(text) else " "
        if not (unicodedata.combining(after) or _JOINS.match(after) or text[place - 1] == "\u200d"):
            return place
    return end


def width(text: str) -> int:
    """How many columns a text takes in a fixed-width font."""
    if text.isascii():
        return len(text)
    return sum(_columns(sign) for sign in text)


def _columns(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Cf", "Me", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """Text filled up with spaces to so many columns, or cut down to them."""
    if width(text) > columns:
        while text and width(text) > columns - 1:
            text = text[:-1]
        text += _END_ISOLATE * text.count(_ISOLATE) + "…"
    gap = " " * (columns - width(text))
    return gap + text if right else text + gap
