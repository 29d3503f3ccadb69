"""Full text over talks, positions and drafts. The only place with SQL that is SQLite's own (FTS5).

Each record is one document. Its id leads with the record's day, so that the index can be walked newest first without
sorting: over a very common word ranking by relevance costs hundreds of milliseconds, the newest page costs none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlite_utils

from store.database import Session, WriteSession, marks

RANKED_UP_TO = 300
"""Up to this many hits are ranked by relevance; beyond it the newest come first."""

_SLOT = 1 << 24
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found: its kind ("talks", "position", "draft"), its number, and the text with the words marked.

    `snippet` marks each found word between U+0001 and U+0002, for the renderer to draw.
    """

    kind: str
    number: int
    title: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Hits:
    hits: tuple[Hit, ...]
    total: int
    capped: bool
    """True when there are at least `total` hits and they come newest first instead of by relevance."""


def create(db: sqlite_utils.Database) -> None:
    """Makes the document table and its index (a migration step)."""
    db.execute(
        """CREATE TABLE document (
            id INTEGER PRIMARY KEY, team_id TEXT NOT NULL, kind TEXT NOT NULL, number INTEGER NOT NULL,
            title TEXT NOT NULL, body TEXT NOT NULL, scope TEXT NOT NULL, UNIQUE (team_id, kind, number))"""
    )
    db.execute(
        """CREATE VIRTUAL TABLE document_index USING fts5(
            title, body, scope, content='document', content_rowid='id',
            tokenize="unicode61 remove_diacritics 2")"""
    )


def put(session: WriteSession, kind: str, number: int, day: date | None, title: str, body: str) -> None:
    """Indexes a record, replacing what the index held of it."""
    remove(session, kind, number)
    lead = (day or date(1, 1, 1)).toordinal() * _SLOT
    last = session.db.execute("SELECT max(id) FROM document WHERE id >= ? AND id < ?", (lead, lead + _SLOT)).fetchone()[0]
    row = {
        "id": lead if last is None else last + 1,
        "kind": kind,
        "number": number,
        "title": title,
        "body": body,
        "scope": scope_word(session.team),
    }
    session.insert("document", [row])
    session.execute(
        "INSERT INTO document_index (rowid, title, body, scope) VALUES (:id, :title, :body, :scope)",
        id=row["id"],
        title=title,
        body=body,
        scope=scope_word(session.team),
    )


def remove(session: WriteSession, kind: str, number: int) -> None:
    """Takes a record out of the index."""
    old = session.row(
        "SELECT id, title, body, scope FROM document WHERE team_id = :team AND kind = :kind AND number = :number",
        kind=kind,
        number=number,
    )
    if old is None:
        return
    session.execute(
        """INSERT INTO document_index (document_index, rowid, title, body, scope)
           VALUES ('delete', :id, :title, :body, :scope)""",
        **dict(old),
    )
    session.execute("DELETE FROM document WHERE id = :id", id=old["id"])


def scope_word(team: str) -> str:
    """One index word for a workspace: case matters in workspace ids and the index folds it, so it is spelt in hex."""
    return "team" + team.encode().hex()


def match_expression(words: str, team: str) -> str | None:
    """What people typed as an FTS5 expression that cannot fail: every word quoted, all required, the last as a prefix.

    None when there is no word in it. Operators, quotes and column filters come out as plain words.
    """
    found = _WORD.findall(words)[:12]
    if not found:
        return None
    quoted = [f'"{word[:60]}"' for word in found]
    quoted[-1] += "*"
    return f'scope : "{scope_word(team)}" AND {{title body}} : ({" AND ".join(quoted)})'


def find(session: Session, words: str, *, limit: int = 10, offset: int = 0) -> Hits:
    """Records that contain all the words; best first while they are few, newest first beyond `RANKED_UP_TO`."""
    expression = match_expression(words, session.team)
    if expression is None:
        return Hits((), 0, capped=False)
    total = session.value(
        "SELECT count(*) FROM (SELECT rowid FROM document_index WHERE document_index MATCH :match LIMIT :cap)",
        match=expression,
        cap=RANKED_UP_TO + 1,
    )
    count = int(total or 0)
    capped = count > RANKED_UP_TO
    # bm25 reads every hit; in id order FTS5 stops after one page.
    order = "document_index.rowid DESC" if capped else "bm25(document_index, 5.0, 1.0), document_index.rowid DESC"
    rows = session.rows(
        f"""SELECT d.kind, d.number, d.title, snippet(document_index, -1, char(1), char(2), '…', 16) AS snippet
            FROM document_index JOIN document d ON d.id = document_index.rowid
            WHERE document_index MATCH :match ORDER BY {order}
            LIMIT :limit OFFSET :offset""",
        match=expression,
        limit=limit,
        offset=offset,
    )
    hits = tuple(Hit(r["kind"], r["number"], r["title"], r["snippet"]) for r in rows)
    return Hits(hits, min(count, RANKED_UP_TO), capped)


def party_words(session: Session, codes: Sequence[str | None]) -> list[str]:
    """The names of parties in the order given, so that a search for "Russia" finds records that only hold its code."""
    wanted = [code for code in dict.fromkeys(codes) if code]
    if not wanted:
        return []
    holes, params = marks("c", wanted)
    rows = session.rows(
        f"SELECT code, name FROM party WHERE team_id IN (:builtin, :team) AND code IN ({holes}) ORDER BY team_id", **params
    )
    names = {row["code"]: row["name"] for row in rows}
    return [names[code] for code in wanted if code in names]
