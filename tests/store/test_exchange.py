"""Loading and exporting: what a file may leave out or write shorter, how records are matched, what a load reports."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from store import administrations, changes, drafts, exchange, parties, positions, talks, topics
from store.database import Store, WriteSession
from store.exchange import BadFile, Count
from store.records import (
    AgendaItem,
    Level,
    Membership,
    NameKind,
    Party,
    PartyKind,
    PartyName,
    Person,
    Place,
    PlaceState,
    Precision,
    Side,
    Source,
    Status,
    Talks,
    Window,
)
from tests.store.conftest import NOW, TEAM

AT = datetime(2025, 2, 18, 7, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Reading:
    window: Window = field(default_factory=Window)
    readings: tuple[Window, ...] = ()
    question: str | None = None
    zone_assumed: bool = True


def load(session: WriteSession, text: str, **options: Any) -> exchange.LoadReport:
    return exchange.load(session, exchange.parse(f"attache: 1\n{text}".encode()), **options)


def one(session: WriteSession, fields: str, **options: Any) -> Talks:
    """The talks that a file with these fields besides the necessary ones makes."""
    load(session, f"talks: [{{key: a, title: A, status: held, sides: [us], {fields}}}]", **options)
    found = talks.by_key(session, "a")
    assert found
    return found


@pytest.mark.parametrize("name", ["us", "US", "America", "United States", "Washington", "🇺🇸", "u.s."])
def test_a_party_goes_by_any_name_that_means_one(writing: WriteSession, name: str) -> None:
    assert one(writing, f"host: '{name}'").host == "us"


def test_norway_is_a_country(writing: WriteSession) -> None:
    assert one(writing, "host: no, track: no, outcome: [no, off]").host == "no"
    assert one(writing, "host: No").track is None


def test_what_looks_like_a_number_or_a_day_is_a_text_where_one_is_wanted(writing: WriteSession) -> None:
    found = one(writing, "track: 1997, format: 2025-02-22, note: 007, outcome: [1e3, 12:30]")
    assert (found.track, found.format, found.note, found.outcome) == ("1997", "2025-02-22", "007", ("1e3", "12:30"))


def test_numbers_may_be_in_quotes(writing: WriteSession) -> None:
    assert one(writing, "round: '2', number: \"7\"").number == 7


def test_short_forms(writing: WriteSession) -> None:
    load(writing, "sources: [{key: s, title: S}]")
    found = one(
        writing,
        "sources: s, outcome: peace, agenda: [one, {text: two}], place: third-country, window: 2025-02-18",
    )
    assert found.sources == ("s",)
    assert found.outcome == ("peace",)
    assert found.agenda == (AgendaItem("one"), AgendaItem("two"))
    assert found.place == Place(PlaceState.THIRD_COUNTRY)
    assert found.window == Window(date(2025, 2, 18), date(2025, 2, 18), Precision.DAY)
    load(writing, "talks: [{key: b, title: B, status: held, sides: [{party: us, level: Minister, people: [X]}, Russia]}]")
    second = talks.by_key(writing, "b")
    assert second
    assert second.sides == (Side("us", Level.MINISTER, (Person("X"),)), Side("ru"))


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("{earliest: 2025-03-01}", Window(date(2025, 3, 1), None, Precision.OPEN_START)),
        ("{latest: 2025-03-01}", Window(None, date(2025, 3, 1), Precision.OPEN_WINDOW)),
        ("{earliest: 2025-03-01, latest: 2025-03-02}", Window(date(2025, 3, 1), date(2025, 3, 2), Precision.RANGE)),
        ("{earliest: 2025-03-01, latest: 2025-03-01}", Window(date(2025, 3, 1), date(2025, 3, 1), Precision.DAY)),
        ("{earliest: 2025-03-01, latest: 2025-03-31, precision: month}",
            Window(date(2025, 3, 1), date(2025, 3, 31), Precision.MONTH)),
        ("{precision: none, stated: soon}", Window(stated="soon")),
        ("{precision: vague, stated: soon}", Window(precision=Precision.VAGUE, stated="soon")),
        ("{stated_by: Ryabkov}", Window(stated_by="Ryabkov")),
        ("{earliest: '2025-02-18T10:30', latest: '2025-02-18T10:30', zone: Asia/Riyadh}",
            Window(AT, AT, Precision.MINUTE, "Asia/Riyadh")),
        ("'2025-02-18 10:30+03:00'", Window(AT, AT, Precision.MINUTE)),
    ],
)  # fmt: skip
def test_windows(writing: WriteSession, window: str, expected: Window) -> None:
    assert one(writing, f"window: {window}").window == expected


def test_words_alone_are_read_from_the_day_they_were_said(writing: WriteSession) -> None:
    asked: list[tuple[str, date, str]] = []

    def read_window(text: str, /, *, said_on: date, zone: str) -> Reading:
        asked.append((text, said_on, zone))
        return Reading(Window(said_on, date(2025, 3, 8), Precision.OPEN_WINDOW, zone))

    words = "window: {stated: within two weeks, stated_by: Ryabkov, stated_on: 2025-02-22}"
    found = one(writing, words, read_window=read_window)
    assert asked == [("within two weeks", date(2025, 2, 22), "UTC")]
    said = date(2025, 2, 22)
    assert found.window == Window(said, date(2025, 3, 8), Precision.OPEN_WINDOW, None, "within two weeks", "Ryabkov", said)
    second = load(writing, f"talks: [{{key: a, title: A, status: held, sides: [us], {words}}}]", read_window=read_window)
    assert not second.changed_anything


def refused(session: WriteSession, window: str, reading: Reading) -> list[str]:
    with pytest.raises(BadFile) as caught:
        one(session, f"window: {window}", read_window=lambda text, /, *, said_on, zone: reading)
    return [f"{fault.path}: {fault.message}" for fault in caught.value.faults]


def test_words_that_could_be_two_days_are_a_fault_that_names_both(writing: WriteSession) -> None:
    both = tuple(Window(day, day, Precision.DAY) for day in (date(2025, 3, 12), date(2025, 12, 3)))
    found = refused(writing, "{stated: 12/03/2025, stated_on: 2025-02-22}", Reading(readings=both, question="Which?"))
    said = '"12/03/2025" could be 2025-03-12 or 2025-12-03'
    assert found == [f"talks[0].window: {said}; give earliest and latest, or precision: none for undated"]


def test_words_that_look_dated_and_cannot_be_read_are_a_fault(writing: WriteSession) -> None:
    (found,) = refused(writing, "{stated: on the 45th of May, stated_on: 2025-02-22}", Reading())
    assert 'no date could be read in "on the 45th of May"' in found


def test_words_need_the_day_they_were_said(writing: WriteSession) -> None:
    (found,) = refused(writing, "{stated: within two weeks}", Reading())
    assert found.startswith('talks[0].window.stated_on: missing: the day "within two weeks" was said')


def test_a_clock_time_in_words_needs_a_zone(writing: WriteSession) -> None:
    at = datetime(2025, 3, 12, 10, 0, tzinfo=UTC)
    (found,) = refused(writing, "{stated: at 10, stated_on: 2025-02-22}", Reading(Window(at, at, Precision.MINUTE)))
    assert found == 'talks[0].window.zone: missing: "at 10" names a clock time but no zone'


def test_words_without_a_date_stay_undated_with_a_note(writing: WriteSession) -> None:
    text = "talks: [{key: a, title: A, status: mooted, sides: [us], window: {stated: in due course, stated_on: 2025-02-22}}]"
    report = load(writing, text, read_window=lambda text, /, *, said_on, zone: Reading())
    assert report.notes == ('talks[0].window: "in due course" is kept as undated',)


def test_keys_of_accounts_and_replies_are_made_and_stay_the_same(writing: WriteSession) -> None:
    text = """
