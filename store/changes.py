"""Revisions: every change to a record, with who, when, before, after and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from store.database import Row, Session, WriteSession, to_json
from store.errors import Conflict, NotOnRecord
from store.parts import next_number
from store.records import Revision
from store.times import instant


def record(
    session: WriteSession,
    kind: str,
    key: str,
    *,
    action: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    undoes: int | None = None,
) -> int:
    """Writes the revision of one change and returns its number. `before` and `after` are plain forms (see `plain`)."""
    number = next_number(session, "revision")
    session.insert(
        "revision",
        [
            {
                "number": number,
                "kind": kind,
                "key": key,
                "at": session.stamp,
                "actor": session.actor,
                "action": action,
                "why": session.why,
                "before": None if before is None else to_json(before),
                "after": None if after is None else to_json(after),
                "undoes": undoes,
            }
        ],
    )
    return number


def of_record(session: Session, kind: str, key: str) -> list[Revision]:
    """All revisions of one record, oldest first."""
    rows = session.rows(
        "SELECT * FROM revision WHERE team_id = :team AND kind = :kind AND key = :key ORDER BY number",
        kind=kind,
        key=key,
    )
    return [_revision(row) for row in rows]


def since(session: Session, kind: str, key: str, seen: int) -> list[Revision]:
    """The revisions of one record after revision `seen`, oldest first."""
    rows = session.rows(
        "SELECT * FROM revision WHERE team_id = :team AND kind = :kind AND key = :key AND number > :seen ORDER BY number",
        kind=kind,
        key=key,
        seen=seen,
    )
    return [_revision(row) for row in rows]


def latest(session: Session, kind: str, key: str) -> int:
    """The number of a record's last revision, which is its version; 0 for a key that never was on record."""
    sql = "SELECT max(number) FROM revision WHERE team_id = :team AND kind = :kind AND key = :key"
    return int(session.value(sql, kind=kind, key=key) or 0)


def last_number(session: Session) -> int:
    """The number of the workspace's last revision; 0 before the first."""
    return int(session.value("SELECT max(number) FROM revision WHERE team_id = :team") or 0)


def expect(session: Session, kind: str, key: str, seen: int) -> None:
    """Makes sure that a record is still as it was at revision `seen`. Raises `Conflict`."""
    if latest(session, kind, key) != seen:
        raise Conflict(f"{kind} {key} has changed since revision {seen}")


def get(session: Session, number: int) -> Revision:
    """The revision with this number. Raises NotOnRecord."""
    row = session.row("SELECT * FROM revision WHERE team_id = :team AND number = :number", number=number)
    if row is None:
        raise NotOnRecord(f"R-{number}")
    return _revision(row)


def key_of_number(session: Session, kind: str, number: int) -> str | None:
    """The key of a record that was taken off the record, by the number it had; None if no such record was."""
    rows = session.rows(
        "SELECT key, before FROM revision WHERE team_id = :team AND kind = :kind AND after IS NULL ORDER BY number DESC",
        kind=kind,
    )
    return next((row["key"] for row in rows if json.loads(row["before"]).get("number") == number), None)


RECENT = 1000
"""How many of a workspace's revisions back somebody's own last change is looked for."""


def latest_of(session: Session, kind: str, actor: str) -> Revision | None:
    """The last change that somebody made to records of a kind, leaving undoing aside; None if it is not recent."""
    return next(own(session, kind, actor, most=1), None)


def own(session: Session, kind: str, actor: str, *, most: int = RECENT, undoing: bool = False) -> Iterator[Revision]:
    """Somebody's recent changes to records of a kind that still stand, the last first, leaving undoing aside, or only that."""
    rows = session.rows(
        f"""SELECT * FROM revision r WHERE team_id = :team AND kind = :kind AND actor = :actor
             AND undoes IS {"NOT NULL" if undoing else "NULL"}
             AND number > (SELECT coalesce(max(number), 0) FROM revision WHERE team_id = :team) - :recent
             AND NOT EXISTS (SELECT 1 FROM revision u WHERE u.team_id = r.team_id AND u.kind = r.kind AND u.key = r.key
                             AND u.number > r.number AND u.undoes = r.number)
           ORDER BY number DESC LIMIT :most""",
        kind=kind,
        actor=actor,
        recent=RECENT,
        most=most,
    )
    return map(_revision, rows)


def _revision(row: Row) -> Revision:
    return Revision(
        number=row["number"],
        kind=row["kind"],
        key=row["key"],
        at=instant(row["at"]),
        actor=row["actor"],
        action=row["action"],
        why=row["why"],
        before=None if row["before"] is None else json.loads(row["before"]),
        after=None if row["after"] is None else json.loads(row["after"]),
        undoes=row["undoes"],
    )
