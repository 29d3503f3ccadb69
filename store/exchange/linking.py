"""What must hold across the records of a file and the store: keys used once, numbers used once, nothing that goes round."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from store.database import Session
from store.exchange.faults import member, shown
from store.exchange.shape import Reader
from store.records import Administration, Membership, Party


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of the file and its place in it."""

    record: Any
    path: str

    @property
    def key(self) -> str:
        return name_of(self.record)


Content = dict[str, list[Entry]]
"""The records of a file by collection."""


def name_of(record: Any) -> str:
    """What identifies a record within its collection."""
    if isinstance(record, Membership):
        return f"{record.member} in {record.bloc} since {record.joined or 'an unrecorded day'}"
    if isinstance(record, Administration):
        return f"{record.party} since {record.since}"
    return str(record.code if isinstance(record, Party) else record.key)


_NAMED_BY = {"parties": "code", "memberships": "", "administrations": ""}
"""The field that identifies a record where it is not its key; empty where several do."""


def check(reader: Reader, session: Session, content: Content) -> None:
    """Notes every fault between the records; puts talks, topics and positions in an order in which each can be written."""
    for name, entries in content.items():
        _once(reader, entries, lambda e: e.key, _NAMED_BY.get(name, "key"))
    for name in ("talks", "positions", "drafts"):
        _once(reader, [e for e in content[name] if e.record.number], lambda e: e.record.number, "number")
    after = _steps(session, content["talks"], lambda t: t.after, _AFTER)
    parent = _steps(session, content["topics"], lambda t: (t.parent,) if t.parent else (), _PARENT)
    older = _steps(session, content["positions"], lambda p: (p.supersedes,) if p.supersedes else (), _OLDER)
    content["talks"] = _ordered(reader, content["talks"], after, "after", "must be held before")
    content["topics"] = _ordered(reader, content["topics"], parent, "parent", "is the parent of")
    content["positions"] = _ordered(reader, content["positions"], older, "supersedes", "is replaced by")


def _once(reader: Reader, entries: Iterable[Entry], what: Callable[[Entry], Any], name: str) -> None:
    first: dict[Any, str] = {}
    for entry in entries:
        value = what(entry)
        if value in first:
            words = shown(value) if isinstance(value, str) else str(value)
            reader.fault(member(entry.path, name) if name else entry.path, f"{words} is used already, at {first[value]}")
        first.setdefault(value, entry.path)


_AFTER = """SELECT n.key FROM talks t JOIN talks_after a ON a.team_id = t.team_id AND a.talks = t.number
    JOIN talks n ON n.team_id = a.team_id AND n.number = a.needs WHERE t.team_id = :team AND t.key = :key"""
_PARENT = "SELECT parent FROM topic WHERE team_id = :team AND key = :key AND parent IS NOT NULL"
_OLDER = """SELECT o.key FROM position p JOIN position o ON o.team_id = p.team_id AND o.number = p.supersedes
    WHERE p.team_id = :team AND p.key = :key"""

Steps = Callable[[str], Sequence[str]]


def _steps(session: Session, entries: Sequence[Entry], in_file: Callable[[Any], Sequence[str]], on_record: str) -> Steps:
    """What each key leads to: as the file says, else as the store has it."""
    given: dict[str, Sequence[str]] = {entry.key: in_file(entry.record) for entry in entries}

    def steps(key: str) -> Sequence[str]:
        if key not in given:
            given[key] = [row[0] for row in session.rows(on_record, key=key)]
        return given[key]

    return steps


def _ordered(reader: Reader, entries: list[Entry], steps: Steps, field: str, words: str) -> list[Entry]:
    """The entries with those that others lead to first; a fault for each circle."""
    by_key = {entry.key: entry for entry in entries}
    order: list[Entry] = []
    done: set[str] = set()
    for start in by_key:
        if start in done:
            continue
        trail: dict[str, list[str]] = {start: list(steps(start))}
        while trail:
            key, waiting = next(reversed(trail.items()))
            if not waiting:
                trail.popitem()
                done.add(key)
                order += [by_key[key]] if key in by_key else []
            elif (step := waiting.pop(0)) in trail:
                circle = [*list(trail)[list(trail).index(step) :], step]
                owner = next(by_key[k] for k in reversed(circle) if k in by_key)
                path = f" {words} ".join(map(shown, reversed(circle)))
                reader.fault(member(owner.path, field), f"goes round: {path}")
            elif step not in done:
                trail[step] = list(steps(step))
    return order
