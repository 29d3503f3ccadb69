"""What must not hold up an acknowledgement: a bounded queue with threads of our own.

Bolt's own pool is shared with its listeners, so five slow uploads there would make the sixth command time out.
"""

from __future__ import annotations

import logging
import queue
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)

Job = Callable[[], None]
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Work:
    name: str
    job: Job
    tell: Tell | None


class Background:
    """Runs jobs on up to `workers` threads, which start with the first jobs. `stop` drains what is queued."""

    def __init__(self, *, workers: int = 4, capacity: int = 200) -> None:
        self._workers = workers
        self._queue: queue.Queue[_Work | None] = queue.Queue(capacity)
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._stopping = threading.Event()

    def submit(self, name: str, job: Job, *, tell: Tell | None = None) -> bool:
        """Queues a job. False if there is no room, or a stop is under way: then nobody will run it.

        If the job raises, the log has it under a reference, and `tell` gets that reference to pass on to the person.
        """
        if self._stopping.is_set():
            return False
        try:
            self._queue.put_nowait(_Work(name, job, tell))
        except queue.Full:
            log.warning("the queue is full: %s was refused", name)
            return False
        self._hire()
        return True

    def _hire(self) -> None:
        with self._lock:
            if self._idle < self._queue.qsize() and len(self._threads) < self._workers:
                thread = threading.Thread(target=self._work, name=f"attache-background-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()

    def _work(self) -> None:
        while True:
            with self._lock:
                self._idle += 1
            work = self._queue.get()
            with self._lock:
                self._idle -= 1
            try:
                if work is None:
                    return
                _run(work)
            finally:
                self._queue.task_done()

    def wait(self, seconds: float) -> bool:
        """Waits until nothing is queued or running. False if that took longer."""
        end = time.monotonic() + seconds
        with self._queue.all_tasks_done:
            while self._queue.unfinished_tasks:
                left = end - time.monotonic()
                if left <= 0:
                    return False
                self._queue.all_tasks_done.wait(left)
        return True

    def stop(self, seconds: float = 5.0) -> bool:
        """Takes no more jobs and finishes those there are. False if some were left when the time was up."""
        self._stopping.set()
        drained = self.wait(seconds)
        if not drained:
            log.warning("stopping with %d background jobs unfinished", self._queue.unfinished_tasks)
            return False
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(1.0)
        return True


def _run(work: _Work) -> None:
    try:
        work.job()
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("reference %s: %s failed in the background", reference, work.name)
        if work.tell is not None:
            _tell(work.tell, reference)


def _tell(tell: Tell, reference: str) -> None:
    try:
        tell(reference)
    except Exception:
        log.warning("reference %s could not be passed on to the person", reference, exc_info=True)
