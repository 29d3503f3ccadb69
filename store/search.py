"""Full text over talks, positions and drafts. The only place with SQL that is SQLite's own (FTS5).

Each record is one document. A document's id leads with its workspace's place and then the record's day, so that one
workspace is one range of ids and the index can be walked newest first without sorting. What would be read for every hit, or
for every document that has a common word (a term that marks the workspace, bm25's counts), costs tens of milliseconds at a
million documents; a range of ids costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlite_utils

from store.database import Session, WriteSession, marks
from store.parties import fold

RANKED_UP_TO = 100
"""Up to this many hits are ranked by how they match; beyond it the newest come first."""

_DAY = 1 << 24
"""Ids between one day and the next: so many documents of one day a workspace can hold."""
_TEAM = 1 << 46
"""Ids between one workspace and the next: days up to the year 9999 fit in between."""

_WORD = re.compile(r"\w+")
_PREFIX_FROM = 3
_TITLE_WEIGHT = 5


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
    """True when there are more than `total` hits and they come newest first instead of by how they match."""


def create(db: sqlite_utils.Database) -> None:
    """Makes the document table and its index (a migration step)."""
    db.execute("CREATE TABLE document_team (team_id TEXT NOT NULL PRIMARY KEY, place INTEGER NOT NULL UNIQUE)")
    db.execute(
        """CREATE TABLE document (
            id INTEGER PRIMARY KEY, team_id TEXT NOT NULL, kind TEXT NOT NULL, number INTEGER NOT NULL,
            title TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (team_id, kind, number))"""
    )
    db.execute(
        """CREATE VIRTUAL TABLE document_index USING fts5(
            title, body, content='document', content_rowid='id', tokenize="unicode61 remove_diacritics 2")"""
    )


def put(session: WriteSession, kind: str, number: int, day: date | None, title: str, body: str) -> None:
    """Indexes a record, replacing what the index held of it."""
    remove(session, kind, number)
    first = first_id(_place(session), day)
    last = session.value("SELECT max(id) FROM document WHERE id >= :first AND id < :next", first=first, next=first + _DAY)
    place = first if last is None else int(last) + 1
    session.insert("document", [{"id": place, "kind": kind, "number": number, "title": title, "body": body}])
    session.execute(
        "INSERT INTO document_index (rowid, title, body) VALUES (:id, :title, :body)", id=place, title=title, body=body
    )


def first_id(place: int, day: date | None) -> int:
    """The first id of a day's documents in the workspace at a place; undated documents come before all days."""
    return place * _TEAM + (day or date(1, 1, 1)).toordinal() * _DAY


def _place(session: WriteSession) -> int:
    """Where this workspace's ids begin, given out on its first document."""
    known = session.value("SELECT place FROM document_team WHERE team_id = :team")
    if known is None:
        known = int(session.value("SELECT coalesce(max(place), -1) + 1 FROM document_team") or 0)
        session.insert("document_team", [{"place": known}])
    return int(known)


def remove(session: WriteSession, kind: str, number: int) -> None:
    """Takes a record out of the index."""
    old = session.row(
        "SELECT id, title, body FROM document WHERE team_id = :team AND kind = :kind AND number = :number",
        kind=kind,
        number=number,
    )
    if old is None:
        return
    session.execute(
        "INSERT INTO document_index (document_index, rowid, title, body) VALUES ('delete', :id, :title, :body)",
        **dict(old),
    )
    session.execute("DELETE FROM document WHERE id = :id", id=old["id"])


def words_of(text: str) -> list[str]:
    """The words of what was typed, as searched for: at most twelve, each cut at sixty characters."""
    return [word[:60] for word in _WORD.findall(text)[:12]]


def find(session: Session, text: str, *, limit: int = 10, offset: int = 0) -> Hits:
    """Records that contain all the words; those that match best first while they are few, else the newest first.

    Operators, quotes and column filters in `text` are plain words. Where no record has the last word as it stands, it is
    taken as the beginning of one.
    """
    words = words_of(text)
    place = session.value("SELECT place FROM document_team WHERE team_id = :team")
    if not words or place is None:
        return Hits((), 0, capped=False)
    ids = range(int(place) * _TEAM, (int(place) + 1) * _TEAM)
    quoted = " AND ".join(f'"{word}"' for word in words)
    found = _newest(session, quoted, ids, RANKED_UP_TO + 1)
    if not found and len(words[-1]) >= _PREFIX_FROM:
        quoted += "*"
        found = _newest(session, quoted, ids, RANKED_UP_TO + 1)
    capped = len(found) > RANKED_UP_TO
    page = slice(offset, offset + limit)
    shown = _newest(session, quoted, ids, limit, offset) if capped else _ranked(session, found, words)[page]
    return Hits(_hits(session, quoted, shown), min(len(found), RANKED_UP_TO), capped)


def _newest(session: Session, match: str, ids: range, limit: int, offset: int = 0) -> list[int]:
    rows = session.rows(
        """SELECT rowid FROM document_index WHERE document_index MATCH :match AND rowid >= :first AND rowid < :end
           ORDER BY rowid DESC LIMIT :limit OFFSET :offset""",
        match=match,
        first=ids.start,
        end=ids.stop,
        limit=limit,
        offset=offset,
    )
    return [row["rowid"] for row in rows]


def _ranked(session: Session, ids: Sequence[int], words: Sequence[str]) -> list[int]:
    """Best first: a word in the title counts most, then how much of the text the words make up; the newest among equals."""
    holes, params = marks("id", list(ids))
    sought = [fold(word) for word in words]
    scores: dict[int, float] = {}
    for row in session.rows(f"SELECT id, title, body FROM document WHERE id IN ({holes})", **params):
        title, body = fold(row["title"]).split(), fold(row["body"]).split()
        in_title = sum(any(part.startswith(word) for part in title) for word in sought)
        in_body = sum(body.count(word) for word in sought)
        scores[row["id"]] = _TITLE_WEIGHT * in_title + in_body / (1 + len(body) / 100)
    return sorted(ids, key=lambda place: (-scores[place], -place))


def _hits(session: Session, match: str, ids: Sequence[int]) -> tuple[Hit, ...]:
    holes, params = marks("id", list(ids))
    rows = session.rows(
        f"""SELECT d.id, d.kind, d.number, d.title, snippet(document_index, -1, char(1), char(2), '…', 16) AS snippet
            FROM document_index JOIN document d ON d.id = document_index.rowid
            WHERE document_index MATCH :match AND document_index.rowid IN ({holes})""",
        match=match,
        **params,
    )
    by_id = {row["id"]: Hit(row["kind"], row["number"], row["title"], row["snippet"]) for row in rows}
    return tuple(by_id[place] for place in ids if place in by_id)


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
