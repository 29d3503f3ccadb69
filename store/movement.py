"""How positions move: what changed in a period, what nobody has restated.

By the day things were said. Walks through everything stop at a cap and say so; what is asked of one party or topic is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from store import history, known
from store.database import Session
from store.position_walks import Pair
from store.records import Stance
from store.standings import LAST_DAY, Standing, of_parties, on_topics
from store.standings import standing as standing_in
from store.times import text_of

CHANGED_CAP = 1000
"""How many of a period's statements, newest first, are looked through."""
STALE_CAP = 5000
KNOWN_CAP = 200
"""The same for what was known at a moment, where each statement is read in the version of then."""
AT_FIRST = 40
"""How many statements a walk reads first, and then twice as many each time: a page needs few, an empty one all."""


_Old = tuple[int, str]
"""The number and the stance of a position."""


@dataclass(frozen=True, slots=True)
class Move:
    """How a party's stance on a topic went through a period: `path` from the stance before it (None: nothing on record) over
    each stance taken in it; `number` is the last position, `before` the one that stood when the period began, `undated` where
    there is none, but one without a day is on record."""

    party: str
    topic: str
    number: int
    before: int | None
    path: tuple[Stance | None, ...]
    undated: int | None = None


@dataclass(frozen=True, slots=True)
class Moves:
    moves: tuple[Move, ...]
    restated: int
    """How many stances were only restated, among those looked through for this page."""
    more: bool
    capped: int = 0
    """The cap at which the search stopped; 0 where it did not."""


def changed(
    session: Session,
    since: date,
    until: date,
    *,
    parties: Sequence[str] = (),
    topics: Sequence[str] = (),
    recorded: datetime | None = None,
    limit: int,
    offset: int = 0,
) -> Moves:
    """Stances that are new or changed in a period, the latest first; with `recorded`, as known at that moment."""
    walk = _Walk("said_on BETWEEN :since AND :until", CHANGED_CAP, {"since": since.isoformat(), "until": until.isoformat()})
    spoke: Iterable[Standing]
    if recorded is not None:
        walk.cap = KNOWN_CAP
        spoke = _first_of_each(walk.known(session, recorded, parties, topics, since, until))
    elif parties or topics:
        spoke = (s for s in _narrowed(session, parties, topics, until) if s.said >= since.isoformat())
    else:
        spoke = _first_of_each(walk.statements(session))
    found: list[Move] = []
    restated = 0
    for move in _moves(session, spoke, since, until, recorded, at_once=limit + 1):
        if len(set(move.path)) == 1:
            restated += 1
            continue
        found.append(move)
        if len(found) > offset + limit:
            return Moves(tuple(found[offset : offset + limit]), restated, more=True)
    return Moves(tuple(found[offset : offset + limit]), restated, more=False, capped=walk.cap if walk.capped else 0)


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
                yield standing_in(row)
            if len(rows) < most:
                return
            most *= 2

    def known(
        self, session: Session, by: datetime, parties: Sequence[str], topics: Sequence[str], since: date, until: date
    ) -> Iterator[Standing]:
        """The same of what was said in a period as known at a moment, first a few and then all up to the cap."""
        for most in (AT_FIRST, self.cap):
            said = known.statements(session, by, parties=parties, topic_keys=topics, since=since, until=until, limit=most)
            for each in said[self.walked :]:
                self.walked += 1
                yield each


def _narrowed(session: Session, parties: Sequence[str], topics: Sequence[str], until: date) -> list[Standing]:
    """What stands of some parties, or on some topics, or both, newest first."""
    if parties:
        return sorted(of_parties(session, parties, topics or None, as_of=until), reverse=True)
    return on_topics(session, topics, as_of=until)


def _first_of_each(some: Iterable[Standing]) -> Iterator[Standing]:
    seen: set[tuple[str, str]] = set()
    for each in some:
        if (each.party, each.topic) not in seen:
            seen.add((each.party, each.topic))
            yield each


def _moves(
    session: Session,
    spoke: Iterable[Standing],
    since: date,
    until: date,
    recorded: datetime | None,
    *,
    at_once: int,
) -> Iterator[Move]:
    """How stances went through a period, each of which ends with one of these statements; so many are read at once."""
    rest = iter(spoke)
    while some := list(islice(rest, at_once)):
        if recorded is None:
            steps = {(s.party, s.topic): _steps(session, s, since, until) for s in some}
        else:
            steps = _steps_known(session, some, since, until, recorded)
        for each in some:
            yield _move(session, each, *steps[each.party, each.topic], recorded)


