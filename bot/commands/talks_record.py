"""`/talks add`: a sentence becomes a filled-in form, and the form a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.commands.base import Ask, Command
from bot.commands.intake import Intake, Unfinished, carried, check_fields, context_of, received, sent_back
from bot.commands.rights import check_recorder
from bot.commands.talks_done import confirmation
from bot.commands.talks_edit import edit_form
from bot.commands.talks_form import IDS, Base, fields, new_key, read
from bot.commands.talks_steps import refusal
from bot.commands.talks_words import entry_values, read_entry, told_note, told_values
from bot.reply import Form, Option, Reply, line
from bot.wording import interval
from store import duplicates
from store import talks as on_record
from store.records import Talks, Window

DUPLICATE = "duplicate_of"
NEW = "new"


class _Instead(Exception):
    """These are talks that are on record already: those are to be edited."""

    def __init__(self, number: int) -> None:
        super().__init__(f"T-{number}")
        self.number = number


def add(ask: Ask) -> Reply | Form:
    """Records new talks: the words fill in a form, and the form sent in makes the record."""
    return _open(ask) if ask.request.values is None else _added(ask)


def _open(ask: Ask) -> Form:
    told = ask.request.told
    with ask.read() as session:
        check_recorder(session, ask)
        entry = read_entry(session, ask, told.text if told else ask.rest)
        values = {**_empty(), **entry_values(session, ask, entry)}
        if told:
            values |= told_values(told, values)
        intake = Intake(session, ask, {**values, "sources": ""})
        found = read(intake, Base(None, {}))
        if found is not None:
            _ask_duplicate(intake, found)
    form = _form(ask, values, about=told_note(told), unread=entry.unread, window=found.window if found else entry.window)
    intake.values, intake.errors = values, {}
    return sent_back(form, intake)


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


def _ask_duplicate(intake: Intake, talks: Talks) -> str | None:
    """Asks whether these are talks on record; the answer, or None where there is nothing to ask or no answer yet."""
    likely = duplicates.of_talks(intake.session, talks)
    if not likely:
        return None
    for other in likely:
        same = "sides and window" if _bounds(other) == _bounds(talks) else "sides, and its window overlaps"
        if _bounds(other) == _bounds(talks) == (None, None):
            same = "sides, and neither has a date"
        if talks.round is not None and talks.round == other.round:
            same = "sides and round"
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
        return edit_form(ask, instead.number, {name: value for name, value in values.items() if name in IDS and value})


def commands() -> list[Command]:
    """The record of adding."""
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
    ]
