"""Moving talks on: confirmed, held, postponed, cancelled; accounts that differ; what follows for those who waited."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.commands.registry import Registry
from bot.reply import Form, Reply
from bot.slack.render import plain_text
from store.records import PlaceState, Status
from tests.commands.desk import Person, count, errors, notes, on_record, value

LATER = datetime(2025, 2, 28, 9, 0, tzinfo=UTC)


@pytest.fixture
def ingrid(registry: Registry) -> Person:
    return Person(registry, "UINGRID", now=LATER)


# By words, at once.


def test_held_with_day_place_and_outcome(ingrid: Person) -> None:
    reply = ingrid.told("/talks held T-3 27 Feb in Istanbul: agreed on banking and staff https://example.org/x")
    assert reply.headline.startswith("Held: T-3")
    talks = on_record(ingrid, 3)
    assert talks.status is Status.HELD
    assert (talks.window.earliest, talks.window.latest, talks.window.stated) == (date(2025, 2, 27), date(2025, 2, 27), None)
    assert (talks.place.country, talks.place.city) == ("tr", "Istanbul")
    assert talks.outcome == ("agreed on banking and staff",)
    assert len(talks.sources) == 3


def test_an_empty_day_of_what_was_held_is_told_as_it_is_kept(ingrid: Person) -> None:
    hints = {label: ingrid.opens(f"/talks held {label}").fields[0].hint for label in ("T-3", "T-4")}
    assert hints["T-3"] == "The day or days it was held. Left empty: within Sat 22 Feb – Sat 8 Mar 2025."
    assert hints["T-4"] == "The day or days it was held. Left empty: held, on a day that is not known."


def test_words_that_found_no_place_are_those_typed(ingrid: Person) -> None:
    assert ingrid.opens("/talks postpone T-3 wibble").unread == ("wibble",)


def test_dependants_become_ready_and_the_reply_says_so(ingrid: Person) -> None:
    words = plain_text(ingrid.told("/talks held T-3 27 Feb in Istanbul"))
    assert "T-4 Second round, deputy level is ready: nothing more has to be held first." in words
    assert "T-4" not in plain_text(ingrid.told("/talks waiting"))


def test_who_waits_for_more_still_waits(ingrid: Person) -> None:
    ingrid.done(ingrid.opens("/talks edit T-4"), after="T-3, T-5")
    assert "T-4 Second round, deputy level still waits for T-5." in plain_text(ingrid.told("/talks held T-3 27 Feb"))


def test_held_before_what_had_to_come_first_is_said(ingrid: Person) -> None:
    assert "It was to wait for T-3, not on record as held." in plain_text(ingrid.told("/talks held T-4 26 Feb"))


def test_postponed_to_a_new_date_is_ahead_again(ingrid: Person) -> None:
    words = plain_text(ingrid.told("/talks postpone T-3 to 20 March because of illness"))
    assert "From Sat 22 Feb – Sat 8 Mar 2025 to Thu 20 Mar 2025." in words
    talks = on_record(ingrid, 3)
    assert (talks.status, talks.window.earliest) == (Status.PLANNED, date(2025, 3, 20))
    assert "postponed" in plain_text(ingrid.told("/talks log T-3"))
    assert "why: illness" in plain_text(ingrid.told("/talks log T-3"))


def test_postponed_without_a_date_is_not(ingrid: Person) -> None:
    ingrid.done(ingrid.opens("/talks postpone T-3"), why="no room")
    talks = on_record(ingrid, 3)
    assert talks.status is Status.POSTPONED
    assert (talks.note or "").endswith("\nPostponed: no room")
    assert "T-3  " not in plain_text(ingrid.told("/talks next"))
    assert errors(ingrid.back(ingrid.opens("/talks postpone T-3"), why="again"))["window"].startswith(
        "T-3 is postponed already"
    )


def test_cancelled_for_a_reason(ingrid: Person) -> None:
    ingrid.told("/talks cancel T-3 dispute over the venue https://example.org/y")
    talks = on_record(ingrid, 3)
    assert talks.status is Status.CANCELLED
    assert "Cancelled: dispute over the venue" in (talks.note or "")
    assert len(talks.sources) == 3


def test_confirmed_by_somebody(ingrid: Person) -> None:
    ingrid.told("/talks confirm T-3 5 March in Geneva, said by Peskov")
    talks = on_record(ingrid, 3)
    assert (talks.status, talks.window.earliest, talks.window.stated_by) == (Status.CONFIRMED, date(2025, 3, 5), "Peskov")
    assert talks.place.state is PlaceState.NAMED


def test_words_not_understood_open_the_form_instead(ingrid: Person) -> None:
    form = ingrid.opens("/talks held T-3 27 Feb wibble wobble")
    assert any("wibble" in word for word in form.unread)
    assert value(form, "window") == "27 Feb"
    assert on_record(ingrid, 3).status is Status.PLANNED


# By form.


@pytest.mark.parametrize("step", ["confirm", "held", "postpone", "cancel"])
def test_a_step_without_words_is_a_form(ingrid: Person, step: str) -> None:
    form = ingrid.opens(f"/talks {step} T-3")
    ingrid.done(form, why="so it is", **({"window": "27 Feb"} if step == "held" else {}))
    assert on_record(ingrid, 3).status.value in ("confirmed", "held", "postponed", "cancelled")


def test_held_without_a_day_is_known_as_its_window(ingrid: Person) -> None:
    ingrid.done(ingrid.opens("/talks held T-3"), outcome="First steps.\nTo meet again.")
    talks = on_record(ingrid, 3)
    assert (talks.window.earliest, talks.window.latest) == (date(2025, 2, 22), date(2025, 3, 8))
    assert talks.outcome == ("First steps.", "To meet again.")


def test_buttons_on_the_card_are_these_commands(ingrid: Person) -> None:
    commands = {b.label: b.command for b in ingrid.told("/talks show T-3").buttons}
    for label in ("Held", "Postponed", "Cancelled", "Confirmed", "Edit"):
        ingrid.opens(commands[label])
    ingrid.told(commands["Log"])


# What makes no sense from here.


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["/talks held T-1 18 Feb"], "T-1 is on record as held already"),
        (["/talks confirm T-1"], "what has been held cannot become confirmed"),
        (["/talks postpone T-1 to June"], "what has been held cannot become postponed"),
        (["/talks cancel T-3 no", "/talks confirm T-3"], "T-3 is cancelled. Take that back first (/talks undo T-3)"),
        (["/talks cancel T-3 no", "/talks postpone T-3 to June"], "T-3 is cancelled."),
        (["/talks cancel T-3 no", "/talks cancel T-3 no"], "on record as cancelled already"),
        (["/talks confirm T-3 said by Peskov", "/talks confirm T-3"], "on record as confirmed already"),
        (["/talks held T-99"], "There is no T-99 on record."),
        (["/talks held"], "Say which one, like T-2"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused_with_why(ingrid: Person, lines: list[str], words: str) -> None:
    *before, last = lines
    for text in before:
        ingrid.told(text)
    written = count(ingrid)
    assert words in ingrid.refused(last)
    assert count(ingrid) == written


def test_talks_are_not_held_before_they_could_begin(ingrid: Person) -> None:
    ingrid.done(ingrid.opens("/talks edit T-3"), window="20 March")
    form = ingrid.back(ingrid.opens("/talks held T-3"), outcome="agreed")
    assert "T-3 cannot have been held yet: that begins only on Thu 20 Mar 2025" in errors(form)["window"]
    assert value(form, "outcome") == "agreed"
    ingrid.done(form, window="27 February")


# Did it happen? Two answers.


def test_held_and_denied_stand_side_by_side(ingrid: Person) -> None:
    ingrid.told("/talks held T-3 27 Feb")
    form = ingrid.opens("/talks cancel T-3 the ministry says nobody met")
    assert "Was it not?" in notes(form)
    assert "Whose account is it?" in errors(ingrid.back(form, keep="account"))["stated_by"]
    reply = ingrid.done(form, keep="account", stated_by="Zakharova")
    assert "Kept beside the record as Zakharova's account" in plain_text(reply)
    talks = on_record(ingrid, 3)
    assert talks.status is Status.HELD
    assert talks.disputed
    card = plain_text(ingrid.told("/talks show T-3"))
    assert "disputed" in card
    assert "the ministry says nobody met" in card
    ingrid.done(ingrid.opens("/talks settle T-3"), settled="record", why="photographs")
    assert not on_record(ingrid, 3).disputed


def test_cancelled_and_held_after_all(ingrid: Person) -> None:
    ingrid.told("/talks cancel T-3 no room")
    form = ingrid.opens("/talks held T-3 27 Feb in Istanbul")
    ingrid.done(form, keep="account", stated_by="Reuters")
    assert on_record(ingrid, 3).disputed
    ingrid.told("/talks settle T-3 reuters because both sides say so now")
    talks = on_record(ingrid, 3)
    assert (talks.status, talks.window.earliest) == (Status.HELD, date(2025, 2, 27))
    assert not talks.disputed


def test_the_record_can_be_wrong_about_it(ingrid: Person) -> None:
    ingrid.told("/talks cancel T-3 no room")
    ingrid.done(ingrid.opens("/talks held T-3 27 Feb"), keep="correct")
    assert on_record(ingrid, 3).status is Status.HELD


def test_another_version_is_kept_beside_the_record(ingrid: Person) -> None:
    form = ingrid.opens("/talks edit T-3")
    reply = ingrid.done(
        form, window="10 March to 12 March", stated_by="Politico", stated_on="2025-02-23", place="Geneva", keep="account",
        sources=value(form, "sources") + "\nhttps://politico.eu/x",
    )  # fmt: skip
    talks = on_record(ingrid, 3)
    assert talks.window.latest == date(2025, 3, 8)
    assert talks.place.state is PlaceState.THIRD_COUNTRY
    assert talks.disputed
    ours, theirs = talks.accounts[-2:]
    assert (ours.by, theirs.by) == ("Ryabkov", "Politico")
    assert theirs.window is not None
    assert theirs.place is not None
    assert (theirs.window.earliest, theirs.place.city, theirs.said_on) == (date(2025, 3, 10), "Geneva", date(2025, 2, 23))
    assert len(theirs.sources) == 1
    assert len(talks.sources) == 2
    assert "disputed" in plain_text(reply)
    ingrid.done(ingrid.opens("/talks settle T-3"), settled="politico")
    settled = on_record(ingrid, 3)
    assert (settled.window.earliest, settled.place.city, settled.disputed) == (date(2025, 3, 10), "Geneva", False)


def test_an_account_needs_something_of_its_own(ingrid: Person) -> None:
    form = ingrid.back(ingrid.opens("/talks edit T-3"), keep="account", title="Other")
    assert "nothing to keep beside it" in errors(form)["keep"]
    form = ingrid.back(ingrid.opens("/talks edit T-3"), keep="account", window="20 March", stated_by="")
    assert errors(form)["stated_by"] == "Whose account is it?"
    form = ingrid.back(ingrid.opens("/talks edit T-3"), keep="account", window="20 March", sides="Türkiye; Russia")
    assert "other sides" in errors(form)["keep"]


def test_what_is_not_in_dispute_cannot_be_settled(ingrid: Person) -> None:
    assert "Nothing about T-3 is in dispute." in ingrid.refused("/talks settle T-3")
    answer = ingrid.say("/talks settle T-4 nobody")
    assert isinstance(answer, Form)
    assert answer.unread == ("nobody",)


# Log and undo.


def test_the_log_says_who_changed_what_and_why(ingrid: Person) -> None:
    ingrid.done(ingrid.opens("/talks edit T-3"), place="Geneva", why="announced")
    words = plain_text(ingrid.told("/talks log T-3"))
    assert "@UINGRID · edited · why: announced" in words
    assert "• where: third country, not named → Geneva, Switzerland" in words


def test_undo_is_a_change_of_its_own(ingrid: Person) -> None:
    before = on_record(ingrid, 3)
    ingrid.done(ingrid.opens("/talks edit T-3"), place="Geneva")
    changed = on_record(ingrid, 3)
    reply = ingrid.told("/talks undo T-3")
    assert "where: Geneva, Switzerland → third country, not named" in plain_text(reply)
    assert on_record(ingrid, 3) == before
    ingrid.told(reply.buttons[0].command)
    assert on_record(ingrid, 3) == changed
    assert "takes back R-" in plain_text(ingrid.told("/talks log T-3"))


def test_undo_without_a_number_is_of_ones_own(ingrid: Person, registry: Registry) -> None:
    tomas = Person(registry, "UTOMAS", now=LATER)
    ingrid.done(ingrid.opens("/talks edit T-3"), title="Mine")
    tomas.done(tomas.opens("/talks edit T-4"), title="His")
    assert "T-3" in ingrid.told("/talks undo").headline
    assert on_record(ingrid, 4).title == "His"
    assert "You changed nothing lately" in ingrid.refused("/talks undo")


def test_new_talks_can_be_taken_off_and_brought_back(ingrid: Person) -> None:
    form = ingrid.opens("/talks add")
    label = ingrid.done(form, sides="Türkiye; Armenia", title="Border").headline.split()[1]
    before = on_record(ingrid, int(label[2:]))
    reply = ingrid.told(f"/talks undo {label}")
    assert "is off the record" in reply.headline
    assert f"There is no {label}" in ingrid.refused(f"/talks show {label}")
    assert "recorded" in plain_text(ingrid.told(f"/talks log {label}"))
    ingrid.told(reply.buttons[0].command)
    assert on_record(ingrid, before.number) == before


def test_what_others_rest_on_is_not_undone(ingrid: Person) -> None:
    assert "T-4 depends on it" in ingrid.refused("/talks undo T-3")
    ingrid.done(ingrid.opens("/talks edit T-3"), place="Geneva")
    first = plain_text(ingrid.told("/talks log T-3")).split("R-")[1].split()[0]
    ingrid.done(ingrid.opens("/talks edit T-3"), place="Vienna")
    assert "changed place again" in ingrid.refused(f"/talks undo T-3 R-{first}")
    ingrid.done(ingrid.opens("/talks edit T-3"), title="Other")
    ingrid.told("/talks undo T-3")
    ingrid.told("/talks undo T-3")
    ingrid.told("/talks undo T-3")
    assert on_record(ingrid, 3).place.state is PlaceState.THIRD_COUNTRY


@pytest.mark.parametrize("line", ["/talks undo P-1", "/talks undo T-3 R-99999", "/talks undo everything", "/talks undo R-1"])
def test_undoing_what_is_not_there_is_explained(ingrid: Person, line: str) -> None:
    answer = ingrid.say(line)
    assert isinstance(answer, Reply)
    assert answer.outcome.value == "not_understood"
