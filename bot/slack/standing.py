"""What somebody is in the workspace they ask in: on the word of the payload Slack signed and of `users.info`, nobody else's."""

from __future__ import annotations

from bot.commands.base import Role
from bot.slack.incoming import Sender
from bot.slack.people import Person


def role(sender: Sender, person: Person | None) -> Role:
    """The asker's role. `person` is what Slack said lately, or None."""
    if sender.outsider:
        return Role.FOREIGN
    if person is None or not person.told:
        return Role.UNKNOWN
    if person.stranger or (person.teams and sender.team not in person.teams):
        return Role.FOREIGN
    if person.guest:
        return Role.GUEST
    return Role.ADMIN if person.admin else Role.MEMBER
