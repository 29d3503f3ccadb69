"""The values of buttons, menus and form fields as Slack sends them back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.doubles.state import Json
from tests.doubles.texts import as_typed

# For each element: the key of its value in view.state, and the key of its initial value in the block.
_PLAIN = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
}
_OPTION = {
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
}


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each interactive element with its block."""
    for block in blocks:
        for element in [block.get("accessory"), block.get("element"), *block.get("elements", [])]:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def find(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json]:
    found = [(b, e) for b, e in elements(blocks) if e["action_id"] == action_id and block_id in (None, b.get("block_id"))]
    if not found:
        there = sorted(e["action_id"] for _, e in elements(blocks))
        raise AssertionError(f"there is no {action_id!r} to press; there are {there}")
    if len(found) > 1:
        raise AssertionError(f"there are {len(found)} of {action_id!r}; say which block_id")
    return found[0]


def _options(element: Json) -> list[Json]:
    groups = [o for g in element.get("option_groups", []) for o in g["options"]]
    return [*element.get("options", []), *groups]


def _choose(element: Json, value: Any) -> Json:
    """The option with this value. Options of external menus are not in the block: any will do."""
    if isinstance(value, dict):
        return value
    for option in _options(element):
        if option["value"] == value:
            return option
    if element["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": str(value), "emoji": True}, "value": str(value)}
    raise AssertionError(f"{element['action_id']} offers {[o['value'] for o in _options(element)]}, not {value!r}")


def value_of(element: Json, value: Any) -> Json:
    """One field's entry in view.state.values."""
    kind = element["type"]
    if kind in _PLAIN:
        return {"type": kind, _PLAIN[kind][0]: value}
    key = _OPTION[kind][0]
    if key == "selected_options":
        return {"type": kind, key: [_choose(element, v) for v in value or []]}
    return {"type": kind, key: None if value is None else _choose(element, value)}


def _initial(element: Json) -> Json | None:
    kind = element["type"]
    if kind == "button":
        return None
    if kind in _PLAIN:
        key, start = _PLAIN[kind]
        empty: Any = [] if kind.startswith("multi_") else None
        return {"type": kind, key: element.get(start, empty)}
    if kind == "overflow":
        return None
    key, start = _OPTION[kind]
    return {"type": kind, key: element.get(start, [] if key == "selected_options" else None)}


def initial_values(blocks: list[Json]) -> Json:
    """view.state.values before anybody typed."""
    out: Json = {}
    for block, element in elements(blocks):
        if (entry := _initial(element)) is not None:
            out.setdefault(block.get("block_id", ""), {})[element["action_id"]] = entry
    return out


def typed_values(blocks: list[Json], values: Json) -> Json:
    """view.state.values after typing. What Slack's own form would not let through is refused here too."""
    out = initial_values(blocks)
    left = dict(values)
    for block, element in elements(blocks):
        for key in (element["action_id"], block.get("block_id", "")):
            if key in left:
                out[block["block_id"]][element["action_id"]] = value_of(element, left.pop(key))
                break
    if left:
        names = sorted(f"{b.get('block_id')}/{e['action_id']}" for b, e in elements(blocks))
        raise AssertionError(f"the form has no field {sorted(left)}; it has {names}")
    for block, element in elements(blocks):
        if block["type"] == "input":
            _check_typed(block, element, out[block["block_id"]][element["action_id"]])
    return out


def _check_typed(block: Json, element: Json, entry: Json) -> None:
    kind = element["type"]
    value = entry[(_PLAIN.get(kind) or _OPTION[kind])[0]]
    if not value and not block.get("optional", False):
        raise AssertionError(f"Slack would not send this form: {block['block_id']!r} is required and empty")
    if isinstance(value, str) and kind == "plain_text_input":
        low, high = element.get("min_length", 0), element.get("max_length", 3000)
        if value and not low <= len(value) <= high:
            raise AssertionError(f"Slack would not send this form: {block['block_id']!r} takes {low} to {high} characters")


def action_of(blocks: list[Json], action_id: str, block_id: str | None, value: Any, now: float) -> Json:
    """The entry in `actions` for one press."""
    block, element = find(blocks, action_id, block_id)
    action: Json = {
        "action_id": action_id,
        "block_id": block.get("block_id", ""),
        "type": element["type"],
        "action_ts": f"{now:.6f}",
    }
    if element["type"] == "button":
        action["text"] = {**element["text"], "text": as_typed(element["text"]["text"])}  # Slack escapes these too
        for key in ("value", "style", "url"):
            if key in element:
                action[key] = element[key]
        return action
    return action | value_of(element, value)
