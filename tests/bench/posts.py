"""The outbox under load: ten thousand posts at once, a sweep over a million rows, planning one change, a year of digests."""

from __future__ import annotations

import dataclasses
import resource
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.jobs.local import LocalPoster
from bot.jobs.sweep import Sweeper
from bot.slack.poster import SlackPoster, posting_client
from store import migrations, orders, planning, talks, watches
from store.database import BUILTIN, Store
from store.records import PostState, Precision, Rhythm, Scope, Side, Status, Talks, Watch, Window
from store.times import instant_text
from tests.bench.lean_slack import LeanSlack

TEAM = "T0ATTACHE"
NOW = datetime(2025, 2, 22, 18, tzinfo=UTC)

YEAR_ZONES = (
    "Europe/Brussels", "America/New_York", "Australia/Sydney", "America/Santiago", "Asia/Kathmandu", "Australia/Lord_Howe",
    "America/St_Johns", "Pacific/Auckland", "Africa/Casablanca", "Asia/Kolkata", "Asia/Almaty", "America/Nuuk",
)  # fmt: skip
"""Both hemispheres, half-hour and half-hour-shift zones; Almaty changed its rules in 2024."""


def fresh(folder: str) -> Store:
    path = Path(folder) / "attache.db"
    migrations.migrate(path, now=NOW)
    return migrations.open_store(path)


def talks_at(number: int, at: datetime, **changes: Any) -> Talks:
    window = Window(at, at, Precision.MINUTE, "UTC")
    made = Talks(f"talks-{number}", 0, f"Talks {number}", Status.PLANNED, (Side("us"), Side("ru")), window)
    return dataclasses.replace(made, **changes)


def flood(channels: int = 500, each: int = 20) -> dict[str, Any]:
    """Everything due at one moment, against a Slack that takes one message a second in each channel."""
    with tempfile.TemporaryDirectory() as folder, LeanSlack(channel_seconds=1.0) as slack:
        store = fresh(folder)
        with store.write(TEAM, actor="U1", now=NOW) as session:
            for n in range(channels):
                # Two lead times: the one that falls due is not the last, and so has no brief in its thread.
                watch = Watch(0, f"C{n:04}", "U1", "UTC", leads=("2h", "1m"), since=1)
                watches.save(session, watch)
            for n in range(each):
                talks.save(session, talks_at(n, NOW + timedelta(hours=3)))
        afterwards(store)
        client = posting_client(slack.token, slack.base_url, timeout=10)
        sweeper = Sweeper(store, SlackPoster(lambda _: client), settle_seconds=60)
        before, began = memory(), time.monotonic()
        due = NOW + timedelta(hours=1)
        tally = sweeper.deliver_due(due)
        while (left := sweeper.next_moment(due)) and left < due + timedelta(minutes=2) and tally.sent < channels * each:
            due = left
            tally.add(sweeper.deliver_due(due))
        took = time.monotonic() - began
        sweeper.close()
        with store.read(TEAM) as session:
            states = Counter(
                r["state"] for r in session.rows("SELECT state FROM post WHERE kind = 'reminder' AND slot LIKE '2h@%'")
            )
        store.close()
        implied = float(each - 1)
        return {
            "posts": channels * each,
            "channels": channels,
            "sent": states[PostState.SENT],
            "arrived": slack.count(),
            "calls": slack.calls(),
            "refused_429": slack.refused(),
            "refused_percent": round(100 * slack.refused() / max(1, slack.calls()), 2),
            "seconds": round(took, 2),
            "seconds_implied_by_the_limit": implied,
            "over_percent": round(100 * (took / implied - 1), 1),
            "memory_grew_mb": round(memory() - before, 1),
        }


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def idle(rows: int = 1_000_000) -> dict[str, Any]:
    """A sweep with nothing due, over a million rows: 990,000 settled ones and 10,000 for later."""
    with tempfile.TemporaryDirectory() as folder:
        store = fresh(folder)
        sent, ahead = instant_text(NOW - timedelta(days=9)), instant_text(NOW + timedelta(days=9))
        with store.write(TEAM, actor="U1", now=NOW) as session:
            session.db.conn.executemany(
                """INSERT INTO post (team_id, number, key, channel, kind, subject, slot, due, useful_until, state, changed_at)
                   VALUES (?, ?, ?, ?, 'reminder', ?, ?, ?, ?, ?, ?)""",
                (
                    (TEAM, n, f"k{n}", f"C{n % 500:04}", f"T-{n // 500}", "1d", *((ahead, ahead, "planned") if n % 100 == 0 else
                     (sent, sent, "sent")), sent)
                    for n in range(rows)
                ),
            )  # fmt: skip
        sweeper = Sweeper(store, LocalPoster(local=False), settle_seconds=60)
        sweeper.start(NOW)
        took = timed(lambda: sweeper.deliver_due(NOW), 300)
        sweeper.close()
        store.close()
        return {"rows": rows, **took}


