"""The brief in the thread of the last reminder before talks."""

from __future__ import annotations

from datetime import date, timedelta

from bot.jobs.record import from_text, to_text
from bot.reply import Card, Link, Reply, line
from store import orders
from store.records import Post, PostState, Precision, Status, Window
from tests.doubles.faults import accept_then_drop, error
from tests.doubles.state import TEAM
from tests.jobs.conftest import Desk

HOURS = timedelta(hours=1)


def threads(desk: Desk) -> dict[str, list[str]]:
    """The first line of each message in the channel, with those of the messages in its thread."""
    found: dict[str, list[str]] = {}
    firsts = {m.ts: m.text.split("\n")[0] for m in desk.slack.messages("C0DESK")}
    for message in desk.slack.messages("C0DESK"):
        first = message.text.split("\n")[0]
        if message.thread_ts:
            found[firsts[message.thread_ts]].append(first)
        else:
            found[first] = []
    return found


def parts(desk: Desk) -> list[Post]:
    return desk.posts("part")


BRIEF = "Brief · T-1  United States – Russia · Talks t"


def test_only_the_last_reminder_has_the_brief_in_its_thread(desk: Desk) -> None:
    desk.watch(leads=("3h", "1h"))
    desk.talks("t", 5 * HOURS)
    desk.sweep()
    assert desk.sweep(hours=2).sent == 1
    assert desk.sweep(hours=2).sent == 2
    title = "United States – Russia · Talks t"
    assert threads(desk) == {f"In 3 hours: {title}": [], f"In 1 hour: {title}": [BRIEF]}
    assert [message.text.count("the brief is in the thread") for message in desk.slack.messages("C0DESK")] == [0, 1, 0]


def test_a_window_is_briefed_when_it_is_about_to_close_or_when_it_opens_without_end(desk: Desk) -> None:
    desk.watch(leads=("1d",))
    day = desk.now.date()
    ends = Window(day + timedelta(days=1), day + timedelta(days=9), Precision.OPEN_WINDOW, None, "next week")
    desk.talks("t", HOURS, window=ends)
    desk.talks("u", HOURS, window=Window(day + timedelta(days=2), None, Precision.OPEN_START, None, "from Wednesday"))
    desk.sweep(hours=1)
    for _ in range(9):
        desk.sweep(days=1)
    briefed = {first: below for first, below in threads(desk).items() if below}
    assert [first.split(":")[0] for first in briefed] == ["The window is open", "The window closes tomorrow"]
    assert "Talks u" in next(iter(briefed))


def test_the_brief_comes_once_though_the_reminder_was_unsure(desk: Desk) -> None:
    desk.watch()
    desk.talks("t", 2 * HOURS)
    desk.sweep()
    desk.slack.fault("chat.postMessage", accept_then_drop(), times=1)
    assert desk.sweep(hours=1).unsure == 1
    assert desk.sweep(seconds=61).sent == 2
    assert desk.sweep(minutes=5).sent == 0
    assert sorted(desk.slack.copies().values()) == [1, 1]
    assert list(threads(desk).values()) == [[BRIEF]]


def test_a_reminder_that_is_refused_takes_its_brief_with_it(desk: Desk) -> None:
    desk.watch()
    desk.talks("t", 2 * HOURS)
    desk.sweep()
    desk.slack.fault("chat.postMessage", error("invalid_blocks"), times=1)
    desk.sweep(hours=1)
    assert [post.state for post in parts(desk)] == [PostState.DROPPED]
    assert desk.texts() == []


def test_a_snooze_does_not_repeat_the_brief_and_does_not_delay_it(desk: Desk) -> None:
    desk.watch()
    record = desk.talks("t", 3 * HOURS)
    desk.sweep()
    with desk.store.write(TEAM, actor="U0EDITOR", now=desk.now) as session:
        orders.snooze(session, record, "C0DESK", desk.now + 2.5 * HOURS)
    desk.sweep(hours=2)
    desk.sweep(hours=0.5)
    assert [len(below) for below in threads(desk).values()] == [1, 0]


def test_moved_talks_are_briefed_again_before_their_new_day(desk: Desk) -> None:
    desk.watch()
    record = desk.talks("t", 2 * HOURS)
    desk.sweep()
    desk.sweep(hours=1)
    desk.talks("t", 30 * HOURS, status=Status.CONFIRMED, number=record.number)
    desk.sweep(hours=29)
    assert [message.text.split("\n")[0] for message in desk.slack.messages("C0DESK") if message.thread_ts] == [BRIEF, BRIEF]


def test_after_a_time_down_the_briefs_are_in_the_thread_of_the_one_message(desk: Desk) -> None:
    desk.watch(leads=("1d",))
    for n in range(3):
        desk.talks(f"t{n}", 26 * HOURS)
    desk.sweep()
    desk.sweep(hours=10)
    (below,) = threads(desk).values()
    assert [text.partition("  ")[0] for text in below] == ["Brief · T-1", "Brief · T-2", "Brief · T-3"]


def test_a_reply_on_record_comes_back_as_it_was() -> None:
    reply = Reply("headline", parts=(Card(line(Link("a publisher without an address", None))),))
    assert from_text(to_text(reply)) == reply


def test_a_day_of_talks_is_briefed_on_their_morning(desk: Desk) -> None:
    desk.watch(leads=("1d", "2h"))
    desk.talks("t", HOURS, window=Window(date(2025, 2, 26), date(2025, 2, 26), Precision.DAY))
    desk.sweep()
    desk.sweep(days=1, hours=1)
    desk.sweep(days=1)
    assert [(first.split(":")[0], len(below)) for first, below in threads(desk).items()] == [("Tomorrow", 0), ("Today", 1)]
