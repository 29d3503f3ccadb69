"""The rest of what a sentence says of talks: where, about what, after what, which round, and whether they stand."""

from __future__ import annotations

import re

from bot.language import words
from bot.language.entry import places
from bot.language.entry.lexicon import ROUND_NUMBERS
from bot.language.entry.units import Unit, Units
from bot.language.names import Mention
from bot.language.words import Ref
from store.records import Level, NameKind, Place, PlaceState, Status

_SETTLED = re.compile(
    r"(?P<prep>i)[TJ]*(?P<place>Y(?:,(?P<land>P))?|P(?![\-]|J*[MO]|AP)(?P<town>[YN]?)|P?x(?:fT?)?(?P<city>[YNP]))"
)
_CITY_ALONE = re.compile(r"(?:^|(?<=[.,:—(]))(?P<place>Y(?:,(?P<land>P))?|(?P<capital>P)(?:,(?P<of>P))?)(?=$|[.,:—)#D])")
_CITY_BEFORE = re.compile(r"(?P<place>[YP])(?=[JO]{0,2}M)")
_TAKES_PLACE = frozenset(
    [
        "again",
        "next",
        "together",
        "separately",
        "directly",
        "personally",
        "person",
        "place",
        "today",
        "here",
        "later",
        "briefly",
        "privately",
        "back",
    ]
)
_SEATS = frozenset(["capital", "city", "resort", "town", "port", "village"])


def place(units: Units, run: tuple[int, int]) -> Place | None:
    """Where: a city or country after "in" or "at", or what is said of a place that is not named. Marks it as read."""
    start, end = run
    for at in range(start, end):
        unit = units.items[at]
        if unit.part == "Z" and isinstance(unit.value, PlaceState) and unit.value is not PlaceState.UNSTATED:
            units.take(at, at + 1)
            if unit.value is PlaceState.REMOTE and (named := _named(units, run)):
                return named
            return Place(unit.value)
    if named := _named(units, run):
        return named
    calls = [u for u in units.items[start:end] if u.part in "MV" and _REMOTE.search(u.folded)]
    return Place(PlaceState.REMOTE) if calls else None


_REMOTE = re.compile(r"\b(?:phone|telephone|video|videoconference|teleconference|conference call|phoned)\b")


def _named(units: Units, run: tuple[int, int]) -> Place | None:
    start, end = run
    for match in _SETTLED.finditer(units.letters, start, end):
        at = match.start("place")
        before = units.items[match.start() - 1] if match.start() > start else None
        if before is not None and before.part == "x" and before.folded not in _TAKES_PLACE:
            continue
        if found := _where(units, match, at):
            venue_start = _venue(units, match.start(), start)
            venue = units.words(venue_start + 1, match.start()) or None if venue_start is not None else None
            first = match.start() if venue_start is None else venue_start
            units.take(first, match.end())
            return Place(PlaceState.NAMED, found[0], found[1], venue)
    return _visited(units, run)


_GOES = re.compile(r"(?P<verb>[VM])[Tt]{0,2}(?P<place>[PY])(?![-]|J*[MO]|AP)")
_GOING = re.compile(r"visit|travel|fly|flies|flew|head|arrive|converge")


def _visited(units: Units, run: tuple[int, int]) -> Place | None:
    """The place of a visit. A city is only where; a country is visited as a party too, and so is left to be read as one."""
    for match in _GOES.finditer(units.letters, *run):
        at = match.start("place")
        if _GOING.search(units.items[match.start()].folded) and (found := _city(units.items[at], None)):
            if found[1]:
                units.take(at, at + 1)
            return Place(PlaceState.NAMED, *found)
    return None


def _where(units: Units, match: re.Match[str], at: int) -> tuple[str | None, str | None] | None:
    """Country and city of a matched place; None where the words name no place."""
    unit = units.items[at]
    seat = match["city"]
    if seat is not None:
        noun = next((u for u in units.items[at : match.end()] if u.part == "x"), None)
        if noun is None or noun.folded not in _SEATS:
            return None
        country = _country(unit) if unit.part == "P" else None
        named = units.items[match.end("city") - 1]
        return _city(named, country)
    if unit.part == "Y":
        country = _country(units.items[match.start("land")]) if match["land"] else None
        return _city(unit, country)
    if match["town"]:
        named = units.items[match.start("town")]
        if named.part == "Y" or unit.text.endswith(("'s", "’s")):
            return _city(named, _country(unit))
    return _city(unit, None)


