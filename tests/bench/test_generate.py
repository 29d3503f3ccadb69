"""The generated rows are the ones that the store would have written, and every measure answers."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest

from store import migrations, positions, search, talks
from store.database import Row, Session
from tests.bench import commands, generate
from tests.bench.__main__ import flat, names

TALKS, POSITIONS = 60, 200
DAY = search.first_id(0, date(1, 1, 2)) - search.first_id(0, date(1, 1, 1))
"""Documents are the same in the index if they are filed under the same day; where among that day's does not matter."""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate.store_of(TALKS, POSITIONS, tmp_path_factory.mktemp("bench"))


def rows(session: Session, table: str, by: str, number: int) -> list[dict[str, object]]:
    found: list[Row] = session.rows(f"SELECT * FROM {table} WHERE team_id = :team AND {by} = :number", number=number)
    left_out = ("version", "id", "recorded_at")
    return [{name: row[name] for name in row.keys() if name not in left_out} for row in found]  # noqa: SIM118  rows have keys()


def test_a_store_is_made_once(path: Path) -> None:
    made = path.stat().st_mtime_ns
    assert generate.store_of(TALKS, POSITIONS, path.parent) == path
    assert path.stat().st_mtime_ns == made


@pytest.mark.parametrize("number", range(10, TALKS + 1, 7))
def test_talks_are_as_the_store_writes_them(path: Path, number: int) -> None:
    store = migrations.open_store(path)
    try:
        with store.read(generate.TEAM) as session:
            record = talks.get(session, number)
            before = [rows(session, "talks", "number", number), rows(session, "talks_side", "talks", number)]
            titles = session.rows(
                f"SELECT title, id / {DAY} AS day FROM document WHERE team_id = :team AND kind = 'talks' AND number = :n",
                n=number,
            )
        with store.write(generate.TEAM, actor="U1", now=generate.NOW) as session:
            session.execute("UPDATE talks SET note = 'other' WHERE team_id = :team AND number = :number", number=number)
            talks.save(session, record)
            after = [rows(session, "talks", "number", number), rows(session, "talks_side", "talks", number)]
            again = session.rows(
                f"SELECT title, id / {DAY} AS day FROM document WHERE team_id = :team AND kind = 'talks' AND number = :n",
                n=number,
            )
        assert before == after
        assert [tuple(row) for row in titles] == [tuple(row) for row in again]
    finally:
        store.close()


@pytest.mark.parametrize("number", range(20, POSITIONS + 1, 30))
def test_positions_are_as_the_store_writes_them(path: Path, number: int) -> None:
    store = migrations.open_store(path)
    try:
        with store.read(generate.TEAM) as session:
            record = positions.get(session, number)
            before = [rows(session, "position", "number", number), rows(session, "reply", "position", number)]
        with store.write(generate.TEAM, actor="U1", now=generate.NOW) as session:
            session.execute("UPDATE position SET office = 'other' WHERE team_id = :team AND number = :number", number=number)
            positions.save(session, record)
            assert [rows(session, "position", "number", number), rows(session, "reply", "position", number)] == before
    finally:
        store.close()


def test_the_bench_measures_every_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setitem(commands.SIZES, "tiny", (TALKS, POSITIONS))
    found = commands.run(sizes=["tiny"], runs=5)
    assert set(found["sizes"]["tiny"]["commands"]) == set(commands.COMMANDS)
    assert any(line.startswith("sizes tiny no_op p50_ms: ") for line in flat(found))


def test_every_measure_is_found_by_its_name() -> None:
    assert {"commands", "startup"} <= set(names())
    assert "generate" not in names()
