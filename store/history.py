"""Every statement of a party in order, by the day things were said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from store import known, positions, standings
from store.database import Session
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
        return [position.number for position in some[offset:]]
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
    """What a party said on anything, in the same order. Topics on which it said nothing so lately are not walked through."""
    most, period = limit + offset, _Period(since, until)
    found: list[tuple[str, int]] = []
    for last, topic in standings.last_said(session, party, as_of=until):
        if len(found) == most and last < found[-1]:
            break
        found = sorted([*found, *_said(session, party, topic, most, period)], reverse=True)[:most]
    return [number for _, number in found[offset:]]


@dataclass(frozen=True, slots=True)
class _Period:
    since: date | None
    until: date

    @property
    def where(self) -> str:
        """The condition on the day; none where there is nothing to leave out."""
        if self.since is not None:
            return "AND said_on BETWEEN :since AND :until"
        return "" if self.until == LAST_DAY else "AND (said_on <= :until OR said_on IS NULL)"

    @property
    def params(self) -> dict[str, str]:
        since = {} if self.since is None else {"since": self.since.isoformat()}
        return {**since, "until": self.until.isoformat()} if self.where else {}


def _said(session: Session, party: str, topic: str, most: int, period: _Period) -> list[tuple[str, int]]:
    """The days ("" where there is none) and numbers of what a party said last on a topic."""
    rows = session.rows(
        f"""SELECT number, said_on FROM position WHERE team_id = :team AND party = :party AND topic = :topic {period.where}
            ORDER BY said_on DESC NULLS LAST, number DESC LIMIT :most""",
        party=party,
        topic=topic,
        most=most,
        **period.params,
    )
    return [(said or "", number) for number, said in rows]


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
    if position.said_on is None:
        return None
    if recorded is None:
        number = standings.before(session, position.party, position.topic, position.said_on, position.number)
        return next(iter(positions.many(session, [number])), None) if number else None
    own = (position.said_on, position.number)
    for most in (AT_FIRST, MOST_STEPS):
        said = known.statements(
            session, recorded, parties=[position.party], topic_keys=[position.topic], until=position.said_on, limit=most
        )
        if found := next((p for p in said if p.said_on and (p.said_on, p.number) < own), None):
            return found
    return None
