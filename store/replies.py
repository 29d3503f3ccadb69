"""Replies by who gave them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from store.database import Row, Session, Value, marks
from store.records import ReplyStance

CAP = 1000
"""How many of a party's replies, the latest first, are looked through when only some are wanted."""
AT_ONCE = 200
COUNT_CAP = 1000

_NEWEST = """SELECT position, seq, said_on FROM reply WHERE team_id = :team AND party = :party AND stance = :stance"""
_ORDER = "ORDER BY said_on DESC, position DESC, seq"


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
) -> tuple[list[Given], bool]:
    """A party's replies of one kind, the latest first, narrowed to positions of some parties and on some topics, and to a
    period (the undated are within one that has no beginning); and whether the search stopped at its cap."""
    who: dict[str, Value] = {"party": party, "stance": stance.value}
    said, days = _within(since, until)
    who |= days
    newest = f"{_NEWEST} {said} {_ORDER}"
    if not to and not topics:
        return _with_keys(session, session.rows(f"{newest} LIMIT :most OFFSET :start", most=limit, start=offset, **who)), False
    where: list[str] = []
    params = dict(who)
    for column, values in (("party", to), ("topic", topics)):
        if values:
            holes, more = marks(column[0], values)
            where.append(f"p.{column} IN ({holes})")
            params |= more
    found: list[Row] = []
    capped = True
    for start in range(0, CAP, AT_ONCE):
        rows = session.rows(
            f"""SELECT r.position, r.seq, p.number FROM ({newest} LIMIT :most OFFSET :start) r
                LEFT JOIN position p ON p.team_id = :team AND p.number = r.position AND {" AND ".join(where)}
                ORDER BY r.said_on DESC, r.position DESC, r.seq""",
            most=min(AT_ONCE, CAP),
            start=start,
            **params,
        )
        found += [row for row in rows if row["number"] is not None]
        if len(found) >= offset + limit or len(rows) < AT_ONCE:
            capped = len(found) < offset + limit and len(rows) == CAP
            break
    return _with_keys(session, found[offset : offset + limit]), capped


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
