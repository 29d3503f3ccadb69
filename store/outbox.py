"""The sweep's side of posts: what is due, claims, outcomes, holds. One process sweeps a store at a time.

The sweep serves all workspaces, so these statements do not bind the session's; every one that changes a row names the
row's own workspace. Of two sweeps that do overlap, only one can claim a row, and a row that another has marked as unsure
is looked up in the channel before it is sent again: they may disturb the order, not send twice.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.backlog import PENDING
from store.database import Row, Session, Value, WriteSession
from store.posts import COLUMNS, post_of
from store.records import Post, PostState
from store.times import instant, instant_text

WORKSPACE = ""
"""The channel of a hold on a whole workspace."""

RATE_LIMITED = "rate limited"
"""The reason of a hold that Slack asked for: nothing ends it before its time."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing goes to a channel (or a workspace) until a moment; `started` is when the trouble behind it began."""

    team: str
    channel: str
    since: datetime
    until: datetime
    reason: str
    started: datetime


# SQLite takes a partial index only where the query repeats its condition to the letter.
_OPEN = "state IN ('planned', 'sending', 'unknown')"
_UNSURE = "state IN ('sending', 'unknown')"

_FREE = f"""
    NOT EXISTS (SELECT 1 FROM hold h WHERE h.team_id = p.team_id AND h.channel IN ('', p.channel)
                AND h.since <= :now AND h.until > :now)
    AND NOT EXISTS (SELECT 1 FROM post u WHERE u.team_id = p.team_id AND u.channel = p.channel
                    AND u.{_UNSURE} AND u.carrier IS NULL
                    AND (u.due < p.due OR u.due = p.due AND u.number < p.number))
"""


_RIPE = ":settle * CASE WHEN attempts <= 3 THEN 1 WHEN attempts < 12 THEN attempts - 2 ELSE 10 END"
"""How long to wait before looking for a post: after three attempts a Slack that fails is given more and more time."""

_IN_LINE = f"(p.state <> 'planned' OR NOT {PENDING.format('p')})"


def due(session: Session, now: datetime, *, settle: float, local: bool, limit: int) -> list[Post]:
    """Posts whose time has come and that nothing holds up, in order of due and number.

    A post whose fate is unsure comes once it has waited `settle` seconds, longer after many attempts, and nothing of its
    channel before it has come. `local` picks the terminal's workspace or all others.
    """
    rows = session.rows(
        f"""SELECT {COLUMNS} FROM post AS p
            WHERE {_OPEN} AND p.due <= :now AND p.carrier IS NULL
              AND (state = 'planned' OR state = 'unknown' AND waited >= {_RIPE})
              AND CASE WHEN p.team_id = 'local' THEN 1 ELSE 0 END = :local AND {_FREE} AND {_IN_LINE}
            ORDER BY p.due, p.number LIMIT :limit""",
        now=instant_text(now),
        settle=settle,
        local=int(local),
        limit=limit,
    )
    return [post_of(row) for row in rows]


def next_due(session: Session, now: datetime, *, local: bool) -> datetime | None:
    """The next moment after now at which a post falls due or a hold ends; None when nothing is ahead."""
    text = session.value(
        f"""SELECT min(moment) FROM (
               SELECT * FROM (SELECT due AS moment FROM post WHERE {_OPEN} AND due > :now
                              AND CASE WHEN team_id = 'local' THEN 1 ELSE 0 END = :local ORDER BY due LIMIT 1) AS posts
               UNION ALL SELECT min(until) FROM hold WHERE until > :now) AS moments""",
        now=instant_text(now),
        local=int(local),
    )
    return None if text is None else instant(str(text))


def claim(session: WriteSession, claimed: Sequence[Post]) -> set[tuple[str, int]]:
    """Marks posts as being sent, the attempt counted, before anything leaves this machine. Returns the workspace and number
    of those that are ours to send.

    The state and the attempts must be those we know of: what another sweep has tried since must be looked for again. What
    is about talks that changed since, and has still to be planned for, waits for that.
    """
    if not claimed:
        return set()
    known, params = _values([(post.team, post.number, post.state.value, post.attempts) for post in claimed])
    rows = session.rows(
        f"""WITH known (of_team, of_number, of_state, of_attempts) AS (VALUES {known})
            UPDATE post SET state = 'sending', attempts = attempts + 1, attempted_at = :stamp, waited = 0, changed_at = :stamp
            FROM known WHERE team_id = of_team AND number = of_number AND state = of_state AND attempts = of_attempts
                AND due <= :stamp AND NOT {PENDING.format("post")}
            RETURNING team_id, number""",
        stamp=session.stamp,
        **params,
    )
    return {(row["team_id"], row["number"]) for row in rows}


