"""What replaced a position: the same party's latest on the same topic, or one that says it supersedes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from store.database import Session, marks
from store.records import Position
from store.standings import LAST_DAY, Standing, of_pairs, standing
from store.times import instant_text


def later(session: Session, position: Position, *, as_of: date = LAST_DAY, recorded: datetime | None = None) -> Standing | None:
    """What replaced a position up to a day: the same party's latest on the same topic, or one that says it supersedes it."""
    return later_each(session, [position], as_of=as_of, recorded=recorded).get(position.number)


def later_each(
    session: Session, some: Sequence[Position], *, as_of: date = LAST_DAY, recorded: datetime | None = None
) -> dict[int, Standing]:
    """What replaced each of these, by number; those that nothing did are left out."""
    found = _superseded(session, [p.number for p in some], as_of, recorded)
    pairs = {(p.party, p.topic) for p in some if p.number not in found}
    latest = {(each.party, each.topic): each for each in of_pairs(session, pairs, as_of=as_of, recorded=recorded)}
    for p in some:
        last = latest.get((p.party, p.topic)) if p.number not in found else None
        if last and last.number != p.number and not _older(last, p):
            found[p.number] = last
    return found


def _superseded(session: Session, numbers: Sequence[int], as_of: date, recorded: datetime | None) -> dict[int, Standing]:
    """Which of these say of others that they replace them, by the number of what they replace."""
    replacing = superseding_each(session, numbers, recorded=recorded)
    if not replacing:
        return {}
    holes, params = marks("n", list(replacing.values()))
    sql = f"SELECT party, topic, number, said_on FROM position WHERE team_id = :team AND number IN ({holes})"
    by_number = {row["number"]: standing(row) for row in session.rows(sql, **params)}
    found = {old: by_number[new] for old, new in replacing.items()}
    return {old: new for old, new in found.items() if new.said_on is None or new.said_on <= as_of}


def _older(found: Standing, position: Position) -> bool:
    """Only where a position is looked at as it was before its day was put right."""
    return (found.said_on or date.min, found.number) < (position.said_on or date.min, position.number)


def superseding(session: Session, number: int, *, recorded: datetime | None = None) -> int | None:
    """The number of the position that replaced this one, or None."""
    return superseding_each(session, [number], recorded=recorded).get(number)


def superseding_each(session: Session, numbers: Sequence[int], *, recorded: datetime | None = None) -> dict[int, int]:
    """The same of several: by the number replaced, that of what replaced it."""
    # In no order: the planner would walk every number downwards to save itself a sort of one row.
    holes, params = marks("n", numbers)
    sql = f"SELECT supersedes, number, recorded_at FROM position WHERE team_id = :team AND supersedes IN ({holes})"
    last = "9999" if recorded is None else instant_text(recorded)
    found: dict[int, int] = {}
    for old, new, at in session.rows(sql, **params) if numbers else ():
        if at <= last:
            found[old] = max(new, found.get(old, new))
    return found
