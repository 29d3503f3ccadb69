"""How positions move: in order, within a period, and what nobody has restated."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from store import history, movement, positions, replies, standings, topics
from store.database import WriteSession
from store.records import Position, Reply, ReplyStance, Stance, Topic

DAY = date(2025, 1, 1)


@pytest.fixture
def session(writing: WriteSession) -> WriteSession:
    for key in ("nato", "grain"):
        topics.save(writing, Topic(key, key.title()))
    said = [
        ("ru", "nato", Stance.DEMANDS, -100),
        ("ru", "nato", Stance.DEMANDS, 3),
        ("ru", "grain", Stance.SUPPORTS, -50),
        ("ru", "grain", Stance.OPPOSES, 5),
        ("us", "nato", Stance.OPPOSES, 7),
        ("ua", "grain", Stance.SUPPORTS, -40),
        ("ua", "grain", Stance.OPPOSES, 2),
        ("ua", "grain", Stance.SUPPORTS, 8),
        ("de", "nato", Stance.SUPPORTS, -200),
        ("fr", "nato", Stance.SUPPORTS, None),
    ]
    for n, (party, topic, stance, days) in enumerate(said, 1):
        day = None if days is None else DAY + timedelta(days=days)
        positions.save(writing, Position(f"p{n}", 0, party, topic, stance, f"words {n}", day))
    return writing


def test_history_is_newest_first_over_topics(session: WriteSession) -> None:
    assert history.history(session, "ru", ["nato", "grain"], limit=10) == [4, 2, 3, 1]
    assert history.history(session, "ru", ["nato", "grain"], limit=2, offset=1) == [2, 3]
    assert history.history(session, "fr", ["nato"], limit=2) == [10]
    assert history.history(session, "ru", [], limit=2) == []


def test_history_on_everything_is_the_history_on_all_topics(session: WriteSession) -> None:
    for n, (topic, days) in enumerate([("nato", 6), ("nato", 6), ("grain", 6), ("nato", None)], 20):
        said = None if days is None else DAY + timedelta(days=days)
        positions.save(session, Position(f"p{n}", 0, "ru", topic, Stance.DEMANDS, f"words {n}", said))
    for limit in range(1, 10):
        for offset in range(8):
            whole = history.history(session, "ru", ["nato", "grain"], limit=limit, offset=offset)
            assert history.history_of_all(session, "ru", limit=limit, offset=offset) == whole
    assert history.history_of_all(session, "it", limit=3) == []


def test_a_walk_is_read_a_few_at_a_time(session: WriteSession, monkeypatch: pytest.MonkeyPatch) -> None:
    until = DAY + timedelta(days=30)
    whole = movement.changed(session, DAY, until, limit=10), movement.stale(session, DAY, limit=10)
    monkeypatch.setattr(movement, "AT_FIRST", 1)
    assert (movement.changed(session, DAY, until, limit=10), movement.stale(session, DAY, limit=10)) == whole
    monkeypatch.setattr(movement, "CHANGED_CAP", 2)
    assert movement.changed(session, DAY, until, limit=10).capped


def test_who_spoke(session: WriteSession) -> None:
    assert standings.spoke(session, "fr")
    assert not standings.spoke(session, "it")


def test_what_moved(session: WriteSession) -> None:
    until = DAY + timedelta(days=30)
    found = movement.changed(session, DAY, until, limit=10)
    assert [(m.number, m.before, m.path) for m in found.moves] == [
        (8, 6, (Stance.SUPPORTS, Stance.OPPOSES, Stance.SUPPORTS)),
        (5, None, (None, Stance.OPPOSES)),
        (4, 3, (Stance.SUPPORTS, Stance.OPPOSES)),
    ]
    assert (found.restated, found.more, found.capped) == (1, False, False)
    first = movement.changed(session, DAY, until, limit=1)
    assert (len(first.moves), first.more) == (1, True)
    assert [m.number for m in movement.changed(session, DAY, until, limit=1, offset=1).moves] == [5]


def test_what_moved_of_a_party_or_on_a_topic_is_the_same(session: WriteSession) -> None:
    until = DAY + timedelta(days=30)
    assert [m.number for m in movement.changed(session, DAY, until, parties=["ru"], limit=9).moves] == [4]
    assert [m.number for m in movement.changed(session, DAY, until, topics=["grain"], limit=9).moves] == [8, 4]
    assert [m.number for m in movement.changed(session, DAY, until, parties=["us"], topics=["grain"], limit=9).moves] == []
    assert movement.changed(session, DAY + timedelta(days=20), until, limit=9).moves == ()


def test_what_is_stale(session: WriteSession) -> None:
    found, capped = movement.stale(session, DAY, limit=10)
    assert ([s.number for s in found], capped) == ([9], False)
    assert [s.number for s in movement.stale(session, DAY + timedelta(days=8), limit=10)[0]] == [5, 4, 2, 9]
    assert [s.number for s in movement.stale(session, DAY + timedelta(days=8), parties=["ru"], limit=10)[0]] == [4, 2]
    assert [s.number for s in movement.stale(session, DAY + timedelta(days=8), topics=["nato"], limit=2, offset=1)[0]] == [2, 9]


def test_caps_are_told(session: WriteSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(movement, "STALE_CAP", 1)
    monkeypatch.setattr(movement, "CHANGED_CAP", 1)
    assert movement.stale(session, DAY + timedelta(days=3), limit=10)[1]
    assert movement.changed(session, DAY, DAY + timedelta(days=30), limit=10).capped


def test_before_and_first(session: WriteSession) -> None:
    assert standings.before(session, "ru", "nato", DAY + timedelta(days=3), 2) == 1
    assert standings.before(session, "ru", "nato", DAY - timedelta(days=100), 1) is None
    found = standings.first(session, "ru", ["nato", "grain"])
    assert found is not None
    assert found.number == 1
    assert standings.first(session, "fr", ["nato"]) is None


def test_replies_by_who_gave_them(session: WriteSession, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, day in ((1, 1), (3, 9)):
        old = positions.get(session, number)
        answer = Reply("r", "us", ReplyStance.REJECTS, said_on=DAY + timedelta(days=day))
        positions.save(
            session, Position(old.key, 0, old.party, old.topic, old.stance, old.summary, old.said_on, replies=(answer,))
        )
    stance = ReplyStance.REJECTS
    assert [g.position for g in replies.given(session, "us", stance, limit=5)] == [3, 1]
    assert [g.position for g in replies.given(session, "us", stance, topics=["nato"], limit=5)] == [1]
    assert [g.position for g in replies.given(session, "us", stance, to=["ua"], limit=5)] == []
    assert replies.count(session, "us", stance) == 2


def test_within_a_period(session: WriteSession) -> None:
    last = DAY + timedelta(days=4)
    assert history.history(session, "ru", ["nato", "grain"], since=DAY, until=last, limit=9) == [2]
    assert history.history_of_all(session, "ru", since=DAY, until=last, limit=9) == [2]
    assert history.numbers(session, "ru", [], until=DAY, limit=9) == [3, 1]
    assert history.numbers(session, "fr", ["nato"], until=DAY, limit=9) == [10]
    assert history.numbers(session, "fr", ["nato"], since=DAY, limit=9) == []
    assert [s.number for s in movement.stale(session, DAY, until=DAY + timedelta(days=1), limit=9)[0]] == [6, 3, 1, 9]


def test_what_was_said_on_no_day_stands_beside_what_moved(session: WriteSession) -> None:
    positions.save(session, Position("new", 0, "fr", "nato", Stance.OPPOSES, "dated", DAY))
    (move,) = movement.changed(session, DAY, DAY, limit=9).moves
    assert (move.path, move.before, move.undated) == ((None, Stance.OPPOSES), None, 10)
    dated = positions.get(session, move.number)
    assert (history.before(session, dated), history.undated(session, "fr", "nato")) == (None, 10)


def test_as_known_it_is_the_same_where_nothing_was_recorded_since(session: WriteSession) -> None:
    until, now = DAY + timedelta(days=30), session.now
    for who, what in (([], []), (["ru"], []), ([], ["grain"])):
        then = movement.changed(session, DAY, until, parties=who, topics=what, recorded=now, limit=9)
        assert then == movement.changed(session, DAY, until, parties=who, topics=what, limit=9)
        soon = DAY + timedelta(days=8)
        stale = movement.stale(session, soon, parties=who, topics=what, recorded=now, limit=9)
        assert stale == movement.stale(session, soon, parties=who, topics=what, limit=9)
    early = now - timedelta(days=1)
    assert movement.changed(session, DAY, until, recorded=early, limit=9).moves == ()
    assert movement.stale(session, until, recorded=early, limit=9) == ([], 0)
    assert history.numbers(session, "ru", [], recorded=now, limit=9) == history.numbers(session, "ru", [], limit=9)
