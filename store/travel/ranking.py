"""Countries ranked, with the recipe: what was counted, what was merged and left out, and what the record lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from store.database import Session, marks
from store.travel.gaps import Gap, gaps_in
from store.travel.model import DEFAULT_PERIOD, OUTGOING, Office, Period, Rule, Unit
from store.travel.summary import Summary, summary

COUNTED = {
    Unit.TRIPS: ("1", "1"),
    Unit.STAYS: ("CASE WHEN stay_after >= :first THEN 0 ELSE 1 END",) * 2,
    Unit.JOINT: (
        "CASE WHEN joint_after >= :first THEN 0 ELSE 1 END",
        "CASE WHEN office_after >= :first THEN 0 ELSE 1 END",
    ),
}
"""What a row adds to its party's count, and to its office's, in a period whose first day is bound as `:first`: 1 where it
begins a stay, 0 where it goes on with one (see `counting`)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to count: a period, offices, a unit. Visits are counted alone: raises ValueError when mixed with trips."""

    period: Period = DEFAULT_PERIOD
    offices: tuple[Office, ...] = OUTGOING
    unit: Unit = Unit.STAYS

    def __post_init__(self) -> None:
        if not self.offices or (Office.VISITS in self.offices and len(self.offices) > 1):
            raise ValueError("visits to the United States are never counted together with trips abroad")

    @property
    def counted_as(self) -> Unit:
        """The unit in effect: with one office there is nothing to join across, so `joint` is `stays`."""
        return Unit.STAYS if self.unit is Unit.JOINT and len(self.offices) == 1 else self.unit


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of a ranking. The offices' columns count what `count` counts; what was not asked for is 0.

    In joint stays `president` and `secretary` are those in which each took part, so together they may exceed `count`.
    """

    rank: int
    party: str
    name: str
    count: int
    president: int
    secretary: int
    visits: int
    flag: str | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every party with at least one, in order; equal counts share a rank and stand by name."""

    choice: Choice
    rows: tuple[Ranked, ...]
    by_level: bool

    @property
    def total(self) -> int:
        return sum(row.count for row in self.rows)

    def office_total(self, office: Office) -> int:
        return sum(int(getattr(row, office.value)) for row in self.rows)

    def top(self, number: int) -> tuple[Ranked, ...]:
        """The rows ranked `number` or better. Parties tied at the edge all stay: which to drop would be arbitrary."""
        return tuple(row for row in self.rows if row.rank <= number)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What stands under every ranking."""

    choice: Choice
    last: dict[Office, date]
    """Last day on record of each office counted."""
    merges: tuple[tuple[str, tuple[str, ...]], ...]
    """Parties counted from more than one country id in the period, by name, with the ids."""
    left_out: tuple[str, ...]
    """Exact duplicates in the period, by source id."""
    near: int
    """Rows in the period listed as near duplicates, which the unit still counts (trips) or joins (stays)."""
    unknown: tuple[str, ...]
    gaps: tuple[Gap, ...]
    source: str
    at: str


def rank(session: Session, choice: Choice, *, by_level: bool = False) -> Ranking:
    """Counts and ranks. By level: leader-level meetings first, then minister-level, each in its column, never summed."""
    found = _counts(session, choice)
    shown = shown_as(session, list(found))
    lines = [_line(code, shown[code], *counted) for code, counted in found.items()]
    worth: Callable[[Ranked], tuple[int, ...]] = _level_worth if by_level else _count_worth
    lines.sort(key=lambda r: (*(-value for value in worth(r)), r.name.casefold()))
    return Ranking(choice, tuple(_shared(lines, worth)), by_level)


def _count_worth(row: Ranked) -> tuple[int, ...]:
    return (row.count,)


def _level_worth(row: Ranked) -> tuple[int, ...]:
    return (row.president or row.visits, row.secretary)


def _shared(rows: Sequence[Ranked], worth: Callable[[Ranked], tuple[int, ...]]) -> Iterable[Ranked]:
    rank, previous = 0, None
    for position, row in enumerate(rows, 1):
        if worth(row) != previous:
            rank, previous = position, worth(row)
        yield Ranked(rank, row.party, row.name, row.count, row.president, row.secretary, row.visits, row.flag)


