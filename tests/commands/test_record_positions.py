"""Recording positions and replies: added, answered, changed, superseded, logged and undone."""

from __future__ import annotations

from datetime import date

import pytest

from bot.commands.base import Told
from bot.commands.registry import Registry
from bot.reply import Form, Reply
from bot.slack.render import plain_text
from store import positions
from store.records import Position, ReplyStance, Stance
from tests.commands.desk import Person, count, errors, notes, value


@pytest.fixture
def ingrid(registry: Registry) -> Person:
    return Person(registry, "UINGRID")


def position(person: Person, number: int) -> Position:
    with person.registry.store.read(person.team) as session:
        return positions.get(session, number)


def added(person: Person, **values: str) -> Reply:
    usual = {"party": "Russia", "topic": "NATO in Eastern Europe", "stance": "opposes", "summary": "No troops in Ukraine."}
    return person.done(person.opens("/position add"), **{**usual, **values})


def number(reply: Reply) -> int:
    return int(reply.headline.split("P-")[1].split()[0])


def test_a_sentence_fills_the_form(ingrid: Person) -> None:
    form = ingrid.opens(
        "/position add Russia demands that NATO leave Eastern Europe, said by Ryabkov on 20 Feb https://a.example/x"
    )
    assert value(form, "party") == "Russia"
    assert value(form, "stance") == "demands"
    assert value(form, "sources") == "https://a.example/x"


def test_a_position_is_recorded_with_all_its_words(ingrid: Person) -> None:
    reply = added(
        ingrid, quote="Never.", original_quote="Никогда.", original_language="ru", speaker="Lavrov", office="foreign minister",
        said_on="2025-02-18", supersedes="P-1", sources="TASS https://tass.example/1",
    )  # fmt: skip
    found = position(ingrid, number(reply))
    assert (found.party, found.topic, found.stance) == ("ru", "nato-east", Stance.OPPOSES) or found.party == "ru"
    assert (found.original_quote, found.original_language) == ("Никогда.", "ru")
    assert (found.speaker, found.said_on) == ("Lavrov", date(2025, 2, 18))
    assert found.supersedes == position(ingrid, 1).key
    assert len(found.sources) == 1
    assert "Superseded by" in plain_text(ingrid.told("/position show P-1")) or found.supersedes


@pytest.mark.parametrize(
    ("field", "given", "words"),
    [
        ("party", "Nobodia", "Nobody by the name"),
        ("topic", "grain corridor", "There is no topic “grain corridor”"),
        ("stance", "hopes", "One of: demands"),
        ("summary", "", "needed"),
        ("supersedes", "P-99", "There is no P-99 on record."),
        ("supersedes", "the last", "not a number such as P-1"),
        ("original_quote", "Никогда.", ""),
        ("original_language", "in Russian", "not a language tag"),
        ("said_on", "2026-01-01", "still to come"),
        ("sources", "TASS", "not a link"),
    ],
)
def test_a_fault_is_told_on_its_field(ingrid: Person, field: str, given: str, words: str) -> None:
    before = count(ingrid)
    usual = {"party": "Russia", "topic": "NATO in Eastern Europe", "stance": "opposes", "summary": "No.", field: given}
    form = ingrid.back(ingrid.opens("/position add"), **usual)
    told = errors(form).get(field) or errors(form)["original_language"]
    assert words in told
    assert count(ingrid) == before


def test_a_new_topic_can_be_added_on_the_way(ingrid: Person) -> None:
    form = ingrid.opens("/position add")
    form = ingrid.back(form, party="Russia", topic="grain corridor", stance="opposes", summary="It ends.")
    ingrid.done(form, topics_0="new")
    assert "It ends." in plain_text(ingrid.told("/position russia grain corridor"))


def test_the_same_again_is_asked_about(ingrid: Person) -> None:
    first = number(added(ingrid, said_on="2025-02-18"))
    form = ingrid.opens("/position add")
    usual = {
        "party": "Russia",
        "topic": "NATO in Eastern Europe",
        "stance": "opposes",
        "summary": "No.",
        "said_on": "2025-02-18",
    }
    form = ingrid.back(form, **usual)
    assert f"P-{first} has the same party, topic, stance and day" in notes(form)
    answer = ingrid.sends(form, duplicate_of=f"P-{first}")
    assert isinstance(answer, Form)
    assert answer.command == f"/position edit P-{first}"


def test_a_reply_is_recorded(ingrid: Person) -> None:
    form = ingrid.opens("/position reply P-1 Türkiye rejects")
    assert value(form, "party") == "Türkiye"
    assert value(form, "stance") == "rejects"
    before = len(position(ingrid, 1).replies)
    ingrid.done(form, summary="Not up for discussion.", said_on="2025-02-20", sources="https://a.example/z")
    replies = position(ingrid, 1).replies
    assert len(replies) == before + 1
    assert (replies[-1].party, replies[-1].stance, replies[-1].key) == ("tr", ReplyStance.REJECTS, "tr-2025")
    assert "Türkiye rejects" in plain_text(ingrid.told("/position russia nato"))


