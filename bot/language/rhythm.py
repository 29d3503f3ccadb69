"""Reading when a standing order speaks: how often, at what time of day, in which zone; and lead times.

Each reader takes words and gives what it found with the words left over. Nothing here knows of the store.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.language.when import zones
from store.owed import length
from store.parties import fold, slips
from store.records import Rhythm

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_LEAD = timedelta(days=370)
MOST_LEADS = 8

_TIME = re.compile(
    r"(?<![\w:./+-])(?:at\s+)?(?:(?P<h>\d{1,2})(?:[:.h](?P<m>\d{2}))?\s*(?P<half>[ap])\.?m\.?(?!\w)"
    r"|(?P<h24>\d{1,2})[:.h](?P<m24>\d{2})(?:\s*h(?:rs?)?)?(?![\w:/])|(?P<flat>\d{4})(?:\s*h(?:rs?)?)?(?![\w:/])"
    r"|(?P<noon>noon|midday)\b|(?P<night>midnight)\b)",
    re.IGNORECASE,
)
_BARE_HOUR = re.compile(r"(?<![\w:./-])at\s+(\d{1,2})(?![\w:./])", re.IGNORECASE)
_DAYS = "|".join(f"{day}s?|{day[:3]}" for day in WEEKDAYS)
_RHYTHM = re.compile(
    rf"\b(?:(?P<daily>daily|every\s?day|each\s+day)|(?P<weekdays>(?:every\s+)?(?:weekdays?|working\s?days?|workdays?))"
    rf"|(?:weekly|every\s+week|each\s+week)(?:\s+(?:on\s+)?(?P<day>{_DAYS}))?|(?:every|each|on)\s+(?P<each>{_DAYS})"
    rf"|(?P<plural>{'|'.join(f'{day}s' for day in WEEKDAYS)}))\b",
    re.IGNORECASE,
)
_A_DAY = re.compile(rf"\b(?:on\s+)?({_DAYS})\b", re.IGNORECASE)
_LEAD = re.compile(
    r"(\d{1,4})\s*(weeks?|wks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m)\b(?:\s+(?:before|ahead|earlier))?", re.IGNORECASE
)
_OFFSET = re.compile(r"(?<![\w:/.])(?:(?:utc|gmt)\s*[+\-−]\s*|[+\-−])(?P<h>\d{1,2})(?::?(?P<m>\d{2}))?(?![\w:])", re.IGNORECASE)
_WELL_KNOWN = (
    "Europe/London", "Europe/Brussels", "Europe/Kyiv", "Africa/Cairo", "Europe/Moscow", "Asia/Riyadh", "Asia/Tehran",
    "Asia/Dubai", "Asia/Kabul", "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Bangkok",
    "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland", "America/Sao_Paulo", "America/Halifax",
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
)  # fmt: skip


class Misread(ValueError):
    """Words that can be no time, zone or lead time. `nearest` is what would do, or None."""

    def __init__(self, message: str, nearest: str | None = None) -> None:
        super().__init__(message)
        self.message, self.nearest = message, nearest


@dataclass(frozen=True, slots=True)
class Told:
    """What was read: None for what the words do not say. `weekday` may be missing from a weekly rhythm. `rest` is left."""

    rhythm: Rhythm | None
    weekday: int | None
    at: str | None
    zone: str | None
    rest: str


def read(words: str) -> Told:
    """How often, when and where by the clock. Raises Misread for a time of day or a zone that cannot be."""
    rhythm, weekday, rest = _rhythm(words)
    at, rest = _time(rest)
    zone, rest = _zone(rest)
    return Told(rhythm, weekday, at, zone, " ".join(rest.split()))


def _rhythm(words: str) -> tuple[Rhythm | None, int | None, str]:
    found = _RHYTHM.search(words)
    if not found:
        return None, None, words
    rest = f"{words[: found.start()]} {words[found.end() :]}"
    if found["daily"]:
        return Rhythm.DAILY, None, rest
    if found["weekdays"]:
        return Rhythm.WEEKDAYS, None, rest
    day = found["day"] or found["each"] or found["plural"]
    if day is None and (later := _A_DAY.search(rest)):
        day, rest = later[1], f"{rest[: later.start()]} {rest[later.end() :]}"
    number = None if day is None else [name[:3] for name in WEEKDAYS].index(day[:3].lower())
    return Rhythm.WEEKLY, number, rest


def _time(words: str) -> tuple[str | None, str]:
    found = _TIME.search(words)
    if not found:
        if bare := _BARE_HOUR.search(words):
            hour = int(bare[1])
            nearest = f"{hour:02}:00" if hour < 24 else "08:30"
            raise Misread(f"“{bare[0]}”: in the morning or in the evening?", f"Write it as {nearest} or {hour % 12 or 12} pm.")
        return None, words
    rest = f"{words[: found.start()]} {words[found.end() :]}"
    return f"{_clock(found):%H:%M}", rest


def _clock(found: re.Match[str]) -> time:
    if found["noon"]:
        return time(12)
    if found["night"]:
        return time(0)
    shown = found[0].strip()
    if found["flat"]:
        hour, minute = int(found["flat"][:2]), int(found["flat"][2:])
    elif found["half"]:
        hour, minute = int(found["h"]), int(found["m"] or 0)
        if not 1 <= hour <= 12:
            raise Misread(f"“{shown}” is not a time of day.", "With am or pm the hours go from 1 to 12.")
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    else:
        hour, minute = int(found["h24"]), int(found["m24"])
    if hour > 23 or minute > 59:
        near = "Midnight is 00:00." if hour == 24 and not minute else "Times go from 00:00 to 23:59."
        raise Misread(f"“{shown}” is not a time of day.", near)
    return time(hour, minute)


def _zone(words: str) -> tuple[str | None, str]:
    """A zone by IANA name, abbreviation or city, anywhere in the words. Raises Misread for a mere offset."""
    if offset := _OFFSET.search(words):
        raise Misread(f"“{offset[0].strip()}” is an offset, not a time zone: it knows no summer time.", _at_offset(offset))
    parts = words.replace(",", " , ").split()
    for size in (3, 2, 1):
        for i in range(len(parts) - size + 1):
            name = " ".join(parts[i : i + size])
            found = zone_named(name)
            if found:
                rest = [*parts[:i], *parts[i + size :]]
                return found, " ".join(part for part in rest if part.lower() not in ("time", "in"))
    for name in parts:
        if re.fullmatch(r"[A-Za-z_]+/[\w/+-]+", name):
            near = nearest_zones(name)
            hint = f"Did you mean {' or '.join(near)}?" if near else "A zone is written like Europe/Brussels."
            raise Misread(f"I know no time zone “{name[:60]}”.", hint)
    return None, words


def _at_offset(offset: re.Match[str]) -> str:
    """What to write in the place of an offset."""
    ahead = timedelta(hours=int(offset["h"]), minutes=int(offset["m"] or 0)) * (1 if "+" in offset[0] else -1)
    days = (datetime(2025, 1, 15, tzinfo=UTC), datetime(2025, 7, 15, tzinfo=UTC))
    near = [zone for zone in _WELL_KNOWN if any(day.astimezone(ZoneInfo(zone)).utcoffset() == ahead for day in days)]
    shown = " or ".join(near[:3]) or "Europe/Brussels"
    return f"Write a city or a zone, like {shown}."


def zone_named(name: str) -> str | None:
    """The IANA zone for a name in any case, a clear abbreviation, or a city. Raises Misread for an unclear abbreviation."""
    folded = name.lower().strip(" .,()").replace(" ", "_")
    if "/" in folded or folded in ("utc", "gmt"):
        return _by_folded().get(folded)
    meant = list(dict.fromkeys(face.zone for face in zones.abbreviation(folded)))
    if len(meant) > 1:
        raise Misread(f"“{name.upper()}” could be {' or '.join(meant)}.", "Write the one you mean, or a city.")
    if meant:
        return meant[0]
    return zones.place(folded.replace("_", " ")) if len(folded) > 3 else None


@cache
def _by_folded() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def nearest_zones(name: str, limit: int = 3) -> list[str]:
    """Zones whose names are near to a slip, nearest first."""
    from rapidfuzz import fuzz, process

    known = [zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/"))]
    found = process.extract(name.lower(), known, scorer=fuzz.WRatio, processor=str.lower, score_cutoff=75, limit=limit)
    city = name.rpartition("/")[2].lower().replace("_", " ")
    same = zones.place(city)
    return list(dict.fromkeys(([same] if same else []) + [zone for zone, _, _ in found]))[:limit]


def zones_like(word: str, limit: int = 2) -> list[str]:
    """Zones of the cities that a word is a slip or two away from, nearest first; none for short words and nonsense."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    sought = fold(word)
    cities = {name.rpartition("/")[2].lower().replace("_", " "): name for name in available_timezones() if "/" in name}
    cities |= zones.CITIES
    found = process.extract(sought, list(cities), scorer=OSA.distance, score_cutoff=slips(sought), limit=limit)
    return list(dict.fromkeys(cities[city] for city, _, _ in found)) if slips(sought) else []


