"""What goes out: CSV that spreadsheets open safely, calendars that a library which did not write them reads."""

from __future__ import annotations

import csv
import io
import json
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot import calendars
from bot.commands.base import Request
from bot.commands.registry import Registry
from bot.reply import Reply
from bot.tables_out import TABLES, csv_parts, safe
from store import talks
from store.database import Store
from store.records import Account, Level, Place, PlaceState, Precision, Side, Status, Talks, Window
from tests.commands.conftest import NOW, registry, starter_file, store
from tests.conftest import Attache

__all__ = ["registry", "starter_file", "store"]

DAY = date(2025, 3, 18)
SIDES = (Side("tr", Level.MINISTER), Side("pl", Level.MINISTER))


def a_talks(key: str = "t", **fields: Any) -> Talks:
    return replace(Talks(key, 0, "Łódź, Türkiye; and \\ more", Status.PLANNED, SIDES), **fields)


def saved(store: Store, *wanted: Talks, now: datetime = NOW) -> list[int]:
    with store.write("local", actor="U1", now=now) as session:
        return [talks.save(session, each).number for each in wanted]


def events(store: Store, numbers: list[int], zone: str = "UTC") -> list[Any]:
    """The events as vobject reads them, which is not what wrote them."""
    with store.read("local") as session:
        content = calendars.calendar(calendars.entries(session, numbers, NOW, zone).entries)
    return parsed(content)


def parsed(content: bytes) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # vobject's own
        import vobject

        read = vobject.readOne(content.decode())
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert content.endswith(b"END:VCALENDAR\r\n")
    return list(getattr(read, "vevent_list", []))


def window(first: Any, last: Any, precision: Precision, zone: str | None = None) -> Window:
    return Window(first, last, precision, zone)


AT = datetime(2025, 3, 18, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "status", "start", "end", "expected"),
    [
        (window(DAY, DAY, Precision.DAY), Status.CONFIRMED, DAY, date(2025, 3, 19), "CONFIRMED"),
        (window(DAY, DAY, Precision.DAY), Status.PLANNED, DAY, date(2025, 3, 19), "TENTATIVE"),
        (window(DAY, DAY, Precision.DAY), Status.CANCELLED, DAY, date(2025, 3, 19), "CANCELLED"),
        (window(DAY, date(2025, 4, 1), Precision.OPEN_WINDOW), Status.CONFIRMED, DAY, date(2025, 4, 2), "TENTATIVE"),
        (window(DAY, None, Precision.OPEN_START), Status.PLANNED, DAY, date(2025, 3, 19), "TENTATIVE"),
        (window(None, DAY, Precision.OPEN_WINDOW), Status.PLANNED, DAY, date(2025, 3, 19), "TENTATIVE"),
        (window(DAY, date(2025, 3, 20), Precision.RANGE), Status.HELD, DAY, date(2025, 3, 21), "CONFIRMED"),
        (window(AT, AT, Precision.MINUTE, "Europe/Istanbul"), Status.CONFIRMED, AT, None, "CONFIRMED"),
        (window(AT, AT + timedelta(hours=2), Precision.MINUTE), Status.PLANNED, AT, AT + timedelta(hours=2), "TENTATIVE"),
        (window(date.max, date.max, Precision.DAY), Status.PLANNED, date.max, date.max, "TENTATIVE"),
    ],
)
def test_windows_are_spans_and_clock_times_exact(
    store: Store, when: Window, status: Status, start: Any, end: Any, expected: str
) -> None:
    (event,) = events(store, saved(store, a_talks(window=when, status=status)))
    assert event.dtstart.value == start
    assert (event.dtend.value if hasattr(event, "dtend") else None) == end
    assert event.status.value == expected
    assert event.transp.value == "TRANSPARENT"
    assert "Łódź, Türkiye; and \\ more" in event.summary.value
    assert "Türkiye – Poland" in event.summary.value


def test_identity_stays_and_sequence_grows_with_the_record(store: Store) -> None:
    first = a_talks(window=window(DAY, DAY, Precision.DAY))
    numbers = saved(store, first)
    (before,) = events(store, numbers)
    saved(store, replace(first, status=Status.CANCELLED), now=NOW + timedelta(hours=1))
    (after,) = events(store, numbers)
    assert before.uid.value == after.uid.value == "t.local@attache"
    assert (before.sequence.value, after.sequence.value) == ("0", "1")
    assert (before.status.value, after.status.value) == ("TENTATIVE", "CANCELLED")
    assert after.last_modified.value == NOW + timedelta(hours=1)


