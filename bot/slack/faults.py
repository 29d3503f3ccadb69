"""What goes wrong in a listener: a bad body is refused, anything else gets a reference in the log and in the answer."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.error import BoltUnhandledRequestError

from bot.reply import line
from bot.slack import forms, incoming
from bot.slack.background import Background
from bot.slack.incoming import BadPayload
from bot.slack.outgoing import Outgoing, trouble
from bot.slack.render import render
from bot.slack.spans import Ink

log = logging.getLogger(__name__)


class Faults:
    """Bolt's error handler: never a traceback for the person, never silence, never a body in the log."""

    def __init__(self, outgoing: Outgoing, background: Background) -> None:
        self._outgoing = outgoing
        self._background = background

    def handle(self, error: Exception, body: dict[str, Any]) -> BoltResponse:
        """The response to a request that raised."""
        kind = _kind(body)
        if isinstance(error, BadPayload):
            log.warning("a %s was refused: %s", kind, error)
            return BoltResponse(status=400, body={"error": f"bad payload: {error}"})
        if isinstance(error, BoltUnhandledRequestError):
            log.warning("nothing here handles this %s", kind)
            return BoltResponse(status=404, body={"error": "unhandled request"})
        reference = secrets.token_hex(4)
        log.error("reference %s: a %s failed", reference, kind, exc_info=error)
        return self._told(body, reference)

    def _told(self, body: Mapping[str, Any], reference: str) -> BoltResponse:
        reply = trouble(reference)
        if "command" in body:
            return BoltResponse(status=200, body=render(reply).body())
        if body.get("type") == "view_submission" and isinstance(body.get("view"), dict):
            lines = [line("⚠ ", reply.headline), *(part for part in reply.parts if isinstance(part, tuple))]
            view = forms.with_notice(body["view"], lines, Ink(lambda _: None))
            return BoltResponse(status=200, body={"response_action": "update", "view": view})
        try:
            sender = incoming.sender(body)
        except BadPayload:
            return BoltResponse(status=500, body="")
        self._background.submit("bad news", lambda: self._outgoing.respond(sender, reply))
        return BoltResponse(status=200, body="")


def _kind(body: Mapping[str, Any]) -> str:
    """What kind of payload it is, in a word of ours: nothing a stranger wrote goes into the log."""
    if "command" in body:
        return "command"
    known = (
        "block_actions",
        "view_submission",
        "view_closed",
        "message_action",
        "shortcut",
        "event_callback",
        "block_suggestion",
    )
    return next((kind for kind in known if body.get("type") == kind), "payload")
