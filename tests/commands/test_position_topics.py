"""Topics as a tree, one topic, and putting them right; searching by party, topic, kind and day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands.base import Request, Role
from bot.commands.registry import Registry
from bot.reply import Form, Link, Outcome
from store import positions
from store.database import Store
from tests.commands.conftest import NOW, Asker
from tests.commands.test_talks import text


def test_the_tree_has_counts(ask: Asker) -> None:
    rows = text(ask("/position topics")).splitlines()
    nato = next(n for n, row in enumerate(rows) if row.strip().startswith("NATO"))
    assert "└ NATO in Eastern Europe" in rows[nato + 1]
    assert "1 position" in rows[nato + 1]
    assert any("settlement of the war in Ukraine" in row and "2 agenda items" in row for row in rows)


def test_one_topic(ask: Asker) -> None:
    body = text(ask("/position topics 1997"))
    assert "Topic · NATO in Eastern Europe" in body
    assert "eastern flank" in body
    assert "Russia" in body
    unknown = ask("/position topics embasies")
    assert unknown.outcome is Outcome.NOT_UNDERSTOOD
    assert "Did you mean embassies and missions?" in text(unknown)
    assert ask(unknown.buttons[0].command).headline == "Topic · embassies and missions"


def test_a_merge_and_its_undo(ask: Asker) -> None:
    before = text(ask("/position topics"))
    done = ask("/position topics merge NATO in Eastern Europe into nato")
    assert "Moved: 1 position." in text(done)
    assert "Russia on NATO · P-1" in ask("/position russia 1997").headline
    assert "Russia on NATO" in text(ask("/talks search territory"))
    undo = next(button.command for button in done.buttons if button.label.startswith("Undo"))
    assert ask(undo).headline == "Undone: NATO in Eastern Europe is as it was"
    assert text(ask("/position topics")) == before
    again = ask(undo)
    assert again.outcome is Outcome.NOT_UNDERSTOOD
    assert "undone already" in again.headline


def test_a_second_undo_leaves_an_undone_merge_alone(ask: Asker) -> None:
    done = ask("/position topics merge NATO in Eastern Europe into nato")
    ask("/position topics undo")
    before = text(ask("/position topics"))
    assert ask("/position topics undo").headline == "You changed no topic lately."
    assert text(ask("/position topics")) == before
    number = int(done.buttons[0].command.split("R-")[1])
    assert "took" in ask(f"/position topics undo R-{number + 1}").headline
    again = ask("/position topics merge NATO in Eastern Europe into nato")
    part = ask(f"/position undo R-{int(again.buttons[0].command.split('R-')[1]) - 1}")
    assert "took in NATO in Eastern Europe) is part of R-" in part.headline
    assert ask(part.buttons[0].command).headline == "Undone: NATO in Eastern Europe is as it was"


def test_an_undone_merge_offers_to_merge_again(ask: Asker) -> None:
    ask("/position topics merge NATO in Eastern Europe into nato")
    before = text(ask("/position topics"))
    (again,) = [b.command for b in ask("/position topics undo").buttons if b.label == "Merge again"]
    assert ask(again).headline == "Merged: NATO in Eastern Europe into NATO"
    assert text(ask("/position topics")) == before


def test_undoing_a_topics_change_can_be_undone(ask: Asker) -> None:
    ask("/position topics alias embassies as consulates")
    undone = ask("/position topics undo")
    assert ask("/position topics consulates").outcome is Outcome.NOT_UNDERSTOOD
    (undo,) = [button.command for button in undone.buttons if button.label == "Undo"]
    second = ask("/position topics undo")
    assert second.outcome is Outcome.NOT_UNDERSTOOD
    assert undo in text(second)
    assert [button.command for button in second.buttons] == [undo]
    assert ask(undo).headline == "Undone: embassies and missions is as it was"
    assert ask("/position topics consulates").headline == "Topic · embassies and missions"


@pytest.mark.parametrize("words", ["alias NATO as Ukraine", "rename embassies to the Kremlin", "alias embassies as NATO"])
def test_a_partys_name_is_no_name_for_a_topic(ask: Asker, words: str) -> None:
    before = text(ask("/position ukraine"))
    refused = ask(f"/position topics {words}")
    assert refused.outcome is Outcome.NOT_UNDERSTOOD
    assert "a party: who asks about it would be shown" in refused.headline
    assert " question”" in text(refused)
    assert text(ask("/position ukraine")) == before
    assert ask(refused.buttons[0].command).outcome is Outcome.ANSWER


def test_a_topic_that_has_a_partys_name_may_keep_it(ask: Asker) -> None:
    assert ask("/position topics rename nato to the North Atlantic alliance").outcome is Outcome.ANSWER
    assert ask("/position topics rename the North Atlantic alliance to NATO").outcome is Outcome.ANSWER


def test_what_was_recorded_under_a_merged_topic_is_named_when_it_is_undone(ask: Asker, store: Store) -> None:
    ask("/position topics merge embassies into 1997")
    with store.write("local", actor="U2", now=NOW) as session:
        saved = positions.save(session, replace(positions.get(session, 1), key="new", number=0, recorded_at=None))
    undone = ask("/position topics undo")
    assert f"{saved.label} was recorded meanwhile and stays under NATO in Eastern Europe." in text(undone)
    assert undone.buttons[0].command == f"/position edit {saved.label}"


def test_a_name_that_is_taken_by_now_is_told(ask: Asker) -> None:
    done = ask("/position topics merge embassies into 1997")
    ask("/position topics unalias embassies and missions from 1997")
    ask("/position topics rename aggressor to embassies and missions")
    undo = ask(done.buttons[0].command)
    assert "is a name of embassies and missions by now" in undo.headline
    assert "rename embassies and missions to" in text(undo)


def test_position_undo_takes_a_topics_change_back_too(ask: Asker) -> None:
    done = ask("/position topics rename aggressor to who is to blame")
    number = done.buttons[0].command.split()[-1]
    assert ask(f"/position undo {number}").headline == "Undone: calling Russia the aggressor is as it was"


def test_names_and_places(ask: Asker) -> None:
    assert "is now who is to blame" in ask("/position topics rename aggressor to who is to blame").headline
    assert "who is to blame" in ask("/position us on aggressor").headline
    assert ask("/position topics alias embassies as consulates").outcome is Outcome.ANSWER
    assert ask("/position topics consulates").headline == "Topic · embassies and missions"
    assert ask("/position topics unalias consulates from embassies").outcome is Outcome.ANSWER
    assert ask("/position topics consulates").outcome is Outcome.NOT_UNDERSTOOD
    assert "under US–Russia talks" in ask("/position topics put arms control under US–Russia talks").headline
    assert "under no other topic" in ask("/position topics under arms control under nothing").headline
    assert ask("/position topics undo").headline.startswith("Undone: strategic stability")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("merge nato into nato", "names of one topic already"),
        ("merge nato", "does not say both sides"),
        ("merge cheese into nato", "no topic by the name “cheese”"),
        ("rename nato to embassies", "is a name of embassies and missions already"),
        ("rename nato to …", "cannot be a name"),
        ("alias nato as the Alliance", "is called that already"),
        ("unalias cheese from nato", "is not another name of NATO"),
        ("put nato under 1997", "That goes round"),
        ("put nato under nothing", "lies under no other already"),
        ("undo cheese", "does not say what to undo"),
        ("undo", "You changed no topic lately"),
        ("undo R-3", "is no change of a topic"),
    ],
)
def test_what_cannot_be_done_is_explained(ask: Asker, words: str, said: str) -> None:
    answer = ask(f"/position topics {words}")
    assert answer.outcome is Outcome.NOT_UNDERSTOOD
    assert said in answer.headline


def test_only_recorders_change_topics(registry: Registry) -> None:
    line = "/position topics merge embassies into irritants"
    refused = registry.answer(Request("local", "U1", "C1", line, NOW, may=Role.GUEST))
    assert not isinstance(refused, Form)
    assert refused.outcome is Outcome.NOT_UNDERSTOOD
    assert registry.writes(line)
    assert not registry.writes("/position topics nato")
    assert not registry.writes("/position topics")


def test_too_many_for_slack_are_refused_before_anything_is_written(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.commands.topic_changes.MOVED_AT_ONCE", 0)
    line = "/position topics merge 1997 into nato"
    hurried = Request("local", "U1", "C1", line, NOW, may=Role.MEMBER, still_wanted=lambda: None)
    refused = registry.answer(hurried)
    assert not isinstance(refused, Form)
    assert "too many to change before Slack stops waiting" in refused.headline
    done = registry.answer(Request("local", "U1", "C1", line, NOW, may=Role.MEMBER))
    assert not isinstance(done, Form)
    assert done.outcome is Outcome.ANSWER


def found(ask: Asker, words: str) -> str:
    return text(ask(f"/talks search {words}"))


def test_search_narrows(ask: Asker) -> None:
    assert "T-2" in found(ask, "embassies party:us since:2025-01")
    assert "P-1" not in found(ask, "Riyadh in:talks")
    assert "P-1" in found(ask, "Riyadh party:romania")
    assert "T-2" not in found(ask, "Riyadh party:romania")
    assert "P-1" in found(ask, "topic:nato before:2022-02")
    assert "T-1" not in found(ask, "Riyadh after:2022")
    assert "United States · on NATO · in positions" in found(ask, 'party:Washington topic:"the Alliance" in:positions')


def test_sources_are_found_with_their_link(ask: Asker) -> None:
    answer = ask("/talks search politico in:sources")
    links = [span for part in answer.parts for row in getattr(part, "lines", ()) for span in row if isinstance(span, Link)]
    assert links[0].url == "https://www.politico.eu/article/second-us-russia-meeting-2-weeks-sergei-ryabkov/"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("party:xyzzy embassies", "Nobody by the name “xyzzy”"),
        ("topic:cheese", "No topic by the name “cheese”"),
        ("in:cheese Riyadh", "is no kind of record"),
        ("since:cheese Riyadh", "is no day, month or year"),
        ("since:2026 before:2025 nato", "since 1 Jan 2026 and before 1 Jan 2025: that span is empty"),
        ("after:2024 before:2025-01-01", "that span is empty"),
        ("party:korea x", "Which one?"),
        ("", "Search for which words?"),
        ("…", "holds no word"),
    ],
)
def test_filters_that_say_nothing_are_explained(ask: Asker, words: str, said: str) -> None:
    answer = ask(f"/talks search {words}")
    assert answer.outcome is Outcome.NOT_UNDERSTOOD
    assert said in answer.headline


def test_corrections_and_pages_of_a_narrowed_search_work(ask: Asker) -> None:
    asked = ask("/talks search Riyadh party:rusia")
    assert "P-1" in text(ask(asked.buttons[0].command))
    none = ask("/talks search cheese party:us")
    assert "nothing on record" in none.headline
    assert [button.command for button in none.buttons] == ["/talks search cheese"]
    first = ask("/talks search since:2020")
    more = next(button for button in first.buttons if button.label == "More")
    assert ask(more.command).headline == first.headline
