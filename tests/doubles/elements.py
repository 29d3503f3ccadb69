"""Block elements, checked one kind at a time, and which block may hold which."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.doubles.objects import (
    Faults,
    check_clock_time,
    check_confirm,
    check_day,
    check_id,
    check_options,
    check_style,
    check_text,
    check_url,
)
from tests.doubles.state import Json

SELECTS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
MULTI = tuple(f"multi_{name}" for name in SELECTS)
_PICKERS = ("datepicker", "timepicker", "checkboxes", "radio_buttons")

# Which block may hold which element (Slack's own compatibility table).
ALLOWED = {
    "section": {"button", "image", "overflow", *_PICKERS, *SELECTS, *MULTI},
    "actions": {"button", "overflow", "datetimepicker", *_PICKERS, *SELECTS},
    "input": {
        "datetimepicker",
        "email_text_input",
        "file_input",
        "number_input",
        "plain_text_input",
        "rich_text_input",
        "url_text_input",
        *_PICKERS,
        *SELECTS,
        *MULTI,
    },
}
MODAL_ONLY = {"file_input"}
_COMMON = ("type", "action_id", "focus_on_load", "confirm", "placeholder")


def check_element(f: Faults, where: str, value: Any, block: str, surface: str) -> None:
    """One interactive element inside a section, an actions block or an input."""
    element = f.obj(where, value)
    if element is None:
        return
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in ALLOWED[block]:
        f.add(f"{where}/type", f"unsupported element type {kind!r} in a block of type {block}")
        return
    if kind in MODAL_ONLY and surface != "modal":
        f.add(f"{where}/type", f"{kind} is for modals only")
    if kind != "image":
        check_id(f, where, element, required=True)
        check_confirm(f, where, element)
    if "placeholder" in element:
        check_text(f, f"{where}/placeholder", element["placeholder"], 150)
    if element.get("focus_on_load"):
        f.focused += 1
        if f.focused > 1:
            f.add(f"{where}/focus_on_load", "only one element may have focus")
    f.boolean(where, element, "focus_on_load")
    _CHECKS[kind](f, where, element)


def _button(f: Faults, where: str, e: Json) -> None:
    f.only(where, e, ("type", "action_id", "text", "url", "value", "style", "confirm", "accessibility_label"))
    if "text" not in e:
        f.add(where, "missing required field: text")
    else:
        check_text(f, f"{where}/text", e["text"], 75)
    if "url" in e:
        check_url(f, f"{where}/url", e["url"])
    f.optional_string(where, e, "value", 2000, low=1)
    f.optional_string(where, e, "accessibility_label", 75, low=1)
    check_style(f, where, e)


def check_image(f: Faults, where: str, e: Json, *extra: str) -> None:
    """An image, as an element or a block: where it comes from, and words for those who cannot see it."""
    f.only(where, e, ("type", "image_url", "slack_file", "alt_text", *extra))
    if ("image_url" in e) == ("slack_file" in e):
        f.add(where, "exactly one of image_url and slack_file is needed")
    if "image_url" in e:
        check_url(f, f"{where}/image_url", e["image_url"])
    if "slack_file" in e:
        file = f.obj(f"{where}/slack_file", e["slack_file"])
        if file is not None and ("id" in file) == ("url" in file):
            f.add(f"{where}/slack_file", "exactly one of id and url is needed")
    if "alt_text" not in e:
        f.add(where, "missing required field: alt_text")
    else:
        f.string(f"{where}/alt_text", e["alt_text"], 1, 2000)


def _image(f: Faults, where: str, e: Json) -> None:
    check_image(f, where, e)


def _overflow(f: Faults, where: str, e: Json) -> None:
    f.only(where, e, ("type", "action_id", "options", "confirm"))
    check_options(f, where, e, low=1, high=5, url=True)


def _choices(f: Faults, where: str, e: Json) -> None:
    initial = "initial_options" if e["type"] == "checkboxes" else "initial_option"
    f.only(where, e, ("type", "action_id", "options", initial, "confirm", "focus_on_load"))
    check_options(f, where, e, low=1, high=10, mrkdwn=True)


def _select(f: Faults, where: str, e: Json) -> None:
    kind = str(e["type"]).removeprefix("multi_")
    multi = e["type"] != kind
    known = {
        "static_select": ("options", "option_groups", "initial_options" if multi else "initial_option"),
        "external_select": ("min_query_length", "initial_options" if multi else "initial_option"),
        "users_select": ("initial_users" if multi else "initial_user",),
        "channels_select": ("initial_channels" if multi else "initial_channel", "response_url_enabled"),
        "conversations_select": (
            "initial_conversations" if multi else "initial_conversation",
            "default_to_current_conversation",
            "response_url_enabled",
            "filter",
        ),
    }[kind]
    f.only(where, e, (*_COMMON, *known, *(("max_selected_items",) if multi else ())))
    f.integer(where, e, "max_selected_items", 1, 100)
    if kind == "static_select":
        check_options(f, where, e, low=1, high=100, groups=True)


def _datepicker(f: Faults, where: str, e: Json) -> None:
    f.only(where, e, (*_COMMON, "initial_date"))
    if "initial_date" in e:
        check_day(f, f"{where}/initial_date", e["initial_date"])


def _timepicker(f: Faults, where: str, e: Json) -> None:
    f.only(where, e, (*_COMMON, "initial_time", "timezone"))
    if "initial_time" in e:
        check_clock_time(f, f"{where}/initial_time", e["initial_time"])


def _datetimepicker(f: Faults, where: str, e: Json) -> None:
    f.only(where, e, ("type", "action_id", "focus_on_load", "confirm", "initial_date_time"))
    f.integer(where, e, "initial_date_time", 1_000_000_000, 9_999_999_999)


def _text_input(f: Faults, where: str, e: Json) -> None:
    f.only(
        where,
        e,
        (
            "type",
            "action_id",
            "focus_on_load",
            "placeholder",
            "initial_value",
            "multiline",
            "min_length",
            "max_length",
            "dispatch_action_config",
        ),
    )
    f.boolean(where, e, "multiline")
    low = f.integer(where, e, "min_length", 0, 3000)
    high = f.integer(where, e, "max_length", 1, 3000)
    if low is not None and high is not None and low > high:
        f.add(f"{where}/min_length", "must not be above max_length")
    f.optional_string(where, e, "initial_value", high or 3000)


def _number_input(f: Faults, where: str, e: Json) -> None:
    known = ("is_decimal_allowed", "initial_value", "min_value", "max_value", "dispatch_action_config")
    f.only(where, e, ("type", "action_id", "focus_on_load", "placeholder", *known))
    if not isinstance(e.get("is_decimal_allowed"), bool):
        f.add(where, "missing required field: is_decimal_allowed")
    for key in ("initial_value", "min_value", "max_value"):
        f.optional_string(where, e, key, 50)


def _address_input(f: Faults, where: str, e: Json) -> None:
    f.only(where, e, ("type", "action_id", "focus_on_load", "placeholder", "initial_value", "dispatch_action_config"))
    f.optional_string(where, e, "initial_value", 3000)


def _file_input(f: Faults, where: str, e: Json) -> None:
    f.only(where, e, ("type", "action_id", "filetypes", "max_files"))
    f.integer(where, e, "max_files", 1, 10)


def _rich_text_input(f: Faults, where: str, e: Json) -> None:
    f.only(where, e, ("type", "action_id", "focus_on_load", "placeholder", "initial_value", "dispatch_action_config"))


_CHECKS: dict[str, Callable[[Faults, str, Json], None]] = {
    "button": _button,
    "image": _image,
    "overflow": _overflow,
    "checkboxes": _choices,
    "radio_buttons": _choices,
    "datepicker": _datepicker,
    "timepicker": _timepicker,
    "datetimepicker": _datetimepicker,
    "plain_text_input": _text_input,
    "number_input": _number_input,
    "email_text_input": _address_input,
    "url_text_input": _address_input,
    "file_input": _file_input,
    "rich_text_input": _rich_text_input,
    **dict.fromkeys((*SELECTS, *MULTI), _select),
}
