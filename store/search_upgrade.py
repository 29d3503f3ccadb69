"""Brings the text index of an older store up to date: marks for what each document is about, and documents for sources."""

from __future__ import annotations

import sqlite_utils

from store import search_marks
from store.database import Session
from store.search import next_id, source_body
from store.times import day

AT_ONCE = 500


def apply(db: sqlite_utils.Database) -> None:
    """Adds the column of marks, fills it, files the sources, and builds the index anew (a migration step)."""
    db.execute("ALTER TABLE document ADD COLUMN marks TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE document ADD COLUMN key TEXT")
    db.execute("CREATE UNIQUE INDEX document_key ON document (team_id, kind, key) WHERE key IS NOT NULL")
    db.execute("DROP TABLE document_index")
    db.execute(
        """CREATE VIRTUAL TABLE document_index USING fts5(
            title, body, marks, content='document', content_rowid='id', tokenize="unicode61 remove_diacritics 2")"""
    )
    for team, place in db.execute("SELECT team_id, place FROM document_team").fetchall():
        session = Session(team, db)
        for kind in ("talks", "position", "draft"):
            _mark(session, kind)
        _file_sources(session, place)
    db.execute("INSERT INTO document_index (document_index) VALUES ('rebuild')")


def _mark(session: Session, kind: str) -> None:
    rows = session.rows("SELECT number FROM document WHERE team_id = :team AND kind = :kind ORDER BY number", kind=kind)
    numbers = [row["number"] for row in rows]
    for start in range(0, len(numbers), AT_ONCE):
        found = search_marks.of_records(session, kind, numbers[start : start + AT_ONCE])
        session.db.conn.executemany(
            "UPDATE document SET marks = ? WHERE team_id = ? AND kind = ? AND number = ?",
            [(words, session.team, kind, number) for number, words in found.items()],
        )


def _file_sources(session: Session, place: int) -> None:
    rows = session.rows("SELECT * FROM source WHERE team_id = :team ORDER BY key")
    for number, row in enumerate(rows, 1):
        published = day(row["published"])
        session.db.execute(
            """INSERT INTO document (id, team_id, kind, number, title, body, marks, key)
               VALUES (:id, :team, 'source', :number, :title, :body, :marks, :key)""",
            {
                "id": next_id(session, place, published),
                "team": session.team,
                "number": number,
                "title": row["title"],
                "body": source_body(row["publisher"], row["author"]),
                "marks": search_marks.joined("source", (), ()),
                "key": row["key"],
            },
        )
    if rows:
        session.db.execute("INSERT INTO counter (team_id, kind, last) VALUES (?, 'source', ?)", (session.team, len(rows)))
