"""What parties answered to others on a topic: their replies to any position on it, whether that still stands or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from store import known, positions
from store.database import Row, Session, Value, marks
from store.records import Position, Reply, ReplyStance
from store.standings import LAST_DAY
from store.times import instant_text, text_of

FEW = 1000
"""Up to so many positions on the topics asked about are all looked at; with more, each party's latest replies are."""
AT_ONCE = 60
"""How many of a party's latest replies of each kind are then looked through."""
READ = 3
"""How many positions that a party answered on one topic are read in the version of a time, the latest answered first."""
EARLIER = 50
"""How many earlier positions of a party on a topic are looked at for replies."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply with the position it was given to, as both stood."""

    position: Position
    reply: Reply
    earlier: int = 0
    """How many more the same party gave on the same topic before it."""
    or_more: bool = False
    """Whether there may be more of those than were looked at."""

    @property
    def answered(self) -> Reply | None:
        """The reply that this one is to, where it is not to the position itself."""
        return answered(self.position, self.reply)


Found = Mapping[tuple[str, str], Answer]
"""The latest answer of each party on each topic on which it gave one."""


def answered(position: Position, reply: Reply) -> Reply | None:
    """The reply to the same position that a reply is to, where it is not to the position itself."""
    return next((r for r in position.replies if reply.to and r.key == reply.to != reply.key), None)


@dataclass(frozen=True, slots=True)
class _Span:
    """Which replies count: said since one day (None: any) and by another, to positions recorded by a moment (None: any)."""

    since: date | None
    until: date
    recorded: datetime | None

    @property
    def params(self) -> dict[str, Value]:
        found: dict[str, Value] = {"until": self.until.isoformat()}
        found |= {"since": self.since.isoformat()} if self.since else {}
        return found | ({"recorded": instant_text(self.recorded)} if self.recorded else {})

    @property
    def said(self) -> str:
        """What must hold of a reply `r`. One without a day counts unless it must be of a day since."""
        if self.since:
            return "AND r.said_on >= :since AND r.said_on <= :until"
        return "AND (r.said_on IS NULL OR r.said_on <= :until)"

    @property
    def was_recorded(self) -> str:
        """What must hold of a position `p`."""
        return "AND p.recorded_at <= :recorded" if self.recorded else ""

    def of(self, position: Position, party: str) -> list[Reply]:
        """The replies to a position by one party that count."""
        first, last = self.since or date.min, self.until
        dated = [r for r in position.replies if r.party == party and r.said_on and first <= r.said_on <= last]
        undated = [r for r in position.replies if r.party == party and r.said_on is None and self.since is None]
        return dated + undated


def latest(
    session: Session,
    parties: Sequence[str],
    topics: Sequence[str],
    *,
    since: date | None = None,
    as_of: date = LAST_DAY,
    recorded: datetime | None = None,
) -> dict[tuple[str, str], Answer]:
    """Each party's latest reply on each of these topics, said since one day and by another; those without a day come last.

    On topics with more than `FEW` positions a party's latest replies are looked through, and an old one may be missed.
    """
    if not parties or not topics:
        return {}
    span = _Span(since, as_of, recorded)
    if _are_few(session, topics):
        return _by_pair(session, _all_on(session, parties, topics, span), span)
    rows = [row for party in parties for row in _last_of(session, party, topics, span)]
    return _by_pair(session, rows, span, or_more=True)


def of_party(
    session: Session,
    party: str,
    *,
    but: Collection[str] = (),
    as_of: date = LAST_DAY,
    recorded: datetime | None = None,
    limit: int,
) -> list[Answer]:
    """A party's latest replies on anything `but` some topics, the latest on each topic, newest first."""
    span = _Span(None, as_of, recorded)
    rows = _last_of(session, party, (), span)
    newest = sorted(rows, key=lambda r: (r["said_on"] or "", r["number"]), reverse=True)
    on = list(dict.fromkeys(row["topic"] for row in newest if row["topic"] not in but))[:limit]
    found = _by_pair(session, [row for row in newest if row["topic"] in on], span, or_more=len(rows) >= AT_ONCE)
    return sorted(found.values(), key=_order, reverse=True)


