"""Steps through the indexes of positions: the latest of each party and topic by a day, and by when they were recorded.

Nothing here reads every position; whoever asks for one party or topic pays for the pairs it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from store.database import Session, Value, marks
from store.times import day, instant_text, text_of

LAST_DAY = date(9999, 12, 31)

Place = tuple[str, int]
"""The day of a position ("" where it has none) and its number: the later of two is the greater."""
Pair = tuple[str, str]
"""A party and a topic."""


class Standing(NamedTuple):
    """The latest position of one party on one topic, by number. The later of two is the greater."""

    said: str
    """The day it was said on, as the store writes it; "" where there is none."""
    number: int
    party: str
    topic: str

    @property
    def said_on(self) -> date | None:
        return day(self.said or None)

    @classmethod
    def of(cls, party: str, topic: str, number: int, said_on: date | None) -> Standing:
        return cls(text_of(said_on) or "", number, party, topic)


# What was recorded by a moment, and never stood under another party, topic or day (`store.known` looks at those).
RECORDED = """AND q.recorded_at <= :recorded AND NOT EXISTS (
    SELECT 1 FROM position_moved x WHERE x.team_id = q.team_id AND x.number = q.number)"""

# Where nothing at all was recorded by then, the walk through what was recorded later is saved.
_ANY = """CASE WHEN EXISTS (SELECT 1 FROM position m WHERE m.team_id = :team AND m.party = {party} AND m.topic = {topic}
    AND m.recorded_at <= :recorded) THEN ({pick}) END"""

# The latest position's day and number, from the index alone: "2022-01-26 7", or " 7" without a day. In two steps, the dated
# before the undated: one condition on both would walk through everything said after the day.
_PICK = """SELECT coalesce(
    (SELECT q.said_on || ' ' || q.number FROM position q WHERE q.team_id = :team AND q.party = {party} AND q.topic = {topic}
       AND q.said_on <= :as_of {recorded} ORDER BY q.said_on DESC, q.number DESC LIMIT 1),
    (SELECT ' ' || q.number FROM position q WHERE q.team_id = :team AND q.party = {party} AND q.topic = {topic}
       AND q.said_on IS NULL {recorded} ORDER BY q.number DESC LIMIT 1))"""

# Steps from one party to the next through the index instead of reading every position on a busy topic.
EACH_PARTY = """
    WITH RECURSIVE each(party) AS (
        SELECT min(party) FROM position WHERE team_id = :team AND topic = :topic
        UNION ALL
        SELECT (SELECT min(party) FROM position WHERE team_id = :team AND topic = :topic AND party > each.party)
        FROM each WHERE each.party IS NOT NULL)
    SELECT each.party, ({pick}) FROM each WHERE each.party IS NOT NULL"""

# Where it is known who spoke to a topic at all (`store.latest`), they need not be stepped through.
_LISTED_PARTIES = """SELECT each.party, ({pick}) FROM position_latest each
    WHERE each.team_id = :team AND each.topic = :topic"""

_SOME_PARTIES = "WITH each(party) AS (VALUES {values}) SELECT each.party, ({pick}) FROM each"

# Topics are few, and all of them on record: looking each up takes half of what stepping from one to the next does.
EACH_TOPIC = "SELECT t.key, ({pick}) FROM topic t WHERE t.team_id = :team {which}"


LATELY = 2
"""How many statements are read for each topic there is, before topics are looked up one by one."""


def by_party(
    session: Session, topic: str, among: Sequence[str] | None, as_of: date, recorded: datetime | None
) -> list[Standing]:
    """The latest of each party on a topic, `among` some where these are given, in no order. By when they were recorded it is
    looked up for those that `store.latest` lists."""
    params: dict[str, Value] = {**_when(as_of, recorded)}
    pick = _pick("each.party", ":topic", recorded)
    if among is None:
        sql = (EACH_PARTY if recorded is None else _LISTED_PARTIES).format(pick=pick)
    elif among:
        holes, more = marks("v", among)
        params |= more
        sql = _SOME_PARTIES.format(values=", ".join(f"({hole})" for hole in holes.split(", ")), pick=pick)
    else:
        return []
    rows = session.rows(sql, topic=topic, **params)
    return [Standing(*place_in(last), party, topic) for party, last in rows if last]


def of_pairs(session: Session, pairs: Sequence[Pair], as_of: date, recorded: datetime | None) -> list[Standing]:
    """The latest of each of these parties on its topic, in no order."""
    params: dict[str, Value] = {**_when(as_of, recorded)}
    for n, (party, topic) in enumerate(pairs):
        params |= {f"p{n}": party, f"t{n}": topic}
    values = ", ".join(f"(:p{n}, :t{n})" for n in range(len(pairs)))
    pick = _pick("w.party", "w.topic", recorded)
    sql = f"WITH w(party, topic) AS (VALUES {values}) SELECT w.party, w.topic, ({pick}) FROM w"
    return [Standing(*place_in(last), party, topic) for party, topic, last in session.rows(sql, **params) if last]


def by_topic(
    session: Session, party: str, topics: Sequence[str] | None, as_of: date, recorded: datetime | None
) -> list[Standing]:
    """A party's latest on each of these topics (None: on any), in no order."""
    if topics is not None:
        return _each(session, party, topics, as_of, recorded) if topics else []
    keys = [row["key"] for row in session.rows("SELECT key FROM topic WHERE team_id = :team")]
    found = _lately(session, party, as_of, recorded, most=LATELY * len(keys))
    others = [key for key in keys if key not in found]
    return [*found.values(), *(_each(session, party, others, as_of, recorded) if others else [])]


