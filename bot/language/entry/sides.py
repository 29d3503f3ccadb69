"""Who meets, and at what level each: the parties that the words for meeting tie together.

A party is a side where it is the subject of meeting, what is met "with" or "between", or stands before a word for a meeting
("Russian-American consultations"); in a list of phrases, where it stands by itself. Others are mentioned, and no sides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.language.entry.attribution import Speaker
from bot.language.entry.model import SideRead
from bot.language.entry.units import Unit, Units
from bot.language.names import Mention
from store.parties import fold
from store.records import Level, NameKind

_NAME = r"(?:N{1,6}(?:-N{1,2})?)"
_OFFICE = r"(?:J?O(?:[ft]T?J?(?:[OP]|x(?!f)))?)"
_OF_PARTY = rf"P{{1,3}}J{{0,2}}(?:,?{_OFFICE}){{0,3}}{_NAME}?(?:\(P\))?"
_FOR_PARTY = rf"(?:O[TJ]*A?){{1,2}}{_NAME}?f[TJ]*P(?:,?O)?"
CHUNK = rf"(?:[TJ]*(?:{_OF_PARTY}|{_FOR_PARTY}|O{{0,2}}{_NAME}(?:fT?P)?))"
CHAIN = rf"(?:{CHUNK}(?:(?:,?A|,|-){CHUNK}){{0,9}})"
_GAP = r"(?:[#DZJ,\"]{0,4}|,[^,.]{1,12},|xy[TJONP]{1,6})"
_VERB = r"(?:[WCtKxE]|#){0,4}(?:V|H|U[TJKOQDZx#,A]{0,6}M|C(?=[TJ]*[PON])|K[xTJ]{0,5}M|(?<=[WCt])[TJ]{0,3}M|(?<=W)[#i])"
_SUBJECT = re.compile(rf"(?P<chain>{CHAIN}){_GAP}(?P<verb>{_VERB})")
_BEFORE = re.compile(rf"(?P<chain>{CHAIN})[JZx]{{0,3}}?(?P<noun>M)")
_BETWEEN = re.compile(rf"b(?P<chain>{CHAIN})")
_WITH = re.compile(rf"(?:[MVU][JZDx#iY,]{{0,5}}[tw]|[VHC]T?|M[ft])(?P<chain>{CHAIN})")
_JOINED = re.compile(rf"(?P<first>{CHUNK}){_GAP}(?:[WCt]|#){{0,3}}w(?P<chain>{CHAIN})")
_ALONE = re.compile(rf"(?:^x?|(?<=[.,:—;(R#MD]))(?P<chain>{CHAIN})(?=$|[.,:—()oDi#YZRO]|[TJ]D|J(?!M))")
GOING = re.compile(r"visit|travel|depart|left|leave|fly|flies|flew|head|arrive|converge")
_CHUNK = re.compile(CHUNK)


@dataclass(slots=True)
class Sides:
    """The sides in the order named, and what tells them apart from the rest of the sentence."""

    levels: dict[str, Level] = field(default_factory=dict)
    host: str | None = None
    used: list[tuple[int, int]] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def add(self, code: str, level: Level, at: int) -> None:
        """Adds a side, or what is known of one: a stated level is kept."""
        if self.levels.get(code, Level.UNSTATED) is Level.UNSTATED:
            self.levels[code] = level
        self.places[code] = min(at, self.places.get(code, at))

    def entries(self, level: Level) -> tuple[SideRead, ...]:
        """The sides as named; `level` for those whose own is not stated, where none is."""
        stated = any(own is not Level.UNSTATED for own in self.levels.values())
        ordered = sorted(self.levels, key=lambda code: self.places[code])
        return tuple(SideRead(code, self.levels[code] if stated else level) for code in ordered)


def read(units: Units, run: tuple[int, int], people: Mapping[str, str], *, listed: bool, others: int) -> Sides:
    """The sides in one sentence; nothing is marked as read yet."""
    start, end = run
    letters, sides = units.letters[start:end], Sides()
    if listed:
        _read_list(units, run, people, sides, others)
    for pattern in (_BETWEEN, _WITH, _SUBJECT, _JOINED, _BEFORE):
        for match in pattern.finditer(letters):
            span = match.span("chain")
            if pattern is _WITH and re.match("J{0,2}M", letters[span[1] :]):
                continue  # "a round of Ukraine talks"
            if pattern is _BEFORE:
                span = _last_phrase(match, listed=listed)
                if not _names_meeting(units, start, span, others=len(sides.levels)):
                    continue
            going = pattern is _WITH and GOING.search(units.items[start + match.start()].folded) is not None
            _add(units, sides, start, span, people, cities=not going)
            if pattern is _JOINED:
                _add(units, sides, start, match.span("first"), people)
    _hosted(units, start, letters, sides)
    return sides


def _read_list(units: Units, run: tuple[int, int], people: Mapping[str, str], sides: Sides, others: int) -> None:
    """Adds the sides in a list of phrases: parties that stand by themselves between marks."""
    start, end = run
    matches = list(_ALONE.finditer(units.letters[start:end]))
    seats = [m for m in matches if re.fullmatch("P(?:,N+)*", m["chain"]) and is_capital(units.items[start + m.start("chain")])]
    for match in matches:
        # "ASEAN summit, Kuala Lumpur": a capital that stands alone is where, unless capitals are all there is.
        if match not in seats or (not others and len(seats) > 1 and len(seats) == len(matches)):
            _add(units, sides, start, match.span("chain"), people)


def is_capital(unit: Unit) -> bool:
    return isinstance(unit.value, Mention) and unit.value.kind is NameKind.CAPITAL


def _last_phrase(match: re.Match[str], *, listed: bool) -> tuple[int, int]:
    """In a list of phrases, "Japan, US — Quad summit" joins only the last to the summit; "Japan, India and US talks" all."""
    start, end = match.span("chain")
    cut = max(match["chain"].rfind(","), match["chain"].rfind("—"))
    return (start + cut + 1, end) if listed and cut >= 0 and "A" not in match["chain"][cut:] else (start, end)


def _names_meeting(units: Units, base: int, span: tuple[int, int], *, others: int) -> bool:
    """One state before "talks" is what they are about ("Ukraine talks"), unless its people or office are named."""
    a, b = span
    parties = [u for u in units.items[base + a : base + b] if u.part == "P"]
    if len(parties) != 1:
        return bool(parties)
    mention = parties[0].value
    if others > 1:
        return False
    has_office = any(u.part in "ON" for u in units.items[base + a : base + b]) or _owns(parties[0])
    return has_office or (isinstance(mention, Mention) and (len(mention.codes[0]) > 2 or mention.codes[0] in ("eu", "un")))


def _add(
    units: Units, sides: Sides, base: int, span: tuple[int, int], people: Mapping[str, str], *, cities: bool = True
) -> None:
    """Adds the sides of a chain: each with its own office, or with the one that stands for all ("foreign ministers of …")."""
    chunks: list[tuple[str, Level, int]] = []
    shared = Level.UNSTATED
    a, b = base + span[0], base + span[1]
    for match in _CHUNK.finditer(units.letters[a:b]):
        inside = units.items[a + match.start() : a + match.end()]
        level, plural = _level(inside)
        if plural and level is not Level.UNSTATED:
            shared = level
        if not cities and len(inside) == 1 and is_capital(inside[0]):
            continue  # "to visit Kyiv and Chisinau"
        chunks += [(code, level, a + match.start()) for code in _parties(inside, people)]
    if chunks:
        sides.used.append((a, b))
    for code, level, at in chunks:
        sides.add(code, shared if level is Level.UNSTATED else level, at)


def _parties(inside: list[Unit], people: Mapping[str, str]) -> list[str]:
    """The parties of one chunk: those named side by side, the last of "Afghanistan's Taliban", the one a person speaks for."""
    office = next((i for i, unit in enumerate(inside) if unit.part in "ON"), len(inside))
    named = [unit for unit in inside[:office] if unit.part == "P"] or [unit for unit in inside if unit.part == "P"][:1]
    kept = [unit for at, unit in enumerate(named) if at == len(named) - 1 or not _owns(unit)]
    codes = [unit.value.codes[0] for unit in kept if isinstance(unit.value, Mention) and not unit.value.ambiguous]
    if named:
        seat = len(kept) > 1 and is_capital(kept[-1]) and not is_capital(kept[0])  # "us russia riyadh": the last is where
        return codes[:-1] if seat and len(codes) == len(kept) else codes
    name = fold(" ".join(unit.text for unit in inside if unit.part == "N"))
    return [people[name]] if name in people else []


def _owns(unit: Unit) -> bool:
    return unit.text.endswith(("'s", "’s", "s'", "s’"))


def _level(inside: list[Unit]) -> tuple[Level, bool]:
    """The level of the office named, and whether it names several people. Of "envoy of the president" it is the envoy's."""
    offices = [unit for unit in inside if unit.part == "O"]
    known = [unit for unit in offices if isinstance(unit.value, Level)]
    if not known:
        return Level.UNSTATED, False
    of_another = any(unit.part in "ft" for unit in inside[: inside.index(known[-1])]) and len(offices) > 1
    chosen = offices[0] if of_another else offices[-1]
    if not isinstance(chosen.value, Level):
        return Level.UNSTATED, False
    head = chosen.folded.split(" of ")[0].split()[-1] if " of " in chosen.folded else chosen.folded.split()[-1]
    return chosen.value, head.endswith("s")


