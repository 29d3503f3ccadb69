"""Which talks: what is next, what lapsed, what waits, what falls in a window, what went before.

All of these return numbers, soonest or latest first, for `talks.many` to read. Counts stop at a cap, because a person
needs "100+" and not a second's wait. Every query walks an index in its order and stops after a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.database import Session, Value, marks
from store.records import Level, PlaceState, Status
from store.talks import AHEAD, HELD, MOOTED, STANDING
from store.times import NEVER, SPANS, instant_text

COUNT_CAP = 100

_SPOKEN_OF = """coalesce(CASE WHEN t.closes_at IS NOT NULL THEN t.stated_on ELSE (
    SELECT min(coalesce(a.earliest, a.said_on)) FROM account a
    WHERE a.team_id = t.team_id AND a.subject = 'talks' AND a.subject_number = t.number AND a.latest IS NOT NULL) END, '')"""
"""The day from which talks that have an end but no beginning can be: when somebody first spoke of them; empty: any."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a question narrows talks to. Parties must all sit at the table; of levels, statuses and countries any one."""

    parties: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    statuses: tuple[Status, ...] = ()
    countries: tuple[str, ...] = ()
    place_states: tuple[PlaceState, ...] = ()
    topics: tuple[str, ...] = ()
    """Keys of topics, with what lies under them: talks with any of these on the agenda."""
    first: datetime | None = None
    last: datetime | None = None
    """Only talks whose window touches this span (aware UTC); where they have none, the latest account of when."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many, counted up to `COUNT_CAP`; `more` when there are at least that many."""

    number: int
    more: bool


def _where(session: Session, chosen: Filter, *, whole: bool = True) -> tuple[str, str, dict[str, Value]]:
    """FROM and further conditions for a filter, with the rarest party leading the walk.

    Unless `whole`, the talks themselves (`t`) are joined only where the filter asks about them.
    """
    params: dict[str, Value] = {}
    parties = _rarest_first(session, chosen.parties)
    conditions: list[str] = []
    if parties:
        source = "talks_side l CROSS JOIN talks t ON t.team_id = l.team_id AND t.number = l.talks"
        params["party0"] = parties[0]
        conditions.append("l.party = :party0")
        lead, number = "l", "l.talks"
    else:
        source, lead, number = "talks t", "t", "t.number"
    for i, party in enumerate(parties[1:], 1):
        params[f"party{i}"] = party
        conditions.append(
            f"EXISTS (SELECT 1 FROM talks_side x WHERE x.team_id = :team AND x.talks = {number} AND x.party = :party{i})"
        )
    for column, name, values in (
        ("level", "level", [level.value for level in chosen.levels]),
        ("status", "status", [status.value for status in chosen.statuses]),
        ("country", "country", list(chosen.countries)),
        ("place_state", "place", [state.value for state in chosen.place_states]),
    ):
        if values:
            holes, more = marks(name, values)
            params |= more
            conditions.append(f"t.{column} IN ({holes})")
    if chosen.topics:
        holes, more = marks("topic", list(chosen.topics))
        params |= more
        agenda = f"SELECT g.talks FROM talks_agenda g WHERE g.team_id = :team AND g.topic IN ({holes})"
        conditions.append(f"{number} IN ({agenda})")
    if chosen.first:
        params["first"] = instant_text(chosen.first)
        conditions.append("t.due >= :first")
    if chosen.last:
        params["last"] = instant_text(chosen.last)
        conditions.append(f"(t.opens_at <= :last OR (t.opens_at IS NULL AND {_SPOKEN_OF} <= :last))")
    if chosen.first or chosen.last:
        conditions.append(f"(t.opens_at IS NOT NULL OR t.due < '{NEVER}')")
    if parties and not any("t." in condition for condition in conditions) and not whole:
        source = "talks_side l"  # the sides alone answer: half the work for a count
    where = "".join(f" AND {condition}" for condition in conditions)
    return f"FROM {source} WHERE {lead}.team_id = :team", where, params