def leads(words: str) -> tuple[str, ...]:
    """Lead times such as "7d, 1 day and 2h", longest first. Raises Misread for none, too many, or words that are none."""
    found: list[str] = []
    rest = words
    for match in _LEAD.finditer(words):
        count, unit = int(match[1]), match[2][0].lower()
        if not count:
            raise Misread(f"“{match[0]}” is no time ahead.", "The shortest lead time is 1m.")
        if count > 999 or length(f"{count}{unit}") > LONGEST_LEAD:
            raise Misread(f"“{match[0]}” is too long ahead.", "The longest lead time is a year: 365d.")
        found.append(f"{count}{unit}")
        rest = rest.replace(match[0], " ", 1)
    left = re.sub(r"\b(?:and|before|ahead|at)\b|[,;&]", " ", rest).strip()
    if left:
        raise Misread(f"“{left[:40]}” is not a lead time.", "Lead times are a number and w, d, h or m: 7d, 1d, 2h.")
    if not found:
        raise Misread("Which lead times?", "Lead times are a number and w, d, h or m: 7d, 1d, 2h.")
    if len(set(found)) > MOST_LEADS:
        raise Misread(f"{len(set(found))} reminders for each talks are too many.", f"{MOST_LEADS} is the most.")
    return tuple(sorted(dict.fromkeys(found), key=length, reverse=True))
