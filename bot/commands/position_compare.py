"""`/position compare`: where parties stand side by side, one row a topic. Silence is shown as silence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.commands.asking import again, corrections, line_of
from bot.commands.base import Ask, Command, Trouble
from bot.commands.position_asking import About, about_of, named, no_topic, nobody, notes
from bot.commands.position_card import Sheet
from bot.commands.position_time import told
from bot.reply import Button, Card, Line, Notes, Part, Quiet, Reply, Strong, Table, line
from bot.wording import REPLIES, STANCES, day_month_year, mark, source_notes
from store import replies, topics
from store.database import Session
from store.records import Position
from store.records import Reply as Answer

PER_PAGE = 6
COLUMNS = 3
"""Up to so many parties stand in columns; a phone shows no more side by side, and more go under each topic."""
MOST_ANSWERED = 3
"""How many positions of others a row tells the answers to."""
AT_ONCE = 60
"""How many positions of others are asked at once for answers to them: the latest mostly have enough."""
EXAMPLE = "/position compare us russia nato"

_ON = re.compile(r"^(?P<who>.+?)\s+(?:on|about|regarding)\s+(?P<what>.+)$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Row:
    """One topic and each party's position on it, by number; None for silence."""

    topic: str
    stands: tuple[int | None, ...]
    latest: date
    others: tuple[int, ...] = ()
    """Positions of somebody else that one of the silent answered."""


def compare(ask: Ask) -> Reply:
    """Two parties or more side by side on a topic, or on every topic that one of them has spoken to."""
    with ask.read() as session:
        about = _about(session, ask)
        if len(about.parties) < 2:
            return _alone(session, ask, about)
        if not about.topics and about.asked.question.unread:
            raise no_topic(session, ask, about)
        rows = _rows(session, about)
        page = about.asked.page
        shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
        numbers = [number for row in shown for number in (*row.stands, *row.others) if number]
        back = about.looking_back
        sheet = Sheet.of(session, numbers, ask.now, ask.request.zone, about.on, looking_back=back, recorded=about.recorded)
        names = topics.by_keys(session, [*about.topics, *(row.topic for row in shown)])
        on = ", ".join(names[key].name for key in about.topics if key in names)
        headline = f"{_versus(session, about)}{f' on {on}' if on else ''}{about.back_words}"
        if not rows:
            return _nothing(session, ask, about, headline)
        cited = [key for p in sheet.positions for key in (*p.sources, *(k for r in p.replies for k in r.sources))]
        drawn = _Drawn(sheet, about, _cited(sheet, about, cited))
        parts: list[Part] = [*notes(about), *drawn.rows(session, shown, {key: topic.name for key, topic in names.items()})]
        parts.append(source_notes(sheet.names, drawn.cited))
    buttons = [*corrections(ask, about.asked)]
    if len(rows) > page * PER_PAGE:
        buttons.append(Button("More", again(ask, about.asked, page + 1), replaces=True))
    buttons += [Button(f"Show {p.label}", f"/position show {p.label}{about.back}") for p in sheet.positions[:3]]
    aside = "1 topic" if len(rows) == 1 else f"{len(rows)} topics"
    return Reply(headline, aside=aside, parts=tuple(parts), buttons=tuple(buttons), share=line_of(ask, about.asked))


def _about(session: Session, ask: Ask) -> About:
    """Whom and on what: after "on" a name is a topic, before it a party; else as everywhere."""
    split = _ON.match(ask.rest)
    about = about_of(session, ask)
    if split is None:
        return about
    who = about_of(session, replace(ask, rest=split["who"]))
    parties = who.asked.question.parties
    if len(parties) < 2 or (who.topics and not about.topics):
        return replace(about, parties=parties or about.parties)
    what = about_of(session, replace(ask, rest=split["what"]))
    return replace(about, parties=parties, topics=what.topics or about.topics)


def _versus(session: Session, about: About) -> str:
    return named(session, about.parties).replace(", ", " · ")


def _rows(session: Session, about: About) -> list[_Row]:
    """The topics that any of the parties has spoken to: those that most have first, then the latest."""
    keys = about.subtree(session)
    by_topic: dict[str, dict[str, tuple[int, date]]] = {}
    for party in about.parties:
        for found in about.latest(session, party, keys) if about.topics else about.of_party(session, party):
            by_topic.setdefault(found.topic, {})[party] = (found.number, found.said_on or date.min)
    rows = [
        _Row(
            topic,
            tuple(stands[party][0] if party in stands else None for party in about.parties),
            max(day for _, day in stands.values()),
        )
        for topic, stands in by_topic.items()
    ]
    rows = _with_answers(session, about, keys, rows) if about.topics else rows
    return sorted(rows, key=lambda row: (sum(1 for n in row.stands if n), row.latest, row.topic), reverse=True)


def _with_answers(session: Session, about: About, keys: Sequence[str], rows: Sequence[_Row]) -> list[_Row]:
    """The rows with what the parties answered to somebody else, where they have no position of their own."""
    found = {row.topic: row for row in rows}
    silent = [key for key in keys if key not in found or None in found[key].stands]
    others = [s for s in about.on_topics(session, silent) if s.party not in about.parties]
    for start in range(0, len(others), AT_ONCE):
        some = [s for s in others[start : start + AT_ONCE] if s.topic not in found or _has_room(found[s.topic])]
        answered = set(replies.answered(session, [s.number for s in some], about.parties))
        for s in some:
            row = found.get(s.topic, _Row(s.topic, (None,) * len(about.parties), s.said_on or date.min))
            if s.number in answered and _has_room(row):
                found[s.topic] = replace(row, others=(*row.others, s.number))
    return list(found.values())


