"""What the stand-in knows and remembers: people, channels, messages, views, files, calls.

Everything lives behind one lock. Times come from one clock given at the start, so a test can age a response URL or a
trigger without waiting for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

Json = dict[str, Any]

TEAM = "T0ATTACHE"
OTHER_TEAM = "T0ELSEWHERE"
APP = "A0ATTACHE"
BOT_ID = "B0ATTACHE"
BOT_USER = "U0ATTACHE"


class SlackError(Exception):
    """One of Slack's own refusals: an error code, with the faults named the way Slack names them."""

    def __init__(self, code: str, *messages: str, **extra: Any) -> None:
        super().__init__(": ".join([code, *messages]))
        self.code = code
        self.messages = list(messages)
        self.extra = extra


@dataclass(frozen=True)
class User:
    id: str
    name: str
    real_name: str = ""
    team_id: str = TEAM
    tz: str = "Europe/Brussels"
    is_bot: bool = False
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False


@dataclass
class Channel:
    id: str
    name: str
    team_id: str = TEAM
    kind: str = "public"  # public, private, mpim (a group of people) or im
    is_member: bool = True
    is_archived: bool = False
    is_ext_shared: bool = False
    user: str = ""  # the other person of an im
    members: list[str] = field(default_factory=list)


@dataclass
class Message:
    """One message as Slack keeps it. `seen_by` is set for ephemeral ones."""

    channel: str
    ts: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    user: str = BOT_USER
    seen_by: str | None = None
    via: str = ""  # the method or door it came through: chat.postMessage, ack, response_url
    args: Json = field(default_factory=dict)
    files: list[Json] = field(default_factory=list)
    deleted: bool = False
    edits: int = 0
    at: float = 0.0  # monotonic

    def shown(self, *, metadata: bool = False) -> Json:
        """The message as the Web API returns it."""
        out: Json = {"type": "message", "ts": self.ts, "user": self.user, "text": self.text, "team": TEAM}
        if self.user == BOT_USER:
            out |= {"bot_id": BOT_ID, "app_id": APP}
        if self.blocks:
            out["blocks"] = self.blocks
        if self.files:
            out["files"] = self.files
        if self.thread_ts:
            out["thread_ts"] = self.thread_ts
        if self.edits:
            out["edited"] = {"user": self.user, "ts": self.ts}
        if metadata and self.metadata is not None:
            out["metadata"] = self.metadata
        return out


@dataclass
class View:
    id: str
    body: Json
    hash: str
    root: str
    previous: str | None
    user: str
    open: bool = True


@dataclass
class Upload:
    id: str
    filename: str
    length: int
    alt_txt: str = ""
    data: bytes = b""
    received: bool = False
    complete: bool = False
    channel: str | None = None
    title: str = ""


@dataclass(frozen=True)
class Call:
    """One Web API call as it came in, whatever became of it. `at` is monotonic."""

    method: str
    args: Json
    at: float
    outcome: str


@dataclass(frozen=True)
class Mention:
    """Something in a text that would have made Slack notify people."""

    token: str
    where: str
    text: str


@dataclass
class ResponseUrl:
    channel: str
    user: str
    made: float
    uses: int = 0
    message_ts: str | None = None  # the message whose button made it, if any


@dataclass
class Trigger:
    user: str
    team: str
    made: float
    view: str | None = None  # the view it came from: views.push needs it
    used: bool = False


def default_users() -> list[User]:
    """A desk with one of each kind of person."""
    return [
        User(BOT_USER, "attache", "Attaché", is_bot=True, tz="Etc/UTC"),
        User("U0EDITOR", "ingrid", "Ingrid Vos"),
        User("U0READER", "tomas", "Tomas Lund", tz="America/New_York"),
        User("U0ADMIN", "amal", "Amal Haddad", is_admin=True, tz="Asia/Kolkata"),
        User("U0OWNER", "olu", "Olu Ade", is_admin=True, is_owner=True, tz="Africa/Lagos"),
        User("U0GUEST", "gus", "Gus Guest", is_restricted=True),
        User("U0SINGLE", "sia", "Sia Single", is_restricted=True, is_ultra_restricted=True),
        User("U0OUTSIDE", "otto", "Otto Outside", team_id=OTHER_TEAM, is_stranger=True),
        User("U0GONE", "greta", "Greta Gone", deleted=True),
        User("U0NEWSBOT", "wire", "Wire", is_bot=True),
    ]


