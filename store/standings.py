"""Which position of a party on a topic stands: today, as of a day (by when things were said), and by when they were recorded.

All of these return numbers, for `positions.many` to read, and step through indexes instead of reading every position.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from store.database import Row, Session, marks
from store.times import day, instant_text

LAST_DAY = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Standing:
    """The latest position of one party on one topic, by number."""

    party: str
    topic: str
    number: int
    said_on: date | None


# What was recorded by a moment, and never stood under another party, topic or day (`store.known` looks at those).
_KNOWN = """q.recorded_at <= :recorded AND NOT EXISTS (
    SELECT 1 FROM position_moved x WHERE x.team_id = q.team_id AND x.number = q.number)"""
RECORDED = f"AND {_KNOWN}"

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

# What was said last by a day, with whether that is to be had without walking on.
_RECORDED_LAST = f"""SELECT q.said_on || ' ' || q.number || CASE WHEN {_KNOWN} THEN ' 1' ELSE ' 0' END
    FROM position q WHERE q.team_id = :team AND q.party = :party AND q.topic = t.key AND q.said_on <= :as_of
    ORDER BY q.said_on DESC, q.number DESC LIMIT 1"""

# Steps from one party to the next through the index instead of reading every position on a busy topic.
_EACH_PARTY = """
    WITH RECURSIVE each(party) AS (
        SELECT min(party) FROM position WHERE team_id = :team AND topic = :topic
        UNION ALL
        SELECT (SELECT min(party) FROM position WHERE team_id = :team AND topic = :topic AND party > each.party)
        FROM each WHERE each.party IS NOT NULL)
    SELECT each.party, ({pick}) FROM each WHERE each.party IS NOT NULL"""

# The same in one step a party, where nothing has to be left out: "us 2022-01-26 7" of each, which comes after "us" and before
# any other party.
_EACH_LAST = """
    WITH RECURSIVE each(last) AS (
        SELECT ''
        UNION ALL
        SELECT (SELECT q.party || ' ' || coalesce(q.said_on, '') || ' ' || q.number FROM position q
            WHERE q.team_id = :team AND q.topic = :topic AND q.party > each.last
            ORDER BY q.party, q.said_on DESC NULLS LAST, q.number DESC LIMIT 1)
        FROM each WHERE each.last IS NOT NULL)
    SELECT last FROM each WHERE last > ''"""

# Topics are few, and all of them on record: looking each up takes half of what stepping from one to the next does.
_EACH_TOPIC = "SELECT t.key, ({pick}) FROM topic t WHERE t.team_id = :team {which}"


def on_topic(session: Session, topic: str, *, as_of: date = LAST_DAY, recorded: datetime | None = None) -> list[Standing]:
    """Every party's latest position on one topic, newest first."""
    if recorded is None:
        given = _last_of_each(session, topic, as_of)
    else:
        sql = _EACH_PARTY.format(pick=_pick("each.party", ":topic", recorded))
        given = [(party, last) for party, last in session.rows(sql, topic=topic, **_when(as_of, recorded))]
    found = _newest(session, given, as_of, recorded)
    return [Standing(party, topic, number, day(said or None)) for said, number, party in found]


def _last_of_each(session: Session, topic: str, as_of: date) -> list[tuple[str, str]]:
    """Each party with the day and number of its latest position on a topic; those who spoke since are looked up again."""
    last = [row["last"].partition(" ") for row in session.rows(_EACH_LAST, topic=topic)]
    until = as_of.isoformat()
    later = [party for party, _, place in last if place.partition(" ")[0] > until]
    found = [(party, place) for party, _, place in last if place.partition(" ")[0] <= until]
    if later:
        holes, params = marks("v", later)
        pick = _pick("w.party", ":topic", None)
        values = ", ".join(f"({hole})" for hole in holes.split(", "))
        sql = f"WITH w(party) AS (VALUES {values}) SELECT w.party, ({pick}) FROM w"
        found += [(party, place) for party, place in session.rows(sql, topic=topic, as_of=until, **params)]
    return found


def of_party(session: Session, party: str, *, as_of: date = LAST_DAY, recorded: datetime | None = None) -> list[Standing]:
    """A party's latest position on every topic it has one on, newest first."""
    found = _newest(session, _last_on_each(session, party, None, as_of, recorded), as_of, recorded)
    return [Standing(party, topic, number, day(said or None)) for said, number, topic in found]


def latest_each(
    session: Session, party: str, topics: Sequence[str], *, as_of: date = LAST_DAY, recorded: datetime | None = None
) -> list[Standing]:
    """A party's latest position on each of these topics, newest first; topics without one are left out."""
    found = _newest(session, _last_on_each(session, party, topics, as_of, recorded), as_of, recorded)
    return [Standing(party, topic, number, day(said or None)) for said, number, topic in found]


def _last_on_each(
    session: Session, party: str, topics: Sequence[str] | None, as_of: date, recorded: datetime | None
) -> list[tuple[str, str]]:
    """The day and number of a party's latest position on each of these topics (None: on any), in one, with the topic.

    Nearly always what was said last by a day was recorded by then too, and never moved: only where it was not is it walked on.
    """
    holes, params = marks("t", list(dict.fromkeys(topics or ())))
    which, when = "" if topics is None else f"AND t.key IN ({holes})", _when(as_of, recorded)
    if recorded is None:
        sql = _EACH_TOPIC.format(pick=_pick(":party", "t.key", None), which=which)
        return [(topic, last) for topic, last in session.rows(sql, party=party, **params, **when) if last]
    found: list[tuple[str, str]] = []
    others: list[str] = []
    for topic, last in session.rows(_EACH_TOPIC.format(pick=_RECORDED_LAST, which=which), party=party, **params, **when):
        place, _, known = (last or "").rpartition(" ")
        if known == "1":
            found.append((topic, place))
        else:
            others.append(topic)
    holes, params = marks("t", others)
    sql = _EACH_TOPIC.format(pick=_pick(":party", "t.key", recorded), which=f"AND t.key IN ({holes})")
    rows = session.rows(sql, party=party, **params, **when) if others else ()
    return found + [(topic, last) for topic, last in rows if last]


