"""Drafts on record: saved whole and read back, revised, with each part's sources in its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from store import changes, drafts, drafts_heads, drafts_lists, schema_drafts, sources, topics
from store.database import WriteSession
from store.errors import NotOnRecord
from store.records import (
    Alignment,
    AlignmentRole,
    Clause,
    Draft,
    DraftStatus,
    Source,
    Tally,
    Topic,
    Vote,
    VoteChoice,
    VoteKind,
)

DAY = date(2025, 2, 24)


@pytest.fixture
def session(writing: WriteSession) -> WriteSession:
    topics.save(writing, Topic("war", "the war"))
    for key in ("s1", "s2"):
        sources.save(writing, Source(key, key))
    return writing


def a_draft(key: str = "d", **fields: Any) -> Draft:
    return replace(Draft(key, 0, "The path to peace", DraftStatus.TABLED), **fields)


def whole() -> Draft:
    return a_draft(
        status=DraftStatus.ADOPTED,
        body="UN General Assembly",
        symbol="A/RES/ES-11/8",
        tabled_on=date(2025, 2, 21),
        status_on=DAY,
        topic="war",
        note="Three paragraphs",
        clauses=(Clause("blame", "none", "text", 1, ("s1",)), Clause("blame", "some", version=2), Clause("peace", "yes")),
        alignments=(
            Alignment(AlignmentRole.SPONSOR, "us", None, DAY, "note", ("s2", "s1")),
            Alignment(AlignmentRole.CO_SPONSOR, label="about 50 states"),
        ),
        votes=(
            Vote("us", VoteChoice.ABSTAINED, VoteKind.CAST, DAY, ("s2",)),
            Vote("us", VoteChoice.FOR, VoteKind.INTENDED),
        ),
        tally=Tally(DAY, 93, 8, 73, 0),
        sources=("s2",),
    )


def test_a_draft_comes_back_as_it_was_saved(session: WriteSession) -> None:
    saved = drafts.save(session, whole())
    assert saved.number == 1
    assert drafts.get(session, 1) == saved == drafts.by_key(session, "d")
    assert drafts.many(session, [5, 1]) == [saved]
    assert drafts.many(session, []) == []


def test_a_draft_that_is_not_there_is_said_not_to_be(session: WriteSession) -> None:
    with pytest.raises(NotOnRecord, match="There is no D-4 on record"):
        drafts.get(session, 4)
    assert drafts.by_key(session, "none") is None


def test_rolls_keep_the_sources_of_each_vote(session: WriteSession) -> None:
    def cast(*cited: tuple[str, ...]) -> tuple[Vote, ...]:
        return tuple(Vote(f"p{n}", VoteChoice.FOR, VoteKind.CAST, DAY, keys) for n, keys in enumerate(cited))

    rolls = [
        cast(("s1",), ("s1",), ("s1",)),
        cast(("s1",), (), ("s1",)),
        cast(("s1",), ("s2",)),
        cast(("s1", "s2"), ()),
        cast((), ()),
        (),
    ]
    saved = [drafts.save(session, a_draft(f"d{n}", votes=votes, sources=("s2",))) for n, votes in enumerate(rolls)]
    assert [draft.votes for draft in drafts.many(session, range(1, 7))] == rolls
    assert drafts.many(session, range(1, 7)) == saved
    assert drafts.many(session, [1], votes=False) == [replace(saved[0], votes=())]


def test_what_a_list_shows_of_a_draft(session: WriteSession) -> None:
    saved = drafts.save(session, whole())
    plain = tuple(replace(a, sources=()) for a in saved.alignments)
    assert drafts_heads.heads(session, [4, 1]) == [replace(saved, clauses=(), votes=(), alignments=plain)]
    assert drafts_heads.heads(session, []) == []
    assert drafts_heads.unknown(session, [3, 1, 2]) == [3, 2]


def test_lists_find_words_in_title_symbol_and_organ_in_any_case(session: WriteSession) -> None:
    drafts.save(session, whole())
    drafts.save(session, a_draft("e", title="ÉTAT de paix 100%", symbol="S/2025/7_A"))

    def found(*words: str, **more: Any) -> list[int]:
        return drafts_lists.numbers(session, drafts_lists.Filter(words=words, **more), limit=9)

    assert found() == [2, 1]
    assert found("PATH") == found("assembly") == found("res/es") == found("11/8", "peace") == [1]
    assert found("état") == found("100%") == found("7_a") == [2]
    assert found("7%a") == found("path", "nowhere") == []
    assert found("peace", statuses=(DraftStatus.TABLED,)) == found("peace", topics=("other",)) == []
    assert found("peace", statuses=(DraftStatus.ADOPTED, DraftStatus.TABLED), topics=("war",), parties=("us",)) == [1]
    drafts.save(session, a_draft("e", title="Grain", status=DraftStatus.WITHDRAWN))
    assert found("état") == []
    assert found("grain") == [2]
    assert drafts_lists.page(session, drafts_lists.Filter(), limit=1) == ([2], 2, False)


def test_an_older_store_learns_what_lists_look_for(session: WriteSession) -> None:
    drafts.save(session, whole())
    before = session.rows("SELECT number, standing, sought FROM draft")
    session.execute("UPDATE draft SET standing = 0, sought = ''")
    schema_drafts.note_listing(session.db)
    assert session.rows("SELECT number, standing, sought FROM draft") == before
    assert tuple(before[0]) == (1, 1, "the path to peace\na/res/es-11/8\nun general assembly")


def test_a_tally_of_noughts_is_a_tally(session: WriteSession) -> None:
    drafts.save(session, a_draft(tally=Tally(DAY, 0, 0, 0)))
    assert drafts.get(session, 1).tally == Tally(DAY, 0, 0, 0, None)
    drafts.save(session, a_draft())
    assert drafts.get(session, 1).tally is None


def test_a_change_leaves_a_revision_and_no_change_leaves_none(session: WriteSession) -> None:
    first = drafts.save(session, whole())
    drafts.save(session, whole())
    drafts.save(session, replace(first, clauses=first.clauses[1:], votes=()))
    assert drafts.get(session, 1).clauses == first.clauses[1:]
    made, changed = changes.of_record(session, "draft", "d")
    assert (made.before, changed.before) == (None, made.after)
    assert drafts.restore(session, dict(made.after or {}), action="undone", undoes=changed.number) == first
    assert drafts.get(session, 1) == first


def test_numbers_are_given_once(session: WriteSession) -> None:
    assert [drafts.save(session, a_draft(key, number=n)).number for key, n in {"a": 0, "b": 7, "c": 0}.items()] == [1, 7, 8]
