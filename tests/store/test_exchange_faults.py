"""Every fault of a file is told at once, with its place, its line and what was expected; nothing is written then."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from store import exchange
from store.database import Store
from store.exchange import reading as file_reading
from tests.store.conftest import NOW, TEAM

HEAD = "attache: 1\n"


def faults_of(store: Store, data: Any) -> list[str]:
    """The faults that a load of text or data ends with, as a person sees them but for the line; nothing may be written."""
    try:
        parsed = exchange.parse(data.encode()) if isinstance(data, str) else data
        exchange.load_into(store, TEAM, parsed, actor="test", now=NOW)
    except exchange.BadFile as error:
        with store.read(TEAM) as session:
            assert exchange.export(session) == {"attache": 1}
        return [f"{fault.path}: {fault.message}" for fault in error.faults]
    return []


def cases() -> dict[str, tuple[str, str]]:
    """The faulty files of `exchange_faults.txt` with the fault of each, by name."""
    text = Path(__file__).with_name("exchange_faults.txt").read_text(encoding="utf-8")
    found = re.findall(r"^== (.+)\n((?:.*\n)+?)--\n(.+)\n", text, re.MULTILINE)
    return {name: (content, fault) for name, content, fault in found}


CASES = cases()


def test_the_list_of_faulty_files_is_read_whole() -> None:
    text = Path(__file__).with_name("exchange_faults.txt").read_text(encoding="utf-8")
    assert len(CASES) == text.count("\n== ") > 50


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_told_with_its_place(fresh: Store, name: str) -> None:
    text, expected = CASES[name]
    assert faults_of(fresh, HEAD + text) == [expected]


def test_all_faults_are_told_at_once_with_their_lines(fresh: Store) -> None:
    text = """attache: 1
sources:
  - key: s
    publised: 2025-02-30
talks:
  - key: a
    title: A
    status: gone
    sides: [us, Rusia]
    after: [zz]
  - key: a
    title: B
    status: held
    sides: [us]
