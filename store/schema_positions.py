"""What questions about positions over time, replies and topics need beyond the first tables."""

from __future__ import annotations

import json

import sqlite_utils

POSITIONS = [
    "CREATE INDEX position_said ON position (team_id, said_on DESC, number DESC)",
    "CREATE INDEX position_recorded ON position (team_id, party, topic, recorded_at)",
    """CREATE INDEX position_administration ON position (team_id, party, said_on, administration)
       WHERE administration IS NOT NULL""",
    "CREATE INDEX reply_administration ON reply (team_id, party, said_on, administration) WHERE administration IS NOT NULL",
    "CREATE INDEX reply_stance ON reply (team_id, party, stance, said_on DESC, position DESC, seq)",
    "CREATE INDEX agenda_topic ON talks_agenda (team_id, topic, talks)",
    """CREATE TABLE position_moved (
        team_id TEXT NOT NULL, party TEXT NOT NULL, topic TEXT NOT NULL, number INTEGER NOT NULL, key TEXT NOT NULL,
        PRIMARY KEY (team_id, party, topic, number))""",
    "CREATE INDEX position_moved_number ON position_moved (team_id, number)",
    """CREATE TABLE topic_merged (
        team_id TEXT NOT NULL, key TEXT NOT NULL, into_key TEXT NOT NULL, PRIMARY KEY (team_id, key))""",
    """CREATE TABLE administration (
        team_id TEXT NOT NULL, party TEXT NOT NULL, began TEXT NOT NULL, name TEXT NOT NULL, source TEXT,
        PRIMARY KEY (team_id, party, began))""",
]
"""`position_moved`: under which party and topic a position also stands or stood, or under which its day was another, so that
what was known on some day can be found. `topic_merged`: where the records of a topic that is no more went."""


SUPERSEDING = ["CREATE INDEX position_superseding ON position (team_id, supersedes) WHERE supersedes IS NOT NULL"]
"""Nearly no position supersedes another: counted over all rows, an index of which they are looks useless to a planner."""

PLACES = [
    "ALTER TABLE reply ADD COLUMN topic TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE reply ADD COLUMN holder TEXT NOT NULL DEFAULT ''",
    """UPDATE reply SET
         topic = (SELECT p.topic FROM position p WHERE p.team_id = reply.team_id AND p.number = reply.position),
         holder = (SELECT p.party FROM position p WHERE p.team_id = reply.team_id AND p.number = reply.position)""",
    "CREATE INDEX reply_topic ON reply (team_id, party, topic, said_on DESC, position DESC, stance, seq)",
    "CREATE INDEX reply_holder ON reply (team_id, party, holder, said_on DESC, position DESC, stance, seq)",
    "CREATE INDEX reply_answered ON reply (team_id, holder, topic, party, said_on DESC, position)",
    "DROP INDEX reply_party",
    """CREATE TABLE reply_moved (
        team_id TEXT NOT NULL, party TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (team_id, number, party))""",
    "CREATE INDEX reply_moved_party ON reply_moved (team_id, party, number)",
]
"""The topic and the party of the position that a reply was given to stand with the reply, so that each party's latest on a
topic, or to a party, is found in one step. `reply_stance` does all that `reply_party` did. `reply_moved`: whose replies to
which positions are no longer what they were (see `reply_moves`)."""

WALKS = [
    "DROP INDEX position_stance",
    "DROP INDEX position_topic",
    "CREATE INDEX position_stance ON position (team_id, party, topic, said_on DESC, number DESC, recorded_at)",
    "CREATE INDEX position_topic ON position (team_id, topic, party, said_on DESC, number DESC, recorded_at)",
]
"""With the moment it was recorded, so that a walk through what was known then reads nothing else."""

LATEST = [
    """CREATE TABLE position_latest (
        team_id TEXT NOT NULL, party TEXT NOT NULL, topic TEXT NOT NULL, stands_on TEXT NOT NULL, stands INTEGER NOT NULL,
        holds_from TEXT NOT NULL, PRIMARY KEY (team_id, topic, party))""",
    "CREATE INDEX position_latest_party ON position_latest (team_id, party, topic, stands_on, stands, holds_from)",
    "CREATE INDEX position_latest_topic ON position_latest (team_id, topic, party, stands_on, stands, holds_from)",
    "CREATE INDEX position_spoken ON position (team_id, party, said_on DESC, number DESC, topic, recorded_at)",
    "CREATE INDEX position_replacing ON position (team_id, party, topic) WHERE supersedes IS NOT NULL",
]
"""What stands of each party on each topic (see `latest`); days are "" where there is none, so that they can be compared. And
what a party said in order, whatever it was about; and on which topics it replaced something."""


def note_moved(db: sqlite_utils.Database) -> None:
    """Fills `position_moved` from the revisions made before there was such a table (a migration step)."""
    rows = db.execute("SELECT team_id, before, after FROM revision WHERE kind = 'position' AND before IS NOT NULL").fetchall()
    for team, before, after in rows:
        old, new = json.loads(before), json.loads(after) if after else None
        if new is None or any(old.get(name) != new.get(name) for name in ("party", "topic", "said_on")):
            for version in (old, new) if new else (old,):
                row = (team, version["party"], version["topic"], version["number"], version["key"])
                db.execute(
                    """INSERT INTO position_moved (team_id, party, topic, number, key) VALUES (?, ?, ?, ?, ?)
                       ON CONFLICT (team_id, party, topic, number) DO NOTHING""",
                    row,
                )
