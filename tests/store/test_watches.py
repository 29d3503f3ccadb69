"""Watches on record, whom a record concerns, and when digests fall due."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import migrations, orders, schedule, watches
from store.database import Session, Store
from store.records import Level, Place, PlaceState, Rhythm, Scope, Side, Status, Talks, Watch, WatchState
from store.scopes import Reader, concerns

NOW = datetime(2025, 2, 22, 18, tzinfo=UTC)
TEAM = "T1"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "watches.db"
    migrations.migrate(path, now=NOW)
    store = migrations.open_store(path)
    yield store
    store.close()


def watch(**changes: object) -> Watch:
    made = Watch(0, "C1", "U1", "Europe/Brussels", Rhythm.DAILY, None, "08:30")
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def test_a_watch_comes_back_as_it_was(empty: Store) -> None:
    wanted = watch(
        rhythm=Rhythm.WEEKLY, weekday=4, leads=("3d", "30m"),
        about=Scope(parties=("ru",), members=("nato",), levels=(Level.DEPUTY,), place_states=(PlaceState.REMOTE,)),
        but_not=Scope(countries=("by",)),
    )  # fmt: skip
    with empty.write(TEAM, actor="U1", now=NOW) as session:
        kept = watches.save(session, wanted)
        assert kept == dataclasses.replace(wanted, number=1)
        assert watches.get(session, 1) == kept
        assert watches.save(session, kept) == kept
    with empty.read("T2") as session:
        assert watches.of_channel(session, "C1") == []


@pytest.mark.parametrize(
    ("about", "but_not", "expected"),
    [
        (Scope(), Scope(), True),
        (Scope(parties=("ru",)), Scope(), True),
        (Scope(parties=("fr", "ru")), Scope(), True),
        (Scope(parties=("fr",)), Scope(), False),
        (Scope(members=("nato",)), Scope(), True),
        (Scope(members=("brics",)), Scope(), True),
        (Scope(members=("asean",)), Scope(), False),
        (Scope(levels=(Level.DEPUTY,)), Scope(), True),
        (Scope(parties=("ru",), levels=(Level.LEADER,)), Scope(), False),
        (Scope(countries=("sa",)), Scope(), True),
        (Scope(), Scope(parties=("us",)), False),
        (Scope(parties=("ru",)), Scope(members=("nato",)), False),
        (Scope(parties=("ru",)), Scope(countries=("tr",)), True),
        (Scope(place_states=(PlaceState.THIRD_COUNTRY,)), Scope(), False),
    ],
)
def test_whom_talks_concern(empty: Store, about: Scope, but_not: Scope, expected: bool) -> None:
    talks = Talks(
        "a", 1, "A", Status.PLANNED, (Side("us", Level.MINISTER), Side("ru", Level.DEPUTY)),
        place=Place(PlaceState.NAMED, "sa", "Riyadh"),
    )  # fmt: skip
    with empty.write(TEAM, actor="U1", now=NOW) as session:
        kept = watches.save(session, watch(about=about, but_not=but_not))
        facts = Reader(session, NOW.date()).of_talks(talks)
        assert concerns(kept, facts) is expected
        assert (kept in watches.concerned(session, facts)) is expected


def test_a_digest_is_planned_and_replanned_with_its_watch(empty: Store) -> None:
    with empty.write(TEAM, actor="U1", now=NOW) as session:
        kept = orders.save_watch(session, watch())
        assert _digests(session) == [("2025-02-23", "2025-02-23T07:30:00Z", "planned")]
        kept = orders.save_watch(session, dataclasses.replace(kept, state=WatchState.PAUSED))
        assert _digests(session)[0][2] == "dropped"
        orders.save_watch(session, dataclasses.replace(kept, state=WatchState.ACTIVE, at="09:00"))
        assert _digests(session) == [("2025-02-23", "2025-02-23T08:00:00Z", "planned")]


def test_a_day_that_had_its_digest_gets_no_second(empty: Store) -> None:
    with empty.write(TEAM, actor="U1", now=NOW) as session:
        kept = orders.save_watch(session, watch(at="20:00"))
        session.execute("UPDATE post SET state = 'sent' WHERE team_id = :team AND kind = 'digest'")
        orders.save_watch(session, dataclasses.replace(kept, at="21:00"))
        assert [row[0] for row in _digests(session)] == ["2025-02-22", "2025-02-23"]


def _digests(session: Session) -> list[tuple[str, str, str]]:
    rows = session.rows("SELECT slot, due, state FROM post WHERE team_id = :team AND kind = 'digest' ORDER BY due")
    return [(row["slot"], row["due"], row["state"]) for row in rows]


@pytest.mark.parametrize(
    ("zone", "day", "at", "due"),
    [
        ("Europe/Brussels", date(2025, 3, 30), "02:30", "2025-03-30T01:30"),  # 03:30 on the new clock
        ("Europe/Brussels", date(2025, 10, 26), "02:30", "2025-10-26T00:30"),  # the first of two
        ("Australia/Lord_Howe", date(2025, 10, 5), "02:15", "2025-10-04T15:45"),  # clocks go half an hour
        ("Asia/Kathmandu", date(2025, 1, 1), "08:30", "2025-01-01T02:45"),
        ("America/Nuuk", date(2025, 3, 29), "23:30", "2025-03-30T00:59"),  # the skipped hour is the day's last
        ("Pacific/Apia", date(2011, 12, 29), "08:30", "2011-12-29T18:30"),
    ],
)
def test_odd_local_times(zone: str, day: date, at: str, due: str) -> None:
    occasion = schedule.next_digest(watch(zone=zone, at=at), datetime.fromisoformat(due + ":00+00:00") - timedelta(seconds=1))
    assert (occasion.day, f"{occasion.due:%Y-%m-%dT%H:%M}") == (day, due)


def test_a_day_that_a_zone_left_out_has_no_digest() -> None:
    apia = watch(zone="Pacific/Apia")
    after = datetime(2011, 12, 29, 20, tzinfo=UTC)
    assert schedule.next_digest(apia, after).day == date(2011, 12, 31)


def test_the_days_whose_time_does_not_exist_are_told() -> None:
    assert schedule.odd_days(watch(at="02:30"), NOW) == [(date(2025, 3, 30), "03:30")]
    assert schedule.odd_days(watch(), NOW) == []
    after = datetime(2025, 3, 30, 12, tzinfo=UTC)
    assert schedule.odd_days(watch(at="02:30"), after) == [(date(2026, 3, 29), "03:30")]
    assert schedule.odd_days(watch(at="23:30", zone="America/Nuuk"), NOW) == [(date(2025, 3, 29), "22:59")]


@pytest.mark.parametrize("at", ["00:30", "23:30"])
def test_every_local_day_of_every_zone_has_one_digest_of_its_own(at: str) -> None:
    odd: list[str] = []
    for name in sorted(available_timezones()):
        zone, daily = ZoneInfo(name), watch(zone=name, at=at)
        for day in _days_around_jumps(zone):
            occasion = schedule.next_digest(daily, datetime.combine(day, time(), zone).astimezone(UTC) - timedelta(seconds=1))
            if (occasion.day, occasion.due.astimezone(zone).date()) != (day, day):
                odd.append(f"{name} {day}")
    assert odd == []


def _days_around_jumps(zone: ZoneInfo) -> list[date]:
    """The days on which clocks change in 2024 to 2026, those around them, and one ordinary day."""
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(3 * 366)]
    offsets = [datetime.combine(day, time(12), zone).utcoffset() for day in days]
    changed = {day for day, one, other in zip(days, offsets, offsets[1:], strict=False) if one != other}
    return sorted({date(2025, 1, 15)} | {day + timedelta(days=n) for day in changed for n in (-1, 0, 1, 2)})


@given(
    zone=st.sampled_from(["Europe/Brussels", "America/Santiago", "Asia/Kolkata", "Australia/Lord_Howe", "America/Nuuk"]),
    minute=st.integers(0, 1439),
    days=st.integers(0, 3000),
)
def test_consecutive_digests_are_consecutive_days(zone: str, minute: int, days: int) -> None:
    daily = watch(zone=zone, at=f"{minute // 60:02}:{minute % 60:02}")
    first = schedule.next_digest(daily, datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=days))
    second = schedule.next_digest(daily, first.due)
    assert second.day - first.day == timedelta(days=1)
    assert second.due > first.due


def test_after_an_outage_the_latest_digest_is_planned() -> None:
    weekly = watch(rhythm=Rhythm.WEEKDAYS)
    due = datetime(2025, 2, 24, 7, 30, tzinfo=UTC)
    assert schedule.following(weekly, due, due).day == date(2025, 2, 25)
    assert schedule.following(weekly, due, datetime(2025, 2, 28, 12, tzinfo=UTC)).day == date(2025, 2, 28)
    assert schedule.following(weekly, due, datetime(2026, 2, 28, 12, tzinfo=UTC)).day == date(2026, 2, 27)
