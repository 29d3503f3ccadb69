"""The real Bolt app from both sides: signed requests and Socket Mode in, acknowledgements and Web API calls out."""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from slack_bolt import BoltRequest

from bot import wiring
from bot.config import Settings
from bot.reply import Reply
from bot.slack.incoming import Timing
from bot.slack.render import render
from store import starter
from tests.doubles import faults
from tests.doubles.door import Delivery, Door
from tests.doubles.doors import HttpDoor, encode
from tests.doubles.signing import sign
from tests.doubles.slack import FakeSlack
from tests.doubles.state import Message
from tests.payloads import commands
from tests.slack.small import HOSTILE, NOW, Bot, Small, new_store, notes, over_http, over_socket

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def bot(tmp_path: Path, slack: FakeSlack) -> Iterator[Bot]:
    store = new_store(tmp_path)
    yield Bot(Small(), store, slack)
    store.close()


@pytest.fixture
def http(bot: Bot) -> Iterator[HttpDoor]:
    with over_http(bot) as door:
        yield cast("HttpDoor", door)


@pytest.fixture(params=["http", "socket"])
def door(request: pytest.FixtureRequest, bot: Bot) -> Iterator[Door]:
    with over_http(bot) if request.param == "http" else over_socket(bot) as door:
        yield door


def card(delivery: Delivery) -> Message:
    assert delivery.message is not None
    return delivery.message


def shares(command: str) -> list[dict[str, Any]]:
    """The blocks of a card whose button shares what a command line answers."""
    return render(Reply("A card", share=command)).blocks


def last(bot: Bot) -> Message:
    bot.settle()
    return bot.slack.ephemerals()[-1]


# Commands.


def test_a_command_is_answered_privately_in_its_ack(door: Door, bot: Bot) -> None:
    message = card(door.command("/desk next"))
    assert message.seen_by == "U0EDITOR"
    assert message.text.startswith("Page 1\n2 planned\nT-3\nat Sat 22 Feb 2025, 19:00 (Europe/Zurich) by @")
    assert [b["type"] for b in message.blocks] == ["header", "context", "rich_text", "actions"]
    assert [c.method for c in bot.slack.calls() if c.method.startswith("chat")] == []
    bot.settle()


def test_a_public_answer_goes_to_the_channel(door: Door) -> None:
    assert card(door.command("/desk post")).seen_by is None


def test_what_is_typed_arrives_as_typed(http: HttpDoor) -> None:
    """Slack escapes three signs in the text of a command."""
    assert "Fish & <chips>" in _words(card(http.command("/desk say Fish & <chips>")))


def test_hostile_facts_come_out_as_text(door: Door, bot: Bot) -> None:
    message = card(door.command(f"/desk say {HOSTILE}"))
    assert "<!channel> <@U0EDITOR> *bold* `code` @here" in _words(message)
    assert "&lt;!channel&gt;" in message.text
    assert "\u202e" not in _words(message)
    assert bot.slack.broadcasts == []
    assert bot.slack.mentions == []


def test_a_text_of_40000_characters_gets_an_answer(door: Door, bot: Bot) -> None:
    door.command("/desk say " + "wörds & " * 5000)
    bot.settle()
    assert sum("There is more than fits here" in message.text for message in bot.slack.ephemerals()) == 1
    assert len(bot.slack.ephemerals()) == 4


def test_a_long_answer_goes_on_in_further_messages(door: Door, bot: Bot) -> None:
    door.command("/desk many")
    bot.settle()
    texts = [m.text for m in bot.slack.ephemerals()]
    assert len(texts) > 1
    assert [n for n in range(40) if f"Item {n}\n" not in "".join(texts)] == []


def test_help_and_nonsense_are_answered(door: Door) -> None:
    assert "/desk next" in card(door.command("/desk help")).text
    assert card(door.command("/desk")).text.startswith("Page 1")


