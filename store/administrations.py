"""Under which government a party spoke, and whether another has taken office since.

What a government said does not pass to its successor in silence. Changes are known from two places: the list of
administrations (built in for a few parties, a workspace's own for any other, which then replaces the built-in one), and
statements on record that carry another administration. For a party that is in neither, nothing is assumed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from store.database import BUILTIN, Session, Value, WriteSession, marks
from store.parties import fold
from store.times import day, instant_text

Listed = Mapping[str, Sequence["Administration"]]
"""Administrations by party, each party's in the order they began."""


@dataclass(frozen=True, slots=True)
class Administration:
    party: str
    name: str
    began: date
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """`then` spoke; `since` the day named another is known to hold office: `now`."""

    then: str
    now: str
    since: date


def listed(session: Session, codes: Iterable[str]) -> dict[str, tuple[Administration, ...]]:
    """The administrations of some parties; parties without any are left out."""
    holes, params = marks("c", sorted(set(codes)))
    rows = session.rows(
        f"""SELECT team_id, party, began, name, source FROM administration
            WHERE team_id IN (:builtin, :team) AND party IN ({holes}) ORDER BY party, began""",
        **params,
    )
    own = {row["party"] for row in rows if row["team_id"] != BUILTIN}
    found: dict[str, list[Administration]] = defaultdict(list)
    for row in rows:
        began = day(row["began"])
        if began is not None and (row["team_id"] != BUILTIN or row["party"] not in own):
            found[row["party"]].append(Administration(row["party"], row["name"], began, row["source"]))
    return {party: tuple(some) for party, some in found.items()}


def replace_own(session: WriteSession, party: str, administrations: Sequence[Administration]) -> None:
    """Sets the workspace's own list for a party; an empty one brings the built-in list back."""
    session.execute("DELETE FROM administration WHERE team_id = :team AND party = :party", party=party)
    rows: list[dict[str, Value]] = [
        {"party": party, "began": a.began.isoformat(), "name": a.name, "source": a.source} for a in administrations
    ]
    session.insert("administration", rows)


def in_office(some: Sequence[Administration], on: date) -> Administration | None:
    """Which of a party's administrations held office on a day (on the day of a change the new one); None before the first."""
    return next((a for a in reversed(some) if a.began <= on), None)


def spoke(some: Sequence[Administration], name: str | None, said_on: date | None) -> Administration | None:
    """Which of the listed administrations gave a statement: the one in office by its day, unless the statement names the
    one that was leaving that very day. None where that cannot be said."""
    if said_on is None:
        return None
    by_day = in_office(some, said_on)
    if name and by_day and by_day.began == said_on:
        before = [a for a in some if a.began < said_on]
        if before and fold(before[-1].name) == fold(name):
            return before[-1]
    return by_day


def changed(
    session: Session,
    known: Listed,
    party: str,
    name: str | None,
    said_on: date | None,
    as_of: date,
    recorded: datetime | None = None,
) -> Changed | None:
    """Whether somebody else has taken office since a statement, up to a day; None where nothing says so.

    `name` is the administration that the statement carries, if any; `recorded` leaves out positions recorded after a moment,
    and replies, whose time of recording is not kept.
    """
    if said_on is None:
        return None
    if some := known.get(party):
        then, now = spoke(some, name, said_on), in_office(some, as_of)
        following = [a for a in some if then and a.began > then.began and a.began <= as_of]
        return Changed(name or then.name, now.name, following[0].began) if then and now and following else None
    return _by_record(session, party, name, said_on, as_of, recorded) if name else None


def _by_record(
    session: Session, party: str, name: str, said_on: date, as_of: date, recorded: datetime | None
) -> Changed | None:
    """The first later statement of a party that carries another administration."""
    params: dict[str, Any] = {"party": party, "name": name, "said": said_on.isoformat(), "as_of": as_of.isoformat()}
    found: list[tuple[str, str]] = []
    if recorded:
        params["recorded"] = instant_text(recorded)
    for table in ("position",) if recorded else ("position", "reply"):
        row = session.row(
            f"""SELECT said_on, administration FROM {table} WHERE team_id = :team AND party = :party
                AND administration IS NOT NULL AND administration <> :name AND said_on > :said AND said_on <= :as_of
                {"AND recorded_at <= :recorded" if recorded else ""} ORDER BY said_on LIMIT 1""",
            **params,
        )
        found += [(row["said_on"], row["administration"])] if row else []
    if not found:
        return None
    first, other = min(found)
    return Changed(name, other, date.fromisoformat(first))
