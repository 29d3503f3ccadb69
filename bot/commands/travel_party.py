"""`/travel party` and `/travel why`: the record for one party, its remarks searched, and the rows behind a number."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.commands.base import Ask, Command
from bot.commands.travel_wording import (
    EMPTY,
    HOW_TO_IMPORT,
    SOURCE,
    days,
    number_of,
    offices_words,
    period_words,
    unit_noun,
    where,
)
from bot.commands.travel_words import Asked, party, read
from bot.reply import Button, Card, Line, Notes, Part, Quiet, Reply, Strong, line
from bot.wording import day_month_year, gap
from store.database import Session
from store.parties import fold
from store.travel.contacts import HOME
from store.travel.countries import countries
from store.travel.gaps import gaps_in
from store.travel.model import OUTGOING, Office, Period, Rule, Trip
from store.travel.party import OfficeRecord, PartyRecord, record, rows_of
from store.travel.ranking import rank, shown_as
from store.travel.rows import EVERYTHING, Wanted, count, find
from store.travel.summary import summary

PER_PAGE = 8

_PAGE = re.compile(r"\s*\bpage\s+(\d{1,4})\s*$", re.IGNORECASE)

HEADS = {
    Office.PRESIDENT: "President there",
    Office.SECRETARY: "Secretary of State there",
    Office.VISITS: "Their leaders in the United States",
}


def of_party(ask: Ask) -> Reply:
    """What the record holds of one party; with further words, the rows whose remarks have them."""
    with ask.read() as session:
        if summary(session) is None:
            return Reply(EMPTY, parts=(line(HOW_TO_IMPORT),))
        asked, code, words, page = _asked(session, ask)
        name = shown_as(session, [code])[code][0]
        if code == HOME:
            return _home()
        period = asked.period or EVERYTHING
        if words:
            return _search(session, ask, rows_of(session, code, period), name, asked, words, page)
        about = _record(session, code, period)
        others = shown_as(session, [other for other, _ in about.others] + [about.party, *about.under])
    if not about.offices:
        return _nothing(name, code, asked)
    return _card(name, about, others, asked=asked)


def _asked(session: Session, ask: Ask) -> tuple[Asked, str, tuple[str, ...], int]:
    """The question, the party it is about, the words to search for, and the page."""
    found = _PAGE.search(ask.rest)
    text = ask.rest[: found.start()] if found else ask.rest
    command = f"/travel {ask.command.name}"
    asked = read(session, text, today=ask.today)
    code, rest = party(session, asked.rest, command)
    words = tuple(
        word for word in re.findall(r"[^\s,;]+", rest) if fold(word) and fold(word) not in ("in", "the", "of", "and", "with")
    )
    return asked, code, words[:8], max(1, int(found.group(1))) if found else 1


def _record(session: Session, code: str, period: Period) -> PartyRecord:
    """The party's own record; where it has no rows, of those that stand for it under another party."""
    wanted = rows_of(session, code, period)
    if wanted.was is None:
        return record(session, code, period)
    under = find(session, wanted, limit=1)[0].party
    return record(session, under, period, was=code)


def _home() -> Reply:
    return Reply(
        "The record is the United States' own.",
        parts=(line("Its trips abroad are ranked by country, and leaders' visits to it by where they came from."),),
        buttons=(Button("Trips abroad", "/travel rank"), Button("Visits", "/travel rank visits")),
    )


def _nothing(name: str, code: str, asked: Asked) -> Reply:
    period = "" if asked.period is None else f" in {asked.period.label}"
    known = gaps_in(asked.period or EVERYTHING, tuple(Office), code)
    return Reply(
        f"{name}: no trip and no visit on record{period}.",
        parts=(
            line("The record holds none; that is not the same as none having taken place."),
            *(line("• ", gap_.says) for gap_ in known),
        ),
        buttons=(Button("Gaps", "/travel gaps"),),
    )


