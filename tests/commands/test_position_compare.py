"""Side by side, and who answered whom how."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.reply import Card, Outcome, Table, plain
from store import positions
from store.database import Store
from store.records import Reply, ReplyStance
from tests.commands.conftest import NOW, Asker
from tests.commands.test_talks import text


def table(answer: object) -> list[list[str]]:
    (found,) = [part for part in answer.parts if isinstance(part, Table)]  # type: ignore[attr-defined]
    return [list(found.columns), *([plain(cell) for cell in row] for row in found.rows)]


def test_one_row_a_topic_with_silence_as_silence(ask: Asker) -> None:
    head, *rows = table(ask("/position compare us russia nato"))
    assert head == ["Topic", "United States", "Russia"]
    assert rows[0] == ["NATO membership for Ukraine", "opposes · 12 Feb 2025 · P-2 [1]", "no statement found up to 22 Feb 2025"]
    assert rows[1][0] == "NATO in Eastern Europe"
    assert rows[1][1].startswith("rejects P-1 · 26 Jan 2022")
    assert "under the Biden administration; no statement of its own found since 20 Jan 2025" in rows[1][1]
    assert rows[1][2] == "demands · 17 Dec 2021 · P-1 [2, 3, 4]"


def test_after_on_names_are_topics(ask: Asker) -> None:
    answer = ask("/position compare us nato russia on 1997")
    assert table(answer)[0] == ["Topic", "United States", "NATO", "Russia"]
    assert answer.headline == "United States · NATO · Russia on NATO in Eastern Europe"
    _, row = table(ask("/position compare us nato on 1997"))
    assert row[2].startswith("rejects Russia's P-1 · 26 Jan 2022")


def test_many_parties_go_under_each_topic(ask: Asker) -> None:
    answer = ask("/position compare us russia ukraine romania nato")
    cards = [part for part in answer.parts if isinstance(part, Card)]
    assert [plain(card.title) for card in cards] == ["NATO membership for Ukraine", "NATO in Eastern Europe"]
    assert plain(cards[1].lines[3]) == "Romania: no statement found up to 22 Feb 2025"


def test_without_a_topic_everything_that_one_of_them_spoke_to(ask: Asker) -> None:
    rows = table(ask("/position compare us ukraine"))[1:]
    assert {row[0] for row in rows} == {"calling Russia the aggressor", "US–Russia talks", "NATO membership for Ukraine"}


def test_as_of_and_known(ask: Asker) -> None:
    rows = table(ask("/position compare us russia nato as-of 2022-02"))[1:]
    assert [row[0] for row in rows] == ["NATO in Eastern Europe"]
    assert "since" not in rows[0][1]
    assert "nothing on record" in ask("/position compare us russia nato known 2025-01").headline


def test_with_itself_it_is_shown_over_time(ask: Asker) -> None:
    answer = ask("/position compare us us nato")
    body = text(answer)
    assert answer.outcome is Outcome.ANSWER
    assert "United States compared with itself" in body
    assert "P-2" in body
    assert any("russia" in b.command.casefold() or " ru" in b.command for b in answer.buttons)


def test_too_few_and_unknown(ask: Asker) -> None:
    alone = ask("/position compare us 1997")
    assert alone.headline == "Compare United States with whom?"
    assert table(ask(alone.buttons[0].command))
    for words in ("", "us", "us xyzzy", "xyzzy", "us russia cheese", "cheese"):
        assert ask(f"/position compare {words}").outcome is Outcome.NOT_UNDERSTOOD
    silent = ask("/position compare germany france nato")
    assert "nothing on record" in silent.headline
    assert "That is not neutrality" in text(silent)


def test_a_name_that_may_be_either_is_a_party_where_one_is_missing(ask: Asker) -> None:
    assert ask("/position compare russia nato").headline == "Russia · NATO"
    assert ask("/position compare us russia nato").headline == "United States · Russia on NATO"
    assert "NATO compared with itself" in text(ask("/position compare nato nato"))
    assert "Nobody and nothing by the name “members”" in ask("/position compare nato members").headline


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("us russia ukraine china nato on quantum computing", "quantum computing"),
        ("us us on cats", "cats"),
        ("us ukraine on talks", "talks"),
        ("us russia on ukraine", "ukraine"),
    ],
)
def test_an_unknown_topic_after_on_is_told(ask: Asker, words: str, topic: str) -> None:
    answer = ask(f"/position compare {words}")
    assert answer.outcome is Outcome.NOT_UNDERSTOOD
    assert answer.headline == f"There is no topic by the name “{topic}” on record."


def test_near_topics_are_offered_for_an_unknown_one(ask: Asker) -> None:
    assert "NATO membership for Ukraine" in text(ask("/position compare us russia on ukraine"))
    assert ask("/position compare us russia on nato as-of 2022").headline.endswith("on NATO as of 31 Dec 2022")


def test_who_is_named_twice_is_told(ask: Asker) -> None:
    note = "Named more than once, shown once: Russia."
    assert note in text(ask("/position compare us russia russia"))
    assert note in text(ask("/position compare us russia moscow on nato"))
    assert "Named more than once" not in text(ask("/position compare us russia nato"))


def test_with_itself_as_of_a_day(ask: Asker) -> None:
    answer = ask("/position compare us us as-of 2022")
    assert answer.headline.endswith("as of 31 Dec 2022")
    assert "No statement found up to 31 Dec 2022." in text(answer)


@pytest.fixture
def thread(store: Store) -> Store:
    """Russia answered NATO's rejection, and Germany that answer."""
    with store.write("local", actor="U1", now=NOW) as session:
        old = positions.get(session, 1)
        answers = (
            Reply("ru", "ru", ReplyStance.REJECTS, "Ignores our concerns", said_on=date(2022, 2, 17), to="nato-2022"),
            Reply("de", "de", ReplyStance.CONDITIONAL, "If talks go on", said_on=date(2022, 2, 18), to="ru"),
        )
        positions.save(session, replace(old, replies=(*old.replies, *answers)))
    return store


