"""Form to modal view, and what comes back from a modal to the values of a form.

Each input's action_id is the field's id. Its block_id carries the form's edition as well: Slack keeps what was typed in a
block that keeps its id, so a view that shows new values needs new ids, and one that only adds a notice must keep them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.reply import Field, FieldKind, Form, Line, Option, line
from bot.slack import escape, limits
from bot.slack.spans import Ink, Json, label, rich, small

CALLBACK = "form"
NOTICE = "notice"
UNREAD = "Not placed in any field: "


class FormTooLarge(ValueError):
    """The form carries more with it than Slack takes along."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What goes out with a form and comes back: the command it runs, its context, and where it was opened."""

    command: str
    context: dict[str, str] = field(default_factory=dict)
    channel: str = ""
    response_url: str = ""
    opened: int = 0
    """Unix time, for knowing whether the response URL still works."""
    edition: int = 0

    def packed(self) -> str:
        """As private_metadata. Raises FormTooLarge."""
        names = (self.command, self.context, self.channel, self.response_url, self.opened, self.edition)
        text = json.dumps(names, ensure_ascii=False, separators=(",", ":"))
        if escape.units(text) > limits.PRIVATE_METADATA:
            raise FormTooLarge(f"{escape.units(text)} characters of context; Slack takes {limits.PRIVATE_METADATA}")
        return text


def unpacked(text: Any) -> Origin:
    """The origin from private_metadata. Raises ValueError for what we did not write."""
    found = json.loads(text) if isinstance(text, str) else None
    match found:
        case [str(command), dict(context), str(channel), str(url), int(opened), int(edition)]:
            return Origin(command, {str(k): str(v) for k, v in context.items()}, channel, url, opened, edition)
    raise ValueError("the form's private_metadata is not ours")


def view(form: Form, origin: Origin, ink: Ink) -> Json:
    """The modal for a form. Raises FormTooLarge."""
    blocks = [*_above(form, ink)]
    for item in form.fields:
        block = _input(item, origin.edition)
        note = [{**p.block, "block_id": f"{NOTICE}:{item.id}"} for p in small([line(f"⚠ {item.error}")], ink)][:1]
        note = note if item.error else []
        if len(blocks) + 1 + len(note) > limits.MODAL_BLOCKS:
            raise FormTooLarge(f"a form of {len(form.fields)} fields does not fit into one modal")
        blocks += [block, *note]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": label(form.title, limits.MODAL_TITLE, "Attaché"),
        "submit": label(form.submit, limits.MODAL_TITLE, "Record"),
        "close": label("Cancel", limits.MODAL_TITLE),
        "private_metadata": replace(origin, command=form.command, context=form.context).packed(),
        "blocks": blocks or [p.block for p in rich([line("There is nothing to fill in; send it to confirm.")], ink)],
    }


def _above(form: Form, ink: Ink) -> Iterable[Json]:
    """What stands over the fields: the notes, and the words that could not be placed."""
    notes = [piece.block for piece in rich(form.notes, ink)][:20] if form.notes else []
    words = ", ".join(f"“{word}”" for word in form.unread)
    unread = [piece.block for piece in rich([line(UNREAD, words)], ink)][:5] if form.unread else []
    return [*notes, *unread]


def block_id(item: Field, edition: int) -> str:
    """The id of a field's block in one edition of its form."""
    return f"{edition}:{item.id}"[:255]


def _input(item: Field, edition: int) -> Json:
    out: Json = {
        "type": "input",
        "block_id": block_id(item, edition),
        "label": label(item.label, limits.INPUT_LABEL, item.id),
        "element": {"action_id": item.id, **_element(item)},
        "optional": not item.required,
    }
    hints = [hint for hint in (item.hint, _cut_short(item)) if hint]
    if hints:
        out["hint"] = label(" ".join(hints), limits.INPUT_HINT)
    return out


def _cut_short(item: Field) -> str:
    long = item.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT) and escape.units(item.value) > limits.INPUT_TEXT
    return "Only the beginning of the text fits here." if long else ""


def _element(item: Field) -> Json:
    if item.kind in (FieldKind.CHOICE, FieldKind.CHOICES) and item.options:
        return _select(item)
    if item.kind is FieldKind.DAY and (not item.value or _is_day(item.value)):
        return {"type": "datepicker", **({"initial_date": item.value} if item.value else {})}
    # A day in words, or a choice without choices, is shown as it was typed rather than lost.
    most = min(limits.INPUT_TEXT, max(item.max_length, escape.units(item.value), 1))
    out: Json = {"type": "plain_text_input", "multiline": item.kind is FieldKind.LONG_TEXT, "max_length": most}
    if item.value:
        out["initial_value"] = escape.cut(item.value, limits.INPUT_TEXT)
    return out


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _select(item: Field) -> Json:
    """A menu; more than a hundred options go into groups, which takes it to ten thousand."""
    options = list({option.value: _option(option) for option in item.options if option.value}.values())
    if not options:
        return _element(replace(item, options=()))
    out: Json = {"type": "static_select" if item.kind is FieldKind.CHOICE else "multi_static_select"}
    if len(options) <= limits.OPTIONS:
        out["options"] = options
    else:
        starts = range(0, min(len(options), limits.OPTIONS * limits.OPTION_GROUPS), limits.OPTIONS)
        out["option_groups"] = [_group(options[start : start + limits.OPTIONS]) for start in starts]
    wanted = [item.value] if item.kind is FieldKind.CHOICE else item.value.split(",")
    chosen = [option for option in options if option["value"] in {value.strip() for value in wanted}][: limits.OPTIONS]
    if chosen:
        out |= {"initial_option": chosen[0]} if item.kind is FieldKind.CHOICE else {"initial_options": chosen}
    return out


