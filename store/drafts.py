"""Drafts on record: texts under negotiation, with clauses by issue, who stands where, and votes."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from store import changes, drafts_lists, drafts_rolls, parts, search
from store.database import Row, Session, Value, WriteSession, marks
from store.drafts_rolls import votes_by as votes_by
from store.errors import NotOnRecord
from store.plain import from_plain, to_plain
from store.records import (
    Alignment,
    AlignmentRole,
    Clause,
    Draft,
    DraftStatus,
    Tally,
    Vote,
)
from store.times import day, text_of

KIND = "draft"

ROLES = {role.value: role for role in AlignmentRole}
"""Roles by their words: calling the enum takes ten times as long."""


def get(session: Session, number: int) -> Draft:
    """The draft with this number. Raises NotOnRecord."""
    found = many(session, [number])
    if not found:
        raise NotOnRecord(f"D-{number}")
    return found[0]


def by_key(session: Session, key: str) -> Draft | None:
    number = session.value("SELECT number FROM draft WHERE team_id = :team AND key = :key", key=key)
    return None if number is None else get(session, int(number))


def key_of(session: Session, number: int) -> str:
    """The key of a draft by its number, also of one that was taken off the record. Raises NotOnRecord."""
    key = session.value("SELECT key FROM draft WHERE team_id = :team AND number = :number", number=number)
    key = key or changes.key_of_number(session, KIND, number)
    if key is None:
        raise NotOnRecord(f"D-{number}")
    return str(key)


def many(session: Session, numbers: Sequence[int], *, votes: bool = True) -> list[Draft]:
    """Drafts by number, in the order asked for; unknown numbers are left out.

    Without `votes` the roll is left unread: it is most of a draft, and few answers need it. Such a draft must not be saved.
    """
    if not numbers:
        return []
    holes, params = marks("n", numbers)
    rows = session.rows(f"SELECT * FROM draft WHERE team_id = :team AND number IN ({holes})", **params)
    citations = _citations_but_votes(session, holes, params)
    clauses: dict[int, list[Clause]] = defaultdict(list)
    alignments: dict[int, list[Alignment]] = defaultdict(list)
    for number, seq, issue, says, text, version in _children(session, "clause", holes, params):
        cited = citations.get((number, f"clause:{seq}"), ())
        clauses[number].append(Clause(issue, says, text, version, cited))
    for number, seq, role, party, label, said, note in _children(session, "alignment", holes, params):
        cited = citations.get((number, f"alignment:{seq}"), ())
        alignments[number].append(Alignment(ROLES[role], party, label, day(said), note, cited))
    rolls = drafts_rolls.read(session, numbers) if votes else {}
    found = {
        row["number"]: of_row(
            row,
            clauses=tuple(clauses[row["number"]]),
            alignments=tuple(alignments[row["number"]]),
            votes=rolls.get(row["number"], ()),
            sources=citations.get((row["number"], ""), ()),
        )
        for row in rows
    }
    return [found[number] for number in numbers if number in found]


def _citations_but_votes(session: Session, holes: str, params: dict[str, Value]) -> parts.Citations:
    rows: list[Row] = []
    # Two ranges of parts around the votes', so that the index skips their hundreds of rows.
    for bounds in ("part < 'vote:'", "part >= 'vote;'"):
        rows += session.rows(
            f"""SELECT subject_number, part, source FROM citation
                WHERE team_id = :team AND subject = :subject AND subject_number IN ({holes}) AND {bounds}
                ORDER BY subject_number, part, seq""",
            subject=KIND,
            **params,
        )
    return parts.by_part(rows)


_CHILDREN = {
    "clause": "draft, seq, issue, says, text, text_version",
    "alignment": "draft, seq, role, party, label, said_on, note",
}


def _children(session: Session, table: str, holes: str, params: dict[str, Value]) -> list[Row]:
    return session.rows(
        f"SELECT {_CHILDREN[table]} FROM {table} WHERE team_id = :team AND draft IN ({holes}) ORDER BY draft, seq", **params
    )


def of_row(
    row: Row,
    *,
    clauses: tuple[Clause, ...],
    alignments: tuple[Alignment, ...],
    votes: tuple[Vote, ...],
    sources: tuple[str, ...],
) -> Draft:
    """A row of the table with what belongs to it."""
    tally = None
    tallied = day(row["tally_day"])
    if tallied is not None:
        tally = Tally(tallied, row["in_favour"], row["against"], row["abstained"], row["absent"])
    return Draft(
        key=row["key"],
        number=row["number"],
        title=row["title"],
        status=DraftStatus(row["status"]),
        body=row["body"],
        symbol=row["symbol"],
        tabled_on=day(row["tabled_on"]),
        status_on=day(row["status_on"]),
        topic=row["topic"],
        note=row["note"],
        clauses=clauses,
        alignments=alignments,
        votes=votes,
        tally=tally,
        sources=sources,
    )


def save(session: WriteSession, draft: Draft, *, action: str = "recorded", undoes: int | None = None) -> Draft:
    """Writes a draft whole and its revision; returns it with its number. What is unchanged is not written again.

    `number` 0 asks for the next free one. The topic and the sources must be on record.
    """
    previous = by_key(session, draft.key)
    if previous is not None:
        draft = dataclasses.replace(draft, number=previous.number)
    elif not draft.number:
        draft = dataclasses.replace(draft, number=parts.next_number(session, KIND))
    if previous == draft:
        return draft
    parts.claim_number(session, KIND, draft.number)
    _write_row(session, draft)
    _write_children(session, draft)
    words = [draft.body, draft.symbol, draft.note]
    words += [text for c in draft.clauses for text in (c.issue, c.says, c.text)]
    words += search.party_words(session, [a.party for a in draft.alignments])
    words += [text for a in draft.alignments for text in (a.label, a.note)]
    search.put(session, KIND, draft.number, _last_day(draft), draft.title, "\n".join(word for word in words if word))
    before = None if previous is None else to_plain(previous)
    changes.record(session, KIND, draft.key, action=action, before=before, after=to_plain(draft), undoes=undoes)
    return draft


def _last_day(draft: Draft) -> date | None:
    """The latest day known of a draft: by that it is searched."""
    days = (draft.tabled_on, draft.status_on, draft.tally.day if draft.tally else None, *(vote.day for vote in draft.votes))
    return max((day for day in days if day), default=None)


def restore(session: WriteSession, plain: dict[str, object], *, action: str, undoes: int | None = None) -> Draft:
    """Saves a draft from its plain form, as a revision keeps it."""
    return save(session, from_plain(Draft, plain), action=action, undoes=undoes)


def remove(session: WriteSession, draft: Draft, *, action: str, undoes: int | None = None) -> None:
    """Takes a draft off the record again, with a revision that can bring it back; its number stays taken."""
    for table in ("clause", "alignment", "vote"):
        session.execute(f"DELETE FROM {table} WHERE team_id = :team AND draft = :number", number=draft.number)
    parts.write_citations(session, KIND, draft.number, {})
    search.remove(session, KIND, draft.number)
    session.execute("DELETE FROM draft WHERE team_id = :team AND number = :number", number=draft.number)
    changes.record(session, KIND, draft.key, action=action, before=to_plain(draft), after=None, undoes=undoes)


def _write_row(session: WriteSession, draft: Draft) -> None:
    tally = draft.tally
    row: dict[str, Value] = {
        "number": draft.number,
        "key": draft.key,
        "title": draft.title,
        "status": draft.status.value,
        "body": draft.body,
        "symbol": draft.symbol,
        "tabled_on": text_of(draft.tabled_on),
        "status_on": text_of(draft.status_on),
        "topic": draft.topic,
        "note": draft.note,
        "tally_day": text_of(tally.day) if tally else None,
        "in_favour": tally.in_favour if tally else None,
        "against": tally.against if tally else None,
        "abstained": tally.abstained if tally else None,
        "absent": tally.absent if tally else None,
        "standing": drafts_lists.standing(draft.status),
        "sought": drafts_lists.sought(draft.title, draft.symbol, draft.body),
    }
    updates = ", ".join(f"{name} = :{name}" for name in row if name != "number")
    if not session.execute(
        f"UPDATE draft SET {updates}, version = version + 1 WHERE team_id = :team AND number = :number", **row
    ):
        session.insert("draft", [row])


def _write_children(session: WriteSession, draft: Draft) -> None:
    for table in ("clause", "alignment", "vote"):
        session.execute(f"DELETE FROM {table} WHERE team_id = :team AND draft = :number", number=draft.number)
    here = {"draft": draft.number}
    session.insert(
        "clause",
        [
            {**here, "seq": seq, "issue": c.issue, "says": c.says, "text": c.text, "text_version": c.version}
            for seq, c in enumerate(draft.clauses)
        ],
    )
    session.insert(
        "alignment",
        [
            {
                **here,
                "seq": seq,
                "role": a.role.value,
                "party": a.party,
                "label": a.label,
                "said_on": text_of(a.said_on),
                "note": a.note,
            }
            for seq, a in enumerate(draft.alignments)
        ],
    )
    session.insert(
        "vote",
        [
            {
                **here,
                "seq": seq,
                "party": v.party,
                "choice": v.choice.value,
                "kind": v.kind.value,
                "day": text_of(v.day),
            }
            for seq, v in enumerate(draft.votes)
        ],
    )
    cited = {"": draft.sources}
    cited |= {f"clause:{seq}": c.sources for seq, c in enumerate(draft.clauses)}
    cited |= {f"alignment:{seq}": a.sources for seq, a in enumerate(draft.alignments)}
    cited |= {f"vote:{seq}": v.sources for seq, v in enumerate(draft.votes)}
    parts.write_citations(session, KIND, draft.number, cited)
