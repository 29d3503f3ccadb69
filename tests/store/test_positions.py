"""Positions on record: saved whole and read back, revised, superseded, and found by party, topic and day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from store import changes, parties, positions, search, sources, topics
from store.database import WriteSession
from store.errors import NotOnRecord
from store.records import Account, Applies, Party, PartyKind, Position, Reply, ReplyStance, Source, Stance, Topic
from tests.store.conftest import NOW


@pytest.fixture
def session(writing: WriteSession) -> WriteSession:
    for key in ("nato", "grain"):
        topics.save(writing, Topic(key, key.title()))
    for key in ("s1", "s2"):
        sources.save(writing, Source(key, key))
    return writing


def a_position(key: str = "p", **fields: Any) -> Position:
    return replace(Position(key, 0, "ru", "nato", Stance.DEMANDS, f"Summary of {key}"), **fields)


def test_a_position_comes_back_as_it_was_saved(session: WriteSession) -> None:
    positions.save(session, a_position("old"))
    recorded = datetime(2022, 1, 1, 12, 0, tzinfo=UTC)
    saved = positions.save(
        session,
        a_position(
            said_on=date(2021, 12, 17),
            recorded_at=recorded,
            quote="No further.",
            original_quote="Не дальше.",
            original_language="ru",
            speaker="Speaker",
            office="Office",
            administration="Administration",
            supersedes="old",
            applies=Applies("nato", date(1997, 5, 27), date(2024, 12, 31)),
            replies=(
                Reply("n", "nato", ReplyStance.REJECTS, "No", "q", "oq", "en", "S", "O", "A", date(2022, 1, 26), None, ("s1",)),
                Reply("u", "us", ReplyStance.CONDITIONAL, to="n"),
            ),
            accounts=(Account("x", "X", happens=True, claim="c", sources=("s2",)),),
            sources=("s2", "s1"),
        ),
    )
    assert saved.number == 2
    assert positions.get(session, 2) == saved == positions.by_key(session, "p")
    assert positions.superseding(session, 1) == 2
    assert positions.superseding(session, 2) is None


def test_a_position_that_is_not_there_is_said_not_to_be(session: WriteSession) -> None:
    with pytest.raises(NotOnRecord, match="There is no P-7 on record"):
        positions.get(session, 7)
    with pytest.raises(NotOnRecord, match="nowhere"):
        positions.save(session, a_position(supersedes="nowhere"))
    assert positions.many(session, []) == []


def test_it_was_recorded_when_it_was_and_stays_so(session: WriteSession) -> None:
    first = positions.save(session, a_position())
    assert first.recorded_at == NOW
    again = positions.save(session, a_position(summary="Put better"))
    assert again.recorded_at == NOW
    assert again.number == first.number


def test_a_change_leaves_a_revision_and_no_change_leaves_none(session: WriteSession) -> None:
    first = positions.save(session, a_position(replies=(Reply("n", "nato", ReplyStance.REJECTS),)))
    positions.save(session, a_position(replies=(Reply("n", "nato", ReplyStance.REJECTS),)))
    positions.save(session, replace(first, stance=Stance.OPPOSES, replies=()))
    made, changed = changes.of_record(session, "position", "p")
    assert (made.before, changed.before) == (None, made.after)
    assert positions.restore(session, dict(made.after or {}), action="undone", undoes=changed.number) == first
    assert positions.get(session, 1) == first


def test_the_latest_stance_as_of_a_day(session: WriteSession) -> None:
    said = {"a": date(2021, 12, 17), "b": date(2024, 6, 14), "c": None, "d": date(2024, 6, 14)}
    for key, day in said.items():
        positions.save(session, a_position(key, said_on=day))
    positions.save(session, a_position("other", topic="grain", said_on=date(2025, 1, 1)))

    def latest(*topic_keys: str, as_of: date = positions.LAST_DAY) -> list[int]:
        return [standing.number for standing in positions.latest_each(session, "ru", topic_keys, as_of=as_of)]

    assert latest("nato") == [4]
    assert latest("nato", "grain") == [5, 4]
    assert latest("nato", "grain", as_of=date(2022, 2, 1)) == [1]
    assert latest("nato", as_of=date(2020, 1, 1)) == [3]
    assert positions.latest_each(session, "us", ["nato"]) == []


def test_a_party_that_the_workspace_calls_otherwise(session: WriteSession) -> None:
    parties.add(session, Party("ru", "Moscow's side", PartyKind.STATE))
    positions.save(session, a_position())
    assert positions.get(session, 1).party == "ru"
    assert search.find(session, "moscow's side").total == 1


def test_everyone_on_a_topic_and_everything_of_a_party(session: WriteSession) -> None:
    positions.save(session, a_position("a", said_on=date(2021, 12, 17)))
    positions.save(session, a_position("b", said_on=date(2024, 6, 14)))
    positions.save(session, a_position("c", party="us", said_on=date(2022, 1, 26)))
    positions.save(session, a_position("d", topic="grain"))
    assert [(s.party, s.number) for s in positions.on_topic(session, "nato")] == [("ru", 2), ("us", 3)]
    assert [(s.party, s.number) for s in positions.on_topic(session, "nato", as_of=date(2022, 1, 1))] == [("ru", 1)]
    assert [(s.topic, s.number) for s in positions.of_party(session, "ru")] == [("nato", 2), ("grain", 4)]
    assert positions.of_party(session, "fr") == []


def test_what_was_replaced_stands_no_more_though_nothing_says_when(session: WriteSession) -> None:
    saved = {}
    for key, day, old, topic in (
        ("first", date(2023, 1, 1), None, "nato"),
        ("second", date(2024, 1, 1), None, "nato"),
        ("third", None, "second", "nato"),
        ("fourth", None, "third", "nato"),
        ("elsewhere", date(2024, 6, 1), "first", "grain"),
    ):
        saved[key] = positions.save(session, a_position(key, said_on=day, supersedes=old, topic=topic)).number

    def latest(as_of: date = positions.LAST_DAY, recorded: datetime | None = None) -> list[int]:
        return [s.number for s in positions.latest_each(session, "ru", ["nato"], as_of=as_of, recorded=recorded)]

    assert latest() == [saved["fourth"]]
    assert [s.number for s in positions.on_topic(session, "nato")] == [saved["fourth"]]
    assert latest(date(2023, 6, 1)) == [saved["first"]]
    positions.save(session, a_position("late", supersedes="fourth", recorded_at=datetime(2026, 1, 1, tzinfo=UTC)))
    assert latest(recorded=NOW) == [saved["fourth"]]
    positions.save(session, a_position("fifth", said_on=date(2025, 1, 1)))
    assert [s.said_on for s in positions.latest_each(session, "ru", ["nato"])] == [date(2025, 1, 1)]
