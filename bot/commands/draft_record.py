"""`/draft add`, `edit`, `log` and `undo`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.commands.base import Ask, Command
from bot.commands.draft_form import IDS, fields, read, values_of
from bot.commands.draft_words import labelled, one_number
from bot.commands.intake import (
    SEEN,
    Intake,
    Unfinished,
    check_fields,
    context_of,
    received,
    roomy,
    same_text,
    seen_of,
    sent_back,
)
from bot.commands.revision_words import differences_since
from bot.commands.rights import check_recorder
from bot.commands.talks_form import WHY
from bot.commands.undoing import Kind, log, taking_back
from bot.draft_cards import Sheet, card
from bot.reply import Button, Form, Line, Part, Reply, line
from store import changes, drafts, drafts_lists
from store.database import Session
from store.exchange.rules import slug
from store.plain import from_plain
from store.records import Draft, DraftStatus, Revision
from store.undo import Logged

DRAFTS = Kind("/draft", "D", drafts)


def add(ask: Ask) -> Reply | Form:
    """Records a draft: the words become its title in a form, and the form sent in makes the record."""
    if ask.request.values is not None:
        return _added(ask)
    with ask.read() as session:
        check_recorder(session, ask)
    values = {**dict.fromkeys(IDS, ""), "title": ask.rest.strip()[:300], "status": DraftStatus.TABLED.value}
    told = ask.request.told
    if told:
        values |= {"title": "", "note": told.text[:3000], "sources": f"{told.author} {told.url}" if told.url else ""}
    return _form(ask, values)


def _form(ask: Ask, values: Mapping[str, str]) -> Form:
    note = line("Votes party by party come from a file: attache draft votes D-1 FILE.")
    return Form("Record a draft", "/draft add", fields(values), "Record", (note,), (), context_of(ask))


def _added(ask: Ask) -> Reply | Form:
    values = received(ask, IDS)
    form, intake = _form(ask, values), None
    try:
        with ask.write() as session:
            check_recorder(session, ask)
            intake = Intake(session, ask, values)
            check_fields(intake, form.fields)
            draft = read(intake, None)
            intake.finish()
            if draft is None:
                raise Unfinished
            saved = drafts.save(session, replace(draft, key=_free_key(session, draft)))
            return _confirmed(session, ask, saved, "Recorded")
    except Unfinished:
        return sent_back(form, intake) if intake else form


def _free_key(session: Session, draft: Draft) -> str:
    stem = slug(f"{draft.symbol or draft.title} {draft.tabled_on.year if draft.tabled_on else ''}")[:60].strip("-") or "draft"
    key, n = stem, 1
    while drafts.by_key(session, key) is not None or changes.latest(session, drafts.KIND, key):
        n += 1
        key = f"{stem}-{n}"
    return key


def _confirmed(session: Session, ask: Ask, saved: Draft, done: str) -> Reply:
    sheet = Sheet.of(session, [saved.number], ask.now, ask.request.zone)
    shown = card(sheet, sheet.drafts[0])
    number = changes.latest(session, drafts.KIND, saved.key)
    button = Button("Undo", f"/draft undo {saved.label} R-{number}")
    same = [f"D-{n}" for n in drafts_lists.by_symbol(session, saved.symbol) if n != saved.number] if saved.symbol else []
    twice = [line(f"Look again: {saved.symbol} is the symbol of {' and '.join(same)} too.")] if same else []
    return replace(shown, headline=f"{done}: {shown.headline}", parts=(*twice, *shown.parts), buttons=(button, *shown.buttons))


def edit(ask: Ask) -> Reply | Form:
    """Changes a draft on record: opens its form, and takes it in."""
    with ask.read() as session:
        number, _ = one_number(session, ask, "/draft edit D-1")
    if ask.request.values is not None:
        return _edited(ask, number)
    with ask.read() as session:
        check_recorder(session, ask)
        draft = drafts.get(session, number)
        return roomy(_edition(ask, draft, values_of(session, draft), changes.latest(session, drafts.KIND, draft.key)))


def _edition(ask: Ask, draft: Draft, values: Mapping[str, str], seen: int, notes: tuple[Line, ...] = ()) -> Form:
    notes = notes or (line(f"{draft.label}: lines that you leave as they are keep their sources, and its votes stay."),)
    made, context = fields(values, edits=True), context_of(ask, **{SEEN: str(seen)})
    return Form(f"Change {draft.label}", f"/draft edit {draft.label}", made, "Save", notes, (), context)


def _edited(ask: Ask, number: int) -> Reply | Form:
    values = received(ask, (*IDS, WHY))
    form: Form | None = None
    intake: Intake | None = None
    try:
        with ask.write(why=values[WHY].strip()[:500] or None) as session:
            check_recorder(session, ask)
            draft = drafts.get(session, number)
            seen = seen_of(ask)
            if since := changes.since(session, drafts.KIND, draft.key, seen):
                return _changed_meanwhile(session, ask, draft, values, since)
            form, intake = _edition(ask, draft, values, seen), Intake(session, ask, values)
            check_fields(intake, form.fields, values_of(session, draft))
            wanted = read(intake, draft)
            intake.finish()
            if wanted is None or wanted == draft:
                return Reply(f"Nothing was changed: {draft.label} is on record just so.")
            return _confirmed(session, ask, drafts.save(session, wanted, action="edited"), "Changed")
    except Unfinished:
        if form is None or intake is None:
            raise
        return sent_back(form, intake)


def _changed_meanwhile(session: Session, ask: Ask, draft: Draft, values: Mapping[str, str], since: list[Revision]) -> Form:
    """The form again, over the draft as others have made it: what was typed stays, and stands beside what they wrote."""
    now = values_of(session, draft)
    was = values_of(session, from_plain(Draft, since[0].before)) if since[0].before else now
    merged = {name: values[name] if not same_text(values[name], was[name]) else now[name] for name in IDS}
    both = [name for name in IDS if merged[name] != now[name] and not same_text(now[name], was[name])]
    notes = [line(f"{draft.label} was changed while this form was open; nothing of yours is recorded yet:")]
    notes += differences_since(session, drafts.KIND, since[-5:], ask.now, ask.request.zone)
    notes.append(line("What you typed is still here. Look it over and send it again."))
    merged[WHY] = values[WHY]
    intake = Intake(session, ask, merged)
    for name in both:
        intake.wrong(name, f"On record meanwhile: {now[name][:300] or 'nothing'}. Sending this again replaces it.")
    return sent_back(_edition(ask, draft, merged, since[-1].number, tuple(notes)), intake)


def _shown(session: Session, ask: Ask, record: Logged, done: str, notes: tuple[Part, ...]) -> Reply:
    if not isinstance(record, Draft):
        raise TypeError("not a draft")
    reply = _confirmed(session, ask, record, done)
    return replace(reply, parts=(*notes, *reply.parts))


def _by_symbol_too(handler: Callable[[Ask], Reply]) -> Callable[[Ask], Reply]:
    """A draft may be named by its symbol as well."""

    def handle(ask: Ask) -> Reply:
        with ask.read() as session:
            rest = labelled(session, ask)
        return handler(replace(ask, rest=rest))

    return handle


def commands() -> list[Command]:
    """The records of recording drafts."""
    return [
        Command(
            "/draft",
            "add",
            "/draft add [title]",
            "Records a draft in a form: status, symbol, what it says by issue, who stands where.",
            ("/draft add A resolution on the third anniversary",),
            add,
            aliases=("record", "new"),
            writes=True,
        ),
        Command(
            "/draft",
            "edit",
            "/draft edit D-1",
            "Changes a draft on record; what you leave as it is keeps its sources.",
            ("/draft edit D-1",),
            edit,
            aliases=("change", "correct"),
            writes=True,
        ),
        Command(
            "/draft",
            "log",
            "/draft log D-1",
            "Who changed what, when and why.",
            ("/draft log D-1",),
            _by_symbol_too(log(DRAFTS)),
            aliases=("revisions",),
        ),
        Command(
            "/draft",
            "undo",
            "/draft undo [D-1] [R-12]",
            "Takes back a change: the last one of the draft, the one named, or your own last.",
            ("/draft undo D-1",),
            _by_symbol_too(taking_back(DRAFTS, _shown)),
            writes=True,
        ),
    ]
