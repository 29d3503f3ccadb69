"""The rest of what a sentence says of talks: about what, after what, which round, and whether they stand."""

from __future__ import annotations

import re
from itertools import pairwise

from bot.language import words
from bot.language.entry.lexicon import ROUND_NUMBERS
from bot.language.entry.sides import is_capital
from bot.language.entry.units import Unit, Units
from bot.language.names import Mention
from bot.language.words import Ref
from store.records import Level, NameKind, Status

_AGENDA = re.compile(r"(?P<open>G(?:f[TJ]*M(?:x|G)?)?|(?<=[MVDPONZYJ#,~])o)[:\"]?(?P<body>[^.]*)")
_ENDS_AGENDA = re.compile(r"[#DRXBaZKHSb.—()]|,(?=[UWVCQMq]|T?M|[ei]Y|w|J?M|O(?:$|[,.#]))|(?<!A)[WCq]|(?<=[^,GoA])i[TJ]*Y|h|E")
_ON_AGENDA = re.compile(r"(?:(?<=[.,#])|^)(?P<body>[TJPNOxfoA\-]{1,14}?)(?:[Wxt]){0,3}(?P<open>G)(?=$|[.,#])")
_NOT_TOPICS_TEXT = "which who while as but said where when because instead however also face terms condition board track behalf"
_NOT_TOPICS = frozenset(
    (*_NOT_TOPICS_TEXT.split(), "took place", "takes place", "taking place", "was held", "were held", "be held")
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
    for match in _ON_AGENDA.finditer(units.letters[start:end]):
        opening = units.items[start + match.start("open")]
        if (
            not found
            and opening.folded.endswith("agenda")
            and (items := _items(units, start + match.start("body"), start + match.end("body")))
        ):
            units.take(start + match.start(), start + match.end())
            found += items
    return tuple(dict.fromkeys(found))


def _agenda_end(units: Units, body: int, stop: int, *, listed: bool) -> int:
    if match := _ENDS_AGENDA.search(units.letters, body, stop):
        stop = match.start()
    for match in re.finditer(r"(?<=[^,GoA])i[TJ]*(?=P(?:$|[.,D#]))", units.letters[body:stop] + units.letters[stop : stop + 1]):
        if is_capital(units.items[body + match.end()]):
            stop = body + match.start()
            break
    if listed:
        stop = next((i - 1 for i in range(body + 1, stop) if _seat(units, i)), stop)
    return next((i for i in range(body, stop) if units.items[i].part in "xU" and units.items[i].folded in _NOT_TOPICS), stop)


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
        if text.lower() not in _GENERIC and not re.fullmatch(r"(?:(?:a|an|the|in|of|on|for)\s*)+", text.lower()):
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
        and right[0].text.endswith(_ADJECTIVE)
    )


_ADJECTIVE = ("ic", "al", "ary", "ive", "ous")
_AFTER = re.compile(r"(?P<open>[XB])[TJ]*(?P<refs>R(?:(?:,|A|,A)R)*)(?:x?U)?")


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


_PAST_TEXT = (
    "met held spoke talked gathered convened visited received had concluded resumed hosted began conferred called "
    "phoned attended opened discussed completed finished started"
)
PAST = frozenset(
    (*_PAST_TEXT.split(), "took place", "was held", "were held", "sat down", "took part in", "wrapped up", "went ahead",
     "spoke by phone", "focused on", "exchanged views on", "reviewed", "touched on", "covered")
)  # fmt: skip
_AGREED = re.compile(r"agree|decide|sign|resolve|pledge|commit")


def outcome(units: Units, run: tuple[int, int]) -> tuple[str, tuple[int, int]] | None:
    """What held talks came to, and its characters: after "outcome", or from "agreed" on after the verb for meeting.

    Marks it as read: what was agreed for later ("to meet again in March") is no day of these talks.
    """
    held = False
    for at in range(*run):
        unit = units.items[at]
        named = unit.folded in ("outcome", "result", "results", "outcomes")
        if named or (held and _AGREED.match(unit.folded) and unit.part in "WxUC"):
            start = at + 1 if named else at
            end = next((i for i in range(start, run[1]) if units.letters[i] == "#"), run[1])
            words = units.words(start, end)
            if len(words.split()) > (0 if named else 1):
                units.take(at, end)
                return words, (unit.start, units.items[end - 1].end)
        held = held or unit.value is Status.HELD or (unit.part in "UVG" and unit.folded in PAST)
    return None


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
    by = {a.end for a, b in pairwise(items) if b.part == "y"}
    verbs = [unit for unit in items if unit.part in "WCUVHtG"]
    for at, unit in enumerate(verbs):
        if unit.part == "C":
            return Status.MOOTED
        if unit.part == "W":
            return Status.MOOTED if verbs[at + 1 : at + 2] and verbs[at + 1].part == "C" else Status.PLANNED
        if unit.part == "t":
            if at + 1 < len(verbs) and verbs[at + 1].part in "UVH":
                return Status.PLANNED
            continue
        participle = unit.part in "UH" and unit.end in by  # "chaired by Britain"
        if unit.part in "UVHG" and unit.folded in PAST and not participle:
            return Status.HELD
    return None


def level_for_all(units: Units, run: tuple[int, int], taken: list[tuple[int, int]]) -> Level:
    """The level that is said of the meeting itself: "at deputy level", "ministerial", "summit", "deputies" in a list.

    Marks an office as read; the word for the meeting is left to name it by.
    """
    start, end = run
    for at in range(start, end):
        unit = units.items[at]
        if not isinstance(unit.value, Level) or any(a <= at < b for a, b in taken):
            continue
        if unit.part == "M" or (unit.part == "O" and _of_meeting(units, at, start, end)):
            if unit.part == "O":
                units.take(at, at + 1)
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
    by_itself = before in ("", ",", ".", ":", "(", "#", "—", "D") and (following in ("", ",", ".", ")", "#", "—") or plural)
    return by_itself or (plural and before in "fbiMwyP#A")


def format_of(units: Units, run: tuple[int, int]) -> str | None:
    """The kind of meeting: consultations, call, visit…"""
    for unit in units.items[run[0] : run[1]]:
        if unit.folded in ("speak by phone", "spoke by phone", "speaks by phone", "speak by telephone", "speak over the phone"):
            return "call"
        if unit.part == "M" and unit.folded.endswith(" call"):
            return "call"
        if unit.part in "MJ" and (found := words.formats(unit.text)) and not unit.text.lower().startswith("call for"):
            return found[0].value
    return None


_OF_ORDER_TEXT = (
    "first second third fourth fifth sixth new next another further fresh own its top two three four five latest "
    "previous other earlier last possible planned upcoming forthcoming proposed joint delayed final long-awaited "
    "historic both the a an their his her these this several some no"
)
_OF_ORDER = frozenset(_OF_ORDER_TEXT.split())
"""Adjectives that say which of several, and not what kind."""
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
    return unit.part in "MO" or unit.folded not in _OF_ORDER
