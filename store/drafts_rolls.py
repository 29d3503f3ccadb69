"""The votes on drafts as they are read: whole rolls, or how a few parties voted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from store import parts
from store.database import Session, marks
from store.records import Vote, VoteChoice, VoteKind
from store.times import day

# Calling the enum takes ten times as long, and a roll has hundreds of votes.
_CHOICES = {choice.value: choice for choice in VoteChoice}
_KINDS = {kind.value: kind for kind in VoteKind}


def read(session: Session, numbers: Sequence[int]) -> dict[int, tuple[Vote, ...]]:
    """The rolls of some drafts, by number."""
    holes, params = marks("n", numbers)
    rows = session.rows(
        f"""SELECT draft, seq, party, choice, kind, day FROM vote WHERE team_id = :team AND draft IN ({holes})
            ORDER BY draft, seq""",
        **params,
    )
    same, cited = _sources(session, Counter(row["draft"] for row in rows))
    found: dict[int, list[Vote]] = defaultdict(list)
    for number, seq, party, choice, kind, on in rows:
        keys = same[number] if number in same else cited.get((number, f"vote:{seq}"), ())
        found[number].append(Vote(party, _CHOICES[choice], _KINDS[kind], day(on), keys))
    return {number: tuple(votes) for number, votes in found.items()}


@dataclass(frozen=True, slots=True)
class Cast:
    """How a roll went as cast: by choice, who chose it and the sources of these votes, each once."""

    parties: dict[VoteChoice, list[str]] = field(default_factory=lambda: {choice: [] for choice in VoteChoice})
    sources: dict[VoteChoice, dict[str, None]] = field(default_factory=lambda: {choice: {} for choice in VoteChoice})

    def counted(self) -> dict[VoteChoice, int]:
        return {choice: len(some) for choice, some in self.parties.items()}


def cast(session: Session, numbers: Sequence[int]) -> dict[int, Cast]:
    """How the rolls of some drafts went, by number: all that a card shows of hundreds of votes, without reading each whole."""
    holes, params = marks("n", numbers)
    sql = f"SELECT draft, seq, party, choice, kind FROM vote WHERE team_id = :team AND draft IN ({holes}) ORDER BY draft, seq"
    rows = session.rows(sql, **params) if numbers else []
    same, cited = _sources(session, Counter(row[0] for row in rows)) if rows else ({}, {})
    found = {number: Cast() for number in numbers}
    for number, seq, party, choice, kind in rows:
        if kind == VoteKind.CAST:
            roll, chosen = found[number], _CHOICES[choice]
            roll.parties[chosen].append(party)
            if number not in same:
                roll.sources[chosen].update(dict.fromkeys(cited.get((number, f"vote:{seq}"), ())))
    for number, keys in same.items():
        for choice, some in found[number].parties.items():
            found[number].sources[choice].update(dict.fromkeys(keys if some else ()))
    return found


def _sources(session: Session, sizes: Counter[int]) -> tuple[dict[int, tuple[str, ...]], parts.Citations]:
    """What votes cite. Most rolls are from one source whole: those by number, so that hundreds of citations of it stay
    unread; the votes of the others one by one."""
    holes, params = marks("n", list(sizes))
    votes = f"""FROM citation WHERE team_id = :team AND subject = 'draft' AND subject_number IN ({holes})
        AND part >= 'vote:' AND part < 'vote;'"""
    sql = f"SELECT subject_number, count(*), max(seq), min(source), max(source) {votes} GROUP BY subject_number"
    same: dict[int, tuple[str, ...]] = {}
    mixed = False
    for number, cited, further, first, last in session.rows(sql, **params):
        if first == last and not further and cited == sizes[number]:
            same[number] = (first,)
        else:
            mixed = True
    sql = f"SELECT subject_number, part, source {votes} ORDER BY subject_number, part, seq"
    return same, parts.by_part(session.rows(sql, **params)) if mixed else {}


def votes_by(session: Session, numbers: Sequence[int], codes: Sequence[str]) -> dict[int, list[Vote]]:
    """How these parties voted, as cast, on each of these drafts, by number: a few rows instead of whole rolls."""
    if not numbers or not codes:
        return {}
    holes, params = marks("n", numbers)
    named, more = marks("c", codes)
    found: dict[int, list[Vote]] = defaultdict(list)
    for row in session.rows(
        f"""SELECT v.draft, v.seq, v.party, v.choice, v.day FROM vote v
            WHERE v.team_id = :team AND v.draft IN ({holes}) AND v.party IN ({named}) AND v.kind = 'cast'
            ORDER BY v.draft, v.seq""",
        **params,
        **more,
    ):
        cited = session.rows(
            """SELECT source FROM citation WHERE team_id = :team AND subject = 'draft' AND subject_number = :number
               AND part = :part ORDER BY seq""",
            number=row["draft"],
            part=f"vote:{row['seq']}",
        )
        keys = tuple(key for (key,) in cited)
        found[row["draft"]].append(Vote(row["party"], _CHOICES[row["choice"]], VoteKind.CAST, day(row["day"]), keys))
    return found