def _city(unit: Unit, country: str | None) -> tuple[str | None, str | None] | None:
    if unit.part == "P":
        mention = unit.value
        if not isinstance(mention, Mention) or mention.kind in (NameKind.DEMONYM, NameKind.METONYM):
            return None
        found = country or _country(unit)
        if found is None:
            known = places.city(_clean(unit.text), widely=True)
            return (known[1], known[0]) if known else None
        return found, (_clean(unit.text) if mention.kind is NameKind.CAPITAL else None)
    known = places.city(_clean(unit.text), widely=country is None and unit.part == "N")
    return country or (known[1] if known else None), _clean(unit.text)


def _clean(text: str) -> str:
    return re.sub(r"['’]s$", "", text)


def _country(unit: Unit) -> str | None:
    """The country a name means as a place: Brussels is Belgium, whoever else sits there."""
    mention = unit.value
    if not isinstance(mention, Mention):
        return None
    codes = [code for code in mention.codes if len(code) == 2 and code not in ("eu", "un")]
    return codes[0] if codes and (len(codes) == 1 or mention.kind is NameKind.CAPITAL) else None


def _venue(units: Units, at: int, start: int) -> int | None:
    """Where "at the Diriyah Palace" begins, if it stands before "in Riyadh"."""
    found = re.search(r"iT?[JN]{0,3}N[x]?[N]{0,2},?$", units.letters[start:at])
    if found is None:
        return None
    opening = units.items[start + found.start()]
    return start + found.start() if opening.folded == "at" else None


def place_alone(units: Units, run: tuple[int, int], sides: int) -> Place | None:
    """A city that stands by itself in a list of phrases, or before the word for the meeting ("Geneva talks")."""
    start, end = run
    for pattern in (_CITY_ALONE, _CITY_BEFORE):
        for match in pattern.finditer(units.letters, start, end):
            unit = units.items[match.start("place")]
            groups = match.groupdict()
            land = units.items[match.start("land")] if groups.get("land") else None
            if unit.part == "P":
                mention = unit.value
                if not sides or not isinstance(mention, Mention) or mention.kind is not NameKind.CAPITAL:
                    continue
                land = units.items[match.start("of")] if groups.get("of") else None
            if land is not None and _country(land) not in (None, _country(unit) if unit.part == "P" else _country(land)):
                land = None
            if found := _city(unit, _country(land) if land else None):
                units.take(match.start(), match.end() if land else match.start("place") + 1)
                return Place(PlaceState.NAMED, *found)
    return None


_AGENDA = re.compile(r"(?P<open>G|(?<=[MVDPONZYJ#,~])o)[:\"]?(?P<body>[^.]*)")
_ENDS_AGENDA = re.compile(r"[#DRXBaZKHS.—()]|,(?=[UWVCQMq]|T?M|[ei]Y|w|J?M|O(?:$|[,.#]))|(?<!A)[WCq]|(?<=[^,GoA])i[TJ]*Y|h|E")
_ON_AGENDA = re.compile(r"(?P<body>[TJPNOxfoA,\-]{1,14}?)(?:[Wxt]){0,3}(?P<open>G)$")
_NOT_TOPICS = frozenset(
    [
        "which",
        "who",
        "while",
        "as",
        "but",
        "said",
        "where",
        "when",
        "because",
        "instead",
        "however",
        "also",
        "face",
        "terms",
        "condition",
        "board",
        "track",
        "behalf",
    ]
)
_GENERIC = frozenset(("", "place", "venue", "date", "time", "format", "issues", "topics", "matters", "it", "this", "them"))


def agenda(units: Units, run: tuple[int, int], *, listed: bool) -> tuple[str, ...]:
    """What the talks are about: after "agenda", "on", "to discuss". Marks it as read."""
    start, end = run
    found: list[str] = []
    for at in range(start, end):
        match = _AGENDA.match(units.letters, at, end)
        if match is None or units.letters[at] == "#":
            continue
        if units.letters[at] == "o" and units.items[at].folded in ("toward", "towards"):
            continue
        body, stop = match.start("body"), match.end("body")
        stop = min(stop, _agenda_end(units, body, stop, listed=listed))
        items = _items(units, body, stop)
        if items:
            units.take(at, stop)
            found += items
    return tuple(dict.fromkeys(found))


