"""The field's own words in what people type: levels, statuses, places, formats, stances, and record numbers.

Pure functions: a text goes in, what was found comes out with its span. No store, no dates, no names of parties.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from typing import Generic, TypeVar

from store.parties import fold, slips
from store.records import Level, PlaceState, ReplyStance, Stance, Status

T = TypeVar("T")
Value = Level | Status | PlaceState | Stance | ReplyStance | str

# Phrases are separated by commas; "(s)" may be there or not. Hyphens, case, accents and possessives do not matter.
_LEVELS: Mapping[Value, str] = {
    Level.LEADER: """leader(s), leader(s) summit, summit(s), head(s) of state, head(s) of government,
        heads of state and government, heads of state or government, president(s), presidential, prime minister(s),
        prime ministerial, chancellor(s), premier(s), highest, top""",
    Level.MINISTER: """minister(s), foreign minister(s), foreign ministerial, minister(s) of foreign affairs, ministerial(s),
        foreign secretary, foreign secretaries, secretary of state, secretaries of state, fm, fms, top diplomat(s)""",
    Level.DEPUTY: """deputy, deputies, deputy minister(s), deputy foreign minister(s), deputy ministerial, vice minister(s),
        vice foreign minister(s), envoy(s), special envoy(s), special representative(s), national security adviser(s),
        national security advisor(s), undersecretary, undersecretaries, under secretary, deputy head(s)""",
    Level.DIRECTOR: """director(s), departmental director(s), department director(s), political director(s),
        director(s) general, departmental, department head(s), head(s) of department(s), ambassador(s), ambassadorial""",
    Level.WORKING: "working, working group(s), expert(s), technical, sherpa(s)",
    Level.UNSTATED: "no level, unstated level, level unstated, level unknown",
}
_NOT_WITHOUT_LEVEL = ("highest", "top", "fm")
_STATUSES: Mapping[Value, str] = {
    Status.MOOTED: "mooted, floated, suggested",
    Status.PLANNED: "planned, scheduled",
    Status.CONFIRMED: "confirmed",
    Status.HELD: "held, took place, concluded, completed, past",
    Status.POSTPONED: "postponed, delayed, deferred, put off",
    Status.CANCELLED: "cancelled, canceled, called off, scrapped",
}
_PLACE_STATES: Mapping[Value, str] = {
    PlaceState.THIRD_COUNTRY: """third country, third countries, a third country, in a third country, in third country,
        in third countries, unnamed third country, an unnamed third country, in an unnamed third country, neutral country,
        in a neutral country, neutral ground, on neutral ground""",
    PlaceState.UNDISCLOSED: """undisclosed, undisclosed location(s), undisclosed place, undisclosed venue,
        an undisclosed location, at an undisclosed location, in an undisclosed location, secret location, secret venue,
        at a secret location, place not disclosed, location not disclosed""",
    PlaceState.CONTESTED: """contested place, disputed place, contested venue, disputed venue, disputed location,
        contested location, place disputed, place contested, venue disputed, venue contested""",
    PlaceState.REMOTE: """online, remote, remotely, virtual, virtually, phone, by phone, over the phone, on the phone,
        telephone, by telephone, phone call(s), telephone call(s), phonecall(s), video, by video, via video, video call(s),
        by video call, video link, by video link, via video link, videolink, video conference(s), by video conference,
        videoconference(s), by videoconference, via videoconference""",
    PlaceState.UNSTATED: "no place, place unstated, place unknown, venue unknown",
}
_FORMATS: Mapping[Value, str] = {
    "bilateral": "bilateral(s), bilateral talks, bilateral meeting(s)",
    "trilateral": "trilateral(s), trilateral talks, trilateral meeting(s)",
    "multilateral": "multilateral(s), multilateral talks",
    "plenary": "plenary, plenaries",
    "indirect": "indirect, indirect talks, proximity talks, shuttle diplomacy",
    "consultations": "consultation(s)",
    "negotiations": "negotiation(s)",
    "visit": "visit(s), state visit(s), official visit(s), working visit(s)",
    "call": "call(s), phone call(s), telephone call(s), video call(s)",
    "conference": "conference(s)",
}
_STANCES: Mapping[Value, str] = {
    Stance.DEMANDS: "demand(s), demanded, demanding, insist(s), insist(s) on, insisted, insisted on, call(s) for, called for",
    Stance.SUPPORTS: """support(s), supported, supporting, back(s), backed, backing, favour(s), favor(s), in favour of,
        in favor of""",
    Stance.OPPOSES: "oppose(s), opposed, opposing, object(s) to, objected to, against",
    Stance.CONDITIONAL: "conditional, conditionally, on condition, on condition that, provided that",
    Stance.DECLINES: """decline(s), declined, decline(s) to say, declined to say, decline(s) to comment, declined to comment,
        no comment""",
    ReplyStance.ENDORSES: """endorse(s), endorsed, endorsing, accept(s), accepted, agree(s) to, agreed to, agree(s) with,
        agreed with""",
    ReplyStance.REJECTS: "reject(s), rejected, rejecting, refuse(s), refused, rule(s) out, ruled out",
}

_MARK = "\u0300-\u036f"
_LETTER = rf"(?:[^\W_]|[{_MARK}])"
_TOKEN = re.compile(
    r"(?P<flag>[\U0001f1e6-\U0001f1ff]{2})"
    r"|:(?:flag-)?(?P<slack>[a-z]{2}):"
    rf"|(?<!\w)[^\W\d_](?:\.[^\W\d_])+\.?(?!\w)|{_LETTER}+(?:['`´‘’ʼʹʻ′]{_LETTER}+)*['’]?"
    r"|[&+]|[^\w\s!-/:-@\[-`{-~§–—―‐‑−…·•‘’‚“”„«»‹›\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f]+"
)
_POSSESSIVE = re.compile(r"(?:['`´‘’ʼʹʻ′]s|['’])$", re.IGNORECASE)
_REF = re.compile(r"(?<![\w-])(?:([tpd])[-‐‑–]|(t|d|p(?!5\b)))(\d{1,9})(?![\w+])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, flag or symbol. `folded` as names are compared; `bare` the same without a possessive ending."""

    start: int
    end: int
    text: str
    folded: str
    bare: str


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """Something read in a text, from `start` to one past its last character."""

    start: int
    end: int
    text: str
    value: T


