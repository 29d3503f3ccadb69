"""How long recording takes over a real Socket Mode connection: from a typed sentence to the form on screen, and from sending
the form in to the acknowledgement, beside a command that does nothing. Slack is the strict double, in the same process."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from slack_bolt import Ack, App

from bot import wiring
from bot.config import Settings
from bot.slack.serve import serve_socket
from store import migrations
from tests.bench import generate
from tests.doubles.door import Door
from tests.doubles.slack import FakeSlack
from tests.doubles.state import View

TALKS, POSITIONS = 100_000, 10_000
WARM_UP = 10
NO_OP = "/noop"

SENTENCE = (
    "/talks add US and Russia, second round, third country, within two weeks, deputies, agenda Ukraine and embassies, "
    "said by Ryabkov 22 Feb https://example.org/{n}"
)
MESSAGE = "US and Russia to hold a second round of talks in a third country within two weeks, Ryabkov said on 22 February ({n})"


def run(runs: int = 300, talks: int = TALKS, positions: int = POSITIONS) -> dict[str, Any]:
    """p50 and p99 in milliseconds of opening and sending each form, and of a command that does nothing."""
    with tempfile.TemporaryDirectory(prefix="attache-bench-") as folder:
        path = Path(folder) / "attache.db"
        shutil.copy(generate.store_of(talks, positions), path)
        with FakeSlack() as slack, _served(path, slack) as door:
            timings = _timings(slack, door, runs)
    return {"runs": runs, "talks": talks, "positions": positions, **{name: _cuts(taken) for name, taken in timings.items()}}


@contextmanager
def _served(path: Path, slack: FakeSlack) -> Iterator[Door]:
    store = migrations.open_store(path)
    settings = Settings(bot_token=slack.bot_token, api_url=slack.base_url)
    stop = threading.Event()
    try:
        with wiring.slack_app(settings, store, wiring.Clock(generate.NOW)) as app:
            app.command(NO_OP)(_nothing)
            line = threading.Thread(target=_serve, args=(app, slack, stop))
            line.start()
            try:
                yield slack.socket()
            finally:
                stop.set()
                line.join(10)
    finally:
        store.close()


def _serve(app: App, slack: FakeSlack, stop: threading.Event) -> None:
    serve_socket(app, slack.app_token, slack.base_url, stop)


def _nothing(ack: Ack) -> None:
    ack()


def _timings(slack: FakeSlack, door: Door, runs: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {"no_op": [], "open_add": [], "submit_add": [], "open_from_message": [], "open_edit": []}
    taken |= {"submit_edit": [], "step_by_words": []}
    for n in range(runs + WARM_UP):
        row = {"no_op": door.command(NO_OP).seconds}
        row["open_add"], view = _opened(slack, lambda n=n: door.command(SENTENCE.format(n=n)))
        row["submit_add"] = _sent(door, view, {"duplicate_of": "new", "title": f"Round {n}"})
        number = 3 + n
        row["open_edit"], view = _opened(slack, lambda number=number: door.command(f"/talks edit T-{number}"))
        row["submit_edit"] = _sent(door, view, {"title": f"Round {n}", "place": "Geneva"})
        message = slack.say(MESSAGE.format(n=n))
        row["open_from_message"], view = _opened(slack, lambda m=message: door.message_shortcut("record_talks", m))
        view.open = False
        row["step_by_words"] = door.command(f"/talks postpone T-{_ahead(n)} to 20 March 2027 because of illness").seconds
        if n >= WARM_UP:
            for name, seconds in row.items():
                taken[name].append(seconds * 1000)
    return taken


def _ahead(n: int) -> int:
    return 1000 + n


def _opened(slack: FakeSlack, ask: Any) -> tuple[float, View]:
    """Seconds until Slack has taken the form, and the form."""
    before = len(slack.state.views)
    started = time.perf_counter()
    ask()
    slack.wait_for(lambda: len(slack.state.views) > before, 10)
    return time.perf_counter() - started, slack.top_view


def _sent(door: Door, view: View, values: dict[str, str]) -> float:
    """Seconds until a form sent in is acknowledged; it must be taken, asking again no more than that."""
    there = {b["element"]["action_id"] for b in view.body["blocks"] if b["type"] == "input"}
    delivery = door.submit(view, {name: value for name, value in values.items() if name in there})
    if view.open:  # a duplicate that only showed now
        assert not delivery.errors, delivery.errors
        there = {b["element"]["action_id"] for b in view.body["blocks"] if b["type"] == "input"}
        delivery = door.submit(view, {name: value for name, value in values.items() if name in there})
    assert not view.open, view.body["blocks"]
    return delivery.seconds


def _cuts(taken: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(taken, n=100)
    return {"p50_ms": round(statistics.median(taken), 2), "p99_ms": round(cuts[98], 2), "max_ms": round(max(taken), 2)}
