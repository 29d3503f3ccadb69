"""One WebSocket to Slack, read by one thread and written to by many."""

from __future__ import annotations

import json
import logging
import selectors
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

import websocket

CONNECT_SECONDS = 10.0
PING_SECONDS, SILENCE_SECONDS = 10.0, 30.0
RETIRED_SECONDS = 60.0  # Slack closes a line well before that after asking for a refresh

# Everything that can end a line; websocket-client lets socket errors through as they are.
LINE_ENDS = (OSError, websocket.WebSocketException, ValueError)

log = logging.getLogger(__name__)


class Line:
    """Reading and writing take turns: an SSL socket is not for two threads at once."""

    def __init__(self, url: str) -> None:
        self._retired_at: float | None = None
        dial: Callable[..., Any] = websocket.create_connection
        self._ws = dial(url, timeout=CONNECT_SECONDS)
        self._turn = threading.Lock()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._ws.sock, selectors.EVENT_READ)
        self._heard = self._pinged = time.monotonic()

    @property
    def retired(self) -> bool:
        """Another line takes over; this one is only read to its end."""
        return self._retired_at is not None

    def retire(self) -> None:
        self._retired_at = time.monotonic()

    def read(self) -> dict[str, Any] | None:
        """The next message; None when there is none for now. Raises one of LINE_ENDS when the line is dead."""
        sock = self._ws.sock
        if sock is None:
            raise ConnectionError("the line is closed")
        waiting = isinstance(sock, ssl.SSLSocket) and sock.pending() > 0
        if not waiting and not self._selector.select(1.0):
            self._keep_alive()
            return None
        with self._turn:
            opcode, data = self._ws.recv_data(control_frame=True)  # answers pings itself
        self._heard = time.monotonic()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            raise ConnectionError("Slack closed the line")
        if opcode != websocket.ABNF.OPCODE_TEXT:
            return None
        try:
            message = json.loads(data)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict):
            log.warning("Slack sent something that is no JSON object; it was left alone")
            return None
        return message

    def _keep_alive(self) -> None:
        now = time.monotonic()
        if self._retired_at is not None and now - self._retired_at > RETIRED_SECONDS:
            raise ConnectionError("the line was replaced long ago")
        if now - self._heard > SILENCE_SECONDS:
            raise ConnectionError(f"nothing heard for {SILENCE_SECONDS:.0f} s")
        if now - max(self._heard, self._pinged) > PING_SECONDS:
            self._pinged = now
            with self._turn:
                self._ws.ping()

    def send(self, message: dict[str, Any]) -> None:
        with self._turn:
            self._ws.send(json.dumps(message))

    def close(self, *, politely: bool) -> None:
        """Wakes the reader and lets go. Never waits for the other side."""
        if politely and self._turn.acquire(timeout=0.5):
            try:
                self._ws.send_close()
            except LINE_ENDS:
                log.debug("the line was dead already: nobody to say goodbye to")
            finally:
                self._turn.release()
        self._ws.abort()

    def release(self) -> None:
        """Frees the socket, once nobody reads it any more."""
        self._selector.close()
        self._ws.shutdown()
