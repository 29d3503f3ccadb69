"""A sentence read into an entry: talks, a position, or a reply, for a form that a person then confirms.

Takes what people type ("US and Russia, second round, within two weeks, said by Ryabkov 22 Feb"), announcements in prose, and
messages as Slack delivers them. Nothing is invented: what has no words stays empty. Nothing is lost: what found no place
is in `unread`. Any text gives an entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from bot.language.entry import stance, talks
from bot.language.entry.model import PositionEntry, ReplyEntry, SideRead, TalksEntry
from bot.language.when import DateOrder
from store.database import Session
from store.parties import fold

__all__ = ["PositionEntry", "ReplyEntry", "SideRead", "TalksEntry", "read_position", "read_reply", "read_talks"]


def read_talks(
    session: Session,
    text: str,
    *,
    now: datetime,
    said_on: date | None,
    zone: str,
    order: str = "DMY",
    people: Mapping[str, str] | None = None,
) -> TalksEntry:
    """What `text` says of talks. Relative days count from the day the sentence says it was said, else `said_on`, else `now`.

    `people` gives the party that a person speaks for, by name, where the caller knows ("Sergey Lavrov": `ru`).
    """
    known = {fold(name): code for name, code in (people or {}).items()}
    return talks.read(session, text, talks.Said(now, said_on, zone, DateOrder(order)), known)


def read_position(
    session: Session, text: str, *, now: datetime, said_on: date | None, zone: str, order: str = "DMY"
) -> PositionEntry:
    """What `text` says of where a party stands: "Russia on NATO: demands no forces east of 1997, said by Lavrov"."""
    return stance.read_position(session, text, talks.Said(now, said_on, zone, DateOrder(order)))


def read_reply(
    session: Session, text: str, *, now: datetime, said_on: date | None, zone: str, order: str = "DMY"
) -> ReplyEntry:
    """What `text` says of a party's answer to a position: "P-1 NATO rejects, written reply, 26 Jan 2022"."""
    return stance.read_reply(session, text, talks.Said(now, said_on, zone, DateOrder(order)))
