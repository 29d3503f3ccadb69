"""Talks in a sentence: the clauses are read one after the other, each taking its words away from the next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.language import when
from bot.language.entry import attribution, facts, sides, units, where
from bot.language.entry.attribution import Speaker
from bot.language.entry.leftovers import consume, unread
from bot.language.entry.markup import plain
from bot.language.entry.model import Run, TalksEntry
from bot.language.entry.sides import Sides
from bot.language.entry.units import Units
from store.database import Session
from store.records import Level, Place, PlaceState, Status, Window

_ELSEWHEN = re.compile(r"[XB](?!J?D)[^,.#—]*?(?=D|[,.#—]|$)")
_BACK = re.compile(
    r"\b(?:last|previous|previously|earlier|latest|since|ago|originally|initially|began in|first round)\b", re.IGNORECASE
)
_MEETING = re.compile("[MVH]|U.{0,6}M")
_TOPICAL = re.compile("agenda|discuss")
_AGREEING = re.compile(r"W[DZiPYTx#]{1,6}(?=t[VUH])")
"""How and when it was agreed to meet: "agreed by phone on Wednesday to hold talks"."""
_FINITE = re.compile("[WVCHSUq]")
_MEETS_TOO = re.compile(r"q(?:[WCxt]){0,4}[VHU]")
_THEY_MEET = re.compile(r"^[#\"]*E(?:[WCxt]){0,4}[VHU]")


@dataclass(frozen=True, slots=True)
class Said:
    """From when and where the words are read: the day they count from, the zone, the order of numeric dates."""

    now: datetime
    said_on: date | None
    zone: str
    order: when.DateOrder

    @property
    def base(self) -> date | datetime:
        return self.said_on if self.said_on is not None else self.now


@dataclass(slots=True)
class _Got:
    """What the sentences have given so far. `aside` are the characters in which no window is looked for."""

    aside: list[Run]
    sides: Sides = field(default_factory=Sides)
    main: Run = (0, 0)
    listed: bool = False
    level: Level = Level.UNSTATED
    place: Place | None = None
    agenda: list[str] = field(default_factory=list)
    status: Status | None = None
    format: str | None = None
    outcome: str | None = None


def read(session: Session, text: str, said: Said, people: Mapping[str, str]) -> TalksEntry:
    """The entry for a text as Slack delivers it or as somebody types it."""
    seen = plain(text)
    found = units.read(session, seen.text)
    after = facts.after(found)
    speakers = attribution.read(found)
    day = spoken_on(found, speakers, said)
    speaker = next((s for s in speakers if s.name), None)
    told = TalksEntry(
        said_by=speaker.name if speaker else None,
        office=speaker.office if speaker else None,
        said_on=day or said.said_on,
        urls=seen.urls,
        after=after,
        plain=seen.text,
    )
    about = _about(found)
    if about:
        told = _read_about(found, about, told, replace(said, said_on=day) if day else said, speaker, people)
    return replace(told, unread=unread(found, about), spans=tuple(sorted(found.spans)))


def _read_about(
    found: Units, about: list[Run], told: TalksEntry, said: Said, speaker: Speaker | None, people: Mapping[str, str]
) -> TalksEntry:
    got = _gather(found, about, speaker, people)
    blanked = _only(found, about, got.aside)
    turn = facts.round_of(blanked)
    title, titled = facts.title(found, got.main, turn[1] if turn else None)
    reading = _window(blanked, said, got)
    if got.place is None and got.sides.host is not None:
        got.place = Place(PlaceState.NAMED, got.sides.host)
    read_at = [span for span in (reading.span, turn[2] if turn else None) if span]
    consume(found, got.sides, read_at, titled)
    window = reading.window if reading.dated or reading.window.stated else None
    return replace(
        told,
        sides=got.sides.entries(got.level),
        window=replace(window, stated_by=told.said_by) if window else None,
        readings=tuple(replace(each, stated_by=told.said_by) for each in reading.readings),
        question=reading.question,
        place=got.place,
        agenda=tuple(dict.fromkeys(got.agenda)),
        round=turn[0] if turn else None,
        format=got.format,
        status=got.status,
        title=title,
        outcome=got.outcome,
    )


def spoken_on(found: Units, speakers: Sequence[Speaker], said: Said) -> date | None:
    """The day of speaking that the sentence gives; words of time that are none are left to be read otherwise."""
    for speaker in speakers:
        if speaker.day is None:
            continue
        words = found.text[speaker.day[0] : speaker.day[1]]
        reading = when.read(words, said_on=said.base, zone=said.zone, order=said.order, past=True)
        window = reading.window if reading.dated or not reading.readings else reading.readings[0]
        first, last = window.earliest, window.latest
        if isinstance(first, datetime):
            first = first.date()
        if isinstance(last, datetime):
            last = last.date()
        if first is not None and first == last:
            return first
    return None


def _about(found: Units) -> list[Run]:
    """The sentences that tell of the talks: not those on something else, nor on earlier talks."""
    kept: list[Run] = []
    for start, end in found.sentences():
        letters = found.letters[start:end]
        text = found.text[found.items[start].start : found.items[end - 1].end]
        listed = _is_list(found, (start, end))
        if any(found.items[start + m.end() - 2].folded == "not" for m in re.finditer("[WC]x[VUH]", letters)):
            continue  # "will not attend the summit"
        if any(unit.part == "G" and _TOPICAL.search(unit.folded) for unit in found.items[start:end]):
            kept.append((start, end))
            continue
        if not listed and not _MEETING.search(letters):
            continue
        if listed and not _MEETING.search(letters) and not re.search("[PDGOZ]", letters):
            continue
        if kept and (_earlier(found, (start, end), text, kept[0]) or re.match("[XB][^,]*M[^,]*,", letters)):
            continue
        kept.append((start, end))
    if kept and not any(_MEETING.search(found.letters[a:b]) or "P" in found.letters[a:b] for a, b in kept):
        return []
    return kept


def _earlier(found: Units, run: Run, text: str, first: Run) -> bool:
    """True for a sentence on what has been, where the first one is on what is to come."""
    letters = found.letters[run[0] : run[1]]
    if re.search("[WCK]", letters):
        return False
    ahead = re.search("[WC]|t[VUH]", found.letters[first[0] : first[1]])
    past = any(unit.part in "UV" and unit.folded in facts.PAST for unit in found.items[run[0] : run[1]])
    return bool(_BACK.search(text)) or bool(ahead and past)


def _is_list(found: Units, run: Run) -> bool:
    """True for phrases without a verb. A word in -ed before an object is a verb that we do not know."""
    letters = found.letters[run[0] : run[1]]
    if _FINITE.search(letters) or (re.search("[PON]x[MTPN]", letters) and not re.search("[,:—(]", letters)):
        return False
    verbs = (m.start() for m in re.finditer("x(?=[TPNDiot])", letters))
    return not any(found.items[run[0] + at].folded.endswith("ed") for at in verbs)


def _gather(found: Units, about: list[Run], speaker: Speaker | None, people: Mapping[str, str]) -> _Got:
    got = _Got(list(found.spans))
    for run in about:
        for match in _ELSEWHEN.finditer(found.letters, *run):
            if found.items[match.start()].folded == "when" and found.letters[match.start() + 1 : match.start() + 2] in (
                "E",
                "T",
                "q",
            ):
                continue
            found.hide(match.start(), match.end())
        for match in _AGREEING.finditer(found.letters, *run):
            if found.items[match.start()].folded == "agreed":
                found.hide(match.start() + 1, match.end())
    got.aside += [(u.start, u.end) for u in found.items if u.part == units.HIDDEN or u.text.startswith(":")]
    _drop_ornaments(found)
    for run in about:
        listed = _is_list(found, run)
        text = found.text[found.items[run[0]].start : found.items[run[1] - 1].end]
        status = facts.status(found, run, text)
        if got.outcome is None and (came := facts.outcome(found, run)):
            got.outcome = came[0]
            got.aside.append(came[1])
        place = where.place(found, run)
        before = len(found.spans)
        got.agenda += facts.agenda(found, run, listed=listed)
        got.aside += found.spans[before:]
        _meeting(found, run, got, speaker, people, status, listed=listed)
        got.place = got.place or place or where.place_alone(found, run, len(got.sides.levels), listed=listed)
    return got


def _drop_ornaments(found: Units) -> None:
    """Marks as read the flags beside names: they repeat one of them. Flags alone are names themselves."""
    flags = [at for at, unit in enumerate(found.items) if unit.part == "P" and unit.text.startswith(":")]
    named = [unit for unit in found.items if unit.part == "P" and not unit.text.startswith(":")]
    for at in flags if len(named) > 1 else []:
        found.take(at, at + 1)


def _meeting(
    found: Units,
    run: Run,
    got: _Got,
    speaker: Speaker | None,
    people: Mapping[str, str],
    status: Status | None,
    *,
    listed: bool,
) -> None:
    """Who meets, at what level, and whether it stands, by one sentence."""
    if (pair := re.match("[N#:]*P(?=—P)", found.letters[run[0] : run[1]])) and not sides.is_capital(
        found.items[run[0] + pair.end() + 1]
    ):
        found.change(run[0] + pair.end(), "-", None)
    who = sides.read(found, run, people, listed=listed, others=len(got.sides.levels))
    letters = found.letters[run[0] : run[1]]
    several = speaker is not None and len(speaker.parties) > 1
    himself = bool((_THEY_MEET if several else _MEETS_TOO).search(letters))
    sides.with_speaker(who, speaker, himself=himself, together=bool(re.search("[MV][^.]{0,8}w", letters)))
    first = got.main == (0, 0)
    if first or (len(got.sides.levels) < 2 and len(who.levels) > len(got.sides.levels)):
        host = got.sides.host or who.host
        got.sides, got.main, got.listed = who, run, listed
        got.sides.host = host
        got.status = status or got.status
    elif status in (Status.POSTPONED, Status.CANCELLED):
        got.status = status
    got.status = got.status or status
    if got.level is Level.UNSTATED and (run == got.main or listed):  # elsewhere it may be another meeting's
        got.level = facts.level_for_all(found, run, who.used)
    got.format = got.format or facts.format_of(found, run)


def _only(found: Units, about: list[Run], aside: list[Run]) -> str:
    """The sentences on the talks, all else blanked, so that places stay true."""
    signs = [" "] * len(found.text)
    for start, end in about:
        a, b = found.items[start].start, found.items[end - 1].end
        signs[a:b] = found.text[a:b]
        if b < len(signs):
            signs[b] = "." if found.text[b : b + 1] in ".!?" else "\n"
    for a, b in aside:
        signs[a:b] = " " * (b - a)
    return "".join(signs)


def _window(blanked: str, said: Said, got: _Got) -> when.Reading:
    if got.status in (Status.POSTPONED, Status.CANCELLED) and "indefinitely" in blanked:
        return when.Reading(blanked, Window())
    past = {Status.HELD: True, Status.PLANNED: False, Status.MOOTED: False}.get(got.status) if got.status else None
    return when.read(blanked, said_on=said.base, zone=said.zone, order=said.order, past=past, terse=got.listed)
