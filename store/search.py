"""Full text over talks, positions, drafts and sources. The only place with SQL that is SQLite's own (FTS5).

Each record is one document. A document's id leads with its workspace's place and then the record's day, so that one
workspace, or a span of days in it, is one range of ids and the index can be walked newest first without sorting. What would
be read for every hit (bm25's counts) costs tens of milliseconds at a million documents; a range of ids costs nothing.

What a document is about stands in the index as words of its own, in the column `marks`: a word for its kind, for each party
and for each topic. A filter is then one more word to meet, and the index steps through the rarer of two lists and seeks in
the other. Words that people search for are only ever looked for in the title and the body.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlite_utils

from store import parts, search_marks
from store.database import Session, WriteSession, marks
from store.parties import fold
from store.records import Source
from store.search_walk import RANKED_UP_TO, matching, newest_page, phrases_of, quoted
from store.search_walk import Narrow as Narrow

KINDS = ("talks", "position", "draft", "source")

_DAY = 1 << 24
"""Ids between one day and the next: so many documents of one day a workspace can hold."""
_TEAM = 1 << 46
"""Ids between one workspace and the next: days up to the year 9999 fit in between."""

_PREFIX_FROM = 3
_TITLE_WEIGHT = 5
_START = 160


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found: its kind ("talks", "position", "draft", "source"), its number, and the text with the words marked.

    `snippet` marks each found word between U+0001 and U+0002, for the renderer to draw. `url` is a source's address.
    """

    kind: str
    number: int
    title: str
    snippet: str
    url: str | None = None


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


def put(
    session: WriteSession, kind: str, number: int, day: date | None, title: str, body: str, *, key: str | None = None
) -> None:
    """Indexes a record, replacing what the index held of it. Parties and topics are read from the record's own rows, which
    must be written before. `key` names a record that has no number of its own (a source)."""
    remove(session, kind, number)
    _add(
        session,
        {
            "id": next_id(session, _place(session), day),
            "kind": kind,
            "number": number,
            "title": title,
            "body": body,
            "marks": search_marks.of_records(session, kind, [number])[number],
            "key": key,
        },
    )


def _add(session: WriteSession, document: dict[str, str | int | None]) -> None:
    session.insert("document", [document])
    session.execute(
        "INSERT INTO document_index (rowid, title, body, marks) VALUES (:id, :title, :body, :marks)",
        **{name: document[name] for name in ("id", "title", "body", "marks")},
    )


def first_id(place: int, day: date | None) -> int:
    """The first id of a day's documents in the workspace at a place; undated documents come before all days."""
    return place * _TEAM + (day or date(1, 1, 1)).toordinal() * _DAY


def next_id(session: Session, place: int, day: date | None) -> int:
    """The next free id among a day's documents."""
    first = first_id(place, day)
    last = session.value("SELECT max(id) FROM document WHERE id >= :first AND id < :next", first=first, next=first + _DAY)
    return first if last is None else int(last) + 1


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
        "SELECT id, title, body, marks FROM document WHERE team_id = :team AND kind = :kind AND number = :number",
        kind=kind,
        number=number,
    )
    if old is not None:
        _drop(session, dict(old))


def _drop(session: WriteSession, old: dict[str, str | int | None]) -> None:
    session.execute(
        """INSERT INTO document_index (document_index, rowid, title, body, marks)
           VALUES ('delete', :id, :title, :body, :marks)""",
        **{name: old[name] for name in ("id", "title", "body", "marks")},
    )
    session.execute("DELETE FROM document WHERE id = :id", id=old["id"])


def refresh(session: WriteSession, kind: str, numbers: Sequence[int], *, renamed: tuple[str, str] | None = None) -> None:
    """Brings the marks of some records up to date, and with `renamed` the end of their titles: from one name to another."""
    for start in range(0, len(numbers), 500):
        some = numbers[start : start + 500]
        now = search_marks.of_records(session, kind, some)
        holes, params = marks("n", some)
        sql = f"SELECT * FROM document WHERE team_id = :team AND kind = :kind AND number IN ({holes})"
        for row in session.rows(sql, kind=kind, **params):
            title = row["title"]
            if renamed and title.endswith(f" on {renamed[0]}"):
                title = title.removesuffix(renamed[0]) + renamed[1]
            if (title, now[row["number"]]) != (row["title"], row["marks"]):
                _drop(session, dict(row))
                _add(session, {**dict(row), "title": title, "marks": now[row["number"]]})


def put_source(session: WriteSession, source: Source) -> None:
    """Indexes a source, under a number that only the index knows."""
    sql = "SELECT number FROM document WHERE team_id = :team AND kind = 'source' AND key = :key"
    number = session.value(sql, key=source.key) or parts.next_number(session, "source")
    put(
        session,
        "source",
        int(number),
        source.published,
        source.title,
        source_body(source.publisher, source.author),
        key=source.key,
    )


