"""The home workspace: what was loaded before the bot met Slack belongs to the workspace it then serves."""

from __future__ import annotations

from datetime import timedelta

from store import changes, home, orders, posts, search, starter, talks, watches
from store.database import Store
from store.exchange import export
from store.records import PostKind, Rhythm, Watch, WatchState
from tests.store.conftest import NOW


def test_the_first_workspace_takes_over_what_was_loaded(fresh: Store) -> None:
    starter.apply(fresh, home.LOCAL, NOW)
    with fresh.read(home.LOCAL) as session:
        before = export(session)
    assert home.of(fresh) == home.LOCAL
    assert home.settle(fresh, "T0ACME", now=NOW)
    assert home.of(fresh) == "T0ACME"
    with fresh.read("T0ACME") as session:
        assert export(session) == before
        assert search.find(session, "embassies").total
        assert changes.of_record(session, talks.KIND, talks.get(session, 3).key)
    with fresh.read(home.LOCAL) as session:
        assert not talks.many(session, [1, 2, 3])
    assert not fresh.database.execute("PRAGMA foreign_key_check").fetchall()


def test_what_was_ordered_for_the_terminal_ends(fresh: Store) -> None:
    starter.apply(fresh, home.LOCAL, NOW)
    with fresh.write(home.LOCAL, actor="local", now=NOW) as session:
        orders.save_watch(session, Watch(0, "local", "local", "UTC", Rhythm.DAILY, None, "08:30"))
        kept = orders.save_watch(session, Watch(0, "C0DESK", "U0EDITOR", "UTC", Rhythm.DAILY, None, "08:30"))
        orders.set_remind(session, talks.get(session, 3), "local", ("3d",), zone="UTC")
        orders.snooze(session, talks.get(session, 4), "local", NOW + timedelta(hours=1))
    assert home.settle(fresh, "T0ACME", now=NOW)
    with fresh.read("T0ACME") as session:
        assert watches.get(session, 1).state is WatchState.OFF
        assert changes.of_record(session, watches.KIND, "W-1")[-1].action == "ended: it was the terminal's"
        assert watches.of_channel(session, "C0DESK") == [kept]
        assert watches.reminds_in(session, "local") == {}
        assert posts.count_owed(session, "local") == 0
        assert posts.planned_in(session, "local", (PostKind.CHECK,)) == []
        assert posts.count_owed(session, "C0DESK") > 1
    assert not fresh.database.execute("PRAGMA foreign_key_check").fetchall()


def test_only_the_first_becomes_home(fresh: Store) -> None:
    starter.apply(fresh, home.LOCAL, NOW)
    assert home.settle(fresh, "T0ACME", now=NOW)
    assert not home.settle(fresh, "T0OTHER", now=NOW)
    assert home.of(fresh) == "T0ACME"
    with fresh.read("T0OTHER") as session:
        assert not talks.many(session, [1])


def test_two_memories_are_never_mixed(fresh: Store) -> None:
    starter.apply(fresh, home.LOCAL, NOW)
    starter.apply(fresh, "T0ACME", NOW)
    assert not home.settle(fresh, "T0ACME", now=NOW)
    with fresh.read(home.LOCAL) as session:
        assert len(talks.many(session, [1, 2, 3])) == 3


def test_an_empty_store_has_nothing_to_take_over(fresh: Store) -> None:
    assert not home.settle(fresh, "T0ACME", now=NOW)
    assert home.of(fresh) == "T0ACME"
