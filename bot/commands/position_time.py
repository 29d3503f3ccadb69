"""`/position history`, `changed` and `stale`: each statement in order, what moved, what nobody has restated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.commands.asking import again, corrections, line_of
from bot.commands.base import Ask, Command
from bot.commands.position_asking import About, named, no_topic, nobody, notes, versus
from bot.commands.position_card import Sheet
from bot.commands.position_period import Period, period_of
from bot.reply import Button, Card, Line, Notes, Part, Quiet, Reply, Strong, line
from bot.wording import STANCES, day_month_year, gap
from store import history as statements
from store import movement, positions, topics
from store.database import Session
from store.movement import Move
from store.records import Position, Stance
from store.standings import Standing

PER_PAGE = 8
SHOWN_STEPS = 5


def history(ask: Ask) -> Reply:
    """Every statement of a party on a topic in order, with what changed from one to the next."""
    with ask.read() as session:
        period = period_of(session, ask)
        about = period.about if period.about.parties else versus(period.about)
        if not about.parties:
            raise nobody(session, ask, about.asked, example="/position history russia nato")
        if not about.topics and about.asked.question.unread:
            raise no_topic(session, ask, about)
        return told(session, ask, replace(period, about=about), about.parties[0])


def told(session: Session, ask: Ask, period: Period, party: str) -> Reply:
    """The history of one party on the topics asked about, or on everything."""
    about = period.about
    page = about.asked.page
    numbers = statements.numbers(
        session,
        party,
        about.subtree(session),
        since=period.first,
        until=period.last,
        recorded=about.recorded,
        limit=PER_PAGE + 1,
        offset=(page - 1) * PER_PAGE,
    )
    sheet = sheet_of(session, ask, period, numbers[:PER_PAGE][::-1])
    what = ", ".join(topic.name for topic in topics.by_keys(session, about.topics).values())
    headline = f"{named(session, [party])}{f' on {what}' if what else ''}: what was said when{period.words}"
    if not numbers:
        nothing = line(f"No statement found {period.spelt}. That is not neutrality.")
        return Reply(headline, parts=(*notes(about), nothing), buttons=corrections(ask, about.asked))
    parts: list[Part] = [*notes(about)]
    if others := about.parties[1:]:
        parts.append(Notes((line(f"One party at a time; not shown: {named(session, others)}."),)))
    dated = [p for p in sheet.positions if p.said_on] + [p for p in sheet.positions if not p.said_on]
    several = {p.topic for p in dated} != set(about.topics)
    between = _Between.of(session, sheet)
    parts += [_statement(session, sheet, p, between, by_topic=several) for p in dated]
    buttons = [*corrections(ask, about.asked)]
    if len(numbers) > PER_PAGE:
        buttons.append(Button("Earlier", again(ask, about.asked, page + 1), replaces=True))
    buttons += [Button(f"Show {p.label}", f"/position show {p.label}{about.back}") for p in dated[-2:]]
    return Reply(headline, parts=tuple(parts), buttons=tuple(buttons), share=line_of(ask, about.asked))


def sheet_of(session: Session, ask: Ask, period: Period, numbers: Sequence[int]) -> Sheet:
    """Positions as they stood on the last day of a period, where that is not today."""
    back = period.about.looking_back or period.last < ask.today
    recorded = period.about.recorded
    return Sheet.of(session, numbers, ask.now, ask.request.zone, period.last, looking_back=back, recorded=recorded)


@dataclass(frozen=True, slots=True)
class _Between:
    """What came right before each of some statements, and what replaced each, by number."""

    before: dict[int, Position]
    newer: dict[int, Position]

    @classmethod
    def of(cls, session: Session, sheet: Sheet) -> _Between:
        before = statements.before_each(session, sheet.positions, sheet.recorded)
        replaced = positions.superseding_each(session, [p.number for p in sheet.positions], recorded=sheet.recorded)
        read = {p.number: p for p in positions.many(session, sorted(set(replaced.values())))}
        return cls(before, {old: read[new] for old, new in replaced.items() if new in read})


def _statement(session: Session, sheet: Sheet, position: Position, between: _Between, *, by_topic: bool) -> Card:
    """One statement: the day, the stance, by whom; under it what changed, and what replaced it."""
    names = sheet.names
    said = day_month_year(position.said_on) if position.said_on else "day not recorded"
    on = f"on {sheet.topic(position)} · " if by_topic else ""
    who = names.speaker(position.speaker, position.office)
    title: Line = (Strong(said), f"  {position.label} · {on}{STANCES[position.stance]}{f' ({who})' if who else ''}")
    old = between.before.get(position.number)
    loose = None
    if old is None and position.said_on:
        loose = statements.undated(session, position.party, position.topic, sheet.recorded)
    lines: list[Line] = [(position.summary, *names.cite(position.sources))]
    lines.append(line(Quiet(_change(old, position, loose))))
    return Card(title, (*lines, *(line(Quiet(words)) for words in _after(sheet, position, between.newer.get(position.number)))))


def _change(old: Position | None, new: Position, undated: int | None) -> str:
    """What a statement changed from the one before it; `undated` is on record too, and nobody knows when it was said."""
    if old is None and undated:
        return f"first on record with a day; also on record: P-{undated}, day not recorded"
    if old is None:
        return "first on record" if new.said_on else "cannot be put in order"
    words: list[str] = []
    if old.stance is not new.stance:
        words.append(f"{STANCES[old.stance]} → {STANCES[new.stance]}")
    if old.applies and new.applies and old.applies != new.applies:
        words.append("applies to others")
    if old.administration and new.administration and old.administration != new.administration:
        words.append(f"{old.administration} → {new.administration}")
    if not words:
        words.append("restated" if old.summary == new.summary else "same stance, in other words")
    return f"from {old.label}: {', '.join(words)}"


def _after(sheet: Sheet, position: Position, newer: Position | None) -> list[str]:
    words: list[str] = []
    if newer and not (newer.said_on and newer.said_on > sheet.on):
        words.append(f"superseded by {newer.label}")
    found = sheet.overtaken.get(position.number)
    if found and found.own:
        words.append(sheet.under(position))
    return words


def changed(ask: Ask) -> Reply:
    """Stances that are new or changed in a period, one line each."""
    with ask.read() as session:
        period = period_of(session, ask, days=30)
        about, page = period.about, period.about.asked.page
        found = movement.changed(
            session,
            period.first or date.min,
            period.last,
            parties=about.parties,
            topics=about.subtree(session),
            recorded=about.recorded,
            limit=PER_PAGE,
            offset=(page - 1) * PER_PAGE,
        )
        numbers = [n for move in found.moves for n in (move.number, move.before, move.undated) if n]
        sheet = sheet_of(session, ask, period, numbers)
        headline = f"What moved{_whose(session, about)}{period.words}"
        by_number = {p.number: p for p in sheet.positions}
        parts: list[Part] = [*notes(about), *(_moved(sheet, move, by_number) for move in found.moves)]
    if not found.moves:
        parts.append(line("No stance found that is new or changed in that time." if page == 1 else "No more."))
    small = [line("By the day things were said.")]
    if found.restated:
        small.append(line(f"{found.restated} restated without a change."))
    if found.capped:
        small.append(line(f"Of the latest {found.capped} statements; name a party or a topic to see all of theirs."))
    parts.append(Notes(tuple(small)))
    buttons = [*corrections(ask, about.asked)]
    if found.more:
        buttons.append(Button("More", again(ask, about.asked, page + 1), replaces=True))
    buttons += [Button(f"Show P-{move.number}", f"/position show P-{move.number}{about.back}") for move in found.moves[:3]]
    return Reply(headline, parts=tuple(parts), buttons=tuple(buttons), share=line_of(ask, about.asked))


def _moved(sheet: Sheet, move: Move, by_number: dict[int, Position]) -> Card:
    """`P-4  United States on calling Russia the aggressor · nothing on record → opposes · 20 Feb 2025`."""
    position = by_number[move.number]
    loose = by_number.get(move.undated or 0)
    path = " → ".join(_steps(move.path, f"{STANCES[loose.stance]} ({loose.label}, day not recorded)" if loose else ""))
    said = day_month_year(position.said_on) if position.said_on else ""
    lead = f"  {sheet.names.party(move.party)} on {sheet.topic(position)} · "
    since = by_number.get(move.before or 0)
    was = f" (P-{since.number}, {day_month_year(since.said_on)})" if since and since.said_on else ""
    under = f" · {words}" if (words := sheet.under_another(position)) else ""
    return Card(
        (Strong(position.label), lead, Strong(path), f" · {said}{was}{under}"),
        ((position.summary, *sheet.names.cite(position.sources)),),
    )


def _steps(path: Sequence[Stance | None], undated: str) -> list[str]:
    """The stances in words; the middle of a long way is counted. `undated` is on record where nothing with a day is."""
    words = [(undated or "nothing on record") if stance is None else STANCES[stance] for stance in path]
    return words if len(words) <= SHOWN_STEPS else [words[0], f"{len(words) - 3} more", *words[-2:]]


def stale(ask: Ask) -> Reply:
    """Stances that nobody has restated for so long, the latest of them first."""
    with ask.read() as session:
        period = period_of(session, ask, days=90, ending=True)
        about, page, first = period.about, period.about.asked.page, period.first or date.min
        keys = about.subtree(session)
        stands = movement.standing(session, about.parties, keys, period.last, about.recorded) if about.parties or keys else None
        found, capped = movement.stale(
            session,
            first,
            among=stands,
            until=period.last,
            recorded=about.recorded,
            limit=PER_PAGE + 1,
            offset=(page - 1) * PER_PAGE,
        )
        sheet = sheet_of(session, ask, replace(period, last=about.on), [s.number for s in found[:PER_PAGE]])
        headline = f"Not restated since {day_month_year(first)}{_whose(session, about)}{about.back_words}"
        parts: list[Part] = [*notes(about), *(_unrestated(sheet, p, about.on) for p in sheet.positions)]
        parts += _not_stale(session, about, stands, anything=bool(found)) if page == 1 else []
    if page > 1 and not found:
        parts.append(line("No more."))
    if capped:
        parts.append(Notes((line(f"Of the latest {capped} statements before that day; name a party or a topic."),)))
    buttons = [*corrections(ask, about.asked)]
    if len(found) > PER_PAGE:
        buttons.append(Button("Older", again(ask, about.asked, page + 1), replaces=True))
    buttons += [Button(f"Show {p.label}", f"/position show {p.label}{about.back}") for p in sheet.positions[:3]]
    return Reply(headline, parts=tuple(parts), buttons=tuple(buttons), share=line_of(ask, about.asked))


def _not_stale(session: Session, about: About, stands: Sequence[Standing] | None, *, anything: bool) -> list[Line]:
    """Why others than those shown are not: nothing of theirs is on record, it carries no day, or it was stated since."""
    upto = f"found up to {day_month_year(about.on)}"
    if stands is None:
        if anything or movement.any_dated(session):
            return [] if anything else [line("Every stance with a day on record has been stated since.")]
        return [line(f"No statement with a day {upto}.")]
    on = f" on {', '.join(topic.name for topic in topics.by_keys(session, about.topics).values())}" if about.topics else ""
    words: list[str] = []
    if silent := [code for code in about.parties if code not in {s.party for s in stands}]:
        words.append(f"{named(session, silent)}: no statement{on} {upto}.")
    elif not stands:
        words.append(f"No statement by anyone{on} {upto}.")
    undated = [f"P-{s.number}" for s in stands if s.said_on is None]
    if undated:
        shown = ", ".join(undated[:PER_PAGE]) + (f" and {len(undated) - PER_PAGE} more" if len(undated) > PER_PAGE else "")
        words.append(f"{shown}: day not recorded, so nobody can tell how long ago that was.")
    if not anything and len(undated) < len(stands):
        words.append(f"Every stance {'with a day ' if undated else ''}on record has been stated since.")
    return [line(each) for each in words]


def _unrestated(sheet: Sheet, position: Position, today: date) -> Card:
    said = position.said_on or today
    under = f" · {words}" if (words := sheet.under_another(position)) else ""
    lead = f"  {sheet.names.party(position.party)} on {sheet.topic(position)} · {STANCES[position.stance]}"
    last = f"last said {day_month_year(said)}, {gap(said, today)} ago{under}"
    return Card((Strong(position.label), lead), ((last, *sheet.names.cite(position.sources)),))


def _whose(session: Session, about: About) -> str:
    who = named(session, about.parties)
    what = ", ".join(topic.name for topic in topics.by_keys(session, about.topics).values())
    return "".join(f" · {words}" for words in (who, what) if words)


def commands() -> list[Command]:
    """The records of positions over time."""
    return [
        Command(
            "/position",
            "history",
            "/position history PARTY [TOPIC]",
            "Each statement in order, what changed from one to the next, and what superseded it.",
            ("/position history russia nato", "/position history us"),
            history,
        ),
        Command(
            "/position",
            "changed",
            "/position changed [30d] [PARTY] [TOPIC]",
            "Stances new or changed in a period, one line each with what stood before; 30 days unless you say otherwise.",
            ("/position changed 30d", "/position changed 5y russia nato", "/position changed since February 2025"),
            changed,
            aliases=("moved",),
        ),
        Command(
            "/position",
            "stale",
            "/position stale [90d] [PARTY] [TOPIC]",
            "Stances that nobody has restated for so long; 90 days unless you say otherwise.",
            ("/position stale 90d", "/position stale 1y russia"),
            stale,
        ),
    ]
