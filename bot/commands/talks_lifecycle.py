"""`/talks confirm`, `held`, `postpone`, `cancel`: by words at once, else by a small form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.commands import talks_rivals as rivals
from bot.commands.asking import number_of
from bot.commands.base import Ask, Command, Trouble
from bot.commands.intake import SEEN, Intake, Unfinished, carried, check_fields, context_of, received, roomy, seen_of, sent_back
from bot.commands.revision_words import differences_since
from bot.commands.rights import check_recorder
from bot.commands.talks_done import confirmation
from bot.commands.talks_form import WHY, Base, fields, read, values_of
from bot.commands.talks_steps import already, refusal
from bot.commands.talks_words import entry_values, read_words
from bot.language.entry.markup import plain
from bot.reply import Button, Field, Form, Line, Part, Reply, line
from bot.wording import interval
from store import changes
from store import talks as on_record
from store.database import Session, WriteSession
from store.records import Status, Talks, Window

_OUTCOME = re.compile(r"(?:^|\s)outcome\s*:?\s+|:\s+|\s+agreed(?=\s)", re.IGNORECASE)
_BECAUSE = re.compile(r"(?:^|[\s,;:])(?:because(?: of)?|reason:?)\s+|^\s*:\s*", re.IGNORECASE)
_SAID = ("stated_by", "stated_on", "sources")
_KEEP_WORDS = {
    Status.HELD: "{label} is on record as cancelled. Was it held after all?",
    Status.CANCELLED: "{label} is on record as held. Was it not?",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One way to move talks on: the subcommand, what they become, and what its form asks."""

    name: str
    to: Status
    done: str
    title: str
    asks: tuple[str, ...]
    labels: Mapping[str, str]

    def fields(self, talks: Talks, values: Mapping[str, str]) -> tuple[Field, ...]:
        """The form's fields: those of the whole record's form that matter here, under labels of this step."""
        usual = {item.id: item for item in fields(values, edits=True)}
        made = [replace(usual[name], label=self.labels.get(name, usual[name].label)) for name in self.asks]
        if self.to is Status.HELD:
            dated = talks.window.earliest is not None or talks.window.latest is not None
            instead = f"within {interval(talks.window)}" if dated else "held, on a day that is not known"
            hint = f"The day or days it was held. Left empty: {instead}."
            made = [replace(item, hint=hint) if item.id == "window" else item for item in made]
        return tuple(made)


CONFIRM = Step(
    "confirm", Status.CONFIRMED, "Confirmed", "Confirm", ("window", "place", *_SAID, WHY), {"stated_by": "Who confirmed"}
)
HELD = Step(
    "held",
    Status.HELD,
    "Held",
    "Held",
    ("window", "place", "outcome", *_SAID, WHY),
    {"window": "When it was held", "stated_by": "According to"},
)
POSTPONE = Step(
    "postpone",
    Status.POSTPONED,
    "Postponed",
    "Postpone",
    ("window", *_SAID, WHY),
    {"window": "To when (empty: no new date)", WHY: "Why"},
)
CANCEL = Step("cancel", Status.CANCELLED, "Cancelled", "Cancel", (WHY, *_SAID), {WHY: "Why", "stated_by": "According to"})


def handler(step: Step) -> Callable[[Ask], Reply | Form]:
    """The subcommand for a step."""

    def handle(ask: Ask) -> Reply | Form:
        number, rest = number_of(ask, "T", f"/talks {step.name} T-2")
        if ask.request.values is not None:
            return _take(ask, step, number, received(ask, step.asks), seen_of(ask))
        with ask.read() as session:
            check_recorder(session, ask)
            talks = on_record.get(session, number)
            shown = values_of(session, talks)
            _check(talks, step, ask)
            said, unread = _said(session, ask, step, rest) if rest.strip() else ({}, ())
            seen = changes.latest(session, on_record.KIND, talks.key)
        values = {**_first(step, talks, shown, ask), **said}
        if rest.strip() and not unread:
            return _take(ask, step, number, values, seen)
        return roomy(_form(ask, step, talks, values, seen, unread=unread))

    return handle


def _check(talks: Talks, step: Step, ask: Ask) -> None:
    """Refuses what makes no sense whatever is filled in. Raises Trouble."""
    why = refusal(talks, step.to, Window(), ask.today)
    buttons = (Button(f"Show {talks.label}", f"/talks show {talks.label}"), Button("Edit", f"/talks edit {talks.label}"))
    if step.to is not Status.POSTPONED:
        why = why or already(talks, step.to)
    if why:
        raise Trouble(why, nearest="What is wrong on record can be corrected.", buttons=buttons)