def default_channels() -> list[Channel]:
    """A channel for each way posting can go right or wrong."""
    everyone = [u.id for u in default_users() if not u.deleted]
    return [
        Channel("C0DESK", "foreign-desk", members=everyone),
        Channel("C0OTHER", "other-desk", members=everyone),
        Channel("C0SHARED", "shared-desk", is_ext_shared=True, members=everyone),
        Channel("G0PRIVATE", "private-desk", kind="private", members=everyone),
        Channel("C0NOTIN", "not-invited", is_member=False, members=["U0EDITOR"]),
        Channel("G0HIDDEN", "hidden", kind="private", is_member=False, members=["U0EDITOR"]),
        Channel("C0ARCHIVED", "archived", is_archived=True, members=everyone),
    ]


class State:
    """All of it, behind one lock."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.clock = clock
        self.users: dict[str, User] = {u.id: u for u in default_users()}
        self.channels: dict[str, Channel] = {c.id: c for c in default_channels()}
        self.log: list[Message] = []
        self.views: dict[str, View] = {}
        self.uploads: dict[str, Upload] = {}
        self.calls: list[Call] = []
        self.broadcasts: list[Mention] = []
        self.mentions: list[Mention] = []
        self.complaints: list[str] = []
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.on_message: Callable[[Message], None] | None = None  # the journal of a stand-in run as a process
        self._last_ts = 0
        self._serial = 0

    def serial(self) -> int:
        with self.lock:
            self._serial += 1
            return self._serial

    def new_ts(self) -> str:
        """A message id: seconds and microseconds, never the same twice and never going back."""
        with self.lock:
            self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def keep(self, message: Message) -> Message:
        with self.changed:
            message.ts = message.ts or self.new_ts()
            message.at = time.monotonic()
            self.log.append(message)
            self.touched(message)
        return message

    def touched(self, message: Message) -> None:
        """A message is new, or was changed: whoever waits for that hears, and the journal gets a line."""
        with self.changed:
            if self.on_message:
                self.on_message(message)
            self.changed.notify_all()

    def find(self, channel: str, ts: str) -> Message | None:
        with self.lock:
            return next((m for m in self.log if m.ts == ts and m.channel == channel and not m.deleted), None)

    def note_call(self, call: Call) -> None:
        with self.changed:
            self.calls.append(call)
            self.changed.notify_all()

    def complain(self, text: str) -> None:
        """Something Slack lets pass and this house does not."""
        with self.lock:
            self.complaints.append(text)

    def new_trigger(self, user: str, team: str, view: str | None = None) -> str:
        key = f"{self.serial()}.{int(self.clock() * 1000)}.{self.serial():032x}"
        with self.lock:
            self.triggers[key] = Trigger(user, team, self.clock(), view)
        return key

    def use_trigger(self, key: str) -> Trigger:
        """A trigger works once, and for three seconds."""
        with self.lock:
            trigger = self.triggers.get(key)
            if trigger is None:
                raise SlackError("invalid_trigger_id", "no such trigger_id")
            if trigger.used:
                raise SlackError("exchanged_trigger_id", "this trigger_id was used before")
            if self.clock() - trigger.made > 3.0:
                raise SlackError("expired_trigger_id", "trigger_id is older than 3 seconds")
            trigger.used = True
            return trigger

    def dump(self) -> Json:
        """Everything a test outside this process wants to see, as JSON."""
        with self.lock:
            return {
                "messages": [asdict(m) for m in self.log],
                "calls": [asdict(c) for c in self.calls],
                "complaints": list(self.complaints),
                "broadcasts": [asdict(b) for b in self.broadcasts],
                "mentions": [asdict(b) for b in self.mentions],
            }

    def load_message(self, row: Json) -> None:
        """Takes back one message from a journal, after a restart of the stand-in itself."""
        known = {f.name for f in fields(Message)}
        message = Message(**{k: v for k, v in row.items() if k in known})
        with self.lock:
            self.log = [m for m in self.log if (m.channel, m.ts) != (message.channel, message.ts)]
            self.log.append(message)
            seconds, micros = message.ts.split(".")
            self._last_ts = max(self._last_ts, int(seconds) * 1_000_000 + int(micros))
