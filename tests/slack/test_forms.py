"""Forms as modals: what goes in, what comes back, and that nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reply import Field, FieldKind, Form, Link, Option, line
from bot.slack import forms
from bot.slack.forms import FormTooLarge, Origin
from bot.slack.spans import Ink
from tests.doubles import faults
from tests.doubles.blocks import check_view
from tests.doubles.door import Door
from tests.doubles.slack import FakeSlack
from tests.doubles.state import View
from tests.slack.small import Bot, Small, new_store, notes, over_http, over_socket

INK = Ink(lambda _: None)
ORIGIN = Origin("/desk form", channel="C0DESK", response_url="https://hooks.example/r", opened=1)


@pytest.fixture
def bot(tmp_path: Path, slack: FakeSlack) -> Iterator[Bot]:
    store = new_store(tmp_path)
    yield Bot(Small(), store, slack)
    store.close()


@pytest.fixture(params=["http", "socket"])
def door(request: pytest.FixtureRequest, bot: Bot) -> Iterator[Door]:
    with over_http(bot) if request.param == "http" else over_socket(bot) as door:
        yield door


def opened(door: Door, bot: Bot, text: str = "") -> View:
    delivery = door.command(f"/desk form {text}".strip())
    assert delivery.message is None
    bot.settle()
    return bot.slack.top_view


def blocks(view: View) -> list[dict[str, Any]]:
    return list(view.body["blocks"])


def block_of(view: View, field: str) -> str:
    return next(str(b["block_id"]) for b in blocks(view) if b["type"] == "input" and b["element"]["action_id"] == field)


# In Slack.


def test_a_form_opens_filled_in_with_what_was_not_placed(door: Door, bot: Bot) -> None:
    view = opened(door, bot, "foo <!channel> bar")
    shown = str(blocks(view))
    assert "Check this." in shown
    assert "“foo <!channel> bar”" in shown
    elements = {b["element"]["action_id"]: b["element"] for b in blocks(view) if b["type"] == "input"}
    assert elements["when"]["initial_value"] == "in March"
    assert elements["level"]["initial_option"]["value"] == "deputy"
    assert [o["value"] for o in elements["tags"]["initial_options"]] == ["leader", "minister"]
    assert elements["said"] == {"action_id": "said", "type": "datepicker", "initial_date": "2025-02-22"}


def test_what_is_submitted_is_recorded_and_confirmed_where_it_was_asked(door: Door, bot: Bot) -> None:
    view = opened(door, bot)
    door.submit(view, {"when": "in May", "level": "leader", "outcome": "a\nb"})
    bot.settle()
    wanted = {"when": "in May", "level": "leader", "tags": "leader,minister", "said": "2025-02-22", "outcome": "a\nb"}
    assert notes(bot.store) == [str(sorted(wanted.items()))]
    assert not view.open
    assert [m.text for m in bot.slack.ephemerals("U0EDITOR", "C0DESK")] == ["Recorded\nin May"]


def test_an_error_stands_on_its_field_and_the_typing_stays(door: Door, bot: Bot) -> None:
    view = opened(door, bot)
    delivery = door.submit(view, {"when": "never"})
    assert delivery.errors == {block_of(view, "when"): "No such day."}
    assert view.open
    assert notes(bot.store) == []


def test_a_form_with_news_is_updated_with_the_values_it_came_back_with(door: Door, bot: Bot) -> None:
    view = opened(door, bot)
    delivery = door.submit(view, {"when": "twice", "outcome": "long words"})
    assert delivery.view is view
    assert "Likely a duplicate." in str(blocks(view))
    values = {b["element"]["action_id"]: b["element"].get("initial_value") for b in blocks(view) if b["type"] == "input"}
    assert (values["when"], values["outcome"]) == ("once", "long words")
    door.submit(view)
    bot.settle()
    assert len(notes(bot.store)) == 1


def test_a_refusal_stays_in_the_form_once_and_keeps_the_typing(door: Door, bot: Bot) -> None:
    view = opened(door, bot)
    ids = [block_of(view, name) for name in ("when", "outcome")]
    for _ in range(2):
        door.submit(view, {"when": "stop", "outcome": "long words"})
        assert [block_of(view, name) for name in ("when", "outcome")] == ids  # Slack keeps what was typed in these
    assert str(blocks(view)).count("You may not.") == 1
    assert "Ask an editor." in str(blocks(view))


def test_a_fault_on_our_side_keeps_the_form_and_the_typing(door: Door, bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    view = opened(door, bot)
    ids = [block_of(view, name) for name in ("when", "outcome")]
    view.body["private_metadata"] = Origin("/desk broken", {}, "C0DESK").packed()
    door.submit(view, {"outcome": "long words"})
    assert "Something went wrong on our side." in str(blocks(view))
    assert [block_of(view, name) for name in ("when", "outcome")] == ids
    assert "reference" in caplog.text


def test_the_same_submission_twice_is_recorded_once_and_closes_the_form(door: Door, bot: Bot) -> None:
    view = opened(door, bot)
    first = door.submit(view, {"when": "in May"})
    again = door.deliver("interactive", first.body)
    assert again.payload == {"response_action": "clear"}
    bot.settle()
    assert len(notes(bot.store)) == 1


def test_a_form_left_open_overnight_answers_in_its_own_place(door: Door, bot: Bot) -> None:
    view = opened(door, bot)
    origin = forms.unpacked(view.body["private_metadata"])
    view.body["private_metadata"] = replace(origin, opened=origin.opened - 12 * 3600).packed()
    delivery = door.submit(view, {"when": "in May"})
    assert delivery.view is not None
    assert "Recorded" in str(delivery.view.body)
    assert "submit" not in delivery.view.body or not delivery.view.body["submit"]
    assert len(notes(bot.store)) == 1


def test_a_form_that_slack_will_not_open_is_explained(door: Door, bot: Bot) -> None:
    bot.slack.fault("views.open", faults.error("expired_trigger_id"))
    door.command("/desk form")
    bot.settle()
    assert bot.slack.ephemerals()[-1].text == "Slack took too long to open the form.\nNothing was recorded. Try again."


def test_a_form_that_holds_too_much_is_explained(door: Door, bot: Bot) -> None:
    door.command("/desk big")
    bot.settle()
    assert "Use fewer words" in bot.slack.ephemerals()[-1].text


def test_a_button_opens_a_form_too(door: Door, bot: Bot) -> None:
    message = door.command("/desk next").message
    assert message is not None
    door.click(message, "run:2")
    bot.settle()
    assert bot.slack.top_view.body["title"]["text"] == "Record talks"


def test_forged_and_missing_fields_reach_the_command_as_nothing_worse(bot: Bot) -> None:
    odd: dict[str, Any] = {"b": {"when": {"value": 7}, "level": {"selected_option": None}, "x": "y"}, "c": [], "d": {"z": {}}}
    assert forms.values({"state": {"values": odd}}) == {"when": "", "level": "", "z": ""}
    assert forms.values({"state": []}) == {}
    for text in (None, "", "[]", "{}", "[1]", '["/x",{},"c","r",1]'):
        with pytest.raises(ValueError):
            forms.unpacked(text)


# As blocks.


def test_every_kind_of_field_has_its_input() -> None:
    options = tuple(Option(str(n), f"Option {n}") for n in range(250))
    form = Form(
        "A title that is much longer than Slack allows",
        "/desk form",
        (
            Field("day", "Day", FieldKind.DAY, "22 Feb"),
            Field("none", "None", FieldKind.CHOICE, "typed"),
            Field("many", "Many", FieldKind.CHOICE, "249", options=options),
            Field("long", "Long", FieldKind.TEXT, "x" * 5000, max_length=100),
        ),
    )
    view = check_view(forms.view(form, ORIGIN, INK))
    day, none, many, long = (block["element"] for block in view["blocks"])
    assert (day["type"], day["initial_value"]) == ("plain_text_input", "22 Feb")
    assert (none["type"], none["initial_value"]) == ("plain_text_input", "typed")
    assert [len(group["options"]) for group in many["option_groups"]] == [100, 100, 50]
    assert many["initial_option"]["value"] == "249"
    assert len(long["initial_value"]) == 3000
    assert "beginning" in view["blocks"][3]["hint"]["text"]
    assert len(view["title"]["text"]) == 24


def test_what_does_not_fit_is_said_and_not_dropped() -> None:
    with pytest.raises(FormTooLarge):
        forms.view(Form("T", "/x", (Field("a", "A"),), context={"k": "v" * 3000}), ORIGIN, INK)
    with pytest.raises(FormTooLarge):
        forms.view(Form("T", "/x", tuple(Field(f"f{n}", "A") for n in range(101))), ORIGIN, INK)


def test_a_form_without_fields_can_be_confirmed() -> None:
    check_view(forms.view(Form("Sure?", "/x", ()), ORIGIN, INK))


TEXT = st.text(max_size=200) | st.sampled_from(["<!channel>", " ", "\u202e", "a" * 4000, "<@U1>&amp;", "😀" * 1500])
OPTIONS = st.lists(st.builds(Option, st.text(max_size=20), TEXT), max_size=5).map(tuple)


@st.composite
def some_forms(draw: st.DrawFn) -> Form:
    count = draw(st.integers(0, 5))
    fields = tuple(
        Field(
            f"field{n}", draw(TEXT), draw(st.sampled_from(FieldKind)), draw(TEXT), draw(TEXT), draw(st.booleans()),
            draw(OPTIONS), draw(st.none() | TEXT), draw(st.integers(1, 3000)),
        )
        for n in range(count)
    )  # fmt: skip
    notes = tuple(line(draw(TEXT), Link(draw(TEXT), draw(TEXT))) for _ in range(draw(st.integers(0, 3))))
    return Form(draw(TEXT), "/desk form", fields, draw(TEXT), notes, tuple(draw(st.lists(TEXT, max_size=3))))


@given(some_forms())
@settings(max_examples=150, deadline=None)
def test_any_form_is_one_that_slack_takes(form: Form) -> None:
    view = check_view(forms.view(form, ORIGIN, INK))
    noticed = forms.with_notice(view, [line("Wait.")], INK)
    check_view(noticed)
    check_view(forms.with_notice(noticed, [line("Wait.")], INK))
    assert forms.unpacked(view["private_metadata"]) == ORIGIN
