"""Under which government a party spoke, and whether another has taken office since.

What a government said does not pass to its successor in silence. Changes are known from two places: the list of
administrations (built in for a few parties, a workspace's own for any other, which then replaces the built-in one), and
statements on record that carry another administration. For a party that is in neither, nothing is assumed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from store import changes
from store.database import BUILTIN, Row, Session, Value, WriteSession, marks
from store.parties import fold
from store.plain import to_plain
from store.records import Administration
from store.times import instant_text

KIND = "administration"
INCOMING = timedelta(days=90)
"""How long before it takes office an administration's word may carry its name already."""
SPELLINGS = 20
"""How many ways to write one name are passed over in search of another."""

Listed = Mapping[str, Sequence[Administration]]
"""Administrations by party, each party's in the order they began."""


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
        if row["team_id"] != BUILTIN or row["party"] not in own:
            found[row["party"]].append(_administration(row, (row["source"],) if row["source"] else ()))
    return {party: tuple(some) for party, some in found.items()}


def all_own(session: Session) -> list[Administration]:
    """The administrations that this workspace added, by party in the order they began, with their sources."""
    cited: dict[tuple[str, int], list[str]] = defaultdict(list)
    for row in session.rows(
        "SELECT part, subject_number, source FROM citation WHERE team_id = :team AND subject = :kind ORDER BY seq", kind=KIND
    ):
        cited[row["part"], row["subject_number"]].append(row["source"])
    rows = session.rows("SELECT party, began, name FROM administration WHERE team_id = :team ORDER BY party, began")
    found = [_administration(row, ()) for row in rows]
    return [Administration(a.party, a.name, a.since, tuple(cited[a.party, a.since.toordinal()])) for a in found]


def _administration(row: Row, sources: tuple[str, ...]) -> Administration:
    return Administration(row["party"], row["name"], date.fromisoformat(row["began"]), sources)


def add(session: WriteSession, administration: Administration, *, action: str = "recorded") -> None:
    """Adds an administration to the workspace's own list for its party, or corrects the one that began on the same day.

    From then on the workspace's list for that party replaces the built-in one. Sources must be on record.
    """
    old = [a for a in all_own(session) if a.party == administration.party]
    if administration in old:
        return
    new = sorted([*(a for a in old if a.since != administration.since), administration], key=lambda a: a.since)
    where: dict[str, Value] = {"party": administration.party, "began": administration.since.isoformat()}
    began = administration.since.toordinal()
    session.execute("DELETE FROM administration WHERE team_id = :team AND party = :party AND began = :began", **where)
    session.execute(
        "DELETE FROM citation WHERE team_id = :team AND subject = :kind AND subject_number = :began AND part = :party",
        kind=KIND,
        began=began,
        party=administration.party,
    )
    session.insert("administration", [{**where, "name": administration.name}])
    session.insert(
        "citation",
        [
            {"subject": KIND, "subject_number": began, "part": administration.party, "seq": seq, "source": key}
            for seq, key in enumerate(dict.fromkeys(administration.sources))
        ],
    )
    before = {"administrations": [to_plain(a) for a in old]} if old else None
    after = {"administrations": [to_plain(a) for a in new]}
    changes.record(session, KIND, administration.party, action=action, before=before, after=after)


def in_office(some: Sequence[Administration], on: date) -> Administration | None:
    """Which of a party's administrations held office on a day (on the day of a change the new one); None before the first."""
    return next((a for a in reversed(some) if a.since <= on), None)


def spoke(some: Sequence[Administration], name: str | None, said_on: date | None) -> Administration | None:
    """Which of the listed administrations gave a statement: the one in office by its day, unless the statement names the
    one that was leaving that very day, or one soon to come. Without a day, the one it names. None where that cannot be said."""
    called = [a for a in some if name and fold(a.name) == fold(name)]
    if said_on is None:
        return called[-1] if called else None
    if coming := next((a for a in called if said_on < a.since <= said_on + INCOMING), None):
        return coming
    by_day = in_office(some, said_on)
    if by_day and by_day.since == said_on:
        before = [a for a in some if a.since < said_on]
        if before and before[-1] in called:
            return before[-1]
    return by_day


def under(known: Listed, party: str, name: str | None, said_on: date | None, on: date) -> str:
    """The name of the administration that gave a statement, empty where it is the one in office on a day, or is not known.

    For a party without a list it is the name that the statement carries, if any.
    """
    some = known.get(party, ())
    then = spoke(some, name, said_on)
    if then is None:
        return name or ""
    return "" if then == in_office(some, on) else _called(some, then, name)


def _called(some: Sequence[Administration], then: Administration, name: str | None) -> str:
    """As the statement calls it, unless that is what another one is called."""
    others = {fold(a.name) for a in some if a != then}
    return name if name and fold(name) not in others else then.name


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
    if some := known.get(party):
        then, now = spoke(some, name, said_on), in_office(some, as_of)
        following = [a for a in some if then and then.since < a.since <= as_of]
        return Changed(_called(some, then, name), now.name, following[0].since) if then and now and following else None
    return _by_record(session, party, name, said_on, as_of, recorded) if name and said_on else None


def _by_record(
    session: Session, party: str, name: str, said_on: date, as_of: date, recorded: datetime | None
) -> Changed | None:
    """The first later statement of a party that carries another administration."""
    tables = ("position",) if recorded else ("position", "reply")
    found = [row for table in tables if (row := _other(session, table, party, name, said_on, as_of, recorded))]
    if not found:
        return None
    first, other = min(found)
    return Changed(name, other, date.fromisoformat(first))


def _other(
    session: Session, table: str, party: str, name: str, said_on: date, as_of: date, recorded: datetime | None
) -> tuple[str, str] | None:
    """The day and administration of that statement in one table. The same name in other letters is no other."""
    params: dict[str, Value] = {"party": party, "said": said_on.isoformat(), "as_of": as_of.isoformat()}
    if recorded:
        params["recorded"] = instant_text(recorded)
    same = [name]
    for _ in range(SPELLINGS):
        holes, more = marks("same", same)
        row = session.row(
            f"""SELECT said_on, administration FROM {table} WHERE team_id = :team AND party = :party
                AND administration IS NOT NULL AND administration NOT IN ({holes}) AND said_on > :said AND said_on <= :as_of
                {"AND recorded_at <= :recorded" if recorded else ""} ORDER BY said_on LIMIT 1""",
            **params,
            **more,
        )
        if row is None:
            return None
        if fold(row["administration"]) != fold(name):
            return row["said_on"], row["administration"]
        same.append(row["administration"])
    return None