topics: [{key: t, name: T}]
positions:
  - key: p
    party: ru
    topic: T
    stance: demands
    summary: S
    accounts: [{by: Cristian Diaconescu}, {by: Cristian Diaconescu}, {by: Ćwiertnia}, {by: '!'}]
    replies:
      - {party: nato, stance: rejects, said_on: 2022-01-26}
      - {party: us, stance: rejects}
      - {party: us, stance: endorses, to: us}
"""
    load(writing, text)
    position = positions.by_key(writing, "p")
    assert position
    assert [a.key for a in position.accounts] == ["cristian-diaconescu", "cristian-diaconescu-2", "cwiertnia", "item"]
    assert [r.key for r in position.replies] == ["nato-2022", "us", "us-2"]
    assert not load(writing, text).changed_anything


def test_records_name_one_another_wherever_they_stand(writing: WriteSession) -> None:
    text = """
drafts: [{key: d, title: D, status: tabled, topic: b, sources: [s], alignments: [{role: sponsor, party: Friends}]}]
positions:
  - {key: q, party: fr, topic: 1997, stance: opposes, summary: Q, supersedes: p}
  - {key: p, party: Friends of Peace, topic: b, stance: demands, summary: P}
talks:
  - {key: y, title: Y, status: planned, sides: [x1], after: [z, x]}
  - {key: x, title: X, status: planned, sides: [us], after: [z]}
  - {key: z, title: Z, status: held, sides: [us]}
