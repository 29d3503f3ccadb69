"""`/travel gaps` and `/travel duplicates`: what the record leaves out, and what it holds twice."""

from __future__ import annotations

from datetime import date

from bot.commands.base import Ask, Command
from bot.commands.travel_wording import EMPTY, HOW_TO_IMPORT, OFFICES, RULES, days, number_of, where
from bot.commands.travel_words import read
from bot.reply import Button, Card, Heading, Line, Link, Notes, Part, Quiet, Reply, Strong, line
from bot.wording import day_month_year
from store.travel.gaps import Gap, gaps_in
from store.travel.model import Office, Rule, Trip
from store.travel.rows import EVERYTHING, repeated
from store.travel.summary import summary


def gaps(ask: Ask) -> Reply:
    """Journeys known to have no row, and meetings filed under a host, each with its source."""
    with ask.read() as session:
        asked = read(session, ask.rest, today=ask.today)
        about = summary(session)
    period = EVERYTHING if asked.period is None else asked.period
    found = gaps_in(period, asked.offices or tuple(Office))
    missing, elsewhere = [gap for gap in found if gap.missing], [gap for gap in found if not gap.missing]
    parts: list[Part] = []
    if missing:
        parts += [Heading("No row on record"), *(_gap(gap) for gap in missing)]
    if elsewhere:
        parts += [Heading("Filed under the host; the other side stands in the remarks"), *(_gap(gap) for gap in elsewhere)]
    ends = (
        [f"{OFFICES[Office(office)]} {day_month_year(date.fromisoformat(last))}" for office, last in about.last.items()]
        if about
        else []
    )
    small = [f"Last day on record · {' · '.join(ends)}." if ends else EMPTY]
    small.append("This list is what we know of. None of it is counted, and there may be more.")
    return Reply(
        _known(len(missing), len(elsewhere)),
        aside="" if asked.period is None else asked.period.label,
        parts=(*parts, Notes(tuple(line(text) for text in small))),
        buttons=(Button("Ranking", "/travel rank"), Button("Duplicates", "/travel duplicates")),
        share=f"/travel gaps {ask.rest}".strip(),
    )


def _known(missing: int, elsewhere: int) -> str:
    if not missing and not elsewhere:
        return "No gaps known here"
    return f"Known gaps: {number_of(missing, 'journey')} without a row, {number_of(elsewhere, 'meeting')} filed elsewhere"


def _gap(gap: Gap) -> Line:
    when = f"since {day_month_year(gap.first)}" if gap.last.year == 9999 else days(gap.first, gap.last)
    return line("• ", Strong(when), f"  {gap.says} ", Link(gap.source, gap.url))


def duplicates(ask: Ask) -> Reply:
    """Rows found to repeat another, by rule; nothing is deleted."""
    with ask.read() as session:
        if summary(session) is None:
            return Reply(EMPTY, parts=(line(HOW_TO_IMPORT),))
        found = repeated(session)
    parts: list[Part] = []
    for rule in Rule:
        of_rule = [(trip, other) for trip, other in found if trip.rule is rule]
        if of_rule:
            parts.append(Card(line(Strong(RULES[rule])), tuple(_pair(trip, other) for trip, other in of_rule)))
    exact = sum(trip.rule is Rule.EXACT for trip, _ in found)
    return Reply(
        f"{number_of(exact, 'exact duplicate')} left out, {number_of(len(found) - exact, 'near duplicate')} kept as trips",
        parts=tuple(parts) or (line("Every row stands for itself."),),
        buttons=(Button("Ranking", "/travel rank"), Button("Gaps", "/travel gaps")),
        share="/travel duplicates",
    )


def _pair(trip: Trip, other: Trip | None) -> Line:
    dates = days(trip.first, trip.last)
    beside = (
        ""
        if other is None or (other.first, other.last) == (trip.first, trip.last)
        else f" against {days(other.first, other.last)}"
    )
    return line(f"• {trip.name} {where(trip)}, {trip.country}, {dates}{beside} ", Quiet(f"{trip.label} repeats {trip.repeats}"))


def commands() -> list[Command]:
    return [
        Command(
            "/travel",
            "gaps",
            "/travel gaps [years] [president|secretary|visits]",
            "Journeys known to be missing from the record, each with its source.",
            ("/travel gaps", "/travel gaps 2018-2019"),
            gaps,
        ),
        Command(
            "/travel",
            "duplicates",
            "/travel duplicates",
            "Rows that repeat another, by rule, and how they are counted.",
            ("/travel duplicates",),
            duplicates,
        ),
    ]
