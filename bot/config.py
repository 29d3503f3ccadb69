"""Settings, read once from the environment: frozen, typed, and every fault reported at the same time.

A setting is one line of `Settings`: its variable's name, its default, what reads it, and what it means. That line drives
the parsing, `attache check`, the help and the table in the README. Values of secrets never appear in a message or a repr.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

SLACK_API = "https://slack.com/api/"
DATE_ORDERS = ("DMY", "MDY", "YMD")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

_KINDS_OF_TOKEN = {
    "xoxb-": "a bot token, which belongs in SLACK_BOT_TOKEN",
    "xapp-": "an app-level token, which belongs in SLACK_APP_TOKEN",
    "xoxp-": "a user token, which Attaché does not use",
    "xoxe": "an expiring token; switch token rotation off for this app",
    "https:": "a web address",
}


class BadSettings(Exception):
    """One or more variables cannot be used. `faults` has a sentence for each: its name, what is wrong, what is valid."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Variable:
    """What is known of one environment variable: enough to read it, to document it and to complain about it."""

    name: str
    meaning: str
    default: str
    read: Callable[[str], Any]
    secret: bool = False
    slack: bool = False
    """Only `attache run` and `attache check` need it; the rest of the command line does not look at it."""


def _text(value: str) -> str:
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError):
        near = difflib.get_close_matches(value, available_timezones(), 1, 0.7)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"is not a time zone; give an IANA name such as Europe/Brussels{hint}") from None
    return value


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.upper() not in choices:
            raise ValueError(f"is not one of {', '.join(choices)}")
        return value.upper()

    return read


def _token(prefix: str, where: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if re.fullmatch(re.escape(prefix) + r"[\x21-\x7e]+", value):
            return value
        for start, kind in _KINDS_OF_TOKEN.items():
            if value.startswith(start) and start != prefix:
                raise ValueError(f"holds {kind}; give the one that begins with {prefix} ({where})")
        raise ValueError(f"does not look like one: it begins with {prefix} and has no spaces ({where})")

    return read


def _seconds(least: float, most: float) -> Callable[[str], float]:
    def read(value: str) -> float:
        try:
            seconds = float(value)
        except ValueError:
            raise ValueError("is not a number of seconds") from None
        if not least <= seconds <= most:
            raise ValueError(f"is not between {least:g} and {most:g} seconds")
        return seconds

    return read


def _signing_secret(value: str) -> str:
    for start, kind in _KINDS_OF_TOKEN.items():
        if value.startswith(start):
            raise ValueError(f"holds {kind}; give the signing secret (Basic Information, App Credentials)")
    if not re.fullmatch(r"[\x21-\x7e]+", value):
        raise ValueError("has spaces or other stray characters; give the signing secret (Basic Information, App Credentials)")
    return value


def _api_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if not sound or parts.query or parts.fragment:
        raise ValueError(f"is not an http or https address such as {SLACK_API}")
    return value.rstrip("/") + "/"


def _setting(
    name: str, default: str, read: Callable[[str], Any], meaning: str, *, secret: bool = False, slack: bool = False
) -> Any:
    # An empty default means "not set", which every reader would refuse.
    variable = Variable(name, meaning, default, read, secret, slack)
    return dataclasses.field(default=read(default) if default else "", repr=not secret, metadata={"variable": variable})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. A text that is not set is empty."""

    db: str = _setting("ATTACHE_DB", "", _text, "the store's file; without it, one in your user data directory")
    zone: str = _setting("ATTACHE_ZONE", "UTC", _zone, "the time zone meant where nobody names one (IANA name)")
    date_order: str = _setting(
        "ATTACHE_DATE_ORDER", "DMY", _one_of(DATE_ORDERS), "how 12/03/2025 is read first: DMY, MDY or YMD"
    )
    log_level: str = _setting(
        "ATTACHE_LOG_LEVEL", "INFO", _one_of(LOG_LEVELS), "how much goes to the log: DEBUG, INFO, WARNING or ERROR"
    )
    sweep_seconds: float = _setting(
        "ATTACHE_SWEEP_SECONDS", "15", _seconds(0.1, 3600), "how often to look for posts that are due"
    )
    settle_seconds: float = _setting(
        "ATTACHE_SETTLE_SECONDS", "60", _seconds(0, 3600), "how long to wait before looking for a post whose fate is unsure"
    )
    post_timeout_seconds: float = _setting(
        "ATTACHE_POST_TIMEOUT_SECONDS", "10", _seconds(1, 120), "how long Slack may take to answer a post"
    )
    bot_token: str = _setting(
        "SLACK_BOT_TOKEN", "", _token("xoxb-", "OAuth & Permissions"), "the app's bot token, xoxb-…", secret=True, slack=True
    )
    app_token: str = _setting(
        "SLACK_APP_TOKEN",
        "",
        _token("xapp-", "Basic Information, App-Level Tokens"),
        "the app-level token for Socket Mode, xapp-…, with connections:write",
        secret=True,
        slack=True,
    )
    signing_secret: str = _setting(
        "SLACK_SIGNING_SECRET", "", _signing_secret, "proves that requests come from Slack (HTTP)", secret=True, slack=True
    )
    api_url: str = _setting("SLACK_API_URL", SLACK_API, _api_url, "another Web API base, for stand-ins", slack=True)


def variables() -> list[Variable]:
    """Every variable there is, in the order to show them."""
    return [field.metadata["variable"] for field in dataclasses.fields(Settings)]


def read_settings(environ: Mapping[str, str], *, slack: bool = True) -> Settings:
    """The settings that `environ` asks for. Blank variables count as not set.

    With `slack=False` the variables that only Slack needs are left alone, faults and all. Raises BadSettings with every
    fault there is.
    """
    values: dict[str, Any] = {}
    faults: list[str] = []
    for field in dataclasses.fields(Settings):
        variable: Variable = field.metadata["variable"]
        text = environ.get(variable.name, "").strip()
        if not text or (variable.slack and not slack):
            continue
        try:
            values[field.name] = variable.read(text)
        except ValueError as fault:
            shown = "" if variable.secret else f" ({text[:60]!r})"
            faults.append(f"{variable.name}{shown} {fault}.")
    if faults:
        raise BadSettings(faults)
    return Settings(**values)


def strangers(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Variables named like ours that nothing reads, most likely slips, each with the nearest real name or ''."""
    known = [variable.name for variable in variables()]
    found = sorted(name for name in environ if name.startswith("ATTACHE_") and name not in known)
    return [(name, next(iter(difflib.get_close_matches(name, known, 1, 0.6)), "")) for name in found]
