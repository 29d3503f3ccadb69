"""`/position` over the starter facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.reply import Card, Outcome, plain
from store import positions, topics
from store.database import Store
from store.records import Topic
from tests.commands.conftest import NOW, Asker
from tests.commands.test_talks import text

JOINED_LATER = (
    *("Czechia", "Hungary", "Poland", "Bulgaria", "Estonia", "Latvia", "Lithuania", "Romania", "Slovakia", "Slovenia"),
    *("Albania", "Croatia", "Montenegro", "North Macedonia", "Finland", "Sweden"),
)


def test_russia_on_nato(ask: Asker) -> None:
    body = text(ask("/position russia nato"))
    assert "P-1" in body.splitlines()[0]
    assert "demands" in body.splitlines()[0]
    assert "17 Dec 2021" in body
    assert "1997" in body
    assert "16 of 32 members" in body
    for member in JOINED_LATER:
        assert member in body
    assert "NATO rejects (26 Jan 2022)" in body
    assert "United States rejects (Biden administration, 26 Jan 2022)" in body
    assert "Diaconescu" in body
    assert "Peskov" in body
    assert "restating it is disputed" in body
    assert "No later statement found up to 22 Feb 2025" in body


def test_words_in_any_order(ask: Asker) -> None:
    expected = ask("/position russia nato").headline
    for words in ("nato russia", "NATO Moscow", "Kremlin on Nato", ":flag-ru: nato"):
        assert ask(f"/position {words}").headline == expected


def test_a_party_alone_gives_all_its_topics(ask: Asker) -> None:
    answer = ask("/position us")
    assert [plain(part.title).split()[0] for part in answer.parts if isinstance(part, Card)] == ["P-4", "P-2"]
    assert "It answered: rejects Russia's P-1 on NATO in Eastern Europe (Biden administration, 26 Jan 2022)" in text(answer)


def test_a_topic_alone_gives_everyone_on_it(ask: Asker) -> None:
    answer = ask("/position nato")
    body = text(answer)
    assert "P-1" in body
    assert "P-2" in body
    assert any(button.command == "/position by nato" for button in answer.buttons)


def test_as_of_looks_back(ask: Asker) -> None:
    assert "P-1" in ask("/position russia nato as-of 2022-02").headline
    before = ask("/position russia nato as-of 2021-06")
    assert "nothing on record" in before.headline
    assert "No statement found up to 30 Jun 2021" in text(before)


def test_looking_back_leaves_out_what_was_said_later(ask: Asker) -> None:
    answer = ask("/position russia nato as-of 2022-01-01")
    body = text(answer)
    assert answer.headline.endswith("· as of 1 Jan 2022")
    for later in ("Diaconescu", "Peskov", "disputed", "rejects", "2025"):
        assert later not in body
    assert "Left out: 4 accounts or replies of a later day." in body
    assert "No later statement found up to 1 Jan 2022" in body
    between = text(ask("/position russia nato as-of 20 February 2025"))
    assert "Diaconescu" in between
    assert "Peskov" not in between
    assert "Left out: 1 account or reply of a later day." in between
    assert "disputed" not in text(ask("/position russia as-of 2022"))


def test_what_leads_on_from_looking_back_stays_there(ask: Asker) -> None:
    answer = ask("/position russia nato as-of 2022-02")
    commands = [button.command for button in answer.buttons]
    assert commands == [
        "/position show P-1 as-of 2022-02-28",
        "/position by ru as-of 2022-02-28",
        "/position on NATO in Eastern Europe as-of 2022-02-28",
    ]
    for command in commands:
        assert "as of 28 Feb 2022" in ask(command).headline
    assert answer.share == "/position russia nato as-of 2022-02"
    assert ask(answer.share).headline == answer.headline


def test_sharing_posts_the_card_that_was_shown(ask: Asker) -> None:
    answer = ask("/position russia nato")
    assert answer.share
    assert text(ask(answer.share)) == text(answer)


def test_nothing_is_on_record_as_of_a_day_to_come(ask: Asker) -> None:
    body = text(ask("/position russia nato as-of 2030"))
    assert "31 Dec 2030 is still to come; showing what is on record today." in body
    assert "found up to 22 Feb 2025" in body


def test_as_of_without_a_day_asks(ask: Asker) -> None:
    answer = ask("/position russia as-of")
    assert answer.outcome is Outcome.NOT_UNDERSTOOD
    assert answer.headline == "As of which day?"


def test_words_that_positions_are_not_kept_by_are_named(ask: Asker) -> None:
    body = text(ask("/position russia nato minister level in Riyadh"))
    assert "Positions are not kept by minister level, Saudi Arabia: not used." in body
    assert "P-2 has a card of its own: /position show P-2" in text(ask("/position show P-1 P-2"))


def test_an_older_position_says_that_it_is_not_the_latest(ask: Asker, store: Store) -> None:
    with store.write("local", actor="U1", now=NOW) as session:
        old = positions.get(session, 1)
        new = replace(old, key="ru-nato-2025", number=0, said_on=date(2025, 2, 20), supersedes=None, replies=(), accounts=())
        number = positions.save(session, new).number
    body = text(ask("/position show P-1"))
    assert f"Not the latest: see P-{number}, 20 Feb 2025." in body
    assert "No later statement" not in body
    assert "No later statement found up to 19 Feb 2025." in text(ask("/position show P-1 as-of 19 Feb 2025"))


def test_accounts_that_are_not_shown_are_counted(ask: Asker, store: Store) -> None:
    with store.write("local", actor="U1", now=NOW) as session:
        old = positions.get(session, 1)
        more = tuple(replace(old.accounts[0], key=f"more-{n}") for n in range(5))
        positions.save(session, replace(old, accounts=(*old.accounts, *more)))
    assert "and 3 more" in text(ask("/position russia nato"))


def test_many_positions_of_a_party_page(ask: Asker, store: Store) -> None:
    with store.write("local", actor="U1", now=NOW) as session:
        old = positions.get(session, 1)
        for n in range(8):
            topics.save(session, Topic(f"nato-{n}", f"NATO matter {n}", (), "nato"))
            positions.save(session, replace(old, key=f"p{n}", number=0, topic=f"nato-{n}", replies=(), accounts=()))
    answer = ask("/position russia nato")
    more = [button for button in answer.buttons if button.label == "More"]
    assert more
    assert "9 on record" in text(answer)
    assert len([part for part in ask(more[0].command).parts if isinstance(part, Card)]) == 3


def test_members_are_those_of_the_day_asked_about(ask: Asker) -> None:
    assert "14 of 30 members" in text(ask("/position russia nato as-of 2022-02"))


def test_the_silences_differ(ask: Asker) -> None:
    nothing = ask("/position germany nato")
    assert nothing.outcome is Outcome.ANSWER
    assert "That is not neutrality" in text(nothing)
    assert "Russia" in text(nothing)
    nobody = ask("/position rusia")
    assert nobody.outcome is Outcome.NOT_UNDERSTOOD
    assert "Did you mean Russia" in text(nobody)
    topic = ask("/position russia cheese")
    assert topic.outcome is Outcome.NOT_UNDERSTOOD
    assert "no topic by the name “cheese”" in topic.headline
    empty = ask("/position")
    assert empty.outcome is Outcome.NOT_UNDERSTOOD


def test_show_by_number(ask: Asker) -> None:
    assert "P-3" in ask("/position show P-3").headline
    assert ask("/position show P-99").outcome is Outcome.NOT_UNDERSTOOD


@pytest.mark.parametrize("words", ["us russia nato", "russia ukraine", "nato ukraine", "us on calling Russia the aggressor"])
def test_several_names_get_an_answer(ask: Asker, words: str) -> None:
    assert ask(f"/position {words}").outcome in (Outcome.ANSWER, Outcome.NOT_UNDERSTOOD)
