"""Where talks are held: "in Riyadh, Saudi Arabia", "in the Swiss city of Geneva", "in a third country", "Geneva talks"."""

from __future__ import annotations

import re

from bot.language.entry import places
from bot.language.entry.sides import GOING, is_capital
from bot.language.entry.units import Unit, Units
from bot.language.names import Mention
from store.database import Session
from store.records import NameKind, Place, PlaceState

_IN = re.compile(r"i[TJ]*(?=[PYNx])")
_NOT_A_PLACE = re.compile(r"-|J*[MO]|AP")
_CITY_ALONE = re.compile(r"(?:(?<=[.,:—(#])|^)(?P<place>[YP])(?:,(?P<land>P))?(?=$|[.,:—)#D])")
_CITY_AMONG = re.compile(r"(?<=[MPOZDN#])(?P<place>[YP])(?:,(?P<land>P))?(?=$|[.,:—)#DOJMZ])")
_CITY_BEFORE = re.compile(r"(?P<place>[YP])(?=[JO]{0,2}M)")
_GOES = re.compile(r"[VM][Ttf]{0,2}(?P<place>[PY])(?!-|J*[MO])")
_REMOTE = re.compile(r"\b(?:phone|telephone|video|videoconference|teleconference|conference call|phoned)\b")
_TAKES_PLACE_TEXT = "again next together separately directly personally person place today here later briefly privately back"
_TAKES_PLACE = frozenset(_TAKES_PLACE_TEXT.split())
_SEATS = frozenset(("capital", "city", "resort", "town", "port", "village"))

Spot = tuple[str | None, str | None, int]
"""Country, city, and one past the last unit of their words."""


def place(units: Units, run: tuple[int, int]) -> Place | None:
    """Where, by one sentence: a city or country after "in", what is said of a place not named, or a call. Marks it as read."""
    start, end = run
    unnamed = [at for at in range(start, end) if _unnamed(units.items[at]) is not None]
    for at in unnamed:
        state = _unnamed(units.items[at])
        units.take(at, at + 1)
        if state is not None and state is not PlaceState.REMOTE:
            return Place(state)
    if named := _named(units, run) or _visited(units, run):
        return named
    calls = any(u.part in "MV" and _REMOTE.search(u.folded) for u in units.items[start:end])
    return Place(PlaceState.REMOTE) if unnamed or calls else None


def _unnamed(unit: Unit) -> PlaceState | None:
    stated = unit.part == "Z" and unit.value is not PlaceState.UNSTATED
    return unit.value if stated and isinstance(unit.value, PlaceState) else None


def _named(units: Units, run: tuple[int, int]) -> Place | None:
    start, end = run
    for match in _IN.finditer(units.letters, start, end):
        before = units.items[match.start() - 1] if match.start() > start else None
        if before is not None and before.part == "x" and before.folded not in _TAKES_PLACE:
            last = units.letters[match.end() + 1 : match.end() + 2] in ("", ".", "D", "#", ",")
            if not (last and (units.letters[match.end()] == "Y" or is_capital(units.items[match.end()]))):
                continue  # "the war in Ukraine"; but "to discuss migration in Valletta" tells where
        if spot := _spot(units, match.end(), end):
            first = _venue(units, match.start(), start)
            venue = units.words(first + 1, match.start()) if first < match.start() else ""
            units.take(first, spot[2])
            return Place(PlaceState.NAMED, spot[0], spot[1], venue or None)
    return None


def _spot(units: Units, at: int, end: int) -> Spot | None:
    """The place whose words begin here."""
    unit, letters = units.items[at], units.letters
    if spot := _seat(units, at, end):
        return spot
    if unit.part == "P" and _owned(unit) and letters[at + 1 : at + 2] in ("Y", "N"):
        return _country(unit), _clean(units.items[at + 1].text), at + 2
    if unit.part == "P":
        if _NOT_A_PLACE.match(letters, at + 1, end) or (found := _city(unit, units.session)) is None:
            return None
        return *found, _with_land(units, at + 1, end, found[0])
    if unit.part == "Y":
        land = _land(units, at + 1, end)
        return (land or _known(_clean(unit.text))[0]), _clean(unit.text), at + 1 if land is None else at + 3
    return _wide(units, at, end) if unit.part == "N" else None


