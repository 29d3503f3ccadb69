"""Watches on record: the standing orders of channels, and what a channel wants for single talks."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from store import changes, parts
from store.database import Row, Session, WriteSession, marks, to_json
from store.errors import NotOnRecord
from store.plain import from_plain, to_plain
from store.records import Rhythm, Scope, Watch, WatchState
from store.scopes import Facts, concerns, hooks_of

KIND = "watch"
SNOOZE = "snooze"
"""The kind of the revisions that say who asked for one more reminder."""

DEFAULT_LEADS = ("7d", "1d", "2h")


@dataclass(frozen=True, slots=True)
class Remind:
    """What a channel wants for one talks, whatever its watches say: other lead times, or none (muted)."""

    channel: str
    talks: int
    leads: tuple[str, ...]
    zone: str
    set_by: str


def get(session: Session, number: int) -> Watch:
    """The watch with this number. Raises NotOnRecord."""
    row = session.row("SELECT * FROM watch WHERE team_id = :team AND number = :number", number=number)
    if row is None:
        raise NotOnRecord(f"W-{number}")
    return _watch(row)


def of_channel(session: Session, channel: str) -> list[Watch]:
    """The watches of a channel that are not off, oldest first."""
    rows = session.rows(
        "SELECT * FROM watch WHERE team_id = :team AND channel = :channel AND state <> 'off' ORDER BY number", channel=channel
    )
    return [_watch(row) for row in rows]


def anybody(session: Session) -> bool:
    """Is there any watch or reminder in the workspace, or was there ever?"""
    found = session.value(
        """SELECT 1 WHERE EXISTS (SELECT 1 FROM watch WHERE team_id = :team)
           OR EXISTS (SELECT 1 FROM remind WHERE team_id = :team) OR EXISTS (SELECT 1 FROM post WHERE team_id = :team)"""
    )
    return found is not None


def zones_of(session: Session, channels: Sequence[str]) -> dict[str, str]:
    """The zone of each channel's oldest watch that is not off; channels without one are left out."""
    holes, params = marks("c", list(dict.fromkeys(channels)))
    rows = session.rows(
        f"""SELECT channel, zone FROM watch WHERE team_id = :team AND state <> 'off' AND channel IN ({holes})
            ORDER BY channel, number DESC""",
        **params,
    )
    return {row["channel"]: row["zone"] for row in rows}


def concerned(session: Session, facts: Facts, channels: Sequence[str] | None = None) -> list[Watch]:
    """The active watches that want reminders of a record with these facts, oldest first; of all channels, or of those
    given. A watch without lead times wants none."""
    holes, params = marks("h", facts.hooks())
    some, named = marks("c", channels or ())
    where = "" if channels is None else f" AND channel IN ({some})"
    rows = session.rows(
        f"""SELECT * FROM watch WHERE team_id = :team AND state = 'active' AND leads <> '' AND number IN (
                SELECT watch FROM watch_hook WHERE team_id = :team AND hook IN ({holes})){where} ORDER BY number""",
        **params,
        **named,
    )
    return [watch for watch in map(_watch, rows) if concerns(watch, facts)]


def save(session: WriteSession, watch: Watch, *, action: str = "recorded") -> Watch:
    """Writes a watch and its revision; returns it with its number (0 asks for the next). Plans nothing: see `orders`."""
    known = session.row("SELECT * FROM watch WHERE team_id = :team AND number = :number", number=watch.number)
    previous = None if known is None else _watch(known)
    if previous == watch:
        return watch
    if not watch.number:
        watch = dataclasses.replace(watch, number=parts.next_number(session, KIND))
    row = _columns(watch)
    if previous is None:
        session.insert(KIND, [row])
    else:
        updates = ", ".join(f"{name} = :{name}" for name in row if name != "number")
        session.execute(f"UPDATE watch SET {updates} WHERE team_id = :team AND number = :number", **row)
    session.execute("DELETE FROM watch_hook WHERE team_id = :team AND watch = :number", number=watch.number)
    if watch.state is not WatchState.OFF:
        session.insert("watch_hook", [{"hook": hook, "watch": watch.number} for hook in hooks_of(watch)])
    before = None if previous is None else to_plain(previous)
    changes.record(session, KIND, watch.label, action=action, before=before, after=to_plain(watch))
    return watch


def _columns(watch: Watch) -> dict[str, Any]:
    return {
        "number": watch.number,
        "channel": watch.channel,
        "created_by": watch.created_by,
        "rhythm": watch.rhythm.value,
        "weekday": watch.weekday,
        "at": watch.at,
        "zone": watch.zone,
        "about": to_json(to_plain(watch.about)),
        "but_not": to_json(to_plain(watch.but_not)),
        "leads": " ".join(watch.leads),
        "state": watch.state.value,
        "since": watch.since,
    }


def _watch(row: Row) -> Watch:
    return Watch(
        number=row["number"],
        channel=row["channel"],
        created_by=row["created_by"],
        zone=row["zone"],
        rhythm=Rhythm(row["rhythm"]),
        weekday=row["weekday"],
        at=row["at"],
        about=_scope(row["about"]),
        but_not=_scope(row["but_not"]),
        leads=tuple(row["leads"].split()),
        state=WatchState(row["state"]),
        since=row["since"],
    )


