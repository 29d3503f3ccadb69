"""The travel record at full size: import, rankings through Bolt beside a handler that does nothing, a chart, and a command
sent while a chart is being drawn. Uses the published files where they are at hand, else made ones of the same size."""

from __future__ import annotations

import itertools
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from slack_bolt import Ack, App, BoltRequest

from bot.commands import travel
from bot.commands.base import Request
from bot.commands.registry import Registry, build
from bot.reply import Reply
from bot.slack.app import build_app
from bot.slack.background import Background
from store import migrations
from store.travel.countries import countries
from store.travel.load import load
from store.travel.source_files import read_paths
from tests.bench.generate import NOW
from tests.conftest import ROOT
from tests.doubles.signing import SIGNING_SECRET, sign
from tests.payloads.commands import slash_command
from tests.travel_files import REAL, trip, trips, visit, visits

LINES = {
    "rank, whole record": "/travel rank all time",
    "rank, whole record, joint": "/travel rank all time joint top 50",
    "rank, 1997-2024": "/travel rank",
    "rank by level": "/travel rank by level top 25",
    "party": "/travel party united kingdom",
    "search": "/travel party turkey erdogan",
    "why": "/travel why france",
}
NO_OP = "/noop"
WARM_UP = 20
TRIPS, VISITS = 4271, 3264

COLD = """
import sys, time
started = time.perf_counter()
from bot.charts import Bar, Chart, draw
bars = tuple(Bar(f"{n} Country", (n, 2 * n)) for n in range(1, 11))
draw(Chart("Where they travelled", "1997-2024", ("President", "Secretary"), bars, "x"))
print(time.perf_counter() - started)
"""


def run(runs: int = 300) -> dict[str, Any]:
    """Seconds for the import and the chart; p50 and p99 in milliseconds of each answer through Bolt."""
    with tempfile.TemporaryDirectory() as folder:
        source = REAL if REAL.is_dir() else made(Path(folder) / "source")
        path = Path(folder) / "attache.db"
        migrations.migrate(path, now=NOW)
        store = migrations.open_store(path)
        try:
            imports = []
            for _ in range(3):
                started = time.perf_counter()
                report = load(store, read_paths([source]), now=NOW)
                imports.append(round(time.perf_counter() - started, 3))
            registry = build(store, [("/travel", travel.SUMMARY, travel.commands)])
            answers = _answers(registry, runs)
            charts = _charts(registry)
        finally:
            store.close()
    return {
        "source": "published" if source == REAL else "made",
        "rows": report.read,
        "import_s": {"first": imports[0], "again": max(imports[1:])},
        **answers,
        "chart_s": charts,
    }


def made(folder: Path) -> Path:
    """A source as large as the published one."""
    ids = sorted(countries().parties)
    for kind, count in (("travels/secretary-travels", TRIPS), ("visits/data", VISITS)):
        (folder / kind).mkdir(parents=True)
        rows = []
        for number in range(count):
            first = date(1945, 1, 1) + timedelta(days=number * 29_000 // count)
            country, days = ids[number * 7 % len(ids)], (first.isoformat(), (first + timedelta(number % 4)).isoformat())
            if kind.startswith("visits"):
                rows.append(visit(number, f"President {number % 90}", *days, country))
            else:
                role = "president" if number % 5 == 0 else "secretary"
                rows.append(
                    trip(number, f"person-{number // 90}-{role}", *days, country, role=role, remarks="Met officials. " * 6)
                )
        text = visits(*rows) if kind.startswith("visits") else trips(*rows)
        (folder / kind / "all.xml").write_text(text, encoding="utf-8")
    return folder


def _answers(registry: Registry, runs: int) -> dict[str, Any]:
    background = Background()
    try:
        app = build_app(registry, clock=lambda: NOW, background=background, signing_secret=SIGNING_SECRET)
        app.command(NO_OP)(_nothing)
        send = _sender(app)
        nothing = _measure(partial(send, NO_OP), runs)
        timings = {name: _measure(partial(send, line), runs) for name, line in LINES.items()}
        return {"no_op": nothing, "commands": timings, "rank_while_charts_are_drawn": _meanwhile(registry, send)}
    finally:
        background.stop(60)


def _meanwhile(registry: Registry, send: Callable[[str], float]) -> dict[str, float]:
    """How long rankings take while another thread draws one chart after the other."""
    over = threading.Event()

    def draw() -> None:
        while not over.is_set():
            _chart(registry)

    thread = threading.Thread(target=draw)
    thread.start()
    try:
        return _measure(partial(send, LINES["rank, 1997-2024"]), 60)
    finally:
        over.set()
        thread.join()


def _chart(registry: Registry) -> bytes:
    answer = registry.answer(Request("T1", "U1", "C1", "/travel chart", NOW))
    assert isinstance(answer, Reply)
    assert answer.picture is not None
    return answer.picture.draw()


def _charts(registry: Registry) -> dict[str, float]:
    cold = [
        float(subprocess.run([sys.executable, "-c", COLD], cwd=ROOT, capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    ]
    warm = []
    for _ in range(5):
        started = time.perf_counter()
        _chart(registry)
        warm.append(time.perf_counter() - started)
    return {"first_with_imports": round(statistics.median(cold), 3), "further": round(statistics.median(warm), 3)}


def _nothing(ack: Ack) -> None:
    ack()


def _sender(app: App) -> Callable[[str], float]:
    serial = itertools.count()

    def send(line: str) -> float:
        command, _, text = line.partition(" ")
        fields = slash_command(
            command, text, user_id="U0EDITOR", channel_id="C0DESK", trigger_id=f"9.{next(serial)}", response_url="https://x/y"
        )
        body = urlencode(fields)
        headers: dict[str, str | Sequence[str]] = {
            "content-type": "application/x-www-form-urlencoded", **sign(body, SIGNING_SECRET, NOW)
        }  # fmt: skip
        started = time.perf_counter()
        response = app.dispatch(BoltRequest(body=body, headers=headers))
        took = time.perf_counter() - started
        assert response.status == 200, response.body
        assert line == NO_OP or '"blocks"' in response.body, response.body
        assert "went wrong" not in response.body, f"{line}: {response.body[:400]}"
        return took

    return send


def _measure(once: Callable[[], float], runs: int) -> dict[str, float]:
    for _ in range(min(WARM_UP, runs)):
        once()
    taken = [once() * 1000 for _ in range(runs)]
    cuts = statistics.quantiles(taken, n=100)
    return {"p50_ms": round(statistics.median(taken), 3), "p99_ms": round(cuts[98], 3)}
