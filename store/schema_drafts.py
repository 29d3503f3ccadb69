"""What lists of drafts need beyond the first tables."""

from __future__ import annotations

import sqlite_utils

from store.drafts_lists import sought, standing
from store.records import DraftStatus

LISTING = [
    "ALTER TABLE draft ADD COLUMN standing INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE draft ADD COLUMN sought TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX draft_listed ON draft (team_id, standing, number, status, topic, sought)",
]
"""`standing` puts drafts in play before the others, `sought` is what words are looked for in: a list is then one walk through
one index, in order, that reads no draft it does not show."""


def note_listing(db: sqlite_utils.Database) -> None:
    """Fills both for the drafts on record (a migration step)."""
    rows = db.execute("SELECT team_id, number, status, title, symbol, body FROM draft").fetchall()
    db.conn.executemany(
        "UPDATE draft SET standing = ?, sought = ? WHERE team_id = ? AND number = ?",
        [(standing(DraftStatus(status)), sought(*words), team, number) for team, number, status, *words in rows],
    )
