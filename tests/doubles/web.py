"""The Web API over real HTTP: reads a call, lets trouble strike, checks the token, asks the method, answers."""

from __future__ import annotations

import http.server
import json
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from tests.doubles import faults as trouble
from tests.doubles.hooks import respond
from tests.doubles.limits import Limits
from tests.doubles.lookups import LOOKUPS
from tests.doubles.methods import METHODS
from tests.doubles.scopes import ALL_SCOPES, check_token
from tests.doubles.state import Call, Json, SlackError, State

_JSON_FIELDS = {
    "blocks": "invalid_blocks_format",
    "view": "invalid_arguments",
    "metadata": "invalid_metadata_format",
    "files": "invalid_arguments",
    "attachments": "invalid_attachments",
}
BIGGEST = 30_000_000
Headers = dict[str, str]


class _Dropped(Exception):
    """The connection is to be cut."""


class WebServer(http.server.ThreadingHTTPServer):
    """One address for /api/, uploads, response URLs and, when it runs as a process of its own, control."""

    daemon_threads = False  # server_close() waits for them: nothing is left behind
    request_queue_size = 128

    def __init__(self, state: State, port: int = 0, seed: int = 1) -> None:
        self.state = state
        self.faults = trouble.Faults(seed)
        self.limits = Limits()
        self.scopes = ALL_SCOPES
        self.stopping = threading.Event()
        self.open_socket: Callable[[], str] = lambda: ""
        self.control: Callable[[str, Json], Json] | None = None
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what half of these tests are about; anything else is a fault of ours."""
        problem = sys.exc_info()[1]
        if not isinstance(problem, OSError):
            self.state.complain(f"the stand-in itself failed: {problem!r}")

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        with self._open_lock:
            for sock in self._open:
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # it is closed already
        self.server_close()

    def wait(self, seconds: float) -> None:
        if self.stopping.wait(seconds):
            raise _Dropped

    # What a call does, apart from how it arrived.

    def call(self, method: str, token: str | None, args: Json) -> Json:
        if method == "apps.connections.open":
            check_token(method, token, self.scopes, None)
            return {"url": self.open_socket()}
        run = METHODS.get(method) or LOOKUPS.get(method)
        if run is None:
            raise SlackError("unknown_method", f"the stand-in has no {method}", req_method=method)
        if method != "api.test":
            key = args.get("channel") or args.get("channel_id")
            check_token(method, token, self.scopes, self.state.channels.get(key) if isinstance(key, str) else None)
        self.limits.check(method, args)
        return run(self.state, args)


class _Handler(http.server.BaseHTTPRequestHandler):
    timeout = 60
    server: WebServer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class calls it so
        """Silence: the calls are on record in the state."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def _serve(self) -> None:
        started = time.monotonic()
        try:
            self._route(started)
        except _Dropped:
            self._cut()

    def _route(self, started: float) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("content-length") or 0)
        if length > BIGGEST:
            self._send(413, b"too big", "text/plain")
            return
        body = self.rfile.read(length)
        if len(body) < length:
            return  # whoever sent this died on the way: an unfinished request is no request
        if parts.path.startswith("/api/"):
            self._api(parts.path.removeprefix("/api/"), parts.query, body, started)
        elif parts.path.startswith("/respond/"):
            self._respond(parts.path.removeprefix("/respond/"), body, started)
        elif parts.path.startswith("/upload/v1/"):
            self._upload(parts.path.removeprefix("/upload/v1/"), body)
        elif parts.path.startswith("/_control/") and self.server.control is not None:
            out = self.server.control(parts.path.removeprefix("/_control/"), json.loads(body or b"{}"))
            self._send(200, json.dumps(out).encode())
        else:
            self._send(404, b"not found", "text/plain")

    def _arguments(self, query: str, body: bytes) -> Json:
        args: Json = dict(parse_qsl(query, keep_blank_values=True))
        kind = self.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind == "application/json":
            try:
                parsed = json.loads(body or b"{}")
            except ValueError as e:
                raise SlackError("invalid_json") from e
            if not isinstance(parsed, dict):
                raise SlackError("json_not_object")
            args |= parsed
        elif kind == "application/x-www-form-urlencoded":
            args |= dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True))
        elif body:
            raise SlackError("invalid_form_data", f"content type {kind!r}")
        for key, refusal in _JSON_FIELDS.items():
            if isinstance(args.get(key), str):
                try:
                    args[key] = json.loads(args[key])
                except ValueError as e:
                    raise SlackError(refusal, f"{key} is not JSON") from e
        return args

    def _api(self, method: str, query: str, body: bytes, started: float) -> None:
        args: Json = {}
        try:
            args = self._arguments(query, body)
        except SlackError as e:
            refusal = e  # a name that outlives the except clause
            self._answer(method, args, started, lambda: _raise(refusal))
            return
        header = self.headers.get("authorization", "")
        token = header.removeprefix("Bearer ") if header else args.pop("token", None)
        args.pop("token", None)

        def run() -> Json:
            return self.server.call(method, token, args | {"_origin": self.server.origin} if "get" in method else args)

        self._answer(method, args, started, run)

    def _answer(self, method: str, args: Json, started: float, run: Callable[[], Json]) -> None:
        """Does the call, with whatever trouble is in force for it."""
        fault = self.server.faults.next(method, args)
        if fault is None:
            status, answer, headers = self._attempt(method, args, started, run)
            self._send(status, json.dumps(answer).encode(), headers=headers)
            return
        if fault.kind == "drop" and fault.seconds:
            self.server.shutdown_request(self.request)  # the caller is cut off now; Slack goes on
        if fault.kind in ("late", "drop") and fault.seconds:
            self.server.wait(fault.seconds)
        status, answer, headers = 200, Json(), Headers()
        if fault.accepted:
            status, answer, headers = self._attempt(method, args, started, run, note=f" ({fault.kind})")
        else:
            self.server.state.note_call(Call(method, args, started, fault.error or fault.body or fault.kind))
        self._misbehave(fault, status, answer, headers)

    def _misbehave(self, fault: trouble.Fault, status: int, answer: Json, headers: dict[str, str]) -> None:
        text = json.dumps(answer).encode()
        if fault.kind == "hang":
            self.server.wait(fault.seconds)
        if fault.kind == "drop" or (fault.kind == "hang" and not fault.accepted):
            raise _Dropped
        if fault.kind == "http":
            if fault.retry_after is not None:
                headers["Retry-After"] = str(fault.retry_after)
            if fault.error:
                self._send(fault.status, json.dumps({"ok": False, "error": fault.error}).encode(), headers=headers)
            else:
                self._send(fault.status, b"<html><body>Server Error</body></html>", "text/html", headers)
        elif fault.body == "truncated":
            self._send(status, text[: len(text) // 2], headers=headers)
        elif fault.body == "html":
            self._send(200, b"<!DOCTYPE html><html><body>Something went wrong</body></html>", "text/html")
        elif fault.kind == "error":
            self._send(200, json.dumps({"ok": False, "error": fault.error}).encode())
        else:
            self._send(status, text, headers=headers)

    def _attempt(
        self, method: str, args: Json, started: float, run: Callable[[], Json], note: str = ""
    ) -> tuple[int, Json, dict[str, str]]:
        try:
            answer = {"ok": True, **run()}
        except SlackError as e:
            self.server.state.note_call(Call(method, args, started, e.code + note))
            refusal: Json = {"ok": False, "error": e.code, **e.extra}
            if e.messages:
                refusal["response_metadata"] = {"messages": e.messages}
            if e.code == "ratelimited":
                return 429, {"ok": False, "error": e.code}, {"Retry-After": str(e.extra.get("retry_after", 1))}
            return 200, refusal, {}
        self.server.state.note_call(Call(method, args, started, "ok" + note))
        return 200, answer, {}

    def _respond(self, key: str, body: bytes, started: float) -> None:
        def run() -> Json:
            try:
                parsed = json.loads(body)
            except ValueError as e:
                raise SlackError("invalid_payload") from e
            respond(self.server.state, key, cast("Json", parsed))
            return {}

        fault = self.server.faults.next("response_url", {})
        status, answer, headers = 200, Json(), Headers()
        if fault is None or fault.accepted:
            status, answer, headers = self._attempt("response_url", {"key": key}, started, run)
        if fault is not None:
            self._misbehave(fault, status, answer, headers)
        elif answer.get("ok"):
            self._send(200, b"ok", "text/plain")
        else:
            gone = answer["error"] in ("used_url", "expired_url", "no_such_url")
            self._send(404 if gone else 400, json.dumps(answer).encode())

    def _upload(self, key: str, body: bytes) -> None:
        upload = self.server.state.uploads.get(key)
        if upload is None or upload.received:
            self._send(404, b"no such upload", "text/plain")
            return
        if len(body) != upload.length:
            self._send(400, f"{len(body)} bytes came, {upload.length} were announced".encode(), "text/plain")
            return
        upload.data, upload.received = body, True
        self._send(200, f"OK - {len(body)}".encode(), "text/plain")

    def _send(
        self, status: int, body: bytes, kind: str = "application/json; charset=utf-8", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _cut(self) -> None:
        """Ends the connection with a reset, the way a dying network does."""
        try:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        except OSError:
            return  # cut already


def _raise(e: SlackError) -> Json:
    raise e
