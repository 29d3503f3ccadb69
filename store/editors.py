"""Who may record in a workspace: every full member, unless it named editors."""

from __future__ import annotations

import json
from collections.abc import Sequence

from store import changes
from store.database import Session, WriteSession, to_json

KIND = "editors"
NAME = "editors"


def named(session: Session) -> tuple[str, ...] | None:
    """The people who may record, by id, in the order they were named; None for every full member."""
    value = session.value("SELECT value FROM setting WHERE team_id = :team AND name = :name", name=NAME)
    return None if value is None else tuple(json.loads(str(value)))


def name(session: WriteSession, users: Sequence[str] | None) -> tuple[str, ...] | None:
    """Narrows recording to these people, or (None) opens it to every full member, with a revision. Returns who may now."""
    before = named(session)
    wanted = None if users is None else tuple(dict.fromkeys(users))
    if wanted == before:
        return before
    session.execute("DELETE FROM setting WHERE team_id = :team AND name = :name", name=NAME)
    if wanted is not None:
        session.insert("setting", [{"name": NAME, "value": to_json(list(wanted))}])
    changes.record(session, KIND, NAME, action="recorded", before=_plain(before), after=_plain(wanted))
    return wanted


def _plain(users: tuple[str, ...] | None) -> dict[str, object] | None:
    return None if users is None else {"users": list(users)}