def _agenda_end(units: Units, body: int, stop: int, *, listed: bool) -> int:
    if match := _ENDS_AGENDA.search(units.letters, body, stop):
        stop = match.start()
    if listed:
        stop = next((i - 1 for i in range(body + 1, stop) if _seat(units, i)), stop)
    return next((i for i in range(body, stop) if units.items[i].part == "x" and units.items[i].folded in _NOT_TOPICS), stop)


def _seat(units: Units, at: int) -> bool:
    """True for a city that stands by itself after a comma: the place, not a topic."""
    unit = units.items[at]
    alone = units.letters[at - 1 : at] == "," and units.letters[at + 1 : at + 2] in ("", ",", ".", "D", "#")
    return alone and (unit.part == "Y" or (isinstance(unit.value, Mention) and unit.value.kind is NameKind.CAPITAL))


def _items(units: Units, body: int, stop: int) -> list[str]:
    """The topics, divided at commas and at "and"; "trade and economic ties" is one."""
    cuts, found = [body - 1], list[str]()
    for i in range(body, stop):
        letter = units.letters[i]
        if letter == "," or (letter == "A" and not _one_head(units, max(cuts) + 1, i, stop)):
            cuts.append(i)
    for a, b in zip(cuts, [*cuts[1:], stop], strict=True):
        text = re.sub(r"^(?:(?:and|the|as well as|issues? of|including)\s+)+", "", units.words(a + 1, b), flags=re.IGNORECASE)
        if text.lower() not in _GENERIC and not re.fullmatch(r"(?:a|an|the|in|of|on)", text.lower()):
            found.append(text)
    return found


def _one_head(units: Units, start: int, joint: int, stop: int) -> bool:
    """True where a single plain word before "and" shares the noun that follows."""
    left = units.items[start:joint]
    right = [unit for unit in units.items[joint + 1 : stop] if unit.part != ","]
    return (
        len(left) == 1
        and left[0].text[0].islower()
        and len(right) == 2
        and right[0].text[0].islower()
        and right[0].part in "xJ"
    )


_AFTER = re.compile(r"(?P<open>[XB])[TJ]*(?P<refs>R(?:(?:,|A|,A)R)*)")


def after(units: Units) -> tuple[str, ...]:
    """Labels of the talks that come first: "after T-2 and T-3". Marks them as read."""
    found: list[str] = []
    for match in _AFTER.finditer(units.letters):
        if units.items[match.start()].folded in ("since", "before", "ahead of", "prior to"):
            continue
        for unit in units.items[match.start("refs") : match.end("refs")]:
            if isinstance(unit.value, Ref) and unit.value.letter == "T":
                found.append(unit.value.label)
        if found:
            units.take(match.start(), match.end())
    return tuple(dict.fromkeys(found))


