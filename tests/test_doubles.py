"""The stand-in for Slack refuses what Slack refuses: each rule tried with the real slack_sdk client over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.doubles.scopes import ALL_SCOPES, scopes_from_manifest
from tests.doubles.slack import FakeSlack
from tests.test_doubles_blocks import mrkdwn, plain, section

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


def test_texts(client: WebClient, slack: FakeSlack) -> None:
    post = client.chat_postMessage
    assert refused(client.api_call, "chat.postMessage", json={"channel": "C0DESK", "blocks": [section()]})[0] == "no_text"
    assert refused(client.api_call, "chat.postMessage", json={"channel": "C0DESK", "text": " "})[0] == "no_text"
    assert refused(post, channel="C0DESK", text="x" * 4001)[0] == "msg_too_long"
    post(channel="C0DESK", text="x" * 4000, **QUIET)
    assert slack.complaints == []


def test_what_would_ring_bells_is_recorded(client: WebClient, slack: FakeSlack) -> None:
    for text in ("<!channel> x", "<!here|here>", "<!everyone>", "<!subteam^S01|desk>"):
        client.chat_postMessage(channel="C0DESK", text="x", blocks=[section(text=mrkdwn(text))], **QUIET)
    client.chat_postMessage(channel="C0DESK", text="hello <@U0EDITOR>", **QUIET)
    client.chat_postMessage(channel="C0DESK", text="&lt;!channel&gt; &amp; so", **QUIET)
    client.chat_postMessage(channel="C0DESK", text="x", blocks=[{"type": "header", "text": plain("<!channel>")}], **QUIET)
    assert [b.token for b in slack.broadcasts] == ["<!channel>", "<!here|here>", "<!everyone>", "<!subteam^S01|desk>"]
    assert [m.token for m in slack.mentions] == ["<@U0EDITOR>"]
    assert slack.complaints == []


@pytest.mark.parametrize("text", ["a & b", "a <b> c", "<javascript:x|y>", "R&D;"])
def test_what_is_not_escaped_is_complained_of(client: WebClient, slack: FakeSlack, text: str) -> None:
    client.chat_postMessage(channel="C0DESK", text=text, **QUIET)
    assert "is not escaped" in slack.complaints[0]


def test_what_is_escaped_or_a_token_is_not(client: WebClient, slack: FakeSlack) -> None:
    text = "a &amp; &lt;b&gt; <https://example.org/a?b=c&amp;d=e|link> <!date^1740240000^{date}|22 Feb> <#C0DESK>\n> quoted"
    client.chat_postMessage(channel="C0DESK", text=text, **QUIET)
    assert slack.complaints == []


def test_unfurling_left_on_is_complained_of(client: WebClient, slack: FakeSlack) -> None:
    client.chat_postMessage(channel="C0DESK", text="x")
    assert len(slack.complaints) == 2


def test_channels(client: WebClient, slack: FakeSlack) -> None:
    post = client.chat_postMessage
    for channel, code in [
        ("C0NOWHERE", "channel_not_found"),
        ("foreign-desk", "channel_not_found"),
        ("C0NOTIN", "not_in_channel"),
        ("G0HIDDEN", "channel_not_found"),
        ("C0ARCHIVED", "is_archived"),
        ("U0NEWSBOT", "cannot_dm_bot"),
        ("U0GONE", "user_disabled"),
    ]:
        assert refused(post, channel=channel, text="x")[0] == code
    assert refused(client.chat_postEphemeral, channel="C0DESK", user="U0NOBODY", text="x")[0] == "user_not_in_channel"
    assert post(channel="U0EDITOR", text="x", **QUIET)["channel"].startswith("D0")
    assert client.conversations_join(channel="C0NOTIN")["channel"]["is_member"]
    post(channel="C0NOTIN", text="x", **QUIET)


def test_tokens_and_scopes(slack: FakeSlack, tmp_path: Path) -> None:
    def code(token: str | None, method: str = "auth.test", **args: Any) -> str:
        client = WebClient(token=token, base_url=slack.base_url, retry_handlers=[])
        return refused(client.api_call, method, params=args)[0]

    assert code(None) == "not_authed"
    assert code("xoxb-wrong") == "invalid_auth"
    assert code(slack.app_token) == "not_allowed_token_type"
    assert code(slack.bot_token, "apps.connections.open") == "not_allowed_token_type"
    assert code(slack.bot_token, "users.delete") == "unknown_method"

    manifest = tmp_path / "app.yaml"
    manifest.write_text("oauth_config: {scopes: {bot: [commands, channels:history]}}", encoding="utf-8")
    with FakeSlack(scopes=scopes_from_manifest(manifest)) as narrow:
        client = WebClient(token=narrow.bot_token, base_url=narrow.base_url, retry_handlers=[])
        with pytest.raises(SlackApiError) as e:
            client.chat_postMessage(channel="C0DESK", text="x")
        assert e.value.response["error"] == "missing_scope"
        assert e.value.response["needed"] == "chat:write"
        assert e.value.response["provided"] == "channels:history,commands"
        client.conversations_history(channel="C0DESK")
        assert refused(client.conversations_history, channel="G0PRIVATE")[0] == "missing_scope"
    assert "chat:write" in ALL_SCOPES


def test_metadata(client: WebClient, slack: FakeSlack) -> None:
    post = client.chat_postMessage
    good = {"event_type": "attache_post", "event_payload": {"key": "k1"}}
    post(channel="C0DESK", text="x", metadata=good, **QUIET)
    post(channel="C0DESK", text="x", **dict(metadata=json.dumps(good), **QUIET))
    assert slack.copies() == {"k1": 2}
    for bad in (
        {"event_type": "x"},
        {"event_type": "", "event_payload": {}},
        {"event_type": "x", "event_payload": {"a": None}},
    ):
        assert refused(post, channel="C0DESK", text="x", metadata=bad)[0] == "invalid_metadata_schema"
    assert refused(post, channel="C0DESK", text="x", metadata={"a": 1})[0] == "invalid_metadata_format"


def test_reading_back(client: WebClient, slack: FakeSlack) -> None:
    sent = [client.chat_postMessage(channel="C0DESK", text=f"m{n}", **QUIET)["ts"] for n in range(5)]
    assert sent == sorted(set(sent), key=float)
    reply = client.chat_postMessage(channel="C0DESK", text="reply", thread_ts=sent[1], **QUIET)["ts"]
    client.chat_postEphemeral(channel="C0DESK", user="U0EDITOR", text="only you")
    slack.say("someone else")

    first = client.conversations_history(channel="C0DESK", limit=4)
    assert [m["text"] for m in first["messages"]] == ["someone else", "m4", "m3", "m2"]
    assert first["has_more"]
    cursor = first["response_metadata"]["next_cursor"]
    rest = client.conversations_history(channel="C0DESK", limit=4, cursor=cursor)
    assert [m["text"] for m in rest["messages"]] == ["m1", "m0"]
    window = client.conversations_history(channel="C0DESK", oldest=sent[1], latest=sent[4])
    assert [m["text"] for m in window["messages"]] == ["m3", "m2"]
    both = client.conversations_history(channel="C0DESK", oldest=sent[1], latest=sent[4], inclusive=True)
    assert [m["text"] for m in both["messages"]] == ["m4", "m3", "m2", "m1"]
    thread = client.conversations_replies(channel="C0DESK", ts=sent[1])
    assert [m["ts"] for m in thread["messages"]] == [sent[1], reply]

    history = client.conversations_history
    assert refused(history, channel="C0DESK", limit=1000)[0] == "invalid_limit"
    assert refused(history, channel="C0DESK", cursor="x")[0] == "invalid_cursor"
    assert refused(history, channel="C0DESK", oldest="soon")[0] == "invalid_ts_oldest"
    assert refused(history, channel="C0NOTIN")[0] == "not_in_channel"
    assert refused(client.conversations_replies, channel="C0DESK", ts="1.000000")[0] == "thread_not_found"
    assert refused(client.chat_postMessage, channel="C0DESK", text="x", thread_ts="1.000000")[0] == "thread_not_found"


def test_metadata_is_shown_only_when_asked_for(client: WebClient) -> None:
    meta = {"event_type": "attache_post", "event_payload": {"key": "k1"}}
    client.chat_postMessage(channel="C0DESK", text="x", metadata=meta, **QUIET)
    assert "metadata" not in client.conversations_history(channel="C0DESK")["messages"][0]
    assert client.conversations_history(channel="C0DESK", include_all_metadata=True)["messages"][0]["metadata"] == meta


def test_changing_and_deleting(client: WebClient, slack: FakeSlack) -> None:
    ts = client.chat_postMessage(channel="C0DESK", text="one", **QUIET)["ts"]
    client.chat_update(channel="C0DESK", ts=ts, text="two")
    assert [m.text for m in slack.messages()] == ["two"]
    assert refused(client.chat_update, channel="C0DESK", ts="1.000000", text="x")[0] == "message_not_found"
    other = slack.say("mine")
    assert refused(client.chat_update, channel="C0DESK", ts=other.ts, text="x")[0] == "cant_update_message"
    assert refused(client.chat_delete, channel="C0DESK", ts=other.ts)[0] == "cant_delete_message"
    assert ts.replace(".", "") in client.chat_getPermalink(channel="C0DESK", message_ts=ts)["permalink"]
    client.chat_delete(channel="C0DESK", ts=ts)
    assert slack.messages() == []
    assert refused(client.chat_delete, channel="C0DESK", ts=ts)[0] == "message_not_found"


def test_people(client: WebClient) -> None:
    assert client.auth_test()["user_id"] == "U0ATTACHE"
    guest = client.users_info(user="U0GUEST")["user"]
    assert (guest["is_restricted"], guest["is_ultra_restricted"], guest["tz"]) == (True, False, "Europe/Brussels")
    assert client.users_info(user="U0OUTSIDE")["user"]["team_id"] == "T0ELSEWHERE"
    assert client.users_info(user="U0ADMIN")["user"]["is_admin"]
    assert refused(client.users_info, user="U0NOBODY")[0] == "user_not_found"
    assert client.conversations_info(channel="C0SHARED")["channel"]["is_ext_shared"]
    assert client.conversations_open(users="U0EDITOR")["channel"]["is_im"]
    assert refused(client.conversations_open, users="U0NOBODY")[0] == "user_not_found"


def test_files(client: WebClient, slack: FakeSlack) -> None:
    client.files_upload_v2(
        channel="C0DESK", content=b"\x89PNG", filename="rank.png", alt_txt="Countries ranked", title="Rank", initial_comment="x"
    )
    (upload,) = slack.uploads
    assert (upload.data, upload.complete, upload.channel, upload.alt_txt) == (b"\x89PNG", True, "C0DESK", "Countries ranked")
    (message,) = slack.messages("C0DESK")
    assert message.files[0]["title"] == "Rank"
    assert slack.complaints == []
    assert refused(client.files_completeUploadExternal, files=[{"id": "F0"}])[0] == "file_not_found"
    pending = client.files_getUploadURLExternal(filename="b.png", length=3)
    assert "without alt_txt" in slack.complaints[0]
    assert refused(client.files_completeUploadExternal, files=[{"id": pending["file_id"]}])[0] == "file_not_found"


def test_a_trigger_works_once_and_for_three_seconds() -> None:
    now = [1_740_240_000.0]
    with FakeSlack(clock=lambda: now[0]) as slack:
        client = WebClient(token=slack.bot_token, base_url=slack.base_url, retry_handlers=[])
        view = {"type": "modal", "title": plain("T"), "blocks": [section()]}
        trigger = slack.state.new_trigger("U0EDITOR", "T0ATTACHE")
        client.views_open(trigger_id=trigger, view=view)
        assert refused(client.views_open, trigger_id=trigger, view=view)[0] == "exchanged_trigger_id"
        late = slack.state.new_trigger("U0EDITOR", "T0ATTACHE")
        now[0] += 3.1
        assert refused(client.views_open, trigger_id=late, view=view)[0] == "expired_trigger_id"
        assert refused(client.views_open, trigger_id="1.2.3", view=view)[0] == "invalid_trigger_id"
        top = slack.top_view
        fresh = slack.state.new_trigger("U0EDITOR", "T0ATTACHE", view=top.id)
        pushed = client.views_push(trigger_id=fresh, view=view)["view"]
        assert (pushed["previous_view_id"], pushed["root_view_id"]) == (top.id, top.id)
        assert refused(client.views_update, view_id=top.id, hash="old", view=view)[0] == "hash_conflict"
        client.views_update(view_id=top.id, hash=top.hash, view=view | {"title": plain("New")})
        assert top.body["title"] == plain("New")
        assert refused(client.views_update, view_id="V0", view=view)[0] == "not_found"


def test_forms_and_json_bodies_mean_the_same(client: WebClient, slack: FakeSlack) -> None:
    blocks = [section(text=mrkdwn("x"))]
    client.api_call("chat.postMessage", params={"channel": "C0DESK", "text": "x", "blocks": json.dumps(blocks)})
    client.api_call("chat.postMessage", json={"channel": "C0DESK", "text": "x", "blocks": blocks})
    first, second = (slack.messages()[n].blocks[0]["text"] for n in (0, 1))
    assert first == second == mrkdwn("x")
