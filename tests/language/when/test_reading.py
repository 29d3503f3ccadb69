"""What callers rely on beside the window: the words used, the tense, the day of speaking, the words printed back."""

from __future__ import annotations

from datetime import date

import pytest

from bot.language.when import Reading, describe, find, read
from store.records import Precision, Window

SAID = date(2025, 2, 22)


def _read(text: str, *, past: bool | None = None, terse: bool = False) -> Reading:
    return read(text, said_on=SAID, zone="Europe/Brussels", past=past, terse=terse)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("next us russia before 1 May", "before 1 May"),
        ("us russia in 30 days deputy", "in 30 days"),
        ("nato March", "March"),
        ("on 18 March us", "on 18 March"),
        ("from 3 May to 5 May geneva", "from 3 May to 5 May"),
        ("russia nato 2022-02", "2022-02"),
    ],
)
def test_the_words_used_are_named(text: str, words: str) -> None:
    assert _read(text).words == words


def test_undated_text_uses_no_words() -> None:
    reading = _read("us russia deputy")
    assert reading.span is None
    assert reading.words is None
    assert reading.window == Window()


def test_terse_words_take_a_bare_month() -> None:
    assert _read("us russia march", terse=True).window.precision is Precision.MONTH
    assert not _read("troops march").dated


def test_the_stated_words_are_kept() -> None:
    window = _read("the talks will be held within two weeks").window
    assert (window.stated, window.stated_on) == ("within two weeks", SAID)


def test_the_past_looks_back() -> None:
    assert _read("in March", past=True).window.earliest == date(2024, 3, 1)
    assert _read("in March", past=False).window.earliest == date(2025, 3, 1)
    assert _read("They met in March").window.earliest == date(2024, 3, 1)
    assert _read("They will meet in March").window.earliest == date(2025, 3, 1)


def test_relative_words_count_from_the_day_of_speaking() -> None:
    reading = _read("Ryabkov said on 20 February that talks would be held within two weeks")
    assert reading.attributed_on == date(2025, 2, 20)
    assert (reading.window.earliest, reading.window.latest) == (date(2025, 2, 20), date(2025, 3, 6))


def test_a_day_of_speaking_alone_is_no_date() -> None:
    reading = _read("Ryabkov said on 20 February that talks would follow")
    assert not reading.dated
    assert reading.attributed_on == date(2025, 2, 20)


def test_two_events_as_likely_ask() -> None:
    reading = _read("They will meet on 3 March in Geneva and meet on 5 March in Vienna")
    assert [window.earliest for window in reading.readings] == [date(2025, 3, 3), date(2025, 3, 5)]
    assert reading.question == "Do you mean Mon 3 Mar 2025 or Wed 5 Mar 2025?"


def test_every_date_can_be_had() -> None:
    found = find("Ryabkov said on 20 February that talks would be held by 8 March", said_on=SAID, zone="UTC")
    assert [reading.words for reading in found] == ["on 20 February", "by 8 March"]


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("within two weeks", "Sat 22 Feb – Sat 8 Mar 2025 at the latest"),
        ("18-19 February", "Tue 18 – Wed 19 Feb 2025"),
        ("not before June", "not before Sun 1 Jun 2025"),
        ("mid-March", "mid March 2025 (Tue 11 – Thu 20 Mar 2025)"),
        ("next week", "week of Mon 24 Feb – Sun 2 Mar 2025"),
        ("March", "March 2025"),
        ("Q1 2026", "Q1 2026"),
        ("winter 2025-26", "winter 2025-26"),
        ("soon", "soon after Sat 22 Feb 2025"),
        ("4 March at 10:00 Geneva time", "Tue 4 Mar 2025, 10:00 Europe/Zurich"),
        ("no date set", "no date"),
    ],
)
def test_windows_in_plain_words(phrase: str, words: str) -> None:
    assert describe(_read(phrase).window) == words
