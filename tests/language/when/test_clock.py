"""Clock times across zones and the days clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.language.when import read
from store.records import Precision

SAID = date(2025, 3, 26)


def _at(text: str, zone: str = "Europe/Brussels", said: date = SAID) -> datetime:
    window = read(text, said_on=said, zone=zone).window
    assert isinstance(window.earliest, datetime), text
    assert window.precision is Precision.MINUTE
    return window.earliest


def test_the_same_words_before_and_after_the_clocks_change() -> None:
    assert _at("29 March at 10:00") == datetime(2025, 3, 29, 9, tzinfo=UTC)
    assert _at("30 March at 10:00") == datetime(2025, 3, 30, 8, tzinfo=UTC)
    assert _at("25 October at 10:00") == datetime(2025, 10, 25, 8, tzinfo=UTC)
    assert _at("26 October at 10:00") == datetime(2025, 10, 26, 9, tzinfo=UTC)


def test_places_change_their_clocks_on_different_days() -> None:
    assert _at("14 March 2025 at 10 am New York time") == datetime(2025, 3, 14, 14, tzinfo=UTC)
    assert _at("14 March 2025 at 10 am Geneva time") == datetime(2025, 3, 14, 9, tzinfo=UTC)
    assert _at("14 March 2025 at 10 am Moscow time") == datetime(2025, 3, 14, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("30 March at 02:30", "Europe/Brussels"),
        ("26 October at 02:30", "Europe/Brussels"),
        ("9 March 2025 at 2:30 am", "America/New_York"),
    ],
)  # fmt: skip
def test_a_time_skipped_or_shown_twice_asks(text: str, zone: str) -> None:
    reading = read(text, said_on=SAID, zone=zone)
    assert not reading.dated
    assert len(reading.readings) == 2
    assert reading.question


def test_an_explicit_offset_settles_it() -> None:
    assert _at("26 October at 02:30 UTC+2") == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert _at("26 October at 02:30 CET") == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)


def test_an_abbreviation_out_of_season_asks() -> None:
    reading = read("15:00 EST on 4 July", said_on=SAID, zone="UTC")
    assert [w.earliest for w in reading.readings] == [
        datetime(2025, 7, 4, 19, tzinfo=UTC),
        datetime(2025, 7, 4, 20, tzinfo=UTC),
    ]


def test_without_a_zone_the_reader_is_told_which_was_assumed() -> None:
    bare, named = (
        read(text, said_on=SAID, zone="Asia/Riyadh") for text in ("4 April at 10:00", "4 April at 10:00 Riyadh time")
    )
    assert bare.window.earliest == named.window.earliest
    assert (bare.zone, bare.zone_assumed) == ("Asia/Riyadh", True)
    assert (named.zone, named.zone_assumed) == ("Asia/Riyadh", False)


def test_local_time_is_that_of_the_city_named() -> None:
    text = "The delegations meet in Riyadh on 4 April at 10:00 local time"
    assert _at(text, "Europe/Brussels") == datetime(2025, 4, 4, 7, tzinfo=UTC)


def test_a_bare_time_is_the_next_one() -> None:
    morning = datetime(2025, 3, 26, 8, tzinfo=UTC)
    evening = datetime(2025, 3, 26, 20, tzinfo=UTC)
    assert _at("10:00", "UTC", morning) == datetime(2025, 3, 26, 10, tzinfo=UTC)
    assert _at("10:00", "UTC", evening) == datetime(2025, 3, 27, 10, tzinfo=UTC)


def test_the_day_said_is_the_day_in_the_speakers_zone() -> None:
    late = datetime(2025, 3, 26, 23, 30, tzinfo=UTC)
    assert read("tomorrow", said_on=late, zone="UTC").window.earliest == date(2025, 3, 27)
    assert read("tomorrow", said_on=late, zone="Asia/Tokyo").window.earliest == date(2025, 3, 28)


def test_hours_count_from_the_instant_where_it_is_known() -> None:
    now = datetime(2025, 3, 26, 8, 15, 42, tzinfo=UTC)
    assert _at("in three hours", "UTC", now) == datetime(2025, 3, 26, 11, 15, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="time zone"):
        read("soon", said_on=SAID, zone=zone)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        read("soon", said_on=datetime(2025, 1, 1), zone="UTC")  # noqa: DTZ001
