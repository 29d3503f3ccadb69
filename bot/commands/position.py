"""`/position`: where a party stands on a topic, on everything, and who stands where on a topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.commands import position_record
from bot.commands.asking import Asked, again, corrections, line_of, not_understood, number_of, span_of, understand
from bot.commands.base import Ask, Command, Trouble
from bot.commands.position_card import Sheet, card
from bot.language.question import AS_OF, Question
from bot.reply import Button, Notes, Part, Reply, line
from bot.wording import LEVELS, PLACES, counted, day_month_year
from store import parties, positions, topics
from store.database import Session

SUMMARY = "where a party stands, since when, in whose words, and who answered how"

PER_PAGE = 6


@dataclass(frozen=True, slots=True)
class _About:
    """What a question about positions is about, and as of which day: None for today."""

    asked: Asked
    parties: tuple[str, ...]
    topics: tuple[str, ...]
    as_of: date | None
    unused: tuple[str, ...] = ()
    """What was understood and says nothing of positions: a level, a status, a place."""
    yet_to_come: date | None = None
    """The day that was asked about, where that lies ahead: nothing can be on record as of then."""


def stance(ask: Ask) -> Reply:
    """A party's stance on a topic; without a topic all of the party's, without a party everyone's on the topic."""
    with ask.read() as session:
        about = _about(session, ask)
        if not about.parties and not about.topics:
            raise _nobody(session, ask, about.asked)
        if about.topics and about.parties:
            return _stance(session, ask, about)
        if about.topics:
            return _everyone(session, ask, about)
        if about.asked.question.unread:
            raise _no_topic(session, ask, about)
        return _everything(session, ask, about)


def on_topic(ask: Ask) -> Reply:
    """All parties on a topic, for a name that is a party's as well."""
    with ask.read() as session:
        about = _about(session, ask)
        if not about.topics:
            raise _nobody(session, ask, about.asked)
        return _everyone(session, ask, about)


def by_party(ask: Ask) -> Reply:
    """All topics of a party, for a name that is a topic's as well."""
    with ask.read() as session:
        about = _about(session, ask)
        named = about.asked.question.parties
        if not named:
            raise _nobody(session, ask, about.asked)
        return _everything(session, ask, replace(about, parties=named, topics=()))


def show(ask: Ask) -> Reply:
    """One position by its number, today or as of a day."""
    number, rest = number_of(ask, "P", "/position show P-1")
    with ask.read() as session:
        positions.get(session, number)
        about = _about(session, replace(ask, rest=rest))
        reply = _card(session, ask, number, about, whole=True)
        return replace(reply, parts=(*_notes(about), *reply.parts))


def _about(session: Session, ask: Ask) -> _About:
    asked = understand(session, ask)
    read = asked.question
    as_of = None
    if read.window is not None:
        _, last = span_of(read.window, ask)
        if last is None:
            raise _which_day()
        as_of = last.astimezone(ZoneInfo(ask.request.zone)).date()
    elif any(AS_OF.fullmatch(word) for word in read.unread):
        raise _which_day()
    ahead = as_of if as_of and as_of > ask.today else None
    named, topical = _roles(read)
    return _About(asked, named, topical, None if ahead else as_of, _unused(session, read), ahead)


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


def _roles(read: Question) -> tuple[tuple[str, ...], tuple[str, ...]]:
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


def _nobody(session: Session, ask: Ask, asked: Asked) -> Trouble:
    """Neither a party nor a topic was understood."""
    unread = asked.question.unread
    if not unread:
        return Trouble("Whose position, on what?", nearest="Name a party, a topic, or both.", example="/position russia nato")
    near = list(dict.fromkeys(name for word in unread for name in asked.question.suggestions.get(word, ())))
    words = " ".join(unread)
    shown = words[:60] + ("…" if len(words) > 60 else "")
    return Trouble(
        f"Nobody and nothing by the name “{shown}” is on record.",
        nearest=f"Did you mean {' or '.join(near[:3])}?" if near else _topics_known(session),
        example="/position russia nato",
        buttons=corrections(ask, asked),
    )


