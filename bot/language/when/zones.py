"""Time zones as people write them: abbreviations, "Geneva time", "Eastern time", Europe/Brussels, UTC+3.

An abbreviation that stands for one place's clock resolves to that place's zone; if on the day in question that place keeps
its other time ("15:00 CET" in July), the writer may mean either, and both are given. Abbreviations shared by several
places (IST, CST) give them all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

CITIES = {
    "abu dhabi": "Asia/Dubai", "abuja": "Africa/Lagos", "addis ababa": "Africa/Addis_Ababa", "aleppo": "Asia/Damascus",
    "ankara": "Europe/Istanbul", "astana": "Asia/Almaty", "ashgabat": "Asia/Ashgabat", "bali": "Asia/Makassar",
    "barcelona": "Europe/Madrid", "beijing": "Asia/Shanghai", "berne": "Europe/Zurich", "bern": "Europe/Zurich",
    "bonn": "Europe/Berlin", "brasilia": "America/Sao_Paulo", "camp david": "America/New_York",
    "canberra": "Australia/Sydney", "davos": "Europe/Zurich", "delhi": "Asia/Kolkata", "doha": "Asia/Qatar",
    "frankfurt": "Europe/Berlin", "geneva": "Europe/Zurich", "hague": "Europe/Amsterdam", "hanoi": "Asia/Bangkok",
    "helsinki": "Europe/Helsinki", "hiroshima": "Asia/Tokyo", "islamabad": "Asia/Karachi", "jeddah": "Asia/Riyadh",
    "jerusalem": "Asia/Jerusalem", "kazan": "Europe/Moscow", "kiev": "Europe/Kyiv", "kyiv": "Europe/Kyiv",
    "lausanne": "Europe/Zurich", "mecca": "Asia/Riyadh", "milan": "Europe/Rome", "montreux": "Europe/Zurich",
    "mumbai": "Asia/Kolkata", "munich": "Europe/Berlin", "muscat": "Asia/Muscat", "nanjing": "Asia/Shanghai",
    "naypyidaw": "Asia/Yangon", "new delhi": "Asia/Kolkata", "new york": "America/New_York", "nyc": "America/New_York",
    "ottawa": "America/Toronto", "pretoria": "Africa/Johannesburg", "pyongyang": "Asia/Pyongyang",
    "quito": "America/Guayaquil", "rabat": "Africa/Casablanca", "ramallah": "Asia/Hebron", "reykjavik": "Atlantic/Reykjavik",
    "rio": "America/Sao_Paulo", "rio de janeiro": "America/Sao_Paulo", "riyadh": "Asia/Riyadh", "sana'a": "Asia/Aden",
    "sanaa": "Asia/Aden", "san francisco": "America/Los_Angeles", "sharm el sheikh": "Africa/Cairo",
    "sochi": "Europe/Moscow", "st petersburg": "Europe/Moscow", "strasbourg": "Europe/Paris", "tel aviv": "Asia/Jerusalem",
    "the hague": "Europe/Amsterdam", "ulaanbaatar": "Asia/Ulaanbaatar", "un headquarters": "America/New_York",
    "vatican": "Europe/Vatican", "vienna": "Europe/Vienna", "washington": "America/New_York",
    "washington dc": "America/New_York", "dc": "America/New_York", "yerevan": "Asia/Yerevan", "wellington": "Pacific/Auckland",
    "moscow": "Europe/Moscow", "london": "Europe/London", "paris": "Europe/Paris", "brussels": "Europe/Brussels",
    "berlin": "Europe/Berlin", "rome": "Europe/Rome", "tokyo": "Asia/Tokyo", "seoul": "Asia/Seoul", "cairo": "Africa/Cairo",
    "tehran": "Asia/Tehran", "istanbul": "Europe/Istanbul", "minsk": "Europe/Minsk", "warsaw": "Europe/Warsaw",
    "budapest": "Europe/Budapest", "dubai": "Asia/Dubai", "muenster": "Europe/Berlin", "oslo": "Europe/Oslo",
    "stockholm": "Europe/Stockholm", "copenhagen": "Europe/Copenhagen", "madrid": "Europe/Madrid", "lisbon": "Europe/Lisbon",
    "prague": "Europe/Prague", "belgrade": "Europe/Belgrade", "baku": "Asia/Baku", "tbilisi": "Asia/Tbilisi",
    "damascus": "Asia/Damascus", "beirut": "Asia/Beirut", "amman": "Asia/Amman", "baghdad": "Asia/Baghdad",
    "kabul": "Asia/Kabul", "singapore": "Asia/Singapore", "sydney": "Australia/Sydney", "nairobi": "Africa/Nairobi",
}  # fmt: skip

REGIONS = {
    "eastern": "America/New_York", "eastern standard": "America/New_York", "eastern daylight": "America/New_York",
    "us eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles", "central european": "Europe/Brussels", "central european summer": "Europe/Brussels",
    "eastern european": "Europe/Kyiv", "eastern european summer": "Europe/Kyiv", "greenwich mean": "Etc/GMT",
    "british summer": "Europe/London", "british": "Europe/London", "uk": "Europe/London", "israel": "Asia/Jerusalem",
    "swiss": "Europe/Zurich", "saudi": "Asia/Riyadh", "turkish": "Europe/Istanbul", "japan": "Asia/Tokyo",
    "iran": "Asia/Tehran", "indian standard": "Asia/Kolkata", "india": "Asia/Kolkata", "china": "Asia/Shanghai",
    "qatar": "Asia/Qatar", "ukraine": "Europe/Kyiv", "gulf": "Asia/Dubai", "gulf standard": "Asia/Dubai",
    "korea": "Asia/Seoul", "coordinated universal": "UTC", "universal": "UTC", "zulu": "UTC",
}  # fmt: skip

# Abbreviation: the zone whose clock it names, and the hours from UTC it says (None: whatever that clock shows).
ABBREVIATIONS: dict[str, tuple[tuple[str, float | None], ...]] = {
    "utc": (("UTC", 0),), "gmt": (("Etc/GMT", 0),), "z": (("UTC", 0),), "zulu": (("UTC", 0),), "ut": (("UTC", 0),),
    "cet": (("Europe/Brussels", 1),), "cest": (("Europe/Brussels", 2),), "wet": (("Europe/Lisbon", 0),),
    "west": (("Europe/Lisbon", 1),), "eet": (("Europe/Kyiv", 2),), "eest": (("Europe/Kyiv", 3),),
    "msk": (("Europe/Moscow", 3),), "bst": (("Europe/London", 1),), "trt": (("Europe/Istanbul", 3),),
    "est": (("America/New_York", -5),), "edt": (("America/New_York", -4),), "et": (("America/New_York", None),),
    "cdt": (("America/Chicago", -5),), "ct": (("America/Chicago", None),), "mst": (("America/Denver", -7),),
    "mdt": (("America/Denver", -6),), "pst": (("America/Los_Angeles", -8),), "pdt": (("America/Los_Angeles", -7),),
    "pt": (("America/Los_Angeles", None),), "jst": (("Asia/Tokyo", 9),), "kst": (("Asia/Seoul", 9),),
    "hkt": (("Asia/Hong_Kong", 8),), "sgt": (("Asia/Singapore", 8),), "gst": (("Asia/Dubai", 4),),
    "pkt": (("Asia/Karachi", 5),), "irst": (("Asia/Tehran", 3.5),), "idt": (("Asia/Jerusalem", 3),),
    "eat": (("Africa/Nairobi", 3),), "aest": (("Australia/Sydney", 10),), "aedt": (("Australia/Sydney", 11),),
    "nzst": (("Pacific/Auckland", 12),), "nzdt": (("Pacific/Auckland", 13),), "wat": (("Africa/Lagos", 1),),
    "sast": (("Africa/Johannesburg", 2),), "brt": (("America/Sao_Paulo", -3),),
    "ist": (("Asia/Kolkata", 5.5), ("Asia/Jerusalem", 2), ("Europe/Dublin", 1)),
    "cst": (("America/Chicago", -6), ("Asia/Shanghai", 8)),
    "ast": (("Asia/Riyadh", 3), ("America/Halifax", -4)),
}  # fmt: skip

_HALF_HOURS = {
    330: "Asia/Kolkata", 210: "Asia/Tehran", 270: "Asia/Kabul", 345: "Asia/Kathmandu", 390: "Asia/Yangon",
    570: "Australia/Darwin",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clockface:
    """A zone, and the minutes from UTC the words insist on, where they do."""

    zone: str
    offset: int | None = None
    fixed: bool = False
    """True for UTC+3 and the like, which no clock change touches."""


def abbreviation(word: str) -> tuple[Clockface, ...]:
    """What a zone abbreviation stands for; empty where it is none."""
    found = ABBREVIATIONS.get(word.lower(), ())
    return tuple(Clockface(zone, None if hours is None else int(hours * 60)) for zone, hours in found)


def fixed_offset(minutes: int) -> Clockface:
    """A named offset such as UTC+3, in the IANA zone that keeps it all year where there is one."""
    if minutes % 60 == 0 and -12 <= minutes // 60 <= 14:
        hours = -minutes // 60
        return Clockface(f"Etc/GMT{hours:+d}" if hours else "UTC", minutes, fixed=True)
    return Clockface(_HALF_HOURS.get(minutes, "UTC"), minutes, fixed=True)


def place(name: str) -> str | None:
    """The zone of a city or region in lower case ("geneva", "eastern", "addis ababa"); None where it is not known."""
    return CITIES.get(name) or REGIONS.get(name) or _named().get(name)


@cache
def _named() -> dict[str, str]:
    """Cities that zones are called after."""
    from importlib.resources import files

    names = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return {name.rpartition("/")[2].replace("_", " ").lower(): name for name in names if "/" in name and "Etc/" not in name}


_IANA = re.compile(r"[A-Za-z]+(?:/[A-Za-z_+-]+){1,2}")


def iana(name: str) -> str | None:
    """`name` if it is an IANA zone such as Europe/Brussels."""
    if not _IANA.fullmatch(name):
        return None
    return valid(name)


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return None


def valid(name: str) -> str | None:
    """`name` if the time zone database knows it."""
    return name if name and len(name) < 64 and _zone(name) is not None else None