def _has_room(row: _Row) -> bool:
    return None in row.stands and len(row.others) < MOST_ANSWERED


def _cited(sheet: Sheet, about: About, cited: Sequence[str]) -> list[str]:
    """The sources that the cells name: of the positions, and of these parties' replies."""
    used = {key for p in sheet.positions if p.party in about.parties for key in p.sources}
    used |= {key for p in sheet.positions for r in p.replies if r.party in about.parties for key in r.sources}
    return [key for key in dict.fromkeys(cited) if key in used]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Draws the rows of one comparison."""

    sheet: Sheet
    about: About
    cited: list[str]

    def rows(self, session: Session, rows: Sequence[_Row], topic_names: dict[str, str]) -> list[Part]:
        """A table for a few parties; a card a topic for more."""
        by_number = {p.number: p for p in self.sheet.positions}
        found = [
            (topic_names.get(row.topic, row.topic), [by_number.get(n) if n else None for n in (*row.stands, *row.others)])
            for row in rows
        ]
        who = [named(session, [code]) for code in self.about.parties]
        if len(who) <= COLUMNS:
            table = [(line(Strong(name)), *(self.cell(n, stands) for n in range(len(who)))) for name, stands in found]
            return [Table(("Topic", *who), tuple(table))]
        return [
            Card(
                line(Strong(name)),
                tuple((f"{party}: ", *self.cell(n, stands)) for n, party in enumerate(who)),
            )
            for name, stands in found
        ]

    def cell(self, at: int, stands: Sequence[Position | None]) -> Line:
        """One party on one topic: its stance, how it answered the others, or that nothing was found."""
        position, party = stands[at], self.about.parties[at]
        if position is not None:
            said = day_month_year(position.said_on) if position.said_on else "day not recorded"
            under = self.sheet.overtaken.get(position.number)
            since = f"; {self.sheet.under(position)}" if under and under.own else ""
            marked = mark(position.sources, self.cited)
            return line(f"{STANCES[position.stance]} · {said} · {position.label}{marked}{since}")
        answers = [(p, r) for p in stands if p for r in p.replies if r.party == party]
        if answers:
            return line("; ".join(self._answer(p, r) for p, r in answers[-2:]))
        return line(Quiet(f"no statement found up to {day_month_year(self.about.on)}"))

    def _answer(self, position: Position, reply: Answer) -> str:
        said = day_month_year(reply.said_on) if reply.said_on else "undated"
        words = f"{REPLIES[reply.stance]} {position.label} · {said}{mark(reply.sources, self.cited)}"
        if position.party not in self.about.parties:
            words = words.replace(position.label, f"{self.sheet.names.party(position.party)}'s {position.label}", 1)
        gone = next((s for s in self.sheet.silent(position) if s.party == reply.party), None)
        if gone:
            since = day_month_year(gone.changed.since)
            return f"{words}; under the {gone.changed.then}; no statement of its own found since {since}"
        return words


def _nothing(session: Session, ask: Ask, about: About, headline: str) -> Reply:
    """None of the parties has spoken to the topic."""
    others = about.on_topics(session, about.subtree(session))[:6] if about.topics else []
    words = f"No statement of any of them found up to {day_month_year(about.on)}. That is not neutrality."
    parts: list[Part] = [*notes(about), line(words)]
    if others:
        who = named(session, list(dict.fromkeys(s.party for s in others)))
        parts.append(line(f"On record on this topic: {who}."))
    return Reply(f"{headline}: nothing on record.", parts=tuple(parts), buttons=corrections(ask, about.asked))


def _alone(session: Session, ask: Ask, about: About) -> Reply:
    """One party: compared with itself it is shown over time; else somebody to compare it with is asked for."""
    read = about.asked.question
    if not about.parties:
        raise nobody(session, ask, about.asked, example=EXAMPLE)
    party = about.parties[0]
    name = named(session, [party])
    on = f" {next(iter(topics.by_keys(session, about.topics[:1]).values())).name}" if about.topics else ""
    others = [s.party for s in about.on_topics(session, about.subtree(session)) if s.party != party] if about.topics else []
    buttons = tuple(
        Button(f"With {named(session, [code])}"[:70], f"/position compare {party} {code}{' on' if on else ''}{on}")
        for code in list(dict.fromkeys(others))[:3]
    )
    if sum(mention.codes == (party,) for mention in read.mentions) > 1:
        reply = told(session, ask, about, party)
        note = Notes((line(f"{name} compared with itself: what it said, and what changed from one statement to the next."),))
        return replace(reply, parts=(note, *reply.parts), buttons=(*buttons, *reply.buttons))
    if read.unread:
        raise nobody(session, ask, about.asked, example=EXAMPLE)
    raise Trouble(f"Compare {name} with whom?", nearest="Name two parties or more.", example=EXAMPLE, buttons=buttons)


def commands() -> list[Command]:
    """The record of comparing."""
    return [
        Command(
            "/position",
            "compare",
            "/position compare PARTY PARTY … [on TOPIC] [as-of DAY]",
            "Where parties stand side by side, one row a topic; silence is shown as silence.",
            (EXAMPLE, "/position compare us ukraine", "/position compare us nato russia on 1997"),
            compare,
            aliases=("versus", "vs"),
        ),
    ]
