"""The two real ways into the app: signed HTTP requests, and Socket Mode envelopes."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.doubles.door import DEADLINE, Delivery, Door
from tests.doubles.signing import sign
from tests.doubles.socketmode import SocketServer
from tests.doubles.state import Json, State
from tests.payloads import events

PATIENCE = 10.0  # how long a call with strict=False listens, to see what comes too late


class HttpDoor(Door):
    """Signed requests to the app's /slack/events."""

    def __init__(self, state: State, origin: str, url: str, secret: str, now: Callable[[], dt.datetime]) -> None:
        super().__init__(state, origin, now)
        self.url, self.secret = url, secret

    def deliver(self, kind: str, body: Json, **how: Any) -> Delivery:
        raw, content = encode(kind, body)
        status, text, headers, seconds = self.post(raw, content, **how)
        payload: Any = text
        if headers.get("content-type", "").startswith("application/json") and text:
            try:
                payload = json.loads(text)
            except ValueError:
                payload = text
        return Delivery(kind, body, payload, seconds, status, acked=status != 0)

    def post(
        self,
        raw: bytes,
        content: str = "application/json",
        *,
        headers: dict[str, str] | None = None,
        now: dt.datetime | None = None,
        timeout: float = PATIENCE,
        retry: int = 0,
        reason: str = "http_timeout",
        method: str = "POST",
    ) -> tuple[int, str, dict[str, str], float]:
        """One request: status (0 when no answer came), body, headers, seconds. `headers` win over the right ones."""
        parts = urlsplit(self.url)
        out = {"Content-Type": content, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        out |= sign(raw, self.secret, now or self.now())
        if retry:
            out |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason}
        out |= headers or {}
        started = time.monotonic()
        connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=timeout)
        try:
            connection.request(method, parts.path or "/", body=raw, headers=out)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
            got = {k.lower(): v for k, v in response.getheaders()}
            return response.status, text, got, time.monotonic() - started
        except (OSError, http.client.HTTPException):
            return 0, "", {}, time.monotonic() - started
        finally:
            connection.close()

    def verify_url(self, challenge: str = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P") -> bool:
        """Slack's check when the request URL is saved."""
        raw = json.dumps(events.url_verification(challenge)).encode()
        status, text, _, _ = self.post(raw)
        return status == 200 and challenge in text

    def ssl_check(self) -> int:
        status, _, _, _ = self.post(b"ssl_check=1&token=legacy-verification-token", "application/x-www-form-urlencoded")
        return status


def encode(kind: str, body: Json) -> tuple[bytes, str]:
    """The body as Slack puts it on the wire: commands flat, interactions as one form field, events as JSON."""
    if kind == "slash_commands":
        return urlencode(body).encode(), "application/x-www-form-urlencoded"
    if kind == "interactive":
        return urlencode({"payload": json.dumps(body)}).encode(), "application/x-www-form-urlencoded"
    return json.dumps(body).encode(), "application/json"


class SocketDoor(Door):
    """Envelopes down the app's own WebSocket."""

    def __init__(self, state: State, origin: str, server: SocketServer, now: Callable[[], dt.datetime]) -> None:
        super().__init__(state, origin, now)
        self.server = server

    def deliver(self, kind: str, body: Json, **how: Any) -> Delivery:
        """`times=2` sends the same envelope twice; `retry=1` says that it is a second attempt."""
        times, retry = int(how.pop("times", 1)), int(how.pop("retry", 0))
        timeout = float(how.pop("timeout", DEADLINE))
        extra: Json = {"retry_attempt": retry, "retry_reason": "timeout"} if kind == "events_api" else {}
        started = time.monotonic()
        key = self.server.send(kind, body, timeout=timeout, **extra, **how)
        for _ in range(times - 1):
            self.server.send(kind, body, envelope_id=key, timeout=timeout, **extra, **how)
        ack = self.server.wait_for_ack(key, timeout - (time.monotonic() - started), count=times)
        if ack is None:
            return Delivery(kind, body, acked=False, seconds=time.monotonic() - started, envelope_id=key)
        return Delivery(kind, body, ack.payload, ack.seconds, envelope_id=key)
