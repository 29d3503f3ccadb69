"""From the bytes of a file to plain data: YAML or JSON, nothing clever.

The YAML taken is the plain part of the language. Every scalar stays the text that was written, apart from empty, `null`,
`~`, `true` and `false`: so `no` is Norway's code, a day is its text and `007` keeps its zeros. Anchors' aliases and tags
are refused: a few bytes of aliases can stand for gigabytes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from store.exchange.faults import BadFile, Fault, element, member, shown

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 24

Format = str
"""`"yaml"` or `"json"`."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file says."""

    data: Any
    faults: tuple[Fault, ...] = ()
    """Things already known to be wrong, such as a key given twice; `load` reports them with the rest."""
    text: str | None = None
    """The text of a YAML file, for finding lines in."""

    def lines(self, paths: Iterable[str]) -> dict[str, int]:
        """The lines on which paths begin, as far as the file has them (YAML only). The file is read again: faults are rare."""
        wanted = frozenset(paths)
        return _built(self.text, wanted).lines if self.text is not None and wanted else {}


def parse(content: bytes, format: Format | None = None) -> Parsed:  # noqa: A002 (the word people use)
    """The data of a file in `format`, or in whichever of the two the first character tells.

    Raises `BadFile` for what is empty, too big, not UTF-8, or not YAML or JSON at all.
    """
    text = _text(content)
    if format is None:
        format = "json" if text.lstrip()[:1] in ("{", "[") else "yaml"  # noqa: A001
    return _json(text) if format == "json" else _yaml(text)


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        size = f"{len(content) / 1024 / 1024:.0f} MB"
        limit = f"{MAX_BYTES // 1024 // 1024} MB"
        raise BadFile([Fault("", f"the file is too big: {size}, where at most {limit} can be loaded at once; split it")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise BadFile([Fault("", "the file is UTF-16; save it as UTF-8")]) from error
        raise BadFile([Fault("", f"the file is not UTF-8 text (byte {error.start + 1}); save it as UTF-8", line)]) from error
    if not text.strip():
        raise BadFile([Fault("", 'the file is empty; it should begin with "attache: 1"')])
    return text


class _Pairs(dict[str, Any]):
    """A JSON object that remembers which keys were given twice."""

    twice: tuple[str, ...] = ()


def _pairs(pairs: list[tuple[str, Any]]) -> _Pairs:
    found = _Pairs(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        found.twice = tuple(key for key, count in counts.items() if count > 1)
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _json(text: str) -> Parsed:
    try:
        data = json.loads(text, object_pairs_hook=_pairs, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        message = f"not JSON: {error.msg} (line {error.lineno}, column {error.colno})"
        raise BadFile([Fault("", message, error.lineno)]) from error
    except RecursionError as error:
        raise BadFile([Fault("", "nested too deeply to be one of our files")]) from error
    except ValueError as error:  # a number too long to be one, or NaN
        raise BadFile([Fault("", "not JSON: a number in it cannot be read")]) from error
    return Parsed(data, faults=tuple(_twice(data, "")))


def _twice(data: Any, path: str) -> Iterator[Fault]:
    if isinstance(data, _Pairs):
        for key in data.twice:
            yield _given_twice(member(path, key), key)
        for key, value in data.items():
            yield from _twice(value, member(path, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from _twice(value, element(path, i))


def _given_twice(path: str, key: str, line: int | None = None) -> Fault:
    return Fault(path, f"{shown(key)} is given twice; keep one", line)


_NULLS = {"", "~", "null", "Null", "NULL"}
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_CORE_TAG = re.compile(r"tag:yaml\.org,2002:(str|null|bool|int|float|timestamp|seq|map)\Z")


def _yaml(text: str) -> Parsed:
    builder = _built(text)
    return Parsed(builder.root, tuple(builder.faults), text)


def _built(text: str, wanted: frozenset[str] = frozenset()) -> _Builder:
    """What a text says, with the lines of the wanted paths. Raises `BadFile`."""
    import yaml

    loader: Any = getattr(yaml, "CLoader", yaml.Loader)  # only its scanner and parser are used: no object is ever built
    builder = _Builder(wanted)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise BadFile([*builder.faults, _syntax(error)]) from error
    except yaml.YAMLError as error:  # a character that YAML does not allow
        position = getattr(error, "position", None)
        line = text[:position].count("\n") + 1 if isinstance(position, int) else None
        raise BadFile([Fault("", "not YAML: it holds a control character, which no text may", line)]) from error
    return builder


def _syntax(error: Any) -> Fault:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
    words = " ".join(part for part in (error.context, error.problem) if part)
    where = f" (line {line}, column {column})" if line else ""
    return Fault("", f"not YAML: {words}{where}", line)


class _Builder:
    """Builds data from a stream of YAML events, without recursion and without ever following an alias."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self.root: Any = None
        self.lines: dict[str, int] = {}
        self.faults: list[Fault] = []
        self._wanted = wanted
        self._stack: list[_Open] = []
        self._documents = 0

    def take(self, event: Any) -> None:
        name = type(event).__name__
        line = event.start_mark.line + 1 if event.start_mark else None
        if name == "ScalarEvent":
            self._tag(event, line)
            self._put(_scalar(event), line)
        elif name in ("MappingStartEvent", "SequenceStartEvent"):
            self._tag(event, line)
            self._open({} if name == "MappingStartEvent" else [], line)
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            self._stack.pop()
        elif name == "AliasEvent":
            raise BadFile([*self.faults, Fault("", f"aliases (*{event.anchor}) are not taken; write it out", line)])
        elif name == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                raise BadFile([*self.faults, Fault("", "a second document begins here (---); one file holds one", line)])

    def _tag(self, event: Any, line: int | None) -> None:
        if event.tag and event.tag != "!" and not _CORE_TAG.match(event.tag):
            self.faults.append(Fault(self._path(), f"the tag {shown(event.tag)} is not taken; remove it", line))

    def _path(self) -> str:
        return self._stack[-1].place() if self._stack else ""

    def _open(self, value: Any, line: int | None) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise BadFile([*self.faults, Fault("", "nested too deeply to be one of our files", line)])
        top = self._stack[-1] if self._stack else None
        if top is not None and top.wants_key:
            raise BadFile([*self.faults, Fault(top.path(), "the name of a field must be text, not a list or a mapping", line)])
        self._put(value, line)
        self._stack.append(_Open(value, top))

    def _put(self, value: Any, line: int | None) -> None:
        if not self._stack:
            self.root = value
            return
        top = self._stack[-1]
        if top.wants_key:
            top.key, top.wants_key = "" if value is None else str(value).lower() if isinstance(value, bool) else value, False
            if top.key in top.value:
                self.faults.append(_given_twice(top.place(), top.key, line))
            return
        if self._wanted and line is not None and (place := top.place()) in self._wanted:
            self.lines[place] = line
        if isinstance(top.value, list):
            top.value.append(value)
        else:
            top.value[top.key] = value
            top.wants_key = True


class _Open:
    """A mapping or list whose end has not come yet."""

    __slots__ = ("key", "parent", "value", "wants_key")

    def __init__(self, value: Any, parent: _Open | None) -> None:
        self.value = value
        self.parent = parent
        self.key = ""
        self.wants_key = isinstance(value, dict)

    def path(self) -> str:
        """Its own path: it is the latest value that its parent was given."""
        if self.parent is None:
            return ""
        above = self.parent
        if isinstance(above.value, list):
            return element(above.path(), len(above.value) - 1)
        return member(above.path(), above.key)

    def place(self) -> str:
        """The path of the value that comes next."""
        return element(self.path(), len(self.value)) if isinstance(self.value, list) else member(self.path(), self.key)


def _scalar(event: Any) -> str | bool | None:
    text: str = event.value
    if not event.implicit[0] or event.style:  # quoted, a block, or tagged: as written
        return text
    if text in _NULLS:
        return None
    return _BOOLEANS.get(text, text)
