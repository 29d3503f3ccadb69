"""Kills the posting process again and again under a Slack that misbehaves, and counts what came of every reminder."""

from __future__ import annotations

import dataclasses
import itertools
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from store import migrations, orders, posts, talks
from store.database import Store
from store.records import Post, PostState, Precision, Side, Status, Talks, Watch, Window
from tests.doubles import faults
from tests.doubles.process import ROOT, SlackProcess
from tests.doubles.state import TEAM, Channel

LEAD = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Plan:
    """One crash test: how much is due in how many channels, how often the process dies, and how Slack misbehaves."""

    folder: Path
    kills: int = 100
    channels: int = 5
    talks_a_round: int = 60
    spread_seconds: int = 30
    life: tuple[float, float] = (1.5, 4.0)
    settle_seconds: float = 16.0
    timeout_seconds: float = 3.0
    late_seconds: float = 10.0
    hang_seconds: float = 12.0
    shift_seconds: float = 0.0
    seed: int = 1
    deadline_seconds: float = 300.0


@dataclass(slots=True)
class Course:
    """What happened while it ran."""

    kills: int = 0
    rounds: int = 0
    stopped_cleanly: bool = False
    keys: dict[str, int] = field(default_factory=dict)


def crash(plan: Plan) -> dict[str, Any]:
    """Runs one crash test and returns its figures: reminders, kills, lost, doubled, out of order, and the faults."""
    store = prepared(plan)
    dice = random.Random(plan.seed)
    began = time.monotonic()
    with SlackProcess(plan.folder / "slack.jsonl", seed=plan.seed) as slack:
        for n in range(plan.channels):
            slack.add_channel(Channel(f"C0CRASH{n}", f"crash-{n}"))
        misbehave(slack, plan)
        course = run(plan, slack, store, dice)
        dump = slack.dump()
    with store.read(TEAM) as session:
        rows = [post for post in posts.everything(session, limit=1_000_000) if post.subject.startswith("T-")]
    store.close()
    return figures(rows, dump, course) | {"seconds": round(time.monotonic() - began, 1)}


def prepared(plan: Plan) -> Store:
    """A store whose channels each watch everything, with one lead time."""
    path = plan.folder / "attache.db"
    now = datetime.now(UTC).replace(microsecond=0)
    migrations.migrate(path, now=now)
    store = migrations.open_store(path, busy_seconds=20.0)
    with store.write(TEAM, actor="U0EDITOR", now=now) as session:
        for n in range(plan.channels):
            orders.save_watch(session, Watch(0, f"C0CRASH{n}", "U0EDITOR", "UTC", leads=("2h",)))
    return store


def misbehave(slack: SlackProcess, plan: Plan) -> None:
    method = "chat.postMessage"
    slack.fault(method, faults.accept_then_drop(), probability=0.05)
    slack.fault(method, faults.accept_then_hang(plan.hang_seconds), probability=0.02)
    slack.fault(method, faults.drop_then_accept_late(plan.late_seconds), probability=0.01)
    slack.fault(method, faults.accept_late(plan.late_seconds), probability=0.01)
    slack.fault(method, faults.rate_limited(1), probability=0.08)
    slack.fault(method, faults.http_status(500), probability=0.02)


