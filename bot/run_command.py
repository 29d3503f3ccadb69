"""`attache run`: serves Slack over Socket Mode or HTTP until it is told to stop."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import click

from bot import logs, wiring
from bot.config import BadSettings, Settings, read_settings
from bot.options import db_option
from store import home, integrity
from store.database import Store
from store.errors import StoreError

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0

log = logging.getLogger("bot.run")


def _address(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, int] | None:
    """Reads HOST:PORT, [IPV6]:PORT or :PORT (all addresses)."""
    if value is None:
        return None
    host, colon, port = value.rpartition(":")
    if not colon or not (port.isascii() and port.isdigit() and int(port) < 65536):
        words = f"{value[:60]!r} is not HOST:PORT; give one such as 127.0.0.1:3000."
        raise click.BadParameter(words, ctx, param)
    return host.strip("[]") or "0.0.0.0", int(port)  # noqa: S104  ":3000" asks for every address


@click.command("run")
@click.option("--http", callback=_address, metavar="HOST:PORT", help="Serve HTTP here instead of using Socket Mode.")
@db_option
def run_command(http: tuple[str, int] | None, db: str | None) -> int:
    """Serves Slack: over Socket Mode with SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or over HTTP with --http and
    SLACK_SIGNING_SECRET (SLACK_BOT_TOKEN too, for forms and posts). SIGTERM or Ctrl-C stops it."""
    started = time.monotonic()
    settings = required(http is not None)
    logs.set_up(settings.log_level, (settings.bot_token, settings.app_token, settings.signing_secret))
    if (db or settings.db) == wiring.STARTER:
        raise click.UsageError("The starter store is thrown away after each use; name a file with --db.")
    store = wiring.open_existing(settings, db)
    try:
        return _serve(settings, store, http, started)
    finally:
        store.close()


def required(http: bool) -> Settings:
    """The settings, with what serving needs. Raises BadSettings with every fault, the missing ones included."""
    faults: list[str] = []
    needed = ("SLACK_SIGNING_SECRET",) if http else ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    missing = [name for name in needed if not os.environ.get(name, "").strip()]
    settings = None
    try:
        settings = read_settings(os.environ)
    except BadSettings as error:
        faults += error.faults
    if missing:
        way = "Serving HTTP" if http else "Socket Mode"
        other = "" if http else " (Or serve HTTP: --http HOST:PORT with SLACK_SIGNING_SECRET.)"
        faults.append(f"{way} needs {' and '.join(needed)}; not set: {', '.join(missing)}.{other}")
    if settings is None or faults:
        raise BadSettings(faults)
    return settings


def _serve(settings: Settings, store: Store, http: tuple[str, int] | None, started: float) -> int:
    from bot.slack.serve import SocketRefused, serve_http, serve_socket

    stop = threading.Event()
    refused: list[str] = []
    threading.Thread(target=_introduce, args=(settings, store, stop, refused), name="attache-hello", daemon=True).start()
    try:
        clock = wiring.Clock()
        posting = wiring.posting(settings, store, clock.now) if settings.bot_token else nullcontext()
        with stop_on_signals(stop), posting, wiring.slack_app(settings, store, clock) as app:
            if http is None:
                _ready(started, "Socket Mode")
                serve_socket(app, settings.app_token, settings.api_url, stop)
            else:
                host, port = http
                serve_http(
                    app, host, port, stop, health_of(store), ready=lambda bound: _ready(started, f"HTTP on {host}:{bound}")
                )
    except SocketRefused as refusal:
        refused.append(f"SLACK_APP_TOKEN: {refusal}.")
    finally:
        stop.set()
    if refused:
        raise BadSettings(refused)
    log.info("stopped")
    return 0


def _ready(started: float, how: str) -> None:
    log.info("ready in %.2f s: %s", time.monotonic() - started, how)


@contextmanager
def stop_on_signals(stop: threading.Event) -> Iterator[None]:
    """While it lasts, SIGTERM and Ctrl-C set `stop`. A second one ends the process at once, and so does any afterwards."""
    both = (signal.SIGTERM, signal.SIGINT)

    def to_default() -> None:
        for each in both:
            signal.signal(each, signal.SIG_DFL)

    def handle(number: int, _: Any) -> None:
        to_default()
        log.info("stopping: %s", signal.Signals(number).name)
        # Not set() here: the signal may have come while this thread held the event's own lock.
        threading.Thread(target=stop.set, name="attache-stop", daemon=True).start()

    for each in both:
        signal.signal(each, handle)
    try:
        yield
    finally:
        to_default()  # an interpreter that is shutting down can start no thread, and would wait for it for ever


def _introduce(settings: Settings, store: Store, stop: threading.Event, refused: list[str]) -> None:
    """Asks Slack who we are until it answers. A token that Slack refuses ends the process: waiting would not help."""
    if not settings.bot_token:
        log.warning("SLACK_BOT_TOKEN is not set: there are no forms and no posts, and nobody's time zone is known")
        return
    from bot.slack.identity import SlackAway, TokenRefused, who_am_i

    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            we = who_am_i(settings.bot_token, settings.api_url)
        except TokenRefused as refusal:
            refused.append(f"SLACK_BOT_TOKEN is refused by Slack: {refusal}. Copy it again from OAuth & Permissions.")
            stop.set()
        except SlackAway as away:
            log.warning("Slack cannot be reached (%s); trying again in %.0f s", away, pause)
            stop.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            log.info("serving %s in %s (%s)", we.bot, we.team_name, we.team)
            _move_in(store, we.team)
            return


def _move_in(store: Store, team: str) -> None:
    """Makes the first workspace served the store's home, with what was loaded before."""
    try:
        if home.settle(store, team, now=wiring.Clock().now()):
            log.info("the facts loaded at the command line are now those of workspace %s", team)
    except StoreError as error:
        log.warning("the store's home workspace cannot be set: %s", error)


def health_of(store: Store) -> Callable[[], dict[str, Any]]:
    """What `/healthz` answers: whether the store can be read."""

    def health() -> dict[str, Any]:
        try:
            integrity.read_something(store)
        except StoreError as error:
            log.warning("the store cannot be read: %s", error)
            return {"ok": False, "store": "unreadable"}
        return {"ok": True}

    return health
