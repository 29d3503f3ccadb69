"""What the subcommands' options have in common."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click


def instant(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    """Reads an option's ISO 8601 day or time; without an offset it is UTC, and a day is its midnight. Gives aware UTC."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        words = f"{value[:60]!r} is not a time; give one such as 2025-02-22T18:00:00Z or 2025-02-22."
        raise click.BadParameter(words, ctx, param) from None


def db_option(command: Any) -> Any:
    """`--db FILE`, as `db: str | None`."""
    words = "The store's file; 'starter' is a throwaway store with the starter facts.  [default: ATTACHE_DB]"
    return click.option("--db", metavar="FILE", help=words)(command)


def now_option(command: Any) -> Any:
    """`--now ISO`, as `now: datetime | None`."""
    return click.option("--now", callback=instant, metavar="ISO", help="Answer as of this moment instead of now.")(command)


def tidy(text: str) -> str:
    """Words from the command line, with bytes that are not text replaced: nothing further in could write them."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
