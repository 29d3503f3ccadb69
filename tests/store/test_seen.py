"""Deliveries acted on are remembered with what they changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import migrations, seen
from store.database import Store

NOW = datetime(2025, 2, 22, 18, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "attache.db"
    migrations.migrate(path, now=NOW)
    opened = migrations.open_store(path)
    yield opened
    opened.close()


def write(store: Store, delivery: str, *, team: str = "T1", now: datetime = NOW, times: int = 1, fails: bool = False) -> None:
    check = seen.guard(store, team, delivery, now)
    for _ in range(times):
        with store.write(team, actor="U1", now=now, still_wanted=check):
            if fails:
                raise LookupError


def test_the_second_time_is_refused(store: Store) -> None:
    write(store, "a")
    with pytest.raises(seen.Repeated):
        write(store, "a")
    write(store, "b")


def test_one_request_may_write_in_several_transactions(store: Store) -> None:
    write(store, "a", times=3)


def test_what_was_rolled_back_may_come_again(store: Store) -> None:
    with pytest.raises(LookupError):
        write(store, "a", fails=True)
    write(store, "a")


def test_workspaces_do_not_share_deliveries(store: Store) -> None:
    write(store, "a")
    write(store, "a", team="T2")


def test_old_deliveries_are_forgotten(store: Store) -> None:
    write(store, "a")
    write(store, "b", now=NOW + seen.KEEP + timedelta(seconds=1))
    with store.read("T1") as session:
        assert [row["delivery"] for row in session.rows("SELECT delivery FROM seen WHERE team_id = :team")] == ["b"]