def earlier(session: Session, position: Position, *, as_of: date = LAST_DAY, recorded: datetime | None = None) -> list[Answer]:
    """What others replied to earlier positions of the same party on the same topic, the latest of each that has not replied to
    this one, newest first."""
    span = _Span(None, as_of, recorded)
    before = "SELECT number, recorded_at FROM position WHERE team_id = :team AND "
    params: dict[str, Value] = {"party": position.party, "topic": position.topic, "day": text_of(position.said_on)}
    rows = session.rows(
        f"{before} party = :party AND topic = :topic AND said_on <= :day ORDER BY said_on DESC, number DESC LIMIT :most",
        most=EARLIER,
        **params,
    )
    if position.supersedes:
        rows += session.rows(f"{before} key = :key", key=position.supersedes)
    numbers = sorted({row["number"] for row in rows} - {position.number})
    holes, more = marks("n", numbers)
    sql = f"""SELECT r.party, p.topic, p.number, r.said_on FROM reply r
        JOIN position p ON p.team_id = r.team_id AND p.number = r.position {span.was_recorded}
        WHERE r.team_id = :team AND r.position IN ({holes}) {span.said}"""
    here = {r.party for r in position.replies} | {position.party}
    given = [row for row in session.rows(sql, **span.params, **more) if row["party"] not in here] if numbers else []
    found: dict[str, Answer] = {}
    for answer in sorted(_by_pair(session, given, span).values(), key=_order, reverse=True):
        found.setdefault(answer.reply.party, answer)
    return list(found.values())


def _are_few(session: Session, topics: Sequence[str]) -> bool:
    holes, params = marks("t", list(topics))
    sql = f"SELECT count(*) FROM (SELECT 1 FROM position WHERE team_id = :team AND topic IN ({holes}) LIMIT :most) x"
    return int(session.value(sql, most=FEW + 1, **params) or 0) <= FEW


def _all_on(session: Session, parties: Sequence[str], topics: Sequence[str], span: _Span) -> list[Row]:
    """The replies of some parties to all positions on some topics."""
    holes, params = marks("t", list(topics))
    others, more = marks("p", list(parties))
    return session.rows(
        f"""SELECT r.party, p.topic, p.number, r.said_on FROM position p CROSS JOIN reply r
            WHERE p.team_id = :team AND p.topic IN ({holes}) {span.was_recorded}
              AND r.team_id = p.team_id AND r.position = p.number AND r.party IN ({others}) {span.said}""",
        **span.params,
        **params,
        **more,
    )


def _last_of(session: Session, party: str, topics: Sequence[str], span: _Span) -> list[Row]:
    """A party's latest replies of each kind, through the index that has them in that order; those on some topics only."""
    kinds = " UNION ALL ".join(
        f"""SELECT * FROM (SELECT r.position, r.said_on FROM reply r WHERE r.team_id = :team AND r.party = :party
            AND r.stance = '{stance.value}' {span.said.replace("r.said_on IS NULL OR", "")}
            ORDER BY r.said_on DESC, r.position DESC, r.seq LIMIT :most) r{n}"""
        for n, stance in enumerate(ReplyStance)
    )
    holes, params = marks("t", list(topics))
    return session.rows(
        f"""SELECT :party AS party, p.topic, p.number, w.said_on FROM ({kinds}) w CROSS JOIN position p
            WHERE p.team_id = :team AND p.number = w.position {span.was_recorded}
              {f"AND p.topic IN ({holes})" if topics else ""}""",
        party=party,
        most=AT_ONCE,
        **span.params,
        **params,
    )


def _by_pair(session: Session, rows: Iterable[Row], span: _Span, *, or_more: bool = False) -> dict[tuple[str, str], Answer]:
    """The latest answer of each party on each topic, read from the positions that were answered, as they stood."""
    numbers: Mapping[tuple[str, str], list[int]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (r["said_on"] or "", r["number"]), reverse=True):
        numbers[row["party"], row["topic"]].append(row["number"])
    most = READ if span.recorded else 1
    wanted = sorted({number for some in numbers.values() for number in list(dict.fromkeys(some))[:most]})
    whole = _whole(session, wanted, span.recorded)
    found: dict[tuple[str, str], Answer] = {}
    for (party, topic), some in numbers.items():
        given = [Answer(whole[n], r) for n in dict.fromkeys(some) if n in whole for r in span.of(whole[n], party)]
        if given:
            last = max(given, key=_order)
            count = len(given) if span.recorded else len(some)
            found[party, topic] = Answer(last.position, last.reply, count - 1, or_more and count > 1)
    return found


def _order(answer: Answer) -> tuple[date, int, int]:
    return answer.reply.said_on or date.min, answer.position.number, answer.position.replies.index(answer.reply)


def _whole(session: Session, numbers: Sequence[int], recorded: datetime | None) -> dict[int, Position]:
    if recorded is None:
        return {p.number: p for p in positions.many(session, numbers)}
    return {v.position.number: v.position for v in known.versions(session, numbers, recorded) if v}
