"""Records as plain data and back: the one form that revisions keep, files hold and undo restores.

A record becomes a dictionary of its fields with what is empty left out; days and instants become their text, enums their
value, tuples lists. `to_plain` and `from_plain` are each other's inverse.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache, partial
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
    readers = _readers(cast("Any", kind))
    return kind(**{name: readers[name](item) for name, item in data.items() if name in readers})


@cache
def _readers(kind: Any) -> dict[str, Callable[[Any], Any]]:
    return {name: _reader(hint) for name, hint in typing.get_type_hints(kind).items()}


def _reader(hint: Any) -> Callable[[Any], Any]:
    """What reads a field of this type. Found out once for each field: a digest may read ten thousand records."""
    origin = typing.get_origin(hint)
    if origin in (Union, types.UnionType):
        options = [option for option in typing.get_args(hint) if option is not type(None)]
        some = day_or_instant if set(options) == {date, datetime} else _reader(options[0])
        return lambda item: None if item is None else some(item)
    if origin is tuple:
        each = _reader(typing.get_args(hint)[0])
        return lambda items: tuple(each(item) for item in items)
    if dataclasses.is_dataclass(hint):
        return partial(from_plain, cast("type[Any]", hint))
    if hint is date:
        return date.fromisoformat
    if hint is datetime:
        return instant
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return _same


def _same(item: Any) -> Any:
    return item
