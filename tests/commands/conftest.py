"""A bot over a real store with the starter facts, asked one command line at a time."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import wiring
from bot.commands.base import Request, Role
from bot.commands.registry import Registry
from bot.config import read_settings
from bot.reply import Form, Reply
from store import migrations, starter
from store.database import Store

NOW = datetime(2025, 2, 22, 18, 0, tzinfo=UTC)

Asker = Callable[..., Reply]


@pytest.fixture(scope="session")
def starter_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store file with the starter facts as on 22 February 2025; copied, never written."""
    path = tmp_path_factory.mktemp("starter") / "attache.db"
    migrations.migrate(path, now=NOW)
    store = migrations.open_store(path)
    try:
        starter.apply(store, "local", NOW, wiring.window_reader(read_settings({}, slack=False)))
    finally:
        store.close()
    return path


@pytest.fixture
def store(starter_file: Path, tmp_path: Path) -> Iterator[Store]:
    """A store of the test's own with the starter facts."""
    path = tmp_path / "facts.db"
    shutil.copy(starter_file, path)
    opened = migrations.open_store(path)
    yield opened
    opened.close()


@pytest.fixture
def registry(store: Store) -> Registry:
    return wiring.registry(store)


@pytest.fixture
def ask(registry: Registry) -> Asker:
    """Asks one command line and gives the reply; keywords go into the request."""

    def asking(text: str, *, team: str = "local", now: datetime = NOW, zone: str = "UTC") -> Reply:
        answer = registry.answer(Request(team, "U1", "C1", text, now, zone=zone, may=Role.ADMIN))
        assert not isinstance(answer, Form)
        return answer

    return asking
