"""Rows of the record, as filed: of one party, of one rule of repetition, by words in the remarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from store.database import Row, Session, Value, marks
from store.parties import fold
from store.travel.model import Kind, Office, Period, Rule, Trip

EVERYTHING = Period(date(1, 1, 1), date(9999, 12, 31))

COLUMNS = """kind, id, office, traveller, name, first_day, last_day, party, was, country_id, country, locale, remarks, file,
    rule, repeats"""


def trip_of(row: Row) -> Trip:
    return Trip(
        Kind(row["kind"]),
        row["id"],
        Office(row["office"]),
        row["traveller"],
        row["name"],
        date.fromisoformat(row["first_day"]),
        date.fromisoformat(row["last_day"]),
        row["party"],
        row["was"],
        row["country_id"],
        row["country"],
        row["locale"],
        row["remarks"],
        row["file"],
        Rule(row["rule"]) if row["rule"] else None,
        row["repeats"],
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: of a party (`was`: those that stand for another under its name), of offices, with words in them."""

    party: str | None = None
    was: str | None = None
    offices: tuple[Office, ...] = tuple(Office)
    period: Period = EVERYTHING
    words: tuple[str, ...] = ()
    with_exact: bool = True
    """Exact duplicates too; they are on record though they do not count."""


def find(session: Session, wanted: Wanted, *, limit: int = -1, offset: int = 0, newest_first: bool = False) -> list[Trip]:
    """Rows on record by first day; withdrawn ones are left out."""
    where, params = _where(wanted)
    order = "DESC" if newest_first else "ASC"
    rows = session.rows(
        f"""SELECT {COLUMNS} FROM travel_row WHERE {where}
            ORDER BY first_day {order}, last_day {order}, kind, id {"" if limit < 0 else "LIMIT :limit OFFSET :offset"}""",
        **({} if limit < 0 else {"limit": limit, "offset": offset}),
        **params,
    )
    return [trip_of(row) for row in rows]


def count(session: Session, wanted: Wanted) -> int:
    """How many rows `find` would give."""
    where, params = _where(wanted)
    return int(session.value(f"SELECT count(*) FROM travel_row WHERE {where}", **params) or 0)


def _where(wanted: Wanted) -> tuple[str, dict[str, Value]]:
    holes, params = marks("office", [office.value for office in wanted.offices])
    conditions = [
        "team_id = :builtin",
        "withdrawn_at IS NULL",
        f"office IN ({holes})",
        "first_day BETWEEN :first AND :last",
    ]
    params |= {"first": wanted.period.first.isoformat(), "last": wanted.period.last.isoformat()}
    for column, value in (("party", wanted.party), ("was", wanted.was)):
        if value is not None:
            conditions.append(f"{column} = :{column}")
            params[column] = value
    for number, word in enumerate(wanted.words):
        # `words` and the pattern are folded alike, so nothing in them but letters, digits and spaces has a meaning.
        conditions.append(f"words LIKE :word{number}")
        params[f"word{number}"] = f"%{fold(word)}%"
    if not wanted.with_exact:
        conditions.append("counted = 1")
    return " AND ".join(conditions), params


def repeated(session: Session, rules: Sequence[Rule] = tuple(Rule)) -> list[tuple[Trip, Trip | None]]:
    """Rows found to repeat another, with that other one, by rule and id."""
    rows = session.rows(f"SELECT {COLUMNS} FROM travel_row WHERE team_id = :builtin AND rule IS NOT NULL ORDER BY kind, id")
    found = [trip_of(row) for row in rows]
    others = {(trip.kind, trip.id): trip for trip in by_ids(session, [(t.kind, t.repeats) for t in found if t.repeats])}
    order = list(Rule)
    pairs = [(t, others.get((t.kind, t.repeats)) if t.repeats else None) for t in found if t.rule in rules]
    return sorted(pairs, key=lambda pair: order.index(pair[0].rule or Rule.EXACT))


def by_ids(session: Session, ids: Sequence[tuple[Kind, int]]) -> list[Trip]:
    """Rows by kind and source id, withdrawn or not."""
    found: list[Trip] = []
    for kind in Kind:
        holes, params = marks("id", [number for of, number in ids if of is kind])
        rows = session.rows(
            f"SELECT {COLUMNS} FROM travel_row WHERE team_id = :builtin AND kind = :kind AND id IN ({holes}) ORDER BY id",
            kind=kind.value,
            **params,
        )
        found += [trip_of(row) for row in rows]
    return found


def party_named(session: Session, name: str) -> str | None:
    """The party that the record's own id or name for a country stands for: "ruritania", "Denmark (Greenland)"."""
    sought = fold(name)
    if not sought:
        return None
    rows = session.rows("SELECT id, party, name FROM travel_country WHERE team_id = :builtin ORDER BY id")
    return next((row["party"] for row in rows if sought in (fold(row["id"]), fold(row["name"]), fold(row["party"]))), None)
