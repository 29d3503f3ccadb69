"""The starter facts: complete, sourced, known when they became known, and loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from store import changes, drafts, exchange, parties, positions, sources, starter, talks, topics
from store.database import Session, Store
from store.records import (
    AlignmentRole,
    DraftStatus,
    Level,
    Place,
    PlaceState,
    Precision,
    ReplyStance,
    Stance,
    Status,
    VoteChoice,
    Window,
)
from tests.store.conftest import NOW, TEAM

LATER = datetime(2025, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def then(fresh: Store) -> Iterator[Session]:
    """A store at the reference moment."""
    starter.apply(fresh, TEAM, NOW)
    with fresh.read(TEAM) as session:
        yield session


@pytest.fixture
def later(fresh: Store) -> Iterator[Session]:
    """The same store when everything has become known."""
    starter.apply(fresh, TEAM, NOW)
    starter.apply(fresh, TEAM, LATER)
    with fresh.read(TEAM) as session:
        yield session


def test_files_become_known_in_order() -> None:
    assert starter.files() == ["2025-02-22.yaml", "2025-02-24.yaml", "2025-02-25.yaml", "2025-02-27.yaml"]
    assert [starter.known_from(name) for name in starter.files()] == [
        NOW,
        *(datetime(2025, 2, day, tzinfo=UTC) for day in (25, 26, 28)),
    ]
    assert starter.known_by(NOW - timedelta(seconds=1)) == []
    assert starter.known_by(NOW) == ["2025-02-22.yaml"]
    assert starter.known_by(datetime(2025, 2, 24, 23, 59, 59, tzinfo=UTC)) == ["2025-02-22.yaml"]
    assert starter.known_by(LATER) == starter.files()


def test_every_file_needs_only_what_came_before_it(fresh: Store) -> None:
    with fresh.write(TEAM, actor="test", now=NOW) as session:
        for name in starter.files():
            assert exchange.load(session, exchange.parse(starter.text(name))).changed_anything


def test_numbers_are_those_of_the_story(then: Session) -> None:
    keys = [t.key for t in talks.many(then, list(range(1, 10)))]
    assert keys == [
        "us-ru-geneva-2022",
        "us-ru-riyadh-2025",
        "us-ru-directors-2025",
        "us-ru-second-round-2025",
        "trump-putin",
        "us-ru-riyadh-25-feb",
    ]
    assert [p.key for p in positions.many(then, list(range(1, 10)))] == [
        "ru-nato-1997",
        "us-nato-ukraine",
        "ua-us-russia-talks",
        "us-aggressor",
    ]
    assert [d.number for d in drafts.many(then, list(range(1, 10)))] == [1, 2]


def test_what_was_held(then: Session) -> None:
    geneva, riyadh = talks.many(then, [1, 2])
    assert (geneva.window.earliest, geneva.level, geneva.status) == (date(2022, 1, 21), Level.MINISTER, Status.HELD)
    assert geneva.place == Place(PlaceState.NAMED, "ch", "Geneva")
    assert (riyadh.window.latest, riyadh.host, len(riyadh.outcome)) == (date(2025, 2, 18), "sa", 3)
    assert [p.name for side in riyadh.sides for p in side.people] == [
        "Marco Rubio",
        "Mike Waltz",
        "Steve Witkoff",
        "Sergey Lavrov",
        "Yuri Ushakov",
    ]


def test_what_is_ahead(then: Session) -> None:
    directors, second, summit, claimed = talks.many(then, [3, 4, 5, 6])
    said = date(2025, 2, 22)
    assert directors.window == Window(
        said, date(2025, 3, 8), Precision.OPEN_WINDOW, None, "within the next two weeks", "Ryabkov", said
    )
    assert (directors.status, directors.level, directors.place.state) == (
        Status.PLANNED,
        Level.DIRECTOR,
        PlaceState.THIRD_COUNTRY,
    )
    assert (second.window.earliest, second.window.latest, second.after) == (None, None, (directors.key,))
    assert second.disputed
    assert {a.by: a.window and a.window.latest for a in second.accounts} == {
        "Politico": date(2025, 3, 8),
        "UAWire": None,
        "UNN": None,
    }
    assert [a.level for a in second.accounts if a.by == "UAWire"] == [Level.DEPUTY]
    assert (summit.status, summit.level, summit.disputed, summit.window.precision) == (
        Status.MOOTED,
        Level.LEADER,
        False,
        Precision.NONE,
    )
    assert (claimed.status, claimed.disputed, claimed.window.earliest) == (Status.MOOTED, True, date(2025, 2, 25))
    assert {a.party: a.happens for a in claimed.accounts} == {"us": True, "ru": False}


def test_the_demand_of_1997(then: Session) -> None:
    position = positions.get(then, 1)
    assert (position.party, position.stance, position.said_on) == ("ru", Stance.DEMANDS, date(2021, 12, 17))
    assert position.applies
    applies = position.applies
    members = parties.members_between(then, applies.bloc, applies.joined_after, applies.joined_by, NOW.date())
    assert len(members) == 16
    assert [(r.party, r.stance) for r in position.replies if r.said_on == date(2022, 1, 26)] == [
        ("nato", ReplyStance.REJECTS),
        ("us", ReplyStance.REJECTS),
    ]
    assert [r.administration for r in position.replies] == [None, "Biden administration"]
    assert {a.party: a.happens for a in position.accounts} == {"ro": True, "ru": False}
    assert "level of 1997" in (position.accounts[0].claim or "")


def test_topics_go_by_their_usual_names(then: Session) -> None:
    for words, key in {
        "nato": "nato",
        "1997": "nato-eastern-europe",
        "eastern flank": "nato-eastern-europe",
        "arms control": "strategic-stability",
        "irritants": "us-russia-relations",
    }.items():
        assert topics.named(then, [parties.fold(words)]) == {parties.fold(words): [key]}
    assert topics.subtree(then, "nato") == ["nato", "nato-eastern-europe", "nato-ukraine"]


def test_rival_drafts_speak_to_the_same_issues(then: Session) -> None:
    theirs, ours = drafts.many(then, [1, 2])
    assert (theirs.status, ours.status, theirs.tally, ours.votes) == (DraftStatus.TABLED, DraftStatus.TABLED, None, ())
    assert {c.issue for c in theirs.clauses} == {c.issue for c in ours.clauses}
    assert [a.party for a in theirs.alignments if a.role is AlignmentRole.DECLINES] == ["us"]


def test_the_votes(later: Session) -> None:
    theirs, ours, council = drafts.many(later, [1, 2, 3])
    tallies = [(t.in_favour, t.against, t.abstained) for d in (theirs, ours, council) if (t := d.tally)]
    assert tallies == [(93, 18, 65), (93, 8, 73), (10, 0, 5)]
    assert [d.symbol for d in (theirs, ours, council)] == ["A/RES/ES-11/7", "A/RES/ES-11/8", "S/RES/2774"]
    assert sum(v.choice is VoteChoice.AGAINST for v in theirs.votes) == 18
    assert [v.party for v in council.votes] == ["fr", "gb", "dk", "gr", "si"]
    assert {c.version for c in ours.clauses} == {1, 2}


def test_the_directors_met(later: Session) -> None:
    directors = talks.get(later, 3)
    assert (directors.status, directors.window.earliest, directors.place.city) == (
        Status.HELD,
        date(2025, 2, 27),
        "Istanbul",
    )
    assert not talks.get(later, 4).window.earliest
    assert talks.get(later, 6).status is Status.MOOTED


def test_every_fact_has_a_source_and_no_source_is_idle(later: Session) -> None:
    data = exchange.export(later)
    cited: set[str] = set()
    for name in ("talks", "positions", "drafts"):
        for record in data[name]:
            assert record["sources"], record["key"]
            cited |= set(_cited(record))
    for account in (a for name in ("talks", "positions") for r in data[name] for a in r.get("accounts", ())):
        assert account["sources"], account
    for reply in (r for p in data["positions"] for r in p.get("replies", ())):
        assert reply["sources"], reply
    assert {s.key for s in sources.everything(later)} == cited


def _cited(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value.get("sources", ())
        for item in value.values():
            yield from _cited(item)
    elif isinstance(value, list):
        for item in value:
            yield from _cited(item)


def test_no_source_is_younger_than_what_it_is_cited_for_allows() -> None:
    data = exchange.parse(starter.text("2025-02-22.yaml")).data
    assert all(source.get("published", "") <= "2025-02-22" for source in data["sources"])


def test_a_file_is_loaded_once_so_that_corrections_stay(fresh: Store) -> None:
    assert starter.apply(fresh, TEAM, NOW).counts["talks"].new == 6
    with fresh.write(TEAM, actor="U1", now=NOW) as session:
        ours = exchange.export(session)["talks"][0]
        exchange.load(session, {"attache": 1, "talks": [{**ours, "note": "Corrected."}]})
    assert not starter.apply(fresh, TEAM, NOW).changed_anything
    report = starter.apply(fresh, TEAM, LATER)
    assert report.counts["talks"].changed == 2
    assert not starter.apply(fresh, TEAM, LATER).changed_anything
    with fresh.read(TEAM) as read:
        assert talks.get(read, 1).note == "Corrected."
        assert len(changes.of_record(read, "talks", "us-ru-directors-2025")) == 2


def test_all_at_once_ends_in_the_same_store(fresh: Store) -> None:
    starter.apply(fresh, TEAM, NOW)
    starter.apply(fresh, TEAM, LATER)
    starter.apply(fresh, "T2", LATER)
    with fresh.read(TEAM) as one:
        first = exchange.export(one)
    with fresh.read("T2") as other:
        second = exchange.export(other)
    for position in [*first["positions"], *second["positions"]]:
        del position["recorded_at"]
    assert first == second


def test_a_clock_before_the_story_still_has_the_first_file(fresh: Store) -> None:
    assert starter.apply(fresh, TEAM, datetime(2020, 1, 1, tzinfo=UTC)).counts["talks"].new == 6
