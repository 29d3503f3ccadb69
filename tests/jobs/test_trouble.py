"""Long trouble: what is refused, unsure or late for hours still arrives, once, as the facts then are, and says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.jobs import ready
from store import orders, outbox, watches
from store.records import PostState, Precision, Rhythm, Scope, Side, Status, WatchState, Window
from tests.doubles.faults import accept_late, accept_then_drop, drop, error, http_status, rate_limited
from tests.doubles.state import TEAM, Channel
from tests.jobs.conftest import Desk

DAYS, HOURS, MINUTES = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def two_digests(desk: Desk) -> None:
    """Two digests in one channel at 10:00, and one change for each."""
    for code in ("ru", "ge"):
        desk.watch(rhythm=Rhythm.DAILY, at="10:00", about=Scope(parties=(code,)), leads=())
    desk.sweep()
    desk.talks("r", 9 * DAYS)
    desk.talks("g", 9 * DAYS, sides=(Side("ge"), Side("tr")))


@pytest.mark.parametrize("fault", [rate_limited(1000), error("not_in_channel"), drop()])
def test_a_second_digest_of_the_channel_is_told_too(desk: Desk, fault: object) -> None:
    two_digests(desk)
    desk.slack.fault("chat.postMessage", fault, channel="C0DESK", times=1)  # type: ignore[arg-type]
    desk.sweep(hours=2)
    for _ in range(30):
        desk.sweep(minutes=1)
    told = "\n".join(desk.texts())
    assert (told.count("Talks r: new"), told.count("Talks g: new")) == (1, 1)
    desk.sweep(days=1)
    later = "\n".join(desk.texts()).removeprefix(told)
    assert later.count("Nothing changed") == 2


def test_a_digest_that_was_refused_says_what_is_true_when_it_comes_and_that_it_is_late(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.sweep()
    record = desk.talks("t", 9 * DAYS)
    desk.slack.fault("chat.postMessage", error("not_in_channel"), channel="C0DESK", times=2)
    desk.sweep(hours=2)
    desk.save(record, status=Status.CANCELLED)
    for _ in range(8):
        desk.sweep(minutes=3)
    (text,) = desk.texts()
    assert "cancelled" in text
    assert "planned" not in text
    assert "Late: this was due" in text


def test_a_long_digest_that_was_refused_continues_with_its_new_words(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.sweep()
    for n in range(70):
        desk.talks(f"n{n:03}", 9 * DAYS)
    desk.slack.fault("chat.postMessage", error("not_in_channel"), channel="C0DESK", times=1)
    desk.sweep(hours=2)
    desk.talks("last", 9 * DAYS)
    for _ in range(8):
        desk.sweep(minutes=3)
    told = "\n".join(desk.texts())
    assert [told.count(f"Talks n{n:03}: new") for n in range(70)] == [1] * 70
    assert told.count("Talks last: new") == 1
    assert {post.state for post in desk.posts("part")} == {PostState.SENT}


def test_hours_of_5xx_lose_nothing_and_are_not_hammered(desk: Desk) -> None:
    desk.watch(leads=("1d",))
    desk.talks("t", 26 * HOURS)
    desk.sweep()
    desk.slack.fault("chat.postMessage", http_status(503), times=40)
    for _ in range(6 * 60):
        desk.sweep(minutes=1)
    tried = len(desk.slack.calls("chat.postMessage"))
    assert 5 < tried < 40
    desk.slack.clear_faults()
    for _ in range(15):
        desk.sweep(minutes=1)
    assert list(desk.slack.copies().values()) == [1, 1]
    assert desk.texts()[0].startswith("In 19 hours")
    assert desk.texts("D0EDITOR") == []


def test_a_channel_whose_history_cannot_be_read_goes_on_and_its_keeper_hears(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.sweep()
    desk.slack.fault("chat.postMessage", drop(), channel="C0DESK", times=1)
    desk.slack.fault("conversations.history", error("missing_scope"), channel="C0DESK", times=1)
    desk.sweep(hours=2)
    desk.sweep(seconds=61)
    (post,) = [post for post in desk.posts("digest") if post.state is PostState.FAILED]
    assert post.reason == "it could not be told whether it arrived: missing_scope"
    desk.sweep()
    assert "could not be told whether it arrived" in desk.texts("D0EDITOR")[0]
    desk.sweep(days=1)
    assert len(desk.texts()) == 1


def test_a_group_of_people_is_posted_to_and_looked_through_like_a_channel(desk: Desk) -> None:
    desk.slack.add_channel(Channel("C0GROUP", "mpdm-editor--guest-1", kind="mpim"))
    desk.watch("C0GROUP", leads=("1h", "1m"))
    desk.talks("t", 2 * HOURS)
    desk.sweep()
    desk.slack.fault("chat.postMessage", accept_then_drop(), channel="C0GROUP", times=1)
    assert desk.sweep(hours=1).unsure == 1
    assert desk.sweep(seconds=61).sent == 1
    assert len(desk.texts("C0GROUP")) == 1


def test_a_wait_that_slack_asked_for_outlasts_what_gets_through_meanwhile(desk: Desk) -> None:
    channels = [f"C0W{n}" for n in range(4)]
    for channel in channels:
        desk.slack.add_channel(Channel(channel, channel.lower()))
        desk.watch(channel, leads=("1h", "1m"))
    for n, minutes in enumerate((120, 125, 125)):
        desk.talks(f"t{n}", minutes * MINUTES)
    desk.sweep()
    desk.sweep(hours=1)
    for channel in channels[:2]:
        desk.slack.fault("chat.postMessage", rate_limited(120), channel=channel, times=1)
    desk.slack.fault("chat.postMessage", accept_late(0.5), channel=channels[2], times=1)
    before = len(desk.slack.calls("chat.postMessage"))
    desk.sweep(minutes=5)
    called = [call.args["channel"] for call in desk.slack.calls("chat.postMessage")[before:]]
    assert [called.count(channel) for channel in channels[:3]] == [1, 1, 1]  # each once, and then nothing
    with desk.store.read(TEAM) as session:
        held = {hold.channel for hold in outbox.holds(session) if hold.until > desk.now}
    assert held == {"", *channels[:2]}
    desk.sweep(minutes=2)
    desk.sweep(minutes=1)
    assert [len(desk.texts(channel)) for channel in channels] == [3] * 4


def test_pauses_grow_from_pause_to_pause_and_not_with_idle_time(desk: Desk) -> None:
    desk.slack.add_channel(Channel("C0NOT", "not", is_member=False))
    desk.watch("C0NOT", rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.sweep()
    desk.sweep(hours=26)
    with desk.store.read(TEAM) as session:
        (hold,) = outbox.holds(session)
    assert hold.until - hold.since <= 10 * MINUTES
    for _ in range(12):
        desk.sweep(minutes=60)
    with desk.store.read(TEAM) as session:
        (hold,) = outbox.holds(session)
    assert hold.until - hold.since == 1 * HOURS
    desk.slack.state.channels["C0NOT"].is_member = True
    desk.sweep(minutes=61)
    assert len(desk.texts("C0NOT")) == 1


def test_lead_times_set_while_a_digest_goes_out_do_not_end_the_digests(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the reading and the writing of a sweep, somebody changes the watch."""
    desk.watch(rhythm=Rhythm.DAILY, at="10:00")
    desk.sweep()
    real: Callable[..., Any] = ready.prepare

    def slow(*args: Any, **how: Any) -> Any:
        found = real(*args, **how)
        monkeypatch.setattr("bot.jobs.sweep.prepare", real)
        with desk.store.write(TEAM, actor="U0EDITOR", now=desk.now) as session:
            orders.set_leads(session, "C0DESK", ("3d",), zone="UTC")
        return found

    monkeypatch.setattr("bot.jobs.sweep.prepare", slow)
    desk.sweep(hours=2)
    for _ in range(3):
        desk.sweep(days=1)
    assert len(desk.texts()) == 4


