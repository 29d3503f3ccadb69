"""Connections, transactions and migrations on real files: what fails says so, and leaves the store as it was."""

from __future__ import annotations

import dataclasses
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from store import errors, migrations, positions, sources, talks
from store.database import Store, WriteSession
from store.records import Level, Place, Precision, Side, Source, Status, Talks, Window

NOW = datetime(2025, 2, 22, 18, 0, tzinfo=UTC)
DAY = date(2025, 3, 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "attache.db"
    migrations.migrate(made, now=NOW)
    return made


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = migrations.open_store(path, busy_seconds=0.2)
    yield opened
    opened.close()


def a_talks(key: str = "a", note: str | None = None) -> Talks:
    window = Window(DAY, DAY, Precision.DAY)
    return Talks(key, 0, "first round", Status.PLANNED, (Side("us", Level.MINISTER), Side("ru")), window, Place(), note=note)


def save(store: Store, record: Talks, team: str = "local") -> Talks:
    with store.write(team, actor="U1", now=NOW) as session:
        return talks.save(session, record)


def count(store: Store, table: str) -> int:
    with store.read("local") as session:
        return int(session.value(f"SELECT count(*) FROM {table}") or 0)


def test_a_missing_store_says_which_command_makes_one(tmp_path: Path) -> None:
    with pytest.raises(errors.StoreMissing) as caught:
        migrations.open_store(tmp_path / "nowhere.db")
    assert "attache migrate" in (caught.value.remedy or "")
    assert not (tmp_path / "nowhere.db").exists()


def test_a_store_with_pending_migrations_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM _sqlite_migrations")
        db.commit()
    with pytest.raises(errors.StorePending) as caught:
        migrations.open_store(path)
    assert "attache migrate" in (caught.value.remedy or "")


def test_a_newer_store_is_refused_and_not_touched(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, 'from_the_future', '2099')",
            (migrations.SET,),
        )
        db.commit()
        before = list(db.iterdump())
    with pytest.raises(errors.StoreNewer, match="from_the_future"):
        migrations.open_store(path)
    with pytest.raises(errors.StoreNewer):
        migrations.migrate(path, now=NOW)
    with closing(sqlite3.connect(path)) as db:
        assert list(db.iterdump()) == before