def _rarest_first(session: Session, parties: Sequence[str]) -> list[str]:
    if len(parties) < 2:
        return list(parties)
    sizes = {
        party: int(
            session.value(
                """SELECT count(*) FROM (
                       SELECT 1 FROM talks_side WHERE team_id = :team AND party = :party LIMIT 500)""",
                party=party,
            )
            or 0
        )
        for party in parties
    }
    return sorted(dict.fromkeys(parties), key=lambda party: sizes[party])


def _lead(chosen: Filter) -> str:
    return "l" if chosen.parties else "t"


def _numbers(
    session: Session, chosen: Filter, condition: str, order: str, limit: int, offset: int, **params: Value
) -> list[int]:
    source, where, bound = _where(session, chosen)
    rows = session.rows(
        f"SELECT t.number {source}{where} AND {condition} ORDER BY {order} LIMIT :limit OFFSET :offset",
        limit=limit,
        offset=offset,
        **bound,
        **params,
    )
    return [row["number"] for row in rows]


def _count(session: Session, chosen: Filter, condition: str, **params: Value) -> Count:
    source, where, bound = _where(session, chosen, whole=False)
    found = int(
        session.value(
            f"SELECT count(*) FROM (SELECT 1 {source}{where} AND {condition} LIMIT :cap)",
            cap=COUNT_CAP + 1,
            **bound,
            **params,
        )
        or 0
    )
    return Count(min(found, COUNT_CAP), found > COUNT_CAP)


def upcoming(
    session: Session, chosen: Filter, *, now: datetime, mooted: bool = False, limit: int = 5, offset: int = 0
) -> list[int]:
    """Talks ahead (or only mooted ones), soonest first by latest sensible day; among equals the waiting come later."""
    lead = _lead(chosen)
    return _numbers(
        session,
        chosen,
        f"{lead}.standing = :standing AND {lead}.due >= :now",
        f"{lead}.due, t.waits, t.opens_at, t.number" if lead == "t" else "l.due, l.talks",
        limit,
        offset,
        standing=MOOTED if mooted else AHEAD,
        now=instant_text(now),
    )


def lapsed(session: Session, chosen: Filter, *, now: datetime, limit: int = 5, offset: int = 0) -> list[int]:
    """Talks whose window closed with nothing recorded, the latest to lapse first."""
    lead = _lead(chosen)
    return _numbers(
        session,
        chosen,
        f"{lead}.standing IN ({AHEAD}, {MOOTED}) AND {lead}.due < :now",
        f"{lead}.due DESC, t.number",
        limit,
        offset,
        now=instant_text(now),
    )


def waiting(session: Session, chosen: Filter, *, limit: int = 5, offset: int = 0) -> list[int]:
    """Talks ahead that are held up by a prerequisite, soonest first."""
    return _numbers(
        session,
        chosen,
        f"t.standing IN ({AHEAD}, {MOOTED}) AND t.waits > 0",
        "t.standing, t.due, t.number",
        limit,
        offset,
    )


def without_firm_date(session: Session, chosen: Filter, *, now: datetime, limit: int = 5, offset: int = 0) -> list[int]:
    """Talks ahead with a window but no firm day, soonest closing first."""
    return _numbers(
        session,
        chosen,
        f"t.standing IN ({AHEAD}, {MOOTED}) AND t.precision NOT IN ('minute', 'day') AND t.due >= :now",
        "t.standing, t.due, t.number",
        limit,
        offset,
        now=instant_text(now),
    )


def count_upcoming(session: Session, chosen: Filter, *, now: datetime, mooted: bool = False) -> Count:
    lead = _lead(chosen)
    return _count(
        session,
        chosen,
        f"{lead}.standing = :standing AND {lead}.due >= :now",
        standing=MOOTED if mooted else AHEAD,
        now=instant_text(now),
    )


def total_upcoming(session: Session, chosen: Filter, *, now: datetime) -> int:
    """All talks ahead, counted to the end; for the rare page that starts after them."""
    source, where, bound = _where(session, chosen)
    lead = _lead(chosen)
    condition = f"{lead}.standing = {AHEAD} AND {lead}.due >= :now"
    return int(session.value(f"SELECT count(*) {source}{where} AND {condition}", now=instant_text(now), **bound) or 0)


