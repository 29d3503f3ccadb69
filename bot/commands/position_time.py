"""`/position history`, `changed` and `stale`: each statement in order, what moved, what nobody has restated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.commands.asking import again, corrections, line_of, span_of
from bot.commands.base import Ask, Command, Trouble
from bot.commands.position_asking import About, about_of, named, no_topic, nobody, notes
from bot.commands.position_card import Sheet
from bot.reply import Button, Card, Line, Notes, Part, Quiet, Reply, Strong, line
from bot.wording import STANCES, day_month_year, gap
from store import movement, positions, standings, topics
from store.database import Session
from store.movement import Move
from store.records import Position, Stance

PER_PAGE = 8
SHOWN_STEPS = 5

_SPAN = re.compile(
    r"(?:\b(?:in|over|for|within)\s+)?(?:\bthe\s+)?(?:\b(?:last|past)\s+)?"
    r"(?<!\w)(\d{1,4})\s*(d|w|m|y|days?|weeks?|months?|years?)(?!\w)",
    re.IGNORECASE,
)
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


def history(ask: Ask) -> Reply:
    """Every statement of a party on a topic in order, with what changed from one to the next."""
    with ask.read() as session:
        about = about_of(session, ask)
        if not about.parties:
            raise nobody(session, ask, about.asked, example="/position history russia nato")
        if not about.topics and about.asked.question.unread:
            raise no_topic(session, ask, about)
        return told(session, ask, about, about.parties[0])


def told(session: Session, ask: Ask, about: About, party: str) -> Reply:
    """The history of one party on the topics asked about, or on everything."""
    page = about.asked.page
    start = (page - 1) * PER_PAGE
    if keys := about.subtree(session):
        numbers = movement.history(session, party, keys, limit=PER_PAGE + 1, offset=start)
    else:
        numbers = movement.history_of_all(session, party, limit=PER_PAGE + 1, offset=start)
    shown = numbers[:PER_PAGE][::-1]
    sheet = Sheet.of(session, shown, ask.now, ask.request.zone, ask.today)
    what = ", ".join(topic.name for topic in topics.by_keys(session, about.topics).values())
    headline = f"{named(session, [party])}{f' on {what}' if what else ''}: what was said when"
    if not numbers:
        nothing = line(f"No statement found up to {day_month_year(ask.today)}. That is not neutrality.")
        return Reply(headline, parts=(*notes(about), nothing), buttons=corrections(ask, about.asked))
    parts: list[Part] = [*notes(about)]
    if others := about.parties[1:]:
        parts.append(Notes((line(f"One party at a time; not shown: {named(session, others)}."),)))
    dated = [p for p in sheet.positions if p.said_on] + [p for p in sheet.positions if not p.said_on]
    several = {p.topic for p in dated} != set(about.topics)
    parts += [_statement(session, sheet, p, by_topic=several) for p in dated]
    buttons = [*corrections(ask, about.asked)]
    if len(numbers) > PER_PAGE:
        buttons.append(Button("Earlier", again(ask, about.asked, page + 1), replaces=True))
    buttons += [Button(f"Show {p.label}", f"/position show {p.label}") for p in dated[-2:]]
    return Reply(headline, parts=tuple(parts), buttons=tuple(buttons), share=line_of(ask, about.asked))


def _statement(session: Session, sheet: Sheet, position: Position, *, by_topic: bool) -> Card:
    """One statement: the day, the stance, by whom; under it what changed, and what replaced it."""
    names = sheet.names
    said = day_month_year(position.said_on) if position.said_on else "day not recorded"
    on = f"on {sheet.topic(position)} · " if by_topic else ""
    who = names.speaker(position.speaker, position.office)
    title: Line = (Strong(said), f"  {position.label} · {on}{STANCES[position.stance]}{f' ({who})' if who else ''}")
    number = None
    if position.said_on:
        number = standings.before(session, position.party, position.topic, position.said_on, position.number)
    old = next(iter(positions.many(session, [number])), None) if number else None
    lines: list[Line] = [(position.summary, *names.cite(position.sources))]
    lines.append(line(Quiet(_change(old, position))))
    return Card(title, (*lines, *(line(Quiet(words)) for words in _after(session, sheet, position))))


def _change(old: Position | None, new: Position) -> str:
    """What a statement changed from the one before it."""
    if old is None:
        return "first on record" if new.said_on else "cannot be put in order"
    words: list[str] = []
    if old.stance is not new.stance:
        words.append(f"{STANCES[old.stance]} → {STANCES[new.stance]}")
    if old.applies != new.applies:
        words.append("applies to others")
    if old.administration and new.administration and old.administration != new.administration:
        words.append(f"{old.administration} → {new.administration}")
    if not words:
        words.append("restated" if old.summary == new.summary else "same stance, in other words")
    return f"from {old.label}: {', '.join(words)}"


def _after(session: Session, sheet: Sheet, position: Position) -> list[str]:
    words: list[str] = []
    if replaced := positions.superseding(session, position.number):
        words.append(f"superseded by P-{replaced}")
    found = sheet.overtaken.get(position.number)
    if found and found.own:
        words.append(sheet.under(position))
    return words


def changed(ask: Ask) -> Reply:
    """Stances that are new or changed in a period, one line each."""
    with ask.read() as session:
        about, first, last = _period(session, ask, default=30)
        page = about.asked.page
        found = movement.changed(
            session,
            first,
            last,
            parties=about.parties,
            topics=about.subtree(session),
            limit=PER_PAGE,
            offset=(page - 1) * PER_PAGE,
        )
        numbers = [number for move in found.moves for number in (move.number, move.before) if number]
        sheet = Sheet.of(session, numbers, ask.now, ask.request.zone, last)
        headline = f"What moved{_whose(session, about)} · {day_month_year(first)} – {day_month_year(last)}"
        by_number = {p.number: p for p in sheet.positions}
        parts: list[Part] = [*notes(about), *(_moved(sheet, move, by_number) for move in found.moves)]
    if not found.moves:
        parts.append(line("No stance found that is new or changed in that time." if page == 1 else "No more."))
    small = [line("By the day things were said.")]
    if found.restated:
        small.append(line(f"{found.restated} restated without a change."))
    if found.capped:
        small.append(line(f"Of the latest {movement.CHANGED_CAP} statements; name a party or a topic to see all of theirs."))
    parts.append(Notes(tuple(small)))
    buttons = [*corrections(ask, about.asked)]
    if found.more:
        buttons.append(Button("More", again(ask, about.asked, page + 1), replaces=True))
    buttons += [Button(f"Show P-{move.number}", f"/position show P-{move.number}") for move in found.moves[:3]]
    return Reply(headline, parts=tuple(parts), buttons=tuple(buttons), share=line_of(ask, about.asked))


def _moved(sheet: Sheet, move: Move, by_number: dict[int, Position]) -> Card:
    """`P-4  United States on calling Russia the aggressor · nothing on record → opposes · 20 Feb 2025`."""
    position = by_number[move.number]
    path = " → ".join(_steps(move.path))
    said = day_month_year(position.said_on) if position.said_on else ""
    lead = f"  {sheet.names.party(move.party)} on {sheet.topic(position)} · "
    since = by_number.get(move.before or 0)
    was = f" (P-{since.number}, {day_month_year(since.said_on)})" if since and since.said_on else ""
    return Card(
        (Strong(position.label), lead, Strong(path), f" · {said}{was}"),
        ((position.summary, *sheet.names.cite(position.sources)),),
    )


def _steps(path: Sequence[Stance | None]) -> list[str]:
    """The stances in words; the middle of a long way is counted."""
    words = ["nothing on record" if stance is None else STANCES[stance] for stance in path]
    return words if len(words) <= SHOWN_STEPS else [words[0], f"{len(words) - 3} more", *words[-2:]]


def stale(ask: Ask) -> Reply:
    """Stances that nobody has restated for so long, the latest of them first."""
    with ask.read() as session:
        about, first, _ = _period(session, ask, default=90)
        page = about.asked.page
        found, capped = movement.stale(
            session,
            first,
            parties=about.parties,
            topics=about.subtree(session),
            limit=PER_PAGE + 1,
            offset=(page - 1) * PER_PAGE,
        )
        sheet = Sheet.of(session, [s.number for s in found[:PER_PAGE]], ask.now, ask.request.zone, ask.today)
        headline = f"Not restated since {day_month_year(first)}{_whose(session, about)}"
        parts: list[Part] = [*notes(about), *(_unrestated(sheet, p, ask.today) for p in sheet.positions)]
        silent_words = named(session, [code for code in about.parties if not standings.spoke(session, code)])
    if silent_words:
        parts.append(line(f"{silent_words}: no statement found up to {day_month_year(ask.today)}."))
    elif not found:
        parts.append(line("Every stance on record has been stated since." if page == 1 else "No more."))
    if capped:
        parts.append(Notes((line(f"Of the latest {movement.STALE_CAP} statements before that day; name a party or a topic."),)))
    buttons = [*corrections(ask, about.asked)]
    if len(found) > PER_PAGE:
        buttons.append(Button("Older", again(ask, about.asked, page + 1), replaces=True))
    buttons += [Button(f"Show {p.label}", f"/position show {p.label}") for p in sheet.positions[:3]]
    return Reply(headline, parts=tuple(parts), buttons=tuple(buttons), share=line_of(ask, about.asked))


def _unrestated(sheet: Sheet, position: Position, today: date) -> Card:
    said = position.said_on or today
    found = sheet.overtaken.get(position.number)
    under = f" · {sheet.under(position)}" if found and found.own else ""
    lead = f"  {sheet.names.party(position.party)} on {sheet.topic(position)} · {STANCES[position.stance]}"
    last = f"last said {day_month_year(said)}, {gap(said, today)} ago{under}"
    return Card((Strong(position.label), lead), ((last, *sheet.names.cite(position.sources)),))


def _whose(session: Session, about: About) -> str:
    who = named(session, about.parties)
    what = ", ".join(topic.name for topic in topics.by_keys(session, about.topics).values())
    return "".join(f" · {words}" for words in (who, what) if words)


def _period(session: Session, ask: Ask, *, default: int) -> tuple[About, date, date]:
    """The question without its span of time, and the first and last day of that: "30d", "2 weeks", "since January 2022"."""
    span = _SPAN.search(ask.rest)
    rest = _SPAN.sub(" ", ask.rest, count=1).strip() if span else ask.rest
    about = about_of(session, replace(ask, rest=rest), period=True)
    about = replace(about, asked=replace(about.asked, words=_kept(ask.rest, about.asked.page)))
    if _only_unread(about):
        raise nobody(session, ask, about.asked, example=ask.command.examples[0])
    window = about.asked.question.window
    if span:
        days = min(int(span[1]) * _DAYS[span[2][0].casefold()], 36_500)
        return about, ask.today - timedelta(days=days), ask.today
    if window is None:
        return about, ask.today - timedelta(days=default), ask.today
    opens, closes = span_of(window, ask)
    if opens is None:
        raise Trouble("Since when?", nearest="A number of days would work.", example=ask.command.examples[0])
    zone = ZoneInfo(ask.request.zone)
    first = opens.astimezone(zone).date()
    last = closes.astimezone(zone).date() if closes else ask.today
    if first > ask.today:
        raise Trouble(f"{day_month_year(first)} is still to come.", example=ask.command.examples[0])
    return about, first, min(last, ask.today)


def _kept(words: str, page: int) -> str:
    """The words as typed, without the page."""
    return re.sub(r"(?:^|\s)page\s+\d{1,4}\s*$", "", words, flags=re.IGNORECASE).strip() if page > 1 else words.strip()


def _only_unread(about: About) -> bool:
    read: Sequence[object] = (*about.parties, *about.topics)
    return bool(about.asked.question.unread) and not read


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
