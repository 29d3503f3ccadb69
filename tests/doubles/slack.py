"""`FakeSlack`: a whole Slack on loopback, for one test."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Self

from tests.doubles.doors import HttpDoor, SocketDoor
from tests.doubles.faults import Fault
from tests.doubles.scopes import APP_TOKEN, BOT_TOKEN
from tests.doubles.signing import SIGNING_SECRET
from tests.doubles.socketmode import SocketServer
from tests.doubles.state import BOT_USER, Call, Channel, Json, Mention, Message, State, Upload, User, View
from tests.doubles.texts import as_typed
from tests.doubles.web import WebServer


class FakeSlack:
    """Starts on entering, ends on leaving, and leaves no thread or socket behind."""

    bot_token = BOT_TOKEN
    app_token = APP_TOKEN
    signing_secret = SIGNING_SECRET

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        seed: int = 1,
        port: int = 0,
        scopes: Iterable[str] | None = None,
    ) -> None:
        self.state = State(clock)
        self._web = WebServer(self.state, port, seed)
        if scopes is not None:
            self._web.scopes = frozenset(scopes)
        self._thread = threading.Thread(target=self._web.serve_forever, args=(0.05,), name="slack-web", daemon=True)
        self._sockets: SocketServer | None = None
        self._web.open_socket = lambda: self.sockets.ticket()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        if self._sockets is not None:
            self._sockets.stop()
        self._web.stop()
        self._thread.join(5)

    @property
    def base_url(self) -> str:
        """For SLACK_API_URL, or WebClient(base_url=…)."""
        return f"{self._web.origin}/api/"

    @property
    def sockets(self) -> SocketServer:
        """The Socket Mode side: refresh(), drop_lines(), close_lines(), wait_for_lines() …"""
        with self.state.lock:
            if self._sockets is None:
                self._sockets = SocketServer(self.state)
            return self._sockets

    def now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.state.clock(), dt.UTC)

    def control(self, handler: Callable[[str, Json], Json]) -> None:
        """Opens /_control/, for a stand-in that runs as a process of its own."""
        self._web.control = handler

    # Ways in.

    def http(self, url: str, *, secret: str = SIGNING_SECRET, now: Callable[[], dt.datetime] | None = None) -> HttpDoor:
        """Signed requests to an app that serves HTTP at this URL."""
        return HttpDoor(self.state, self._web.origin, url, secret, now or self.now)

    def socket(self, *, timeout: float = 10.0) -> SocketDoor:
        """Envelopes to an app that is connected, or connects within the time."""
        self.sockets.wait_for_lines(1, timeout)
        return SocketDoor(self.state, self._web.origin, self.sockets, self.now)

    # Trouble.

    def fault(
        self, method: str, fault: Fault, *, channel: str | None = None, times: int | None = None, probability: float = 1.0
    ) -> None:
        """Lets something go wrong with a method ("*" is all, "response_url" the response URLs): see faults.py."""
        self._web.faults.add(method, fault, channel=channel, times=times, probability=probability)

    def clear_faults(self) -> None:
        self._web.faults.clear()

    def struck(self) -> list[tuple[str, Fault, int]]:
        return self._web.faults.struck()

    def rate_limit(self, *, channel_seconds: float = 1.0, burst: int = 1, per_minute: int = 0) -> None:
        """Switches Slack's own rate limits on for chat.postMessage."""
        self._web.limits.set(channel_seconds=channel_seconds, burst=burst, per_minute=per_minute)

    @property
    def rate_limited(self) -> int:
        """How many calls the rate limit refused."""
        return self._web.limits.refused

    # Who and where.

    def add_user(self, user: User) -> User:
        self.state.users[user.id] = user
        for channel in self.state.channels.values():
            if channel.is_member and channel.kind != "im":
                channel.members.append(user.id)
        return user

    def add_channel(self, channel: Channel) -> Channel:
        channel.members = channel.members or [u.id for u in self.state.users.values() if not u.deleted]
        self.state.channels[channel.id] = channel
        return channel

    def say(self, text: str, *, user: str = "U0EDITOR", channel: str = "C0DESK", thread_ts: str | None = None) -> Message:
        """Somebody else writes in a channel: something to use a shortcut on. Slack passes & < > on escaped."""
        return self.state.keep(Message(channel, "", as_typed(text), user=user, thread_ts=thread_ts, via="person"))

    # What happened.

    def messages(self, channel: str | None = None) -> list[Message]:
        """What the bot posted for all to see and has not deleted, oldest first."""
        with self.state.lock:
            return [
                m
                for m in self.state.log
                if m.seen_by is None and m.user == BOT_USER and not m.deleted and channel in (None, m.channel)
            ]

    def ephemerals(self, user: str | None = None, channel: str | None = None) -> list[Message]:
        """What only one person saw, oldest first."""
        with self.state.lock:
            return [
                m
                for m in self.state.log
                if m.seen_by is not None and not m.deleted and user in (None, m.seen_by) and channel in (None, m.channel)
            ]

    @property
    def views(self) -> list[View]:
        """Every view there has been; the last open one is on top."""
        with self.state.lock:
            return list(self.state.views.values())

    @property
    def top_view(self) -> View:
        """The form on screen."""
        still = [v for v in self.views if v.open]
        if not still:
            raise AssertionError("no form is open")
        return still[-1]

    @property
    def uploads(self) -> list[Upload]:
        return list(self.state.uploads.values())

    def calls(self, method: str | None = None) -> list[Call]:
        with self.state.lock:
            return [c for c in self.state.calls if method in (None, c.method)]

    @property
    def broadcasts(self) -> list[Mention]:
        """Everything that would have rung a whole channel's bells. Assert that this is empty."""
        return list(self.state.broadcasts)

    @property
    def mentions(self) -> list[Mention]:
        """Everything that would have notified one person."""
        return list(self.state.mentions)

    @property
    def complaints(self) -> list[str]:
        """What Slack lets pass and this house does not: unescaped characters, unfurling left on, images without words."""
        return list(self.state.complaints)

    def copies(self, key: Callable[[dict[str, Any]], Any] | str = "key") -> Counter[Any]:
        """How many messages carry each metadata key: all of them 1 means nothing came twice."""
        pick = (lambda payload: payload.get(key)) if isinstance(key, str) else key
        rows = [m.metadata["event_payload"] for m in self.messages() if m.metadata]
        return Counter(pick(row) for row in rows)

    def wait_for(self, what: Callable[[], Any], timeout: float = 5.0) -> Any:
        """Waits until something recorded is so; returns it. For what arrives after an ack."""
        with self.state.changed:
            if not self.state.changed.wait_for(what, timeout):
                raise AssertionError(f"it did not happen within {timeout} s; calls so far: {self.summary()}")
            return what()

    def summary(self) -> str:
        return "; ".join(f"{c.method} {c.outcome}" for c in self.calls()) or "none"
