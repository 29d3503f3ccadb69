"""Wide changes: noted with the change, planned afterwards, with what planning on the spot would have given."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from store import backlog, migrations, orders, planning, posts, talks
from store.database import BUILTIN, Store
from store.records import Place, PlaceState, Precision, Scope, Side, Status, Talks, Watch, Window

NOW = datetime(2025, 2, 22, 18, tzinfo=UTC)
TEAM = "T1"
FORTNIGHT = Window(date(2025, 2, 22), date(2025, 3, 8), Precision.OPEN_WINDOW, None, "within two weeks")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "wide.db"
    migrations.migrate(path, now=NOW)
    opened = migrations.open_store(path)
    yield opened
    opened.close()


def watched(store: Store, channels: int) -> None:
    """Channels with one watch each, in two zones and with two sets of lead times."""
    with store.write(TEAM, actor="U1", now=NOW) as session:
        for n in range(channels):
            zone, leads = (("Europe/Brussels", ("7d", "1d")), ("Asia/Tokyo", ("1d", "2h")))[n % 2]
            orders.save_watch(session, Watch(0, f"C{n:04}", "U1", zone, about=Scope(parties=("ru",)), leads=leads))


def save(store: Store, record: Talks, now: datetime = NOW) -> Talks:
    with store.write(TEAM, actor="U1", now=now) as session:
        return talks.save(session, record)


def made(key: str = "a", **changes: object) -> Talks:
    record = Talks(key, 0, key.upper(), Status.PLANNED, (Side("us"), Side("ru")), FORTNIGHT)
    return dataclasses.replace(record, **changes)  # type: ignore[arg-type]


def work_off(store: Store, now: datetime = NOW) -> int:
    """Plans until nothing is left; returns in how many transactions."""
    for steps in range(1, 1000):
        with store.write(BUILTIN, actor="attache", now=now) as session:
            if not planning.catch_up(session):
                return steps
    raise AssertionError("it never ends")


def about_talks(store: Store, channel: str) -> list[tuple[str, str, str, str, datetime, datetime]]:
    with store.read(TEAM) as session:
        found = [p for p in posts.everything(session, limit=100_000) if p.channel == channel and p.subject.startswith("T-")]
    return sorted((p.subject, p.kind, p.slot, p.state, p.due, p.useful_until) for p in found)


def pending(store: Store) -> list[str]:
    with store.read(TEAM) as session:
        return backlog.subjects(session)


def history(store: Store, *, slowly: bool) -> None:
    """Talks planned, moved, joined by others that wait for them, and held. `slowly` plans for each change before the next."""

    def settle(now: datetime) -> None:
        if slowly:
            work_off(store, now)

    first = save(store, made())
    settle(NOW)
    at = NOW + timedelta(hours=1)
    moved = save(store, dataclasses.replace(first, window=Window(date(2025, 3, 20), date(2025, 3, 20), Precision.DAY)), at)
    settle(at)
    save(store, made("b", after=("a",), place=Place(PlaceState.NAMED, "tr", "Istanbul")), at)
    settle(at)
    at += timedelta(hours=1)
    save(store, dataclasses.replace(moved, status=Status.HELD), at)
    settle(at)


@pytest.mark.parametrize("slowly", [True, False])
def test_planned_afterwards_is_planned_alike(store: Store, tmp_path: Path, *, slowly: bool) -> None:
    watched(store, 2)
    history(store, slowly=True)  # two channels are not many: all of it is planned on the spot
    assert pending(store) == []
    on_the_spot = {n: about_talks(store, f"C{n:04}") for n in range(2)}
    assert any(row[1] == "ready" for row in on_the_spot[0])

    path = tmp_path / "more.db"
    migrations.migrate(path, now=NOW)
    many = migrations.open_store(path)
    watched(many, 2 * backlog.WIDE + 10)
    history(many, slowly=slowly)
    work_off(many, NOW + timedelta(hours=3))
    assert pending(many) == []
    for n in range(2 * backlog.WIDE + 10):
        rows = about_talks(many, f"C{n:04}")
        if not slowly:  # what was never planned in between needed no dropping
            rows = [row for row in rows if row[3] == "planned"]
            assert rows == [row for row in on_the_spot[n % 2] if row[3] == "planned"]
        else:
            assert rows == on_the_spot[n % 2]
    many.close()


def test_a_wide_change_writes_a_note_and_no_posts(store: Store) -> None:
    watched(store, backlog.WIDE + 1)
    save(store, made())
    assert pending(store) == ["T-1"]
    assert about_talks(store, "C0000") == []


def test_a_change_that_concerns_few_is_planned_on_the_spot(store: Store) -> None:
    watched(store, backlog.WIDE)
    save(store, made())
    save(store, made("z", sides=(Side("cn"), Side("jp"))))
    assert pending(store) == []
    assert about_talks(store, f"C{backlog.WIDE - 1:04}")


def test_old_talks_loaded_under_many_watches_leave_no_note(store: Store) -> None:
    watched(store, backlog.WIDE + 5)
    save(store, made(status=Status.HELD))
    assert pending(store) == []


def test_it_goes_on_where_it_was_cut_short_and_starts_again_after_another_change(store: Store) -> None:
    count = 2 * planning.AT_ONCE + 1
    watched(store, count)
    first = save(store, made())
    with store.write(BUILTIN, actor="attache", now=NOW) as session:
        assert planning.catch_up(session)
    assert about_talks(store, "C0000")
    assert not about_talks(store, f"C{count - 1:04}")
    save(store, dataclasses.replace(first, status=Status.CANCELLED), NOW + timedelta(minutes=1))
    assert work_off(store, NOW + timedelta(minutes=2)) >= 2
    assert {row[3] for row in about_talks(store, "C0000")} == {"dropped"}
    assert not about_talks(store, f"C{count - 1:04}")


def test_what_fell_due_since_the_change_is_still_planned(store: Store) -> None:
    watched(store, backlog.WIDE + 1)
    at = NOW + timedelta(days=1, minutes=1)
    save(store, made(window=Window(at, at, Precision.MINUTE, "UTC")))
    work_off(store, NOW + timedelta(minutes=5))  # four minutes after "1d" fell due
    assert [row[2].partition("@")[0] for row in about_talks(store, "C0000") if row[1] == "reminder"] == ["1d"]


def test_talks_taken_off_the_record_leave_nothing_behind(store: Store) -> None:
    watched(store, backlog.WIDE + 1)
    first = save(store, made())
    with store.write(TEAM, actor="U1", now=NOW) as session:
        talks.remove(session, first, action="undone")
    work_off(store)
    assert pending(store) == []
    assert about_talks(store, "C0000") == []


def test_a_channel_that_asks_meanwhile_is_planned_for_at_once_and_only_once(store: Store) -> None:
    watched(store, backlog.WIDE + 1)
    first = save(store, made())
    with store.write(TEAM, actor="U1", now=NOW) as session:
        orders.set_remind(session, first, "C0000", ("3d",), zone="UTC")
    before = about_talks(store, "C0000")
    assert any(row[2].startswith("3d@") for row in before)
    work_off(store)
    assert about_talks(store, "C0000") == before


def test_workspaces_are_planned_for_apart(store: Store) -> None:
    watched(store, backlog.WIDE + 1)
    save(store, made())
    with store.read("T2") as session:
        assert backlog.subjects(session) == []
        assert not backlog.has(session, "T-1")
        assert not backlog.is_wide(session, "T-1", 1, ["party:ru", "*"])
