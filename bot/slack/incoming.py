"""What a verified payload says: who asks, from where, and until when an answer is wanted."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.commands.base import Trouble
from bot.slack import limits
from store import seen
from store.database import Store

log = logging.getLogger(__name__)

TOO_LATE = "This came too late: Slack had stopped waiting, so nothing was recorded. Try again."
SKEW_SECONDS = 2.5
"""Requests that seem to be under way for longer than this mean a busy machine, or a clock that is wrong."""


class BadPayload(Exception):
    """The body is not what it claims to be. The message names the missing piece, never its contents."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who is asking. `team` keys everything the workspace has on record."""

    team: str
    user: str
    channel: str
    response_url: str
    trigger: str
    outsider: bool = False
    """From another workspace, through a shared channel."""


def sender(body: Mapping[str, Any]) -> Sender:
    """The sender of a command or an interaction. Raises BadPayload.

    An org-wide installation is one installation: its facts belong to the organisation, whose id is in every payload,
    while the workspace's is null in some. Slack sends the flag as a string with commands and as a boolean elsewhere.
    """
    org_wide = body.get("is_enterprise_install") in (True, "true")
    user_team = _of(body, "user", "team_id")
    workspace = _of(body, "team", "id") or _text(body, "team_id")
    enterprise = _of(body, "enterprise", "id") or _text(body, "enterprise_id")
    team = (enterprise if org_wide else workspace) or workspace or enterprise
    user = _of(body, "user", "id") or _text(body, "user_id")
    if not team or not user:
        raise BadPayload("no workspace" if not team else "no user")
    outsider = bool(user_team and workspace and user_team != workspace and not enterprise)
    channel = _of(body, "channel", "id") or _of(body, "container", "channel_id") or _text(body, "channel_id")
    return Sender(team, user, channel, _text(body, "response_url"), _text(body, "trigger_id"), outsider)


@dataclass(frozen=True, slots=True)
class Entered:
    """The bot's own user has joined a channel. `event` names the delivery."""

    team: str
    channel: str
    bot: str
    event: str


def entered(body: Mapping[str, Any]) -> Entered | None:
    """Where the bot was let in; None when it was somebody else who joined. Raises BadPayload."""
    user, channel = _of(body, "event", "user"), _of(body, "event", "channel")
    if not user or not channel:
        raise BadPayload("no user" if not user else "no channel")
    given = body.get("authorizations")
    for ours in given if isinstance(given, list) else []:
        if isinstance(ours, dict) and ours.get("is_bot") is True and _text(ours, "user_id") == user:
            org_wide = ours.get("is_enterprise_install") in (True, "true")
            team = _text(ours, "enterprise_id" if org_wide else "team_id") or _text(body, "team_id")
            event = _text(body, "event_id")
            if not team or not event:
                raise BadPayload("no workspace" if not team else "no event id")
            return Entered(team, channel, user, event)
    return None


def misshapen(body: Mapping[str, Any]) -> str | None:
    """What a payload lacks of what its type promises, or None. Names, never contents."""
    match body:
        case {"command": _}:
            return None
        case {"type": "block_actions", "actions": [{"action_id": str()}, *_]}:
            return None
        case {"type": "view_submission" | "view_closed", "view": {"type": str(), "callback_id": str()}}:
            return None
        case {"type": "event_callback", "event": {"type": str()}}:
            return None
        case {"type": "shortcut" | "message_action", "callback_id": str()}:
            return None
        case {"type": "block_actions" | "view_submission" | "view_closed" | "event_callback" | "shortcut" | "message_action"}:
            return f"an incomplete {body['type']}"
        case {"type": str()} | {"ssl_check": _}:
            return None
    return "no type"


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""


def _of(body: Mapping[str, Any], key: str, inner: str) -> str:
    value = body.get(key)
    return _text(value, inner) if isinstance(value, dict) else ""


_TOKEN = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")


