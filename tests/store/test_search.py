"""Full text, narrowed by party, topic, kind and day; sources among the documents; an older index brought up to date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import drafts, migrations, positions, search, search_marks, search_upgrade, search_walk, sources, talks, topics
from store.database import APPLICATION_ID, Session, WriteSession, connect
from store.records import (
    Account,
    AgendaItem,
    Alignment,
    AlignmentRole,
    Draft,
    DraftStatus,
    Place,
    PlaceState,
    Position,
    Precision,
    Reply,
    ReplyStance,
    Side,
    Source,
    Stance,
    Status,
    Talks,
    Tally,
    Topic,
    Vote,
    VoteChoice,
    Window,
)
from store.search import Narrow
from tests.store.conftest import NOW


@pytest.fixture
def session(writing: WriteSession) -> WriteSession:
    topics.save(writing, Topic("nato", "NATO"))
    topics.save(writing, Topic("nato-east", "NATO in the east", parent="nato"))
    sources.save(writing, Source("s1", "Harvest in the Gazette", "The Gazette", "https://example.org/a", date(2025, 2, 1)))
    when = Window(date(2025, 2, 18), date(2025, 2, 18), Precision.DAY)
    sides = (Side("us"), Side("ru"))
    talks.save(writing, Talks("t", 0, "Harvest round", Status.HELD, sides, when, agenda=(AgendaItem("grain", "nato"),)))
    replies = (Reply("n", "de", ReplyStance.REJECTS),)
    accounts = (Account("a", "A", party="ro"),)
    said = date(2021, 12, 17)
    positions.save(
        writing, Position("p", 0, "ru", "nato-east", Stance.DEMANDS, "Harvest first", said, replies=replies, accounts=accounts)
    )
    positions.save(writing, Position("q", 0, "us", "nato", Stance.OPPOSES, "Harvest undated"))
    who = (Alignment(AlignmentRole.SPONSOR, "us"),)
    drafts.save(writing, Draft("d", 0, "Harvest text", DraftStatus.TABLED, tabled_on=date(2025, 2, 20), alignments=who))
    return writing


def found(session: Session, words: str = "harvest", **narrow: object) -> list[str]:
    hits = search.find(session, words, narrow=Narrow(**narrow)).hits  # type: ignore[arg-type]
    return sorted(f"{hit.kind}-{hit.number}" for hit in hits)


def test_everything_is_searched_sources_too(session: WriteSession) -> None:
    assert found(session) == ["draft-1", "position-1", "position-2", "source-1", "talks-1"]
    (hit,) = search.find(session, "gazette").hits
    assert (hit.kind, hit.url) == ("source", "https://example.org/a")
    assert "\x01" in hit.snippet


def test_by_party_topic_kind_and_day(session: WriteSession) -> None:
    assert found(session, parties=("ru",)) == ["position-1", "talks-1"]
    assert found(session, parties=("ru", "us")) == ["talks-1"]
    assert found(session, parties=("de",)) == found(session, parties=("ro",)) == ["position-1"]
    assert found(session, topics=("nato-east",)) == ["position-1"]
    assert found(session, topics=("nato", "nato-east")) == ["position-1", "position-2", "talks-1"]
    assert found(session, kinds=("draft", "source")) == ["draft-1", "source-1"]
    assert found(session, since=date(2025, 2, 1)) == ["draft-1", "source-1", "talks-1"]
    assert found(session, since=date(2025, 2, 18), before=date(2025, 2, 20)) == ["talks-1"]
    assert found(session, before=date(2022, 1, 1)) == ["position-1"]
    assert found(session, parties=("ru",), kinds=("talks",), since=date(2025, 1, 1)) == ["talks-1"]


def test_few_that_are_left_are_searched_to_the_same_end(session: WriteSession, monkeypatch: pytest.MonkeyPatch) -> None:
    narrowed: list[dict[str, object]] = [
        {"parties": ("us",)}, {"parties": ("us", "ru")}, {"parties": ("it",)}, {"topics": ("grain",)}, {"kinds": ("draft",)},
        {"kinds": ("source", "talks"), "since": date(2025, 1, 1)},
    ]  # fmt: skip
    asked = [(words, narrow) for words in ("harvest", "harv", "nowhere") for narrow in narrowed]
    one_by_one = [found(session, words, **narrow) for words, narrow in asked]
    monkeypatch.setattr(search_walk, "FEW", -1)
    assert [found(session, words, **narrow) for words, narrow in asked] == one_by_one
    assert any(one_by_one)


def test_drafts_are_found_by_the_latest_day_known_of_them(session: WriteSession) -> None:
    drafts.save(
        session, Draft("d", 0, "Harvest text", DraftStatus.ADOPTED, tabled_on=date(2025, 2, 20), status_on=date(2025, 3, 4))
    )
    drafts.save(session, Draft("v", 0, "Harvest vote", DraftStatus.ADOPTED, tally=Tally(date(2025, 3, 5), 1, 0, 0)))
    drafts.save(
        session, Draft("w", 0, "Harvest roll", DraftStatus.ADOPTED, votes=(Vote("fr", VoteChoice.FOR, day=date(2025, 3, 6)),))
    )
    assert found(session, kinds=("draft",), since=date(2025, 3, 4)) == ["draft-1", "draft-2", "draft-3"]
    assert found(session, kinds=("draft",), since=date(2025, 3, 5)) == ["draft-2", "draft-3"]


def ahead(session: WriteSession, key: str, first: date | None, last: date | None, **more: Any) -> str:
    precision = Precision.NONE if first is None and last is None else Precision.OPEN_WINDOW
    made = Talks(key, 0, "Sowing", Status.PLANNED, (Side("us"),), Window(first, last, precision, **more))
    return f"talks-{talks.save(session, made).number}"


def test_talks_are_found_as_long_as_they_run(session: WriteSession) -> None:
    day = date(2025, 2, 22)
    short = ahead(session, "short", day, date(2025, 3, 8))
    year = ahead(session, "year", date(2024, 6, 1), date(2025, 12, 31))
    open_ = ahead(session, "open", date(2024, 6, 1), None)
    end = ahead(session, "end", None, date(2025, 3, 8), stated_on=day)
    over = ahead(session, "over", day, date(2025, 2, 27))
    claimed = Window(day, date(2025, 3, 8), Precision.OPEN_WINDOW)
    accounts = (Account("a", "A", window=claimed), Account("b", "B", happens=False, window=replace(claimed, latest=date.max)))
    told = talks.save(session, Talks("told", 0, "Sowing", Status.PLANNED, (Side("us"),), accounts=accounts)).number
    none = ahead(session, "none", None, None)
    running = sorted([short, year, open_, end, f"talks-{told}"])
    assert found(session, "sowing", since=date(2025, 3, 1)) == running
    assert found(session, "", since=date(2025, 3, 1), kinds=("talks",)) == running
    assert found(session, "sowing", since=date(2025, 3, 9)) == sorted([year, open_])
    assert found(session, "sowing", since=date(2025, 2, 27)) == sorted([*running, over])
    assert found(session, "sowing", since=day, before=date(2025, 2, 23)) == sorted([*running, over])
    assert found(session, "sowing", since=date(2025, 3, 1), kinds=("draft",)) == []
    assert found(session, "sowing", before=date(2024, 7, 1)) == sorted([year, open_])
    assert none in found(session, "sowing")


def test_what_runs_comes_after_what_is_filed_in_the_span_on_every_page(session: WriteSession) -> None:
    for n in range(search_walk.RANKED_UP_TO + 20):
        ahead(session, f"later{n}", date(2025, 3, 2), date(2025, 3, 2))
    running = [ahead(session, f"running{n}", date(2025, 2, 22 + n), date(2025, 3, 8)) for n in range(3)][::-1]
    pages: list[str] = []
    for offset in range(0, 140, 10):
        hits = search.find(session, "sowing", narrow=Narrow(since=date(2025, 3, 1)), limit=10, offset=offset).hits
        pages += [f"talks-{hit.number}" for hit in hits]
    assert len(pages) == len(set(pages)) == search_walk.RANKED_UP_TO + 23
    assert pages[-3:] == running


def test_quoted_words_stand_together(session: WriteSession) -> None:
    assert found(session, '"harvest round"') == ["talks-1"]
    assert found(session, "round harvest") == ["talks-1"]
    assert found(session, '"round harvest"') == []
    assert found(session, "“harvest round” grain") == ["talks-1"]
    assert found(session, '"harvest rou') == ["talks-1"]  # never closed: words, the last of them begun
    assert search_walk.phrases_of('a "b c" d "e f') == ["a", "b c", "d", "e", "f"]


def test_records_stand_above_the_titles_of_sources(session: WriteSession) -> None:
    place = Place(PlaceState.NAMED, "tr", "Istanbul")
    sources.save(session, Source("i", "Talks in Istanbul, Istanbul", "Gazette"))
    talks.save(session, Talks("i", 0, "Consultations", Status.HELD, (Side("us"),), place=place))
    assert [hit.kind for hit in search.find(session, "istanbul").hits] == ["talks", "source"]


def test_days_of_an_older_index_are_put_right(session: WriteSession) -> None:
    told = talks.save(session, Talks("told", 0, "Sowing", Status.PLANNED, (Side("us"),), accounts=(Account("a", "A"),))).number
    end = ahead(session, "end", date(2024, 1, 1), date(2025, 3, 8))
    session.execute("UPDATE draft SET status_on = '2025-03-04' WHERE team_id = :team")
    session.execute(
        """UPDATE account SET earliest = '2025-03-03', said_on = '2025-02-01' WHERE team_id = :team AND subject = 'talks'
           AND subject_number = :told""",
        told=told,
    )
    session.execute("UPDATE talks SET opens_at = NULL, stated_on = '2025-03-05' WHERE team_id = :team AND key = 'end'")
    search_upgrade.refile(session.db)
    assert found(session, "harvest", since=date(2025, 3, 4)) == ["draft-1"]
    assert found(session, "sowing", since=date(2025, 3, 1)) == sorted([end, f"talks-{told}"])
    search_upgrade.refile(session.db)
    assert found(session, "sowing", since=date(2025, 3, 1)) == sorted([end, f"talks-{told}"])
    session.db.execute("INSERT INTO document_index (document_index) VALUES ('integrity-check')")


def test_without_words_everything_that_is_left_comes_newest_first(session: WriteSession) -> None:
    hits = search.find(session, "", narrow=Narrow(parties=("us",))).hits
    assert [hit.kind for hit in hits] == ["draft", "talks", "position"]
    assert found(session, "", since=date(2025, 2, 20)) == ["draft-1"]
    assert search.find(session, "").hits == ()


def test_marks_are_no_words(session: WriteSession) -> None:
    for words in ("pus", "ktalks", "tnato", "marks", "position"):
        assert found(session, words) == []


def test_what_changes_is_found_as_it_is_now(session: WriteSession) -> None:
    old = positions.get(session, 1)
    positions.save(session, Position(old.key, 0, "ua", "nato", Stance.DEMANDS, "Sowing first", old.said_on))
    assert found(session, parties=("ru",)) == ["talks-1"]
    assert found(session, "sowing", parties=("ua",), topics=("nato",)) == ["position-1"]
    sources.save(session, Source("s1", "Sowing in the Gazette", "The Gazette"))
    assert found(session, kinds=("source",)) == []
    assert found(session, "sowing", kinds=("source",)) == ["source-1"]


@pytest.mark.parametrize("words", ['"', "a AND", "x:y", "NEAR(a b)", "{title} : a", "*", "-a", "marks : pus"])
def test_operators_are_words(session: WriteSession, words: str) -> None:
    assert isinstance(found(session, words, parties=("us",)), list)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(words=st.text(max_size=40), key=st.text(max_size=20))
def test_any_words_and_any_keys_are_taken(session: WriteSession, words: str, key: str) -> None:
    search.find(session, words, narrow=Narrow(parties=(key,), topics=(key,)))


@given(one=st.text(max_size=12), other=st.text(max_size=12))
def test_no_two_keys_share_a_mark(one: str, other: str) -> None:
    assert (search_marks.token("t", one) == search_marks.token("t", other)) == (one == other)
    assert search_marks.token("t", one).isascii()
    assert search_marks.token("t", one).isalnum()


def test_an_older_index_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.touch()
    db = connect(path)
    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    migrations.known().apply(db, stop_before="positions")
    rows: list[tuple[str, dict[str, str | int]]] = [
        ("document_team", {"place": 0}),
        ("source", {"key": "s", "title": "Gazette", "url": "https://example.org"}),
        ("topic", {"key": "nato", "name": "NATO"}),
        ("position", {"number": 1, "key": "p", "party": "ru", "topic": "nato", "stance": "demands", "summary": "Harvest",
                      "recorded_at": "2025-01-01T00:00:00Z"}),
        ("document", {"id": 5, "kind": "position", "number": 1, "title": "Russia on NATO", "body": "Harvest"}),
    ]  # fmt: skip
    for table, row in rows:
        full = {"team_id": "T1", **row}
        db.execute(f"INSERT INTO {table} ({', '.join(full)}) VALUES ({', '.join('?' * len(full))})", tuple(full.values()))
    db.conn.commit()
    db.close()
    migrations.migrate(path, now=NOW)
    store = migrations.open_store(path)
    with store.read("T1") as session:
        assert found(session, parties=("ru",), topics=("nato",)) == ["position-1"]
        assert found(session, "gazette", kinds=("source",)) == ["source-1"]
    with store.write("T1", actor="U1", now=NOW) as session:
        sources.save(session, Source("s", "Herald"))
        sources.save(session, Source("new", "Herald too"))
        assert found(session, "herald") == ["source-1", "source-2"]
    store.close()