def keep(session: WriteSession, post: Post, *, upto: int, body: str) -> None:
    """Keeps what a digest says and the last revision it covers, as they are in the attempt that now begins."""
    session.execute(
        "UPDATE post SET body = :body, upto = :upto WHERE team_id = :of AND number = :number",
        of=post.team,
        number=post.number,
        upto=upto,
        body=body,
    )


def arrived(session: WriteSession, sent: Sequence[tuple[Post, str | None]]) -> None:
    """Records the timestamps under which posts arrived, for them and for those they carry."""
    if not sent:
        return
    known, params = _values([(post.team, post.number, ts) for post, ts in sent])
    for column in ("number", "carrier"):
        session.execute(
            f"""WITH known (of_team, of_number, of_ts) AS (VALUES {known})
                UPDATE post SET state = 'sent', ts = of_ts, reason = NULL, changed_at = :stamp
                FROM known WHERE team_id = of_team AND {column} = of_number AND state IN ('sending', 'unknown')""",
            stamp=session.stamp,
            **params,
        )


def _values(rows: Sequence[Sequence[Value]]) -> tuple[str, dict[str, Value]]:
    """Rows as the text of VALUES with their parameters."""
    params: dict[str, Value] = {f"v{i}_{j}": value for i, row in enumerate(rows) for j, value in enumerate(row)}
    return ", ".join("(" + ", ".join(f":v{i}_{j}" for j in range(len(row))) + ")" for i, row in enumerate(rows)), params


def carry(session: WriteSession, carrier: Post, others: Iterable[Post], *, upto: int | None) -> None:
    """Ties posts to the one that tells them all: from now on they share what becomes of it."""
    session.db.conn.executemany(
        """UPDATE post SET state = 'sending', attempts = attempts + 1, attempted_at = ?, carrier = ?, upto = ?,
               changed_at = ? WHERE team_id = ? AND number = ? AND state = 'planned' AND NOT """
        + PENDING.format("post"),
        [(session.stamp, carrier.number, upto, session.stamp, post.team, post.number) for post in others],
    )


def settle(session: WriteSession, post: Post, state: PostState, *, ts: str | None = None, reason: str | None = None) -> None:
    """Records what became of an attempt, for the post and those it carries."""
    session.execute(
        """UPDATE post SET state = :state, ts = coalesce(:ts, ts), reason = :reason, changed_at = :stamp
           WHERE team_id = :of AND (number = :number OR carrier = :number AND channel = :channel)
             AND state IN ('sending', 'unknown', 'planned')""",
        state=state.value,
        ts=ts,
        reason=reason,
        of=post.team,
        number=post.number,
        channel=post.channel,
        stamp=session.stamp,
    )


def begin_again(session: WriteSession, post: Post) -> None:
    """Unties what a post that certainly did not arrive was to bring with it: others told along with it are planned again,
    what was to continue it is made anew with the next attempt."""
    session.execute(
        """UPDATE post SET state = 'planned', carrier = NULL, upto = NULL, changed_at = :stamp
           WHERE team_id = :of AND carrier = :number AND channel = :channel AND state IN ('sending', 'unknown', 'planned')""",
        of=post.team,
        number=post.number,
        channel=post.channel,
        stamp=session.stamp,
    )
    drop_parts(session, post)


def drop(session: WriteSession, post: Post, reason: str) -> None:
    """Gives one planned post up, with the reason."""
    session.execute(
        """UPDATE post SET state = 'dropped', reason = :reason, changed_at = :stamp
           WHERE team_id = :of AND number = :number AND state = 'planned'""",
        reason=reason,
        of=post.team,
        number=post.number,
        stamp=session.stamp,
    )


def interrupted(session: WriteSession) -> int:
    """What a process that ended left half sent becomes unsure. For the start of a sweeper. Returns how many there were."""
    return session.execute(
        "UPDATE post SET state = 'unknown', changed_at = :stamp WHERE state = 'sending'", stamp=session.stamp
    )


