"""What changed between two revisions: for each record how it stood before the first and after the last of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from store.database import Session, marks
from store.times import instant_text


@dataclass(frozen=True, slots=True)
class Change:
    """One record's way from `before` (None: it is new) to `after` (None: it is gone), as plain data; `why` is the last
    reason given on the way."""

    kind: str
    key: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    why: str | None


def between(session: Session, after: int, upto: int, kinds: tuple[str, ...], *, limit: int) -> tuple[list[Change], int]:
    """The records of some kinds that changed after one revision and up to another, in the order of their last change, and
    how many more there are than `limit`. What was changed and changed back is left out."""
    holes, params = marks("k", kinds)
    span = f"""SELECT kind, key, min(number) AS first, max(number) AS last FROM revision
               WHERE team_id = :team AND number > :after AND number <= :upto AND kind IN ({holes}) GROUP BY kind, key"""
    rows = session.rows(
        f"""SELECT s.kind, s.key, f.before, l.after, coalesce(l.why, f.why) AS why FROM ({span}) s
            JOIN revision f ON f.team_id = :team AND f.number = s.first
            JOIN revision l ON l.team_id = :team AND l.number = s.last
            ORDER BY s.last LIMIT :limit""",
        after=after,
        upto=upto,
        limit=limit,
        **params,
    )
    found = [Change(r["kind"], r["key"], _plain(r["before"]), _plain(r["after"]), r["why"]) for r in rows]
    more = 0
    if len(rows) == limit:
        total = session.value(f"SELECT count(*) FROM ({span}) s", after=after, upto=upto, **params)
        more = int(total or 0) - limit
    return [change for change in found if change.before != change.after], more


def _plain(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    found: dict[str, Any] = json.loads(text)
    return found


def revision_at(session: Session, moment: datetime) -> int:
    """The number of the last revision by a moment; 0 when there was none."""
    stamp = instant_text(moment)
    value = session.value(
        "SELECT number FROM revision WHERE team_id = :team AND at <= :stamp ORDER BY at DESC, number DESC LIMIT 1", stamp=stamp
    )
    return int(value or 0)
