"""What texts would do to people: mentions and broadcasts found, and control characters that were not escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.doubles.state import Json, Mention, SlackError, State

MESSAGE_TEXT = 4000
_BROADCAST = re.compile(r"<!(?:channel|here|everyone|group|subteam\^[^>]*)(?:\|[^>]*)?>")
_MENTION = re.compile(r"<@[UWB][A-Z0-9]+(?:\|[^>]*)?>")
_TOKEN = re.compile(
    r"<(?:https?://[^<>\s|]+(?:\|[^<>]*)?|mailto:[^<>\s|]+(?:\|[^<>]*)?|#[CG][A-Z0-9]+(?:\|[^<>]*)?|@[UWB][A-Z0-9]+(?:\|[^<>]*)?"
    r"|!date\^-?\d+\^[^<>^]+(?:\^https?://[^<>|]+)?\|[^<>]+|!(?:channel|here|everyone|group)(?:\|[^<>]*)?|!subteam\^[^<>]+)>"
)
_STRAY = re.compile(r"<|&(?!(?:amp|lt|gt);)")


_TYPED_TOKEN = re.compile(r"(<[@#][A-Z0-9]+(?:\|[^<>]*)?>)")


def as_typed(text: str) -> str:
    """What a person types, as Slack sends it on: & < > escaped, mentions picked from its menus left as tokens."""
    parts = _TYPED_TOKEN.split(text)
    return "".join(part if n % 2 else _escape(part) for n, part in enumerate(parts))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def texts(value: Any, where: str) -> Iterator[tuple[str, str]]:
    """Every text that Slack would read as mrkdwn (or Markdown) in these blocks."""
    if isinstance(value, list):
        for n, item in enumerate(value):
            yield from texts(item, f"{where}/{n}")
    elif isinstance(value, dict):
        if value.get("type") in ("mrkdwn", "markdown") and isinstance(value.get("text"), str):
            yield f"{where}/text", value["text"]
        for key, item in value.items():
            yield from texts(item, f"{where}/{key}")


def notifying_elements(value: Any, where: str) -> Iterator[Mention]:
    """Rich text that notifies by element rather than by text."""
    if isinstance(value, list):
        for n, item in enumerate(value):
            yield from notifying_elements(item, f"{where}/{n}")
    elif isinstance(value, dict):
        if value.get("type") in ("broadcast", "usergroup", "user"):
            yield Mention(str(value["type"]), where, str(value))
        for key, item in value.items():
            yield from notifying_elements(item, f"{where}/{key}")


def inspect(state: State, text: str, blocks: list[Json], source: str) -> None:
    """Records what would notify people, and what was not escaped."""
    for where, body in [(f"{source}/text", text), *texts(blocks, f"{source}/blocks")]:
        with state.lock:
            state.broadcasts += [Mention(t, where, body) for t in _BROADCAST.findall(body)]
            state.mentions += [Mention(t, where, body) for t in _MENTION.findall(body)]
        if stray := _STRAY.search(_TOKEN.sub("", body)):
            state.complain(f"{where}: {stray.group()!r} is not escaped in {body[:120]!r}")
    for mention in notifying_elements(blocks, f"{source}/blocks"):
        with state.lock:
            (state.mentions if mention.token == "user" else state.broadcasts).append(mention)


def check_message_text(text: Any) -> str:
    """The top-level text. With blocks it is what notifications and screen readers get, so here it must be there."""
    if text is None or (isinstance(text, str) and not text.strip()):
        raise SlackError("no_text", "missing top-level text: every message says the same in plain words")
    if not isinstance(text, str):
        raise SlackError("invalid_arguments", "[ERROR] must be a string [json-pointer:/text]")
    if len(text) > MESSAGE_TEXT:
        raise SlackError("msg_too_long", f"{len(text)} characters of text; {MESSAGE_TEXT} is the most to rely on")
    return text


def check_metadata(value: Any) -> Json | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise SlackError("invalid_metadata_format", "metadata must be an object")
    if set(value) - {"event_type", "event_payload", "entities"}:
        raise SlackError("invalid_metadata_format", f"unknown keys in metadata: {sorted(value)}")
    if not isinstance(value.get("event_type"), str) or not re.fullmatch(r"[A-Za-z][\w.:-]{0,127}", value["event_type"]):
        raise SlackError("invalid_metadata_schema", "metadata.event_type must be a name")
    if not isinstance(value.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema", "metadata.event_payload must be an object")
    for key, item in value["event_payload"].items():
        if not isinstance(item, str | int | float | bool | list | dict):
            raise SlackError("invalid_metadata_schema", f"metadata.event_payload.{key} must not be null")
    return value
