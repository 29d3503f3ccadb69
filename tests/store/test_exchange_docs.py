"""The README's section "The file format" and the records say the same."""

from __future__ import annotations

import dataclasses
import re
import typing
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from store import exchange
from store.database import Store
from store.exchange.fields import COLLECTIONS, RECORDS
from store.exchange.shape import field_names, required
from store.records import (
    Account,
    Administration,
    AgendaItem,
    Alignment,
    Applies,
    Clause,
    Draft,
    Membership,
    Party,
    PartyName,
    Person,
    Place,
    Position,
    Precision,
    Reply,
    Side,
    Source,
    Talks,
    Tally,
    Topic,
    Vote,
    Window,
)
from tests.store.conftest import NOW, TEAM

README = Path(__file__).parents[2] / "README.md"

TITLES: dict[type[Any], str] = {
    Source: "Sources",
    Party: "Parties",
    PartyName: "Names of a party",
    Membership: "Memberships",
    Administration: "Administrations",
    Topic: "Topics",
    Talks: "Talks",
    Side: "Sides",
    Person: "People",
    Window: "Windows",
    Place: "Places",
    AgendaItem: "Agenda items",
    Account: "Accounts",
    Position: "Positions",
    Applies: "To whom it applies",
    Reply: "Replies",
    Draft: "Drafts",
    Clause: "Clauses",
    Alignment: "Alignments",
    Vote: "Votes",
    Tally: "Tally",
}


def section() -> str:
    text = README.read_text(encoding="utf-8")
    found = re.search(r"^## The file format\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, "the README has no section called The file format"
    return found[1]


def table(kind: type[Any]) -> list[tuple[str, bool, str]]:
    """The rows about a record: the field, whether it must be given, what is said of it."""
    found = re.search(rf"^\*\*{TITLES[kind]}\*\*.*\n\n\| field \| .*\n\|.*\n((?:\|.*\n)+)", section(), re.MULTILINE)
    assert found, f"no table of {TITLES[kind]}"
    rows = re.findall(r"^\| (\*\*)?`(\w+)`(?:\*\*)? \| (.+) \|$", found[1], re.MULTILINE)
    assert len(rows) == len(found[1].splitlines())
    return [(name, bool(bold), words) for bold, name, words in rows]


def test_every_record_is_documented() -> None:
    assert set(TITLES) == set(RECORDS)
    assert [f"`{name}`" in section() for name in COLLECTIONS]


@pytest.mark.parametrize("kind", TITLES, ids=lambda kind: str(kind.__name__))
def test_every_field_is_documented_and_no_other(kind: type[Any]) -> None:
    assert [name for name, _, _ in table(kind)] == list(field_names(kind))


@pytest.mark.parametrize("kind", TITLES, ids=lambda kind: str(kind.__name__))
def test_what_must_be_given_is_in_bold(kind: type[Any]) -> None:
    assert {name for name, bold, _ in table(kind) if bold} == required(kind)


@pytest.mark.parametrize("kind", TITLES, ids=lambda kind: str(kind.__name__))
def test_every_word_to_choose_from_is_documented(kind: type[Any]) -> None:
    said = {name: words for name, _, words in table(kind)}
    said = {name: words for name, words in said.items() if (kind, name) != (Account, "level")}  # as for sides
    for name, hint in field_names(kind).items():
        for option in (hint, *typing.get_args(hint)):
            if isinstance(option, type) and issubclass(option, Enum) and name in said:
                assert set(re.findall(r"`(\w+)`", said[name])) == {str(word.value) for word in option}


def test_the_example_loads(fresh: Store) -> None:
    example = re.search(r"```yaml\n(attache: 1\n.*?)```", section(), re.DOTALL)
    assert example

    @dataclasses.dataclass
    class Reading:
        window: Window
        readings: tuple[Window, ...] = ()
        question: str | None = None

    def read_window(text: str, /, *, said_on: Any, zone: str) -> Reading:
        assert (text, zone) == ("within the next two weeks", "UTC")
        return Reading(Window(said_on, said_on.replace(month=3, day=8), Precision.OPEN_WINDOW))

    parsed = exchange.parse(example[1].encode())
    report = exchange.load_into(fresh, TEAM, parsed, actor="test", now=NOW, read_window=read_window)
    assert {name: count.new for name, count in report.counts.items()} == {"sources": 1, "topics": 1, "talks": 2, "positions": 1}
    words = '"within the next two weeks" said on 2025-02-22 is read as 2025-02-22 to 2025-03-08'
    assert report.notes == (f"talks[0].window: {words}",)
