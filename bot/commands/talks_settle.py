"""`/talks settle`: which of the rival accounts stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.commands import talks_rivals as rivals
from bot.commands.asking import number_of
from bot.commands.base import Ask, Command, Trouble
from bot.commands.intake import SEEN, Intake, check_fields, context_of, received, seen_of, sent_back
from bot.commands.revision_words import differences_since
from bot.commands.rights import check_recorder
from bot.commands.talks_done import confirmation
from bot.commands.talks_form import WHY
from bot.reply import Field, FieldKind, Form, Option, Reply, line
from bot.wording import full_day
from store import changes
from store import talks as on_record
from store.records import Talks


def settle(ask: Ask) -> Reply | Form:
    """Ends a dispute: the record stands, or one of the accounts becomes it."""
    number, rest = number_of(ask, "T", "/talks settle T-4 record")
    with ask.read() as session:
        check_recorder(session, ask)
        talks = on_record.get(session, number)
        seen = changes.latest(session, on_record.KIND, talks.key)
    open_ones = [a for a in talks.accounts if not a.settled]
    if not open_ones:
        raise Trouble(f"Nothing about {talks.label} is in dispute.", example=f"/talks show {talks.label}")
    options = [Option("record", "The record, as it stands")]
    options += [Option(a.key[:150], f"{a.by}{f', {full_day(a.said_on)}' if a.said_on else ''}") for a in open_ones[:90]]
    if ask.request.values is not None:
        values = received(ask, ("settled", WHY))
        return _settle(ask, number, values, options, seen_of(ask))
    word, why = _named(rest, options)
    if word:
        return _settle(ask, number, {"settled": word, WHY: why}, options, seen)
    unread = (rest.strip(),) if rest.strip() else ()
    return _settle_form(ask, talks, options, {"settled": "", WHY: ""}, seen, unread)


def _named(rest: str, options: list[Option]) -> tuple[str, str]:
    """The version that words name, and the reason after it."""
    words, _, why = rest.strip().partition(" because ")
    words = words.strip().casefold()
    named = [o.value for o in options if words and words in (o.value.casefold(), o.label.casefold().split(",")[0])]
    return (named[0] if len(named) == 1 else ""), why.strip()


def _settle_form(
    ask: Ask, talks: Talks, options: list[Option], values: Mapping[str, str], seen: int, unread: tuple[str, ...] = ()
) -> Form:
    made = (
        Field("settled", "Which stands?", FieldKind.CHOICE, values["settled"], required=True, options=tuple(options)),
        Field(WHY, "Why", value=values[WHY], max_length=500),
    )
    note = line(f"{talks.label} {talks.title}: the accounts stay on record, no longer in dispute.")
    context = context_of(ask, **{SEEN: str(seen)})
    return Form(f"Settle {talks.label}", f"/talks settle {talks.label}", made, "Settle", (note,), unread, context)


def _settle(ask: Ask, number: int, values: dict[str, str], options: list[Option], seen: int) -> Reply | Form:
    with ask.write(why=values[WHY].strip()[:500] or None) as session:
        check_recorder(session, ask)
        talks = on_record.get(session, number)
        form = _settle_form(ask, talks, options, values, changes.latest(session, on_record.KIND, talks.key))
        if since := changes.since(session, on_record.KIND, talks.key, seen):
            told = differences_since(session, on_record.KIND, since[-5:], ask.now, ask.request.zone)
            return replace(form, notes=(*form.notes, line("It was changed while this form was open:"), *told))
        intake = Intake(session, ask, values)
        check_fields(intake, form.fields)
        if intake.errors:
            return sent_back(form, intake)
        chosen = next((a for a in talks.accounts if a.key == values["settled"]), None)
        saved = on_record.save(session, rivals.settled(talks, chosen), action="settled")
        stands = f"{chosen.by}'s account stands." if chosen else "The record stands as it was."
        return confirmation(session, ask, saved, "Settled", (line(stands),))


def commands() -> list[Command]:
    """The record of settling."""
    return [
        Command(
            "/talks",
            "settle",
            "/talks settle T-4 [record|whose account] [because …]",
            "Ends a dispute: the record stands, or one of the accounts becomes it.",
            ("/talks settle T-4",),
            settle,
            writes=True,
        )
    ]
