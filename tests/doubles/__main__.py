"""The same Slack as a process of its own: `python -m tests.doubles --port 0 --state FILE`.

It prints one JSON line with its addresses, then serves until its standard input closes or it gets SIGTERM. `--state` is a
journal of the messages it took in, a line each: started again with the same file and port it still knows them.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from tests.doubles import faults
from tests.doubles.slack import FakeSlack
from tests.doubles.state import Channel, Json, Message, User


def journal(slack: FakeSlack, path: Path) -> TextIO:
    """Takes back what the file holds, and writes every further message to it."""
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            slack.state.load_message(json.loads(line))
    file = path.open("a", encoding="utf-8")

    def write(message: Message) -> None:
        file.write(json.dumps(asdict(message)) + "\n")
        file.flush()

    slack.state.on_message = write
    return file


def control(slack: FakeSlack, verb: str, body: Json) -> Json:
    """What a test outside this process may ask and set."""
    if verb == "dump":
        return slack.state.dump() | {"rate_limited": slack.rate_limited, "struck": _struck(slack)}
    if verb == "fault":
        method, fault, how = faults.from_json(body)
        slack.fault(method, fault, **how)
    elif verb == "clear_faults":
        slack.clear_faults()
    elif verb == "rate_limit":
        slack.rate_limit(**body)
    elif verb == "add_channel":
        slack.add_channel(Channel(**body))
    elif verb == "add_user":
        slack.add_user(User(**body))
    elif verb == "command":
        return _command(slack, body)
    elif verb == "refresh":
        slack.sockets.refresh(**body)
    elif verb == "drop_lines":
        slack.sockets.drop_lines()
    else:
        return {"error": f"unknown verb {verb}"}
    return {}


def _struck(slack: FakeSlack) -> list[Any]:
    return [[method, asdict(fault), times] for method, fault, times in slack.struck()]


def _command(slack: FakeSlack, body: Json) -> Json:
    """Types a command to whoever is connected: `url` for HTTP, else Socket Mode."""
    url = body.pop("url", None)
    door = slack.http(url) if url else slack.socket(timeout=body.pop("timeout", 10.0))
    answer = door.command(body.pop("line"), strict=False, **body)
    return {"acked": answer.acked, "status": answer.status, "seconds": answer.seconds, "text": answer.text}


def _until_closed(over: threading.Event) -> None:
    sys.stdin.read()
    over.set()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.doubles")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    with FakeSlack(port=args.port, seed=args.seed) as slack:
        slack.control(lambda verb, body: control(slack, verb, body))
        file = journal(slack, args.state) if args.state else None
        where = {"base_url": slack.base_url, "bot_token": slack.bot_token, "app_token": slack.app_token}
        sys.stdout.write(json.dumps(where | {"signing_secret": slack.signing_secret}) + "\n")
        sys.stdout.flush()
        # Its parent holds the other end: when the parent dies, however it dies, this process does not stay behind.
        threading.Thread(target=_until_closed, args=(over,), daemon=True).start()
        over.wait()
    if file:
        file.close()


if __name__ == "__main__":
    main()
