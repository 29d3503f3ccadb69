"""Events API deliveries as Slack sends them."""

from __future__ import annotations

from typing import Any

from tests.doubles.state import APP, BOT_USER, TEAM

Json = dict[str, Any]


def event_callback(event: Json, *, event_id: str, event_time: int, team_id: str = TEAM) -> Json:
    """The envelope around any event."""
    return {
        "token": "legacy-verification-token",
        "team_id": team_id,
        "context_team_id": team_id,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": event_time,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team_id,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }


def app_mention(text: str, *, user: str, channel: str, ts: str) -> Json:
    return {
        "type": "app_mention",
        "user": user,
        "text": text,
        "ts": ts,
        "channel": channel,
        "event_ts": ts,
        "team": TEAM,
    }


def message(text: str, *, user: str, channel: str, ts: str, channel_type: str = "channel") -> Json:
    return {
        "type": "message",
        "user": user,
        "text": text,
        "ts": ts,
        "channel": channel,
        "event_ts": ts,
        "channel_type": channel_type,
        "team": TEAM,
    }


def app_home_opened(*, user: str, channel: str, ts: str) -> Json:
    return {"type": "app_home_opened", "user": user, "channel": channel, "event_ts": ts, "tab": "home"}


def member_joined_channel(*, user: str, channel: str, ts: str) -> Json:
    return {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel,
        "channel_type": "C",
        "team": TEAM,
        "inviter": "U0ADMIN",
        "event_ts": ts,
    }


def channel_archive(*, channel: str, user: str, ts: str) -> Json:
    return {"type": "channel_archive", "channel": channel, "user": user, "event_ts": ts}


def app_uninstalled() -> Json:
    return {"type": "app_uninstalled"}


def tokens_revoked(*, users: list[str]) -> Json:
    return {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": users}}


def url_verification(challenge: str) -> Json:
    return {"token": "legacy-verification-token", "challenge": challenge, "type": "url_verification"}
