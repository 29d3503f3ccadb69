"""The outbox against a strict Slack that misbehaves: once, in order, on record."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bot.jobs.ready import prepare
from store import orders
from store.records import Post, PostKind, PostState, Precision, Status, Window
from tests.doubles.faults import (
    Fault,
    accept_then_drop,
    accept_then_hang,
    drop,
    error,
    html_page,
    http_status,
    rate_limited,
    truncated_json,
)
from tests.doubles.state import TEAM, Channel
from tests.jobs.conftest import Desk

HOURS, DAYS = timedelta(hours=1), timedelta(days=1)


def ready(desk: Desk, count: int = 1) -> None:
    """Reminders due in an hour, which are not the last before the talks, and the look into the channel done."""
    desk.watch(leads=("1h", "1m"))
    for n in range(count):
        desk.talks(f"t{n}", 2 * HOURS + timedelta(minutes=n))
    assert desk.sweep().sent == 1


def of_the_hour(desk: Desk) -> list[Post]:
    return [post for post in desk.posts("reminder") if post.slot.startswith("1h@")]


def test_a_reminder_goes_out_once_with_its_key_alone(desk: Desk) -> None:
    ready(desk)
    assert desk.sweep(minutes=59).sent == 0
    assert desk.sweep(minutes=1).sent == 1
    assert desk.sweep(minutes=1).sent == 0
    (message,) = desk.slack.messages("C0DESK")
    (post,) = of_the_hour(desk)
    assert message.text.startswith("In 1 hour: United States – Russia")
    assert message.metadata == {"event_type": "attache_post", "event_payload": {"key": post.key}}
    assert (post.state, post.ts, post.attempts) == (PostState.SENT, message.ts, 1)


@pytest.mark.parametrize(
    "fault",
    [accept_then_drop(), accept_then_hang(3), truncated_json(), html_page(accepted=True), http_status(502, accepted=True)],
)
def test_what_arrived_unnoticed_is_found_and_not_sent_again(desk: Desk, fault: Fault) -> None:
    ready(desk)
    desk.slack.fault("chat.postMessage", fault, times=1)
    assert desk.sweep(hours=1).unsure == 1
    assert desk.sweep(seconds=30).sent == 0
    assert not desk.slack.calls("conversations.history")
    assert desk.sweep(seconds=31).sent == 1
    assert list(desk.slack.copies().values()) == [1]
    assert desk.posts("reminder")[0].ts == desk.slack.messages("C0DESK")[0].ts


@pytest.mark.parametrize("fault", [drop(), http_status(500), html_page(), error("internal_error")])
def test_what_did_not_arrive_is_sent_after_a_look(desk: Desk, fault: Fault) -> None:
    ready(desk)
    desk.slack.fault("chat.postMessage", fault, times=1)
    assert desk.sweep(hours=1).unsure == 1
    assert desk.sweep(seconds=61).sent == 1
    assert list(desk.slack.copies().values()) == [1]
    assert desk.posts("reminder")[0].attempts == 2


def test_an_unsure_post_keeps_those_behind_it_waiting(desk: Desk) -> None:
    ready(desk, 3)
    desk.slack.fault("chat.postMessage", drop(), times=1)
    desk.sweep(minutes=62)
    assert desk.texts() == []
    desk.sweep(seconds=61)
    assert [re.findall(r"Talks t\d", text)[0] for text in desk.texts()] == ["Talks t0", "Talks t1", "Talks t2"]


def test_a_clock_put_forward_does_not_cut_the_settling_short(desk: Desk) -> None:
    ready(desk)
    desk.slack.fault("chat.postMessage", drop(), times=1)
    desk.sweep(hours=1)
    desk.now += timedelta(minutes=10)  # only the clock: this process has lived through nothing
    assert desk.sweep().sent == 0
    assert desk.sweep(seconds=61).sent == 1


def test_what_a_dead_process_was_sending_is_looked_for_first(desk: Desk) -> None:
    ready(desk)
    desk.sweep(hours=1)
    with desk.store.write("", actor="test", now=desk.now) as session:
        session.execute("UPDATE post SET state = 'sending', ts = NULL WHERE kind = 'reminder'")
    desk.start()
    assert desk.posts("reminder")[0].state is PostState.UNKNOWN
    desk.sweep()
    assert desk.sweep(seconds=61).sent == 1
    assert list(desk.slack.copies().values()) == [1]


def test_retry_after_holds_the_channel_on_record(desk: Desk) -> None:
    ready(desk)
    desk.slack.fault("chat.postMessage", rate_limited(30), times=1)
    assert desk.sweep(hours=1).held == 1
    (post,) = of_the_hour(desk)
    assert (post.state, post.attempts) == (PostState.PLANNED, 1)
    assert desk.sweeper_wakes_in() == 30
    assert desk.sweep(seconds=29).sent == 0
    assert desk.sweep(seconds=1).sent == 1


def test_a_refused_message_fails_alone_and_its_keeper_hears(desk: Desk) -> None:
    ready(desk, 2)
    desk.slack.fault("chat.postMessage", error("invalid_blocks"), times=1)
    desk.sweep(minutes=61)
    assert [post.state for post in of_the_hour(desk)] == [PostState.FAILED, PostState.SENT]
    assert "could not be posted" in desk.texts("D0EDITOR")[0]


@pytest.mark.parametrize("code", ["not_in_channel", "is_archived"])
def test_a_channel_in_trouble_pauses_alone_and_recovers(desk: Desk, code: str) -> None:
    ready(desk)
    desk.slack.add_channel(Channel("C0OTHER", "other"))
    desk.watch("C0OTHER", leads=("1h", "1m"))
    desk.sweep()
    desk.slack.fault("chat.postMessage", error(code), channel="C0DESK", times=2)
    desk.sweep(hours=1)
    desk.sweep(seconds=1)
    assert len(desk.texts("C0OTHER")) == 1
    assert desk.texts("C0DESK") == []
    (told,) = desk.texts("D0EDITOR")
    assert "C0DESK" in told
    desk.sweep(minutes=6)
    assert len(desk.texts("D0EDITOR")) == 1  # once for one trouble
    desk.sweep(minutes=20)
    assert len(desk.texts("C0DESK")) == 1


def test_a_revoked_token_holds_the_workspace_and_says_so_when_it_is_back(desk: Desk) -> None:
    ready(desk)
    desk.slack.fault("*", error("token_revoked"), times=1)
    desk.sweep(hours=1)
    assert desk.sweep(seconds=30).sent == 0
    desk.sweep(minutes=2)
    assert len(desk.texts("C0DESK")) == 1
    assert "could not post in this workspace" in desk.texts("D0EDITOR")[0]


def test_a_channel_without_the_bot_is_noticed_when_it_is_set_up(desk: Desk) -> None:
    desk.slack.add_channel(Channel("C0FAR", "far", is_member=False))
    desk.watch("C0FAR")
    desk.sweep()
    desk.sweep()
    assert "Invite me" in desk.texts("D0EDITOR")[0]


def test_cancelled_talks_are_not_reminded_of(desk: Desk) -> None:
    ready(desk)
    record = desk.talks("x", 2 * HOURS)
    desk.save(record, status=Status.CANCELLED)
    desk.sweep(hours=1)
    assert len(desk.texts()) == 1
    assert "Talks t0" in desk.texts()[0]


def test_after_a_day_down_one_message_tells_what_is_still_useful(desk: Desk) -> None:
    desk.watch(leads=("1d", "1h"))
    for n in range(6):
        desk.talks(f"soon{n}", 30 * HOURS)
    desk.talks("gone", 25 * HOURS)
    desk.sweep()
    assert desk.sweep(hours=27).sent == 1
    (text,) = desk.texts()
    assert text.startswith("Late: 6 reminders")
    assert all(f"Talks soon{n}" in text for n in range(6))
    assert "gone" not in text
    by_state = [(post.state, post.reason) for post in desk.posts("reminder") if post.due < desk.now]
    assert sum(state is PostState.SENT for state, _ in by_state) == 6
    assert all(reason and reason.startswith("too late") for state, reason in by_state if state is PostState.DROPPED)


def test_a_late_question_is_not_asked_of_talks_that_moved_meanwhile(desk: Desk) -> None:
    desk.watch()
    records = [desk.talks(f"t{n}", HOURS) for n in range(3)]
    desk.sweep(days=2)
    for record in records:
        with desk.store.write(TEAM, actor="U0EDITOR", now=desk.now) as session:
            orders.no_news(session, record, "C0DESK", zone="UTC")
    at = desk.now + timedelta(days=30)
    desk.save(records[1], window=dataclasses.replace(records[1].window, earliest=at, latest=at))
    desk.sweep(days=4)
    text = desk.texts()[-1]
    assert text.startswith("Late: 2 questions: did it happen?")
    assert "Moved meanwhile, and still to come: T-2" in text


def test_one_late_reminder_says_that_it_is_late(desk: Desk) -> None:
    ready(desk)
    desk.sweep(minutes=80)
    (text,) = desk.texts()
    assert "Late: this was due" in text
    assert text.startswith("In 40 minutes")


def test_a_stop_takes_no_new_work(desk: Desk) -> None:
    ready(desk)
    desk.sweepers[-1].stop()
    assert desk.sweep(hours=1).sent == 0
    desk.start()
    assert desk.sweep().sent == 1


def test_two_sweeps_at_once_send_once(desk: Desk) -> None:
    ready(desk, 5)
    first, second = desk.sweepers[-1], desk.start()
    desk.now += timedelta(minutes=70)
    from threading import Thread

    threads = [Thread(target=sweeper.deliver_due, args=(desk.now,)) for sweeper in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(desk.slack.copies().values()) == [1] * 5


def thirty_channels(desk: Desk) -> list[str]:
    channels = [f"C0WIDE{n:02}" for n in range(30)]
    for channel in channels:
        desk.slack.add_channel(Channel(channel, channel.lower()))
        desk.watch(channel, leads=("1h", "1m"))
    return channels


def test_a_wide_change_is_planned_for_before_anything_about_it_goes_out(desk: Desk) -> None:
    channels = thirty_channels(desk)
    record = desk.talks("t", 2 * HOURS)
    desk.sweep()
    assert len(of_the_hour(desk)) == 30
    # Put off by three hours just as the reminder falls due: what was planned is not sent, what is owed now is.
    desk.now += 1 * HOURS
    at = desk.now + 4 * HOURS
    moved = dataclasses.replace(record.window, earliest=at, latest=at)
    desk.save(record, window=moved)
    assert desk.sweep().sent == 0
    assert desk.sweep(hours=3).sent == 30
    assert [len(desk.texts(channel)) for channel in channels] == [1] * 30


def test_the_bell_rings_at_once_for_a_wide_change(desk: Desk) -> None:
    thirty_channels(desk)
    desk.sweep()
    desk.talks("t", 2 * HOURS)
    assert desk.sweeper_wakes_in() == 0
    desk.sweep()
    assert desk.sweeper_wakes_in() == 3600


@pytest.mark.parametrize("change", ["cancelled", "moved"])
def test_a_wide_change_while_a_sweep_is_under_way_stops_what_was_read_already(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    thirty_channels(desk)
    record = desk.talks("t", 2 * HOURS)
    desk.sweep()
    real: Callable[..., Any] = prepare

    def late(*args: Any, **how: Any) -> Any:
        found = real(*args, **how)
        monkeypatch.setattr("bot.jobs.sweep.prepare", real)
        at = desk.now + 9 * HOURS
        if change == "cancelled":
            desk.save(record, status=Status.CANCELLED)
        else:
            desk.save(record, window=dataclasses.replace(record.window, earliest=at, latest=at))
        return found

    monkeypatch.setattr("bot.jobs.sweep.prepare", late)
    assert desk.sweep(hours=1).sent == 0
    assert desk.sweep(minutes=5).sent == 0


def test_days_count_in_the_zone_of_the_channels_watch_whoever_asks(desk: Desk) -> None:
    desk.watch(zone="Europe/Brussels", leads=("1d",))
    window = Window(date(2025, 2, 24), date(2025, 3, 8), Precision.OPEN_WINDOW, None)
    record = desk.talks("t", HOURS, window=window)
    planned = [(post.kind, post.due) for post in desk.posts("closes", "happened")]
    with desk.store.write(TEAM, actor="U0EDITOR", now=desk.now) as session:
        orders.set_remind(session, record, "C0DESK", ("1d",), zone="Pacific/Auckland")
        told = orders.no_news(session, record, "C0DESK", zone="Pacific/Auckland")
    assert [(post.kind, post.due) for post in desk.posts("closes", "happened")] == planned
    assert told == dict(planned)[PostKind.HAPPENED]


def test_whoever_waits_hears_again_when_what_was_taken_back_is_held_after_all(desk: Desk) -> None:
    desk.watch()
    first = desk.talks("first", 9 * DAYS)
    desk.talks("second", HOURS, window=Window(None, None, Precision.NONE), after=("first",))
    desk.sweep()
    for status in (Status.HELD, Status.PLANNED, Status.HELD):
        first = desk.save(first, status=status)
        desk.sweep(minutes=1)
    assert sum("T-1 was held" in text for text in desk.texts()) == 2


@pytest.mark.parametrize("wide", [False, True])
def test_what_people_asked_for_comes_after_an_undo_and_after_unmuting(desk: Desk, *, wide: bool) -> None:
    if wide:
        thirty_channels(desk)
    desk.watch(leads=("1d",))
    record = desk.talks("t", 9 * DAYS)
    desk.sweep()
    with desk.store.write(TEAM, actor="U0EDITOR", now=desk.now) as session:
        orders.snooze(session, record, "C0DESK", desk.now + 2 * DAYS)
    called_off = desk.save(record, status=Status.CANCELLED)
    desk.sweep(minutes=1)
    desk.save(called_off, status=Status.PLANNED)
    desk.sweep(minutes=1)
    with desk.store.write(TEAM, actor="U0EDITOR", now=desk.now) as session:
        orders.set_remind(session, record, "C0DESK", (), zone="UTC")
        orders.unmute(session, record, "C0DESK")
    desk.sweep(days=2)
    assert [text.split(":")[0] for text in desk.texts()] == ["In 7 days"]
