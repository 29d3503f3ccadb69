"""A real, minimal Bolt app on the other side of the stand-in, over HTTP and over Socket Mode."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import waitress
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.slack.serve import serve_socket
from tests.doubles import faults
from tests.doubles.door import BadAck, Door
from tests.doubles.hooks import new_response_url
from tests.doubles.slack import FakeSlack
from tests.payloads import events

Json = dict[str, Any]
Do = Callable[..., Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def field(name: str, *, optional: bool = False, **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": name, **more}
    return {"type": "input", "block_id": f"{name}_block", "optional": optional, "label": plain(name), "element": element}


FORM: Json = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Record"),
    "submit": plain("Save"),
    "notify_on_close": True,
    "private_metadata": "T-2",
    "blocks": [
        field("sides", initial_value="US"),
        field("place", optional=True, max_length=10),
        {
            "type": "actions",
            "block_id": "more",
            "elements": [
                {"type": "button", "action_id": "next", "text": plain("Next"), "value": "2"},
                {
                    "type": "static_select",
                    "action_id": "level",
                    "options": [{"text": plain(t), "value": t} for t in ("leader", "director")],
                },
            ],
        },
    ],
}
CARD: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "card"}},
    {"type": "actions", "elements": [{"type": "button", "action_id": "share", "text": plain("Share"), "value": "T-2"}]},
]


class Desk:
    """The app: what it heard, and what it shall answer to a command or a form."""

    def __init__(self, slack: FakeSlack) -> None:
        client = WebClient(token=slack.bot_token, base_url=slack.base_url, retry_handlers=[])
        self.app = App(client=client, signing_secret=slack.signing_secret, process_before_response=True)
        self.heard: list[Json] = []
        self.answer: Json = {"text": "card", "blocks": CARD}
        self.verdict: Json = {}
        self.delay = 0.0
        self.app.command("/talks")(self.command)
        self.app.action("share")(self.share)
        for action in ("next", "level"):
            self.app.action(action)(self.note)
        self.app.view("form")(self.submitted)
        self.app.view_closed("form")(self.note)
        self.app.shortcut("record")(self.shortcut)
        self.app.event("app_mention")(self.mention)

    def command(self, ack: Do, body: Json, client: WebClient) -> None:
        self.heard.append(body)
        time.sleep(self.delay)
        if body["text"] == "add":
            client.views_open(trigger_id=body["trigger_id"], view=FORM)
            ack()
        else:
            ack(**self.answer)

    def share(self, ack: Do, body: Json, respond: Do) -> None:
        self.heard.append(body)
        ack()
        respond(text="shared", response_type="in_channel", replace_original=False)
        respond(delete_original=True)

    def note(self, ack: Do, body: Json) -> None:
        self.heard.append(body)
        ack()

    def submitted(self, ack: Do, body: Json) -> None:
        self.heard.append(body)
        ack(**self.verdict)

    def shortcut(self, ack: Do, body: Json, client: WebClient) -> None:
        self.heard.append(body)
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    def mention(self, body: Json) -> None:
        self.heard.append(body)


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        yield fake


@pytest.fixture
def desk(slack: FakeSlack) -> Desk:
    return Desk(slack)


@pytest.fixture(params=["http", "socket"])
def door(request: pytest.FixtureRequest, slack: FakeSlack, desk: Desk) -> Iterator[Door]:
    if request.param == "socket":
        stop = threading.Event()
        serving = threading.Thread(target=serve_socket, args=(desk.app, slack.app_token, slack.base_url, stop))
        serving.start()
        yield slack.socket()
        stop.set()
        serving.join(10)
        return
    server = waitress.create_server(SlackRequestHandler(desk.app), host="127.0.0.1", port=0, threads=4, map={})
    thread = threading.Thread(target=server.run)
    thread.start()
    yield slack.http(f"http://127.0.0.1:{server.effective_port}/slack/events")
    server.task_dispatcher.shutdown()
    # Closed by its own thread: the loop ends when nothing is left to watch.
    server.trigger.pull_trigger(lambda: [c.close() for c in list(server._map.values())])
    thread.join(5)


def test_a_command_and_its_button(slack: FakeSlack, door: Door, desk: Desk) -> None:
    answer = door.command("/talks next us", user="U0READER")
    assert answer.message is not None
    assert (answer.text, answer.message.seen_by) == ("card", "U0READER")
    assert slack.ephemerals("U0READER", "C0DESK") == [answer.message]
    body = desk.heard[0]
    assert (body["command"], body["text"], body["is_enterprise_install"]) == ("/talks", "next us", "false")

    door.click(answer.message, "share", user="U0READER")
    assert desk.heard[1]["actions"][0]["value"] == "T-2"
    assert desk.heard[1]["container"]["is_ephemeral"]
    assert [m.text for m in slack.messages("C0DESK")] == ["shared"]
    assert slack.ephemerals() == []
    with pytest.raises(AssertionError, match="there is no 'hide'"):
        door.click(slack.messages()[0], "hide")


def test_a_form_from_opening_to_saving(slack: FakeSlack, door: Door, desk: Desk) -> None:
    assert door.command("/talks add").message is None
    view = slack.top_view
    door.click(view, "level", value="director")
    assert desk.heard[-1]["actions"][0]["selected_option"]["value"] == "director"

    desk.verdict = {"response_action": "errors", "errors": {"place_block": "Not a place"}}
    refused = door.submit(view, {"place": "Atlantis"})
    assert (refused.errors, refused.view) == ({"place_block": "Not a place"}, view)
    state = desk.heard[-1]["view"]["state"]["values"]
    assert state["sides_block"]["sides"] == {"type": "plain_text_input", "value": "US"}
    assert state["place_block"]["place"]["value"] == "Atlantis"
    assert desk.heard[-1]["view"]["private_metadata"] == "T-2"

    desk.verdict = {"response_action": "push", "view": FORM}
    on_top = door.submit(view).view
    assert on_top is not None
    assert (on_top.previous, on_top.root) == (view.id, view.id)
    desk.verdict = {"response_action": "update", "view": FORM | {"title": plain("Again")}}
    assert door.submit(on_top).view is on_top
    assert on_top.body["title"] == plain("Again")
    assert door.close(on_top) is not None
    assert desk.heard[-1]["type"] == "view_closed"
    desk.verdict = {}
    assert door.submit(view).view is None
    with pytest.raises(AssertionError, match="no form is open"):
        _ = slack.top_view


def test_with_the_sdks_own_socket_mode_client(slack: FakeSlack, desk: Desk) -> None:
    web = WebClient(token=slack.app_token, base_url=slack.base_url)
    handler = SocketModeHandler(desk.app, slack.app_token, web_client=web)
    handler.connect()  # type: ignore[no-untyped-call]
    assert slack.socket().command("/talks next").text == "card"
    handler.close()  # type: ignore[no-untyped-call]
    slack.sockets.wait_until_gone()


def test_what_slacks_own_form_would_not_send(slack: FakeSlack, door: Door) -> None:
    door.command("/talks add")
    cases = [("sides", "", "required and empty"), ("place", "x" * 11, "0 to 10"), ("colour", "red", "no field")]
    for name, value, why in [*cases, ("level", "king", "offers")]:
        values = {name: value}
        with pytest.raises(AssertionError, match=why):
            door.submit(slack.top_view, values)


def test_shortcuts(slack: FakeSlack, door: Door, desk: Desk) -> None:
    said = slack.say("US and Russia to meet", user="U0NEWSBOT")
    door.message_shortcut("record", said)
    assert desk.heard[-1]["message"]["text"] == "US and Russia to meet"
    assert desk.heard[-1]["message_ts"] == said.ts
    slack.wait_for(lambda: len(slack.views) == 1)
    door.global_shortcut("record")
    assert "channel" not in desk.heard[-1]
    slack.wait_for(lambda: len(slack.views) == 2)


def test_what_people_type_arrives_escaped(slack: FakeSlack, door: Door, desk: Desk) -> None:
    door.command("/talks search R&D <!channel> <@U0EDITOR|ingrid>")
    assert desk.heard[-1]["text"] == "search R&amp;D &lt;!channel&gt; <@U0EDITOR|ingrid>"
    door.message_shortcut("record", slack.say("Q&A"))
    assert desk.heard[-1]["message"]["text"] == "Q&amp;A"


def test_events(door: Door, desk: Desk) -> None:
    door.event(events.app_mention("hello", user="U0EDITOR", channel="C0DESK", ts="1.000001"), event_id="Ev1")
    assert desk.heard[-1]["event_id"] == "Ev1"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"blocks": CARD}, "no_text"),
        ({"text": "x" * 4001}, "msg_too_long"),
        ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"text": "x", "response_type": "shout"}, "response_type"),
    ],
)
def test_an_ack_that_slack_would_not_take(door: Door, desk: Desk, answer: Json, why: str) -> None:
    desk.answer = answer
    with pytest.raises(BadAck, match=why):
        door.command("/talks next")
    assert door.command("/talks next", strict=False).message is None


@pytest.mark.parametrize(
    ("verdict", "why"),
    [
        ({"response_action": "errors", "errors": {"sides": "No"}}, "no input here"),
        ({"response_action": "errors", "errors": {"sides_block": ""}}, "says nothing"),
        ({"response_action": "errors", "errors": {"more": "No"}}, "no input here"),
        ({"response_action": "update", "view": {"type": "modal", "blocks": []}}, "missing required field: title"),
    ],
)
def test_a_verdict_that_slack_would_not_take(slack: FakeSlack, door: Door, desk: Desk, verdict: Json, why: str) -> None:
    door.command("/talks add")
    desk.verdict = verdict
    with pytest.raises(BadAck, match=why):
        door.submit(slack.top_view)


def test_too_late_is_too_late(door: Door, desk: Desk) -> None:
    desk.delay = 3.2
    with pytest.raises(BadAck, match="operation_timeout"):
        door.command("/talks next")


def test_a_command_nobody_listens_to(door: Door) -> None:
    with pytest.raises(BadAck, match=r"dispatch_failed|operation_timeout"):
        door.command("/elsewhere x", timeout=0.5)


def test_a_response_url_works_five_times_in_thirty_minutes() -> None:
    now = [1_740_240_000.0]
    with FakeSlack(clock=lambda: now[0]) as slack:

        def url() -> WebhookClient:
            path = new_response_url(slack.state, "C0DESK", "U0EDITOR")
            return WebhookClient(slack.base_url.removesuffix("/api/") + path, retry_handlers=[])

        first = url()
        codes = [first.send(text=f"n{n}").status_code for n in range(6)]
        assert codes == [200] * 5 + [404]
        second = url()
        now[0] += 30 * 60 + 1
        assert "expired_url" in second.send(text="x").body
        third = url()
        assert "no_text" in third.send(blocks=CARD).body
        slack.fault("response_url", faults.http_status(500), times=1)
        assert third.send(text="x").status_code == 500
        assert third.send(text="y").status_code == 200
        assert len(slack.ephemerals("U0EDITOR")) == 6
