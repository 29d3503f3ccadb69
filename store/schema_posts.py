"""The tables of watches and posts, as SQL that SQLite 3.37 and PostgreSQL 15 both take.

`watch_hook` files each watch under what could concern it ("party:ru", "members:nato", "topic:nato-east", or "*" for a watch
about everything), so that a change to one record reads only the watches that may care.
"""

from __future__ import annotations

POSTS = [
    """CREATE TABLE watch (
        team_id TEXT NOT NULL, number INTEGER NOT NULL, channel TEXT NOT NULL, created_by TEXT NOT NULL,
        rhythm TEXT NOT NULL, weekday INTEGER, at TEXT, zone TEXT NOT NULL, about TEXT NOT NULL, but_not TEXT NOT NULL,
        leads TEXT NOT NULL, state TEXT NOT NULL, since INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (team_id, number),
        CHECK (rhythm IN ('daily', 'weekdays', 'weekly', 'none')), CHECK (state IN ('active', 'paused', 'off')))""",
    "CREATE INDEX watch_channel ON watch (team_id, channel, number)",
    """CREATE TABLE watch_hook (
        team_id TEXT NOT NULL, hook TEXT NOT NULL, watch INTEGER NOT NULL,
        PRIMARY KEY (team_id, hook, watch), FOREIGN KEY (team_id, watch) REFERENCES watch (team_id, number))""",
    "CREATE INDEX watch_hook_watch ON watch_hook (team_id, watch)",
    """CREATE TABLE remind (
        team_id TEXT NOT NULL, channel TEXT NOT NULL, talks INTEGER NOT NULL, leads TEXT NOT NULL, zone TEXT NOT NULL,
        set_by TEXT NOT NULL, PRIMARY KEY (team_id, channel, talks))""",
    "CREATE INDEX remind_talks ON remind (team_id, talks)",
    """CREATE TABLE post (
        team_id TEXT NOT NULL, number INTEGER NOT NULL, key TEXT NOT NULL, channel TEXT NOT NULL, kind TEXT NOT NULL,
        subject TEXT NOT NULL, slot TEXT NOT NULL, due TEXT NOT NULL, useful_until TEXT NOT NULL, state TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, attempted_at TEXT, waited REAL NOT NULL DEFAULT 0, ts TEXT, reason TEXT,
        parent INTEGER, carrier INTEGER, upto INTEGER, body TEXT, changed_at TEXT NOT NULL,
        PRIMARY KEY (team_id, number), UNIQUE (team_id, channel, kind, subject, slot), UNIQUE (team_id, key),
        CHECK (state IN ('planned', 'sending', 'sent', 'unknown', 'failed', 'dropped')))""",
    """CREATE INDEX post_open ON post (due, number, team_id, channel, state)
        WHERE state IN ('planned', 'sending', 'unknown')""",
    """CREATE INDEX post_unsure ON post (team_id, channel, due, number) WHERE state IN ('sending', 'unknown')""",
    "CREATE INDEX post_subject ON post (team_id, subject, state)",
    "CREATE INDEX post_channel ON post (team_id, channel, state, due, number)",
    "CREATE INDEX post_carrier ON post (team_id, carrier) WHERE carrier IS NOT NULL",
    "CREATE INDEX post_parent ON post (team_id, parent) WHERE parent IS NOT NULL",
    """CREATE TABLE hold (
        team_id TEXT NOT NULL, channel TEXT NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL, reason TEXT NOT NULL,
        started TEXT NOT NULL, PRIMARY KEY (team_id, channel))""",
]
"""`hold.channel` '' is the whole workspace. A hold is in force from `since` to `until`; `started` is when its trouble did."""

WIDE = [
    """CREATE TABLE unplanned (
        team_id TEXT NOT NULL, subject TEXT NOT NULL, was TEXT, first TEXT NOT NULL, last TEXT NOT NULL,
        upto TEXT NOT NULL,
        PRIMARY KEY (team_id, subject))""",
]
"""Talks whose posts have still to be brought into line: see `store/backlog.py`."""
