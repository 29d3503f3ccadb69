"""What the app may say when it acknowledges, for each kind of delivery; and what Slack then does with it."""

from __future__ import annotations

import json
from typing import Any

from tests.doubles.blocks import check_view
from tests.doubles.hooks import answer
from tests.doubles.methods import check_content, keep_view, push
from tests.doubles.objects import Faults, check_option, check_text
from tests.doubles.state import Json, Message, ResponseUrl, SlackError, State, View

_COMMAND_KEYS = {"text", "blocks", "response_type", "mrkdwn", "unfurl_links", "unfurl_media", "metadata"}
# Slack reads none of these on a fresh answer, but Bolt's ack() and say-like helpers may send them.
_COMMAND_KEYS |= {"replace_original", "delete_original", "thread_ts"}


def check_command(state: State, payload: Any, url: ResponseUrl) -> Message | None:
    """The ack of a slash command: nothing, plain text, or a message for one person or the channel."""
    if payload in (None, "", {}):
        return None
    body: Json = {"text": payload} if isinstance(payload, str) else payload
    if not isinstance(body, dict):
        raise SlackError("invalid_ack", f"a command is acknowledged with a message, not {type(payload).__name__}")
    if unknown := set(body) - _COMMAND_KEYS:
        raise SlackError("invalid_ack", f"unknown fields: {sorted(unknown)}")
    kind = body.get("response_type", "ephemeral")
    if kind not in ("ephemeral", "in_channel"):
        raise SlackError("invalid_ack", f"response_type {kind!r}")
    text, blocks = check_content(state, body, "ack", posted=False)
    return answer(state, url, text, blocks, kind, "ack", body)


def check_empty(payload: Any) -> None:
    """Buttons, shortcuts, events and closed forms are acknowledged with nothing."""
    if payload not in (None, "", {}):
        raise SlackError("invalid_ack", f"this is acknowledged with nothing, not {json.dumps(payload)[:200]}")


def check_submission(state: State, payload: Any, view: View) -> View | None:
    """The ack of a submitted form. Returns the view that is on screen afterwards, if any."""
    if payload in (None, "", {}):
        view.open = False
        return state.views.get(view.previous or "")
    if not isinstance(payload, dict):
        raise SlackError("invalid_ack", "a submission is acknowledged with nothing or a response_action")
    action = payload.get("response_action")
    wanted = {"errors": {"errors"}, "update": {"view"}, "push": {"view"}, "clear": set[str]()}.get(str(action))
    if wanted is None:
        raise SlackError("invalid_ack", f"unknown response_action {action!r}")
    if set(payload) != wanted | {"response_action"}:
        raise SlackError("invalid_ack", f"response_action {action} takes {sorted(wanted)}, not {sorted(payload)}")
    if action == "errors":
        _check_errors(payload["errors"], view)
        return view
    if action == "clear":
        with state.lock:
            for other in state.views.values():
                if other.root == view.root:
                    other.open = False
        return None
    body = check_view(payload["view"])
    return keep_view(state, body, view.user, replaces=view) if action == "update" else push(state, view, body)


def _check_errors(errors: Any, view: View) -> None:
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_ack", "errors must name at least one block")
    inputs = {b["block_id"] for b in view.body["blocks"] if b["type"] == "input"}
    for block_id, text in errors.items():
        if block_id not in inputs:
            raise SlackError("invalid_ack", f"errors names {block_id!r}, which is no input here: {sorted(inputs)}")
        if not isinstance(text, str) or not text.strip():
            raise SlackError("invalid_ack", f"the error for {block_id!r} says nothing")


def check_suggestions(payload: Any) -> Json:
    """The ack of a block_suggestion: options, or groups of them, at most 100."""
    if not isinstance(payload, dict) or ("options" in payload) == ("option_groups" in payload):
        raise SlackError("invalid_ack", "exactly one of options and option_groups is needed")
    f = Faults()
    if "options" in payload:
        for n, option in enumerate(f.array("/options", payload["options"], 0, 100)):
            check_option(f, f"/options/{n}", option, mrkdwn=False)
    else:
        for n, group in enumerate(f.array("/option_groups", payload["option_groups"], 0, 100)):
            check_text(f, f"/option_groups/{n}/label", group.get("label"), 75)
            for m, option in enumerate(f.array(f"/option_groups/{n}/options", group.get("options"), 0, 100)):
                check_option(f, f"/option_groups/{n}/options/{m}", option, mrkdwn=False)
    if f.messages:
        raise SlackError("invalid_ack", *f.messages)
    return payload