@pytest.mark.parametrize("content", [b"", b"not a database " * 100, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_what_is_not_a_store_is_refused_and_not_touched(tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(content)
    with pytest.raises(errors.StoreError):
        migrations.open_store(other)
    if content:
        with pytest.raises(errors.StoreDamaged):
            migrations.migrate(other, now=NOW)
        assert other.read_bytes() == content


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "photos.db"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE photo (id INTEGER)")
        db.commit()
    for act in (lambda: migrations.open_store(other), lambda: migrations.migrate(other, now=NOW)):
        with pytest.raises(errors.StoreDamaged, match="not a store"):
            act()


def test_a_migration_that_fails_leaves_a_backup_and_the_store_as_it_was(path: Path, tmp_path: Path) -> None:
    opened = migrations.open_store(path)
    save(opened, a_talks())
    opened.close()
    with closing(sqlite3.connect(path)) as db:
        # The tables are there already, so that the first migration, run again, fails at its first statement.
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'floor'")
        db.commit()
        before = list(db.iterdump())
    with pytest.raises(errors.StoreError):
        migrations.migrate(path, now=NOW)
    (backup,) = tmp_path.glob("*.bak")
    assert backup.stat().st_mode & 0o777 == 0o600
    for file in (path, backup):
        with closing(sqlite3.connect(file)) as db:
            assert list(db.iterdump()) == before


def test_two_migrators_at_once_both_end_well(tmp_path: Path) -> None:
    path, faults = tmp_path / "attache.db", []

    def run() -> None:
        try:
            migrations.migrate(path, now=NOW)
        except errors.StoreError as error:
            faults.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(fault, errors.StoreBusy) for fault in faults)
    migrations.open_store(path).close()


def test_the_file_is_private(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_locked_store_says_so_and_keeps_reading(path: Path, store: Store) -> None:
    save(store, a_talks())
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(errors.StoreBusy):
            save(store, a_talks("b"))
        assert count(store, "talks") == 1
        other.execute("ROLLBACK")
    save(store, a_talks("b"))
    assert count(store, "talks") == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="the mode bits of other users are tested below")
def test_a_store_that_may_only_be_read_as_root(path: Path) -> None:
    # Root may write anything, so the file is opened for reading only, as `connect` does for everyone else.
    opened = migrations.open_store(path)
    opened.database.conn.execute("PRAGMA query_only=ON")
    with pytest.raises(errors.StoreReadOnly):
        save(opened, a_talks())
    opened.close()


def test_a_full_disk_rolls_the_change_back_whole(store: Store) -> None:
    save(store, a_talks())
    db = store.database.conn
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(errors.StoreFull):
        save(store, a_talks("big", note="word " * 200_000))
    assert not db.in_transaction
    assert count(store, "talks") == 1
    assert count(store, "revision") == 1
    db.execute("PRAGMA max_page_count=1000000")
    save(store, a_talks("small"))
    assert count(store, "talks") == 2


def read_all(path: Path) -> None:
    opened = migrations.open_store(path)
    try:
        with opened.read("local") as session:
            session.rows("SELECT * FROM talks WHERE team_id = :team")
    finally:
        opened.close()


def test_a_damaged_page_is_a_failure_not_an_empty_answer(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xde\xad" * 200_000)
    with pytest.raises(errors.StoreDamaged):
        read_all(path)


def test_eight_threads_lose_no_update(store: Store) -> None:
    save(store, a_talks(note="0"))
    faults: list[BaseException] = []

    def add() -> None:
        try:
            for _ in range(25):
                with store.write("local", actor="U1", now=NOW) as session:
                    record = talks.get(session, 1)
                    talks.save(session, _noted(record, str(int(record.note or 0) + 1)))
        except BaseException as fault:  # noqa: BLE001 - carried to the test's own thread
            faults.append(fault)

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    with store.read("local") as session:
        assert talks.get(session, 1).note == "200"


def _noted(record: Talks, note: str) -> Talks:
    return dataclasses.replace(record, note=note)


def test_a_change_called_off_writes_nothing(store: Store) -> None:
    calls = []

    def wanted() -> None:
        calls.append(1)
        if len(calls) > 1:
            raise TimeoutError

    with pytest.raises(TimeoutError), store.write("local", actor="U1", now=NOW, still_wanted=wanted) as session:
        talks.save(session, a_talks())
    assert count(store, "talks") == 0


def test_an_error_inside_a_write_rolls_back(store: Store) -> None:
    def write(session: WriteSession) -> None:
        talks.save(session, a_talks())
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"), store.write("local", actor="U1", now=NOW) as session:
        write(session)
    assert count(store, "talks") == 0
    assert count(store, "revision") == 0


def test_a_read_sees_one_moment(store: Store) -> None:
    save(store, a_talks())
    with store.read("local") as session:
        before = session.value("SELECT count(*) FROM talks")
        writer = threading.Thread(target=lambda: save(store, a_talks("b")))
        writer.start()
        writer.join()
        assert session.value("SELECT count(*) FROM talks") == before
    assert count(store, "talks") == 2


def test_numbers_count_per_workspace(store: Store) -> None:
    assert save(store, a_talks("a")).number == 1
    assert save(store, a_talks("b"), team="T2").number == 1
    assert save(store, a_talks("c")).number == 2


def test_a_citation_needs_its_source(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError), store.write("local", actor="U1", now=NOW) as session:
        talks.save(session, Talks("a", 0, "t", Status.PLANNED, (Side("us"),), sources=("nowhere",)))
    with store.write("local", actor="U1", now=NOW) as session:
        sources.save(session, Source("here", "A source"))
        talks.save(session, Talks("a", 0, "t", Status.PLANNED, (Side("us"),), sources=("here",)))
    assert count(store, "talks") == 1


def test_a_wrong_table_name_is_an_error_not_nothing(store: Store) -> None:
    with pytest.raises(errors.StoreError), store.read("local") as session:
        session.rows("SELECT * FROM talkz")


def test_missing_positions_are_not_on_record(store: Store) -> None:
    with store.read("local") as session, pytest.raises(errors.NotOnRecord, match="P-9"):
        positions.get(session, 9)
