"""Talks by their topics: what is owed about them is planned anew when the topics' tree changes.

A watch about a topic hears of everything under it, and one that leaves a topic out of nothing under it: so a topic that moves
takes the reminders of its talks along.
"""

from __future__ import annotations

from collections.abc import Sequence

from store import backlog, planning, topics, watches
from store import talks as on_record
from store.database import Session, WriteSession, marks
from store.records import Status

AT_ONCE = 50
"""For how many talks a change is planned on the spot; the sweep plans for more, from notes."""


def replan(session: WriteSession, keys: Sequence[str]) -> None:
    """Brings the posts about the talks ahead on some topics, or on any below them, into line with the topics as they are."""
    if not watches.anybody(session):
        return
    ahead = _ahead(session, topics.subtree_of(session, keys))
    if len(ahead) > AT_ONCE:
        for number, status in ahead.items():
            backlog.note(session, f"T-{number}", status)
        return
    for talks in on_record.many(session, list(ahead)):
        planning.replan(session, talks, talks.status)


def _ahead(session: Session, keys: Sequence[str]) -> dict[int, Status]:
    """The talks ahead with one of these topics on their agenda, by number, with their status."""
    holes, params = marks("k", keys)
    standing = f"{on_record.AHEAD}, {on_record.MOOTED}"
    rows = session.rows(
        f"""SELECT DISTINCT t.number, t.status FROM talks_agenda a JOIN talks t ON t.team_id = a.team_id AND t.number = a.talks
            WHERE a.team_id = :team AND a.topic IN ({holes}) AND t.standing IN ({standing}) ORDER BY t.number""",
        **params,
    )
    return {row["number"]: Status(row["status"]) for row in rows}
