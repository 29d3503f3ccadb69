"""What merges of topics left behind: which changes were part of one, what was recorded since, and where older files lead.

A merge is one change, kept by its own revision; the names and the places in the tree that it changed on the way have
revisions too, which go with it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from store import changes, topics
from store.database import Session
from store.parties import fold
from store.records import Revision, Topic

MOST = 50
"""How much of what was recorded since a merge is named."""


def is_merge(revision: Revision) -> bool:
    """Is this the revision of a merge itself?"""
    return revision.kind == topics.KIND and "moved" in (revision.before or {})


def moved_of(merge: Revision) -> dict[str, Any]:
    """What a merge moved (see `topic_merges.Moved`)."""
    found: Any = (merge.before or {})["moved"]
    return dict(found)


def whole_of(session: Session, revision: Revision) -> Revision | None:
    """The merge that a change of a topic was a part of, in merging or in taking it apart; None for a change of its own."""
    if revision.kind != topics.KIND or is_merge(revision):
        return None
    if revision.undoes is not None:
        undone = changes.get(session, revision.undoes)
        return undone if is_merge(undone) else None
    number = session.value(
        "SELECT min(number) FROM revision WHERE team_id = :team AND kind = :kind AND number > :number AND after IS NULL",
        kind=topics.KIND,
        number=revision.number,
    )
    following = None if number is None else changes.get(session, int(number))
    if following is None or not is_merge(following):
        return None
    return following if revision.number in moved_of(following).get("revisions", ()) else None


def latest_of(session: Session, actor: str) -> Revision | None:
    """The last change that somebody made to a topic, a merge being one; None if it is not recent."""
    return next((r for r in changes.own(session, topics.KIND, actor) if whole_of(session, r) is None), None)


def undone_last(session: Session, actor: str) -> Revision | None:
    """The last undoing of somebody's that can be undone by itself, which that of a merge cannot; None if it is not recent."""
    undoing = changes.own(session, topics.KIND, actor, undoing=True)
    return next((r for r in undoing if whole_of(session, r) is None), None)


def recorded_since(session: Session, merge: Revision) -> list[str]:
    """What was recorded under the topic that stayed after a merge, by label: nobody can tell which of the two it meant."""
    into = str((merge.before or {})["into"])
    found: list[str] = []
    for letter, kind, sql in (
        ("P", "position", "JOIN position x ON x.team_id = r.team_id AND x.key = r.key AND x.topic = :into"),
        ("D", "draft", "JOIN draft x ON x.team_id = r.team_id AND x.key = r.key AND x.topic = :into"),
        (
            "T",
            "talks",
            """JOIN talks x ON x.team_id = r.team_id AND x.key = r.key AND EXISTS (SELECT 1 FROM talks_agenda a
               WHERE a.team_id = x.team_id AND a.talks = x.number AND a.topic = :into)""",
        ),
    ):
        rows = session.rows(
            f"""SELECT DISTINCT x.number FROM revision r {sql} WHERE r.team_id = :team AND r.kind = :kind
                AND r.number > :since AND r.before IS NULL ORDER BY x.number LIMIT :most""",
            kind=kind,
            into=into,
            since=merge.number,
            most=MOST,
        )
        found += [f"{letter}-{row['number']}" for row in rows]
    return found


def name_taken(session: Session, one: Topic, into: Topic, aliases: tuple[str, ...]) -> Topic | None:
    """Who has a merged topic's own name by now, so that it cannot come back under it: `into`, which would keep `aliases`, or
    another topic."""
    name = fold(one.name)
    if name in map(fold, (into.name, *aliases)):
        return into
    others = [key for key in topics.named(session, [name]).get(name, []) if key not in (into.key, one.key)]
    return topics.get(session, others[0]) if others else None


def follow(session: Session, topic: Topic) -> Topic | None:
    """A topic as an older file has it, with what merges that stand have given it since; None for one that was merged away."""
    if topics.current(session, topic.key) != topic.key:
        return None
    had = topics.get(session, topic.key)
    if had is None:
        return topic
    aliases, parent = list(topic.aliases), topic.parent
    for merge in _taken_in(session, topic.key):
        moved = moved_of(merge)
        aliases += [name for name in moved["aliases"] if name in had.aliases]
        was, became = moved["parent"]
        if was != became and parent is not None and parent in (was, topics.current(session, was)) and had.parent == became:
            parent = became
    return replace(topic, aliases=tuple(aliases), parent=parent)


def _taken_in(session: Session, key: str) -> list[Revision]:
    """The merges into a topic that stand."""
    rows = session.rows(
        """SELECT max(r.number) AS number FROM topic_merged m
           JOIN revision r ON r.team_id = m.team_id AND r.kind = 'topic' AND r.key = m.key AND r.after IS NULL
           WHERE m.team_id = :team AND m.into_key = :key
             AND NOT EXISTS (SELECT 1 FROM topic t WHERE t.team_id = m.team_id AND t.key = m.key) GROUP BY m.key ORDER BY 1""",
        key=key,
    )
    found = [changes.get(session, row["number"]) for row in rows]
    return [merge for merge in found if is_merge(merge)]
