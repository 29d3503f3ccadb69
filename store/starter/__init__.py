"""The starter facts: files of the exchange format, named by the day on which they became known.

The first file holds what was on record at 18:00 UTC of its day, the moment at which demonstrations begin. Each later one
becomes known when its day is over, at midnight UTC: what happened in New York in the afternoon is not known at noon. A later
file restates whole what it changes; records are matched by key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from typing import Any

from store.database import Store
from store.exchange import LoadReport, ReadWindow, load, parse

ACTOR = "starter facts"
SETTING = "starter"
"""The workspace's setting that keeps the name of the last file loaded."""

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.yaml\Z")


def files() -> list[str]:
    """Names of all the files, oldest first."""
    return sorted(item.name for item in resources.files(__name__).iterdir() if _NAME.match(item.name))


def known_from(name: str) -> datetime:
    """The moment from which a file's facts are known, aware UTC."""
    day = date.fromisoformat(name.removesuffix(".yaml"))
    if name == files()[0]:
        return datetime.combine(day, time(18), UTC)
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def known_by(now: datetime) -> list[str]:
    """Names of the files whose facts are known at a moment, oldest first."""
    return [name for name in files() if known_from(name) <= now]


def text(name: str) -> bytes:
    """The content of a file by its name."""
    return resources.files(__name__).joinpath(name).read_bytes()


def apply(store: Store, team: str, now: datetime, read_window: ReadWindow | None = None) -> LoadReport:
    """Loads into a workspace the starter facts known at `now` that it does not have yet, in one transaction.

    A file is loaded once: what people have corrected since is not put back. The first file is loaded whenever it is, so
    that a store has something in it. Returns what was new and changed. Raises `StoreError` kinds.
    """
    with store.write(team, actor=ACTOR, now=now, why="starter facts") as session:
        had = str(session.value("SELECT value FROM setting WHERE team_id = :team AND name = :name", name=SETTING) or "")
        names = [name for name in known_by(now) or files()[:1] if name > had]
        if not names:
            return LoadReport()
        report = load(session, together([parse(text(name), "yaml").data for name in names]), read_window=read_window)
        session.execute(
            """INSERT INTO setting (team_id, name, value) VALUES (:team, :name, :value)
               ON CONFLICT (team_id, name) DO UPDATE SET value = excluded.value""",
            name=SETTING,
            value=names[-1],
        )
        return report


def together(contents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Several files as one: of a record that more than one holds, the last stands, in the place of the first."""
    found: dict[str, Any] = {}
    for content in contents:
        for name, records in content.items():
            if not isinstance(records, list):
                found[name] = records
                continue
            merged = {record["key"]: record for record in found.get(name, ())}
            merged.update({record["key"]: record for record in records})
            found[name] = list(merged.values())
    return found
