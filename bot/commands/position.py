"""`/position`: where a party stands on a topic, on everything, and who stands where on a topic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.commands import (
    position_answers,
    position_compare,
    position_record,
    position_reply,
    position_time,
    position_topics,
    topic_changes,
)
from bot.commands.asking import again, corrections, line_of, number_of
from bot.commands.base import Ask, Command
from bot.commands.position_asking import About, about_of, named, no_topic, nobody, notes
from bot.commands.position_card import card
from bot.commands.position_sheet import Sheet
from bot.commands.position_silence import answered, answered_elsewhere, first_on_record, silence
from bot.reply import Button, Form, Notes, Part, Reply, Strong, line
from bot.wording import counted, day_month_year
from store import positions, topics, travel
from store.database import Session
from store.records import Position

SUMMARY = "where a party stands, since when, in whose words, and who answered how"

PER_PAGE = 6

_ANSWERED_BY = re.compile(r"(rejected|endorsed|conditional|declined)\s+by(?:\s+|$)", re.IGNORECASE)


def stance(ask: Ask) -> Reply | Form:
    """A party's stance on a topic; without a topic all of the party's, without a party everyone's on the topic."""
    if answers := _ANSWERED_BY.match(ask.rest):  # "rejected by nato", with a space
        name = f"{answers[1].casefold()}-by"
        command = next(command for command in position_answers.commands() if command.name == name)
        return command.handler(replace(ask, command=command, rest=ask.rest[answers.end() :]))
    with ask.read() as session:
        about = about_of(session, ask)
        if not about.parties and not about.topics:
            raise nobody(session, ask, about.asked)
        if about.topics and about.parties:
            return _stance(session, ask, about)
        if about.topics:
            return _everyone(session, ask, about)
        if about.asked.question.unread:
            raise no_topic(session, ask, about)
        return _everything(session, ask, about)


def on_topic(ask: Ask) -> Reply:
    """All parties on a topic, for a name that is a party's as well."""
    with ask.read() as session:
        about = about_of(session, ask)
        if not about.topics:
            raise nobody(session, ask, about.asked)
        return _everyone(session, ask, about)


def by_party(ask: Ask) -> Reply:
    """All topics of a party, for a name that is a topic's as well."""
    with ask.read() as session:
        about = about_of(session, ask)
        named = about.asked.question.parties
        if not named:
            raise nobody(session, ask, about.asked)
        return _everything(session, ask, replace(about, parties=named, topics=()))


def show(ask: Ask) -> Reply:
    """One position by its number, today or as of a day."""
    number, rest = number_of(ask, "P", "/position show P-1")
    with ask.read() as session:
        about = about_of(session, replace(ask, rest=rest))
        if about.recorded is None:
            positions.get(session, number)
        shown = _sheet(session, ask, about, [number]).positions if about.looking_back else []
        if shown and shown[0].said_on and shown[0].said_on > about.on:
            return _not_yet(shown[0], about)
        reply = _card(session, ask, number, about, whole=True)
        return replace(reply, parts=(*notes(about), *reply.parts))


def _not_yet(position: Position, about: About) -> Reply:
    """A position that was taken after the day asked about."""
    known = f" known {about.known_words}" if about.recorded else ""
    show = f"/position show {position.label}{known}"
    parts = (*notes(about), line(f"Asked as of {day_month_year(about.on)}."))
    said = f"{position.label} was said on {day_month_year(position.said_on)}, after that day." if position.said_on else ""
    return Reply(said, parts=parts, buttons=(Button(f"Show {position.label}", show),))


def _stance(session: Session, ask: Ask, about: About) -> Reply:
    """One party on one topic: the card; several parties, or several positions at once: one line each and a way in."""
    subtree = about.subtree(session)
    found = {code: about.latest(session, code, subtree) for code in about.parties}
    numbers = [standing.number for standings in found.values() for standing in standings]
    if len(numbers) == 1 and len(about.parties) == 1:
        reply = _card(session, ask, numbers[0], about)
        return replace(
            reply,
            parts=(*notes(about), *reply.parts),
            buttons=(*corrections(ask, about.asked), *reply.buttons),
            share=line_of(ask, about.asked),
        )
    who = named(session, about.parties)
    what = ", ".join(topic.name for topic in topics.by_keys(session, about.topics).values())
    headline = f"{who} on {what}{about.back_words}"
    silent = [code for code in about.parties if not found[code]]
    told = answered(session, ask, about, silent, subtree)
    if not numbers:
        return silence(session, ask, about, headline, subtree, told)
    reply = _list(session, ask, about, headline, numbers, by_topic=False)
    parts = [*reply.parts, *told.parts()]
    if nothing := [code for code in silent if code not in told.parties]:
        parts.append(line(f"{named(session, nothing)}: no statement found up to {day_month_year(about.on)}."))
    return replace(reply, parts=tuple(parts))


def _everything(session: Session, ask: Ask, about: About) -> Reply:
    """All topics of a party, newest first."""
    found = [s for code in about.parties for s in about.of_party(session, code)]
    who = named(session, about.parties)
    contacts = _contacts(session, about)
    told = answered_elsewhere(session, ask, about, {s.topic for s in found}, most=PER_PAGE - len(found))
    if not found:
        up_to = f"found up to {day_month_year(about.on)}"
        words = f"No position of its own {up_to}." if told.answers else f"No statement {up_to}. That is not neutrality."
        what = "no position of its own" if told.answers else "nothing"
        parts = (*notes(about), line(words), *told.parts(), *first_on_record(session, about), *contacts)
        headline = f"{who}{about.back_words}: {what} on record."
        return Reply(headline, parts=parts, buttons=told.buttons(about))
    headline = f"{who}: positions{about.back_words}"
    reply = _list(session, ask, about, headline, [s.number for s in found], by_topic=len(about.parties) == 1)
    return replace(reply, parts=(*reply.parts, *told.parts(), *contacts))


