"""The bot is let into a channel: what was held up there goes out with the next sweep."""

from __future__ import annotations

from dataclasses import dataclass

from slack_bolt import Ack, BoltRequest

from bot.slack import incoming
from bot.slack.desk import Desk
from store import orders, seen


@dataclass(frozen=True, slots=True)
class Joining:
    """Takes the event that somebody joined a channel. Slack sends it for everybody; ours is the bot's own."""

    desk: Desk

    def joined(self, req: BoltRequest, ack: Ack) -> None:
        """A store that fails here fails the request, and Slack delivers the event again."""
        entered = incoming.entered(req.body)
        if entered is not None:
            store, now = self.desk.registry.store, self.desk.timing.now()
            with store.write(entered.team, actor=entered.bot, now=now) as session:
                if seen.first_time(session, entered.event):
                    orders.let_in(session, entered.channel)
        ack()
