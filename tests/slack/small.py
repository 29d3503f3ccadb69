"""A small bot: a real registry over a real store, with a few commands that show what the Slack side must cope with."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from slack_bolt import App
from slack_sdk import WebClient

from bot.commands.base import Ask, Command, Trouble
from bot.commands.registry import Registry, build
from bot.reply import Button, Card, Field, FieldKind, Form, Mention, Moment, Option, Picture, Reply, Visibility, line
from bot.slack.app import build_app
from bot.slack.background import Background
from bot.slack.serve import serve_http, serve_socket
from store import migrations
from store.database import Session, Store
from tests.doubles.door import Door
from tests.doubles.slack import FakeSlack

NOW = datetime(2025, 2, 22, 18, 0, tzinfo=UTC)
HOSTILE = "Fish & chips <!channel> <@U0EDITOR> *bold* `code` @here مرحبا \u202e😀 <https://evil.example|bank>"
LEVELS = tuple(Option(name, name.title()) for name in ("leader", "minister", "deputy"))


class Small:
    """The commands, with doors to let slow ones go and notes of what they saw."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.started = threading.Semaphore(0)
        self.zones: list[str] = []
        self.teams: list[str] = []

    def commands(self) -> list[Command]:
        handlers = {
            "next": self.next, "say": self.say, "note": self.note, "slow": self.slow, "form": self.form, "many": self.many,
            "post": self.post, "boom": self.boom, "count": self.count, "linger": self.linger, "big": self.big,
            "chart": self.chart, "broken": self.broken,
        }  # fmt: skip
        return [
            Command("/desk", name, f"/desk {name}", f"Does {name}.", (f"/desk {name}",), handler, default=name == "next")
            for name, handler in handlers.items()
        ]

    def next(self, ask: Ask) -> Reply:
        self.zones.append(ask.request.zone)
        self.teams.append(ask.request.team)
        page = int(ask.rest.removeprefix("page ")) if ask.rest.startswith("page ") else 1
        buttons = (
            Button("Say it", "/desk say hello"),
            Button("More", f"/desk next page {page + 1}"),
            Button("Form", "/desk form"),
        )
        when = line("at ", Moment(NOW, "Europe/Zurich"), " by ", Mention("U0READER"))
        return Reply(
            f"Page {page}", aside="2 planned", parts=(Card(line("T-3"), (when,)),), buttons=buttons, share="/desk say shared"
        )

    def say(self, ask: Ask) -> Reply:
        return Reply("Said", parts=(line(ask.rest),), share=f"/desk say {ask.rest}")

    def note(self, ask: Ask) -> Reply:
        with ask.write() as session:
            session.insert("setting", [{"name": f"note-{_count(session)}", "value": ask.rest[:100]}])
        return Reply(f"Noted {ask.rest}")

    def linger(self, ask: Ask) -> Reply:
        """Writes, but not before it is let go."""
        self.started.release()
        self.go.wait(10)
        return self.note(ask)

    def chart(self, ask: Ask) -> Reply:
        def draw() -> bytes:
            if ask.rest == "badly":
                raise RuntimeError("secret detail")
            return b"PNG"

        return Reply("Chart", visibility=Visibility.PUBLIC, picture=Picture("Trips", "Turkey leads with 40", "trips.png", draw))

    def slow(self, ask: Ask) -> Reply:
        self.started.release()
        self.go.wait(10)
        return Reply(f"Slow {ask.rest}")

    def count(self, ask: Ask) -> Reply:
        with ask.read() as session:
            return Reply(f"{_count(session)} notes")

    def many(self, ask: Ask) -> Reply:
        return Reply("Many", parts=tuple(Card(line(f"Item {n}"), (line("word " * 40),)) for n in range(int(ask.rest or 40))))

    def post(self, ask: Ask) -> Reply:
        return Reply("For all", visibility=Visibility.PUBLIC)

    def broken(self, ask: Ask) -> Reply:
        """An answer that cannot be drawn."""
        return Reply("Broken", parts=(line(Moment(NOW, "No/Such")),))

    def boom(self, ask: Ask) -> Reply:
        raise RuntimeError("secret detail")

    def big(self, ask: Ask) -> Form:
        return Form("Too much", f"/desk form {'x' * 4000}", (Field("words", "Words"),))

    def form(self, ask: Ask) -> Reply | Form:
        values = ask.request.values
        if values is None:
            unread = (ask.rest,) if ask.rest else ()
            return self._form({}, notes=(line("Check this."),), unread=unread, context={"version": "7"})
        assert ask.request.context == {"version": "7"}
        if values["when"] == "never":
            return self._form(values, notes=(line("Check this."),), context={"version": "7"}, wrong="No such day.")
        if values["when"] == "twice":
            new = {**values, "when": "once"}
            return self._form(new, notes=(line("Likely a duplicate."),), context={"version": "7"})
        if values["when"] == "stop":
            raise Trouble("You may not.", nearest="Ask an editor.")
        with ask.write() as session:
            session.insert("setting", [{"name": f"note-{_count(session)}", "value": str(sorted(values.items()))}])
        return Reply("Recorded", parts=(line(values["when"]),))

    def _form(self, values: dict[str, str], *, wrong: str | None = None, **how: object) -> Form:
        fields = (
            Field("when", "When", value=values.get("when", "in March"), required=True, error=wrong, hint="In words"),
            Field("level", "Level", FieldKind.CHOICE, values.get("level", "deputy"), options=LEVELS),
            Field("tags", "Tags", FieldKind.CHOICES, values.get("tags", "leader,minister"), options=LEVELS),
            Field("said", "Said on", FieldKind.DAY, values.get("said", "2025-02-22")),
            Field("outcome", "Outcome", FieldKind.LONG_TEXT, values.get("outcome", "")),
        )
        return Form("Record talks", "/desk form", fields, **how)  # type: ignore[arg-type]


