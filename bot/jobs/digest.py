"""Digests on their way out: which changes one covers, the record of what it said, and how a long one is cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.digests import Digest, digest
from bot.jobs.record import from_text, to_text
from bot.reply import Button, Heading, Line, Part, Reply, Strong, Visibility, line, plain
from store import orders, posts, watches
from store.database import Session
from store.records import Post

LINES = 30
CHARACTERS = 2600
"""How much goes into one message; the rest continues in its thread."""


@dataclass(frozen=True, slots=True)
class Made:
    """A digest ready to go: its first message, that message as it is kept on record, the last revision it covers, and the
    messages that continue it (as they are kept on record)."""

    reply: Reply
    body: str
    upto: int
    parts: tuple[str, ...]


def compose(session: Session, due: Sequence[Post], now: datetime) -> Made:
    """The digest for a post, or one message for several that are late: the one on record if it was tried before, else one
    of the changes since each one's last."""
    first = due[0]
    if first.body is not None and first.upto is not None:
        return Made(from_text(first.body), first.body, first.upto, ())
    upto = orders.last_revision(session)
    made = [_one(session, post, upto, now) for post in due]
    reply, *others = split(made[0] if len(made) == 1 else _joined(made))
    return Made(reply, to_text(reply), upto, tuple(to_text(other) for other in others))


def _one(session: Session, post: Post, upto: int, now: datetime) -> Digest:
    watch = watches.get(session, int(post.subject.removeprefix("W-")))
    last = posts.last_digest(session, watch.label)
    after = last.upto if last and last.upto is not None else watch.since
    return digest(session, watch, after=after, upto=upto, last=last.due if last else None, now=now)


def _joined(made: Sequence[Digest]) -> Digest:
    """Several digests as one, after a delay."""
    groups: list[tuple[str, tuple[Line, ...]]] = []
    for one in made:
        groups.append(("", (line(Strong(one.headline)),)))
        groups += one.groups
    return Digest(f"Late: {len(made)} digests", "I could not post for a while", tuple(groups))


def part(post: Post) -> Reply:
    """What continues a digest, as it was when the digest began to go out."""
    return from_text(post.body or "")


def split(made: Digest) -> list[Reply]:
    """A digest as messages that Slack takes whole, the first with the buttons."""
    pages: list[list[Part]] = [[]]
    count = size = 0
    for heading, rows in made.groups:
        for i, row in enumerate(rows):
            length = len(plain(row))
            if count and (count >= LINES or size + length > CHARACTERS):
                pages.append([])
                count = size = 0
            if heading and (i == 0 or not pages[-1]):
                pages[-1].append(Heading(heading if i == 0 else f"{heading}, continued"))
            pages[-1].append(_short(row))
            count, size = count + 1, size + length
    buttons = (Button("Next talks", "/talks next"), Button("Overdue", "/talks overdue")) if made.groups else ()
    aside = made.aside + (f" · continues in the thread, {len(pages)} parts" if len(pages) > 1 else "")
    first = Reply(made.headline, aside=aside, parts=tuple(pages[0]), buttons=buttons, visibility=Visibility.PUBLIC)
    return [
        first,
        *(
            replace(first, headline=f"{made.headline} · part {n} of {len(pages)}", aside="", parts=tuple(page), buttons=())
            for n, page in enumerate(pages[1:], 2)
        ),
    ]


def _short(row: Line) -> Line:
    """A line that fits; what is cut says so and is on the card."""
    if len(plain(row)) <= CHARACTERS // 2:
        return row
    return (plain(row)[: CHARACTERS // 2] + " … (cut)",)
