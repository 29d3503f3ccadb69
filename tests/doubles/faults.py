"""Trouble on demand: dropped connections, hangs, late accepts, 429, 5xx, broken bodies, error codes.

    slack.fault("chat.postMessage", accept_then_drop(), channel="C0DESK", times=1)
    slack.fault("chat.postMessage", rate_limited(2), probability=0.08)

Faults with `times` are a script: they strike first, in order. Those with a probability share one throw of the seeded
dice, so that 5 %, 2 % and 8 % are just that, and together 15 %.
"""

from __future__ import annotations

import random
import threading
from dataclasses import asdict, dataclass
from typing import Any

from tests.doubles.state import Json


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call. `accepted`: does Slack do what was asked all the same?"""

    kind: str  # drop, hang, late, http, body, error
    accepted: bool = False
    seconds: float = 0.0
    status: int = 200
    error: str = ""
    body: str = ""  # truncated or html
    retry_after: int | None = None


def drop() -> Fault:
    """The connection breaks before Slack took anything in."""
    return Fault("drop")


def accept_then_drop() -> Fault:
    """Slack does it, and the connection breaks before it says so."""
    return Fault("drop", accepted=True)


def accept_then_hang(seconds: float) -> Fault:
    """Slack does it at once and says nothing for so long; then it answers."""
    return Fault("hang", accepted=True, seconds=seconds)


def hang(seconds: float) -> Fault:
    """Nothing for so long, then a dropped connection; nothing was taken in."""
    return Fault("hang", seconds=seconds)


def accept_late(seconds: float) -> Fault:
    """Slack does it only after so long, and answers then, if anybody still listens."""
    return Fault("late", accepted=True, seconds=seconds)


def drop_then_accept_late(seconds: float) -> Fault:
    """The connection breaks at once, and Slack does it all the same, so much later."""
    return Fault("drop", accepted=True, seconds=seconds)


def rate_limited(retry_after: int = 1) -> Fault:
    return Fault("http", status=429, error="ratelimited", retry_after=retry_after)


def http_status(status: int = 500, *, accepted: bool = False) -> Fault:
    """500, 502, 503 …, with the kind of page that a proxy sends."""
    return Fault("http", status=status, accepted=accepted)


def truncated_json() -> Fault:
    """Slack does it; half of its answer arrives."""
    return Fault("body", accepted=True, body="truncated")


def html_page(*, accepted: bool = False) -> Fault:
    """Status 200 and a web page."""
    return Fault("body", accepted=accepted, body="html")


def error(code: str) -> Fault:
    """One of Slack's error codes: is_archived, token_revoked, internal_error …"""
    return Fault("error", error=code)


@dataclass
class _Rule:
    method: str
    fault: Fault
    channel: str | None
    times: int | None
    probability: float
    struck: int = 0

    def fits(self, method: str, args: Json) -> bool:
        if self.method not in (method, "*"):
            return False
        return self.channel is None or self.channel in (args.get("channel"), args.get("channel_id"))


class Faults:
    """The faults in force, and the dice."""

    def __init__(self, seed: int = 1) -> None:
        self._lock = threading.Lock()
        self._dice = random.Random(seed)
        self._rules: list[_Rule] = []

    def add(
        self, method: str, fault: Fault, *, channel: str | None = None, times: int | None = None, probability: float = 1.0
    ) -> None:
        with self._lock:
            self._rules.append(_Rule(method, fault, channel, times, probability))

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def next(self, method: str, args: Json) -> Fault | None:
        """The fault that strikes this call, if any."""
        with self._lock:
            fitting = [r for r in self._rules if r.fits(method, args)]
            chosen = next((r for r in fitting if r.times is not None and r.struck < r.times), None)
            if chosen is None:
                throw = self._dice.random()
                for rule in (r for r in fitting if r.times is None):
                    if throw < rule.probability:
                        chosen = rule
                        break
                    throw -= rule.probability
            if chosen is not None:
                chosen.struck += 1
            return chosen.fault if chosen else None

    def struck(self) -> list[tuple[str, Fault, int]]:
        """Each fault with how often it struck: a crash test asserts that its faults really happened."""
        with self._lock:
            return [(r.method, r.fault, r.struck) for r in self._rules]


def from_json(row: Json) -> tuple[str, Fault, dict[str, Any]]:
    """A fault as the control address of a stand-in in its own process takes it."""
    return str(row["method"]), Fault(**row["fault"]), {k: row[k] for k in ("channel", "times", "probability") if k in row}


def to_json(method: str, fault: Fault, **how: Any) -> Json:
    return {"method": method, "fault": asdict(fault), **how}
