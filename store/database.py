"""The one place that opens connections.

A `Store` is one SQLite file shared by all threads of a process: one connection a thread, WAL, `synchronous=FULL`, foreign
keys on, and a busy time-out. Writes are serialised by one lock in the process and opened with BEGIN IMMEDIATE, because a
deferred transaction that turns into a write fails with "locked" under contention however long it waits.

Every question and every change goes through a session, which belongs to one workspace: `:team` is bound in every
statement, so that a query cannot forget whose facts it may see.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlite_utils

from store import errors
from store.times import instant_text

APPLICATION_ID = 0x41747461
"""`PRAGMA application_id` of a store ("Atta"), so that another program's database is never taken for one."""

BUILTIN = ""
"""The `team_id` of reference data that all workspaces share: built-in parties and memberships."""

CACHE_KB = 16_000
"""What each connection may keep of the file in memory. With SQLite's own 2 MB, a question that steps through a big index
reads the same pages again and again."""
STATEMENTS = 512
"""Prepared statements each connection keeps: lists of different lengths are different statements."""

Value = str | int | float | bytes | None
Row = sqlite3.Row


@dataclass(frozen=True, slots=True)
class Session:
    """A workspace's view of the store during one read or write. Statements bind `:team` and `:builtin` by themselves."""

    team: str
    db: sqlite_utils.Database

    def rows(self, sql: str, **params: Value) -> list[Row]:
        """All rows of a query, in its order."""
        cursor = self.db.conn.execute(sql, {"team": self.team, "builtin": BUILTIN, **params})
        return cursor.fetchall()

    def row(self, sql: str, **params: Value) -> Row | None:
        """The first row of a query, or None."""
        cursor = self.db.conn.execute(sql, {"team": self.team, "builtin": BUILTIN, **params})
        first: Row | None = cursor.fetchone()
        return first

    def value(self, sql: str, **params: Value) -> Value:
        """The first column of the first row, or None when there is no row."""
        row = self.row(sql, **params)
        return None if row is None else row[0]


@dataclass(frozen=True, slots=True)
class WriteSession(Session):
    """A session inside one write transaction: who changes things, when (aware UTC), and why."""

    actor: str = ""
    now: datetime = field(default_factory=lambda: _missing_now())
    why: str | None = None

    def execute(self, sql: str, **params: Value) -> int:
        """Runs one statement and returns how many rows it changed."""
        return self.db.execute(sql, {"team": self.team, "builtin": BUILTIN, **params}).rowcount

    def insert(self, table: str, rows: Sequence[Mapping[str, Value]]) -> None:
        """Adds rows to a table. `team_id` is filled in with the session's workspace unless the row names it."""
        if not rows:
            return
        full = [{"team_id": self.team, **row} for row in rows]
        names = list(full[0])
        marks = ", ".join(f":{name}" for name in names)
        self.db.conn.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", full)

    @property
    def stamp(self) -> str:
        """`now` as the store writes it."""
        return instant_text(self.now)


def _missing_now() -> datetime:
    raise TypeError("a write session needs now=")


def marks(name: str, values: Sequence[Value]) -> tuple[str, dict[str, Value]]:
    """Placeholders and parameters for an IN list: `marks("code", ["us", "ru"])` gives `":code0, :code1"` and their values."""
    params: dict[str, Value] = {f"{name}{i}": value for i, value in enumerate(values)}
    return ", ".join(f":{key}" for key in params) or "NULL", params


def to_json(value: object) -> str:
    """JSON as the store keeps it: compact, keys in order, other scripts readable."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Store:
    """One open store. Open it with `open_store`; `close` ends every thread's connection."""

    def __init__(self, path: Path, *, busy_seconds: float = 2.0) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._local = threading.local()
        self._writing = threading.Lock()
        self._open: list[sqlite_utils.Database] = []
        self._registry = threading.Lock()

    @property
    def database(self) -> sqlite_utils.Database:
        """This thread's connection. For migrations, checks and bulk work inside `store/` only."""
        db: sqlite_utils.Database | None = getattr(self._local, "db", None)
        if db is None:
            db = connect(self.path, self._busy_seconds)
            self._local.db = db
            with self._registry:
                self._open.append(db)
        return db

    @contextmanager
    def read(self, team: str) -> Iterator[Session]:
        """A consistent view for one workspace: everything read inside sees the same moment."""
        with self._translated():
            db = self.database
            db.conn.execute("BEGIN")
            try:
                yield Session(team, db)
            finally:
                if db.conn.in_transaction:
                    db.conn.execute("COMMIT")

    @contextmanager
    def write(
        self,
        team: str,
        *,
        actor: str,
        now: datetime,
        why: str | None = None,
        still_wanted: Callable[[], None] | None = None,
    ) -> Iterator[WriteSession]:
        """One write transaction: everything inside happens, or nothing.

        `still_wanted`, if given, is called once the lock is held and again just before the commit, and may raise to call
        the write off (a command that Slack has already given up on must change nothing).
        """
        with self._translated(), self._writing:
            db = self.database
            db.conn.execute("BEGIN IMMEDIATE")
            try:
                if still_wanted:
                    still_wanted()
                yield WriteSession(team, db, actor, now, why)
                if still_wanted:
                    still_wanted()
                if not db.conn.in_transaction:  # SQLite rolls back by itself on SQLITE_FULL; a COMMIT would hide it
                    raise errors.StoreFull(f"The change to {self.path} was rolled back.", "Free some space and try again.")
                db.conn.execute("COMMIT")
            except BaseException:
                if db.conn.in_transaction:
                    db.conn.execute("ROLLBACK")
                raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError:
            raise  # a broken rule of ours, not a failing store
        except sqlite3.Error as error:
            raise errors.translate(error, str(self.path)) from error

    def close(self) -> None:
        """Closes the connections of all threads. Call it when no other thread uses the store."""
        with self._registry:
            for db in self._open:
                db.conn.close()
            self._open.clear()
        self._local = threading.local()


def connect(path: Path, busy_seconds: float = 2.0) -> sqlite_utils.Database:
    """A configured connection to an existing file.

    Raises `StoreMissing`, `StoreDamaged`, `StoreBusy`, `StoreReadOnly` or `StoreError`. A file whose folder cannot be
    written is opened for reading only.
    """
    if not path.exists():
        raise errors.StoreMissing(f"There is no store at {path}.", "Make one with: attache migrate")
    mode = "rw" if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK) else "ro"
    try:
        # check_same_thread is off only so that close() can end every thread's connection; each is used by its own thread.
        conn = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=STATEMENTS,
        )
        conn.row_factory = sqlite3.Row
        application_id = conn.execute("PRAGMA application_id").fetchone()[0]
        tables = conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        ours = not tables or application_id == APPLICATION_ID
        conn.execute("PRAGMA foreign_keys=ON")
        conn.execute(f"PRAGMA cache_size=-{CACHE_KB}")
        if mode == "rw" and ours:  # the journal's mode is written into the file, and another program's is not ours to change
            conn.execute("PRAGMA journal_mode=WAL")
            conn.execute("PRAGMA synchronous=FULL")
    except sqlite3.Error as error:
        raise errors.translate(error, str(path)) from error
    if not ours:
        conn.close()
        raise errors.StoreDamaged(f"The file at {path} is a database, but not a store.", "Name another file with --db.")
    return sqlite_utils.Database(conn)
