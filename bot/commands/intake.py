"""Taking in a filled-in form: whole or not at all, with every fault on the field it belongs to.

An `Intake` collects what is wrong with the values and what still has to be asked. The form then goes back with errors on
fields, and with further fields for the questions; their answers arrive with the next submission.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.commands.base import Ask, Trouble
from bot.reply import Field, FieldKind, Form, Line, Option
from store.database import Session

QUESTION = re.compile(r"(?:reading|keep|duplicate_of|(?:parties|topics)\[\d\])")
"""Ids of fields that only some forms ask; a script may answer them before it is asked."""

ASKED, TEAM, SEEN, UNREAD, ABOUT = "asked", "team", "seen", "unread", "about"
"""What a form's context holds: ids of the further fields, the workspace, the revision the form was filled in from, the words
that found no place, and what the form was filled in from."""

ROOM = 3000
"""Characters that a field of a form holds at most (Slack's limit, in UTF-16 units)."""

MOST_UNREAD = 800
"""Characters of unread words that a form takes along; more are shown only when it opens."""


class Unfinished(Exception):
    """The form has to go back; the transaction it was read in is called off."""


@dataclass(slots=True)
class Intake:
    """One submission on its way to becoming a record."""

    session: Session
    ask: Ask
    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    asks: dict[str, Field] = field(default_factory=dict)
    notes: list[Line] = field(default_factory=list)
    open: bool = False

    def wrong(self, name: str, message: str) -> None:
        """Notes what is wrong with a field; the first fault of each counts."""
        self.errors.setdefault(name, message[:1].upper() + message[1:])

    def choose(self, name: str, label: str, options: Sequence[Option], *, hint: str = "") -> str | None:
        """The answer to a question that the values raise, or None: then the form goes back with it.

        The options are asked again with their answer for as long as the question stands.
        """
        given = self.values.get(name, "")
        valid = given if given in {option.value for option in options} else ""
        self.asks[name] = Field(name, label, FieldKind.CHOICE, valid, hint, required=True, options=tuple(options))
        self.open = self.open or not valid
        if given and not valid:
            self.wrong(name, "That is not one of the choices.")
        return valid or None

    def finish(self) -> None:
        """Raises Unfinished if anything is wrong or has to be asked."""
        if self.errors or self.open:
            raise Unfinished


def context_of(ask: Ask, *, unread: Sequence[str] = (), about: str = "", **more: str) -> dict[str, str]:
    """What goes out with a form; its workspace always does, so that it can only come back there.

    `unread` words and the note `about` what the form was filled in from go along, to be shown again with it.
    """
    kept = list(unread)
    while kept and len(json.dumps(kept)) > MOST_UNREAD:
        kept = [kept[0][: MOST_UNREAD // 8] + "…"] if len(kept) == 1 else kept[:-1]
    also = {UNREAD: json.dumps(kept)} if kept else {}
    return {TEAM: ask.request.team, **also, **({ABOUT: about[:300]} if about else {}), **more}


def carried(ask: Ask) -> tuple[tuple[str, ...], str]:
    """The unread words and the note that came back with a submitted form."""
    context = ask.request.context or {}
    return tuple(_texts(context.get(UNREAD, "[]"))), context.get(ABOUT, "")


def received(ask: Ask, names: Sequence[str]) -> dict[str, str]:
    """The values of a submitted form, each field once and none that it did not have. Raises Trouble."""
    values, context = ask.request.values or {}, ask.request.context or {}
    if context.get(TEAM) != ask.request.team:
        raise Trouble("This form belongs to another workspace, so nothing was recorded.")
    wanted = {*names, *_asked(context)}
    missing, extra = sorted(wanted - set(values)), sorted(name for name in set(values) - wanted if not QUESTION.fullmatch(name))
    if missing or extra:
        what = (
            f"without {', '.join(missing[:5])}" if missing else f"with fields it does not have ({', '.join(extra[:5])[:200]})"
        )
        raise Trouble(
            f"The form came back {what}, so nothing was recorded.",
            nearest="It may be from another version. Open it again.",
            example=ask.line(ask.rest)[:200],
        )
    return dict(values)


def seen_of(ask: Ask) -> int:
    """The revision that a submitted form was filled in from."""
    text = (ask.request.context or {}).get(SEEN, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0


def _asked(context: Mapping[str, str]) -> list[str]:
    return _texts(context.get(ASKED, "[]"))


def _texts(packed: str) -> list[str]:
    try:
        found = json.loads(packed)
    except ValueError:
        return []
    return [str(name) for name in found] if isinstance(found, list) else []


def same_text(one: str, shown: str) -> bool:
    """Is a value what its field showed, but for space around lines, or for what was beyond the room that the field had?"""
    one, shown = _tidy(one), _tidy(shown)
    if one == shown:
        return True
    begins = one.removesuffix("…").rstrip()
    return len(one.encode("utf-16-le")) // 2 > ROOM - 100 and len(shown) > len(one) and shown.startswith(begins)


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))


def roomy(form: Form) -> Form:
    """The form with room for what its fields hold already, where that is longer than what may be typed."""
    return replace(form, fields=tuple(replace(item, max_length=max(item.max_length, len(item.value))) for item in form.fields))


def check_fields(intake: Intake, fields: Sequence[Field], shown: Mapping[str, str] | None = None) -> None:
    """Holds the values to what their fields take: there, short enough, among the choices. What was `shown` may stay."""
    for item in fields:
        value = intake.values.get(item.id, "")
        if shown and value and same_text(value, shown.get(item.id, "")):
            continue
        if item.required and not value.strip():
            intake.wrong(item.id, "This is needed.")
        elif len(value) > item.max_length:
            intake.wrong(item.id, f"At most {item.max_length:,} characters; this has {len(value):,}.")
        elif value and item.kind is FieldKind.CHOICE and value not in {option.value for option in item.options}:
            intake.wrong(item.id, f"One of: {', '.join(option.label for option in item.options)[:400]}.")


def sent_back(form: Form, intake: Intake) -> Form:
    """The form again: what was typed, errors on their fields, the questions first, and why it comes back."""
    fields = tuple(
        replace(item, value=intake.values.get(item.id, item.value), error=intake.errors.get(item.id))
        for item in (*intake.asks.values(), *(item for item in form.fields if item.id not in intake.asks))
    )
    context = {**form.context, ASKED: json.dumps(list(intake.asks))} if intake.asks else form.context
    return replace(form, fields=fields, notes=(*form.notes, *intake.notes), context=context)
