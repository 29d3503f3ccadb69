"""Starts `attache` many times without importing it many times: one process imports it, and every run is a fork of that.

What runs is the real command line in a process of its own, with its own arguments, environment, streams and exit status; only
the half second of imports before it is spared. `python -m tests.nursery FD` is that one process.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
IMPORTED = (
    "bot.__main__", "bot.wiring", "bot.ask_command", "bot.exchange_command", "bot.posts_command", "bot.travel_command",
    "bot.draft_command", "bot.brief_command", "bot.commands.catalog", "bot.language.when", "bot.language.entry",
    "bot.slack.poster", "bot.terminal.render", "store.migrations", "store.starter",
)  # fmt: skip
LONGEST = 1 << 20


class Nursery:
    """The test's side. One run at a time."""

    def __init__(self, environment: dict[str, str]) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.nursery", str(theirs.fileno())],
                cwd=ROOT, env=environment, pass_fds=[theirs.fileno()],
            )  # fmt: skip
        self._socket = ours

    def run(self, arguments: list[str], environment: dict[str, str], stdin: str, seconds: float) -> tuple[int, bytes, bytes]:
        """Runs `attache` with arguments; gives its exit status and what it printed. Raises TimeoutError."""
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            given.write(stdin.encode())
            given.seek(0)
            asked = json.dumps({"arguments": arguments, "environment": environment}).encode()
            streams = [given.fileno(), out.fileno(), err.fileno()]
            socket.send_fds(self._socket, [len(asked).to_bytes(4, "big")], streams)
            self._socket.sendall(asked)
            child = self._number()
            self._socket.settimeout(seconds)
            try:
                status = self._number()
            except TimeoutError:
                os.kill(child, signal.SIGKILL)
                self._socket.settimeout(None)
                self._number()
                raise
            finally:
                self._socket.settimeout(None)
            out.seek(0)
            err.seek(0)
            return os.waitstatus_to_exitcode(status), out.read(), err.read()

    def close(self) -> None:
        self._socket.close()
        self._process.wait(30)

    def _number(self) -> int:
        return int.from_bytes(_exactly(self._socket, 4), "big")


def _exactly(connection: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        more = connection.recv(count - len(found))
        if not more:
            raise EOFError
        found += more
    return found


def serve(connection: socket.socket) -> None:
    """The nursery's side: forks for each request, until the test's side hangs up."""
    for name in IMPORTED:
        importlib.import_module(name)
    while True:
        length, streams, _, _ = socket.recv_fds(connection, 4, 3)
        if not length:
            return
        asked = json.loads(_exactly(connection, int.from_bytes(length, "big")))
        child = os.fork()
        if child == 0:
            connection.close()
            _become(asked["arguments"], asked["environment"], streams)
        for stream in streams:
            os.close(stream)
        connection.sendall(child.to_bytes(4, "big"))
        _, status = os.waitpid(child, 0)
        connection.sendall(status.to_bytes(4, "big"))


def _become(arguments: list[str], environment: dict[str, str], streams: list[int]) -> NoReturn:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["attache", *arguments]
    from bot.__main__ import main

    sys.exit(main())


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
