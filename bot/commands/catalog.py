"""The slash commands of the bot, in the order people meet them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.commands import brief, calendar, digest, draft, position, reminders, talks, travel
from bot.commands.base import Command


def groups() -> Sequence[tuple[str, str, Callable[[], Sequence[Command]]]]:
    """Each slash command with its summary and its commands, for `registry.build`."""
    return (
        ("/talks", talks.SUMMARY, talks.commands),
        ("/talks", talks.SUMMARY, brief.commands),
        ("/talks", talks.SUMMARY, calendar.commands),
        ("/talks", talks.SUMMARY, reminders.commands),
        ("/position", position.SUMMARY, position.commands),
        ("/draft", draft.SUMMARY, draft.commands),
        ("/digest", digest.SUMMARY, digest.commands),
        ("/travel", travel.SUMMARY, travel.commands),
    )
