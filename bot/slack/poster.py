"""Scheduled posts out to Slack: one message, once; whether it arrived; whether the bot may post.

The client has no retry handlers: a resend of what Slack took in already would arrive twice. Only what certainly did not
reach Slack is called so (a connection refused, a name that does not resolve, Slack's own refusal); a time-out, a dropped
connection, a 5xx or an answer that is none leaves it open, and the sweep looks before it sends again.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.jobs.posting import (
    Absent,
    Away,
    Blame,
    Letter,
    Limited,
    LookAnswer,
    PostAnswer,
    Refused,
    Sent,
    Unsure,
)
from bot.slack.render import render

EVENT_TYPE = "attache_post"
PACE = 1.0
"""Seconds between two messages in one channel: Slack's limit."""
PAGE, PAGES = 200, 50
DEFAULT_RETRY = 30.0


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


CHANNEL = _codes("""
    channel_not_found not_in_channel is_archived restricted_action restricted_action_read_only_channel
    restricted_action_non_threadable_channel restricted_action_thread_only_channel user_not_found user_disabled cannot_dm_bot
    users_not_found user_not_visible messages_tab_disabled method_not_supported_for_channel_type external_channel_migrating
""")
WORKSPACE = _codes("""
    access_denied account_inactive accesslimited enterprise_is_restricted ekm_access_denied invalid_auth missing_scope
    no_permission not_allowed_token_type not_authed org_login_required team_access_not_granted team_not_found token_expired
    token_revoked two_factor_setup_required message_limit_exceeded
""")
OPEN = _codes("fatal_error internal_error request_timeout service_unavailable team_added_to_org")
"""Slack's own words for not knowing: parts of the call may have been carried out."""


class SlackPoster:
    """A `Poster` over the Web API. `client_of` gives the client of a workspace (see `posting_client`)."""

    local = False
    pace = PACE

    def __init__(self, client_of: Callable[[str], WebClient]) -> None:
        self._client_of = client_of
        self._lock = threading.Lock()
        self._direct: dict[tuple[str, str], str] = {}

    def post(self, letter: Letter) -> PostAnswer:
        channel = self._channel(letter.team, letter.channel)
        if not isinstance(channel, str):
            return channel
        message = render(letter.reply)
        body: dict[str, Any] = {
            "channel": channel,
            "text": message.text,
            "blocks": message.blocks,
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"key": letter.key}},
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if letter.thread:
            body["thread_ts"] = letter.thread
        answer = self._call(letter.team, "chat.postMessage", body)
        if not isinstance(answer, dict):
            return answer
        ts = answer.get("ts")
        return Sent(ts) if isinstance(ts, str) else Unsure("an answer without a timestamp")

    def look(self, team: str, channel: str, key: str, *, after: str, thread: str | None) -> LookAnswer:
        found = self._channel(team, channel)
        if not isinstance(found, str):
            return found
        body: dict[str, Any] = {"channel": found, "oldest": after, "limit": PAGE, "include_all_metadata": True}
        if thread:
            body["ts"] = thread
        for _ in range(PAGES):
            answer = self._call(team, "conversations.replies" if thread else "conversations.history", body)
            if isinstance(answer, Refused) and answer.code == "thread_not_found":
                return Absent()
            if not isinstance(answer, dict):
                return Away(answer.reason) if isinstance(answer, Unsure) else answer
            for message in answer.get("messages", ()):
                if _key_of(message) == key:
                    return Sent(str(message["ts"]))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return Absent()
            body["cursor"] = cursor
        return Away(f"more than {PAGE * PAGES} messages to look through")

    def check(self, team: str, channel: str) -> PostAnswer:
        if channel[:1] in "UW":
            return Sent(None)
        answer = self._call(team, "conversations.info", {"channel": channel})
        if isinstance(answer, Refused) and answer.code == "missing_scope":
            return Sent(None)  # it cannot be told beforehand; the first post will tell
        if isinstance(answer, Unsure):
            return Away(answer.reason)
        if not isinstance(answer, dict):
            return answer
        about = answer.get("channel") or {}
        if about.get("is_archived"):
            return Refused(Blame.CHANNEL, "is_archived")
        if not about.get("is_im") and not about.get("is_member"):
            return Refused(Blame.CHANNEL, "not_in_channel")
        return Sent(None)

    def _channel(self, team: str, channel: str) -> str | Refused | Limited | Away:
        """The conversation to post in: for a person their direct messages. Nothing is posted here, so nothing is in doubt."""
        if channel[:1] not in ("U", "W"):
            return channel
        with self._lock:
            known = self._direct.get((team, channel))
        if known:
            return known
        answer = self._call(team, "conversations.open", {"users": channel})
        if isinstance(answer, Unsure):
            return Away(answer.reason)
        if not isinstance(answer, dict):
            return answer
        found = str((answer.get("channel") or {}).get("id", ""))
        if not found:
            return Away("an answer without a conversation")
        with self._lock:
            self._direct[team, channel] = found
        return found

    def _call(self, team: str, method: str, body: dict[str, Any]) -> dict[str, Any] | Refused | Limited | Away | Unsure:
        """One call of the Web API. An answer that says ok comes back as it is."""
        try:
            client = self._client_of(team)
            # Reading methods take no JSON bodies; posts need them, because their blocks and metadata are structures.
            answer = client.api_call(method, json=body) if method.startswith("chat.") else client.api_call(method, params=body)
        except SlackApiError as error:
            return _refusal(error)
        except URLError as error:
            return _broken(error.reason if isinstance(error.reason, BaseException) else error)
        except (OSError, http.client.HTTPException, SlackClientError, ValueError) as error:
            return _broken(error)
        data = answer.data
        return data if isinstance(data, dict) else Unsure("an answer that is not JSON")


def posting_client(token: str, base_url: str, *, timeout: float) -> WebClient:
    """A client for posting: no retry handlers, and a time-out in seconds."""
    return WebClient(token=token, base_url=base_url, timeout=max(1, round(timeout)), retry_handlers=[])


def _refusal(error: SlackApiError) -> Refused | Limited | Unsure:
    """What Slack's refusal means."""
    response: Any = error.response
    status = int(getattr(response, "status_code", 0) or 0)
    data = getattr(response, "data", response)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return Limited(_retry_after(getattr(response, "headers", None)))
    # What is no code is the SDK's own sentence about an answer that it could not read.
    if status >= 500 or code in OPEN or not re.fullmatch(r"[a-z][a-z0-9_]*", code):
        return Unsure(f"HTTP {status} {code}" if code in OPEN else f"HTTP {status}, no answer of use")
    blame = Blame.CHANNEL if code in CHANNEL else Blame.WORKSPACE if code in WORKSPACE else Blame.MESSAGE
    return Refused(blame, code)


def _retry_after(headers: Any) -> float:
    found = next((value for name, value in dict(headers or {}).items() if name.lower() == "retry-after"), None)
    text = found[0] if isinstance(found, list) and found else found
    try:
        return max(1.0, float(str(text)))
    except ValueError:
        return DEFAULT_RETRY


def _broken(error: BaseException) -> Away | Unsure:
    """What a failed connection means: only where none was made is it sure that nothing arrived."""
    reason = type(error).__name__
    if isinstance(error, ConnectionRefusedError | socket.gaierror | ssl.SSLCertVerificationError):
        return Away(reason)
    return Unsure(reason)


def _key_of(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    key = (metadata.get("event_payload") or {}).get("key")
    return key if isinstance(key, str) else None
