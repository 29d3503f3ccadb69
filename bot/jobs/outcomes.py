"""What becomes of rows: claims before a call, verdicts after it, pauses of just what is in trouble, and word to whom it
concerns.

Slack's limit on messages counts for each channel, with a looser one for the workspace, and a 429 does not say which was
hit. A channel that had kept its pace cannot have hit its own: when a second such channel is refused within the time asked
for, the workspace is held; until then only the channel is, so that one busy channel does not silence five hundred.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.jobs.posting import Absent, Away, Blame, Limited, LookAnswer, PostAnswer, Poster, Refused, Sent, Unsure
from bot.jobs.ready import Check, GiveUp, Job, Look, Send, Task, letter
from store import outbox, posts, watches
from store.database import WriteSession
from store.orders import plan_following
from store.outbox import WORKSPACE
from store.records import Post, PostKind, PostState

log = logging.getLogger(__name__)

Call = Callable[[Poster], PostAnswer | LookAnswer]

CHANNEL_PAUSE = timedelta(minutes=5), timedelta(hours=1)
WORKSPACE_PAUSE = timedelta(minutes=1), timedelta(hours=1)
AWAY_PAUSE = timedelta(seconds=5), timedelta(minutes=1)
"""The first pause and the longest."""

LIMITED = "rate limited"
UNTOLD = "it could not be told whether it arrived: "

LOOK_PAUSE = timedelta(seconds=10)
NOTICE_HELPS = timedelta(days=7)
TOLD = 5
"""How many people hear of one trouble at most."""


@dataclass(slots=True)
class Tally:
    """What a sweep came to."""

    sent: int = 0
    unsure: int = 0
    held: int = 0
    failed: int = 0
    dropped: int = 0

    def add(self, other: Tally) -> None:
        """Counts another sweep in. What was unsure or held up before it is as it now says."""
        self.sent, self.failed, self.dropped = self.sent + other.sent, self.failed + other.failed, self.dropped + other.dropped
        self.unsure, self.held = other.unsure, other.held

    def words(self) -> str:
        """`3 sent, 1 dropped`; `nothing due`."""
        counts = ((self.sent, "sent"), (self.unsure, "unsure"), (self.held, "held up"), (self.failed, "failed"))
        said = [f"{count} {word}" for count, word in (*counts, (self.dropped, "dropped")) if count]
        return ", ".join(said) or "nothing due"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the sweep has to know: whether to try again now, and which channel or workspace is held."""

    again: bool = False
    team: str | None = None
    channel: str | None = None

    def holds(self, address: tuple[str, str]) -> bool:
        return self.team == address[0] and self.channel in (WORKSPACE, address[1])


