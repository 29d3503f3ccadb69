"""How long `attache run` takes from its first instruction to being connected, and the memory it then holds, idle."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bot import wiring
from bot.config import Settings
from store import migrations
from tests.bench.generate import NOW
from tests.conftest import ROOT, clean_environment
from tests.doubles.slack import FakeSlack

IDLE_SECONDS = 2.0
SIGNS = {"socket": "connected to Slack by Socket Mode", "http": "ready in"}


def run(starts: int = 5) -> dict[str, Any]:
    """Seconds to ready (median and slowest) and megabytes when idle, over Socket Mode and HTTP, on the starter facts."""
    with tempfile.TemporaryDirectory() as folder, FakeSlack() as slack:
        path = Path(folder) / "attache.db"
        migrations.migrate(path, now=NOW)
        store = migrations.open_store(path)
        wiring.apply_starter(store, NOW, Settings())
        store.close()
        return {way: _measure(way, path, slack, starts) for way in SIGNS}


def _measure(way: str, path: Path, slack: FakeSlack, starts: int) -> dict[str, Any]:
    found = [_start(way, path, slack) for _ in range(starts)]
    seconds = [ready for ready, _ in found]
    return {
        "ready_s_median": round(statistics.median(seconds), 3),
        "ready_s_slowest": round(max(seconds), 3),
        "idle_mb": round(max(megabytes for _, megabytes in found), 1),
    }


def _start(way: str, path: Path, slack: FakeSlack) -> tuple[float, float]:
    env = clean_environment(
        ATTACHE_DB=str(path),
        SLACK_BOT_TOKEN=slack.bot_token,
        SLACK_APP_TOKEN=slack.app_token,
        SLACK_SIGNING_SECRET=slack.signing_secret,
        SLACK_API_URL=slack.base_url,
    )
    arguments = [] if way == "socket" else ["--http", "127.0.0.1:0"]
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run", *arguments], cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if SIGNS[way] in line:
                break
        ready = time.perf_counter() - started
        time.sleep(IDLE_SECONDS)
        resident = subprocess.run(["ps", "-o", "rss=", "-p", str(process.pid)], capture_output=True, text=True, check=True)
        process.terminate()
        process.communicate(timeout=10)
    return ready, int(resident.stdout) / 1024