def _no_topic(session: Session, ask: Ask, about: _About) -> Trouble:
    """A party was understood, the topic was not."""
    asked = about.asked
    words = " ".join(asked.question.unread)
    code = about.parties[0]
    name = parties.by_codes(session, [code])[code].name
    near = [name for word in asked.question.unread for name in asked.question.suggestions.get(word, ())]
    return Trouble(
        f"There is no topic by the name “{words[:60]}{'…' if len(words) > 60 else ''}” on record.",
        nearest=f"Did you mean {' or '.join(dict.fromkeys(near[:3]))}?" if near else _topics_known(session),
        example=f"/position {name}",
        buttons=(*corrections(ask, asked), Button(f"All of {name}"[:70], f"/position {name}")),
    )


def _topics_known(session: Session) -> str:
    names = [topic.name for topic in topics.everything(session)[:8]]
    return f"Topics on record: {', '.join(names)}." if names else "No topics are on record yet."


def _stance(session: Session, ask: Ask, about: _About) -> Reply:
    """One party on one topic: the card; several parties, or several positions at once: one line each and a way in."""
    as_of = about.as_of or ask.today
    subtree = _with_subtopics(session, about.topics)
    found = {code: positions.latest_each(session, code, subtree, as_of=as_of) for code in about.parties}
    numbers = [standing.number for standings in found.values() for standing in standings]
    if len(numbers) == 1 and len(about.parties) == 1:
        reply = _card(session, ask, numbers[0], about)
        return replace(
            reply,
            parts=(*_notes(about), *reply.parts),
            buttons=(*corrections(ask, about.asked), *reply.buttons),
            share=line_of(ask, about.asked),
        )
    named = parties.by_codes(session, list(about.parties))
    who = ", ".join(named[code].name for code in about.parties if code in named)
    what = ", ".join(topic.name for topic in topics.by_keys(session, about.topics).values())
    headline = f"{who} on {what}{_as_of_words(about)}"
    if not numbers:
        return _silence(session, ask, about, headline, subtree, as_of)
    reply = _list(session, ask, about, headline, numbers, by_topic=False)
    silent = [named[code].name for code in about.parties if not found[code] and code in named]
    if not silent:
        return reply
    nothing = line(f"{', '.join(silent)}: no statement found up to {day_month_year(as_of)}.")
    return replace(reply, parts=(*reply.parts, nothing))


def _silence(session: Session, ask: Ask, about: _About, headline: str, subtree: Sequence[str], as_of: date) -> Reply:
    """Nothing on record for these parties: never shown as neutral; who does have a position is offered."""
    others = [s for key in subtree for s in positions.on_topic(session, key, as_of=as_of)]
    named = parties.by_codes(session, [s.party for s in others[:6]])
    on_record = ", ".join(dict.fromkeys(named[s.party].name for s in others[:6] if s.party in named))
    parts: list[Part] = [*_notes(about), line(f"No statement found up to {day_month_year(as_of)}. That is not neutrality.")]
    if on_record:
        parts.append(line(f"On record on this topic: {on_record}."))
    topic = next(iter(topics.by_keys(session, about.topics).values()))
    buttons = (*corrections(ask, about.asked), Button("All on this topic", f"/position on {topic.name}{_back(about)}"))
    return Reply(f"{headline}: nothing on record.", parts=tuple(parts), buttons=buttons)


def _everything(session: Session, ask: Ask, about: _About) -> Reply:
    """All topics of a party, newest first."""
    as_of = about.as_of or ask.today
    found = [s for code in about.parties for s in positions.of_party(session, code, as_of=as_of)]
    named = parties.by_codes(session, list(about.parties))
    who = ", ".join(named[code].name for code in about.parties if code in named)
    headline = f"{who}: positions{_as_of_words(about)}"
    if not found:
        words = line(f"No statement found up to {day_month_year(as_of)}. That is not neutrality.")
        return Reply(f"{headline}: nothing on record.", parts=(*_notes(about), words))
    return _list(session, ask, about, headline, [s.number for s in found], by_topic=len(about.parties) == 1)


