"""How positions move: every statement in order, what changed in a period, what nobody has restated.

By the day things were said. Walks through everything stop at a cap and say so; what is asked of one party or topic is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from store.database import Session
from store.records import Stance
from store.standings import Standing, of_party, on_topic, standing
from store.times import text_of

CHANGED_CAP = 1000
"""How many of a period's statements, newest first, are looked through."""
STALE_CAP = 5000
AT_FIRST = 40
"""How many statements a walk reads first, and then twice as many each time: a page needs few, an empty one all."""


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
    found = sorted((each for topic in topics for each in _said(session, party, topic, limit + offset)), reverse=True)
    return [number for _, number in found[offset : offset + limit]]


def history_of_all(session: Session, party: str, *, limit: int, offset: int = 0) -> list[int]:
    """What a party said on anything, in the same order. Topics on which it said nothing so lately are not walked through."""
    most = limit + offset
    found: list[tuple[str, int]] = []
    for each in of_party(session, party):
        if len(found) == most and (text_of(each.said_on) or "", each.number) < found[-1]:
            break
        found = sorted([*found, *_said(session, party, each.topic, most)], reverse=True)[:most]
    return [number for _, number in found[offset:]]


def _said(session: Session, party: str, topic: str, most: int) -> list[tuple[str, int]]:
    """The days ("" where there is none) and numbers of what a party said last on a topic."""
    rows = session.rows(
        """SELECT number, said_on FROM position WHERE team_id = :team AND party = :party AND topic = :topic
           ORDER BY said_on DESC NULLS LAST, number DESC LIMIT :most""",
        party=party,
        topic=topic,
        most=most,
    )
    return [(said or "", number) for number, said in rows]


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
    walk = _Walk("said_on BETWEEN :since AND :until", CHANGED_CAP, {"since": since.isoformat(), "until": until.isoformat()})
    if parties or topics:
        spoke: Iterable[Standing] = (s for s in _narrowed(session, parties, topics, until) if s.said_on and s.said_on >= since)
    else:
        spoke = _first_of_each(walk.statements(session))
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
    return Moves(tuple(found[offset : offset + limit]), restated, more=False, capped=walk.capped)


@dataclass(slots=True)
class _Walk:
    """A walk through everybody's statements, newest first, up to a cap: `walked` counts as they are taken."""

    where: str
    cap: int
    params: dict[str, str]
    walked: int = 0

    @property
    def capped(self) -> bool:
        return self.walked >= self.cap

    def statements(self, session: Session) -> Iterator[Standing]:
        """The statements, read a few at a time: whoever has enough of them stops."""
        most = AT_FIRST
        while not self.capped:
            most = min(most, self.cap - self.walked)
            rows = session.rows(
                f"""SELECT party, topic, number, said_on FROM position WHERE team_id = :team AND {self.where}
                    ORDER BY said_on DESC, number DESC LIMIT :most OFFSET :start""",
                most=most,
                start=self.walked,
                **self.params,
            )
            for row in rows:
                self.walked += 1
                yield standing(row)
            if len(rows) < most:
                return
            most *= 2


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
    walk = _Walk("said_on < :before", STALE_CAP, {"before": before.isoformat()})
    last = (each for each in walk.statements(session) if _is_last(session, each))
    found = list(islice(last, offset + limit))
    return found[offset:], len(found) < offset + limit and walk.capped


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
