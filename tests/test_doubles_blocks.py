"""Block Kit as the stand-in sees it: what just fits, and what just does not, tried with the real slack_sdk client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.doubles.slack import FakeSlack

Json = dict[str, Any]
QUIET: Any = {"unfurl_links": False, "unfurl_media": False}


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        yield fake


@pytest.fixture
def client(slack: FakeSlack) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.base_url, retry_handlers=[])


def refused(call: Any, *args: Any, **kwargs: Any) -> tuple[str, str]:
    """The error code, and the faults named with it."""
    with pytest.raises(SlackApiError) as e:
        call(*args, **kwargs)
    data: Json = e.value.response.data
    return data["error"], " ".join(data.get("response_metadata", {}).get("messages", []))


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "b", "text": plain("Go"), **more}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn("words"), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def options(count: int) -> list[Json]:
    return [{"text": plain(f"o{n}"), "value": f"v{n}"} for n in range(count)]


def select(count: int = 2, **more: Any) -> Json:
    return {"type": "static_select", "action_id": "s", "options": options(count), **more}


def table(rows: int, columns: int, text: str = "x") -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * columns for _ in range(rows)]}


def typed(**more: Any) -> Json:
    return {
        "type": "input",
        "block_id": "i",
        "label": plain("Label"),
        "element": {"type": "plain_text_input", "action_id": "t", **more},
    }


IMAGE = {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a"}

# What just fits, and what just does not, with the place the refusal must name.
GOOD: list[list[Json]] = [
    [section()] * 50,
    [section(text=mrkdwn("x" * 3000))],
    [section(fields=[mrkdwn("x" * 900)] * 10)],
    [{"type": "header", "text": plain("x" * 150)}],
    [actions(*[button(action_id=f"b{n}") for n in range(25)])],
    [actions(button()), actions(button())],  # the same action_id in two blocks is fine with Slack
    [{"type": "context", "elements": [mrkdwn("x")] * 10}],
    [actions(button(value="x" * 2000, text=plain("x" * 75), action_id="a" * 255))],
    [actions(select(100))],
    [actions({"type": "overflow", "action_id": "o", "options": options(5)})],
    [actions({"type": "checkboxes", "action_id": "c", "options": options(10)})],
    [table(100, 20)],
    [IMAGE, {"type": "divider"}, {"type": "markdown", "text": "**x**"}],
    [section(accessory=select(2, initial_option=options(1)[0]))],
    [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]}],
    [typed(max_length=10, initial_value="x" * 10)],
    [actions({"type": "datepicker", "action_id": "d", "initial_date": "2025-03-08"})],
    [actions({"type": "timepicker", "action_id": "d", "initial_time": "23:59"})],
]

BAD: list[tuple[str, list[Json], str]] = [
    ("51 blocks", [section()] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ("empty section text", [section(text=mrkdwn(""))], "/blocks/0/text/text"),
    ("blank section text", [section(text=mrkdwn("  "))], "white space"),
    ("section text too long", [section(text=mrkdwn("x" * 3001))], "less than 3001"),
    ("section without text", [{"type": "section"}], "text or fields"),
    ("11 fields", [section(fields=[mrkdwn("x")] * 11)], "no more than 10 items"),
    ("field too long", [section(fields=[mrkdwn("x" * 2001)])], "/fields/0/text"),
    ("header too long", [{"type": "header", "text": plain("x" * 151)}], "less than 151"),
    ("mrkdwn header", [{"type": "header", "text": mrkdwn("x")}], "must be plain_text"),
    ("26 actions", [actions(*[button(action_id=f"b{n}") for n in range(26)])], "no more than 25"),
    ("no actions", [actions()], "no fewer than 1"),
    ("duplicate action_id", [actions(button(), button())], "already exists"),
    ("duplicate block_id", [section(block_id="x"), section(block_id="x")], "already exists"),
    ("block_id too long", [section(block_id="x" * 256)], "less than 256"),
    ("action_id too long", [actions(button(action_id="x" * 256))], "less than 256"),
    ("button text too long", [actions(button(text=plain("x" * 76)))], "less than 76"),
    ("mrkdwn button", [actions(button(text=mrkdwn("x")))], "must be plain_text"),
    ("button value too long", [actions(button(value="x" * 2001))], "less than 2001"),
    ("button style", [actions(button(style="warning"))], "primary or danger"),
    ("button link", [actions(button(url="javascript:x"))], "valid URL"),
    ("unknown button field", [actions(button(colour="red"))], "invalid additional property"),
    ("confirm without deny", [actions(button(confirm={"title": plain("x")}))], "missing required field: deny"),
    ("11 context elements", [{"type": "context", "elements": [mrkdwn("x")] * 11}], "no more than 10"),
    ("button in context", [{"type": "context", "elements": [button()]}], "plain_text or mrkdwn"),
    ("101 options", [actions(select(101))], "no more than 100"),
    ("no options", [actions(select(0))], "no fewer than 1"),
    ("option twice", [actions(select(options=options(1) * 2))], "there twice"),
    ("long option", [actions(select(options=[{"text": plain("x" * 76), "value": "v"}]))], "less than 76"),
    ("long option value", [actions(select(options=[{"text": plain("x"), "value": "v" * 151}]))], "less than 151"),
    ("initial option elsewhere", [actions(select(initial_option=options(3)[2]))], "exactly match"),
    ("6 in overflow", [actions({"type": "overflow", "action_id": "o", "options": options(6)})], "no more than 5"),
    ("11 checkboxes", [actions({"type": "checkboxes", "action_id": "c", "options": options(11)})], "more than 10"),
    ("11 radio buttons", [actions({"type": "radio_buttons", "action_id": "c", "options": options(11)})], "more than 10"),
    ("input in actions", [actions({"type": "plain_text_input", "action_id": "t"})], "unsupported element type"),
    ("image without alt text", [{"type": "image", "image_url": "https://example.org/a.png"}], "alt_text"),
    ("image with empty alt text", [IMAGE | {"alt_text": ""}], "alt_text"),
    ("unknown block", [{"type": "carousel"}], "unsupported type"),
    ("101 rows", [table(101, 2)], "no more than 100"),
    ("21 columns", [table(2, 21)], "no more than 20"),
    ("two tables", [table(1, 1), table(1, 1)], "only_one_table_allowed"),
    ("empty cell", [table(1, 1, "")], "more than 0 characters"),
    ("ragged table", [{"type": "table", "rows": [*table(1, 1)["rows"], *table(1, 2)["rows"]]}], "same number of cells"),
    ("big table", [table(100, 20, "xxxxxx")], "10001"),
    ("text as a string", [section(text="words")], "must be an object"),
    ("emoji on mrkdwn", [section(text=mrkdwn("x") | {"emoji": True})], "invalid additional property"),
    ("element without action_id", [actions({"type": "button", "text": plain("x")})], "action_id"),
    ("long label", [typed() | {"label": plain("x" * 2001)}], "less than 2001"),
    ("long placeholder", [typed(placeholder=plain("x" * 151))], "less than 151"),
    ("start value over max_length", [typed(max_length=5, initial_value="x" * 6)], "less than 6"),
    ("start day", [actions({"type": "datepicker", "action_id": "d", "initial_date": "2025-02-30"})], "YYYY-MM-DD"),
    ("start time", [actions({"type": "timepicker", "action_id": "d", "initial_time": "25:00"})], "HH:mm"),
    ("rich text leaf", [{"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}], "unsupported type"),
]


@pytest.mark.parametrize("blocks", GOOD, ids=range(len(GOOD)))
def test_blocks_that_just_fit(client: WebClient, slack: FakeSlack, blocks: list[Json]) -> None:
    client.chat_postMessage(channel="C0DESK", text="x", blocks=blocks, **QUIET)
    assert len(slack.messages("C0DESK")) == 1


@pytest.mark.parametrize(("blocks", "named"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_blocks_that_do_not_fit(client: WebClient, slack: FakeSlack, blocks: list[Json], named: str) -> None:
    for call in (client.chat_postMessage, client.chat_postEphemeral):
        code, faults = refused(call, channel="C0DESK", user="U0EDITOR", text="x", blocks=blocks)
        assert code == "invalid_blocks"
        assert named in faults
    assert slack.messages() == slack.ephemerals() == []
    assert [c.outcome for c in slack.calls()] == ["invalid_blocks"] * 2


def test_blocks_that_are_no_list(client: WebClient) -> None:
    for blocks in ("{", '{"type": "divider"}'):
        assert refused(client.chat_postMessage, channel="C0DESK", text="x", blocks=blocks)[0] == "invalid_blocks_format"


def test_too_much_text_in_all_blocks_together(client: WebClient) -> None:
    blocks = [section(text=mrkdwn("x" * 2900))] * 4
    assert refused(client.chat_postMessage, channel="C0DESK", text="x", blocks=blocks)[0] == "msg_blocks_too_long"


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Title"), "blocks": list(blocks), **more}


@pytest.mark.parametrize(
    ("view", "named"),
    [
        (modal(title=plain("x" * 25)), "less than 25"),
        (modal(title=plain("")), "more than 0"),
        ({"type": "modal", "blocks": []}, "missing required field: title"),
        (modal(typed()), "submit"),
        (modal(*[section()] * 101), "no more than 100"),
        (modal(table(1, 1)), "unsupported type"),
        (modal({"type": "markdown", "text": "x"}), "unsupported type"),
        (modal(private_metadata="x" * 3001), "less than 3001"),
        (modal(callback_id="x" * 256), "less than 256"),
        (modal(submit=plain("x" * 25)), "less than 25"),
        (modal(typed(), typed(), submit=plain("Go")), "already exists"),
        (modal(colour="red"), "invalid additional property"),
        ({"type": "sheet", "blocks": []}, "unsupported view type"),
        (
            modal(
                typed(focus_on_load=True), typed(focus_on_load=True) | {"block_id": "j"}, submit=plain("Go")
            ),
            "only one element may have focus",
        ),
    ],
)  # fmt: skip
def test_views_that_do_not_fit(client: WebClient, slack: FakeSlack, view: Json, named: str) -> None:
    trigger = slack.state.new_trigger("U0EDITOR", "T0ATTACHE")
    code, faults = refused(client.views_open, trigger_id=trigger, view=view)
    assert code == "invalid_arguments"
    assert named in faults
    assert slack.views == []
