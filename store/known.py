"""What this store knew at a moment: positions recorded by then, in the version that stood then.

A position's versions are its revisions. Most positions never changed their party, topic or day, so the current rows find
them; those that did, or that are no longer on record, are noted in `position_moved` and looked at one by one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from store import positions, standings, topics
from store.database import Session, Value, marks
from store.plain import from_plain
from store.position_walks import RECORDED, Pair
from store.records import Position
from store.standings import LAST_DAY, Standing
from store.times import instant_text

FEW = 4
"""How many statements of a party on a topic nearly always reach back beyond a period."""
LATELY = 200
"""How many of a party's statements are looked through for what was recorded by a moment, before each topic is."""


@dataclass(frozen=True, slots=True)
class Version:
    """A position as it stood. `kept` is False where no version of that time is kept (it was loaded later, with an earlier
    recorded-at time): then what others said after that day is left out, and the rest is as it was loaded."""

    position: Position
    kept: bool


def standing(
    session: Session, by: datetime, *, parties: Sequence[str] = (), topic_keys: Sequence[str] = (), as_of: date = LAST_DAY
) -> list[Standing]:
    """The latest position of each party on each topic, as known `by` then, newest first: of some parties, or on some topics,
    or both."""
    if parties:
        found = standings.of_parties(session, parties, topic_keys or None, as_of=as_of, recorded=by)
    else:
        found = standings.on_topics(session, topic_keys, as_of=as_of, recorded=by)
    moved = _moved(session, by, parties, topic_keys, as_of)
    if not moved:
        return sorted(found, reverse=True)
    best: dict[tuple[str, str], Standing] = {}
    for each in sorted(found + moved, reverse=True):
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
) -> list[Standing]:
    """What was said in a period, as known `by` then, newest first, the undated (where the period has no beginning) last: whose,
    on what and when, by number."""
    walk = _Walk(session, since, until, by, limit)
    found = walk.of_parties(parties) if parties and not topic_keys else walk.newest(parties, topic_keys)
    moved = [p for p in _elsewhere(session, by, parties, topic_keys) if _within(p, since, until)]
    found += [Standing.of(p.party, p.topic, p.number, p.said_on) for p in moved]
    return sorted(found, reverse=True)[:limit]


def through(
    session: Session, by: datetime, pairs: Sequence[Pair], since: date, until: date, *, limit: int
) -> dict[Pair, tuple[Position | None, list[Position]]]:
    """What each of these parties said on each of these topics in a period, as known `by` then, oldest first, after what it had
    said on a day before; in outline."""
    day_before = since - timedelta(days=1) if since > date.min else date.min
    last = _Walk(session, None, until, by, FEW)
    within, earlier = _Walk(session, since, until, by, limit), _Walk(session, None, day_before, by, 1)
    numbers: list[int] = []
    for party, topic in pairs:
        places = last.on(party, topic)
        if len(places) == FEW and places[-1].said >= since.isoformat():
            places = [*within.on(party, topic), *earlier.on(party, topic)]
        numbers += [each.number for each in places]
    found = {v.position.number: v.position for v in versions(session, sorted(set(numbers)), by, outline=True) if v}
    for p in _elsewhere(session, by, sorted({party for party, _ in pairs}), sorted({topic for _, topic in pairs})):
        found[p.number] = p
    by_pair: dict[Pair, list[Position]] = {pair: [] for pair in pairs}
    for p in sorted(found.values(), key=_order):
        if (p.party, p.topic) in by_pair:
            by_pair[p.party, p.topic].append(p)
    told: dict[Pair, tuple[Position | None, list[Position]]] = {}
    for pair, some in by_pair.items():
        old = [p for p in some if p.said_on and p.said_on <= day_before]
        told[pair] = (old[-1] if old else None), [p for p in some if _within(p, since, until)][-limit:]
    return told


def before_each(session: Session, some: Sequence[Position], by: datetime, *, most: int) -> dict[int, Position]:
    """What the party of each of these said on the topic last before it, as known `by` then, by number; of up to `most`
    statements. Those without a day, and those that were the first, are left out."""
    dated = [p for p in some if p.said_on]
    walks = {p.number: _Walk(session, None, p.said_on, by, most).on(p.party, p.topic) for p in dated if p.said_on}
    wanted = {s.number for p in dated for s in walks[p.number] if s.said and s[:2] < (str(p.said_on), p.number)}
    who, what = sorted({p.party for p in dated}), sorted({p.topic for p in dated})
    moved = _elsewhere(session, by, who, what, outline=False) if dated else []
    read = {v.position.number: v.position for v in versions(session, sorted(wanted), by) if v}
    read |= {p.number: p for p in moved}
    found: dict[int, Position] = {}
    for p in dated:
        places = {s.number for s in walks[p.number]} | {q.number for q in moved}
        old = [q for n in places if (q := read.get(n)) and (q.party, q.topic) == (p.party, p.topic) and q.said_on]
        if earlier := [q for q in old if _order(q) < _order(p)]:
            found[p.number] = max(earlier, key=_order)
    return found


