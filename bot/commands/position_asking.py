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
from store.standings import Standing

_KNOWN = re.compile(r"(?<!\w)known(?:\s+(?:by|on|in|at|as[\s-]*of))?(?!\w)", re.IGNORECASE)


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
        if self.recorded is not None:
            return known.standing(session, self.recorded, party=party, topic_keys=keys, as_of=self.on) if keys else []
        return positions.latest_each(session, party, keys, as_of=self.on)

    def of_party(self, session: Session, party: str) -> list[Standing]:
        """A party's latest on every topic, newest first."""
        if self.recorded is not None:
            return known.standing(session, self.recorded, party=party, as_of=self.on)
        return positions.of_party(session, party, as_of=self.on)

    def on_topics(self, session: Session, keys: Sequence[str]) -> list[Standing]:
        """Everyone's latest on each of these topics, newest first."""
        if self.recorded is not None:
            return known.standing(session, self.recorded, topic_keys=keys, as_of=self.on) if keys else []
        found = [s for key in keys for s in positions.on_topic(session, key, as_of=self.on)]
        return sorted(found, key=lambda s: (s.said_on or date.min, s.number), reverse=True)


def about_of(session: Session, ask: Ask, *, period: bool = False) -> About:
    """Reads the words of a question. Raises Trouble where a name or a day could mean two things, or a day is missing.

    With `period` the words of time are left to the caller: they are no day to look back from.
    """
    rest, recorded, known_words = _recorded(ask)
    asked = understand(session, replace(ask, rest=rest))
    if known_words:
        asked = replace(asked, words=f"{asked.words} known {known_words}".strip())
    read = asked.question
    as_of = None
    if read.window is not None and not period:
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
    return About(asked, ask.today, named, topical, as_of, recorded, _unused(session, read), ahead, known_words)


def _recorded(ask: Ask) -> tuple[str, datetime | None, str]:
    """Takes "known 2022-02" out of the words: what is left, the last moment of that day, month or year, and its last day."""
    found = _KNOWN.search(ask.rest)
    if found is None:
        return ask.rest, None, ""
    request, tail = ask.request, ask.rest[found.end() :]
    order = when.DateOrder(request.date_order)
    reading = when.read(tail, said_on=request.now, zone=request.zone, order=order, past=True, terse=True)
    last = span_of(reading.window, ask)[1] if reading.dated else None
    if reading.span is None or last is None or tail[: reading.span[0]].strip():
        raise Trouble(
            reading.question or "Known by which day?",
            nearest="A day, a month or a year would work.",
            example="/position russia nato known 2025-02",
        )
    last = min(last, ask.now)
    day = last.astimezone(ZoneInfo(request.zone)).date()
    return f"{ask.rest[: found.start()]} {tail[reading.span[1] :]}".strip(), last, f"{day}"


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


def no_topic(session: Session, ask: Ask, about: About) -> Trouble:
    """A party was understood, the topic was not."""
    asked = about.asked
    words = " ".join(asked.question.unread)
    code = about.parties[0]
    name = parties.by_codes(session, [code])[code].name
    near = [name for word in asked.question.unread for name in asked.question.suggestions.get(word, ())]
    return Trouble(
        f"There is no topic by the name “{words[:60]}{'…' if len(words) > 60 else ''}” on record.",
        nearest=f"Did you mean {' or '.join(dict.fromkeys(near[:3]))}?" if near else topics_known(session),
        example=f"/position {name}",
        buttons=(*corrections(ask, asked), Button(f"All of {name}"[:70], f"/position {name}")),
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
    if about.yet_to_come:
        found.append(Notes((line(f"{day_month_year(about.yet_to_come)} is still to come; showing what is on record today."),)))
    return tuple(found)
