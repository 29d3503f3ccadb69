"""Every statement of a party in order, by the day things were said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from store import known, positions, standings
from store.database import Session
from store.position_walks import Place
from store.records import Position
from store.standings import LAST_DAY

MOST_STEPS = 50
"""How many statements of one party on one topic are looked at, where each may have to be."""
AT_FIRST = 3
"""How many are where one of the first will nearly always do."""


def numbers(
    session: Session,
    party: str,
    topics: Sequence[str],
    *,
    since: date | None = None,
    until: date = LAST_DAY,
    recorded: datetime | None = None,
    limit: int,
    offset: int = 0,
) -> list[int]:
    """`history` of a party on some topics, or on anything where none are given; with `recorded`, as known at that moment."""
    if recorded is not None:
        some = known.statements(
            session, recorded, parties=[party], topic_keys=topics, since=since, until=until, limit=offset + limit
        )
        return [each.number for each in some[offset:]]
    if topics:
        return history(session, party, topics, since=since, until=until, limit=limit, offset=offset)
    return history_of_all(session, party, since=since, until=until, limit=limit, offset=offset)


def history(
    session: Session,
    party: str,
    topics: Sequence[str],
    *,
    since: date | None = None,
    until: date = LAST_DAY,
    limit: int,
    offset: int = 0,
) -> list[int]:
    """What a party said on some topics in a period, newest first, by number; the undated last, where it has no beginning."""
    period = _Period(since, until)
    found = sorted((each for topic in topics for each in _said(session, party, topic, limit + offset, period)), reverse=True)
    return [number for _, number in found[offset : offset + limit]]


def history_of_all(
    session: Session, party: str, *, since: date | None = None, until: date = LAST_DAY, limit: int, offset: int = 0
) -> list[int]:
    """What a party said on anything, in the same order."""
    return [number for _, number in _said(session, party, None, limit + offset, _Period(since, until))[offset:]]


@dataclass(frozen=True, slots=True)
class _Period:
    since: date | None
    until: date


def _said(session: Session, party: str, topic: str | None, most: int, period: _Period) -> list[Place]:
    """The days ("" where there is none) and numbers of what a party said last on a topic (None: on anything).

    The dated and the undated are looked up apart: one condition on both would walk through everything said since.
    """
    of = "FROM position WHERE team_id = :team AND party = :party" + (" AND topic = :topic" if topic else "")
    whose = {"party": party, **({"topic": topic} if topic else {})}
    rows = session.rows(
        f"""SELECT said_on, number {of} AND said_on BETWEEN :since AND :until
            ORDER BY said_on DESC, number DESC LIMIT :most""",
        since=(period.since or date.min).isoformat(),
        until=period.until.isoformat(),
        most=most,
        **whose,
    )
    if len(rows) < most and period.since is None:
        sql = f"SELECT '', number {of} AND said_on IS NULL ORDER BY number DESC LIMIT :most"
        rows += session.rows(sql, most=most - len(rows), **whose)
    return [(said, number) for said, number in rows]


def undated(session: Session, party: str, topic: str, recorded: datetime | None = None) -> int | None:
    """The number of what a party said on a topic last on a day that nobody recorded, or None."""
    if recorded is not None:
        found = known.statements(session, recorded, parties=[party], topic_keys=[topic], until=date.min, limit=1)
        return found[0].number if found else None
    row = session.row(
        """SELECT number FROM position WHERE team_id = :team AND party = :party AND topic = :topic AND said_on IS NULL
           ORDER BY number DESC LIMIT 1""",
        party=party,
        topic=topic,
    )
    return None if row is None else int(row["number"])


def before(session: Session, position: Position, recorded: datetime | None = None) -> Position | None:
    """What its party said on the topic last before a position, as it stood; None where no day can tell."""
    return before_each(session, [position], recorded).get(position.number)


def before_each(session: Session, some: Sequence[Position], recorded: datetime | None = None) -> dict[int, Position]:
    """The same of several, by number; left out where there is none."""
    if recorded is None:
        dated = ((p, standings.before(session, p.party, p.topic, p.said_on, p.number)) for p in some if p.said_on)
        numbers = {p.number: number for p, number in dated if number}
        read = {p.number: p for p in positions.many(session, sorted(set(numbers.values())))}
        return {number: read[old] for number, old in numbers.items()}
    found = known.before_each(session, some, recorded, most=AT_FIRST)
    rest = [p for p in some if p.number not in found]
    return found | (known.before_each(session, rest, recorded, most=MOST_STEPS) if rest else {})
