"""Deliveries that have been acted on, so that Slack delivering one twice does not write twice.

Only what changed something is remembered, in the transaction of the change itself: answering a question again is harmless,
and a delivery whose change was rolled back may come again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from store.database import Store, WriteSession
from store.times import instant_text

KEEP = timedelta(days=2)
"""How long deliveries are remembered. A signed request can be replayed for five minutes; Slack retries for an hour."""


class Repeated(Exception):
    """This delivery has been acted on before. Nothing was written now."""


def first_time(session: WriteSession, delivery: str) -> bool:
    """Remembers a delivery. False if it was there already. Old ones of the workspace are forgotten on the way."""
    added = session.execute(
        "INSERT INTO seen (team_id, delivery, at) VALUES (:team, :delivery, :at) ON CONFLICT DO NOTHING",
        delivery=delivery,
        at=session.stamp,
    )
    if added:
        forget(session, session.now - KEEP)
    return added > 0


def forget(session: WriteSession, before: datetime) -> int:
    """Forgets the workspace's deliveries from before a moment; returns how many."""
    return session.execute("DELETE FROM seen WHERE team_id = :team AND at < :before", before=instant_text(before))


def guard(store: Store, team: str, delivery: str, now: datetime) -> Callable[[], None]:
    """A check to run inside the write transactions of one request, as `still_wanted` of `Store.write` does.

    It remembers the delivery together with whatever the transaction writes, and raises `Repeated` if an earlier request
    had remembered it. One request may write in several transactions.
    """
    ours = False

    def check() -> None:
        nonlocal ours
        session = WriteSession(team, store.database, now=now)
        if not first_time(session, delivery) and not ours:
            raise Repeated(delivery)
        ours = True

    return check
