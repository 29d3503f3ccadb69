"""The smallest Bolt app that shows how serving behaves; also a process of its own, to send a real SIGTERM to."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.slack.serve import seconds_left, serve_http, serve_socket
from tests.doubles.scopes import APP_TOKEN, BOT_TOKEN
from tests.doubles.signing import SIGNING_SECRET


class Tiny:
    """An app with a quick command, a slow one that waits to be let go, and a count of what ran."""

    def __init__(self, base_url: str, hold: float = 2.0) -> None:
        self.hold = hold
        client = WebClient(token=BOT_TOKEN, base_url=base_url, retry_handlers=[])
        self.app = App(client=client, signing_secret=SIGNING_SECRET, process_before_response=True)
        self.ran: list[str] = []
        self.started = threading.Semaphore(0)
        self.go = threading.Event()
        self.left: list[float] = []
        self.app.command("/quick")(self.quick)
        self.app.command("/slow")(self.slow)
        self.app.command("/broken")(self.broken)
        self.app.event("app_mention")(self.mention)

    def quick(self, ack: Callable[..., Any], command: dict[str, Any], context: dict[str, Any]) -> None:
        self.ran.append(command["text"])
        self.left.append(seconds_left(context, time.monotonic()))
        ack(text=f"quick {command['text']}")

    def slow(self, ack: Callable[..., Any], command: dict[str, Any]) -> None:
        self.started.release()
        self.go.wait(self.hold)
        self.ran.append(command["text"])
        ack(text=f"slow {command['text']}")

    def broken(self, ack: Callable[..., Any]) -> None:
        raise RuntimeError("on purpose")

    def mention(self, event: dict[str, Any]) -> None:
        self.ran.append(event["text"])


def main(way: str, base_url: str) -> None:
    """Serves until SIGTERM; says on standard output when it is ready."""
    tiny = Tiny(base_url, hold=1.0)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    if way == "http":
        serve_http(tiny.app, "127.0.0.1", 0, stop, lambda: {"ok": True}, ready=lambda port: _say({"port": port}))
    else:
        _say({"port": 0})
        serve_socket(tiny.app, APP_TOKEN, base_url, stop)
    _say({"ran": tiny.ran})


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
