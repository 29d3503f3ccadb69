"""A store of one's own for each test, copied from one that was made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store import migrations
from store.database import Session, Store, WriteSession

NOW = datetime(2025, 2, 22, 18, 0, tzinfo=UTC)
TEAM = "T1"


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an up-to-date store with nothing but the reference data. Copy it; do not write to it."""
    path = tmp_path_factory.mktemp("empty") / "store.db"
    migrations.migrate(path, now=NOW)
    return path


@pytest.fixture
def fresh(empty_store: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty store that this test may write to."""
    path = tmp_path / "fresh.db"
    shutil.copyfile(empty_store, path)
    opened = migrations.open_store(path)
    yield opened
    opened.close()


@pytest.fixture
def writing(fresh: Store) -> Iterator[WriteSession]:
    """A write transaction in an empty store, committed when the test is over."""
    with fresh.write(TEAM, actor="U1", now=NOW) as session:
        yield session


@pytest.fixture
def reading(empty_store: Path) -> Iterator[Session]:
    """A read of the empty store."""
    opened = migrations.open_store(empty_store)
    with opened.read(TEAM) as session:
        yield session
    opened.close()
