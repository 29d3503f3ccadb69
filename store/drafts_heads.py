"""Drafts without most of what belongs to them: whether they are there, and what a list shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from store import drafts
from store.database import Session, marks
from store.records import Alignment, Draft
from store.times import day


def unknown(session: Session, numbers: Sequence[int]) -> list[int]:
    """Which of these numbers no draft has, in the order given."""
    holes, params = marks("n", numbers)
    known = {n for (n,) in session.rows(f"SELECT number FROM draft WHERE team_id = :team AND number IN ({holes})", **params)}
    return [number for number in numbers if number not in known]


def heads(session: Session, numbers: Sequence[int]) -> list[Draft]:
    """Drafts as a list shows them, in the order asked for: without clauses and votes, of alignments only the sponsors, of
    sources only the drafts' own. Such a draft must not be saved."""
    if not numbers:
        return []
    holes, params = marks("n", numbers)
    rows = session.rows(f"SELECT * FROM draft WHERE team_id = :team AND number IN ({holes})", **params)
    sponsors: dict[int, list[Alignment]] = defaultdict(list)
    for number, role, party, label, said, note in session.rows(
        f"""SELECT draft, role, party, label, said_on, note FROM alignment WHERE team_id = :team AND draft IN ({holes})
            AND role IN ('sponsor', 'co_sponsor') ORDER BY draft, seq""",
        **params,
    ):
        sponsors[number].append(Alignment(drafts.ROLES[role], party, label, day(said), note))
    cited: dict[int, list[str]] = defaultdict(list)
    for number, source in session.rows(
        f"""SELECT subject_number, source FROM citation WHERE team_id = :team AND subject = :subject AND part = ''
            AND subject_number IN ({holes}) ORDER BY subject_number, seq""",
        subject=drafts.KIND,
        **params,
    ):
        cited[number].append(source)
    found = {
        n: drafts.of_row(row, clauses=(), alignments=tuple(sponsors[n]), votes=(), sources=tuple(cited[n]))
        for row in rows
        if (n := row["number"])
    }
    return [found[number] for number in numbers if number in found]
