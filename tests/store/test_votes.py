"""Rolls of votes from CSV files: the UN's own names and columns, every fault at once, and sums that are held against it."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from store import drafts, rolls, votes_csv
from store.database import WriteSession
from store.exchange import BadFile
from store.records import Draft, DraftStatus, Tally, Vote, VoteChoice, VoteKind

DAY = date(2025, 2, 24)
SYMBOL = "A/RES/ES-11/7"

# The member states as the UN Digital Library writes them in its voting data.
MEMBERS = """
AFGHANISTAN|ALBANIA|ALGERIA|ANDORRA|ANGOLA|ANTIGUA AND BARBUDA|ARGENTINA|ARMENIA|AUSTRALIA|AUSTRIA|AZERBAIJAN|BAHAMAS|
BAHRAIN|BANGLADESH|BARBADOS|BELARUS|BELGIUM|BELIZE|BENIN|BHUTAN|BOLIVIA (PLURINATIONAL STATE OF)|BOSNIA AND HERZEGOVINA|
BOTSWANA|BRAZIL|BRUNEI DARUSSALAM|BULGARIA|BURKINA FASO|BURUNDI|CABO VERDE|CAMBODIA|CAMEROON|CANADA|
CENTRAL AFRICAN REPUBLIC|CHAD|CHILE|CHINA|COLOMBIA|COMOROS|CONGO|COSTA RICA|CÔTE D'IVOIRE|CROATIA|CUBA|CYPRUS|CZECHIA|
DEMOCRATIC PEOPLE'S REPUBLIC OF KOREA|DEMOCRATIC REPUBLIC OF THE CONGO|DENMARK|DJIBOUTI|DOMINICA|DOMINICAN REPUBLIC|
ECUADOR|EGYPT|EL SALVADOR|EQUATORIAL GUINEA|ERITREA|ESTONIA|ESWATINI|ETHIOPIA|FIJI|FINLAND|FRANCE|GABON|
GAMBIA (REPUBLIC OF THE)|GEORGIA|GERMANY|GHANA|GREECE|GRENADA|GUATEMALA|GUINEA|GUINEA-BISSAU|GUYANA|HAITI|HONDURAS|
HUNGARY|ICELAND|INDIA|INDONESIA|IRAN (ISLAMIC REPUBLIC OF)|IRAQ|IRELAND|ISRAEL|ITALY|JAMAICA|JAPAN|JORDAN|KAZAKHSTAN|
KENYA|KIRIBATI|KUWAIT|KYRGYZSTAN|LAO PEOPLE'S DEMOCRATIC REPUBLIC|LATVIA|LEBANON|LESOTHO|LIBERIA|LIBYA|LIECHTENSTEIN|
LITHUANIA|LUXEMBOURG|MADAGASCAR|MALAWI|MALAYSIA|MALDIVES|MALI|MALTA|MARSHALL ISLANDS|MAURITANIA|MAURITIUS|MEXICO|
MICRONESIA (FEDERATED STATES OF)|MONACO|MONGOLIA|MONTENEGRO|MOROCCO|MOZAMBIQUE|MYANMAR|NAMIBIA|NAURU|NEPAL|
NETHERLANDS (KINGDOM OF THE)|NEW ZEALAND|NICARAGUA|NIGER|NIGERIA|NORTH MACEDONIA|NORWAY|OMAN|PAKISTAN|PALAU|PANAMA|
PAPUA NEW GUINEA|PARAGUAY|PERU|PHILIPPINES|POLAND|PORTUGAL|QATAR|REPUBLIC OF KOREA|REPUBLIC OF MOLDOVA|ROMANIA|
RUSSIAN FEDERATION|RWANDA|SAINT KITTS AND NEVIS|SAINT LUCIA|SAINT VINCENT AND THE GRENADINES|SAMOA|SAN MARINO|
SAO TOME AND PRINCIPE|SAUDI ARABIA|SENEGAL|SERBIA|SEYCHELLES|SIERRA LEONE|SINGAPORE|SLOVAKIA|SLOVENIA|SOLOMON ISLANDS|
SOMALIA|SOUTH AFRICA|SOUTH SUDAN|SPAIN|SRI LANKA|SUDAN|SURINAME|SWEDEN|SWITZERLAND|SYRIAN ARAB REPUBLIC|TAJIKISTAN|
THAILAND|TIMOR-LESTE|TOGO|TONGA|TRINIDAD AND TOBAGO|TUNISIA|TÜRKIYE|TURKMENISTAN|TUVALU|UGANDA|UKRAINE|
UNITED ARAB EMIRATES|UNITED KINGDOM|UNITED REPUBLIC OF TANZANIA|UNITED STATES|URUGUAY|UZBEKISTAN|VANUATU|
VENEZUELA (BOLIVARIAN REPUBLIC OF)|VIET NAM|YEMEN|ZAMBIA|ZIMBABWE
"""
NAMES = [name.strip() for name in MEMBERS.split("|")]

Row = Mapping[str, Any]


def rows(names: Sequence[str] = NAMES, **fields: Any) -> list[dict[str, Any]]:
    """Rows as the library's download has them; the votes go round Y, N, A, X."""
    common = {"undl_id": 4000001, "ms_code": "", "date": "2025-02-24", "session": "ES-11", "resolution": SYMBOL}
    return [{**common, "ms_name": name, "ms_vote": "YNAX"[i % 4], **fields} for i, name in enumerate(names)]


