"""The composition root: settings, store, clock, registry and Slack, put together. Nothing happens at import.

What only one way in needs (Slack, the starter facts) is imported where it is put together, so that a question on the
command line does not wait for it.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from bot.commands.registry import Registry, build
from bot.config import Settings, read_settings
from bot.reply import Reply
from store import errors, migrations
from store.database import Store

if TYPE_CHECKING:
    from store.exchange import LoadReport, ReadWindow

LOCAL = "local"
"""The workspace of the command line and the terminal."""

STARTER = "starter"
"""What `--db` takes for a throwaway store with the starter facts."""

STARTER_MOMENT = datetime(2025, 2, 22, 18, 0, tzinfo=UTC)
"""When the starter facts are news."""


class Clock:
    """The one clock. It tells the real time, or stands still at a moment until it is moved."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at = at

    def now(self) -> datetime:
        """Aware UTC, to the second as the store keeps it."""
        return self._at or datetime.now(UTC).replace(microsecond=0)

    @property
    def stands(self) -> bool:
        return self._at is not None

    def move(self, to: datetime) -> None:
        """Sets a standing clock. Raises ValueError for the real one, for a naive time, and for going back."""
        if self._at is None:
            raise ValueError("the real clock cannot be moved")
        if to.tzinfo is None:
            raise ValueError("a time without a zone")
        if to < self._at:
            raise ValueError("the clock only moves forward")
        self._at = to.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Presented:
    """An answer as Slack would get it: the fallback text and the Block Kit, and the messages that a long one goes on in."""

    text: str
    blocks: list[dict[str, Any]]
    more: tuple[Presented, ...] = ()


def default_path() -> Path:
    """Where the store is when nobody says: the platform's user data directory."""
    return Path(platformdirs.user_data_dir("attache", appauthor=False)) / "attache.db"


def store_path(settings: Settings, db: str | None) -> Path:
    """The store's file: `--db`, else ATTACHE_DB, else the default."""
    named = db or settings.db
    return Path(named).expanduser() if named else default_path()


def open_existing(settings: Settings, db: str | None) -> Store:
    """The store that `--db` or the settings name, up to date. Raises StoreError kinds, with the command that helps."""
    path = store_path(settings, db)
    try:
        return migrations.open_store(path)
    except (errors.StoreMissing, errors.StorePending) as error:
        error.remedy = f"{'Make one' if isinstance(error, errors.StoreMissing) else 'Update it'} with: {_migrate(db)}"
        raise


def _migrate(db: str | None) -> str:
    if not db:
        return "attache migrate"
    quoted = db if db.isprintable() and not set(db) & set(" '\"\\$`&;|<>()*?") else repr(db)
    return f"attache migrate --db {quoted}"


@contextmanager
def open_for_cli(db: str | None, now: datetime | None) -> Iterator[tuple[Store, Clock]]:
    """The store and the clock of one command-line call; both end with it.

    `db` is `--db` (None: ATTACHE_DB, else the default; "starter": a throwaway store with the starter facts) and `now` is
    `--now` (None: the real time; for the starter facts the moment they are news). Raises BadSettings and StoreError kinds.
    """
    settings = read_settings(os.environ, slack=False)
    if (db or settings.db) != STARTER:
        store = open_existing(settings, db)
        try:
            yield store, Clock(now)
        finally:
            store.close()
        return
    if now is None:
        print(f"Starter facts: the clock stands at {STARTER_MOMENT:%d %b %Y, %H:%M} UTC.", file=sys.stderr)
    clock = Clock(now or STARTER_MOMENT)
    with throwaway(settings) as store:
        yield store, clock


@contextmanager
def throwaway(settings: Settings) -> Iterator[Store]:
    """A fresh store with the starter facts as they were on record at STARTER_MOMENT, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="attache-") as folder:
        path = Path(folder) / "attache.db"
        migrations.migrate(path, now=STARTER_MOMENT)
        store = migrations.open_store(path)
        try:
            apply_starter(store, STARTER_MOMENT, settings)
            yield store
        finally:
            store.close()


def apply_starter(store: Store, now: datetime, settings: Settings) -> LoadReport:
    """Puts on record the starter facts that were known by `now`, apart from those that once were."""
    from store import starter

    return starter.apply(store, LOCAL, now, window_reader(settings))


def window_reader(settings: Settings) -> ReadWindow:
    """What loads read the words of a window with, in the date order of the settings."""
    from bot.language import when

    return partial(when.read, order=when.DateOrder(settings.date_order))


def registry(store: Store) -> Registry:
    """Every command there is, over one store."""
    from bot.commands.catalog import groups

    return build(store, groups())


@contextmanager
def slack_app(settings: Settings, store: Store, clock: Clock) -> Iterator[Any]:
    """The Bolt app over a store. On leaving, what it still had to send gets a moment to go out.

    What is loaded by then stays as long as the process: while the app serves, it is not looked through for garbage, which would
    hold up an answer for tens of milliseconds now and then.
    """
    from bot.slack.app import build_app
    from bot.slack.background import Background
    from bot.slack.identity import web_client

    background = Background()
    try:
        app = build_app(
            registry(store),
            clock=clock.now,
            background=background,
            signing_secret=settings.signing_secret,
            client=web_client(settings.bot_token, settings.api_url) if settings.bot_token else None,
            zone=settings.zone,
            date_order=settings.date_order,
        )
        gc.freeze()
        yield app
    finally:
        gc.unfreeze()
        background.stop()


@contextmanager
def posting(settings: Settings, store: Store, now: Callable[[], datetime]) -> Iterator[None]:
    """Posts what falls due in Slack while inside; on leaving, the posts under way finish. Needs the bot token."""
    from bot.jobs.sweep import Sweeper
    from bot.jobs.ticker import Ticker
    from bot.slack.poster import SlackPoster, posting_client

    client = posting_client(settings.bot_token, settings.api_url, timeout=settings.post_timeout_seconds)
    sweeper = Sweeper(store, SlackPoster(lambda _: client), settle_seconds=settings.settle_seconds)
    ticker = Ticker(sweeper, now, seconds=settings.sweep_seconds, wall=Clock().now)
    ticker.start()
    try:
        yield
    finally:
        ticker.stop()


def present(reply: Reply, zone: str | None = None) -> Presented:
    """A reply as Slack would get it; `zone` is the reader's."""
    from bot.slack.limits import ANSWER_MESSAGES
    from bot.slack.render import render_all

    first, *more = [Presented(m.text, m.blocks) for m in render_all(reply, zone=zone, most=ANSWER_MESSAGES)]
    return replace(first, more=tuple(more))


def on_screen(reply: Reply, zone: str | None = None) -> list[dict[str, Any]]:
    """The Block Kit of a whole reply, for a terminal to draw."""
    from bot.slack.render import on_screen as drawn

    return drawn(reply, zone=zone)
