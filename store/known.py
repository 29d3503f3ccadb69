"""What this store knew at a moment: positions recorded by then, in the version that stood then.

A position's versions are its revisions. Most positions never changed their party, topic or day, so the current rows find
them; those that did, or that are no longer on record, are noted in `position_moved` and looked at one by one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from store import positions, standings, topics
from store.database import Session, Value, marks
from store.plain import from_plain
from store.records import Position
from store.standings import LAST_DAY, Standing
from store.times import instant_text


@dataclass(frozen=True, slots=True)
class Version:
    """A position as it stood. `kept` is False where no version of that time is kept (it was loaded later, with an earlier
    recorded-at time): then what others said after that day is left out, and the rest is as it was loaded."""

    position: Position
    kept: bool


def standing(
    session: Session, by: datetime, *, party: str | None = None, topic_keys: Sequence[str] = (), as_of: date = LAST_DAY
) -> list[Standing]:
    """The latest position of each party on each topic, as known `by` then, newest first: of one party, or on some topics,
    or both."""
    if party and topic_keys:
        found = standings.latest_each(session, party, topic_keys, as_of=as_of, recorded=by)
    elif party:
        found = standings.of_party(session, party, as_of=as_of, recorded=by)
    else:
        found = [s for key in topic_keys for s in standings.on_topic(session, key, as_of=as_of, recorded=by)]
    found += _moved(session, by, party, topic_keys, as_of)
    best: dict[tuple[str, str], Standing] = {}
    for each in sorted(found, key=_order, reverse=True):
        best.setdefault((each.party, each.topic), each)
    return list(best.values())


def statements(
    session: Session,
    by: datetime,
    *,
    parties: Sequence[str] = (),
    topic_keys: Sequence[str] = (),
    since: date | None = None,
    until: date = LAST_DAY,
    limit: int,
) -> list[Position]:
    """What was said in a period, as known `by` then, newest first, the undated (where the period has no beginning) last."""
    walk = _Walk(session, since, until, by, limit)
    numbers = walk.of_parties(parties) if parties and not topic_keys else walk.newest(parties, topic_keys)
    found = [v.position for v in versions(session, [number for _, number in numbers], by) if v]
    found += [
        p
        for p in _elsewhere(session, by, parties, topic_keys)
        if (since is None if p.said_on is None else (since or date.min) <= p.said_on <= until)
    ]
    return sorted(found, key=lambda p: (p.said_on or date.min, p.number), reverse=True)[:limit]


@dataclass(frozen=True, slots=True)
class _Walk:
    """A walk through what was said in a period and recorded by a moment, newest first, by day and number."""

    session: Session
    since: date | None
    until: date
    by: datetime
    limit: int

    def newest(self, parties: Sequence[str], topic_keys: Sequence[str]) -> list[tuple[str, int]]:
        where, params = _narrowed("q", parties, topic_keys)
        said = "(q.said_on <= :until OR q.said_on IS NULL)" if self.since is None else "q.said_on BETWEEN :since AND :until"
        rows = self.session.rows(
            f"""SELECT q.said_on, q.number FROM position q WHERE q.team_id = :team AND {said} {where} {standings.RECORDED}
                ORDER BY q.said_on DESC NULLS LAST, q.number DESC LIMIT :limit""",
            until=self.until.isoformat(),
            limit=self.limit,
            recorded=instant_text(self.by),
            **params,
            **({} if self.since is None else {"since": self.since.isoformat()}),
        )
        return [(said_on or "", number) for said_on, number in rows]

    def of_parties(self, parties: Sequence[str]) -> list[tuple[str, int]]:
        """Topic by topic, the latest first: where nothing was said so lately, nothing is walked through."""
        found: list[tuple[str, int]] = []
        for party in parties:
            for last, topic in standings.last_said(self.session, party, as_of=self.until, recorded=self.by):
                if len(found) == self.limit and last < found[-1]:
                    break
                found = sorted([*found, *self.newest([party], [topic])], reverse=True)[: self.limit]
        return found


def _narrowed(table: str, parties: Sequence[str], topic_keys: Sequence[str]) -> tuple[str, dict[str, Value]]:
    where, params = "", dict[str, Value]()
    for column, values in (("party", parties), ("topic", topic_keys)):
        if values:
            holes, more = marks(column, values)
            where += f" AND {table}.{column} IN ({holes})"
            params |= more
    return where, params


def _elsewhere(session: Session, by: datetime, parties: Sequence[str], topic_keys: Sequence[str]) -> list[Position]:
    """The versions of then of those that ever stood under another party, topic or day, where they are wanted."""
    where, params = _narrowed("m", parties, topic_keys)
    rows = session.rows(f"SELECT DISTINCT number FROM position_moved m WHERE m.team_id = :team{where}", **params)
    found = [v.position for v in versions(session, [row["number"] for row in rows], by) if v]
    return [p for p in found if (not parties or p.party in parties) and (not topic_keys or p.topic in topic_keys)]


def _order(found: Standing) -> tuple[date, int]:
    return found.said_on or date.min, found.number


def _moved(session: Session, by: datetime, party: str | None, topic_keys: Sequence[str], as_of: date) -> list[Standing]:
    """Those that stood under this party or topic then, or under another day."""
    found = _elsewhere(session, by, [party] if party else [], topic_keys)
    return [Standing(p.party, p.topic, p.number, p.said_on) for p in found if p.said_on is None or p.said_on <= as_of]


def versions(session: Session, numbers: Sequence[int], by: datetime) -> list[Version | None]:
    """Positions by number as they stood at a moment; None for one that was not on record then."""
    if not numbers:
        return []
    now = {p.number: p for p in positions.many(session, numbers)}
    keys = {number: p.key for number, p in now.items()} | _keys_of(session, [n for n in numbers if n not in now])
    told = _told(session, list(keys.values()), by)
    texts = _texts(
        session, [t.number for number, key in keys.items() if (t := told.get(key)) and not (t.last and number in now)]
    )
    return [
        _version(session, now.get(number), told.get(keys[number]), texts, by) if number in keys else None for number in numbers
    ]


@dataclass(frozen=True, slots=True)
class _Told:
    """The revision of a position that tells how it stood at a moment, by number: the last by then or else the first since."""

    number: int
    by_then: bool
    last: bool
    """Whether nothing has changed since then."""


def _keys_of(session: Session, numbers: Sequence[int]) -> dict[int, str]:
    """The keys of positions that are no longer on record."""
    if not numbers:
        return {}
    holes, params = marks("n", numbers)
    rows = session.rows(f"SELECT number, key FROM position_moved WHERE team_id = :team AND number IN ({holes})", **params)
    return {row["number"]: row["key"] for row in rows}


def _told(session: Session, keys: Sequence[str], by: datetime) -> dict[str, _Told]:
    holes, params = marks("k", keys)
    found: dict[str, _Told] = {}
    at = instant_text(by)
    sql = f"""SELECT key, number, at FROM revision WHERE team_id = :team AND kind = 'position' AND key IN ({holes})
        ORDER BY number"""
    for key, number, when in session.rows(sql, **params):
        if when <= at:
            found[key] = _Told(number, by_then=True, last=True)
        elif key in found:
            found[key] = replace(found[key], last=False)
        else:
            found[key] = _Told(number, by_then=False, last=False)
    return found


def _texts(session: Session, numbers: Sequence[int]) -> dict[int, str | None]:
    """Positions after these revisions, in their plain form."""
    if not numbers:
        return {}
    holes, params = marks("n", numbers)
    rows = session.rows(f"SELECT number, after FROM revision WHERE team_id = :team AND number IN ({holes})", **params)
    return {row["number"]: row["after"] for row in rows}


def _version(
    session: Session, now: Position | None, told: _Told | None, texts: dict[int, str | None], by: datetime
) -> Version | None:
    if told and told.by_then and told.last and now:
        return Version(now, kept=True)
    text = texts.get(told.number) if told else None
    if told and told.by_then:
        return None if text is None else Version(_read(session, text), kept=True)
    oldest = now if text is None else _read(session, text)
    if oldest is None or oldest.recorded_at is None or oldest.recorded_at > by:
        return None
    position = _up_to(oldest, by.date())
    return Version(position, kept=told is None and position is oldest)


def _read(session: Session, text: str) -> Position:
    found = from_plain(Position, json.loads(text))
    return replace(found, topic=topics.current(session, found.topic))


def _up_to(position: Position, last: date) -> Position:
    """The position itself where nobody spoke of it later."""
    replies = tuple(r for r in position.replies if r.said_on is None or r.said_on <= last)
    accounts = tuple(a for a in position.accounts if a.said_on is None or a.said_on <= last)
    if len(replies) == len(position.replies) and len(accounts) == len(position.accounts):
        return position
    return replace(position, replies=replies, accounts=accounts)
