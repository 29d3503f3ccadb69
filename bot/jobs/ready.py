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
from store import outbox, schedule, watches
from store.database import Session, Store
from store.errors import NotOnRecord, StoreError
from store.records import Post, PostKind, PostState, Rhythm, Watch, WatchState
from store.schedule import Occasion

log = logging.getLogger(__name__)

Next = tuple[Watch, Occasion]
"""A watch and the digest it is to have after the one at hand."""

ATTEMPTS = 20
"""After so many attempts whose fate was unsure, a person has to look."""

LOOK_BACK = timedelta(days=1)
"""How far before the attempt to look where nothing else says when: our clock may be wrong by hours."""


@dataclass(frozen=True, slots=True)
class Send:
    """To be claimed and sent. `others` go with it; `expired` are too late even for that; `next` are the digests to follow."""

    post: Post
    composed: Composed
    thread: str | None = None
    others: tuple[Post, ...] = ()
    expired: tuple[Post, ...] = ()
    next: tuple[Next, ...] = ()


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
    next: tuple[Next, ...] = ()


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
        return GiveUp(post, _too_late(post), next=_following(session, [post], moment))
    if post.state is PostState.UNKNOWN and post.attempts >= ATTEMPTS:
        reason = f"still unsure after {post.attempts} attempts: look in the channel"
        return GiveUp(post, reason, fault=True, next=_following(session, [post], moment))
    if post.kind is PostKind.CHECK:
        return Check(post)
    thread = thread_of(session, post)
    if post.kind is PostKind.PART and thread is None:
        return GiveUp(post, "what it continues was not posted")
    others, expired = _together(session, post, moment)
    following = _following(session, [post, *others], moment)
    try:
        made = compose(session, post, others, moment, memo)
    except StoreError:
        raise
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("reference %s: a post could not be composed", reference)
        return GiveUp(post, f"a fault of ours: {reference} in the log", fault=True, next=following)
    if not isinstance(made, Composed):
        return GiveUp(post, made.reason, others=others, next=following)
    return Send(post, made, thread, others, expired, following)


def letter(task: Send) -> Letter:
    """What goes out for a post."""
    post = task.post
    return Letter(post.team, post.channel, post.key, task.composed.reply, task.thread)


def _together(session: Session, post: Post, moment: datetime) -> tuple[tuple[Post, ...], tuple[Post, ...]]:
    """The late posts of the same kind that go out with a late one, and those that are too late even for that."""
    if post.kind not in TOGETHER:
        return (), ()
    if post.attempts:
        tied = outbox.carried(session, post)
        if tied:
            return tuple(tied), ()
    if moment - post.due <= LATE:
        return (), ()
    late = outbox.others_late(session, post, moment - LATE)
    useful = tuple(other for other in late if other.useful_until > moment)
    # A digest that is too late plans its successor when its own turn comes.
    gone = () if post.kind is PostKind.DIGEST else tuple(other for other in late if other.useful_until <= moment)
    return useful, gone


def _following(session: Session, going: Sequence[Post], moment: datetime) -> tuple[Next, ...]:
    """The watches of digests and the digests after these, to be planned as these go."""
    found: list[Next] = []
    for post in going:
        if post.kind is not PostKind.DIGEST:
            continue
        try:
            watch = watches.get(session, int(post.subject.removeprefix("W-")))
        except NotOnRecord:
            continue
        if watch.state is WatchState.ACTIVE and watch.rhythm is not Rhythm.NONE:
            found.append((watch, schedule.following(watch, post.due, moment)))
    return tuple(found)


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
