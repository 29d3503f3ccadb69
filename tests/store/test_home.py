"""The home workspace: what was loaded before the bot met Slack belongs to the workspace it then serves."""

from __future__ import annotations

from store import changes, home, search, starter, talks
from store.database import Store
from store.exchange import export
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
