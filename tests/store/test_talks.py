"""Talks on record: saved whole and read back, revised, waiting for one another, ordered by when they are due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from store import changes, sources, talks, topics
from store.database import Store, WriteSession
from store.errors import NotOnRecord
from store.records import (
    Account,
    AgendaItem,
    Level,
    Person,
    Place,
    PlaceState,
    Precision,
    Side,
    Source,
    Status,
    Talks,
    Topic,
    Window,
)
from store.times import NEVER
from tests.store.conftest import NOW, TEAM
from tests.store.stores import windows


def a_talk(key: str = "a", **fields: Any) -> Talks:
    return replace(Talks(key, 0, key.upper(), Status.PLANNED, (Side("us"), Side("ru"))), **fields)


def window(first: date | datetime | None, last: date | datetime | None, zone: str | None = None) -> Window:
    return Window(first, last, Precision.RANGE, zone)


def whole(session: WriteSession) -> Talks:
    """Talks with everything in them, and what they need on record."""
    sources.save(session, Source("s1", "One"))
    sources.save(session, Source("s2", "Two"))
    topics.save(session, Topic("nato", "NATO"))
    talks.save(session, a_talk("first"))
    return a_talk(
        "whole",
        status=Status.CONFIRMED,
        sides=(Side("us", Level.MINISTER, (Person("A", "Secretary"), Person("B"))), Side("ru", Level.DEPUTY)),
        window=Window(date(2025, 3, 1), date(2025, 3, 8), Precision.WEEK, "Asia/Riyadh", "next week", "X", date(2025, 2, 22)),
        place=Place(PlaceState.NAMED, "sa", "Riyadh", "Diriyah Palace"),
        track="series",
        round=2,
        format="bilateral",
        host="sa",
        agenda=(AgendaItem("one", "nato"), AgendaItem("two")),
        after=("first",),
        outcome=("this", "that"),
        note="note",
        accounts=(
            Account("x", "X", "ru", "office", date(2025, 2, 22), False, None, None, None, "no", True, ("s2", "s1")),
            Account("y", "Y", window=Window(date(2025, 3, 2), date(2025, 3, 2), Precision.DAY), level=Level.LEADER,
                place=Place(PlaceState.REMOTE)),
        ),
        sources=("s2", "s1"),
    )  # fmt: skip


def test_talks_come_back_as_they_were_saved(writing: WriteSession) -> None:
    saved = talks.save(writing, whole(writing))
    assert saved.number == 2
    assert talks.get(writing, 2) == saved == talks.by_key(writing, "whole")
    assert talks.many(writing, [2, 99, 1]) == [saved, talks.get(writing, 1)]
    assert talks.many(writing, []) == []


@pytest.mark.parametrize("call", [lambda s: talks.get(s, 7), lambda s: talks.version(s, 7)])
def test_talks_that_are_not_there_are_said_not_to_be(writing: WriteSession, call: Any) -> None:
    with pytest.raises(NotOnRecord, match="There is no T-7 on record"):
        call(writing)
    assert talks.by_key(writing, "none") is None


def test_a_change_leaves_a_revision_and_no_change_leaves_none(writing: WriteSession) -> None:
    first = talks.save(writing, whole(writing))
    assert talks.save(writing, first) == first
    assert talks.save(writing, replace(first, number=0)) == first
    assert talks.version(writing, first.number) == 1
    second = talks.save(writing, replace(first, status=Status.HELD, accounts=()), action="held")
    assert talks.version(writing, first.number) == 2
    made, held = changes.of_record(writing, "talks", "whole")
    assert (made.action, made.before, held.action, held.actor, held.at) == ("recorded", None, "held", "U1", NOW)
    assert held.before == made.after
    assert held.after
    assert talks.restore(writing, dict(made.after or {}), action="undone", undoes=held.number) == first
    assert changes.of_record(writing, "talks", "whole")[-1].undoes == held.number
    assert second.accounts == ()


def test_numbers_are_given_once(writing: WriteSession) -> None:
    assert [talks.save(writing, a_talk(key)).number for key in "abc"] == [1, 2, 3]
    assert talks.save(writing, a_talk("d", number=9)).number == 9
    assert talks.save(writing, a_talk("e")).number == 10
    assert talks.save(writing, a_talk("a", number=55, title="anew")).number == 1


def test_prerequisites_are_kept_by_number_whatever_their_order(writing: WriteSession) -> None:
    for key in "abc":
        talks.save(writing, a_talk(key))
    saved = talks.save(writing, a_talk("d", after=("c", "a", "c")))
    assert saved.after == ("a", "c")
    talks.save(writing, a_talk("d", after=("c", "a")))
    assert len(changes.of_record(writing, "talks", "d")) == 1
    assert talks.dependants(writing, 1) == [4]


def test_an_unknown_prerequisite_is_refused(writing: WriteSession) -> None:
    with pytest.raises(NotOnRecord, match="nowhere"):
        talks.save(writing, a_talk(after=("nowhere",)))


def test_circles_are_refused_with_their_path(writing: WriteSession) -> None:
    talks.save(writing, a_talk("a"))
    with pytest.raises(talks.Circle, match="a before a"):
        talks.save(writing, a_talk("a", after=("a",)))
    talks.save(writing, a_talk("b", after=("a",)))
    talks.save(writing, a_talk("c", after=("b",)))
    with pytest.raises(talks.Circle) as caught:
        talks.save(writing, a_talk("a", after=("c",)))
    assert set(caught.value.path) == {"T-1", "T-2", "T-3"}
    assert caught.value.path[0] == caught.value.path[-1]
    assert talks.get(writing, 1).after == ()


def waits(session: WriteSession, key: str) -> int:
    return int(session.value("SELECT waits FROM talks WHERE team_id = :team AND key = :key", key=key) or 0)


def test_talks_wait_until_all_that_comes_before_is_held(writing: WriteSession) -> None:
    first, second = talks.save(writing, a_talk("a")), talks.save(writing, a_talk("b"))
    talks.save(writing, a_talk("c", after=("a", "b")))
    assert waits(writing, "c") == 2
    talks.save(writing, replace(first, status=Status.HELD))
    assert waits(writing, "c") == 1
    talks.save(writing, replace(second, status=Status.CANCELLED))
    assert waits(writing, "c") == 1
    talks.save(writing, replace(first, status=Status.PLANNED))
    assert waits(writing, "c") == 2
    talks.save(writing, a_talk("c", after=("a",)))
    assert waits(writing, "c") == 1


DAY = date(2025, 3, 8)
NINE, LATE = datetime(2025, 3, 8, 9, tzinfo=UTC), datetime(2025, 3, 8, 23, tzinfo=UTC)
LAST = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
CLAIM = Account("x", "X", window=window(None, date(2025, 4, 1)))


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"window": window(date(2025, 3, 1), DAY)}, "2025-03-08T23:59:59Z"),
        ({"window": window(date(2025, 3, 1), DAY, "Europe/Istanbul")}, "2025-03-08T20:59:59Z"),
        ({"window": window(NINE, NINE)}, "2025-03-08T23:59:59Z"),
        ({"window": window(LATE, LATE, "Asia/Riyadh")}, "2025-03-09T20:59:59Z"),
        ({"window": window(DAY, None)}, NEVER),
        ({}, NEVER),
        ({"accounts": (CLAIM,)}, "2025-04-01T23:59:59Z"),
        ({"accounts": (CLAIM,), "window": window(DAY, None)}, NEVER),
        ({"accounts": (CLAIM,), "window": window(DAY, DAY)}, "2025-03-08T23:59:59Z"),
        ({"accounts": (replace(CLAIM, settled=True),)}, NEVER),
        ({"accounts": (replace(CLAIM, happens=False),)}, NEVER),
        ({"window": window(date.min, date.max)}, NEVER),
        ({"window": window(LAST, LAST, "Pacific/Kiritimati")}, NEVER),
    ],
)
def test_when_talks_are_due(fields: dict[str, Any], due: str) -> None:
    assert talks.due(a_talk(**fields)) == due


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(windows())
def test_any_window_can_be_saved_and_comes_back(fresh: Store, window: Window) -> None:
    with fresh.write(TEAM, actor="U1", now=NOW) as session:
        talks.save(session, a_talk(window=window))
        assert talks.get(session, 1).window == window


def test_what_happens_in_one_workspace_stays_there(fresh: Store) -> None:
    with fresh.write("T1", actor="U1", now=NOW) as session:
        talks.save(session, a_talk(title="ours"))
    with fresh.write("T2", actor="U2", now=NOW) as session:
        assert talks.by_key(session, "a") is None
        assert talks.save(session, a_talk(title="theirs")).number == 1
    with fresh.read("T1") as view:
        assert talks.get(view, 1).title == "ours"


def test_nothing_is_kept_of_a_change_that_fails(fresh: Store) -> None:
    def two(session: WriteSession) -> None:
        talks.save(session, a_talk("a"))
        talks.save(session, a_talk("b", after=("nowhere",)))

    with pytest.raises(NotOnRecord), fresh.write(TEAM, actor="U1", now=NOW) as session:
        two(session)
    with fresh.read(TEAM) as view:
        assert talks.by_key(view, "a") is None
        assert changes.of_record(view, "talks", "a") == []
