"""From plain data to records: every field checked against what the record declares, every fault told with its place."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Union

from store.exchange import values
from store.exchange.faults import Fault, element, listed, member, nearest, shown
from store.exchange.fields import (
    FROM_CONTEXT,
    LEAST,
    LINE,
    NOT_IN_FILES,
    OTHER_WORDS,
    RECORDS,
    ROLES,
    SHORT,
    SOURCE,
    TALKS,
    WANTED,
)
from store.records import Talks, Window

MISSING: Any = object()
"""Stands for a value that could not be read; its fault is on the list already."""

Lookup = Callable[[str], values.Found]
Finish = Callable[[dict[str, Any], str], Any]


class Reader:
    """Reads records out of plain data and collects what is wrong."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        self._lookups: Mapping[str, Lookup] = {}
        self._finish: Mapping[type[Any], Finish] = {}

    def use(self, lookups: Mapping[str, Lookup], finish: Mapping[type[Any], Finish]) -> None:
        """Gives the reader what it cannot know.

        A lookup turns a text of some role (a party's name, a topic's) into a key. A finish makes the record of fields that
        were read, where that takes more than calling its class.
        """
        self._lookups = lookups
        self._finish = finish

    def fault(self, path: str, message: str) -> Any:
        """Notes a fault and returns `MISSING`."""
        self.faults.append(Fault(path, message))
        return MISSING

    def record(self, kind: type[Any], value: object, path: str) -> Any:
        """The record of `kind` that `value` describes, or `MISSING`."""
        short = not isinstance(value, dict)
        value = _spelt_out(kind, value)
        if not isinstance(value, dict):
            return self.fault(path, f"expected {RECORDS[kind]} (a mapping of its fields), found {shown(value)}")
        names = field_names(kind)
        before = len(self.faults)
        meant = self._unknown(kind, value, path, names)
        read: dict[str, Any] = {}
        for name, hint in names.items():
            if value.get(name) is None:
                if name not in meant:
                    self._absent(kind, name, path, read)
                continue
            found = self._value(hint, value[name], path if short else member(path, name), (kind, name))
            if found is not MISSING:
                read[name] = found
        if kind in self._finish:
            return self._finish[kind](read, path) if len(self.faults) == before else MISSING
        return kind(**read) if len(self.faults) == before else MISSING

    def _unknown(self, kind: type[Any], value: dict[Any, Any], path: str, names: Mapping[str, Any]) -> set[str]:
        """Notes the fields that the record does not have, and returns those that were probably meant."""
        meant: set[str] = set()
        for key in value:
            if key in names:
                continue
            if not isinstance(key, str):
                self.fault(path, f"the name of a field must be text, found {shown(key)}")
                continue
            other = OTHER_WORDS.get(key.casefold())
            near = other if other in names else nearest(key, names)
            meant |= {near} if near else set()
            hint = f'did you mean "{near}"?' if near else f"{'they have' if kind is Talks else 'it has'} {listed(names, 'and')}"
            verb = "have" if kind is Talks else "has"
            self.fault(member(path, key), f"{RECORDS[kind]} {verb} no field called {shown(key)}; {hint}")
        return meant

    def _absent(self, kind: type[Any], name: str, path: str, read: dict[str, Any]) -> None:
        if (kind, name) in FROM_CONTEXT:
            read[name] = FROM_CONTEXT[kind, name]
        elif name in required(kind):
            verb = "need" if kind is Talks else "needs"
            self.fault(member(path, name), f"missing: {RECORDS[kind]} {verb} {_article(name)}")

    def _value(self, hint: Any, value: Any, path: str, where: tuple[type[Any], str]) -> Any:
        origin = typing.get_origin(hint)
        if origin in (Union, types.UnionType):
            options = [option for option in typing.get_args(hint) if option is not type(None)]
            if set(options) == {date, datetime}:
                return self._said(values.day_or_instant(value), path)
            hint, origin = options[0], typing.get_origin(options[0])
        if origin is tuple:
            return self._list(typing.get_args(hint)[0], value, path, where)
        if dataclasses.is_dataclass(hint):
            return self.record(typing.cast("type[Any]", hint), value, path)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return self._said(values.choice(hint, value), path)
        if hint is str:
            return self._text(value, path, where)
        return self._said(values.SCALARS[hint](value, LEAST.get(where, 0)), path)

    def _said(self, found: values.Found, path: str) -> Any:
        return self.fault(path, found.wrong) if found.wrong else found.value

    def _text(self, value: Any, path: str, where: tuple[type[Any], str]) -> Any:
        role = ROLES.get(where)
        found = values.text(value, named=role is not None, wanted=where in WANTED)
        if not found.wrong and role in values.FORMS:
            found = values.FORMS[role](found.value)
        if not found.wrong and role is not None and role in self._lookups:
            found = self._lookups[role](found.value)
        return self._said(found, path)

    def _list(self, inner: Any, value: Any, path: str, where: tuple[type[Any], str]) -> Any:
        if inner is str and isinstance(value, str | int):
            value = [value]
        if not isinstance(value, list | tuple):
            return self.fault(path, f"expected a list, found {shown(value)}")
        if where in WANTED and not value:
            return self.fault(path, "the list is empty; give at least one")
        read = [self._value(inner, item, element(path, i), where) for i, item in enumerate(value)]
        found = tuple(item for item in read if item is not MISSING)
        # What a list of keys names twice is named once; a topic's aliases likewise.
        return tuple(dict.fromkeys(found)) if ROLES.get(where) in (SOURCE, TALKS, LINE) else found


def _spelt_out(kind: type[Any], value: object) -> object:
    """The mapping that a short form stands for; anything else as it is."""
    if isinstance(value, dict | list | tuple) or value is None:
        return value
    if kind is Window:
        dated = isinstance(value, date) or (isinstance(value, str) and not values.day_or_instant(value).wrong)
        return {"earliest": value, "latest": value} if dated else {"stated": value}
    return {SHORT[kind]: value} if kind in SHORT else value


def _article(name: str) -> str:
    words = name.replace("_", " ")
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}" if not words.endswith("s") else words


def field_names(kind: type[Any]) -> Mapping[str, Any]:
    """The fields of a record that a file may give, with their types, in the order they are written."""
    return _fields()[kind][0]


def required(kind: type[Any]) -> frozenset[str]:
    """The fields that a file must give."""
    return _fields()[kind][1]


@cache
def _fields() -> dict[type[Any], tuple[Mapping[str, Any], frozenset[str]]]:
    """Of every record: its fields with their types, and those that must be given. Reading types is slow: it is done once."""
    found: dict[type[Any], tuple[Mapping[str, Any], frozenset[str]]] = {}
    unset = dataclasses.MISSING
    for kind in RECORDS:
        hints = typing.get_type_hints(kind)
        fields = [f for f in dataclasses.fields(kind) if (kind, f.name) not in NOT_IN_FILES]
        needed = [f.name for f in fields if f.default is unset and f.default_factory is unset]
        names = {f.name: hints[f.name] for f in fields}
        found[kind] = names, frozenset(name for name in needed if (kind, name) not in FROM_CONTEXT)
    return found
