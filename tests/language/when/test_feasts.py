"""Named days, against the days they were kept on."""

from __future__ import annotations

from datetime import date

import pytest

from bot.language.when import read


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Easter 2024", date(2024, 3, 31)),
        ("Easter 2025", date(2025, 4, 20)),
        ("Orthodox Easter 2024", date(2024, 5, 5)),
        ("Orthodox Easter 2026", date(2026, 4, 12)),
        ("Good Friday 2025", date(2025, 4, 18)),
        ("Ascension Day 2025", date(2025, 5, 29)),
        ("Whit Monday 2025", date(2025, 6, 9)),
        ("Eid al-Fitr 2024", date(2024, 4, 10)),
        ("Eid al-Fitr 2025", date(2025, 3, 30)),
        ("Eid al-Adha 2024", date(2024, 6, 16)),
        ("Rosh Hashanah 2023", date(2023, 9, 16)),
        ("Rosh Hashanah 2024", date(2024, 10, 3)),
        ("Rosh Hashanah 2025", date(2025, 9, 23)),
        ("Yom Kippur 2024", date(2024, 10, 12)),
        ("UN general debate 2018", date(2018, 9, 25)),
        ("UN general debate 2020", date(2020, 9, 22)),
        ("UN general debate 2022", date(2022, 9, 20)),
        ("UN general debate 2023", date(2023, 9, 19)),
        ("UN general debate 2024", date(2024, 9, 24)),
        ("UN general debate 2025", date(2025, 9, 23)),
        ("opening of UNGA 2019", date(2019, 9, 17)),
        ("opening of UNGA 2022", date(2022, 9, 13)),
        ("opening of UNGA 2024", date(2024, 9, 10)),
        ("opening of UNGA 2025", date(2025, 9, 9)),
        ("Thanksgiving 2024", date(2024, 11, 28)),
        ("Labor Day 2025", date(2025, 9, 1)),
        ("Memorial Day 2025", date(2025, 5, 26)),
    ],
)
def test_a_named_day(name: str, day: date) -> None:
    window = read(name, said_on=date(2025, 2, 22), zone="UTC").window
    assert (window.earliest, window.latest) == (day, day)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Ramadan 2024", date(2024, 3, 11), date(2024, 4, 9)),
        ("Ramadan 2026", date(2026, 2, 18), date(2026, 3, 19)),
        ("Passover 2024", date(2024, 4, 23), date(2024, 4, 29)),
        ("Passover 2026", date(2026, 4, 2), date(2026, 4, 8)),
        ("UNGA high-level week 2024", date(2024, 9, 23), date(2024, 9, 29)),
    ],
)
def test_named_days(name: str, first: date, last: date) -> None:
    window = read(name, said_on=date(2025, 2, 22), zone="UTC").window
    assert (window.earliest, window.latest) == (first, last)


def test_outside_the_islamic_tables_nothing_is_said() -> None:
    assert not read("Ramadan 2150", said_on=date(2025, 2, 22), zone="UTC").dated
