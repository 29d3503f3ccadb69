"""Socket Mode over real WebSockets: tickets, hello, envelopes, acks, refreshes, drops."""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from tests.doubles.state import APP, Json, State

MOST_CONNECTIONS = 10
TICKET_SECONDS = 30.0


@dataclass(eq=False)
class Line:
    """One connection from the app."""

    number: int
    ws: ServerConnection
    takes_work: bool = True


@dataclass
class Ack:
    """How an envelope was acknowledged."""

    payload: Any
    seconds: float
    line: int  # the connection the ack came on
    sent_on: int  # the connection the envelope went out on


@dataclass
class _Waiting:
    sent: float
    sent_on: int
    acks: list[Ack] = field(default_factory=list)


class SocketServer:
    """Hands out tickets, keeps the lines, sends envelopes and waits for their acks."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.log: list[str] = []  # what happened, in words: for a failing test to show
        self.ignored_acks: list[str] = []  # acks for envelopes nobody sent, or not JSON
        self._tickets: dict[str, float] = {}
        self._lines: list[Line] = []
        self._ever = 0
        self._threads: set[threading.Thread] = set()
        self._sent: dict[str, _Waiting] = {}
        self._changed = threading.Condition()
        self._server = serve(self._handle, "127.0.0.1", 0, process_request=self._admit, close_timeout=1)
        self._port = self._server.socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="slack-socket", daemon=True)
        self._thread.start()

    def ticket(self) -> str:
        """The URL that apps.connections.open gives: it works once, and soon."""
        key = uuid.uuid4().hex
        with self._changed:
            self._tickets[key] = time.monotonic()
        return f"ws://127.0.0.1:{self._port}/link/?ticket={key}&app_id={APP}"

    def _admit(self, ws: ServerConnection, request: Request) -> Response | None:
        key = parse_qs(urlsplit(request.path).query).get("ticket", [""])[0]
        with self._changed:
            made = self._tickets.pop(key, None)
            full = len(self._lines) >= MOST_CONNECTIONS
        if made is None or time.monotonic() - made > TICKET_SECONDS:
            return ws.respond(HTTPStatus.UNAUTHORIZED, "invalid ticket\n")
        if full:
            return ws.respond(HTTPStatus.TOO_MANY_REQUESTS, "too many connections\n")
        return None

    def _handle(self, ws: ServerConnection) -> None:
        thread = threading.current_thread()
        with self._changed:
            self._ever += 1
            line = Line(self._ever, ws)
            self._threads.add(thread)
            count = len(self._lines) + 1
        try:
            hello = {
                "type": "hello",
                "num_connections": count,
                "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
                "connection_info": {"app_id": APP},
            }
            ws.send(json.dumps(hello))
            with self._changed:  # only after the hello is work sent this way
                self._lines.append(line)
                self.log.append(f"line {line.number} opened")
                self._changed.notify_all()
            for raw in ws:
                self._hear(line, raw)
        except ConnectionClosed:
            pass  # how a line ends is in the log
        finally:
            with self._changed:
                self.log.append(f"line {line.number} closed ({ws.close_code})")
                if line in self._lines:
                    self._lines.remove(line)
                self._threads.discard(thread)
                self._changed.notify_all()

    def _hear(self, line: Line, raw: str | bytes) -> None:
        now = time.monotonic()
        try:
            message = json.loads(raw)
            key = message["envelope_id"]
        except (ValueError, TypeError, KeyError):
            self.ignored_acks.append(str(raw)[:200])
            return
        with self._changed:
            waiting = self._sent.get(key)
            if waiting is None:
                self.ignored_acks.append(str(raw)[:200])
                return
            waiting.acks.append(Ack(message.get("payload"), now - waiting.sent, line.number, waiting.sent_on))
            self._changed.notify_all()

    # What a test does with it.

    @property
    def lines(self) -> list[Line]:
        with self._changed:
            return list(self._lines)

    @property
    def opened(self) -> int:
        """How many connections there have ever been."""
        with self._changed:
            return self._ever

    def wait_for_lines(self, count: int = 1, timeout: float = 10.0) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._ready() >= count, timeout):
                raise AssertionError(f"{self._ready()} Socket Mode connections after {timeout} s, wanted {count}; {self.log}")

    def wait_until_gone(self, timeout: float = 10.0) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: not self._lines, timeout):
                raise AssertionError(f"the app still holds {len(self._lines)} connections; {self.log}")

    def _ready(self) -> int:
        return sum(1 for line in self._lines if line.takes_work)

    def send(self, kind: str, payload: Json, *, envelope_id: str | None = None, timeout: float = 3.0, **extra: Any) -> str:
        """Sends one envelope down the newest line that takes work, waiting for one to exist if need be."""
        key = envelope_id or str(uuid.uuid4())
        envelope = {"envelope_id": key, "type": kind, "payload": payload, **extra}
        envelope.setdefault("accepts_response_payload", kind in ("slash_commands", "interactive"))
        with self._changed:
            if not self._changed.wait_for(lambda: self._ready() > 0, timeout):
                raise AssertionError(f"no Socket Mode connection to send on; {self.log}")
            line = [entry for entry in self._lines if entry.takes_work][-1]
            known = self._sent.get(key)
            if known is None:
                self._sent[key] = _Waiting(time.monotonic(), line.number)
        try:
            line.ws.send(json.dumps(envelope))
        except ConnectionClosed as e:
            raise AssertionError(f"the connection closed while an envelope was being sent; {self.log}") from e
        return key

    def wait_for_ack(self, key: str, timeout: float, count: int = 1) -> Ack | None:
        """The latest ack of an envelope; None when it does not come in time."""
        with self._changed:
            waiting = self._sent[key]
            self._changed.wait_for(lambda: len(waiting.acks) >= count, max(0.0, timeout))
            return waiting.acks[-1] if len(waiting.acks) >= count else None

    def acks(self, key: str) -> list[Ack]:
        with self._changed:
            return list(self._sent[key].acks)

    def refresh(self, *, reason: str = "refresh_requested", grace: float = 5.0) -> None:
        """Asks every line to reconnect, as Slack does every few hours. `warning` goes on giving work to the old line.

        The old line stays open for the grace time: acks of what went out on it are still heard there.
        """
        for line in self.lines:
            line.takes_work = reason == "warning"
            line.ws.send(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}))
            closer = threading.Thread(target=self._close_later, args=(line, grace), name="slack-grace", daemon=True)
            with self._changed:
                self._threads.add(closer)
            closer.start()

    def _close_later(self, line: Line, grace: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: line not in self._lines, grace)
            line.takes_work = False
        line.ws.close()
        with self._changed:
            self._threads.discard(threading.current_thread())

    def close_lines(self, code: int = 1000) -> None:
        """Closes every line in good order, without a warning."""
        for line in self.lines:
            line.takes_work = False
            line.ws.close(code)

    def drop_lines(self) -> None:
        """Every line just goes dead: no close frame."""
        for line in self.lines:
            line.takes_work = False
            line.ws.close_socket()

    def say(self, raw: str) -> None:
        """Sends raw text down every line: rubbish, unknown types."""
        for line in self.lines:
            line.ws.send(raw)

    def stop(self) -> None:
        for line in self.lines:
            line.ws.close_socket()
        self._server.shutdown()
        with self._changed:
            threads = list(self._threads)
        for thread in threads:
            thread.join(5)
        self._thread.join(5)