def _option(option: Option) -> Json:
    if escape.units(option.value) > limits.OPTION_VALUE:
        raise FormTooLarge(f"an option's value of {escape.units(option.value)} characters")
    return {"text": label(option.label, limits.OPTION_TEXT, option.value[:10]), "value": option.value}


def _group(options: list[Json]) -> Json:
    first, last = (options[n]["text"]["text"] for n in (0, -1))
    return {"label": label(f"{escape.cut(first, 30)} – {escape.cut(last, 30)}", limits.OPTION_TEXT), "options": options}


def values(body_view: Mapping[str, Any]) -> dict[str, str]:
    """What was typed and chosen, by field id. What is not of a form is passed over; nothing typed gives ''."""
    state = body_view.get("state")
    blocks = state.get("values") if isinstance(state, dict) else None
    out: dict[str, str] = {}
    for entries in blocks.values() if isinstance(blocks, dict) else ():
        for action_id, entry in entries.items() if isinstance(entries, dict) else ():
            if isinstance(entry, dict):
                out[str(action_id)] = _value(entry)
    return out


def _value(entry: Mapping[str, Any]) -> str:
    match entry:
        case {"selected_options": list(options)}:
            return ",".join(str(option["value"]) for option in options if isinstance(option, dict) and "value" in option)
        case {"selected_option": {"value": str(value)}} | {"selected_date": str(value)} | {"value": str(value)}:
            return value
    return ""


def refilled(form: Form, typed: Mapping[str, str]) -> Form:
    """A form that came back, with what was typed wherever it would otherwise lose it."""
    fields = tuple(replace(item, value=typed.get(item.id, "")) if not item.value else item for item in form.fields)
    return replace(form, fields=fields)


def errors(form: Form, shown: Mapping[str, Any]) -> dict[str, str]:
    """Errors by block_id for the view that is on screen. Empty if there are none, or one belongs to no field of that view."""
    blocks = _inputs(shown)
    wrong = {item.id: item.error for item in form.fields if item.error}
    if not all(name in blocks for name in wrong):
        return {}
    return {blocks[name]: escape.cut(escape.clean(text).strip(), limits.ERROR_TEXT) or "…" for name, text in wrong.items()}


def only_errors(form: Form, shown: Mapping[str, Any], typed: Mapping[str, str], origin: Origin) -> dict[str, str]:
    """The errors, if they are all that is new about a form that came back; else nothing, and the view has to be updated."""
    if form.command != origin.command or form.context != origin.context or list(_inputs(shown)) != [f.id for f in form.fields]:
        return {}
    if any(item.value.strip() != typed.get(item.id, "").strip() for item in form.fields):
        return {}
    other = [block for block in shown["blocks"] if block.get("type") != "input"]
    noticed = any(str(block.get("block_id", "")).startswith(NOTICE) for block in other)
    if noticed or _texts(other) != _texts([*_above(form, Ink(_nobody))]):
        return {}
    return errors(form, shown)


def _inputs(shown: Mapping[str, Any]) -> dict[str, str]:
    """The block_id of each field of a view, by field id."""
    blocks = shown.get("blocks")
    return {
        str(block["element"].get("action_id")): str(block.get("block_id"))
        for block in (blocks if isinstance(blocks, list) else [])
        if isinstance(block, dict) and block.get("type") == "input" and isinstance(block.get("element"), dict)
    }


def _texts(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(part if key == "text" and isinstance(part, str) else _texts(part) for key, part in value.items())
    return "".join(_texts(part) for part in value) if isinstance(value, list) else ""


def with_notice(shown: Mapping[str, Any], lines: Iterable[Line], ink: Ink) -> Json:
    """The view that is on screen with a notice on top. It keeps its block ids, and so everything typed."""
    keep = ("type", "callback_id", "title", "submit", "close", "private_metadata")
    notice = [{**piece.block, "block_id": f"{NOTICE}:{n}"} for n, piece in enumerate(rich(lines, ink))][:5]
    old = [b for b in shown.get("blocks", []) if isinstance(b, dict) and not str(b.get("block_id", "")).startswith(NOTICE)]
    out = {key: shown[key] for key in keep if shown.get(key)}
    return {**out, "blocks": [*notice, *old][: limits.MODAL_BLOCKS]}


def _nobody(_: str) -> None:
    return None


def done(title: str, blocks: list[Json]) -> Json:
    """A view that shows an answer, for when there is no channel left to show it in."""
    shown = [block for block in blocks if block["type"] not in ("actions", "table")][: limits.MODAL_BLOCKS]
    return {
        "type": "modal",
        "callback_id": "done",
        "title": label(title, limits.MODAL_TITLE, "Attaché"),
        "close": label("Close", limits.MODAL_TITLE),
        "blocks": shown,
    }
