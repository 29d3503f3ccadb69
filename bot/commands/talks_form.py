"""Talks as a form: the record's fields as words, and the words back as the record.

Field ids are the names of the file format. What nobody touched in the form stays exactly as it is on record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from bot.commands.intake import Intake, same_text
from bot.commands.pieces import (
    PartyNames,
    lines_of,
    party_text,
    read_day,
    read_place,
    read_sources,
    read_window,
    reads_as,
    short,
    source_text,
    window_text,
)
from bot.language import words
from bot.reply import Field, FieldKind, Option
from bot.wording import Names, place_words
from store import changes, parties, positions, topics
from store import talks as on_record
from store.database import Session
from store.exchange import BadFile
from store.exchange.rules import slug
from store.exchange.single import read_record
from store.parties import fold
from store.plain import to_plain
from store.records import Level, Place, PlaceState, Side, Status, Talks, Window

IDS = (
    "title", "sides", "status", "window", "stated_by", "stated_on", "place", "round", "format", "agenda", "after", "outcome",
    "note", "sources",
)  # fmt: skip
WHY = "why"

_BETWEEN = re.compile(r"\s*(?:,|&|–|—|/|\band\b|\bwith\b|\s-\s)\s*", re.IGNORECASE)
_MANY = re.compile(r"[\n;]+")

STATUSES = tuple(Option(status.value, status.value) for status in Status)


def values_of(session: Session, talks: Talks) -> dict[str, str]:
    """What a form shows of talks."""
    codes = [side.party for side in talks.sides]
    written = party_text(session, [*codes, *([talks.place.country] if talks.place.country else [])])
    needs = [on_record.by_key(session, key) for key in talks.after]
    return {
        "title": talks.title,
        "sides": "; ".join(_side_text(side, written) for side in talks.sides),
        "status": talks.status.value,
        "window": window_text(talks.window),
        "stated_by": talks.window.stated_by or "",
        "stated_on": talks.window.stated_on.isoformat() if talks.window.stated_on else "",
        "place": place_text(session, talks.place),
        "round": str(talks.round or ""),
        "format": talks.format or "",
        "agenda": "\n".join(item.text for item in talks.agenda),
        "after": ", ".join(need.label for need in needs if need),
        "outcome": "\n".join(talks.outcome),
        "note": talks.note or "",
        "sources": source_text(session, talks.sources),
    }


def _side_text(side: Side, written: Mapping[str, str]) -> str:
    people = ", ".join(f"{p.name} ({p.office})" if p.office else p.name for p in side.people)
    level = side.level.value if side.level is not Level.UNSTATED or people else ""
    return ": ".join(part for part in (written[side.party], level, people) if part)


def place_text(session: Session, place: Place) -> str:
    """A place as a form shows it: `Geneva, Switzerland`, `third country, not named`; nothing where nobody said."""
    if place.state is PlaceState.UNSTATED and not (place.country or place.city or place.venue):
        return ""
    named = parties.names_of(session, [place.country] if place.country else [])
    return place_words(place, Names(named, {}, datetime.min.replace(tzinfo=UTC), "UTC"))


def fields(values: Mapping[str, str], *, window: Window | None = None, edits: bool = False) -> tuple[Field, ...]:
    """The fields of the form, filled in. `window` is what the words in the form were read as."""
    get = values.get
    made = [
        Field(
            "title", "Title", value=get("title", ""), required=edits, max_length=300,
            hint="" if edits else "What kind of talks: second round, summit, consultations.",
        ),
        Field(
            "sides", "Sides", FieldKind.LONG_TEXT, get("sides", ""), required=True, max_length=2000,
            hint="Party: level: people; the rest in the same way. Levels: leader, minister, deputy, director, working.",
        ),
        Field(
            "status", "Status", FieldKind.CHOICE, get("status", ""), required=edits, options=STATUSES,
            hint="" if edits else "Left empty: planned.",
        ),
        Field(
            "window", "When, in the words used", value=get("window", ""), max_length=500,
            hint=(reads_as(window) if window else "") or "Such as: within two weeks. To say what is meant: … = 22 Feb to 8 Mar",
        ),
        Field("stated_by", "Who said so", value=get("stated_by", ""), max_length=300),
        Field("stated_on", "Said on", FieldKind.DAY, get("stated_on", ""), hint="Relative days count from this day."),
        Field("place", "Where", value=get("place", ""), max_length=300, hint="Such as: Geneva; third country; by phone"),
        Field("round", "Round", value=get("round", ""), max_length=10),
        Field("format", "Format", value=get("format", ""), max_length=100),
        Field("agenda", "Agenda", FieldKind.LONG_TEXT, get("agenda", ""), hint="One item on each line."),
        Field("after", "Only after", value=get("after", ""), max_length=300, hint="Talks to be held first, such as T-2"),
        Field("outcome", "Outcome", FieldKind.LONG_TEXT, get("outcome", ""), hint="One point on each line."),
        Field("note", "Note", FieldKind.LONG_TEXT, get("note", "")),
        Field("sources", "Sources", FieldKind.LONG_TEXT, get("sources", ""), hint="Links, one on each line."),
    ]  # fmt: skip
    if edits:
        made.append(Field(WHY, "Why this change", value=get(WHY, ""), max_length=500))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Base:
    """What a form was filled in from: the record, and how the form showed it. Without a record the form is for new talks."""

    talks: Talks | None
    shown: Mapping[str, str]

    @classmethod
    def of(cls, session: Session, talks: Talks | None) -> Base:
        return cls(talks, values_of(session, talks) if talks else {})

    def same(self, values: Mapping[str, str], *names: str) -> bool:
        """Did nobody touch these fields?"""
        return self.talks is not None and all(same_text(values.get(n, ""), self.shown.get(n, "")) for n in names)


def read(intake: Intake, base: Base) -> Talks | None:
    """The talks that a form's values describe, or None with the faults and questions noted in the intake.

    New sources and parties are put on record on the way: the intake's transaction is called off if the form goes back.
    """
    values, had = intake.values, base.talks
    names = PartyNames(intake)
    said_on = read_day(intake, "stated_on", values["stated_on"])
    readers: dict[str, Callable[[], Any]] = {
        "title": lambda: values["title"].strip(),
        "status": lambda: values["status"],
        "sides": lambda: _sides(intake, names, values["sides"], had),
        "window": lambda: _window(intake, base, said_on),
        "place": lambda: read_place(names, values["place"]) if values["place"].strip() else None,
        "round": lambda: values["round"].strip(),
        "format": lambda: values["format"].strip(),
        "agenda": lambda: _agenda(intake, values["agenda"], had),
        "after": lambda: _after(intake, values["after"]),
        "outcome": lambda: lines_of(values["outcome"], semicolons=False),
        "note": lambda: values["note"].strip(),
        "sources": lambda: list(
            read_sources(intake, "sources", values["sources"], had=had.sources if had else (), day=said_on)
        ),
    }
    touched = [name for name in readers if not base.same(values, *_SHOWN_AS.get(name, (name,)))]
    plain = {name: readers[name]() for name in touched}
    return None if intake.errors else _record(intake, plain, had)


_SHOWN_AS = {"window": ("window", "stated_by", "stated_on")}
"""Which fields of the form show a field of the record, where that is not the one of its name."""


def _record(intake: Intake, plain: dict[str, Any], had: Talks | None) -> Talks | None:
    """The record with what was given; everything else is as it was, unread."""
    planned = {"key": "new", "title": "Talks", "status": Status.PLANNED.value}
    needed = {**planned, "sides": ["us"]} if had else planned
    given = {name: value for name, value in plain.items() if value not in (None, [], "") or (had and name in needed)}
    try:
        talks = read_record(intake.session, Talks, {**needed, **given})
    except BadFile as bad:
        for fault in bad.faults:
            name = re.split(r"[.\[]", fault.path)[0]
            intake.wrong(name if name in IDS else "title", f"{fault.message}.")
        return None
    return replace(had, **{name: getattr(talks, name) for name in plain}) if had else talks


def _window(intake: Intake, base: Base, said_on: date | None) -> dict[str, Any] | None:
    """The window as plain data. Words that nobody touched keep what they were read as, unless the day they count from moved."""
    values, had = intake.values, base.talks
    by = values["stated_by"].strip() or None
    counted_anew = not base.same(values, "stated_on") and had is not None and had.window.stated is not None
    window: Window | None
    if had is not None and base.same(values, "window") and not counted_anew:
        window = had.window
    elif values["window"].strip():
        window = read_window(intake, "window", values["window"], said_on=said_on)
    else:
        window = Window()
    if window is None:
        return None
    plain: dict[str, Any] = to_plain(replace(window, stated_by=by, stated_on=said_on))
    return plain


def _sides(intake: Intake, names: PartyNames, text: str, had: Talks | None) -> list[dict[str, Any]]:
    """`United States: minister: Marco Rubio (Secretary of State); Russia: deputy`, or plain names with commas or "and"."""
    people = {side.party: to_plain(side).get("people") for side in had.sides} if had else {}
    found: list[dict[str, Any]] = []
    entries = [entry.strip() for entry in _MANY.split(text) if entry.strip()]
    if len(entries) == 1 and "(" not in text:
        entries = _parted(names, entries[0])
    for entry in entries:
        name, *rest = (part.strip() for part in entry.split(":", 2)) if not entry.startswith(":") else (entry,)
        level, whom = _level_and_people(rest)
        if level is None:
            intake.wrong("sides", f"{short(rest[0])} is not a level. There are: {', '.join(Level)}.")
            continue
        code = names.code("sides", name)
        if code is not None and any(side["party"] == code for side in found):
            intake.wrong("sides", f"{short(name)} is at the table already.")
        elif code is not None:
            side = {"party": code, "level": level.value, "people": whom or people.get(code)}
            found.append({key: value for key, value in side.items() if value})
    if not entries:
        intake.wrong("sides", "Who meets? Name at least one side.")
    return found


def _parted(names: PartyNames, entry: str) -> list[str]:
    """The sides in one run of names: each the longest run of pieces that somebody is called ("Bosnia and Herzegovina")."""
    cuts = [(0, 0), *((m.start(), m.end()) for m in _BETWEEN.finditer(entry)), (len(entry), len(entry))]
    found: list[str] = []
    at = 0
    while at < len(cuts) - 1:
        runs = [(to, entry[cuts[at][1] : cuts[to][0]].strip()) for to in range(min(len(cuts) - 1, at + 5), at, -1)]
        to, text = next(((to, run) for to, run in runs if names.known(run.split(":")[0].strip())), runs[-1])
        found += [text] if text else []
        at = to
    return found


def _level_and_people(rest: list[str]) -> tuple[Level | None, list[dict[str, str]]]:
    """The level and the people after a side's name. None for a level that is none."""
    if not rest or not any(rest):
        return Level.UNSTATED, []
    named = {level.value: level for level in Level}
    first = rest[0].casefold()
    found = words.levels(rest[0])
    level = named.get(first) or (found[0].value if found and found[0].text.casefold() == first else None)
    if len(rest) == 1 and level is None:
        people = _people(rest[0])
        capital = rest[0][:1].isupper() and bool(people)
        return (Level.UNSTATED, people) if capital else (None, [])
    return level, _people(rest[1]) if len(rest) > 1 else []


