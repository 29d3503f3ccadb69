"""Reads for a brief where the sides stand, whom they answered, and what others say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.brief_facts import Item, Stances
from bot.position_since import governments, overtaken
from store import answered, parties, positions, topics
from store.database import Session
from store.records import Position, Talks

SIDES_READ, SIDES_WHOLE = 6, 40
"""How many sides' positions the short brief looks for, and the whole one."""
TOPICS_READ = 24
"""Topics under one agenda item that positions are looked for on; fewer where there are many sides and items."""
LOOKS = 1500
"""How many times a party's latest position on a topic is looked up for one brief."""
OTHERS_ON = 4
"""Topics on which other parties' positions are looked for; each takes a walk through all parties."""
OTHERS_SHOWN = 3
BETWEEN, BETWEEN_WHOLE = 2, 12
STEPS = 8
"""How many times in a row what replaced a position is looked for."""
ANSWERING = 6
"""Sides between which answers are looked for."""


def stances(session: Session, talks: Talks, today: date, *, whole: bool) -> Stances:
    """Positions on the agenda's topics, between the sides, and of others, with what changes of government mean for them."""
    sides = [side.party for side in talks.sides]
    read = sides[: SIDES_WHOLE if whole else SIDES_READ]
    items = _items(session, talks, read, today)
    told = {p.number for item in items for _, some in item.stands for p in some}
    between = [p for p in _between(session, sides[:ANSWERING], today) if p.number not in told]
    between = between[: BETWEEN_WHOLE if whole else BETWEEN]
    others = [p for p in _others(session, talks, sides, today) if p.number not in {p.number for p in between}]
    later = _later(session, between, today)
    found = Stances(items, tuple(between), tuple(others), tuple(sides[len(read) :]), later, {}, {})
    known = governments(session, found.all())
    gone = overtaken(session, known, found.all(), later, today)
    return replace(found, overtaken=gone, governments=known)


def reached(session: Session, talks: Talks) -> list[str]:
    """Every topic of the agenda and what lies under it, for the drafts on them."""
    found = [key for item in talks.agenda if item.topic for key in topics.subtree(session, item.topic)[:TOPICS_READ]]
    return list(dict.fromkeys(found))


def _items(session: Session, talks: Talks, sides: Sequence[str], today: date) -> tuple[Item, ...]:
    """Agenda items with where the sides stand."""
    own = {item.topic for item in talks.agenda if item.topic}
    most = max(2, min(TOPICS_READ, LOOKS // max(1, len(sides) * len(own))))
    found: list[Item] = []
    for item in talks.agenda:
        below = topics.subtree(session, item.topic) if item.topic else []
        keys = [key for key in below if key == item.topic or key not in own]
        numbers = {side: [s.number for s in positions.latest_each(session, side, keys[:most], as_of=today)] for side in sides}
        read = {p.number: p for p in positions.many(session, [n for some in numbers.values() for n in some])}
        stands = tuple((side, tuple(read[n] for n in some)) for side, some in numbers.items())
        found.append(Item(item.text, item.topic, stands, max(0, len(keys) - most)))
    return tuple(found)


def _between(session: Session, sides: Sequence[str], today: date) -> list[Position]:
    """Positions of one side that another side answered, or a bloc to which that other belongs and the first does not."""
    spoken = {side: {side, *(m.bloc for m in parties.blocs_of(session, side, today))} for side in sides}
    answers = {side: sorted(set().union(*(spoken[other] for other in sides if other != side)) - spoken[side]) for side in sides}
    found = positions.many(session, answered.between(session, answers, limit=BETWEEN_WHOLE))
    return [p for p in found if p.said_on is None or p.said_on <= today]


def _later(session: Session, some: Sequence[Position], today: date) -> dict[int, Position]:
    """The latest that replaced each of these, by number; the latest themselves are left out."""
    last = {p.number: p for p in some}
    for _ in range(STEPS):
        newer = positions.later_each(session, list({p.number: p for p in last.values()}.values()), as_of=today)
        if not newer:
            break
        read = {p.number: p for p in positions.many(session, sorted({s.number for s in newer.values()}))}
        last = {n: read[newer[p.number].number] if p.number in newer else p for n, p in last.items()}
    return {n: p for n, p in last.items() if p.number != n}


def _others(session: Session, talks: Talks, sides: Sequence[str], today: date) -> list[Position]:
    """The latest positions of those who are not at the table, on the agenda's topics and what these lie under."""
    agenda = [item.topic for item in talks.agenda if item.topic]
    known = topics.by_keys(session, agenda)
    wider = [topic.parent for topic in known.values() if topic.parent]
    keys = list(dict.fromkeys([*wider, *agenda]))[:OTHERS_ON]
    standing = [s.number for s in positions.on_topics(session, keys, as_of=today) if s.party not in sides]
    return positions.many(session, standing[:OTHERS_SHOWN])
