"""The store's history, append-only and named. All pending migrations run whole or not at all, behind a backup and a lock."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

import sqlite_utils
from sqlite_utils.migrations import Migrations

from store import (
    cities,
    errors,
    latest,
    reference,
    reply_moves,
    schema,
    schema_drafts,
    schema_positions,
    schema_posts,
    search,
    search_upgrade,
)
from store.database import APPLICATION_ID, Store, connect
from store.times import instant_text
from store.travel import schema as travel_schema

SET = "attache"


def known() -> Migrations:
    """Every migration this program knows, oldest first."""
    migrations = Migrations(SET)

    @migrations()
    def floor(db: sqlite_utils.Database) -> None:
        for statement in schema.FLOOR:
            db.execute(statement)
        search.create(db)

    @migrations()
    def travel(db: sqlite_utils.Database) -> None:
        for statement in travel_schema.TABLES:
            db.execute(statement)

    @migrations()
    def posts(db: sqlite_utils.Database) -> None:
        for statement in schema_posts.POSTS:
            db.execute(statement)

    @migrations()
    def recording(db: sqlite_utils.Database) -> None:
        for statement in schema.RECORDING:
            db.execute(statement)

    @migrations()
    def drafts(db: sqlite_utils.Database) -> None:
        for statement in schema.DRAFTS:
            db.execute(statement)

    @migrations()
    def positions(db: sqlite_utils.Database) -> None:
        for statement in schema_positions.POSITIONS:
            db.execute(statement)
        schema_positions.note_moved(db)
        search_upgrade.apply(db)

    @migrations()
    def gazetteer(db: sqlite_utils.Database) -> None:
        for statement in cities.TABLES:
            db.execute(statement)

    @migrations()
    def rounds(db: sqlite_utils.Database) -> None:
        for statement in schema.ROUNDS:
            db.execute(statement)

    @migrations()
    def superseding(db: sqlite_utils.Database) -> None:
        for statement in schema_positions.SUPERSEDING:
            db.execute(statement)

    @migrations()
    def wide_changes(db: sqlite_utils.Database) -> None:
        for statement in schema_posts.WIDE:
            db.execute(statement)

    @migrations()
    def listing(db: sqlite_utils.Database) -> None:
        for statement in schema_drafts.LISTING:
            db.execute(statement)
        schema_drafts.note_listing(db)

    @migrations()
    def search_days(db: sqlite_utils.Database) -> None:
        search_upgrade.refile(db)

    @migrations()
    def reply_places(db: sqlite_utils.Database) -> None:
        for statement in schema_positions.PLACES:
            db.execute(statement)
        reply_moves.note_all(db)

    @migrations()
    def recorded_walks(db: sqlite_utils.Database) -> None:
        for statement in schema_positions.WALKS:
            db.execute(statement)

    @migrations()
    def latest_positions(db: sqlite_utils.Database) -> None:
        for statement in schema_positions.LATEST:
            db.execute(statement)
        latest.fill(db)

    return migrations


def open_store(path: Path, *, busy_seconds: float = 2.0) -> Store:
    """An existing, up-to-date store.

    Raises `StoreMissing`, `StorePending`, `StoreNewer`, `StoreDamaged` or another `StoreError`; the file is not changed.
    """
    store = Store(path, busy_seconds=busy_seconds)
    try:
        db = store.database
        try:
            names = [migration.name for migration in known().pending(db)]
            foreign = _foreign(db)
        except sqlite3.Error as error:
            raise errors.translate(error, str(path)) from error
        if foreign:
            raise _newer(path, foreign)
        if names:
            raise errors.StorePending(f"The store at {path} needs migrating ({', '.join(names)}).", "Run: attache migrate")
    except BaseException:
        store.close()
        raise
    return store


def _foreign(db: sqlite_utils.Database) -> list[str]:
    """Migrations on record that this program does not know: the file comes from a newer one."""
    ours = {migration.name for migration in known().pending(sqlite_utils.Database(memory=True))}
    return sorted({migration.name for migration in known().applied(db)} - ours)


def _newer(path: Path, foreign: list[str]) -> errors.StoreNewer:
    return errors.StoreNewer(f"The store at {path} was written by a newer Attaché ({', '.join(foreign)}).", "Upgrade Attaché.")


def pending(path: Path) -> list[str]:
    """Names of the migrations a file still needs; all of them when there is no file."""
    db = connect(path) if path.exists() else sqlite_utils.Database(memory=True)
    try:
        return [migration.name for migration in known().pending(db)]
    finally:
        db.close()


def migrate(path: Path, *, now: datetime, gazetteer: bool = False) -> tuple[list[str], Path | None]:
    """Makes the store, or brings it up to date, and refreshes the built-in parties.

    With `gazetteer` the cities of the world go in too: half a second that a store to be thrown away need not spend.

    Returns the names of the migrations that ran and the backup taken before them (None for a new store, or when only
    reference data changed). Two migrators at once: the second waits, then is told that the store is busy. Raises
    `StoreError` kinds as `open_store` does.
    """
    fresh = not path.exists()
    if fresh:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    db = connect(path, busy_seconds=10.0)
    backup: Path | None = None
    try:
        todo = [migration.name for migration in known().pending(db)]
        if foreign := _foreign(db):
            raise _newer(path, foreign)
        if todo and not fresh and db.table_names():
            backup = _backup(db, path, now)
        # One outer transaction: sqlite-utils nests its own inside it as savepoints, so all migrations land or none.
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            db.conn.execute(f"PRAGMA application_id={APPLICATION_ID}")
            known().apply(db)
            reference.refresh(db)
            if gazetteer:
                cities.refresh(db)
            db.conn.execute("COMMIT")
        except BaseException:
            if db.conn.in_transaction:
                db.conn.execute("ROLLBACK")
            raise
    except sqlite3.Error as error:
        raise errors.translate(error, str(path)) from error
    finally:
        db.close()
        if fresh and path.exists() and path.stat().st_size == 0:
            path.unlink()
    return todo, backup


def _backup(db: sqlite_utils.Database, path: Path, now: datetime) -> Path:
    stamp = instant_text(now).replace(":", "").replace("-", "")
    backup = path.with_name(f"{path.name}.{stamp}.bak")
    db.conn.execute("VACUUM INTO ?", (str(backup),))
    backup.chmod(0o600)
    return backup