def test_what_did_not_arrive_is_not_tried_again_once_nobody_wants_it(desk: Desk) -> None:
    desk.watch(leads=("1h", "1m"))
    record = desk.talks("t", 2 * HOURS)
    desk.sweep()
    desk.slack.fault("chat.postMessage", drop(), channel="C0DESK", times=1)
    desk.sweep(hours=1)
    with desk.store.write(TEAM, actor="U0EDITOR", now=desk.now) as session:
        orders.set_remind(session, record, "C0DESK", (), zone="UTC")
    desk.sweep(seconds=61)
    assert desk.texts() == []
    assert "muted" in [post.reason for post in desk.posts("reminder") if post.attempts]


def test_a_digest_that_did_not_arrive_ends_with_its_watch(desk: Desk) -> None:
    watch = desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.sweep()
    desk.slack.fault("chat.postMessage", drop(), channel="C0DESK", times=1)
    desk.sweep(hours=2)
    with desk.store.write(TEAM, actor="U0EDITOR", now=desk.now) as session:
        orders.save_watch(session, replace(watches.get(session, watch.number), state=WatchState.OFF))
    desk.sweep(seconds=61)
    assert desk.texts() == []
    assert "W-1 is off" in [post.reason for post in desk.posts("digest")]


def test_late_words_count_days_for_days_and_hours_for_clock_times(desk: Desk) -> None:
    desk.watch(leads=("1d", "90m"))
    day = date(2025, 3, 8)
    fortnight = Window(date(2025, 2, 20), day, Precision.OPEN_WINDOW, "UTC", "within two weeks")
    desk.talks("w", HOURS, window=fortnight)
    desk.talks("d", HOURS, window=Window(day, day, Precision.DAY, "UTC", "8 March"))
    desk.talks("c", timedelta(days=1, hours=2))
    desk.sweep()
    desk.sweep(hours=2)
    desk.sweep(hours=22, minutes=30)
    assert [text.split(":")[0] for text in desk.texts() if not text.startswith("Brief")] == ["In 1 day", "In 1 hour 30 minutes"]
    desk.now = desk.now.replace(month=3, day=8, hour=5, minute=0)
    desk.sweep()
    late = [text.split(":")[0] for text in desk.texts()[3:] if not text.startswith(("Brief", "Did it"))]
    assert sorted(late) == ["The window closes today", "Today"]


