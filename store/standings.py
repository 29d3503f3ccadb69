"""Which position of a party on a topic stands: today, as of a day (by when things were said), and by when they were recorded.

All of these return numbers, for `positions.many` to read. What stands now is kept (`latest`); what stood on some day is found
by stepping through indexes (`position_walks`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from store import latest
from store import position_walks as walks
from store.database import Row, Session, marks
from store.position_walks import LAST_DAY as LAST_DAY
from store.position_walks import Pair
from store.position_walks import Standing as Standing

MANY = 60
"""Topics to look up, of which more are looked up with all others; and positions, of which more are not asked one by one
whether something replaced them."""


def on_topic(session: Session, topic: str, *, as_of: date = LAST_DAY, recorded: datetime | None = None) -> list[Standing]:
    """Every party's latest position on one topic, newest first."""
    return on_topics(session, [topic], as_of=as_of, recorded=recorded)


def on_topics(
    session: Session, topics: Sequence[str], *, as_of: date = LAST_DAY, recorded: datetime | None = None
) -> list[Standing]:
    """Every party's latest position on each of these topics, newest first."""
    found: list[Standing] = []
    since: dict[str, list[str] | None] = dict.fromkeys(topics)
    if recorded is None:
        found, later = latest.standing(session, (), topics, as_of)
        since = {topic: [party for party, on in later if on == topic] for topic in {on for _, on in later}}
    for topic, parties in since.items():
        found += _instead(session, walks.by_party(session, topic, parties, as_of, recorded), as_of, recorded)
    return sorted(found, reverse=True)


def of_party(session: Session, party: str, *, as_of: date = LAST_DAY, recorded: datetime | None = None) -> list[Standing]:
    """A party's latest position on every topic it has one on, newest first."""
    return sorted(of_parties(session, [party], as_of=as_of, recorded=recorded), reverse=True)


def latest_each(
    session: Session, party: str, topics: Sequence[str], *, as_of: date = LAST_DAY, recorded: datetime | None = None
) -> list[Standing]:
    """A party's latest position on each of these topics, newest first; topics without one are left out."""
    return sorted(of_parties(session, [party], topics, as_of=as_of, recorded=recorded), reverse=True)


def of_parties(
    session: Session,
    parties: Sequence[str],
    topics: Sequence[str] | None = None,
    *,
    as_of: date = LAST_DAY,
    recorded: datetime | None = None,
) -> list[Standing]:
    """The latest position of each of these parties on each of these topics (None: on any), in no order."""
    if not parties:
        return []
    found: list[Standing] = []
    since: dict[str, Sequence[str] | None] = dict.fromkeys(parties, topics)
    if recorded is None:
        found, later = latest.standing(session, parties, topics, as_of)
        since = {party: [topic for who, topic in later if who == party] for party in {who for who, _ in later}}
    given = [each for party, some in since.items() for each in _looked_up(session, party, some, as_of, recorded)]
    if len(given) <= MANY or (pairs := walks.pairs_replacing(session, parties, most=MANY)) is None:
        return found + _instead(session, given, as_of, recorded)
    replaced = [each for each in given if (each.party, each.topic) in pairs]
    stand = [each for each in given if (each.party, each.topic) not in pairs]
    return found + stand + _instead(session, replaced, as_of, recorded)


def of_pairs(
    session: Session, pairs: Collection[Pair], *, as_of: date = LAST_DAY, recorded: datetime | None = None
) -> list[Standing]:
    """The latest position of each of these parties on its topic, in no order: for a page of them, not for hundreds."""
    wanted = list(dict.fromkeys(pairs))
    if not wanted:
        return []
    found: list[Standing] = []
    if recorded is None:
        stood, later = latest.standing(session, [party for party, _ in wanted], [topic for _, topic in wanted], as_of)
        found = [each for each in stood if (each.party, each.topic) in pairs]
        wanted = [pair for pair in wanted if pair in later]
    given = walks.of_pairs(session, wanted, as_of, recorded) if wanted else []
    return found + _instead(session, given, as_of, recorded)


def _looked_up(
    session: Session, party: str, topics: Sequence[str] | None, as_of: date, recorded: datetime | None
) -> list[Standing]:
    """What a party had said by a day on some topics (None: on any).

    Many are looked up with all others: that is one statement whatever their number, which the database has prepared already.
    """
    if topics is None or len(topics) <= MANY:
        return walks.by_topic(session, party, topics, as_of, recorded)
    wanted = set(topics)
    return [each for each in walks.by_topic(session, party, None, as_of, recorded) if each.topic in wanted]


def last_said(session: Session, party: str, *, as_of: date, recorded: datetime) -> list[Standing]:
    """What a party had said last on each topic, as known at a moment, whatever replaced it since, newest first."""
    return sorted(walks.by_topic(session, party, None, as_of, recorded), reverse=True)


def spoke(session: Session, party: str) -> bool:
    """Is anything that a party said on record?"""
    return session.row("SELECT 1 FROM position WHERE team_id = :team AND party = :party LIMIT 1", party=party) is not None


_FIRST = """SELECT q.said_on || ' ' || q.number FROM position q
    WHERE q.team_id = :team AND q.party = {party} AND q.topic = {topic} AND q.said_on IS NOT NULL
    ORDER BY q.said_on, q.number LIMIT 1"""


def first(session: Session, party: str, topics: Sequence[str] = ()) -> Standing | None:
    """The earliest dated position of a party on any of these topics, or on anything; or None."""
    holes, params = marks("t", list(topics))
    sql = walks.EACH_TOPIC.format(
        pick=_FIRST.format(party=":party", topic="t.key"), which=f"AND t.key IN ({holes})" if topics else ""
    )
    found = _oldest(session.rows(sql, party=party, **params))
    return None if found is None else Standing(found[0], found[1], party, found[2])


def first_on(session: Session, topics: Sequence[str]) -> Standing | None:
    """Anybody's earliest dated position on any of these topics, or None."""
    sql = walks.EACH_PARTY.format(pick=_FIRST.format(party="each.party", topic=":topic"))
    found = [(oldest, topic) for topic in topics if (oldest := _oldest(session.rows(sql, topic=topic)))]
    if not found:
        return None
    (said, number, party), topic = min(found)
    return Standing(said, number, party, topic)


def _oldest(rows: Sequence[Row]) -> tuple[str, int, str] | None:
    """The earliest of rows of a party (or topic) with a day and number: these, and whose."""
    return min(((*walks.place_in(oldest), each) for each, oldest in rows if oldest), default=None)


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


def _instead(session: Session, given: list[Standing], as_of: date, recorded: datetime | None) -> list[Standing]:
    """What stands: each of these, or what replaced it."""
    ways = walks.replacing(session, [each.number for each in given], as_of, recorded)
    return [Standing(*ways[s.number][-1], s.party, s.topic) if s.number in ways else s for s in given] if ways else given


def standing(row: Row) -> Standing:
    """The standing in a row of party, topic, number and said_on."""
    return Standing(row["said_on"] or "", row["number"], row["party"], row["topic"])
