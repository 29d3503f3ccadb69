"""One topic merged into another, and taken apart again: everything that named the one names the other, in one transaction.

The merged topic goes off the record; its name and aliases become aliases of the other, and its key leads there, so that an
older file, version or change still finds its place. The revision keeps what moved, which is what taking it back needs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from store import changes, latest, merged, reply_moves, search, topic_talks, topics, watches
from store.database import Session, WriteSession, marks
from store.parties import fold
from store.plain import from_plain, to_plain
from store.records import Revision, Scope, Topic

AT_ONCE = 500
_ON = "SELECT number FROM position WHERE team_id = :team AND topic = :key"

Moved = dict[str, list[Any]]
"""What a merge moved: `positions` and `drafts` by number, `agenda` by talks and place, `children` by key, `watches` by number
with whether each scope already named the other topic, `aliases` that the other gained, `parent` it had where that changed,
`revisions` of the changes to other topics on the way."""


class CannotTakeApart(Exception):
    """The merge can no longer be taken back: its topics went on changing. `key` is the topic that stands in the way; where it
    has the name of the one that was merged by now, `name` is that topic's own."""

    def __init__(self, key: str, name: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.name = name


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of a merge: the topic that stays, how much moved, and the revision that takes all of it back."""

    topic: Topic
    positions: int
    talks: int
    drafts: int
    revision: int


def size(session: Session, key: str, most: int) -> int:
    """How many positions, agenda items and drafts name a topic, counted up to `most`."""
    value = session.value(
        """SELECT count(*) FROM (
               SELECT 1 FROM (SELECT 1 FROM position WHERE team_id = :team AND topic = :key LIMIT :most) a
               UNION ALL SELECT 1 FROM (SELECT 1 FROM talks_agenda WHERE team_id = :team AND topic = :key LIMIT :most) b
               UNION ALL SELECT 1 FROM (SELECT 1 FROM draft WHERE team_id = :team AND topic = :key LIMIT :most) c) x""",
        key=key,
        most=most,
    )
    return min(int(value or 0), most)


def merge(session: WriteSession, one: Topic, other: Topic) -> Merged:
    """Merges `one` into `other`. Both must be on record and not be the same: ValueError."""
    if one.key == other.key:
        raise ValueError("a topic cannot be merged into itself")
    moved: Moved = {
        "positions": _numbers(session, _ON, one.key),
        "drafts": _numbers(session, "SELECT number FROM draft WHERE team_id = :team AND topic = :key", one.key),
        "agenda": [
            [row["talks"], row["seq"]]
            for row in session.rows("SELECT talks, seq FROM talks_agenda WHERE team_id = :team AND topic = :key", key=one.key)
        ],
    }
    seen = changes.last_number(session)
    stays = _take_in(session, one, other, moved)
    moved["revisions"] = list(range(seen + 1, changes.last_number(session) + 1))
    session.execute(f"UPDATE reply SET topic = :to WHERE team_id = :team AND position IN ({_ON})", to=other.key, key=one.key)
    for table in ("position", "draft", "talks_agenda"):
        session.execute(f"UPDATE {table} SET topic = :to WHERE team_id = :team AND topic = :key", to=other.key, key=one.key)
    for key in (one.key, other.key):
        latest.keep_topic(session, key)
    moved["watches"] = _rewatch(session, one.key, other.key)
    session.execute(
        """INSERT INTO position_moved (team_id, party, topic, number, key)
           SELECT team_id, party, :to, number, key FROM position_moved WHERE team_id = :team AND topic = :key
           ON CONFLICT (team_id, party, topic, number) DO NOTHING""",
        to=other.key,
        key=one.key,
    )
    for table, column in (("topic_name", "topic"), ("topic", "key")):
        session.execute(f"DELETE FROM {table} WHERE team_id = :team AND {column} = :key", key=one.key)
    session.execute(
        """INSERT INTO topic_merged (team_id, key, into_key) VALUES (:team, :key, :to)
           ON CONFLICT (team_id, key) DO UPDATE SET into_key = excluded.into_key""",
        key=one.key,
        to=other.key,
    )
    _refresh(session, moved, one.name, stays.name)
    topic_talks.replan(session, [other.key])
    before = {**to_plain(one), "into": other.key, "moved": moved}
    action = f"merged into {stays.name}"
    revision = changes.record(session, topics.KIND, one.key, action=action, before=before, after=None)
    held = len({talks_number for talks_number, _ in moved["agenda"]})
    return Merged(stays, len(moved["positions"]), held, len(moved["drafts"]), revision)


def _take_in(session: WriteSession, one: Topic, other: Topic, moved: Moved) -> Topic:
    """Gives the other topic the names and the children of the one."""
    had = {fold(name) for name in (other.name, *other.aliases)}
    moved["aliases"] = [name for name in (one.name, *one.aliases) if fold(name) and fold(name) not in had]
    under = other.key in topics.subtree(session, one.key)
    parent = one.parent if under else other.parent
    moved["parent"] = [other.parent, parent]
    stays = replace(other, aliases=(*other.aliases, *moved["aliases"]), parent=parent)
    stays = topics.save(session, stays, action=f"took in {one.name}")
    moved["children"] = topics.children(session, one.key)
    for child in topics.by_keys(session, moved["children"]).values():
        topics.save(session, replace(child, parent=other.key), action=f"moved under {stays.name}")
    return stays


def _numbers(session: Session, sql: str, key: str) -> list[int]:
    return [row["number"] for row in session.rows(f"{sql} ORDER BY number", key=key)]


def _rewatch(session: WriteSession, old: str, new: str) -> list[Any]:
    """Lets watches be about the other topic instead. Gives their numbers, with whether each scope named both."""
    found: list[Any] = []
    rows = session.rows("SELECT number, about, but_not FROM watch WHERE team_id = :team ORDER BY number")
    for row in rows:
        scopes = {name: from_plain(Scope, json.loads(row[name])) for name in ("about", "but_not")}
        if any(old in scope.topics for scope in scopes.values()):
            named = {name: new in scope.topics for name, scope in scopes.items() if old in scope.topics}
            swapped = {name: replace(scope, topics=_swapped(scope.topics, old, new)) for name, scope in scopes.items()}
            watch = watches.get(session, row["number"])
            watches.save(session, replace(watch, about=swapped["about"], but_not=swapped["but_not"]))
            found.append([row["number"], named])
    return found


def _swapped(keys: Sequence[str], old: str, new: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(new if key == old else key for key in keys))


def _refresh(session: WriteSession, moved: Moved, old: str, new: str) -> None:
    """Brings the text index into line."""
    search.refresh(session, "position", moved["positions"], renamed=(old, new))
    search.refresh(session, "draft", moved["drafts"])
    search.refresh(session, "talks", sorted({number for number, _ in moved["agenda"]}))


def take_apart(session: WriteSession, revision: Revision, *, action: str) -> Topic:
    """Brings a merged topic back with everything of it that still names the other. Raises `CannotTakeApart`."""
    before: dict[str, Any] = dict(revision.before or {})
    one, into, moved = from_plain(Topic, before), str(before["into"]), before["moved"]
    other = topics.get(session, into)
    if topics.get(session, one.key) is not None:
        raise CannotTakeApart(one.key)
    if other is None:
        raise CannotTakeApart(into)
    gained = {fold(name) for name in moved["aliases"]}
    kept = tuple(alias for alias in other.aliases if fold(alias) not in gained)
    if holder := merged.name_taken(session, one, other, kept):
        raise CannotTakeApart(holder.key, holder.name)
    whole: dict[str, Any] = {"action": action, "undoes": revision.number}
    other = topics.save(session, replace(other, aliases=kept), **whole)
    parent = one.parent if one.parent and topics.get(session, one.parent) else None
    session.execute("DELETE FROM topic_merged WHERE team_id = :team AND key = :key", key=one.key)
    one = topics.save(session, replace(one, parent=parent), **whole)
    was, became = moved["parent"]
    for child in topics.by_keys(session, moved["children"]).values():
        if child.parent == into:
            topics.save(session, replace(child, parent=one.key), **whole)
    if was != became and other.parent == became and (was is None or topics.get(session, was)):
        other = topics.save(session, replace(other, parent=was), **whole)  # it lay under the one
    _move_back(session, moved, into, one.key, revision.number)
    for number, named in moved["watches"]:
        _watch_back(session, number, named, into, one.key)
    _refresh(session, moved, other.name, one.name)
    topic_talks.replan(session, [into, one.key])
    return one


def _move_back(session: WriteSession, moved: Moved, into: str, key: str, merge: int) -> None:
    for table, numbers in (("position", moved["positions"]), ("draft", moved["drafts"])):
        for start in range(0, len(numbers), AT_ONCE):
            holes, params = marks("n", numbers[start : start + AT_ONCE])
            if table == "position":  # what was edited meanwhile has versions on the other topic
                session.execute(
                    f"""INSERT INTO position_moved (team_id, party, topic, number, key)
                        SELECT team_id, party, CAST(:to AS TEXT), number, key FROM position
                        WHERE team_id = :team AND topic = :into AND number IN ({holes})
                        UNION ALL SELECT team_id, party, topic, number, key FROM position
                        WHERE team_id = :team AND topic = :into AND number IN ({holes})
                        ON CONFLICT (team_id, party, topic, number) DO NOTHING""",
                    into=into,
                    to=key,
                    **params,
                )
                reply_moves.note_taken_apart(session, numbers[start : start + AT_ONCE], merge)
                session.execute(
                    f"""UPDATE reply SET topic = :to WHERE team_id = :team AND position IN ({holes})
                          AND position IN ({_ON})""",
                    key=into,
                    to=key,
                    **params,
                )
            sql = f"UPDATE {table} SET topic = :to WHERE team_id = :team AND topic = :into AND number IN ({holes})"
            session.execute(sql, into=into, to=key, **params)
    for topic in (into, key):
        latest.keep_topic(session, topic)
    for number, seq in moved["agenda"]:
        session.execute(
            "UPDATE talks_agenda SET topic = :to WHERE team_id = :team AND topic = :into AND talks = :number AND seq = :seq",
            into=into,
            to=key,
            number=number,
            seq=seq,
        )


def _watch_back(session: WriteSession, number: int, named: dict[str, bool], into: str, key: str) -> None:
    """A watch about the one again; about the other too where it was before."""
    watch = watches.get(session, number)
    scopes = {"about": watch.about, "but_not": watch.but_not}
    for name, both in named.items():
        keys = scopes[name].topics
        if into in keys and key not in keys:
            scopes[name] = replace(scopes[name], topics=(*keys, key) if both else _swapped(keys, into, key))
    watches.save(session, replace(watch, about=scopes["about"], but_not=scopes["but_not"]))