def _count(session: Session) -> int:
    return int(session.value("SELECT count(*) FROM setting WHERE team_id = :team") or 0)


def new_store(folder: Path) -> Store:
    path = folder / "attache.db"
    migrations.migrate(path, now=NOW)
    return migrations.open_store(path)


def notes(store: Store, team: str = "T0ATTACHE") -> list[str]:
    with store.read(team) as session:
        return [row["value"] for row in session.rows("SELECT value FROM setting WHERE team_id = :team ORDER BY name")]


class Bot:
    """The small bot with a Slack of its own."""

    def __init__(self, small: Small, store: Store, slack: FakeSlack, registry: Registry | None = None) -> None:
        self.small, self.store, self.slack = small, store, slack
        self.background = Background()
        self.registry = registry or build(store, [("/desk", "a small desk", small.commands)])
        client = WebClient(token=slack.bot_token, base_url=slack.base_url, retry_handlers=[])
        self.app: App = build_app(
            self.registry,
            clock=lambda: NOW,
            wall=time.time,
            background=self.background,
            signing_secret=slack.signing_secret,
            client=client,
        )

    def settle(self) -> None:
        assert self.background.wait(5)


@contextmanager
def over_http(bot: Bot) -> Iterator[Door]:
    """The bot behind real HTTP."""
    stop, up, ports = threading.Event(), threading.Event(), list[int]()

    def ready(port: int) -> None:
        ports.append(port)
        up.set()

    run = threading.Thread(target=lambda: serve_http(bot.app, "127.0.0.1", 0, stop, lambda: {"ok": True}, ready=ready))
    run.start()
    try:
        assert up.wait(10)
        yield bot.slack.http(f"http://127.0.0.1:{ports[0]}/slack/events")
    finally:
        _end(bot, stop, run)


@contextmanager
def over_socket(bot: Bot) -> Iterator[Door]:
    """The bot on a real Socket Mode connection."""
    stop = threading.Event()
    run = threading.Thread(target=lambda: serve_socket(bot.app, bot.slack.app_token, bot.slack.base_url, stop))
    run.start()
    try:
        yield bot.slack.socket()
    finally:
        _end(bot, stop, run)


def _end(bot: Bot, stop: threading.Event, run: threading.Thread) -> None:
    bot.small.go.set()
    stop.set()
    run.join(10)
    assert not run.is_alive()
    assert bot.background.stop()
