"""`/position rejected-by`, `endorsed-by`, `conditional-by` and `declined-by`: what a party answered to whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.commands.asking import Asked, again, corrections, line_of
from bot.commands.base import Ask, Command, Trouble
from bot.commands.position_asking import named, nobody, notes, roles
from bot.commands.position_period import Period, period_of
from bot.commands.position_sheet import Sheet
from bot.commands.position_time import sheet_of
from bot.position_replies import act, reply_of, threaded
from bot.reply import Button, Card, Line, Notes, Part, Reply, Strong, line
from bot.wording import STANCES, day_month_year
from store import known, replies, topics
from store.answers import answered
from store.database import Session
from store.records import Position, ReplyStance
from store.records import Reply as Answer

PER_PAGE = 6
AT_ONCE = 20
KNOWN_CAP = 200
"""How many replies are looked through for those that were known at a moment: each position is read in its version of then."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Whose replies, to whose positions, on what, and when they were given."""

    period: Period
    asked: Asked
    party: str
    to: tuple[str, ...]
    topics: tuple[str, ...]


def by(stance: ReplyStance, headline: str) -> Callable[[Ask], Reply]:
    """The subcommand that lists a party's replies of one kind, the latest first, each with what it was answered with."""

    def handle(ask: Ask) -> Reply:
        with ask.read() as session:
            wanted = _wanted(session, ask)
            page, period_words = wanted.asked.page, wanted.period.words
            keys = topics.subtree_of(session, wanted.topics)
            found, capped = _given(session, ask, wanted, stance, keys)
            shown = found[:PER_PAGE]
            sheet = sheet_of(session, ask, wanted.period, list(dict.fromkeys(g.position for g in shown)))
            count = 0 if keys or wanted.to or period_words else replies.count(session, wanted.party, stance)
            who = named(session, [wanted.party])
            about = [named(session, wanted.to), ", ".join(t.name for t in topics.by_keys(session, wanted.topics).values())]
        by_number = {p.number: p for p in sheet.positions}
        title = " · ".join(part for part in (f"{headline} {who}", *about) if part) + period_words
        parts: list[Part] = [*notes(wanted.period.about)]
        parts += _cards(sheet, [(by_number[g.position], g.key) for g in shown])
        if not shown:
            parts.append(line("No more." if page > 1 else f"No such reply of {who} found {wanted.period.spelt}."))
        if capped:
            parts.append(Notes((line(f"Of the latest {capped} such replies."),)))
        buttons = [*corrections(ask, wanted.asked)]
        if len(found) > PER_PAGE:
            buttons.append(Button("More", again(ask, wanted.asked, page + 1), replaces=True))
        buttons += [
            Button(f"Show {p.label}", f"/position show {p.label}{wanted.period.about.back}") for p in sheet.positions[:3]
        ]
        aside = f"{count}{'+' if count >= replies.COUNT_CAP else ''} on record" if count else ""
        return Reply(title, aside=aside, parts=tuple(parts), buttons=tuple(buttons), share=line_of(ask, wanted.asked))

    return handle


def _given(
    session: Session, ask: Ask, wanted: _Wanted, stance: ReplyStance, keys: Sequence[str]
) -> tuple[list[replies.Given], int]:
    """The replies of a page and one more, and the cap at which the search stopped, 0 where it did not. Of what was known at a
    moment, those that the versions of then have."""
    period = wanted.period
    until = period.last if period.first or period.last < ask.today else None
    recorded, start = period.about.recorded, (wanted.asked.page - 1) * PER_PAGE

    def read(limit: int, offset: int) -> list[replies.Given]:
        return replies.given(
            session,
            wanted.party,
            stance,
            to=wanted.to,
            topics=keys,
            since=period.first,
            until=until,
            limit=limit,
            offset=offset,
        )

    if recorded is None:
        return read(PER_PAGE + 1, start), 0
    stood: list[replies.Given] = []
    for first in range(0, KNOWN_CAP, AT_ONCE):
        some = read(AT_ONCE, first)
        stood += _stood(session, some, stance, recorded)
        if len(stood) > start + PER_PAGE or len(some) < AT_ONCE:
            return stood[start : start + PER_PAGE + 1], 0
    return stood[start:], KNOWN_CAP


def _stood(session: Session, some: Sequence[replies.Given], stance: ReplyStance, recorded: datetime) -> list[replies.Given]:
    """Those of these replies that the versions of a moment have."""
    versions = known.versions(session, list(dict.fromkeys(g.position for g in some)), recorded)
    then = {(v.position.number, r.key): r.stance for v in versions if v for r in v.position.replies}
    return [g for g in some if then.get((g.position, g.key)) is stance]


