"""Posts on record: what each channel is owed, was sent, or could not be sent. The sweep's side is in `outbox`."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from store.database import Row, Session, Value, WriteSession, marks
from store.records import Post, PostKind, PostState
from store.times import instant, instant_text

BY_HAND = ("snooze@", "again@")
"""Slots of posts that people asked for."""

OPEN = (PostState.PLANNED, PostState.SENDING, PostState.UNKNOWN)
COLUMNS = (
    "team_id, number, key, channel, kind, subject, slot, due, useful_until, state, attempts, attempted_at, ts, reason, "
    "parent, carrier, upto, body"
)


def post_of(row: Row) -> Post:
    """The record that a row with `COLUMNS` holds."""
    return Post(
        team=row["team_id"],
        number=row["number"],
        key=row["key"],
        channel=row["channel"],
        kind=PostKind(row["kind"]),
        subject=row["subject"],
        slot=row["slot"],
        due=instant(row["due"]),
        useful_until=instant(row["useful_until"]),
        state=PostState(row["state"]),
        attempts=row["attempts"],
        attempted_at=None if row["attempted_at"] is None else instant(row["attempted_at"]),
        ts=row["ts"],
        reason=row["reason"],
        parent=row["parent"],
        carrier=row["carrier"],
        upto=row["upto"],
        body=row["body"],
    )


def take_numbers(session: WriteSession, count: int) -> int:
    """Takes that many numbers for posts and returns the first."""
    last = session.value(
        """INSERT INTO counter (team_id, kind, last) VALUES (:team, 'post', :count)
           ON CONFLICT (team_id, kind) DO UPDATE SET last = counter.last + excluded.last RETURNING last""",
        count=count,
    )
    return int(last or 0) - count + 1


def add(session: WriteSession, wanted: Sequence[Mapping[str, Any]]) -> int:
    """Adds posts that are owed. One that is on record already, by channel, kind, subject and slot, stays as it is, unless it
    was dropped: then it is owed again.

    Each mapping has `channel`, `kind`, `subject`, `slot`, `due` and `until` (instants), and may have `parent` and `body`.
    Returns how many there are now that were not owed before.
    """
    if not wanted:
        return 0
    first, stamp = take_numbers(session, len(wanted)), session.stamp
    rows = [
        (
            session.team,
            first + i,
            secrets.token_hex(10),
            post["channel"],
            post["kind"],
            post["subject"],
            post["slot"],
            instant_text(post["due"]),
            instant_text(post["until"]),
            post.get("parent"),
            post.get("body"),
            stamp,
        )
        for i, post in enumerate(wanted)
    ]
    before = session.db.conn.total_changes
    session.db.conn.executemany(
        """INSERT INTO post (team_id, number, key, channel, kind, subject, slot, due, useful_until, state, parent, body,
                             changed_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned', ?, ?, ?)
           ON CONFLICT (team_id, channel, kind, subject, slot) DO UPDATE
           SET state = 'planned', reason = NULL, due = excluded.due, useful_until = excluded.useful_until,
               parent = excluded.parent, carrier = NULL, upto = NULL, body = excluded.body, changed_at = excluded.changed_at
           WHERE post.state = 'dropped'""",
        rows,
    )
    return session.db.conn.total_changes - before


def drop(session: WriteSession, numbers: Iterable[int], reason: str) -> None:
    """Drops posts that are only planned, with the reason."""
    stamp = session.stamp
    session.db.conn.executemany(
        """UPDATE post SET state = 'dropped', reason = ?, changed_at = ?
           WHERE team_id = ? AND number = ? AND state = 'planned'""",
        [(reason, stamp, session.team, number) for number in numbers],
    )


def replan(session: WriteSession, moves: Iterable[tuple[int, datetime, datetime]]) -> None:
    """Gives planned posts other due and last useful moments."""
    stamp = session.stamp
    session.db.conn.executemany(
        """UPDATE post SET due = ?, useful_until = ?, changed_at = ?
           WHERE team_id = ? AND number = ? AND state = 'planned'""",
        [(instant_text(due), instant_text(until), stamp, session.team, number) for number, due, until in moves],
    )


def planned_for(session: Session, subject: str, channels: Sequence[str] | None = None) -> list[Row]:
    """Number, channel, kind, slot, due and useful_until of the posts planned about something, as rows; for all channels, or
    for those given."""
    holes, params = marks("c", channels or ())
    where = "" if channels is None else f" AND channel IN ({holes})"
    return session.rows(
        f"""SELECT number, channel, kind, slot, due, useful_until FROM post
            WHERE team_id = :team AND subject = :subject AND state = 'planned'{where}""",
        subject=subject,
        **params,
    )


def planned_in(session: Session, channel: str, kinds: Sequence[PostKind]) -> list[Row]:
    """Likewise, with the subject: what of some kinds is planned for a channel."""
    holes, params = marks("k", [kind.value for kind in kinds])
    return session.rows(
        f"""SELECT number, subject, channel, kind, slot, due, useful_until FROM post
            WHERE team_id = :team AND channel = :channel AND state = 'planned' AND kind IN ({holes})""",
        channel=channel,
        **params,
    )


def revive(session: WriteSession, subject: str, *, channel: str | None = None) -> None:
    """Plans again what people asked for about a subject, in one channel or in all, where it was dropped for a reason that no
    longer holds and its time has not come."""
    where = "" if channel is None else " AND channel = :channel"
    asked = " OR ".join(f"slot LIKE '{slot}%'" for slot in BY_HAND)
    session.execute(
        f"""UPDATE post SET state = 'planned', reason = NULL, changed_at = :stamp
            WHERE team_id = :team AND subject = :subject AND state = 'dropped' AND due > :stamp AND attempts = 0 AND ({asked})
              AND (reason = 'muted' OR reason LIKE :subject || ' is %'){where}""",
        subject=subject,
        stamp=session.stamp,
        channel=channel,
    )


def drop_subject(
    session: WriteSession, subject: str, reason: str, kinds: Sequence[PostKind], channel: str | None = None
) -> int:
    """Drops what is planned about a subject, of some kinds, in one channel or in all. Returns how many there were."""
    holes, params = marks("k", [kind.value for kind in kinds])
    where = "" if channel is None else " AND channel = :channel"
    return session.execute(
        f"""UPDATE post SET state = 'dropped', reason = :reason, changed_at = :stamp
            WHERE team_id = :team AND subject = :subject AND kind IN ({holes}) AND state = 'planned'{where}""",
        reason=reason,
        stamp=session.stamp,
        subject=subject,
        channel=channel,
        **params,
    )


def owed_to(session: Session, channel: str, *, limit: int = 20, offset: int = 0) -> list[Post]:
    """What a channel is still owed, soonest first."""
    return _listed(session, channel, [state.value for state in OPEN], "due, number", limit, offset)


def troubled(session: Session, channel: str, *, limit: int = 20) -> list[Post]:
    """What could not be delivered to a channel, or is held up, latest first."""
    rows = session.rows(
        f"""SELECT {COLUMNS} FROM post WHERE team_id = :team AND channel = :channel
            AND (state IN ('failed', 'unknown') OR state = 'planned' AND reason IS NOT NULL
                 OR state = 'dropped' AND attempts > 0 OR state = 'dropped' AND reason LIKE 'too late%')
            ORDER BY due DESC, number DESC LIMIT :limit""",
        channel=channel,
        limit=limit,
    )
    return [post_of(row) for row in rows]


def _listed(session: Session, channel: str, states: Sequence[str], order: str, limit: int, offset: int) -> list[Post]:
    holes, params = marks("s", states)
    rows = session.rows(
        f"""SELECT {COLUMNS} FROM post WHERE team_id = :team AND channel = :channel AND state IN ({holes})
            AND kind NOT IN ('check', 'notice') ORDER BY {order} LIMIT :limit OFFSET :offset""",
        channel=channel,
        limit=limit,
        offset=offset,
        **params,
    )
    return [post_of(row) for row in rows]


def count_owed(session: Session, channel: str) -> int:
    return int(
        session.value(
            """SELECT count(*) FROM post WHERE team_id = :team AND channel = :channel
               AND state IN ('planned', 'sending', 'unknown') AND kind NOT IN ('check', 'notice')""",
            channel=channel,
        )
        or 0
    )


def last_digest(session: Session, watch: str) -> Post | None:
    """The latest digest of a watch ("W-1") that went out."""
    row = session.row(
        f"""SELECT {COLUMNS} FROM post WHERE team_id = :team AND subject = :watch AND kind = 'digest' AND state = 'sent'
            ORDER BY due DESC, number DESC LIMIT 1""",
        watch=watch,
    )
    return None if row is None else post_of(row)


def is_last(session: Session, post: Post, kinds: Sequence[PostKind]) -> bool:
    """True when nothing of some kinds about the same subject is planned for the channel after a post. What people asked for
    by hand neither counts nor is last."""
    if post.slot.startswith(BY_HAND):
        return False
    holes, params = marks("k", [kind.value for kind in kinds])
    rows = session.rows(
        f"""SELECT slot FROM post WHERE team_id = :of AND channel = :channel AND subject = :subject AND kind IN ({holes})
            AND state = 'planned' AND (due > :due OR due = :due AND number > :number)""",
        of=post.team,
        channel=post.channel,
        subject=post.subject,
        due=instant_text(post.due),
        number=post.number,
        **params,
    )
    return all(row["slot"].startswith(BY_HAND) for row in rows)


def slots_of(session: Session, channel: str, kind: PostKind, subject: str) -> dict[str, PostState]:
    """What became of each slot of one kind and subject in a channel."""
    rows = session.rows(
        """SELECT slot, state FROM post
           WHERE team_id = :team AND channel = :channel AND kind = :kind AND subject = :subject""",
        channel=channel,
        kind=kind.value,
        subject=subject,
    )
    return {row["slot"]: PostState(row["state"]) for row in rows}


def everything(session: Session, *, limit: int, open_only: bool = False) -> list[Post]:
    """Posts of all workspaces for whoever runs the store, by due time; the latest `limit`, in order."""
    where = "WHERE state IN ('planned', 'sending', 'unknown')" if open_only else ""
    rows = session.rows(
        f"SELECT * FROM (SELECT {COLUMNS} FROM post {where} ORDER BY due DESC, team_id, number DESC LIMIT :limit) AS latest "
        "ORDER BY due, team_id, number",
        limit=limit,
    )
    return [post_of(row) for row in rows]


def value_of(post: Post) -> dict[str, Value]:
    """A post as `attache posts --json` shows it."""
    return {
        "key": post.key,
        "team": post.team,
        "channel": post.channel,
        "kind": post.kind.value,
        "subject": post.subject,
        "due": instant_text(post.due),
        "state": post.state.value,
        "attempts": post.attempts,
        "ts": post.ts,
        "reason": post.reason,
    }
