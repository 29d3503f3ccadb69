"""What must hold inside one record beyond its fields' types, and what a file may leave for us to work out."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from store.exchange.faults import element, member, shown
from store.exchange.shape import MISSING, Reader
from store.records import (
    Account,
    Alignment,
    Draft,
    Membership,
    Party,
    Place,
    PlaceState,
    Position,
    Reply,
    Talks,
)

Keyed = TypeVar("Keyed", Account, Reply)
Finish = Callable[[dict[str, Any], str], Any]


def finishers(reader: Reader) -> dict[type[Any], Finish]:
    """How `Reader` makes the records that have rules of their own."""
    return {
        Talks: lambda given, path: _talks(reader, given, path),
        Position: lambda given, path: _position(reader, given, path),
        Draft: lambda given, path: _draft(reader, given, path),
        Alignment: lambda given, path: _alignment(reader, given, path),
        Place: _place_of(reader),
        Party: lambda given, path: _party(reader, given, path),
        Membership: lambda given, path: _membership(reader, given, path),
    }


def _talks(reader: Reader, given: dict[str, Any], path: str) -> Any:
    before = len(reader.faults)
    _distinct(reader, [side.party for side in given["sides"]], member(path, "sides"), "party", "is at the table already")
    given["accounts"] = _keyed(reader, given.get("accounts", ()), member(path, "accounts"), lambda a: a.by)
    return Talks(**given) if len(reader.faults) == before else MISSING


def _position(reader: Reader, given: dict[str, Any], path: str) -> Any:
    before = len(reader.faults)
    given["accounts"] = _keyed(reader, given.get("accounts", ()), member(path, "accounts"), lambda a: a.by)
    replies = _keyed(reader, given.get("replies", ()), member(path, "replies"), _reply_words)
    _answered(reader, replies, member(path, "replies"))
    return Position(**{**given, "replies": replies}) if len(reader.faults) == before else MISSING


def _reply_words(reply: Reply) -> str:
    return f"{reply.party} {reply.said_on.year}" if reply.said_on else reply.party


def _answered(reader: Reader, replies: Sequence[Reply], path: str) -> None:
    """Replies to replies must answer one of the same position, and not go round."""
    answers = {reply.key: reply.to for reply in replies}
    for i, reply in enumerate(replies):
        where = member(element(path, i), "to")
        if reply.to is not None and reply.to not in answers:
            reader.fault(where, f"there is no reply with the key {shown(reply.to)} to this position")
            continue
        seen, step = {reply.key}, reply.to
        while step is not None and step not in seen:
            seen.add(step)
            step = answers.get(step)
        if step == reply.key:
            reader.fault(where, "the replies go round: this one answers itself in the end")


def _draft(reader: Reader, given: dict[str, Any], path: str) -> Any:
    before = len(reader.faults)
    votes = [(vote.party, vote.kind.value) for vote in given.get("votes", ())]
    _distinct(reader, votes, member(path, "votes"), "party", "has a vote of this kind already")
    return Draft(**given) if len(reader.faults) == before else MISSING


def _alignment(reader: Reader, given: dict[str, Any], path: str) -> Any:
    if "party" not in given and "label" not in given:
        return reader.fault(path, 'says of nobody; give a "party", or a "label" for a group ("about 50 states")')
    return Alignment(**given)


def _place_of(reader: Reader) -> Finish:
    def finish(given: dict[str, Any], path: str) -> Any:
        known = [name for name in ("country", "city", "venue") if name in given]
        state = given.setdefault("state", PlaceState.NAMED if known else PlaceState.UNSTATED)
        if state is PlaceState.NAMED and not known:
            return reader.fault(path, 'is "named", but names neither country, city nor venue')
        return Place(**given)

    return finish


def _party(reader: Reader, given: dict[str, Any], path: str) -> Any:
    since, until = given.get("since"), given.get("until")
    if since and until and since > until:
        return reader.fault(path, f"ends ({until}) before it begins ({since})")
    return Party(**given, builtin=False)


def _membership(reader: Reader, given: dict[str, Any], path: str) -> Any:
    joined, left = given.get("joined"), given.get("left")
    if given["bloc"] == given["member"]:
        return reader.fault(path, f"{shown(given['bloc'])} cannot be a member of itself")
    if joined and left and joined >= left:
        return reader.fault(path, f"left ({left}) before or on the day it joined ({joined})")
    return Membership(**given)


def _distinct(reader: Reader, items: Iterable[Any], path: str, name: str, words: str) -> None:
    seen: set[Any] = set()
    for i, item in enumerate(items):
        if item in seen:
            what = item[0] if isinstance(item, tuple) else item
            reader.fault(member(element(path, i), name), f"{shown(what)} {words}")
        seen.add(item)


def _keyed(reader: Reader, items: Sequence[Keyed], path: str, words: Callable[[Keyed], str]) -> tuple[Keyed, ...]:
    """The items with a key each: those that have none get one from `words`, the same each time the file is read."""
    _distinct(reader, [item.key for item in items if item.key], path, "key", "is used already in this list")
    taken = {item.key for item in items}
    found: list[Keyed] = []
    for item in items:
        key, stem, count = item.key, slug(words(item)), 1
        while not item.key and (key == "" or key in taken):
            key = stem if count == 1 else f"{stem}-{count}"
            count += 1
        taken.add(key)
        found.append(dataclasses.replace(item, key=key))
    return tuple(found)


def slug(words: str) -> str:
    """A key made of words: `Politico Europe` gives `politico-europe`."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"\W+", "-", kept).strip("-_")[:60] or "item"
