"""What a question about positions is about: whose, on what, as of which day, and by when they were recorded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.commands.asking import Asked, corrections, not_understood, span_of, understand
from bot.commands.base import Ask, Trouble
from bot.language import when
from bot.language.question import AS_OF, Question
from bot.reply import Button, Notes, Part, line
from bot.wording import LEVELS, PLACES, day_month_year
from store import known, parties, positions, topics
from store.database import Session
from store.records import Window
from store.standings import Standing

_KNOWN = re.compile(r"(?<!\w)known(?:\s+(?:by|on|in|at|as[\s-]*of))?(?!\w)", re.IGNORECASE)
KNOWN_WORDS = 6
"""How many words after "known" may be its day."""

_ANSWERING = {
    word: command
    for command, words in (
        ("rejected-by", "reject rejects rejected rejecting"),
        ("endorsed-by", "endorse endorses endorsed endorsing"),
        ("declined-by", "decline declines declined"),
    )
    for word in words.split()
}
"""What words for answering lead to."""


@dataclass(frozen=True, slots=True)
class About:
    """What a question about positions is about."""

    asked: Asked
    today: date
    parties: tuple[str, ...]
    topics: tuple[str, ...]
    as_of: date | None
    """The day asked about, by when things were said; None for today."""
    recorded: datetime | None = None
    """The moment asked about, by when things were recorded here; None for now."""
    unused: tuple[str, ...] = ()
    """What was understood and says nothing of positions: a level, a status, a place."""
    yet_to_come: date | None = None
    """The day that was asked about, where that lies ahead: nothing can be on record as of then."""
    remarks: tuple[str, ...] = ()
    """What else is to be said of how the question was read."""
    known_words: str = ""

    @property
    def on(self) -> date:
        """The last day whose statements count."""
        return self.as_of or self.today

    @property
    def looking_back(self) -> bool:
        return self.as_of is not None

    @property
    def back(self) -> str:
        """What keeps a further question at the days asked about."""
        as_of = f" as-of {self.as_of}" if self.as_of and not (self.recorded and self.known_words == f"{self.as_of}") else ""
        return as_of + (f" known {self.known_words}" if self.recorded else "")

    @property
    def back_words(self) -> str:
        """The same for a headline."""
        if self.recorded is None:
            return f" as of {day_month_year(self.as_of)}" if self.as_of else ""
        said = f", said by {day_month_year(self.as_of)}" if self.as_of and f"{self.as_of}" != self.known_words else ""
        return f" as this store knew on {day_month_year(date.fromisoformat(self.known_words))}{said}"

    def subtree(self, session: Session) -> list[str]:
        """The topics and all that lies under them, each once."""
        return topics.subtree_of(session, self.topics)

    def latest(self, session: Session, party: str, keys: Sequence[str]) -> list[Standing]:
        """A party's latest on each of these topics, newest first."""
        return sorted(self.of_parties(session, [party], keys), reverse=True)

    def of_party(self, session: Session, party: str) -> list[Standing]:
        """A party's latest on every topic, newest first."""
        return sorted(self.of_parties(session, [party]), reverse=True)

    def of_parties(self, session: Session, parties: Sequence[str], keys: Sequence[str] | None = None) -> list[Standing]:
        """The latest of each of these parties on each of these topics (None: on any), in no order."""
        if keys is not None and not keys:
            return []
        if self.recorded is not None:
            return known.standing(session, self.recorded, parties=parties, topic_keys=keys or (), as_of=self.on)
        return positions.of_parties(session, parties, keys, as_of=self.on)

    def on_topics(self, session: Session, keys: Sequence[str]) -> list[Standing]:
        """Everyone's latest on each of these topics, newest first."""
        if self.recorded is not None:
            return known.standing(session, self.recorded, topic_keys=keys, as_of=self.on) if keys else []
        return positions.on_topics(session, keys, as_of=self.on)


