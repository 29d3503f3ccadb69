"""Shortcuts: a form from anywhere, or from a message, whose link, author and day become the source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, BoltRequest

from bot.commands.base import Told
from bot.reply import Outcome, Reply
from bot.slack import incoming, quoted
from bot.slack.desk import OUTSIDER, Desk
from bot.slack.incoming import BadPayload

COMMANDS = {
    "record_talks": "/talks add",
    "record_position": "/position add",
    "new_talks": "/talks add",
    "new_position": "/position add",
}
"""The command line that each shortcut runs, by the callback_id in the manifest."""


class Shortcuts:
    """Takes a shortcut to the form of its command."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def used(self, req: BoltRequest, ack: Ack) -> None:
        """A shortcut, on a message or from anywhere. Everything waits for Slack here, so all of it is for the queue."""
        sender = incoming.sender(req.body)
        text = COMMANDS.get(str(req.body.get("callback_id")))
        if text is None:
            raise BadPayload("an unknown shortcut")
        ack()
        if sender.outsider:
            self._desk.reply(sender, Reply(OUTSIDER, outcome=Outcome.NOT_UNDERSTOOD))
            return
        message = req.body.get("message")
        if not isinstance(message, dict):
            self._desk.later(req, sender, text)
            return
        self._desk.later(req, sender, text, lambda: self._told(message, sender.channel, sender.user))

    def _told(self, message: Mapping[str, Any], channel: str, reader: str) -> Told:
        """The message as something to record from. Its day is the reader's."""
        desk = self._desk
        ts = str(message.get("ts", ""))
        name, user = quoted.author(message)
        if not name and user:
            name = desk.people.ask(user).name or ""
        person = desk.people.known(reader)
        zone = ZoneInfo((person.zone if person else None) or desk.zone)
        return Told(
            text=quoted.words(message),
            author=name or "somebody in Slack",
            said_on=_moment(ts, desk.timing.now()).astimezone(zone).date(),
            url=desk.outgoing.permalink(channel, ts) if channel and ts else None,
        )


def _moment(ts: str, now: datetime) -> datetime:
    """When a message was posted: Slack's ids are Unix times."""
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except (ValueError, OverflowError, OSError):
        return now
