"""What to do with a post whose turn has come: send it, look for it, try the channel, or give it up."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.jobs.composing import LATE, TOGETHER, Composed, compose, thread_of
from bot.jobs.posting import Away, Letter, LookAnswer, PostAnswer, Poster, Unsure
from bot.jobs.remind import Memo
from store import outbox, posts, watches
from store.database import Session, Store
from store.errors import StoreError
from store.records import Post, PostKind, PostState, WatchState

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(days=1)
"""How far before the attempt to look where nothing else says when: our clock may be wrong by hours."""


@dataclass(frozen=True, slots=True)
class Send:
    """To be claimed and sent. `others` go with it; `expired` are too late even for that."""

    post: Post
    composed: Composed
    thread: str | None = None
    others: tuple[Post, ...] = ()
    expired: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """To be looked for in its channel: nobody knows whether it arrived."""

    post: Post
    after: str
    thread: str | None


@dataclass(frozen=True, slots=True)
class Check:
    """Not a message: a look whether there could be one."""

    post: Post


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Not to be sent any more. `fault` says that it failed, rather than that it is needed no longer."""

    post: Post
    reason: str
    fault: bool = False
    others: tuple[Post, ...] = ()


Task = Send | Look | Check | GiveUp


@dataclass(frozen=True, slots=True)
class Job:
    """A call under way for a post. `paced` is True when its channel had kept its pace before."""

    post: Post
    call: Callable[[Poster], PostAnswer | LookAnswer]
    looking: bool = False
    claimed_at: float = 0.0
    paced: bool = False

    def timed(self, claimed_at: float, *, paced: bool) -> Job:
        return replace(self, claimed_at=claimed_at, paced=paced)

    def run(self, poster: Poster) -> PostAnswer | LookAnswer:
        return self.call(poster)

    def when_broken(self) -> PostAnswer | LookAnswer:
        """The answer when the poster itself raised."""
        return Away("a fault in the program") if self.looking else Unsure("a fault in the program")


def prepare(store: Store, due: Sequence[Post], moment: datetime, cleared: Container[str] = ()) -> list[Task]:
    """Decides on posts by the facts as they are. `cleared` are the keys of those that were looked for and are not there.

    Raises StoreError kinds; a fault in composing gives the post up with a reference that is also in the log.
    """
    tasks: dict[str, Task] = {}
    for team in dict.fromkeys(post.team for post in due):
        mine = [post for post in due if post.team == team]
        with store.read(team) as session:
            memo = Memo(watches.zones_of(session, [post.channel for post in mine]))
            tasks |= {post.key: _prepare(session, post, moment, post.key in cleared, memo) for post in mine}
    return [tasks[post.key] for post in due]


def _prepare(session: Session, post: Post, moment: datetime, cleared: bool, memo: Memo) -> Task:
    if post.state is PostState.UNKNOWN and not cleared:
        return Look(post, _look_after(session, post), thread_of(session, post))
    if post.useful_until <= moment:
        return GiveUp(post, _too_late(post))
    if post.kind is PostKind.CHECK:
        return Check(post)
    unwanted = _unwanted(session, post) if cleared else None
    if unwanted:
        return GiveUp(post, unwanted)
    thread = thread_of(session, post)
    if post.kind is PostKind.PART and thread is None:
        return GiveUp(post, "what it continues was not posted")
    others, expired = _together(session, post, moment)
    try:
        made = compose(session, post, others, moment, memo)
    except StoreError:
        raise
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("reference %s: a post could not be composed", reference)
        return GiveUp(post, f"a fault of ours: {reference} in the log", fault=True)
    if not isinstance(made, Composed):
        return GiveUp(post, made.reason, others=others)
    return Send(post, made, thread, others, expired)


def _unwanted(session: Session, post: Post) -> str | None:
    """Why a post that did not arrive is not to be tried again: what people ordered since. Plans cannot take back a post that
    is under way."""
    if post.kind is PostKind.DIGEST:
        watch = watches.get(session, int(post.subject.removeprefix("W-")))
        return None if watch.state is WatchState.ACTIVE else f"{watch.label} is {watch.state.value}"
    if not post.subject.startswith("T-"):
        return None
    own = watches.reminds_in(session, post.channel).get(int(post.subject.removeprefix("T-")))
    if own is not None:
        return None if own.leads else "muted"
    ordered = post.slot.startswith(posts.BY_HAND) or post.kind is PostKind.PART
    watching = any(watch.state is WatchState.ACTIVE for watch in watches.of_channel(session, post.channel))
    return None if ordered or watching else "nobody wants reminders in this channel any more"


def letter(task: Send) -> Letter:
    """What goes out for a post."""
    post = task.post
    return Letter(post.team, post.channel, post.key, task.composed.reply, task.thread)


def _together(session: Session, post: Post, moment: datetime) -> tuple[tuple[Post, ...], tuple[Post, ...]]:
    """The late posts of the same kind that go out with a late one, and those that are too late even for that."""
    if post.kind not in TOGETHER or moment - post.due <= LATE:
        return (), ()
    late = outbox.others_late(session, post, moment - LATE)
    useful = tuple(other for other in late if other.useful_until > moment)
    # A digest that is too late plans its successor when its own turn comes.
    gone = () if post.kind is PostKind.DIGEST else tuple(other for other in late if other.useful_until <= moment)
    return useful, gone


def _too_late(post: Post) -> str:
    held = f"; before that: {post.reason}" if post.reason else ""
    later = (
        "the next digest covers it"
        if post.kind is PostKind.DIGEST
        else f"it was of use until {post.useful_until:%Y-%m-%d %H:%M} UTC"
    )
    return f"too late: {later}{held}"


def _look_after(session: Session, post: Post) -> str:
    """From where on to look: after the last message that arrived there, by Slack's own clock; else well before we tried.

    Order in a channel is kept, so what is sought cannot be older than what arrived before it.
    """
    last = outbox.last_ts(session, post.team, post.channel)
    if last is not None and post.parent is None:
        return last
    tried = (post.attempted_at or post.due) - LOOK_BACK
    return f"{tried.timestamp():.6f}"
