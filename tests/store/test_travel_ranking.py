"""Counting: the three units against a plain count of small records, ties, levels, historical names, one party in two ids."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import migrations, parties, travel
from store.database import Store
from store.travel.counting import Key, key, reaches, repeats
from store.travel.countries import countries
from store.travel.gaps import gaps_in, known_gaps
from store.travel.model import OUTGOING, Kind, Office, Period, Rule, SourceRow, Unit
from store.travel.party import longest_gap, record
from store.travel.ranking import Choice, Ranking, rank, recipe
from store.travel.rows import EVERYTHING, Wanted, find, party_named, repeated
from tests.travel_files import NOW, import_paths, trip, trips, write_source

ALL = Period(date(1, 1, 1), date(9999, 12, 31))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("travel")
    migrations.migrate(folder / "attache.db", now=NOW)
    opened = migrations.open_store(folder / "attache.db")
    import_paths(opened, write_source(folder / "source"))
    yield opened
    opened.close()


def ranking(store: Store, unit: Unit, offices: Sequence[Office] = OUTGOING, period: Period = ALL) -> Ranking:
    with store.read("T1") as session:
        return rank(session, Choice(period, tuple(offices), unit))


def counts(found: Ranking) -> dict[str, tuple[int, int, int, int]]:
    return {row.party: (row.count, row.president, row.secretary, row.visits) for row in found.rows}


def test_trips_are_rows_without_exact_duplicates(store: Store) -> None:
    found = counts(ranking(store, Unit.TRIPS))
    assert found["fr"] == (4, 1, 3, 0)
    assert found["tr"] == (2, 1, 1, 0)  # 14 under turkiye and 15 under turkey are one row filed twice


def test_stays_join_rows_of_one_traveller_that_overlap_or_share_a_day(store: Store) -> None:
    assert counts(ranking(store, Unit.STAYS))["fr"] == (3, 1, 2, 0)


def test_joint_joins_across_both_offices(store: Store) -> None:
    assert counts(ranking(store, Unit.JOINT))["fr"] == (2, 1, 2, 0)


def test_one_office_has_nothing_to_join_across(store: Store) -> None:
    assert counts(ranking(store, Unit.JOINT, [Office.SECRETARY])) == counts(ranking(store, Unit.STAYS, [Office.SECRETARY]))


def test_visits_are_counted_alone(store: Store) -> None:
    assert counts(ranking(store, Unit.STAYS, [Office.VISITS])) == {"fr": (1, 0, 0, 1), "de": (1, 0, 0, 1)}
    with pytest.raises(ValueError, match="never counted together"):
        Choice(ALL, (Office.PRESIDENT, Office.VISITS), Unit.TRIPS)


def test_a_period_takes_rows_by_their_first_day(store: Store) -> None:
    # The row that began on 1 May is outside, so the one it shares 2 May with stands for itself.
    period = Period(date(2001, 5, 2), date(2001, 5, 2))
    assert counts(ranking(store, Unit.STAYS, period=period)) == {"fr": (1, 0, 1, 0)}
    assert counts(ranking(store, Unit.STAYS, period=Period(date(2001, 5, 1), date(2001, 5, 1)))) == {"fr": (1, 0, 1, 0)}


def test_ties_share_a_rank_and_stand_by_name(store: Store) -> None:
    rows = ranking(store, Unit.STAYS).rows
    assert [(row.rank, row.name, row.count) for row in rows] == [
        (1, "France", 3),
        (2, "Russia", 2),
        (2, "Türkiye", 2),
        (4, "=Ruritania", 1),
        (4, "Germany", 1),
    ]
    assert [row.party for row in ranking(store, Unit.STAYS).top(2)] == ["fr", "ru", "tr"]


def test_by_level_never_sums(store: Store) -> None:
    with store.read("T1") as session:
        rows = rank(session, Choice(ALL), by_level=True).rows
    assert [(row.rank, row.party) for row in rows] == [(1, "fr"), (2, "tr"), (3, "de"), (4, "ru"), (5, "ruritania")]


def test_an_unknown_country_counts_under_its_own_name(store: Store) -> None:
    row = next(row for row in ranking(store, Unit.TRIPS).rows if row.party == "ruritania")
    assert (row.name, row.count) == ("=Ruritania", 1)
    with store.read("T1") as session:
        assert party_named(session, "Ruritania") == "ruritania"


def test_an_unknown_id_is_never_taken_for_another_partys_code() -> None:
    found = countries()
    assert (found.party("turkiye"), found.party("ruritania"), found.party("fr"), found.party("xx")) == (
        "tr",
        "ruritania",
        "id-fr",
        "id-xx",
    )


def test_every_party_we_name_is_a_party_or_has_a_name(store: Store) -> None:
    found = countries()
    with store.read("T1") as session:
        known = set(parties.by_codes(session, [*found.codes, *(rule.was for rule in found.filed)], with_names=False))
    assert found.codes - known == set(found.names)
    assert {rule.was for rule in found.filed} <= known
    assert {code for gap in known_gaps() for code in gap.parties} <= known


def test_the_recipe_says_what_was_done(store: Store) -> None:
    with store.read("T1") as session:
        found = recipe(session, Choice(ALL))
        narrow = recipe(session, Choice(Period.years(2002, 2002)))
    assert found is not None
    assert narrow is not None
    assert found.left_out == ("trip 15",)
    assert found.unknown == ("ruritania",)
    assert found.merges == (("Türkiye", ("turkey", "turkiye")),)
    assert narrow.merges == ()
    assert narrow.left_out == ()


def test_the_soviet_union_is_kept_as_filed_and_counted_under_russia(store: Store) -> None:
    with store.read("T1") as session:
        russia, ussr = record(session, "ru"), record(session, "ru", was="suhh")
    assert russia.filed == (("russia", "U.S.S.R.", 1), ("russia", "Russia", 1))
    assert russia.others == (("suhh", 1),)
    assert [part.trips for part in ussr.offices] == [1]
    assert "Soviet Union" in ussr.why[0]


def test_a_party_record_has_first_last_and_the_longest_gap(store: Store) -> None:
    with store.read("T1") as session:
        found = record(session, "fr").of(Office.SECRETARY)
    assert found is not None
    assert (found.trips, found.stays, found.first.id, found.last.id) == (3, 2, 11, 13)
    assert found.gap == (date(2001, 2, 2), date(2001, 5, 1))
    assert longest_gap([found.first]) is None


@pytest.mark.parametrize(("words", "ids"), [(("erdogan",), [14, 15]), (("ÇELIK",), [13]), (("bea", "lyon"), [13])])
def test_remarks_are_searched_without_case_and_accents(store: Store, words: tuple[str, ...], ids: list[int]) -> None:
    with store.read("T1") as session:
        found = find(session, Wanted(words=words, offices=(Office.SECRETARY,)))
    assert [row.id for row in found if row.kind is Kind.TRIP] == ids


def test_near_duplicates_are_listed_by_rule(tmp_path: Path) -> None:
    migrations.migrate(tmp_path / "a.db", now=NOW)
    store = migrations.open_store(tmp_path / "a.db")
    file = tmp_path / "bea.xml"
    rows = [
        trip(1, "bea", "2021-03-15", "2021-03-17", "japan", locale="Tokyo"),
        trip(2, "bea", "2021-03-15", "2021-03-17", "japan", locale="tokyo"),
        trip(3, "bea", "2021-03-22", "2021-03-24", "belgium", locale="Brussels"),
        trip(4, "bea", "2021-03-22", "2021-03-25", "belgium", locale="Brussels", remarks="More words."),
        trip(5, "bea", "2021-11-01", "2021-11-02", "united-kingdom", locale="Glasgow"),
        trip(6, "bea", "2021-11-01", "2021-11-02", "united-kingdom", locale="Glasgow", remarks="Other words."),
        trip(7, "bea", "2021-12-01", "2021-12-03", "spain", locale="Madrid"),
        trip(8, "bea", "2021-12-03", "2021-12-05", "spain", locale="Madrid"),
        trip(9, "dot", "2021-12-03", "2021-12-05", "spain", locale="Madrid"),
    ]
    file.write_text(trips(*rows), encoding="utf-8")
    report = import_paths(store, file)
    assert report.exact == (("trip 2", 1),)
    assert report.near == (("trip 4", "same-place", 3), ("trip 6", "same-days", 5))
    with store.read("T1") as session:
        assert [(t.id, o.id if o else None, t.rule) for t, o in repeated(session)] == [
            (2, 1, Rule.EXACT),
            (6, 5, Rule.SAME_DAYS),
            (4, 3, Rule.SAME_PLACE),
        ]
    assert counts(ranking(store, Unit.TRIPS)) == {
        "jp": (1, 0, 1, 0),
        "be": (2, 0, 2, 0),
        "gb": (2, 0, 2, 0),
        "es": (3, 0, 3, 0),
    }
    assert counts(ranking(store, Unit.STAYS)) == {
        "jp": (1, 0, 1, 0),
        "be": (1, 0, 1, 0),
        "gb": (1, 0, 1, 0),
        "es": (2, 0, 2, 0),
    }
    store.close()


def test_the_rest_of_the_product_hears_of_last_contacts(store: Store) -> None:
    with store.read("T1") as session:
        found = travel.last_contacts(session, "fr")
        between = travel.between(session, "us", "fr")
        said = travel.one_line(session, "fr")
        nothing = travel.one_line(session, "jp")
        assert travel.between(session, "de", "fr") is None
        assert travel.between(session, "us", "jp") is None
    assert found is not None
    assert found.leader is not None
    assert found.minister is not None
    assert (found.leader.label, found.minister.label) == ("visit 1", "trip 13")
    assert between is not None
    assert (between.total, between.first.id, between.last.label) == (5, 11, "visit 1")
    assert said == (
        "US travel record to 4 Mar 2004: leader level last 3 Sep 2001 (President Dupont to the United States); "
        "minister level last 4 May 2001 (Bea in Lyon); meetings in third countries are filed under the host"
    )
    assert nothing == "US travel record to 4 Mar 2004: no contact on record"


def test_gaps_have_sources_and_are_narrowed(store: Store) -> None:
    assert all(gap.source and gap.url.startswith("https://") and gap.first <= gap.last for gap in known_gaps())
    assert {gap.key for gap in gaps_in(Period.years(2018, 2018), (Office.PRESIDENT,))} >= {"trump-iraq-2018", "helsinki-2018"}
    assert [gap.key for gap in gaps_in(EVERYTHING, tuple(Office), "ca")] == ["biden-ottawa-2023"]


START = date(2000, 1, 1)
rows_of = st.lists(
    st.tuples(
        st.integers(0, 24),
        st.integers(0, 6),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["x", "y"]),
        st.sampled_from(["p", "q"]),
    ),
    max_size=14,
)


def made(drawn: Sequence[tuple[int, int, str, str, str]]) -> list[SourceRow]:
    return [
        SourceRow(
            Kind.TRIP,
            number,
            Office.PRESIDENT if who == "a" else Office.SECRETARY,
            who,
            who,
            START + timedelta(at),
            START + timedelta(at + long),
            country,
            country,
            locale,
            "",
            "f",
        )
        for number, (at, long, who, country, locale) in enumerate(drawn)
    ]


def components(rows: Sequence[SourceRow]) -> list[set[Key]]:
    """Rows that overlap or share a day, joined: the definition, word for word."""
    groups: list[set[Key]] = []
    for row in rows:
        touching = [g for g in groups for o in rows if key(o) in g and o.first <= row.last and row.first <= o.last]
        merged = {key(row)}.union(*touching)
        groups = [g for g in groups if not g & merged] + [merged]
    return groups


@given(drawn=rows_of, begins=st.integers(0, 24), lasts=st.integers(0, 24))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_where_stays_begin_agrees_with_the_definition_in_any_period(
    drawn: list[tuple[int, int, str, str, str]], begins: int, lasts: int
) -> None:
    rows = made(drawn)
    party_of = {key(row): row.country_id for row in rows}
    exact = {k for k, found in repeats(rows, party_of).items() if found.rule is Rule.EXACT}
    counted = [row for row in rows if key(row) not in exact]
    reach = reaches(counted, party_of)
    first, last = START + timedelta(begins), START + timedelta(begins + lasts)
    inside = [row for row in counted if first <= row.first <= last]
    stays: Counter[tuple[str, str]] = Counter()
    joints: dict[str, list[set[Key]]] = defaultdict(list)
    for country in ("x", "y"):
        for who in ("a", "b"):
            stays[country, who] = len(components([r for r in inside if (r.country_id, r.traveller) == (country, who)]))
        joints[country] = components([row for row in inside if row.country_id == country])
    for country in ("x", "y"):
        mine = [row for row in inside if row.country_id == country]
        for who in ("a", "b"):
            own = [row for row in mine if row.traveller == who]
            began = [row for row in own if (day := reach[key(row)].stay) is None or day < first]
            assert len(began) == stays[country, who]
            joined = [row for row in own if (day := reach[key(row)].office) is None or day < first]
            assert len(joined) == sum(any(key(row) in group for row in own) for group in joints[country])
        began = [row for row in mine if (day := reach[key(row)].joint) is None or day < first]
        assert len(began) == len(joints[country])