topics: [{key: b, name: B, parent: a}, {key: a, name: A, aliases: ['1997']}]
memberships: [{bloc: x1, member: France, joined: 2025-01-01}]
parties: [{code: X1, name: Friends of Peace, kind: bloc, names: [Friends]}]
sources: [{key: s, title: S}]
"""
    load(writing, text)
    numbers = {key: found.number for key in "xyz" if (found := talks.by_key(writing, key))}
    assert numbers == {"y": 1, "x": 2, "z": 3}
    last = talks.by_key(writing, "y")
    assert last
    assert last.after == ("x", "z")
    first, second = positions.many(writing, [1, 2])
    assert (first.supersedes, first.topic, second.party) == ("p", "a", "x1")
    assert not load(writing, text).changed_anything


def test_a_file_adds_to_what_is_on_record(writing: WriteSession) -> None:
    load(writing, "sources: [{key: s, title: S}]\ntopics: [{key: t, name: T}]")
    load(writing, "talks: [{key: a, title: A, status: held, sides: [us], sources: [s], agenda: [{text: x, topic: t}]}]")
    load(writing, "talks: [{key: b, title: B, status: planned, sides: [us], after: [a]}]")
    report = load(
        writing,
        """
sources: [{key: s, title: S}, {key: s2, title: S2}]
talks:
  - {key: a, title: A anew, status: held, sides: [us]}
  - {key: b, title: B, status: planned, sides: [us], after: [a]}
""",
    )
    assert report.counts == {"sources": Count(1, 0, 1), "talks": Count(0, 1, 1)}
    found = talks.by_key(writing, "a")
    assert found
    assert (found.title, found.sources, found.agenda) == ("A anew", (), ())
    assert len(changes.of_record(writing, "talks", "a")) == 2
    assert len(changes.of_record(writing, "talks", "b")) == 1


def test_a_circle_through_the_store_is_seen(writing: WriteSession) -> None:
    load(
        writing,
        """
talks:
  - {key: a, title: A, status: held, sides: [us]}
  - {key: b, title: B, status: held, sides: [us], after: [a]}
  - {key: c, title: C, status: held, sides: [us], after: [b]}
""",
    )
    with pytest.raises(BadFile) as caught:
        load(writing, "talks: [{key: a, title: A, status: held, sides: [us], after: [c]}]")
    (fault,) = caught.value.faults
    assert fault.path == "talks[0].after"
    assert fault.message == 'goes round: "a" must be held before "b" must be held before "c" must be held before "a"'


def test_prerequisites_may_turn_round(writing: WriteSession) -> None:
    talk = "{{key: {0}, title: A, status: planned, sides: [us], after: [{1}]}}".format
    load(writing, f"talks: [{talk('a', 'b')}, {talk('b', '')}]")
    load(writing, f"talks: [{talk('a', '')}, {talk('b', 'a')}]")
    second = talks.by_key(writing, "b")
    assert second
    assert second.after == ("a",)


def test_numbers_are_kept_where_free_and_noted_where_not(writing: WriteSession) -> None:
    load(writing, "talks: [{key: a, number: 3, title: A, status: held, sides: [us]}]")
    report = load(
        writing,
        """
