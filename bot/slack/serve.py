"""Serving Slack: over HTTP on waitress, or over Socket Mode (sockets.py). Both stop cleanly when `stop` is set.

Bolt runs with `process_before_response=True`, so a listener runs in the thread that took the request and its answer is the
response. The threads here are therefore the whole pool: with ten, five slow requests leave room for a sixth. They cost
next to nothing idle; each that touches the store keeps one SQLite connection, which is why there are not a hundred.

`context["received_at"]` (monotonic seconds) says when a request came in: a handler asks `seconds_left` before it writes.
"""

from __future__ import annotations

import io
import json
import logging
import re
import select
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.adapter.wsgi.http_request import WsgiHttpRequest
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server

from bot.slack.sockets import ACK_SECONDS, WORKERS, SocketRefused, serve_socket

__all__ = ["ACK_SECONDS", "SocketRefused", "seconds_left", "serve_http", "serve_socket"]

EVENTS_PATH, HEALTH_PATH = "/slack/events", "/healthz"
BODY_BYTES = 1_000_000  # a form with a hundred full fields and a long message is well under half of this
HEADER_BYTES = 32_000
DRAIN_SECONDS = 5.0  # longer than Slack waits for an ack
_STAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)

log = logging.getLogger(__name__)


def seconds_left(context: Mapping[str, Any], monotonic: float) -> float:
    """How long Slack still waits for this request's ack; below zero it has told the person that it failed."""
    received = context.get("received_at")
    return ACK_SECONDS - (monotonic - received) if isinstance(received, float) else ACK_SECONDS


class _NoBodies(logging.Filter):
    """Bolt logs the whole body of a request with a wrong signature: whoever sends one does not get to write our log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if "Invalid request signature" in record.getMessage():
            record.msg, record.args = "a request with an invalid signature was refused", ()
        return True


class _Handler(SlackRequestHandler):
    """Bolt's adapter, saying when the request came in."""

    def dispatch(self, request: WsgiHttpRequest) -> BoltResponse:
        return self.app.dispatch(
            BoltRequest(
                body=request.get_body(),
                query=request.query_string,
                headers=request.get_headers(),
                context={"received_at": request.environ["attache.received_at"]},
            )
        )


class Refusal(Exception):
    """A request that never reaches Bolt."""

    def __init__(self, status: HTTPStatus, **headers: str) -> None:
        super().__init__(status.phrase)
        self.status, self.headers = status, headers


def guarded(app: App, stop: threading.Event, health: Callable[[], dict[str, Any]]) -> WSGIApplication:
    """The WSGI application: health, and Slack's requests once they are what they claim to be."""
    bolt = _Handler(app, path=EVENTS_PATH)

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["attache.received_at"] = time.monotonic()
        try:
            if environ.get("PATH_INFO") == HEALTH_PATH:
                return _healthz(environ, start_response, health)
            _check(environ, stop)
            return bolt(environ, start_response)
        except Refusal as refusal:
            return _answer(start_response, refusal.status, {"error": refusal.status.phrase}, refusal.headers)
        except Exception:  # the last line before the server, which would show a page of its own
            log.error("a request failed before any handler of ours saw it", exc_info=True)
            return _answer(start_response, HTTPStatus.INTERNAL_SERVER_ERROR, {"error": "internal error"}, {})

    return serve


def _answer(
    start_response: StartResponse, status: HTTPStatus, body: dict[str, Any], headers: dict[str, str]
) -> Iterable[bytes]:
    raw = json.dumps(body).encode()
    shown = {"Content-Type": "application/json", "Content-Length": str(len(raw)), **headers}
    start_response(f"{status.value} {status.phrase}", list(shown.items()))
    return [raw]


def _healthz(environ: WSGIEnvironment, start_response: StartResponse, health: Callable[[], dict[str, Any]]) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, Allow="GET, HEAD")
    try:
        state = health()
    except Exception:  # a probe wants a no, whatever the reason; the log has it
        log.warning("the health check failed", exc_info=True)
        state = {"ok": False}
    status = HTTPStatus.OK if state.get("ok", True) else HTTPStatus.SERVICE_UNAVAILABLE
    return _answer(start_response, status, state, {"Cache-Control": "no-store"})