def about_of(session: Session, ask: Ask, *, period: bool = False) -> About:
    """Reads the words of a question. Raises Trouble where a name or a day could mean two things, or a day is missing.

    With `period` words of time without "as of" are left to the caller: they are no day to look back from.
    """
    found = recorded_by(ask)
    recorded, known_words = found.moment, found.day
    twice = AS_OF.search(found.words)
    remarks = (f"“{found.words}” was read as “known {known_words}”: by the day of recording here.",) if twice else ()
    asked = understand(session, replace(ask, rest=found.rest))
    if known_words:
        asked = replace(asked, words=f"{asked.words} known {known_words}".strip())
    read = asked.question
    as_of = None
    if read.window is not None and (read.as_of or not period):
        _, last = span_of(read.window, ask)
        if last is None:
            raise _which_day()
        as_of = last.astimezone(ZoneInfo(ask.request.zone)).date()
    elif any(AS_OF.fullmatch(word) for word in read.unread):
        raise _which_day()
    ahead = as_of if as_of and as_of > ask.today else None
    named, topical = roles(read)
    as_of = None if ahead else as_of
    if known_words:
        as_of = as_of or date.fromisoformat(known_words)
    ahead = ahead or found.ahead
    unused = _unused(session, read)
    return About(asked, ask.today, named, topical, as_of, recorded, unused, ahead, remarks, known_words=known_words)


@dataclass(frozen=True, slots=True)
class Known:
    """The words without "known 2022-02", the last moment of that day, month or year and its last day in words; `ahead` where
    it is still to come and stands for now. `words` are those of the day, with "known"."""

    rest: str
    moment: datetime | None = None
    day: str = ""
    ahead: date | None = None
    words: str = ""


def recorded_by(ask: Ask) -> Known:
    """Reads "known 2022-02" in a question. Raises Trouble where no day follows."""
    found = _KNOWN.search(ask.rest)
    if found is None:
        return Known(ask.rest)
    zone, tail = ZoneInfo(ask.request.zone), ask.rest[found.end() :]
    reading = first_day(ask, tail)
    first, last = span_of(reading.window, ask) if reading.dated else (None, None)
    if reading.span is None or last is None or tail[: reading.span[0]].strip():
        raise Trouble(
            reading.question or "Known by which day?",
            nearest="A day, a month or a year would work.",
            example="/position russia nato known 2025-02",
        )
    ahead = first.astimezone(zone).date() if first and first > ask.now else None
    last = min(last, ask.now)
    rest = f"{ask.rest[: found.start()]} {tail[reading.span[1] :]}".strip()
    words = f"{found[0]}{tail[: reading.span[1]]}"
    return Known(rest, last, f"{last.astimezone(zone).date()}", ahead, words)


def first_day(ask: Ask, tail: str) -> when.Reading:
    """The day after "known" or "as-of": the most words that make one, as what follows may be another ("known 2022-02 as-of
    2021")."""
    request = ask.request
    ends = [match.end() for match in re.finditer(r"\S+", tail)]
    as_of = AS_OF.search(tail)
    at_most = as_of.start() if as_of else len(tail)
    whole: when.Reading | None = None
    for end in [at_most, *(end for end in reversed(ends[:KNOWN_WORDS]) if end < at_most)]:
        order = when.DateOrder(request.date_order)
        reading = when.read(tail[:end], said_on=request.now, zone=request.zone, order=order, past=True, terse=True)
        whole = whole or reading
        if reading.dated or not whole.question:
            return reading
    return whole or when.Reading("", Window())


def _which_day() -> Trouble:
    return Trouble(
        "As of which day?",
        nearest="A day, a month or a year would work.",
        example="/position russia nato as-of 2022-02",
    )


def _unused(session: Session, read: Question) -> tuple[str, ...]:
    """What positions are not kept by, in words."""
    places = parties.by_codes(session, list(read.places))
    words = [LEVELS[level] for level in read.levels] + [status.value for status in read.statuses]
    words += [places[code].name for code in read.places if code in places]
    return tuple(words + [PLACES[state] for state in read.place_states if state in PLACES])


def versus(about: About) -> About:
    """For comparing, and for what one party said: where too few are parties for certain and nothing is a topic for certain, a
    name that may be either is a party's ("compare russia nato")."""
    read = about.asked.question
    doubles = {key for keys in read.party_topics.values() for key in keys}
    if any(key not in doubles for key in read.topics):
        return about
    return replace(about, parties=read.parties, topics=())


