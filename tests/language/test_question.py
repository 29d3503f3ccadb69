"""Questions in rest-words: any order, nothing dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language import question
from bot.language.question import Question
from bot.language.words import Ref
from store import migrations, topics
from store.database import Session
from store.records import Level, PlaceState, Precision, Status, Topic

NOW = datetime(2025, 2, 22, 18, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    path = tmp_path_factory.mktemp("question") / "store.db"
    migrations.migrate(path, now=NOW)
    store = migrations.open_store(path)
    with store.write("T1", actor="U1", now=NOW) as writing:
        topics.save(writing, Topic("nato-east", "NATO in Eastern Europe", ("NATO", "1997")))
        topics.save(writing, Topic("nato-ukraine", "NATO membership for Ukraine", ("Ukraine in NATO",), "nato-east"))
    with store.read("T1") as reading:
        yield reading
    store.close()


def ask(session: Session, text: str, order: str = "DMY") -> Question:
    return question.read(session, text, now=NOW, zone="Europe/Brussels", order=order)


def window(read: Question) -> tuple[object, object]:
    assert read.window is not None
    return read.window.earliest, read.window.latest


def test_words_in_any_order(session: Session) -> None:
    texts = ["us russia foreign ministers planned in riyadh", "planned RIYADH? in Riyadh Foreign-Ministers: US/Russia"]
    first = ask(session, texts[0])
    assert first.parties == ("us", "ru")
    assert (first.levels, first.statuses, first.places) == ((Level.MINISTER,), (Status.PLANNED,), ("sa",))
    assert first.unread == ()
    second = ask(session, texts[1])
    assert set(second.parties) == {"us", "ru", "sa"}, "Riyadh by itself is its government"
    assert (second.levels, second.statuses, second.places) == ((Level.MINISTER,), (Status.PLANNED,), ("sa",))


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("us russia on 18 March", date(2025, 3, 18), date(2025, 3, 18)),
        ("March us russia", date(2025, 3, 1), date(2025, 3, 31)),
        ("russia in 30 days", date(2025, 3, 24), date(2025, 3, 24)),
        ("russia before 1 May nato", date(2025, 2, 22), date(2025, 4, 30)),
        ("us 1 to 9 March russia", date(2025, 3, 1), date(2025, 3, 9)),
        ("russia nato as-of 2022-02", date(2022, 2, 1), date(2022, 2, 28)),
        ("russia 2022", date(2022, 1, 1), date(2022, 12, 31)),
    ],
)
def test_days(session: Session, text: str, earliest: date, latest: date) -> None:
    read = ask(session, text)
    assert window(read) == (earliest, latest)
    assert "ru" in read.parties or "us" in read.parties
    assert read.unread == ()
    assert "in" not in read.parties


def test_a_topic_named_by_a_year_is_a_topic(session: Session) -> None:
    read = ask(session, "russia 1997")
    assert (read.topics, read.window) == (("nato-east",), None)
    assert window(ask(session, "russia march 1997")) == (date(1997, 3, 1), date(1997, 3, 31))


def test_as_of(session: Session) -> None:
    read = ask(session, "russia nato as of 2022-02")
    assert read.as_of
    assert read.window is not None
    assert read.window.precision is Precision.MONTH
    without = ask(session, "russia nato as-of")
    assert (without.as_of, without.unread) == (False, ("as-of",))


def test_a_date_that_reads_two_ways_asks(session: Session) -> None:
    read = ask(session, "russia 12/03/2025")
    assert read.window is None
    assert len(read.readings) == 2
    assert read.date_question


def test_a_name_that_is_party_and_topic_is_both(session: Session) -> None:
    read = ask(session, "russia nato")
    assert read.parties == ("ru", "nato")
    assert read.topics == ("nato-east",)
    assert read.party_topics == {"nato": ("nato-east",)}


def test_the_longest_name_wins_between_parties_and_topics(session: Session) -> None:
    read = ask(session, "us on NATO membership for Ukraine")
    assert (read.parties, read.topics, read.party_topics) == (("us",), ("nato-ukraine",), {})


def test_what_is_ambiguous_is_asked(session: Session) -> None:
    read = ask(session, "us korea and brussels")
    assert read.parties == ("us",)
    assert [(m.text, m.codes) for m in read.ambiguous] == [("korea", ("kp", "kr")), ("brussels", ("be", "eu", "nato"))]
    assert ask(session, "in Brussels").places == ("be",), "a place is not a metonym"


@pytest.mark.parametrize(
    ("text", "places"),
    [("in saudi arabia", ("sa",)), ("in the Netherlands", ("nl",)), ("in Geneva", ("ch",)), ("istanbul", ("tr",)),
     ("at the Kremlin", ("ru",)), ("in nato", ()), ("in the EU", ()),
     ("in Korea", ()), ("in Korean", ())],
)  # fmt: skip
def test_places(session: Session, text: str, places: tuple[str, ...]) -> None:
    assert ask(session, text).places == places


def test_field_words_and_numbers(session: Session) -> None:
    read = ask(session, "T-12 p-7 by phone, third country, departmental directors held d3")
    assert read.refs == (Ref("T", 12), Ref("P", 7), Ref("D", 3))
    assert read.place_states == (PlaceState.REMOTE, PlaceState.THIRD_COUNTRY)
    assert (read.levels, read.statuses, read.unread) == ((Level.DIRECTOR,), (Status.HELD,), ())
    assert ask(session, "P5").parties == ("p5",)


def test_what_is_not_understood_is_named_with_near_misses(session: Session) -> None:
    read = ask(session, "rusia foo ukrane ministrs 😀 foo eastern")
    assert read.unread == ("rusia", "foo", "ukrane", "ministrs", "😀", "eastern")
    assert read.suggestions["rusia"] == ("Russia",)
    assert read.suggestions["ukrane"][0] == "Ukraine"
    assert read.suggestions["ministrs"][0] == "ministers"
    assert "foo" not in read.suggestions
    assert ask(session, "eastern").suggestions == {"eastern": ("NATO in Eastern Europe",)}


def test_small_words_pass_quietly(session: Session) -> None:
    read = ask(session, "what is next between the us and russia, please?")
    assert (read.parties, read.unread) == (("us", "ru"), ())


def test_no_words_no_queries(session: Session) -> None:
    seen: list[str] = []
    session.db.conn.set_trace_callback(seen.append)
    try:
        assert ask(session, "") == ask(session, " \n ") == Question()
        assert seen == []
        ask(session, "us russia foreign ministers in 30 days")
        assert len(seen) == 2
    finally:
        session.db.conn.set_trace_callback(None)


@pytest.mark.parametrize("text", ["word " * 8000, "x" * 40_000, "🇷🇺" * 20_000, "russia " * 6000, "﷽" * 40_000, "'" * 40_000])
def test_a_very_long_text(session: Session, text: str) -> None:
    read = ask(session, text)
    assert all(len(word) <= question.CHARACTERS_READ for word in read.unread)
    assert len(read.unread) <= question.WORDS_READ + 1


def test_what_is_beyond_the_words_read_is_named(session: Session) -> None:
    read = ask(session, "us " * 60 + "russia and then some more words that go on and on")
    assert read.parties == ("us",)
    assert read.unread == ("russia and then some more words that g…",)


ROUGH = st.lists(
    st.sampled_from(
        [
            "us",
            "russia",
            "nato",
            "in",
            "brussels",
            "T-1",
            "p5",
            "as-of",
            "2022-02",
            "30",
            "days",
            "by",
            "phone",
            "'",
            "\n",
            "🇷🇺",
        ]
    )
    | st.text(max_size=8),
    max_size=12,
).map(" ".join)


@settings(deadline=None)
@given(text=ROUGH, order=st.sampled_from(["DMY", "MDY", "YMD"]))
def test_any_text_has_an_answer_and_nothing_is_lost(session: Session, text: str, order: str) -> None:
    read = ask(session, text, order)
    for mention in read.mentions:
        assert mention.text == text[mention.start : mention.end]
    assert set(read.suggestions) <= set(read.unread)
    assert not (read.window and read.readings)