_ROUND = re.compile(
    r"\b(?:(?P<word>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)|(?P<nth>\d{1,2})(?:st|nd|rd|th))"
    r"\s+(?:[\w-]+\s+){0,2}?rounds?\b|\bround\s+(?:no\.?\s*|number\s+)?(?P<count>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)


def round_of(text: str) -> tuple[int, str, tuple[int, int]] | None:
    """The number of the round, its words, and where they stand: "second round", "round 3"."""
    match = _ROUND.search(text)
    if match is None:
        return None
    word = match["word"] or match["nth"] or match["count"]
    number = int(word) if word.isdigit() else ROUND_NUMBERS[word.lower()]
    return (number, " ".join(match.group().split()).lower(), match.span()) if 0 < number < 100 else None


_MODAL = {"W": Status.PLANNED, "C": Status.MOOTED}
_PAST = frozenset(
    [
        "met",
        "held",
        "spoke",
        "talked",
        "gathered",
        "convened",
        "visited",
        "received",
        "took",
        "place",
        "was",
        "held",
        "were",
        "held",
        "had",
        "concluded",
        "resumed",
        "hosted",
        "began",
        "sat",
        "down",
        "conferred",
        "called",
        "phoned",
        "attended",
        "opened",
        "discussed",
        "wrapped",
        "up",
        "completed",
        "finished",
        "started",
    ]
) | frozenset(("took place", "was held", "were held", "sat down", "took part in", "wrapped up", "held", "went ahead"))
_NEGATED = re.compile(
    r"\b(?:no|not|never|denie[sd]|den(?:y|ies)|ruled? out|rules out|refus\w+|dismiss\w+|won't|n't|reject\w*|without|neither)\b",
    re.IGNORECASE,
)


def status(units: Units, run: tuple[int, int], text: str) -> Status | None:
    """Whether the talks stand: called off, postponed, confirmed; else held, planned or mooted as the verb says."""
    start, end = run
    items = units.items[start:end]
    for unit in items:
        if unit.part == "K" and isinstance(unit.value, Status):
            return unit.value
    if _NEGATED.search(text):
        return None
    verbs = [unit for unit in items if unit.part in "WCUVHtG"]
    for at, unit in enumerate(verbs):
        if unit.part == "C":
            return Status.MOOTED
        if unit.part == "W":
            later = [u for u in verbs[at + 1 :] if u.part == "C"]
            return Status.MOOTED if later and later[0].folded in ("likely", "possible") else Status.PLANNED
        if unit.part == "t":
            if at + 1 < len(verbs) and verbs[at + 1].part in "UVH":
                return Status.PLANNED
            continue
        if unit.part in "UVHG" and unit.folded in _PAST:
            return Status.HELD
    return None


def level_for_all(units: Units, run: tuple[int, int], taken: list[tuple[int, int]]) -> Level:
    """The level that is said of the meeting itself: "at deputy level", "ministerial", "summit", "deputies" in a list."""
    start, end = run
    for at in range(start, end):
        unit = units.items[at]
        if not isinstance(unit.value, Level) or any(a <= at < b for a, b in taken):
            continue
        if unit.part == "M" or (unit.part == "O" and _of_meeting(units, at, start, end)):
            return unit.value
    return Level.UNSTATED


def _of_meeting(units: Units, at: int, start: int, end: int) -> bool:
    letters = units.letters
    before = letters[start:at].rstrip("TJ")[-1:]
    following = letters[at + 1 : end].lstrip("J")[:1]
    unit = units.items[at]
    if unit.folded.endswith("level") or following == "M":
        return True
    plural = unit.folded.split(" of ")[0].endswith("s") or "level" in unit.folded
    by_itself = before in ("", ",", ".", ":", "(", "#", "—") and (following in ("", ",", ".", ")", "#", "—") or plural)
    return by_itself or (plural and before in "fbiMwyP#A")


def format_of(units: Units, run: tuple[int, int]) -> str | None:
    """The kind of meeting: consultations, call, visit…"""
    for unit in units.items[run[0] : run[1]]:
        if unit.folded in ("speak by phone", "spoke by phone", "speaks by phone", "speak by telephone", "speak over the phone"):
            return "call"
        if unit.part in "MJ" and (found := words.formats(unit.text)) and not unit.text.lower().startswith("call for"):
            return found[0].value
    return None


_PLAIN = frozenset(["talks", "meeting", "meetings", "round", "rounds", "discussions", "contacts"])


def title(units: Units, run: tuple[int, int], turn: str | None) -> tuple[str, tuple[int, int] | None]:
    """Our few words for the talks, and the units they are taken from: "second round", "technical talks", "phone call"."""
    for match in re.finditer(r"(?P<kind>[JO]{0,3})(?P<noun>M)(?:f(?P<who>O))?", units.letters[run[0] : run[1]]):
        first = next((i for i in range(run[0] + match.start(), run[0] + match.end("noun")) if _telling(units.items[i])), None)
        end = run[0] + (match.end() if match["who"] else match.end("noun"))
        if turn:
            return turn, None
        if first is not None and (
            first < run[0] + match.start("noun") or units.items[first].folded not in _PLAIN or match["who"]
        ):
            return units.words(first, end).lower(), (first, end)
    return turn or "", None


def _telling(unit: Unit) -> bool:
    return unit.part in "MO" or unit.folded not in words_of_order()


def words_of_order() -> frozenset[str]:
    """Adjectives that say which of several, and not what kind."""
    return frozenset(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "new",
            "next",
            "another",
            "further",
            "fresh",
            "own",
            "its",
            "top",
            "two",
            "three",
            "four",
            "five",
            "latest",
            "previous",
            "other",
            "earlier",
            "last",
            "possible",
            "planned",
            "upcoming",
            "forthcoming",
            "proposed",
            "joint",
            "delayed",
            "final",
            "long-awaited",
            "historic",
        ]
    )
