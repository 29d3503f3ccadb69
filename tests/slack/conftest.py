"""The tiny app, served for real, both ways."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.slack.serve import serve_http, serve_socket
from tests.doubles.door import Delivery
from tests.doubles.doors import HttpDoor, SocketDoor
from tests.doubles.slack import FakeSlack
from tests.slack.tiny import Tiny


class Served:
    """A server in a thread, its failure kept for the test to see."""

    def __init__(self, tiny: Tiny, stop: threading.Event, run: Any) -> None:
        self.tiny, self.stop = tiny, stop
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(run,), name="served")
        self._thread.start()

    def _run(self, run: Any) -> None:
        try:
            run()
        except BaseException as e:  # noqa: BLE001 - whatever it is, the test shall see it
            self.failure = e

    def end(self, timeout: float = 10.0) -> None:
        self.stop.set()
        self._thread.join(timeout)
        assert not self._thread.is_alive(), "the server did not stop"

    def wait(self, timeout: float = 10.0) -> None:
        self._thread.join(timeout)
        assert not self._thread.is_alive(), "the server did not end"


class ServedHttp(Served):
    door: HttpDoor
    port: int
    health: dict[str, Any]


class ServedSocket(Served):
    door: SocketDoor


@pytest.fixture
def fake_slack() -> Iterator[FakeSlack]:
    with FakeSlack() as slack:
        yield slack


@pytest.fixture
def served_http(fake_slack: FakeSlack) -> Iterator[ServedHttp]:
    tiny, stop, ports = Tiny(fake_slack.base_url), threading.Event(), list[int]()
    up = threading.Event()

    def ready(port: int) -> None:
        ports.append(port)
        up.set()

    health: dict[str, Any] = {"ok": True}
    served = ServedHttp(tiny, stop, lambda: serve_http(tiny.app, "127.0.0.1", 0, stop, lambda: health, ready=ready))
    assert up.wait(10)
    served.port, served.health = ports[0], health
    served.door = fake_slack.http(f"http://127.0.0.1:{ports[0]}/slack/events")
    yield served
    tiny.go.set()
    served.end()
    assert served.failure is None


@pytest.fixture
def served_socket(fake_slack: FakeSlack) -> Iterator[ServedSocket]:
    tiny, stop = Tiny(fake_slack.base_url), threading.Event()
    served = ServedSocket(tiny, stop, lambda: serve_socket(tiny.app, fake_slack.app_token, fake_slack.base_url, stop))
    served.door = fake_slack.socket()
    yield served
    tiny.go.set()
    served.end()
    assert served.failure is None


def in_parallel(send: Callable[[str], Delivery], texts: list[str]) -> tuple[ThreadPoolExecutor, list[Any]]:
    pool = ThreadPoolExecutor(len(texts))
    return pool, [pool.submit(send, text) for text in texts]


def until(done: Callable[[], bool], timeout: float = 5.0) -> None:
    deadline = time.monotonic() + timeout
    while not done():
        assert time.monotonic() < deadline, "it never came to pass"
        time.sleep(0.01)