def with_status(session: Session, chosen: Filter, *, limit: int = 5, offset: int = 0) -> list[int]:
    """Talks of the statuses in the filter, soonest or latest closing first as the status asks."""
    standings = sorted({STANDING[status] for status in chosen.statuses})
    direction = "ASC" if all(status.is_ahead for status in chosen.statuses) else "DESC"
    lead = _lead(chosen)
    condition = f"{lead}.standing IN ({', '.join(str(s) for s in standings)})"
    return _numbers(session, chosen, condition, f"{lead}.due {direction}, t.number", limit, offset)


def count_lapsed(session: Session, chosen: Filter, *, now: datetime) -> Count:
    lead = _lead(chosen)
    condition = f"{lead}.standing IN ({AHEAD}, {MOOTED}) AND {lead}.due < :now"
    return _count(session, chosen, condition, now=instant_text(now))


def within(session: Session, first: datetime, last: datetime, chosen: Filter, *, limit: int = 50) -> list[int]:
    """Talks of any status but cancelled and postponed whose window touches a span, by opening day.

    `first` and `last` are aware UTC and inclusive. Windows are filed by length, so each length needs to be searched only as
    far back as a window of that length can reach. What has no beginning, only an end or an account of one, comes by that.
    """
    source, where, params = _where(session, chosen)
    found: list[tuple[str, int]] = []
    for span in (*SPANS, 0):
        back = "" if span == 0 else " AND t.opens_at >= :from"
        reach = first - timedelta(days=span + 1) if first.year > 2 else first
        rows = session.rows(
            f"""SELECT t.number, t.opens_at {source}{where} AND t.span = :span AND t.standing IN (0, 1, 4)
                AND t.opens_at <= :until AND (t.closes_at IS NULL OR t.closes_at >= :since){back}
                ORDER BY t.opens_at, t.number LIMIT :limit""",
            span=span,
            until=instant_text(last),
            since=instant_text(first),
            limit=limit,
            **({} if span == 0 else {"from": instant_text(reach)}),
            **params,
        )
        found += [(row["opens_at"], row["number"]) for row in rows]
    rows = session.rows(  # the plus keeps SQLite to the index of spans: few have no beginning, many are due
        f"""SELECT t.number, t.due {source}{where} AND t.span = 0 AND t.opens_at IS NULL AND +t.standing IN (0, 1, 4)
            AND t.due >= :since AND t.due < '{NEVER}' AND {_SPOKEN_OF} <= :until ORDER BY t.due, t.number LIMIT :limit""",
        since=instant_text(first),
        until=instant_text(last),
        limit=limit,
        **params,
    )
    found += [(row["due"], row["number"]) for row in rows]
    return [number for _, number in sorted(found)[:limit]]


def history(session: Session, chosen: Filter, *, before: str | None = None, limit: int = 10, offset: int = 0) -> list[int]:
    """Dated talks, latest opening first; `before` (stored text of an instant) keeps to earlier ones."""
    lead = _lead(chosen)
    condition = f"{lead}.opens_at IS NOT NULL" + (f" AND {lead}.opens_at < :before" if before else "")
    params: dict[str, Value] = {"before": before} if before else {}
    return _numbers(session, chosen, condition, f"{lead}.opens_at DESC, t.number DESC", limit, offset, **params)


def undated(session: Session, chosen: Filter, *, limit: int = 5) -> list[int]:
    """Talks ahead with no day at all on record."""
    condition = f"t.opens_at IS NULL AND t.standing IN ({AHEAD}, {MOOTED})"
    return _numbers(session, chosen, condition, "t.due, t.number", limit, 0)


def last_held(session: Session, parties: Sequence[str], level: Level | None, *, before: datetime) -> int | None:
    """The last talks that these parties held before a moment, at exactly this level if one is given."""
    chosen = Filter(parties=tuple(parties), levels=(level,) if level else ())
    lead = _lead(chosen)
    found = _numbers(
        session,
        chosen,
        f"{lead}.standing = {HELD} AND {lead}.opens_at < :before",
        f"{lead}.opens_at DESC, t.number DESC",
        1,
        0,
        before=instant_text(before),
    )
    return found[0] if found else None
