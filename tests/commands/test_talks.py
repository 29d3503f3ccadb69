"""`/talks` over the starter facts: what is said, in which order, and what silence means."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.reply import Outcome, Reply
from bot.slack.render import render
from store import talks
from store.database import Store
from store.records import Account, Level, Precision, Side, Status, Talks, Window
from tests.commands.conftest import NOW, Asker


def text(reply: Reply) -> str:
    """The whole answer as people read it."""
    return render(reply).text


def labels(reply: Reply) -> list[str]:
    """The talks named at the start of a line, in order."""
    return [words[0] for words in (row.split() for row in text(reply).splitlines()) if words and words[0].startswith("T-")]


def test_next_leads_with_the_directors_and_the_waiting_second_round(ask: Asker) -> None:
    answer = ask("/talks next")
    assert labels(answer)[:2] == ["T-3", "T-4"]
    rows = text(answer).splitlines()
    first = " ".join(rows[rows.index(next(r for r in rows if r.startswith("T-3"))) :][:3])
    assert "Sat 8 Mar 2025" in first
    assert "within the next two weeks" in first
    assert "Ryabkov, 22 Feb" in first
    assert "director level" in first
    assert "third country, not named" in first
    second = " ".join(rows[rows.index(next(r for r in rows if r.startswith("T-4"))) :][:3])
    assert "after T-3" in second
    assert "waiting for T-3" in second
    assert "8 Mar 2025 on one account" in second
    assert "undated on other" in second
    assert "2 planned · 2 mooted · 0 lapsed" in text(answer)


def test_no_subcommand_means_next(ask: Asker) -> None:
    assert text(ask("/talks")) == text(ask("/talks next"))
    assert text(ask("/talks us russia")) == text(ask("/talks next us russia"))


def test_words_come_in_any_order_and_case(ask: Asker) -> None:
    expected = labels(ask("/talks next us russia director level"))
    assert expected == ["T-3"]
    assert labels(ask("/talks next DIRECTOR level Moscow Washington")) == expected
    assert labels(ask("/talks director level the Kremlin :flag-us:")) == expected


def test_what_is_not_understood_is_named(ask: Asker) -> None:
    answer = ask("/talks next foo russia")
    assert answer.outcome is Outcome.ANSWER
    assert "I did not understand “foo”" in text(answer)
    assert "T-3" in labels(answer)


def test_a_near_miss_is_offered(ask: Asker) -> None:
    answer = ask("/talks next rusia")
    assert "Did you mean Russia" in text(answer)
    assert any(button.command == "/talks next Russia" for button in answer.buttons)


def test_the_three_silences_differ(ask: Asker) -> None:
    nothing = ask("/talks next tuvalu")
    assert nothing.outcome is Outcome.ANSWER
    assert "nothing ahead on record" in nothing.headline
    unknown = ask("/talks history xyzzy")
    assert unknown.outcome is Outcome.NOT_UNDERSTOOD
    assert "Nobody by the name “xyzzy”" in unknown.headline


def test_a_broken_store_is_not_an_empty_one(ask: Asker, store: Store) -> None:
    store.close()
    store.path.write_bytes(b"not a database at all, but long enough to be read as one" * 20)
    answer = ask("/talks next")
    assert answer.outcome is Outcome.FAILURE
    assert "cannot be read" in answer.headline


def test_an_ambiguous_name_asks(ask: Asker) -> None:
    answer = ask("/talks next brussels")
    assert answer.outcome is Outcome.NOT_UNDERSTOOD
    assert "Belgium" in answer.headline
    assert "NATO" in answer.headline
    chosen = ask(next(b.command for b in answer.buttons if "NATO" in b.label))
    assert chosen.outcome is Outcome.ANSWER


def test_lapsed_talks_come_first_and_are_flagged(ask: Asker) -> None:
    later = ask("/talks next", now=NOW + timedelta(days=20))
    assert later.parts
    assert "lapsed" in text(later)
    assert set(labels(ask("/talks overdue", now=NOW + timedelta(days=20)))) >= {"T-3", "T-4"}
    assert labels(ask("/talks overdue")) == []


@pytest.mark.parametrize(
    ("words", "certain", "possible"),
    [
        ("18 February", ["T-2"], []),
        ("18 Feb 2025", ["T-2"], []),
        ("21 January 2022", ["T-1"], []),
        ("22 Feb to 8 March", ["T-3"], ["T-6"]),
        ("1 March", [], ["T-3"]),
        ("July 2030", [], []),
    ],
)
def test_what_falls_in_a_window(ask: Asker, words: str, certain: list[str], possible: list[str]) -> None:
    body = text(ask(f"/talks on {words}"))
    head, _, tail = body.partition("\nPossible\n")
    assert [w for w in certain if f"\n{w}  " in head] == certain
    assert [w for w in possible if f"\n{w}  " in f"\n{tail}"] == possible


def test_week_is_the_calendar_week_where_the_reader_is(ask: Asker) -> None:
    assert "Mon 17 Feb – Sun 23 Feb 2025" in ask("/talks week").headline
    sunday_night = datetime(2025, 2, 23, 20, 0, tzinfo=UTC)
    assert "Mon 24 Feb – Sun 2 Mar 2025" in ask("/talks week", now=sunday_night, zone="Asia/Tokyo").headline


def test_history_shows_the_gap(ask: Asker) -> None:
    answer = ask("/talks history us russia")
    assert "first at minister level since 21 Jan 2022: 3 years 28 days" in text(answer)
    order = labels(answer)
    assert order.index("T-1") < order.index("T-2") < order.index("T-3")
    assert "T-5" in order


def test_show_has_everything(ask: Asker) -> None:
    body = text(ask("/talks show T-2"))
    for words in ("Marco Rubio", "Sergey Lavrov", "Diriyah Palace", "Riyadh", "Saudi Arabia", "minister level", "Outcome"):
        assert words in body
    body = text(ask("/talks show t4"))
    for words in ("Politico", "UAWire", "disputed", "T-3", "strategic stability"):
        assert words in body


@pytest.mark.parametrize("words", ["T-999", "", "foo", "T-0", "-1", "99999999999999999999", "T-3'; DROP TABLE talks"])
def test_show_of_what_is_not_there(ask: Asker, words: str) -> None:
    answer = ask(f"/talks show {words}")
    if words.startswith("T-3"):
        assert answer.outcome is Outcome.ANSWER
    else:
        assert answer.outcome is Outcome.NOT_UNDERSTOOD


def test_search_finds_and_marks(ask: Asker) -> None:
    assert "T-3" in labels(ask("/talks search embassies"))
    assert "P-1" in text(ask("/talks search territory 1997"))
    assert "nothing on record" in ask("/talks search zzzz").headline


@pytest.mark.parametrize(
    "words", ['"', "'", "*", "NEAR(", "a AND", "x:y", "U.S.", "O'Neil", "border-deal", "18/19", "(", "-", "🙂"]
)
def test_search_takes_any_input(ask: Asker, words: str) -> None:
    assert ask(f"/talks search {words}").outcome in (Outcome.ANSWER, Outcome.NOT_UNDERSTOOD)


def test_workspaces_do_not_see_each_other(ask: Asker) -> None:
    for line in ("/talks next", "/talks search embassies", "/talks history us russia", "/position russia nato"):
        assert "T-3" not in text(ask(line, team="T-OTHER"))
    assert ask("/talks show T-3", team="T-OTHER").outcome is Outcome.NOT_UNDERSTOOD


def _plan(store: Store, count: int, status: Status) -> None:
    with store.write("local", actor="test", now=NOW) as session:
        for i in range(count):
            day = date(2025, 4, 1) + timedelta(days=i)
            sides = (Side("fr", Level.MINISTER), Side("br", Level.MINISTER))
            window = Window(day, day, Precision.DAY)
            talks.save(session, Talks(f"{status.value}-{i}", 0, f"number {i}", status, sides, window))


@pytest.mark.parametrize(("planned", "mooted"), [(3, 9), (4, 4), (5, 1), (20, 12), (0, 5)])
def test_paging_shows_each_once_in_order(ask: Asker, store: Store, planned: int, mooted: int) -> None:
    _plan(store, planned, Status.PLANNED)
    _plan(store, mooted, Status.MOOTED)
    seen: list[str] = []
    answer = ask("/talks next france brazil")
    for _ in range(20):
        seen += labels(answer)
        more = [button for button in answer.buttons if button.label == "More"]
        if not more:
            break
        answer = ask(more[0].command)
    assert len(seen) == planned + mooted
    assert len(set(seen)) == len(seen)
    with store.read("local") as session:
        statuses = [talks.get(session, int(label[2:])).status for label in seen]
    assert statuses == [Status.PLANNED] * planned + [Status.MOOTED] * mooted


def test_a_settled_account_disputes_nothing() -> None:
    account = Account("a", "Somebody", happens=False)
    record = Talks("k", 1, "t", Status.PLANNED, (Side("us"),), accounts=(account,))
    assert record.disputed
    assert not dataclasses.replace(record, accounts=(dataclasses.replace(account, settled=True),)).disputed


def test_a_number_among_the_words_is_named(ask: Asker) -> None:
    answer = ask("/talks T-2")
    assert "T-2 has a card of its own: /talks show T-2" in text(answer)
    assert answer.buttons[0].command == "/talks show T-2"


def test_a_place_shows_in_the_headline(ask: Asker) -> None:
    assert ask("/talks next in Riyadh").headline == "Next talks · in Saudi Arabia"
    assert ask("/talks next third country").headline == "Next talks · third country, not named"


def test_a_near_name_is_not_lost_among_topics(ask: Asker) -> None:
    assert "Did you mean Russia?" in text(ask("/talks next rusia"))


def test_a_day_that_could_be_two_offers_both(ask: Asker) -> None:
    answer = ask("/talks on 12/03/2025 russia")
    assert answer.outcome is Outcome.NOT_UNDERSTOOD
    assert [button.command for button in answer.buttons] == ["/talks on 2025-03-12 russia", "/talks on 2025-12-03 russia"]
    for button in answer.buttons:
        assert ask(button.command).outcome is Outcome.ANSWER


def test_no_page_claims_that_there_is_no_history(ask: Asker) -> None:
    assert ask("/talks history us russia page 9").headline == "History · United States, Russia: no more."


def test_what_one_account_dates_is_found_by_that_date(ask: Asker) -> None:
    for words in ("next before 1 May", "next in March", "on 8 March", "on March", "week next week"):
        assert "T-4" in labels(ask(f"/talks {words}")), words
    possible = text(ask("/talks on 8 March")).split("Possible")[1]
    assert "T-4" in possible
    for words in ("next in April", "on 9 March", "on 18 February", "history us russia in 2022"):
        assert "T-4" not in labels(ask(f"/talks {words}")), words


def test_a_deadline_without_a_beginning_is_possible_until_then(ask: Asker, store: Store) -> None:
    with store.write("local", actor="U1", now=NOW) as session:
        window = Window(None, date(2025, 6, 1), Precision.OPEN_WINDOW)
        deadline = Talks("by-june", 0, "Deadline", Status.PLANNED, sides=(Side("cn"), Side("in")), window=window)
        label = talks.save(session, deadline).label
    assert label in labels(ask("/talks on May"))
    assert label in labels(ask("/talks on May china"))
    assert label not in labels(ask("/talks on July"))


def test_a_card_says_once_how_a_window_reads(ask: Asker) -> None:
    assert "reads as Sat 22 Feb – Sat 8 Mar 2025" in text(ask("/talks show T-3"))
    assert "reads as" not in text(ask("/talks show T-6"))


def test_what_lapsed_on_an_account_says_so(ask: Asker) -> None:
    later = datetime(2025, 3, 12, tzinfo=UTC)
    body = text(ask("/talks overdue", now=later))
    assert "lapsed: nothing recorded since the last day on any account" in body
    assert "lapsed: nothing recorded since its window closed" in body


def test_a_page_beyond_the_end_says_so(ask: Asker) -> None:
    for words in ("next", "overdue", "windows", "waiting", "search russia"):
        assert ask(f"/talks {words} page 9").headline.endswith("no more."), words


def test_show_names_what_follows_the_number(ask: Asker) -> None:
    answer = ask("/talks show T-2 T-3 foo")
    assert answer.headline.startswith("T-2")
    assert "T-3 has a card of its own" in text(answer)
    assert "I did not understand “foo”" in text(answer)


def test_next_in_some_days_means_up_to_then(ask: Asker) -> None:
    answer = ask("/talks next in 30 days")
    assert answer.headline == "Next talks · Sat 22 Feb – Mon 24 Mar 2025"
    assert labels(answer)[:3] == ["T-3", "T-4", "T-6"]
    assert labels(ask("/talks next director level in 30 days")) == ["T-3"]
    assert labels(ask("/talks windows in two weeks")) == ["T-3", "T-4"]
    assert labels(ask("/talks next in 2 days")) == ["T-3", "T-4"]
    assert ask("/talks on in 30 days").headline == "Talks Mon 24 Mar 2025: nothing on record."
    assert ask("/talks next on 24 March").headline.startswith("Next talks · Mon 24 Mar 2025")


def test_a_topic_narrows_to_what_is_on_the_agenda(ask: Asker) -> None:
    answer = ask("/talks next embassies")
    assert "embassies and missions" in answer.headline
    assert labels(answer) == ["T-3"]
    assert set(labels(ask("/talks next arms control"))) == {"T-4"}
    assert "T-4" in labels(ask("/talks next nato")) or "nothing ahead" in ask("/talks next nato").headline


def test_a_near_miss_is_put_right_as_a_word(ask: Asker) -> None:
    answer = ask("/talks next prussian rusia")
    assert any(button.command.endswith(" Russia") and "prussian" in button.command for button in answer.buttons) or (
        "rusia" not in text(answer)
    )


def test_help_is_no_wall(ask: Asker) -> None:
    for slash in ("/talks", "/position"):
        assert len(text(ask(f"{slash} help")).splitlines()) <= 14
