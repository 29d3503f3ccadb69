"""Socket Mode, on a client of our own.

Neither client of slack_sdk can be stopped or refreshed without loss: both close the old connection (and the acks that were
still to go out on it) as soon as Slack asks for a refresh, and the builtin one does not read for up to three seconds then.
Here a refresh opens the new line while the old one is still read, an envelope is acknowledged on the line it came by as long
as that is open, and a stop lets the acks under way go out before anything closes.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.line import CONNECT_SECONDS, LINE_ENDS, Line

ACK_SECONDS = 3.0
WORKERS = 10
DRAIN_SECONDS = 5.0  # longer than Slack waits for an ack
TOO_LATE = 2.5  # an envelope that waited so long cannot be answered in time: nothing is started for it
CALM_SECONDS, FIRST_PAUSE, LONGEST_PAUSE = 10.0, 0.1, 30.0

# Trying again does not help with these.
FATAL = {
    "account_inactive",
    "app_disabled",
    "invalid_auth",
    "missing_scope",
    "not_allowed_token_type",
    "not_authed",
    "token_expired",
    "token_revoked",
}

log = logging.getLogger(__name__)


class SocketRefused(Exception):
    """Slack will not have us: the message says why."""


class Workers:
    """Up to so many threads, started as needed. Unlike those of an executor they never keep a stopping process alive."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._changed = threading.Condition()
        self._open = 0  # jobs handed in and not finished

    def submit(self, job: Callable[[], None]) -> None:
        with self._changed:
            self._open += 1
            if self._open > len(self._threads) < self._most:
                thread = threading.Thread(target=self._run, name=f"attache-worker-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()
        self._jobs.put(job)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception:
                log.error("an envelope failed outside any handler of ours", exc_info=True)
            finally:
                with self._changed:
                    self._open -= 1
                    self._changed.notify_all()

    def wait_until_idle(self, seconds: float) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._open == 0, seconds):
                log.warning("stopping with %d requests unanswered", self._open)

    def stop(self) -> None:
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(0.2)  # one that hangs in a handler is left to die with the process


