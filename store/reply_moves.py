"""Which replies are no longer what or where they were: of another party, day or kind, to a position that moved, or gone.

`reply_moved` has who gave them and the number of the position, so that what was known on some day can be found (see
`answers_known`): by everything else the current rows do.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlite_utils

from store.database import Session, WriteSession, marks

_NOTE = """INSERT INTO reply_moved (team_id, party, number) VALUES (:team, :party, :number)
    ON CONFLICT (team_id, number, party) DO NOTHING"""


def note(session: WriteSession, before: Mapping[str, Any], after: Mapping[str, Any] | None) -> None:
    """Notes whose replies a change of a position moved; both in their plain form, `after` None for one off the record."""
    for party in _moved(before, after):
        session.execute(_NOTE, party=party, number=before["number"])


def note_taken_apart(session: WriteSession, numbers: Sequence[int], merge: int) -> None:
    """Notes the replies to those of some positions that were changed while their topic was merged into another: those
    versions are on that other topic."""
    holes, params = marks("n", numbers)
    session.execute(
        f"""INSERT INTO reply_moved (team_id, party, number)
            SELECT DISTINCT r.team_id, r.party, r.position FROM reply r
            JOIN position p ON p.team_id = r.team_id AND p.number = r.position
            WHERE r.team_id = :team AND r.position IN ({holes}) AND EXISTS (SELECT 1 FROM revision v
                WHERE v.team_id = r.team_id AND v.kind = 'position' AND v.key = p.key AND v.number > :merge)
            ON CONFLICT (team_id, number, party) DO NOTHING""",
        merge=merge,
        **params,
    )


def note_all(db: sqlite_utils.Database) -> None:
    """Fills `reply_moved` from the changes made before there was such a table (a migration step)."""
    rows = db.execute("SELECT team_id, before, after FROM revision WHERE kind = 'position' AND before IS NOT NULL").fetchall()
    for team, before, after in rows:
        old = json.loads(before)
        for party in _moved(old, json.loads(after) if after else None):
            db.execute(_NOTE, {"team": team, "party": party, "number": old["number"]})
    db.execute(
        """INSERT INTO reply_moved (team_id, party, number)
           SELECT DISTINCT r.team_id, r.party, r.position FROM position_moved m
           JOIN reply r ON r.team_id = m.team_id AND r.position = m.number WHERE true
           ON CONFLICT (team_id, number, party) DO NOTHING"""
    )


def _moved(before: Mapping[str, Any], after: Mapping[str, Any] | None) -> list[str]:
    return sorted({party for party, *_ in _places(before) - (_places(after) if after else set())})


def _places(position: Mapping[str, Any]) -> set[tuple[Any, ...]]:
    """Each reply by what it is looked up by, its party first."""
    place = [position.get(name) for name in ("party", "topic", "said_on")]
    replies: Sequence[Mapping[str, Any]] = position.get("replies", ())
    return {(r["party"], r["key"], r["stance"], r.get("said_on"), *place) for r in replies}


def of_parties(session: Session, parties: Sequence[str]) -> dict[str, list[int]]:
    """Positions by number to which replies of these parties moved."""
    holes, params = marks("p", list(dict.fromkeys(parties)))
    found: dict[str, list[int]] = defaultdict(list)
    sql = f"SELECT party, number FROM reply_moved WHERE team_id = :team AND party IN ({holes}) ORDER BY number"
    for party, number in session.rows(sql, **params):
        found[party].append(number)
    return found


def of_holder(session: Session, party: str, topic: str, supersedes: str | None) -> list[int]:
    """The positions that a party has or had on a topic whose replies moved, and the superseded one, by number."""
    rows = session.rows(
        """SELECT p.number FROM position p WHERE p.team_id = :team AND p.party = :party AND p.topic = :topic
             AND EXISTS (SELECT 1 FROM reply_moved x WHERE x.team_id = p.team_id AND x.number = p.number)
           UNION SELECT number FROM position_moved WHERE team_id = :team AND party = :party AND topic = :topic
           UNION SELECT number FROM position WHERE team_id = :team AND key = :key
           UNION SELECT number FROM position_moved WHERE team_id = :team AND key = :key
           ORDER BY 1""",
        party=party,
        topic=topic,
        key=supersedes,
    )
    return [row["number"] for row in rows]
