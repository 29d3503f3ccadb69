"""The tables of the travel record (migration `travel`). All rows belong to the reference workspace `''`.

`counted` is 0 for exact duplicates and for rows the source has withdrawn. `stay_after`, `joint_after` and `office_after`
make counting stays of any period one grouped read: see `counting`.
"""

from __future__ import annotations

TABLES = [
    """CREATE TABLE travel_row (
        team_id TEXT NOT NULL, kind TEXT NOT NULL, id INTEGER NOT NULL, office TEXT NOT NULL, traveller TEXT NOT NULL,
        name TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL, country_id TEXT NOT NULL,
        country TEXT NOT NULL, party TEXT NOT NULL, was TEXT, locale TEXT NOT NULL, remarks TEXT NOT NULL,
        words TEXT NOT NULL, file TEXT NOT NULL, folder TEXT NOT NULL, rule TEXT, repeats INTEGER, counted INTEGER NOT NULL,
        stay_after TEXT, joint_after TEXT, office_after TEXT,
        recorded_at TEXT NOT NULL, changed_at TEXT NOT NULL, withdrawn_at TEXT,
        PRIMARY KEY (team_id, kind, id), CHECK (first_day <= last_day), CHECK (kind IN ('trip', 'visit')),
        CHECK (office IN ('president', 'secretary', 'visits')))""",
    """CREATE INDEX travel_row_count
        ON travel_row (team_id, counted, office, party, first_day, stay_after, joint_after, office_after)""",
    "CREATE INDEX travel_row_party ON travel_row (team_id, party, first_day, office, counted, country_id)",
    "CREATE INDEX travel_row_was ON travel_row (team_id, was, first_day)",
    "CREATE INDEX travel_row_repeats ON travel_row (team_id, kind, id) WHERE rule IS NOT NULL",
    """CREATE TABLE travel_country (
        team_id TEXT NOT NULL, id TEXT NOT NULL, party TEXT NOT NULL, name TEXT NOT NULL, known INTEGER NOT NULL,
        PRIMARY KEY (team_id, id))""",
    "CREATE INDEX travel_country_party ON travel_country (team_id, party)",
    """CREATE TABLE travel_import (
        team_id TEXT NOT NULL, number INTEGER NOT NULL, at TEXT NOT NULL, source TEXT NOT NULL, rows_read INTEGER NOT NULL,
        rows_new INTEGER NOT NULL, rows_changed INTEGER NOT NULL, rows_withdrawn INTEGER NOT NULL, summary TEXT NOT NULL,
        PRIMARY KEY (team_id, number))""",
]
