"""`/talks edit`: talks on record corrected, or another version kept beside them; and what happens when two people do it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.commands import talks_rivals as rivals
from bot.commands.asking import number_of
from bot.commands.base import Ask, Command
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
from bot.commands.revision_words import differences_since
from bot.commands.rights import check_recorder
from bot.commands.talks_done import confirmation, told_changes
from bot.commands.talks_form import IDS, WHY, Base, fields, read, values_of
from bot.commands.talks_steps import refusal
from bot.commands.talks_words import entry_values, read_words
from bot.reply import Field, FieldKind, Form, Line, Reply, line
from store import changes
from store import talks as on_record
from store.database import Session
from store.plain import from_plain
from store.records import Revision, Talks, Window


def edit(ask: Ask) -> Reply | Form:
    """Changes talks on record: opens their form with the words laid over it, and takes it in."""
    number, rest = number_of(ask, "T", "/talks edit T-2")
    if ask.request.values is not None:
        return _edited(ask, number)
    with ask.read() as session:
        check_recorder(session, ask)
        entry = read_words(session, ask, rest) if rest.strip() else None
        laid_over = entry_values(session, ask, entry) if entry else {}
    laid_over.pop("title", None)
    return edit_form(ask, number, laid_over, unread=entry.unread if entry else (), keep=rivals.CORRECT)


def edit_form(ask: Ask, number: int, laid_over: Mapping[str, str], *, unread: tuple[str, ...] = (), keep: str = "") -> Form:
    """The form of talks on record with other values laid over theirs. Raises NotOnRecord."""
    with ask.read() as session:
        talks = on_record.get(session, number)
        shown = values_of(session, talks)
        added = {"sources": "\n".join(dict.fromkeys(part for part in (shown["sources"], laid_over.get("sources")) if part))}
        values = {**shown, **laid_over, **added, rivals.KEEP: keep}
        seen = changes.latest(session, on_record.KIND, talks.key)
    window = talks.window if same_text(values["window"], shown["window"]) else None
    return roomy(_edition(ask, talks, values, seen, unread=unread, window=window))


def _edition(
    ask: Ask,
    talks: Talks,
    values: Mapping[str, str],
    seen: int,
    *,
    notes: tuple[Line, ...] = (),
    unread: tuple[str, ...] = (),
    window: Window | None = None,
) -> Form:
    keep = Field(
        rivals.KEEP, "If this differs", FieldKind.CHOICE, values.get(rivals.KEEP, ""), rivals.HINT, required=True,
        options=rivals.OPTIONS,
    )  # fmt: skip
    made = fields(values, window=window, edits=True)
    context = context_of(ask, unread=unread, **{SEEN: str(seen)})
    notes = notes or (line(f"{talks.label}: what you leave as it is stays as it is."),)
    return Form(f"Change {talks.label}", f"/talks edit {talks.label}", (*made, keep), "Save", notes, unread, context)


def _edited(ask: Ask, number: int) -> Reply | Form:
    values = received(ask, (*IDS, WHY, rivals.KEEP))
    seen = seen_of(ask)
    form: Form | None = None
    intake: Intake | None = None
    try:
        with ask.write(why=values[WHY].strip()[:500] or None) as session:
            check_recorder(session, ask)
            talks = on_record.get(session, number)
            if since := changes.since(session, on_record.KIND, talks.key, seen):
                return _changed_meanwhile(session, ask, talks, values, since)
            intake = Intake(session, ask, values)
            form = _edition(ask, talks, values, seen, unread=carried(ask)[0])
            check_fields(intake, form.fields, values_of(session, talks))
            wanted = _wanted(intake, talks)
            intake.finish()
            if wanted is None or wanted == talks:
                return Reply(f"Nothing was changed: {talks.label} is on record just so.")
            saved = on_record.save(session, wanted, action="edited")
            return confirmation(session, ask, saved, "Changed", told_changes(session, ask, saved))
    except on_record.Circle as circle:
        if intake is None or form is None:
            raise
        itself = len(set(circle.path)) == 1
        label = f"T-{number}"
        intake.wrong("after", f"{label} cannot wait for itself." if itself else f"That goes round: {circle}.")
        return sent_back(form, intake)
    except Unfinished:
        if intake is None or form is None:
            raise
        return sent_back(form, intake)


def _wanted(intake: Intake, talks: Talks) -> Talks | None:
    """The talks as the form wants them: corrected, or with another version beside them."""
    new = read(intake, Base.of(intake.session, talks))
    if new is None:
        return None
    moved = (new.status, new.window) != (talks.status, talks.window)
    if moved and (why := refusal(talks, new.status, new.window, intake.ask.today)):
        intake.wrong("status", why)
    if intake.values[rivals.KEEP] == rivals.ACCOUNT:
        return rivals.beside(intake, talks, new)
    return new


def _changed_meanwhile(session: Session, ask: Ask, talks: Talks, values: Mapping[str, str], since: list[Revision]) -> Form:
    """The form again, over the record as others have made it: what was typed stays, and stands beside what they wrote."""
    now = values_of(session, talks)
    before = since[0].before
    was = values_of(session, from_plain(Talks, before)) if before else now
    merged = {name: values[name] if not same_text(values[name], was[name]) else now[name] for name in IDS}
    both = [name for name in IDS if merged[name] != now[name] and not same_text(now[name], was[name])]
    notes: list[Line] = [line(f"{talks.label} was changed while this form was open; nothing of yours is recorded yet:")]
    notes += differences_since(session, on_record.KIND, since[-5:], ask.now, ask.request.zone)
    notes.append(line("What you typed is still here. Look it over and send it again."))
    more = {WHY: values[WHY], rivals.KEEP: values[rivals.KEEP]}
    form = _edition(ask, talks, {**merged, **more}, since[-1].number, notes=tuple(notes), unread=carried(ask)[0])
    intake = Intake(session, ask, {**merged, **more})
    for name in both:
        intake.wrong(name, f"On record meanwhile: {now[name][:300] or 'nothing'}. Sending this again replaces it.")
    return roomy(sent_back(form, intake))


def commands() -> list[Command]:
    """The record of editing."""
    return [
        Command(
            "/talks",
            "edit",
            "/talks edit T-2 [words]",
            "Changes talks on record, or keeps another version beside them as an account.",
            ("/talks edit T-3", "/talks edit T-3 in Geneva"),
            edit,
            aliases=("change", "correct"),
            writes=True,
        ),
    ]
