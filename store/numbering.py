"""The numbers of all records of a kind, for what goes through everything."""

from __future__ import annotations

from store.database import Session

TABLES = ("talks", "position", "draft")


def everything(session: Session, kind: str) -> list[int]:
    """The numbers of the workspace's talks, positions ("position") or drafts ("draft"), in order."""
    if kind not in TABLES:
        raise ValueError(kind)
    return [row[0] for row in session.rows(f"SELECT number FROM {kind} WHERE team_id = :team ORDER BY number")]
