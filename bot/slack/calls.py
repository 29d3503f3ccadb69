"""Web API calls: which methods the interactive side uses, and what a call can end in."""

from __future__ import annotations

import http.client

from slack_sdk.errors import SlackApiError, SlackClientError

METHODS = {
    "chat.getPermalink": "",
    "chat.postMessage": "chat:write",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "users.info": "users:read",
    "views.open": "",
}
"""Every method with the scope it needs; the manifest asks for these scopes and no others."""

SECONDS = 5

TROUBLE = (SlackClientError, OSError, http.client.HTTPException, ValueError)
"""What a call ends in when Slack, or the way to it, is in trouble."""

NOT_THERE = ("not_in_channel", "channel_not_found")
"""Slack's codes for a channel that the bot has to be invited to."""


def code_of(error: Exception) -> str:
    """Slack's code for an error, or its kind: never its words, which may hold an address or a token."""
    data = error.response.get("error") if isinstance(error, SlackApiError) and hasattr(error.response, "get") else None
    return str(data) if data else type(error).__name__