@dataclass(slots=True)
class Judge:
    """Writes what is decided and what came of it. Used by one thread."""

    pace: float
    _limited: list[tuple[float, str, str]] = field(default_factory=list)

    def begin(self, session: WriteSession, tasks: Sequence[Task], tally: Tally) -> list[Job]:
        """Claims what tasks send, in the session's transaction, and returns the calls to make."""
        for task in tasks:
            if isinstance(task, GiveUp):
                self._give_up(session, task, tally)
        ours = outbox.claim(session, [task.post for task in tasks if isinstance(task, Send | Check)])
        jobs: list[Job] = []
        for task in tasks:
            if isinstance(task, Look):
                jobs.append(Job(task.post, _look(task), looking=True))
            elif isinstance(task, Check) and (task.post.team, task.post.number) in ours:
                jobs.append(Job(task.post, _check(task.post)))
            elif isinstance(task, Send) and (task.post.team, task.post.number) in ours:
                self._with_it(session, task, tally)
                jobs.append(Job(task.post, _send(task)))
        return jobs

    def _with_it(self, session: WriteSession, task: Send, tally: Tally) -> None:
        """What else is written as a post is claimed."""
        made = task.composed
        if made.body is not None and made.upto is not None:
            outbox.keep(session, task.post, upto=made.upto, body=made.body)
        if task.others:
            outbox.carry(session, task.post, task.others, upto=made.upto)
        for other in task.expired:
            outbox.drop(session, other, "too late")
        tally.dropped += len(task.expired)
        self._continue(session, task)

    def _continue(self, session: WriteSession, task: Send | GiveUp) -> None:
        """Plans what follows: parts in the thread of a digest or a reminder, and the next digest."""
        post, own = task.post, outbox.for_team(session, task.post.team)
        if isinstance(task, Send):
            row = {"channel": post.channel, "kind": PostKind.PART.value, "subject": post.subject, "parent": post.number}
            row |= {"due": post.due, "until": post.useful_until}
            parts = [{**row, "slot": f"{post.slot}/{n}", "body": body} for n, body in enumerate(task.composed.parts, 2)]
            posts.add(own, parts)
        for digest in (post, *task.others):
            if digest.kind is PostKind.DIGEST:
                plan_following(own, digest)

    def _give_up(self, session: WriteSession, task: GiveUp, tally: Tally) -> None:
        for post in (task.post, *task.others):
            if task.fault:
                self._fail(session, post, task.reason)
                tally.failed += 1
            else:
                outbox.settle(session, post, PostState.DROPPED, reason=task.reason)
                outbox.drop_parts(session, post)
                tally.dropped += 1
        self._continue(session, task)

    def settle(
        self, session: WriteSession, came: Sequence[tuple[Job, PostAnswer | LookAnswer]], here: float, tally: Tally
    ) -> list[Verdict]:
        """Records what came of calls. `here` is the sweep's own time, in seconds."""
        sent = [(job.post, answer.ts) for job, answer in came if isinstance(answer, Sent)]
        outbox.arrived(session, sent)
        tally.sent += len(sent)
        through = [job.post for job, answer in came if isinstance(answer, Sent) and not job.looking]
        if through:
            reached = {(post.team, channel) for post in through for channel in (post.channel, WORKSPACE)}
            for hold in outbox.holds(session):
                # What Slack asked to wait for is waited for, whatever else was on its way and got through.
                if (hold.team, hold.channel) in reached and hold.reason != LIMITED:
                    outbox.release(session, hold.team, [hold.channel])
        return [self._judge(session, job, answer, here, tally) for job, answer in came]

    def _judge(self, session: WriteSession, job: Job, answer: PostAnswer | LookAnswer, here: float, tally: Tally) -> Verdict:
        post = job.post
        if isinstance(answer, Sent):
            return Verdict()
        if isinstance(answer, Absent):
            outbox.begin_again(session, post)
            return Verdict(again=True)
        if isinstance(answer, Unsure):
            outbox.settle(session, post, PostState.UNKNOWN, reason=answer.reason)
            tally.unsure += 1
            return Verdict(team=post.team, channel=post.channel)
        tally.held += 1
        if isinstance(answer, Limited):
            return self._limit(session, job, answer, here)
        if isinstance(answer, Away):
            return self._away(session, job, answer)
        return self._refuse(session, job, answer, tally)

    def _limit(self, session: WriteSession, job: Job, answer: Limited, here: float) -> Verdict:
        post = job.post
        self._back(session, job, None)
        self._limited = [item for item in self._limited if here - item[0] <= max(answer.seconds, self.pace)]
        others = any(team == post.team and channel != post.channel for _, team, channel in self._limited)
        if job.paced:
            self._limited.append((here, post.team, post.channel))
        held = [post.channel, WORKSPACE] if job.paced and others else [post.channel]
        for channel in held:
            outbox.hold(session, post.team, channel, timedelta(seconds=answer.seconds), LIMITED)
        return Verdict(team=post.team, channel=held[-1])

    def _away(self, session: WriteSession, job: Job, answer: Away) -> Verdict:
        self._back(session, job, answer.reason)
        channel = job.post.channel if job.looking else WORKSPACE
        self._hold(
            session, job.post, channel, "Slack cannot be reached", (LOOK_PAUSE, LOOK_PAUSE) if job.looking else AWAY_PAUSE
        )
        return Verdict(team=job.post.team, channel=channel)

    def _refuse(self, session: WriteSession, job: Job, answer: Refused, tally: Tally) -> Verdict:
        post = job.post
        if answer.blame is Blame.MESSAGE and not job.looking:
            tally.held, tally.failed = tally.held - 1, tally.failed + 1
            self._fail(session, post, answer.code)
            return Verdict()
        if job.looking and (answer.code == "missing_scope" or post.useful_until <= session.now):
            tally.held, tally.failed = tally.held - 1, tally.failed + 1
            self._fail(session, post, f"{UNTOLD}{answer.code}")
            return Verdict()
        self._back(session, job, answer.code)
        workspace = answer.blame is Blame.WORKSPACE
        channel = WORKSPACE if workspace else post.channel
        hold = self._hold(session, post, channel, answer.code, WORKSPACE_PAUSE if workspace else CHANNEL_PAUSE)
        if workspace:
            log.error("workspace %s refuses posts: %s", post.team, answer.code)
        if post.kind is PostKind.CHECK:
            outbox.settle(session, post, PostState.FAILED, reason=answer.code)
        if post.kind is not PostKind.NOTICE:
            about = "workspace:" if workspace else f"channel:{post.channel}"
            _tell(session, post, None if workspace else post.channel, about, f"{hold.started:%Y-%m-%dT%H:%M:%SZ}", answer.code)
        return Verdict(team=post.team, channel=channel)

    def _back(self, session: WriteSession, job: Job, reason: str | None) -> None:
        """A post that certainly did not go out is planned again; one that was only looked for stays unsure."""
        state = PostState.UNKNOWN if job.looking else PostState.PLANNED
        outbox.settle(session, job.post, state, reason=reason)
        if not job.looking:
            outbox.begin_again(session, job.post)

    def _hold(
        self, session: WriteSession, post: Post, channel: str, reason: str, pauses: tuple[timedelta, timedelta]
    ) -> outbox.Hold:
        """Pauses what is in trouble: twice as long as the pause before, if that was for the same reason."""
        known = outbox.hold_on(session, post.team, channel)
        first, longest = pauses
        pause = 2 * (known.until - known.since) if known and known.reason == reason else first
        return outbox.hold(session, post.team, channel, min(max(first, pause), longest), reason)

    def _fail(self, session: WriteSession, post: Post, reason: str) -> None:
        outbox.settle(session, post, PostState.FAILED, reason=reason)
        outbox.drop_parts(session, post)
        if post.kind not in (PostKind.NOTICE, PostKind.CHECK):
            _tell(session, post, post.channel, f"post:{post.channel}", post.key, reason)


def _tell(session: WriteSession, post: Post, channel: str | None, subject: str, slot: str, code: str) -> None:
    """Plans a direct message to whoever set up what is in trouble, once for each trouble."""
    own = outbox.for_team(session, post.team)
    row = {"kind": PostKind.NOTICE.value, "subject": subject, "slot": slot, "due": session.now, "body": code}
    people = watches.keepers(own, channel)[:TOLD]
    posts.add(own, [{**row, "channel": person, "until": session.now + NOTICE_HELPS} for person in people])


def _send(task: Send) -> Call:
    return lambda poster: poster.post(letter(task))


def _look(task: Look) -> Call:
    post = task.post
    return lambda poster: poster.look(post.team, post.channel, post.key, after=task.after, thread=task.thread)


def _check(post: Post) -> Call:
    return lambda poster: poster.check(post.team, post.channel)
