"""What is said where a party has no position on record: what it answered to others, what came first, who did speak.

Silence is never shown as neutral, nor an answer to somebody else as silence.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from bot.commands.asking import corrections
from bot.commands.base import Ask
from bot.commands.position_asking import About, named, notes
from bot.commands.position_sheet import MAY_BE_LATER
from bot.position_replies import answer_words, earlier_words
from bot.position_since import governments
from bot.reply import Button, Line, Part, Reply, line
from bot.wording import Names, day_month_year
from store import administrations, answers, standings, topics
from store.administrations import Changed, Listed
from store.answers import Answer
from store.database import Session
from store.records import Topic

SHOWN = 3
"""How many answers are told."""


@dataclass(frozen=True, slots=True)
class Told:
    """What some parties answered to others, with all that is needed to word it."""

    names: Names
    on: date
    """The last day whose statements count."""
    answers: Sequence[Answer] = ()
    topics: dict[str, Topic] = field(default_factory=dict)
    """Of the positions that were answered, where the topic is to be named."""
    governments: Listed = field(default_factory=dict)
    gone: dict[str, Changed] = field(default_factory=dict)
    """By party, what has changed since the last of its answers, where it has not spoken since."""
    alone: bool = True
    """Whether only one party was asked about."""
    undated: str = ""
    """What is put for a day not recorded."""

    @property
    def parties(self) -> set[str]:
        return {answer.reply.party for answer in self.answers}

    def parts(self) -> list[Part]:
        """A line each: `It answered: rejects Russia's P-1 (26 Jan 2022) · DW`."""
        return [line(*self._line(answer)) for answer in self.answers[:SHOWN]]

    def buttons(self, about: About) -> tuple[Button, ...]:
        labels = dict.fromkeys(answer.position.label for answer in self.answers[:SHOWN])
        return tuple(Button(f"Show {label}", f"/position show {label}{about.back}") for label in labels)

    def _line(self, answer: Answer) -> Line:
        reply = answer.reply
        on = self.topics.get(answer.position.topic)
        under = administrations.under(self.governments, reply.party, reply.administration, reply.said_on, self.on)
        who = "It" if self.alone else self.names.party(reply.party)
        words = answer_words(self.names, answer, under, on.name if on else "", undated=self.undated)
        gone = self.gone.get(reply.party)
        since = f"; no statement found since {day_month_year(gone.since)}" if gone else ""
        return (f"{who} answered: {words}{earlier_words(answer)}{since}", *self.names.cite(reply.sources))


def answered(session: Session, ask: Ask, about: About, silent: Sequence[str], keys: Sequence[str]) -> Told:
    """What parties without a position on some topics last answered to others on them."""
    found = answers.latest(session, silent, keys, as_of=about.on, recorded=about.recorded)
    return _told(session, ask, about, list(found.values()), several=len(keys) > 1, lasting=True)


def answered_elsewhere(session: Session, ask: Ask, about: About, spoken: Collection[str], most: int) -> Told:
    """What a party last answered to others on anything but the topics it has spoken to itself, as far as the
    page has room."""
    found: list[Answer] = []
    if len(about.parties) == 1 and most > 0:
        party, recorded, limit = about.parties[0], about.recorded, min(most, SHOWN)
        found = answers.of_party(session, party, but=spoken, as_of=about.on, recorded=recorded, limit=limit)
    return _told(session, ask, about, found, several=True, lasting=False)


def _told(session: Session, ask: Ask, about: About, some: Sequence[Answer], *, several: bool, lasting: bool) -> Told:
    if not some:
        return Told(Names({}, {}, ask.now, ask.request.zone), about.on)
    positions = [answer.position for answer in some]
    names = Names.of(session, ask.now, ask.request.zone, positions=positions)
    on = topics.by_keys(session, [p.topic for p in positions]) if several else {}
    offices = governments(session, positions)
    gone = _gone(session, offices, some, about) if lasting else {}
    ordered = sorted(some, key=lambda a: str(a.reply.said_on or ""), reverse=True)
    last = about.recorded.astimezone(ZoneInfo(ask.request.zone)).date() if about.recorded else ask.today
    undated = MAY_BE_LATER if about.looking_back and last > about.on else ""
    return Told(names, about.on, ordered, on, offices, gone, len(about.parties) == 1, undated)


def _gone(session: Session, offices: Listed, some: Sequence[Answer], about: About) -> dict[str, Changed]:
    """By party, who took office since the last of its answers."""
    found: dict[str, Changed] = {}
    for reply in (answer.reply for answer in sorted(some, key=lambda a: str(a.reply.said_on or ""))):
        said = (reply.party, reply.administration, reply.said_on)
        if changed := administrations.changed(session, offices, *said, about.on, about.recorded):
            found[reply.party] = changed
        else:
            found.pop(reply.party, None)
    return found


def silence(session: Session, ask: Ask, about: About, headline: str, subtree: Sequence[str], told: Told) -> Reply:
    """Nothing on record for these parties, or only answers to others; who does have a position is offered."""
    on_record = named(session, list(dict.fromkeys(s.party for s in about.on_topics(session, subtree)[:6])))
    up_to = f"found up to {day_month_year(about.on)}"
    nothing = f"No position of {'its' if told.alone else 'their'} own {up_to}."
    words = nothing if told.answers else f"No statement {up_to}. That is not neutrality."
    parts: list[Part] = [*notes(about), line(words), *told.parts(), *first_on_record(session, about, subtree)]
    if told.answers and (quiet := [code for code in about.parties if code not in told.parties]):
        parts.append(line(f"{named(session, quiet)}: no statement {up_to}."))
    if on_record:
        parts.append(line(f"On record on this topic: {on_record}."))
    topic = next(iter(topics.by_keys(session, about.topics).values()))
    buttons = (*corrections(ask, about.asked), *told.buttons(about))
    buttons = (*buttons, Button("All on this topic", f"/position on {topic.name}{about.back}"))
    if about.looking_back:
        plain = f"{named(session, about.parties[:1])} {topic.name}"
        buttons = (*buttons, Button("What is on record today", f"/position {plain}"))
    what = "no position of its own" if told.answers and told.alone else "answers only" if told.answers else "nothing"
    return Reply(f"{headline}: {what} on record.", parts=tuple(parts), buttons=buttons)


def first_on_record(session: Session, about: About, subtree: Sequence[str] = ()) -> list[Part]:
    """What came first, where that was only after the day asked about."""
    if about.recorded:
        return [line("Nothing was recorded here by then; it may have been recorded since.")]
    keys = subtree or about.subtree(session)
    if about.parties:
        found = [standings.first(session, code, keys) for code in about.parties]
    else:
        found = [standings.first_on(session, keys)]
    words = ", ".join(f"P-{f.number} of {day_month_year(f.said_on)}" for f in found if f and f.said_on)
    return [line(f"The first on record is {words}.")] if words else []