@dataclass(frozen=True, slots=True)
class Ref:
    """A record by its number: `T-12` is `Ref("T", 12)`. T talks, P position, D draft."""

    letter: str
    number: int

    @property
    def label(self) -> str:
        return f"{self.letter}-{self.number}"


def tokens(text: str, limit: int | None = None) -> list[Token]:
    """The words of a text with their places, at most `limit`. `U.S.` is one, `US-Russia` two, a flag or `:flag-ru:` one."""
    return list(islice(_tokens(text), limit))


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        raw = match.group()
        if slack := match["slack"]:
            yield Token(match.start(), match.end(), raw, f"flag {slack}", f"flag {slack}")
            continue
        folded = fold(raw) or raw
        bare = fold(_POSSESSIVE.sub("", raw)) if "'" in raw or "’" in raw else folded
        yield Token(match.start(), match.end(), raw, folded, bare or folded)


def levels(text: str) -> list[Found[Level]]:
    """Ranks named in a text: "foreign ministers" is minister, "summit" is leader, "departmental directors" is director."""
    return [Found(f.start, f.end, f.text, f.value) for f in read(text) if isinstance(f.value, Level)]


def statuses(text: str) -> list[Found[Status]]:
    """Statuses named in a text: "called off" is cancelled."""
    return [Found(f.start, f.end, f.text, f.value) for f in read(text) if isinstance(f.value, Status)]


def place_states(text: str) -> list[Found[PlaceState]]:
    """What is said of a place that is not named: "third country", "undisclosed location", "by phone"."""
    return [Found(f.start, f.end, f.text, f.value) for f in read(text) if isinstance(f.value, PlaceState)]


def formats(text: str) -> list[Found[str]]:
    """Formats named in a text, by the product's word for them: "shuttle diplomacy" is indirect."""
    return [Found(f.start, f.end, f.text, str(f.value)) for f in _longest(tokens(text), _format_book())]


def stances(text: str) -> list[Found[Stance | ReplyStance]]:
    """Stance words, of positions and of replies; "conditional" and "declines" mean the same in both."""
    found = _longest(tokens(text), _stance_book())
    return [Found(f.start, f.end, f.text, f.value) for f in found if isinstance(f.value, Stance | ReplyStance)]


def refs(text: str) -> list[Found[Ref]]:
    """Records by number: `T-12`, `t12`, `P-7`, `D-3`. `P5` without a hyphen is the five, not a position."""
    return [Found(m.start(), m.end(), m.group(), Ref((m[1] or m[2]).upper(), int(m[3]))) for m in _REF.finditer(text)]


def read(text: str) -> list[Found[Value]]:
    """Levels, statuses and place states in the order they stand; the longest phrase at each place."""
    return _longest(tokens(text), book())


def suggest(word: str) -> list[str]:
    """Words of the field that are a slip away from a word ("ministrs": ministers); none for nonsense."""
    sought = fold(word)
    if not (allowed := slips(sought)):
        return []
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    near = process.extract(sought, list(book()), scorer=OSA.distance, score_cutoff=allowed, limit=2)
    return [name for name, _, _ in sorted(near, key=lambda hit: (hit[1], hit[0]))]


@cache
def book() -> dict[str, Value]:
    """Every phrase for a level, status or place state, as names are compared."""
    levels_ = _book(_LEVELS)
    with_level = {f"{words} level": value for words, value in levels_.items() if not words.endswith("level")}
    plain = {words: value for words, value in levels_.items() if words not in _NOT_WITHOUT_LEVEL}
    return {**with_level, **plain, **_book(_STATUSES), **_book(_PLACE_STATES)}


@cache
def _format_book() -> dict[str, Value]:
    return _book(_FORMATS)


@cache
def _stance_book() -> dict[str, Value]:
    return _book(_STANCES)


def _book(table: Mapping[Value, str]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for value, listed in table.items():
        for words in listed.split(","):
            pieces = words.split("(s)")
            for ends in product(("", "s"), repeat=len(pieces) - 1):
                form = "".join(piece + end for piece, end in zip(pieces, (*ends, ""), strict=True))
                found[" ".join(form.split())] = value
    return found


LONGEST = 6
"""Words in the longest phrase."""


def _longest(words: list[Token], phrases: Mapping[str, Value]) -> list[Found[Value]]:
    found: list[Found[Value]] = []
    at = 0
    while at < len(words):
        for size in range(min(LONGEST, len(words) - at), 0, -1):
            head = [token.folded for token in words[at : at + size - 1]]
            last = words[at + size - 1]
            value = phrases.get(" ".join([*head, last.folded]), phrases.get(" ".join([*head, last.bare])))
            if value is not None:
                start, end = words[at].start, last.end
                text = last.text if size == 1 else " ".join(t.text for t in words[at : at + size])
                found.append(Found(start, end, text, value))
                at += size
                break
        else:
            at += 1
    return found
