"""The terminal's posts: a newcomer watches a two-week window open, warn and lapse as the clock moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.jobs.local import LocalPosts, demo_due
from bot.jobs.sweep import Sweeper
from bot.jobs.ticker import Ticker
from store import migrations, orders, talks
from store.database import Store
from store.records import Precision, Side, Status, Talks, Watch, Window
from tests.jobs.conftest import Desk, QuickPoster

NOW = datetime(2025, 2, 22, 18, tzinfo=UTC)


def opened(tmp_path: Path) -> Store:
    path = tmp_path / "local.db"
    migrations.migrate(path, now=NOW)
    store = migrations.open_store(path)
    with store.write("local", actor="local", now=NOW) as session:
        orders.save_watch(session, Watch(0, "local", "local", "UTC", leads=("1d",)))
        window = Window(date(2025, 2, 22), date(2025, 3, 8), Precision.OPEN_WINDOW, None, "within two weeks")
        talks.save(session, Talks("a", 0, "Directors", Status.PLANNED, (Side("us"), Side("ru")), window))
    return store


def test_a_window_opens_warns_and_lapses(tmp_path: Path) -> None:
    store = opened(tmp_path)
    posts = LocalPosts(store, lambda: NOW)
    found = demo_due(posts, NOW, NOW + timedelta(days=20))
    assert [(f"{moment:%d %b %H:%M}", reply.headline.split(":")[0]) for moment, reply in found] == [
        ("22 Feb 18:00", "The window is open"),
        ("07 Mar 09:00", "The window closes tomorrow"),
        ("07 Mar 09:00", "In its thread"),
        ("09 Mar 09:00", "Did it happen? United States – Russia · Directors"),
    ]
    assert posts.next_after(NOW + timedelta(days=20)) is None
    posts.close()
    store.close()


def test_no_news_asks_again_and_held_is_silent(tmp_path: Path) -> None:
    store = opened(tmp_path)
    posts = LocalPosts(store, lambda: NOW)
    demo_due(posts, NOW, NOW + timedelta(days=15))
    later = NOW + timedelta(days=15)
    with store.write("local", actor="local", now=later) as session:
        orders.no_news(session, talks.get(session, 1), "local", zone="UTC")
    (moment, reply), *_ = demo_due(posts, later, later + timedelta(days=9))
    assert (moment - later).days in (2, 3)
    assert reply.headline.startswith("Did it happen?")
    posts.close()
    store.close()


def test_no_news_of_an_open_window_waits_until_it_has_closed(tmp_path: Path) -> None:
    store = opened(tmp_path)
    posts = LocalPosts(store, lambda: NOW)
    closed = datetime(2025, 3, 9, 9, tzinfo=UTC)
    with store.write("local", actor="local", now=NOW) as session:
        assert orders.no_news(session, talks.get(session, 1), "local", zone="UTC") == closed
        assert orders.no_news(session, talks.get(session, 1), "elsewhere", zone="UTC") == closed
    asked = [moment for moment, reply in demo_due(posts, NOW, NOW + timedelta(days=20)) if "Did it happen?" in reply.headline]
    assert asked == [closed, closed]  # once in each channel
    posts.close()
    store.close()


def test_a_question_asked_again_does_not_say_that_a_moved_window_has_closed(tmp_path: Path) -> None:
    store = opened(tmp_path)
    posts = LocalPosts(store, lambda: NOW)
    later = NOW + timedelta(days=15)
    demo_due(posts, NOW, later)
    with store.write("local", actor="local", now=later) as session:
        orders.no_news(session, talks.get(session, 1), "local", zone="UTC")
        moved = Window(date(2025, 6, 1), date(2025, 6, 30), Precision.OPEN_WINDOW, None, "in June")
        talks.save(session, replace(talks.get(session, 1), window=moved))
    heard = [reply.headline for _, reply in demo_due(posts, later, later + timedelta(days=30))]
    assert not [headline for headline in heard if "Did it happen?" in headline]
    posts.close()
    store.close()


def test_the_ticker_sends_what_falls_due_and_stops(desk: Desk) -> None:
    from bot.slack.poster import posting_client

    client = posting_client(desk.slack.bot_token, desk.slack.base_url, timeout=2)
    started = datetime.now(UTC)

    def clock() -> datetime:
        return desk.now + (datetime.now(UTC) - started)

    desk.watch()
    desk.talks("a", timedelta(hours=1, seconds=2))
    ticker = Ticker(Sweeper(desk.store, QuickPoster(lambda _: client)), clock, seconds=30, wall=lambda: datetime.now(UTC))
    ticker.start()
    try:
        desk.slack.wait_for(lambda: desk.slack.messages("C0DESK"), timeout=10)  # the wake-up, long before the beat
    finally:
        ticker.stop()
    assert len(desk.slack.messages("C0DESK")) == 1
