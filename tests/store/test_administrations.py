"""Who held office when, and whether somebody else has since."""

from __future__ import annotations

from datetime import date

import pytest

from store import administrations, changes, positions, sources, topics
from store.administrations import Changed
from store.database import WriteSession
from store.records import Administration, Position, Reply, ReplyStance, Source, Stance, Topic

BIDEN, TRUMP = "Biden administration", "Trump administration"


def changed(
    session: WriteSession, party: str, name: str | None, said: date | None, as_of: date = date(2025, 2, 22)
) -> Changed | None:
    return administrations.changed(session, administrations.listed(session, [party]), party, name, said, as_of)


@pytest.mark.parametrize(
    ("said", "name", "as_of", "then", "since"),
    [
        (date(2022, 1, 26), BIDEN, date(2025, 2, 22), BIDEN, date(2025, 1, 20)),
        (date(2022, 1, 26), None, date(2025, 2, 22), BIDEN, date(2025, 1, 20)),
        (date(2022, 1, 26), BIDEN, date(2025, 1, 20), BIDEN, date(2025, 1, 20)),
        (date(2025, 1, 20), BIDEN, date(2025, 2, 22), BIDEN, date(2025, 1, 20)),
        (date(2019, 5, 1), None, date(2025, 2, 22), "first Trump administration", date(2021, 1, 20)),
    ],
)
def test_a_change_of_government(
    writing: WriteSession, said: date, name: str | None, as_of: date, then: str, since: date
) -> None:
    found = changed(writing, "us", name, said, as_of)
    assert found is not None
    assert (found.then, found.since) == (then, since)
    assert found.now == TRUMP


@pytest.mark.parametrize(
    ("party", "said", "as_of"),
    [
        ("us", date(2022, 1, 26), date(2025, 1, 19)),
        ("us", date(2025, 1, 20), date(2025, 2, 22)),
        ("us", date(1980, 1, 1), date(2025, 2, 22)),
        ("us", None, date(2025, 2, 22)),
        ("ru", date(2001, 1, 1), date(2025, 2, 22)),
    ],
)
def test_no_change_is_made_up(writing: WriteSession, party: str, said: date | None, as_of: date) -> None:
    assert changed(writing, party, None, said, as_of) is None


def test_statements_on_record_tell_of_a_change(writing: WriteSession) -> None:
    topics.save(writing, Topic("nato", "NATO"))
    old = Position("a", 0, "pl", "nato", Stance.SUPPORTS, "x", date(2022, 1, 1), administration="Old")
    positions.save(writing, old)
    assert changed(writing, "pl", "Old", old.said_on) is None
    reply = Reply("r", "pl", ReplyStance.REJECTS, administration="New", said_on=date(2024, 3, 1))
    positions.save(writing, Position("b", 0, "ru", "nato", Stance.DEMANDS, "x", date(2024, 1, 1), replies=(reply,)))
    assert changed(writing, "pl", "Old", old.said_on) == Changed("Old", "New", date(2024, 3, 1))
    assert changed(writing, "pl", "Old", old.said_on, date(2024, 2, 1)) is None
    assert changed(writing, "pl", None, old.said_on) is None


@pytest.mark.parametrize(
    ("name", "said", "expected"),
    [
        (TRUMP, date(2025, 1, 12), None),
        (TRUMP.upper(), date(2025, 1, 12), None),
        (TRUMP, date(2018, 5, 8), Changed("first Trump administration", TRUMP, date(2021, 1, 20))),
        (TRUMP, date(2024, 1, 12), Changed(BIDEN, TRUMP, date(2025, 1, 20))),
        (BIDEN, None, Changed(BIDEN, TRUMP, date(2025, 1, 20))),
        (TRUMP, None, None),
        ("Nobody's", None, None),
    ],
)
def test_whose_word_it_was(writing: WriteSession, name: str, said: date | None, expected: Changed | None) -> None:
    assert changed(writing, "us", name, said) == expected


def test_the_name_of_a_government_in_other_letters_is_no_other_government(writing: WriteSession) -> None:
    topics.save(writing, Topic("nato", "NATO"))
    names = {"a": "Scholtz government", "b": "Scholtz Government", "c": "SCHOLTZ  government", "d": "Mertz government"}
    for n, (key, name) in enumerate(names.items()):
        said = date(2024, 1, 1 + n)
        positions.save(writing, Position(key, 0, "ch", "nato", Stance.SUPPORTS, "x", said, administration=name))
    assert changed(writing, "ch", names["a"], date(2024, 1, 1)) == Changed(names["a"], names["d"], date(2024, 1, 4))
    assert changed(writing, "ch", names["a"], date(2024, 1, 1), date(2024, 1, 3)) is None


def test_under_whom_is_told_where_it_is_not_the_present_one(writing: WriteSession) -> None:
    known = administrations.listed(writing, ["us", "ru"])

    def under(party: str, name: str | None, said: date | None, on: date = date(2025, 2, 22)) -> str:
        return administrations.under(known, party, name, said, on)

    assert under("us", None, date(2018, 5, 8)) == "first Trump administration"
    assert under("us", BIDEN, date(2022, 1, 26)) == BIDEN
    assert under("us", BIDEN, date(2022, 1, 26), date(2023, 1, 1)) == ""
    assert under("us", None, date(2025, 2, 1)) == ""
    assert under("us", None, None) == under("ru", None, date(2024, 1, 1)) == ""
    assert under("ru", "Putin presidency", date(2024, 1, 1)) == "Putin presidency"


def test_a_workspace_lists_its_own(writing: WriteSession) -> None:
    sources.save(writing, Source("s", "S"))
    one, two = Administration("us", "One", date(2020, 1, 1), ("s",)), Administration("us", "Two", date(2024, 1, 1))
    for each in (two, one, one):
        administrations.add(writing, each)
    assert changed(writing, "us", None, date(2022, 1, 1)) == Changed("One", "Two", date(2024, 1, 1))
    assert administrations.all_own(writing) == [one, two]
    assert len(changes.of_record(writing, "administration", "us")) == 2
    administrations.add(writing, Administration("us", "First", date(2020, 1, 1)))
    assert administrations.all_own(writing) == [Administration("us", "First", date(2020, 1, 1)), two]
    assert "ru" not in administrations.listed(writing, ["us", "ru"])
