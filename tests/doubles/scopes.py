"""Which token and which scopes each Web API method needs."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.doubles.state import Channel, Json, SlackError

BOT_TOKEN = "xoxb-attache-test"
APP_TOKEN = "xapp-1-A0ATTACHE-1-test"

_BY_KIND = {"public": "channels", "private": "groups", "mpim": "mpim", "im": "im"}

# Methods that any bot token may call have an empty scope; {kind} follows the conversation.
NEEDED = {
    "auth.test": "",
    "bots.info": "users:read",
    "chat.delete": "chat:write",
    "chat.getPermalink": "",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "{kind}:history",
    "conversations.info": "{kind}:read",
    "conversations.join": "channels:join",
    "conversations.members": "{kind}:read",
    "conversations.open": "im:write",
    "conversations.replies": "{kind}:history",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "team.info": "team:read",
    "users.info": "users:read",
    "views.open": "",
    "views.publish": "",
    "views.push": "",
    "views.update": "",
}

ALL_SCOPES = frozenset(
    {s for s in NEEDED.values() if s and "{" not in s}
    | {f"{k}:{what}" for k in _BY_KIND.values() for what in ("read", "history")}
    | {"commands", "chat:write.public"}
)


def scopes_from_manifest(path: Path) -> frozenset[str]:
    """The bot scopes an app manifest asks for: run the tests with just these."""
    manifest = yaml.safe_load(path.read_text(encoding="utf-8"))
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])


def check_token(method: str, token: str | None, scopes: frozenset[str], channel: Channel | None) -> None:
    """Refuses a missing, wrong or weak token as Slack does."""
    if token is None:
        raise SlackError("not_authed")
    if token not in (BOT_TOKEN, APP_TOKEN):
        raise SlackError("invalid_auth")
    if (method == "apps.connections.open") != (token == APP_TOKEN):
        raise SlackError("not_allowed_token_type")
    if method == "apps.connections.open":
        return
    needed = NEEDED[method].format(kind=_BY_KIND[channel.kind if channel else "public"])
    if needed and needed not in scopes:
        raise SlackError("missing_scope", needed=needed, provided=",".join(sorted(scopes)))


def describe() -> Json:
    """Method to scope, for the test that compares the manifest with what the product calls."""
    return dict(NEEDED)