def _move(session: Session, last: Standing, old: _Old | None, said: Sequence[Stance], recorded: datetime | None) -> Move:
    path: list[Stance | None] = [Stance(old[1]) if old else None]
    for stance in said:
        if stance is not path[-1]:
            path.append(stance)
    loose = None if old else history.undated(session, last.party, last.topic, recorded)
    return Move(last.party, last.topic, last.number, old[0] if old else None, tuple(path), loose)


def _steps(session: Session, last: Standing, since: date, until: date) -> tuple[_Old | None, list[Stance]]:
    """The number and stance of what stood before a period, and the stances taken in it in order."""
    pair = {"party": last.party, "topic": last.topic, "since": since.isoformat()}
    where = "FROM position WHERE team_id = :team AND party = :party AND topic = :topic"
    said = session.rows(
        f"SELECT stance {where} AND said_on BETWEEN :since AND :until ORDER BY said_on, number LIMIT :most",
        until=until.isoformat(),
        most=history.MOST_STEPS,
        **pair,
    )
    old = session.row(f"SELECT number, stance {where} AND said_on < :since ORDER BY said_on DESC, number DESC LIMIT 1", **pair)
    return (old["number"], old["stance"]) if old else None, [Stance(row["stance"]) for row in said]


def _steps_known(
    session: Session, some: Sequence[Standing], since: date, until: date, recorded: datetime
) -> dict[Pair, tuple[_Old | None, list[Stance]]]:
    pairs = [(each.party, each.topic) for each in some]
    told = known.through(session, recorded, pairs, since, until, limit=history.MOST_STEPS)
    return {
        pair: ((old.number, old.stance.value) if old else None, [p.stance for p in said]) for pair, (old, said) in told.items()
    }


def stale(
    session: Session,
    before: date,
    *,
    parties: Sequence[str] = (),
    topics: Sequence[str] = (),
    among: Sequence[Standing] | None = None,
    until: date = LAST_DAY,
    recorded: datetime | None = None,
    limit: int,
    offset: int = 0,
) -> tuple[list[Standing], int]:
    """Stances last stated before a day and not again up to another, the latest of them first; and the cap at which the search
    stopped, 0 where it did not. With `recorded`, as known at that moment; with `among`, of what `standing` gave already."""
    if among is None and (parties or topics):
        among = standing(session, parties, topics, until, recorded)
    if among is not None:
        some = [s for s in among if s.said and s.said < before.isoformat()]
        return some[offset : offset + limit], 0
    if recorded is not None:
        walk = _Walk("", KNOWN_CAP, {})
        stood = _first_of_each(walk.known(session, recorded, (), (), date.min, before - timedelta(days=1)))
        standing_then = (s for s in stood if _stood(session, s, recorded, until))
        found = list(islice(standing_then, offset + limit))
        return found[offset:], KNOWN_CAP if len(found) < offset + limit and walk.capped else 0
    walk = _Walk("said_on < :before", STALE_CAP, {"before": before.isoformat()})
    last = (each for each in walk.statements(session) if _is_last(session, each, until))
    found = list(islice(last, offset + limit))
    return found[offset:], STALE_CAP if len(found) < offset + limit and walk.capped else 0


def _stood(session: Session, each: Standing, recorded: datetime, until: date) -> bool:
    return known.standing(session, recorded, parties=[each.party], topic_keys=[each.topic], as_of=until) == [each]


def standing(
    session: Session, parties: Sequence[str], topics: Sequence[str], until: date, recorded: datetime | None
) -> list[Standing]:
    """What stands of some parties, or on some topics, or both, as of a day, newest first; with `recorded`, as known then."""
    if recorded is None:
        return _narrowed(session, parties, topics, until)
    return known.standing(session, recorded, parties=parties, topic_keys=topics, as_of=until)


def any_dated(session: Session) -> bool:
    """Is there a statement with a day on record?"""
    return session.row("SELECT 1 FROM position WHERE team_id = :team AND said_on IS NOT NULL LIMIT 1") is not None


def _is_last(session: Session, each: Standing, until: date) -> bool:
    """Has the party said nothing on the topic since?"""
    row = session.row(
        """SELECT number FROM position WHERE team_id = :team AND party = :party AND topic = :topic
             AND said_on BETWEEN :day AND :until ORDER BY said_on DESC, number DESC LIMIT 1""",
        party=each.party,
        topic=each.topic,
        day=text_of(each.said_on),
        until=until.isoformat(),
    )
    return row is not None and row["number"] == each.number
