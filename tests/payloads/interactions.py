"""Buttons, menus, forms and shortcuts as Slack sends them."""

from __future__ import annotations

from typing import Any

from tests.doubles.state import APP, TEAM

Json = dict[str, Any]


def _common(kind: str, user: Json, team_id: str) -> Json:
    return {
        "type": kind,
        "user": user,
        "api_app_id": APP,
        "token": "legacy-verification-token",
        "team": {"id": team_id, "domain": "attache"},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def person(user_id: str, name: str, team_id: str = TEAM) -> Json:
    """The user object of an interaction."""
    return {"id": user_id, "username": name, "name": name, "team_id": team_id}


def block_action_on_message(
    action: Json,
    *,
    user: Json,
    channel: Json,
    message: Json,
    trigger_id: str,
    response_url: str,
    ephemeral: bool = False,
    state: Json | None = None,
    team_id: str = TEAM,
) -> Json:
    """A button or menu used on a message. Slack sends no text or blocks of ephemeral messages."""
    container: Json = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel["id"],
        "is_ephemeral": ephemeral,
    }
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    body = _common("block_actions", user, team_id) | {
        "container": container,
        "trigger_id": trigger_id,
        "channel": channel,
        "state": {"values": state or {}},
        "response_url": response_url,
        "actions": [action],
    }
    if not ephemeral:
        body["message"] = message
    return body


def block_action_in_view(
    action: Json, *, user: Json, view: Json, trigger_id: str, state: Json | None = None, team_id: str = TEAM
) -> Json:
    """A button or menu used inside a modal or the Home tab."""
    return _common("block_actions", user, team_id) | {
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": trigger_id,
        "view": view | {"state": {"values": state or {}}},
        "actions": [action],
    }


def view_submission(*, user: Json, view: Json, trigger_id: str, team_id: str = TEAM) -> Json:
    """A form sent in; the typed values are in view.state.values."""
    return _common("view_submission", user, team_id) | {
        "trigger_id": trigger_id,
        "view": view,
        "response_urls": [],
    }


def view_closed(*, user: Json, view: Json, cleared: bool = False, team_id: str = TEAM) -> Json:
    """A form closed (only sent when it asked for that with notify_on_close)."""
    return _common("view_closed", user, team_id) | {"view": view, "is_cleared": cleared}


def message_shortcut(
    callback_id: str,
    *,
    user: Json,
    channel: Json,
    message: Json,
    trigger_id: str,
    response_url: str,
    action_ts: str,
    team_id: str = TEAM,
) -> Json:
    """A shortcut used on a message."""
    return _common("message_action", user, team_id) | {
        "action_ts": action_ts,
        "callback_id": callback_id,
        "trigger_id": trigger_id,
        "response_url": response_url,
        "message_ts": message["ts"],
        "channel": channel,
        "message": message,
    }


def global_shortcut(callback_id: str, *, user: Json, trigger_id: str, action_ts: str, team_id: str = TEAM) -> Json:
    """A shortcut used from anywhere: it has no channel and no response URL."""
    return _common("shortcut", user, team_id) | {
        "action_ts": action_ts,
        "callback_id": callback_id,
        "trigger_id": trigger_id,
    }


def block_suggestion(
    *, action_id: str, block_id: str, value: str, user: Json, view: Json | None = None, team_id: str = TEAM
) -> Json:
    """Typing in a menu whose options the app gives."""
    body = _common("block_suggestion", user, team_id) | {"action_id": action_id, "block_id": block_id, "value": value}
    if view is not None:
        body |= {"container": {"type": "view", "view_id": view["id"]}, "view": view}
    return body