def file(listed: Sequence[Row], *, delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(listed[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue().encode(encoding)


def read(session: WriteSession, listed: Sequence[Row], **options: Any) -> votes_csv.Roll:
    return votes_csv.read(session, file(listed), **{"symbol": SYMBOL, **options})


def faults(session: WriteSession, listed: Sequence[Row], **options: Any) -> list[str]:
    with pytest.raises(BadFile) as bad:
        read(session, listed, **options)
    return [str(fault) for fault in bad.value.faults]


def test_every_member_state_is_known_by_the_uns_own_name(writing: WriteSession) -> None:
    assert len(NAMES) == 193
    roll = read(writing, rows())
    assert len({vote.party for vote in roll.votes}) == 193
    meant = dict(zip(NAMES, (vote.party for vote in roll.votes), strict=True))
    known = {
        "RUSSIAN FEDERATION": "ru", "TÜRKIYE": "tr", "VIET NAM": "vn", "IRAN (ISLAMIC REPUBLIC OF)": "ir", "CONGO": "cg",
        "REPUBLIC OF KOREA": "kr", "DEMOCRATIC PEOPLE'S REPUBLIC OF KOREA": "kp", "NETHERLANDS (KINGDOM OF THE)": "nl",
        "GAMBIA (REPUBLIC OF THE)": "gm", "DEMOCRATIC REPUBLIC OF THE CONGO": "cd", "NIGER": "ne", "DOMINICA": "dm",
    }  # fmt: skip
    assert {name: meant[name] for name in known} == known
    assert roll.day == DAY
    assert roll.counted() == {VoteChoice.FOR: 49, VoteChoice.AGAINST: 48, VoteChoice.ABSTAINED: 48, VoteChoice.ABSENT: 48}


OLD = {
    "UNION OF SOVIET SOCIALIST REPUBLICS": "suhh", "TURKEY": "tr", "LIBYAN ARAB JAMAHIRIYA": "ly", "LIBYAN ARAB REPUBLIC": "ly",
    "ZAIRE": "zrcd", "SWAZILAND": "sz", "CZECH REPUBLIC": "cz", "BYELORUSSIAN SSR": "by", "UKRAINIAN SSR": "ua",
    "DEMOCRATIC KAMPUCHEA": "kh", "KHMER REPUBLIC": "kh", "FEDERATION OF MALAYA": "my", "MALDIVE ISLANDS": "mv",
    "SOUTHERN YEMEN": "ydye", "DEMOCRATIC YEMEN": "ydye", "YEMEN ARAB REPUBLIC": "north-yemen", "UNION OF SOUTH AFRICA": "za",
    "CENTRAL AFRICAN EMPIRE": "cf", "CONGO (LEOPOLDVILLE)": "cd", "CONGO (BRAZZAVILLE)": "cg", "CONGO": "cg",
    "CONGO (DEMOCRATIC REPUBLIC OF)": "cd", "GERMANY, FEDERAL REPUBLIC OF": "de", "GERMAN DEMOCRATIC REPUBLIC": "ddde",
    "UNITED REPUBLIC OF CAMEROON": "cm", "UPPER VOLTA": "bf", "DAHOMEY": "bj", "CEYLON": "lk", "BURMA": "mm",
    "UNITED ARAB REPUBLIC": "united-arab-republic", "TANGANYIKA": "tanganyika", "SAINT CHRISTOPHER AND NEVIS": "kn",
    "PHILIPPINE REPUBLIC": "ph", "IVORY COAST": "ci", "CAPE VERDE": "cv", "SURINAM": "sr", "CZECHOSLOVAKIA": "cshh",
}  # fmt: skip


def test_names_of_the_past_are_those_parties(writing: WriteSession) -> None:
    for name, code in OLD.items():
        assert [vote.party for vote in read(writing, rows([name])).votes] == [code], name


def test_a_right_code_settles_a_name_that_nobody_has(writing: WriteSession) -> None:
    listed = [{"country": "Kongo (Léo)", "ms_code": "COD", "vote": "N"}, {"country": "USSR", "ms_code": "RUS", "vote": "Y"}]
    roll = read(writing, listed)
    assert [vote.party for vote in roll.votes] == ["cd", "suhh"]
    assert roll.remarks == ('line 2: "Kongo (Léo)" is no name on record; taken for DR Congo (cd) by its code "COD"',)
    assert "no party called" in faults(writing, [{"country": "Atlantis", "ms_code": "ATL", "vote": "N"}])[0]


def test_voters_that_have_no_vote_are_faults(writing: WriteSession) -> None:
    listed = [{"country": "NATO", "vote": "N"}, {"country": "France", "vote": "Y"}, {"country": "G7", "vote": "Y"}]
    assert faults(writing, listed) == [
        "line 2: NATO is an organisation and has no vote; name its members",
        "line 4: G7 is a group of states and has no vote; name its members",
    ]


def test_one_total_alone_is_compared_and_not_kept(writing: WriteSession) -> None:
    roll = read(writing, rows(["FRANCE", "SPAIN"], total_yes=1, ms_vote="Y"))
    assert [(o.choice.value, o.roll, o.announced) for o in rolls.short_of(roll)] == [("for", 2, 1)]
    assert roll.announced(DAY) is None
    assert rolls.contradicted(roll, Tally(DAY, 3, 1, 0)) == [rolls.Off(VoteChoice.FOR, 1, 3)]


def test_a_total_that_is_no_number_and_a_day_to_come_are_faults(writing: WriteSession) -> None:
    assert faults(writing, rows(["FRANCE"], total_yes="many", total_no=0)) == [
        'line 2: "many" is no total of votes; write a number'
    ]
    assert faults(writing, rows(["FRANCE"], date="2035-02-24"), today=DAY) == [
        "line 2: 2035-02-24 is still to come: nobody has voted yet"
    ]
    assert read(writing, rows(["FRANCE"]), today=DAY).day == DAY


def test_the_files_own_totals_are_compared_strictly_and_need_no_day(writing: WriteSession) -> None:
    listed = rows(["FRANCE", "SPAIN"], total_yes=3, total_no=0, total_abstentions=0, date="")
    for row in listed:
        row["ms_vote"] = "Y"
    roll = read(writing, listed)
    assert [(o.choice.value, o.roll, o.announced) for o in rolls.short_of(roll)] == [("for", 2, 3)]
    assert roll.announced(None) is None
    draft = Draft("d", 0, "A text", DraftStatus.TABLED, symbol=SYMBOL)
    assert rolls.laid_over(draft, roll, kind=VoteKind.CAST, day=None, sources=()).tally is None
    assert rolls.laid_over(draft, roll, kind=VoteKind.CAST, day=DAY, sources=()).tally == Tally(DAY, 3, 0, 0)
    adopted = replace(draft, status=DraftStatus.ADOPTED, status_on=DAY)
    assert rolls.laid_over(adopted, roll, kind=VoteKind.CAST, day=None, sources=()).tally == Tally(DAY, 3, 0, 0)
    other = rolls.contradicted(roll, Tally(DAY, 3, 1, 0, 5))
    assert [(o.choice.value, o.roll, o.announced) for o in other] == [("against", 0, 1)]


@pytest.mark.parametrize(
    ("word", "choice"),
    [
        ("Y", VoteChoice.FOR), ("yes", VoteChoice.FOR), ("N", VoteChoice.AGAINST), ("against", VoteChoice.AGAINST),
        ("A", VoteChoice.ABSTAINED), ("Abstention", VoteChoice.ABSTAINED), ("X", VoteChoice.ABSENT), ("NV", VoteChoice.ABSENT),
        ("", VoteChoice.ABSENT),
    ],
)  # fmt: skip
def test_how_votes_are_written(writing: WriteSession, word: str, choice: VoteChoice) -> None:
    (vote,) = read(writing, rows(["FRANCE"], ms_vote=word)).votes
    assert (vote.party, vote.choice, vote.line) == ("fr", choice, 2)


def test_a_plain_file_of_ones_own_with_semicolons(writing: WriteSession) -> None:
    content = b"Country;Vote\r\nThe Kremlin;no\r\nUSA;abstain\r\n"
    roll = votes_csv.read(writing, content, symbol=None)
    assert [(v.party, v.choice.value) for v in roll.votes] == [("ru", "against"), ("us", "abstained")]
    assert (roll.day, roll.symbol, roll.totals, roll.link) == (None, None, None, None)


def test_codes_settle_a_name_that_two_have_and_must_agree_with_the_name(writing: WriteSession) -> None:
    by_code = [{"country": "Korea", "ms_code": "PRK", "vote": "N"}, {"country": "", "ms_code": "KOR", "vote": "Y"}]
    assert [v.party for v in read(writing, by_code).votes] == ["kp", "kr"]
    wrong = faults(writing, [{"country": "France", "ms_code": "RUS", "vote": "Y"}])
    assert wrong == ['line 2: "France" and the code "RUS" are not the same party']


def test_unknown_double_and_repeated_names_are_all_listed(writing: WriteSession) -> None:
    listed = [
        {"country": "Atlantis", "vote": "Y"}, {"country": "Korea", "vote": "Y"}, {"country": "Rusia", "vote": "N"},
        {"country": "France", "vote": "Y"}, {"country": "FRANCE", "vote": "N"}, {"country": "Spain", "vote": "perhaps"},
        {"country": "", "vote": "Y"},
    ]  # fmt: skip
    found = faults(writing, listed)
    assert [fault.split(":")[0] for fault in found] == ["line 2", "line 3", "line 4", "line 6", "line 7", "line 8"]
    assert '"Atlantis"' in found[0]
    assert "could be" in found[1]
    assert "South Korea (kr)" in found[1]
    assert "did you mean Russia?" in found[2]
    assert found[3] == "line 6: France votes a second time; the first is on line 5"
    assert "is no vote" in found[4]
    assert "nobody is named" in found[5]


def test_a_file_of_many_resolutions_gives_the_drafts_own_rows(writing: WriteSession) -> None:
    both = [*rows(["FRANCE"], resolution="A/RES/ES-11/8", ms_vote="Y"), *rows(["FRANCE"], ms_vote="N")]
    assert [v.choice for v in read(writing, both).votes] == [VoteChoice.AGAINST]
    assert [v.choice for v in read(writing, both, wanted="a/res/es-11/8").votes] == [VoteChoice.FOR]
    assert "say which with --resolution" in faults(writing, both, symbol=None)[0]
    assert faults(writing, both, symbol="S/RES/2774") == ["the draft is S/RES/2774; the file has A/RES/ES-11/8, A/RES/ES-11/7"]
    assert faults(writing, both, wanted="S/RES/1") == [
        "the file has no rows of S/RES/1; the file has A/RES/ES-11/8, A/RES/ES-11/7"
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"country,vote\n", "no votes"),
        (b"alpha,beta\n1,2\n", "no column says who voted"),
        (b"country\nFrance\n", "how (ms_vote; or vote)"),
        ("country,vote\nC\xf4te d'Ivoire,Y\n".encode("latin-1"), "not UTF-8"),
        (b"country,vote\nFrance\0,Y\n", "null characters"),
        (b"country,vote,date\nFrance,Y,24/02/2025\n", "is not a day"),
        (b"country,vote,date\nFrance,Y,2025-02-24\nSpain,Y,2025-02-25\n", "several days"),
        (b'country,vote\n"' + b"x" * 200_000 + b'",Y\n', "no CSV"),
    ],
)
def test_files_that_cannot_be_read(writing: WriteSession, content: bytes, words: str) -> None:
    with pytest.raises(BadFile) as bad:
        votes_csv.read(writing, content, symbol=None)
    assert words in str(bad.value)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.binary(max_size=400) | some.text(max_size=200).map(lambda t: f"country,vote\n{t}".encode()))
