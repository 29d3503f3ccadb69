"""A Slack in a process of its own, for tests that kill -9 the product and not its Slack.

with SlackProcess(tmp_path / "slack.jsonl", seed=7) as slack:
    slack.fault("chat.postMessage", accept_then_drop(), probability=0.05)
    ...start the product with SLACK_API_URL=slack.base_url, kill it, start it again...
    slack.messages("C0DESK"), slack.copies(), slack.dump()
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any, Self

from tests.doubles.faults import Fault, to_json
from tests.doubles.state import BOT_USER, Channel, Json

ROOT = Path(__file__).resolve().parents[2]


class SlackProcess:
    """Starts on entering, ends on leaving. `state` is its journal; with the same file and port it can be restarted."""

    def __init__(self, state: Path | None = None, *, port: int = 0, seed: int = 1) -> None:
        self._command = [sys.executable, "-m", "tests.doubles", "--port", str(port), "--seed", str(seed)]
        if state is not None:
            self._command += ["--state", str(state)]
        self._process: subprocess.Popen[str] | None = None
        self.base_url = self.bot_token = self.app_token = self.signing_secret = ""

    def __enter__(self) -> Self:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        for name, value in json.loads(self._process.stdout.readline()).items():
            setattr(self, name, value)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def kill(self) -> None:
        """Slack itself goes away, without a word."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def ask(self, verb: str, **body: Any) -> Json:
        url = self.base_url.removesuffix("/api/") + f"/_control/{verb}"
        request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as response:
            answer: Json = json.loads(response.read())
        return answer

    def fault(self, method: str, fault: Fault, **how: Any) -> None:
        """As FakeSlack.fault."""
        self.ask("fault", **to_json(method, fault, **how))

    def rate_limit(self, **how: Any) -> None:
        self.ask("rate_limit", **how)

    def add_channel(self, channel: Channel) -> None:
        self.ask("add_channel", **vars(channel))

    def command(self, line: str, **how: Any) -> Json:
        """Types a command; `url` for an app that serves HTTP, else by Socket Mode."""
        return self.ask("command", line=line, **how)

    def dump(self) -> Json:
        return self.ask("dump")

    def messages(self, channel: str | None = None) -> list[Json]:
        """What the bot posted for all to see, oldest first."""
        rows = self.dump()["messages"]
        return [
            m
            for m in rows
            if m["seen_by"] is None and m["user"] == BOT_USER and not m["deleted"] and channel in (None, m["channel"])
        ]

    def copies(self, key: str = "key") -> Counter[str]:
        """How many messages carry each metadata key."""
        return Counter(m["metadata"]["event_payload"].get(key) for m in self.messages() if m["metadata"])