def _wanted(session: Session, ask: Ask) -> _Wanted:
    """The party named first gave the replies; whoever else is named took the positions, and the rest is what they are on. A
    name that may be either is a topic, as in `/position russia nato`."""
    period = period_of(session, ask)
    asked = period.about.asked
    read = asked.question
    if not read.parties:
        if read.topics and not read.unread:
            raise Trouble("By whom?", nearest="Name the party that replied first.", example=ask.command.examples[0])
        raise nobody(session, ask, asked, example=ask.command.examples[0])
    party = read.parties[0]
    same = read.party_topics.get(party, ())
    rest = replace(
        read,
        parties=read.parties[1:],
        topics=tuple(key for key in read.topics if key not in same),
        party_topics={code: keys for code, keys in read.party_topics.items() if code != party},
    )
    return _Wanted(period, asked, party, *roles(rest))


def _cards(sheet: Sheet, shown: Sequence[tuple[Position, str]]) -> list[Part]:
    """The replies of a page; looking back, those that may be of a later day stand apart, at the end."""
    loose = {(p.number, r.key) for p, _ in shown for r in p.replies if sheet.undated(r)}
    dated = [_card(sheet, p, key) for p, key in shown if (p.number, key) not in loose]
    undated = [_card(sheet, p, key) for p, key in shown if (p.number, key) in loose]
    if not undated:
        return [*dated]
    return [*dated, line(f"Without a day: {sheet.or_later}"), *undated]


def _card(sheet: Sheet, position: Position, key: str) -> Card:
    """One reply: when, to what, in whose words and from where; under it what it was answered with."""
    names = sheet.names
    order = threaded(position.replies)
    at = next(n for n, (_, reply) in enumerate(order) if reply.key == key)
    depth, reply = order[at]
    said = day_month_year(reply.said_on) if reply.said_on else sheet.undated(reply) or "undated"
    what = f"{names.party(position.party)} on {sheet.topic(position)}, {STANCES[position.stance]}"
    before = answered(position, reply)
    to = f"{reply_of(names, position, before)} to {position.label}" if before else position.label
    title: Line = (Strong(said), f"  {names.party(reply.party)} {act(reply, to)} · {what}")
    lines: list[Line] = [(_words(sheet, reply), *names.cite(reply.sources))]
    if before is not None:
        lines.append(line(f"in answer to: {sheet.reply(before)}"))
    if under := sheet.under_reply(reply):
        lines.append(line(f"under the {under}{_since(sheet, position, reply)}"))
    for deeper, answer in order[at + 1 :]:
        if deeper <= depth:
            break
        said_back = f"{sheet.reply(answer)}: {_words(sheet, answer)}"
        lines.append((f"{'    ' * (deeper - depth - 1)}↳ {said_back}", *names.cite(answer.sources)))
    return Card(title, tuple(lines))


def _since(sheet: Sheet, position: Position, reply: Answer) -> str:
    """What the next government said, of the last reply that its predecessor gave."""
    silent = next((s for s in sheet.silent(position) if s.reply.key == reply.key), None)
    if silent is None:
        return ""
    if silent.answer:
        return f"; since then {sheet.answer(silent.answer)}"
    return f"; no statement of its own found since {day_month_year(silent.changed.since)}"


def _words(sheet: Sheet, reply: Answer) -> str:
    """What was said, by whom."""
    who = sheet.names.speaker(reply.speaker, reply.office)
    quote = f"“{reply.quote}”" if reply.quote else ""
    said = " ".join(part for part in (reply.summary, quote) if part) or "no words on record"
    return f"{said}{f' ({who})' if who else ''}"


def commands() -> list[Command]:
    """The records of who answered how."""
    kinds = (
        (ReplyStance.REJECTS, "rejected", "Rejected by", "rejected"),
        (ReplyStance.ENDORSES, "endorsed", "Endorsed by", "endorsed"),
        (ReplyStance.CONDITIONAL, "conditional", "Answered with conditions by", "answered with conditions"),
        (ReplyStance.DECLINES, "declined", "Declined to say by", "declined to answer"),
    )
    return [
        Command(
            "/position",
            f"{name}-by",
            f"/position {name}-by PARTY [whose] [TOPIC]",
            f"What a party {did}, the latest first, with its words and what was said back.",
            (f"/position {name}-by nato", f"/position {name}-by us russia 1997"),
            by(stance, headline),
            aliases=(f"{name}by",),
        )
        for stance, name, headline, did in kinds
    ]
