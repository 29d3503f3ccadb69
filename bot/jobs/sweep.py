"""One sweep: everything that is due goes out, in order, once.

The calling thread does all the deciding and all the writing; a bounded pool of threads does nothing but talk to the poster.
A post is composed, then claimed on record, then sent, and what came of it is recorded: whatever instant the process dies
in, the row says either that nothing left this machine or that somebody has to look.

A channel has one message under way, and its next leaves no sooner than the poster's pace after the last one arrived. Nothing
sleeps in a worker; what is held up (Retry-After, an archived channel) stays on record as a hold, and the sweep ends
without it.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.jobs.outcomes import Judge, Tally
from bot.jobs.posting import Away, LookAnswer, PostAnswer, Poster
from bot.jobs.ready import Job, prepare
from store import backlog, outbox, planning, schedule, watches
from store.database import BUILTIN, Store
from store.orders import plan_digest
from store.posts import OPEN
from store.records import Post

log = logging.getLogger(__name__)

Address = tuple[str, str]
"""A workspace and a channel in it."""

ACTOR = "attache"
LOADED = 1500
"""How many posts are read at a time. A longer queue is read as it shrinks, so that a flood neither fills the memory nor has
its rows read over and over."""
RELOAD_SECONDS, LONGEST_RELOAD = 1.0, 3.0
PLANNING_SECONDS = 0.5
"""How long to plan for wide changes before looking at what is due again."""
STALLED_SECONDS = 5.0
"""A claim that waited longer for its worker is given back: too much may have changed since."""


@dataclass(slots=True)
class _Round:
    """What one sweep keeps in mind: who is waiting, what is under way, what has come back."""

    now: datetime
    began: float
    waiting: dict[Address, deque[Post]] = field(default_factory=dict)
    flying: dict[Address, Job] = field(default_factory=dict)
    cleared: set[str] = field(default_factory=set)
    """Keys of posts that were looked for and are not there: those may be sent again."""
    loaded_at: float = float("-inf")
    tally: Tally = field(default_factory=Tally)


class Sweeper:
    """Delivers what is due. One at a time for a store; `deliver_due` may be called again and again, by one thread."""

    def __init__(
        self,
        store: Store,
        poster: Poster,
        *,
        settle_seconds: float = 60.0,
        senders: int = 32,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._poster, self._settle, self._senders = store, poster, settle_seconds, senders
        self._monotonic = monotonic
        self._judge = Judge(poster.pace)
        self._done: queue.SimpleQueue[tuple[Job, PostAnswer | LookAnswer, float]] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._ready: dict[Address, float] = {}
        self._aged_at: float | None = None
        self._pool: ThreadPoolExecutor | None = None

    def start(self, now: datetime) -> None:
        """Before the first sweep of a process: what was interrupted becomes unsure, and every digest gets its next row."""
        with self._store.write(BUILTIN, actor=ACTOR, now=now) as session:
            interrupted = outbox.interrupted(session)
            lacking = watches.digests_without(session, [state.value for state in OPEN])
        if interrupted:
            log.info("%d posts were interrupted; looking for them after %.0f s", interrupted, self._settle)
        for team, number in lacking:
            with self._store.write(team, actor=ACTOR, now=now) as session:
                watch = watches.get(session, number)
                plan_digest(session, watch, schedule.next_digest(watch, now))

    def stop(self) -> None:
        """Takes no new work from now on; the posts under way finish. Safe from any thread and from a signal handler."""
        self._stopping.set()

    def close(self) -> None:
        """Ends the senders, after the posts under way."""
        self.stop()
        if self._pool is not None:
            self._pool.shutdown(wait=True)
            self._pool = None

    def deliver_due(self, now: datetime) -> Tally:
        """Sends what is due at `now`, and what falls due while doing so. Returns what became of it.

        Raises StoreError kinds when the store fails; what was under way is then unsure, as after a crash.
        """
        work = _Round(now, self._monotonic())
        self._age(now)
        while True:
            self._settle_done(work)
            found = not self._stopping.is_set() and self._load(work)
            chosen = 0 if self._stopping.is_set() else self._launch(work)
            if work.flying:
                self._collect(self._pause(work))
            elif self._stopping.is_set() or not (found or chosen or work.waiting):
                return work.tally
            elif not chosen:
                self._stopping.wait(self._pause(work) or 0.0)

    def next_moment(self, now: datetime) -> datetime | None:
        """When the bell should ring next, besides its regular beat; None when nothing is ahead."""
        with self._store.read(BUILTIN) as session:
            if backlog.since(session) is not None:
                return now
            moment = outbox.next_due(session, now, local=self._poster.local)
            left = outbox.unsure(session, self._settle)
        if left is not None:
            settled = now + timedelta(seconds=max(1.0, left))
            moment = min(moment, settled) if moment else settled
        return moment

    def _moment(self, work: _Round) -> datetime:
        return work.now + timedelta(seconds=int(self._monotonic() - work.began))

    def _age(self, now: datetime) -> None:
        """Lets the time since the last sweep count for what is unsure. It is this process's own time, not the clock's."""
        here, before = self._monotonic(), self._aged_at
        self._aged_at = here
        if before is None or here <= before:
            return
        with self._store.read(BUILTIN) as session:
            if outbox.unsure(session, self._settle) is None:
                return
        with self._store.write(BUILTIN, actor=ACTOR, now=now) as session:
            outbox.wait(session, here - before)

    def _load(self, work: _Round) -> bool:
        """Reads what is due, now and then and whenever nothing is left to do. True if there was something."""
        here = self._monotonic()
        since = here - work.loaded_at
        busy = bool(work.waiting or work.flying) and since < LONGEST_RELOAD
        if busy and (since < RELOAD_SECONDS or sum(map(len, work.waiting.values())) > LOADED // 2):
            return False
        work.loaded_at = here
        moment = self._moment(work)
        self._age(moment)
        unplanned = self._plan(moment)
        with self._store.read(BUILTIN) as session:
            due = outbox.due(session, moment, settle=self._settle, local=self._poster.local, limit=LOADED)
        fresh: dict[Address, deque[Post]] = {a: kept for a, kept in work.waiting.items() if a in work.flying}
        for post in due:
            address = post.team, post.channel
            if address not in work.flying:
                fresh.setdefault(address, deque()).append(post)
        work.waiting = fresh
        return bool(due) or unplanned

    def _plan(self, moment: datetime) -> bool:
        """Plans for wide changes that were only noted, for a while. True when some are left."""
        with self._store.read(BUILTIN) as session:
            if backlog.since(session) is None:
                return False
        began = self._monotonic()
        while not self._stopping.is_set() and self._monotonic() - began < PLANNING_SECONDS:
            with self._store.write(BUILTIN, actor=ACTOR, now=moment) as session:
                if not planning.catch_up(session):
                    return False
        return True

    def _launch(self, work: _Round) -> int:
        """Claims and sends the next of every channel that is free, as far as there are senders. Returns how many it took."""
        here = self._monotonic()
        room = self._senders - len(work.flying)
        chosen: list[Post] = []
        for address in list(work.waiting):
            if len(chosen) >= room:
                break
            if address not in work.flying and self._ready.get(address, 0.0) <= here:
                chosen.append(work.waiting[address].popleft())
                if not work.waiting[address]:
                    del work.waiting[address]
        if not chosen:
            return 0
        moment = self._moment(work)
        tasks = prepare(self._store, chosen, moment, work.cleared)
        work.cleared -= {post.key for post in chosen}  # once: after another attempt it has to be looked for again
        with self._store.write(BUILTIN, actor=ACTOR, now=moment) as session:
            jobs = self._judge.begin(session, tasks, work.tally)
        for job in jobs:
            self._fly(work, job)
        return len(chosen)

    def _fly(self, work: _Round, job: Job) -> None:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._senders, thread_name_prefix="attache-send")
        address = job.post.team, job.post.channel
        job = job.timed(self._monotonic(), paced=address in self._ready)
        work.flying[address] = job
        self._pool.submit(self._call, job)

    def _call(self, job: Job) -> None:
        """In a sender's thread: one call, whose answer always comes back."""
        try:
            if self._monotonic() - job.claimed_at > STALLED_SECONDS:
                answer: PostAnswer | LookAnswer = Away("no sender was free in time")
            else:
                answer = job.run(self._poster)
        except Exception:
            # A fault of ours in the poster: it may have struck before or after the message left.
            log.exception("posting failed")
            answer = job.when_broken()
        self._done.put((job, answer, self._monotonic()))

    def _collect(self, pause: float | None) -> None:
        """Waits until something has come back, or a channel's pace or the next look at what is due allow for more."""
        try:
            first = self._done.get(timeout=RELOAD_SECONDS if pause is None else min(pause, RELOAD_SECONDS))
        except queue.Empty:
            return
        self._done.put(first)

    def _settle_done(self, work: _Round) -> None:
        """Records what has come back, all of it in one transaction."""
        came: list[tuple[Job, PostAnswer | LookAnswer, float]] = []
        while True:
            try:
                came.append(self._done.get_nowait())
            except queue.Empty:
                break
        if not came:
            return
        moment, here = self._moment(work), self._monotonic()
        again: list[Post] = []
        try:
            with self._store.write(BUILTIN, actor=ACTOR, now=moment) as session:
                verdicts = self._judge.settle(session, [(job, answer) for job, answer, _ in came], here, work.tally)
        except BaseException:
            for item in came:  # the answers are as true in the next sweep
                self._done.put(item)
            raise
        for (job, _, at), verdict in zip(came, verdicts, strict=True):
            address = job.post.team, job.post.channel
            if verdict.again:
                again.append(job.post)
            work.flying.pop(address, None)
            self._ready[address] = at + self._poster.pace
            if verdict.team is not None:
                for held in [a for a in work.waiting if verdict.holds(a)]:
                    del work.waiting[held]
        for post in again:
            work.cleared.add(post.key)
            work.waiting.setdefault((post.team, post.channel), deque()).appendleft(post)
        self._forget(here)

    def _forget(self, here: float) -> None:
        if len(self._ready) > 5000:
            self._ready = {address: moment for address, moment in self._ready.items() if moment > here}

    def _pause(self, work: _Round) -> float | None:
        """Seconds until some channel's pace lets its next message go; None when none waits for that."""
        here = self._monotonic()
        moments = [self._ready.get(address, 0.0) for address in work.waiting if address not in work.flying]
        return max(0.0, min(moments) - here) if moments else None
