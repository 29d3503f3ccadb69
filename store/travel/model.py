"""What the travel record holds and how it may be counted, as frozen values.

Three units, none of which is the right one, so every answer names its own:

- `trips`: rows of the source, after leaving out exact duplicates only.
- `stays`: rows of one traveller in one party that overlap or share a day are one stay. Coming back the next day is another.
- `joint`: the same across both offices: the President and the Secretary in one party at the same time count once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from store.records import Level


class Kind(StrEnum):
    """Which of the two published sets a row is from. Ids are unique within a kind."""

    TRIP = "trip"
    VISIT = "visit"


class Office(StrEnum):
    PRESIDENT = "president"
    SECRETARY = "secretary"
    VISITS = "visits"
    """Leaders' visits to the United States; never counted together with outgoing trips."""


OUTGOING = (Office.PRESIDENT, Office.SECRETARY)

LEVELS = {Office.PRESIDENT: Level.LEADER, Office.SECRETARY: Level.MINISTER, Office.VISITS: Level.LEADER}
"""The record knows the traveller's rank only: presidents and visiting leaders are leader level, secretaries minister."""


class Unit(StrEnum):
    TRIPS = "trips"
    STAYS = "stays"
    JOINT = "joint"


class Rule(StrEnum):
    """How a row was found to repeat an earlier one of the same traveller in the same party (country ids merged first)."""

    EXACT = "exact"
    """Same days, same locale, same remarks: the later id is left out of every count."""
    SAME_DAYS = "same-days"
    """Same days, but another locale or other remarks: kept as a trip, one stay."""
    SAME_PLACE = "same-place"
    """Same locale, one within the other and beginning or ending on the same day: kept as a trip, one stay."""


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included. A row belongs to the period its first day falls in."""

    first: date
    last: date

    @classmethod
    def years(cls, first: int, last: int) -> Period:
        """Whole years. Raises ValueError for years reversed or outside 1..9999."""
        if first > last:
            raise ValueError("years reversed")
        return cls(date(first, 1, 1), date(last, 12, 31))

    @property
    def label(self) -> str:
        """`1997-2024` for whole years, else the two days."""
        if (self.first.month, self.first.day) == (1, 1) and (self.last.month, self.last.day) == (12, 31):
            return str(self.first.year) if self.first.year == self.last.year else f"{self.first.year}–{self.last.year}"
        return f"{self.first.isoformat()} – {self.last.isoformat()}"


DEFAULT_PERIOD = Period(date(1997, 1, 1), date(2024, 12, 31))


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row as its file has it, white space tidied. `traveller` tells people apart; `file` ends in its folder and name."""

    kind: Kind
    id: int
    office: Office
    traveller: str
    name: str
    first: date
    last: date
    country_id: str
    country: str
    locale: str
    remarks: str
    file: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that could not be read: its file, its id where it has one, and what is wrong with it."""

    file: str
    id: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Trip:
    """One row on record: what was filed, what it counts under, and what it was found to repeat.

    `was` is the party it stands for where that is another than the one it counts under (Soviet Union under Russia).
    """

    kind: Kind
    id: int
    office: Office
    traveller: str
    name: str
    first: date
    last: date
    party: str
    was: str | None
    country_id: str
    country: str
    locale: str
    remarks: str
    file: str
    rule: Rule | None = None
    repeats: int | None = None

    @property
    def label(self) -> str:
        """`trip 3730`, as the source numbers it."""
        return f"{self.kind.value} {self.id}"

    @property
    def level(self) -> Level:
        return LEVELS[self.office]
