"""What revisions tell of talks beyond the record: when they first came, how often they changed, and what they were before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from store.changes import RECENT
from store.database import Session, marks
from store.plain import from_plain
from store.records import Talks
from store.talks import KIND
from store.times import instant


@dataclass(frozen=True, slots=True)
class Trace:
    """The revisions of some talks: the first one's number, moment and author, how many there are, and when the last was."""

    first: int
    since: datetime
    actor: str
    changes: int
    changed: datetime


def traces(session: Session, keys: Sequence[str]) -> dict[str, Trace]:
    """The trace of each of these talks, by key, also of those taken off the record; without revisions left out."""
    if not keys:
        return {}
    holes, params = marks("k", keys)
    rows = session.rows(
        f"""SELECT c.key, c.changes, f.number, f.at AS since, f.actor, l.at AS changed
            FROM (SELECT key, count(*) AS changes, min(number) AS first, max(number) AS last FROM revision
                  WHERE team_id = :team AND kind = :kind AND key IN ({holes}) GROUP BY key) c
            JOIN revision f ON f.team_id = :team AND f.number = c.first
            JOIN revision l ON l.team_id = :team AND l.number = c.last""",
        kind=KIND,
        **params,
    )
    return {
        row["key"]: Trace(row["number"], instant(row["since"]), row["actor"], row["changes"], instant(row["changed"]))
        for row in rows
    }


def earlier(session: Session, keys: Sequence[str]) -> Iterator[tuple[str, Iterator[Talks]]]:
    """The versions that talks had before each change, newest first, read only as far as they are asked for."""
    if not keys:
        return
    holes, params = marks("k", keys)
    rows = session.rows(
        f"""SELECT key, before FROM revision WHERE team_id = :team AND kind = :kind AND key IN ({holes})
            AND before IS NOT NULL ORDER BY key, number DESC""",
        kind=KIND,
        **params,
    )
    for key, some in groupby(rows, key=lambda row: str(row["key"])):
        yield key, (from_plain(Talks, json.loads(row["before"])) for row in some)


def removed(session: Session) -> list[str]:
    """Keys of all talks that were taken off the record."""
    rows = session.rows(
        """SELECT DISTINCT key FROM revision r WHERE team_id = :team AND kind = :kind AND after IS NULL
           AND NOT EXISTS (SELECT 1 FROM talks t WHERE t.team_id = r.team_id AND t.key = r.key) ORDER BY key""",
        kind=KIND,
    )
    return [row["key"] for row in rows]


def lately_without(session: Session, limit: int) -> tuple[list[int], list[str]]:
    """Among the workspace's last changes: talks that have no day now, by number, and keys of talks taken off the record.

    The newest first, up to `limit` of each. They may or may not have had a day before.
    """
    start = int(session.value("SELECT coalesce(max(number), 0) FROM revision WHERE team_id = :team") or 0) - RECENT
    rows = session.rows(  # by number alone, and told apart here: by kind it would go through all talks there ever were
        """SELECT key, kind, before IS NULL AS came FROM revision WHERE team_id = :team AND number > :start
           ORDER BY number DESC""",
        start=start,
    )
    keys = list(dict.fromkeys(row["key"] for row in rows if row["kind"] == KIND and not row["came"]))
    if not keys:
        return [], []
    holes, params = marks("k", keys)
    known = {
        row["key"]: row
        for row in session.rows(
            f"""SELECT key, number, opens_at IS NULL AND closes_at IS NULL AS undated FROM talks
                WHERE team_id = :team AND key IN ({holes})""",
            **params,
        )
    }
    undated = [known[key]["number"] for key in keys if key in known and known[key]["undated"]]
    return undated[:limit], [key for key in keys if key not in known][:limit]
