"""Which rows repeat others, and where stays begin. Pure functions over rows; the import runs them over the whole record.

A period may begin anywhere, and takes rows by their first day, so stays cannot simply be numbered once. What can be kept
with a row is the latest first day among the rows before it that reach it (same traveller and party, order of first day):
in a period that begins on F, a row begins a stay unless that day is on or after F. Counting stays of any period is then
one grouped read over an index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from store.parties import fold
from store.travel.model import Kind, Office, Rule, SourceRow

Key = tuple[Kind, int]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A row found to repeat an earlier one, by which rule."""

    rule: Rule
    of: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Latest first days of earlier rows that join this one to a stay, to a joint stay, and to its own office in one."""

    stay: date | None = None
    joint: date | None = None
    office: date | None = None


def key(row: SourceRow) -> Key:
    return (row.kind, row.id)


def repeats(rows: Iterable[SourceRow], party_of: Mapping[Key, str]) -> dict[Key, Repeat]:
    """Rows that repeat another of the same traveller in the same party. The lower id stands, the higher repeats it.

    Near rules compare with rows that are no exact duplicates themselves, so that nothing is listed as repeating a row
    that does not count.
    """
    groups: dict[tuple[Office, str, str], list[SourceRow]] = defaultdict(list)
    for row in rows:
        groups[row.office, row.traveller, party_of[key(row)]].append(row)
    found: dict[Key, Repeat] = {}
    for group in groups.values():
        if len(group) > 1:
            standing: list[SourceRow] = []
            for row in sorted(group, key=lambda r: r.id):
                repeat = _first_repeat(row, standing)
                if repeat:
                    found[key(row)] = repeat
                if not repeat or repeat.rule is not Rule.EXACT:
                    standing.append(row)
    return found


def _first_repeat(row: SourceRow, earlier: Sequence[SourceRow]) -> Repeat | None:
    overlapping = [other for other in earlier if other.first <= row.last and row.first <= other.last]
    for rule in Rule:
        for other in overlapping:
            if _holds(rule, row, other):
                return Repeat(rule, other.id)
    return None


def _holds(rule: Rule, a: SourceRow, b: SourceRow) -> bool:
    same_days = (a.first, a.last) == (b.first, b.last)
    same_locale = fold(a.locale) == fold(b.locale)
    if rule is Rule.EXACT:
        return same_days and same_locale and fold(a.remarks) == fold(b.remarks)
    if rule is Rule.SAME_DAYS:
        return same_days
    return same_locale and (a.first == b.first or a.last == b.last)


def reaches(rows: Iterable[SourceRow], party_of: Mapping[Key, str]) -> dict[Key, Reach]:
    """Where stays and joint stays begin. `rows` are those that count: no exact duplicates, nothing withdrawn."""
    by_traveller: dict[tuple[Office, str, str], list[SourceRow]] = defaultdict(list)
    by_party: dict[str, list[SourceRow]] = defaultdict(list)
    for row in rows:
        party = party_of[key(row)]
        by_traveller[row.office, row.traveller, party].append(row)
        if row.office is not Office.VISITS:
            by_party[party].append(row)
    stays = {k: day for group in by_traveller.values() for k, day in _latest_reaching(group).items()}
    joints: dict[Key, tuple[date | None, date | None]] = {}
    for group in by_party.values():
        ordered = _ordered(group)
        joint = _latest_reaching(group)
        for index, row in enumerate(ordered):
            joints[key(row)] = (joint[key(row)], _office_reach(ordered, index, joint))
    return {k: Reach(day, *joints.get(k, (day, day))) for k, day in stays.items()}


def _ordered(group: Iterable[SourceRow]) -> list[SourceRow]:
    return sorted(group, key=lambda r: (r.first, r.last, r.id))


def _latest_reaching(group: Iterable[SourceRow]) -> dict[Key, date | None]:
    """For each row the latest first day among earlier rows that last until it begins; None where none does."""
    found: dict[Key, date | None] = {}
    open_rows: list[SourceRow] = []
    for row in _ordered(group):
        open_rows = [other for other in open_rows if other.last >= row.first]
        found[key(row)] = max((other.first for other in open_rows), default=None)
        open_rows.append(row)
    return found


def _office_reach(ordered: Sequence[SourceRow], index: int, joint: Mapping[Key, date | None]) -> date | None:
    """The latest start of a period in which the row's joint stay holds an earlier row of the same office.

    Two rows are in one stay when every row between them is reached, so the weakest link decides.
    """
    weakest = date.max
    for at in range(index, 0, -1):
        link = joint[key(ordered[at])]
        if link is None:
            return None
        weakest = min(weakest, link)
        if ordered[at - 1].office is ordered[index].office:
            return weakest
    return None
