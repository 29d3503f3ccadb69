"""The tables of the first release, as SQL that SQLite 3.37 and PostgreSQL 15 both take (text search apart: see `search`).

Every table of a workspace's facts leads its keys with `team_id`; rows of the reference workspace `''` are shared.
`subject` and `subject_number` point from an account or a citation to the talks, position, draft or membership it is about.
"""

from __future__ import annotations

WINDOW = """
    earliest TEXT, latest TEXT, precision TEXT NOT NULL DEFAULT 'none', zone TEXT,
    stated TEXT, stated_by TEXT, stated_on TEXT
"""

PLACE = "place_state TEXT{0}, country TEXT, city TEXT, venue TEXT"

FLOOR = [
    """CREATE TABLE counter (
        team_id TEXT NOT NULL, kind TEXT NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (team_id, kind))""",
    """CREATE TABLE reference (name TEXT NOT NULL PRIMARY KEY, version TEXT NOT NULL)""",
    """CREATE TABLE source (
        team_id TEXT NOT NULL, key TEXT NOT NULL, title TEXT NOT NULL, publisher TEXT, url TEXT, published TEXT, author TEXT,
        PRIMARY KEY (team_id, key))""",
    """CREATE TABLE citation (
        team_id TEXT NOT NULL, subject TEXT NOT NULL, subject_number INTEGER NOT NULL, part TEXT NOT NULL DEFAULT '',
        seq INTEGER NOT NULL, source TEXT NOT NULL,
        PRIMARY KEY (team_id, subject, subject_number, part, seq),
        FOREIGN KEY (team_id, source) REFERENCES source (team_id, key))""",
    "CREATE INDEX citation_source ON citation (team_id, source)",
    """CREATE TABLE party (
        team_id TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, flag TEXT, zone TEXT,
        since TEXT, until TEXT, successor TEXT, PRIMARY KEY (team_id, code))""",
    """CREATE TABLE party_name (
        team_id TEXT NOT NULL, folded TEXT NOT NULL, code TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
        PRIMARY KEY (team_id, folded, code, kind))""",
    "CREATE INDEX party_name_folded ON party_name (folded)",
    "CREATE INDEX party_name_code ON party_name (team_id, code)",
    """CREATE TABLE membership (
        team_id TEXT NOT NULL, bloc TEXT NOT NULL, member TEXT NOT NULL, seq INTEGER NOT NULL,
        joined TEXT, left_on TEXT, note TEXT, PRIMARY KEY (team_id, bloc, member, seq))""",
    "CREATE INDEX membership_member ON membership (team_id, member)",
    """CREATE TABLE topic (
        team_id TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, parent TEXT,
        PRIMARY KEY (team_id, key), FOREIGN KEY (team_id, parent) REFERENCES topic (team_id, key))""",
    """CREATE TABLE topic_name (
        team_id TEXT NOT NULL, folded TEXT NOT NULL, topic TEXT NOT NULL, seq INTEGER NOT NULL, name TEXT NOT NULL,
        PRIMARY KEY (team_id, folded, topic),
        FOREIGN KEY (team_id, topic) REFERENCES topic (team_id, key))""",
    f"""CREATE TABLE talks (
        team_id TEXT NOT NULL, number INTEGER NOT NULL, key TEXT NOT NULL, title TEXT NOT NULL, status TEXT NOT NULL,
        track TEXT, round INTEGER, format TEXT, host TEXT, level TEXT NOT NULL, {WINDOW}, {PLACE.format(" NOT NULL")},
        outcome TEXT NOT NULL DEFAULT '[]', note TEXT,
        standing INTEGER NOT NULL, opens_at TEXT, closes_at TEXT, due TEXT NOT NULL, span INTEGER NOT NULL,
        waits INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 1,
        PRIMARY KEY (team_id, number), UNIQUE (team_id, key),
        CHECK (status IN ('mooted', 'planned', 'confirmed', 'held', 'postponed', 'cancelled')),
        CHECK (earliest IS NULL OR latest IS NULL OR earliest <= latest))""",
    "CREATE INDEX talks_due ON talks (team_id, standing, due, waits, opens_at, number)",
    "CREATE INDEX talks_span ON talks (team_id, span, opens_at, number)",
    "CREATE INDEX talks_loose ON talks (team_id, standing, due, number) WHERE precision NOT IN ('minute', 'day')",
    "CREATE INDEX talks_waiting ON talks (team_id, standing, due, number) WHERE waits > 0",
    "CREATE INDEX talks_track ON talks (team_id, track, number)",
    """CREATE TABLE talks_side (
        team_id TEXT NOT NULL, talks INTEGER NOT NULL, seq INTEGER NOT NULL, party TEXT NOT NULL, level TEXT NOT NULL,
        people TEXT NOT NULL DEFAULT '[]', standing INTEGER NOT NULL, due TEXT NOT NULL, opens_at TEXT,
        PRIMARY KEY (team_id, talks, seq), UNIQUE (team_id, talks, party),
        FOREIGN KEY (team_id, talks) REFERENCES talks (team_id, number))""",
    "CREATE INDEX talks_side_due ON talks_side (team_id, party, standing, due, talks)",
    "CREATE INDEX talks_side_opens ON talks_side (team_id, party, opens_at, talks)",
    """CREATE TABLE talks_agenda (
        team_id TEXT NOT NULL, talks INTEGER NOT NULL, seq INTEGER NOT NULL, text TEXT NOT NULL, topic TEXT,
        PRIMARY KEY (team_id, talks, seq),
        FOREIGN KEY (team_id, talks) REFERENCES talks (team_id, number),
        FOREIGN KEY (team_id, topic) REFERENCES topic (team_id, key))""",
    """CREATE TABLE talks_after (
        team_id TEXT NOT NULL, talks INTEGER NOT NULL, needs INTEGER NOT NULL, PRIMARY KEY (team_id, talks, needs),
        FOREIGN KEY (team_id, talks) REFERENCES talks (team_id, number),
        FOREIGN KEY (team_id, needs) REFERENCES talks (team_id, number), CHECK (talks <> needs))""",
    "CREATE INDEX talks_after_needs ON talks_after (team_id, needs)",
    f"""CREATE TABLE account (
        team_id TEXT NOT NULL, subject TEXT NOT NULL, subject_number INTEGER NOT NULL, seq INTEGER NOT NULL,
        key TEXT NOT NULL, by_whom TEXT NOT NULL, party TEXT, office TEXT, said_on TEXT, happens INTEGER,
        has_window INTEGER NOT NULL, {WINDOW}, level TEXT, {PLACE.format("")}, claim TEXT, settled INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (team_id, subject, subject_number, seq), UNIQUE (team_id, subject, subject_number, key))""",
    """CREATE TABLE position (
        team_id TEXT NOT NULL, number INTEGER NOT NULL, key TEXT NOT NULL, party TEXT NOT NULL, topic TEXT NOT NULL,
        stance TEXT NOT NULL, summary TEXT NOT NULL, said_on TEXT, recorded_at TEXT NOT NULL, quote TEXT,
        original_quote TEXT, original_language TEXT, speaker TEXT, office TEXT, administration TEXT, supersedes INTEGER,
        applies_bloc TEXT, applies_after TEXT, applies_by TEXT, version INTEGER NOT NULL DEFAULT 1,
        PRIMARY KEY (team_id, number), UNIQUE (team_id, key),
        FOREIGN KEY (team_id, topic) REFERENCES topic (team_id, key),
        FOREIGN KEY (team_id, supersedes) REFERENCES position (team_id, number),
        CHECK (stance IN ('demands', 'supports', 'opposes', 'conditional', 'declines')))""",
    "CREATE INDEX position_stance ON position (team_id, party, topic, said_on DESC, number DESC)",
    "CREATE INDEX position_topic ON position (team_id, topic, party, said_on DESC, number DESC)",
    "CREATE INDEX position_supersedes ON position (team_id, supersedes)",
    """CREATE TABLE reply (
        team_id TEXT NOT NULL, position INTEGER NOT NULL, seq INTEGER NOT NULL, key TEXT NOT NULL, party TEXT NOT NULL,
        stance TEXT NOT NULL, summary TEXT, quote TEXT, original_quote TEXT, original_language TEXT, speaker TEXT,
        office TEXT, administration TEXT, said_on TEXT, reply_to TEXT,
        PRIMARY KEY (team_id, position, seq), UNIQUE (team_id, position, key),
        FOREIGN KEY (team_id, position) REFERENCES position (team_id, number),
        CHECK (stance IN ('endorses', 'rejects', 'conditional', 'declines')))""",
    "CREATE INDEX reply_party ON reply (team_id, party, stance)",
    """CREATE TABLE draft (
        team_id TEXT NOT NULL, number INTEGER NOT NULL, key TEXT NOT NULL, title TEXT NOT NULL, status TEXT NOT NULL,
        body TEXT, symbol TEXT, tabled_on TEXT, status_on TEXT, topic TEXT, note TEXT,
        tally_day TEXT, in_favour INTEGER, against INTEGER, abstained INTEGER, absent INTEGER,
        version INTEGER NOT NULL DEFAULT 1,
        PRIMARY KEY (team_id, number), UNIQUE (team_id, key),
        FOREIGN KEY (team_id, topic) REFERENCES topic (team_id, key))""",
    """CREATE TABLE clause (
        team_id TEXT NOT NULL, draft INTEGER NOT NULL, seq INTEGER NOT NULL, issue TEXT NOT NULL, says TEXT NOT NULL,
        text TEXT, text_version INTEGER NOT NULL DEFAULT 1,
        PRIMARY KEY (team_id, draft, seq), FOREIGN KEY (team_id, draft) REFERENCES draft (team_id, number))""",
    """CREATE TABLE alignment (
        team_id TEXT NOT NULL, draft INTEGER NOT NULL, seq INTEGER NOT NULL, role TEXT NOT NULL, party TEXT, label TEXT,
        said_on TEXT, note TEXT,
        PRIMARY KEY (team_id, draft, seq), FOREIGN KEY (team_id, draft) REFERENCES draft (team_id, number))""",
    """CREATE TABLE vote (
        team_id TEXT NOT NULL, draft INTEGER NOT NULL, seq INTEGER NOT NULL, party TEXT NOT NULL, choice TEXT NOT NULL,
        kind TEXT NOT NULL, day TEXT,
        PRIMARY KEY (team_id, draft, seq), UNIQUE (team_id, draft, party, kind),
        FOREIGN KEY (team_id, draft) REFERENCES draft (team_id, number))""",
    """CREATE TABLE revision (
        team_id TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, at TEXT NOT NULL,
        actor TEXT NOT NULL, action TEXT NOT NULL, why TEXT, before TEXT, after TEXT, undoes INTEGER,
        PRIMARY KEY (team_id, number))""",
    "CREATE INDEX revision_record ON revision (team_id, kind, key, number)",
    "CREATE INDEX revision_at ON revision (team_id, at)",
    """CREATE TABLE seen (
        team_id TEXT NOT NULL, delivery TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (team_id, delivery))""",
    "CREATE INDEX seen_at ON seen (at)",
    """CREATE TABLE setting (
        team_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (team_id, name))""",
]

ROUNDS = ["CREATE INDEX talks_round ON talks (team_id, round, number) WHERE round IS NOT NULL AND opens_at IS NULL"]
"""What finding undated rounds of a series needs."""

RECORDING = ["CREATE INDEX source_url ON source (team_id, url)"]
"""What recording by hand needs: the source at an address."""

DRAFTS = [
    "CREATE INDEX draft_status ON draft (team_id, status, number)",
    "CREATE INDEX draft_topic ON draft (team_id, topic, status, number)",
    "CREATE INDEX alignment_party ON alignment (team_id, party, draft)",
]
"""What lists of drafts walk: those in play, on a topic, and with a party's name on them."""
