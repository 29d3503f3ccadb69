"""Our client, and who Slack says we are: the one question that shows whether a token works and Slack can be reached."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

REFUSALS = frozenset(
    {
        "access_denied",
        "account_inactive",
        "enterprise_is_restricted",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
"""Answers that stay the same however often one asks."""


class TokenRefused(Exception):
    """Slack answered, and will not take the token. The message is Slack's code for it."""


class SlackAway(Exception):
    """No answer, or none of use; trying again later may help. The message says what happened."""


@dataclass(frozen=True, slots=True)
class Identity:
    team: str
    team_name: str
    bot: str


def web_client(token: str, base_url: str, *, seconds: int = 5) -> WebClient:
    """A client that asks once: retrying is for callers, who know what may be sent twice."""
    return WebClient(token=token, base_url=base_url, timeout=seconds, retry_handlers=[])


def who_am_i(token: str, base_url: str, *, seconds: int = 5) -> Identity:
    """The workspace and the bot user of a bot token. Raises TokenRefused or SlackAway; asks once."""
    try:
        answer = web_client(token, base_url, seconds=seconds).auth_test().data
    except SlackApiError as error:
        data = error.response.data if hasattr(error.response, "data") else error.response
        code = str(data.get("error", "")) if isinstance(data, dict) else ""
        if code in REFUSALS:
            raise TokenRefused(code) from None
        raise SlackAway(f"Slack answered {code or 'with something that is not an answer'}") from None
    except (OSError, URLError, http.client.HTTPException, SlackClientError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise SlackAway(f"{type(error).__name__}: {reason}") from None
    if not isinstance(answer, dict):
        raise SlackAway("Slack answered with something that is not an answer")
    return Identity(str(answer.get("team_id", "")), str(answer.get("team", "")), str(answer.get("user_id", "")))
