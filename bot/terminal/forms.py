"""A form filled in from the keyboard, a field at a time: Enter keeps what is there, `-` empties it, `.` leaves the form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.reply import Field, FieldKind, Form, plain
from bot.terminal.layout import Screen
from bot.terminal.mrkdwn import Run, Style, safe
from bot.terminal.render import shown

HOW = "Enter keeps what is in [brackets], - empties a field, . leaves without recording."

Say = Callable[[str], None]
Ask = Callable[[str, str], str]


def fill(form: Form, screen: Screen, say: Say, ask: Ask) -> dict[str, str] | None:
    """The values that a person gives, or None if they leave. After errors only the fields in error are asked again."""
    say(screen.paint([Run(safe(form.title), Style.BOLD)]))
    for note in form.notes:
        say(safe(plain(note)))
    if form.unread:
        say(f"Not understood: {safe(', '.join(form.unread))}")
    wrong = [field for field in form.fields if field.error]
    say(HOW)
    values = {field.id: field.value for field in form.fields}
    for field in wrong or form.fields:
        value = _field(field, say, ask)
        if value is None:
            return None
        values[field.id] = value
    answer = ask(f"{safe(form.submit)}? (y/n) [y] ", "").strip().casefold()
    return values if answer in ("", "y", "yes") else None


def _field(field: Field, say: Say, ask: Ask) -> str | None:
    """One field's value; None to leave the form."""
    if field.error:
        say(f"  ! {safe(field.error)}")
    if field.hint:
        say(f"  ({safe(field.hint)})")
    for n, option in enumerate(field.options, 1):
        say(f"  {n}  {safe(option.label)}")
    while True:
        present = f" [{safe(shown(field))}]" if field.value else ""
        star = "" if field.required else " (optional)"
        given = ask(f"{safe(field.label)}{star}{present}: ", "").strip()
        if given == ".":
            return None
        value = field.value if not given else "" if given == "-" else given
        try:
            return _checked(field, value)
        except ValueError as problem:
            say(f"  ! {problem}")


def _checked(field: Field, value: str) -> str:
    """The value as the form takes it. Raises ValueError in words for one that cannot be right whatever the command says."""
    if field.required and not value:
        raise ValueError("This is needed.")
    if len(value) > field.max_length:
        raise ValueError(f"At most {field.max_length} characters; this is {len(value)}.")
    if not value:
        return value
    if field.kind is FieldKind.DAY:
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            raise ValueError("A day is written like 2025-02-27.") from None
    if field.kind is FieldKind.CHOICE:
        return _choice(field, value)
    if field.kind is FieldKind.CHOICES:
        return ",".join(_choice(field, part.strip()) for part in value.split(",") if part.strip())
    return value


def _choice(field: Field, value: str) -> str:
    """An option by its number, its value or its label."""
    if value.isascii() and value.isdigit() and 1 <= int(value[:4]) <= len(field.options):
        return field.options[int(value) - 1].value
    for option in field.options:
        if value.casefold() in (option.value.casefold(), option.label.casefold()):
            return option.value
    raise ValueError(f"One of: {', '.join(option.label for option in field.options)}.")
