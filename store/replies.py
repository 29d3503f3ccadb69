"""Replies by who gave them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from store.database import Row, Session, Value, marks
from store.records import ReplyStance
from store.times import day

COUNT_CAP = 1000

_NEWEST = """SELECT position, seq, said_on FROM reply WHERE team_id = :team AND party = :party AND stance = :stance"""
_ORDER = "ORDER BY said_on DESC NULLS LAST, position DESC, seq"


@dataclass(frozen=True, slots=True)
class Given:
    """A reply, by the number of its position and its own key."""

    position: int
    key: str


def given(
    session: Session,
    party: str,
    stance: ReplyStance,
    *,
    to: Sequence[str] = (),
    topics: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
    limit: int,
    offset: int = 0,
) -> list[Given]:
    """A party's replies of one kind, the latest first, narrowed to positions of some parties and on some topics, and to a
    period (the undated are within one that has no beginning)."""
    who: dict[str, Value] = {"party": party, "stance": stance.value}
    said, days = _within(since, until)
    who |= days
    newest = f"{_NEWEST} {said}"
    if not to and not topics:
        rows = session.rows(f"{newest} {_ORDER} LIMIT :most OFFSET :start", most=limit, start=offset, **who)
        return _with_keys(session, rows)
    column, values = ("topic", topics) if topics else ("holder", to)
    holes, others = marks("h", to)
    where = f"AND {column} = :value {f'AND holder IN ({holes})' if topics and to else ''}"
    most = {"most": offset + limit, **who, **(others if topics and to else {})}
    each = (session.rows(f"{newest} {where} {_ORDER} LIMIT :most", value=value, **most) for value in dict.fromkeys(values))
    found = sorted((row for rows in each for row in rows), key=_latest_first)
    return _with_keys(session, found[offset : offset + limit])


def _latest_first(row: Row) -> tuple[int, int, int]:
    said = day(row["said_on"])
    return -(said.toordinal() if said else 0), -row["position"], row["seq"]


def _within(since: date | None, until: date | None) -> tuple[str, dict[str, Value]]:
    """The condition on the day of a reply, and its parameters."""
    if since is not None:
        return "AND said_on BETWEEN :since AND :until", {"since": since.isoformat(), "until": (until or date.max).isoformat()}
    return ("AND (said_on <= :until OR said_on IS NULL)", {"until": until.isoformat()}) if until else ("", {})


def _with_keys(session: Session, rows: Sequence[Row]) -> list[Given]:
    """Replies by the places they stand at. Walking past many needs only the index, which does not hold their keys."""
    holes, params = marks("n", [row["position"] for row in rows])
    sql = f"SELECT position, seq, key FROM reply WHERE team_id = :team AND position IN ({holes})"
    keys = {(number, seq): key for number, seq, key in session.rows(sql, **params)}
    return [Given(row["position"], keys[row["position"], row["seq"]]) for row in rows]


def count(session: Session, party: str, stance: ReplyStance) -> int:
    """How many replies of one kind a party gave, counted up to `COUNT_CAP`."""
    value = session.value(
        """SELECT count(*) FROM (SELECT 1 FROM reply WHERE team_id = :team AND party = :party AND stance = :stance
           LIMIT :cap) x""",
        party=party,
        stance=stance.value,
        cap=COUNT_CAP,
    )
    return int(value or 0)
