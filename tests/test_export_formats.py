"""What goes out: CSV that spreadsheets open safely, calendars that a library which did not write them reads."""

from __future__ import annotations

import csv
import io
import json
import re
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
from bot.commands.base import Request, Role
from bot.commands.registry import Registry
from bot.reply import Reply
from bot.tables_out import TABLES, csv_parts, safe
from store import home, talks
from store.database import Store
from store.records import Account, Level, Place, PlaceState, Precision, Side, Status, Talks, Window
from tests.commands.conftest import NOW, registry, starter_file, store
from tests.conftest import Attache

__all__ = ["registry", "starter_file", "store"]

DAY = date(2025, 3, 18)
LATER = NOW + timedelta(days=3)
Ask = Callable[[str], Reply]
SIDES = (Side("tr", Level.MINISTER), Side("pl", Level.MINISTER))


def a_talks(key: str = "t", **fields: Any) -> Talks:
    return replace(Talks(key, 0, "Łódź, Türkiye; and \\ more", Status.PLANNED, SIDES), **fields)


def saved(store: Store, *wanted: Talks, now: datetime = NOW) -> list[int]:
    with store.write("local", actor="U1", now=now) as session:
        return [talks.save(session, each).number for each in wanted]


def events(store: Store, numbers: list[int], zone: str = "UTC") -> list[Any]:
    """The events as vobject reads them, which is not what wrote them."""
    with store.read("local") as session:
        content = calendars.calendar(calendars.read(session, numbers, NOW, zone).entries(), LATER)
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
    assert before.uid.value == after.uid.value
    assert re.fullmatch(r"t\.[0-9a-f]{12}@attache", after.uid.value)
    assert (before.sequence.value, after.sequence.value) == ("0", "1")
    assert (before.status.value, after.status.value) == ("TENTATIVE", "CANCELLED")
    assert after.last_modified.value == NOW + timedelta(hours=1)
    assert after.dtstamp.value == LATER  # of a published file, when it was made


def test_identity_outlives_the_move_to_a_workspace_and_is_nobody_elses(store: Store) -> None:
    def uids(team: str) -> list[str]:
        with store.read(team) as session:
            numbers = list(range(1, 8))
            found = parsed(calendars.calendar(calendars.read(session, numbers, NOW, "UTC").entries(), NOW))
        return [event.uid.value for event in found]

    saved(store, a_talks(window=window(DAY, DAY, Precision.DAY)))
    before = uids("local")
    assert len(set(before)) == 6
    assert home.settle(store, "T0ABC", now=NOW)
    assert uids("T0ABC") == before
    with store.write("T0DEF", actor="U1", now=NOW + timedelta(hours=1)) as session:
        talks.save(session, a_talks(window=window(DAY, DAY, Precision.DAY)))
    assert not set(uids("T0DEF")) & set(before)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (window(date(2025, 6, 1), None, Precision.OPEN_START), "not before Sun 1 Jun 2025"),
        (window(None, date(2025, 4, 30), Precision.OPEN_WINDOW), "by Wed 30 Apr 2025"),
    ],
)
def test_an_open_end_stands_in_the_title(store: Store, when: Window, words: str) -> None:
    for status in (Status.CONFIRMED, Status.HELD, Status.PLANNED):
        (event,) = events(store, saved(store, a_talks(window=when, status=status)))
        assert words in event.summary.value
        assert event.status.value == "TENTATIVE"


def by_label(content: bytes) -> dict[str, Any]:
    return {event.summary.value.split()[0]: event for event in parsed(content)}


def test_a_newer_file_moves_what_was_held_and_takes_down_what_lost_its_day(
    registry: Registry, store: Store, attache: Attache
) -> None:
    def now(days: int, text: str = "/talks calendar") -> Any:
        when = NOW + timedelta(days=days)
        return registry.answer(Request("local", "U1", "C1", text, when, may=Role.ADMIN))

    soon = window(DAY, DAY, Precision.DAY)
    numbers = saved(store, a_talks("undone", window=soon), a_talks("loose", window=soon), a_talks("off", window=soon))
    first = by_label(now(0).picture.draw())
    assert {f"T-{n}" for n in numbers} < set(first)
    now(6, "/talks held T-3 27 Feb in Istanbul: agreed on banking")
    now(6, f"/talks undo T-{numbers[0]}")
    now(6, f"/talks postpone T-{numbers[1]}")
    saved(store, a_talks("loose"), now=NOW + timedelta(days=6))
    now(6, f"/talks cancel T-{numbers[2]} no hall")
    for words in ("", " us russia"):
        answer = now(7, f"/talks calendar{words}")
        newer = by_label(answer.picture.draw())
        held = newer["T-3"]
        assert (held.dtstart.value, held.dtend.value) == (date(2025, 2, 27), date(2025, 2, 28))
        assert held.status.value == "CONFIRMED"
        assert newer["T-2"].status.value == "CONFIRMED"  # held 11 days before: still within reach
        assert "T-1" not in newer
        assert {f"T-{n}" for n in numbers} & set(newer) == (set() if words else {f"T-{n}" for n in numbers})
    newer = by_label(now(7).picture.draw())
    path = store.path.with_name("talks.ics")
    assert attache("export", "--db", str(store.path), "-o", str(path)).status == 0
    exported = by_label(path.read_bytes())
    for found in (newer, exported):
        for label in ("T-3", *(f"T-{n}" for n in numbers)):
            assert found[label].uid.value == first[label].uid.value
            assert int(found[label].sequence.value) > int(first[label].sequence.value)
        for n in numbers:
            assert found[f"T-{n}"].status.value == "CANCELLED"
            assert found[f"T-{n}"].dtstart.value == DAY
    assert "T-3" not in by_label(now(90).picture.draw())


