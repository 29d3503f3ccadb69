"""What holds for any text, any day and any zone."""

from __future__ import annotations

import sys
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.language.when import DateOrder, Reading, describe, find, read
from store.records import Precision, Window
from tests.language.when.corpus import cases

ZONES = ("UTC", "Europe/Brussels", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland", "Pacific/Apia")
PHRASES = tuple(case.phrase for case in cases())
WORDS = tuple(sorted({word for phrase in PHRASES for word in phrase.split()}))

days = st.dates(date(1950, 1, 1), date(2099, 12, 31))
instants = st.datetimes(datetime(1950, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
ends = st.one_of(
    days.map(lambda day: f"{day:%d %B %Y}"), days.map(lambda day: f"{day:%d %B}"), days.map(str), st.sampled_from(PHRASES),
    st.times().map(lambda clock: f"{clock:%H:%M}"), st.sampled_from(("Monday", "Friday", "March", "2031", "today")),
)  # fmt: skip
pairs = st.tuples(st.sampled_from(("", "from ", "between ")), ends, st.sampled_from((" to ", "-", " until ", " and ")), ends)
texts = st.one_of(
    pairs.map("".join),  # whose ends may well be the wrong way round
    st.text(max_size=200),
    st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join),
    st.lists(st.one_of(st.sampled_from(WORDS), st.integers(0, 99999).map(str), st.sampled_from("-–/.,:()'+")), max_size=20).map(
        "".join
    ),
)


def _windows(reading: Reading) -> tuple[Window, ...]:
    return reading.readings or ((reading.window,) if reading.dated else ())


@given(texts, st.one_of(days, instants), st.sampled_from(ZONES), st.sampled_from(DateOrder), st.booleans())
@settings(max_examples=600, deadline=None)
def test_any_text_gives_an_answer_in_order(text: str, said: date, zone: str, order: DateOrder, terse: bool) -> None:
    reading = read(text, said_on=said, zone=zone, order=order, terse=terse)
    for window in _windows(reading):
        assert window.earliest is not None or window.latest is not None
        if window.earliest is not None and window.latest is not None:
            assert isinstance(window.earliest, datetime) == isinstance(window.latest, datetime)
            assert window.earliest <= window.latest
    assert reading.ambiguous == bool(reading.question)
    if reading.span is not None:
        start, end = reading.span
        assert 0 <= start < end <= len(text)


@given(texts, days)
@settings(max_examples=200, deadline=None)
def test_everything_found_lies_in_the_text_in_order(text: str, said: date) -> None:
    spans = [reading.span for reading in find(text, said_on=said, zone="UTC")]
    assert all(span is not None for span in spans)
    flat = [end for span in spans if span for end in span]
    assert flat == sorted(flat)


@given(st.sampled_from(PHRASES), st.one_of(days, instants), st.sampled_from(ZONES))
@settings(max_examples=800, deadline=None)
def test_reading_the_words_we_print_gives_the_same_window(phrase: str, said: date, zone: str) -> None:
    for window in _windows(read(phrase, said_on=said, zone=zone)):
        _reads_back(window, said, zone)


@given(days, st.integers(0, 800), st.sampled_from(sorted(Precision)), days)
@settings(max_examples=500, deadline=None)
def test_any_window_of_days_reads_back(first: date, length: int, precision: Precision, said: date) -> None:
    last = first + timedelta(days=length)
    calendar = (Precision.WEEK, Precision.PART_MONTH, Precision.MONTH, Precision.QUARTER, Precision.HALF_YEAR,
                Precision.SEASON, Precision.YEAR, Precision.MINUTE, Precision.NONE)  # fmt: skip
    assume(precision not in calendar and last.year < 2100)
    window = Window(first, last, precision)
    if precision is Precision.DAY:
        window = Window(first, first, precision)
    elif precision is Precision.OPEN_START:
        window = Window(first, None, precision)
    _reads_back(window, said, "UTC")


@given(instants, st.integers(0, 60 * 72), st.sampled_from(ZONES), days)
@settings(max_examples=400, deadline=None)
def test_any_window_of_instants_reads_back(first: datetime, minutes: int, zone: str, said: date) -> None:
    first = first.replace(second=0, microsecond=0)
    for window in (
        Window(first, first, Precision.MINUTE, zone),
        Window(first, first + timedelta(minutes=minutes), Precision.MINUTE, zone),
        Window(first, first + timedelta(minutes=minutes + 1), Precision.OPEN_WINDOW, zone),
        Window(first, None, Precision.OPEN_START, zone),
    ):
        _reads_back(window, said, "UTC")


def _reads_back(window: Window, said: date, zone: str) -> None:
    words = describe(window)
    again = read(words, said_on=said, zone=zone)
    got = (again.window.earliest, again.window.latest, again.window.precision)
    assert got == (window.earliest, window.latest, window.precision), (words, again)


RELATIVE = (
    "tomorrow", "in ten days", "two days ago", "within two weeks", "in a fortnight", "the day after tomorrow",
    "over the next 10 days", "in the past three weeks", "in 48 hours", "in two to three weeks", "soon", "ten days hence",
)  # fmt: skip


@given(st.sampled_from(RELATIVE), days, st.integers(-400, 400))
@settings(deadline=None)
def test_a_later_day_said_is_a_later_day_read(phrase: str, said: date, by: int) -> None:
    moved = said + timedelta(days=by)
    here, there = (read(phrase, said_on=day, zone="UTC").window for day in (said, moved))
    assert here.precision == there.precision
    for before, after in ((here.earliest, there.earliest), (here.latest, there.latest)):
        assert (before is None) == (after is None)
        if before is not None and after is not None:
            assert after - before == timedelta(days=by)


@pytest.mark.parametrize("phrase", ["next week", "early next week", "Wednesday next week", "the week after next"])
@given(said=days)
@settings(deadline=None, max_examples=50)
def test_a_week_later_said_is_a_week_later_read(phrase: str, said: date) -> None:
    here, there = (read(phrase, said_on=day, zone="UTC").window for day in (said, said + timedelta(days=7)))
    assert isinstance(here.earliest, date)
    assert there.earliest == here.earliest + timedelta(days=7)


COUNTED = ("in {} days", "{} days ago", "within {} days", "{} days from now", "in {} weeks", "over the past {} weeks",
           "{} weeks hence", "in the next {} days", "within {} weeks", "a fortnight ago", "a week tomorrow")  # fmt: skip


@given(st.sampled_from(COUNTED), st.integers(2, 60), days, st.integers(-400, 400))
@settings(deadline=None, max_examples=400)
def test_any_count_moves_with_the_day_said(phrase: str, count: int, said: date, by: int) -> None:
    moved = said + timedelta(days=by)
    here, there = (read(phrase.format(count), said_on=day, zone="UTC").window for day in (said, moved))
    assert isinstance(here.earliest, date)
    assert isinstance(here.latest, date)
    assert (there.earliest, there.latest) == (here.earliest + timedelta(days=by), here.latest + timedelta(days=by))


def _seconds(text: str) -> float:
    """The processor's seconds for a text, the best of three, so that a busy machine fails nobody."""
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        read(text, said_on=date(2025, 2, 22), zone="UTC")
        best = min(best, time.process_time() - begun)
        if best < 0.05:
            break
    return best


WORK_SECONDS = 0.0045
"""What `_work` takes on the machine that the bounds below were set on."""

TRACED = 2.5
"""How much longer the reader takes while coverage is counted."""


def _work() -> int:
    """Plain work that has nothing of ours in it."""
    found = 0
    for n in range(20_000):
        found += len(str(n).split("1")) + (n in {1, 2, 3})
    return found


def _slowness() -> float:
    """How much slower than that this machine is just now: the bounds hold for the reader, not for the machine."""
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        _work()
        best = min(best, time.process_time() - begun)
    return max(1.0, best / WORK_SECONDS) * (TRACED if sys.gettrace() else 1.0)


@given(texts, st.sampled_from(("", " ", "-", ", ", " and ", " to ", " of the ", " at ")))
@settings(max_examples=300, deadline=None)
def test_no_phrase_takes_50_ms(text: str, joiner: str) -> None:
    repeated = (text + joiner) * (500 // max(1, len(text + joiner)))
    for each in (text, repeated[:500]):
        took = _seconds(each)
        assert took < 0.05 or took < 0.05 * _slowness()


@given(texts, st.sampled_from(("", " ", "-", ", ", " and ", " to ", " of the ", " at ")))
@settings(max_examples=40, deadline=None)
def test_time_grows_with_the_text_not_its_square(text: str, joiner: str) -> None:
    """Ten thousand characters of anything, with room for a slow machine; the figures are the benchmark's."""
    repeated = (text + joiner) * (10_000 // max(1, len(text + joiner)))
    took = _seconds(repeated[:10_000])
    assert took < 0.4 or took < 0.4 * _slowness()


@pytest.mark.parametrize("said", [date(1, 1, 1), date(9999, 12, 31), datetime(9999, 12, 31, 23, tzinfo=UTC)])
def test_the_ends_of_the_calendar_raise_nothing(said: date) -> None:
    for phrase in PHRASES:
        read(phrase, said_on=said, zone="Pacific/Auckland")
