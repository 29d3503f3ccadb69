"""`/position compare`: where parties stand side by side, one row a topic. Silence is shown as silence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.commands.asking import again, corrections, line_of
from bot.commands.base import Ask, Command, Trouble
from bot.commands.position_asking import About, about_of, named, no_topic, nobody, notes, versus
from bot.commands.position_period import Period
from bot.commands.position_sheet import Sheet
from bot.commands.position_silence import first_on_record
from bot.commands.position_time import told
from bot.language.question import Question
from bot.position_replies import act, earlier_words, object_of
from bot.reply import Button, Card, Line, Notes, Part, Quiet, Reply, Strong, Table, line
from bot.wording import STANCES, day_month_year, mark, source_notes
from store import administrations, answers, topics
from store.administrations import Changed
from store.answers import Answer, Found
from store.database import Session
from store.records import Position
from store.standings import Standing
from store.times import text_of

PER_PAGE = 6
COLUMNS = 3
"""Up to so many parties stand in columns; a phone shows no more side by side, and more go under each topic."""
EXAMPLE = "/position compare us russia nato"

_ON = re.compile(r"^(?P<who>.+?)\s+(?:on|about|regarding)\s+(?P<what>.+)$", re.IGNORECASE | re.DOTALL)
_ON_KEY = re.compile(
    r"^(?P<who>.+?)\s+(?:on|about|regarding)\s+(?P<key>\S+)(?P<rest>\s*|\s+(?:as[\s-]*of|known|page)\b.*)$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Row:
    """One topic and each party's position on it, by number; None for silence."""

    topic: str
    stands: tuple[int | None, ...]


def compare(ask: Ask) -> Reply:
    """Two parties or more side by side on a topic, or on every topic that one of them has spoken to."""
    with ask.read() as session:
        about = _about(session, ask)
        if len(about.parties) < 2:
            return _alone(session, ask, about)
        if not about.topics and about.asked.question.unread:
            raise no_topic(session, ask, about)
        page = about.asked.page
        shown, topics_found = _rows(session, about, page)
        numbers = [number for row in shown for number in row.stands if number]
        given = _given(session, about, shown)
        sheet = Sheet.of(
            session, numbers, ask.now, ask.request.zone, about.on,
            looking_back=about.looking_back, recorded=about.recorded, given=given.values(), in_depth=False,
            standing=True,
        )  # fmt: skip
        names = topics.by_keys(session, [*about.topics, *(row.topic for row in shown)])
        on = ", ".join(names[key].name for key in about.topics if key in names)
        headline = f"{_versus(session, about)}{f' on {on}' if on else ''}{about.back_words}"
        if not topics_found:
            return _nothing(session, ask, about, headline)
        drawn = _Drawn(sheet, about, _cited(sheet, given), given, _gone(session, sheet, given))
        parts: list[Part] = [*notes(about), *drawn.rows(session, shown, {key: topic.name for key, topic in names.items()})]
        parts.append(source_notes(sheet.names, drawn.cited))
    buttons = [*corrections(ask, about.asked)]
    if topics_found > page * PER_PAGE:
        buttons.append(Button("More", again(ask, about.asked, page + 1), replaces=True))
    labels = [p.label for p in (*sheet.positions, *(a.position for a in given.values()))]
    buttons += [Button(f"Show {each}", f"/position show {each}{about.back}") for each in list(dict.fromkeys(labels))[:3]]
    aside = "1 topic" if topics_found == 1 else f"{topics_found} topics"
    return Reply(headline, aside=aside, parts=tuple(parts), buttons=tuple(buttons), share=line_of(ask, about.asked))


def _about(session: Session, ask: Ask) -> About:
    """Whom and on what: after "on" a name is a topic, before it a party; else as everywhere."""
    ask = _by_name(session, ask)
    split = _ON.match(ask.rest)
    about = about_of(session, ask)
    if split is None:
        about = about if len(about.parties) > 1 or _itself(about) else versus(about)
        return replace(about, remarks=(*about.remarks, *_twice(session, about.asked.question)))
    who, what = (about_of(session, replace(ask, rest=split[part])) for part in ("who", "what"))
    parties = who.asked.question.parties
    if parties and not what.topics and (what.asked.question.parties or not what.looking_back):
        raise no_topic(session, ask, replace(about, parties=parties), split["what"].strip())
    about = replace(about, remarks=(*about.remarks, *_twice(session, who.asked.question)))
    return replace(about, parties=parties or about.parties, topics=what.topics or about.topics)


def _twice(session: Session, read: Question) -> tuple[str, ...]:
    """Who is named more than once beside others, and stands there once all the same."""
    codes = [mention.codes[0] for mention in read.mentions if not mention.ambiguous]
    again = list(dict.fromkeys(code for code in codes if codes.count(code) > 1)) if len(set(codes)) > 1 else []
    return (f"Named more than once, shown once: {named(session, again)}.",) if again else ()


def _by_name(session: Session, ask: Ask) -> Ask:
    """The question with a topic's key after "on" written as its name."""
    split = _ON_KEY.match(ask.rest)
    topic = (topics.get(session, split["key"]) or topics.get(session, split["key"].casefold())) if split else None
    return replace(ask, rest=f"{split['who']} on {topic.name}{split['rest']}") if split and topic else ask


def _versus(session: Session, about: About) -> str:
    return named(session, about.parties).replace(", ", " · ")


