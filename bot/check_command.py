"""`attache check`: the settings, the store and Slack, a line each, with what to do about what is wrong."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from bot.config import BadSettings, Settings, read_settings, strangers, variables
from bot.options import db_option
from bot.wiring import STARTER, store_path
from store import integrity, migrations
from store.errors import StoreError


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `remedy` is what to do about a failure; `ok` None is a remark."""

    ok: bool | None
    about: str
    says: str
    remedy: str = ""


@click.command("check", epilog="Variables: " + "; ".join(f"{v.name}, {v.meaning}" for v in variables()) + ".")
@db_option
def check_command(db: str | None) -> int:
    """Checks the settings, the store and, when tokens are set, Slack. Exits with 1 when anything is wrong."""
    failed = 0
    for finding in findings(db):
        mark = {True: "ok  ", False: "FAIL", None: "note"}[finding.ok]
        click.echo(f"{mark}  {finding.about}: {finding.says}")
        if finding.remedy:
            click.echo(f"      {finding.remedy}")
        failed += finding.ok is False
    return 1 if failed else 0


def findings(db: str | None) -> Iterator[Finding]:
    """Everything that was checked, as it was found."""
    faults: tuple[str, ...] = ()
    try:
        settings = read_settings(os.environ)
    except BadSettings as error:
        faults = error.faults
        settings = _usable()
    for fault in faults:
        yield Finding(False, "settings", fault, "Set it as described, or unset it.")
    for name, near in strangers(os.environ):
        yield Finding(None, "settings", f"nothing reads {name}{f'; did you mean {near}?' if near else '.'}")
    if not faults:
        yield Finding(True, "settings", _set(settings))
    if (db or settings.db) == STARTER:
        yield Finding(None, "store", "starter is made afresh for each use; there is nothing to check.")
    else:
        yield from _store(store_path(settings, db), db)
    yield from _slack(settings)


def _usable() -> Settings:
    """What can be used of the settings when some cannot."""
    sound = {}
    for variable in variables():
        try:
            read_settings({variable.name: os.environ.get(variable.name, "")})
        except BadSettings:
            continue
        sound[variable.name] = os.environ.get(variable.name, "")
    return read_settings(sound)


def _set(settings: Settings) -> str:
    given = [variable.name for variable in variables() if os.environ.get(variable.name, "").strip()]
    return (
        f"zone {settings.zone}, dates {settings.date_order}, log {settings.log_level}; "
        f"set: {', '.join(given) if given else 'nothing, all defaults'}."
    )


def _store(path: Path, db: str | None) -> Iterator[Finding]:
    option = f" --db {db}" if db else ""
    if not path.exists():
        yield Finding(False, "store", f"there is none at {path}.", f"Make one with: attache migrate{option}")
    else:
        sound = _tried("store", lambda: _sound(path))
        yield sound
        if sound.ok:
            yield _tried("migrations", lambda: _pending(path, option))
        yield _writable(path)
    free, wanted = integrity.free_bytes(path), integrity.wants_bytes(path)
    enough = free >= wanted
    says = f"{_size(free)} free" + ("." if enough else f", {_size(wanted)} wanted.")
    yield Finding(enough, "disk", says, "" if enough else "Free some space, or move the store with --db or ATTACHE_DB.")


def _tried(about: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except StoreError as error:
        return Finding(False, about, str(error), error.remedy or "")
    except sqlite3.Error as error:
        return Finding(False, about, f"SQLite says: {error}.", "Put a backup in the store's place.")


def _sound(path: Path) -> Finding:
    if faults := integrity.faults(path):
        says = f"{path} is damaged: {'; '.join(faults[:3])}{'; …' if len(faults) > 3 else ''}"
        return Finding(False, "store", says, "Put a backup in its place, or load an export into a new store.")
    return Finding(True, "store", f"{path} is sound, {_size(path.stat().st_size)}.")


def _pending(path: Path, option: str) -> Finding:
    if names := migrations.pending(path):
        return Finding(False, "migrations", f"{', '.join(names)} still to run.", f"Run: attache migrate{option}")
    migrations.open_store(path).close()  # raises for a store that a newer program wrote
    return Finding(True, "migrations", "none to run.")


def _writable(path: Path) -> Finding:
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return Finding(True, "access", "the store and its folder can be written.")
    return Finding(False, "access", f"{path} or its folder cannot be written.", "Give this user write access to both.")


def _slack(settings: Settings) -> Iterator[Finding]:
    if not settings.bot_token:
        yield Finding(None, "slack", "SLACK_BOT_TOKEN is not set, so Slack was not asked.")
        return
    from bot.slack.identity import SlackAway, TokenRefused, who_am_i

    try:
        we = who_am_i(settings.bot_token, settings.api_url)
    except TokenRefused as refusal:
        remedy = "Copy the token again from the app's page: OAuth & Permissions."
        yield Finding(False, "slack", f"SLACK_BOT_TOKEN is refused: {refusal}.", remedy)
        return
    except SlackAway as away:
        yield Finding(False, "slack", f"{settings.api_url} cannot be reached: {away}.", "Check the network and SLACK_API_URL.")
        return
    yield Finding(True, "slack", f"reached as {we.bot} in {we.team_name} ({we.team}).")
    if not (settings.app_token or settings.signing_secret):
        yield Finding(
            False,
            "slack",
            "neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set, so Slack has no way in.",
            "Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for attache run --http HOST:PORT.",
        )


def _size(count: int) -> str:
    size = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
