"""Undo: a change taken back as a new change, where nothing that came later rests on it.

A revision is taken back field by field: what it changed gets its old value again, what others changed since stays. It is
refused where a later change touched the same field, or where another record depends on what would go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from store import changes, drafts, merged, positions, talks, topic_merges, topic_talks, topics
from store.database import Session, WriteSession
from store.errors import NotOnRecord
from store.plain import to_plain
from store.records import Draft, Position, Revision, Status, Talks, Topic

ACTION = "undone"

Logged = Talks | Position | Draft
"""What has a log of its own."""
Record = Logged | Topic

_MODULES: dict[str, Any] = {module.KIND: module for module in (talks, positions, drafts, topics)}


class CannotUndo(Exception):
    """Something rests on the change. `fields` are those that changed again, `by` the later revisions that did it,
    `labels` the records that depend on it, `why` says it in a word: "later", "depends", "nothing", "name" (a name of what would
    come back is another's by now, whose name is the label), "part" (it is part of the change in `by`) or "apart" (it is part of
    taking that one back)."""

    def __init__(
        self, why: str, *, fields: Sequence[str] = (), by: Sequence[Revision] = (), labels: Sequence[str] = ()
    ) -> None:
        super().__init__(why)
        self.why = why
        self.fields = tuple(fields)
        self.by = tuple(by)
        self.labels = tuple(labels)


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, the number of the revision that did it, and the record as it is now (None: off the record): talks,
    a position or a draft in `record`, a topic in `topic`."""

    revision: Revision
    number: int
    record: Logged | None
    topic: Topic | None = None
    meanwhile: tuple[str, ...] = ()
    """What was recorded under the topic that a merge left, since it, by label: it stays there."""


def last(session: Session, kind: str, key: str) -> Revision | None:
    """The newest change of a record that still stands: no undoing, and not undone. None when there is none."""
    undone: set[int] = set()
    for revision in reversed(changes.of_record(session, kind, key)):
        if revision.number in undone:
            continue
        if revision.undoes is None:
            return revision
        undone.add(revision.undoes)
    return None


def undo(session: WriteSession, revision: Revision) -> Undone:
    """Takes one change of talks, of a position, of a draft or of a topic back. Raises `CannotUndo`; then nothing was written.

    A merge of two topics is one change: all of it is taken back, but for what names another topic by now.
    """
    if merged.is_merge(revision):
        return _take_apart(session, revision)
    if whole := merged.whole_of(session, revision):
        raise CannotUndo("part" if revision.undoes is None else "apart", by=[whole])
    module = _MODULES[revision.kind]
    now = module.by_key(session, revision.key)
    later = changes.since(session, revision.kind, revision.key, revision.number)
    record: Record | None = None
    try:
        if revision.before is None:
            _check_removal(session, revision, now, later)
            module.remove(session, now, action=ACTION, undoes=revision.number)
        else:
            plain: dict[str, Any] = dict(revision.before) if revision.after is None else _without(revision, now, later)
            if revision.after is None and now is not None:
                raise CannotUndo("later", by=later)
            _check_order(session, now, plain)
            _follow_merges(session, plain)
            record = module.restore(session, plain, action=ACTION, undoes=revision.number)
    except (talks.Circle, topics.Circle) as circle:
        raise CannotUndo("depends", labels=circle.path) from None
    except NotOnRecord as missing:
        raise CannotUndo("depends", labels=[missing.label]) from None
    number = changes.latest(session, revision.kind, revision.key)
    if isinstance(record, Topic):
        topic_talks.replan(session, [record.key])
        return Undone(revision, number, None, record)
    return Undone(revision, number, record)


def _follow_merges(session: Session, plain: dict[str, Any]) -> None:
    """Lets what is put back name the topics that its own were merged into since."""
    for item in (plain, *plain.get("agenda", ())):
        if item.get("topic"):
            item["topic"] = topics.current(session, item["topic"])


def _take_apart(session: WriteSession, revision: Revision) -> Undone:
    try:
        record = topic_merges.take_apart(session, revision, action=ACTION)
    except topic_merges.CannotTakeApart as no:
        if no.name:
            raise CannotUndo("name", labels=[no.name]) from None
        later = changes.since(session, topics.KIND, no.key, revision.number)
        raise CannotUndo("nothing" if no.key == revision.key else "later", by=later) from None
    meanwhile = tuple(merged.recorded_since(session, revision))
    return Undone(revision, changes.latest(session, revision.kind, revision.key), None, record, meanwhile)


def _check_removal(session: Session, revision: Revision, now: Record | None, later: Sequence[Revision]) -> None:
    """A record can go only as it came: unchanged since, and with nothing that builds on it."""
    if now is None:
        raise CannotUndo("nothing", by=later[-1:])
    came = dict(revision.after or {})
    _follow_merges(session, came)
    if to_plain(now) != came:
        raise CannotUndo("later", by=later)
    if isinstance(now, Talks):
        labels = [f"T-{number}" for number in talks.dependants(session, now.number)]
    elif isinstance(now, Topic):
        labels = topics.users(session, now.key)
    elif isinstance(now, Draft):
        labels = []
    else:
        newer = positions.superseding(session, now.number)
        labels = [f"P-{newer}"] if newer else []
    if labels:
        raise CannotUndo("depends", labels=labels)


def _without(revision: Revision, now: Record | None, later: Sequence[Revision]) -> dict[str, Any]:
    """The record as it is now, with the fields that a revision changed as they were before it."""
    before, after = revision.before or {}, revision.after or {}
    if now is None:
        raise CannotUndo("later", by=later[-1:])
    plain: dict[str, Any] = to_plain(now)
    touched = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    again = [name for name in touched if plain.get(name) != after.get(name)]
    if again:
        by = [r for r in later if any((r.before or {}).get(name) != (r.after or {}).get(name) for name in again)]
        raise CannotUndo("later", fields=again, by=by)
    if not touched:
        raise CannotUndo("nothing")
    for name in touched:
        plain.pop(name, None)
        if name in before:
            plain[name] = before[name]
    return plain


def _check_order(session: Session, now: Record | None, plain: dict[str, Any]) -> None:
    """Talks that others were held after cannot turn out not to have been held."""
    if isinstance(now, Talks) and now.status is Status.HELD and plain.get("status") != Status.HELD.value:
        after = talks.many(session, talks.dependants(session, now.number))
        if held := [t.label for t in after if t.status is Status.HELD]:
            raise CannotUndo("depends", labels=held)