def typed(text: str) -> str:
    """A text from Slack as it was typed. Slack escapes three signs; what else stands in angle brackets is Slack's own.

    A person stays `<@U123>`, for whoever needs to know who it is; a channel or a group becomes its name, a link its address.
    """

    def token(found: re.Match[str]) -> str:
        target, words = found[1], found[2] or ""
        if target.startswith("@"):
            return f"<{target}>"
        if target.startswith("#"):
            return f"#{words or target[1:]}"
        return words or target if target.startswith("!") else target

    return _TOKEN.sub(token, text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def command_line(body: Mapping[str, Any]) -> str:
    """What was typed after and with the slash. Raises BadPayload."""
    slash, text = body.get("command"), body.get("text", "")
    if not isinstance(slash, str) or not isinstance(text, str):
        raise BadPayload("no command")
    return f"{slash} {typed(text)}".strip()


def pressed(body: Mapping[str, Any]) -> tuple[str, str]:
    """The action_id and the command line of the button that was pressed. Raises BadPayload."""
    match body.get("actions"):
        case [{"action_id": str(action), "value": str(value)}, *_] if value.strip():
            return action, value
    raise BadPayload("no button with a value")


def on_private_card(body: Mapping[str, Any]) -> bool:
    """Was the button on a message that only this person sees?"""
    container = body.get("container")
    return isinstance(container, dict) and container.get("is_ephemeral") is True


class Wanted:
    """Whether an answer is still wanted: Slack waits three seconds, and a delivery writes once.

    Call it inside a write transaction; it raises Trouble to call the write off, and remembers why.
    """

    def __init__(self, deadline: float, monotonic: Callable[[], float], first_time: Callable[[], None] | None) -> None:
        self._deadline = deadline
        self._monotonic = monotonic
        self._first_time = first_time
        self.repeated = False

    @property
    def late(self) -> bool:
        return self._monotonic() > self._deadline

    def __call__(self) -> None:
        if self.late:
            raise Trouble(TOO_LATE)
        if self._first_time is not None:
            try:
                self._first_time()
            except seen.Repeated:
                self.repeated = True
                raise Trouble("This had been recorded already.") from None


@dataclass(frozen=True, slots=True)
class Timing:
    """The clocks: `monotonic` measures, `wall` (Unix time) is compared with Slack's stamps, `now` is for the facts."""

    now: Callable[[], datetime]
    wall: Callable[[], float]
    monotonic: Callable[[], float]

    def deadline(self, context: Mapping[str, Any], headers: Mapping[str, Any]) -> float:
        """When Slack stops waiting, on the monotonic clock: three seconds from its own stamp or our receipt, the earlier."""
        received = context.get("received_at")
        now = self.monotonic()
        deadline = (received if isinstance(received, float) else now) + limits.ACK_SECONDS
        stamp = headers.get("x-slack-request-timestamp", [""])[0]
        if not (isinstance(stamp, str) and stamp.isascii() and stamp.isdigit()):
            return deadline
        wall = self.wall()
        # A clock that tells whole seconds may be almost one behind, and erring is allowed only in one direction.
        under_way = wall - int(stamp) + (1.0 if wall.is_integer() else 0.0)
        if under_way > SKEW_SECONDS:
            log.warning("a request took %.1f s to get here: the machine is busy, or its clock is wrong", under_way)
        return min(deadline, now + limits.ACK_SECONDS - max(0.0, under_way))

    def wanted(self, req: Any, store: Store, team: str, delivery: str, *, acknowledged: bool = False) -> Wanted:
        """The check for one request; `delivery` names it, if Slack gave it a name.

        One that was acknowledged in time and is worked on afterwards has no deadline: nobody was told that it failed.
        """
        first_time = seen.guard(store, team, delivery, self.now()) if delivery else None
        deadline = math.inf if acknowledged else self.deadline(req.context, req.headers)
        return Wanted(deadline, self.monotonic, first_time)