def _seat(units: Units, at: int, end: int) -> Spot | None:
    """ "the Saudi capital Riyadh", "the Swiss city of Geneva", "the Turkish capital"."""
    first = at + 1 if units.letters[at] == "P" else at
    if first >= end or units.letters[first] != "x" or units.items[first].folded not in _SEATS:
        return None
    stop = first
    while stop < end and (units.items[stop].folded in _SEATS or units.letters[stop] == "f"):
        stop += 1
    country = _country(units.items[at]) if first > at else None
    if stop < end and units.letters[stop] in "YNP":
        city = _clean(units.items[stop].text)
        return country or _country(units.items[stop]) or _known(city)[0], city, stop + 1
    return (country, None, stop) if country else None


def _wide(units: Units, at: int, end: int) -> Spot | None:
    """A city from the gazetteer, or any name before its country: "Xiamen", "Port Sudan", "Skhirat, Morocco"."""
    for size in (3, 2, 1):
        if at + size > end or units.letters[at : at + size].strip("NP"):
            continue
        name, land = _clean(units.words(at, at + size)), _land(units, at + size, end)
        country = _known(name, units.session)[0]
        if country or land:
            return land or country, name, at + size + (2 if land else 0)
    return None


def _land(units: Units, at: int, end: int) -> str | None:
    """The country named after a comma, if it stands there as one."""
    if units.letters[at : at + 2] != ",P" or at + 2 > end or _NOT_A_PLACE.match(units.letters, at + 2, end):
        return None
    return _country(units.items[at + 1])


def _with_land(units: Units, at: int, end: int, country: str | None) -> int:
    return at + 2 if country is not None and _land(units, at, end) == country else at


def _known(name: str, session: Session | None = None) -> tuple[str | None, str | None]:
    found = places.city(name, session)
    return (found[1], found[0]) if found else (None, None)


def _city(unit: Unit, session: Session) -> tuple[str | None, str | None] | None:
    """Country and city that a party's name means as a place; a people or an office is none."""
    mention = unit.value
    if not isinstance(mention, Mention) or mention.kind in (NameKind.DEMONYM, NameKind.METONYM):
        return None
    if country := _country(unit):
        return country, (_clean(unit.text) if mention.kind is NameKind.CAPITAL else None)
    known = _known(_clean(unit.text), session)
    return known if known[0] else None


def _country(unit: Unit) -> str | None:
    """The country a name means as a place: Brussels is Belgium, whoever else sits there."""
    mention = unit.value
    if not isinstance(mention, Mention):
        return None
    codes = [code for code in mention.codes if len(code) == 2 and code not in ("eu", "un")]
    return codes[0] if codes and (len(codes) == 1 or mention.kind is NameKind.CAPITAL) else None


def _owned(unit: Unit) -> bool:
    return unit.text.endswith(("'s", "’s"))


def _clean(text: str) -> str:
    return re.sub(r"['’]s$", "", text)


def _venue(units: Units, at: int, start: int) -> int:
    """Where "at the Diriyah Palace" begins, if it stands before "in Riyadh"; else `at`."""
    found = re.search(r"iT?[JNx]{0,3}N[NxO]{0,2},?$", units.letters[start:at])
    return start + found.start() if found and units.items[start + found.start()].folded == "at" else at


def _visited(units: Units, run: tuple[int, int]) -> Place | None:
    """The place of a visit. A city is only where; a country is visited as a party too, and so is left to be read as one."""
    for match in _GOES.finditer(units.letters, *run):
        unit = units.items[match.start("place")]
        if not GOING.search(units.items[match.start()].folded):
            continue
        found = _city(unit, units.session) if unit.part == "P" else (_known(unit.text)[0], _clean(unit.text))
        if found:
            if found[1]:
                units.take(match.start("place"), match.end())
            return Place(PlaceState.NAMED, *found)
    return None


def place_alone(units: Units, run: tuple[int, int], sides: int, *, listed: bool) -> Place | None:
    """A city that stands by itself in a list of phrases, or before the word for the meeting ("Geneva talks")."""
    for pattern in (_CITY_ALONE, *([_CITY_AMONG] if listed else []), _CITY_BEFORE):
        for match in pattern.finditer(units.letters, *run):
            at, end = match.start("place"), match.end()
            unit = units.items[at]
            if unit.part == "P" and (
                not sides or not isinstance(unit.value, Mention) or unit.value.kind is not NameKind.CAPITAL
            ):
                continue
            found = _city(unit, units.session) if unit.part == "P" else (_known(unit.text)[0], _clean(unit.text))
            if not found:
                continue
            land = _land(units, at + 1, run[1]) if match.groupdict().get("land") else None
            same = land is not None and (unit.part == "Y" or land == found[0])
            units.take(at, end if same else at + 1)
            return Place(PlaceState.NAMED, land if same else found[0], found[1])
    return None
