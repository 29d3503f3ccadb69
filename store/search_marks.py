"""What a document is about, as words for the index: its kind, the parties it involves, the topics it is on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from store.database import Session, marks

_SPECIAL = re.compile(r"[^a-y0-9]")

_PARTIES = {
    "talks": """SELECT talks, party FROM talks_side WHERE team_id = :team AND talks IN ({holes})
        UNION SELECT number, host FROM talks WHERE team_id = :team AND number IN ({holes}) AND host IS NOT NULL""",
    "position": """SELECT number, party FROM position WHERE team_id = :team AND number IN ({holes})
        UNION SELECT position, party FROM reply WHERE team_id = :team AND position IN ({holes})""",
    "draft": """SELECT draft, party FROM alignment
        WHERE team_id = :team AND draft IN ({holes}) AND party IS NOT NULL""",
}
_ACCOUNTS = """ UNION SELECT subject_number, party FROM account
    WHERE team_id = :team AND subject = :kind AND subject_number IN ({holes}) AND party IS NOT NULL"""
_TOPICS = {
    "talks": "SELECT talks, topic FROM talks_agenda WHERE team_id = :team AND talks IN ({holes}) AND topic IS NOT NULL",
    "position": "SELECT number, topic FROM position WHERE team_id = :team AND number IN ({holes})",
    "draft": "SELECT number, topic FROM draft WHERE team_id = :team AND number IN ({holes}) AND topic IS NOT NULL",
}


def token(letter: str, key: str) -> str:
    """One word for a key, the same for no other key, and one that the index takes as it stands: `t` and `nato`: `tnato`."""
    return letter + _SPECIAL.sub(lambda found: f"z{found.group().encode('utf-8', 'surrogatepass').hex()}z", key)


def wanted(parties: Sequence[str], topics: Sequence[str], kinds: Sequence[str]) -> list[list[str]]:
    """The words that a narrowed search must meet: one of every group."""
    groups = [[token("p", code)] for code in parties]
    groups += [[token("t", key) for key in topics]] if topics else []
    groups += [[token("k", kind) for kind in kinds]] if kinds else []
    return groups


def joined(kind: str, parties: Sequence[str], topics: Sequence[str]) -> str:
    """The marks of one document."""
    words = [token("p", code) for code in sorted(set(parties))] + [token("t", key) for key in sorted(set(topics))]
    return " ".join([token("k", kind), *words])


def of_records(session: Session, kind: str, numbers: Sequence[int]) -> dict[int, str]:
    """The marks of some records of one kind, read from their rows. A source involves nobody: others cite it."""
    involved: dict[int, list[str]] = defaultdict(list)
    about: dict[int, list[str]] = defaultdict(list)
    if kind in _PARTIES:
        holes, params = marks("n", list(numbers))
        for number, party in session.rows((_PARTIES[kind] + _ACCOUNTS).format(holes=holes), kind=kind, **params):
            involved[number].append(party)
        for number, topic in session.rows(_TOPICS[kind].format(holes=holes), **params):
            about[number].append(topic)
    return {number: joined(kind, involved[number], about[number]) for number in numbers}
