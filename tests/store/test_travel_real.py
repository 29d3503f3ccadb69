"""The published files, where they are at hand: the Washington Post's figures, totals, duplicates, merges, speed of import."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

import pytest

from store import migrations
from store.database import Store
from store.travel.model import OUTGOING, Office, Period, Unit
from store.travel.party import record
from store.travel.ranking import Choice, rank, recipe
from tests.travel_files import NOW, REAL, import_paths

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the published files are not beside this repository")

MERGED = {
    "turkiye": "turkey",
    "czechia": "czech-republic",
    "north-macedonia": "macedonia",
    "congo-kinshasa": "congo-democratic-republic",
    "west-bank": "palestinian-authority",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("real") / "attache.db"
    migrations.migrate(path, now=NOW)
    opened = migrations.open_store(path)
    report = import_paths(opened, REAL)
    assert (report.read, report.new, len(report.unreadable), report.unknown) == (7535, 7535, 0, ())
    assert report.exact == (("trip 4019", 3992), ("trip 4020", 3993))
    assert ("trip 4021", "same-place", 3994) in report.near
    assert ("trip 4119", "same-days", 4118) in report.near
    yield opened
    opened.close()


@pytest.mark.parametrize(("sworn_in", "figure"), [("2017-01-20", 21), ("2009-01-20", 28), ("2001-01-20", 23)])
@pytest.mark.parametrize("unit", list(Unit))
def test_country_visits_of_the_first_18_months_are_those_the_washington_post_published(
    store: Store, sworn_in: str, figure: int, unit: Unit
) -> None:
    """The Post counted visits to other countries, so a country visited twice counts twice (13 July 2018)."""
    first = date.fromisoformat(sworn_in)
    period = Period(first, date(first.year + 1, 7, 19))
    with store.read("T1") as session:
        assert rank(session, Choice(period, (Office.PRESIDENT,), unit)).total == figure


def plainly(office: set[str], first: str, last: str) -> dict[str, Counter[str]]:
    """The three units, counted straight from the XML in the plainest way, by country id."""
    rows = []
    for file in sorted(REAL.glob("travels/*-travels/*.xml")):
        for element in ET.parse(file).getroot():  # the published files, read by the test alone
            country = element.find("country")
            assert country is not None
            said = [" ".join((element.findtext(tag) or "").split()) for tag in ("locale", "remarks")]
            country_id = str(country.get("id"))
            days = (str(element.findtext("start-date")), str(element.findtext("end-date")))
            rows.append(
                (str(element.findtext("role")), str(element.get("who")), MERGED.get(country_id, country_id), *days, *said)
            )
    kept = [row for row in dict.fromkeys(rows) if row[0] in office and first <= row[3] <= last]
    found = {unit: Counter[str]() for unit in ("trips", "stays", "joint")}
    groups: dict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
    for role, who, country_id, start, end, *_ in kept:
        found["trips"][country_id] += 1
        groups["stays", country_id, role, who].append((start, end))
        groups["joint", country_id].append((start, end))
    for (unit, country_id, *_), spans in groups.items():
        reached = ""
        for start, end in sorted(spans):
            found[unit][country_id] += start > reached
            reached = max(reached, end)
    return found


@pytest.mark.parametrize("years", [(1997, 2024), (1866, 2025), (1945, 1991), (2009, 2016)])
def test_every_unit_agrees_with_a_plain_count_of_the_files_country_by_country(store: Store, years: tuple[int, int]) -> None:
    expected = plainly({"president", "secretary"}, f"{years[0]}-01-01", f"{years[1]}-12-31")
    with store.read("T1") as session:
        ids = {row["party"]: MERGED.get(row["id"], row["id"]) for row in session.rows("SELECT id, party FROM travel_country")}
        ids |= {"tr": "turkey", "cz": "czech-republic", "mk": "macedonia", "cd": "congo-democratic-republic"}
        ids |= {"ps": "palestinian-authority", "kr": "korea-south", "ws": "samoa", "sz": "swaziland"}
        for unit in Unit:
            found = rank(session, Choice(Period.years(*years), OUTGOING, unit))
            assert {ids[row.party]: row.count for row in found.rows} == dict(expected[unit.value])


def test_the_whole_story_period(store: Store) -> None:
    with store.read("T1") as session:
        totals = {unit: rank(session, Choice(unit=unit)).total for unit in Unit}
        found = recipe(session, Choice())
    assert totals == {Unit.TRIPS: 2198, Unit.STAYS: 2187, Unit.JOINT: 1951}
    assert found is not None
    assert found.left_out == ("trip 4019", "trip 4020")
    assert dict(found.merges)["Türkiye"] == ("turkey", "turkiye")
    assert {gap.key for gap in found.gaps} >= {"pompeo-middle-east-2019", "trump-iraq-2018", "biden-ottawa-2023"}


def test_the_soviet_union_is_filed_under_russia(store: Store) -> None:
    with store.read("T1") as session:
        found = record(session, "ru", was="suhh")
    assert [(part.office, part.trips) for part in found.offices] == [
        (Office.PRESIDENT, 6),
        (Office.SECRETARY, 37),
        (Office.VISITS, 6),
    ]
