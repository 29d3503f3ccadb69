"""The contracts for scripts: `attache ask` prints a form as JSON, and submits one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from store.exchange.shape import field_names
from store.records import Position, Talks, Window
from tests.conftest import Attache

NOW = "--now=2025-02-22T18:00:00Z"


@pytest.fixture
def db(attache: Attache, tmp_path: Path) -> str:
    path = str(tmp_path / "desk.db")
    attache("migrate", "--db", path)
    attache("load", "--db", path, "starter")
    return path


def form_of(out: str) -> dict[str, Any]:
    form = json.loads(out)["form"]
    assert isinstance(form, dict)
    return form


def test_a_sentence_prints_its_form(attache: Attache, db: str) -> None:
    done = attache("ask", "--db", db, NOW, "--json", "/talks add Türkiye and Armenia, ministers, 10 March wibble wobble")
    assert done.status == 0
    form = form_of(done.out)
    values = {field["id"]: field["value"] for field in form["fields"]}
    assert values["sides"] == "Türkiye: minister; Armenia: minister"
    assert any("wibble" in word for word in form["unread"])


def test_a_form_can_be_submitted(attache: Attache, db: str) -> None:
    values = json.dumps({"title": "Border talks", "place": "Vienna", "sources": "https://example.org/x"})
    done = attache("ask", "--db", db, NOW, "--submit", values, "/talks add Türkiye and Armenia, 10 March")
    assert done.status == 0, done.err
    assert "Recorded: T-" in done.out
    assert "Vienna, Austria" in done.out


def test_what_opens_no_form_is_answered_and_said(attache: Attache, db: str) -> None:
    done = attache("ask", "--db", db, NOW, "--submit", "{}", "/position reply P-99 nato rejects it")
    assert done.status == 2
    assert "P-99" in done.out
    done = attache("ask", "--db", db, NOW, "--submit", '{"why": "x"}', "/talks cancel T-4 no visas")
    assert done.status == 2
    assert "Cancelled: T-4" in done.out
    assert "--submit was not used" in done.err


def test_a_form_that_asks_one_thing_more_recorded_nothing(attache: Attache, db: str) -> None:
    done = attache("ask", "--db", db, NOW, "--submit", "{}", "/talks add US and Russia, 25 February")
    assert done.status == 2
    assert "is this it?" in done.out


def test_what_is_wrong_is_on_its_field(attache: Attache, db: str) -> None:
    values = json.dumps({"title": "Border talks", "sides": "Nobodia; Armenia"})
    done = attache("ask", "--db", db, NOW, "--json", "--submit", values, "/talks add")
    assert done.status == 2
    wrong = {field["id"]: field["error"] for field in form_of(done.out)["fields"] if field["error"]}
    assert "Nobody by the name “Nobodia”" in wrong["sides"]
    answered = json.dumps({"title": "Border talks", "sides": "Nobodia; Armenia", "parties[0]": "state"})
    assert "Nobodia – Armenia" in attache("ask", "--db", db, NOW, "--submit", answered, "/talks add").out
    assert attache("ask", "--db", db, NOW, "--submit", '{"number": "9"}', "/talks add").status == 2


@pytest.mark.parametrize(
    ("line", "record", "also"),
    [("/talks edit T-3", Talks, {"stated_by", "stated_on"}), ("/position edit P-1", Position, set())],
)
def test_field_ids_are_the_names_of_the_file_format(attache: Attache, db: str, line: str, record: type, also: set[str]) -> None:
    names = {field["id"] for field in form_of(attache("ask", "--db", db, NOW, "--json", line).out)["fields"]}
    assert also <= set(field_names(Window))
    assert names - also - {"why", "keep"} <= set(field_names(record))


def test_the_demo_takes_a_form_from_the_keyboard(attache: Attache) -> None:
    lines = ["/talks cancel T-3", "no room", "Peskov", "-", "-", "y", "/talks log T-3", "/talks undo T-3", "quit"]
    done = attache("demo", stdin="\n".join(lines) + "\n")
    assert done.status == 0, done.err
    assert "Cancelled: T-3" in done.out
    assert "why: no room" in done.out
    assert "Undone: T-3" in done.out
