"""What the rest of the product takes from the travel record: last contacts, and one line that says what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from store.database import Session
from store.records import Level
from store.travel.model import Office, Trip
from store.travel.rows import Wanted, find, trip_of
from store.travel.summary import summary

HOME = "us"
"""The record is the United States' own: it knows of nobody else's contacts."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """The latest contact at each level that the record knows, in either direction, and the record's last day.

    A `None` means that the record holds none, not that there was none.
    """

    party: str
    leader: Trip | None
    minister: Trip | None
    until: date


def last_contacts(session: Session, party: str) -> Contacts | None:
    """The last leader- and minister-level contacts of the United States with a party; None without a travel record.

    Leader level: the President's trips and the visits of that party's leaders. Minister level: the Secretary's trips.
    """
    about = summary(session)
    if about is None or not about.last:
        return None
    leader = [_latest(session, party, office) for office in (Office.PRESIDENT, Office.VISITS)]
    return Contacts(
        party,
        max((trip for trip in leader if trip), key=lambda trip: (trip.last, trip.first), default=None),
        _latest(session, party, Office.SECRETARY),
        date.fromisoformat(max(about.last.values())),
    )


def _latest(session: Session, party: str, office: Office) -> Trip | None:
    row = session.row(
        """SELECT * FROM travel_row WHERE team_id = :builtin AND party = :party AND office = :office AND counted = 1
           ORDER BY last_day DESC, first_day DESC, id LIMIT 1""",
        party=party,
        office=office.value,
    )
    return None if row is None else trip_of(row)


@dataclass(frozen=True, slots=True)
class Between:
    """What the record holds between the United States and one other party: rows by office, first and last."""

    party: str
    trips: dict[Office, int]
    first: Trip
    last: Trip

    @property
    def total(self) -> int:
        return sum(self.trips.values())


def between(session: Session, one: str, other: str) -> Between | None:
    """The record between two parties; None unless one of them is the United States and the record holds any row."""
    if HOME not in (one, other) or one == other:
        return None
    party = other if one == HOME else one
    rows = find(session, Wanted(party=party, with_exact=False))
    if not rows:
        return None
    trips = {office: sum(row.office is office for row in rows) for office in Office}
    return Between(party, {office: number for office, number in trips.items() if number}, rows[0], rows[-1])


def one_line(session: Session, party: str) -> str | None:
    """`Travel record to 19 Feb 2025: leader level last 13 Jul 2023 (Joseph R. Biden in Helsinki); minister level …`.

    None without a travel record. For a party it knows nothing of the line says so.
    """
    found = last_contacts(session, party)
    if found is None:
        return None
    until = f"US travel record to {_day(found.until)}"
    if found.leader is None and found.minister is None:
        return f"{until}: no contact on record"
    parts = [
        f"{level.value} level {'last ' + described(trip) if trip else 'none on record'}"
        for level, trip in ((Level.LEADER, found.leader), (Level.MINISTER, found.minister))
    ]
    return f"{until}: {'; '.join(parts)}; meetings in third countries are filed under the host"


def described(trip: Trip) -> str:
    """`13 Jul 2023 (Joseph R. Biden in Helsinki)`; a visit: `15 Feb 2023 (King Felipe VI to the United States)`."""
    where = "to the United States" if trip.office is Office.VISITS else f"in {trip.locale or trip.country}"
    return f"{_day(trip.last)} ({trip.name} {where})"


def _day(day: date) -> str:
    return f"{day.day} {day:%b} {day.year}"
