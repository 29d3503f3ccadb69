"""What every room's tests may use: a Slack of their own, and `attache` as a real process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.nursery import Nursery

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


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    made = Nursery(clean_environment())
    yield made
    made.close()


@pytest.fixture(scope="session")
def migrated(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store as `attache migrate` makes it. Copy it; do not write to it."""
    path = tmp_path_factory.mktemp("migrated") / "attache.db"
    status, _, err = nursery.run(["migrate"], clean_environment(ATTACHE_DB=str(path)), "", 60.0)
    assert status == 0, err
    return path


@pytest.fixture
def store(migrated: Path, tmp_path: Path) -> Path:
    """An empty store of the test's own, where `attache` finds it."""
    return Path(shutil.copy(migrated, tmp_path / "attache.db"))


@pytest.fixture
def attache(tmp_path: Path, nursery: Nursery) -> Attache:
    """Runs `attache` with arguments, in a process of its own, and gives how it ended.

    Its store is `tmp_path/"attache.db"` unless told otherwise; keywords in capitals are environment variables.
    """

    def run(*arguments: str, stdin: str = "", **variables: str) -> Done:
        env = clean_environment(**{"ATTACHE_DB": str(tmp_path / "attache.db"), **variables})
        status, out, err = nursery.run(list(arguments), env, stdin, 60.0)
        return Done(status, out.decode(), err.decode())

    return run
