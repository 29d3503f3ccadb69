"""Slack's composition objects, checked: text, options, confirmations, ids, dates.

`Faults` gathers what is wrong with the place it is wrong at, in the form Slack uses
(`[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]`), so that a failing test says where.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from tests.doubles.state import Json


class Faults:
    """What is wrong so far."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.block_ids: set[str] = set()
        self.action_ids: set[str] = set()  # of the block being read: Slack wants them unique within one block
        self.focused = 0
        self.characters = 0

    def add(self, where: str, what: str) -> None:
        self.messages.append(f"[ERROR] {what} [json-pointer:{where}]")

    def only(self, where: str, obj: Json, known: Iterable[str]) -> None:
        """A key that Slack does not know there is refused, as Slack does."""
        for key in sorted(set(obj) - set(known)):
            self.add(where, f'invalid additional property: "{key}"')

    def obj(self, where: str, value: Any) -> Json | None:
        if isinstance(value, dict):
            return value
        self.add(where, "must be an object")
        return None

    def array(self, where: str, value: Any, low: int, high: int) -> list[Any]:
        if not isinstance(value, list):
            self.add(where, "must be an array")
            return []
        if len(value) < low:
            self.add(where, f"no fewer than {low} items allowed")
        if len(value) > high:
            self.add(where, f"no more than {high} items allowed")
        return value

    def string(self, where: str, value: Any, low: int, high: int) -> str | None:
        if not isinstance(value, str):
            self.add(where, "must be a string")
            return None
        if len(value) < low:
            self.add(where, f"must be more than {low - 1} character{'' if low == 2 else 's'}")
        if len(value) > high:
            self.add(where, f"must be less than {high + 1} characters")
        return value

    def optional_string(self, where: str, obj: Json, key: str, high: int, low: int = 0) -> None:
        if key in obj:
            self.string(f"{where}/{key}", obj[key], low, high)

    def boolean(self, where: str, obj: Json, *keys: str) -> None:
        for key in keys:
            if key in obj and not isinstance(obj[key], bool):
                self.add(f"{where}/{key}", "must be a boolean")

    def integer(self, where: str, obj: Json, key: str, low: int, high: int) -> int | None:
        if key not in obj:
            return None
        value = obj[key]
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.add(f"{where}/{key}", f"must be an integer from {low} to {high}")
            return None
        return value


def check_text(f: Faults, where: str, value: Any, high: int, *, mrkdwn: bool = False, low: int = 1) -> str | None:
    """A text object. `mrkdwn` says that mrkdwn is allowed here; plain_text always is."""
    obj = f.obj(where, value)
    if obj is None:
        return None
    kind = obj.get("type")
    if kind not in ({"mrkdwn", "plain_text"} if mrkdwn else {"plain_text"}):
        allowed = "plain_text or mrkdwn" if mrkdwn else "plain_text"
        f.add(f"{where}/type", f"must be {allowed}, not {kind!r}")
        return None
    f.only(where, obj, ("type", "text", "emoji") if kind == "plain_text" else ("type", "text", "verbatim"))
    f.boolean(where, obj, "emoji", "verbatim")
    if "text" not in obj:
        f.add(where, "missing required field: text")
        return None
    text = f.string(f"{where}/text", obj["text"], low, high)
    if text is not None:
        f.characters += len(text)
        if not text.strip() and low > 0 and text:
            f.add(f"{where}/text", "must not be only white space")
    return text


def check_id(f: Faults, where: str, obj: Json, *, required: bool) -> None:
    """action_id: at most 255, unique within its block. This house names every one of its own."""
    if "action_id" not in obj:
        if required:
            f.add(where, "missing required field: action_id")
        return
    value = f.string(f"{where}/action_id", obj["action_id"], 1, 255)
    if value is None:
        return
    if value in f.action_ids:
        f.add(f"{where}/action_id", f'action_id "{value}" already exists in this block')
    f.action_ids.add(value)


