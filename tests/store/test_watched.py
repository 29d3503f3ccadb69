"""The talks that watches are about, by query: what the rule for single records says, in order, however many come before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, product

import pytest

from store import parties, talks, topics, watched
from store.database import Session, Store
from store.records import (
    AgendaItem,
    Level,
    Membership,
    Place,
    PlaceState,
    Precision,
    Scope,
    Side,
    Status,
    Talks,
    Topic,
    Watch,
    Window,
)
from store.scopes import Reader, concerns
from tests.store.conftest import TEAM

NOW = datetime(2025, 2, 22, 18, tzinfo=UTC)
OLD = (NOW - timedelta(days=400)).date()

ABOUT = (
    Scope(),
    Scope(parties=("ru",)),
    Scope(parties=("ge", "us")),
    Scope(members=("nato",)),
    Scope(members=("union",)),
    Scope(topics=("security",)),
    Scope(topics=("nato-east",), parties=("ge",)),
    Scope(levels=(Level.DEPUTY,)),
    Scope(levels=(Level.UNSTATED, Level.MINISTER), parties=("us",)),
    Scope(countries=("sa",)),
    Scope(countries=("tr",), place_states=(PlaceState.THIRD_COUNTRY,)),
    Scope(members=("empty",)),
)


def watch(about: Scope, but_not: Scope | None = None) -> Watch:
    return Watch(0, "C1", "U1", "UTC", about=about, but_not=but_not or Scope())


@pytest.fixture
def mixed(fresh: Store) -> Store:
    """Talks of all sorts, ahead, lapsed and over."""
    pairs = (("us", "ru"), ("ge", "tr"), ("us", "ge"), ("ru", "cn"), ("ua", "pl"))
    levels = (Level.DEPUTY, Level.MINISTER, Level.UNSTATED)
    places = (Place(PlaceState.NAMED, "sa"), Place(PlaceState.THIRD_COUNTRY), Place(PlaceState.NAMED, "tr"), Place())
    agendas = ((), (AgendaItem("NATO", "nato-east"),), (AgendaItem("a", "security"), AgendaItem("b", "grain")))
    statuses = (Status.PLANNED, Status.MOOTED, Status.CONFIRMED, Status.HELD)
    shapes = islice(product(places, agendas, pairs, levels), 0, None, 2)
    with fresh.write(TEAM, actor="U1", now=NOW) as session:
        for key, parent in (("security", None), ("nato-east", "security"), ("grain", None)):
            topics.save(session, Topic(key, key, parent=parent))
        for member, left in (("ge", None), ("tr", NOW.date() - timedelta(days=3))):
            parties.add_membership(session, Membership("union", member, OLD, left))
        for n, (place, agenda, pair, level) in enumerate(shapes):
            at = NOW + timedelta(days=(n * 7) % 40 - 15)
            sides = tuple(Side(code, level) for code in pair)
            window = Window(at, at, Precision.MINUTE, "UTC")
            made = Talks(f"t{n}", 0, f"Talks {n}", statuses[n % 4], sides, window, place, agenda=agenda)
            talks.save(session, made)
    return fresh


def by_the_rule(session: Session, asked: Watch) -> list[Talks]:
    numbers = [row["number"] for row in session.rows("SELECT number FROM talks WHERE team_id = :team")]
    reader = Reader(session, NOW.date(), with_blocs=True)
    return [one for one in talks.many(session, numbers) if one.status.is_ahead and concerns(asked, reader.of_talks(one))]


@pytest.mark.parametrize("about", ABOUT)
def test_the_query_finds_what_the_rule_for_one_record_says(mixed: Store, about: Scope) -> None:
    with mixed.read(TEAM) as session:
        for without in ABOUT:
            asked = watch(about, without)
            ruled = [watched.Found(talks.due(one), one.number) for one in by_the_rule(session, asked)]
            lapsed = [each for each in ruled if each.due < "2025-02-22T18:00:00Z"]
            assert watched.ahead(session, asked, now=NOW, limit=500, mooted=True) == sorted(set(ruled) - set(lapsed))
            assert sorted(watched.lapsed(session, asked, now=NOW, limit=500)) == sorted(lapsed)


@pytest.mark.parametrize("about", ABOUT)
def test_a_page_is_the_beginning_of_the_whole(mixed: Store, about: Scope) -> None:
    with mixed.read(TEAM) as session:
        ahead = watched.ahead(session, watch(about), now=NOW, limit=500)
        lapsed = watched.lapsed(session, watch(about), now=NOW, limit=500)
        assert watched.ahead(session, watch(about), now=NOW, limit=3) == ahead[:3]
        assert watched.lapsed(session, watch(about), now=NOW, limit=3) == lapsed[:3]
        assert [each.due for each in lapsed] == sorted((each.due for each in lapsed), reverse=True)
        assert all(one.status is not Status.MOOTED for one in talks.many(session, [each.number for each in ahead]))
