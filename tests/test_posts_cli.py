"""`attache sweep` and `attache posts` as scripts use them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from store import migrations, orders
from store.database import Store
from store.records import Rhythm, Watch
from tests.conftest import Attache
from tests.doubles.faults import accept_then_drop
from tests.doubles.slack import FakeSlack
from tests.doubles.state import TEAM
from tests.jobs.conftest import NOW

LATER = "2025-02-24T10:00:00Z"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "attache.db"
    migrations.migrate(path, now=NOW)
    opened = migrations.open_store(path)
    yield opened
    opened.close()


def watch(store: Store, team: str) -> None:
    with store.write(team, actor="U0EDITOR", now=NOW) as session:
        orders.save_watch(session, Watch(0, "C0DESK", "U0EDITOR", "UTC", Rhythm.DAILY, None, "10:00"))


def test_the_terminals_posts_are_printed_and_listed(attache: Attache, store: Store) -> None:
    watch(store, "local")
    done = attache("sweep", "--now", LATER)
    assert done.status == 0, done.err
    assert "Nothing changed · everything" in done.out
    assert "#C0DESK" in done.out
    rows = json.loads(attache("posts", "--json").out)
    assert [(row["kind"], row["state"]) for row in rows] == [("check", "sent"), ("digest", "sent"), ("digest", "planned")]
    assert set(rows[0]) >= {"key", "channel", "kind", "subject", "due", "state", "attempts", "ts", "reason"}
    assert attache("sweep", "--now", LATER).out == ""
    assert "planned" in attache("posts", "--open").out


def test_posts_for_slack_need_its_token(attache: Attache, store: Store) -> None:
    watch(store, TEAM)
    done = attache("sweep", "--now", LATER)
    assert done.status == 2
    assert "SLACK_BOT_TOKEN" in done.err


def test_a_sweep_waits_for_what_is_unsure_and_looks(attache: Attache, store: Store, slack: FakeSlack) -> None:
    watch(store, TEAM)
    slack.fault("chat.postMessage", accept_then_drop(), times=1)
    done = attache("sweep", "--now", LATER, SLACK_BOT_TOKEN=slack.bot_token, SLACK_API_URL=slack.base_url,
                   ATTACHE_SETTLE_SECONDS="1")  # fmt: skip
    assert done.status == 0, done.err
    assert done.out.strip() == "2 sent"
    assert list(slack.copies().values()) == [1]


def test_an_empty_store_has_no_posts(attache: Attache, store: Store) -> None:
    assert attache("posts").out == "No posts.\n"
    assert json.loads(attache("posts", "--json").out) == []
