"""What every command is made of: the request that comes in, the record that describes it, and the person's troubles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.reply import Button, Form, Reply
from store.database import Session, Store, WriteSession


class Role(StrEnum):
    """What somebody is in the workspace whose facts these are, on Slack's word and nobody else's."""

    UNKNOWN = "unknown"
    """Slack has not said."""
    FOREIGN = "foreign"
    """A member of another workspace, in a shared channel."""
    GUEST = "guest"
    MEMBER = "member"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Told:
    """A message that something is recorded from: its words, who wrote it, the day it was posted, and its link."""

    text: str
    author: str
    said_on: date
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One command line from one person. `team` comes from the verified payload; `now` is aware UTC.

    `zone` is the reader's IANA zone and `date_order` how they write slashed dates ("DMY", "MDY", "YMD"). `deadline` is the
    moment after which Slack has told the person that the command failed, so that nothing may be written any more.
    `values` are a submitted form's, with `context` as the form was given it. `may` is what the asker is here; `told` the
    message that a shortcut was used on.
    """

    team: str
    user: str
    channel: str
    text: str
    now: datetime
    zone: str = "UTC"
    date_order: str = "DMY"
    values: dict[str, str] | None = None
    context: dict[str, str] | None = None
    still_wanted: Callable[[], None] | None = None
    may: Role = Role.UNKNOWN
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A request on its way through its command: `rest` is what follows the subcommand's name."""

    request: Request
    store: Store
    command: Command
    rest: str

    @property
    def now(self) -> datetime:
        return self.request.now

    @property
    def today(self) -> date:
        """The day it is where the asker is."""
        return self.request.now.astimezone(ZoneInfo(self.request.zone)).date()

    def line(self, words: str) -> str:
        """The command line that asks this command about these words."""
        return " ".join(part for part in (self.command.slash, self.command.name, words) if part)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view of the asker's workspace."""
        with self.store.read(self.request.team) as session:
            yield session

    @contextmanager
    def write(self, why: str | None = None) -> Iterator[WriteSession]:
        """One change, in the asker's name; called off when Slack has already given up on the command."""
        request = self.request
        with self.store.write(
            request.team, actor=request.user, now=request.now, why=why, still_wanted=request.still_wanted
        ) as session:
            yield session


Handler = Callable[[Ask], Reply | Form]


@dataclass(frozen=True, slots=True)
class Command:
    """One subcommand: what dispatches it, what help says of it, and the examples that are also its tests.

    `default` is the subcommand that runs when no known name leads the words. `writes` says that it changes the record, or
    opens a form that does: whether the asker may has to be known before it runs. `writes_on` are the words after its name
    with which alone it does.
    """

    slash: str
    name: str
    usage: str
    summary: str
    examples: tuple[str, ...]
    handler: Handler
    aliases: tuple[str, ...] = ()
    default: bool = False
    writes: bool = False
    writes_on: tuple[str, ...] = ()


class Trouble(Exception):
    """The person's trouble, in words: what was not understood, the nearest valid thing, and one example that works."""

    def __init__(
        self, message: str, *, nearest: str | None = None, example: str | None = None, buttons: tuple[Button, ...] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.nearest = nearest
        self.example = example
        self.buttons = buttons