def _line(code: str, shown: tuple[str, str | None], count: int, by_office: dict[Office, int]) -> Ranked:
    president, secretary, visits = (by_office.get(office, 0) for office in Office)
    return Ranked(0, code, shown[0], count, president, secretary, visits, shown[1])


def _counts(session: Session, choice: Choice) -> dict[str, tuple[int, dict[Office, int]]]:
    """For every party with at least one: how many, and how many of them by office."""
    holes, params = marks("office", [office.value for office in choice.offices])
    counted, of_office = COUNTED[choice.counted_as]
    rows = session.rows(
        f"""SELECT office, party, sum({counted}), sum({of_office}) FROM travel_row
            WHERE team_id = :builtin AND counted = 1 AND office IN ({holes}) AND first_day BETWEEN :first AND :last
            GROUP BY office, party""",
        first=choice.period.first.isoformat(),
        last=choice.period.last.isoformat(),
        **params,
    )
    totals: dict[str, int] = {}
    offices: dict[str, dict[Office, int]] = {}
    for office, party, count, own in rows:
        totals[party] = totals.get(party, 0) + count
        offices.setdefault(party, {})[Office(office)] = own
    return {party: (totals[party], by_office) for party, by_office in offices.items()}


def shown_as(session: Session, codes: Sequence[str]) -> dict[str, tuple[str, str | None]]:
    """Name and flag of parties of the record: the workspace's or the built-in name, else ours, else the source's."""
    holes, params = marks("code", codes)
    found: dict[str, tuple[str, str | None]] = {}
    for code, name, flag in session.rows(
        f"SELECT code, name, flag FROM party WHERE team_id IN (:team, :builtin) AND code IN ({holes}) ORDER BY team_id",
        **params,
    ):
        found[code] = (name, flag)  # the workspace's own comes later and wins
    missing = [code for code in codes if code not in found]
    if missing:
        holes, params = marks("code", missing)
        for party, name in session.rows(
            f"SELECT party, name FROM travel_country WHERE team_id = :builtin AND party IN ({holes}) ORDER BY id", **params
        ):
            found[party] = (name, None)
    return {code: found.get(code, (code, None)) for code in codes}


def recipe(session: Session, choice: Choice) -> Recipe | None:
    """What stands under a ranking of `choice`; None when no record was ever imported."""
    about = summary(session)
    if about is None:
        return None
    return Recipe(
        choice,
        {office: date.fromisoformat(about.last[office.value]) for office in choice.offices if office.value in about.last},
        _merges(session, choice, about),
        *_repeated(session, choice),
        about.unknown,
        gaps_in(choice.period, choice.offices),
        about.source,
        about.at,
    )


def _merges(session: Session, choice: Choice, about: Summary) -> tuple[tuple[str, tuple[str, ...]], ...]:
    holes, params = marks("office", [office.value for office in choice.offices])
    spots, codes = marks("code", list(about.merges))
    found: dict[str, list[str]] = {}
    for row in session.rows(
        f"""SELECT DISTINCT party, country_id FROM travel_row
            WHERE team_id = :builtin AND party IN ({spots}) AND first_day BETWEEN :first AND :last
              AND office IN ({holes}) AND counted = 1 ORDER BY party, country_id""",
        first=choice.period.first.isoformat(),
        last=choice.period.last.isoformat(),
        **params,
        **codes,
    ):
        found.setdefault(row["party"], []).append(row["country_id"])
    merged = {code: ids for code, ids in found.items() if len(ids) > 1}
    names = shown_as(session, list(merged))
    return tuple(sorted((names[code][0], tuple(ids)) for code, ids in merged.items()))


def _repeated(session: Session, choice: Choice) -> tuple[tuple[str, ...], int]:
    """Exact duplicates in the period, and how many near ones. There are few in all, so they are read whole and sifted."""
    first, last = choice.period.first.isoformat(), choice.period.last.isoformat()
    rows = [
        row
        for row in session.rows(
            """SELECT kind, id, rule, office, first_day FROM travel_row
               WHERE team_id = :builtin AND rule IS NOT NULL ORDER BY kind, id"""
        )
        if row["office"] in choice.offices and first <= row["first_day"] <= last
    ]
    exact = tuple(f"{row['kind']} {row['id']}" for row in rows if row["rule"] == Rule.EXACT)
    return exact, len(rows) - len(exact)