def test_however_many_are_late_one_message_tells_of_them(desk: Desk) -> None:
    desk.watch(leads=("1d",))
    fortnight = Window(date(2025, 2, 20), date(2025, 3, 8), Precision.OPEN_WINDOW, "UTC", "within two weeks")
    for n in range(230):
        desk.talks(f"t{n}", HOURS, window=fortnight)
    desk.sweep()
    desk.now = desk.now.replace(month=3, day=8, hour=5)
    desk.sweep()
    first = [message for message in desk.slack.messages("C0DESK") if not message.thread_ts]
    assert [message.text.split("\n")[0] for message in first] == ["Late: 230 windows about to close"]


def test_late_questions_can_be_answered_and_what_was_held_is_named(desk: Desk) -> None:
    desk.watch(leads=("1d",))
    week = Window(date(2025, 2, 20), date(2025, 2, 26), Precision.OPEN_WINDOW, "UTC", "within a week")
    for n in range(3):
        desk.talks(f"t{n}", HOURS, window=week)
    first = desk.talks("first", 9 * DAYS)
    for n in range(2):
        desk.talks(f"after{n}", HOURS, window=Window(None, None, Precision.NONE), after=("first",))
    desk.sweep()
    desk.save(first, status=Status.HELD)
    desk.now = desk.now.replace(day=28, hour=5)
    desk.sweep()
    (asked,) = [m for m in desk.slack.messages("C0DESK") if m.text.startswith("Late: 3 questions")]
    values = [e["value"] for b in asked.blocks or () if b["type"] == "actions" for e in b["elements"]]
    assert {f"/talks {verb} T-{n}" for verb in ("held", "postpone", "cancel", "nonews") for n in (1, 2, 3)} == set(values)
    (ready,) = [text for text in desk.texts() if "prerequisite was held" in text]
    assert ready.count("T-4 held") == 2
