"""`/talks add` and `/talks edit`: a sentence becomes a filled-in form, and the form a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.cards import Page, card
from bot.commands import talks_rivals as rivals
from bot.commands.asking import number_of
from bot.commands.base import Ask, Command, Told
from bot.commands.intake import SEEN, Intake, Unfinished, carried, check_fields, context_of, received, sent_back
from bot.commands.pieces import read_window, window_text
from bot.commands.revision_words import differences_since
from bot.commands.rights import check_recorder
from bot.commands.talks_form import IDS, WHY, Base, fields, new_key, place_text, read, same_text, values_of
from bot.commands.talks_steps import refusal
from bot.language.entry import TalksEntry, read_talks
from bot.language.when import describe
from bot.reply import Button, Field, FieldKind, Form, Line, Option, Part, Reply, line
from bot.wording import full_day, interval
from store import changes, duplicates, parties
from store import talks as on_record
from store.database import Session
from store.plain import from_plain
from store.records import Level, Revision, Talks, Window

DUPLICATE = "duplicate_of"
NEW = "new"


class _Instead(Exception):
    """These are talks that are on record already: those are to be edited."""

    def __init__(self, number: int) -> None:
        super().__init__(f"T-{number}")
        self.number = number


# Adding.


def add(ask: Ask) -> Reply | Form:
    """Records new talks: the words fill in a form, and the form sent in makes the record."""
    return _open(ask) if ask.request.values is None else _added(ask)


def _open(ask: Ask) -> Form:
    told = ask.request.told
    with ask.read() as session:
        check_recorder(session, ask)
        entry = read_entry(session, ask, told.text if told else ask.rest)
        values = {**_empty(), **entry_values(session, ask, entry)}
        values["title"] = values["title"] or "Talks"
        values["status"] = values["status"] or "planned"
        if told:
            values |= _told_values(told, values)
        intake = Intake(session, ask, {**values, "sources": ""})
        found = read(intake, Base(None, {}))
        if found is not None:
            _ask_duplicate(intake, found)
    form = _form(ask, values, about=told_note(told), unread=entry.unread, window=found.window if found else entry.window)
    intake.values, intake.errors = values, {}
    return sent_back(form, intake)


def told_note(told: Told | None) -> str:
    """Which message a form was filled in from."""
    if told is None:
        return ""
    found = f"From a message by {told.author[:100]}, {full_day(told.said_on)}."
    return found if told.url else f"{found} Slack gave no link to it: add a source of your own."


def _form(
    ask: Ask,
    values: Mapping[str, str],
    *,
    about: str = "",
    unread: tuple[str, ...] = (),
    window: Window | None = None,
) -> Form:
    notes = (line(about),) if about else ()
    context = context_of(ask, unread=unread, about=about)
    return Form("Record talks", "/talks add", fields(values, window=window), "Record", notes, unread, context)


def _empty() -> dict[str, str]:
    return dict.fromkeys(IDS, "")


def read_words(session: Session, ask: Ask, words: str) -> TalksEntry:
    """What the words after a number say: they are no sentence of their own ("5 March in Geneva") but about those talks."""
    return read_entry(session, ask, f"talks {words}")


def read_entry(session: Session, ask: Ask, text: str) -> TalksEntry:
    """What words say of talks. For a message they count from the day it was posted."""
    request = ask.request
    said_on = request.told.said_on if request.told else None
    return read_talks(session, text, now=ask.now, said_on=said_on, zone=request.zone, order=request.date_order)


def entry_values(session: Session, ask: Ask, entry: TalksEntry) -> dict[str, str]:
    """What a form shows of an entry; only what the words said."""
    named = parties.by_codes(session, [side.party for side in entry.sides])
    sides = [
        f"{named[s.party].name if s.party in named else s.party}" + ("" if s.level is Level.UNSTATED else f": {s.level.value}")
        for s in entry.sides
    ]
    said_on = (entry.window.stated_on if entry.window else None) or entry.said_on
    window = _window_words(session, ask, entry, said_on)
    found = {
        "title": entry.title,
        "sides": "; ".join(sides),
        "status": entry.status.value if entry.status else "",
        "window": window,
        "stated_by": entry.said_by or entry.office or "",
        "stated_on": (said_on or (ask.today if window else None) or "") and str(said_on or ask.today),
        "place": place_text(session, entry.place) if entry.place else "",
        "round": str(entry.round or ""),
        "format": entry.format or "",
        "agenda": "\n".join(entry.agenda),
        "after": ", ".join(entry.after),
        "outcome": entry.outcome or "",
        "sources": "\n".join(entry.urls),
    }
    return {name: value for name, value in found.items() if value}


def _window_words(session: Session, ask: Ask, entry: TalksEntry, said_on: date | None) -> str:
    """The words of a window, such that the form reads them as the sentence was read."""
    window = entry.window
    if window is None:
        return next((option.stated for option in entry.readings if option.stated), "") or (
            " or ".join(describe(option) for option in entry.readings[:1])
        )
    words = window_text(window)
    again = read_window(Intake(session, ask, {}), "window", words, said_on=said_on) if words else None
    dated = window.earliest is not None or window.latest is not None
    if dated and (again is None or (again.earliest, again.latest) != (window.earliest, window.latest)):
        return f"{words} = {describe(window)}"
    return words


def _told_values(told: Told, values: Mapping[str, str]) -> dict[str, str]:
    """What a message adds: its day, and its link as the first source."""
    source = [f"{told.author} {told.url}"] if told.url else []
    lines = [*source, *(entry for entry in values["sources"].split("\n") if entry)]
    return {"stated_on": values["stated_on"] or str(told.said_on), "sources": "\n".join(lines)}


def _ask_duplicate(intake: Intake, talks: Talks) -> str | None:
    """Asks whether these are talks on record; the answer, or None where there is nothing to ask or no answer yet."""
    likely = duplicates.of_talks(intake.session, talks)
    if not likely:
        return None
    for other in likely:
        same = "sides and window" if _bounds(other) == _bounds(talks) else "sides, and its window overlaps"
        words = (
            f"{other.label} has the same {same} ({other.title}, {interval(other.window)}, {other.status.value}): is this it?"
        )
        intake.notes.append(line(words))
    options = [Option(NEW, "No, these are new talks")]
    options += [Option(other.label, f"Yes, it is {other.label}: change that one") for other in likely]
    return intake.choose(DUPLICATE, "Is it on record already?", options)


def _bounds(talks: Talks) -> tuple[object, object]:
    return talks.window.earliest, talks.window.latest


def _added(ask: Ask) -> Reply | Form:
    values = received(ask, IDS)
    unread, about = carried(ask)
    form = _form(ask, values, unread=unread, about=about)
    intake: Intake | None = None
    try:
        with ask.write() as session:
            check_recorder(session, ask)
            intake = Intake(session, ask, values)
            check_fields(intake, form.fields)
            talks = read(intake, Base(None, {}))
            if talks and (why := refusal(talks, talks.status, talks.window, ask.today)):
                intake.wrong("window", why)
            same = _ask_duplicate(intake, talks) if talks else None
            intake.finish()
            if same and same != NEW:
                raise _Instead(int(same.removeprefix("T-")))
            if talks is None:
                raise Unfinished
            saved = on_record.save(session, replace(talks, key=new_key(session, talks)))
            return confirmation(session, ask, saved, "Recorded")
    except Unfinished:
        return sent_back(form, intake) if intake else form
    except _Instead as instead:
        return _edit_form(ask, instead.number, {name: value for name, value in values.items() if name in IDS and value})


def confirmation(session: Session, ask: Ask, saved: Talks, done: str, notes: tuple[Part, ...] = ()) -> Reply:
    """The card of talks that were just written, with a way back."""
    page = Page.of(session, [saved.number], ask.now, ask.request.zone)
    shown = card(page, page.talks[0])
    number = changes.latest(session, on_record.KIND, saved.key)
    undo = Button("Undo", f"/talks undo {saved.label} R-{number}")
    return replace(shown, headline=f"{done}: {shown.headline}", parts=(*notes, *shown.parts), buttons=(undo, *shown.buttons))


# Editing.


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
    return _edit_form(ask, number, laid_over, unread=entry.unread if entry else (), keep=rivals.CORRECT)


def _edit_form(ask: Ask, number: int, laid_over: Mapping[str, str], *, unread: tuple[str, ...] = (), keep: str = "") -> Form:
    """The form of talks on record with other values laid over theirs. Raises NotOnRecord."""
    with ask.read() as session:
        talks = on_record.get(session, number)
        shown = values_of(session, talks)
        added = {"sources": "\n".join(dict.fromkeys(part for part in (shown["sources"], laid_over.get("sources")) if part))}
        values = {**shown, **laid_over, **added, rivals.KEEP: keep}
        seen = changes.latest(session, on_record.KIND, talks.key)
    window = talks.window if same_text(values["window"], shown["window"]) else None
    return _edition(ask, talks, values, seen, unread=unread, window=window)


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
            check_fields(intake, form.fields)
            wanted = _wanted(intake, talks)
            intake.finish()
            if wanted is None or wanted == talks:
                return Reply(f"Nothing was changed: {talks.label} is on record just so.")
            saved = on_record.save(session, wanted, action="edited")
            return confirmation(session, ask, saved, "Changed", told_changes(session, ask, saved))
    except on_record.Circle as circle:
        if intake is None or form is None:
            raise
        intake.wrong("after", f"That goes round: {circle}.")
        return sent_back(form, intake)
    except Unfinished:
        if intake is None or form is None:
            raise
        return sent_back(form, intake)


def seen_of(ask: Ask) -> int:
    """The revision that a submitted form was filled in from."""
    text = (ask.request.context or {}).get(SEEN, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0


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


def told_changes(session: Session, ask: Ask, talks: Talks) -> tuple[Part, ...]:
    """What the last revision of talks changed, in words."""
    last = changes.of_record(session, on_record.KIND, talks.key)[-1:]
    return tuple(line(*spans) for spans in differences_since(session, on_record.KIND, last, ask.now, ask.request.zone))


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
    return sent_back(form, intake)


def commands() -> list[Command]:
    """The records of adding and editing."""
    return [
        Command(
            "/talks",
            "add",
            "/talks add [words]",
            "Records talks: the words fill in a form for you to check.",
            (
                "/talks add US and Russia, second round, third country, within two weeks, deputies, after T-3, said by Ryabkov",
                "/talks add",
            ),
            add,
            aliases=("record", "new"),
            writes=True,
        ),
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
