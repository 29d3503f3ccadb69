"""The words of a message that a shortcut was used on: its text, and what bots put into blocks and attachments instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

MOST = 4000
"""Characters read of one message."""

_ATTACHMENT_TEXTS = ("pretext", "title", "text")
_ATTACHMENT_LINKS = ("title_link", "from_url", "original_url")


def words(message: Mapping[str, Any]) -> str:
    """Everything a person reads in the message, once, in order, with the addresses of its attachments; Slack's marks stay."""
    found: list[str] = []
    text = message.get("text")
    from_blocks = " ".join(_of_blocks(message.get("blocks")))
    for part in (text if isinstance(text, str) and text.strip() else from_blocks, *_of_attachments(message)):
        part = part.strip()
        if part and not any(part in earlier for earlier in found):
            found.append(part)
    return "\n".join(found)[:MOST]


def author(message: Mapping[str, Any]) -> tuple[str, str]:
    """Who wrote the message: a bot's name, or else the id of a person to ask for; ("", "") if nobody says."""
    profile = message.get("bot_profile")
    for name in (profile.get("name") if isinstance(profile, dict) else None, message.get("username")):
        if isinstance(name, str) and name.strip():
            return name.strip(), ""
    user = message.get("user")
    return "", user if isinstance(user, str) else ""


def _of_attachments(message: Mapping[str, Any]) -> Iterator[str]:
    attachments = message.get("attachments")
    for each in attachments if isinstance(attachments, list) else ():
        if not isinstance(each, dict):
            continue
        texts = [each[name] for name in _ATTACHMENT_TEXTS if isinstance(each.get(name), str)]
        texts += _of_blocks(each.get("blocks"))
        if not any(text.strip() for text in texts) and isinstance(each.get("fallback"), str):
            texts = [each["fallback"]]
        yield from texts
        yield from (each[name] for name in _ATTACHMENT_LINKS if isinstance(each.get(name), str))


def _of_blocks(value: Any, depth: int = 0) -> Iterator[str]:
    """Texts, links and mentions of blocks in the order they stand. Buttons and menus say nothing."""
    if depth > 8:
        return
    if isinstance(value, list):
        for item in value:
            yield from _of_blocks(item, depth + 1)
    elif isinstance(value, dict) and value.get("type") not in ("actions", "input", "image"):
        if value.get("type") == "link" and isinstance(value.get("url"), str):
            yield f"<{value['url']}|{value.get('text') or value['url']}>"
        elif value.get("type") == "user":
            yield f"<@{value.get('user_id', '')}>"
        elif isinstance(value.get("text"), str):
            yield value["text"]
        else:
            for name in ("text", "fields", "elements"):
                yield from _of_blocks(value.get(name), depth + 1)