def _everyone(session: Session, ask: Ask, about: _About) -> Reply:
    """All parties on a topic and what lies under it, newest first."""
    as_of = about.as_of or ask.today
    subtree = _with_subtopics(session, about.topics)
    found = [s for key in subtree for s in positions.on_topic(session, key, as_of=as_of)]
    found.sort(key=lambda s: (s.said_on or date.min, s.number), reverse=True)
    what = ", ".join(topic.name for topic in topics.by_keys(session, about.topics).values())
    headline = f"Positions on {what}{_as_of_words(about)}"
    doubles = [code for code in about.asked.question.parties if code not in about.parties]
    own = [Button(f"{code.upper()}'s own positions", f"/position by {code}{_back(about)}") for code in doubles[:1]]
    if not found:
        words = line(f"No statement by anyone found up to {day_month_year(as_of)}.")
        return Reply(f"{headline}: nothing on record.", parts=(*_notes(about), words), buttons=tuple(own))
    reply = _list(session, ask, about, headline, [s.number for s in found], by_topic=False)
    return replace(reply, buttons=(*reply.buttons, *own))


def _list(session: Session, ask: Ask, about: _About, headline: str, numbers: Sequence[int], *, by_topic: bool) -> Reply:
    page = about.asked.page
    shown = numbers[(page - 1) * PER_PAGE : page * PER_PAGE]
    as_of = about.as_of or ask.today
    sheet = Sheet.of(session, shown, ask.now, ask.request.zone, as_of, looking_back=about.as_of is not None)
    parts: list[Part] = [*_notes(about), *(sheet.listed(p, by_topic=by_topic) for p in sheet.positions)]
    buttons = [*corrections(ask, about.asked), *_show_buttons(sheet, about)]
    if len(numbers) > page * PER_PAGE:
        buttons.append(Button("More", again(ask, about.asked, page + 1)))
    if not shown:
        parts.append(line("No more."))
    aside = counted(len(numbers), "on record")
    share = line_of(ask, about.asked)
    return Reply(headline, aside=aside, parts=tuple(parts), buttons=tuple(buttons), share=share)


def _show_buttons(sheet: Sheet, about: _About) -> tuple[Button, ...]:
    return tuple(Button(f"Show {p.label}", f"/position show {p.label}{_back(about)}") for p in sheet.positions[:3])


def _card(session: Session, ask: Ask, number: int, about: _About, *, whole: bool = False) -> Reply:
    as_of = about.as_of or ask.today
    sheet = Sheet.of(session, [number], ask.now, ask.request.zone, as_of, looking_back=about.as_of is not None)
    return card(sheet, sheet.positions[0], whole=whole)


def _notes(about: _About) -> tuple[Part, ...]:
    notes = list(not_understood(about.asked, "what was"))
    if about.unused:
        notes.append(Notes((line(f"Positions are not kept by {', '.join(about.unused)}: not used."),)))
    if about.yet_to_come:
        notes.append(Notes((line(f"{day_month_year(about.yet_to_come)} is still to come; showing what is on record today."),)))
    return tuple(notes)


def _back(about: _About) -> str:
    """What keeps a further question at the day asked about."""
    return f" as-of {about.as_of}" if about.as_of else ""


def _with_subtopics(session: Session, keys: Sequence[str]) -> list[str]:
    """These topics and all that lies under them, each once."""
    return list(dict.fromkeys(found for key in keys for found in topics.subtree(session, key)))


def _as_of_words(about: _About) -> str:
    return f" as of {day_month_year(about.as_of)}" if about.as_of else ""


def commands() -> list[Command]:
    """The records of `/position`."""
    return [
        Command(
            "/position",
            "",
            "/position PARTY TOPIC [as-of DAY]",
            "Where a party stands on a topic; a party alone gives all its topics, a topic alone everyone on it.",
            ("/position russia nato", "/position russia", "/position nato", "/position russia nato as-of 2022-02"),
            stance,
            default=True,
        ),
        Command("/position", "on", "/position on TOPIC", "All parties on a topic.", ("/position on nato",), on_topic),
        Command("/position", "by", "/position by PARTY", "All topics of a party.", ("/position by nato",), by_party),
        Command(
            "/position",
            "show",
            "/position show P-1 [as-of DAY]",
            "One position by its number.",
            ("/position show P-1", "/position show P-1 as-of 2022-02"),
            show,
        ),
        *position_record.commands(),
    ]