def test_replies_by_who_gave_them(ask: Asker, thread: Store) -> None:
    body = text(ask("/position rejected-by nato"))
    assert "26 Jan 2022  NATO rejects P-1 · Russia on NATO in Eastern Europe, demands" in body
    assert "Written reply; the door to membership stays open. (Jens Stoltenberg, Secretary General)" in body
    assert "↳ Russia rejects (17 Feb 2022): Ignores our concerns" in body
    assert body.index("↳ Russia") < body.index("↳ Germany conditional")
    answer = text(ask("/position rejected-by russia"))
    assert "in answer to: NATO rejects (26 Jan 2022)" in answer
    assert "Germany conditional (18 Feb 2022)" in answer
    assert "no statement of its own found since 20 Jan 2025" in text(ask("/position rejected-by us russia 1997"))


def test_other_kinds_and_silence(ask: Asker, thread: Store) -> None:
    assert "P-1" in text(ask("/position conditional-by germany"))
    assert "No such reply of Germany found up to 22 Feb 2025" in text(ask("/position endorsed-by germany"))
    assert "No such reply" in text(ask("/position rejected-by nato ukraine"))
    for words in ("", "xyzzy", "1997"):
        assert ask(f"/position declined-by {words}").outcome is Outcome.NOT_UNDERSTOOD


def test_replies_to_replies_are_nested_on_the_card(ask: Asker, thread: Store) -> None:
    rows = text(ask("/position show P-1")).splitlines()
    start = next(n for n, row in enumerate(rows) if "NATO rejects" in row)
    assert "↳ Russia rejects" in rows[start + 1]
    assert "↳ Germany conditional" in rows[start + 2]
    assert "United States rejects" in rows[start + 3]


def test_replies_that_go_round_are_all_told(ask: Asker, store: Store) -> None:
    with store.write("local", actor="U1", now=NOW) as session:
        old = positions.get(session, 1)
        round_ = (Reply("a", "de", ReplyStance.REJECTS, to="b"), Reply("b", "fr", ReplyStance.REJECTS, to="a"))
        positions.save(session, replace(old, replies=round_))
    body = text(ask("/position show P-1"))
    assert "Germany rejects" in body
    assert "France rejects" in body
