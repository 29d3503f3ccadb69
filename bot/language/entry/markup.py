"""Slack's marks taken out of a text: links, mentions, dates, entities, emphasis, bullets. What people see is left."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_ANGLE = re.compile(r"<([^<>|\s][^<>|]*)(?:\|([^<>]*))?>")
_URL = re.compile(r"(?:https?://|(?<![\w@.])www\.)[^\s<>\"“”|]+", re.IGNORECASE)
_URL_TAIL = ".,;:!?)]}»'’"
_EMPHASIS = re.compile(r"(?<![\w*_~`])([*_~`]{1,3})(?=\S)([^\n]*?\S)\1(?![\w*_~`])")
_EMOJI = re.compile(r":(?!flag-)[a-z][a-z0-9_+'-]*[a-z0-9]:(?!\w)", re.IGNORECASE)
_BULLET = re.compile(r"^[ \t]*(?:[•◦▪‣·*]|[-–—]|\d{1,2}[.)])[ \t]+|^[ \t]*>+[ \t]?", re.MULTILINE)
_ODD_SPACES = re.compile(r"[\u00a0\u2007\u2009\u202f\t\r\f\v]")
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Plain:
    """The text as people see it, without addresses; the addresses in the order they stood."""

    text: str
    urls: tuple[str, ...]


def plain(text: str) -> Plain:
    """Takes a message as Slack delivers it, or as somebody types it. `<https://a.b|report>` leaves "report"."""
    urls: list[str] = []

    def angle(match: re.Match[str]) -> str:
        target, label = match[1], match[2]
        if _URL.match(target) or target.startswith("mailto:"):
            if not target.startswith("mailto:"):
                urls.append(html.unescape(target))
            return f" {label} " if label and not _is_address(label, target) else " "
        if target[0] in "@#!":
            return label or target.lstrip("!")
        return match.group()

    def bare(match: re.Match[str]) -> str:
        found = match.group()
        kept = found.rstrip(_URL_TAIL)
        urls.append(html.unescape(kept))
        return " " + found[len(kept) :]

    text = _UNSEEN.sub("", _ODD_SPACES.sub(" ", text.replace("\r\n", "\n")))
    text = _URL.sub(bare, _ANGLE.sub(angle, text)) if "<" in text or "://" in text or "www." in text.lower() else text
    text = html.unescape(text) if "&" in text else text
    text = _EMOJI.sub(" ", _BULLET.sub("", text))
    for _ in range(2):
        text = _EMPHASIS.sub(lambda match: match[2], text)
    return Plain(text.strip(), tuple(dict.fromkeys(urls)))


def _is_address(label: str, target: str) -> bool:
    """True for a label that only repeats where the link goes."""
    bare = re.sub(r"^https?://(?:www\.)?", "", html.unescape(target)).rstrip("/")
    return bool(_URL.match(label)) or html.unescape(label).rstrip("/…") in bare