talks:
  - {key: b, title: B, status: held, sides: [us]}
  - {key: c, number: 3, title: C, status: held, sides: [us]}
  - {key: d, number: 9, title: D, status: held, sides: [us]}
  - {key: a, number: 7, title: A, status: held, sides: [us]}
""",
    )
    numbers = {key: found.number for key in "abcd" if (found := talks.by_key(writing, key))}
    assert numbers == {"a": 3, "b": 10, "c": 11, "d": 9}
    assert report.notes == (
        'talks[1].number: "c" is now T-11; T-3 is taken',
        'talks[3].number: "a" is on record as T-3, not T-7',
    )
    assert one(writing, "").number == 3


def test_drafts_and_their_parts(writing: WriteSession) -> None:
    load(
        writing,
        """
drafts:
  - key: d
    title: The path to peace
    status: Never voted
    clauses: [{issue: blame, says: none, version: 2}]
    alignments: [{role: co-sponsor, label: about 50 states}]
    votes: [{party: us, choice: abstained}, {party: us, choice: against, kind: intended}]
    tally: {day: 2025-02-24, in_favour: 93, against: '8', abstained: 73}
""",
    )
    draft = drafts.by_key(writing, "d")
    assert draft
    assert draft.tally
    assert (draft.status.value, draft.alignments[0].label, len(draft.votes)) == ("never_voted", "about 50 states", 2)
    assert (draft.tally.against, draft.clauses[0].version) == (8, 2)


def test_own_parties_are_exported_and_built_in_ones_are_not(writing: WriteSession) -> None:
    load(writing, "parties: [{code: us, name: United States, kind: state, names: [Uncle Sam]}]")
    assert parties.all_workspace_parties(writing) == [
        Party("us", "United States", PartyKind.STATE, names=(PartyName("Uncle Sam", NameKind.ALIAS),), builtin=False)
    ]
    load(writing, "memberships: [{bloc: g7, member: Uncle Sam, joined: 1976-06-27}]")
    data = exchange.export(writing)
    assert data["parties"] == [{"code": "us", "name": "United States", "kind": "state", "names": [{"name": "Uncle Sam"}]}]
    assert data["memberships"] == [{"bloc": "g7", "member": "us", "joined": "1976-06-27"}]
    assert parties.all_workspace_memberships(writing) == [Membership("g7", "us", date(1976, 6, 27))]


def test_an_export_is_sorted_and_tidy(writing: WriteSession) -> None:
    load(writing, "sources: [{key: b, title: B}, {key: a, title: A}]\ntopics: [{key: t2, name: A}, {key: t1, name: B}]")
    load(writing, "talks: [{key: a, title: 'A: a', status: held, sides: [us], note: \"it's #1\", window: 2025-02-18}]")
    assert exchange.dump(exchange.export(writing)) == (
        """attache: 1
sources:
  - key: a
    title: A
  - key: b
    title: B
topics:
  - key: t1
    name: B
  - key: t2
    name: A
talks:
  - key: a
    number: 1
    title: "A: a"
    status: held
    sides:
      - party: us
    window:
      earliest: 2025-02-18
      latest: 2025-02-18
      precision: day
    note: "it's #1"