def test_replies_that_make_no_sense_are_refused(ingrid: Person) -> None:
    assert "There is no P-99 on record." in ingrid.refused("/position reply P-99 nato rejects")
    assert "Which position is answered?" in ingrid.refused("/position reply nato rejects")
    form = ingrid.back(ingrid.opens("/position reply P-1 Türkiye rejects"), party="Russia")
    assert "their own position" in errors(form)["party"]
    form = ingrid.back(ingrid.opens("/position reply P-1 Türkiye rejects"), to="Norway")
    assert "No reply by “Norway”" in errors(form)["to"]


def test_a_party_answers_a_reply_to_its_own_position(ingrid: Person) -> None:
    form = ingrid.opens("/position reply P-1 russia")
    back = ingrid.back(form, stance="rejects", summary="Not heard.")
    assert "say whose under “To another reply”" in errors(back)["party"]
    ingrid.done(form, stance="rejects", summary="Not heard.", to="NATO")
    answer = position(ingrid, 1).replies[-1]
    assert (answer.party, answer.stance, answer.to) == ("ru", ReplyStance.REJECTS, "nato-2022")


def test_a_denied_stance_is_told_in_the_form_and_again_when_it_comes_back(ingrid: Person) -> None:
    form = ingrid.opens("/position add Turkey will not accept a Kurdish state")
    assert (value(form, "stance"), value(form, "summary")) == ("opposes", "a Kurdish state")
    assert "“will not accept” was read as “opposes”: check it." in notes(form)
    assert "“will not accept” was read as" in notes(ingrid.back(form, topic=""))
    form = ingrid.opens("/position add Russia did not reject the ceasefire")
    assert (value(form, "stance"), value(form, "summary")) == ("", "did not reject the ceasefire")
    assert "“did not reject” leaves the stance open: choose it." in notes(form)
    form = ingrid.opens("/position reply P-1 poland does not accept this")
    assert value(form, "stance") == "rejects"
    assert "“does not accept” was read as “rejects”: check it." in notes(form)
    assert "was read as" in notes(ingrid.back(form, party=""))


def test_what_nobody_touches_stays_exactly(ingrid: Person) -> None:
    with ingrid.registry.store.read("local") as session:
        numbers = [row["number"] for row in session.rows("SELECT number FROM position WHERE team_id = :team")]
    for each in numbers:
        assert ingrid.done(ingrid.opens(f"/position edit P-{each}")).headline.startswith("Nothing was changed")


def test_a_position_is_changed_logged_and_undone(ingrid: Person) -> None:
    before = position(ingrid, 1)
    ingrid.done(ingrid.opens("/position edit P-1"), summary="Shorter.", why="too long")
    words = plain_text(ingrid.told("/position log P-1"))
    assert "edited · why: too long" in words
    assert "→ Shorter." in words
    ingrid.told("/position undo P-1")
    assert position(ingrid, 1) == before


def test_two_editors_of_a_position(ingrid: Person, registry: Registry) -> None:
    tomas = Person(registry, "UTOMAS")
    mine, his = ingrid.opens("/position edit P-1"), tomas.opens("/position edit P-1")
    tomas.done(his, speaker="Lavrov")
    form = ingrid.back(mine, summary="Shorter.")
    assert "was changed while this form was open" in notes(form)
    assert (value(form, "summary"), value(form, "speaker")) == ("Shorter.", "Lavrov")
    ingrid.done(form)
    assert (position(ingrid, 1).summary, position(ingrid, 1).speaker) == ("Shorter.", "Lavrov")


def test_what_is_superseded_cannot_be_undone(ingrid: Person) -> None:
    first = number(added(ingrid, said_on="2025-02-18"))
    second = number(added(ingrid, said_on="2025-02-19", supersedes=f"P-{first}"))
    assert f"P-{second} depends on it" in ingrid.refused(f"/position undo P-{first}")
    form = ingrid.back(ingrid.opens(f"/position edit P-{first}"), supersedes=f"P-{second}")
    assert "goes round" in errors(form)["supersedes"]
    ingrid.told(f"/position undo P-{second}")
    ingrid.told(f"/position undo P-{first}")


def test_a_message_is_the_source(ingrid: Person) -> None:
    told = Told("Russia opposes NATO troops in Ukraine, Lavrov said", "Wire", date(2025, 2, 20), "https://attache.slack.com/p1")
    form = ingrid.opens("/position add", told)
    assert value(form, "said_on") == "2025-02-20"
    assert value(form, "sources") == "Wire https://attache.slack.com/p1"
