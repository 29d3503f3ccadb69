"""The background queue: bounded, drained at the end, and never quiet about what failed."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from bot.slack.background import Background


@pytest.fixture
def go() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_jobs_run_on_as_many_threads_as_there_are(go: threading.Event) -> None:
    background, together = Background(workers=3), threading.Barrier(3, timeout=30)
    for _ in range(3):
        assert background.submit("meet", lambda: (together.wait(), None)[1])
    assert background.wait(40)
    assert background.stop()


def test_a_full_queue_refuses(go: threading.Event) -> None:
    background = Background(workers=1, capacity=1)
    started = threading.Event()

    def hold() -> None:
        started.set()
        go.wait(5)

    assert background.submit("hold", hold)
    assert started.wait(5)
    assert background.submit("queued", lambda: None)
    assert not background.submit("refused", lambda: None)
    go.set()
    assert background.stop()


def test_stopping_finishes_what_is_queued_and_takes_no_more(go: threading.Event) -> None:
    background, done = Background(workers=1), list[int]()
    for n in range(20):
        background.submit("note", lambda n=n: done.append(n))  # type: ignore[misc]
    assert background.stop()
    assert done == list(range(20))
    assert not background.submit("late", lambda: None)


def test_stopping_gives_up_on_what_does_not_end(go: threading.Event, caplog: pytest.LogCaptureFixture) -> None:
    background = Background(workers=1)
    background.submit("hold", lambda: (go.wait(5), None)[1])
    assert not background.stop(0.05)
    assert "1 background jobs unfinished" in caplog.text


def test_a_failure_is_logged_and_told_under_one_reference(caplog: pytest.LogCaptureFixture) -> None:
    background, told = Background(), list[str]()

    def fail() -> None:
        raise RuntimeError("on purpose")

    def tell(reference: str) -> None:
        told.append(reference)
        raise OSError("no way to tell")

    background.submit("failing", fail, tell=tell)
    background.submit("untold", fail)
    assert background.wait(5)
    assert told
    assert caplog.text.count(told[0]) == 2
    assert background.submit("still running", lambda: None)
    assert background.stop()
