"""Socket Mode against real WebSockets: refreshes, losses and the end, with no command lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from bot.slack.serve import SocketRefused, serve_socket
from bot.slack.sockets import WORKERS
from tests.doubles import faults
from tests.doubles.door import Delivery
from tests.doubles.slack import FakeSlack
from tests.payloads import events
from tests.slack.conftest import Served, ServedSocket, in_parallel, until
from tests.slack.tiny import Tiny


def test_a_refresh_loses_nothing(fake_slack: FakeSlack, served_socket: ServedSocket) -> None:
    """Commands sent all through three refreshes are all answered, each on the line it came by."""
    done = threading.Event()
    answers: list[Delivery] = []

    def ask() -> None:
        n = 0
        while not done.is_set():
            answers.append(served_socket.door.command(f"/quick {n}"))
            n += 1

    asking = threading.Thread(target=ask)
    asking.start()
    for turn in range(2, 5):
        before = len(answers)
        until(lambda before=before: len(answers) > before + 5)  # type: ignore[misc]
        fake_slack.sockets.refresh(reason="warning" if turn == 3 else "refresh_requested", grace=1.0)
        until(lambda turn=turn: fake_slack.sockets.opened >= turn)  # type: ignore[misc]
        fake_slack.sockets.wait_for_lines(1)
    done.set()
    asking.join()
    assert [a.text for a in answers] == [f"quick {n}" for n in range(len(answers))]
    assert fake_slack.sockets.ignored_acks == []


def test_an_ack_under_way_at_a_refresh_goes_out_on_its_own_line(fake_slack: FakeSlack, served_socket: ServedSocket) -> None:
    pool, (slow,) = in_parallel(lambda text: served_socket.door.command(f"/slow {text}"), ["across"])
    with pool:
        assert served_socket.tiny.started.acquire(timeout=2)
        fake_slack.sockets.refresh(grace=5.0)
        until(lambda: fake_slack.sockets.opened == 2)
        fake_slack.sockets.wait_for_lines(1)
        served_socket.tiny.go.set()
        answer = slow.result()
    assert answer.text == "slow across"
    (ack,) = fake_slack.sockets.acks(answer.envelope_id)
    assert ack.line == ack.sent_on == 1


def test_an_ack_whose_line_is_gone_goes_out_on_the_next(fake_slack: FakeSlack, served_socket: ServedSocket) -> None:
    pool, (slow,) = in_parallel(lambda text: served_socket.door.command(f"/slow {text}"), ["over"])
    with pool:
        assert served_socket.tiny.started.acquire(timeout=2)
        fake_slack.sockets.drop_lines()
        until(lambda: fake_slack.sockets.opened == 2)
        fake_slack.sockets.wait_for_lines(1)
        served_socket.tiny.go.set()
        answer = slow.result()
    assert answer.text == "slow over"
    assert fake_slack.sockets.acks(answer.envelope_id)[0].line == 2


@pytest.mark.parametrize("how", ["drop_lines", "close_lines"])
def test_a_lost_line_is_replaced(how: str, fake_slack: FakeSlack, served_socket: ServedSocket) -> None:
    getattr(fake_slack.sockets, how)()
    until(lambda: fake_slack.sockets.opened == 2)
    assert served_socket.door.command("/quick again").text == "quick again"


def test_rubbish_and_unknown_messages_are_left_alone(fake_slack: FakeSlack, served_socket: ServedSocket) -> None:
    for raw in ("{", "[]", "null", '{"type": "something_new"}', '{"envelope_id": "1", "payload": "text"}', "[" * 50_000):
        fake_slack.sockets.say(raw)
    assert served_socket.door.command("/quick fine").text == "quick fine"
    assert fake_slack.sockets.opened == 1


def test_an_envelope_sent_twice_is_acknowledged_twice(fake_slack: FakeSlack, served_socket: ServedSocket) -> None:
    answer = served_socket.door.command("/quick twice", times=2)
    assert len(fake_slack.sockets.acks(answer.envelope_id)) == 2


def test_a_retried_event_says_so(served_socket: ServedSocket) -> None:
    seen: list[Any] = []

    def look(request: Any, next: Callable[[], Any]) -> Any:  # noqa: A002 - Bolt passes its arguments by these names
        seen.append(request.headers.get("x-slack-retry-num"))
        return next()

    served_socket.tiny.app.middleware(look)
    served_socket.door.event(events.app_mention("again", user="U0EDITOR", channel="C0DESK", ts="1.000001"), retry=2)
    assert seen == [["2"]]


def test_a_broken_handler_gives_no_ack_and_the_next_works(served_socket: ServedSocket) -> None:
    assert not served_socket.door.command("/broken", strict=False, timeout=0.3).acked
    assert served_socket.door.command("/quick on").text == "quick on"


def test_an_envelope_that_waited_too_long_changes_nothing(fake_slack: FakeSlack, served_socket: ServedSocket) -> None:
    """With every worker busy for longer than Slack waits, the one behind them is never started."""
    names = [str(n) for n in range(WORKERS)]
    hold = threading.Event()

    def hang(ack: Callable[..., Any]) -> None:
        served_socket.tiny.started.release()
        hold.wait(5)
        ack()

    served_socket.tiny.app.command("/hang")(hang)
    pool, hung = in_parallel(lambda text: served_socket.door.command(f"/hang {text}", strict=False, timeout=0.1), names)
    with pool:
        for _ in hung:
            assert served_socket.tiny.started.acquire(timeout=2)
        assert not served_socket.door.command("/quick behind", strict=False, timeout=2.8).acked
        hold.set()
    assert served_socket.door.command("/quick after").text == "quick after"
    assert served_socket.tiny.ran == ["after"]


def test_stop_lets_the_ack_under_way_go_out(fake_slack: FakeSlack, served_socket: ServedSocket) -> None:
    pool, (slow,) = in_parallel(lambda text: served_socket.door.command(f"/slow {text}"), ["last"])
    with pool:
        assert served_socket.tiny.started.acquire(timeout=2)
        served_socket.stop.set()
        time.sleep(0.1)
        served_socket.tiny.go.set()
        assert slow.result().text == "slow last"
    served_socket.end()
    fake_slack.sockets.wait_until_gone()


def test_an_idle_line_does_not_hold_up_the_stop(fake_slack: FakeSlack, served_socket: ServedSocket) -> None:
    started = time.monotonic()
    served_socket.end()
    assert time.monotonic() - started < 2.0
    fake_slack.sockets.wait_until_gone()


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked"])
def test_a_refused_token_ends_it_with_slacks_own_word(code: str, fake_slack: FakeSlack) -> None:
    fake_slack.fault("apps.connections.open", faults.error(code))
    with pytest.raises(SocketRefused, match=code):
        serve_socket(Tiny(fake_slack.base_url).app, fake_slack.app_token, fake_slack.base_url, threading.Event())


def test_trouble_while_connecting_is_sat_out(fake_slack: FakeSlack) -> None:
    for fault in (faults.drop(), faults.http_status(500), faults.html_page(), faults.truncated_json()):
        fake_slack.fault("apps.connections.open", fault, times=1)
    fake_slack.fault("apps.connections.open", faults.rate_limited(1), times=1)
    tiny, stop = Tiny(fake_slack.base_url), threading.Event()
    served = Served(tiny, stop, lambda: serve_socket(tiny.app, fake_slack.app_token, fake_slack.base_url, stop))
    assert fake_slack.socket(timeout=20).command("/quick at last").text == "quick at last"
    served.end()
    assert len(fake_slack.calls("apps.connections.open")) == 6


def test_stop_while_slack_cannot_be_reached(fake_slack: FakeSlack) -> None:
    fake_slack.fault("apps.connections.open", faults.drop())
    tiny, stop = Tiny(fake_slack.base_url), threading.Event()
    served = Served(tiny, stop, lambda: serve_socket(tiny.app, fake_slack.app_token, fake_slack.base_url, stop))
    until(lambda: len(fake_slack.calls("apps.connections.open")) >= 2)
    served.end(timeout=3)
    assert served.failure is None
