"""Plain data as YAML that people can read and edit: blocks, keys unquoted, quotes only where a reader could go wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

_PLAIN = re.compile(r"[^\W\d_][\w ()/.,;:?!=&@~#'\"+%€$°–—’“”…-]*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?", re.ASCII)
_RISKY_PLAIN = re.compile(r": | #|[: ]\Z")
_MEANS_SOMETHING = re.compile(r"y|n|yes|no|on|off|true|false|null|nan|inf", re.IGNORECASE)
_RISKY = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\U0001fffe\U0001ffff\ud800-\udfff]")


def dump(data: dict[str, Any]) -> str:
    """The text of a mapping of plain data: mappings, lists, texts, whole numbers, booleans and None."""
    return "\n".join(_mapping(data, "")) + "\n"


def _mapping(data: dict[str, Any], indent: str) -> Iterator[str]:
    for key, value in data.items():
        if isinstance(value, dict) and value:
            yield f"{indent}{_scalar(key)}:"
            yield from _mapping(value, indent + "  ")
        elif isinstance(value, list) and value:
            yield f"{indent}{_scalar(key)}:"
            yield from _list(value, indent + "  ")
        else:
            yield f"{indent}{_scalar(key)}: {_scalar(value)}"


def _list(items: list[Any], indent: str) -> Iterator[str]:
    for item in items:
        if isinstance(item, dict) and item:
            first, *rest = _mapping(item, indent + "  ")
            yield f"{indent}- {first.lstrip(' ')}"
            yield from rest
        else:
            yield f"{indent}- {_scalar(item)}"


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    if value in ({}, []):
        return json.dumps(value)
    raise TypeError(f"not plain data: {type(value).__name__}")


def _text(value: str) -> str:
    if _DAY.fullmatch(value) and _is_real(value):
        return value
    if _PLAIN.fullmatch(value) and not _RISKY_PLAIN.search(value) and not _MEANS_SOMETHING.fullmatch(value):
        return value
    # JSON's quoting is YAML's double quoting but for some characters that YAML wants escaped.
    return _RISKY.sub(lambda found: f"\\U{ord(found[0]):08x}", json.dumps(value, ensure_ascii=False))


def _is_real(text: str) -> bool:
    """Whether a text in the form of a day or an instant is one; other readers stumble over an unquoted 30 February."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