def _first(step: Step, talks: Talks, shown: Mapping[str, str], ask: Ask) -> dict[str, str]:
    """What the form shows at first: what stands, where it may still hold; empty where it has to be said anew."""
    values = dict.fromkeys(step.asks, "")
    for name in ("place", "outcome"):
        values |= {name: shown[name]} if name in values else {}
    values["sources"] = ""
    if step.to is Status.CONFIRMED:
        values |= {name: shown[name] for name in ("window", "stated_by", "stated_on")}
    elif step.to is Status.HELD and _is_day(talks.window) and refusal(talks, step.to, talks.window, ask.today) is None:
        values["window"] = interval(talks.window)
    return values


def _is_day(window: Window) -> bool:
    return window.earliest is not None and window.earliest == window.latest


def _said(session: Session, ask: Ask, step: Step, rest: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """What the words of a command say, by field, and the words that found no place."""
    words, tail = _cut(step, rest)
    entry = read_words(session, ask, words)
    found = entry_values(session, ask, entry)
    if entry.question:
        return found, (entry.question,)
    said = {name: value for name, value in found.items() if name in step.asks}
    if step.to is Status.CANCELLED:
        return {**said, WHY: tail or " ".join(plain(words).text.split())[:500]}, ()
    if tail:
        said["outcome" if step.to is Status.HELD else WHY] = tail
    lost = [name for name in ("agenda", "after") if found.get(name)]
    return said, (*entry.unread, *(found[name] for name in lost))


def _cut(step: Step, rest: str) -> tuple[str, str]:
    """The words about when and where, and those about what came of it or why."""
    pattern = _OUTCOME if step.to is Status.HELD else _BECAUSE
    cut = pattern.search(re.sub(r"https?://\S+", lambda m: "x" * len(m.group()), rest))
    if cut is None:
        return rest, ""
    tail = rest[cut.end() :].strip()
    tail = f"agreed {tail}" if "agreed" in cut.group().casefold() else tail
    links = re.findall(r"https?://\S+", tail)
    return " ".join([rest[: cut.start()], *links]), re.sub(r"\s*https?://\S+", "", tail).strip()


def _form(
    ask: Ask,
    step: Step,
    talks: Talks,
    values: Mapping[str, str],
    seen: int,
    *,
    unread: tuple[str, ...] = (),
    notes: tuple[Line, ...] = (),
) -> Form:
    title = line(f"{talks.label} {talks.title}: {talks.status.value}, {interval(talks.window)}.")
    context = context_of(ask, unread=unread, **{SEEN: str(seen)})
    command = f"/talks {step.name} {talks.label}"
    return Form(f"{step.title} {talks.label}", command, step.fields(talks, values), "Record", (title, *notes), unread, context)


def _take(ask: Ask, step: Step, number: int, values: dict[str, str], seen: int) -> Reply | Form:
    """Makes the change, or gives the form back."""
    intake: Intake | None = None
    form: Form | None = None
    try:
        with ask.write(why=values[WHY].strip()[:500] or None) as session:
            check_recorder(session, ask)
            talks = on_record.get(session, number)
            if since := changes.since(session, on_record.KIND, talks.key, seen):
                told = differences_since(session, on_record.KIND, since[-5:], ask.now, ask.request.zone)
                notes = (line("It was changed while this form was open; nothing of yours is recorded yet:"), *told)
                return _form(ask, step, talks, values, since[-1].number, unread=carried(ask)[0], notes=notes)
            _check(talks, step, ask)
            form = _form(ask, step, talks, values, seen, unread=carried(ask)[0])
            intake = Intake(session, ask, values)
            check_fields(intake, form.fields, values_of(session, talks))
            wanted = _wanted(intake, step, talks)
            intake.finish()
            if wanted is None:
                raise Unfinished
            saved = on_record.save(session, wanted, action=step.done.casefold())
            return _told(session, ask, step, talks, saved)
    except Unfinished:
        if intake is None or form is None:
            raise
        return sent_back(form, intake)


def _wanted(intake: Intake, step: Step, talks: Talks) -> Talks | None:
    """The talks after the step; where that contradicts what happened on record, as the person chooses."""
    base = Base.of(intake.session, talks)
    new = _stepped(intake, step, talks, base)
    if new is None:
        return None
    if talks.status in (Status.HELD, Status.CANCELLED):
        question = _KEEP_WORDS[step.to].format(label=talks.label)
        intake.notes.append(line(question))
        keep = intake.choose(rivals.KEEP, question, rivals.OPTIONS)
        if keep == rivals.ACCOUNT:
            by = intake.values["stated_by"].strip()
            if not by:
                intake.wrong("stated_by", "Whose account is it?")
                return None
            claim = intake.values[WHY].strip() or "; ".join(new.outcome if step.to is Status.HELD else ())
            return rivals.whether(talks, happens=step.to is Status.HELD, by=by, claim=claim or None, version=new)
    return new


def _stepped(intake: Intake, step: Step, talks: Talks, base: Base) -> Talks | None:
    """The record with the form's values laid over it, moved to where the step leads."""
    values = {name: value for name, value in intake.values.items() if name in step.asks and name != WHY}
    dated = bool(values.get("window", "").strip())
    sources = "\n".join(part for part in (base.shown["sources"], values.pop("sources", "").strip()) if part)
    over = {**base.shown, **values, "sources": sources}
    if not dated:  # no new words of time: who said so is then about the step, and stays in its reason
        over |= {name: base.shown[name] for name in ("window", "stated_by", "stated_on")}
    if step.to is Status.HELD and dated and over["window"] == interval(talks.window):
        over["window"] = base.shown["window"]
    reader = Intake(intake.session, intake.ask, {**over, rivals.KEEP: intake.values.get(rivals.KEEP, "")}, intake.errors)
    reader.values |= {name: value for name, value in intake.values.items() if name not in over}
    new = read(reader, base)
    intake.asks |= reader.asks
    intake.notes += reader.notes
    intake.open = intake.open or reader.open
    if new is None or reader.open:
        return None
    to = step.to
    if to is Status.POSTPONED and dated:
        to = Status.PLANNED  # what has a new date is ahead again; the log says that it was postponed
    if to is Status.HELD and (why := refusal(talks, to, new.window, intake.ask.today)):
        intake.wrong("window", why)
        return None
    if to is Status.HELD and dated and not values["stated_by"].strip():
        new = replace(new, window=replace(new.window, stated=None))
    if step.to is Status.POSTPONED and talks.status is Status.POSTPONED and not dated:
        intake.wrong("window", f"{talks.label} is postponed already. Give a new date, or leave it as it is.")
        return None
    return replace(new, status=to, note=_noted(new.note, step, intake.values))


def _noted(note: str | None, step: Step, values: Mapping[str, str]) -> str | None:
    """The note, with the reason of a cancellation or a postponement added."""
    reason = values.get(WHY, "").strip()
    if step.to not in (Status.CANCELLED, Status.POSTPONED) or not reason:
        return note
    by = ", ".join(part.strip() for part in (values.get("stated_by", ""), values.get("stated_on", "")) if part.strip())
    said = f"{step.done}: {reason}" + (f" ({by})" if by else "")
    return f"{note}\n{said}" if note else said


def _told(session: WriteSession, ask: Ask, step: Step, had: Talks, saved: Talks) -> Reply:
    """What was done, and what follows for those who waited."""
    parts: list[Part] = []
    if saved.status is had.status and saved.accounts != had.accounts:
        parts.append(line(f"Kept beside the record as {saved.accounts[-1].by}'s account: {saved.label} now reads disputed."))
        return confirmation(session, ask, saved, "Noted", tuple(parts))
    if step.to is Status.POSTPONED:
        to = f"to {interval(saved.window)}" if saved.window != had.window else "with no new date"
        parts.append(line(f"From {interval(had.window)} {to}."))
    if saved.status is Status.HELD:
        parts += ready_lines(session, saved)
        early = [n.label for n in on_record.prerequisites(session, [saved.number]).get(saved.number, []) if not _held(n.status)]
        if early:
            parts.append(line(f"It was to wait for {', '.join(early)}, not on record as held."))
    return confirmation(session, ask, saved, step.done, tuple(parts))


def _held(status: Status) -> bool:
    return status is Status.HELD


def ready_lines(session: Session, held: Talks) -> list[Line]:
    """What recording talks as held means for those that waited for them."""
    numbers = on_record.dependants(session, held.number)
    needs = on_record.prerequisites(session, numbers)
    found: list[Line] = []
    for talks in on_record.many(session, numbers):
        left = [need.label for need in needs.get(talks.number, []) if not _held(need.status)]
        if talks.status.is_ahead:
            state = f"still waits for {', '.join(left)}" if left else "is ready: nothing more has to be held first"
            found.append(line(f"{talks.label} {talks.title} {state}."))
    return found


def commands() -> list[Command]:
    """The records of the steps."""
    made = (
        (CONFIRM, "[words]", "Records that talks are confirmed.", "/talks confirm T-3 said by Peskov"),
        (HELD, "[day, place: outcome]", "Records that talks were held, when, where, and what came of it.", "/talks held T-3"),
        (POSTPONE, "[new date]", "Records that talks are put off, to a new date or to none.", "/talks postpone T-3 to June"),
        (CANCEL, "[reason]", "Records that talks are called off, and why.", "/talks cancel T-3 dispute over the venue"),
    )
    return [
        Command("/talks", s.name, f"/talks {s.name} T-2 {words}", summary, (example,), handler(s), writes=True)
        for s, words, summary, example in made
    ]
