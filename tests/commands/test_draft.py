"""`/draft` over the starter facts of February 2025, and over texts with gaps."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.reply import Outcome, Reply
from bot.slack.render import render, render_all
from store import drafts, starter
from store.database import Store
from store.records import Alignment, AlignmentRole, Draft, DraftStatus, Tally, Vote, VoteChoice, VoteKind
from tests.commands.conftest import NOW, Asker

LATER = datetime(2025, 3, 1, tzinfo=UTC)
DAY = date(2025, 2, 24)


def text(reply: Reply) -> str:
    return render(reply).text


@pytest.fixture
def later(ask: Asker, store: Store) -> Asker:
    """Asks on 1 March 2025, with what had become known by then."""
    starter.apply(store, "local", LATER)
    return lambda words: ask(words, now=LATER)


def save(store: Store, **fields: Any) -> Draft:
    with store.write("local", actor="U1", now=NOW) as session:
        return drafts.save(session, replace(Draft("x", 0, "A text", DraftStatus.TABLED), **fields))


def test_the_list_leads_with_what_is_in_play(ask: Asker, store: Store) -> None:
    save(store, status=DraftStatus.REJECTED)
    body = text(ask("/draft"))
    assert [row.split()[0] for row in body.splitlines() if row.startswith("D-")] == ["D-2", "D-1", "D-3"]
    assert text(ask("/draft list")) == body
    assert "tabled 21 Feb 2025" in body
    assert "D-3" not in text(ask("/draft list tabled"))
    assert "D-3" in text(ask("/draft list rejected"))


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        ("united states", ["D-3", "D-2", "D-1"]), ("ukraine", ["D-1"]), ("security council", ["D-3"]), ("S/RES/2774", ["D-3"]),
        ("path", ["D-3", "D-2"]), ("us adopted", ["D-3", "D-2", "D-1"]), ("tabled", []), ("100%", []),
        ("settlement of the war in Ukraine", ["D-3", "D-2", "D-1"]), ("nonsense", []), ("france", ["D-3"]),
        ("hungary", ["D-1"]), ("palau germany", []), ("united nations", ["D-3", "D-2", "D-1"]), ("UNGA", ["D-2", "D-1"]),
        ("general assembly us", ["D-2", "D-1"]), ("un security council adopted", ["D-3"]),
    ],
)  # fmt: skip
def test_the_list_narrows(later: Asker, words: str, labels: list[str]) -> None:
    answer = later(f"/draft list {words}")
    assert answer.outcome is Outcome.ANSWER
    assert [row.split()[0] for row in text(answer).splitlines() if row.startswith("D-")] == labels


def test_the_list_pages(ask: Asker, store: Store) -> None:
    with store.write("local", actor="U1", now=NOW) as session:
        for n in range(15):
            drafts.save(session, Draft(f"k{n}", 0, f"text {n}", DraftStatus.TABLED if n % 2 else DraftStatus.ADOPTED))
    seen: list[str] = []
    answer = ask("/draft list")
    for _ in range(10):
        seen += [row.split()[0] for row in text(answer).splitlines() if row.startswith("D-")]
        more = [button for button in answer.buttons if button.label == "More"]
        if not more:
            break
        answer = ask(more[0].command)
    assert len(seen) == len(set(seen)) == 17


def test_show_has_what_is_known(later: Asker) -> None:
    body = text(later("/draft show D-1"))
    for words in (
        "A/RES/ES-11/7", "adopted 24 Feb 2025", "Sponsors  Ukraine", "about 50 states, EU members among them",
        "Declined to co-sponsor, then asked others to vote no", "93 for · 18 against · 65 abstained", "United States",
        "immediate, complete and unconditional withdrawal", "territorial integrity", "Russian aggression",
    ):  # fmt: skip
        assert words in body, words
    assert "unsourced" not in body
    assert text(later("/draft show A/RES/ES-11/7")) == body


def test_the_three_un_texts_compared_say_all_that_is_known(later: Asker) -> None:
    body = text(later("/draft compare D-1 D-2 D-3"))
    for words in (
        "Names the full-scale invasion and Russian aggression.",
        "Demands an immediate, complete and unconditional withdrawal of Russian forces.",
        "Reaffirms Ukraine's sovereignty and territorial integrity",
        "about 50 states, EU members among them",
        "Declined to co-sponsor, then asked others to vote no",
        "A/RES/ES-11/7 · adopted 24 Feb 2025",
        "93 for · 18 against · 65 abstained",
        "Against: Russia, United States",
        "Three paragraphs as tabled; amended by European states on the floor and adopted as amended.",
        "Attributes no blame",
        "Mentions neither sovereignty nor territorial integrity.",
        "A/RES/ES-11/8 · adopted 24 Feb 2025",
        "93 for · 8 against · 73 abstained",
        "Abstained: United States",
        "The same US text as in the General Assembly, without the European amendments.",
        "S/RES/2774 · adopted 24 Feb 2025",
        "10 for · 0 against · 5 abstained",
        "Abstained: Denmark, France, Greece, Slovenia, United Kingdom",
        "D-1  Asks for a comprehensive, just and lasting peace, as its title has it, in line with the UN Charter.",
        "D-3  A lasting one, without saying more of it.",
    ):
        assert words in body, words
    assert "unsourced" not in body
    assert "says nothing on this" not in body
    assert len(render_all(later("/draft compare D-1 D-2 D-3"))) == 1


def test_compare_on_one_issue(later: Asker) -> None:
    body = text(later("/draft compare D-1 D-2 on withdrawal"))
    assert "compared on withdrawal" in body
    assert "unconditional withdrawal" in body
    assert "who is to blame" not in body
    assert text(later("/draft compare 1 2 on blame")).count("who is to blame") >= 1


def test_drafts_are_named_as_people_list_them(later: Asker) -> None:
    whole = later("/draft compare D-1 D-2 D-3")
    for words in ("D-1, D-2 and D-3", "D-1 with D-2 & D-3", "A/RES/ES-11/7 vs D-2, S/RES/2774"):
        assert later(f"/draft compare {words}") == whole
    assert "I did not understand “nonsense”" in text(later("/draft compare D-1, D-2 and nonsense"))
    assert "I did not understand “nonsense”" in text(later("/draft show D-1 nonsense"))


def test_a_symbol_that_two_have_is_asked_about(later: Asker, store: Store) -> None:
    save(store, symbol="a/res/es-11/7")
    for command in ("show", "who", "log", "undo", "compare D-2"):
        answer = later(f"/draft {command} A/RES/ES-11/7")
        assert answer.outcome is Outcome.NOT_UNDERSTOOD
        assert "is the symbol of D-1 (Ukraine and partners' draft for the third anniversary) and D-4 (A text)" in text(answer)
        assert [button.command for button in answer.buttons] == [f"/draft {command} D-1", f"/draft {command} D-4"]


def test_an_unknown_issue_gets_suggestions(later: Asker) -> None:
    answer = later("/draft compare D-1 D-2 on withdrawl of troops")
    assert answer.outcome is Outcome.NOT_UNDERSTOOD
    assert "Did you mean withdrawal?" in text(answer)
    assert any("on withdrawal" in button.command for button in answer.buttons)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("compare D-1 D-1", "D-1 against itself"), ("compare D-1", "with which other draft"), ("compare", "Which drafts?"),
        ("compare D-1 D-99", "There is no D-99"), ("compare D-1 D-2 D-3 D-4 D-5", "At most 4"),
        ("compare D-1 X/RES/9", "No draft with the symbol X/RES/9"), ("show D-99", "There is no D-99"),
        ("show", "Say which draft"), ("show foo", "names no draft"), ("show D-1 D-2", "One draft at a time"),
        ("diff D-2 v1 v7", "no version 7"), ("diff D-2 v1 v1", "two versions that differ"), ("diff", "Which draft?"),
        ("who D-1 iaea", "no members on record"), ("votes D-0", "There is no D-0"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_says_why(later: Asker, words: str, says: str) -> None:
    answer = later(f"/draft {words}")
    assert answer.outcome is Outcome.NOT_UNDERSTOOD
    assert says in text(answer)


def test_diff_says_what_changed_and_what_did_not(later: Asker) -> None:
    body = text(later("/draft diff D-2"))
    assert body == text(later("/draft diff D-2 v1 v2"))
    assert "v1  Attributes no blame" in body
    assert "v2  Speaks of the full-scale invasion of Ukraine by Russia." in body
    assert "v1  A lasting one, without saying more of it." in body
    assert "v2  Asks for a just, lasting and comprehensive peace in line with the UN Charter." in body
    assert "Nothing else on record: withdrawal" in body
    assert "only version 1" in text(later("/draft diff D-1"))


def test_a_draft_with_no_clauses_is_answered_about(ask: Asker, store: Store) -> None:
    label = save(store).label
    assert "it has no clauses yet" in text(ask(f"/draft show {label}"))
    assert "no clauses on record" in text(ask(f"/draft diff {label}"))
    body = text(ask(f"/draft compare D-1 {label}"))
    assert f"{label}  has no clauses on record" in body
    assert "is not on record; nothing found up to 22 Feb 2025" in text(ask(f"/draft who {label}"))
    assert "No vote on record up to 22 Feb 2025" in text(ask(f"/draft votes {label}"))


def test_what_was_meant_before_the_vote_is_told_as_past_and_only_where_the_vote_differs(later: Asker, store: Store) -> None:
    with store.write("local", actor="U1", now=LATER) as session:
        before = drafts.get(session, 1)
        meant = (
            Vote("hu", VoteChoice.AGAINST, VoteKind.INTENDED), Vote("tr", VoteChoice.AGAINST, VoteKind.INTENDED),
            Vote("tr", VoteChoice.FOR), Vote("it", VoteChoice.FOR, VoteKind.INTENDED),
        )  # fmt: skip
        drafts.save(session, replace(before, votes=(*before.votes, *meant)))
    body = text(later("/draft who D-1 nato"))
    assert "Not named, but voted against: Hungary" in body
    assert "Not named, but meant to vote against: Türkiye" in body
    assert "Not named, but meant to vote for: Italy" in body
    assert "means to" not in body


def test_who_by_bloc_does_not_call_silence_a_stance(later: Asker) -> None:
    body = text(later("/draft who D-1"))
    assert "Sponsors  Ukraine" in body
    assert "NATO, 32 members" in body
    assert "Not named, but voted against: Hungary [5]" in body
    assert "Not named, but abstained: China" in body
    assert "Not named: 30 members (nothing found up to 1 Mar 2025; some may be among “about 50 states" in body
    full = text(later("/draft who D-1 nato"))
    assert "Decline: United States" in full
    assert "Türkiye" in full


def test_one_partys_vote_and_stand(later: Asker, store: Store) -> None:
    body = text(later("/draft votes D-1 hungary"))
    assert "As cast  against, 24 Feb 2025 [5]" in body
    assert "5 Ukrainska Pravda" in body
    assert "93 for · 18 against" in body
    assert "As cast  against" in text(later("/draft who D-1 hungary"))
    assert "Declines (20 Feb 2025: Declined to co-sponsor, then asked others to vote no)" in text(later("/draft who D-1 us"))
    none = text(later("/draft who D-1 france"))
    assert "Not named, and no vote on record (nothing found up to 1 Mar 2025; may be among “about 50 states" in none
    label = save(store, votes=(Vote("fr", VoteChoice.ABSTAINED, VoteKind.INTENDED),)).label
    assert "As intended  abstained [unsourced]" in text(later(f"/draft votes {label} france"))
    both = text(later("/draft votes D-1 hungary p5"))
    assert "Hungary\n" in both
    assert "P5, 5 members" in both
    asked = later("/draft votes D-1 congo")
    assert asked.outcome is Outcome.NOT_UNDERSTOOD
    assert "As cast" in text(later(asked.buttons[0].command)) or "no vote on record" in text(later(asked.buttons[0].command))


def test_a_list_by_party_says_how_it_voted(later: Asker) -> None:
    body = text(later("/draft list hungary"))
    assert "Hungary voted against · Ukrainska Pravda" in body
    assert "voted" not in text(later("/draft list ukraine"))


def test_texts_before_the_united_nations(ask: Asker) -> None:
    body = text(ask("/draft list tabled united nations"))
    assert [row.split()[0] for row in body.splitlines() if row.startswith("D-")] == ["D-2", "D-1"]


def test_only_cited_sources_are_listed_and_numbered_as_they_come(later: Asker) -> None:
    for words in ("compare D-1 D-2 on withdrawal", "who D-1", "votes D-1 hungary", "votes D-1", "diff D-2", "show D-1"):
        body, listed = text(later(f"/draft {words}")).split("Sources  ")
        used = [int(n) for group in re.findall(r"\[([\d, ]+)\]", body) for n in group.split(",")]
        assert list(dict.fromkeys(used)) == list(range(1, max(used) + 1)), words
        assert len(re.findall(r"(?:^|  )\d+ ", listed)) == max(used), words


def test_a_bloc_that_signs_brings_its_members(ask: Asker, store: Store) -> None:
    label = save(store, alignments=(Alignment(AlignmentRole.CO_SPONSOR, "g7"),)).label
    body = text(ask(f"/draft who {label}"))
    assert "Co-sponsors: Canada" in body.replace("European Union, ", "") or "Co-sponsors: " in body
    assert "(as the bloc)" in body


def test_votes_as_cast_as_intended_and_as_announced(ask: Asker, store: Store) -> None:
    cast = [("us", "for"), ("fr", "against"), ("cn", "against"), ("ru", "absent")]
    meant = [("us", "against"), ("fr", "against")]
    votes = [Vote(party, VoteChoice(choice), VoteKind.CAST, DAY) for party, choice in cast]
    votes += [Vote(party, VoteChoice(choice), VoteKind.INTENDED) for party, choice in meant]
    label = save(store, votes=tuple(votes), tally=Tally(DAY, 1, 1, 0), status=DraftStatus.ADOPTED).label
    body = text(ask(f"/draft votes {label}"))
    assert "United States meant against, cast for" in body
    assert "Does not add up: the roll has 2 against, 1 were announced." in body
    assert "Absent 1  Russia" in body
    by_bloc = text(ask(f"/draft votes {label} p5"))
    assert "Not on the roll on record: United Kingdom" in by_bloc


def test_a_partial_roll_is_said_to_be_one(later: Asker) -> None:
    body = text(later("/draft votes D-1"))
    assert "As cast, 19 on record: not the whole roll" in body
    assert "Abstained 1 of 65  China" in body
    assert "Does not add up" not in body
    assert "Palau" in text(later("/draft votes D-1 all"))


def test_workspaces_are_apart(ask: Asker) -> None:
    assert "nothing on record" in ask("/draft list", team="T-OTHER").headline
    assert ask("/draft show D-1", team="T-OTHER").outcome is Outcome.NOT_UNDERSTOOD


@pytest.mark.parametrize("words", ["'", '"', "%", "_", "!", "D-1'; DROP TABLE draft", "\u200b", "x" * 900, "D-" + "9" * 40])
@pytest.mark.parametrize("command", ["list", "show", "compare D-1", "who", "votes D-1", "diff D-2"])
def test_any_input_gets_an_answer(ask: Asker, command: str, words: str) -> None:
    assert ask(f"/draft {command} {words}").outcome in (Outcome.ANSWER, Outcome.NOT_UNDERSTOOD)