def source_body(publisher: str | None, author: str | None) -> str:
    """What is searched of a source beside its title."""
    return "\n".join(words for words in (publisher, author) if words)


def find(session: Session, text: str, *, narrow: Narrow | None = None, limit: int = 10, offset: int = 0) -> Hits:
    """Records that contain all the words; those that match best first while they are few, else the newest first.

    Words in double quotes must stand together; operators and column filters in `text` are plain words. Where no record has the
    last word as it stands, it is taken as the beginning of one. Without words, everything that `narrow` leaves comes, newest
    first.
    """
    narrow = narrow or Narrow()
    sought = quoted(phrases_of(text))
    words = [word for phrase in sought for word in phrase.strip('"').split()]
    place = session.value("SELECT place FROM document_team WHERE team_id = :team")
    if place is None or (not words and narrow == Narrow()):
        return Hits((), 0, capped=False)
    ids = _ids(int(place), narrow)
    found = matching(session, sought, narrow, ids)
    if not found and words and len(words[-1]) >= _PREFIX_FROM:
        sought[-1] += "*"
        found = matching(session, sought, narrow, ids)
    capped = len(found) > RANKED_UP_TO
    if capped:
        shown = newest_page(session, sought, narrow, ids, limit, offset)
    else:
        shown = (_ranked(session, found, words) if words else found)[offset : offset + limit]
    return Hits(_hits(session, shown, sought), min(len(found), RANKED_UP_TO), capped)


def _ids(place: int, narrow: Narrow) -> range:
    if narrow.since is None and narrow.before is None:
        return range(place * _TEAM, (place + 1) * _TEAM)
    first = first_id(place, max(narrow.since or date(1, 1, 2), date(1, 1, 2)))
    return range(first, first_id(place, narrow.before) if narrow.before else (place + 1) * _TEAM)


def _ranked(session: Session, ids: Sequence[int], words: Sequence[str]) -> list[int]:
    """Best first: a word in the title counts most, then how much of the text the words make up; the newest among equals.
    Sources come after the records: their titles are all there is of them, and would stand above whatever they are cited for."""
    holes, params = marks("id", list(ids))
    sought = [fold(word) for word in words]
    scores: dict[int, float] = {}
    records: dict[int, bool] = {}
    for row in session.rows(f"SELECT id, kind, title, body FROM document WHERE id IN ({holes})", **params):
        title, body = fold(row["title"]).split(), fold(row["body"]).split()
        in_title = sum(any(part.startswith(word) for part in title) for word in sought)
        in_body = sum(body.count(word) for word in sought)
        scores[row["id"]] = _TITLE_WEIGHT * in_title + in_body / (1 + len(body) / 100)
        records[row["id"]] = row["kind"] != "source"
    return sorted(ids, key=lambda place: (records[place], scores[place], place), reverse=True)


_COLUMNS = """d.id, d.kind, d.number, d.title,
    (SELECT url FROM source s WHERE s.team_id = d.team_id AND s.key = d.key) AS url"""


def _hits(session: Session, ids: Sequence[int], sought: Sequence[str]) -> tuple[Hit, ...]:
    """The documents with these ids, in that order: the quoted words marked in the body, else in the title.

    They are known to match. The index is asked for any of the words: for each document it starts from the first that matches
    at all, and the first that has all the words and marks may be a long way in.
    """
    holes, params = marks("id", list(ids))
    sql = (
        f"SELECT {_COLUMNS}, d.title AS in_title, substr(d.body, 1, :start) AS in_body FROM document d WHERE d.id IN ({holes})"
    )
    if sought:
        sql = f"""SELECT {_COLUMNS}, highlight(document_index, 0, char(1), char(2)) AS in_title,
                snippet(document_index, 1, char(1), char(2), '…', 16) AS in_body
            FROM document_index JOIN document d ON d.id = document_index.rowid
            WHERE document_index MATCH :match AND document_index.rowid IN ({holes})"""
    by_id: dict[int, Hit] = {}
    for row in session.rows(sql, match=f"{{title body}} : ({' OR '.join(sought)})", start=_START, **params):
        snippet = row["in_title"] if sought and "\x01" not in row["in_body"] else row["in_body"]
        by_id[row["id"]] = Hit(row["kind"], row["number"], row["title"], snippet, row["url"])
    return tuple(by_id[place] for place in ids if place in by_id)


def by_number(session: Session, kind: str, number: int) -> Hit | None:
    """A record by its number, as a hit with nothing marked."""
    sql = f"SELECT {_COLUMNS} FROM document d WHERE d.team_id = :team AND d.kind = :kind AND d.number = :number"
    row = session.row(sql, kind=kind, number=number)
    return None if row is None else Hit(kind, number, row["title"], row["title"])


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
