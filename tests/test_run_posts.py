"""From a command in Slack to a post in the channel, through the real process: posted once, and still once after a kill."""

from __future__ import annotations

import json
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.conftest import Attache
from tests.doubles.slack import FakeSlack
from tests.test_run import Running, running

CHANNEL = "C0DESK"


def soon(attache: Attache, folder: Path) -> None:
    """Loads one talks of which the first of two reminders falls due in a few seconds, at any time of day."""
    at = f"{datetime.now(UTC) + timedelta(hours=1, seconds=8):%Y-%m-%dT%H:%M:%SZ}"
    window = {"earliest": at, "latest": at, "precision": "minute"}
    talks = {"key": "round", "title": "Second round", "status": "planned", "sides": ["us", "ru"], "window": window}
    facts = folder / "facts.json"
    facts.write_text(json.dumps({"attache": 1, "talks": [talks]}))
    assert attache("load", str(facts)).status == 0


def posted(slack: FakeSlack) -> list[str]:
    return [message.text for message in slack.messages(CHANNEL)]


def ask_for_reminders(slack: FakeSlack, run: Running) -> None:
    run.wait_for("serving")
    answer = slack.socket().command("/talks remind 1h, 1m", channel=CHANNEL)
    # Slack has to say who asks before anything is set, so the answer may come after the acknowledgement.
    slack.wait_for(lambda: any("Reminders in this channel" in text for text in [answer.text, *said(slack)]), 10.0)


def said(slack: FakeSlack) -> list[str]:
    return [message.text for message in slack.ephemerals()]


def sent(attache: Attache) -> list[str]:
    """What `attache posts` says has arrived, by Slack's time stamp."""
    return [row["ts"] for row in json.loads(attache("posts", "--json").out) if row["state"] == "sent" and row["ts"]]


def test_a_reminder_arrives_once_with_an_opaque_key(slack: FakeSlack, store: Path, attache: Attache, tmp_path: Path) -> None:
    with running(store, slack, ATTACHE_SWEEP_SECONDS="1") as run:
        ask_for_reminders(slack, run)
        soon(attache, tmp_path)
        slack.wait_for(lambda: posted(slack), 25.0)
        assert posted(slack)[0].startswith("In 1 hour: United States – Russia")
        assert run.stop(signal.SIGKILL) != 0
    with running(store, slack, ATTACHE_SWEEP_SECONDS="1", ATTACHE_SETTLE_SECONDS="1") as run:
        run.wait_for("serving")
        door = slack.socket()
        assert "T-1" in door.command("/talks next", channel=CHANNEL).text
        # The kill may have come between Slack's answer and our note of it: then the post is looked for, and not sent again.
        give_up = time.monotonic() + 20
        while not sent(attache) and time.monotonic() < give_up:
            time.sleep(0.3)
        assert run.stop() == 0
    assert len(posted(slack)) == 1
    (message,) = slack.messages(CHANNEL)
    assert message.metadata is not None
    assert message.metadata["event_type"] == "attache_post"
    assert list(message.metadata["event_payload"]) == ["key"]
    assert sent(attache) == [message.ts]