"""
    )
    assert json.loads(exchange.dump(exchange.export(writing), "json")) == exchange.export(writing)


def test_an_export_can_be_loaded_whatever_got_into_the_store(fresh: Store) -> None:
    with fresh.write(TEAM, actor="U1", now=NOW) as session:
        talks.save(session, Talks("a", 0, "Bell \x07 and escape \x1b[2J", Status.HELD, (Side("us"),)))
    with fresh.read(TEAM) as view:
        text = exchange.dump(exchange.export(view))
    exchange.load_into(fresh, "T2", exchange.parse(text.encode()), actor="U1", now=NOW)
    with fresh.read("T2") as view:
        assert talks.get(view, 1).title == "Bell \ufffd and escape \ufffd[2J"


def test_workspaces_do_not_see_each_other(fresh: Store) -> None:
    data = {"attache": 1, "sources": [{"key": "s", "title": "S"}]}
    exchange.load_into(fresh, TEAM, data, actor="U1", now=NOW)
    with fresh.read("T2") as session:
        assert exchange.export(session) == {"attache": 1}
    cited = {"attache": 1, "talks": [{"key": "a", "title": "A", "status": "held", "sides": ["us"], "sources": ["s"]}]}
    with pytest.raises(BadFile):
        exchange.load_into(fresh, "T2", cited, actor="U1", now=NOW)


def test_a_load_says_who_and_why_in_every_revision(fresh: Store) -> None:
    data = {"attache": 1, "sources": [{"key": "s", "title": "S"}]}
    exchange.load_into(fresh, TEAM, data, actor="U7", now=NOW, why="loaded from a file")
    with fresh.read(TEAM) as session:
        (revision,) = changes.of_record(session, "source", "s")
    assert (revision.actor, revision.why, revision.at) == ("U7", "loaded from a file", NOW)
    assert revision.after == {"key": "s", "title": "S"}


def test_data_of_another_reader_is_taken_too(writing: WriteSession) -> None:
    source = {"key": "s", "title": "S", "published": date(2025, 2, 22)}
    at = datetime(2025, 2, 18, 9, 30, tzinfo=UTC)
    talk = {"key": "a", "title": "A", "status": "held", "sides": ("us",), "window": at, "round": 2.0}
    exchange.load(writing, {"attache": 1, "sources": [source], "talks": [talk]})
    found = talks.by_key(writing, "a")
    assert found
    assert (found.window, found.round) == (Window(at, at, Precision.MINUTE), 2)
    assert exchange.export(writing)["sources"] == [{"key": "s", "title": "S", "published": "2025-02-22"}]


def test_more_records_than_one_query_takes(fresh: Store) -> None:
    data = {
        "attache": 1,
        "topics": [{"key": "t", "name": "T"}],
        "talks": [
            {"key": f"k{i}", "title": "A", "status": "held", "sides": ["us"], **({"after": [f"k{i - 1}"]} if i else {})}
            for i in range(1201)
        ],
    }
    report = exchange.load_into(fresh, TEAM, data, actor="U1", now=NOW)
    assert report.counts["talks"] == Count(new=1201)
    with fresh.read(TEAM) as session:
        assert len(exchange.export(session)["talks"]) == 1201
        assert topics.get(session, "t")
    assert not exchange.load_into(fresh, TEAM, data, actor="U1", now=NOW).changed_anything


def test_sources_are_compared_as_they_are_kept(writing: WriteSession) -> None:
    load(writing, "sources: [{key: s, title: ' S '}]")
    assert exchange.export(writing)["sources"][0]["title"] == " S "
    assert (
        Source("s", " S ")
        == exchange.read(writing, {"attache": 1, "sources": [{"key": "s", "title": " S "}]})[0]["sources"][0].record
    )


def test_governments_come_and_go_by_file(writing: WriteSession) -> None:
    text = """
sources: [{key: s, title: S}]
administrations:
  - {party: Poland, name: Morawiecki government, since: 2017-12-11}
  - {party: pl, name: Tusk government, since: 2023-12-13, sources: s}
"""
    assert load(writing, text).counts["administrations"] == Count(new=2)
    assert load(writing, text).counts["administrations"] == Count(unchanged=2)
    known = administrations.listed(writing, ["pl"])
    found = administrations.changed(writing, known, "pl", None, date(2020, 1, 1), date(2024, 1, 1))
    assert found == administrations.Changed("Morawiecki government", "Tusk government", date(2023, 12, 13))
    assert exchange.export(writing)["administrations"] == [
        {"party": "pl", "name": "Morawiecki government", "since": "2017-12-11"},
        {"party": "pl", "name": "Tusk government", "since": "2023-12-13", "sources": ["s"]},
    ]
