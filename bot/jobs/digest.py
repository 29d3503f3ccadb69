"""Digests on their way out: which changes one covers, and the record of what it said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.digests import Digest, digest
from bot.jobs.paging import split
from bot.jobs.record import to_text
from bot.reply import Button, Heading, Line, Part, Reply, Strong, Visibility, line
from store import orders, posts, watches
from store.database import Session
from store.records import Post


@dataclass(frozen=True, slots=True)
class Made:
    """A digest ready to go: its first message, that message as it is kept on record, the last revision it covers, and the
    messages that continue it (as they are kept on record)."""

    reply: Reply
    body: str
    upto: int
    parts: tuple[str, ...]


def compose(session: Session, due: Sequence[Post], now: datetime) -> Made:
    """The digest for a post, or one message for several that are late, of the changes since each one's last.

    Made anew for every attempt: one is only made when it is sure that none before it arrived.
    """
    upto = orders.last_revision(session)
    made = [_one(session, post, upto, now) for post in due]
    reply, *others = split(_whole(made[0] if len(made) == 1 else _joined(made)))
    return Made(reply, to_text(reply), upto, tuple(to_text(other) for other in others))


def _one(session: Session, post: Post, upto: int, now: datetime) -> Digest:
    watch = watches.get(session, int(post.subject.removeprefix("W-")))
    last = posts.last_digest(session, watch.label)
    after = last.upto if last and last.upto is not None else watch.since
    return digest(session, watch, after=after, upto=upto, last=last.told_at if last else None, now=now)


def _joined(made: Sequence[Digest]) -> Digest:
    """Several digests as one, after a delay."""
    groups: list[tuple[str, tuple[Line, ...]]] = []
    for one in made:
        groups.append(("", (line(Strong(one.headline)),)))
        groups += one.groups
    return Digest(f"Late: {len(made)} digests", "I could not post for a while", tuple(groups))


def _whole(made: Digest) -> Reply:
    """A digest as one message of any length. A group without a heading ends the one before it."""
    parts: list[Part] = []
    for heading, rows in made.groups:
        parts += [Heading(heading), *rows]
    buttons = (Button("Next talks", "/talks next"), Button("Overdue", "/talks overdue")) if made.groups else ()
    return Reply(made.headline, aside=made.aside, parts=tuple(parts), buttons=buttons, visibility=Visibility.PUBLIC)
