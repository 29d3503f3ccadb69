"""Slash commands as Slack sends them: flat, and every value a string."""

from __future__ import annotations

from tests.doubles.state import APP, TEAM


def slash_command(
    command: str,
    text: str,
    *,
    user_id: str,
    channel_id: str,
    trigger_id: str,
    response_url: str,
    user_name: str = "ingrid",
    channel_name: str = "foreign-desk",
    team_id: str = TEAM,
    enterprise_id: str | None = None,
) -> dict[str, str]:
    """One slash command. Note `is_enterprise_install`: the string "false", not a boolean."""
    body = {
        "token": "legacy-verification-token",
        "team_id": team_id,
        "team_domain": "attache",
        "channel_id": channel_id,
        "channel_name": channel_name,
        "user_id": user_id,
        "user_name": user_name,
        "command": command,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }
    if enterprise_id is not None:
        body |= {"enterprise_id": enterprise_id, "enterprise_name": "Attaché Org"}
    return body
