"""Who held office when, and whether somebody else has since."""

from __future__ import annotations

from datetime import date

import pytest

from store import administrations, positions, topics
from store.administrations import Administration, Changed
from store.database import WriteSession
from store.records import Position, Reply, ReplyStance, Stance, Topic

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


def test_a_workspace_lists_its_own(writing: WriteSession) -> None:
    administrations.replace_own(
        writing, "us", [Administration("us", "One", date(2020, 1, 1)), Administration("us", "Two", date(2024, 1, 1))]
    )
    found = changed(writing, "us", None, date(2022, 1, 1))
    assert found == Changed("One", "Two", date(2024, 1, 1))
    administrations.replace_own(writing, "us", [])
    assert len(administrations.listed(writing, ["us", "ru"])["us"]) == 7
