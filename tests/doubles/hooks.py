"""Response URLs: five uses in thirty minutes, and what each may do to the message it came from."""

from __future__ import annotations

from tests.doubles.methods import check_content
from tests.doubles.state import Json, Message, ResponseUrl, SlackError, State

USES, SECONDS = 5, 30 * 60
_KNOWN = {"text", "blocks", "response_type", "replace_original", "delete_original", "thread_ts", "mrkdwn", "metadata"}
_KNOWN |= {"unfurl_links", "unfurl_media"}


def new_response_url(state: State, channel: str, user: str, message_ts: str | None = None) -> str:
    """The path of a fresh response URL."""
    key = f"{state.serial():08d}"
    with state.lock:
        state.response_urls[key] = ResponseUrl(channel, user, state.clock(), message_ts=message_ts)
    return f"/respond/{key}"


def respond(state: State, key: str, body: Json) -> None:
    """What one POST to a response URL does."""
    with state.lock:
        url = state.response_urls.get(key)
        if url is None:
            raise SlackError("no_such_url")
        if state.clock() - url.made > SECONDS:
            raise SlackError("expired_url", "a response_url lives 30 minutes")
        if url.uses >= USES:
            raise SlackError("used_url", "a response_url works five times")
        url.uses += 1
    if unknown := set(body) - _KNOWN:
        raise SlackError("invalid_payload", f"unknown fields: {sorted(unknown)}")
    original = state.find(url.channel, url.message_ts) if url.message_ts else None
    if body.get("delete_original"):
        if original is None:
            raise SlackError("message_not_found", "there is no original message to delete")
        original.deleted = True
        state.touched(original)
        return
    kind = body.get("response_type", "ephemeral")
    if kind not in ("ephemeral", "in_channel"):
        raise SlackError("invalid_payload", f"response_type {kind!r}")
    text, blocks = check_content(state, body, "response_url", posted=False)
    if body.get("replace_original"):
        if original is None:
            raise SlackError("message_not_found", "there is no original message to replace")
        with state.changed:
            original.text, original.blocks, original.edits = text, blocks, original.edits + 1
            state.touched(original)
        return
    answer(state, url, text, blocks, kind, "response_url", body)


def answer(state: State, url: ResponseUrl, text: str, blocks: list[Json], kind: str, via: str, body: Json) -> Message:
    """Puts an answer where it was asked for: for one person, or for the channel."""
    message = Message(
        url.channel, "", text, blocks, None, body.get("thread_ts"), via=via, args=body,
        seen_by=url.user if kind == "ephemeral" else None,
    )  # fmt: skip
    return state.keep(message)
