"""What the record is known to leave out or to file elsewhere, each with a source (`data/travel_gaps.yaml`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from store.travel.countries import data_file
from store.travel.model import Office, Period


@dataclass(frozen=True, slots=True)
class Gap:
    """A journey without a row (`missing`), or a meeting that stands in another country's remarks (`elsewhere`)."""

    key: str
    missing: bool
    office: Office
    first: date
    last: date
    parties: tuple[str, ...]
    says: str
    source: str
    url: str


@cache
def known_gaps() -> tuple[Gap, ...]:
    """All of them, in order of first day, missing ones first. Read once."""
    found = [
        Gap(
            entry["key"],
            entry["kind"] == "missing",
            Office(entry["office"]),
            entry["first"],
            entry["last"],
            tuple(entry["parties"]),
            entry["says"],
            entry["source"]["title"],
            entry["source"]["url"],
        )
        for entry in data_file("travel_gaps.yaml")
    ]
    return tuple(sorted(found, key=lambda gap: (not gap.missing, gap.first)))


def gaps_in(period: Period, offices: Sequence[Office], party: str | None = None) -> tuple[Gap, ...]:
    """Gaps that touch a period and the offices counted, of one party if given."""
    return tuple(
        gap
        for gap in known_gaps()
        if gap.office in offices
        and gap.first <= period.last
        and period.first <= gap.last
        and (party is None or party in gap.parties)
    )
