"""What a post says when its time comes: facts as they are now, or the reason why it need not go out any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.jobs import digest, notices, remind
from bot.jobs.attached import attached
from bot.jobs.record import from_text
from bot.reply import Line, Moment, Notes, Quiet, Reply, Visibility, line
from store import outbox
from store.database import Session
from store.records import Post, PostKind

LATE = timedelta(minutes=15)
"""From when on a post says that it is late, and goes out together with others of its kind."""

TOGETHER = (PostKind.REMINDER, PostKind.OPENS, PostKind.CLOSES, PostKind.HAPPENED, PostKind.READY, PostKind.DIGEST)
"""The kinds of which a channel gets one catch-up message after a delay."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A message to send. `body` and `upto` are kept on record; `parts` are the messages that continue it in its thread."""

    reply: Reply
    body: str | None = None
    upto: int | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Useless:
    """Nothing to send, and why."""

    reason: str


def compose(session: Session, post: Post, others: Sequence[Post], now: datetime, memo: remind.Memo) -> Composed | Useless:
    """The message for a post, or for it and `others` of its kind and channel that are late with it."""
    late = now - post.due > LATE
    if post.kind is PostKind.DIGEST:
        made = digest.compose(session, [post, *others], now)
        mark = late and not others  # several digests in one say it themselves
        return Composed(_marked(made.reply, post, now) if mark else made.reply, made.body, made.upto, made.parts)
    if post.kind is PostKind.PART:
        return Composed(from_text(post.body or ""))
    if post.kind is PostKind.NOTICE:
        return Composed(notices.compose(post))
    if others:
        reply = remind.catch_up(session, [post, *others], now, memo)
        return (
            Useless("nothing of it was still ahead")
            if reply is None
            else _with_brief(session, reply, [post, *others], now, memo)
        )
    made_one = remind.compose(session, post, now, memo)
    if isinstance(made_one, str):
        return Useless(made_one)
    return _with_brief(session, _marked(made_one, post, now) if late else made_one, [post], now, memo)


def _with_brief(session: Session, reply: Reply, going: Sequence[Post], now: datetime, memo: remind.Memo) -> Composed:
    """A reminder for everybody in the channel, with the brief for its thread where it is the last before the talks."""
    thread = attached(session, going, now, memo)
    aside = " · ".join(words for words in (reply.aside, thread.words) if words)
    return Composed(replace(reply, aside=aside, visibility=Visibility.PUBLIC), parts=thread.messages)


def _marked(reply: Reply, post: Post, now: datetime) -> Reply:
    words: Line = line(Quiet("Late: this was due "), Moment(post.due), Quiet(f", {remind.ago(now - post.due)} ago."))
    return replace(reply, parts=(Notes((words,)), *reply.parts))


def thread_of(session: Session, post: Post) -> str | None:
    """The timestamp of the message whose thread a post belongs in; None for one that stands alone."""
    parent = None if post.parent is None else outbox.get(session, post.team, post.parent)
    return parent.ts if parent else None
