"""`attache load` and `attache export` as a person runs them: exit statuses, what goes where, nothing half done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Attache

GOOD = """attache: 1
sources: [{key: s, title: Türkiye}]
talks: [{key: a, title: A, status: held, sides: [us, no], sources: [s]}]
"""
BAD = """attache: 1
talks:
  - {key: a, title: A, status: gone, sides: [us]}
  - {key: b, titel: B, status: held, sides: [Rusia]}
"""


@pytest.fixture
def made(attache: Attache, store: Path) -> Attache:
    assert store.exists()
    return attache


def test_a_file_is_loaded_and_then_changes_nothing(made: Attache, tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text(GOOD, encoding="utf-8")
    first, second = made("load", str(file)), made("load", str(file))
    assert (first.status, first.out, first.err) == (0, "sources: 1 new\ntalks: 1 new\n", "")
    assert (second.status, second.err) == (0, "")
    assert second.out == f"{file}: everything in it is on record already; nothing changed.\n"


def test_faults_go_one_a_line_to_stderr_with_status_2(made: Attache) -> None:
    done = made("load", "-", stdin=BAD)
    assert (done.status, done.out) == (2, "")
    statuses = "mooted, planned, confirmed, held, postponed or cancelled"
    assert done.err.splitlines() == [
        f'standard input: line 3: talks[0].status: expected {statuses}, found "gone"',
        'standard input: line 4: talks[1].titel: talks have no field called "titel"; did you mean "title"?',
        'standard input: line 4: talks[1].sides[0]: there is no party called "Rusia"; did you mean "ru" (Russia)?',
        "3 faults; nothing was loaded.",
    ]
    assert made("export").out == "attache: 1\n"


def test_words_are_read_and_the_reading_is_told(made: Attache) -> None:
    window = "{stated: within two weeks, stated_by: Ryabkov, stated_on: 2025-02-22}"
    done = made(
        "load", "-", stdin=f"attache: 1\ntalks: [{{key: a, title: A, status: planned, sides: [us], window: {window}}}]\n"
    )
    assert done.status == 0, done.err
    words = 'talks[0].window: "within two weeks" said on 2025-02-22 is read as 2025-02-22 to 2025-03-08'
    assert done.out == f"note: {words}\ntalks: 1 new\n"
    assert "precision: open_window" in made("export").out


def test_an_export_goes_round_through_files_and_formats(made: Attache, tmp_path: Path) -> None:
    assert made("load", "starter").status == 0
    yaml, again = tmp_path / "out.yaml", tmp_path / "again.json"
    assert made("export", "-o", str(yaml)).out == ""
    other = {"ATTACHE_DB": str(tmp_path / "other.db")}
    made("migrate", **other)
    assert made("load", str(yaml), **other).status == 0
    assert made("export", **other).out == yaml.read_text(encoding="utf-8")
    made("export", "-o", str(again), **other)
    assert json.loads(again.read_text(encoding="utf-8"))["attache"] == 1
    assert "nothing changed" in made("load", str(again)).out
    assert "nothing changed" in made("load", "-", stdin=made("export", "--format", "json").out).out
    assert "nothing changed" in made("load", "starter").out
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_workspaces_are_apart(made: Attache) -> None:
    assert made("load", "-", "--team", "T0123", stdin=GOOD).status == 0
    assert made("export").out == "attache: 1\n"
    assert "Türkiye" in made("export", "--team", "T0123").out


@pytest.mark.parametrize("file", ["nowhere.yaml", "."])
def test_a_file_that_cannot_be_read_is_a_bad_request(made: Attache, file: str) -> None:
    done = made("load", file)
    assert (done.status, done.out) == (2, "")
    assert f"{file} cannot be read" in done.err


def test_a_missing_store_is_a_failure_that_names_the_remedy(attache: Attache) -> None:
    for done in (attache("load", "-", stdin=GOOD), attache("export")):
        assert (done.status, done.out) == (1, "")
        assert "attache migrate" in done.err


def test_the_throwaway_store_can_be_exported_but_not_loaded_into(attache: Attache) -> None:
    assert attache("load", "-", "--db", "starter", stdin=GOOD).status == 2
    done = attache("export", "--db", "starter")
    assert done.status == 0
    assert done.out.startswith("attache: 1\nsources:\n")


def test_an_export_that_cannot_be_written_leaves_what_was_there(made: Attache, tmp_path: Path) -> None:
    done = made("export", "-o", str(tmp_path / "no" / "out.yaml"))
    assert done.status == 1
    assert done.err.strip() == f"attache: No such file or directory: {tmp_path / 'no' / 'out.yaml'}"
