"""Undo in the store: field by field, never under what came later, always as a new revision; and who may record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import changes, duplicates, editors, migrations, talks, undo
from store.database import Store
from store.errors import Conflict, NotOnRecord
from store.plain import to_plain
from store.records import Level, Place, PlaceState, Precision, Revision, Side, Status, Talks, Window

NOW = datetime(2025, 2, 22, 18, 0, tzinfo=UTC)
FIRST = Talks("first", 0, "First", Status.PLANNED, (Side("us"), Side("ru")), Window(date(2025, 3, 1), date(2025, 3, 2)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "undo.db"
    migrations.migrate(path, now=NOW)
    opened = migrations.open_store(path)
    yield opened
    opened.close()


def write(store: Store, record: Talks, actor: str = "U1") -> Revision:
    """Saves talks and gives the revision of it."""
    with store.write("T1", actor=actor, now=NOW) as session:
        talks.save(session, record, action="edited")
        return changes.get(session, changes.latest(session, talks.KIND, record.key))


def take_back(store: Store, revision: Revision, actor: str = "U1") -> undo.Undone:
    with store.write("T1", actor=actor, now=NOW) as session:
        return undo.undo(session, revision)


def now_on_record(store: Store, key: str = "first") -> Talks | None:
    with store.read("T1") as session:
        return talks.by_key(session, key)


def test_a_change_is_taken_back_and_others_stay(store: Store) -> None:
    write(store, FIRST)
    titled = write(store, replace(FIRST, title="Second"))
    write(store, replace(FIRST, title="Second", note="noted", place=Place(PlaceState.REMOTE)))
    done = take_back(store, titled)
    assert done.record is not None
    left = now_on_record(store)
    assert left is not None
    assert (left.title, left.note, left.place.state) == ("First", "noted", PlaceState.REMOTE)
    with store.read("T1") as session:
        last = changes.get(session, done.number)
    assert (last.undoes, last.action, last.actor) == (titled.number, "undone", "U1")


def test_a_change_under_a_later_one_is_kept(store: Store) -> None:
    write(store, FIRST)
    second = write(store, replace(FIRST, title="Second"))
    third = write(store, replace(FIRST, title="Third"))
    with pytest.raises(undo.CannotUndo) as caught:
        take_back(store, second)
    assert caught.value.fields == ("title",)
    assert [r.number for r in caught.value.by] == [third.number]
    assert now_on_record(store) == replace(FIRST, number=1, title="Third")


def test_undoing_is_undone(store: Store) -> None:
    write(store, FIRST)
    second = write(store, replace(FIRST, title="Second"))
    done = take_back(store, second)
    with store.read("T1") as session:
        undoing = changes.get(session, done.number)
    take_back(store, undoing)
    left = now_on_record(store)
    assert left is not None
    assert left.title == "Second"


def test_the_last_change_that_stands(store: Store) -> None:
    first = write(store, FIRST)
    second = write(store, replace(FIRST, title="Second"))
    third = write(store, replace(FIRST, title="Third"))
    order = []
    for _ in range(3):
        with store.read("T1") as session:
            last = undo.last(session, talks.KIND, "first")
        assert last is not None
        order.append(last.number)
        take_back(store, last)
    assert order == [third.number, second.number, first.number]
    with store.read("T1") as session:
        assert undo.last(session, talks.KIND, "first") is None
    assert now_on_record(store) is None


def test_a_record_comes_back_whole_under_its_number(store: Store) -> None:
    first = write(store, replace(FIRST, outcome=("a", "b"), note="x"))
    before = now_on_record(store)
    done = take_back(store, first)
    write(store, replace(FIRST, key="other"))
    with store.read("T1") as session:
        removal = changes.get(session, done.number)
        assert not talks.many(session, [1])
        assert session.value("SELECT count(*) FROM document WHERE team_id = :team AND number = 1") == 0
    take_back(store, removal)
    assert now_on_record(store) == before


def test_what_others_wait_for_stays(store: Store) -> None:
    first = write(store, FIRST)
    held = write(store, replace(FIRST, status=Status.HELD, window=Window(date(2025, 2, 20), date(2025, 2, 20), Precision.DAY)))
    write(store, replace(FIRST, key="next", status=Status.HELD, after=("first",)))
    with pytest.raises(undo.CannotUndo) as caught:
        take_back(store, held)
    assert (caught.value.why, caught.value.labels) == ("depends", ("T-2",))
    with pytest.raises(undo.CannotUndo):
        take_back(store, first)


def test_undo_twice_is_nothing(store: Store) -> None:
    write(store, FIRST)
    second = write(store, replace(FIRST, title="Second"))
    take_back(store, second)
    with pytest.raises(undo.CannotUndo):
        take_back(store, second)


def test_versions_are_revisions(store: Store) -> None:
    first = write(store, FIRST)
    with store.read("T1") as session:
        assert changes.latest(session, talks.KIND, "first") == first.number
        changes.expect(session, talks.KIND, "first", first.number)
    second = write(store, replace(FIRST, title="Second"))
    with store.read("T1") as session, pytest.raises(Conflict):
        changes.expect(session, talks.KIND, "first", first.number)
    with store.read("T1") as session:
        assert [r.number for r in changes.since(session, talks.KIND, "first", first.number)] == [second.number]
        assert changes.latest_of(session, talks.KIND, "U1") == second
        assert changes.latest_of(session, talks.KIND, "U2") is None
    with store.read("T2") as session:
        assert changes.latest(session, talks.KIND, "first") == 0
        with pytest.raises(NotOnRecord):
            changes.get(session, first.number)


EDITS = st.lists(
    st.tuples(st.sampled_from(["title", "note", "format", "undo"]), st.sampled_from(["a", "b", "c"])), min_size=1, max_size=12
)


@given(EDITS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_run_of_changes_and_undoings_replays(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("replay") / "undo.db"
    migrations.migrate(path, now=NOW)
    store = migrations.open_store(path)
    try:
        write(store, FIRST)
        for name, value in edits:
            current = now_on_record(store)
            if name != "undo" and current is not None:
                write(store, replace(current, **{name: value}))  # type: ignore[arg-type]
                continue
            with store.write("T1", actor="U1", now=NOW) as session:
                if last := undo.last(session, talks.KIND, "first"):
                    undo.undo(session, last)
        with store.read("T1") as session:
            revisions = changes.of_record(session, talks.KIND, "first")
        state = None
        for revision in revisions:
            assert revision.before == state
            state = revision.after
        left = now_on_record(store)
        assert state == (None if left is None else to_plain(left))
    finally:
        store.close()


def test_editors_are_a_setting_with_a_history(store: Store) -> None:
    with store.write("T1", actor="U1", now=NOW) as session:
        assert editors.named(session) is None
        assert editors.name(session, ["U2", "U1", "U2"]) == ("U2", "U1")
        assert editors.named(session) == ("U2", "U1")
        assert editors.name(session, ()) == ()
        assert editors.name(session, None) is None
        revisions = changes.of_record(session, editors.KIND, editors.NAME)
    assert [(r.before, r.after) for r in revisions] == [
        (None, {"users": ["U2", "U1"]}),
        ({"users": ["U2", "U1"]}, {"users": []}),
        ({"users": []}, None),
    ]


# Duplicates.


@pytest.mark.parametrize(
    ("other", "likely"),
    [
        ({}, True),
        ({"window": Window(date(2025, 2, 20), date(2025, 3, 1))}, True),
        ({"window": Window(None, date(2025, 3, 1))}, False),
        ({"window": Window(date(2025, 3, 3), date(2025, 3, 9))}, False),
        ({"window": Window()}, False),
        ({"sides": (Side("ru"), Side("us"))}, True),
        ({"sides": (Side("ru"), Side("us"), Side("sa"))}, False),
        ({"sides": (Side("us", Level.DEPUTY), Side("ru"))}, True),
        ({"status": Status.CANCELLED}, False),
        ({"round": 2}, True),
    ],
)
def test_likely_duplicates(store: Store, other: dict[str, object], likely: bool) -> None:
    write(store, replace(FIRST, key="other", **other))  # type: ignore[arg-type]
    with store.read("T1") as session:
        found = duplicates.of_talks(session, FIRST)
    assert [t.key for t in found] == (["other"] if likely else [])


def test_rounds_and_levels_that_differ_are_other_talks(store: Store) -> None:
    sides = (Side("us", Level.DEPUTY), Side("ru", Level.DEPUTY))
    write(store, replace(FIRST, key="other", round=1, sides=sides))
    with store.read("T1") as session:
        assert not duplicates.of_talks(session, replace(FIRST, round=2, sides=sides))
        assert not duplicates.of_talks(session, replace(FIRST, sides=(Side("us", Level.LEADER), Side("ru", Level.LEADER))))
        assert duplicates.of_talks(session, replace(FIRST, sides=sides))


def test_a_round_is_known_by_its_number(store: Store) -> None:
    write(store, replace(FIRST, key="other", round=2, window=Window()))
    with store.read("T1") as session:
        assert duplicates.of_talks(session, replace(FIRST, round=2))
        assert not duplicates.of_talks(session, replace(FIRST, round=3))
        assert not duplicates.of_talks(session, FIRST)


def test_undated_talks_are_like_undated_ones(store: Store) -> None:
    write(store, replace(FIRST, key="other", window=Window()))
    with store.read("T1") as session:
        assert duplicates.of_talks(session, replace(FIRST, window=Window()))
        assert not duplicates.of_talks(session, replace(FIRST, sides=(Side("us"),)))