def roles(read: Question) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which names are meant as parties and which as topics.

    "nato" is both. Beside another party, or alone, it is the topic (`/position russia nato`, `/position nato`); beside
    another topic it is the party (`/position nato ukraine membership`).
    """
    doubles = {code: keys for code, keys in read.party_topics.items() if code in read.parties}
    sure_topics = tuple(key for key in read.topics if not any(key in keys for keys in doubles.values()))
    sure_parties = tuple(code for code in read.parties if code not in doubles)
    if sure_topics:
        return read.parties, sure_topics
    if not doubles:
        return sure_parties, ()
    *first, last = [code for code in read.parties if code in doubles]
    return (*sure_parties, *first), doubles[last]


def nobody(session: Session, ask: Ask, asked: Asked, *, example: str = "/position russia nato") -> Trouble:
    """Neither a party nor a topic was understood."""
    unread = asked.question.unread
    if not unread:
        return Trouble("Whose position, on what?", nearest="Name a party, a topic, or both.", example=example)
    near = list(dict.fromkeys(name for word in unread for name in asked.question.suggestions.get(word, ())))
    words = " ".join(unread)
    shown = words[:60] + ("…" if len(words) > 60 else "")
    return Trouble(
        f"Nobody and nothing by the name “{shown}” is on record.",
        nearest=f"Did you mean {' or '.join(near[:3])}?" if near else topics_known(session),
        example=example,
        buttons=corrections(ask, asked),
    )


def no_topic(session: Session, ask: Ask, about: About, words: str = "") -> Trouble:
    """A party was understood, the topic was not: the `words` for it, else those that were not understood."""
    asked = about.asked
    code = about.parties[0]
    name = parties.by_codes(session, [code])[code].name
    if found := _answering(asked.question.unread):
        return _no_command(found, name)
    near = [name for word in asked.question.unread for name in asked.question.suggestions.get(word, ())]
    near += [topic.name for word in words.split() for topic in topics.suggest(session, word)]
    words = words or " ".join(asked.question.unread)
    return Trouble(
        f"There is no topic by the name “{words[:60]}{'…' if len(words) > 60 else ''}” on record.",
        nearest=f"Did you mean {' or '.join(dict.fromkeys(near[:3]))}?" if near else topics_known(session),
        example=f"/position {name}",
        buttons=(*corrections(ask, asked), Button(f"All of {name}"[:70], f"/position {name}")),
    )


def _answering(unread: Sequence[str]) -> str:
    """The subcommand that a word for answering leads to: `rejected-by`; empty where there is none."""
    word = next((word.casefold() for word in unread if word.casefold() in _ANSWERING), "")
    return _ANSWERING.get(word, "")


def _no_command(command: str, name: str) -> Trouble:
    """ "who rejected russia": there is a list of what a party answered, and each position says who answered it."""
    lists = f"/position {command} {name}"
    return Trouble(
        f"“{command.removesuffix('-by')}” is no topic.",
        nearest=f"{lists} lists what {name} answered so; who answered {name} stands on the card of each of its positions.",
        example=lists,
        buttons=(Button(lists[:70], lists), Button(f"All of {name}"[:70], f"/position {name}")),
    )


def topics_known(session: Session) -> str:
    names = [topic.name for topic in topics.everything(session)[:8]]
    return f"Topics on record: {', '.join(names)}." if names else "No topics are on record yet."


def named(session: Session, codes: Sequence[str]) -> str:
    """The names of some parties, in words."""
    found = parties.by_codes(session, list(codes))
    return ", ".join(found[code].name if code in found else code.upper() for code in codes)


def notes(about: About) -> tuple[Part, ...]:
    """What was not understood, or not used."""
    found = list(not_understood(about.asked, "what was"))
    if about.unused:
        found.append(Notes((line(f"Positions are not kept by {', '.join(about.unused)}: not used."),)))
    if command := _answering(about.asked.question.unread):
        found.append(Notes((line(f"What a party answered is listed by /position {command} PARTY."),)))
    if about.remarks:
        found.append(Notes(tuple(line(remark) for remark in about.remarks)))
    if about.yet_to_come:
        found.append(Notes((line(f"{day_month_year(about.yet_to_come)} is still to come; showing what is on record today."),)))
    return tuple(found)
