"""Sentences to entries: a labelled corpus of announcements, and what holds for any text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language import entry, words
from bot.language.entry import TalksEntry
from bot.language.entry.lexicon import stop_words
from store import migrations, topics
from store.database import Session
from store.records import Level, PlaceState, ReplyStance, Stance, Status, Topic

NOW = datetime(2025, 2, 22, 18, 0, tzinfo=UTC)
ZONE = "Europe/Brussels"
FIELDS = ("sides", "levels", "window", "place", "agenda", "after", "said", "said_on", "round")
CORPUS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("announcements.yaml").read_text(encoding="utf-8"))

STANCES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("stances.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    path = tmp_path_factory.mktemp("entry") / "store.db"
    migrations.migrate(path, now=NOW)
    store = migrations.open_store(path)
    with store.write("T1", actor="U1", now=NOW) as writing:
        topics.save(writing, Topic("nato-east", "NATO in Eastern Europe", ("NATO", "1997")))
        topics.save(writing, Topic("nato-ukraine", "NATO membership for Ukraine", ("Ukraine in NATO",)))
    with store.read("T1") as reading:
        yield reading
    store.close()


def talks(session: Session, text: str, said_on: date | None = None) -> TalksEntry:
    return entry.read_talks(session, text, now=NOW, said_on=said_on, zone=ZONE)


def labels(case: dict[str, Any]) -> dict[str, object]:
    """A case's fields in the form of `fields`; None where they are to be empty."""
    sides, levels = [], {}
    shared = Level.UNSTATED
    for word in str(case.get("sides", "")).split():
        code, _, own = word.partition("=")
        if code.startswith("@"):
            shared = Level(code[1:])
            continue
        sides.append(code)
        levels[code] = Level(own) if own else Level.UNSTATED
    stated = {code: shared if shared is not Level.UNSTATED else level for code, level in levels.items()}
    return {
        "sides": sorted(sides) or None,
        "levels": {code: level for code, level in stated.items() if level is not Level.UNSTATED} or None,
        "window": case.get("window"),
        "place": case.get("place"),
        "agenda": [item.lower() for item in case.get("agenda", [])] or None,
        "after": str(case["after"]).split() if "after" in case else None,
        "said": case.get("said"),
        "said_on": str(case["said_on"]) if "said_on" in case else None,
        "round": case.get("round"),
    }


def fields(read: TalksEntry) -> dict[str, object]:
    """What was read, as a case of the corpus would say it."""
    return {
        "sides": sorted(side.party for side in read.sides) or None,
        "levels": {side.party: side.level for side in read.sides if side.level is not Level.UNSTATED} or None,
        "window": "?" if read.readings else _window(read),
        "place": _place(read),
        "agenda": [item.lower() for item in read.agenda] or None,
        "after": list(read.after) or None,
        "said": read.said_by,
        "said_on": read.said_on.isoformat() if read.said_on else None,
        "round": read.round,
    }


def _window(read: TalksEntry) -> str | None:
    if read.window is None or (read.window.earliest is None and read.window.latest is None):
        return None
    return f"{_end(read.window.earliest)}..{_end(read.window.latest)}"


def _end(value: date | datetime | None) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    return value.isoformat() if value else ""


def _place(read: TalksEntry) -> str | None:
    if read.place is None:
        return None
    if read.place.state is not PlaceState.NAMED:
        return read.place.state.value
    return " ".join(filter(None, (read.place.country, read.place.city)))


def measure(session: Session, cases: list[dict[str, Any]]) -> tuple[Counter[str], list[str], list[str]]:
    """How many fields are right, which are wrong, and which are filled though the case leaves them empty."""
    right: Counter[str] = Counter()
    wrong: list[str] = []
    invented: list[str] = []
    for case in cases:
        said = case.get("on")
        read, expected = fields(talks(session, case["text"], said)), labels(case)
        for field in FIELDS:
            if read[field] == expected[field]:
                right[field] += 1
                continue
            note = f"{field}: {read[field]!r}, not {expected[field]!r}, in {case['text'][:110]!r}"
            (invented if _more(read[field], expected[field]) else wrong).append(note)
    return right, wrong, invented