"""
    with pytest.raises(exchange.BadFile) as caught:
        exchange.load_into(fresh, TEAM, exchange.parse(text.encode()), actor="test", now=NOW)
    found = {(fault.line, fault.path) for fault in caught.value.faults}
    assert found == {
        (4, "sources[0].publised"),
        (3, "sources[0].title"),
        (8, "talks[0].status"),
        (9, "talks[0].sides[1]"),
        (10, "talks[0].after[0]"),
    }
    assert str(caught.value).startswith("line 4: sources[0].publised: ")


WHOLE_FILES = {
    "": 'the file is empty; it should begin with "attache: 1"',
    " \n": 'the file is empty; it should begin with "attache: 1"',
    "# only a remark\n": 'expected a mapping that begins with "attache: 1", found nothing',
    "- a\n": 'expected a mapping that begins with "attache: 1", found a list; put the list under',
    "just words": 'expected a mapping that begins with "attache: 1", found "just words"',
    "talks: []": 'missing: the file must say "attache: 1", the version of its format',
    "attache: 2": "expected 1, the one format this program reads",
    "attache: true": "expected 1, the one format this program reads, found true",
    "attache: 1\n---\nattache: 1\n": "a second document begins here (---); one file holds one",
    "attache: 1\ntalks: [\n": "not YAML: ",
    "attache: 1\n\ttalks: []": "not YAML: ",
    "attache: 1\ntalks: &t [*t]": "aliases (*t) are not taken; write it out",
    "attache: 1\n? [a]\n: b": "the name of a field must be text, not a list or a mapping",
    '{"attache": 1,}': "not JSON: ",
    '{"attache": NaN}': "not JSON: a number in it cannot be read",
    '{"attache": ' + "9" * 5000 + "}": "not JSON: a number in it cannot be read",
    "[" * 100_000: "nested too deeply to be one of our files",
    "attache: " + "[" * 100_000: "nested too deeply to be one of our files",
    "attache: 1\nnote: a\x00b": "not YAML: ",
}


@pytest.mark.parametrize("text", WHOLE_FILES, ids=lambda text: repr(text[:24]))
def test_what_is_no_file_of_ours_is_said_to_be_none(fresh: Store, text: str) -> None:
    (found,) = faults_of(fresh, text)
    assert WHOLE_FILES[text] in found


def test_a_syntax_error_is_told_with_line_and_column() -> None:
    with pytest.raises(exchange.BadFile) as caught:
        exchange.parse(b"attache: 1\ntalks:\n  - key: 'a\n")
    (fault,) = caught.value.faults
    assert fault.line == 4
    assert "(line 4, column 1)" in fault.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"attache: 1\ntitle: caf\xe9\n", "line 2: the file is not UTF-8 text (byte 22); save it as UTF-8"),
        ("attache: 1".encode("utf-16"), "the file is UTF-16; save it as UTF-8"),
    ],
)
def test_a_file_in_another_encoding_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(exchange.BadFile) as caught:
        exchange.parse(content)
    assert [str(fault) for fault in caught.value.faults] == [words]


def test_a_byte_order_mark_is_no_fault() -> None:
    assert exchange.parse(b"\xef\xbb\xbfattache: 1\n").data == {"attache": "1"}


def test_a_huge_file_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_reading, "MAX_BYTES", 1024 * 1024)
    with pytest.raises(exchange.BadFile, match="too big: 2 MB, where at most 1 MB can be loaded at once; split it"):
        exchange.parse(b"#" * 2 * 1024 * 1024)


def test_an_alias_bomb_costs_nothing() -> None:
    lines = ["a: &a [x, x, x]"] + [f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]" for i in range(20)]
    with pytest.raises(exchange.BadFile, match="aliases"):
        exchange.parse("\n".join(lines).encode())


def test_one_field_twice_is_a_fault_in_json_too(fresh: Store) -> None:
    text = '{"attache": 1, "sources": [{"key": "a", "title": "A", "title": "B"}]}'
    assert faults_of(fresh, text) == ['sources[0].title: "title" is given twice; keep one']


def test_half_a_surrogate_pair_is_refused(fresh: Store) -> None:
    text = '{"attache": 1, "sources": [{"key": "a", "title": "\\ud83d"}]}'
    assert faults_of(fresh, text) == ["sources[0].title: holds a character that no text may hold (U+D83D, character 1)"]


@pytest.mark.parametrize("value", [False, 1.5, [], {}, datetime(2025, 1, 1, tzinfo=UTC), date(2025, 1, 1), 10**40, b"x"])
def test_any_value_of_another_reader_is_judged_not_tripped_over(fresh: Store, value: Any) -> None:
    for field in ("key", "published", "title", "url"):
        # The unknown list keeps the load from going through.
        data = {"attache": 1, "sources": [{"key": "a", "title": "A", field: value}], "x": []}
        found = faults_of(fresh, data)
        assert all(fault.startswith((f"sources[0].{field}: ", "x: ")) for fault in found)


def test_a_text_beyond_all_measure_is_refused(fresh: Store) -> None:
    (fault,) = faults_of(fresh, {"attache": 1, "sources": [{"key": "a", "title": "x" * 100_001}]})
    assert fault == "sources[0].title: is too long: 100,001 characters, where 100,000 are the most"
    (fault,) = faults_of(fresh, {"attache": 1, "sources": [{"key": "x" * 1001, "title": "a"}]})
    assert fault == "sources[0].key: is too long for a name: 1,001 characters, where 1,000 are the most"


def test_a_fault_never_moves_the_cursor_of_a_terminal(fresh: Store) -> None:
    entry = {"key": "a", "title": "A", "published": "\x1b[2J\n" + "x" * 500}
    (fault,) = faults_of(fresh, {"attache": 1, "sources": [entry]})
    assert "\x1b" not in fault
    assert "\n" not in fault
    assert len(fault) < 200


def test_many_unknown_names_are_told_fast(fresh: Store) -> None:
    talks = [{"key": str(i), "title": "A", "status": "held", "sides": [f"Ruritania{i}"]} for i in range(3000)]
    assert len(faults_of(fresh, {"attache": 1, "talks": talks})) == 3000
