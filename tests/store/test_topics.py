"""Topics, their aliases and their nesting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import changes, migrations, topics
from store.database import Store
from store.errors import NotOnRecord
from store.plain import to_plain
from store.records import Topic

NOW = datetime(2025, 2, 22, 18, 0, tzinfo=UTC)
EAST = Topic("nato-east", "NATO in Eastern Europe", ("NATO", "1997 line"))
KYIV = Topic("nato-ukraine", "NATO membership for Ukraine", parent="nato-east")
ARMS = Topic("arms", "Arms control")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    migrations.migrate(tmp_path / "store.db", now=NOW)
    opened = migrations.open_store(tmp_path / "store.db")
    with opened.write("T1", actor="U1", now=NOW) as session:
        for topic in (EAST, KYIV, ARMS):
            topics.save(session, topic)
    yield opened
    opened.close()


def test_save_and_get(store: Store) -> None:
    with store.read("T1") as session:
        assert topics.get(session, "nato-east") == EAST
        assert topics.by_keys(session, ["arms", "nobody", "arms"]) == {"arms": ARMS}
        assert topics.everything(session) == [ARMS, EAST, KYIV]
        assert topics.get(session, "nobody") is None
        assert topics.by_keys(session, []) == {}
    with store.read("T2") as session:
        assert topics.everything(session) == []
        assert topics.named(session, ["nato"]) == {}


def test_found_by_name_and_alias(store: Store) -> None:
    with store.read("T1") as session:
        assert topics.named(session, ["nato", "1997 line", "arms control", "nobody"]) == {
            "nato": ["nato-east"],
            "1997 line": ["nato-east"],
            "arms control": ["arms"],
        }
        assert topics.named(session, []) == {}


def test_two_topics_may_share_a_name(store: Store) -> None:
    with store.write("T1", actor="U1", now=NOW) as session:
        topics.save(session, Topic("enlargement", "Enlargement", ("NATO",)))
        assert topics.named(session, ["nato"])["nato"] == ["enlargement", "nato-east"]


def test_children_and_subtree(store: Store) -> None:
    with store.write("T1", actor="U1", now=NOW) as session:
        topics.save(session, Topic("troops", "Troops", parent="nato-ukraine"))
        assert topics.children(session, "nato-east") == ["nato-ukraine"]
        assert topics.subtree(session, "nato-east") == ["nato-east", "nato-ukraine", "troops"]
        assert topics.subtree(session, "troops") == ["troops"]
        assert topics.subtree(session, "nobody") == []
        assert topics.subtree_of(session, ["arms", "nato-ukraine", "troops"]) == ["arms", "nato-ukraine", "troops"]
        assert topics.subtree_of(session, []) == []


def test_a_topic_is_not_under_itself(store: Store) -> None:
    with store.write("T1", actor="U1", now=NOW) as session:
        with pytest.raises(topics.Circle) as caught:
            topics.save(session, Topic("nato-east", "NATO in Eastern Europe", parent="nato-ukraine"))
        assert caught.value.path == ("nato-east", "nato-ukraine", "nato-east")
        with pytest.raises(topics.Circle):
            topics.save(session, Topic("arms", "Arms control", parent="arms"))
        with pytest.raises(NotOnRecord):
            topics.save(session, Topic("arms", "Arms control", parent="nobody"))
        assert topics.get(session, "nato-east") == EAST


def test_changes_leave_revisions_and_can_be_put_back(store: Store) -> None:
    with store.write("T1", actor="U1", now=NOW) as session:
        topics.save(session, ARMS)
        changed = topics.save(session, Topic("arms", "Strategic stability", ("Arms control", "arms  CONTROL", "…")))
        assert changed.aliases == ("Arms control",)
        assert topics.named(session, ["arms control"]) == {"arms control": ["arms"]}
        revisions = changes.of_record(session, topics.KIND, "arms")
        assert [(r.before, r.after) for r in revisions] == [
            (None, to_plain(ARMS)),
            (to_plain(ARMS), to_plain(changed)),
        ]
        assert topics.restore(session, revisions[1].before or {}, action="undone", undoes=revisions[1].number) == ARMS
        assert topics.get(session, "arms") == ARMS


@pytest.mark.parametrize(("word", "key"), [("Arms contol", "arms"), ("eastern", "nato-east"), ("1997 lin", "nato-east")])
def test_near_misses(store: Store, word: str, key: str) -> None:
    with store.read("T1") as session:
        assert topics.suggest(session, word)[0].key == key


@pytest.mark.parametrize("word", ["", "xyzzy", "foo", "x" * 5000])
def test_no_near_miss_for_nonsense(store: Store, word: str) -> None:
    with store.read("T1") as session:
        assert topics.suggest(session, word) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.text(max_size=40), aliases=st.lists(st.text(max_size=20), max_size=5))
def test_what_is_saved_is_what_is_read(store: Store, name: str, aliases: list[str]) -> None:
    with store.write("T1", actor="U1", now=NOW) as session:
        kept = topics.save(session, Topic("any", name, tuple(aliases)))
        assert topics.get(session, "any") == kept
        assert topics.save(session, kept) == kept
