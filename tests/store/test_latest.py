"""What stands of each party on each topic: kept with every change, and the same as found from the positions themselves."""

from __future__ import annotations

import random
import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from store import changes, home, known, migrations, position_walks, positions, standings, topic_merges, topics, undo
from store.database import Session, Store
from store.position_walks import LAST_DAY, Pair, Place
from store.records import Position, Stance, Topic
from store.times import instant_text
from tests.store.conftest import TEAM

START = datetime(2025, 1, 1, 12, tzinfo=UTC)
FIRST = date(2024, 1, 1)
PARTIES, TOPICS = ("us", "ru", "ua"), ("nato", "grain", "border")
AS_OF = (date(2023, 12, 31), date(2024, 1, 10), date(2024, 1, 20), date(2024, 2, 5), LAST_DAY)
SEEDS = 6


class History:
    """Positions recorded, changed, taken off, merged and brought back at random, an hour apart."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store, self.dice, self.now = store, random.Random(seed), START
        with store.write(TEAM, actor="U1", now=self.now) as session:
            for key in TOPICS:
                topics.save(session, Topic(key, key.title()))

    def go_on(self, steps: int) -> None:
        for n in range(steps):
            self.now += timedelta(hours=1)
            with self.store.write(TEAM, actor="U1", now=self.now) as session:
                keys = [row["key"] for row in session.rows("SELECT key FROM topic WHERE team_id = :team ORDER BY key")]
                some = positions.many(
                    session, [r["number"] for r in session.rows("SELECT number FROM position ORDER BY number")]
                )
                kind = self.dice.random()
                if kind < 0.6 or len(some) < 4:
                    positions.save(session, self.position(n, keys, some))
                elif kind < 0.75:
                    one = self.dice.choice(some)
                    positions.save(session, replace(one, said_on=self.day(), topic=self.dice.choice(keys)))
                elif kind < 0.85:
                    one = self.dice.choice(some)
                    if positions.superseding(session, one.number) is None:
                        positions.remove(session, one, action="taken off")
                elif kind < 0.93 and len(keys) > 1:
                    one, other = self.dice.sample(keys, 2)
                    found = topics.by_keys(session, [one, other])
                    topic_merges.merge(session, found[one], found[other])
                else:
                    last = session.rows(
                        "SELECT number FROM revision WHERE action LIKE 'merged into%' ORDER BY number DESC LIMIT 1"
                    )
                    if last and (revision := changes.get(session, last[0]["number"])).key not in keys:
                        topic_merges.take_apart(session, revision, action="brought back")

    def day(self) -> date | None:
        return None if self.dice.random() < 0.2 else FIRST + timedelta(days=self.dice.randrange(40))

    def position(self, n: int, keys: list[str], some: list[Position]) -> Position:
        party, topic = self.dice.choice(PARTIES), self.dice.choice(keys)
        same = [p.key for p in some if (p.party, p.topic) == (party, topic)]
        old = self.dice.choice(same) if same and self.dice.random() < 0.4 else None
        return Position(f"p{n}", 0, party, topic, self.dice.choice(list(Stance)), "words", self.day(), supersedes=old)


def said_by(rows: list[sqlite3.Row], as_of: date) -> dict[Pair, list[sqlite3.Row]]:
    """These positions by party and topic, oldest first, up to a day; the undated before all."""
    found: dict[Pair, list[sqlite3.Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (r["said_on"] or "", r["number"])):
        if (row["said_on"] or "") <= as_of.isoformat():
            found[row["party"], row["topic"]].append(row)
    return found


def stands(session: Session, as_of: date) -> dict[Pair, Place]:
    """The same from every position, one by one."""
    found: dict[Pair, Place] = {}
    for pair, some in said_by(session.rows("SELECT * FROM position WHERE team_id = :team"), as_of).items():
        last, seen = some[-1], {some[-1]["number"]}
        while newer := [r for r in some if r["supersedes"] == last["number"] and r["number"] not in seen]:
            last = max(newer, key=lambda r: int(r["number"]))
            seen.add(last["number"])
        found[pair] = (last["said_on"] or "", last["number"])
    return found


def by_pair(some: list[standings.Standing]) -> dict[Pair, Place]:
    assert len({(s.party, s.topic) for s in some}) == len(some)
    return {(s.party, s.topic): (s.said, s.number) for s in some}


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("many", [0, 60])
def test_what_stands_is_what_the_positions_say(fresh: Store, seed: int, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standings, "MANY", many)
    history = History(fresh, seed)
    for _ in range(6):
        history.go_on(12)
        with fresh.read(TEAM) as session:
            keys = [topic.key for topic in topics.everything(session)]
            for as_of in AS_OF:
                true = stands(session, as_of)
                assert by_pair(standings.of_parties(session, PARTIES, as_of=as_of)) == true
                assert by_pair(standings.of_parties(session, PARTIES, keys, as_of=as_of)) == true
                assert by_pair(standings.on_topics(session, keys, as_of=as_of)) == true
                for party in PARTIES:
                    some = standings.of_party(session, party, as_of=as_of)
                    assert some == sorted(some, reverse=True)
                    assert by_pair(some) == {pair: place for pair, place in true.items() if pair[0] == party}


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("lately", [0, 2, 50])
def test_what_was_recorded_by_then_is_found_however_far_one_looks_first(
    fresh: Store, seed: int, lately: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(position_walks, "LATELY", lately)
    monkeypatch.setattr(known, "LATELY", lately)
    history = History(fresh, seed)
    history.go_on(60)
    with fresh.read(TEAM) as session:
        moved = {row["number"] for row in session.rows("SELECT number FROM position_moved WHERE team_id = :team")}
        for hours in (5, 20, 45, 60):
            moment = START + timedelta(hours=hours)
            rows = session.rows("SELECT * FROM position WHERE team_id = :team AND recorded_at <= :at", at=instant_text(moment))
            stayed = [row for row in rows if row["number"] not in moved]
            for as_of in AS_OF:
                given = [s for p in PARTIES for s in position_walks.by_topic(session, p, None, as_of, moment)]
                listed = [s for p in PARTIES for s in position_walks.by_topic(session, p, TOPICS, as_of, moment)]
                true = {pair: (some[-1]["said_on"] or "", some[-1]["number"]) for pair, some in said_by(stayed, as_of).items()}
                assert by_pair(given) == by_pair(listed) == true
                for limit in (1, 3, 8):
                    said = known.statements(session, moment, parties=PARTIES, until=as_of, limit=limit)
                    each = known.statements(session, moment, parties=PARTIES, topic_keys=TOPICS, until=as_of, limit=limit)
                    assert [p.number for p in said] == [p.number for p in each]


def test_undo_brings_back_what_stood(fresh: Store) -> None:
    History(fresh, 1)
    for day in (1, 9):
        with fresh.write(TEAM, actor="U1", now=START) as session:
            saved = positions.save(session, Position(f"p{day}", 0, "us", "nato", Stance.OPPOSES, "w", date(2024, 1, day)))
    with fresh.write(TEAM, actor="U1", now=START) as session:
        assert by_pair(standings.of_party(session, "us")) == {("us", "nato"): ("2024-01-09", 2)}
        revision = undo.last(session, positions.KIND, saved.key)
        assert revision
        undo.undo(session, revision)
        assert by_pair(standings.of_party(session, "us")) == {("us", "nato"): ("2024-01-01", 1)}


def test_the_table_moves_with_the_workspace_and_is_filled_for_older_stores(fresh: Store, tmp_path: Path) -> None:
    history = History(fresh, 3)
    history.go_on(40)
    with fresh.read(TEAM) as session:
        before = stands(session, LAST_DAY)
    fresh.close()
    with closing(sqlite3.connect(fresh.path, isolation_level=None)) as db:
        db.execute("DROP TABLE position_latest")
        for index in ("position_spoken", "position_replacing"):
            db.execute(f"DROP INDEX {index}")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'latest_positions'")
        for table in ("position", "topic", "topic_name", "topic_merged", "position_moved", "revision", "counter"):
            db.execute(f"UPDATE {table} SET team_id = ? WHERE team_id = ?", (home.LOCAL, TEAM))
    assert migrations.migrate(fresh.path, now=START)[0] == ["latest_positions"]
    again = migrations.open_store(fresh.path)
    assert home.settle(again, "T2", now=START)
    with again.read("T2") as session:
        assert by_pair(standings.of_parties(session, PARTIES)) == before != {}
    with again.read(home.LOCAL) as session:
        assert standings.of_parties(session, PARTIES) == []
    again.close()
