"""Posts in the terminal: the same rows and the same sweep, delivered to whoever sits there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.jobs.posting import Absent, Letter, LookAnswer, PostAnswer, Sent
from bot.jobs.sweep import Sweeper
from bot.reply import Reply
from store.database import Store


@dataclass(slots=True)
class LocalPoster:
    """A `Poster` that keeps what it is given, in order."""

    letters: list[Letter] = field(default_factory=list)
    local: bool = True
    pace: float = 0.0

    def post(self, letter: Letter) -> PostAnswer:
        self.letters.append(letter)
        return Sent(f"local.{letter.key}")

    def look(self, team: str, channel: str, key: str, *, after: str, thread: str | None) -> LookAnswer:  # noqa: ARG002
        # What a terminal was given and did not live to show, nobody has read.
        return Absent()

    def check(self, team: str, channel: str) -> PostAnswer:  # noqa: ARG002  a terminal takes everything
        return Sent(None)


class LocalPosts:
    """The terminal's posts as its clock moves: when the next falls due, and those that are."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._poster = LocalPoster()
        # Time stands still while a sweep lasts, one sender keeps the order of all channels, and there is nothing to settle.
        self._sweeper = Sweeper(store, self._poster, settle_seconds=0.0, senders=1, monotonic=lambda: 0.0)
        self._now = now
        self._sweeper.start(now())

    def next_after(self, moment: datetime) -> datetime | None:
        """When the next post falls due after a moment; None when none is in sight."""
        return self._sweeper.next_moment(moment)

    def due(self, now: datetime) -> list[Letter]:
        """Delivers what is due and gives it, in order."""
        self._sweeper.deliver_due(now)
        letters = list(self._poster.letters)
        self._poster.letters.clear()
        return letters

    def close(self) -> None:
        self._sweeper.close()


def shown(letter: Letter) -> Reply:
    """A letter as a terminal shows it, which has no threads."""
    reply = letter.reply
    return replace(reply, headline=f"In its thread: {reply.headline}") if letter.thread else reply


def demo_due(posts: LocalPosts, start: datetime, end: datetime) -> list[tuple[datetime, Reply]]:
    """Everything that falls due on the way from one moment to another, each with its moment."""
    found: list[tuple[datetime, Reply]] = [(start, shown(letter)) for letter in posts.due(start)]
    moment = posts.next_after(start)
    while moment is not None and moment <= end:
        found += [(moment, shown(letter)) for letter in posts.due(moment)]
        moment = posts.next_after(moment)
    return found