def add_round(plan: Plan, store: Store, number: int) -> None:
    """More talks, whose reminders fall due within the next half minute."""
    now = datetime.now(UTC).replace(microsecond=0)
    with store.write(TEAM, actor="U0EDITOR", now=now) as session:
        for n in range(plan.talks_a_round):
            due = now + timedelta(seconds=3 + n * plan.spread_seconds // plan.talks_a_round)
            at = Window(due + LEAD, due + LEAD, Precision.MINUTE, "UTC")
            record = Talks(f"r{number}-{n}", 0, f"Round {number}, {n}", Status.PLANNED, (Side("us"), Side("ru")), at)
            talks.save(session, record)


def run(plan: Plan, slack: SlackProcess, store: Store, dice: random.Random) -> Course:
    """Starts, kills and starts again until there were enough kills; then lets the last process finish, and stops it."""
    course = Course()
    env = os.environ | {
        "ATTACHE_DB": str(plan.folder / "attache.db"),
        "ATTACHE_SWEEP_SECONDS": "1",
        "ATTACHE_SETTLE_SECONDS": str(plan.settle_seconds),
        "ATTACHE_POST_TIMEOUT_SECONDS": str(plan.timeout_seconds),
        "ATTACHE_LOG_LEVEL": "ERROR",
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_API_URL": slack.base_url,
    }
    last_round = time.monotonic()
    while True:
        if course.kills < plan.kills and (still_owed(store) < plan.channels * 2 or not course.rounds):
            add_round(plan, store, course.rounds)
            course.rounds += 1
        shift = plan.shift_seconds if course.kills * 2 >= plan.kills else 0.0
        process = start(env, shift)
        if course.kills < plan.kills:
            time.sleep(dice.uniform(*plan.life))
            process.kill()
            process.wait()
            course.kills += 1
            last_round = time.monotonic()
            continue
        while still_owed(store) and time.monotonic() - last_round < plan.deadline_seconds:
            time.sleep(0.5)
        process.terminate()
        course.stopped_cleanly = process.wait(timeout=plan.hang_seconds + 30) == 0
        return course


def start(env: dict[str, str], shift: float) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.process", str(shift)],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline().strip() == "ready"
    return process


def still_owed(store: Store) -> int:
    """How many reminders whose time has come have not gone out."""
    with store.read(TEAM) as session:
        return int(
            session.value(
                """SELECT count(*) FROM post WHERE team_id = :team AND subject LIKE 'T-%' AND kind <> 'happened'
                   AND state IN ('planned', 'sending', 'unknown')"""
            )
            or 0
        )


def figures(rows: list[Post], dump: dict[str, Any], course: Course) -> dict[str, Any]:
    """Counts by what stands in the channels, not by what the rows claim: reminders there, and their briefs in the threads."""
    briefs = [row for row in rows if row.kind == "part"]
    rows = [row for row in rows if row.kind not in ("happened", "part")]
    messages = [m for m in dump["messages"] if m["metadata"] and not m["deleted"] and m["seen_by"] is None]
    copies = Counter(m["metadata"]["event_payload"]["key"] for m in messages)
    messages = [m for m in messages if not m["thread_ts"]]
    told: Counter[tuple[str, str]] = Counter()
    for message in messages:
        for label in set(re.findall(r"\bT-\d+\b", message["text"])):
            told[message["channel"], label] += 1
    by_channel: dict[str, list[str]] = {}
    for message in sorted(messages, key=lambda m: float(m["ts"])):
        by_channel.setdefault(message["channel"], []).append(message["metadata"]["event_payload"]["key"])
    number = {row.key: (row.due, row.number) for row in rows}
    disorder = 0
    for keys in by_channel.values():
        order = [number[key] for key in dict.fromkeys(keys) if key in number]
        disorder += sum(a > b for a, b in itertools.pairwise(order))
    return {
        "reminders": len(rows),
        "briefs": len(briefs),
        "rounds": course.rounds,
        "kills": course.kills,
        "lost": sum(told[row.channel, row.subject] == 0 for row in rows) + sum(not copies[row.key] for row in briefs),
        "doubled": sum(count > 1 for count in copies.values()) + sum(told[row.channel, row.subject] > 1 for row in rows),
        "out_of_order": disorder,
        "not_sent_on_record": sum(row.state is not PostState.SENT for row in (*rows, *briefs)),
        "catch_up_messages": len({(row.channel, row.carrier) for row in rows if row.carrier is not None}),
        "told_in_catch_up": sum(row.carrier is not None for row in rows),
        "attempts": sum(row.attempts for row in rows),
        "stopped_cleanly": course.stopped_cleanly,
        "faults": {f"{f['kind']}{f['status'] if f['kind'] == 'http' else ''}{' accepted' if f['accepted'] else ''}"
                   f"{' late' if f['kind'] == 'drop' and f['seconds'] else ''}": times
                   for _, f, times in dump["struck"]},
        "complaints": len(dump["complaints"]) + len(dump["broadcasts"]),
    }  # fmt: skip


def short(folder: Path, **changes: Any) -> dict[str, Any]:
    """The version for the suite: as many reminders in more channels, so that what is unsure holds up fewer behind it."""
    plan = Plan(folder, kills=8, channels=12, talks_a_round=5, spread_seconds=6, life=(0.6, 1.6), settle_seconds=4.0,
                timeout_seconds=1.0, late_seconds=2.5, hang_seconds=2.5, deadline_seconds=60.0)  # fmt: skip
    return crash(dataclasses.replace(plan, **changes))
