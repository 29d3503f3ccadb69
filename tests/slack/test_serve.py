"""Serving over real HTTP and real Socket Mode: quick, strict at the door, and gentle at the end."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import logging
import os
import signal
import socket as sockets
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from bot.slack.serve import BODY_BYTES, serve_http
from bot.slack.sockets import ACK_SECONDS
from tests.doubles.doors import encode
from tests.doubles.signing import sign
from tests.doubles.slack import FakeSlack
from tests.payloads import commands, events
from tests.slack.conftest import Served, ServedHttp, in_parallel, until
from tests.slack.tiny import Tiny

ROOT = Path(__file__).resolve().parents[2]


def command_body(text: str = "x") -> bytes:
    body = commands.slash_command(
        "/quick", text, user_id="U0EDITOR", channel_id="C0DESK", trigger_id="1.2.3", response_url="http://127.0.0.1:1/r"
    )
    return encode("slash_commands", dict(body))[0]


FORM = "application/x-www-form-urlencoded"


# The ordinary way.


@pytest.mark.parametrize("way", ["http", "socket"])
def test_a_command_is_answered_in_its_ack(way: str, request: pytest.FixtureRequest) -> None:
    served = request.getfixturevalue(f"served_{way}")
    answer = served.door.command("/quick one")
    assert answer.text == "quick one"
    assert answer.message is not None
    assert answer.message.seen_by == "U0EDITOR"
    assert ACK_SECONDS - 1 < served.tiny.left[0] <= ACK_SECONDS


@pytest.mark.parametrize("way", ["http", "socket"])
def test_an_event_is_acknowledged_with_nothing(way: str, request: pytest.FixtureRequest) -> None:
    served = request.getfixturevalue(f"served_{way}")
    served.door.event(events.app_mention("hello", user="U0EDITOR", channel="C0DESK", ts="1.000001"))
    assert served.tiny.ran == ["hello"]


@pytest.mark.parametrize("way", ["http", "socket"])
def test_five_slow_requests_leave_room_for_a_sixth(way: str, request: pytest.FixtureRequest) -> None:
    served = request.getfixturevalue(f"served_{way}")
    pool, slow = in_parallel(lambda text: served.door.command(f"/slow {text}"), ["1", "2", "3", "4", "5"])
    with pool:
        for _ in slow:
            assert served.tiny.started.acquire(timeout=2)
        assert served.door.command("/quick sixth").text == "quick sixth"
        assert served.tiny.ran == ["sixth"]
        served.tiny.go.set()
        assert sorted(f.result().text for f in slow) == [f"slow {n}" for n in range(1, 6)]


# At the door.


def test_what_is_no_request_of_slacks_is_turned_away(served_http: ServedHttp, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    raw = command_body("secret-words")
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=6)
    ahead = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=6)
    wrong = sign(raw, "another secret", dt.datetime.now(dt.UTC))
    for headers in (
        wrong,
        sign(raw, served_http.door.secret, long_ago),
        sign(raw, served_http.door.secret, ahead),
        {"X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Request-Timestamp": "99999999999999999999999"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "1e9"},
        {"X-Slack-Signature": "v0=\u00e9\u00e9"},
        {"X-Slack-Signature": "v0=short"},
        {"X-Slack-Signature": ""},
    ):
        status, text, _, _ = served_http.door.post(raw, FORM, headers=headers)
        assert status == 401, headers
        assert "secret-words" not in text
    assert served_http.tiny.ran == []
    assert "secret-words" not in caplog.text
    assert "Traceback" not in caplog.text


def test_a_request_without_a_signature_is_turned_away(served_http: ServedHttp) -> None:
    connection = http_connection(served_http)
    connection.request("POST", "/slack/events", command_body(), {"Content-Type": FORM})
    assert connection.getresponse().status == 401
    connection.close()
    assert served_http.tiny.ran == []


def http_connection(served: ServedHttp) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)


@pytest.mark.parametrize(
    ("raw", "content"),
    [
        (b"\xff\xfe\x00garbage", FORM),
        (b"payload=%7Bnot json", FORM),
        (b"payload=%5B1%2C2%5D", FORM),
        (b"{", "application/json"),
        (b"[1, 2]", "application/json"),
        (b'"text"', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"", "application/json"),
    ],
)
def test_a_signed_body_that_is_not_what_it_claims(served_http: ServedHttp, raw: bytes, content: str) -> None:
    status, _, _, _ = served_http.door.post(raw, content)
    assert status == 400
    assert served_http.door.command("/quick after").text == "quick after"


def test_wrong_places_and_sizes(served_http: ServedHttp) -> None:
    assert served_http.door.post(b"", method="GET")[0] == 405
    assert served_http.door.post(b"", method="PUT")[0] == 405
    served_http.door.url = f"http://127.0.0.1:{served_http.port}/elsewhere"
    assert served_http.door.post(b"{}")[0] == 404
    connection = http_connection(served_http)
    connection.putrequest("POST", "/slack/events")
    connection.putheader("Content-Length", str(BODY_BYTES + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_slacks_own_checks_pass(served_http: ServedHttp) -> None:
    assert served_http.door.verify_url()
    assert served_http.door.ssl_check() == 200


def test_health(served_http: ServedHttp) -> None:
    def ask(method: str = "GET") -> tuple[int, Any]:
        connection = http_connection(served_http)
        connection.request(method, "/healthz")
        response = connection.getresponse()
        raw = response.read()
        connection.close()
        return response.status, json.loads(raw) if raw else None

    assert ask() == (200, {"ok": True})
    assert ask("HEAD") == (200, None)
    assert ask("POST")[0] == 405
    served_http.health["ok"] = False
    assert ask()[0] == 503


def test_a_health_check_that_fails_says_no(fake_slack: FakeSlack) -> None:
    tiny, stop, ports = Tiny(fake_slack.base_url), threading.Event(), list[int]()
    up = threading.Event()

    def broken() -> dict[str, Any]:
        raise OSError("no store")

    def ready(port: int) -> None:
        ports.append(port)
        up.set()

    served = Served(tiny, stop, lambda: serve_http(tiny.app, "127.0.0.1", 0, stop, broken, ready=ready))
    assert up.wait(10)
    connection = http.client.HTTPConnection("127.0.0.1", ports[0], timeout=5)
    connection.request("GET", "/healthz")
    response = connection.getresponse()
    assert (response.status, json.loads(response.read())) == (503, {"ok": False})
    connection.close()
    served.end()


def test_a_broken_handler_is_a_500_and_the_next_request_works(served_http: ServedHttp) -> None:
    answer = served_http.door.command("/broken", strict=False)
    assert answer.status == 500
    assert "on purpose" not in str(answer.payload)
    assert served_http.door.command("/quick on").text == "quick on"


def test_a_port_that_is_taken_is_an_error_at_once(fake_slack: FakeSlack) -> None:
    with sockets.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            serve_http(
                Tiny(fake_slack.base_url).app, "127.0.0.1", taken.getsockname()[1], threading.Event(), lambda: {"ok": True}
            )


# The end of HTTP.


def test_stop_lets_the_request_under_way_finish_and_takes_no_new_one(served_http: ServedHttp) -> None:
    pool, (slow,) = in_parallel(lambda text: served_http.door.command(f"/slow {text}"), ["last"])
    idle = http_connection(served_http)  # an open connection that says nothing must not hold up the stop
    idle.connect()
    with pool:
        assert served_http.tiny.started.acquire(timeout=2)
        served_http.stop.set()
        until(lambda: served_http.door.command("/quick late", strict=False).status in (0, 503))
        served_http.tiny.go.set()
        assert slow.result().text == "slow last"
    served_http.end()
    idle.close()
    assert "late" not in served_http.tiny.ran[-1:]
    assert served_http.tiny.ran[-1] == "last"


# A real SIGTERM to a real process.


@pytest.mark.parametrize("way", ["http", "socket"])
def test_sigterm_in_mid_request(way: str, fake_slack: FakeSlack) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.slack.tiny", way, fake_slack.base_url],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        port = json.loads(process.stdout.readline())["port"]
        door: Any = fake_slack.socket() if way == "socket" else fake_slack.http(f"http://127.0.0.1:{port}/slack/events")
        pool, (slow,) = in_parallel(lambda text: door.command(f"/slow {text}"), ["mid"])
        with pool:
            time.sleep(0.5)  # the handler takes a second, and cannot be watched from here
            process.send_signal(signal.SIGTERM)
            assert slow.result().text == "slow mid"
        out, err = process.communicate(timeout=10)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, err
    assert json.loads(out) == {"ran": ["mid"]}
