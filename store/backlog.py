"""Wide changes: talks whose posts have still to be brought into line, because many channels are concerned.

Writing two thousand posts takes a tenth of a second, and nobody who corrects a date should wait for it while all other
writers wait for them. So the change itself only leaves a note here, in its own transaction, and the sweep plans from the
note before it sends anything. Nothing is lost in between: the note outlives the process, counts from the moment of the
change, and what is planned about its subject is not sent as long as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.database import Session, Value, WriteSession, marks
from store.records import Status
from store.times import instant

WIDE = 20
"""For how many channels a change is planned on the spot."""

PENDING = "EXISTS (SELECT 1 FROM unplanned n WHERE n.team_id = {0}.team_id AND n.subject = {0}.subject)"
"""True of a post (`{0}`) about talks whose posts have still to be brought into line."""


@dataclass(frozen=True, slots=True)
class Note:
    """Talks ("T-12") to plan for. `was` is their status before the first change noted (None for new ones), `first` its moment
    and `last` that of the latest; the channels up to `upto` are done."""

    team: str
    subject: str
    was: Status | None
    first: datetime
    last: datetime
    upto: str


def is_wide(session: Session, subject: str, number: int, hooks: Sequence[str]) -> bool:
    """True when more than `WIDE` channels may want posts about these talks, or have some planned.

    `hooks` are those of the watches that may be concerned; none for talks that are not ahead.
    """
    concerned, params = _concerned(hooks)
    count = session.value(
        f"SELECT count(*) FROM (SELECT DISTINCT channel FROM ({concerned}) AS found LIMIT :more) AS counted",
        number=number,
        subject=subject,
        more=WIDE + 1,
        **params,
    )
    return int(count or 0) > WIDE


def channels_left(session: Session, worked: Note, number: int, hooks: Sequence[str], *, limit: int) -> list[str]:
    """The next channels that a note is about, in order."""
    concerned, params = _concerned(hooks)
    rows = session.rows(
        f"SELECT DISTINCT channel FROM ({concerned}) AS found WHERE channel > :upto ORDER BY channel LIMIT :limit",
        number=number,
        subject=worked.subject,
        upto=worked.upto,
        limit=limit,
        **params,
    )
    return [row["channel"] for row in rows]


def _concerned(hooks: Sequence[str]) -> tuple[str, dict[str, Value]]:
    """A query for the channels that may want posts about `:number`, or have some planned about `:subject`."""
    holes, params = marks("h", hooks)
    sql = f"""SELECT w.channel FROM watch_hook h JOIN watch w ON w.team_id = h.team_id AND w.number = h.watch
                WHERE h.team_id = :team AND h.hook IN ({holes}) AND w.state = 'active'
              UNION ALL SELECT channel FROM remind WHERE team_id = :team AND talks = :number
              UNION ALL SELECT channel FROM post WHERE team_id = :team AND subject = :subject AND state = 'planned'"""
    return sql, params


def has(session: Session, subject: str) -> bool:
    """True when these talks have still to be planned for."""
    return session.value("SELECT 1 FROM unplanned WHERE team_id = :team AND subject = :subject", subject=subject) is not None


def note(session: WriteSession, subject: str, was: Status | None) -> None:
    """Leaves a note; one that stands already keeps its status and first moment, and starts again with the first channel."""
    session.execute(
        """INSERT INTO unplanned (team_id, subject, was, first, last, upto) VALUES (:team, :subject, :was, :at, :at, '')
           ON CONFLICT (team_id, subject) DO UPDATE SET last = excluded.last, upto = ''""",
        subject=subject,
        was=None if was is None else was.value,
        at=session.stamp,
    )


def oldest(session: Session) -> Note | None:
    """The note to work on next, of any workspace."""
    row = session.row("SELECT * FROM unplanned ORDER BY first, team_id, subject LIMIT 1")
    if row is None:
        return None
    was = None if row["was"] is None else Status(row["was"])
    return Note(row["team_id"], row["subject"], was, instant(row["first"]), instant(row["last"]), row["upto"])


def advance(session: WriteSession, worked: Note, upto: str) -> None:
    """Notes how far planning has come."""
    session.execute(
        "UPDATE unplanned SET upto = :upto WHERE team_id = :of AND subject = :subject",
        of=worked.team,
        subject=worked.subject,
        upto=upto,
    )


def done(session: WriteSession, worked: Note) -> None:
    """Takes a note off."""
    session.execute("DELETE FROM unplanned WHERE team_id = :of AND subject = :subject", of=worked.team, subject=worked.subject)


def subjects(session: Session, *, limit: int = 8) -> list[str]:
    """What has still to be planned for in the workspace, oldest first."""
    rows = session.rows("SELECT subject FROM unplanned WHERE team_id = :team ORDER BY first, subject LIMIT :limit", limit=limit)
    return [row["subject"] for row in rows]


def since(session: Session) -> datetime | None:
    """When the oldest change of any workspace that is still to be planned for was made; None when there is none."""
    value = session.value("SELECT min(first) FROM unplanned")
    return None if value is None else instant(str(value))
