"""How long a command takes, from Slack's signed request to the acknowledgement with the answer, beside a handler that does
nothing. In one process and one run, so that the figures can be compared."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from slack_bolt import Ack, App, BoltRequest

from bot import wiring
from bot.config import Settings
from store import migrations
from tests.bench import generate
from tests.doubles.signing import SIGNING_SECRET, sign
from tests.payloads.commands import slash_command

SIZES = {"1k": (1_000, 10_000), "10k": (10_000, 100_000), "100k": (100_000, 1_000_000)}

COMMANDS = {
    "/talks next": "/talks next",
    "/talks next us russia": "/talks next us russia",
    "/talks show": "/talks show T-4",
    "/talks search (rare)": f"/talks search {generate.RARE}",
    "/talks search (common)": f"/talks search {generate.COMMON}",
    "/position russia nato": "/position russia nato",
}

NO_OP = "/noop"
WARM_UP = 30


def run(sizes: Sequence[str] = tuple(SIZES), runs: int = 1000) -> dict[str, Any]:
    """p50 and p99 in milliseconds of every command at every size, and what they are multiples of."""
    by_size = {size: _at(*SIZES[size], runs) for size in sizes}
    smallest, largest = by_size[sizes[0]], by_size[sizes[-1]]
    growth = {name: round(largest["commands"][name]["p50_ms"] / smallest["commands"][name]["p50_ms"], 2) for name in COMMANDS}
    return {"runs": runs, "sizes": by_size, "p50_largest_over_smallest": growth}


def _at(talks: int, positions: int, runs: int) -> dict[str, Any]:
    path = generate.store_of(talks, positions)
    settings = Settings(signing_secret=SIGNING_SECRET)
    store = migrations.open_store(path)
    try:
        with wiring.slack_app(settings, store, wiring.Clock(generate.NOW)) as app:
            app.command(NO_OP)(_nothing)
            send = _sender(app)
            timings = {name: _measure(partial(send, line), runs) for name, line in {NO_OP: NO_OP, **COMMANDS}.items()}
    finally:
        store.close()
    nothing = timings.pop(NO_OP)
    for timing in timings.values():
        timing["p50_over_no_op"] = round(timing["p50_ms"] / nothing["p50_ms"], 2)
    size = round(path.stat().st_size / 1e6, 1)
    return {"talks": talks, "positions": positions, "store_mb": size, "no_op": nothing, "commands": timings}


def _nothing(ack: Ack) -> None:
    ack()


def _sender(app: App, response_url: str = "https://x/y") -> Callable[[str], float]:
    """Sends a signed command and gives the seconds that the answer took. Raises AssertionError for anything but an answer."""
    serial = itertools.count()

    def send(line: str) -> float:
        command, _, text = line.partition(" ")
        fields = slash_command(
            command, text, user_id="U0EDITOR", channel_id="C0DESK", trigger_id=f"1.{next(serial)}", response_url=response_url
        )
        body = urlencode(fields)
        headers: dict[str, str | Sequence[str]] = {
            "content-type": "application/x-www-form-urlencoded", **sign(body, SIGNING_SECRET, generate.NOW)
        }  # fmt: skip
        started = time.perf_counter()
        response = app.dispatch(BoltRequest(body=body, headers=headers))
        took = time.perf_counter() - started
        assert response.status == 200, response.body
        assert line == NO_OP or '"blocks"' in response.body, response.body
        assert "went wrong" not in response.body
        assert "cannot be read" not in response.body
        return took

    return send


def _measure(once: Callable[[], float], runs: int) -> dict[str, float]:
    for _ in range(WARM_UP):
        once()
    taken = [once() * 1000 for _ in range(runs)]
    cuts = statistics.quantiles(taken, n=100)
    return {"p50_ms": round(statistics.median(taken), 3), "p99_ms": round(cuts[98], 3)}
