"""`/travel`: words in any order, the recipe on the label, and answers that say what is not on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.commands import travel
from bot.commands.base import Request
from bot.commands.registry import Registry, build
from bot.reply import Bars, Form, Outcome, Reply, Table, Visibility, plain
from bot.slack.render import render
from store import migrations
from store.database import Store
from tests.travel_files import NOW, import_paths, write_source

Asker = Callable[[str], Reply]

ASKED = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("travel")
    migrations.migrate(folder / "attache.db", now=NOW)
    opened = migrations.open_store(folder / "attache.db")
    import_paths(opened, write_source(folder / "source"))
    yield opened
    opened.close()


def registry_over(store: Store) -> Registry:
    return build(store, [("/travel", travel.SUMMARY, travel.commands)])


@pytest.fixture
def ask(store: Store) -> Asker:
    def asking(text: str) -> Reply:
        answer = registry_over(store).answer(Request("T1", "U1", "C1", text, ASKED))
        assert not isinstance(answer, Form)
        return answer

    return asking


def bars(reply: Reply) -> list[tuple[str, int, str]]:
    return [row for part in reply.parts if isinstance(part, Bars) for row in part.rows]


def words(reply: Reply) -> str:
    return " ".join(render(reply).text.split())


def test_the_default_is_both_offices_stays_of_the_story_period(ask: Asker) -> None:
    reply = ask("/travel rank")
    assert reply.headline == "France leads: 3 stays · 1997–2024"
    assert reply.aside == "7 stays · 4 countries · President and Secretary of State abroad"
    assert bars(reply)[:2] == [("1  France", 3, "3  (P 1 · S 2)"), ("2  Türkiye", 2, "2  (P 1 · S 1)")]
    assert [row[0] for row in bars(reply)[2:]] == ["3= =Ruritania", "3= Germany"]


def test_the_recipe_stands_under_every_ranking(ask: Asker) -> None:
    said = words(ask("/travel rank"))
    for needed in (
        "stays (rows of one traveller in one country that overlap or share a day count once)",
        "President and Secretary of State abroad",
        "1997–2024",
        "Merged: Türkiye (turkey, turkiye)",
        "1 exact duplicate (trip 15)",
        "last day on record 12 Jun 2002 (President), 4 Mar 2004 (Secretary)",
        "5 journeys without a row (2018, 2019, 2022, 2023)",
        "counted under their own name: ruritania",
        "The record ends before the period does",
    ):
        assert needed in said


SAME = [
    "/travel rank 2001 president trips top 1",
    "/travel rank trips top 1 president 2001",
    "/travel TOP 1 2001-2001 Trips Presidents",
]


@pytest.mark.parametrize("line", SAME)
def test_words_come_in_any_order(ask: Asker, line: str) -> None:
    assert ask(line).headline == "France and Germany lead: 1 trip each · 2001"


@pytest.mark.parametrize(
    ("line", "period"),
    [
        ("/travel rank 2001-03", "2001–2003"),
        ("/travel rank since 2002", "2002–2004"),
        ("/travel rank until 2001", "1789–2001"),
        ("/travel rank 2001–2002", "2001–2002"),
        ("/travel rank from 2001 to 2002", "2001–2002"),
        ("/travel rank 2001-02-01 to 2002-07-20", "2001-02-01 – 2002-07-20"),
        ("/travel rank all time", "the whole record"),
    ],
)
def test_years_are_read_as_people_write_them(ask: Asker, line: str, period: str) -> None:
    assert ask(line).headline.endswith(f"· {period}")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/travel rank 2024-1997", "2024 to 1997 runs backwards."),
        ("/travel rank 1997-2040", "2040 has not come yet"),
        ("/travel rank 3000", "3000 has not come yet"),
        ("/travel rank 1492", "cannot reach back to 1492"),
        ("/travel rank 2001-02-31 to 2002-01-01", "2001-02-31 is no day"),
        ("/travel rank visits president", "never counted together"),
        ("/travel rank top 0", "“top 0” would show nothing"),
        ("/travel rank trips joint", "Trips and joint are different counts"),
    ],
)
def test_what_cannot_be_asked_is_explained_with_an_example(ask: Asker, line: str, said: str) -> None:
    reply = ask(line)
    assert reply.outcome is Outcome.NOT_UNDERSTOOD
    assert said in reply.headline
    assert "/travel rank" in words(reply)


def test_words_not_understood_are_named_and_a_country_gets_a_button(ask: Asker) -> None:
    reply = ask("/travel rank foo france")
    assert "I did not understand “foo”, “france”" in words(reply)
    assert reply.buttons[0].command == "/travel party france"


def test_more_than_a_message_holds_is_said(ask: Asker) -> None:
    assert "A message holds 50" in words(ask("/travel rank top 5000"))
    assert "A message holds" not in words(ask("/travel rank top 50"))


def test_by_level_has_columns_and_no_sum(ask: Asker) -> None:
    reply = ask("/travel rank by level")
    table = next(part for part in reply.parts if isinstance(part, Table))
    assert table.columns == ("", "Country", "Leader level", "Minister level")
    assert [plain(cell) for cell in table.rows[0]] == ["1", "France", "1", "2"]
    assert reply.headline == "France leads: 1 at leader level, 2 at minister level · 1997–2024"


@pytest.mark.parametrize(("office", "cells"), [("secretary", ["–", "2"]), ("president", ["1", "–"]), ("visits", ["1", "–"])])
def test_by_level_shows_no_zero_for_what_was_not_counted(ask: Asker, office: str, cells: list[str]) -> None:
    table = next(part for part in ask(f"/travel rank {office} by level").parts if isinstance(part, Table))
    assert [plain(cell) for cell in table.rows[0]][2:] == cells


def test_visits_are_visits(ask: Asker) -> None:
    reply = ask("/travel rank visits")
    assert reply.headline == "France and Germany lead: 1 visit each · 1997–2024"
    assert "leaders visiting the United States" in reply.aside


def test_nothing_in_a_period_is_said_with_the_recipe(ask: Asker) -> None:
    reply = ask("/travel rank 1950")
    assert reply.headline == "No rows in 1950."
    assert "last day on record" in words(reply)


def test_every_button_leads_somewhere(ask: Asker) -> None:
    for line in ("/travel rank", "/travel rank by level", "/travel party ussr", "/travel why france", "/travel gaps"):
        for button in ask(line).buttons:
            assert ask(button.command).outcome is Outcome.ANSWER, button


def test_a_party_has_its_record(ask: Asker) -> None:
    said = words(ask("/travel party france"))
    for needed in (
        "France: 4 trips out, 1 visit in",
        "President there: 1",
        "Secretary of State there: 3, 2 stays",
        "Longest gap 2 Feb 2001 – 1 May 2001 (2 months 29 days)",
        "Who: Bea 3",
        "“France” under france: 5",
    ):
        assert needed in said


def test_the_ussr_explains_itself(ask: Asker) -> None:
    reply = ask("/travel party ussr")
    assert reply.headline == "Soviet Union: 1 trip out, 0 visits in, counted under Russia"
    assert "The source files the Soviet Union under its id for Russia" in words(reply)
    assert "Of these rows 1 for Soviet Union" in words(ask("/travel party russia"))


def test_remarks_are_searched(ask: Asker) -> None:
    reply = ask("/travel party turkey erdogan")
    assert reply.headline == "Türkiye: 2 rows with “erdogan”"
    assert "trip 15 · filed as Turkey (turkey) · repeats 14, not counted" in words(reply)
    assert ask("/travel party turkey bananas").headline == "Türkiye: no row says “bananas”."


def test_three_silences_are_told_apart(ask: Asker, store: Store, tmp_path: Path) -> None:
    assert ask("/travel party japan").headline == "Japan: no trip and no visit on record."
    unknown = ask("/travel party frnace")
    assert unknown.outcome is Outcome.NOT_UNDERSTOOD
    assert "Nobody by the name “frnace”" in unknown.headline
    assert unknown.buttons[0].command == "/travel party France"
    migrations.migrate(tmp_path / "empty.db", now=NOW)
    empty = migrations.open_store(tmp_path / "empty.db")
    for line in ("rank", "party france", "why france", "chart", "duplicates", "gaps"):
        answer = registry_over(empty).answer(Request("T1", "U1", "C1", f"/travel {line}", ASKED))
        assert isinstance(answer, Reply)
        assert "There is no travel record in this store yet." in words(answer)
    empty.close()


def test_a_name_of_two_asks_back(ask: Asker) -> None:
    reply = ask("/travel party congo")
    assert "could mean" in reply.headline
    assert len(reply.buttons) == 2


def test_an_unknown_country_can_be_asked_for(ask: Asker) -> None:
    assert ask("/travel party ruritania").headline == "=Ruritania: 1 trip out, 0 visits in"


def test_the_united_states_are_where_the_record_is_kept(ask: Asker) -> None:
    assert ask("/travel party us").headline == "The record is the United States' own."


def test_why_shows_the_rows_behind_a_number(ask: Asker) -> None:
    reply = ask("/travel why france 2001 secretary")
    assert reply.headline == "France: 2 stays from 3 rows · 2001"
    assert "1–2 Feb 2001 Bea · Paris Accompanied the President. trip 11" in words(reply)


def test_numbers_and_nouns_agree(ask: Asker) -> None:
    assert ask("/travel gaps 1950").headline == "No gaps known here"
    assert ask("/travel gaps 2019 secretary").headline == "Known gaps: 1 journey without a row, 0 meetings filed elsewhere"
    assert "1 row of 2001, President abroad." in words(ask("/travel why france 2001 president"))


def test_a_party_shows_every_office_and_says_how_to_see_one(ask: Asker) -> None:
    assert "This shows every office" not in words(ask("/travel party france"))
    said = words(ask("/travel party france president"))
    assert "This shows every office; one count alone: /travel why France president." in said


def test_gaps_are_listed_with_their_sources(ask: Asker) -> None:
    reply = ask("/travel gaps 2018-2019")
    assert reply.headline == "Known gaps: 3 journeys without a row, 3 meetings filed elsewhere"
    assert "Secretary Pompeo's tour" in words(reply)
    assert "statedepartment.oxd2.com" in str(render(reply).blocks)


def test_duplicates_are_listed_by_rule(ask: Asker) -> None:
    said = words(ask("/travel duplicates"))
    assert "1 exact duplicates left out" in said or "1 exact duplicate left out" in said
    assert "trip 15 repeats 14" in said


def test_a_chart_is_a_public_picture_drawn_later(ask: Asker) -> None:
    reply = ask("/travel chart 2001-2004 joint top 3")
    assert reply.visibility is Visibility.PUBLIC
    assert reply.picture is not None
    assert reply.picture.filename == "travel-2001-2004-joint.png"
    assert "1 France 2" in reply.picture.alt_text
    assert reply.picture.draw().startswith(b"\x89PNG\r\n")


def test_a_chart_by_level_says_that_it_shows_counts(ask: Asker) -> None:
    assert "by level is a table" in words(ask("/travel chart by level"))


def test_a_chart_of_nothing_is_refused(ask: Asker) -> None:
    assert ask("/travel chart 1950").outcome is Outcome.NOT_UNDERSTOOD


@pytest.mark.parametrize("command", travel.commands(), ids=lambda command: command.name)
def test_examples_work(ask: Asker, command: object) -> None:
    from bot.commands.base import Command

    assert isinstance(command, Command)
    for example in command.examples:
        reply = ask(example)
        assert reply.outcome is Outcome.ANSWER or "chart" in example, example
        assert "I did not understand" not in words(reply)
