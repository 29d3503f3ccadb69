"""Is a store sound? Reads the whole file, and changes nothing."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from store import errors
from store.database import BUILTIN, Store, connect

ENOUGH_BYTES = 100 * 1024 * 1024
"""Free space below which a store is at risk: a migration copies it whole, and the log grows while it is read."""


def faults(path: Path) -> list[str]:
    """What SQLite and the foreign keys have against the store, a sentence each; none for a sound one.

    Raises StoreError kinds when the file cannot be examined at all.
    """
    db = connect(path)
    try:
        found = [str(row[0]) for row in db.conn.execute("PRAGMA integrity_check(20)").fetchall()]
        loose = db.conn.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.Error as error:
        raise errors.translate(error, str(path)) from error
    finally:
        db.close()
    broken = [] if found == ["ok"] else [line for entry in found for line in entry.splitlines()]
    missing: dict[tuple[str, str], int] = {}
    for row in loose:
        missing[row[0], row[2]] = missing.get((row[0], row[2]), 0) + 1
    return broken + [f"{count} rows of {table} point at a missing {parent}" for (table, parent), count in missing.items()]


def read_something(store: Store) -> None:
    """Reads one row, as a probe. Raises StoreError kinds when the store cannot be read."""
    with store.read(BUILTIN) as session:
        session.value("SELECT count(*) FROM reference")


def free_bytes(path: Path) -> int:
    """Free space on the disk that holds the store, or will hold it."""
    folder = path.absolute().parent
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def wants_bytes(path: Path) -> int:
    """How much space should be free: room for a copy of the store and then some."""
    return max(ENOUGH_BYTES, 2 * path.stat().st_size if path.exists() else 0)
