"""Slack's rate limits, as a mode: so many seconds between messages in a channel, so many a minute in a workspace."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque

from tests.doubles.state import Json, SlackError


class Limits:
    """Off until a test switches it on. A short burst is allowed, as Slack allows it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._channel_seconds = 0.0
        self._burst = 1
        self._per_minute = 0
        self._posts: dict[str, deque[float]] = defaultdict(deque)
        self._workspace: deque[float] = deque()
        self.refused = 0

    def set(self, *, channel_seconds: float = 1.0, burst: int = 1, per_minute: int = 0) -> None:
        """At most `burst` messages in any `burst * channel_seconds` in one channel; `per_minute` 0 is no such limit."""
        with self._lock:
            self._channel_seconds, self._burst, self._per_minute = channel_seconds, burst, per_minute

    def check(self, method: str, args: Json) -> None:
        if method != "chat.postMessage" or not (self._channel_seconds or self._per_minute):
            return
        now = time.monotonic()
        with self._lock:
            waits = [
                self._wait(self._posts[str(args.get("channel"))], now, self._burst * self._channel_seconds, self._burst),
                self._wait(self._workspace, now, 60.0 if self._per_minute else 0.0, self._per_minute),
            ]
            if max(waits) > 0:
                self.refused += 1
                raise SlackError("ratelimited", retry_after=max(1, int(max(waits) + 0.999)))
            self._posts[str(args.get("channel"))].append(now)
            self._workspace.append(now)

    @staticmethod
    def _wait(times: deque[float], now: float, span: float, most: int) -> float:
        """Seconds until one more fits into the span."""
        if not span:
            return 0.0
        while times and now - times[0] >= span:
            times.popleft()
        return times[0] + span - now if len(times) >= most else 0.0
