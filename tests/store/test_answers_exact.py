"""Whatever happened to a store, what parties answered is found as a look at every position would find it."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import answered, answers, changes, known, migrations, positions, replies, reply_walks, topic_merges, topics, undo
from store.answer import Answer
from store.database import Session, Store, WriteSession
from store.exchange import loading, writing
from store.records import Position, Reply, ReplyStance, Stance, Topic
from store.reply_walks import Span
from store.standings import LAST_DAY
from tests.store.conftest import TEAM

PARTIES = ("ru", "us", "nato", "pl")
TOPICS = ("nato", "grain", "visas")
DAYS = (None, *(date(2024, 1, n) for n in range(1, 6)))
START = datetime(2025, 1, 1, tzinfo=UTC)


class Desk:
    """Somebody who records, corrects and takes off positions and replies, and merges topics, as the dice have it."""

    def __init__(self, session: WriteSession, dice: Random) -> None:
        self._session = session
        self._dice = dice

    def act(self) -> None:
        acts = (self._record, self._correct, self._remove, self._merge, self._undo, self._load)
        self._dice.choices(acts, (6, 6, 1, 1, 3, 1))[0]()

    def _record(self) -> None:
        key = f"p{changes.last_number(self._session)}"
        before = self._any()
        supersedes = before.key if before and self._dice.random() < 0.3 else None
        positions.save(self._session, replace(self._position(key), supersedes=supersedes))

    def _position(self, key: str) -> Position:
        dice = self._dice
        replies = tuple(self._reply(f"{key}-{n}") for n in range(dice.choice([0, 1, 1, 2, 3])))
        return Position(
            key, 0, dice.choice(PARTIES), self._topic(), Stance.DEMANDS, "Words", dice.choice(DAYS), replies=replies
        )

    def _topic(self) -> str:
        return topics.current(self._session, self._dice.choice(TOPICS))

    def _reply(self, key: str) -> Reply:
        return Reply(key, self._dice.choice(PARTIES), self._dice.choice(list(ReplyStance)), said_on=self._dice.choice(DAYS))

    def _any(self) -> Position | None:
        some = everything(self._session)
        return self._dice.choice(some) if some else None

    def _correct(self) -> None:
        if (old := self._any()) is None:
            return
        other = self._position(old.key)
        for name in ("topic", "party", "said_on", "replies"):
            if self._dice.random() < 0.4:
                old = replace(old, **{name: getattr(other, name)})
        positions.save(self._session, old)

    def _remove(self) -> None:
        old = self._any()
        if old and positions.superseding(self._session, old.number) is None:
            positions.remove(self._session, old, action="undone")

    def _merge(self) -> None:
        one, other = (topics.get(self._session, key) for key in self._dice.sample(TOPICS, 2))
        if one and other:
            topic_merges.merge(self._session, one, other)

    def _undo(self) -> None:
        number = changes.last_number(self._session)
        if number > len(TOPICS):  # what put the topics there stays
            with suppress(undo.CannotUndo, topic_merges.CannotTakeApart):
                undo.undo(
                    self._session, changes.get(self._session, self._dice.randint(max(len(TOPICS) + 1, number - 3), number))
                )

    def _load(self) -> None:
        """A file of before an edit puts back what it was."""
        file = writing.export(self._session)
        self._correct()
        loading.load(self._session, file)


def everything(session: Session) -> list[Position]:
    return positions.many(session, [r["number"] for r in session.rows("SELECT number FROM position WHERE team_id = :team")])


def then(session: Session, moment: datetime) -> list[Position]:
    """Everything that ever was on record, as it stood."""
    last = session.value("SELECT last FROM counter WHERE team_id = :team AND kind = 'position'")
    return [v.position for v in known.versions(session, range(1, int(last or 0) + 1), moment) if v]


Told = tuple[int, str]


def told(some: Sequence[Answer]) -> list[Told]:
    return [(a.position.number, a.reply.key) for a in some]


def scan(some: Sequence[Position], span: Span, party: str, topic: str | None = None) -> list[Answer]:
    """What a party answered on a topic, or on anything, newest first, by looking at every position."""
    found = [Answer(p, r) for p in some if topic in (None, p.topic) for r in span.of(p, party)]
    return sorted(found, key=lambda a: a.order, reverse=True)


def scanned(some: Sequence[Position], span: Span, party: str, but: str) -> list[Answer]:
    """The latest on each topic but one."""
    found: dict[str, Answer] = {}
    for answer in scan(some, span, party):
        if answer.position.topic != but:
            found.setdefault(answer.position.topic, answer)
    return list(found.values())


def scanned_earlier(some: Sequence[Position], span: Span, position: Position) -> list[Answer]:
    here = {position.party, *(r.party for r in position.replies)}
    found: dict[str, Answer] = {}
    for answer in (a for party in PARTIES for a in scan(some, span, party)):
        p, day = answer.position, position.said_on
        before = p.party == position.party and p.topic == position.topic and p.said_on and day and p.said_on <= day
        if p.number != position.number and (before or p.key == position.supersedes) and answer.reply.party not in here:
            found.setdefault(answer.reply.party, answer)
    return sorted(found.values(), key=lambda a: a.order, reverse=True)


def check(session: Session, some: Sequence[Position], span: Span, moment: datetime | None) -> None:
    whole = answers.latest(session, PARTIES, TOPICS, since=span.since, as_of=span.until, recorded=moment)
    for party in PARTIES:
        for topic in TOPICS:
            found, expected = whole.get((party, topic)), scan(some, span, party, topic)
            assert (told([found]) if found else []) == told(expected[:1])
            if found and not found.or_more:
                assert found.earlier == len(expected) - 1
        if span.since is None:
            some_of = answers.of_party(session, party, but=["grain"], as_of=span.until, recorded=moment, limit=2)
            assert told(some_of) == told(scanned(some, span, party, "grain")[:2])
    if span.since is None:
        for position in some:
            given = answers.earlier(session, position, as_of=span.until, recorded=moment)
            assert told(given) == told(scanned_earlier(some, span, position))


def check_between(session: Session, some: Sequence[Position]) -> None:
    wanted = {"ru": ["us", "nato"], "us": ["ru"], "pl": []}
    hits = [a for by in PARTIES for a in scan(some, Span(), by) if by in wanted.get(a.position.party, ())]
    newest = sorted(((str(a.reply.said_on or ""), a.position.number) for a in hits), reverse=True)
    for limit in (1, 3, 100):
        assert answered.between(session, wanted, limit=limit) == list(dict.fromkeys(n for _, n in newest))[:limit]


def check_given(session: Session, some: Sequence[Position], span: Span) -> None:
    """A party's replies of one kind, page by page."""
    narrow: list[dict[str, list[str]]] = [
        {},
        {"topics": ["nato", "visas"]},
        {"to": ["ru", "us"]},
        {"topics": ["nato"], "to": ["ru"]},
    ]
    for party, how, stance in product(PARTIES, narrow, (ReplyStance.REJECTS, ReplyStance.ENDORSES)):
        hits = [
            a
            for a in scan(some, span, party)
            if a.reply.stance is stance
            and a.position.topic in how.get("topics", TOPICS)
            and a.position.party in how.get("to", PARTIES)
        ]
        hits.sort(key=lambda a: (a.order[0], a.order[1], -a.order[2]), reverse=True)
        for page in (0, 1):
            found = replies.given(session, party, stance, since=span.since, until=span.until, limit=2, offset=page * 2, **how)
            assert [(g.position, g.key) for g in found] == told(hits[page * 2 : page * 2 + 2])


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Walks that read one reply at a time, so that they have to go on."""
    monkeypatch.setattr(reply_walks, "AT_ONCE", 1)


@contextmanager
def store_of(empty: Path) -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        shutil.copyfile(empty, path)
        store = migrations.open_store(path)
        yield store
        store.close()


@pytest.mark.usefixtures("few")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False), st.integers(1, 40), st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_an_exact_look_up(empty_store: Path, dice: Random, steps: int, since: date | None, until: date | None) -> None:
    with store_of(empty_store) as store:
        moments = [START + timedelta(days=n) for n in range(steps + 1)]
        for n, moment in enumerate(moments):
            with store.write(TEAM, actor="U1", now=moment) as session:
                if n:
                    Desk(session, dice).act()
                    continue
                for key in TOPICS:
                    topics.save(session, Topic(key, key.title()))
        with store.read(TEAM) as session:
            kept = session.value(
                """SELECT count(*) FROM reply r JOIN position p ON p.team_id = r.team_id AND p.number = r.position
                   WHERE r.team_id = :team AND (r.topic <> p.topic OR r.holder <> p.party)"""
            )
            assert kept == 0
            span = Span(since, until or LAST_DAY)
            check_between(session, everything(session))
            check_given(session, everything(session), span)
            check(session, everything(session), span, None)
            for moment in dice.sample(moments, min(3, len(moments))):
                check(session, then(session, moment), span, moment)


def test_an_answer_to_what_was_edited_while_two_topics_were_one(fresh: Store) -> None:
    """It is known of then under the topic that both were, and under its own today."""
    first = Position(
        "p", 0, "ru", "one", Stance.DEMANDS, "Words", date(2024, 1, 1), replies=(Reply("r", "us", ReplyStance.REJECTS),)
    )
    moments = [START + timedelta(days=n) for n in range(5)]
    with fresh.write(TEAM, actor="U1", now=moments[0]) as session:
        one, other = (topics.save(session, Topic(key, key.title())) for key in ("one", "other"))
        positions.save(session, first)
    with fresh.write(TEAM, actor="U1", now=moments[1]) as session:
        merge = topic_merges.merge(session, one, other)
    with fresh.write(TEAM, actor="U1", now=moments[2]) as session:
        positions.save(session, replace(positions.get(session, 1), summary="Better words"))
    with fresh.write(TEAM, actor="U1", now=moments[3]) as session:
        undo.undo(session, changes.get(session, merge.revision))
    with fresh.write(TEAM, actor="U1", now=moments[4]) as session:
        positions.save(session, replace(positions.get(session, 1), summary="The best words"))
    with fresh.read(TEAM) as session:
        for moment, topic in ((moments[2], "other"), (moments[4], "one")):
            assert list(answers.latest(session, ["us"], ["one", "other"], recorded=moment)) == [("us", topic)]


def test_a_migration_fills_in_what_was_answered(empty_store: Path) -> None:
    """The rows of before come out as the store would write them today."""
    dice = Random(5)
    with store_of(empty_store) as store:
        for n in range(40):
            with store.write(TEAM, actor="U1", now=START + timedelta(days=n)) as session:
                for key in TOPICS if n == 0 else ():
                    topics.save(session, Topic(key, key.title()))
                Desk(session, dice).act()
        path, before = store.path, rows_of(store)
        store.close()
        as_before(path)
        migrations.migrate(path, now=START)
        again = migrations.open_store(path)
        after = rows_of(again)
        again.close()
        assert after["reply"] == before["reply"] != []
        assert set(after["reply_moved"]) >= set(before["reply_moved"]) != set()


def rows_of(store: Store) -> dict[str, list[tuple[object, ...]]]:
    columns = {"reply": "position, seq, party, topic, holder", "reply_moved": "number, party"}
    with store.read(TEAM) as session:
        return {
            table: [tuple(row) for row in session.rows(f"SELECT {names} FROM {table} ORDER BY 1, 2")]
            for table, names in columns.items()
        }


def as_before(path: Path) -> None:
    """Takes the migration off a store."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for index in ("reply_topic", "reply_holder", "reply_answered"):
            db.execute(f"DROP INDEX {index}")
        for column in ("topic", "holder"):
            db.execute(f"ALTER TABLE reply DROP COLUMN {column}")
        db.execute("DROP TABLE reply_moved")
        db.execute("CREATE INDEX reply_party ON reply (team_id, party, stance)")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'reply_places'")