class Switchboard:
    """Keeps one line to Slack up, hands envelopes to the workers, and sends their acks."""

    def __init__(self, app: App, app_token: str, base_url: str) -> None:
        self._app = app
        self._token = app_token
        # Slack's own retry handlers sleep for as long as they are told; the pauses here can be interrupted.
        self._web = WebClient(token=app_token, base_url=base_url, timeout=int(CONNECT_SECONDS), retry_handlers=[])
        self._workers = Workers(WORKERS)
        self._lock = threading.Lock()
        self._line: Line | None = None  # the line that work comes by
        self._lines: dict[Line, threading.Thread] = {}
        self._wanted = threading.Event()  # a new line is wanted
        self._stopping = threading.Event()
        self._refused: SocketRefused | None = None
        self._keeper = threading.Thread(target=self._keep, name="attache-socket-keeper", daemon=True)

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set; raises SocketRefused when Slack will not have us."""
        self._wanted.set()
        self._keeper.start()
        try:
            while self._refused is None and not stop.wait(1.0):
                pass  # once a second is often enough to notice a refusal; a stop is noticed at once
        finally:
            self._shut()
        if self._refused is not None:
            raise self._refused

    # Keeping a line up.

    def _keep(self) -> None:
        pause, last = 0.0, -CALM_SECONDS
        while True:
            self._wanted.wait()
            self._wanted.clear()
            young = time.monotonic() - last < CALM_SECONDS
            pause = min(max(pause * 2, FIRST_PAUSE), LONGEST_PAUSE) if young else 0.0
            if self._stopping.wait(pause):
                return
            last = time.monotonic()
            try:
                self._open()
            except SocketRefused as e:
                self._refused = e
                return
            except Exception as e:  # noqa: BLE001 - a keeper that died would leave a bot that looks alive and is deaf
                asked = _retry_after(e)
                log.warning("no line to Slack (%s); trying again in %.1f s", type(e).__name__, max(asked, pause * 2))
                self._stopping.wait(asked)
                self._wanted.set()

    def _open(self) -> None:
        try:
            url = str(self._web.apps_connections_open(app_token=self._token)["url"])
        except SlackApiError as e:
            if _error(e) in FATAL:
                raise SocketRefused(f"Slack refuses the app token: {_error(e)}") from None
            raise
        line = Line(url)
        reader = threading.Thread(target=self._read, args=(line,), name="attache-socket-line", daemon=True)
        with self._lock:
            self._lines[line] = reader
        reader.start()

    def _read(self, line: Line) -> None:
        """Reads one line to its end."""
        try:
            while not self._stopping.is_set():
                message = line.read()
                if message is not None:
                    self._hear(line, message)
            self._workers.wait_until_idle(DRAIN_SECONDS)  # acks may still be going out on it
        except LINE_ENDS as e:
            log.info("a line to Slack ended (%s)", e)
        finally:
            with self._lock:
                self._lines.pop(line, None)
                if self._line is line:
                    self._line = None
            line.close(politely=self._stopping.is_set())
            line.release()
            if not line.retired:
                self._wanted.set()

    def _hear(self, line: Line, message: dict[str, Any]) -> None:
        kind = message.get("type")
        if kind == "hello":
            with self._lock:
                self._line = line
            log.info("connected to Slack by Socket Mode")
        elif kind == "disconnect":
            # The old line is read until Slack closes it: it may still bring work, and acks belong on it.
            line.retire()
            self._wanted.set()
        elif isinstance(message.get("envelope_id"), str) and isinstance(message.get("payload"), dict):
            received = time.monotonic()
            if self._stopping.is_set():
                return
            self._workers.submit(lambda: self._work(line, message, received))

    # Work.

    def _work(self, line: Line, envelope: dict[str, Any], received: float) -> None:
        waited = time.monotonic() - received
        if waited > TOO_LATE:
            log.error("an envelope waited %.1f s for a worker and was let go: Slack has given up on it", waited)
            return
        response = self._app.dispatch(_request(envelope, received))
        ack = _ack(envelope["envelope_id"], response)
        if ack is None:
            log.error("an envelope of type %s ended with status %s", envelope.get("type"), response.status)
        else:
            self._send(line, ack)

    def _send(self, line: Line, ack: dict[str, Any]) -> None:
        """On the line the envelope came by; if that is gone, on the one that took over, as Slack's own clients do."""
        try:
            line.send(ack)
        except LINE_ENDS:
            with self._lock:
                other = self._line
            if other is None or other is line:
                log.warning("an ack was lost with its line")
                return
            other.send(ack)

    # The end.

    def _shut(self) -> None:
        """No new work; the acks under way go out; then the lines close, without waiting for the other side."""
        self._stopping.set()
        self._wanted.set()
        self._keeper.join(1.0)  # it may be dialling: then it sees the stop when it is through
        self._workers.wait_until_idle(DRAIN_SECONDS)
        with self._lock:
            lines = list(self._lines.items())
        for line, _ in lines:
            line.close(politely=True)
        for _, reader in lines:
            reader.join(DRAIN_SECONDS)
        self._workers.stop()


def _error(e: SlackApiError) -> str:
    """Slack's error code; an answer that is no JSON object has none."""
    data = e.response.data if hasattr(e.response, "data") else e.response
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def _retry_after(e: Exception) -> float:
    """How long Slack asks us to wait before trying again."""
    if isinstance(e, SlackApiError) and _error(e) == "ratelimited" and hasattr(e.response, "headers"):
        headers = {str(k).lower(): str(v) for k, v in e.response.headers.items()}
        value = headers.get("retry-after", "")
        return float(value) if value.isdigit() else LONGEST_PAUSE
    return 0.0


def _request(envelope: dict[str, Any], received: float) -> BoltRequest:
    headers: dict[str, str | Sequence[str]] = {}
    if envelope.get("retry_attempt"):
        headers["x-slack-retry-num"] = str(envelope["retry_attempt"])
        headers["x-slack-retry-reason"] = str(envelope.get("retry_reason", ""))
    body = envelope["payload"]
    return BoltRequest(mode="socket_mode", body=body, headers=headers, context={"received_at": received})


def _ack(envelope_id: str, response: BoltResponse) -> dict[str, Any] | None:
    """What goes back, or None: Slack has no way to be told of a failure here but silence."""
    if response.status != 200:
        return None
    if not response.body:
        return {"envelope_id": envelope_id}
    kind = response.headers.get("content-type", [""])[0]
    payload = json.loads(response.body) if kind.startswith("application/json") else {"text": response.body}
    return {"envelope_id": envelope_id, "payload": payload}


def serve_socket(app: App, app_token: str, base_url: str, stop: threading.Event) -> None:
    """Serves until `stop` is set, then lets acks under way go out and closes."""
    Switchboard(app, app_token, base_url).run(stop)