def _lately(session: Session, party: str, as_of: date, recorded: datetime | None, most: int) -> dict[str, Standing]:
    """The latest on each topic among so many of a party's last statements. They lie side by side in an index of their own:
    reading two for each topic takes a third of what looking each topic up does, and leaves few to be looked up."""
    rows = session.rows(
        f"""SELECT q.said_on, q.number, q.topic FROM (
              SELECT team_id, topic, said_on, number, recorded_at FROM position
              WHERE team_id = :team AND party = :party AND said_on <= :as_of
              ORDER BY said_on DESC, number DESC LIMIT :most) q
            WHERE true {"" if recorded is None else RECORDED} ORDER BY q.said_on DESC, q.number DESC""",
        party=party,
        most=most,
        **_when(as_of, recorded),
    )
    found: dict[str, Standing] = {}
    for said, number, topic in rows:
        if topic not in found:
            found[topic] = Standing(said, number, party, topic)
    return found


def _each(session: Session, party: str, topics: Sequence[str], as_of: date, recorded: datetime | None) -> list[Standing]:
    holes, params = marks("t", list(dict.fromkeys(topics)))
    sql = EACH_TOPIC.format(pick=_pick(":party", "t.key", recorded), which=f"AND t.key IN ({holes})")
    rows = session.rows(sql, **{**params, "party": party, **_when(as_of, recorded)})
    return [Standing(*place_in(last), party, topic) for topic, last in rows if last]


def _pick(party: str, topic: str, recorded: datetime | None) -> str:
    pick = _PICK.format(party=party, topic=topic, recorded="" if recorded is None else RECORDED)
    return pick if recorded is None else _ANY.format(party=party, topic=topic, pick=pick)


def _when(as_of: date, recorded: datetime | None) -> dict[str, str]:
    return {"as_of": as_of.isoformat(), **({} if recorded is None else {"recorded": instant_text(recorded)})}


def place_in(picked: str) -> Place:
    """The day and number in what a pick gives: "2022-01-26 7", or " 7"."""
    said, number = picked.split(" ")
    return said, int(number)


# In no order, and not narrowed by time: the planner would walk through everything of that time instead of looking up a few.
_REPLACING = """SELECT s.supersedes, s.number, s.said_on, s.recorded_at FROM position s CROSS JOIN position q
    WHERE s.team_id = :team AND s.supersedes IN ({holes})
      AND q.team_id = s.team_id AND q.number = s.supersedes AND q.party = s.party AND q.topic = s.topic"""


def pairs_replacing(session: Session, parties: Sequence[str], *, most: int) -> set[Pair] | None:
    """On which topics these parties replaced something by a position that says so; None for more than so many."""
    holes, params = marks("p", parties)
    sql = f"""SELECT party, topic FROM position WHERE team_id = :team AND party IN ({holes}) AND supersedes IS NOT NULL
        LIMIT :most"""
    rows = session.rows(sql, most=most, **params)
    return {(row["party"], row["topic"]) for row in rows} if len(rows) < most else None


def replacing(session: Session, numbers: Sequence[int], as_of: date, recorded: datetime | None) -> dict[int, list[Place]]:
    """Which of these the same party replaced on the same topic by one that says so, though it may carry no day: by the number
    replaced, what did, and what replaced that, to the one that stands."""
    last_day, moment = as_of.isoformat(), "9999" if recorded is None else instant_text(recorded)
    steps: dict[int, Place] = {}
    seen, now = set(numbers), list(numbers)
    while now:
        holes, params = marks("n", now)
        rows = [row for row in session.rows(_REPLACING.format(holes=holes), **params) if row["number"] not in seen]
        rows = [row for row in rows if (row["said_on"] or "") <= last_day and row["recorded_at"] <= moment]
        found = {
            row["supersedes"]: (row["said_on"] or "", row["number"]) for row in sorted(rows, key=lambda r: int(r["number"]))
        }
        steps |= found
        now = [new for _, new in found.values()]
        seen.update(now)
    return {number: _way(steps, number) for number in numbers if number in steps}


def _way(steps: dict[int, Place], number: int) -> list[Place]:
    way: list[Place] = []
    while number in steps:
        way.append(steps[number])
        number = way[-1][1]
    return way
