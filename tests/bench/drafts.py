"""Drafts, the brief and the ways out at full size: 10,000 drafts with 193 votes each beside 100,000 talks and a million
positions, through Bolt beside a handler that does nothing."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot import briefs, wiring
from bot.commands.base import Request
from bot.commands.registry import Registry
from bot.config import Settings
from bot.reply import Outcome, Reply
from store import drafts, drafts_lists, migrations, search, talks
from store.records import AgendaItem, DraftStatus
from tests.bench import generate
from tests.bench.commands import NO_OP, SIZES, _measure, _nothing, _sender
from tests.bench.lean_slack import LeanSlack
from tests.doubles.signing import SIGNING_SECRET

DRAFTS, VOTES, VOTED = 10_000, 193, "2025-01-01"
ISSUES = ("who is to blame", "withdrawal", "territorial integrity", "what peace", "monitoring", "sanctions", "reparations")
STATUSES = ("tabled", "amended", "adopted", "rejected", "withdrawn", "never_voted")
ROLES = ("sponsor", "co_sponsor", "co_sponsor", "endorses", "declines", "conditional")
CHOICES = ("for", "for", "for", "against", "abstained", "absent")

COMMANDS = {
    "/draft list": "/draft list",
    "/draft list us": "/draft list united states",
    "/draft list adopted, a word": "/draft list adopted grain",
    "/draft list, a word": "/draft list grain",
    "/draft list, a rare word": "/draft list text-777",
    "/draft list, a symbol": "/draft list a/res/77",
    "/draft list, no such word": "/draft list xylophone",
    "/draft list us, a word": "/draft list united states text-7",
    "/draft list page 2": "/draft list page 2",
    "/draft show": "/draft show D-5000",
    "/draft compare": "/draft compare D-1 D-2",
    "/draft compare on": "/draft compare D-5000 D-5001 D-5002 on withdrawal",
    "/draft who": "/draft who D-5000",
    "/draft who nato": "/draft who D-5000 nato",
    "/draft votes": "/draft votes D-5000",
    "/draft votes all": "/draft votes D-5000 all",
    "/draft votes nato": "/draft votes D-5000 nato",
    "/draft diff": "/draft diff D-5000",
    "/draft diff v1 v2": "/draft diff D-5000 v1 v2",
    "/draft compare, two messages": "/draft compare D-5000 D-5001 D-5002",
    "/talks brief T-4": "/talks brief T-4",
    "/talks brief, busy agenda": "/talks brief T-50",
}
LONG = ("/draft compare, two messages", "/talks brief T-4", "/talks brief, busy agenda")
"""What goes on in a second message, which is posted before the next question is asked: nobody asks before reading."""
ANSWERED = {"/talks calendar": "/talks calendar us"}
"""Measured without Slack: its file would have to be uploaded."""


def run(sizes: list[str] | None = None, runs: int = 500) -> dict[str, Any]:
    """p50 and p99 in milliseconds of every command; milliseconds to save a draft with its roll, and to compose a brief."""
    size = (sizes or ["100k"])[0]
    path = store_of(*SIZES[size])
    store = migrations.open_store(path)
    try:
        saving = _saving(store)
        settings = Settings(signing_secret=SIGNING_SECRET)
        with LeanSlack(channel_seconds=0) as slack, wiring.slack_app(settings, store, wiring.Clock(generate.NOW)) as app:
            app.command(NO_OP)(_nothing)
            send = _sender(app, slack.response_url)

            def once(name: str, line: str) -> float:
                posted = slack.count()
                took = send(line)
                while name in LONG and slack.count() == posted:
                    pass
                return took

            lines = {NO_OP: NO_OP, **COMMANDS}
            timings = {name: _measure(partial(once, name, line), runs) for name, line in lines.items()}
        composing = _composing(store)
        registry = wiring.registry(store)
        asked = {name: partial(_answer, registry, line) for name, line in ANSWERED.items()}
        answered = {name: _measure(once, runs) for name, once in asked.items()}
    finally:
        store.close()
    nothing = timings.pop(NO_OP)
    return {
        "drafts": DRAFTS,
        "votes_each": VOTES,
        "store_mb": round(path.stat().st_size / 1e6),
        "no_op": nothing,
        "commands": timings,
        "answered": answered,
        "save_roll_ms": saving,
        "compose_brief_ms": composing,
    }


def _answer(registry: Registry, line: str) -> float:
    started = time.perf_counter()
    answer = registry.answer(Request(generate.TEAM, "U1", "C1", line, generate.NOW))
    assert isinstance(answer, Reply)
    assert answer.outcome is Outcome.ANSWER
    return time.perf_counter() - started


def store_of(some_talks: int, positions: int) -> Path:
    """The store of the other measures with drafts in it, made on first use."""
    base = generate.store_of(some_talks, positions)
    path = base.with_name(f"drafts-{base.name}")
    if not path.exists():
        for outdated in base.parent.glob(f"drafts-{some_talks}-{positions}-*"):
            outdated.unlink()
        half = path.with_suffix(".part")
        half.unlink(missing_ok=True)
        with closing(sqlite3.connect(base)) as db:
            db.execute("VACUUM INTO ?", (str(half),))
        _fill(half)
        half.rename(path)
    return path


def _fill(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous=OFF")
        db.execute("BEGIN")
        team = generate.TEAM
        sql = "SELECT code FROM party WHERE kind = 'state' AND team_id = '' ORDER BY code LIMIT ?"
        states = [row[0] for row in db.execute(sql, (VOTES,))]
        topics = [row[0] for row in db.execute("SELECT key FROM topic WHERE team_id = ? ORDER BY key", (team,))]
        sources = [row[0] for row in db.execute("SELECT key FROM source WHERE team_id = ? ORDER BY key", (team,))]
        (had,) = db.execute("SELECT last FROM counter WHERE team_id = ? AND kind = 'draft'", (team,)).fetchone()
        numbers = range(had + 1, DRAFTS + 1)
        for table, rows in (
            ("draft", _drafts(numbers, topics)), ("clause", _clauses(numbers)), ("alignment", _alignments(numbers, states)),
            ("vote", _votes(numbers, states)), ("citation", _citations(numbers, sources)),
        ):  # fmt: skip
            generate._insert(db, table, rows)
        db.execute("UPDATE counter SET last = ? WHERE team_id = ? AND kind = 'draft'", (DRAFTS, team))
        db.execute("COMMIT")
        _index(path, numbers)
        db.execute("ANALYZE")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _index(path: Path, numbers: range) -> None:
    """Files the drafts for search, by the store's own hands."""
    store = migrations.open_store(path)
    with store.write(generate.TEAM, actor="bench", now=generate.NOW) as session:
        names = {row["code"]: row["name"] for row in session.rows("SELECT code, name FROM party")}
        sided: dict[int, list[str]] = {}
        for row in session.rows("SELECT draft, party FROM alignment WHERE team_id = :team ORDER BY draft, seq"):
            sided.setdefault(row["draft"], []).append(names.get(row["party"], ""))
        says: dict[int, list[str]] = {}
        for row in session.rows("SELECT draft, issue, says FROM clause WHERE team_id = :team ORDER BY draft, seq"):
            says.setdefault(row["draft"], []).append(f"{row['issue']}\n{row['says']}")
        for row in session.rows("SELECT number, title, symbol, body, status_on FROM draft WHERE team_id = :team"):
            if (number := row["number"]) in numbers:
                body = "\n".join([row["body"], row["symbol"], *says[number], *sided[number]])
                day = date.fromisoformat(max(row["status_on"], VOTED))
                search.put(session, drafts.KIND, number, day, row["title"], body)
    store.close()


