"""`attache run` as a process, against a Slack on loopback: it starts, answers, and stops without losing anything."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT, Attache, clean_environment
from tests.doubles.scopes import APP_TOKEN, BOT_TOKEN
from tests.doubles.signing import SIGNING_SECRET
from tests.doubles.slack import FakeSlack

SECRETS = (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET)


class Running:
    """A running `attache run`, its log read as it comes."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.log: list[str] = []
        self._more = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._more:
                self.log.append(line.rstrip("\n"))
                self._more.notify_all()
        with self._more:
            self._ended = True
            self._more.notify_all()

    def wait_for(self, words: str, seconds: float = 20.0) -> str:
        def found() -> list[str]:
            return [line for line in self.log if words in line]

        with self._more:
            self._more.wait_for(lambda: found() or self._ended, seconds)
            assert found(), f"no {words!r} in the log: {self.log}"
            return found()[0]

    def stop(self, how: signal.Signals = signal.SIGTERM, seconds: float = 10.0) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        status = self.process.wait(seconds)
        self._reader.join(seconds)
        return status


@contextmanager
def running(store: Path, slack: FakeSlack | None, *arguments: str, **variables: str) -> Iterator[Running]:
    env = clean_environment(
        ATTACHE_DB=str(store),
        SLACK_BOT_TOKEN=BOT_TOKEN,
        SLACK_APP_TOKEN=APP_TOKEN,
        SLACK_SIGNING_SECRET=SIGNING_SECRET,
        SLACK_API_URL=slack.base_url if slack else "http://127.0.0.1:9/api/",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", *arguments], cwd=ROOT, env=env | variables, stderr=subprocess.PIPE, text=True
    )
    run = Running(process)
    try:
        yield run
    finally:
        run.stop()
        if process.stderr:
            process.stderr.close()
    assert not [line for line in run.log if any(secret in line for secret in SECRETS)]
    for line in run.log:
        assert re.match(r"\d{4}-\d\d-\d\dT[\d:.]+Z [A-Z]+ [\w.]+: |attache: |  ", line), line


def url_of(ready: str) -> str:
    return f"http://127.0.0.1:{ready.rsplit(':', 1)[1]}"


def test_socket_mode_answers_and_stops(slack: FakeSlack, store: Path) -> None:
    with running(store, slack) as run:
        run.wait_for("ready in")
        answer = slack.socket().command("/talks next")
        assert answer.acked
        assert "Next talks" in answer.text
        run.wait_for("serving")
        assert run.stop() == 0
    assert "stopping: SIGTERM" in "\n".join(run.log)
    assert run.log[-1].endswith("stopped")
    assert not [line for line in run.log if "WARNING" in line]


def test_http_answers_and_is_healthy(slack: FakeSlack, store: Path) -> None:
    with running(store, slack, "--http", "127.0.0.1:0") as run:
        base = url_of(run.wait_for("ready in"))
        answer = slack.http(f"{base}/slack/events").command("/talks next")
        assert answer.acked
        with urllib.request.urlopen(f"{base}/healthz", timeout=5) as health:
            assert json.load(health) == {"ok": True}
        assert run.stop(signal.SIGINT) == 0


def test_http_needs_only_the_signing_secret(slack: FakeSlack, store: Path) -> None:
    with running(store, slack, "--http", "127.0.0.1:0", SLACK_BOT_TOKEN="", SLACK_APP_TOKEN="") as run:
        base = url_of(run.wait_for("ready in"))
        assert slack.http(f"{base}/slack/events").command("/position help").acked
        assert run.stop() == 0
    assert "SLACK_BOT_TOKEN is not set" in "\n".join(run.log)


def test_a_port_in_use_is_said(slack: FakeSlack, store: Path) -> None:
    with running(store, slack, "--http", "127.0.0.1:0") as first:
        port = url_of(first.wait_for("ready in")).rsplit(":", 1)[1]
        with running(store, slack, "--http", f"127.0.0.1:{port}") as second:
            second.wait_for("in use")
            assert second.process.wait(10) == 1