def _more(read: object, expected: object) -> bool:
    """True where something was read that is not there: a field that is to be empty, a side too many, a level nobody stated."""
    if isinstance(read, list | dict) and isinstance(expected, list | dict):
        return len(set(read) - set(expected)) > 0 and len(read) > len(expected)
    return expected is None


def test_the_corpus_of_announcements(session: Session) -> None:
    right, wrong, invented = measure(session, CORPUS)
    assert invented == []
    assert right.total() >= 0.9 * len(CORPUS) * len(FIELDS), "\n".join(wrong)


FRAGMENTS = [
    *{word for case in CORPUS for word in case["text"].split()},
    *(f" {sign} " for sign in (",", ";", ":", "—", "-", "(", ")", "\n", '"', "“", "”", ".", "<", "|", ">", "&amp;", "…")),
    "<https://example.org/a|a report>", "<@U123>", "<!here>", "https://example.org/b", ":flag-ru:", "T-2", "P-1",
    "said", "said by",
]  # fmt: skip
ANY = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(FRAGMENTS), max_size=60).map(" ".join))


@settings(max_examples=300, deadline=None)
@given(text=ANY)
def test_any_text_gives_an_entry_that_accounts_for_every_word(session: Session, text: str) -> None:
    read = talks(session, text)
    left = " ".join(read.unread)
    for token in words.tokens(read.plain):
        seen = any(start <= token.start and token.end <= end for start, end in read.spans)
        assert seen or token.text.strip(":.") in left or set(token.folded.split()) <= stop_words(), token.text


@settings(max_examples=200, deadline=None)
@given(text=ANY)
def test_nothing_is_read_that_is_not_written(session: Session, text: str) -> None:
    read = talks(session, text)
    plain = " ".join(read.plain.split())
    city, venue = (read.place.city, read.place.venue) if read.place else (None, None)
    for said in (read.said_by, read.office, read.outcome, city, venue, *read.agenda):
        assert said is None or " ".join(said.split()) in plain
    assert len(read.sides) <= len(words.tokens(read.plain))


@settings(max_examples=150, deadline=None)
@given(text=ANY)
def test_any_text_gives_a_position_and_a_reply(session: Session, text: str) -> None:
    position = entry.read_position(session, text, now=NOW, said_on=None, zone=ZONE)
    entry.read_reply(session, text, now=NOW, said_on=None, zone=ZONE)
    left = " ".join(position.unread)
    for token in words.tokens(position.plain):
        seen = any(start <= token.start and token.end <= end for start, end in position.spans)
        assert seen or token.text.strip(":.") in left or set(token.folded.split()) <= stop_words(), token.text


def test_slack_marks_are_seen_through(session: Session) -> None:
    text = (
        "> *Kremlin:* <https://example.org/a?b=1&amp;c=2|Lavrov> &amp; Rubio: _US_ and `Russia` to meet :wave: in Riyadh, <@U9>"
    )
    read = talks(session, text)
    assert read.urls == ("https://example.org/a?b=1&c=2",)
    assert {side.party for side in read.sides} == {"us", "ru"}
    assert read.place is not None
    assert (read.place.country, read.place.city) == ("sa", "Riyadh")
    assert not set("*_`<>") & set(read.plain)


def test_relative_days_count_from_the_day_it_was_said(session: Session) -> None:
    text = "US and Russia to meet within two weeks"
    for said_on, last in ((None, date(2025, 3, 8)), (date(2025, 1, 1), date(2025, 1, 15))):
        read = talks(session, text, said_on)
        assert read.window is not None
        assert read.window.latest == last
        assert read.said_on == said_on
    read = talks(session, f"{text}, Lavrov said on 3 February", date(2025, 2, 4))
    assert read.window is not None
    assert (read.said_on, read.window.latest, read.window.stated_by) == (date(2025, 2, 3), date(2025, 2, 17), "Lavrov")
    assert (read.window.stated, read.window.stated_on) == ("within two weeks", date(2025, 2, 3))


def test_an_ambiguous_day_is_asked_about(session: Session) -> None:
    read = entry.read_talks(session, "US and Russia, Geneva, 03/04/2025", now=NOW, said_on=None, zone=ZONE)
    assert read.window is None
    assert len(read.readings) == 2
    assert read.question is not None
    assert all(window.stated_on == date(2025, 2, 22) for window in read.readings)


