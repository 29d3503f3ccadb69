"""Which positions of some parties were answered by which others, the latest answer first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from store.database import Session, marks
from store.records import ReplyStance

LOOKED_THROUGH = 60
"""How many of the latest replies of one kind of one party are looked through."""


def between(session: Session, answers: Mapping[str, Sequence[str]], *, limit: int) -> list[int]:
    """The numbers of positions that were answered, the latest answer first: of each party in `answers`, those answered by any
    of the parties it has there. Looks through the latest replies only, so that a party that answers everybody takes no longer.
    """
    whose = dict.fromkeys(by for some in answers.values() for by in some)
    found: list[tuple[str, int]] = []
    for by in whose:
        to = [party for party, some in answers.items() if by in some]
        holes, params = marks("p", to)
        for stance in ReplyStance:
            rows = session.rows(
                f"""SELECT r.said_on, p.number FROM (
                        SELECT position, said_on FROM reply WHERE team_id = :team AND party = :by AND stance = :stance
                        ORDER BY said_on DESC, position DESC, seq LIMIT :most) r
                    JOIN position p ON p.team_id = :team AND p.number = r.position AND p.party IN ({holes})""",
                by=by,
                stance=stance.value,
                most=LOOKED_THROUGH,
                **params,
            )
            found += [(row["said_on"] or "", row["number"]) for row in rows]
    return list(dict.fromkeys(number for _, number in sorted(found, reverse=True)))[:limit]