def test_a_fault_gives_a_reference_that_is_in_the_log(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    text = card(door.command("/desk boom")).text
    reference = text.rsplit("under ", 1)[1].rstrip(".")
    assert reference in caplog.text
    assert "secret detail" not in text


def test_a_fault_on_our_side_of_slack_is_no_silence_either(door: Door, bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    """What the registry never sees: an answer that cannot be drawn."""
    text = card(door.command("/desk broken")).text
    message = card(door.command("/desk next"))
    message.blocks[-1]["elements"][0]["value"] = "/desk broken"
    door.click(message, "run:0")
    told = last(bot).text
    for said in (text, told):
        assert said.startswith("Something went wrong on our side.")
        assert said.rsplit("under ", 1)[1].rstrip(".") in caplog.text


def test_five_slow_commands_leave_room_for_a_sixth(door: Door, bot: Bot) -> None:
    with ThreadPoolExecutor(5) as pool:
        slow = [pool.submit(door.command, f"/desk slow {n}") for n in range(5)]
        for _ in slow:
            assert bot.small.started.acquire(timeout=2)
        assert card(door.command("/desk say sixth")).text == "Said\nsixth"
        bot.small.go.set()
        assert sorted(card(s.result()).text for s in slow) == [f"Slow {n}" for n in range(5)]


# Who and where.


def test_the_zone_of_a_person_is_known_from_the_second_question_on(door: Door, bot: Bot) -> None:
    door.command("/desk next", user="U0READER")
    bot.settle()
    assert card(door.command("/desk next", user="U0READER")).text.endswith("by @tomas")
    assert bot.small.zones == ["UTC", "America/New_York"]
    assert len(bot.slack.calls("users.info")) == 1


def test_an_answer_does_not_wait_for_slack_to_tell_the_zone(http: HttpDoor, bot: Bot) -> None:
    bot.slack.fault("users.info", faults.accept_then_hang(1.0))
    assert http.command("/desk next").seconds < 0.5


def test_an_org_wide_installation_is_one_workspace(http: HttpDoor, bot: Bot) -> None:
    body = _command("/desk next", enterprise_id="E1") | {"is_enterprise_install": "true"}
    assert http.deliver("slash_commands", body).status == 200
    body.pop("team_id")
    assert http.deliver("slash_commands", body).status == 200
    assert bot.small.teams == ["E1", "E1"]


def test_people_of_another_workspace_get_no_facts(door: Door, bot: Bot) -> None:
    message = card(door.command("/desk next"))
    door.click(message, "run:0", user="U0OUTSIDE")
    assert "people of its own workspace" in last(bot).text
    door.click(message, "share", user="U0OUTSIDE")
    assert "people of its own workspace" in last(bot).text
    assert bot.slack.messages() == []


# Buttons.


def test_a_button_answers_below_the_card(door: Door, bot: Bot) -> None:
    message = card(door.command("/desk next"))
    door.click(message, "run:0")
    assert last(bot).text == "Said\nhello"
    assert message.edits == 0


def test_paging_takes_the_place_of_the_card(door: Door, bot: Bot) -> None:
    message = card(door.command("/desk next"))
    door.click(message, "page:1")
    bot.settle()
    assert (message.edits, message.text.split("\n")[0]) == (1, "Page 2")
    assert len(bot.slack.ephemerals()) == 1


def test_a_shared_card_is_not_paged_away_for_everybody(door: Door, bot: Bot) -> None:
    shared = bot.slack.state.keep(Message("C0DESK", "", "x", card(door.command("/desk next")).blocks))
    door.click(shared, "page:1")
    assert last(bot).text.startswith("Page 2")
    assert shared.edits == 0


def test_sharing_posts_the_card_once_and_names_who_shared_it(door: Door, bot: Bot) -> None:
    pressed = door.click(card(door.command("/desk next")), "share")
    bot.settle()
    assert [m.text for m in bot.slack.messages()] == ["Said\nshared\nShared by @ingrid"]
    assert not any(b["type"] == "actions" for b in bot.slack.messages()[0].blocks)
    assert bot.slack.mentions == []
    door.deliver("interactive", pressed.body)
    bot.settle()
    assert len(bot.slack.messages()) == 1


def test_sharing_a_long_card_posts_the_rest_of_it_as_well(door: Door, bot: Bot) -> None:
    pressed = door.click(bot.slack.state.keep(Message("C0DESK", "", "x", shares("/desk many"))), "share")
    bot.settle()
    _, *posted = bot.slack.messages()
    assert len(posted) == 3
    words = [word for message in posted for word in message.text.splitlines() if word.startswith("Item ")]
    assert words == [f"Item {n}" for n in range(40)]
    assert posted[-1].text.endswith("Shared by @ingrid")
    door.deliver("interactive", pressed.body)
    bot.settle()
    assert len(bot.slack.messages()) == 4


def test_a_response_url_that_fails_ends_in_a_direct_message(door: Door, bot: Bot) -> None:
    message = card(door.command("/desk next"))
    bot.slack.fault("response_url", faults.http_status(500))
    door.click(message, "run:0")
    bot.settle()
    assert [m.text for m in bot.slack.messages("D0EDITOR")] == ["Said\nhello"]


def test_a_button_of_another_version_says_so(door: Door, bot: Bot) -> None:
    message = card(door.command("/desk next"))
    message.blocks[-1]["elements"][0]["action_id"] = "gone"
    door.click(message, "gone")
    assert "no longer works" in last(bot).text


# Pictures.


def test_a_picture_follows_its_answer_into_the_channel_once(door: Door, bot: Bot) -> None:
    asked = door.command("/desk chart")
    bot.settle()
    door.deliver("slash_commands", asked.body)
    bot.settle()
    assert [(u.title, u.alt_txt, u.filename, u.data, u.channel) for u in bot.slack.uploads] == [
        ("Trips", "Turkey leads with 40", "trips.png", b"PNG", "C0DESK")
    ]


def test_a_picture_that_cannot_be_posted_is_explained(door: Door, bot: Bot) -> None:
    door.command("/desk chart", channel="C0NOTIN")
    bot.settle()
    assert "/invite" in bot.slack.ephemerals()[-1].text
    door.command("/desk chart badly")
    bot.settle()
    assert "Something went wrong" in bot.slack.ephemerals()[-1].text


# Writes: once, and never too late.


def test_a_replayed_command_writes_once(door: Door, bot: Bot) -> None:
    first = door.command("/desk note one")
    assert card(first).text == "Noted one"
    again = door.deliver("slash_commands", first.body)
    assert "recorded already" in json.dumps(again.payload)
    assert notes(bot.store) == ["one"]


def test_a_write_is_called_off_when_slack_has_given_up(http: HttpDoor, bot: Bot) -> None:
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(http.command, "/desk linger one", strict=False)
        assert bot.small.started.acquire(timeout=2)
        time.sleep(3.05)
        bot.small.go.set()
        late.result()
    assert notes(bot.store) == []
    assert "too late" in last(bot).text


def test_a_request_stamped_too_long_ago_writes_nothing(http: HttpDoor, bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    http.command("/desk note old", now=http.now() - dt.timedelta(seconds=4), strict=False)
    assert notes(bot.store) == []
    assert "its clock is wrong" in caplog.text
    assert "too late" in last(bot).text


@pytest.mark.parametrize(
    ("wall", "left"),
    [(100.0, 2.0), (100.4, 2.6), (101.0, 1.0), (99.0, 3.0), (103.5, -0.5)],
    ids=["whole seconds", "with fractions", "a second on", "a clock behind", "too late"],
)
def test_the_deadline_errs_on_the_side_of_not_writing(wall: float, left: float) -> None:
    timing = Timing(now=lambda: NOW, wall=lambda: wall, monotonic=lambda: 50.0)
    assert timing.deadline({}, {"x-slack-request-timestamp": ["100"]}) == pytest.approx(50.0 + left)
    assert timing.deadline({"received_at": 48.0}, {}) == 51.0
    assert timing.deadline({}, {"x-slack-request-timestamp": ["soon"]}) == 53.0


# What is not a request of Slack's.


def test_a_bad_signature_is_refused_without_a_trace_of_the_body(
    http: HttpDoor, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    raw, content = encode("slash_commands", _command("/desk note forged-words"))
    for headers in (
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "é"},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": "1"},
    ):
        assert http.post(raw, content, headers=headers)[0] == 401
    assert "forged-words" not in caplog.text
    assert notes(bot.store) == []


def test_odd_headers_are_refused_by_the_app_itself(bot: Bot, slack: FakeSlack) -> None:
    raw, _ = encode("slash_commands", _command("/desk note x"))
    good = sign(raw, slack.signing_secret, slack.now())
    for odd in ({"X-Slack-Signature": "v0=é"}, {"X-Slack-Request-Timestamp": "٣"}, {"X-Slack-Request-Timestamp": ""}):
        request = BoltRequest(body=raw.decode(), headers={**good, **odd, "content-type": FORM})
        assert bot.app.dispatch(request).status == 401
    assert notes(bot.store) == []


def test_bodies_that_are_not_what_they_claim_are_refused(http: HttpDoor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    command = _command("/desk next")
    who: dict[str, Any] = {"user": {"id": "U1"}, "team": {"id": "T1"}}
    valueless = {"action_id": "run:0", "block_id": "b", "type": "button"}
    view = {"type": "modal", "callback_id": "form", "private_metadata": "his-words"}
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("slash_commands", {k: v for k, v in command.items() if k != "user_id"}),
        ("slash_commands", {k: v for k, v in command.items() if k != "team_id"}),
        ("interactive", {"type": "block_actions", "actions": [valueless], **who}),
        ("interactive", {"type": "view_submission", "view": view, **who}),
        ("interactive", {"type": "view_submission", "view": {}, **who}),
        ("interactive", {"type": "block_actions", "actions": "his-words"}),
        ("interactive", {"payload": "his-words"}),
        ("events_api", {"type": "event_callback", "event": {}}),
    ]
    for kind, body in wrong:
        assert http.deliver(kind, body).status == 400
    assert http.deliver("interactive", {"type": "shortcut", "callback_id": "his-words", "user": {"id": "U1"}}).status == 404
    assert (
        http.deliver("interactive", {"type": "view_submission", "view": {"type": "modal", "callback_id": "his-words"}}).status
        == 404
    )
    assert "his-words" not in caplog.text


def test_slack_can_verify_the_url_and_the_certificate(http: HttpDoor) -> None:
    assert http.verify_url()
    assert http.ssl_check() == 200


def test_no_token_is_ever_logged(door: Door, bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    bot.slack.fault("users.info", faults.error("token_revoked"))
    bot.slack.fault("views.open", faults.error("internal_error"))
    message = card(door.command("/desk next"))
    door.click(message, "page:1")
    door.click(message, "share")
    door.command("/desk form")
    bot.settle()
    assert "views.open: internal_error" in caplog.text
    for secret in (bot.slack.bot_token, bot.slack.app_token, bot.slack.signing_secret, "/respond/"):
        assert secret not in caplog.text


def _command(text: str, **more: Any) -> dict[str, Any]:
    slash, _, rest = text.partition(" ")
    known = {"user_id": "U0EDITOR", "channel_id": "C0DESK", "trigger_id": "1.2.3", "response_url": "http://127.0.0.1:1/r"}
    return dict(commands.slash_command(slash, rest, **known, **more))


def _words(message: Message) -> str:
    """Everything the blocks say, as Slack would show it."""
    found: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            found.extend(v for k, v in value.items() if k == "text" and isinstance(v, str))
            for v in value.values():
                walk(v)
        elif isinstance(value, list):
            for v in value:
                walk(v)

    walk(message.blocks)
    return "\n".join(found)


# The real commands, on the starter facts.


@pytest.fixture
def real(tmp_path: Path, slack: FakeSlack) -> Iterator[HttpDoor]:
    store = new_store(tmp_path)
    starter.apply(store, "T0ATTACHE", NOW, wiring.window_reader(Settings()))
    with over_http(Bot(Small(), store, slack, wiring.registry(store))) as door:
        yield cast("HttpDoor", door)
    store.close()


def test_what_comes_next_leads_with_the_directors(real: HttpDoor) -> None:
    text = card(real.command("/talks next")).text
    assert text.startswith("Next talks\n")
    assert text.index("T-3") < text.index("T-4")
    assert "8 Mar 2025" in text
    assert "Ryabkov" in text


def test_where_russia_stands_on_nato(real: HttpDoor) -> None:
    text = card(real.command("/position russia nato")).text
    for words in ("1997", "16 of 32 members", "26 Jan 2022", "Peskov"):
        assert words in text


def test_every_button_of_every_real_card_is_answered(real: HttpDoor, slack: FakeSlack) -> None:
    for text in ("/talks next", "/talks show T-4", "/talks history us russia", "/position russia nato", "/talks rusia"):
        message = card(real.command(text))
        for button in [e for b in message.blocks if b["type"] == "actions" for e in b["elements"]]:
            before = seen_so_far(slack)
            real.click(message, button["action_id"])
            slack.wait_for(partial(_more, slack, before))


def _more(slack: FakeSlack, than: int) -> bool:
    return seen_so_far(slack) > than


def seen_so_far(slack: FakeSlack) -> int:
    """How much there has been to see: messages, edits of them, and forms."""
    return len(slack.messages()) + sum(1 + m.edits for m in slack.ephemerals()) + len(slack.views)


@pytest.mark.parametrize("text", ["", "🇷🇺 😀", "عربي", '"', "NEAR( OR *", "a" * 40_000, "<!channel> & co", "31 February 99999"])
def test_any_words_get_an_answer(real: HttpDoor, text: str) -> None:
    for command in ("/talks", "/talks search", "/position"):
        assert card(real.command(f"{command} {text}".strip())).text
