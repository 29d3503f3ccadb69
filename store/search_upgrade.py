"""Brings the text index of an older store up to date: marks for what each document is about, documents for sources, and the
days by which drafts and undated talks are found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import sqlite_utils

from store import search_marks
from store.database import Session
from store.search import first_id, next_id, source_body
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


def refile(db: sqlite_utils.Database) -> None:
    """Files drafts by the latest day known of them, and talks with no first day by one that was named (a migration step)."""
    for team, place in db.execute("SELECT team_id, place FROM document_team").fetchall():
        session = Session(team, db)
        days = {("draft", number): when for number, when in _days(session, _DRAFT_DAYS, max).items()}
        days |= {("talks", number): when for number, when in _days(session, _END_DAYS, min).items()}
        claimed = _days(session, _CLAIMED_DAYS, min)
        days |= {("talks", n): when for n, when in claimed.items() if ("talks", n) not in days}
        for (kind, number), when in days.items():
            _file(session, place, kind, number, when)


_DRAFT_DAYS = """SELECT number, tabled_on FROM draft WHERE team_id = :team UNION
    SELECT number, status_on FROM draft WHERE team_id = :team UNION SELECT number, tally_day FROM draft WHERE team_id = :team
    UNION SELECT draft, max(day) FROM vote WHERE team_id = :team GROUP BY draft"""
_END_DAYS = """SELECT number, coalesce(stated_on, substr(closes_at, 1, 10)) FROM talks
    WHERE team_id = :team AND opens_at IS NULL AND closes_at IS NOT NULL"""
_CLAIMED_DAYS = """SELECT a.subject_number, coalesce(substr(a.earliest, 1, 10), a.said_on, substr(a.latest, 1, 10))
    FROM account a JOIN talks t ON t.team_id = a.team_id AND t.number = a.subject_number
    WHERE a.team_id = :team AND a.subject = 'talks' AND t.opens_at IS NULL AND t.closes_at IS NULL AND a.settled = 0
      AND coalesce(a.happens, 1) <> 0 AND (a.earliest IS NOT NULL OR a.latest IS NOT NULL)"""


def _days(session: Session, sql: str, pick: Callable[[str, str], str]) -> dict[int, str]:
    """The first or the last of the days that a query gives for each number."""
    found: dict[int, str] = {}
    for number, when in session.rows(sql):
        if when:
            found[number] = pick(found.get(number, when), when)
    return found


def _file(session: Session, place: int, kind: str, number: int, when: str) -> None:
    """Moves a document to a day, if it is not there."""
    sql = "SELECT id, title, body, marks FROM document WHERE team_id = :team AND kind = :kind AND number = :number"
    row = session.row(sql, kind=kind, number=number)
    first = first_id(place, day(when))
    if row is None or first <= row["id"] < first_id(place, date.fromisoformat(when) + timedelta(days=1)):
        return
    words = (row["title"], row["body"], row["marks"])
    new = next_id(session, place, day(when))
    session.db.execute(
        "INSERT INTO document_index (document_index, rowid, title, body, marks) VALUES ('delete', ?, ?, ?, ?)",
        (row["id"], *words),
    )
    session.db.execute("UPDATE document SET id = ? WHERE id = ?", (new, row["id"]))
    session.db.execute("INSERT INTO document_index (rowid, title, body, marks) VALUES (?, ?, ?, ?)", (new, *words))


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