def _contacts(session: Session, about: About) -> tuple[Part, ...]:
    """The last leader- and minister-level contacts of a party in the travel record of the United States, if there is one."""
    if len(about.parties) != 1 or about.parties[0] == "us" or about.back_words:
        return ()
    words = travel.one_line(session, about.parties[0])
    return (Notes((line(words),)),) if words else ()


def _everyone(session: Session, ask: Ask, about: About) -> Reply:
    """All parties on a topic and what lies under it, newest first."""
    found = about.on_topics(session, about.subtree(session))
    what = ", ".join(topic.name for topic in topics.by_keys(session, about.topics).values())
    headline = f"Positions on {what}{about.back_words}"
    doubles = [code for code in about.asked.question.parties if code not in about.parties]
    own = [Button(f"{code.upper()}'s own positions", f"/position by {code}{about.back}") for code in doubles[:1]]
    if not found:
        words = line(f"No statement by anyone found up to {day_month_year(about.on)}.")
        parts = (*notes(about), words, *first_on_record(session, about))
        return Reply(f"{headline}: nothing on record.", parts=parts, buttons=tuple(own))
    reply = _list(session, ask, about, headline, [s.number for s in found], by_topic=False)
    return replace(reply, buttons=(*reply.buttons, *own))


def _list(session: Session, ask: Ask, about: About, headline: str, numbers: Sequence[int], *, by_topic: bool) -> Reply:
    page = about.asked.page
    shown = numbers[(page - 1) * PER_PAGE : page * PER_PAGE]
    sheet = _sheet(session, ask, about, shown, standing=True)
    dated = [p for p in sheet.positions if not sheet.may_be_later(p)]
    parts: list[Part] = [*notes(about), *(sheet.listed(p, by_topic=by_topic) for p in dated)]
    if apart := [sheet.listed(p, by_topic=by_topic) for p in sheet.positions if sheet.may_be_later(p)]:
        parts += [line(Strong(f"Without a day: said by {day_month_year(about.on)} or later")), *apart]
    buttons = [*corrections(ask, about.asked), *_show_buttons(sheet, about)]
    if len(numbers) > page * PER_PAGE:
        buttons.append(Button("More", again(ask, about.asked, page + 1)))
    if not shown:
        parts.append(line("No more."))
    aside = counted(len(numbers), "on record")
    share = line_of(ask, about.asked)
    return Reply(headline, aside=aside, parts=tuple(parts), buttons=tuple(buttons), share=share)


def _show_buttons(sheet: Sheet, about: About) -> tuple[Button, ...]:
    return tuple(Button(f"Show {p.label}", f"/position show {p.label}{about.back}") for p in sheet.positions[:3])


def _sheet(session: Session, ask: Ask, about: About, numbers: Sequence[int], *, standing: bool = False) -> Sheet:
    zone, back = ask.request.zone, about.looking_back
    return Sheet.of(session, numbers, ask.now, zone, about.on, looking_back=back, recorded=about.recorded, standing=standing)


def _card(session: Session, ask: Ask, number: int, about: About, *, whole: bool = False) -> Reply:
    sheet = _sheet(session, ask, about, [number])
    if not sheet.positions:
        return Reply(f"P-{number} was not on record{about.back_words}.", parts=notes(about))
    position = sheet.positions[0]
    shown = card(sheet, position, whole=whole)
    if not sheet.may_be_later(position):
        return shown
    unsure = f"Its day is not recorded: nothing shows that it was said by {day_month_year(about.on)}."
    return replace(shown, parts=(line(Strong(unsure)), *shown.parts))


def commands() -> list[Command]:
    """The records of `/position`."""
    return [
        Command(
            "/position",
            "",
            "/position PARTY TOPIC [as-of DAY] [known DAY]",
            "Where a party stands on a topic; a party alone gives all its topics, a topic alone everyone on it. `as-of` looks "
            "back by the day things were said, `known` by the day they were recorded here.",
            (
                "/position russia nato",
                "/position russia",
                "/position nato",
                "/position russia nato as-of 2022-02",
                "/position russia nato known 2025-02-22",
            ),
            stance,
            default=True,
        ),
        Command("/position", "on", "/position on TOPIC", "All parties on a topic.", ("/position on nato",), on_topic),
        Command("/position", "by", "/position by PARTY", "All topics of a party.", ("/position by russia",), by_party),
        Command(
            "/position",
            "show",
            "/position show P-1 [as-of DAY]",
            "One position by its number.",
            ("/position show P-1", "/position show P-1 as-of 2022-02"),
            show,
        ),
        *position_time.commands(),
        *position_compare.commands(),
        *position_answers.commands(),
        *position_topics.commands(),
        *(_undoing_topics_too(command) for command in position_record.commands()),
        *position_reply.commands(),
    ]


def _undoing_topics_too(command: Command) -> Command:
    if command.name != "undo":
        return command
    return replace(command, handler=topic_changes.undoing_topics_too(command.handler))
