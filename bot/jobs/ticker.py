"""The bell: rings every few seconds, and when the next post falls due. The rows are the truth; this only says "look".

One in-memory job that never runs twice at once. A clock that jumps does not wake a sleeping scheduler, so the regular beat
stays short; what is due is decided by the clock given here, never by the scheduler's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from bot.jobs.sweep import Sweeper
from store.errors import StoreError

log = logging.getLogger(__name__)

JOB = "sweep"


class Ticker:
    """Sweeps in a thread of its own between `start` and `stop`.

    `clock` is what posts go by; `wall` is the machine's own clock, which the scheduler goes by, where that is another.
    """

    def __init__(
        self,
        sweeper: Sweeper,
        clock: Callable[[], datetime],
        *,
        seconds: float,
        wall: Callable[[], datetime] | None = None,
    ) -> None:
        self._sweeper, self._clock, self._seconds = sweeper, clock, seconds
        self._wall = wall or clock
        self._scheduler = BackgroundScheduler(timezone=UTC)

    def start(self) -> None:
        """Takes up what the last process left and sweeps at once. Raises StoreError kinds when the store fails."""
        self._sweeper.start(self._clock())
        self._scheduler.add_job(
            self._ring,
            "interval",
            seconds=self._seconds,
            id=JOB,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
            next_run_time=self._wall(),
        )
        # A sweep that outlasts the beat is no trouble: the next ring comes after it.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler.start()

    def stop(self) -> None:
        """Takes no new work, lets the posts under way finish, and ends."""
        self._sweeper.stop()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        self._sweeper.close()

    def _ring(self) -> None:
        try:
            tally = self._sweeper.deliver_due(self._clock())
            if any((tally.sent, tally.unsure, tally.held, tally.failed, tally.dropped)):
                log.info("posts: %s", tally.words())
            self._wake_at(self._sweeper.next_moment(self._clock()))
        except StoreError as error:
            log.warning("sweeping failed: %s", error)
        except Exception:  # the bell must go on ringing
            log.exception("sweeping failed")

    def _wake_at(self, moment: datetime | None) -> None:
        """Lets the next ring come earlier than the beat."""
        if moment is None:
            return
        ahead = max(timedelta(milliseconds=200), moment - self._clock())
        if ahead < timedelta(seconds=self._seconds):
            try:
                self._scheduler.modify_job(JOB, next_run_time=self._wall() + ahead)
            except JobLookupError:
                return  # it is being stopped
