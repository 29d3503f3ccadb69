"""A store of any size for measuring: seeded, and shaped like a foreign desk's.

The starter facts come first, so that every number in the README is there; talks and positions in bulk follow. Rows go in
as the store writes them (tests/bench/test_generate.py holds the two together), without revisions: no question reads those.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlite_utils

from bot import wiring
from bot.config import Settings
from store import latest, migrations, parts, search, search_marks, starter
from store.database import to_json
from store.positions import KIND as POSITION
from store.records import Level, Place, PlaceState, Precision, ReplyStance, Side, Stance, Status, Talks, Window
from store.talks import KIND as TALKS
from store.talks import STANDING, _span, due
from store.times import closes_at, instant_text, opens_at

NOW = datetime(2025, 2, 22, 18, 0, tzinfo=UTC)
TEAM = "T0ATTACHE"
RARE, COMMON = "zugzwang", "security"
SEED = 20250222

_TOPICS = (
    "sanctions", "ceasefire", "prisoners", "grain", "arms control", "missile defence", "embassies", "visas", "fisheries",
    "tariffs", "energy", "gas transit", "migration", "climate", "water", "border", "air space", "cyber", "space", "debt",
    "trade", "human rights", "elections", "recognition", "airports", "shipping", "rare earths", "nuclear safety", "drones",
    "reparations",
)  # fmt: skip
_THINGS = ("consultations", "round", "working group", "summit", "dialogue", "contact group", "commission", "mediation")
_PLACES = (("sa", "Riyadh"), ("ch", "Geneva"), ("tr", "Istanbul"), ("at", "Vienna"), ("qa", "Doha"), ("ae", "Abu Dhabi"))
_SPEAKERS = ("Ryabkov", "Lavrov", "Rubio", "Kallas", "Fidan", "Wang Yi", "Baerbock", "Barrot", "Lammy", "Sybiha")
_FAVOURED = ("us", "ru", "cn", "ua", "fr", "de", "gb", "tr", "sa", "in", "ir", "il")


def store_of(talks: int, positions: int, folder: Path | None = None) -> Path:
    """A store with so many talks and positions, made on first use and kept in the temporary directory."""
    folder = folder or Path(tempfile.gettempdir()) / "attache-bench"
    path = folder / f"{talks}-{positions}-{_edition()}.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for outdated in folder.glob(f"{talks}-{positions}-*"):
            outdated.unlink()
        half = path.with_suffix(".part")
        for broken_off in folder.glob(f"{half.name}*"):
            broken_off.unlink()
        _make(half, talks, positions)
        half.rename(path)
    return path


def _edition() -> str:
    """Changes with anything that the contents depend on."""
    sources = [Path(__file__), *sorted(Path(starter.__file__).parent.parent.glob("*.py"))]
    parts = [*(path.read_bytes() for path in sources), *(starter.text(name) for name in starter.files())]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:12]


def _make(path: Path, talks: int, positions: int) -> None:
    migrations.migrate(path, now=NOW)
    store = migrations.open_store(path)
    starter.apply(store, TEAM, NOW, wiring.window_reader(Settings()))
    with store.read(TEAM) as session:
        states = [row["code"] for row in session.rows("SELECT code FROM party WHERE kind = 'state' ORDER BY code")]
        names = {row["code"]: row["name"] for row in session.rows("SELECT code, name FROM party")}
    store.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous=OFF")
        db.execute("PRAGMA cache_size=-400000")  # kilobytes: indexes are filled in no order, and this must not reread them
        db.execute("BEGIN")
        _fill(db, World(states, names), talks, positions)
        db.execute("COMMIT")
        db.execute("ANALYZE")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class World:
    """Where the facts come from: some parties talk far more than others, and mostly to each other."""

    def __init__(self, states: list[str], names: dict[str, str]) -> None:
        self.dice = random.Random(SEED)
        self.names = names
        rest = [code for code in states if code not in _FAVOURED]
        self.parties = [*_FAVOURED, *rest]
        self._weights = [1 / (rank + 1) for rank in range(len(self.parties))]

    def party(self) -> str:
        return self.dice.choices(self.parties, self._weights)[0]

    def pair(self) -> tuple[str, str]:
        one = self.party()
        while (other := self.party()) == one:
            pass
        return one, other

    def words(self, subject: str) -> str:
        """A sentence on a subject. Nearly all hold the common word."""
        common = f" and regional {COMMON}" if self.dice.random() < 0.9 else ""
        return f"{subject}{common}, {self.dice.choice(_SPEAKERS)} said; {self.dice.choice(_TOPICS)} to follow"

    def window(self, status: Status) -> Window:
        """Any precision, past for what was held, ahead for what is to come; a few have lapsed."""
        held = status in (Status.HELD, Status.CANCELLED, Status.POSTPONED)
        lapsed = not held and self.dice.random() < 0.002
        far = self.dice.randint(1, 2500 if held else 900)
        day = NOW.date() + timedelta(days=-far if held or lapsed else far)
        precision = Precision.DAY if held else self.dice.choice(list(Precision))
        first, last = _bounds(precision, day, self.dice)
        return Window(first, last, precision, None, "as announced", self.dice.choice(_SPEAKERS), day - timedelta(days=14))


def _bounds(precision: Precision, day: date, dice: random.Random) -> tuple[Any, Any]:
    lengths = {
        Precision.RANGE: 2, Precision.WEEK: 6, Precision.PART_MONTH: 9, Precision.MONTH: 30, Precision.QUARTER: 90,
        Precision.HALF_YEAR: 180, Precision.SEASON: 91, Precision.YEAR: 364, Precision.OPEN_WINDOW: 14, Precision.VAGUE: 10,
    }  # fmt: skip
    if precision is Precision.NONE:
        return None, None
    if precision is Precision.OPEN_START:
        return day, None
    if precision is Precision.MINUTE:
        moment = datetime(day.year, day.month, day.day, dice.randint(6, 18), tzinfo=UTC)
        return moment, moment
    return day, day + timedelta(days=lengths.get(precision, 0))


_STATUSES = (Status.HELD, Status.PLANNED, Status.CONFIRMED, Status.MOOTED, Status.CANCELLED, Status.POSTPONED)
_STATUS_WEIGHTS = (30, 40, 12, 10, 5, 3)


def a_talks(world: World, number: int) -> Talks:
    """One generated talks record."""
    status = world.dice.choices(_STATUSES, _STATUS_WEIGHTS)[0]
    one, other = world.pair()
    subject = world.dice.choice(_TOPICS)
    named = world.dice.random() < 0.6
    country, city = world.dice.choice(_PLACES)
    levels = list(Level)
    return Talks(
        key=f"bulk-{number}",
        number=number,
        title=f"{subject.capitalize()} {world.dice.choice(_THINGS)}",
        status=status,
        sides=(Side(one, world.dice.choice(levels)), Side(other, world.dice.choice(levels))),
        window=world.window(status),
        place=Place(PlaceState.NAMED, country, city) if named else Place(PlaceState.THIRD_COUNTRY),
        note=world.words(subject) + (f"; a {RARE}" if number % 40_000 == 7 or number == 50 else ""),
    )


def talks_row(talks: Talks, waits: int = 0) -> dict[str, Any]:
    """The row of `talks`, as the store writes it."""
    opens, window = opens_at(talks.window), talks.window
    closes = closes_at(window)
    return {
        "team_id": TEAM, "number": talks.number, "key": talks.key, "title": talks.title, "status": talks.status.value,
        "level": talks.level.value, **parts.window_columns(window), **parts.place_columns(talks.place),
        "outcome": to_json(list(talks.outcome)), "note": talks.note, "standing": STANDING[talks.status],
        "opens_at": instant_text(opens) if opens else None, "closes_at": instant_text(closes) if closes else None,
        "due": due(talks), "span": _span(talks), "waits": waits,
    }  # fmt: skip


def side_rows(talks: Talks) -> list[dict[str, Any]]:
    """The rows of `talks_side`, as the store writes them."""
    opens = opens_at(talks.window)
    return [
        {
            "team_id": TEAM, "talks": talks.number, "seq": seq, "party": side.party, "level": side.level.value, "people": "[]",
            "standing": STANDING[talks.status], "due": due(talks), "opens_at": instant_text(opens) if opens else None,
        }
        for seq, side in enumerate(talks.sides)
    ]  # fmt: skip


def recorded_at(said: date, number: int) -> datetime:
    """When a generated position was recorded: within days of being said."""
    return min(NOW, datetime(said.year, said.month, said.day, 12, tzinfo=UTC) + timedelta(days=number % 9))


def reply_row(world: World, position: int, said: str, topic: str, holder: str) -> dict[str, Any]:
    """The row of one generated reply."""
    return {
        "team_id": TEAM, "position": position, "topic": topic, "holder": holder, "seq": 0, "key": "r", "party": world.party(),
        "stance": world.dice.choice(list(ReplyStance)).value, "summary": world.words("reply"),
        "speaker": world.dice.choice(_SPEAKERS), "said_on": said,
    }  # fmt: skip


def position_row(world: World, number: int, topics: list[str]) -> dict[str, Any]:
    """The row of one generated position."""
    said = NOW.date() - timedelta(days=int(world.dice.triangular(1, 6000, 1)))
    topic = world.dice.choice(topics)
    return {
        "team_id": TEAM, "number": number, "key": f"bulk-{number}", "party": world.party(), "topic": topic,
        "stance": world.dice.choice([stance.value for stance in Stance]), "summary": world.words(topic),
        "said_on": said.isoformat(), "recorded_at": instant_text(recorded_at(said, number)),
        "speaker": world.dice.choice(_SPEAKERS), "office": "minister", "quote": None,
    }  # fmt: skip


def _fill(db: sqlite3.Connection, world: World, talks: int, positions: int) -> None:
    had = {kind: db.execute("SELECT last FROM counter WHERE team_id = ? AND kind = ?", (TEAM, kind)).fetchone()[0]
           for kind in (TALKS, POSITION)}  # fmt: skip
    made = [a_talks(world, number) for number in range(had[TALKS] + 1, talks + 1)]
    _insert(db, "talks", (talks_row(each) for each in made))
    _insert(db, "talks_side", (row for each in made for row in side_rows(each)))
    topics = [row[0] for row in db.execute("SELECT key FROM topic WHERE team_id = ? ORDER BY key", (TEAM,))]
    fresh = [f"bulk-{n}" for n in range(200)]
    named = [(key, f"{_TOPICS[n % 30]} {n}") for n, key in enumerate(fresh)]
    _insert(db, "topic", ({"team_id": TEAM, "key": key, "name": name} for key, name in named))
    columns = ({"team_id": TEAM, "folded": name, "topic": key, "seq": 0, "name": name} for key, name in named)
    _insert(db, "topic_name", columns)
    numbers = range(had[POSITION] + 1, positions + 1)
    _insert(db, "position", (position_row(world, number, topics + fresh) for number in numbers))
    sql = "SELECT number, said_on, topic, party FROM position WHERE team_id = ? AND number > ?"
    said = db.execute(sql, (TEAM, had[POSITION])).fetchall()
    _insert(db, "reply", (reply_row(world, *row) for row in said if row[0] % 5 == 0))
    latest.fill(sqlite_utils.Database(db))
    for kind, last in ((TALKS, talks), (POSITION, positions)):
        db.execute("UPDATE counter SET last = ? WHERE team_id = ? AND kind = ?", (last, TEAM, kind))
    _index(db, world, made, had[POSITION])


def _insert(db: sqlite3.Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    first = next(rows, None)
    if first is None:
        return
    sql = f"INSERT INTO {table} ({', '.join(first)}) VALUES ({', '.join('?' * len(first))})"
    db.execute(sql, tuple(first.values()))
    db.executemany(sql, (tuple(row.values()) for row in rows))


def _index(db: sqlite3.Connection, world: World, made: list[Talks], after: int) -> None:
    """Documents and their index, numbered by day as the store numbers them."""
    (team,) = db.execute("SELECT place FROM document_team WHERE team_id = ?", (TEAM,)).fetchone()
    used: dict[int, int] = {}
    (taken,) = db.execute("SELECT count(*) FROM document").fetchone()

    def document(kind: str, number: int, day: date | None, title: str, body: str, marks: str) -> tuple[Any, ...]:
        first = search.first_id(team, day)
        place = used.get(first, first + taken)  # leaves room for what the starter facts hold of that day
        used[first] = place + 1
        return place, TEAM, kind, number, title, body, marks

    def talks_documents() -> Iterator[tuple[Any, ...]]:
        for each in made:
            sides = " – ".join(world.names.get(side.party, side.party) for side in each.sides)
            opens = opens_at(each.window)
            marks = search_marks.joined(TALKS, [side.party for side in each.sides], [])
            yield document(
                TALKS, each.number, opens.date() if opens else None, f"{sides} · {each.title}", each.note or "", marks
            )

    def position_documents() -> Iterator[tuple[Any, ...]]:
        replied = dict(db.execute("SELECT position, party FROM reply WHERE team_id = ?", (TEAM,)).fetchall())
        sql = "SELECT number, party, topic, summary, speaker, said_on FROM position WHERE team_id = ? AND number > ?"
        for number, party, topic, summary, speaker, said in db.execute(sql, (TEAM, after)).fetchall():
            title = f"{world.names.get(party, party)} on {topic}"
            marks = search_marks.joined(POSITION, [party, replied.get(number, party)], [topic])
            yield document(POSITION, number, date.fromisoformat(said), title, f"{summary}\n{speaker}", marks)

    sql = "INSERT INTO document (id, team_id, kind, number, title, body, marks) VALUES (?, ?, ?, ?, ?, ?, ?)"
    db.executemany(sql, talks_documents())
    db.executemany(sql, position_documents())
    db.execute("INSERT INTO document_index (document_index) VALUES ('rebuild')")
