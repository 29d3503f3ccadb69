"""A reply beside the position it was given to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from store.records import Position, Reply


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply with the position it was given to, as both stood."""

    position: Position
    reply: Reply
    earlier: int = 0
    """How many more the same party gave on the same topic before it."""
    or_more: bool = False
    """Whether there may be more of those than were looked at."""

    @property
    def answered(self) -> Reply | None:
        """The reply that this one is to, where it is not to the position itself."""
        return answered(self.position, self.reply)

    @property
    def order(self) -> tuple[date, int, int]:
        """The later the greater; what has no day comes first."""
        return self.reply.said_on or date.min, self.position.number, self.position.replies.index(self.reply)


Found = Mapping[tuple[str, str], Answer]
"""The latest answer of each party on each topic on which it gave one."""


def answered(position: Position, reply: Reply) -> Reply | None:
    """The reply to the same position that a reply is to, where it is not to the position itself."""
    return next((r for r in position.replies if reply.to and r.key == reply.to != reply.key), None)
