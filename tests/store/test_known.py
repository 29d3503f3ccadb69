"""What this store knew at a moment: positions recorded by then, in the version that stood then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from store import known, positions, topics
from store.database import Store
from store.records import Account, Position, Reply, ReplyStance, Stance, Topic
from tests.store.conftest import TEAM


def at(day: int) -> datetime:
    return datetime(2025, 1, day, 12, tzinfo=UTC)


SAID = date(2024, 12, 1)
FIRST = Position("p", 0, "ru", "nato", Stance.DEMANDS, "First words", SAID)


@pytest.fixture
def store(fresh: Store) -> Store:
    """Recorded on the 1st, said otherwise on the 3rd, answered on the 5th, put on another topic on the 7th."""
    with fresh.write(TEAM, actor="U1", now=at(1)) as session:
        topics.save(session, Topic("nato", "NATO"))
        topics.save(session, Topic("grain", "Grain"))
        positions.save(session, FIRST)
    steps = [
        (3, replace(FIRST, summary="Better words")),
        (5, replace(FIRST, summary="Better words", replies=(Reply("n", "us", ReplyStance.REJECTS),))),
        (7, replace(FIRST, summary="Better words", topic="grain")),
    ]
    for day, version in steps:
        with fresh.write(TEAM, actor="U1", now=at(day)) as session:
            positions.save(session, version)
    return fresh


def knew(store: Store, day: int, topic: str) -> list[Position]:
    with store.read(TEAM) as session:
        found = known.standing(session, at(day), parties=["ru"], topic_keys=[topic])
        everyone = known.standing(session, at(day), topic_keys=[topic])
        assert found == everyone
        return [v.position for v in known.versions(session, [s.number for s in found], at(day)) if v]


def test_the_version_of_the_time(store: Store) -> None:
    assert knew(store, 1, "nato")[0].summary == "First words"
    assert knew(store, 4, "nato")[0].summary == "Better words"
    assert knew(store, 4, "nato")[0].replies == ()
    assert len(knew(store, 6, "nato")[0].replies) == 1


def test_what_was_put_elsewhere_is_where_it_was(store: Store) -> None:
    assert [p.topic for p in knew(store, 6, "nato")] == ["nato"]
    assert knew(store, 6, "grain") == []
    assert knew(store, 8, "nato") == []
    assert [p.topic for p in knew(store, 8, "grain")] == ["grain"]


def test_nothing_before_it_was_recorded_and_what_was_taken_off_is_still_there(store: Store) -> None:
    with store.read(TEAM) as session:
        before = datetime(2024, 12, 31, tzinfo=UTC)
        assert known.standing(session, before, parties=["ru"]) == []
        assert known.versions(session, [1, 99], before) == [None, None]
    with store.write(TEAM, actor="U1", now=at(9)) as session:
        positions.remove(session, positions.get(session, 1), action="undone")
    assert [p.topic for p in knew(store, 8, "grain")] == ["grain"]
    assert knew(store, 10, "grain") == []


def test_the_later_statement_wins_only_once_it_is_recorded(store: Store) -> None:
    with store.write(TEAM, actor="U1", now=at(20)) as session:
        positions.save(session, replace(FIRST, key="q", topic="grain", said_on=date(2024, 12, 20)))
    assert [p.key for p in knew(store, 19, "grain")] == ["p"]
    assert [p.key for p in knew(store, 21, "grain")] == ["q"]
    with store.read(TEAM) as session:
        early = known.standing(session, at(21), parties=["ru"], topic_keys=["grain"], as_of=date(2024, 12, 10))
        assert [s.number for s in early] == [1]


def test_a_day_put_right_later_counts_as_it_was(store: Store) -> None:
    with store.write(TEAM, actor="U1", now=at(20)) as session:
        positions.save(session, replace(FIRST, key="q", topic="grain", said_on=date(2024, 12, 20)))
    with store.write(TEAM, actor="U1", now=at(25)) as session:
        positions.save(session, replace(FIRST, key="q", topic="grain", said_on=date(2024, 11, 1)))
    assert [p.key for p in knew(store, 21, "grain")] == ["q"]
    assert [p.key for p in knew(store, 26, "grain")] == ["p"]


def test_what_was_loaded_later_with_an_earlier_day_says_so(store: Store) -> None:
    answers = (
        Reply("early", "us", ReplyStance.REJECTS, said_on=date(2025, 1, 2)),
        Reply("late", "de", ReplyStance.REJECTS, said_on=date(2025, 2, 2)),
    )
    told = (Account("late", "X", said_on=date(2025, 2, 3)),)
    with store.write(TEAM, actor="U1", now=at(30)) as session:
        loaded = replace(FIRST, key="l", recorded_at=at(2), replies=answers, accounts=told)
        number = positions.save(session, loaded).number
    with store.read(TEAM) as session:
        (version,) = known.versions(session, [number], at(10))
        assert version is not None
        assert not version.kept
        assert [r.key for r in version.position.replies] == ["early"]
        assert version.position.accounts == ()
        (kept,) = known.versions(session, [1], at(10))
        assert kept is not None
        assert kept.kept


def test_statements_of_a_period_as_known(store: Store) -> None:
    with store.write(TEAM, actor="U1", now=at(9)) as writing:
        positions.save(writing, replace(FIRST, key="q", summary="Later", said_on=date(2024, 12, 20)))
        positions.save(writing, replace(FIRST, key="r", summary="Undated", said_on=None))
    with store.read(TEAM) as session:

        def said(day: int, topic: str = "nato", since: date | None = None, until: date = date.max) -> list[str]:
            found = known.statements(session, at(day), parties=["ru"], topic_keys=[topic], since=since, until=until, limit=10)
            stood = known.versions(session, [position.number for position in found], at(day))
            return [version.position.summary for version in stood if version]

        assert said(1) == ["First words"]
        assert (said(6), said(6, "grain")) == (["Better words"], [])
        assert (said(8), said(8, "grain")) == ([], ["Better words"])
        assert said(10) == ["Later", "Undated"]
        assert said(10, until=date(2024, 12, 10)) == ["Undated"]
        assert said(10, "grain", until=date(2024, 12, 10)) == ["Better words"]
        assert said(10, since=date(2024, 12, 2)) == ["Later"]
        assert said(10, "grain", since=date(2024, 12, 2)) == []
        assert len(known.statements(session, at(10), limit=2)) == 2