def _check(environ: WSGIEnvironment, stop: threading.Event) -> None:
    """Refuses what Bolt would stumble over. Missing or wrong signatures are left to Bolt, which answers 401."""
    if environ.get("PATH_INFO") != EVENTS_PATH:
        raise Refusal(HTTPStatus.NOT_FOUND)
    if environ["REQUEST_METHOD"] != "POST":
        raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, Allow="POST")
    if stop.is_set():
        raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, Connection="close")
    for header, form in (("HTTP_X_SLACK_REQUEST_TIMESTAMP", _STAMP), ("HTTP_X_SLACK_SIGNATURE", _SIGNATURE)):
        if header in environ and not form.fullmatch(environ[header]):
            raise Refusal(HTTPStatus.UNAUTHORIZED)
    raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(raw)
    if not _well_formed(raw, environ.get("CONTENT_TYPE", "")):
        raise Refusal(HTTPStatus.BAD_REQUEST)


def _well_formed(raw: bytes, content_type: str) -> bool:
    """Is the body what its content type says: a JSON object, or a form whose payload (if any) is one?"""
    try:
        text = raw.decode("utf-8")
        if content_type.split(";")[0].strip().lower() == "application/json":
            return isinstance(json.loads(text), dict)
        form = parse_qs(text, keep_blank_values=True)
        return all(isinstance(json.loads(payload), dict) for payload in form.get("payload", []))
    except (ValueError, RecursionError):
        return False


def serve_http(
    app: App,
    host: str,
    port: int,
    stop: threading.Event,
    health: Callable[[], dict[str, Any]],
    *,
    ready: Callable[[int], None] | None = None,
) -> None:
    """Serves until `stop` is set, then lets what is under way finish. `ready` hears the port once it listens."""
    logging.getLogger("slack_bolt.RequestVerification").addFilter(_NO_BODIES)
    channels: dict[int, Any] = {}
    server = create_server(
        guarded(app, stop, health),
        map=channels,
        sockets=[_listen(host, port)],
        threads=WORKERS,
        ident=None,
        max_request_body_size=BODY_BYTES,
        max_request_header_size=HEADER_BYTES,
        channel_timeout=30,
        clear_untrusted_proxy_headers=True,
    )
    ears = [c for c in channels.values() if getattr(c, "accepting", False)]
    loop = threading.Thread(target=_loop, args=(channels, ears, stop), name="attache-http")
    loop.start()
    try:
        if ready is not None:
            ready(int(ears[0].effective_port))
        while not stop.wait(1.0):
            if not loop.is_alive():
                raise RuntimeError("the HTTP server ended by itself; its log says why")
    finally:
        stop.set()
        for ear in ears:
            ear.pull_trigger()
        loop.join()
        server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(channels)


_NO_BODIES = _NoBodies()


def _listen(host: str, port: int) -> socket.socket:
    """Bound here and not by waitress, which starts its threads first and leaves them behind when the port is taken."""
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
    return socket.create_server((host, port), family=family, backlog=128)


def _loop(channels: dict[int, Any], ears: list[Any], stop: threading.Event) -> None:
    """Moves bytes until told to stop; then stops listening and moves the last answers out."""
    while not stop.is_set():
        wasyncore.loop(timeout=1, map=channels, count=1, use_poll=hasattr(select, "poll"))
    for ear in ears:
        wasyncore.dispatcher.close(ear)
    deadline = time.monotonic() + DRAIN_SECONDS
    while _busy(channels) and time.monotonic() < deadline:
        wasyncore.loop(timeout=0.1, map=channels, count=1)


def _busy(channels: dict[int, Any]) -> bool:
    """Is a request being answered, or an answer still on its way out?"""
    return any(isinstance(c, HTTPChannel) and (c.requests or c.total_outbufs_len) for c in list(channels.values()))
