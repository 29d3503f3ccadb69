"""Revisions: every change to a record, with who, when, before, after and why."""

from __future__ import annotations

import json
from typing import Any

from store.database import Row, Session, WriteSession, to_json
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