def test_a_person_known_to_the_caller_is_a_side(session: Session) -> None:
    people = {"Vladimir Putin": "ru", "Putin": "ru", "Trump": "us"}
    read = entry.read_talks(
        session, "Trump and Vladimir Putin to speak on Tuesday", now=NOW, said_on=None, zone=ZONE, people=people
    )
    assert [side.party for side in read.sides] == ["us", "ru"]
    assert talks(session, "Trump and Putin to speak on Tuesday").sides == ()


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Russia and Turkey will meet in Ankara in May", Status.PLANNED),
        ("Russia and Turkey may meet in Ankara in May", Status.MOOTED),
        ("Russia and Turkey met in Ankara on Friday", Status.HELD),
        ("The meeting of Russia and Turkey in Ankara was postponed", Status.POSTPONED),
        ("Talks between Russia and Turkey called off", Status.CANCELLED),
        ("Russia and Turkey have no plans to meet", None),
        ("Russia-Turkey talks, Ankara, May", None),
    ],
)
def test_status_is_what_the_words_say(session: Session, text: str, status: Status | None) -> None:
    assert talks(session, text).status is status


def test_what_was_agreed_for_later_is_outcome_and_no_window(session: Session) -> None:
    read = talks(session, "Russian and US diplomats met in Istanbul on Thursday and agreed to meet again in March.")
    assert read.outcome == "agreed to meet again in March"
    assert read.window is not None
    assert read.window.latest == date(2025, 2, 20)


def test_positions(session: Session) -> None:
    text = 'Russia on NATO: demands no forces east of the 1997 line, "return to 1997", '
    text += "said by Foreign Minister Lavrov 17 Dec 2021 https://a.org/b"
    read = entry.read_position(session, text, now=NOW, said_on=None, zone=ZONE)
    assert (read.party, read.topic, read.topic_words, read.stance) == ("ru", "nato-east", "NATO", Stance.DEMANDS)
    assert (read.summary, read.quote) == ("no forces east of the 1997 line", "return to 1997")
    assert (read.speaker, read.office, read.said_on) == ("Lavrov", "Foreign Minister", date(2021, 12, 17))
    assert (read.urls, read.unread) == (("https://a.org/b",), ())


def test_positions_in_prose(session: Session) -> None:
    text = "Kremlin spokesman Dmitry Peskov said on Friday that Russia opposes NATO membership for Ukraine."
    read = entry.read_position(session, text, now=NOW, said_on=None, zone=ZONE)
    assert (read.party, read.topic, read.stance) == ("ru", "nato-ukraine", Stance.OPPOSES)
    assert (read.speaker, read.said_on) == ("Dmitry Peskov", date(2025, 2, 21))
    read = entry.read_position(session, 'Peskov: "We will not accept NATO troops"', now=NOW, said_on=None, zone=ZONE)
    assert (read.party, read.speaker, read.quote) == (None, "Peskov", "We will not accept NATO troops")


@pytest.mark.parametrize("case", STANCES, ids=[case["text"] for case in STANCES])
def test_the_corpus_of_stances(session: Session, case: dict[str, Any]) -> None:
    reading = entry.read_reply if case.get("answers") else entry.read_position
    read = reading(session, case["text"], now=NOW, said_on=None, zone=ZONE)
    told = {"party": read.party, "by": read.speaker, "said_on": read.said_on, "summary": read.summary}
    assert (read.stance, read.denied) == (case.get("stance"), case.get("denied", ""))
    assert {name: told[name] for name in told if name in case} == {name: case[name] for name in told if name in case}
    assert not ("denied" in case and read.unread)


def test_replies(session: Session) -> None:
    read = entry.read_reply(
        session, "P-1 nato rejects, written reply, said by Stoltenberg 26 Jan 2022", now=NOW, said_on=None, zone=ZONE
    )
    assert (read.position, read.party, read.stance, read.summary) == ("P-1", "nato", ReplyStance.REJECTS, "written reply")
    assert (read.speaker, read.said_on, read.unread) == ("Stoltenberg", date(2022, 1, 26), ())
    read = entry.read_reply(session, "Kyiv declines to comment", now=NOW, said_on=None, zone=ZONE)
    assert (read.position, read.party, read.stance) == (None, "ua", ReplyStance.DECLINES)