def check_confirm(f: Faults, where: str, obj: Json) -> None:
    if "confirm" not in obj:
        return
    where = f"{where}/confirm"
    confirm = f.obj(where, obj["confirm"])
    if confirm is None:
        return
    f.only(where, confirm, ("title", "text", "confirm", "deny", "style"))
    for key, high in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        if key not in confirm:
            f.add(where, f"missing required field: {key}")
        else:
            check_text(f, f"{where}/{key}", confirm[key], high, mrkdwn=key == "text")
    check_style(f, where, confirm)


def check_style(f: Faults, where: str, obj: Json) -> None:
    if "style" in obj and obj["style"] not in ("primary", "danger"):
        f.add(f"{where}/style", "must be primary or danger")


def check_url(f: Faults, where: str, value: Any, high: int = 3000) -> None:
    text = f.string(where, value, 1, high)
    if text and not re.match(r"(?i)(https?|mailto|slack)[:]\S+$", text):
        f.add(where, "must be a valid URL")


def check_option(f: Faults, where: str, value: Any, *, mrkdwn: bool, url: bool = False) -> None:
    option = f.obj(where, value)
    if option is None:
        return
    f.only(where, option, ("text", "value", "description", *(("url",) if url else ())))
    for key in ("text", "value"):
        if key not in option:
            f.add(where, f"missing required field: {key}")
    if "text" in option:
        check_text(f, f"{where}/text", option["text"], 75, mrkdwn=mrkdwn)
    if "value" in option:
        f.string(f"{where}/value", option["value"], 1, 150)
    if "description" in option:
        check_text(f, f"{where}/description", option["description"], 75, mrkdwn=mrkdwn)
    if "url" in option:
        check_url(f, f"{where}/url", option["url"])


def check_options(
    f: Faults, where: str, obj: Json, *, low: int, high: int, mrkdwn: bool = False, groups: bool = False, url: bool = False
) -> None:
    """`options`, or `option_groups` where allowed, and never both; initial ones must be among them."""
    if groups and ("options" in obj) == ("option_groups" in obj):
        f.add(where, "exactly one of options and option_groups is needed")
        return
    found: list[Any] = []
    if groups and "option_groups" in obj:
        for n, group in enumerate(f.array(f"{where}/option_groups", obj["option_groups"], 1, 100)):
            here = f"{where}/option_groups/{n}"
            if (entry := f.obj(here, group)) is not None:
                f.only(here, entry, ("label", "options"))
                check_text(f, f"{here}/label", entry.get("label"), 75)
                found += f.array(f"{here}/options", entry.get("options"), 1, 100)
    elif "options" not in obj:
        f.add(where, "missing required field: options")
    else:
        found = f.array(f"{where}/options", obj["options"], low, high)
    for n, option in enumerate(found):
        check_option(f, f"{where}/options/{n}", option, mrkdwn=mrkdwn, url=url)
    values = [o.get("value") for o in found if isinstance(o, dict)]
    for value in sorted({str(v) for v in values if values.count(v) > 1}):
        f.add(f"{where}/options", f'option value "{value}" is there twice')
    check_initial(f, where, obj, found)


def check_initial(f: Faults, where: str, obj: Json, found: list[Any]) -> None:
    if "initial_option" in obj and obj["initial_option"] not in found:
        f.add(f"{where}/initial_option", "must exactly match one of the options")
    if "initial_options" in obj:
        for n, option in enumerate(f.array(f"{where}/initial_options", obj["initial_options"], 1, 100)):
            if option not in found:
                f.add(f"{where}/initial_options/{n}", "must exactly match one of the options")


def check_day(f: Faults, where: str, value: Any) -> None:
    try:
        ok = isinstance(value, str) and len(value) == 10 and bool(dt.date.fromisoformat(value))
    except ValueError:
        ok = False
    if not ok:
        f.add(where, "must be a date in the format YYYY-MM-DD")


def check_clock_time(f: Faults, where: str, value: Any) -> None:
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        f.add(where, "must be a time in the format HH:mm")
