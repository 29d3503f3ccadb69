"""A desk: a store, a strict Slack, and a sweep between them whose time a test can move."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.jobs.outcomes import Tally
from bot.jobs.sweep import Sweeper
from bot.slack.poster import SlackPoster, posting_client
from store import migrations, orders, posts, talks
from store.database import Store
from store.records import Post, Precision, Scope, Side, Status, Talks, Watch, Window
from tests.doubles.slack import FakeSlack
from tests.doubles.state import TEAM

NOW = datetime(2025, 2, 24, 8, tzinfo=UTC)


class QuickPoster(SlackPoster):
    """The real poster without the second between messages."""

    pace = 0.0


@dataclass
class Desk:
    store: Store
    slack: FakeSlack
    now: datetime = NOW
    lived: float = 0.0
    settle: float = 60.0
    sweepers: list[Sweeper] = field(default_factory=list)

    def start(self, *, timeout: int = 1) -> Sweeper:
        """A new process, as far as the rows can tell."""
        client = posting_client(self.slack.bot_token, self.slack.base_url, timeout=timeout)
        sweeper = Sweeper(self.store, QuickPoster(lambda _: client), settle_seconds=self.settle, monotonic=lambda: self.lived)
        sweeper.start(self.now)
        self.sweepers.append(sweeper)
        return sweeper

    def sweep(self, **later: float) -> Tally:
        """Lets time pass, both the clock's and the process's, and sweeps."""
        passed = timedelta(**later)
        self.now += passed
        self.lived += passed.total_seconds()
        sweeper = self.sweepers[-1] if self.sweepers else self.start()
        return sweeper.deliver_due(self.now)

    def sweeper_wakes_in(self) -> float:
        """Seconds until the bell should ring by itself."""
        moment = self.sweepers[-1].next_moment(self.now)
        assert moment is not None
        return (moment - self.now).total_seconds()

    def watch(self, channel: str = "C0DESK", **changes: Any) -> Watch:
        made = Watch(0, channel, "U0EDITOR", "UTC", about=Scope(), leads=("1h",))
        with self.store.write(TEAM, actor="U0EDITOR", now=self.now) as session:
            return orders.save_watch(session, dataclasses.replace(made, **changes))

    def talks(self, key: str, starts_in: timedelta, why: str | None = None, **changes: Any) -> Talks:
        at = self.now + starts_in
        window = Window(at, at, Precision.MINUTE, "UTC")
        made = Talks(key, 0, f"Talks {key}", Status.PLANNED, (Side("us"), Side("ru")), window)
        with self.store.write(TEAM, actor="U0EDITOR", now=self.now, why=why) as session:
            return talks.save(session, dataclasses.replace(made, **changes))

    def save(self, record: Talks, why: str | None = None, **changes: Any) -> Talks:
        with self.store.write(TEAM, actor="U0EDITOR", now=self.now, why=why) as session:
            return talks.save(session, dataclasses.replace(record, **changes))

    def posts(self, *kinds: str) -> list[Post]:
        with self.store.read(TEAM) as session:
            return [p for p in posts.everything(session, limit=10_000) if p.kind in kinds]

    def texts(self, channel: str = "C0DESK") -> list[str]:
        return [message.text for message in self.slack.messages(channel)]


@pytest.fixture
def desk(tmp_path: Path, slack: FakeSlack) -> Iterator[Desk]:
    path = tmp_path / "desk.db"
    migrations.migrate(path, now=NOW)
    store = migrations.open_store(path)
    made = Desk(store, slack)
    yield made
    for sweeper in made.sweepers:
        sweeper.close()
    store.close()
