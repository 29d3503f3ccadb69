"""What talks owe to channels, written with the change that causes it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from store import migrations, orders, owed, posts, talks
from store.database import Session, Store, WriteSession
from store.records import Account, Level, Place, PlaceState, PostKind, Precision, Scope, Side, Status, Talks, Watch, Window

NOW = datetime(2025, 2, 22, 18, tzinfo=UTC)
TEAM = "T1"

FORTNIGHT = Window(date(2025, 2, 22), date(2025, 3, 8), Precision.OPEN_WINDOW, None, "within two weeks")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[WriteSession]:
    path = tmp_path / "posts.db"
    migrations.migrate(path, now=NOW)
    store: Store = migrations.open_store(path)
    with store.write(TEAM, actor="U1", now=NOW) as open_session:
        yield open_session
    store.close()


def made(key: str = "a", window: Window = FORTNIGHT, **changes: Any) -> Talks:
    record = Talks(key, 0, key.upper(), Status.PLANNED, (Side("us", Level.DEPUTY), Side("ru", Level.DEPUTY)), window)
    return dataclasses.replace(record, **changes)


def watch(session: WriteSession, channel: str = "C1", **changes: Any) -> Watch:
    base = Watch(0, channel, "U1", "Europe/Brussels", about=Scope(parties=("ru",)))
    return orders.save_watch(session, dataclasses.replace(base, **changes))


def planned(session: Session, channel: str = "C1") -> list[str]:
    """Kind, slot and due of what is planned about talks, soonest first."""
    found = [p for p in posts.owed_to(session, channel, limit=99) if p.subject.startswith("T-")]
    return [f"{p.kind} {p.slot} {p.due:%m-%d %H:%M}" for p in found]


def test_a_window_owes_its_opening_its_warnings_and_a_question(session: WriteSession) -> None:
    watch(session)
    talks.save(session, made())
    assert planned(session) == [
        "opens 2025-02-22 02-22 18:00",  # it opened this morning, so it is announced at once
        "closes 7d@2025-03-08 03-01 08:00",
        "closes 1d@2025-03-08 03-07 08:00",
        "closes 2h@2025-03-08 03-08 06:00",
        "happened 2025-03-08 03-09 08:00",
    ]


def test_a_clock_time_is_counted_from_and_a_day_from_nine_at_the_place(session: WriteSession) -> None:
    watch(session)
    at = datetime(2025, 3, 18, 7, tzinfo=UTC)
    talks.save(session, made("clock", Window(at, at, Precision.MINUTE, "Asia/Riyadh")))
    riyadh = Place(PlaceState.NAMED, "sa", "Riyadh")
    talks.save(session, made("day", Window(date(2025, 3, 18), date(2025, 3, 18), Precision.DAY), place=riyadh))
    assert planned(session) == [
        "reminder 7d@2025-03-18 03-11 06:00",
        "reminder 7d@2025-03-18T07:00Z 03-11 07:00",
        "reminder 1d@2025-03-18 03-17 06:00",
        "reminder 1d@2025-03-18T07:00Z 03-17 07:00",
        "reminder 2h@2025-03-18 03-18 04:00",
        "reminder 2h@2025-03-18T07:00Z 03-18 05:00",
        "happened 2025-03-18 03-19 06:00",
        "happened 2025-03-18 03-19 06:00",
    ]


def test_a_day_ahead_keeps_the_time_on_the_wall_across_a_clock_change() -> None:
    at = datetime(2025, 3, 30, 8, tzinfo=UTC)  # 10:00 in Brussels, the day clocks went forward
    found = owed.owed(made(window=Window(at, at, Precision.MINUTE)), zone="Europe/Brussels", leads=("1d", "2h"))
    assert [f"{post.due:%d %H:%M}" for post in found][:2] == ["29 09:00", "30 06:00"]


def test_a_short_range_is_talks_and_a_long_one_a_window() -> None:
    def kinds(last: date) -> set[PostKind]:
        window = Window(date(2025, 4, 7), last, Precision.RANGE)
        return {post.kind for post in owed.owed(made(window=window), zone="UTC", leads=("1d",))}

    assert kinds(date(2025, 4, 9)) == {PostKind.REMINDER, PostKind.HAPPENED}
    assert kinds(date(2025, 4, 20)) == {PostKind.OPENS, PostKind.CLOSES, PostKind.HAPPENED}


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window(), []),
        (Window(date(2025, 6, 1), None, Precision.OPEN_START), ["opens"]),
        (Window(None, date(2025, 6, 1), Precision.OPEN_WINDOW), ["closes", "happened"]),
        (Window(date(1, 1, 1), date(9999, 12, 31), Precision.VAGUE), []),
    ],
)
def test_open_ends_and_no_dates(window: Window, expected: list[str]) -> None:
    assert [post.kind for post in owed.owed(made(window=window), zone="UTC", leads=("1d",))] == expected


def test_undated_talks_go_by_the_latest_account() -> None:
    accounts = (Account("x", "A", window=FORTNIGHT), Account("y", "B", window=Window()), Account("z", "C", happens=False))
    found = owed.owed(made(window=Window(), accounts=accounts), zone="UTC", leads=("1d",))
    assert [post.kind for post in found] == ["opens", "closes", "happened"]


def test_lead_times_longer_than_the_window_are_left_out(session: WriteSession) -> None:
    watch(session, leads=("60d", "1d"))
    kept = talks.save(session, made())
    assert [line.split()[1] for line in planned(session) if line.startswith("closes")] == ["1d@2025-03-08"]
    assert owed.too_long(kept, zone="UTC", leads=("60d", "1d")) == ["60d"]


def test_past_times_are_not_planned(session: WriteSession) -> None:
    watch(session)
    talks.save(session, made(window=Window(date(2025, 2, 1), date(2025, 2, 20), Precision.OPEN_WINDOW)))
    assert planned(session) == []


@pytest.mark.parametrize("status", [Status.HELD, Status.POSTPONED, Status.CANCELLED])
def test_what_is_settled_owes_nothing_and_undoing_owes_again(session: WriteSession, status: Status) -> None:
    watch(session)
    kept = talks.save(session, made())
    before = planned(session)
    talks.save(session, dataclasses.replace(kept, status=status))
    assert planned(session) == []
    assert {r["reason"] for r in session.rows("SELECT reason FROM post WHERE subject = 'T-1'")} == {f"T-1 is {status.value}"}
    talks.save(session, kept)
    assert planned(session) == before


def test_talks_that_move_owe_anew_and_do_not_repeat_what_was_said(session: WriteSession) -> None:
    watch(session, leads=("1d",))
    kept = talks.save(session, made())
    session.execute("UPDATE post SET state = 'sent' WHERE team_id = :team AND kind = 'opens'")
    later = dataclasses.replace(FORTNIGHT, latest=date(2025, 3, 15))
    talks.save(session, dataclasses.replace(kept, window=later))
    assert planned(session) == ["closes 1d@2025-03-15 03-14 08:00", "happened 2025-03-15 03-16 08:00"]
    talks.save(session, kept)
    assert planned(session) == ["closes 1d@2025-03-08 03-07 08:00", "happened 2025-03-08 03-09 08:00"]


def test_whoever_waits_hears_once_when_the_prerequisite_is_held(session: WriteSession) -> None:
    watch(session)
    first = talks.save(session, made("first"))
    talks.save(session, made("second", Window(), after=("first",)))
    talks.save(session, dataclasses.replace(first, status=Status.HELD))
    assert planned(session) == ["ready after T-1@2025-02-22T18:00:00Z 02-22 18:00"]
    talks.save(session, dataclasses.replace(first, status=Status.HELD, note="more"))
    assert planned(session) == ["ready after T-1@2025-02-22T18:00:00Z 02-22 18:00"]
    talks.save(session, first)
    assert "ready after T-1 02-22 18:00" not in planned(session)


def test_channels_and_workspaces_are_apart(session: WriteSession) -> None:
    watch(session, "C1")
    watch(session, "C2", about=Scope(parties=("fr",)))
    talks.save(session, made())
    assert planned(session, "C1")
    assert planned(session, "C2") == []
    assert posts.owed_to(Session("T2", session.db), "C1") == []


def test_two_watches_of_a_channel_remind_once(session: WriteSession) -> None:
    watch(session, leads=("1d",))
    watch(session, leads=("1d", "2d"), about=Scope(parties=("us",)))
    talks.save(session, made())
    assert sum(line.startswith("closes 1d") for line in planned(session)) == 1
    assert sum(line.startswith("closes 2d") for line in planned(session)) == 1


def test_a_watch_set_later_plans_what_is_on_record(session: WriteSession) -> None:
    talks.save(session, made())
    kept = watch(session)
    assert len(planned(session)) == 5
    orders.save_watch(session, dataclasses.replace(kept, about=Scope(parties=("fr",))))
    assert planned(session) == []


def test_own_lead_times_mute_and_back(session: WriteSession) -> None:
    watch(session)
    kept = talks.save(session, made())
    usual = planned(session)
    orders.set_remind(session, kept, "C1", ("3d",), zone="UTC")
    assert [line.split()[1] for line in planned(session) if line.startswith("closes")] == ["3d@2025-03-08"]
    orders.set_remind(session, kept, "C1", (), zone="UTC")
    assert planned(session) == []
    orders.unmute(session, kept, "C1")
    assert planned(session) == usual


def test_snoozes_survive_changes_but_not_the_end(session: WriteSession) -> None:
    watch(session, leads=("1d",))
    kept = talks.save(session, made())
    orders.snooze(session, kept, "C1", NOW + timedelta(hours=1))
    talks.save(session, dataclasses.replace(kept, title="Other"))
    assert any("snooze@" in line for line in planned(session))
    talks.save(session, dataclasses.replace(kept, status=Status.CANCELLED))
    assert planned(session) == []


def test_no_news_asks_again_later_each_time(session: WriteSession) -> None:
    watch(session)
    kept = talks.save(session, made(window=Window(date(2025, 2, 18), date(2025, 2, 18), Precision.DAY)))
    first = orders.no_news(session, kept, "C1", zone="UTC")
    assert orders.no_news(session, kept, "C1", zone="UTC") == first
    session.execute("UPDATE post SET state = 'sent' WHERE team_id = :team AND slot LIKE 'again@%'")
    assert orders.no_news(session, kept, "C1", zone="UTC") - first == timedelta(days=4)


def test_a_hundred_watches_in_one_channel(session: WriteSession) -> None:
    for n in range(100):
        watch(session, zone="UTC", leads=(f"{n + 1}h",))
    talks.save(session, made(window=Window(date(2025, 5, 1), date(2025, 5, 1), Precision.DAY)))
    assert len(planned(session)) == 99  # one page of the listing; a hundred reminders and a question in all
    assert posts.count_owed(session, "C1") == 101
