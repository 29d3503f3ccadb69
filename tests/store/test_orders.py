"""Orders of channels: what they set off, what they leave alone, and who hears when a channel is in trouble."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest

from store import orders, outbox, posts, talks, topic_merges, topic_talks, topics, undo, watches
from store.changes import get as revision
from store.database import Session, WriteSession
from store.records import (
    AgendaItem,
    PostKind,
    Precision,
    Rhythm,
    Scope,
    Side,
    Status,
    Talks,
    Topic,
    Watch,
    WatchState,
    Window,
)
from tests.store.conftest import NOW

DAILY = Watch(0, "C1", "U1", "UTC", Rhythm.DAILY, None, "08:30")
MORNING = datetime(2025, 2, 23, 8, 30, 5, tzinfo=UTC)
"""Five seconds after the first digest fell due."""


def at(session: WriteSession, moment: datetime = NOW, actor: str = "U1") -> WriteSession:
    return dataclasses.replace(session, now=moment, actor=actor)


def digests(session: Session) -> list[tuple[str, str]]:
    rows = session.rows("SELECT slot, state FROM post WHERE team_id = :team AND kind = 'digest' ORDER BY slot")
    return [(row["slot"], row["state"]) for row in rows]


def planned(session: Session, channel: str = "C1") -> set[str]:
    """The talks that a channel is owed something about."""
    return {post.subject for post in posts.owed_to(session, channel, limit=500)}


# The digest that is due already.


@pytest.mark.parametrize(
    "change", [{}, {"about": Scope(parties=("ru",))}, {"leads": ("3d",)}, {"at": "21:00"}, {"at": "07:00"}]
)
def test_a_digest_that_is_due_is_kept(writing: WriteSession, change: dict[str, object]) -> None:
    kept = orders.save_watch(at(writing), DAILY)
    orders.save_watch(at(writing, MORNING), dataclasses.replace(kept, **change))  # type: ignore[arg-type]
    assert ("2025-02-23", "planned") in digests(writing)
    assert "dropped" not in dict(digests(writing)).values()


def test_a_digest_that_is_due_goes_with_its_watch(writing: WriteSession) -> None:
    kept = orders.save_watch(at(writing), DAILY)
    orders.save_watch(at(writing, MORNING), dataclasses.replace(kept, state=WatchState.PAUSED))
    assert digests(writing) == [("2025-02-23", "dropped")]
    orders.save_watch(at(writing, MORNING), kept)
    assert digests(writing) == [("2025-02-23", "dropped"), ("2025-02-24", "planned")]


# Trying again.


def held(session: Session, moment: datetime = NOW) -> bool:
    hold = outbox.hold_on(session, session.team, "C1")
    return hold is not None and hold.until > moment


def checks(session: Session) -> int:
    return int(session.value("SELECT count(*) FROM post WHERE team_id = :team AND kind = 'check' AND state = 'planned'") or 0)


def test_trying_again_ends_the_hold_and_what_is_due_shows_whether_it_helped(writing: WriteSession) -> None:
    orders.save_watch(at(writing), DAILY)
    writing.execute("UPDATE post SET state = 'failed' WHERE kind = 'check'")
    outbox.hold(at(writing, MORNING), writing.team, "C1", timedelta(hours=1), "not_in_channel")
    orders.try_again(at(writing, MORNING), "C1")
    assert not held(writing, MORNING)
    assert checks(writing) == 0


def test_trying_again_looks_where_nothing_is_due(writing: WriteSession) -> None:
    outbox.hold(at(writing), writing.team, "C1", timedelta(hours=1), "not_in_channel")
    orders.try_again(at(writing), "C1")
    orders.try_again(at(writing), "C1")
    assert (held(writing), checks(writing)) == (False, 1)
    known = outbox.hold(at(writing, NOW + timedelta(minutes=9)), writing.team, "C1", timedelta(hours=1), "not_in_channel")
    assert known.started == NOW  # the same trouble, of which nobody is told twice


def test_a_pause_that_slack_asked_for_stays(writing: WriteSession) -> None:
    outbox.hold(at(writing), writing.team, "C1", timedelta(seconds=30), outbox.RATE_LIMITED)
    orders.try_again(at(writing), "C1")
    assert held(writing)
    assert checks(writing) == 0


# Who hears of trouble.


@pytest.fixture
def kept(writing: WriteSession) -> WriteSession:
    window = Window(date(2025, 3, 1), date(2025, 3, 1), Precision.DAY)
    for number, party in enumerate(("us", "fr", "de"), 1):
        sides = (Side(party), Side("ru"))
        talks.save(writing, Talks(f"t{number}", number, "Round", Status.PLANNED, sides, window=window))
    return writing


def test_the_latest_to_set_something_up_hears_first_and_who_muted_does_not(kept: WriteSession) -> None:
    for who in ("UZ", "UB", "UY"):
        orders.save_watch(
            at(kept, actor=who), dataclasses.replace(DAILY, created_by=who, at=f"08:{len(who)}{ord(who[1]) % 10}")
        )
    one, two = talks.get(kept, 1), talks.get(kept, 2)
    orders.set_remind(at(kept, actor="UA"), one, "C1", ("2h",), zone="UTC")
    orders.set_remind(at(kept, actor="UM"), two, "C1", (), zone="UTC")
    orders.set_remind(at(kept, actor="UX"), two, "C2", ("2h",), zone="UTC")
    assert watches.keepers(kept, "C1") == ["UA", "UY", "UB", "UZ"]
    assert watches.keepers(kept, "C1", about="W-1") == ["UZ", "UA", "UY", "UB"]
    assert watches.keepers(kept, "C1", about="T-1")[0] == "UA"
    assert watches.keepers(kept, "C1", about="T-2") == ["UA", "UY", "UB", "UZ"]
    assert watches.keepers(kept) == ["UX", "UA", "UY", "UB", "UZ"]
    orders.set_remind(at(kept, actor="UB"), one, "C1", ("3h",), zone="UTC")
    assert watches.keepers(kept, "C1") == ["UB", "UY", "UZ"]


def test_who_asked_for_one_more_reminder_hears_of_that_one(kept: WriteSession) -> None:
    orders.snooze(at(kept, actor="US"), talks.get(kept, 1), "C1", NOW + timedelta(hours=1))
    orders.snooze(at(kept, actor="UO"), talks.get(kept, 1), "C11", NOW + timedelta(hours=1))
    assert checks(kept) == 2
    assert watches.keepers(kept, "C1") == ["US"]
    orders.save_watch(at(kept, actor="UA"), dataclasses.replace(DAILY, created_by="UA"))
    assert watches.keepers(kept, "C1") == ["UA"]
    assert watches.keepers(kept, "C1", about="T-1") == ["US", "UA"]


# Lead times.


def test_no_lead_times_are_no_reminders_and_the_digest_goes_on(kept: WriteSession) -> None:
    orders.save_watch(at(kept), DAILY)
    assert planned(kept) == {"W-1", "T-1", "T-2", "T-3"}
    orders.set_leads(at(kept), "C1", (), zone="UTC")
    assert planned(kept) == {"W-1"}
    talks.save(at(kept), dataclasses.replace(talks.get(kept, 1), title="Another"))
    assert planned(kept) == {"W-1"}
    orders.set_leads(at(kept), "C1", watches.DEFAULT_LEADS, zone="UTC")
    assert planned(kept) == {"W-1", "T-1", "T-2", "T-3"}


def test_a_watch_with_reminders_only_ends_without_lead_times(kept: WriteSession) -> None:
    orders.set_leads(at(kept), "C1", ("1d",), zone="UTC")
    orders.set_leads(at(kept), "C1", (), zone="UTC")
    assert watches.of_channel(kept, "C1") == []
    assert planned(kept) == set()
    assert orders.set_leads(at(kept), "C1", (), zone="UTC") == []


# Topics that move.


@pytest.fixture
def tree(writing: WriteSession) -> WriteSession:
    """Talks T-1 on alpha, T-2 on beta, T-3 on gamma, each with a channel that watches the topic."""
    window = Window(date(2025, 3, 1), date(2025, 3, 1), Precision.DAY)
    for number, key in enumerate(("alpha", "beta", "gamma"), 1):
        topics.save(writing, Topic(key, key.capitalize()))
        agenda = (AgendaItem("words", key),)
        sides = (Side("us"), Side("ru"))
        talks.save(writing, Talks(f"t{number}", number, "Round", Status.PLANNED, sides, agenda=agenda, window=window))
        orders.save_watch(at(writing), Watch(0, f"C-{key}", "U1", "UTC", about=Scope(topics=(key,))))
    orders.save_watch(
        at(writing), Watch(0, "C-not", "U1", "UTC", about=Scope(parties=("ru",)), but_not=Scope(topics=("beta",)))
    )
    return writing


def put(session: WriteSession, key: str, parent: str | None) -> int:
    topic = topics.get(session, key)
    assert topic
    topics.save(session, dataclasses.replace(topic, parent=parent))
    topic_talks.replan(session, [key])
    return orders.last_revision(session)


def test_a_topic_that_moves_takes_its_reminders_along(tree: WriteSession) -> None:
    assert (planned(tree, "C-beta"), planned(tree, "C-not")) == ({"T-2"}, {"T-1", "T-3"})
    number = put(tree, "gamma", "beta")
    assert (planned(tree, "C-beta"), planned(tree, "C-not")) == ({"T-2", "T-3"}, {"T-1"})
    assert planned(tree, "C-gamma") == {"T-3"}
    undo.undo(tree, revision(tree, number))
    assert (planned(tree, "C-beta"), planned(tree, "C-not")) == ({"T-2"}, {"T-1", "T-3"})


def test_what_lies_under_a_topic_that_moves_comes_along(tree: WriteSession) -> None:
    put(tree, "gamma", "beta")
    put(tree, "beta", "alpha")
    assert planned(tree, "C-alpha") == {"T-1", "T-2", "T-3"}
    put(tree, "beta", None)
    assert planned(tree, "C-alpha") == {"T-1"}


def test_a_merge_brings_the_reminders_of_both_and_its_undo_parts_them(tree: WriteSession) -> None:
    alpha, beta = topics.get(tree, "alpha"), topics.get(tree, "beta")
    assert alpha
    assert beta
    put(tree, "gamma", "beta")
    done = topic_merges.merge(tree, alpha, topics.get(tree, "beta") or beta)
    assert planned(tree, "C-alpha") == planned(tree, "C-beta") == {"T-1", "T-2", "T-3"}
    assert planned(tree, "C-not") == set()
    undo.undo(tree, revision(tree, done.revision))
    assert (planned(tree, "C-alpha"), planned(tree, "C-beta")) == ({"T-1"}, {"T-2", "T-3"})
    assert planned(tree, "C-not") == {"T-1"}


def test_where_many_talks_are_on_a_topic_the_sweep_plans(tree: WriteSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topic_talks, "AT_ONCE", 0)
    put(tree, "gamma", "beta")
    assert planned(tree, "C-beta") == {"T-2"}
    assert [row["subject"] for row in tree.rows("SELECT subject FROM unplanned")] == ["T-3"]
    assert posts.planned_in(tree, "C-beta", (PostKind.REMINDER,))