def test_any_bytes_are_a_roll_or_a_bad_file(writing: WriteSession, content: bytes) -> None:
    found: votes_csv.Roll | None = None
    with contextlib.suppress(BadFile):
        found = votes_csv.read(writing, content, symbol=None)
    assert found is None or found.votes


def test_the_totals_of_the_file_are_kept_as_announced(writing: WriteSession) -> None:
    listed = rows(
        total_yes=93, total_no=18, total_abstentions=65, total_non_voting=17, undl_link="https://digitallibrary.un.org/record/1"
    )
    roll = read(writing, listed)
    assert roll.announced(None) == Tally(DAY, 93, 18, 65, 17)
    assert roll.link == "https://digitallibrary.un.org/record/1"
    wrong = rolls.off(roll.counted(), roll.announced(None))
    assert [(o.choice.value, o.roll, o.announced) for o in wrong] == [("against", 48, 18), ("absent", 48, 17)]


def test_a_roll_in_part_may_have_too_few_but_not_too_many() -> None:
    tally = Tally(DAY, 2, 1, 1)
    part = {VoteChoice.FOR: 1, VoteChoice.AGAINST: 1, VoteChoice.ABSTAINED: 0, VoteChoice.ABSENT: 0}
    assert rolls.off(part, tally) == []
    assert [o.choice for o in rolls.off({**part, VoteChoice.AGAINST: 2}, tally)] == [VoteChoice.AGAINST]
    whole = {VoteChoice.FOR: 1, VoteChoice.AGAINST: 2, VoteChoice.ABSTAINED: 1, VoteChoice.ABSENT: 0}
    assert [o.choice for o in rolls.off(whole, tally)] == [VoteChoice.FOR, VoteChoice.AGAINST]
    assert rolls.off(whole, None) == []


