"""Sentences to entries: a labelled corpus of announcements, and what holds for any text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.language import entry
from bot.language.entry import TalksEntry
from store import migrations
from store.database import Session
from store.records import Level, PlaceState

NOW = datetime(2025, 2, 22, 18, 0, tzinfo=UTC)
ZONE = "Europe/Brussels"
FIELDS = ("sides", "levels", "window", "place", "agenda", "after", "said", "said_on", "round")
CORPUS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("announcements.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    path = tmp_path_factory.mktemp("entry") / "store.db"
    migrations.migrate(path, now=NOW)
    store = migrations.open_store(path)
    with store.read("T1") as reading:
        yield reading
    store.close()


def talks(session: Session, text: str, said_on: date | None = None) -> TalksEntry:
    return entry.read_talks(session, text, now=NOW, said_on=said_on, zone=ZONE)


def labels(case: dict[str, Any]) -> dict[str, object]:
    """A case's fields in the form of `fields`; None where they are to be empty."""
    sides, levels = [], {}
    shared = Level.UNSTATED
    for word in str(case.get("sides", "")).split():
        code, _, own = word.partition("=")
        if code.startswith("@"):
            shared = Level(code[1:])
            continue
        sides.append(code)
        levels[code] = Level(own) if own else Level.UNSTATED
    stated = {code: shared if shared is not Level.UNSTATED else level for code, level in levels.items()}
    return {
        "sides": sorted(sides) or None,
        "levels": {code: level for code, level in stated.items() if level is not Level.UNSTATED} or None,
        "window": case.get("window"),
        "place": case.get("place"),
        "agenda": [item.lower() for item in case.get("agenda", [])] or None,
        "after": str(case["after"]).split() if "after" in case else None,
        "said": case.get("said"),
        "said_on": str(case["said_on"]) if "said_on" in case else None,
        "round": case.get("round"),
    }


def fields(read: TalksEntry) -> dict[str, object]:
    """What was read, as a case of the corpus would say it."""
    return {
        "sides": sorted(side.party for side in read.sides) or None,
        "levels": {side.party: side.level for side in read.sides if side.level is not Level.UNSTATED} or None,
        "window": "?" if read.readings else _window(read),
        "place": _place(read),
        "agenda": [item.lower() for item in read.agenda] or None,
        "after": list(read.after) or None,
        "said": read.said_by,
        "said_on": read.said_on.isoformat() if read.said_on else None,
        "round": read.round,
    }


def _window(read: TalksEntry) -> str | None:
    if read.window is None or (read.window.earliest is None and read.window.latest is None):
        return None
    return f"{_end(read.window.earliest)}..{_end(read.window.latest)}"


def _end(value: date | datetime | None) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    return value.isoformat() if value else ""


def _place(read: TalksEntry) -> str | None:
    if read.place is None:
        return None
    if read.place.state is not PlaceState.NAMED:
        return read.place.state.value
    return " ".join(filter(None, (read.place.country, read.place.city)))


def measure(session: Session, cases: list[dict[str, Any]]) -> tuple[Counter[str], list[str], list[str]]:
    """How many fields are right, which are wrong, and which are filled though the case leaves them empty."""
    right: Counter[str] = Counter()
    wrong: list[str] = []
    invented: list[str] = []
    for case in cases:
        said = case.get("on")
        read, expected = fields(talks(session, case["text"], said)), labels(case)
        for field in FIELDS:
            if read[field] == expected[field]:
                right[field] += 1
                continue
            note = f"{field}: {read[field]!r}, not {expected[field]!r}, in {case['text'][:110]!r}"
            (invented if _more(read[field], expected[field]) else wrong).append(note)
    return right, wrong, invented


def _more(read: object, expected: object) -> bool:
    """True where something was read that is not there: a field that is to be empty, a side too many, a level nobody stated."""
    if isinstance(read, list | dict) and isinstance(expected, list | dict):
        return len(set(read) - set(expected)) > 0 and len(read) > len(expected)
    return expected is None


def test_the_corpus_of_announcements(session: Session) -> None:
    right, wrong, invented = measure(session, CORPUS)
    assert invented == []
    assert right.total() >= 0.9 * len(CORPUS) * len(FIELDS), "\n".join(wrong)


NOON = time(12)