def test_a_refused_bot_token_ends_it(slack: FakeSlack, store: Path) -> None:
    with running(store, slack, "--http", "127.0.0.1:0", SLACK_BOT_TOKEN="xoxb-revoked-long-ago") as run:
        run.wait_for("SLACK_BOT_TOKEN is refused by Slack: invalid_auth")
        assert run.process.wait(10) == 2


def test_a_refused_app_token_ends_it(slack: FakeSlack, store: Path) -> None:
    with running(store, slack, SLACK_APP_TOKEN="xapp-1-revoked") as run:
        run.wait_for("attache: SLACK_APP_TOKEN")
        assert run.process.wait(10) == 2


def test_slack_out_of_reach_is_tried_again(store: Path) -> None:
    with running(store, None) as run:
        run.wait_for("trying again")
        assert run.process.poll() is None
        assert run.stop() == 0


def test_a_store_that_breaks_while_serving_is_said(slack: FakeSlack, store: Path) -> None:
    with running(store, slack, "--http", "127.0.0.1:0") as run:
        base = url_of(run.wait_for("ready in"))
        with store.open("r+b") as file:
            file.write(b"\0" * 4096 * 40)
        request = slack.http(f"{base}/slack/events").command("/talks next")
        assert request.acked
        assert "cannot be read" in request.text


# What keeps it from starting.


@pytest.mark.parametrize(
    ("arguments", "variables", "words"),
    [
        ((), {}, ["needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN", "not set: SLACK_BOT_TOKEN, SLACK_APP_TOKEN", "--http"]),
        ((), {"SLACK_BOT_TOKEN": "xoxb-1"}, ["not set: SLACK_APP_TOKEN"]),
        (("--http", "127.0.0.1:0"), {"SLACK_BOT_TOKEN": "xoxb-1"}, ["not set: SLACK_SIGNING_SECRET"]),
        (
            (),
            {"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xoxb-1"},
            ["belongs in SLACK_APP_TOKEN", "belongs in SLACK_BOT"],
        ),
        ((), {"SLACK_BOT_TOKEN": "sekrit"}, ["SLACK_BOT_TOKEN", "not set: SLACK_APP_TOKEN"]),
    ],
)
def test_tokens_are_asked_for_all_at_once(
    attache: Attache, store: Path, arguments: tuple[str, ...], variables: dict[str, str], words: list[str]
) -> None:
    done = attache("run", *arguments, **variables)
    assert done.status == 2
    for word in words:
        assert word in done.err
    assert "sekrit" not in done.err


def test_a_missing_store_is_said(attache: Attache) -> None:
    done = attache("run", SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_APP_TOKEN=APP_TOKEN)
    assert done.status == 1
    assert "attache migrate" in done.err


def test_pending_migrations_are_refused(attache: Attache, store: Path) -> None:
    db = sqlite3.connect(store)
    db.execute("DELETE FROM _sqlite_migrations WHERE rowid = (SELECT max(rowid) FROM _sqlite_migrations)")
    db.commit()
    db.close()
    done = attache("run", SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_APP_TOKEN=APP_TOKEN)
    assert done.status == 1
    assert "needs migrating" in done.err
    assert "attache migrate" in done.err


@pytest.mark.parametrize(
    ("variables", "words", "status"),
    [
        ({"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}, "ok    slack: reached as", 0),
        ({"SLACK_BOT_TOKEN": "xoxb-gone", "SLACK_APP_TOKEN": APP_TOKEN}, "FAIL  slack: SLACK_BOT_TOKEN is refused", 1),
        ({"SLACK_BOT_TOKEN": BOT_TOKEN}, "FAIL  slack: neither", 1),
        ({"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": "http://127.0.0.1:9/"}, "FAIL  slack: http://127.0.0.1:9/", 1),
    ],
)
def test_check_asks_slack(
    attache: Attache, slack: FakeSlack, store: Path, variables: dict[str, str], words: str, status: int
) -> None:
    done = attache("check", **{"SLACK_API_URL": slack.base_url, **variables})
    assert words in done.out
    assert done.status == status
    assert not [secret for secret in SECRETS if secret in done.out + done.err]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anything")
def test_a_store_that_cannot_be_written_is_said(attache: Attache, store: Path) -> None:
    store.chmod(0o400)
    assert "FAIL  access" in attache("check").out
