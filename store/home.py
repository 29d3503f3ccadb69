"""The home workspace: whose facts the command line means when nobody names a workspace.

Before the bot has met Slack that is `local`. The first workspace that the bot serves becomes home, and what was loaded at the
command line until then becomes its own; so that loading a file and then running the bot is all it takes.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime

from store import posts, watches
from store.database import BUILTIN, Store, WriteSession
from store.records import PostKind, WatchState

LOCAL = "local"
"""The workspace of a store that has not met Slack."""

_SETTING = "home"


def of(store: Store) -> str:
    """The home workspace's id; `local` until the bot has served one."""
    with store.read(BUILTIN) as session:
        value = session.value("SELECT value FROM setting WHERE team_id = :team AND name = :name", name=_SETTING)
    return LOCAL if value is None else str(value)


def settle(store: Store, team: str, *, now: datetime) -> bool:
    """Makes a workspace home if none is yet; returns True when it took over what was loaded as `local`.

    A workspace that has records of its own keeps just those: two memories are never mixed.
    """
    if of(store) != LOCAL:
        return False
    with store.write(BUILTIN, actor="attache run", now=now) as session:
        session.insert("setting", [{"name": _SETTING, "value": team}])
        has_own = session.value("SELECT count(*) FROM counter WHERE team_id = :other", other=team)
        has_local = session.value("SELECT count(*) FROM counter WHERE team_id = :local", local=LOCAL)
        if has_own or not has_local:
            return False
        # Every key leads with the workspace, so the rows move together; their references hold again at the commit.
        session.db.conn.execute("PRAGMA defer_foreign_keys=ON")
        tables = [t for t in session.db.tables if "team_id" in t.columns_dict and not t.name.startswith("document_index")]
        for table in tables:
            session.execute(f"UPDATE {table.name} SET team_id = :new WHERE team_id = :old", new=team, old=LOCAL)
        _leave_the_terminal(dataclasses.replace(session, team=team))
    return True


def _leave_the_terminal(session: WriteSession) -> None:
    """Ends what was ordered at the command line for itself: Slack has no channel of that name to post in."""
    for watch in watches.of_channel(session, LOCAL):
        watches.save(session, dataclasses.replace(watch, state=WatchState.OFF), action="ended: it was the terminal's")
    for talks in watches.reminds_in(session, LOCAL):
        watches.forget_remind(session, LOCAL, talks)
    owed = [row["number"] for row in posts.planned_in(session, LOCAL, tuple(PostKind))]
    posts.drop(session, owed, "the terminal is no channel of the workspace")