def _people(text: str) -> list[dict[str, str]]:
    """`Marco Rubio (Secretary of State), Mike Waltz`."""
    found = []
    for part in re.findall(r"[^,(]+(?:\([^)]*\))?", text):
        name, _, office = part.partition("(")
        if name.strip():
            person = {"name": name.strip(), "office": office.strip(") ")}
            found.append({key: value for key, value in person.items() if value})
    return found


def _agenda(intake: Intake, text: str, had: Talks | None) -> list[dict[str, str]]:
    """Agenda items, each with the topic that it is called by, if there is one of that name."""
    before = {item.text: to_plain(item) for item in had.agenda} if had else {}
    entries = lines_of(text)
    named = topics.named(intake.session, [fold(entry) for entry in entries])
    return [before.get(e) or {"text": e, **_only("topic", named.get(fold(e), []))} for e in entries]


def _only(name: str, keys: list[str]) -> dict[str, str]:
    return {name: keys[0]} if len(keys) == 1 else {}


def _after(intake: Intake, text: str) -> list[str]:
    """Keys of the talks named by number."""
    found = words.refs(text)
    left = text
    for ref in reversed(found):
        left = left[: ref.start] + left[ref.end :]
    if re.sub(r"[\s,;&]|\band\b", "", left) or any(ref.value.letter != "T" for ref in found):
        intake.wrong("after", f"{short(text)} are not numbers of talks, such as T-2.")
        return []
    numbers = [ref.value.number for ref in found]
    known = {talks.number: talks.key for talks in on_record.many(intake.session, numbers)}
    for number in numbers:
        if number not in known:
            intake.wrong("after", f"There is no T-{number} on record.")
    return [known[number] for number in numbers if number in known]


def new_key(session: Session, talks: Talks) -> str:
    """A key for new talks that no record has or had: `us-ru-second-round-2025`."""
    day = talks.window.earliest or talks.window.stated_on
    parts = [*(side.party for side in talks.sides[:3]), talks.title, str(day.year) if day else ""]
    return free_key(session, on_record.KIND, slug(" ".join(parts)))


def free_key(session: Session, kind: str, stem: str) -> str:
    """The stem, or the stem with a number, whichever no record of the kind has or had."""
    module: Any = on_record if kind == on_record.KIND else positions
    key, n = stem, 1
    while module.by_key(session, key) is not None or changes.latest(session, kind, key):
        n += 1
        key = f"{stem}-{n}"
    return key
