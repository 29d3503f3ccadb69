"""Positions on record: a party's stance on a topic, with the replies to it, rival accounts of it, and sources."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Sequence

from store import changes, latest, parts, reply_moves, search, topics
from store.database import Row, Session, Value, WriteSession, marks
from store.errors import NotOnRecord
from store.plain import from_plain, to_plain
from store.records import Account, Applies, Position, Reply, ReplyStance, Stance
from store.replaced import later as later
from store.replaced import later_each as later_each
from store.replaced import superseding as superseding
from store.replaced import superseding_each as superseding_each
from store.standings import LAST_DAY as LAST_DAY
from store.standings import Standing as Standing
from store.standings import latest_each as latest_each
from store.standings import of_parties as of_parties
from store.standings import of_party as of_party
from store.standings import on_topic as on_topic
from store.standings import on_topics as on_topics
from store.times import day, instant, instant_text, text_of

KIND = "position"


def get(session: Session, number: int) -> Position:
    """The position with this number. Raises NotOnRecord."""
    found = many(session, [number])
    if not found:
        raise NotOnRecord(f"P-{number}")
    return found[0]


def by_key(session: Session, key: str) -> Position | None:
    number = session.value("SELECT number FROM position WHERE team_id = :team AND key = :key", key=key)
    return None if number is None else get(session, int(number))


def many(session: Session, numbers: Sequence[int]) -> list[Position]:
    """Positions by number, in the order asked for; unknown numbers are left out."""
    if not numbers:
        return []
    holes, params = marks("n", numbers)
    rows = session.rows(
        f"""SELECT p.*, s.key AS supersedes_key FROM position p
            LEFT JOIN position s ON s.team_id = p.team_id AND s.number = p.supersedes
            WHERE p.team_id = :team AND p.number IN ({holes})""",
        **params,
    )
    citations = parts.citations_of(session, KIND, numbers)
    replies = _replies(session, holes, params, citations)
    accounts = parts.accounts_of(session, KIND, numbers, citations)
    found = {
        row["number"]: _position(
            row,
            replies=tuple(replies[row["number"]]),
            accounts=accounts.get(row["number"], ()),
            sources=citations.get((row["number"], ""), ()),
        )
        for row in rows
    }
    return [found[number] for number in numbers if number in found]


def outlines(session: Session, numbers: Sequence[int]) -> list[Position]:
    """The same with whose they are, on what, when and for what they were said and recorded, and nothing else."""
    holes, params = marks("n", numbers)
    sql = f"""SELECT number, key, party, topic, stance, said_on, recorded_at FROM position
        WHERE team_id = :team AND number IN ({holes})"""
    rows = {row["number"]: row for row in session.rows(sql, **params)} if numbers else {}
    return [
        Position(
            key=row["key"],
            number=number,
            party=row["party"],
            topic=row["topic"],
            stance=Stance(row["stance"]),
            summary="",
            said_on=day(row["said_on"]),
            recorded_at=instant(row["recorded_at"]),
        )
        for number in numbers
        if (row := rows.get(number))
    ]


def _replies(session: Session, holes: str, params: dict[str, Value], citations: parts.Citations) -> dict[int, list[Reply]]:
    replies: dict[int, list[Reply]] = defaultdict(list)
    for row in session.rows(
        f"SELECT * FROM reply WHERE team_id = :team AND position IN ({holes}) ORDER BY position, seq", **params
    ):
        replies[row["position"]].append(
            Reply(
                key=row["key"],
                party=row["party"],
                stance=ReplyStance(row["stance"]),
                summary=row["summary"],
                quote=row["quote"],
                original_quote=row["original_quote"],
                original_language=row["original_language"],
                speaker=row["speaker"],
                office=row["office"],
                administration=row["administration"],
                said_on=day(row["said_on"]),
                to=row["reply_to"],
                sources=citations.get((row["position"], f"reply:{row['key']}"), ()),
            )
        )
    return replies


def _position(row: Row, *, replies: tuple[Reply, ...], accounts: tuple[Account, ...], sources: tuple[str, ...]) -> Position:
    applies = None
    if row["applies_bloc"]:
        applies = Applies(row["applies_bloc"], day(row["applies_after"]), day(row["applies_by"]))
    return Position(
        key=row["key"],
        number=row["number"],
        party=row["party"],
        topic=row["topic"],
        stance=Stance(row["stance"]),
        summary=row["summary"],
        said_on=day(row["said_on"]),
        recorded_at=instant(row["recorded_at"]),
        quote=row["quote"],
        original_quote=row["original_quote"],
        original_language=row["original_language"],
        speaker=row["speaker"],
        office=row["office"],
        administration=row["administration"],
        supersedes=row["supersedes_key"],
        applies=applies,
        replies=replies,
        accounts=accounts,
        sources=sources,
    )


def save(session: WriteSession, position: Position, *, action: str = "recorded", undoes: int | None = None) -> Position:
    """Writes a position whole and its revision; returns it with its number and recorded-at time.

    `number` 0 asks for the next free one; `recorded_at` None means now for a new record and stays as it is for an old one.
    What is unchanged is not written again. The topic (or what it was merged into), the sources and the superseded position
    must be on record (NotOnRecord for the last).
    """
    previous = by_key(session, position.key)
    position = dataclasses.replace(position, topic=topics.current(session, position.topic))
    if previous is not None:
        position = dataclasses.replace(
            position, number=previous.number, recorded_at=position.recorded_at or previous.recorded_at
        )
    else:
        number = position.number or parts.next_number(session, KIND)
        position = dataclasses.replace(position, number=number, recorded_at=position.recorded_at or session.now)
    if previous == position:
        return position
    parts.claim_number(session, KIND, position.number)
    _write_row(session, position)
    _write_children(session, position)
    _index(session, position)
    latest.keep(session, [_pair(each) for each in (previous, position) if each])
    if previous is not None and _place(previous) != _place(position):
        note_moved(session, [_pair(previous), _pair(position)], position)
    before = None if previous is None else to_plain(previous)
    after = to_plain(position)
    if before is not None:
        reply_moves.note(session, before, after)
    changes.record(session, KIND, position.key, action=action, before=before, after=after, undoes=undoes)
    return position


def _pair(position: Position) -> tuple[str, str]:
    return position.party, position.topic


def _place(position: Position) -> tuple[object, ...]:
    return position.party, position.topic, position.said_on


def note_moved(session: WriteSession, places: Sequence[tuple[str, str]], position: Position) -> None:
    """Notes under which parties and topics a position stood or stands that does not stay in its place (see `known`)."""
    for party, topic in places:
        session.execute(
            """INSERT INTO position_moved (team_id, party, topic, number, key) VALUES (:team, :party, :topic, :number, :key)
               ON CONFLICT (team_id, party, topic, number) DO NOTHING""",
            party=party,
            topic=topic,
            number=position.number,
            key=position.key,
        )


def restore(session: WriteSession, plain: dict[str, object], *, action: str, undoes: int | None = None) -> Position:
    """Saves a position from its plain form, as a revision keeps it."""
    return save(session, from_plain(Position, plain), action=action, undoes=undoes)


def remove(session: WriteSession, position: Position, *, action: str, undoes: int | None = None) -> None:
    """Takes a position off the record again, with a revision that can bring it back; its number stays taken.

    No other position may supersede it (see `superseding`).
    """
    session.execute("DELETE FROM reply WHERE team_id = :team AND position = :number", number=position.number)
    parts.write_accounts(session, KIND, position.number, ())
    parts.write_citations(session, KIND, position.number, {})
    search.remove(session, KIND, position.number)
    note_moved(session, [_pair(position)], position)
    session.execute("DELETE FROM position WHERE team_id = :team AND number = :number", number=position.number)
    latest.keep(session, [_pair(position)])
    before = to_plain(position)
    reply_moves.note(session, before, None)
    changes.record(session, KIND, position.key, action=action, before=before, after=None, undoes=undoes)


def _write_row(session: WriteSession, position: Position) -> None:
    supersedes = None
    if position.supersedes:
        found = session.value("SELECT number FROM position WHERE team_id = :team AND key = :key", key=position.supersedes)
        if found is None:
            raise NotOnRecord(position.supersedes)
        supersedes = int(found)
    applies = position.applies
    row: dict[str, Value] = {
        "number": position.number,
        "key": position.key,
        "party": position.party,
        "topic": position.topic,
        "stance": position.stance.value,
        "summary": position.summary,
        "said_on": text_of(position.said_on),
        "recorded_at": instant_text(position.recorded_at or session.now),
        "quote": position.quote,
        "original_quote": position.original_quote,
        "original_language": position.original_language,
        "speaker": position.speaker,
        "office": position.office,
        "administration": position.administration,
        "supersedes": supersedes,
        "applies_bloc": applies.bloc if applies else None,
        "applies_after": text_of(applies.joined_after) if applies else None,
        "applies_by": text_of(applies.joined_by) if applies else None,
    }
    updates = ", ".join(f"{name} = :{name}" for name in row if name != "number")
    if not session.execute(
        f"UPDATE position SET {updates}, version = version + 1 WHERE team_id = :team AND number = :number", **row
    ):
        session.insert("position", [row])


def _write_children(session: WriteSession, position: Position) -> None:
    session.execute("DELETE FROM reply WHERE team_id = :team AND position = :number", number=position.number)
    session.insert(
        "reply",
        [
            {
                "position": position.number,
                "topic": position.topic,
                "holder": position.party,
                "seq": seq,
                "key": r.key,
                "party": r.party,
                "stance": r.stance.value,
                "summary": r.summary,
                "quote": r.quote,
                "original_quote": r.original_quote,
                "original_language": r.original_language,
                "speaker": r.speaker,
                "office": r.office,
                "administration": r.administration,
                "said_on": text_of(r.said_on),
                "reply_to": r.to,
            }
            for seq, r in enumerate(position.replies)
        ],
    )
    parts.write_accounts(session, KIND, position.number, position.accounts)
    cited = {"": position.sources, **parts.account_citations(position.accounts)}
    cited.update({f"reply:{r.key}": r.sources for r in position.replies if r.sources})
    parts.write_citations(session, KIND, position.number, cited)


def _index(session: WriteSession, position: Position) -> None:
    topic = session.value("SELECT name FROM topic WHERE team_id = :team AND key = :key", key=position.topic)
    (party,) = search.party_words(session, [position.party]) or [position.party]
    names = search.party_words(session, [r.party for r in position.replies])
    title = f"{party} on {topic!s}" if topic else f"{party} on {position.topic}"
    words = [
        position.summary,
        position.quote,
        position.original_quote,
        position.speaker,
        *(r.summary for r in position.replies),
        *(r.quote for r in position.replies),
        *(r.speaker for r in position.replies),
        *(a.claim for a in position.accounts),
        *(a.by for a in position.accounts),
        *names,
    ]
    search.put(session, KIND, position.number, position.said_on, title, "\n".join(word for word in words if word))