def _drafts(numbers: range, topics: list[str]) -> Iterator[dict[str, Any]]:
    for n in numbers:
        day = (generate.NOW - timedelta(days=n % 3000)).date().isoformat()
        title, symbol, body = f"{generate._TOPICS[n % 30]} text-{n}", f"A/RES/{n}", "UN General Assembly"
        status = DraftStatus(STATUSES[n % 6])
        yield {
            "team_id": generate.TEAM, "number": n, "key": f"bulk-{n}", "title": title, "status": status.value, "body": body,
            "symbol": symbol, "tabled_on": day, "status_on": day, "topic": topics[n % len(topics)], "tally_day": day,
            "in_favour": 97, "against": 32, "abstained": 32, "absent": 32, "standing": drafts_lists.standing(status),
            "sought": drafts_lists.sought(title, symbol, body),
        }  # fmt: skip


def _clauses(numbers: range) -> Iterator[dict[str, Any]]:
    for n in numbers:
        for seq in range(10):
            says = f"Says {generate._TOPICS[(n + seq) % 30]} in so many words, and then some more of it for good measure."
            yield {
                "team_id": generate.TEAM, "draft": n, "seq": seq, "issue": ISSUES[seq % 7], "says": says,
                "text_version": 1 + seq // 7,
            }  # fmt: skip


