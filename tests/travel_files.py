"""Travel records of the tests' own, in the form the State Department publishes, and where its real ones are if present."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from store.database import Store
from store.travel.load import Report, load
from store.travel.source_files import read_paths
from tests.conftest import ROOT

REAL = ROOT.parent / "shared" / "data" / "state-travel"

NOW = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)


def trip(
    number: object,
    who: str,
    first: str | None,
    last: str | None,
    country: str,
    *,
    role: str = "secretary",
    name: str = "",
    filed: str = "",
    locale: str = "Capital",
    remarks: str = "Met with senior officials.",
) -> str:
    """One row of the travels. None leaves an element out."""
    start = "" if first is None else f"<start-date>{first}</start-date>"
    end = "" if last is None else f"<end-date>{last}</end-date>"
    return f"""<trip role="{role}" who={quoteattr(who)}><id>{number}</id><role>{role}</role>
        <name>{escape(name or who.title())}</name>{start}{end}
        <country id={quoteattr(country)}>{escape(filed or country.title())}</country><locale>{escape(locale)}</locale>
        <remarks>{escape(remarks)}</remarks><created-by>x</created-by></trip>"""


def visit(
    number: object, who: str, first: str, last: str, country: str, *, filed: str = "", remarks: str = "Working visit."
) -> str:
    """One row of the visits."""
    return f"""<visit><id>{number}</id><start-date>{first}</start-date><end-date>{last}</end-date>
        <visitor>{escape(who)}</visitor><from id={quoteattr(country)}>{escape(filed or country.title())}</from>
        <description>{escape(remarks)} <em>Then left.</em></description></visit>"""


def trips(*rows: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<trips>\n{"".join(rows)}\n</trips>\n'


def visits(*rows: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<visits>\n{"".join(rows)}\n</visits>\n'


PRESIDENTS = [
    trip(1, "ada", "2001-02-01", "2001-02-03", "france", role="president", locale="Paris", remarks="Met with the President."),
    trip(2, "ada", "2001-02-03", "2001-02-04", "germany", role="president", locale="Bonn"),
    trip(3, "ada", "2002-06-10", "2002-06-12", "turkey", role="president", filed="Turkey", locale="Ankara"),
]
SECRETARIES = [
    trip(11, "bea", "2001-02-01", "2001-02-02", "france", locale="Paris", remarks="Accompanied the President."),
    trip(12, "bea", "2001-05-01", "2001-05-02", "france", locale="Paris"),
    trip(13, "bea", "2001-05-02", "2001-05-04", "france", locale="Lyon", remarks="Spoke with Foreign Minister Çelik."),
    trip(14, "bea", "2003-01-05", "2003-01-06", "turkiye", filed="Türkiye", locale="Istanbul", remarks="Met with Erdoğan."),
    trip(15, "bea", "2003-01-05", "2003-01-06", "turkey", filed="Turkey", locale="Istanbul", remarks="Met with  Erdoğan."),
    trip(16, "bea", "1985-03-01", "1985-03-04", "russia", filed="U.S.S.R.", locale="Moscow"),
    trip(17, "bea", "1995-03-01", "1995-03-04", "russia", filed="Russia", locale="Moscow"),
    trip(18, "bea", "2004-03-01", "2004-03-04", "ruritania", filed="=Ruritania", locale="Strelsau"),
]
VISITS = [
    visit(1, "President Dupont", "2001-09-01", "2001-09-03", "france", filed="France"),
    visit(2, "King Karl", "2002-09-01", "2002-09-03", "germany", filed="Germany"),
]


def write_source(folder: Path, presidents: Sequence[str] = PRESIDENTS, secretaries: Sequence[str] = SECRETARIES) -> Path:
    """A small source laid out as the published ones are; gives its folder."""
    for name, text in (
        ("travels/president-travels/ada.xml", trips(*presidents)),
        ("travels/secretary-travels/bea.xml", trips(*secretaries)),
        ("travels/presidents/presidents.xml", "<presidents><president n='1'/></presidents>"),
        ("visits/data/2000.xml", visits(*VISITS)),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def import_paths(store: Store, *paths: Path, now: datetime = NOW, skip_unreadable: bool = False) -> Report:
    return load(store, read_paths(paths), now=now, skip_unreadable=skip_unreadable)


def contents(store: Store) -> list[tuple[object, ...]]:
    """Everything the store has of the record, for comparing before and after."""
    with store.read("T1") as session:
        tables = ("travel_row", "travel_country", "travel_import")
        return [tuple(row) for table in tables for row in session.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3")]
