"""Adding and changing talks by form: what is filled in, what is asked, what is refused on which field, and what lands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.commands.base import Role, Told
from bot.commands.registry import Registry
from bot.reply import Form, Reply
from bot.slack.render import plain_text
from store import talks
from store.records import Level, PlaceState, Precision, Status
from tests.commands.conftest import NOW
from tests.commands.desk import Person, count, errors, notes, on_record, value

SENTENCE = (
    "/talks add US and Russia, third round, third country, within two weeks, deputies, agenda Ukraine and embassies, "
    "after T-3, said by Ryabkov 22 Feb https://example.org/news"
)


@pytest.fixture
def ingrid(registry: Registry) -> Person:
    return Person(registry, "UINGRID")


@pytest.fixture
def tomas(registry: Registry) -> Person:
    return Person(registry, "UTOMAS")


def blank(person: Person, **values: str) -> Form:
    """The empty form with enough in it to be taken."""
    form = person.opens("/talks add")
    usual = {"title": "Consular talks", "sides": "Türkiye; Armenia", **values}
    return replace(form, fields=tuple(replace(f, value=usual.get(f.id, f.value)) for f in form.fields))


# From a sentence.


def test_a_sentence_fills_the_form(ingrid: Person) -> None:
    form = ingrid.opens(SENTENCE)
    assert value(form, "sides") == "United States: deputy; Russia: deputy"
    assert value(form, "after") == "T-3"
    assert value(form, "stated_on") == "2025-02-22"
    assert "two weeks" in value(form, "window")
    window = next(field for field in form.fields if field.id == "window")
    assert "Sat 22 Feb – Sat 8 Mar 2025" in window.hint
    assert value(form, "sources") == "https://example.org/news"
    assert count(ingrid) == count(ingrid)


def test_what_is_sent_is_recorded_as_it_was_read(ingrid: Person) -> None:
    form = ingrid.opens(SENTENCE)
    values = {"duplicate_of": "new"} if any(f.id == "duplicate_of" for f in form.fields) else {}
    reply = ingrid.done(form, title="Third round", place="third country", stated_by="Ryabkov", **values)
    assert reply.headline.startswith("Recorded: T-")
    talks = on_record(ingrid, int(reply.headline.split("T-")[1].split()[0]))
    assert [(s.party, s.level) for s in talks.sides] == [("us", Level.DEPUTY), ("ru", Level.DEPUTY)]
    assert (talks.window.earliest, talks.window.latest) == (date(2025, 2, 22), date(2025, 3, 8))
    assert (talks.window.stated_by, talks.window.stated_on) == ("Ryabkov", date(2025, 2, 22))
    assert talks.place.state is PlaceState.THIRD_COUNTRY
    assert talks.after == ("us-ru-directors-2025",)
    assert len(talks.sources) == 1
    assert any(button.command.startswith(f"/talks undo {talks.label} R-") for button in reply.buttons)


def test_words_without_a_place_are_shown(ingrid: Person) -> None:
    form = ingrid.opens("/talks add US and Russia wibble in March")
    assert any("wibble" in word for word in form.unread)


def test_a_message_gives_its_day_and_link(ingrid: Person) -> None:
    told = Told(
        "US and Russia will meet within two weeks", "Wire", date(2025, 2, 20), "https://attache.slack.com/archives/C/p1"
    )
    form = ingrid.opens("/talks add", told)
    assert value(form, "stated_on") == "2025-02-20"
    assert value(form, "sources") == "Wire https://attache.slack.com/archives/C/p1"
    assert "From a message by Wire, Thu 20 Feb 2025." in notes(form)
    values = {"duplicate_of": "new"} if any(f.id == "duplicate_of" for f in form.fields) else {}
    reply = ingrid.done(form, **values)
    assert "6 Mar 2025" in plain_text(reply)
    assert "attache.slack.com" in plain_text(reply)


# On the right field, in words, with nothing written.


@pytest.mark.parametrize(
    ("field", "given", "words"),
    [
        ("window", "5 March to 1 March", "ends (Sat 1 Mar 2025) before it begins (Wed 5 Mar 2025)"),
        ("window", "from 10 March to 3 March", "ends (Mon 3 Mar 2025) before it begins (Mon 10 Mar 2025)"),
        ("window", "31 February", "No date could be read"),
        ("sides", " ; ", "Who meets?"),
        ("sides", "Russia: chief; United States", "“chief” is not a level"),
        ("sides", "Russia; Russia", "is at the table already"),
        ("status", "lapsed", "One of: mooted"),
        ("after", "T-99", "There is no T-99 on record."),
        ("after", "the directors", "not numbers of talks"),
        ("round", "second", "whole number"),
        ("sources", "UAWire", "“UAWire” is not a link"),
        ("sources", "ftp://example.org/x", "is not a link"),
        ("sources", "https://nonsense", "not a web address"),
        ("stated_on", "one of these days", "is not one day"),
        ("outcome", "x" * 3001, "At most 3,000 characters; this has 3,001."),
        ("note", "a\x00b", "no text may hold"),
    ],
)
def test_a_fault_is_told_on_its_field(ingrid: Person, field: str, given: str, words: str) -> None:
    before = count(ingrid)
    form = ingrid.back(blank(ingrid), **{field: given})
    assert words in errors(form)[field]
    assert value(form, field) == given
    assert count(ingrid) == before


def test_3000_characters_of_outcome_are_taken(ingrid: Person) -> None:
    ingrid.done(blank(ingrid), outcome="x" * 3000)


def test_several_faults_are_told_at_once(ingrid: Person) -> None:
    form = ingrid.back(blank(ingrid), sides="Nobodia", sources="here", after="T-99")
    assert {"sides", "sources", "after"} <= set(errors(form))


def test_talks_cannot_have_been_held_in_the_future(ingrid: Person) -> None:
    form = ingrid.back(blank(ingrid), status="held", window="5 March")
    assert errors(form)["window"].startswith("These talks cannot have been held yet")


def test_a_side_named_twice_is_refused_by_its_name(ingrid: Person) -> None:
    form = ingrid.back(blank(ingrid), sides="Türkiye; Ankara; Armenia")
    assert errors(form)["sides"] == "“Ankara” is at the table already."


def test_undated_talks_are_not_said_to_share_a_window(ingrid: Person) -> None:
    words = notes(ingrid.back(ingrid.opens("/talks add US and Russia")))
    assert "T-5 has the same sides, and neither has a date" in words


def test_an_answer_that_was_not_offered_is_refused_on_its_question(ingrid: Person) -> None:
    before = count(ingrid)
    form = ingrid.back(ingrid.opens("/talks add US and Russia, 25 February"), duplicate_of="T-1")
    assert errors(form)["duplicate_of"] == "That is not one of the choices."
    assert count(ingrid) == before


def test_an_unknown_party_can_be_added_on_the_way(ingrid: Person) -> None:
    form = ingrid.back(blank(ingrid), sides="Türkiye; Grain Corridor Group")
    assert "Nobody by the name “Grain Corridor Group”" in errors(form)["sides"]
    reply = ingrid.done(form, parties_0="organisation")
    assert "Türkiye – Grain Corridor Group" in reply.headline
    assert "Grain Corridor Group" in plain_text(ingrid.told("/talks history Grain Corridor Group"))


def test_a_near_miss_is_suggested_before_a_party_is_added(ingrid: Person) -> None:
    form = ingrid.back(blank(ingrid), sides="Türkiye; Rusia")
    assert "Did you mean Russia?" in errors(form)["sides"]


def test_words_that_could_be_two_days_are_asked_about(ingrid: Person) -> None:
    form = ingrid.back(blank(ingrid), window="12/03/2025")
    question = next(field for field in form.fields if field.id == "reading")
    assert [option.label for option in question.options] == ["Wed 12 Mar 2025", "Wed 3 Dec 2025"]
    reply = ingrid.done(form, reading=question.options[1].value)
    assert "3 Dec 2025" in plain_text(reply)


def test_words_keep_their_own_reading(ingrid: Person) -> None:
    reply = ingrid.done(blank(ingrid), window="in the coming weeks = 1 March to 20 March", stated_by="Fidan")
    assert "“in the coming weeks”, Fidan" in plain_text(reply)
    assert "Sat 1 – Thu 20 Mar 2025" in plain_text(reply) or "Sat 1 Mar – Thu 20 Mar 2025" in plain_text(reply)


def test_a_circle_of_prerequisites_is_refused(ingrid: Person) -> None:
    before = count(ingrid)
    form = ingrid.back(ingrid.opens("/talks edit T-3"), after="T-4")
    assert "goes round: T-3 before T-4 before T-3" in errors(form)["after"]
    form = ingrid.back(ingrid.opens("/talks edit T-3"), after="T-3")
    assert errors(form)["after"] == "T-3 cannot wait for itself."
    assert count(ingrid) == before


# Duplicates.


def test_a_likely_duplicate_is_shown_before_saving(ingrid: Person) -> None:
    first = ingrid.done(blank(ingrid), window="10 March")
    label = first.headline.split()[1]
    form = ingrid.back(blank(ingrid), window="10 March")
    assert f"{label} has the same sides and window" in notes(form)
    edited = ingrid.sends(form, duplicate_of=label, agenda="consulates")
    assert isinstance(edited, Form)
    assert edited.command == f"/talks edit {label}"
    assert value(edited, "agenda") == "consulates"
    ingrid.done(edited, keep="correct")
    assert [item.text for item in on_record(ingrid, int(label[2:])).agenda] == ["consulates"]
    again = ingrid.done(form, duplicate_of="new")
    assert again.headline.split()[1] != label


def test_other_levels_or_rounds_are_no_duplicates(ingrid: Person) -> None:
    ingrid.done(blank(ingrid, sides="Türkiye: minister; Armenia: minister"), window="10 March")
    ingrid.done(blank(ingrid, sides="Türkiye: deputy; Armenia: deputy"), window="10 March")


# Changing.


def test_what_nobody_touches_stays_exactly(ingrid: Person) -> None:
    for number in range(1, 7):
        before = on_record(ingrid, number)
        reply = ingrid.done(ingrid.opens(f"/talks edit T-{number}"))
        assert reply.headline.startswith("Nothing was changed")
        ingrid.done(ingrid.opens(f"/talks edit T-{number}"), why="to see", title="Other title")
        assert on_record(ingrid, number) == replace(before, title="Other title")


def test_a_change_tells_what_changed(ingrid: Person) -> None:
    reply = ingrid.done(ingrid.opens("/talks edit T-3"), place="Geneva", window="5 March", why="announced")
    words = plain_text(reply)
    assert "where: third country, not named → Geneva, Switzerland" in words
    talks = on_record(ingrid, 3)
    assert (talks.place.country, talks.place.city) == ("ch", "Geneva")
    assert talks.window.precision is Precision.DAY
    assert talks.window.stated_by == "Ryabkov"


def test_words_after_the_number_are_laid_over_the_record(ingrid: Person) -> None:
    form = ingrid.opens("/talks edit T-3 in Geneva")
    assert value(form, "place").startswith("Geneva")
    assert value(form, "title") == on_record(ingrid, 3).title


def test_relative_words_count_from_a_corrected_day(ingrid: Person) -> None:
    ingrid.done(ingrid.opens("/talks edit T-3"), stated_on="2025-02-20")
    assert on_record(ingrid, 3).window.latest == date(2025, 3, 6)


def test_an_unequal_table_is_visible(ingrid: Person) -> None:
    reply = ingrid.done(blank(ingrid), sides="Türkiye: minister; Armenia: deputy")
    assert "deputy level on the lower side, mismatched" in plain_text(reply)


def test_people_at_the_table_come_and_stay(ingrid: Person) -> None:
    sides = "United States: minister: Marco Rubio (Secretary of State), Mike Waltz (adviser); Russia: minister: Sergei Lavrov"
    reply = ingrid.done(blank(ingrid), sides=sides)
    label = reply.headline.split()[1]
    talks = on_record(ingrid, int(label[2:]))
    assert [p.name for p in talks.sides[0].people] == ["Marco Rubio", "Mike Waltz"]
    ingrid.done(ingrid.opens(f"/talks edit {label}"), sides="United States: leader; Russia: minister")
    assert on_record(ingrid, talks.number).sides[0].people == talks.sides[0].people


# Two people at once.


def test_the_second_is_told_what_changed_and_loses_nothing(ingrid: Person, tomas: Person) -> None:
    mine, theirs = ingrid.opens("/talks edit T-3"), tomas.opens("/talks edit T-3")
    tomas.done(theirs, place="Geneva", title="Consultations")
    form = ingrid.back(mine, agenda="embassies only", title="Directors meet")
    assert "was changed while this form was open" in notes(form)
    assert "@UTOMAS" in notes(form)
    assert value(form, "agenda") == "embassies only"
    assert value(form, "place") == "Geneva, Switzerland"
    assert value(form, "title") == "Directors meet"
    assert errors(form) == {"title": "On record meanwhile: Consultations. Sending this again replaces it."}
    ingrid.done(form)
    talks = on_record(ingrid, 3)
    assert (talks.title, talks.place.city, [i.text for i in talks.agenda]) == ("Directors meet", "Geneva", ["embassies only"])


def test_a_form_left_open_overnight_says_what_happened(ingrid: Person, tomas: Person) -> None:
    form = ingrid.opens("/talks held T-3")
    tomas.told("/talks cancel T-3 no room")
    ingrid.now = NOW + timedelta(days=1)
    back = ingrid.back(form, window="today", outcome="long words")
    assert "changed while this form was open" in notes(back)
    assert value(back, "outcome") == "long words"


# Who may, and what is not a form of ours.


@pytest.mark.parametrize("role", [Role.GUEST, Role.FOREIGN, Role.UNKNOWN])
def test_only_full_members_record(registry: Registry, role: Role) -> None:
    member, other = Person(registry), Person(registry, "UOTHER", may=role)
    before = count(member)
    for line in (
        "/talks add",
        "/talks edit T-3",
        "/talks held T-3",
        "/talks cancel T-3 no",
        "/talks undo T-3",
        "/talks settle T-4",
    ):
        other.refused(line)
    for line in ("/position add", "/position edit P-1", "/position reply P-1 nato rejects", "/position undo P-1"):
        other.refused(line)
    form = member.opens("/talks edit T-3")
    answer = other.sends(form, title="Mine")
    assert isinstance(answer, Reply)
    assert answer.outcome.value == "not_understood"
    assert count(member) == before
    other.told("/talks log T-3")
    other.told("/talks editors")


def test_editors_narrow_and_widen(registry: Registry) -> None:
    admin, named, member = Person(registry, "UADMIN", may=Role.ADMIN), Person(registry, "UNAMED"), Person(registry, "UOTHER")
    form = member.opens("/talks edit T-3")
    assert "Only admins" in member.refused("/talks editors <@UOTHER>")
    assert "named editors" in plain_text(admin.told("/talks editors <@UNAMED|named> @UBOSS"))
    assert "only its named editors record" in member.refused("/talks add")
    answer = member.sends(form, title="Mine")
    assert isinstance(answer, Reply)
    assert "only its named editors" in answer.headline
    named.opens("/talks add")
    admin.opens("/talks add")
    assert "names nobody here" in admin.refused("/talks editors @amal")
    admin.told("/talks editors everyone")
    member.opens("/talks add")


def test_forged_missing_and_extra_fields_are_refused(ingrid: Person) -> None:
    before = count(ingrid)
    form = ingrid.opens("/talks edit T-3")
    short = replace(form, fields=form.fields[2:])
    forged = replace(form, fields=(*form.fields, replace(form.fields[0], id="number", value="1")))
    elsewhere = replace(form, context={**form.context, "team": "T0ELSEWHERE"})
    for broken, words in ((short, "without"), (forged, "fields it does not have (number)"), (elsewhere, "another workspace")):
        answer = ingrid.sends(broken)
        assert isinstance(answer, Reply)
        assert words in answer.headline
        assert "nothing was recorded" in answer.headline
    assert "There is no T-99" in plain_text(_reply(ingrid.sends(replace(form, command="/talks edit T-99"))))
    assert count(ingrid) == before


def _reply(answer: Reply | Form) -> Reply:
    assert isinstance(answer, Reply)
    return answer


def test_another_workspace_has_none_of_it(registry: Registry) -> None:
    stranger = Person(registry, team="T0ELSEWHERE")
    assert "There is no T-3" in stranger.refused("/talks edit T-3")
    assert "There is no T-3" in stranger.refused("/talks log T-3")
    assert on_record(Person(registry), 3).status is Status.PLANNED


def test_unread_words_stay_with_the_form(ingrid: Person) -> None:
    told = Told("Türkiye and Armenia to meet wibble wobble", "Wire", date(2025, 2, 20), None)
    form = ingrid.opens("/talks add", told)
    assert any("wibble" in word for word in form.unread)
    again = ingrid.back(form, sources="nowhere")
    assert again.unread == form.unread
    assert (
        notes(again)
        == notes(form)
        == "From a message by Wire, Thu 20 Feb 2025. Slack gave no link to it: add a source of your own."
    )


def test_what_is_longer_than_a_field_is_not_cut(ingrid: Person) -> None:
    """A form in Slack shows the beginning of a long text; sending that back is no change."""
    long = tuple("word " * 300 + str(n) for n in range(5))
    wordy = replace(on_record(ingrid, 3), outcome=long, note="x" * 4000)
    with ingrid.registry.store.write("local", actor="import", now=NOW) as session:
        talks.save(session, wordy)
    form = ingrid.opens("/talks edit T-3")
    ingrid.done(form, title="In full")
    shown = value(ingrid.opens("/talks edit T-3"), "outcome")
    ingrid.done(ingrid.opens("/talks edit T-3"), title="Cut", outcome=f"{shown[:2999]}…", note="x" * 2999 + "…")
    found = on_record(ingrid, 3)
    assert (found.title, found.outcome, found.note) == ("Cut", long, "x" * 4000)
    back = ingrid.back(ingrid.opens("/talks edit T-3"), note="y" * 3001)
    assert "At most 3,000" in errors(back)["note"]


def test_what_no_word_says_stays_empty_and_is_planned_talks_when_sent(ingrid: Person) -> None:
    form = ingrid.opens("/talks add Türkiye and Armenia")
    assert {field.id: field.value for field in form.fields if field.value} == {"sides": "Türkiye; Armenia"}
    answer = ingrid.sends(form)
    assert isinstance(answer, Reply)
    assert "Türkiye – Armenia · Talks" in plain_text(answer)
    assert "planned" in plain_text(answer)
