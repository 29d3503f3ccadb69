"""What is wrong with a file: faults with their place in it, collected so that all are told at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right. `path` is such as `talks[2].sides[0].party`, empty for the whole file; `line` counts from 1."""

    path: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{self.path}: {self.message}" if self.path else f"{where}{self.message}"


class BadFile(Exception):
    """The file cannot be loaded. Nothing was written; `faults` says everything that is to be put right."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


def member(path: str, name: str) -> str:
    """The path of a field, in brackets where the name is not a plain word."""
    if not name.replace("_", "a").replace("-", "a").isalnum():
        return f"{path}[{shown(name)}]"
    return f"{path}.{name}" if path else name


def element(path: str, index: int) -> str:
    return f"{path}[{index}]"


def shown(value: object, limit: int = 60) -> str:
    """A value from the file as a message quotes it: short, on one line, nothing that moves a terminal's cursor."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = value if len(value) <= limit else value[: limit - 1] + "…"
        return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text) + '"'
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return shown(str(value), limit)


def nearest(word: str, valid: Iterable[str], likeness: float = 0.6) -> str | None:
    """The valid word that a misspelt one most likely stands for, or None."""
    if len(word) > 200:
        return None
    by_folded = {choice.casefold(): choice for choice in valid}
    near = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=likeness)
    return by_folded[near[0]] if near else None


def suggestion(word: str, valid: Iterable[str], likeness: float = 0.6) -> str:
    """`; did you mean "x"?` for the nearest valid word, else nothing."""
    near = nearest(word, valid, likeness)
    return f'; did you mean "{near}"?' if near else ""


def listed(words: Iterable[str], joined: str = "or") -> str:
    """`a, b or c`."""
    *head, last = words
    return f"{', '.join(head)} {joined} {last}" if head else last
