"""Single values out of a file: texts, numbers, days, instants, choices. Each is found, or said what is wrong with it."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from store.exchange.faults import listed, shown, suggestion
from store.exchange.fields import CODE, URL, ZONE

MAX_TEXT = 100_000
MAX_NAME = 1000
MAX_NUMBER = 999_999_999

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?( ?(Z|z|[+-]\d{2}:?\d{2}))?\Z", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,12}\Z", re.ASCII)
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
_URL = re.compile(r"https?://[^\s/]+\S*\Z", re.IGNORECASE)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters no text may hold: they draw nothing, and terminals, Slack and YAML each trip over some of them."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value, or what is wrong with what stands in its place."""

    value: Any = None
    wrong: str = ""


def text(value: object, *, named: bool, wanted: bool) -> Found:
    """Words. `named`: they name something, so one line with nothing around it. `wanted`: they must not be blank."""
    if isinstance(value, bool):
        return Found(wrong=f'expected text, found {shown(value)}; put what you mean in quotes, such as "no"')
    if isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, int):
        value = str(value)
    if not isinstance(value, str):
        quotes = "; put it in quotes" if isinstance(value, float) else ""
        return Found(wrong=f"expected text, found {shown(value)}{quotes}")
    if found := CONTROL.search(value):
        return Found(wrong=f"holds a character that no text may hold (U+{ord(found[0]):04X}, character {found.start() + 1})")
    if len(value) > MAX_TEXT:
        return Found(wrong=f"is too long: {len(value):,} characters, where {MAX_TEXT:,} are the most")
    if (named or wanted) and not value.strip():
        return Found(wrong="must not be blank")
    if named:
        value = value.strip()
        if len(value) > MAX_NAME:
            return Found(wrong=f"is too long for a name: {len(value):,} characters, where {MAX_NAME:,} are the most")
        if len(value.splitlines()) > 1:
            return Found(wrong="must be on one line")
    return Found(value)


def day(value: object, least: int = 0) -> Found:  # noqa: ARG001 (all scalars are called alike)
    """A day of the calendar, `YYYY-MM-DD`."""
    if isinstance(value, datetime):
        return Found(wrong=f"expected a day without a clock time, found {shown(value)}")
    if isinstance(value, date):
        return Found(value)
    parts = _DAY.match(value) if isinstance(value, str) else None
    if parts is None:
        return Found(wrong=f"expected a day as YYYY-MM-DD, such as 2025-02-22, found {shown(value)}")
    year, month, number = (int(part) for part in parts.groups())
    try:
        return Found(date(year, month, number))
    except ValueError:
        return Found(wrong=f"{value} is not a day of the calendar{_why(year, month)}")


def _why(year: int, month: int) -> str:
    if year < 1:
        return ": years count from 0001"
    if not 1 <= month <= 12:
        return f": there is no month {month}"
    return f": {calendar.month_name[month]} {year} has {calendar.monthrange(year, month)[1]} days"


def instant(value: object, least: int = 0) -> Found:  # noqa: ARG001
    """A clock time with its offset, as an aware UTC instant to the second."""
    moment = value if isinstance(value, datetime) else None
    if moment is None and isinstance(value, str) and _INSTANT.match(value):
        try:
            moment = datetime.fromisoformat(value.upper().replace(" +", "+").replace(" -", "-").replace(" Z", "Z"))
        except ValueError:
            return Found(wrong=f"{shown(value)} is not a time of the calendar and the clock")
    if moment is None:
        return Found(wrong=f"expected a time as 2025-02-18T09:30:00Z, found {shown(value)}")
    if moment.tzinfo is None:
        return Found(moment.replace(microsecond=0), "")
    try:
        return Found(moment.astimezone(UTC).replace(microsecond=0))
    except OverflowError:
        return Found(wrong=f"{shown(value)} is beyond the calendar")


def aware(value: object, least: int = 0) -> Found:
    """As `instant`; a time without an offset is wrong."""
    found = instant(value, least)
    if found.value is not None and found.value.tzinfo is None:
        return Found(wrong=f"{shown(value)} says no zone; end it in Z (UTC) or an offset such as +03:00")
    return found


def day_or_instant(value: object) -> Found:
    """A day, or a clock time. One without an offset comes back naive, for the window's zone to place."""
    timed = isinstance(value, datetime) or (isinstance(value, str) and ":" in value)
    return instant(value) if timed else day(value)


def integer(value: object, least: int = 0) -> Found:
    if isinstance(value, str) and _INTEGER.match(value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return Found(wrong=f"expected a whole number, found {shown(value)}")
    if not least <= value <= MAX_NUMBER:
        return Found(wrong=f"expected a whole number from {least} to {MAX_NUMBER:,}, found {shown(value)}")
    return Found(value)


_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


def boolean(value: object, least: int = 0) -> Found:  # noqa: ARG001
    if isinstance(value, str):
        value = _YES_NO.get(value.strip().casefold(), value)
    return Found(value) if isinstance(value, bool) else Found(wrong=f"expected true or false, found {shown(value)}")


def choice(kind: type[Enum], value: object) -> Found:
    """One of an enum's words; case, spaces and hyphens do not matter."""
    valid = [str(option.value) for option in kind]
    if isinstance(value, str):
        word = re.sub(r"[\s_-]+", "_", value.strip().casefold())
        if word in valid:
            return Found(kind(word))
        return Found(wrong=f"expected {listed(valid)}, found {shown(value)}{suggestion(word, valid)}")
    return Found(wrong=f"expected {listed(valid)}, found {shown(value)}")


def code(value: str) -> Found:
    """The code of a party the file adds: short, lower case."""
    lower = value.casefold()
    if _CODE.match(lower):
        return Found(lower)
    return Found(wrong=f'expected a short code of letters, digits and hyphens, such as "osce", found {shown(value)}')


def zone(value: str) -> Found:
    """The IANA name of a time zone."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        hint = suggestion(value, available_timezones(), 0.8)
        return Found(wrong=f"expected a time zone's name, such as Europe/Istanbul, found {shown(value)}{hint}")
    return Found(value)


def url(value: str) -> Found:
    if _URL.match(value):
        return Found(value)
    return Found(wrong=f"expected a web address that begins with https:// or http://, found {shown(value)}")


SCALARS: dict[type[Any], Callable[[object, int], Found]] = {int: integer, bool: boolean, date: day, datetime: aware}
FORMS: dict[str | None, Callable[[str], Found]] = {CODE: code, ZONE: zone, URL: url}