def last_said(
    session: Session, party: str, *, as_of: date = LAST_DAY, recorded: datetime | None = None
) -> list[tuple[tuple[str, int], str]]:
    """The day ("" where there is none) and number of what a party said last on each topic, whatever replaced it since, with
    the topic, newest first."""
    found = [(last.split(" "), topic) for topic, last in _last_on_each(session, party, None, as_of, recorded)]
    return sorted((((said, int(number)), topic) for (said, number), topic in found), reverse=True)


def spoke(session: Session, party: str) -> bool:
    """Is anything that a party said on record?"""
    return session.row("SELECT 1 FROM position WHERE team_id = :team AND party = :party LIMIT 1", party=party) is not None


_FIRST = """SELECT q.said_on || ' ' || q.number FROM position q
    WHERE q.team_id = :team AND q.party = {party} AND q.topic = {topic} AND q.said_on IS NOT NULL
    ORDER BY q.said_on, q.number LIMIT 1"""


def first(session: Session, party: str, topics: Sequence[str] = ()) -> Standing | None:
    """The earliest dated position of a party on any of these topics, or on anything; or None."""
    holes, params = marks("t", list(topics))
    sql = _EACH_TOPIC.format(
        pick=_FIRST.format(party=":party", topic="t.key"), which=f"AND t.key IN ({holes})" if topics else ""
    )
    found = _oldest(session.rows(sql, party=party, **params))
    return None if found is None else Standing(party, found[2], found[1], day(found[0]))


def first_on(session: Session, topics: Sequence[str]) -> Standing | None:
    """Anybody's earliest dated position on any of these topics, or None."""
    sql = _EACH_PARTY.format(pick=_FIRST.format(party="each.party", topic=":topic"))
    found = [(oldest, topic) for topic in topics if (oldest := _oldest(session.rows(sql, topic=topic)))]
    if not found:
        return None
    (said, number, party), topic = min(found)
    return Standing(party, topic, number, day(said))


def _oldest(rows: Sequence[Row]) -> tuple[str, int, str] | None:
    """The earliest of rows of a party (or topic) with a day and number: these, and whose."""
    found = [(*oldest.split(" "), each) for each, oldest in rows if oldest]
    return min(((said, int(number), each) for said, number, each in found), default=None)


def before(session: Session, party: str, topic: str, day_of: date, number: int) -> int | None:
    """The number of what a party said on a topic last before one of its positions, or None."""
    row = session.row(
        """SELECT number FROM position WHERE team_id = :team AND party = :party AND topic = :topic AND number <> :number
             AND (said_on < :day OR (said_on = :day AND number < :number))
           ORDER BY said_on DESC, number DESC LIMIT 1""",
        party=party,
        topic=topic,
        day=day_of.isoformat(),
        number=number,
    )
    return None if row is None else int(row["number"])


def _pick(party: str, topic: str, recorded: datetime | None) -> str:
    pick = _PICK.format(party=party, topic=topic, recorded="" if recorded is None else RECORDED)
    return pick if recorded is None else _ANY.format(party=party, topic=topic, pick=pick)


def _when(as_of: date, recorded: datetime | None) -> dict[str, str]:
    return {"as_of": as_of.isoformat(), **({} if recorded is None else {"recorded": instant_text(recorded)})}


def _newest(
    session: Session, given: Iterable[Iterable[str]], as_of: date, recorded: datetime | None
) -> list[tuple[str, int, str]]:
    """The day ("" where there is none) and number of what each party (or topic) has, with the party, newest first; `given`
    each with its latest, in one."""
    found = [(*last.split(" "), each) for each, last in given if last]
    newest = [(said, int(number), each) for said, number, each in found]
    if replaced := _replaced(session, [number for _, number, _ in newest], as_of, recorded):
        newest = [(*replaced.get(number, (said, number)), each) for said, number, each in newest]
    return sorted(newest, reverse=True)


# In no order, and not narrowed by time: the planner would walk through everything of that time instead of looking up a few.
_REPLACING = """SELECT s.supersedes, s.number, s.said_on, s.recorded_at FROM position s CROSS JOIN position q
    WHERE s.team_id = :team AND s.supersedes IN ({holes})
      AND q.team_id = s.team_id AND q.number = s.supersedes AND q.party = s.party AND q.topic = s.topic"""


def _replaced(session: Session, numbers: Sequence[int], as_of: date, recorded: datetime | None) -> dict[int, tuple[str, int]]:
    """Which of these the same party replaced on the same topic by one that says so, though it may carry no day: the day and
    number of what stands instead, by the number replaced."""
    last_day, moment = as_of.isoformat(), "9999" if recorded is None else instant_text(recorded)
    steps: dict[int, tuple[str, int]] = {}
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
    last = {number: steps[number] for number in numbers if number in steps}
    for number, (_, new) in last.items():
        while new in steps:
            last[number] = steps[new]
            new = last[number][1]
    return last


def standing(row: Row) -> Standing:
    """The standing in a row of party, topic, number and said_on."""
    return Standing(row["party"], row["topic"], row["number"], day(row["said_on"]))
