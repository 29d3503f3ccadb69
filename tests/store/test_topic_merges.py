"""Merging topics: everything moves in one transaction, and comes back as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from store import changes, drafts, known, positions, search, talks, topic_merges, topics, undo, watches
from store import merged as merged_traces
from store.database import WriteSession
from store.exchange import loading, writing
from store.records import (
    AgendaItem,
    Draft,
    DraftStatus,
    Position,
    Reply,
    ReplyStance,
    Scope,
    Side,
    Stance,
    Status,
    Talks,
    Topic,
    Watch,
)
from tests.store.conftest import NOW

ONE, OTHER = Topic("one", "Embassies", ("Missions",)), Topic("other", "Irritants", ("Quarrels",))


@pytest.fixture
def session(writing: WriteSession) -> WriteSession:
    topics.save(writing, Topic("root", "Relations"))
    for topic in (replace(ONE, parent="root"), OTHER, Topic("child", "Staffing", parent="one")):
        topics.save(writing, topic)
    positions.save(writing, Position("p", 0, "ru", "one", Stance.DEMANDS, "Words", date(2025, 1, 1)))
    positions.save(writing, Position("q", 0, "us", "other", Stance.OPPOSES, "Words", date(2025, 1, 1)))
    agenda = (AgendaItem("staff", "one"), AgendaItem("rows", "other"))
    talks.save(writing, Talks("t", 0, "Round", Status.PLANNED, (Side("us"), Side("ru")), agenda=agenda))
    drafts.save(writing, Draft("d", 0, "Text", DraftStatus.TABLED, topic="one"))
    watches.save(writing, Watch(0, "C1", "U1", "UTC", about=Scope(topics=("one",)), but_not=Scope(topics=("other", "one"))))
    return writing


def state(session: WriteSession) -> tuple[object, ...]:
    watch = watches.get(session, 1)
    found = [
        sorted((h.kind, h.number) for h in search.find(session, "", narrow=search.Narrow(topics=(key,))).hits)
        for key in ("one", "other")
    ]
    return (
        topics.everything(session), positions.many(session, [1, 2]), talks.get(session, 1), drafts.get(session, 1),
        watch.about, sorted(watch.but_not.topics), found, [h.title for h in search.find(session, "words").hits],
    )  # fmt: skip


def merged(session: WriteSession, one: str = "one", other: str = "other") -> topic_merges.Merged:
    first, second = topics.get(session, one), topics.get(session, other)
    assert first
    assert second
    return topic_merges.merge(session, first, second)


def test_everything_moves(session: WriteSession) -> None:
    done = merged(session)
    assert (done.positions, done.talks, done.drafts) == (1, 1, 1)
    assert topics.get(session, "one") is None
    stays = topics.get(session, "other")
    assert stays == Topic("other", "Irritants", ("Quarrels", "Embassies", "Missions"))
    assert topics.children(session, "other") == ["child"]
    assert [p.topic for p in positions.many(session, [1, 2])] == ["other", "other"]
    assert {item.topic for item in talks.get(session, 1).agenda} == {"other"}
    assert drafts.get(session, 1).topic == "other"
    assert watches.get(session, 1).about.topics == ("other",)
    assert search.find(session, "", narrow=search.Narrow(topics=("other",))).total == 4
    assert "Russia on Irritants" in [hit.title for hit in search.find(session, "words").hits]
    assert topics.current(session, "one") == "other"


def test_undo_takes_all_of_it_back(session: WriteSession) -> None:
    before = state(session)
    done = merged(session)
    assert state(session) != before
    back = undo.undo(session, changes.get(session, done.revision))
    assert back.topic == topics.get(session, "one")
    assert state(session) == before
    with pytest.raises(undo.CannotUndo) as caught:
        undo.undo(session, changes.get(session, done.revision))
    assert caught.value.why == "nothing"


def test_a_merge_is_one_change_of_its_own(session: WriteSession) -> None:
    own = merged_traces.latest_of(session, session.actor)
    done = merged(session)
    took_in, moved_child = (changes.latest(session, topics.KIND, key) for key in ("other", "child"))
    for number in (took_in, moved_child):
        with pytest.raises(undo.CannotUndo) as caught:
            undo.undo(session, changes.get(session, number))
        assert (caught.value.why, [r.number for r in caught.value.by]) == ("part", [done.revision])
    last = merged_traces.latest_of(session, session.actor)
    assert last is not None
    assert last.number == done.revision
    undo.undo(session, last)
    before = state(session)
    assert merged_traces.latest_of(session, session.actor) == own
    for key in ("one", "other", "child"):
        with pytest.raises(undo.CannotUndo) as caught:
            undo.undo(session, changes.get(session, changes.latest(session, topics.KIND, key)))
        assert (caught.value.why, [r.number for r in caught.value.by]) == ("apart", [done.revision])
    assert state(session) == before


@pytest.mark.parametrize("holder", ["root", "other"])
def test_a_merge_whose_name_is_anothers_by_now_stays(session: WriteSession, holder: str) -> None:
    done = merged(session)
    other = topics.get(session, "other")
    assert other
    topics.save(session, replace(other, aliases=()))
    held = topics.get(session, holder)
    assert held
    topics.save(session, replace(held, name="embassies"), action="renamed")
    before = state(session)
    with pytest.raises(undo.CannotUndo) as caught:
        undo.undo(session, changes.get(session, done.revision))
    assert (caught.value.why, caught.value.labels) == ("name", ("embassies",))
    assert state(session) == before
    topics.save(session, held)
    assert undo.undo(session, changes.get(session, done.revision)).topic == topics.get(session, "one")


def test_an_older_file_finds_the_merged_topic(session: WriteSession) -> None:
    file = writing.export(session)
    merged(session)
    merged(session, "other", "child")
    stood = state(session)
    report = loading.load(session, file)
    assert not report.changed_anything
    assert report.notes == (
        'topics[1]: "one" was merged into "Staffing" and stays there',
        'topics[2]: "other" was merged into "Staffing" and stays there',
    )
    assert state(session) == stood
    file["positions"] = [
        *file["positions"],
        {"key": "n", "party": "fr", "topic": "Missions", "stance": "supports", "summary": "x"},
    ]
    loading.load(session, file)
    new = positions.by_key(session, "n")
    assert new
    assert new.topic == "child"


def test_into_what_lies_under_it_and_back(session: WriteSession) -> None:
    before = state(session)
    done = merged(session, "one", "child")
    assert done.topic.parent == "root"
    undo.undo(session, changes.get(session, done.revision))
    assert state(session)[1:] == before[1:]
    assert topics.get(session, "child") == Topic("child", "Staffing", parent="one")


def test_what_was_recorded_later_stays_where_it_was_recorded(session: WriteSession) -> None:
    done = merged(session)
    positions.save(session, Position("new", 0, "de", "other", Stance.SUPPORTS, "Later"))
    positions.save(session, replace(positions.get(session, 1), summary="Edited"))
    drafts.save(session, Draft("later", 0, "Later", DraftStatus.TABLED, topic="other"))
    talks.save(session, Talks("later", 0, "Later", Status.PLANNED, (Side("us"),), agenda=(AgendaItem("rows", "other"),)))
    undone = undo.undo(session, changes.get(session, done.revision))
    assert undone.meanwhile == ("P-3", "D-2", "T-2")
    assert [p.topic for p in positions.many(session, [1, 2, 3])] == ["one", "other", "other"]
    assert positions.get(session, 1).summary == "Edited"


def test_a_merge_into_what_was_merged_on_is_undone_from_the_end(session: WriteSession) -> None:
    first = merged(session)
    second = merged(session, "other", "root")
    assert topics.current(session, "one") == "root"
    with pytest.raises(undo.CannotUndo) as caught:
        undo.undo(session, changes.get(session, first.revision))
    assert [r.number for r in caught.value.by][-1] == second.revision
    undo.undo(session, changes.get(session, second.revision))
    undo.undo(session, changes.get(session, first.revision))
    assert positions.get(session, 1).topic == "one"


def test_older_changes_and_versions_follow_a_merge(session: WriteSession) -> None:
    old = positions.get(session, 1)
    answered = replace(old, replies=(Reply("r", "us", ReplyStance.REJECTS),))
    positions.save(session, answered)
    made = changes.latest(session, positions.KIND, "p")
    merged(session)
    assert [s.number for s in known.standing(session, NOW, parties=["ru"], topic_keys=["other"])] == [1]
    (version,) = known.versions(session, [1], NOW)
    assert version is not None
    assert version.position.topic == "other"
    undone = undo.undo(session, changes.get(session, made))
    assert undone.record == replace(old, topic="other")
    positions.save(session, Position("z", 0, "fr", "one", Stance.SUPPORTS, "From an older file"))
    assert positions.get(session, 3).topic == "other"


def test_names_can_be_undone_and_unused_topics_taken_off(session: WriteSession) -> None:
    other = topics.get(session, "other")
    assert other
    topics.save(session, replace(other, name="Frictions"), action="renamed")
    assert "United States on Frictions" in [hit.title for hit in search.find(session, "words").hits]
    undo.undo(session, changes.get(session, changes.latest(session, topics.KIND, "other")))
    assert topics.get(session, "other") == other
    assert "United States on Irritants" in [hit.title for hit in search.find(session, "words").hits]
    for key, why in (("one", "depends"), ("child", None)):
        (made, *_) = changes.of_record(session, topics.KIND, key)
        if why:
            with pytest.raises(undo.CannotUndo) as caught:
                undo.undo(session, made)
            assert (caught.value.why, caught.value.labels) == (why, ("P-1", "T-1", "D-1", "Staffing"))
        else:
            assert undo.undo(session, made).topic is None
    assert topics.get(session, "child") is None


def test_a_topic_is_not_merged_into_itself(session: WriteSession) -> None:
    with pytest.raises(ValueError, match="itself"):
        topic_merges.merge(session, ONE, ONE)
    assert topic_merges.size(session, "one", 100) == 3
    assert topic_merges.size(session, "one", 2) == 2
    assert topics.counts(session, ["one", "child"]) == {"one": (1, 1, 1), "child": (0, 0, 0)}
