"""`/position reply`: how another party answered a position."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.commands.base import Ask, Command, Trouble
from bot.commands.intake import Intake, Unfinished, carried, check_fields, context_of, received, sent_back
from bot.commands.position_done import confirmed, denied_note, entry_values
from bot.commands.position_form import REPLY_IDS, read_reply, reply_fields
from bot.commands.rights import check_recorder
from bot.language import entry as sentences
from bot.reply import Form, Reply, line
from store import positions as on_record
from store.records import Position

_LABEL = re.compile(r"\s*p\s*-?\s*(\d{1,9})\b", re.IGNORECASE)


def reply(ask: Ask) -> Reply | Form:
    """Records how another party answered a position."""
    number, rest = _answered(ask)
    if ask.request.values is not None:
        return _replied(ask, number)
    request = ask.request
    with ask.read() as session:
        check_recorder(session, ask)
        position = on_record.get(session, number)
        entry = sentences.read_reply(session, rest, now=ask.now, said_on=None, zone=request.zone, order=request.date_order)
        values = {**dict.fromkeys(REPLY_IDS, ""), **entry_values(session, entry)}
    return _reply_form(ask, position, values, unread=entry.unread, about=denied_note(entry))


def _answered(ask: Ask) -> tuple[int, str]:
    found = _LABEL.match(ask.rest)
    if not found:
        raise Trouble(
            "Which position is answered? Give its number first.",
            nearest="/position with a party and a topic shows it.",
            example="/position reply P-1 nato rejects",
        )
    return int(found[1]), ask.rest[found.end() :].strip()


def _reply_form(
    ask: Ask, position: Position, values: Mapping[str, str], *, unread: tuple[str, ...] = (), about: str = ""
) -> Form:
    notes = (line(f"To {position.label}: {position.summary[:300]}"), *((line(about),) if about else ()))
    command, context = f"/position reply {position.label}", context_of(ask, unread=unread, about=about)
    return Form(f"Reply to {position.label}", command, reply_fields(values), "Record", notes, unread, context)


def _replied(ask: Ask, number: int) -> Reply | Form:
    values = received(ask, REPLY_IDS)
    form: Form | None = None
    intake: Intake | None = None
    try:
        with ask.write() as session:
            check_recorder(session, ask)
            position = on_record.get(session, number)
            unread, about = carried(ask)
            form = _reply_form(ask, position, values, unread=unread, about=about)
            intake = Intake(session, ask, values)
            check_fields(intake, form.fields)
            answer = read_reply(intake, position)
            intake.finish()
            if answer is None:
                raise Unfinished
            if any(replace(other, key="") == replace(answer, key="") for other in position.replies):
                return Reply(f"Nothing was changed: {position.label} has that very reply on record.")
            saved = on_record.save(session, replace(position, replies=(*position.replies, answer)), action="reply recorded")
            return confirmed(session, ask, saved, "Reply recorded")
    except Unfinished:
        if form is None or intake is None:
            raise
        return sent_back(form, intake)


def commands() -> list[Command]:
    """The record of replying."""
    return [
        Command(
            "/position",
            "reply",
            "/position reply P-1 [words]",
            "Records how another party answered a position.",
            ("/position reply P-1 nato rejects",),
            reply,
            writes=True,
        ),
    ]
