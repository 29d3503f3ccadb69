"""Records as plain data and back: the one form that revisions keep, files hold and undo restores.

A record becomes a dictionary of its fields with what is empty left out; days and instants become their text, enums their
value, tuples lists. `to_plain` and `from_plain` are each other's inverse.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast

from store.times import day_or_instant, instant, text_of

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Plain data for a record, or for anything a record's field may hold."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name, to_plain(getattr(value, f.name))) for f in dataclasses.fields(value))
        return {name: plain for name, plain in pairs if plain is not None and plain != [] and plain != {}}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return text_of(value)
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    return value


def from_plain(kind: type[T], data: Mapping[str, Any]) -> T:
    """The record of `kind` that plain data stands for. The data is trusted: it is what `to_plain` wrote."""
    hints = _hints(cast("Any", kind))
    return kind(**{name: _value(hints[name], item) for name, item in data.items() if name in hints})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _value(hint: Any, item: Any) -> Any:
    origin = typing.get_origin(hint)
    if origin in (Union, types.UnionType):
        options = [option for option in typing.get_args(hint) if option is not type(None)]
        if item is None:
            return None
        if set(options) == {date, datetime}:
            return day_or_instant(item)
        return _value(options[0], item)
    if origin is tuple:
        inner = typing.get_args(hint)[0]
        return tuple(_value(inner, part) for part in item)
    if dataclasses.is_dataclass(hint):
        return from_plain(cast("type[Any]", hint), item)
    if hint is date:
        return date.fromisoformat(item)
    if hint is datetime:
        return instant(item)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(item)
    return item
