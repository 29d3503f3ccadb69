"""The stand-in makes trouble exactly as asked: what was accepted, what was not, and what the caller sees of it."""

from __future__ import annotations

import http.client
import threading
import time
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.doubles import faults
from tests.doubles.faults import Fault
from tests.doubles.process import SlackProcess
from tests.doubles.slack import FakeSlack

QUIET: Any = {"unfurl_links": False, "unfurl_media": False}


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        yield fake


@pytest.fixture
def client(slack: FakeSlack) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.base_url, retry_handlers=[], timeout=1)


BROKEN = (OSError, http.client.HTTPException)


@pytest.mark.parametrize(
    ("fault", "accepted", "seen"),
    [
        (faults.drop(), False, BROKEN),
        (faults.accept_then_drop(), True, BROKEN),
        (faults.hang(3), False, BROKEN),
        (faults.accept_then_hang(3), True, BROKEN),
        (faults.http_status(500), False, SlackApiError),
        (faults.http_status(503), False, SlackApiError),
        (faults.http_status(502, accepted=True), True, SlackApiError),
        (faults.truncated_json(), True, SlackApiError),
        (faults.html_page(), False, SlackApiError),
        (faults.html_page(accepted=True), True, SlackApiError),
    ],
)
def test_ambiguous_trouble(
    client: WebClient, slack: FakeSlack, fault: Fault, accepted: bool, seen: type[Exception] | tuple[type[Exception], ...]
) -> None:
    slack.fault("chat.postMessage", fault, times=1)
    with pytest.raises(seen):
        client.chat_postMessage(channel="C0DESK", text="x", **QUIET)
    assert len(slack.messages("C0DESK")) == int(accepted)
    client.chat_postMessage(channel="C0DESK", text="y", **QUIET)
    assert slack.messages("C0DESK")[-1].text == "y"
    assert [times for _, _, times in slack.struck()] == [1]


@pytest.mark.parametrize("code", ["is_archived", "not_in_channel", "token_revoked", "invalid_blocks", "internal_error"])
def test_error_codes(client: WebClient, slack: FakeSlack, code: str) -> None:
    slack.fault("chat.postMessage", faults.error(code), channel="C0DESK")
    with pytest.raises(SlackApiError) as e:
        client.chat_postMessage(channel="C0DESK", text="x")
    assert e.value.response["error"] == code
    client.chat_postMessage(channel="C0OTHER", text="x", **QUIET)  # only that channel is in trouble
    slack.clear_faults()
    client.chat_postMessage(channel="C0DESK", text="x", **QUIET)


def test_rate_limited_once(client: WebClient, slack: FakeSlack) -> None:
    slack.fault("*", faults.rate_limited(7), times=1)
    with pytest.raises(SlackApiError) as e:
        client.auth_test()
    assert (e.value.response.status_code, e.value.response.headers["Retry-After"]) == (429, "7")


def test_one_message_a_second_in_a_channel(client: WebClient, slack: FakeSlack) -> None:
    slack.rate_limit(channel_seconds=0.4)
    client.chat_postMessage(channel="C0DESK", text="x", **QUIET)
    client.chat_postMessage(channel="C0OTHER", text="x", **QUIET)
    with pytest.raises(SlackApiError) as e:
        client.chat_postMessage(channel="C0DESK", text="x", **QUIET)
    assert (e.value.response.status_code, e.value.response.headers["Retry-After"]) == (429, "1")
    time.sleep(0.45)
    client.chat_postMessage(channel="C0DESK", text="x", **QUIET)
    assert slack.rate_limited == 1
    slack.rate_limit(channel_seconds=0, per_minute=4)  # three messages went out within this minute
    client.chat_postMessage(channel="C0DESK", text="x", **QUIET)
    with pytest.raises(SlackApiError) as e:
        client.chat_postMessage(channel="C0OTHER", text="x", **QUIET)
    assert int(e.value.response.headers["Retry-After"]) > 50


