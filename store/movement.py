"""How positions move: every statement in order, what changed in a period, what nobody has restated.

By the day things were said. Walks through everything stop at a cap and say so; what is asked of one party or topic is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from store.database import Row, Session
from store.records import Stance
from store.standings import Standing, of_party, on_topic, standing
from store.times import text_of

CHANGED_CAP = 1000
"""How many of a period's statements, newest first, are looked through."""
STALE_CAP = 5000
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Move:
    """How a party's stance on a topic went through a period: `path` from the stance before it (None: nothing on record) over
    each stance taken in it; `number` is the last position, `before` the one that stood when the period began."""

    party: str
    topic: str
    number: int
    before: int | None
    path: tuple[Stance | None, ...]


@dataclass(frozen=True, slots=True)
class Moves:
    moves: tuple[Move, ...]
    restated: int
    """How many stances were only restated, among those looked through for this page."""
    more: bool
    capped: bool


def history(session: Session, party: str, topics: Sequence[str], *, limit: int, offset: int = 0) -> list[int]:
    """What a party said on some topics, newest first, the undated last, by number."""
    found: list[Row] = []
    for topic in topics:
        found += session.rows(
            """SELECT number, said_on FROM position WHERE team_id = :team AND party = :party AND topic = :topic
               ORDER BY said_on DESC NULLS LAST, number DESC LIMIT :most""",
            party=party,
            topic=topic,
            most=limit + offset,
        )
    found.sort(key=lambda row: (row["said_on"] or "", row["number"]), reverse=True)
    return [row["number"] for row in found[offset : offset + limit]]


def changed(
    session: Session,
    since: date,
    until: date,
    *,
    parties: Sequence[str] = (),
    topics: Sequence[str] = (),
    limit: int,
    offset: int = 0,
) -> Moves:
    """Stances that are new or changed in a period, the latest first."""
    spoke, walked = _spoke(session, since, until, parties, topics)
    found: list[Move] = []
    restated = 0
    for each in spoke:
        move = _move(session, each, since, until)
        if len(set(move.path)) == 1:
            restated += 1
            continue
        found.append(move)
        if len(found) > offset + limit:
            return Moves(tuple(found[offset : offset + limit]), restated, more=True, capped=False)
    return Moves(tuple(found[offset : offset + limit]), restated, more=False, capped=walked >= CHANGED_CAP)


def _spoke(
    session: Session, since: date, until: date, parties: Sequence[str], topics: Sequence[str]
) -> tuple[Iterable[Standing], int]:
    """The last statement in a period of each party on each topic, newest first, and how many statements were walked through."""
    if parties or topics:
        some = _narrowed(session, parties, topics, until)
        return [s for s in some if s.said_on and s.said_on >= since], 0
    rows = session.rows(
        """SELECT party, topic, number, said_on FROM position WHERE team_id = :team AND said_on BETWEEN :since AND :until
           ORDER BY said_on DESC, number DESC LIMIT :cap""",
        since=since.isoformat(),
        until=until.isoformat(),
        cap=CHANGED_CAP,
    )
    return _first_of_each(map(standing, rows)), len(rows)


def _narrowed(session: Session, parties: Sequence[str], topics: Sequence[str], until: date) -> list[Standing]:
    """What stands of some parties, or on some topics, or both, newest first."""
    if parties:
        found = [s for code in parties for s in of_party(session, code, as_of=until)]
        found = [s for s in found if not topics or s.topic in topics]
    else:
        found = [s for key in topics for s in on_topic(session, key, as_of=until)]
    return sorted(found, key=lambda s: (s.said_on or date.min, s.number), reverse=True)


def _first_of_each(some: Iterable[Standing]) -> Iterator[Standing]:
    seen: set[tuple[str, str]] = set()
    for each in some:
        if (each.party, each.topic) not in seen:
            seen.add((each.party, each.topic))
            yield each


def _move(session: Session, last: Standing, since: date, until: date) -> Move:
    pair = {"party": last.party, "topic": last.topic, "since": since.isoformat()}
    where = "FROM position WHERE team_id = :team AND party = :party AND topic = :topic"
    said = session.rows(
        f"SELECT stance {where} AND said_on BETWEEN :since AND :until ORDER BY said_on, number LIMIT 50",
        until=until.isoformat(),
        **pair,
    )
    old = session.row(f"SELECT number, stance {where} AND said_on < :since ORDER BY said_on DESC, number DESC LIMIT 1", **pair)
    path: list[Stance | None] = [Stance(old["stance"]) if old else None]
    for row in said:
        stance = Stance(row["stance"])
        if stance is not path[-1]:
            path.append(stance)
    return Move(last.party, last.topic, last.number, old["number"] if old else None, tuple(path))


def stale(
    session: Session,
    before: date,
    *,
    parties: Sequence[str] = (),
    topics: Sequence[str] = (),
    limit: int,
    offset: int = 0,
) -> tuple[list[Standing], bool]:
    """Stances last stated before a day, the latest of them first, and whether the search stopped at its cap."""
    if parties or topics:
        some = [s for s in _narrowed(session, parties, topics, date.max) if s.said_on and s.said_on < before]
        return some[offset : offset + limit], False
    found: list[Standing] = []
    for start in range(0, STALE_CAP, AT_ONCE):
        walked = session.rows(
            """SELECT party, topic, number, said_on FROM position WHERE team_id = :team AND said_on < :before
               ORDER BY said_on DESC, number DESC LIMIT :most OFFSET :start""",
            before=before.isoformat(),
            most=min(AT_ONCE, STALE_CAP),
            start=start,
        )
        found += [each for each in map(standing, walked) if _is_last(session, each)]
        if len(found) >= offset + limit or len(walked) < AT_ONCE:
            return found[offset : offset + limit], len(walked) == STALE_CAP
    return found[offset : offset + limit], True


def _is_last(session: Session, each: Standing) -> bool:
    """Has the party said nothing on the topic since?"""
    row = session.row(
        """SELECT number FROM position WHERE team_id = :team AND party = :party AND topic = :topic AND said_on >= :day
           ORDER BY said_on DESC, number DESC LIMIT 1""",
        party=each.party,
        topic=each.topic,
        day=text_of(each.said_on),
    )
    return row is not None and row["number"] == each.number
