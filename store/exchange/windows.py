"""Windows in a file: bounds as written, or words alone, read by whoever knows how to read them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from store.exchange.faults import member, shown
from store.exchange.shape import MISSING, Reader
from store.records import Precision, Window


class WindowReading(Protocol):
    """What was read in words: one window, or several with a question."""

    @property
    def window(self) -> Window: ...
    @property
    def readings(self) -> tuple[Window, ...]: ...
    @property
    def question(self) -> str | None: ...


class ReadWindow(Protocol):
    """Reads words of time (`"within two weeks"`) said on a day, in a zone."""

    def __call__(self, text: str, /, *, said_on: date, zone: str) -> WindowReading: ...


_LOOKS_DATED = re.compile(
    r"\d|\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tues|wednes|thurs|fri|satur|sun)[a-z]*\b"
    r"|\b(today|tomorrow|yesterday|week|month|quarter|spring|summer|autumn|winter|easter|ramadan)",
    re.IGNORECASE,
)


def finisher(reader: Reader, read_window: ReadWindow | None) -> Callable[[dict[str, Any], str], Any]:
    """How `Reader` makes a window of its fields: bounds checked, precision worked out, words read where they stand alone."""

    def finish(given: dict[str, Any], path: str) -> Any:
        window = _placed(reader, given, path)
        if window is MISSING:
            return MISSING
        if "precision" in given:
            return _checked(reader, window, path)
        if window.earliest is None and window.latest is None and window.stated is not None:
            return _read(reader, read_window, window, path)
        return dataclasses.replace(window, precision=_precision(window))

    return finish


def _placed(reader: Reader, given: dict[str, Any], path: str) -> Any:
    """The window with its clock times in UTC and its bounds in order, or a fault."""
    zone = given.get("zone")
    for name in ("earliest", "latest"):
        value = given.get(name)
        if isinstance(value, datetime) and value.tzinfo is None:
            if zone is None:
                return reader.fault(member(path, name), 'says no zone; end it in Z (UTC), or give the window\'s "zone"')
            try:
                given[name] = value.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
            except OverflowError:
                return reader.fault(member(path, name), "is beyond the calendar")
    window = Window(**given)
    first, last = window.earliest, window.latest
    if first is None or last is None:
        return window
    if isinstance(first, datetime) != isinstance(last, datetime):
        return reader.fault(path, "one end is a day and the other a clock time; make both the same")
    if first > last:
        return reader.fault(path, f"ends ({_plain(last)}) before it begins ({_plain(first)})")
    return window


def _plain(value: date | datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _precision(window: Window) -> Precision:
    first, last = window.earliest, window.latest
    if first is None and last is None:
        return Precision.NONE
    if isinstance(first, datetime) or isinstance(last, datetime):
        return Precision.MINUTE
    if first is None:
        return Precision.OPEN_WINDOW
    if last is None:
        return Precision.OPEN_START
    return Precision.DAY if first == last else Precision.RANGE


def _checked(reader: Reader, window: Window, path: str) -> Any:
    bounded = window.earliest is not None or window.latest is not None
    if bounded and window.precision is Precision.NONE:
        return reader.fault(member(path, "precision"), 'is "none" (undated), but the window has bounds; leave one out')
    if not bounded and window.precision not in (Precision.NONE, Precision.VAGUE):
        words = f'is "{window.precision.value}", but the window has no bounds; give earliest, latest or both'
        return reader.fault(member(path, "precision"), words)
    if window.precision is Precision.DAY and window.earliest != window.latest:
        return reader.fault(member(path, "precision"), 'is "day", but the bounds are not one day; use "range"')
    return window


def _read(reader: Reader, read_window: ReadWindow | None, window: Window, path: str) -> Any:
    """The window that words alone stand for."""
    words = window.stated or ""
    instead = "give earliest and latest, or precision: none for undated"
    if read_window is None:
        return reader.fault(path, f"words alone cannot be read here; {instead}")
    if window.stated_on is None:
        return reader.fault(member(path, "stated_on"), f"missing: the day {shown(words)} was said, to count from; or {instead}")
    reading = read_window(words, said_on=window.stated_on, zone=window.zone or "UTC")
    if reading.readings:
        both = " or ".join(_bounds(option) for option in reading.readings[:4])
        return reader.fault(path, f"{shown(words)} could be {both}; {instead}")
    found = reading.window
    if found.precision is Precision.NONE:
        if _LOOKS_DATED.search(words):
            return reader.fault(path, f"no date could be read in {shown(words)}; {instead}")
        reader.notes.append(f"{path}: {shown(words)} is kept as undated")
        return window
    if found.precision is Precision.MINUTE and window.zone is None and getattr(reading, "zone_assumed", False):
        return reader.fault(member(path, "zone"), f"missing: {shown(words)} names a clock time but no zone")
    reader.notes.append(f"{path}: {shown(words)} said on {window.stated_on} is read as {_bounds(found)}")
    # A zone nobody named is not put on record.
    return dataclasses.replace(window, earliest=found.earliest, latest=found.latest, precision=found.precision)


def _bounds(window: Window) -> str:
    first, last = window.earliest, window.latest
    if first is not None and first == last:
        return _plain(first)
    if first is None and last is None:
        return "undated"
    return f"{_plain(first) if first else 'an open start'} to {_plain(last) if last else 'an open end'}"
