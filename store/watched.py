"""The talks that a watch is about, ahead of it or lapsed, as queries.

`scopes.concerns` is the rule, for one record; this is the same rule for all talks at once, because what a watch is about
may come after thousands of talks that it is not about. A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from store import blocs, topics
from store.database import Session, Value, marks
from store.records import Level, Scope, Watch
from store.talks import AHEAD, MOOTED
from store.times import instant_text

Params = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Subjects:
    """Whom and what a scope names, spelled out: parties with the members of its blocs, topics with what lies under them."""

    parties: tuple[str, ...]
    topics: tuple[str, ...]


class Found(NamedTuple):
    """Talks by number, with their latest sensible moment as the store writes it."""

    due: str
    number: int


def subjects(session: Session, scope: Scope, on: date) -> Subjects | None:
    """The subjects of a scope on a day; None where it names none, which is everything."""
    if not (scope.parties or scope.members or scope.topics):
        return None
    codes = {*scope.parties, *(m.member for bloc in scope.members for m in blocs.members(session, bloc, on))}
    keys = {*scope.topics, *topics.subtree_of(session, scope.topics)}
    return Subjects(tuple(sorted(codes)), tuple(sorted(keys)))


def mentions(session: Session, scope: Scope, on: date) -> list[dict[str, tuple[str, ...]]]:
    """What the plain form of a record must mention for the scope to be about it: of each of these, one value of one field.
    What does may still be about something else."""
    found: list[dict[str, tuple[str, ...]]] = []
    named = subjects(session, scope, on)
    if named:
        found.append({"party": named.parties, "topic": named.topics})
    if scope.levels and Level.UNSTATED not in scope.levels:
        found.append({"level": scope.levels})
    if scope.countries or scope.place_states:
        found.append({"country": scope.countries, "state": scope.place_states})
    return found


def ahead(session: Session, watch: Watch, *, now: datetime, limit: int, mooted: bool = False) -> list[Found]:
    """The talks ahead that a watch is about, soonest first; `mooted` takes in those that are only mooted."""
    standings = (AHEAD, MOOTED) if mooted else (AHEAD,)
    return sorted(_first_of_each_walk(session, watch, now, standings, ("due >= :now", "ASC"), limit))[:limit]


def lapsed(session: Session, watch: Watch, *, now: datetime, limit: int) -> list[Found]:
    """The talks that a watch is about whose window closed with nothing recorded, the latest to lapse first."""
    found = sorted(_first_of_each_walk(session, watch, now, (AHEAD, MOOTED), ("due < :now", "DESC"), limit))
    return sorted(found, key=lambda each: each.due, reverse=True)[:limit]


def _first_of_each_walk(
    session: Session, watch: Watch, now: datetime, standings: Sequence[int], span: tuple[str, str], limit: int
) -> set[Found]:
    """The first of each walk; the first of all are among them."""
    within, order = span
    narrowed, params = _narrowed(session, watch, now.date())
    found: set[Found] = set()
    for source, number, lead, bound in _walks(subjects(session, watch.about, now.date()), joined="t." in narrowed):
        table = number[0]
        sql = f"""SELECT {table}.due AS due, {number} AS number FROM {source}
                  WHERE {table}.team_id = :team AND {lead}{narrowed.format(number=number)}
                    AND {table}.standing = :standing AND {table}.{within}
                  ORDER BY {table}.due {order}, {number} LIMIT :limit"""
        for standing in standings:
            every = {**params, **bound, "standing": standing, "now": instant_text(now), "limit": limit}
            found |= {Found(row["due"], row["number"]) for row in session.rows(sql, **every)}
    return found


def _walks(about: Subjects | None, *, joined: bool) -> Iterator[tuple[str, str, str, Params]]:
    """Where to walk, what numbers the talks there, and which of them count: one walk for each party, in the order of its
    own index, and one for all topics together. Merged they are what the scope names."""
    if about is None:
        yield "talks t", "t.number", "t.due IS NOT NULL", {}
        return
    side = "talks_side s JOIN talks t ON t.team_id = s.team_id AND t.number = s.talks" if joined else "talks_side s"
    for code in about.parties:
        yield side, "s.talks", "s.party = :lead", {"lead": code}
    if about.topics:
        holes, params = marks("topic", about.topics)
        agenda = f"SELECT g.talks FROM talks_agenda g WHERE g.team_id = :team AND g.topic IN ({holes})"
        yield "talks t", "t.number", f"t.number IN ({agenda})", params


def _narrowed(session: Session, watch: Watch, on: date) -> tuple[str, Params]:
    """What else a watch asks of talks, whose number is {number}: levels and places it is about, and nothing it leaves out."""
    about, without = watch.about, watch.but_not
    params: Params = {}

    def among(column: str, name: str, values: Sequence[str]) -> str:
        holes, more = marks(name, values)
        params.update(more)
        return f"{column} IN ({holes})"

    country = "coalesce(t.country, '')"
    found: list[str] = []
    if about.levels:
        found.append(among("t.level", "level", about.levels))
    if about.countries or about.place_states:
        there = among(country, "country", about.countries)
        found.append(f"({there} OR {among('t.place_state', 'place', about.place_states)})")
    off = subjects(session, without, on) or Subjects((), ())
    for table, column, values in (("talks_side", "party", off.parties), ("talks_agenda", "topic", off.topics)):
        named = among(f"n.{column}", f"no_{column}", values)
        if values:
            found.append(f"NOT EXISTS (SELECT 1 FROM {table} n WHERE n.team_id = :team AND n.talks = {{number}} AND {named})")
    found += [f"NOT {among('t.level', 'no_level', without.levels)}"] if without.levels else []
    found += [f"NOT {among(country, 'no_country', without.countries)}"] if without.countries else []
    found += [f"NOT {among('t.place_state', 'no_place', without.place_states)}"] if without.place_states else []
    return "".join(f" AND {condition}" for condition in found), params