def test_a_roll_replaces_the_same_parties_votes_and_keeps_the_others(writing: WriteSession) -> None:
    had = (
        Vote("us", VoteChoice.AGAINST, VoteKind.CAST, DAY), Vote("fr", VoteChoice.FOR, VoteKind.INTENDED),
        Vote("cn", VoteChoice.ABSTAINED, VoteKind.CAST, DAY),
    )  # fmt: skip
    draft = drafts.save(writing, Draft("d", 0, "A text", DraftStatus.ADOPTED, symbol=SYMBOL, votes=had))
    roll = read(writing, rows(["FRANCE", "UNITED STATES"]))
    after = drafts.save(writing, rolls.laid_over(draft, roll, kind=VoteKind.CAST, day=None, sources=()))
    cast = {v.party: v.choice.value for v in drafts.get(writing, after.number).votes if v.kind is VoteKind.CAST}
    assert cast == {"fr": "for", "us": "against", "cn": "abstained"}
    assert [v.party for v in after.votes if v.kind is VoteKind.INTENDED] == ["fr"]
    meant = rolls.laid_over(after, roll, kind=VoteKind.INTENDED, day=None, sources=())
    assert {v.party for v in meant.votes if v.kind is VoteKind.INTENDED} == {"fr", "us"}
    assert drafts.save(writing, rolls.laid_over(after, roll, kind=VoteKind.CAST, day=None, sources=())) == after