def timed(run: Callable[[], object], times: int) -> dict[str, float]:
    """Milliseconds: median, 99th percentile and worst of so many runs."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        found.append((time.perf_counter() - began) * 1000)
    found.sort()
    return {
        "ms_p50": round(statistics.median(found), 3),
        "ms_p99": round(found[int(len(found) * 0.99)], 3),
        "ms_max": round(found[-1], 3),
    }


def change(watching: int = 500) -> dict[str, Any]:
    """Planning the posts of one change with five hundred watches: of many parties, and all of them about everything."""
    codes = (
        "ru",
        "us",
        "cn",
        "fr",
        "de",
        "tr",
        "ua",
        "gb",
        "in",
        "jp",
        "br",
        "za",
        "eg",
        "sa",
        "il",
        "ir",
        "pl",
        "fi",
        "se",
        "no",
    )
    found: dict[str, Any] = {"watches": watching}
    for name, channels, about in (("of_twenty_parties_in_100_channels", 100, True), ("all_match_in_500_channels", 500, False)):
        with tempfile.TemporaryDirectory() as folder:
            store = fresh(folder)
            with store.write(TEAM, actor="U1", now=NOW) as session:
                for n in range(watching):
                    scope = Scope(parties=(codes[n % len(codes)],)) if about else Scope()
                    watches.save(session, Watch(0, f"C{n % channels:04}", "U1", "UTC", about=scope))
                record = talks.save(session, talks_at(0, NOW + timedelta(days=30)))
            afterwards(store)
            planned = count(store)
            found[name] = {"posts_planned": planned, **moved(store, record), "unchanged": unmoved(store, record)}
            store.close()
    return found


def count(store: Store) -> int:
    with store.read(TEAM) as session:
        return int(session.value("SELECT count(*) FROM post WHERE team_id = :team AND state = 'planned'") or 0)


def moved(store: Store, record: Talks) -> dict[str, Any]:
    """Talks moved to another day each time, so that every post is dropped and another owed: the planning that the change
    itself waits for, and what the sweep does for it afterwards, in all and in its longest transaction."""
    change: list[float] = []
    after: list[float] = []
    longest = 0.0
    for n in range(40):
        at = NOW + timedelta(days=31 + n)
        record = dataclasses.replace(record, window=Window(at, at, Precision.MINUTE, "UTC"))
        with store.write(TEAM, actor="U1", now=NOW) as session:
            began = time.perf_counter()
            planning.replan(session, record, Status.PLANNED)
            change.append((time.perf_counter() - began) * 1000)
        with store.write(TEAM, actor="U1", now=NOW) as session:
            talks.save(session, record)
        slices = afterwards(store)
        after.append(sum(slices))
        longest = max(longest, *slices)
    return {"moved": spread(change), "moved_afterwards": {**spread(after), "longest_transaction_ms": round(longest, 2)}}


def afterwards(store: Store) -> list[float]:
    """Plans for what was only noted; milliseconds of each transaction, its commit included."""
    found: list[float] = []
    left = True
    while left:
        began = time.perf_counter()
        with store.write(BUILTIN, actor="attache", now=NOW) as session:
            left = planning.catch_up(session)
        found.append((time.perf_counter() - began) * 1000)
    return found


def spread(found: list[float]) -> dict[str, float]:
    return {"ms_p50": round(statistics.median(found), 2), "ms_max": round(max(found), 2)}


def unmoved(store: Store, record: Talks) -> dict[str, float]:
    """A change that moves nothing: a title corrected."""
    with store.write(TEAM, actor="U1", now=NOW) as session:
        planning.replan(session, record, Status.PLANNED)
        return timed(lambda: planning.replan(session, record, Status.PLANNED), 100)


def year(first: date = date(2024, 1, 1)) -> dict[str, Any]:
    """A year of daily digests at 02:30 and 08:30 in twelve zones, stepped from due moment to due moment."""
    with tempfile.TemporaryDirectory() as folder:
        store = fresh(folder)
        start = datetime(first.year, 1, 1, tzinfo=UTC) - timedelta(days=1)
        with store.write("local", actor="U1", now=start) as session:
            for zone in YEAR_ZONES:
                for at in ("02:30", "08:30"):
                    orders.save_watch(session, Watch(0, f"{zone} {at}", "U1", zone, Rhythm.DAILY, None, at))
        poster = LocalPoster()
        sweeper = Sweeper(store, poster, settle_seconds=0, senders=1, monotonic=lambda: 0.0)
        moment: datetime | None = start
        while moment is not None and moment < datetime(first.year + 1, 1, 2, tzinfo=UTC):
            sweeper.deliver_due(moment)
            moment = sweeper.next_moment(moment)
        sweeper.close()
        with store.read("local") as session:
            rows = session.rows("SELECT channel, slot, due FROM post WHERE kind = 'digest' AND state = 'sent'")
        store.close()
    days = {(first + timedelta(days=n)).isoformat() for n in range(366 if first.year % 4 == 0 else 365)}
    sent = Counter((row["channel"], row["slot"]) for row in rows if row["slot"] in days)
    wrong = [
        (row["channel"], row["slot"], row["due"])
        for row in rows
        if row["slot"] in days and not _right(row["channel"], row["slot"], row["due"])
    ]
    return {
        "zones": len(YEAR_ZONES),
        "digests": sum(sent.values()),
        "expected": len(YEAR_ZONES) * 2 * len(days),
        "missing": len(YEAR_ZONES) * 2 * len(days) - len(sent),
        "double": sum(times > 1 for times in sent.values()),
        "at_another_local_time": sorted(wrong),
    }


def _right(channel: str, slot: str, due: str) -> bool:
    zone, _, at = channel.rpartition(" ")
    local = datetime.fromisoformat(due).astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M}" == f"{slot} {at}"


def run() -> dict[str, Any]:
    return {"ten_thousand": flood(), "nothing_due": idle(), "one_change": change(), "a_year_of_digests": year()}
