"""Digests through the sweep: what they say, once for each local day, in threads when they are long."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from bot.jobs.paging import LINES
from bot.jobs.record import from_text, to_text
from bot.reply import Bars, Button, Card, Facts, Link, Mention, Moment, Notes, Quotation, Reply, Strong, Table, Visibility, line
from bot.slack.render import render_all
from store.records import Rhythm, Scope, Status, WatchState
from tests.doubles.faults import accept_then_drop, error
from tests.jobs.conftest import NOW, Desk

DAYS = timedelta(days=1)


def test_changes_with_their_reason_next_and_lapsed(desk: Desk) -> None:
    first = desk.talks("first", 3 * DAYS)
    desk.talks("old", timedelta(hours=1))
    desk.talks("undone", 3 * DAYS)
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.save(first, why="the minister fell ill", status=Status.POSTPONED)
    desk.talks("fresh", 5 * DAYS)
    undone = desk.talks("undone", 3 * DAYS, title="Other")
    desk.save(undone, title="Talks undone")
    desk.sweep(hours=26)
    *_, text = desk.texts()
    assert text.startswith("Digest · Tue 25 Feb 2025 · everything")
    assert "Talks first: postponed · the minister fell ill" in text
    assert "Talks fresh: new, planned" in text
    assert "undone: " not in text  # changed and changed back
    assert text.index("Changed") < text.index("Next") < text.index("Lapsed")
    assert "Talks old" in text[text.index("Lapsed"):]  # fmt: skip


def test_one_line_when_nothing_changed_and_each_change_told_once(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.talks("a", 30 * DAYS)
    desk.sweep(hours=2)
    desk.sweep(days=1)
    one, two = desk.texts()
    assert "Talks a: new" in one
    assert two.startswith("Nothing changed since Mon 24 Feb 2025 · everything · next: T-1")
    assert "\n" not in two


def test_a_filter_leaves_the_rest_out(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", about=Scope(parties=("fr",)), leads=())
    desk.talks("a", 30 * DAYS)
    desk.sweep(hours=2)
    assert desk.texts()[0].startswith("Nothing changed · France")


def test_a_digest_that_did_not_arrive_is_made_anew_and_covers_what_came_since(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.talks("a", 30 * DAYS)
    desk.sweep()
    desk.slack.fault("chat.postMessage", error("internal_error"), times=1)
    desk.sweep(hours=2)
    desk.talks("b", 30 * DAYS)
    desk.sweep(seconds=61)
    assert "Talks a: new" in desk.texts()[0]
    assert "Talks b: new" in desk.texts()[0]
    desk.sweep(days=1)
    assert desk.texts()[1].startswith("Nothing changed")


def test_a_long_digest_continues_in_its_thread_in_order_and_once(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.sweep()
    for n in range(LINES * 2 + 5):
        desk.talks(f"n{n:03}", 30 * DAYS)
    desk.slack.fault("chat.postMessage", accept_then_drop(), times=2)
    desk.sweep(hours=2)
    for _ in range(4):
        desk.sweep(seconds=61)
    parent, *rest = desk.slack.messages("C0DESK")
    assert len(rest) >= 2
    assert parent.thread_ts is None
    assert all(message.thread_ts == parent.ts for message in rest)
    assert all(count == 1 for count in desk.slack.copies().values())
    told = "\n".join(message.text for message in [parent, *rest])
    assert all(told.count(f"Talks n{n:03}: new") == 1 for n in range(LINES * 2 + 5))
    assert [message.text.split("part ")[1][0] for message in rest] == [str(n + 2) for n in range(len(rest))]


def test_parts_of_a_digest_that_failed_are_dropped(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.sweep()
    for n in range(LINES + 5):
        desk.talks(f"n{n}", 30 * DAYS)
    desk.slack.fault("chat.postMessage", error("invalid_blocks"), channel="C0DESK", times=1)
    desk.sweep(hours=2)
    desk.sweep(seconds=1)
    assert desk.texts() == []
    assert {(post.kind, post.state) for post in desk.posts("digest", "part") if post.due <= desk.now} == {
        ("digest", "failed"), ("part", "dropped")
    }  # fmt: skip
    desk.sweep(days=1)
    assert "Talks n0: new" in desk.texts()[0]  # nothing is skipped because of it


def test_down_for_days_one_late_digest_covers_them_all(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.WEEKDAYS, at="10:00", leads=())
    desk.sweep(hours=2)
    desk.talks("a", 30 * DAYS)
    desk.sweep(days=4)  # Friday, 10:00
    desk.talks("b", 30 * DAYS)
    desk.sweep(days=3, hours=5)  # Monday, 15:00
    texts = desk.texts()
    assert len(texts) == 3
    assert "Talks a: new" in texts[1]
    assert "Late: this was due" in texts[2]
    assert "Talks b: new" in texts[2]


def test_late_digests_of_one_channel_come_as_one_message(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", about=Scope(parties=("fr",)), leads=())
    desk.sweep()
    desk.talks("a", 30 * DAYS)
    desk.sweep(hours=5)
    (text,) = desk.texts()
    assert text.startswith("Late: 2 digests")
    assert len([post for post in desk.posts("digest") if post.due > desk.now]) == 2
    desk.sweep(hours=21)
    assert len(desk.texts()) == 3
    assert all(text.startswith("Nothing changed since") for text in desk.texts()[1:])


def test_a_paused_watch_is_silent(desk: Desk) -> None:
    made = desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.sweep()
    from store import orders
    from tests.doubles.state import TEAM

    with desk.store.write(TEAM, actor="U1", now=desk.now) as session:
        orders.save_watch(session, dataclasses.replace(made, state=WatchState.PAUSED))
    desk.sweep(days=3)
    assert desk.texts() == []


def test_replies_come_back_from_the_record_as_they_were() -> None:
    reply = Reply(
        "Headline", "aside",
        parts=(
            line("plain ", Strong("strong"), Link("x", "https://x.example"), Moment(NOW, "UTC"), Mention("U1")),
            Card(line("t"), (line("a"), line("b"))), Facts((("k", line("v")),)), Quotation("w", line("s"), "o"),
            Table(("a",), ((line("1"),),), (0,)), Bars((("a", 1, "w"),)), Notes((line("n"),)),
        ),
        buttons=(Button("B", "/talks next", primary=True),), visibility=Visibility.PUBLIC,
    )  # fmt: skip
    assert from_text(to_text(reply)) == reply
    assert len(render_all(reply)) == 1


def test_never_twice_for_one_local_day_even_if_the_zone_changes(desk: Desk) -> None:
    made = desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.sweep(hours=2)
    from store import orders
    from tests.doubles.state import TEAM

    with desk.store.write(TEAM, actor="U1", now=desk.now) as session:
        orders.save_watch(session, dataclasses.replace(made, zone="America/New_York"))
    desk.sweep(hours=12)
    assert len(desk.texts()) == 1
    assert desk.posts("digest")[-1].slot == "2025-02-25"
    assert datetime(2025, 2, 25, 15, tzinfo=UTC) == desk.posts("digest")[-1].due