_HOST = re.compile(r"(?P<host>[TJ]*PJ{0,2}(?:O|N){0,5})(?:[WCtx#,D]){0,4}H(?P<rest>.*)")
_GUEST = re.compile(r"Hy[TJ]?(?P<host>P)|(?P<left>P)-?x(?=[JM]|O)")


def _hosted(units: Units, base: int, letters: str, sides: Sides) -> None:
    """Who hosts talks between others is no side."""
    if match := re.search(r"Hy[TJ]*P", letters):
        sides.host = _drop(units, sides, base + match.end() - 1, always=True)
    match = _HOST.search(letters)
    if match is None:
        return
    guests = [c for c, at in sides.places.items() if at >= base + match.start("rest")]
    direct = re.match(r"[TJ]*(?:P[TJ]*O|P?O{0,2}N|P[#D,.]|P$|O)", match["rest"]) and not re.match(
        rf"{CHAIN}[J]*M", match["rest"]
    )
    at = base + match.start("host") + match["host"].index("P")
    if (len(guests) >= 2 and not direct) or (not direct and not re.search(r"w", match["rest"])):
        sides.host = _drop(units, sides, at, always=True)
    elif len(guests) == 1 or direct:
        unit = units.items[at]
        if isinstance(unit.value, Mention) and not unit.value.ambiguous:
            sides.add(unit.value.codes[0], Level.UNSTATED, at)


def _drop(units: Units, sides: Sides, at: int, *, always: bool) -> str | None:
    mention = units.items[at].value
    if not isinstance(mention, Mention) or mention.ambiguous:
        return None
    code = mention.codes[0]
    if always:
        sides.levels.pop(code, None)
        sides.places.pop(code, None)
        sides.used.append((at, at + 1))
    return code


def with_speaker(sides: Sides, speaker: Speaker | None, *, himself: bool, together: bool) -> None:
    """Adds the speaker's party where the sentence says that it meets: "he would meet", or talks "with" one other."""
    if speaker is None or not speaker.parties or not (himself or together):
        return
    if len(speaker.parties) > 1 and himself and not sides.levels:  # "Russia and the US said they would meet"
        for code in speaker.parties:
            sides.add(code, Level.UNSTATED, speaker.start)
        return
    code = speaker.parties[0]
    if code not in sides.levels and (len(sides.levels) == 1 or (himself and not sides.levels)):
        sides.add(code, speaker.level if himself else Level.UNSTATED, speaker.start)