def _card(name: str, about: PartyRecord, names: dict[str, tuple[str, str | None]], *, asked: Asked) -> Reply:
    trips = sum(part.trips for part in about.offices if part.office in OUTGOING)
    visits = about.of(Office.VISITS)
    visited = visits.trips if visits else 0
    counted = f"{trips} trip{'' if trips == 1 else 's'} out, {visited} visit{'' if visited == 1 else 's'} in"
    under = [names[code][0] for code in about.under] if about.standing_for else []
    standing = f", counted under {' and '.join(under)}" if under else ""
    parts: list[Part] = [line(why) for why in about.why]
    parts += [_office(part) for part in about.offices]
    small = _filed(about, names)
    if asked.offices or asked.unit:
        words = [asked.offices[0].value] if asked.offices and len(asked.offices) == 1 else []
        words += [asked.unit.value] if asked.unit else []
        small.insert(0, f"This shows every office; one count alone: {' '.join(['/travel why', name, *words])}.")
    known = gaps_in(about.period, tuple(Office), about.standing_for or about.party)
    if known:
        small.append("Known gaps: " + " ".join(gap_.says for gap_ in known[:4]))
    period = "" if asked.period is None else f" {asked.period.label.replace('–', '-')}"
    buttons = [Button("Latest rows", f"/travel why {name}{period or ' all time'}")]
    buttons += [Button(other[:70], f"/travel party {other}") for other in under]
    return Reply(
        f"{name}: {counted}{standing}",
        aside="whole record" if about.period == EVERYTHING else about.period.label,
        parts=(*parts, Notes(tuple(line(text) for text in small))),
        buttons=(*buttons, Button("Ranking", "/travel rank")),
        share=f"/travel party {name}{period}",
    )


def _office(part: OfficeRecord) -> Card:
    stays = "" if part.stays == part.trips else f", {part.stays} stays"
    names = ", ".join(f"{who} {number}" for who, number in part.who[:4])
    more = f" and {len(part.who) - 4} more" if len(part.who) > 4 else ""
    lines: list[Line] = [line(f"First {_brief(part.first)} · last {_brief(part.last)}")]
    if part.gap:
        lines.append(line(f"Longest gap {day_month_year(part.gap[0])} – {day_month_year(part.gap[1])} ({gap(*part.gap)})"))
    lines.append(line(f"Who: {names}{more}"))
    lines.append(line(Quiet(f"By year: {_years(part)}")))
    return Card(line(Strong(f"{HEADS[part.office]}: {part.trips}{stays}")), tuple(lines))


def _brief(trip: Trip) -> str:
    return f"{days(trip.first, trip.last)} ({trip.name}{'' if trip.office is Office.VISITS else f', {where(trip)}'})"


