"""Drafts on record: saved whole and read back, revised, with each part's sources in its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from store import changes, drafts, sources, topics
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
