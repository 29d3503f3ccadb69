"""`/position` over the starter facts."""

from __future__ import annotations

import pytest

from bot.reply import Outcome
from tests.commands.conftest import Asker
from tests.commands.test_talks import text

JOINED_LATER = (
    "Czechia, Hungary, Poland, Bulgaria, Estonia, Latvia, Lithuania, Romania, Slovakia, Slovenia, Albania, Croatia, "
    "Montenegro, North Macedonia, Finland, Sweden"
).split(", ")


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
    assert "No later statement of Russia found up to 22 Feb 2025" in body


def test_words_in_any_order(ask: Asker) -> None:
    expected = ask("/position russia nato").headline
    for words in ("nato russia", "NATO Moscow", "Kremlin on Nato", ":flag-ru: nato"):
        assert ask(f"/position {words}").headline == expected


def test_a_party_alone_gives_all_its_topics(ask: Asker) -> None:
    body = text(ask("/position us"))
    assert "P-2" in body
    assert "P-4" in body
    assert "P-1 " not in body


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
