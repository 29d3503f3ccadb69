"""Likely duplicates: what is on record and could be the very thing that somebody is about to record."""

from __future__ import annotations

from datetime import timedelta

from store import talks as on_record
from store.database import Session, Value
from store.records import Position, Talks
from store.times import NEVER, closes_at, instant_text, opens_at

REACH = timedelta(days=100)
"""How long before a window others may open that still overlap it."""

LOOKED_AT = 30

_LIKE = """t.status NOT IN ('cancelled', 'postponed')
    AND (t.level IN (:level, 'unstated') OR :level = 'unstated')
    AND (t.round IS NULL OR :round IS NULL OR t.round = :round)"""
"""What may be the same talks by status, level and round."""
MOST = 3


def of_talks(session: Session, talks: Talks) -> list[Talks]:
    """Talks of the same sides whose window overlaps, or of the same round without a date, of no other level or round.

    The same round comes first, then what lies ahead, then the nearest windows; at most three.
    """
    if len(talks.sides) < 2:
        return []
    numbers = [number for number in _of_same_window(session, talks) if number != talks.number]
    likely = [other for other in on_record.many(session, numbers) if _could_be(talks, other)]
    return sorted(likely, key=lambda other: _distance(talks, other))[:MOST]


def _of_same_window(session: Session, talks: Talks) -> list[int]:
    """Numbers of talks with the first two sides whose window overlaps, of a like level and round, the latest to open first.

    Both lists come off an index; what tells other talks apart is looked at before any record is read whole.
    """
    opens, closes = opens_at(talks.window), closes_at(talks.window)
    edge = opens or closes
    params: dict[str, Value] = {
        "first": talks.sides[0].party,
        "second": talks.sides[1].party,
        "level": talks.level.value,
        "round": talks.round,
        "most": LOOKED_AT,
    }
    if edge is None:
        when = "a.standing IN (0, 1) AND a.due = :never"
        params["never"] = NEVER
    else:
        when = "a.opens_at >= :begin AND a.opens_at <= :end AND (t.closes_at IS NULL OR t.closes_at >= :edge)"
        params |= {
            "begin": instant_text(edge - REACH),
            "end": instant_text(closes or edge + REACH),
            "edge": instant_text(edge),
        }
    found = session.rows(
        f"""SELECT a.talks FROM talks_side a
            JOIN talks_side b ON b.team_id = a.team_id AND b.talks = a.talks AND b.party = :second
            JOIN talks t ON t.team_id = a.team_id AND t.number = a.talks
            WHERE a.team_id = :team AND a.party = :first AND {when} AND {_LIKE}
            ORDER BY a.opens_at DESC, a.talks LIMIT :most""",
        **params,
    )
    if talks.round is not None and edge is not None:
        # A round is known by its number, also while it has no date. There are few of those: they come first.
        found += session.rows(
            f"""SELECT t.number AS talks FROM talks t
                CROSS JOIN talks_side a CROSS JOIN talks_side b
                WHERE t.team_id = :team AND t.round = :round AND t.opens_at IS NULL AND t.closes_at IS NULL AND {_LIKE}
                  AND a.team_id = t.team_id AND a.talks = t.number AND a.party = :first
                  AND b.team_id = t.team_id AND b.talks = t.number AND b.party = :second
                ORDER BY t.number LIMIT :most""",
            **{name: value for name, value in params.items() if name not in ("begin", "end", "edge")},
        )
    return [row["talks"] for row in found]


def _could_be(talks: Talks, other: Talks) -> bool:
    if {side.party for side in talks.sides} != {side.party for side in other.sides}:
        return False
    same_round = talks.round is not None and talks.round == other.round
    return _overlap(talks, other) or (same_round and _undated(other))


def _undated(talks: Talks) -> bool:
    return talks.window.earliest is None and talks.window.latest is None


def _overlap(talks: Talks, other: Talks) -> bool:
    opens, closes = opens_at(talks.window), closes_at(talks.window)
    their_open, their_close = opens_at(other.window), closes_at(other.window)
    if (opens is None and closes is None) or (their_open is None and their_close is None):
        return opens == their_open and closes == their_close
    return not (
        (closes is not None and their_open is not None and closes < their_open)
        or (their_close is not None and opens is not None and their_close < opens)
    )


def _distance(talks: Talks, other: Talks) -> tuple[bool, bool, float, int]:
    """Orders duplicates: the same round, then talks that still lie ahead, then how far apart the windows close."""
    mine, theirs = closes_at(talks.window), closes_at(other.window)
    apart = abs((mine - theirs).total_seconds()) if mine and theirs else float("inf")
    other_round = talks.round is None or talks.round != other.round
    return (other_round, not other.status.is_ahead, apart, other.number)


def of_position(session: Session, position: Position) -> list[int]:
    """Numbers of positions of the same party on the same topic with the same stance, said on the same day."""
    rows = session.rows(
        """SELECT number FROM position WHERE team_id = :team AND party = :party AND topic = :topic AND stance = :stance
             AND coalesce(said_on, '') = :said_on AND number <> :number ORDER BY number DESC LIMIT :most""",
        party=position.party,
        topic=position.topic,
        stance=position.stance.value,
        said_on=position.said_on.isoformat() if position.said_on else "",
        number=position.number,
        most=MOST,
    )
    return [row["number"] for row in rows]
