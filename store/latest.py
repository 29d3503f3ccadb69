"""`position_latest`: what each party said last on each topic, and what of it stands.

Both could be had from the positions themselves (`position_walks`), with one look-up for each party and topic in an index of
all that was ever said. Most questions are about what stands now: those read a few neighbouring rows here. Whatever writes
positions calls `keep` or `keep_topic` in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import sqlite_utils

from store import position_walks as walks
from store.database import Session, Value, WriteSession, marks
from store.position_walks import LAST_DAY, Pair, Standing

_INSERT = """INSERT INTO position_latest (team_id, stands_on, stands, party, topic, holds_from)
    VALUES (:team, :stands_on, :stands, :party, :topic, :holds_from)"""


class Split(NamedTuple):
    """What is found here of some pairs, in no order, and the parties and topics of those on which something was said since."""

    found: list[Standing]
    since: list[Pair]


def standing(session: Session, parties: Sequence[str], topics: Sequence[str] | None, as_of: date) -> Split:
    """What stands as of a day of these parties (none: all), on these topics (None: on any)."""
    where, params = "team_id = :team", dict[str, Value]()
    for column, values in (("party", parties or None), ("topic", topics)):
        if values is not None:
            holes, more = marks(column, list(dict.fromkeys(values)))
            where += f" AND {column} IN ({holes})"
            params |= more
    params["as_of"] = as_of.isoformat()
    table = f"FROM position_latest WHERE {where} AND holds_from"
    later = session.rows(f"SELECT party, topic {table} > :as_of", **params)
    stood = session.rows(f"SELECT stands_on, stands, party, topic {table} <= :as_of", **params)
    return Split([Standing._make(row) for row in stood], [(row[0], row[1]) for row in later])


def keep(session: WriteSession, places: Iterable[Pair]) -> None:
    """Brings the rows of some parties on some topics into line with their positions."""
    for party, topic in set(places):
        session.execute(
            "DELETE FROM position_latest WHERE team_id = :team AND party = :party AND topic = :topic", party=party, topic=topic
        )
        _put(session, topic, walks.by_party(session, topic, [party], LAST_DAY, None))


def keep_topic(session: Session, topic: str) -> None:
    """The same for all parties on a topic, which may be no more."""
    session.db.execute(
        "DELETE FROM position_latest WHERE team_id = :team AND topic = :topic", {"team": session.team, "topic": topic}
    )
    _put(session, topic, walks.by_party(session, topic, None, LAST_DAY, None))


def fill(db: sqlite_utils.Database) -> None:
    """Fills the table from positions recorded before there was one (a migration step)."""
    for team, topic in db.execute("SELECT team_id, key FROM topic ORDER BY team_id, key").fetchall():
        keep_topic(Session(team, db), topic)


def _put(session: Session, topic: str, found: Sequence[Standing]) -> None:
    ways = walks.replacing(session, [each.number for each in found], LAST_DAY, None)
    for said, number, party, _ in found:
        way = ways.get(number, [])
        stands_on, stands = way[-1] if way else (said, number)
        holds_from = max([said, *(day for day, _ in way)])
        row = {"stands_on": stands_on, "stands": stands, "holds_from": holds_from}
        session.db.execute(_INSERT, {"team": session.team, "party": party, "topic": topic, **row})