def _rows(session: Session, about: About, page: int) -> tuple[list[_Row], int]:
    """One page of the topics that any of the parties has spoken to, those that most have first, then the latest; and how many
    there are."""
    keys = about.subtree(session)
    by_topic: dict[str, dict[str, Standing]] = {}
    for found in about.of_parties(session, about.parties, keys if about.topics else None):
        by_topic.setdefault(found.topic, {})[found.party] = found
    order = [(len(stands), max(stands.values()).said, topic) for topic, stands in by_topic.items()]
    if about.topics:
        silent = [key for key in keys if key not in by_topic]
        answered = answers.latest(session, about.parties, silent, as_of=about.on, recorded=about.recorded)
        for topic in dict.fromkeys(topic for _, topic in answered):
            days = [text_of(a.reply.said_on) or "" for (_, on), a in answered.items() if on == topic]
            order.append((0, max(days), topic))
    shown = [topic for *_, topic in sorted(order, reverse=True)[(page - 1) * PER_PAGE : page * PER_PAGE]]
    stood = [by_topic.get(topic, {}) for topic in shown]
    rows = [
        _Row(topic, tuple(stands[party].number if party in stands else None for party in about.parties))
        for topic, stands in zip(shown, stood, strict=True)
    ]
    return rows, len(order)


def _given(session: Session, about: About, rows: Sequence[_Row]) -> dict[tuple[str, str], Answer]:
    """What the parties last answered to somebody on these topics, where they have no position of their own."""
    silent = {(p, row.topic) for row in rows for p, number in zip(about.parties, row.stands, strict=True) if number is None}
    who, what = sorted({party for party, _ in silent}), sorted({topic for _, topic in silent})
    found = answers.latest(session, who, what, as_of=about.on, recorded=about.recorded)
    return {pair: found[pair] for row in rows for p in about.parties if (pair := (p, row.topic)) in silent and pair in found}


def _gone(session: Session, sheet: Sheet, given: Found) -> dict[tuple[str, str], Changed]:
    """Which of these answers were a former government's."""
    known, on, recorded = sheet.governments, sheet.on, sheet.recorded
    found = {pair: (pair[0], a.reply.administration, a.reply.said_on) for pair, a in given.items()}
    changed = {pair: administrations.changed(session, known, *said, on, recorded) for pair, said in found.items()}
    return {pair: each for pair, each in changed.items() if each}


def _cited(sheet: Sheet, given: Found) -> list[str]:
    """The sources that the cells name: of the positions, then of the answers."""
    told = [*given.values(), *(each.answer for each in sheet.overtaken.values() if each.answer)]
    keys = [key for p in sheet.positions for key in p.sources]
    return list(dict.fromkeys([*keys, *(key for a in told for key in a.reply.sources)]))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Draws the rows of one comparison."""

    sheet: Sheet
    about: About
    cited: list[str]
    given: Found
    gone: Mapping[tuple[str, str], Changed]

    def rows(self, session: Session, rows: Sequence[_Row], topic_names: dict[str, str]) -> list[Part]:
        """A table for a few parties; a card a topic for more."""
        by_number = {p.number: p for p in self.sheet.positions}
        found = [
            (
                topic_names.get(row.topic, row.topic),
                [
                    self.stance(by_number[n]) if n in by_number else self.silence((party, row.topic))
                    for party, n in zip(self.about.parties, row.stands, strict=True)
                ],
            )
            for row in rows
        ]
        names = [named(session, [code]) for code in self.about.parties]
        if len(names) <= COLUMNS:
            return [Table(("Topic", *names), tuple((line(Strong(topic)), *cells) for topic, cells in found))]
        return [
            Card(line(Strong(topic)), tuple((f"{name}: ", *cell) for name, cell in zip(names, cells, strict=True)))
            for topic, cells in found
        ]

    def stance(self, position: Position) -> Line:
        """`demands · 17 Dec 2021 · P-1 [2]`, and under which government where that is not the present one."""
        under = f"; {words}" if (words := self.sheet.under_another(position, self.cited)) else ""
        marked = mark(position.sources, self.cited)
        return line(f"{STANCES[position.stance]} · {self.sheet.said(position)} · {position.label}{marked}{under}")

    def silence(self, pair: tuple[str, str]) -> Line:
        """How a party without a position last answered somebody else on the topic, or that nothing was found."""
        answer = self.given.get(pair)
        if answer is None:
            return line(Quiet(f"no statement found up to {day_month_year(self.about.on)}"))
        reply = answer.reply
        said = day_month_year(reply.said_on) if reply.said_on else self.sheet.undated(reply) or "undated"
        what = act(reply, object_of(self.sheet.names, answer.position, reply, known=self.about.parties))
        words = f"{what} · {said}{mark(reply.sources, self.cited)}{earlier_words(answer)}"
        if gone := self.gone.get(pair):
            since = f"no statement of its own found since {day_month_year(gone.since)}"
            return line(f"{words}; under the {gone.then}; {since}")
        under = self.sheet.under_reply(reply)
        return line(f"{words}; under the {under}" if under else words)


def _itself(about: About) -> bool:
    """Is one party named twice, and nobody else for certain?"""
    return sum(mention.codes == about.parties[:1] for mention in about.asked.question.mentions) > 1


def _nothing(session: Session, ask: Ask, about: About, headline: str) -> Reply:
    """None of the parties has spoken to the topic."""
    others = about.on_topics(session, about.subtree(session))[:6] if about.topics else []
    words = f"No statement of any of them found up to {day_month_year(about.on)}. That is not neutrality."
    parts: list[Part] = [*notes(about), line(words), *first_on_record(session, about)]
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
    if _itself(about):
        reply = told(session, ask, Period(about, None, about.on), party)
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