def test_what_lapsed_stays_in_the_file_and_what_has_a_day_again_comes_back(registry: Registry, store: Store) -> None:
    def found(days: int) -> dict[str, Any]:
        answer = registry.answer(Request("local", "U1", "C1", "/talks calendar", NOW + timedelta(days=days)))
        assert isinstance(answer, Reply)
        return by_label(answer.picture.draw()) if answer.picture else {}

    assert found(20)["T-3"].status.value == "TENTATIVE"
    soon = window(DAY, DAY, Precision.DAY)
    (number,) = saved(store, a_talks(window=soon))
    saved(store, a_talks(), now=NOW + timedelta(days=1))
    assert found(2)[f"T-{number}"].status.value == "CANCELLED"
    saved(store, a_talks(window=soon), now=NOW + timedelta(days=2))
    back = found(3)[f"T-{number}"]
    assert (back.status.value, back.sequence.value) == ("TENTATIVE", "2")


def test_undated_talks_have_no_event_unless_somebody_names_a_day(store: Store) -> None:
    told = Account("p", "Politico", happens=True, window=window(DAY, DAY, Precision.DAY))
    denied = replace(told, key="d", happens=False)
    numbers = saved(store, a_talks("none"), a_talks("told", accounts=(told,)), a_talks("denied", accounts=(denied,)))
    (event,) = events(store, numbers)
    assert "on one account: Politico" in event.summary.value
    assert event.status.value == "TENTATIVE"
    with store.read("local") as session:
        assert len(calendars.read(session, numbers, NOW, "UTC").undated) == 2


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


def table(store: Store, name: str) -> dict[str, dict[str, str]]:
    with store.read("local") as session:
        content = b"".join(csv_parts(session, TABLES[name], NOW)).decode("utf-8-sig")
    return {row["number"]: row for row in csv.DictReader(io.StringIO(content, newline=""))}


def test_every_csv_table_keeps_to_its_columns(store: Store) -> None:
    rows = table(store, "talks")
    assert rows["T-4"]["after"] == "T-3"
    assert "Politico, 22 Feb: The second meeting itself is due within two weeks." in rows["T-4"]["accounts"]
    assert (rows["T-3"]["earliest"], rows["T-3"]["latest"], rows["T-3"]["stated_by"]) == ("2025-02-22", "2025-03-08", "Ryabkov")
    assert "https://www.uawire.org/" in rows["T-3"]["sources"]


def test_a_disputed_position_reads_disputed_in_csv(store: Store) -> None:
    rows = table(store, "positions")
    assert (rows["P-1"]["disputed"], rows["P-2"]["disputed"]) == ("yes", "")
    assert rows["P-1"]["applies"] == "NATO (joined after 1997-05-27)"
    assert "Dmitry Peskov, 21 Feb (denies): Not raised in Riyadh" in rows["P-1"]["accounts"]
    assert "Cristian Diaconescu, 19 Feb: Raised again in Riyadh" in rows["P-1"]["accounts"]


def test_who_stands_where_keeps_its_day_note_and_source_in_csv(store: Store) -> None:
    row = table(store, "drafts")["D-1"]
    assert "declines: United States (20 Feb 2025: Declined to co-sponsor, for the first time)" in row["alignments"]
    assert "United States: European Pravda, 20 Feb 2025 <https://" in row["alignment_sources"]


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
    assert found == {"T-2": "CONFIRMED", "T-3": "TENTATIVE", "T-4": "TENTATIVE", "T-6": "TENTATIVE", "T-7": "CANCELLED"}
    assert "T-5" in str(answer.parts)
    none = ask("/talks calendar tuvalu")
    assert none.picture is None
    assert "no talks ahead" in none.headline
