"""What sweeping needs of whatever posts: the letters it hands over and the answers it takes.

`slack/poster.py` and the terminal implement `Poster`. Answers are values, not exceptions, because each decides what
becomes of a row: the one thing that a poster must never do is call "not sent" what it cannot be sure of.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.reply import Reply


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way: `key` goes into its metadata and nothing else does; `thread` is the parent's timestamp.

    A channel that is a person's id means their direct messages.
    """

    team: str
    channel: str
    key: str
    reply: Reply
    thread: str | None = None


class Blame(StrEnum):
    """What a refusal is about, and so what has to pause."""

    MESSAGE = "message"
    CHANNEL = "channel"
    WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True)
class Sent:
    """It is there, under this timestamp."""

    ts: str | None


@dataclass(frozen=True, slots=True)
class Absent:
    """It is not there."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It was refused for good, under this code."""

    blame: Blame
    code: str


@dataclass(frozen=True, slots=True)
class Limited:
    """It was refused for now: so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Away:
    """It certainly did not arrive; trying again is safe."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may have arrived or not."""

    reason: str


PostAnswer = Sent | Refused | Limited | Away | Unsure
LookAnswer = Sent | Absent | Refused | Limited | Away


class Poster(Protocol):
    """Posts letters. Called from several threads at once, never twice at once for one channel."""

    @property
    def local(self) -> bool:
        """True for the terminal, which serves the workspace `local` only; everything else serves all others."""

    @property
    def pace(self) -> float:
        """Seconds to leave between two messages in one channel."""

    def post(self, letter: Letter) -> PostAnswer:
        """Sends one message, once."""

    def look(self, team: str, channel: str, key: str, *, after: str, thread: str | None) -> LookAnswer:
        """Looks in a channel, or in a thread of it, for a message of ours with this key that is not older than `after`
        (a Slack timestamp)."""

    def check(self, team: str, channel: str) -> PostAnswer:
        """Whether the bot may post there: `Sent(None)` when it may. Posts nothing."""