def _order(position: Position) -> tuple[date, int]:
    return position.said_on or date.min, position.number


def _within(position: Position, since: date | None, until: date) -> bool:
    if position.said_on is None:
        return since is None
    return (since or date.min) <= position.said_on <= until


@dataclass(frozen=True, slots=True)
class _Walk:
    """A walk through what was said in a period and recorded by a moment, newest first, but for what ever moved."""

    session: Session
    since: date | None
    until: date
    by: datetime
    limit: int

    def on(self, party: str, topic: str) -> list[Standing]:
        return self.newest([party], [topic])

    def newest(self, parties: Sequence[str], topic_keys: Sequence[str]) -> list[Standing]:
        """Of these parties (none: of anybody) on these topics (none: on anything). One index has each party on each topic in
        order, none has several."""
        if parties and topic_keys and len(parties) + len(topic_keys) > 2:
            each = [place for party in parties for topic in topic_keys for place in self.on(party, topic)]
            return sorted(each, reverse=True)[: self.limit]
        where, params = _narrowed("q", parties, topic_keys)
        said = "(q.said_on <= :until OR q.said_on IS NULL)" if self.since is None else "q.said_on BETWEEN :since AND :until"
        rows = self.session.rows(
            f"""SELECT coalesce(q.said_on, ''), q.number, q.party, q.topic FROM position q
                WHERE q.team_id = :team AND {said} {where} {RECORDED}
                ORDER BY q.said_on DESC NULLS LAST, q.number DESC LIMIT :limit""",
            until=self.until.isoformat(),
            limit=self.limit,
            recorded=instant_text(self.by),
            **params,
            **({} if self.since is None else {"since": self.since.isoformat()}),
        )
        return [Standing._make(row) for row in rows]

    def of_parties(self, parties: Sequence[str]) -> list[Standing]:
        """What these said on anything."""
        each = [place for party in parties for place in self._lately(party) or self._by_topic(party)]
        return sorted(each, reverse=True)[: self.limit]

    def _lately(self, party: str) -> list[Standing]:
        """Nearly always enough of what a party said last by then was recorded by then too; nothing where it was not."""
        rows = self.session.rows(
            f"""SELECT said_on, number, party, topic FROM (
                  SELECT s.team_id, s.said_on, s.number, s.party, s.topic, s.recorded_at FROM position s
                  WHERE s.team_id = :team AND s.party = :party AND s.said_on BETWEEN :since AND :until
                  ORDER BY s.said_on DESC, s.number DESC LIMIT :lately) q
                WHERE true {RECORDED} ORDER BY said_on DESC, number DESC LIMIT :limit""",
            party=party,
            since=(self.since or date.min).isoformat(),
            until=self.until.isoformat(),
            lately=max(LATELY, 2 * self.limit),
            limit=self.limit,
            recorded=instant_text(self.by),
        )
        return [Standing._make(row) for row in rows] if len(rows) == self.limit else []

    def _by_topic(self, party: str) -> list[Standing]:
        """Topic by topic, the latest first: where nothing was said so lately, nothing is walked through."""
        found: list[Standing] = []
        for last in standings.last_said(self.session, party, as_of=self.until, recorded=self.by):
            if len(found) == self.limit and last < found[-1]:
                break
            found = sorted([*found, *self.on(party, last.topic)], reverse=True)[: self.limit]
        return found


def _narrowed(table: str, parties: Sequence[str], topic_keys: Sequence[str]) -> tuple[str, dict[str, Value]]:
    where, params = "", dict[str, Value]()
    for column, values in (("party", parties), ("topic", topic_keys)):
        if values:
            holes, more = marks(column, values)
            where += f" AND {table}.{column} IN ({holes})"
            params |= more
    return where, params


def _elsewhere(
    session: Session, by: datetime, parties: Sequence[str], topic_keys: Sequence[str], *, outline: bool = True
) -> list[Position]:
    """The versions of then of those that ever stood under another party, topic or day, where they are wanted."""
    where, params = _narrowed("m", parties, topic_keys)
    rows = session.rows(f"SELECT DISTINCT number FROM position_moved m WHERE m.team_id = :team{where}", **params)
    found = [v.position for v in versions(session, [row["number"] for row in rows], by, outline=outline) if v]
    return [p for p in found if (not parties or p.party in parties) and (not topic_keys or p.topic in topic_keys)]


def _moved(session: Session, by: datetime, parties: Sequence[str], topic_keys: Sequence[str], as_of: date) -> list[Standing]:
    """Those that stood under these parties or topics then, or under another day."""
    found = _elsewhere(session, by, parties, topic_keys)
    return [Standing.of(p.party, p.topic, p.number, p.said_on) for p in found if p.said_on is None or p.said_on <= as_of]


def versions(session: Session, numbers: Sequence[int], by: datetime, *, outline: bool = False) -> list[Version | None]:
    """Positions by number as they stood at a moment; None for one that was not on record then. In `outline` without what only
    a card needs, unless they were changed since."""
    if not numbers:
        return []
    now = {p.number: p for p in (positions.outlines if outline else positions.many)(session, numbers)}
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
