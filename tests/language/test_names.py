"""Parties found in words and in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language import names
from store import migrations, parties
from store.database import Session
from store.records import NameKind, Party, PartyKind, PartyName

NOW = datetime(2025, 2, 22, 18, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    path = tmp_path_factory.mktemp("names") / "store.db"
    migrations.migrate(path, now=NOW)
    store = migrations.open_store(path)
    with store.write("T1", actor="U1", now=NOW) as writing:
        parties.add(writing, Party("e5", "E5", PartyKind.BLOC, names=(PartyName("European Five"),)))
    with store.read("T1") as reading:
        yield reading
    store.close()


def codes(session: Session, text: str, *, prose: bool = False) -> list[str]:
    return ["/".join(mention.codes) for mention in names.find(session, text, prose=prose)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("us russia", ["us", "ru"]),
        ("US-Russia", ["us", "ru"]),
        ("US/Russia", ["us", "ru"]),
        ("Russia–NATO", ["ru", "nato"]),
        ("Russia's NATO", ["ru", "nato"]),
        ("russian and the american", ["ru", "us"]),
        ("the Kremlin", ["ru"]),
        ("Us russia", ["us", "ru"]),
        (":flag-ru: 🇺🇸 :uk:", ["ru", "us", "gb"]),
        ("🇺🇸🇷🇺", ["us", "ru"]),
        ("U.S.", ["us"]),
        ("south sudan sudan", ["ss", "sd"]),
        ("Papua New Guinea, Guinea-Bissau, Equatorial Guinea, Guinea", ["pg", "gw", "gq", "gn"]),
        ("Korea, Republic of", ["kr"]),
        ("Democratic Republic of the Congo; Republic of the Congo", ["cd", "cg"]),
        ("congo", ["cd/cg"]),
        ("korea brussels", ["kp/kr", "be/eu/nato"]),
        ("serbia and montenegro", ["csxx"]),
        ("saudi arabia ivory coast", ["sa", "ci"]),
        ("opec+ opec", ["opec-plus", "opec"]),
        ("p5+1 p5", ["p5-plus-1", "p5"]),
        ("European five", ["e5"]),
        ("россия 中国", ["ru", "cn"]),
        ("RU UA IN", ["ru", "ua", "in"]),
        ("ru ua", ["ru", "ua"]),
        ("in 30 days", []),
        ("In march", []),
        ("is it no at by as so be am to me de", []),
        ("IN MARCH US RUSSIA", ["us", "ru"]),
        ("is", ["is"]),
        ("US", ["us"]),
        ("", []),
        ("…", []),
        ("geneva", []),
    ],
)
def test_rest_words(session: Session, text: str, found: list[str]) -> None:
    assert codes(session, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He told us that Russia agreed", ["ru"]),
        ("The US told us no", ["us"]),
        ("It is in Moscow, at no cost to us", ["ru"]),
        ("No talks. In March, us and them; It is. So be it", []),
        ("PM Starmer met American and Ukrainian officials at 3 PM", ["us", "ua"]),
        ("The United States’ envoy left Kyiv for Riyadh", ["us", "ua", "sa"]),
        ("RU and UA exchange lists; the uk watches", ["ru", "ua", "gb"]),
        ("a male speaker", []),
        ("HE TOLD US IT IS NO USE", ["us"]),
        ("ID, OK, TV", []),
    ],
)
def test_prose(session: Session, text: str, found: list[str]) -> None:
    assert codes(session, text, prose=True) == found


def test_a_mention_says_where_and_how(session: Session) -> None:
    first, second = names.find(session, "the Kremlin's NATO")
    assert (first.start, first.end, first.text, first.kind) == (4, 13, "Kremlin's", NameKind.METONYM)
    assert (second.codes, second.kind, second.ambiguous) == (("nato",), NameKind.NAME, False)
    assert names.find(session, "congo")[0].ambiguous


def test_every_country_is_found_in_words(session: Session) -> None:
    asks = {"Congo", "Virgin Islands"}
    for country in pycountry.countries:
        code = country.alpha_2.lower()
        for name in {country.name, getattr(country, "official_name", country.name), country.flag, country.alpha_2}:
            found = codes(session, f"talks with {name}")
            assert found == [code] or name in asks or found in ([f"{code}/african-union"], [f"{code}/ps"]), name


def test_one_query_and_none_without_words(session: Session) -> None:
    seen: list[str] = []
    session.db.conn.set_trace_callback(seen.append)
    try:
        names.find(session, "us russia in the kremlin")
        assert len(seen) == 1
        names.find(session, "  … ")
        assert len(seen) == 1
    finally:
        session.db.conn.set_trace_callback(None)


@settings(deadline=None)
@given(text=st.text(max_size=120), prose=st.booleans())
def test_any_text_has_an_answer(session: Session, text: str, prose: bool) -> None:
    previous = 0
    for mention in names.find(session, text, prose=prose):
        assert previous <= mention.start < mention.end <= len(text)
        assert mention.text == text[mention.start : mention.end]
        assert mention.codes
        previous = mention.end


def test_a_long_text_is_read_to_its_limit(session: Session) -> None:
    assert len(names.find(session, "russia " * 6000)) == 400
