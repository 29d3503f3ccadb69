"""The crash test in full: a hundred kills, and a hundred more with the clock put forward an hour half-way."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tests.crash.drive import Plan, crash


def run() -> dict[str, Any]:
    """Takes about a quarter of an hour."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        return {
            "plain": crash(Plan(Path(one), seed=1)),
            "clock_put_forward_an_hour": crash(Plan(Path(two), seed=2, shift_seconds=3600.0)),
        }