def unsure(session: Session, settle: float) -> float | None:
    """In how many seconds the first of the unsure posts may be looked for, with this settle time; None when there is none."""
    value = session.value(
        f"SELECT min({_RIPE} - waited) FROM post WHERE {_UNSURE} AND state = 'unknown' AND carrier IS NULL",
        settle=settle,
    )
    return None if value is None else max(0.0, float(value))


def wait(session: WriteSession, seconds: float) -> None:
    """Lets time pass for what is unsure. It is time that a sweeper has lived through, so that no clock can cut it short."""
    session.execute(f"UPDATE post SET waited = waited + :seconds WHERE {_UNSURE} AND state = 'unknown'", seconds=seconds)


def hold(session: WriteSession, team: str, channel: str, length: timedelta, reason: str) -> Hold:
    """Holds a channel, or with `WORKSPACE` a workspace, from now on; the longer of two holds counts."""
    values: dict[str, Value] = {"of": team, "channel": channel}
    known = session.row("SELECT * FROM hold WHERE team_id = :of AND channel = :channel", **values)
    started = known["started"] if known and known["reason"] == reason else session.stamp
    until = instant_text(session.now + length)
    session.execute(
        """INSERT INTO hold (team_id, channel, since, until, reason, started)
           VALUES (:of, :channel, :stamp, :until, :reason, :started)
           ON CONFLICT (team_id, channel) DO UPDATE SET since = excluded.since, until = excluded.until,
               reason = excluded.reason, started = excluded.started""",
        until=until,
        reason=reason,
        started=started,
        stamp=session.stamp,
        **values,
    )
    return Hold(team, channel, session.now, instant(until), reason, instant(started))


def release(session: WriteSession, team: str, channels: Sequence[str]) -> None:
    """Ends the holds on some channels of a workspace: a message got through."""
    for channel in channels:
        session.execute("DELETE FROM hold WHERE team_id = :of AND channel = :channel", of=team, channel=channel)


def holds(session: Session) -> list[Hold]:
    """Every hold on record, ended or not."""
    return [_hold(row) for row in session.rows("SELECT * FROM hold ORDER BY team_id, channel")]


def _hold(r: Row) -> Hold:
    return Hold(r["team_id"], r["channel"], instant(r["since"]), instant(r["until"]), r["reason"], instant(r["started"]))


def last_ts(session: Session, team: str, channel: str) -> str | None:
    """Slack's timestamp of the last message that went to a channel, by Slack's own clock."""
    value = session.value(
        """SELECT ts FROM post WHERE team_id = :of AND channel = :channel AND state = 'sent' AND ts IS NOT NULL
           ORDER BY due DESC, number DESC LIMIT 1""",
        of=team,
        channel=channel,
    )
    return None if value is None else str(value)


def get(session: Session, team: str, number: int) -> Post | None:
    """One post of a workspace by its number."""
    row = session.row(f"SELECT {COLUMNS} FROM post WHERE team_id = :of AND number = :number", of=team, number=number)
    return None if row is None else post_of(row)


def for_team(session: WriteSession, team: str) -> WriteSession:
    """The same transaction, as one workspace sees it."""
    return dataclasses.replace(session, team=team)


def hold_on(session: Session, team: str, channel: str) -> Hold | None:
    """The hold on record for a channel or (with `WORKSPACE`) a workspace, ended or not."""
    r = session.row("SELECT * FROM hold WHERE team_id = :of AND channel = :channel", of=team, channel=channel)
    return None if r is None else _hold(r)


def others_late(session: Session, post: Post, before: datetime) -> list[Post]:
    """The other planned posts of a kind in a channel that were due by a moment, in order."""
    rows = session.rows(
        f"""SELECT {COLUMNS} FROM post AS p WHERE team_id = :of AND channel = :channel AND state = 'planned' AND kind = :kind
            AND due <= :before AND number <> :number AND {_IN_LINE} ORDER BY due, number""",
        of=post.team,
        channel=post.channel,
        kind=post.kind.value,
        before=instant_text(before),
        number=post.number,
    )
    return [post_of(row) for row in rows]


def drop_parts(session: WriteSession, post: Post) -> None:
    """Gives up what was to continue a post."""
    session.execute(
        """UPDATE post SET state = 'dropped', reason = 'what it continues was not posted', changed_at = :stamp
           WHERE team_id = :of AND channel = :channel AND parent = :number AND state = 'planned'""",
        of=post.team,
        channel=post.channel,
        number=post.number,
        stamp=session.stamp,
    )
