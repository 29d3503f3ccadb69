"""Replies as text and back, for the record of what each channel was sent and for sending the very same again."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from enum import Enum
from typing import Any

from bot import reply as shapes
from bot.reply import Outcome, Reply, Visibility
from store.times import instant, instant_text

_ENUMS = {"visibility": Visibility, "outcome": Outcome}


def to_text(reply: Reply) -> str:
    """A reply as JSON text."""
    return json.dumps(_plain(reply), ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Reply:
    """The reply that `to_text` wrote."""
    found = _value(json.loads(text))
    if not isinstance(found, Reply):
        raise TypeError("not a reply")
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return {"_": "at", "at": instant_text(value)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kept = [(f.name, getattr(value, f.name)) for f in dataclasses.fields(value) if getattr(value, f.name) != f.default]
        return {"_": type(value).__name__, **{name: _plain(item) for name, item in kept}}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _value(item: Any) -> Any:
    if isinstance(item, list):
        return tuple(_value(part) for part in item)
    if not isinstance(item, dict):
        return item
    if item["_"] == "at":
        return instant(item["at"])
    shape: Any = getattr(shapes, item["_"])
    return shape(**{k: _ENUMS[k](v) if k in _ENUMS else _value(v) for k, v in item.items() if k != "_"})
