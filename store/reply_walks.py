"""Replies by who gave them and on what, or to whom, the latest first: steps through the indexes that have them in that order.

`by` is `topic` (of the position that was answered) or `holder` (its party). A place is a reply's day ("" where it has none)
and the number of its position. Nothing is read but indexes, however many replies a party has given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from store.database import Session, Value, marks
from store.records import Position, Reply
from store.standings import LAST_DAY
from store.times import instant_text, text_of

AT_ONCE = 20
"""How many replies a walk reads at a time."""

By = Literal["topic", "holder"]
Place = tuple[str, int]
Pair = tuple[str, str]
"""Who replied, and the topic or the party."""

# Of what was recorded by a moment, and whose replies were never others (`store.reply_moves` has those).
_RECORDED = """AND EXISTS (SELECT 1 FROM position q WHERE q.team_id = r.team_id AND q.number = r.position
        AND q.recorded_at <= :recorded)
    AND NOT EXISTS (SELECT 1 FROM reply_moved x WHERE x.team_id = r.team_id AND x.party = r.party AND x.number = r.position)"""

# In two steps, the dated before the undated: one condition on both would walk through everything said after the day.
_DATED = """(SELECT r.said_on || ' ' || r.position FROM reply r WHERE r.team_id = :team AND r.party = w.party
    AND r.{by} = v.value {dated} {recorded} ORDER BY r.said_on DESC, r.position DESC LIMIT 1)"""
_UNDATED = """(SELECT ' ' || r.position FROM reply r WHERE r.team_id = :team AND r.party = w.party
    AND r.{by} = v.value AND r.said_on IS NULL {recorded} ORDER BY r.position DESC LIMIT 1)"""
_EACH = "WITH w(party) AS ({who}), v(value) AS ({what}) SELECT w.party, v.value, {found} AS found FROM w CROSS JOIN v"


@dataclass(frozen=True, slots=True)
class Span:
    """Which replies count: said since one day (None: any) and by another, to positions recorded by a moment (None: any)."""

    since: date | None = None
    until: date = LAST_DAY
    recorded: datetime | None = None

    @property
    def params(self) -> dict[str, Value]:
        found: dict[str, Value] = {"until": self.until.isoformat()}
        found |= {"since": self.since.isoformat()} if self.since else {}
        return found | ({"recorded": instant_text(self.recorded)} if self.recorded else {})

    @property
    def said(self) -> str:
        """What must hold of a reply `r`. One without a day counts unless it must be of a day since."""
        return self.dated if self.since else "AND (r.said_on IS NULL OR r.said_on <= :until)"

    @property
    def dated(self) -> str:
        """The same of one with a day."""
        return "AND r.said_on >= :since AND r.said_on <= :until" if self.since else "AND r.said_on <= :until"

    @property
    def was_recorded(self) -> str:
        """What must hold of a reply `r` so that it is looked for here."""
        return _RECORDED if self.recorded else ""

    def of(self, position: Position, party: str) -> list[Reply]:
        """The replies to a position by one party that count."""
        first, last = self.since or date.min, self.until
        dated = [r for r in position.replies if r.party == party and r.said_on and first <= r.said_on <= last]
        undated = [r for r in position.replies if r.party == party and r.said_on is None and self.since is None]
        return dated + undated


def firsts(session: Session, by: By, who: Sequence[str], what: Sequence[str] | None, span: Span) -> dict[Pair, Place]:
    """The place of each party's latest reply on each of these topics (None: on any), or to each of these parties."""
    pick = _DATED if span.since else f"coalesce({_DATED}, {_UNDATED})"
    found = pick.format(by=by, dated=span.dated, recorded=span.was_recorded)
    return {(party, value): _place(last) for party, value, last in _each(session, found, who, what, span) if last}


def counts(session: Session, by: By, pairs: Sequence[Pair], span: Span) -> dict[Pair, int]:
    """How many replies there are of each of these; not narrowed by when anything was recorded."""
    found = f"""(SELECT count(*) FROM reply r WHERE r.team_id = :team AND r.party = w.party AND r.{by} = v.value {span.said})"""
    who, what = (list(dict.fromkeys(pair[n] for pair in pairs)) for n in (0, 1))
    rows = _each(session, found, who, what, span) if pairs else []
    return {(party, value): int(count or 0) for party, value, count in rows}


def walk(session: Session, by: By, pair: Pair, span: Span) -> Iterator[Place]:
    """Each position that a party answered on a topic, or of a party, the latest answer first."""
    seen: set[int] = set()
    start, rows = 0, [("", 0)]
    while rows:
        rows = [
            (said or "", number)
            for said, number in session.rows(
                f"""SELECT r.said_on, r.position FROM reply r
                    WHERE r.team_id = :team AND r.party = :party AND r.{by} = :value {span.said} {span.was_recorded}
                    ORDER BY r.said_on DESC NULLS LAST, r.position DESC LIMIT :most OFFSET :start""",
                party=pair[0],
                value=pair[1],
                most=AT_ONCE,
                start=start,
                **span.params,
            )
        ]
        start += AT_ONCE
        for place in rows:
            if place[1] not in seen:
                seen.add(place[1])
                yield place


def earlier(session: Session, position: Position, span: Span) -> list[tuple[str, Place]]:
    """Who answered what the party of a position said on its topic up to its day, or what it superseded, and where."""
    counting = f"p.number <> :number {span.said} {span.was_recorded}"
    rows = session.rows(
        f"""SELECT r.party, r.said_on, r.position FROM reply r
            JOIN position p ON p.team_id = r.team_id AND p.number = r.position
            WHERE r.team_id = :team AND r.holder = :holder AND r.topic = :topic AND p.said_on <= :day AND {counting}
            UNION SELECT r.party, r.said_on, r.position FROM position p
            JOIN reply r ON r.team_id = p.team_id AND r.position = p.number
            WHERE p.team_id = :team AND p.key = :supersedes AND {counting} ORDER BY 2 DESC NULLS LAST, 3 DESC""",
        holder=position.party,
        topic=position.topic,
        day=text_of(position.said_on),
        number=position.number,
        supersedes=position.supersedes,
        **span.params,
    )
    return [(party, (said or "", number)) for party, said, number in rows]


def _each(
    session: Session, found: str, who: Sequence[str], what: Sequence[str] | None, span: Span
) -> list[tuple[str, str, Value]]:
    some, params = _values("w", who)
    others, more = ("SELECT key FROM topic WHERE team_id = :team", {}) if what is None else _values("v", what)
    sql = _EACH.format(who=some, what=others, found=found)
    return [(row[0], row[1], row[2]) for row in session.rows(sql, **span.params, **params, **more)]


def _values(name: str, values: Sequence[str]) -> tuple[str, Mapping[str, Value]]:
    holes, params = marks(name, list(dict.fromkeys(values)))
    return f"VALUES {', '.join(f'({hole})' for hole in holes.split(', '))}", params


def _place(text: Value) -> Place:
    said, _, number = str(text).rpartition(" ")
    return said, int(number)
