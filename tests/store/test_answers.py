"""What parties answered to others on a topic, whichever way it is looked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from store import answers, positions, standings, topics
from store.database import WriteSession
from store.records import Position, Reply, ReplyStance, Stance, Topic

REJECTS, ENDORSES = ReplyStance.REJECTS, ReplyStance.ENDORSES


@pytest.fixture
def session(writing: WriteSession) -> WriteSession:
    """Russia's demand of 2021 drew NATO, the US and, to NATO's reply, Poland; in 2025 it was made again and drew China."""
    for key in ("nato", "grain"):
        topics.save(writing, Topic(key, key.title()))
    first = (
        Reply("n1", "nato", REJECTS, said_on=date(2022, 1, 26)),
        Reply("n2", "nato", ReplyStance.DECLINES, said_on=date(2022, 3, 1)),
        Reply("pl", "pl", ENDORSES, said_on=date(2022, 1, 27), to="n1"),
        Reply("us", "us", REJECTS),
    )
    demand = Position("old", 0, "ru", "nato", Stance.DEMANDS, "No forces", date(2021, 12, 17), replies=first)
    positions.save(writing, demand)
    second = (Reply("cn", "cn", ENDORSES, said_on=date(2025, 2, 3)),)
    again = replace(demand, key="new", number=0, said_on=date(2025, 2, 1), replies=second, supersedes="old")
    positions.save(writing, again)
    grain = Position("grain", 0, "tr", "grain", Stance.SUPPORTS, "Ships", date(2023, 1, 1))
    positions.save(writing, replace(grain, replies=(Reply("n", "nato", ENDORSES, said_on=date(2023, 2, 1)),)))
    return writing


def test_the_latest_answer_on_each_topic(session: WriteSession) -> None:
    found = answers.latest(session, ["nato", "pl", "cn", "ru"], ["nato", "grain"])
    said = {pair: (a.position.key, a.reply.key, a.earlier) for pair, a in found.items()}
    assert said == {
        ("nato", "nato"): ("old", "n2", 1),
        ("nato", "grain"): ("grain", "n", 0),
        ("pl", "nato"): ("old", "pl", 0),
        ("cn", "nato"): ("new", "cn", 0),
    }
    assert found["pl", "nato"].answered == found["nato", "nato"].position.replies[0]
    assert found["nato", "nato"].answered is None


def test_only_what_was_said_in_time(session: WriteSession) -> None:
    assert answers.latest(session, ["nato"], ["nato"], as_of=date(2022, 2, 1))["nato", "nato"].reply.key == "n1"
    assert answers.latest(session, ["nato"], ["nato"], since=date(2022, 3, 2)) == {}
    assert answers.latest(session, ["nato", "us"], ["nato"], as_of=date(2022, 1, 1)).keys() <= {("us", "nato")}
    assert answers.latest(session, ["us"], ["nato"], since=date(2020, 1, 1)) == {}
    assert answers.latest(session, [], ["nato"]) == answers.latest(session, ["us"], []) == {}


def test_only_to_what_was_recorded_by_then(session: WriteSession) -> None:
    assert answers.latest(session, ["nato"], ["nato"], recorded=datetime(2025, 1, 1, tzinfo=UTC)) == {}
    found = answers.latest(session, ["nato"], ["nato"], recorded=datetime(2026, 1, 1, tzinfo=UTC))
    assert found["nato", "nato"].earlier == 1


def test_what_a_party_answered_on_anything(session: WriteSession) -> None:
    assert [a.reply.key for a in answers.of_party(session, "nato", limit=3)] == ["n", "n2"]
    assert [a.reply.key for a in answers.of_party(session, "nato", but=["grain"], limit=3)] == ["n2"]
    assert answers.of_party(session, "nato", as_of=date(2021, 1, 1), limit=3) == []


def test_what_was_replied_to_the_same_demand_before(session: WriteSession) -> None:
    new = positions.by_key(session, "new")
    old = positions.by_key(session, "old")
    assert new
    assert old
    assert [a.reply.key for a in answers.earlier(session, new)] == ["n2", "pl", "us"]
    assert [a.reply.key for a in answers.earlier(session, new, as_of=date(2022, 1, 26))] == ["n1", "us"]
    assert answers.earlier(session, old) == []
    undated = positions.save(session, replace(new, key="undated", number=0, said_on=None, replies=(), supersedes="new"))
    assert [a.reply.key for a in answers.earlier(session, undated)] == ["cn"]
    told_here = replace(new, replies=(*new.replies, Reply("n", "nato", REJECTS)))
    assert [a.reply.key for a in answers.earlier(session, told_here)] == ["pl", "us"]


def test_the_first_on_record(session: WriteSession) -> None:
    first = standings.first(session, "ru")
    assert first
    assert first.said_on == date(2021, 12, 17)
    anybody = standings.first_on(session, ["grain", "nato"])
    assert anybody
    assert (anybody.party, anybody.topic, anybody.said_on) == ("ru", "nato", date(2021, 12, 17))
    assert standings.first(session, "us") is standings.first_on(session, ["nowhere"]) is None
