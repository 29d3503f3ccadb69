"""`/draft add`, `edit` and `undo`: forms whole or not at all, rights, others' changes in between, and the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.commands.base import Request, Role
from bot.commands.registry import Registry
from bot.reply import Form, Outcome, Reply
from bot.slack.render import render
from store import changes, drafts
from store.database import Store
from store.records import AlignmentRole, Draft, DraftStatus, Tally, Vote, VoteChoice, VoteKind
from tests.commands.conftest import NOW

FILLED = {
    "title": "Ceasefire text",
    "body": "UN Security Council",
    "symbol": "S/2025/1",
    "tabled_on": "2025-02-20",
    "status_on": "2025-02-21",
    "status": "rejected",
    "topic": "war in Ukraine",
    "clauses": "withdrawal: Demands one at once.\nwithdrawal (v2): Asks for one: soon.\n\nmonitoring: By the UN.",
    "alignments": "sponsor: Kremlin; China\nco-sponsor: about 12 states (2025-02-20)\n"
    "declines: France (2025-02-20: wants more)",
    "tally": "8-2-5",
    "sources": "A report https://example.org/text",
}


@pytest.fixture
def desk(registry: Registry) -> Any:
    def asking(text: str, **more: Any) -> Reply | Form:
        return registry.answer(replace(Request("local", "U1", "C1", text, NOW, may=Role.MEMBER), **more))

    return asking


def send(desk: Any, text: str, **values: str) -> Reply | Form:
    form = desk(text)
    assert isinstance(form, Form)
    filled = {field.id: field.value for field in form.fields}
    answer: Reply | Form = desk(form.command, values={**filled, **values}, context=form.context)
    return answer


def recorded(store: Store, number: int) -> Draft:
    with store.read("local") as session:
        return drafts.get(session, number)


def errors(answer: Reply | Form) -> dict[str, str]:
    assert isinstance(answer, Form)
    return {field.id: field.error for field in answer.fields if field.error}


def test_a_form_becomes_a_draft_with_all_its_parts(desk: Any, store: Store) -> None:
    answer = send(desk, "/draft add", **FILLED)
    assert isinstance(answer, Reply)
    assert answer.headline == "Recorded: D-3  Ceasefire text"
    made = recorded(store, 3)
    assert (made.status, made.symbol, made.topic) == (DraftStatus.REJECTED, "S/2025/1", "war-settlement")
    assert [(c.issue, c.version, c.says) for c in made.clauses] == [
        ("withdrawal", 1, "Demands one at once."), ("withdrawal", 2, "Asks for one: soon."), ("monitoring", 1, "By the UN."),
    ]  # fmt: skip
    assert [(a.role, a.party or a.label) for a in made.alignments] == [
        (AlignmentRole.SPONSOR, "ru"), (AlignmentRole.SPONSOR, "cn"), (AlignmentRole.CO_SPONSOR, "about 12 states"),
        (AlignmentRole.DECLINES, "fr"),
    ]  # fmt: skip
    assert (str(made.alignments[3].said_on), made.alignments[3].note) == ("2025-02-20", "wants more")
    assert made.tally == Tally(made.status_on or NOW.date(), 8, 2, 5)
    assert made.clauses[0].sources == made.sources != ()
    assert "unsourced" not in render(answer).text


def test_the_words_are_the_title(desk: Any) -> None:
    form = desk("/draft add A text of ours")
    assert {field.id: field.value for field in form.fields}["title"] == "A text of ours"


def test_what_is_left_as_it_is_stays_as_it_is(desk: Any, store: Store) -> None:
    before = recorded(store, 1)
    same = send(desk, "/draft edit D-1")
    assert isinstance(same, Reply)
    assert same.headline == "Nothing was changed: D-1 is on record just so."
    with store.write("local", actor="U2", now=NOW) as session:
        before = drafts.save(session, replace(before, votes=(Vote("us", VoteChoice.AGAINST),)))
    form = desk("/draft edit D-1")
    clauses = {field.id: field.value for field in form.fields}["clauses"]
    send(desk, "/draft edit D-1", clauses=f"{clauses}\nmonitoring: By nobody.", why="seen the text")
    after = recorded(store, 1)
    assert after.clauses[: len(before.clauses)] == before.clauses
    assert after.clauses[-1].says == "By nobody."
    assert replace(after, clauses=before.clauses) == before
    with store.read("local") as session:
        assert changes.of_record(session, "draft", after.key)[-1].why == "seen the text"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", " ", "needed"), ("status", "gone", "One of"), ("clauses", "no issue here", "has no issue"),
        ("alignments", "Ukraine", "has no role"), ("alignments", "sponsor: Atlantis", "Atlantis"),
        ("alignments", "likes: Ukraine", "has no role"), ("topic", "war in Ukrane", "Did you mean"),
        ("tally", "many", "Write it like"), ("tabled_on", "someday", "not one day"),
        ("status_on", "2025-01-01", "before it was tabled"),
        ("sources", "gossip", "not a link"), ("symbol", "x" * 80, "At most 60"),
    ],
)  # fmt: skip
def test_faults_stand_on_their_fields_and_nothing_is_recorded(
    desk: Any, store: Store, field: str, value: str, words: str
) -> None:
    answer = send(desk, "/draft add", **{**FILLED, field: value})
    assert words in errors(answer)[field]
    with store.read("local") as session:
        assert session.value("SELECT count(*) FROM draft WHERE team_id = :team") == 2


def test_a_result_needs_its_day(desk: Any) -> None:
    assert "On which day" in errors(send(desk, "/draft add", **{**FILLED, "status_on": ""}))["status_on"]


@pytest.mark.parametrize("role", [Role.GUEST, Role.FOREIGN, Role.UNKNOWN])
@pytest.mark.parametrize("text", ["/draft add x", "/draft edit D-1", "/draft undo D-1"])
def test_only_members_record(desk: Any, store: Store, role: Role, text: str) -> None:
    answer = desk(text, may=role)
    assert isinstance(answer, Reply)
    assert answer.outcome is Outcome.NOT_UNDERSTOOD
    assert recorded(store, 1)


def test_what_others_changed_meanwhile_is_shown_and_nothing_is_lost(desk: Any, store: Store) -> None:
    form = desk("/draft edit D-1")
    filled = {field.id: field.value for field in form.fields}
    with store.write("local", actor="U2", now=NOW) as session:
        drafts.save(session, replace(drafts.get(session, 1), note="Theirs", symbol="A/1"))
    back = desk(form.command, values={**filled, "note": "Ours"}, context=form.context)
    assert isinstance(back, Form)
    shown = {field.id: field for field in back.fields}
    assert (shown["note"].value, shown["symbol"].value) == ("Ours", "A/1")
    assert "Theirs" in (shown["note"].error or "")
    done = desk(back.command, values={field.id: field.value for field in back.fields}, context=back.context)
    assert isinstance(done, Reply)
    assert (recorded(store, 1).note, recorded(store, 1).symbol) == ("Ours", "A/1")


def test_the_last_change_can_be_taken_back_and_the_first_too(desk: Any, store: Store) -> None:
    before = recorded(store, 1)
    send(desk, "/draft edit D-1", note="New")
    assert desk("/draft undo D-1").headline.startswith("Undone: D-1")
    assert recorded(store, 1) == before
    send(desk, "/draft add", **FILLED)
    assert desk("/draft undo D-3").headline == "Undone: D-3 is off the record"
    assert desk("/draft undo D-3").outcome is Outcome.NOT_UNDERSTOOD
    assert desk("/draft show D-3").outcome is Outcome.NOT_UNDERSTOOD
    assert desk("/draft undo D-1 R-99999").outcome is Outcome.NOT_UNDERSTOOD
    assert desk("/draft undo D-77").outcome is Outcome.NOT_UNDERSTOOD


def test_the_log_says_who_changed_what_and_why(desk: Any, store: Store) -> None:
    send(desk, "/draft edit D-1", note="New", status="amended", status_on="2025-02-22", why="seen the text")
    with store.write("local", actor="U2", now=NOW) as session:
        before = drafts.get(session, 1)
        votes = (Vote("hu", VoteChoice.AGAINST, VoteKind.INTENDED), Vote("us", VoteChoice.AGAINST))
        clauses = (replace(before.clauses[0], says="Names nobody."), *before.clauses[1:])
        drafts.save(session, replace(before, votes=votes, clauses=clauses), action="votes recorded")
    answer = desk("/draft log D-1")
    body = render(answer).text
    for words in (
        "D-1: who changed what", "3 changes", "U2", "votes recorded",
        "+ Hungary means to vote against; + United States voted against",
        "who is to blame: Names the full-scale invasion and Russian aggression. → who is to blame: Names nobody.",
        "note: nothing → New", "status: tabled → amended", "status on: nothing → 22 Feb 2025", "why: seen the text",
    ):  # fmt: skip
        assert words in body, words
    assert "unsourced" not in body
    shown = desk("/draft show D-1")
    assert any(button.command == "/draft log D-1" for button in shown.buttons)
    (back,) = [button.command for button in answer.buttons if button.label.startswith("Undo")]
    desk(back)
    assert (recorded(store, 1).votes, recorded(store, 1).note) == ((), "New")
    assert "takes back R-" in render(desk("/draft log D-1")).text


def test_a_whole_roll_is_counted_in_the_log(desk: Any, store: Store) -> None:
    codes = ("us", "ru", "fr", "gb", "cn", "de", "it", "pl")
    with store.write("local", actor="U2", now=NOW) as session:
        roll = tuple(Vote(code, VoteChoice.FOR if n else VoteChoice.AGAINST) for n, code in enumerate(codes))
        drafts.save(session, replace(drafts.get(session, 1), votes=roll))
        drafts.save(session, replace(drafts.get(session, 1), votes=tuple(replace(v, choice=VoteChoice.ABSENT) for v in roll)))
    body = render(desk("/draft log D-1")).text
    assert "votes: + 8 (7 for, 1 against)" in body
    assert "votes: changed 8 (8 absent)" in body


def test_an_earlier_change_is_taken_back_where_nothing_rests_on_it(desk: Any, store: Store) -> None:
    send(desk, "/draft edit D-1", note="New")
    with store.read("local") as session:
        named = changes.latest(session, "draft", "unga-ukraine-2025")
    send(desk, "/draft edit D-1", symbol="A/RES/ES-11/7")
    assert desk(f"/draft undo A/RES/ES-11/7 R-{named}").headline.startswith("Undone: D-1")
    assert (recorded(store, 1).note, recorded(store, 1).symbol) == (None, "A/RES/ES-11/7")
    send(desk, "/draft edit D-1", note="Newer")
    again = desk(f"/draft undo D-1 R-{named}")
    assert again.outcome is Outcome.NOT_UNDERSTOOD
    assert "undone already" in render(again).text or "changed note again" in render(again).text
    assert desk("/draft undo").headline.startswith("Undone: D-1")
    assert recorded(store, 1).note is None


def test_a_draft_off_the_record_is_brought_back_from_its_log(desk: Any, store: Store) -> None:
    send(desk, "/draft add", **FILLED)
    made = recorded(store, 3)
    gone = desk("/draft undo D-3")
    assert "off the record" in render(desk("/draft log D-3")).text
    desk(gone.buttons[0].command)
    assert recorded(store, 3) == made
    assert desk("/draft log D-77").outcome is Outcome.NOT_UNDERSTOOD


def test_an_equal_symbol_is_warned_of(desk: Any, store: Store) -> None:
    send(desk, "/draft edit D-1", symbol="S/2025/1")
    twice = send(desk, "/draft add", **FILLED)
    assert "Look again: S/2025/1 is the symbol of D-1 too." in str(twice)
    assert "Look again" not in str(send(desk, "/draft edit D-3", symbol="S/2025/2"))


def test_a_form_of_another_workspace_records_nothing(desk: Any) -> None:
    form = desk("/draft add x")
    values = {field.id: field.value for field in form.fields}
    answer = desk(form.command, values=values, context=form.context, team="T-OTHER")
    assert answer.outcome is Outcome.NOT_UNDERSTOOD