def test_late_accepts(client: WebClient, slack: FakeSlack) -> None:
    slack.fault("chat.postMessage", faults.accept_late(0.5), times=1)
    slack.fault("chat.postMessage", faults.drop_then_accept_late(0.5), times=1)
    started = time.monotonic()
    client.chat_postMessage(channel="C0DESK", text="late", **QUIET)
    assert time.monotonic() - started >= 0.5
    with pytest.raises(BROKEN):
        client.chat_postMessage(channel="C0DESK", text="later", **QUIET)
    assert len(slack.messages()) == 1
    slack.wait_for(lambda: len(slack.messages()) == 2)
    assert [c.outcome for c in slack.calls()] == ["ok (late)", "ok (drop)"]


def test_the_dice_are_seeded_and_fair() -> None:
    def throws(seed: int) -> list[Fault | None]:
        book = faults.Faults(seed)
        book.add("m", faults.drop(), probability=0.05)
        book.add("m", faults.rate_limited(), probability=0.10)
        return [book.next("m", {}) for _ in range(4000)]

    first = throws(7)
    assert first == throws(7) != throws(8)
    assert 150 < first.count(faults.drop()) < 250
    assert 330 < first.count(faults.rate_limited()) < 470


def test_the_sdks_own_retry_doubles_a_post(slack: FakeSlack) -> None:
    """The trap that posting clients avoid with retry_handlers=[]: here it is seen to be real."""
    slack.fault("chat.postMessage", faults.accept_then_drop(), times=1)
    careless = WebClient(token=slack.bot_token, base_url=slack.base_url)
    meta = {"event_type": "attache_post", "event_payload": {"key": "k1"}}
    careless.chat_postMessage(channel="C0DESK", text="x", metadata=meta, **QUIET)
    assert slack.copies() == {"k1": 2}


def test_leaving_ends_everything_even_hanging_calls() -> None:
    before = set(threading.enumerate())
    with FakeSlack() as slack:
        slack.fault("chat.postMessage", faults.accept_late(60))
        client = WebClient(token=slack.bot_token, base_url=slack.base_url, retry_handlers=[])

        def post() -> None:
            with pytest.raises(BROKEN):
                client.chat_postMessage(channel="C0DESK", text="x")

        hanging = threading.Thread(target=post)
        hanging.start()
        time.sleep(0.2)
        started = time.monotonic()
    hanging.join(5)
    assert time.monotonic() - started < 3
    assert slack.messages() == []
    assert set(threading.enumerate()) <= before


def test_nobody_listens_once_it_is_gone() -> None:
    with FakeSlack() as slack:
        client = WebClient(token=slack.bot_token, base_url=slack.base_url, retry_handlers=[])
        client.auth_test()
    with pytest.raises(urllib.error.URLError):
        client.auth_test()


def test_as_a_process_it_survives_its_own_death(tmp_path: Path) -> None:
    journal = tmp_path / "slack.jsonl"
    meta = {"event_type": "attache_post", "event_payload": {"key": "k1"}}
    with SlackProcess(journal) as slack:
        port = int(slack.base_url.split(":")[2].split("/")[0])
        client = WebClient(token=slack.bot_token, base_url=slack.base_url, retry_handlers=[])
        slack.fault("chat.postMessage", faults.accept_then_drop(), times=1)
        with pytest.raises(BROKEN):
            client.chat_postMessage(channel="C0DESK", text="x", metadata=meta, **QUIET)
        assert slack.copies() == {"k1": 1}
        assert slack.dump()["struck"][0][2] == 1
        ts = slack.messages()[0]["ts"]
        client.chat_update(channel="C0DESK", ts=ts, text="changed")
        slack.kill()
    with SlackProcess(journal, port=port) as again:
        client = WebClient(token=again.bot_token, base_url=again.base_url, retry_handlers=[])
        (row,) = client.conversations_history(channel="C0DESK", include_all_metadata=True)["messages"]
        assert (row["ts"], row["text"], row["metadata"]) == (ts, "changed", meta)
        assert float(client.chat_postMessage(channel="C0DESK", text="y", **QUIET)["ts"]) > float(ts)
