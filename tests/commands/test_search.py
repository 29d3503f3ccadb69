"""`/talks search`: by number, by phrase, by time, and what it says where it finds nothing or was told too little."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.reply import Outcome, Reply
from bot.slack.render import render
from store import starter
from store.database import Store
from tests.commands.conftest import Asker

LATER = datetime(2025, 3, 1, tzinfo=UTC)


def labels(reply: Reply) -> list[str]:
    return [row.split()[0] for row in render(reply).text.splitlines() if row.split()[0][:2] in ("T-", "P-", "D-", "So")]


@pytest.mark.parametrize(("words", "label"), [("T-4", "T-4"), ("p-1", "P-1"), ("D–2", "D-2"), ("t - 3", "T-3")])
def test_a_number_leads_to_its_record(ask: Asker, words: str, label: str) -> None:
    answer = ask(f"/talks search {words}")
    assert labels(answer) == [label]
    assert label in ask(answer.buttons[0].command).headline


def test_a_number_that_nothing_has(ask: Asker) -> None:
    assert ask("/talks search D-99").headline == "There is no D-99 on record."
    assert ask("/talks search T-4", team="T-OTHER").outcome is Outcome.NOT_UNDERSTOOD


def test_filters_by_time_reach_what_was_decided_or_still_runs_then(ask: Asker, store: Store) -> None:
    assert labels(ask("/talks search in:talks since:2025-03-01")) == ["T-4", "T-3"]
    starter.apply(store, "local", LATER)
    assert labels(ask("/talks search in:drafts since:2025-02-24")) == ["D-3", "D-2", "D-1"]
    assert labels(ask("/talks search istanbul"))[0] == "T-3"


def test_quotes_mean_a_phrase(ask: Asker) -> None:
    assert labels(ask('/talks search "settlement of the war" in:talks')) == ["T-4"]
    assert ask('/talks search "war of the settlement"').headline.endswith("nothing on record has these words.")


def test_nothing_found_speaks_of_words_only_where_there_are_some(ask: Asker) -> None:
    answer = ask("/talks search in:drafts before:2000")
    assert answer.headline.endswith("nothing on record fits this.")
    assert "word" not in render(answer).text


@pytest.mark.parametrize("words", ["party:", "embassies party: ", 'topic:""', "in:", "since:", "before: "])
def test_a_filter_without_a_value_is_told(ask: Asker, words: str) -> None:
    answer = ask(f"/talks search {words}")
    assert answer.outcome is Outcome.NOT_UNDERSTOOD
    assert "needs a value after it" in answer.headline
    example = render(answer).text.split("For example: ")[1].splitlines()[0]
    assert ask(example).outcome is Outcome.ANSWER
