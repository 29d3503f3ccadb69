"""`/position add`, `edit`, `log` and `undo`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.commands.asking import number_of
from bot.commands.base import Ask, Command, Told
from bot.commands.intake import (
    SEEN,
    Intake,
    Unfinished,
    carried,
    check_fields,
    context_of,
    received,
    roomy,
    same_text,
    seen_of,
    sent_back,
)
from bot.commands.position_done import confirmed, denied_note, entry_values
from bot.commands.position_form import IDS, fields, read, values_of
from bot.commands.revision_words import differences_since
from bot.commands.rights import check_recorder
from bot.commands.talks_form import WHY, free_key
from bot.commands.talks_words import told_note
from bot.commands.undoing import Kind, log, taking_back
from bot.language import entry as sentences
from bot.reply import Form, Line, Option, Part, Reply, line
from bot.wording import day_month_year
from store import changes, duplicates
from store import positions as on_record
from store.database import Session
from store.exchange.rules import slug
from store.plain import from_plain
from store.records import Position, Revision
from store.undo import Logged

POSITIONS = Kind("/position", "P", on_record)
DUPLICATE, NEW = "duplicate_of", "new"


def _shown(session: Session, ask: Ask, record: Logged, done: str, notes: tuple[Part, ...]) -> Reply:
    if not isinstance(record, Position):
        raise TypeError("not a position")
    return confirmed(session, ask, record, done, notes)


def add(ask: Ask) -> Reply | Form:
    """Records a position: the words fill in a form, and the form sent in makes the record."""
    if ask.request.values is not None:
        return _added(ask)
    told = ask.request.told
    request = ask.request
    with ask.read() as session:
        check_recorder(session, ask)
        entry = sentences.read_position(
            session,
            told.text if told else ask.rest,
            now=ask.now,
            said_on=told.said_on if told else None,
            zone=request.zone,
            order=request.date_order,
        )
        values = {**dict.fromkeys(IDS, ""), **entry_values(session, entry)}
        latest = _latest(session, entry)
    if told:
        values |= _told_values(told, values)
    about = " ".join(note for note in (denied_note(entry), told_note(told)) if note)
    return _form(ask, values, latest=latest, about=about, unread=entry.unread)


def _told_values(told: Told, values: Mapping[str, str]) -> dict[str, str]:
    source = [f"{told.author} {told.url}"] if told.url else []
    links = [entry for entry in values["sources"].split("\n") if entry]
    return {"said_on": values["said_on"] or str(told.said_on), "sources": "\n".join([*source, *links])}


def _latest(session: Session, entry: sentences.PositionEntry) -> str:
    if not entry.party or not entry.topic:
        return ""
    found = on_record.latest_each(session, entry.party, [entry.topic])
    return f"P-{found[0].number} ({day_month_year(found[0].said_on) if found[0].said_on else 'undated'})" if found else ""


def _form(ask: Ask, values: Mapping[str, str], *, latest: str = "", about: str = "", unread: tuple[str, ...] = ()) -> Form:
    notes = (line(about),) if about else ()
    context = context_of(ask, unread=unread, about=about)
    return Form("Record a position", "/position add", fields(values, latest=latest), "Record", notes, unread, context)


def _added(ask: Ask) -> Reply | Form:
    values = received(ask, IDS)
    unread, about = carried(ask)
    form, intake, instead = _form(ask, values, unread=unread, about=about), None, ""
    try:
        with ask.write() as session:
            check_recorder(session, ask)
            intake = Intake(session, ask, values)
            check_fields(intake, form.fields)
            position = read(intake, None)
            same = _ask_duplicate(intake, position) if position else None
            intake.finish()
            if position is None:
                raise Unfinished
            if same and same != NEW:
                instead = same
                raise Unfinished
            day = str(position.said_on or "")
            key = free_key(session, on_record.KIND, slug(f"{position.party} {position.topic} {day}"))
            saved = on_record.save(session, replace(position, key=key))
            return confirmed(session, ask, saved, "Recorded")
    except Unfinished:
        if instead:
            return _edit_form(ask, int(instead.removeprefix("P-")), {n: v for n, v in values.items() if v and n in IDS})
        return sent_back(form, intake) if intake else form


def _ask_duplicate(intake: Intake, position: Position) -> str | None:
    numbers = duplicates.of_position(intake.session, position)
    if not numbers:
        return None
    labels = [f"P-{number}" for number in numbers]
    for other in on_record.many(intake.session, numbers):
        intake.notes.append(line(f"{other.label} has the same party, topic, stance and day: is this it? {other.summary[:200]}"))
    options = [Option(NEW, "No, this is another one"), *(Option(label, f"Yes, it is {label}: change that") for label in labels)]
    return intake.choose(DUPLICATE, "Is it on record already?", options)


def edit(ask: Ask) -> Reply | Form:
    """Changes a position on record."""
    number, rest = number_of(ask, "P", "/position edit P-1")
    if ask.request.values is not None:
        return _edited(ask, number)
    with ask.read() as session:
        check_recorder(session, ask)
    return _edit_form(ask, number, {}, unread=(rest.strip(),) if rest.strip() else ())


def _edit_form(ask: Ask, number: int, laid_over: Mapping[str, str], *, unread: tuple[str, ...] = ()) -> Form:
    with ask.read() as session:
        position = on_record.get(session, number)
        shown = values_of(session, position)
        seen = changes.latest(session, on_record.KIND, position.key)
    sources = "\n".join(dict.fromkeys(part for part in (shown["sources"], laid_over.get("sources")) if part))
    return roomy(_edition(ask, position, {**shown, **laid_over, "sources": sources}, seen, unread=unread))


def _edition(
    ask: Ask,
    position: Position,
    values: Mapping[str, str],
    seen: int,
    *,
    notes: tuple[Line, ...] = (),
    unread: tuple[str, ...] = (),
) -> Form:
    command, context = f"/position edit {position.label}", context_of(ask, unread=unread, **{SEEN: str(seen)})
    words = f"{position.label}: what you leave as it is stays as it is. A new stance is a new position: /position add."
    notes = notes or (line(words),)
    return Form(f"Change {position.label}", command, fields(values, edits=True), "Save", notes, unread, context)


def _edited(ask: Ask, number: int) -> Reply | Form:
    values = received(ask, (*IDS, WHY))
    form: Form | None = None
    intake: Intake | None = None
    try:
        with ask.write(why=values[WHY].strip()[:500] or None) as session:
            check_recorder(session, ask)
            position = on_record.get(session, number)
            seen = seen_of(ask)
            if since := changes.since(session, on_record.KIND, position.key, seen):
                return _changed_meanwhile(session, ask, position, values, since)
            form = _edition(ask, position, values, seen, unread=carried(ask)[0])
            intake = Intake(session, ask, values)
            check_fields(intake, form.fields, values_of(session, position))
            wanted = read(intake, position)
            intake.finish()
            if wanted is None or wanted == position:
                return Reply(f"Nothing was changed: {position.label} is on record just so.")
            saved = on_record.save(session, wanted, action="edited")
            return confirmed(session, ask, saved, "Changed", _told_changes(session, ask, saved))
    except Unfinished:
        if form is None or intake is None:
            raise
        return sent_back(form, intake)


def _told_changes(session: Session, ask: Ask, position: Position) -> tuple[Part, ...]:
    last = changes.of_record(session, on_record.KIND, position.key)[-1:]
    return tuple(differences_since(session, on_record.KIND, last, ask.now, ask.request.zone))


def _changed_meanwhile(
    session: Session, ask: Ask, position: Position, values: Mapping[str, str], since: list[Revision]
) -> Form:
    now = values_of(session, position)
    was = values_of(session, from_plain(Position, since[0].before)) if since[0].before else now
    merged = {name: values[name] if not same_text(values[name], was[name]) else now[name] for name in IDS}
    both = [name for name in IDS if merged[name] != now[name] and not same_text(now[name], was[name])]
    notes = [line(f"{position.label} was changed while this form was open; nothing of yours is recorded yet:")]
    notes += differences_since(session, on_record.KIND, since[-5:], ask.now, ask.request.zone)
    notes.append(line("What you typed is still here. Look it over and send it again."))
    merged[WHY] = values[WHY]
    intake = Intake(session, ask, merged)
    for name in both:
        intake.wrong(name, f"On record meanwhile: {now[name][:300] or 'nothing'}. Sending this again replaces it.")
    return sent_back(_edition(ask, position, merged, since[-1].number, notes=tuple(notes)), intake)


def commands() -> list[Command]:
    """The records of recording positions."""
    return [
        Command(
            "/position",
            "add",
            "/position add [words]",
            "Records a position: the words fill in a form for you to check.",
            ("/position add Russia demands that NATO leave Eastern Europe, said by Ryabkov 22 Feb",),
            add,
            aliases=("record", "new"),
            writes=True,
        ),
        Command(
            "/position",
            "edit",
            "/position edit P-1",
            "Changes a position on record.",
            ("/position edit P-1",),
            edit,
            aliases=("change", "correct"),
            writes=True,
        ),
        Command(
            "/position",
            "log",
            "/position log P-1",
            "Who changed what, when and why.",
            ("/position log P-1",),
            log(POSITIONS),
            aliases=("changes", "revisions"),
        ),
        Command(
            "/position",
            "undo",
            "/position undo [P-1] [R-12]",
            "Takes back a change: the last one of the position, the one named, or your own last.",
            ("/position undo P-1",),
            taking_back(POSITIONS, _shown),
            writes=True,
        ),
    ]