def _alignments(numbers: range, states: list[str]) -> Iterator[dict[str, Any]]:
    for n in numbers:
        for seq in range(24):
            party = "us" if seq == 0 else states[(n * 7 + seq) % len(states)]
            role = ROLES[(n + seq) % 6]
            yield {"team_id": generate.TEAM, "draft": n, "seq": seq, "role": role, "party": party, "said_on": "2025-01-01"}


def _votes(numbers: range, states: list[str]) -> Iterator[dict[str, Any]]:
    for n in numbers:
        for seq, party in enumerate(states):
            choice = CHOICES[(n + seq) % 6]
            row = {"draft": n, "seq": seq, "party": party, "choice": choice, "kind": "cast", "day": VOTED}
            yield {"team_id": generate.TEAM, **row}


def _citations(numbers: range, sources: list[str]) -> Iterator[dict[str, Any]]:
    for n in numbers:
        parts = ["", *(f"clause:{seq}" for seq in range(10)), *(f"alignment:{seq}" for seq in range(24))]
        for part in [*parts, *(f"vote:{seq}" for seq in range(VOTES))]:
            yield {
                "team_id": generate.TEAM, "subject": "draft", "subject_number": n, "part": part, "seq": 0,
                "source": sources[n % len(sources)],
            }  # fmt: skip


def _saving(store: Any) -> float:
    """Milliseconds for a draft with its roll and its revision. Also puts topics on the agenda that a brief is measured on."""
    with store.write(generate.TEAM, actor="U1", now=generate.NOW) as session:
        busy = talks.get(session, 50)
        keys = [row[0] for row in session.rows("SELECT key FROM topic WHERE team_id = :team AND key LIKE 'bulk-%' LIMIT 5")]
        agenda = (*(AgendaItem(f"item {key}", key) for key in keys), AgendaItem("the war", "war-settlement"))
        talks.save(session, replace(busy, agenda=agenda))
    taken = []
    for n in range(5):
        started = time.perf_counter()
        with store.write(generate.TEAM, actor="U1", now=generate.NOW) as session:
            draft = drafts.get(session, 6000 + n)
            drafts.save(session, replace(draft, note=f"noted {time.perf_counter()}"))
        taken.append((time.perf_counter() - started) * 1000)
    return round(sorted(taken)[2], 1)


def _composing(store: Any) -> dict[str, float]:
    found = {}
    with store.read(generate.TEAM) as session:
        for number in (4, 50):
            record = talks.get(session, number)
            taken = []
            for _ in range(50):
                started = time.perf_counter()
                briefs.compose(session, record, generate.NOW, "UTC", whole=True)
                taken.append((time.perf_counter() - started) * 1000)
            found[f"T-{number}"] = round(sorted(taken)[25], 2)
    return found