def test_undated_talks_have_no_event_unless_somebody_names_a_day(store: Store) -> None:
    told = Account("p", "Politico", happens=True, window=window(DAY, DAY, Precision.DAY))
    denied = replace(told, key="d", happens=False)
    numbers = saved(store, a_talks("none"), a_talks("told", accounts=(told,)), a_talks("denied", accounts=(denied,)))
    (event,) = events(store, numbers)
    assert "on one account: Politico" in event.summary.value
    assert event.status.value == "TENTATIVE"
    with store.read("local") as session:
        assert len(calendars.entries(session, numbers, NOW, "UTC").undated) == 2


def test_what_people_wrote_cannot_add_lines_to_the_file(store: Store) -> None:
    nasty = "x\r\nSTATUS:CANCELLED\nEND:VEVENT\x07"
    made = a_talks(title=nasty, note=nasty, window=window(DAY, DAY, Precision.DAY), place=Place(PlaceState.NAMED, "tr", nasty))
    (event,) = events(store, saved(store, made))
    assert event.status.value == "TENTATIVE"


def test_the_starter_facts_as_a_calendar(attache: Attache, tmp_path: Path) -> None:
    path = tmp_path / "talks.ics"
    done = attache("export", "--db", "starter", "-o", str(path))
    assert done.status == 0
    assert "left out for having no day on any account: 1 of 6 talks" in done.err
    found = {event.summary.value.split()[0]: event for event in parsed(path.read_bytes())}
    assert sorted(found) == ["T-1", "T-2", "T-3", "T-4", "T-6"]
    assert (found["T-3"].dtstart.value, found["T-3"].dtend.value) == (date(2025, 2, 22), date(2025, 3, 9))
    assert found["T-3"].status.value == "TENTATIVE"
    assert found["T-2"].status.value == "CONFIRMED"
    assert "https://www.uawire.org/" in found["T-3"].description.value


@pytest.mark.parametrize("what", TABLES)
def test_csv_has_a_row_for_each_record(attache: Attache, what: str) -> None:
    done = attache("export", "--db", "starter", "--format", "csv", "--what", what)
    assert done.status == 0
    assert done.out.startswith("\ufeff")
    read = list(csv.reader(io.StringIO(done.out.lstrip("\ufeff"), newline="")))
    assert tuple(read[0]) == TABLES[what].columns
    assert all(len(row) == len(read[0]) for row in read)
    assert len(read) == 1 + {"talks": 6, "positions": 4, "drafts": 2, "votes": 0}[what]


def test_every_csv_table_keeps_to_its_columns(store: Store) -> None:
    with store.read("local") as session:
        content = b"".join(csv_parts(session, TABLES["talks"], NOW)).decode("utf-8-sig")
    rows = {row["number"]: row for row in csv.DictReader(io.StringIO(content, newline=""))}
    assert rows["T-4"]["after"] == "T-3"
    assert "Politico, 22 Feb: The second meeting itself is due within two weeks." in rows["T-4"]["accounts"]
    assert (rows["T-3"]["earliest"], rows["T-3"]["latest"], rows["T-3"]["stated_by"]) == ("2025-02-22", "2025-03-08", "Ryabkov")
    assert "https://www.uawire.org/" in rows["T-3"]["sources"]


@given(some.text())
def test_no_cell_starts_a_formula(text: str) -> None:
    cell = safe(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell.removeprefix("'") == text.replace("\0", "") or cell == text.replace("\0", "")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", " =HYPERLINK(1)"])
def test_risky_cells_get_an_apostrophe(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


def test_only_csv_asks_what(attache: Attache) -> None:
    assert attache("export", "--db", "starter", "--what", "votes").status == 2
    assert attache("export", "--db", "starter", "--format", "xml").status == 2
    assert json.loads(attache("export", "--db", "starter", "--format", "json").out)["attache"] == 1


Ask = Callable[[str], Reply]


@pytest.fixture
def ask(registry: Registry) -> Ask:
    def asking(text: str) -> Reply:
        answer = registry.answer(Request("local", "U1", "C1", text, NOW))
        assert isinstance(answer, Reply)
        return answer

    return asking


def test_talks_calendar_posts_a_file(ask: Ask, store: Store) -> None:
    saved(store, a_talks(window=window(DAY, DAY, Precision.DAY), status=Status.CANCELLED))
    answer = ask("/talks calendar")
    assert answer.picture is not None
    assert answer.picture.filename.endswith(".ics")
    found = {event.summary.value.split()[0]: event.status.value for event in parsed(answer.picture.draw())}
    assert found == {"T-3": "TENTATIVE", "T-4": "TENTATIVE", "T-6": "TENTATIVE", "T-7": "CANCELLED"}
    assert "T-5" in str(answer.parts)
    none = ask("/talks calendar tuvalu")
    assert none.picture is None
    assert "no talks ahead" in none.headline
