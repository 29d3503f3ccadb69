"""Replies told as what they are: to a demand made again, to another reply, under the government that gave them, beside the
plain question."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.reply import Card, plain
from store import administrations, positions, topics
from store.database import Store
from store.records import Administration, Position, Reply, ReplyStance, Stance, Topic
from tests.commands.conftest import NOW, Asker
from tests.commands.test_position_compare import table
from tests.commands.test_talks import text

REJECTS, ENDORSES = ReplyStance.REJECTS, ReplyStance.ENDORSES


def put(store: Store, *some: Position) -> None:
    with store.write("local", actor="U1", now=NOW) as session:
        for each in some:
            if topics.get(session, each.topic) is None:
                topics.save(session, Topic(each.topic, each.topic.title()))
            positions.save(session, each)


def demand(key: str = "p", **fields: Any) -> Position:
    return replace(Position(key, 0, "ir", "sanctions", Stance.DEMANDS, "Lift them", date(2017, 1, 10)), **fields)


@pytest.fixture
def again(store: Store) -> Store:
    """Russia made its demand again on 22 February 2025."""
    with store.read("local") as session:
        old = positions.get(session, 1)
    put(store, replace(old, key="ru-again", number=0, said_on=date(2025, 2, 22), replies=(), accounts=(), supersedes=old.key))
    return store


def test_what_was_answered_to_a_demand_stays_answered_when_it_is_made_again(ask: Asker, again: Store) -> None:
    (row,) = table(ask("/position compare us russia NATO in Eastern Europe"))[1:]
    assert row[1].startswith("rejects P-1 · 26 Jan 2022 [4, 5]; under the Biden administration; no statement of its own")
    assert row[2].startswith("demands · 22 Feb 2025 · P-5")
    (row,) = table(ask("/position compare us nato on NATO in Eastern Europe"))[1:]
    assert row[2].startswith("rejects Russia's P-1 · 26 Jan 2022")
    body = text(ask("/position russia nato"))
    assert "Earlier  to P-1: United States rejects (Biden administration, 26 Jan 2022)" in body
    assert "NATO rejects (26 Jan 2022)" in body


def test_an_answer_to_a_reply_is_not_one_to_the_position(ask: Asker, store: Store) -> None:
    with store.read("local") as session:
        old = positions.get(session, 1)
    poland = Reply("pl", "pl", ENDORSES, "Well said", said_on=date(2022, 1, 27), to="nato-2022")
    put(store, replace(old, replies=(*old.replies, poland)))
    (row,) = table(ask("/position compare poland russia NATO in Eastern Europe"))[1:]
    assert row[1].startswith("endorses NATO's reply to P-1 · 27 Jan 2022")
    assert "27 Jan 2022  Poland endorses NATO's reply to P-1 · Russia on" in text(ask("/position endorsed-by poland"))
    assert "It answered: endorses NATO's reply to Russia's P-1 on" in text(ask("/position by poland"))


def test_the_short_card_names_who_was_answered(ask: Asker, store: Store) -> None:
    thread = (
        Reply("ru", "ru", REJECTS, said_on=date(2024, 7, 12)),
        Reply("tr", "tr", REJECTS, said_on=date(2024, 7, 13), to="ru"),
        Reply("by", "by", ENDORSES, said_on=date(2024, 7, 14), to="ru"),
        Reply("ru2", "ru", ReplyStance.DECLINES, said_on=date(2024, 7, 15), to="tr"),
    )
    put(store, demand(replies=thread))
    body = text(ask("/position iran sanctions"))
    assert "→" not in body
    for words in (
        "Russia rejects (12 Jul 2024)",
        "Türkiye rejects Russia's reply of 12 Jul 2024 (13 Jul 2024)",
        "Russia declines to answer Türkiye's reply (15 Jul 2024)",
        "Belarus endorses Russia's reply of 12 Jul 2024 (14 Jul 2024)",
    ):
        assert words in body


@pytest.fixture
def three_governments(store: Store) -> Store:
    """The US answered Iran under three presidents; the file has the latest first."""
    thread = (
        Reply("new", "us", ENDORSES, "New line", said_on=date(2025, 2, 10)),
        Reply("first", "us", REJECTS, "Leaves", said_on=date(2018, 5, 8), administration="Trump administration"),
        Reply("biden", "us", ReplyStance.CONDITIONAL, "Back if", said_on=date(2022, 3, 1)),
    )
    put(store, demand(replies=thread))
    return store


def test_compare_tells_the_latest_answer(ask: Asker, three_governments: Store) -> None:
    (row,) = table(ask("/position compare us iran sanctions"))[1:]
    assert row[1] == "endorses P-5 · 10 Feb 2025 [unsourced] (+2 earlier)"
    (row,) = table(ask("/position compare us iran sanctions as-of 2019"))[1:]
    assert row[1] == "rejects P-5 · 8 May 2018 [unsourced]"
    (row,) = table(ask("/position compare us iran sanctions as-of 2024"))[1:]
    assert row[1].startswith("answers P-5 with conditions · 1 Mar 2022 [unsourced] (+1 earlier)")


def test_each_reply_is_its_own_governments(ask: Asker, three_governments: Store) -> None:
    body = text(ask("/position iran sanctions"))
    assert "United States rejects (first Trump administration, 8 May 2018)" in body
    assert "United States conditional (Biden administration, 1 Mar 2022)" in body
    assert "United States endorses (10 Feb 2025)" in body
    old = text(ask("/position rejected-by us iran"))
    assert "under the first Trump administration" in old
    assert "Biden" not in old
    assert "no statement of its own found" not in old


def test_a_new_government_that_answered_is_not_silent(ask: Asker, store: Store) -> None:
    us = Position("us", 0, "us", "steel", Stance.OPPOSES, "Against tariffs", date(2024, 5, 14))
    answer = (Reply("r", "us", REJECTS, "They stay", said_on=date(2025, 2, 10)),)
    put(store, us, Position("eu", 0, "eu", "steel", Stance.DEMANDS, "Drop them", date(2025, 2, 5), replies=answer))
    told = "under the Biden administration; since then rejects European Union's P-6 (10 Feb 2025)"
    for question in ("by us", "on steel", "compare us eu steel", "stale 90d us", "changed 10y us"):
        body = text(ask(f"/position {question}"))
        assert told in body
        assert "no statement found since" not in body
    body = text(ask("/position us steel"))
    assert "It answered since: rejects European Union's P-6 (10 Feb 2025)" in body
    assert "under the Biden administration" in body
    assert "no statement found since 20 Jan 2025" in text(ask("/position us steel as-of 9 Feb 2025"))


def test_the_plain_question_knows_of_answers(ask: Asker, store: Store) -> None:
    answer = ask("/position us NATO in Eastern Europe")
    assert answer.headline == "United States on NATO in Eastern Europe: no position of its own on record."
    told = "It answered: rejects Russia's P-1 (Biden administration, 26 Jan 2022); no statement found since 20 Jan 2025"
    assert told in text(answer)
    assert any(button.command == "/position show P-1" for button in answer.buttons)
    assert "It answered: rejects Russia's P-1 on NATO in Eastern Europe (26 Jan 2022)" in text(ask("/position by nato"))
    both = text(ask("/position us germany NATO in Eastern Europe"))
    assert "United States answered: rejects Russia's P-1" in both
    assert "Germany: no statement found up to 22 Feb 2025." in both
    assert "nothing on record" in ask("/position us NATO in Eastern Europe as-of 2021").headline


def test_whose_word_it_was_is_told_where_it_is_not_the_present_governments(ask: Asker, store: Store) -> None:
    with store.write("local", actor="U1", now=NOW) as session:
        administrations.add(session, Administration("pl", "Morawiecki government", date(2017, 12, 11)))
        administrations.add(session, Administration("pl", "Tusk government", date(2023, 12, 13)))
    put(
        store,
        demand("us", party="us", said_on=date(2025, 1, 12), administration="Trump administration"),
        demand("pl", party="pl", said_on=None, administration="Morawiecki Government"),
        demand("cz", party="cz", said_on=date(2024, 1, 1), administration="Fiala government"),
        demand("fr", party="fr", said_on=date(2024, 1, 1), administration="Macron presidency"),
    )
    for question in ("on sanctions", "compare us pl cz fr on sanctions"):
        body = text(ask(f"/position {question}"))
        assert "Trump" not in body
        assert "Macron" not in body
        assert "under the Morawiecki Government; no statement found since 13 Dec 2023" in body
        assert "under the Fiala government" in body
    assert "under the Fiala government" in text(ask("/position stale 90d cz"))


def test_what_has_no_day_is_told_apart_when_looking_back(ask: Asker, store: Store) -> None:
    put(store, demand(said_on=None), demand("us", party="us", said_on=date(1994, 1, 1)))
    card = text(ask("/position iran sanctions as-of 1995"))
    assert "Its day is not recorded: nothing shows that it was said by 31 Dec 1995." in card
    everyone = ask("/position on sanctions as-of 1995")
    labels = [plain(part.title).split()[0] for part in everyone.parts if isinstance(part, Card)]
    assert labels == ["P-6", "P-5"]
    body = text(everyone)
    assert body.index("P-6") < body.index("Without a day: said by 31 Dec 1995 or later") < body.index("P-5")
    assert "day not recorded; may be later" in text(ask("/position compare iran us on sanctions as-of 1995"))
    assert "may be later" not in text(ask("/position iran sanctions"))
    assert "may be later" not in text(ask("/position iran sanctions as-of 22 Feb 2025"))


@pytest.mark.parametrize("question", ["by russia as-of 2020", "on nato as-of 2020", "compare russia us nato as-of 2020"])
def test_before_the_first_record_the_first_is_named(ask: Asker, question: str) -> None:
    assert "The first on record is P-1 of 17 Dec 2021" in text(ask(f"/position {question}"))


def test_a_name_that_is_a_party_and_a_topic_is_told_once(ask: Asker) -> None:
    assert ask("/position rejected-by russia nato").headline == "Rejected by Russia · NATO"
    assert "26 Jan 2022  United States rejects P-1" in text(ask("/position rejected-by us nato"))


def test_after_on_a_topics_key_will_do(ask: Asker) -> None:
    expected = ask("/position compare us russia on NATO in Eastern Europe").headline
    assert ask("/position compare us russia on nato-eastern-europe").headline == expected
    assert ask("/position compare us russia on nato-eastern-europe as-of 2022-02").headline.startswith(expected)


def test_what_was_disputed_and_left_unsaid_stands_when_a_demand_is_made_again(ask: Asker, again: Store) -> None:
    answer = ask("/position russia nato")
    body = text(answer)
    assert "Romania says yes (Cristian Diaconescu, 19 Feb 2025) [" in body
    assert "] · Russia denies it (Dmitry Peskov, 21 Feb 2025) [" in body
    assert "United States (Trump administration): rejected in Riyadh by Romania's account [" in body
    assert "no statement of its own found since 20 Jan 2025" in body
    assert any(b.label == "Show P-1" and b.command == "/position show P-1" for b in answer.buttons)
    with again.write("local", actor="U1", now=NOW) as session:
        old = positions.get(session, 1)
        positions.save(session, replace(old, accounts=tuple(replace(a, settled=True) for a in old.accounts)))
        new = positions.get(session, 5)
        positions.save(session, replace(new, replies=(Reply("us", "us", REJECTS, said_on=date(2025, 2, 22)),)))
    body = text(ask("/position russia nato"))
    assert "Romania says yes" not in body
    assert "Trump administration" not in body


def test_replies_without_a_day_stand_apart_when_looking_back(ask: Asker, store: Store) -> None:
    with store.read("local") as session:
        old = positions.get(session, 1)
    put(store, replace(old, replies=(*old.replies, Reply("tr", "tr", REJECTS, "No withdrawal"))))
    apart = "Without a day  said by 28 Feb 2022 or later: Türkiye rejects (day not recorded; may be later)"
    assert apart in text(ask("/position russia nato as-of 2022-02"))
    rejected = text(ask("/position rejected-by turkey as-of 2022-02"))
    assert "Without a day: said by 28 Feb 2022 or later\nday not recorded; may be later  Türkiye rejects P-1" in rejected
    (row,) = table(ask("/position compare turkey russia nato as-of 2022-02"))[1:]
    assert row[1].startswith("rejects P-1 · day not recorded; may be later")
    put(store, replace(old, key="ru-2022", number=0, said_on=date(2022, 2, 20), replies=(), accounts=(), supersedes=old.key))
    earlier = text(ask("/position russia nato as-of 2022-02"))
    assert "Without a day, said by 28 Feb 2022 or later: Türkiye rejects (day not recorded; may be later)" in earlier
    for words in ("", " as-of 22 Feb 2025", " known 22 Feb 2025"):
        assert "may be later" not in text(ask(f"/position russia nato{words}"))
