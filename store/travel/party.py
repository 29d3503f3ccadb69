"""The record for one party: out and in, by office and year, first, last, longest gap, who went, how it was filed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from store.database import Session
from store.travel.countries import countries
from store.travel.model import Office, Period, Rule, Trip
from store.travel.rows import EVERYTHING, Wanted, find


@dataclass(frozen=True, slots=True)
class OfficeRecord:
    """What one office has with a party. `gap` is the longest time without, from the end of one row to the next."""

    office: Office
    trips: int
    stays: int
    first: Trip
    last: Trip
    gap: tuple[date, date] | None
    years: tuple[tuple[int, int], ...]
    """Rows by the year of their first day."""
    who: tuple[tuple[str, int], ...]
    """Names as filed, with their rows, most first."""


@dataclass(frozen=True, slots=True)
class PartyRecord:
    """`standing_for` is set when the rows are those of a party filed under another: the Soviet Union under Russia."""

    party: str
    standing_for: str | None
    period: Period
    offices: tuple[OfficeRecord, ...]
    filed: tuple[tuple[str, str, int], ...]
    """Country id and name as the source files them, with rows."""
    others: tuple[tuple[str, int], ...]
    """Parties that rows counted here stand for, with rows: of Russia's, the Soviet Union's."""
    left_out: tuple[str, ...]
    why: tuple[str, ...]
    under: tuple[str, ...]
    """The parties its rows count under, most rows first; more than one for Hong Kong."""

    def of(self, office: Office) -> OfficeRecord | None:
        return next((record for record in self.offices if record.office is office), None)


def record(session: Session, party: str, period: Period = EVERYTHING, *, was: str | None = None) -> PartyRecord:
    """The record for a party in a period; with `was` only the rows that stand for that party under this one."""
    rows = find(session, Wanted(party=None if was else party, was=was, period=period))
    counted = [row for row in rows if row.rule is not Rule.EXACT]
    offices = tuple(
        _office(office, of_office) for office in Office if (of_office := [row for row in counted if row.office is office])
    )
    filed = Counter((row.country_id, row.country) for row in counted)
    others = Counter(row.was for row in counted if row.was)
    return PartyRecord(
        party,
        was,
        period,
        offices,
        tuple((country_id, name, number) for (country_id, name), number in filed.most_common()),
        () if was else tuple((code, number) for code, number in others.most_common() if code),
        tuple(row.label for row in rows if row.rule is Rule.EXACT),
        countries().why(was) if was else (),
        tuple(code for code, _ in Counter(row.party for row in counted).most_common()),
    )


def _stays(rows: Sequence[Trip]) -> int:
    """Stays among rows of one office in one party, in order of first day: those that no earlier row reaches."""
    ends: dict[str, date] = {}
    stays = 0
    for row in rows:
        stays += row.traveller not in ends or row.first > ends[row.traveller]
        ends[row.traveller] = max(row.last, ends.get(row.traveller, row.last))
    return stays


def _office(office: Office, rows: Sequence[Trip]) -> OfficeRecord:
    years = Counter(row.first.year for row in rows)
    who = Counter(row.name for row in rows)
    return OfficeRecord(
        office,
        len(rows),
        _stays(rows),
        rows[0],
        max(rows, key=lambda row: (row.last, row.first)),
        longest_gap(rows),
        tuple(sorted(years.items())),
        tuple(who.most_common()),
    )


def rows_of(session: Session, code: str, period: Period = EVERYTHING) -> Wanted:
    """Which rows are a party's: its own, or where it has none those that stand for it under another party."""
    own, standing = Wanted(party=code, period=period), Wanted(was=code, period=period)
    return own if find(session, own, limit=1) or not find(session, standing, limit=1) else standing


def longest_gap(rows: Sequence[Trip]) -> tuple[date, date] | None:
    """The longest time between the end of what went before and the next first day; None when nothing lies between."""
    best: tuple[date, date] | None = None
    reached: date | None = None
    for row in sorted(rows, key=lambda r: r.first):
        if reached and row.first > reached and (best is None or row.first - reached > best[1] - best[0]):
            best = (reached, row.first)
        reached = row.last if reached is None else max(reached, row.last)
    return best
