"""Pieces that several records share, to and from their columns: windows, places, people, citations, accounts, numbers."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from store.database import Row, Session, Value, WriteSession, marks, to_json
from store.records import Account, Level, Person, Place, PlaceState, Precision, Window
from store.times import day, day_or_instant, text_of


def next_number(session: WriteSession, kind: str) -> int:
    """Takes the next number of a kind ("talks", "position", "draft", "revision") in this workspace."""
    value = session.value(
        """INSERT INTO counter (team_id, kind, last) VALUES (:team, :kind, 1)
           ON CONFLICT (team_id, kind) DO UPDATE SET last = counter.last + 1 RETURNING last""",
        kind=kind,
    )
    return int(value or 0)


def claim_number(session: WriteSession, kind: str, number: int) -> None:
    """Notes that a number is taken, so that `next_number` never gives it out."""
    session.execute(
        """INSERT INTO counter (team_id, kind, last) VALUES (:team, :kind, :number)
           ON CONFLICT (team_id, kind) DO UPDATE SET last = max(counter.last, excluded.last)""",
        kind=kind,
        number=number,
    )


def window_columns(window: Window) -> dict[str, Value]:
    return {
        "earliest": text_of(window.earliest),
        "latest": text_of(window.latest),
        "precision": window.precision.value,
        "zone": window.zone,
        "stated": window.stated,
        "stated_by": window.stated_by,
        "stated_on": text_of(window.stated_on),
    }


def window_of(row: Row) -> Window:
    return Window(
        earliest=day_or_instant(row["earliest"]),
        latest=day_or_instant(row["latest"]),
        precision=Precision(row["precision"]),
        zone=row["zone"],
        stated=row["stated"],
        stated_by=row["stated_by"],
        stated_on=day(row["stated_on"]),
    )


def place_columns(place: Place | None) -> dict[str, Value]:
    if place is None:
        return {"place_state": None, "country": None, "city": None, "venue": None}
    return {"place_state": place.state.value, "country": place.country, "city": place.city, "venue": place.venue}


def place_of(row: Row) -> Place:
    return Place(PlaceState(row["place_state"]), row["country"], row["city"], row["venue"])


def people_json(people: Iterable[Person]) -> str:
    return to_json([{"name": p.name, "office": p.office} for p in people])


def people_of(text: str) -> tuple[Person, ...]:
    return tuple(Person(p["name"], p.get("office")) for p in json.loads(text))


Citations = dict[tuple[int, str], tuple[str, ...]]
"""Source keys in order, by record number and part ("" is the record itself, else such as "reply:nato-2022")."""


def citations_of(session: Session, subject: str, numbers: Sequence[int]) -> Citations:
    """All citations of some records of one kind, in one query."""
    holes, params = marks("n", numbers)
    rows = session.rows(
        f"""SELECT subject_number, part, source FROM citation
            WHERE team_id = :team AND subject = :subject AND subject_number IN ({holes})
            ORDER BY subject_number, part, seq""",
        subject=subject,
        **params,
    )
    return by_part(rows)


def by_part(rows: Iterable[Row]) -> Citations:
    """Rows of record number, part and source, in order, as citations."""
    found: Citations = {}
    for number, part, source in rows:
        place = (number, part)
        found[place] = (*found[place], source) if place in found else (source,)
    return found


def write_citations(session: WriteSession, subject: str, number: int, parts: dict[str, tuple[str, ...]]) -> None:
    """Replaces the citations of one record. The sources must be on record already."""
    session.execute(
        "DELETE FROM citation WHERE team_id = :team AND subject = :subject AND subject_number = :number",
        subject=subject,
        number=number,
    )
    session.insert(
        "citation",
        [
            {"subject": subject, "subject_number": number, "part": part, "seq": seq, "source": key}
            for part, keys in parts.items()
            for seq, key in enumerate(dict.fromkeys(keys))
        ],
    )


def accounts_of(session: Session, subject: str, numbers: Sequence[int], citations: Citations) -> dict[int, tuple[Account, ...]]:
    """Accounts by record number, in the order they were given."""
    holes, params = marks("n", numbers)
    rows = session.rows(
        f"""SELECT * FROM account WHERE team_id = :team AND subject = :subject AND subject_number IN ({holes})
            ORDER BY subject_number, seq""",
        subject=subject,
        **params,
    )
    found: dict[int, list[Account]] = defaultdict(list)
    for row in rows:
        number = row["subject_number"]
        found[number].append(
            Account(
                key=row["key"],
                by=row["by_whom"],
                party=row["party"],
                office=row["office"],
                said_on=day(row["said_on"]),
                happens=None if row["happens"] is None else bool(row["happens"]),
                window=window_of(row) if row["has_window"] else None,
                level=Level(row["level"]) if row["level"] else None,
                place=place_of(row) if row["place_state"] else None,
                claim=row["claim"],
                settled=bool(row["settled"]),
                sources=citations.get((number, f"account:{row['key']}"), ()),
            )
        )
    return {number: tuple(accounts) for number, accounts in found.items()}


def write_accounts(session: WriteSession, subject: str, number: int, accounts: Sequence[Account]) -> None:
    """Replaces the accounts of one record; their citations go with the record's (`account_citations`)."""
    session.execute(
        "DELETE FROM account WHERE team_id = :team AND subject = :subject AND subject_number = :number",
        subject=subject,
        number=number,
    )
    session.insert(
        "account",
        [
            {
                "subject": subject,
                "subject_number": number,
                "seq": seq,
                "key": a.key,
                "by_whom": a.by,
                "party": a.party,
                "office": a.office,
                "said_on": text_of(a.said_on),
                "happens": None if a.happens is None else int(a.happens),
                "has_window": int(a.window is not None),
                **window_columns(a.window or Window()),
                "level": a.level.value if a.level else None,
                **place_columns(a.place),
                "claim": a.claim,
                "settled": int(a.settled),
            }
            for seq, a in enumerate(accounts)
        ],
    )


def account_citations(accounts: Sequence[Account]) -> dict[str, tuple[str, ...]]:
    return {f"account:{a.key}": a.sources for a in accounts if a.sources}
