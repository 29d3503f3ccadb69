"""What every room's tests may use: a Slack of their own, and `attache` as a real process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest_plugins = ["tests.doubles.fixtures"]

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Done:
    """How a process ended, and what it printed."""

    status: int
    out: str
    err: str


def clean_environment(**variables: str) -> dict[str, str]:
    """This process's environment without anything that Attaché would read, and with `variables`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ATTACHE_", "SLACK_"))}
    return {**kept, "PYTHONUTF8": "1", "COLUMNS": "100", **variables}


Attache = Callable[..., Done]


@pytest.fixture
def attache(tmp_path: Path) -> Attache:
    """Runs `attache` with arguments and gives how it ended.

    Its store is `tmp_path/"attache.db"` unless told otherwise; keywords in capitals are environment variables.
    """

    def run(*arguments: str, stdin: str = "", **variables: str) -> Done:
        env = clean_environment(**{"ATTACHE_DB": str(tmp_path / "attache.db"), **variables})
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=ROOT, env=env, input=stdin, capture_output=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip
        return Done(done.returncode, done.stdout, done.stderr)

    return run