@lru_cache(maxsize=1024)
def _scope(text: str) -> Scope:
    # Most watches are about the same few things; five hundred of them are read whenever talks change.
    return from_plain(Scope, json.loads(text))


def remind_of(session: Session, talks: int) -> dict[str, Remind]:
    """What channels want for these talks in particular, by channel."""
    rows = session.rows("SELECT * FROM remind WHERE team_id = :team AND talks = :talks ORDER BY channel", talks=talks)
    return {row["channel"]: _remind(row) for row in rows}


def reminds_in(session: Session, channel: str) -> dict[int, Remind]:
    """What a channel wants for single talks, by their number."""
    rows = session.rows("SELECT * FROM remind WHERE team_id = :team AND channel = :channel ORDER BY talks", channel=channel)
    return {row["talks"]: _remind(row) for row in rows}


def _remind(row: Row) -> Remind:
    return Remind(row["channel"], row["talks"], tuple(row["leads"].split()), row["zone"], row["set_by"])


def save_remind(session: WriteSession, wanted: Remind) -> None:
    """Sets what a channel wants for one talks. Plans nothing: see `orders`."""
    before = reminds_in(session, wanted.channel).get(wanted.talks)
    session.execute(
        """INSERT INTO remind (team_id, channel, talks, leads, zone, set_by)
           VALUES (:team, :channel, :talks, :leads, :zone, :set_by)
           ON CONFLICT (team_id, channel, talks) DO UPDATE
           SET leads = excluded.leads, zone = excluded.zone, set_by = excluded.set_by""",
        channel=wanted.channel,
        talks=wanted.talks,
        leads=" ".join(wanted.leads),
        zone=wanted.zone,
        set_by=wanted.set_by,
    )
    _note(session, wanted.channel, wanted.talks, "set", before, wanted)


def forget_remind(session: WriteSession, channel: str, talks: int) -> None:
    """Lets these talks follow the channel's watches again."""
    before = reminds_in(session, channel).get(talks)
    if before is not None:
        session.execute(
            "DELETE FROM remind WHERE team_id = :team AND channel = :channel AND talks = :talks", channel=channel, talks=talks
        )
        _note(session, channel, talks, "forgotten", before, None)


def _note(session: WriteSession, channel: str, talks: int, action: str, before: Remind | None, after: Remind | None) -> None:
    changes.record(
        session,
        "remind",
        f"{channel}/T-{talks}",
        action=action,
        before=None if before is None else to_plain(before),
        after=None if after is None else to_plain(after),
    )


def keepers(session: Session, channel: str | None = None, *, about: str | None = None) -> list[str]:
    """Who set up the watches and lead times of a channel (None: of the workspace), by user id, the latest first.

    `about` is the subject of a post ("W-7", "T-3"): whoever asked for just that comes before all others. Who asked for one
    more reminder is named for that reminder, and where nobody set up anything.
    """
    where = "" if channel is None else " AND channel = :channel"
    rows = session.rows(
        f"""SELECT created_by AS who, 'W-' || number AS subject,
                   (SELECT min(number) FROM revision r WHERE r.team_id = w.team_id AND r.kind = 'watch'
                    AND r.key = 'W-' || w.number) AS at
            FROM watch w WHERE team_id = :team AND state <> 'off'{where}
            UNION ALL SELECT set_by, 'T-' || talks,
                   (SELECT max(number) FROM revision r WHERE r.team_id = m.team_id AND r.kind = 'remind'
                    AND r.key = m.channel || '/T-' || m.talks)
            FROM remind m WHERE team_id = :team AND leads <> ''{where}""",
        channel=channel,
    )
    set_up = [(row["subject"] == about, row["at"] or 0, row["who"]) for row in rows]
    snoozed = [(subject == about, at, who) for who, subject, at in _snoozers(session, channel)]
    found = set_up + [each for each in snoozed if each[0] or not set_up]
    return list(dict.fromkeys(who for *_, who in sorted(found, reverse=True)))


def _snoozers(session: Session, channel: str | None) -> list[tuple[str, str, int]]:
    """Who asked for one more reminder in a channel, of which talks ("T-3"), and the revision that says so."""
    # A channel's keys are those between "C1/" and "C10": "0" follows "/".
    where = "" if channel is None else " AND key > :channel || '/' AND key < :channel || '0'"
    rows = session.rows(
        f"""SELECT actor, key, max(number) AS at FROM revision WHERE team_id = :team AND kind = 'snooze'{where}
            GROUP BY actor, key""",
        channel=channel,
    )
    return [(row["actor"], row["key"].rpartition("/")[2], row["at"]) for row in rows]


def digests_without(session: Session, open_states: Sequence[str]) -> list[tuple[str, int]]:
    """Active watches of all workspaces that want a digest and have none ahead: (workspace, number)."""
    holes, params = marks("s", open_states)
    rows = session.rows(
        f"""SELECT team_id, number FROM watch w WHERE state = 'active' AND rhythm <> 'none' AND NOT EXISTS (
                SELECT 1 FROM post p WHERE p.team_id = w.team_id AND p.subject = 'W-' || w.number AND p.channel = w.channel
                AND p.kind = 'digest' AND p.state IN ({holes}))""",
        **params,
    )
    return [(row["team_id"], row["number"]) for row in rows]
