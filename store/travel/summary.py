"""What the last import noted about the whole record."""

from __future__ import annotations

import json
from dataclasses import dataclass

from store.database import Session


@dataclass(frozen=True, slots=True)
class Summary:
    """The record as of the last import: when, from what, the last day by office, merged ids by party, unknown ids."""

    at: str
    source: str
    last: dict[str, str]
    merges: dict[str, list[str]]
    unknown: tuple[str, ...]


def summary(session: Session) -> Summary | None:
    """The last import, or None when there was none: then the record is empty, which is no answer about the world."""
    row = session.row("SELECT at, source, summary FROM travel_import WHERE team_id = :builtin ORDER BY number DESC LIMIT 1")
    if row is None:
        return None
    data = json.loads(row["summary"])
    return Summary(row["at"], row["source"], data["last"], data["merges"], tuple(data["unknown"]))