def _years(part: OfficeRecord) -> str:
    """`2021 3 · 2022 1`; by decade where there are many years."""
    if len(part.years) <= 12:
        return " · ".join(f"{year}: {number}" for year, number in part.years)
    decades: dict[int, int] = {}
    for year, number in part.years:
        decades[year // 10 * 10] = decades.get(year // 10 * 10, 0) + number
    return " · ".join(f"{decade}s: {number}" for decade, number in decades.items())


def _filed(about: PartyRecord, names: dict[str, tuple[str, str | None]]) -> list[str]:
    filed = "; ".join(f"“{name}” under {country_id}: {number}" for country_id, name, number in about.filed[:6])
    lines = [f"As filed: {filed}."]
    if about.others:
        stand = ", ".join(f"{number} for {names[code][0]}" for code, number in about.others)
        lines.append(f"Of these rows {stand}.")
    if about.left_out:
        lines.append(f"Exact duplicates left out: {', '.join(about.left_out)}.")
    return [*lines, f"Source: {SOURCE}."]


def _search(session: Session, ask: Ask, of: Wanted, name: str, asked: Asked, words: tuple[str, ...], page: int) -> Reply:
    wanted = replace(of, offices=asked.offices or tuple(Office), words=words)
    total = count(session, wanted)
    rows = find(session, wanted, limit=PER_PAGE, offset=(page - 1) * PER_PAGE, newest_first=True)
    said = " ".join(words)
    plain_words = _PAGE.sub("", ask.rest)
    if not total:
        return Reply(
            f"{name}: no row says “{said[:60]}”.",
            parts=(line("Remarks are short and often name no counterpart."),),
            buttons=(Button(name[:70], f"/travel party {name}"),),
        )
    return Reply(
        f"{name}: {total} row{'' if total == 1 else 's'} with “{said[:60]}”",
        aside=f"newest first, page {page}" if total > PER_PAGE else "newest first",
        parts=tuple(_row(trip) for trip in rows),
        buttons=_more(f"/travel party {plain_words}", page, total),
        share=f"/travel party {plain_words}",
    )


def _more(command: str, page: int, total: int) -> tuple[Button, ...]:
    return (Button("Earlier", f"{command} page {page + 1}"),) if page * PER_PAGE < total else ()


def _row(trip: Trip) -> Card:
    repeats = ""
    if trip.rule is Rule.EXACT:
        repeats = f" · repeats {trip.repeats}, not counted"
    elif trip.rule:
        repeats = f" · near duplicate of {trip.repeats}"
    title = line(Strong(days(trip.first, trip.last)), f"  {trip.name} · {where(trip)}")
    return Card(
        title,
        (
            line(trip.remarks or "No remarks."),
            line(Quiet(f"{trip.label} · filed as {trip.country} ({trip.country_id}){repeats}")),
        ),
    )


def why(ask: Ask) -> Reply:
    """The rows behind a party's number in a ranking, newest first, with what was left out or joined."""
    with ask.read() as session:
        if summary(session) is None:
            return Reply(EMPTY, parts=(line(HOW_TO_IMPORT),))
        asked, code, words, page = _asked(session, ask)
        name = shown_as(session, [code])[code][0]
        if code == HOME:
            return _home()
        choice = asked.choice
        wanted = replace(rows_of(session, code, choice.period), offices=choice.offices)
        total = count(session, wanted)
        rows = find(session, wanted, limit=PER_PAGE, offset=(page - 1) * PER_PAGE, newest_first=True)
        counted = next((row.count for row in rank(session, choice).rows if row.party == code), total)
    plain_words = _PAGE.sub("", ask.rest)
    if not total:
        return _nothing(name, code, asked)
    filed = [
        *(countries().why(code) if wanted.was else ()),
        f"{number_of(total, 'row')} of {period_words(choice)}, {offices_words(choice.offices)}.",
    ]
    ignored = (line(f"I did not understand “{' '.join(words)[:60]}”."),) if words else ()
    return Reply(
        f"{name}: {unit_noun(choice, counted)} from {total} row{'' if total == 1 else 's'} · {period_words(choice)}",
        aside=f"newest first, page {page}" if total > PER_PAGE else "newest first",
        parts=(*ignored, *(_row(trip) for trip in rows), Notes(tuple(line(text) for text in filed))),
        buttons=(*_more(f"/travel why {plain_words}", page, total), Button(name[:70], f"/travel party {name}")),
        share=f"/travel why {plain_words}",
    )


def commands() -> list[Command]:
    return [
        Command(
            "/travel",
            "party",
            "/travel party NAME [years] [words in the remarks]",
            "The record for one party: out and in, first, last, longest gap, who went; its remarks searched.",
            ("/travel party turkey", "/travel party ussr", "/travel party turkey erdogan", "/travel party france 2009-2016"),
            of_party,
        ),
        Command(
            "/travel",
            "why",
            "/travel why NAME [years] [president|secretary|visits] [trips|stays|joint]",
            "The rows behind a party's number, as the source files them.",
            ("/travel why japan", "/travel why saudi arabia 2017-2024 president"),
            why,
        ),
    ]
