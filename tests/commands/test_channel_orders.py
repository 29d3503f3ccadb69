"""What a channel is told by orders that stop, go on or try again; each answer says what is true of the whole channel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.commands.base import Request, Role
from bot.commands.registry import Registry
from bot.reply import Form, Outcome, Reply
from bot.slack.render import render
from store import orders, outbox, posts, schedule, watches
from store.database import Store
from store.records import Post, PostState, Rhythm, WatchState
from tests.commands.conftest import NOW, Asker

MORNING = datetime(2025, 2, 23, 8, 30, 5, tzinfo=UTC)
"""Five seconds after the first daily digest fell due."""


def text(reply: Reply) -> str:
    return render(reply).text


def labels(reply: Reply) -> list[str]:
    return [button.label for button in reply.buttons]


def owed(store: Store, prefix: str = "") -> list[Post]:
    with store.read("local") as session:
        return [post for post in posts.owed_to(session, "C1", limit=400) if post.subject.startswith(prefix)]


def refused(store: Store, code: str = "not_in_channel") -> None:
    """What is due in the channel was refused: as the sweep records it."""
    with store.write("local", actor="test", now=MORNING) as session:
        outbox.hold(session, "local", "C1", timedelta(hours=1), code)
        session.execute(
            "UPDATE post SET reason = :code, attempts = 1 WHERE state = 'planned' AND due <= :now", code=code, now=session.stamp
        )


def is_held(store: Store) -> bool:
    with store.read("local") as session:
        hold = outbox.hold_on(session, "local", "C1")
        return hold is not None and hold.until > MORNING


# What is held up is tried again, and kept.


@pytest.mark.parametrize(
    "line",
    [
        "/talks reminders retry",
        "/digest resume W-1",
        "/digest resume all",
        "/digest daily 08:30",
        "/digest weekdays 09:00",
        "/talks remind 3d",
        "/talks remind T-4 3d",
        "/talks snooze T-4 1h",
    ],
)
def test_whoever_minds_the_channel_has_it_tried_again(ask: Asker, store: Store, line: str) -> None:
    ask("/digest daily 08:30")
    refused(store)
    said = text(ask(line, now=MORNING))
    assert "Held up here: T-3 window opens, due" in said
    assert "W-1 digest, due Sun 23 Feb 2025, 08:30 (UTC)" in said
    assert "/invite @Attaché" in said
    assert not is_held(store)
    first = owed(store, "W-1")[0]
    assert (first.slot, first.state) == ("2025-02-23", PostState.PLANNED)


def test_try_again_touches_nothing_else(ask: Asker, store: Store) -> None:
    ask("/digest daily 08:30")
    ask("/digest daily 10:30 about russia")
    ask("/digest pause W-2")
    refused(store)
    (again,) = [b for b in ask("/talks reminders failed", now=MORNING).buttons if b.label == "Try again now"]
    ask(again.command, now=MORNING)
    with store.read("local") as session:
        assert [w.state for w in watches.of_channel(session, "C1")] == [WatchState.ACTIVE, WatchState.PAUSED]
    assert "Nothing is held up" not in text(ask(again.command, now=MORNING))  # until the sweep has been there


def test_try_again_is_for_what_may_still_go_out(ask: Asker, store: Store) -> None:
    ask("/digest daily 08:30")
    with store.write("local", actor="test", now=NOW) as session:
        session.execute(
            "UPDATE post SET state = 'dropped', reason = 'too late: the next digest covers it' WHERE kind = 'digest'"
        )
    reply = ask("/talks reminders failed")
    assert "too late" in text(reply)
    assert "Try again now" not in labels(reply)
    assert "Nothing is held up in this channel" in text(ask("/talks reminders retry"))


def test_a_channel_with_nothing_but_one_talks_is_tried_again_too(ask: Asker, store: Store) -> None:
    ask("/talks remind T-4 2h")
    refused(store)
    assert "Try again now" in labels(ask("/talks reminders failed", now=MORNING))
    said = text(ask("/digest resume all", now=MORNING))
    assert "No digest is set in this channel" in said
    assert "I am trying again now" in said
    assert not is_held(store)


def test_a_hold_on_the_workspace_is_told_and_stays(ask: Asker, store: Store) -> None:
    ask("/digest daily 08:30")
    with store.write("local", actor="test", now=MORNING) as session:
        outbox.hold(session, "local", outbox.WORKSPACE, timedelta(hours=1), "token_revoked")
    assert "Nothing reaches this workspace now (token_revoked)" in text(ask("/talks reminders retry", now=MORNING))
    with store.read("local") as session:
        assert outbox.hold_on(session, "local", outbox.WORKSPACE)


@pytest.mark.parametrize("role", [Role.GUEST, Role.FOREIGN])
def test_only_members_try_again(registry: Registry, role: Role) -> None:
    assert registry.writes("/talks reminders retry")
    assert not registry.writes("/talks reminders failed")
    reply = registry.answer(Request("local", "U1", "C1", "/talks reminders retry", NOW, may=role))
    assert isinstance(reply, Reply)
    assert reply.outcome is Outcome.NOT_UNDERSTOOD


# What goes on all the same.


def test_a_pause_tells_what_still_comes(ask: Asker, store: Store) -> None:
    ask("/digest daily 08:30")
    ask("/digest daily 10:30 about russia")
    ask("/talks remind T-3 3d")
    ask("/talks snooze T-4 1h")
    said = text(ask("/digest pause W-1"))
    assert "Its digests and reminders do not come until it is resumed" in said
    assert "W-2 goes on as before" in said
    said = text(ask("/digest pause all"))
    assert "W-2 paused" in said
    assert "goes on as before" not in said
    mine = len(owed(store, "T-3"))
    assert f"Still owed here: {mine} reminders set for T-3 alone; /talks mute T-3" in said
    assert "Still owed here: 1 reminder asked for, of T-4" in said
    assert f"{mine + 1} still owed to this channel" in said
    assert "W-1, W-2 are paused already" in text(ask("/digest pause all"))
    assert "set for T-3 alone" in text(ask("/digest off all"))
    assert "set for T-3 alone" in text(ask("/digest off"))
    ask("/talks mute T-3")
    ask("/talks mute T-4")
    assert owed(store) == []


def test_a_pause_of_everything_says_no_more_than_that(ask: Asker, store: Store) -> None:
    ask("/digest daily 08:30")
    said = text(ask("/digest pause"))
    assert "0 still owed" in said
    assert "Still owed here" not in said
    assert owed(store) == []
    assert "Resume" in labels(ask("/digest daily 08:30"))


def test_a_hundred_digests_turn_in_one_go(ask: Asker, store: Store) -> None:
    for n in range(100):
        ask(f"/digest daily {n // 60 + 8:02}:{n % 60:02} about russia")
    with store.read("local") as session:
        before = [(post.due, post.subject) for post in posts.owed_to(session, "C1", limit=400)]
    ask("/digest pause all")
    assert owed(store) == []
    ask("/digest resume all")
    assert [(post.due, post.subject) for post in owed(store)] == before


# Lead times of a channel.


def test_a_channel_without_reminders(ask: Asker, store: Store) -> None:
    assert "nothing to turn off" in text(ask("/talks remind off"))
    ask("/digest daily 08:30")
    ask("/talks remind T-3 3d")
    for word in ("none", "never", "off"):
        said = text(ask(f"/talks remind {word}"))
        assert "No more reminders in this channel" in said
        assert "The digests of W-1 go on" in said
        assert "set for T-3 alone" in said
        assert {post.subject for post in owed(store)} == {"W-1", "T-3"}
    assert "Reminders: none" in text(ask("/digest daily 08:30"))
    assert "7 days, 1 day and 2 hours before" in text(ask("/talks remind default"))
    assert {post.subject for post in owed(store)} >= {"W-1", "T-3", "T-4"}


def test_reminders_only_end_without_lead_times(ask: Asker, store: Store) -> None:
    ask("/talks remind 1d")
    assert "Nothing is posted here any more" in text(ask("/talks remind off"))
    assert owed(store) == []
    ask("/talks remind default")
    assert owed(store)


# The first digest of a channel that had reminders only.


def test_the_first_digest_after_reminders_begins_with_the_day_it_was_set(ask: Asker, store: Store) -> None:
    ask("/talks remind 1d")
    ask("/position topics alias embassies as consulates")
    with store.write("local", actor="test", now=NOW) as session:
        session.execute("UPDATE post SET state = 'sent' WHERE kind = 'check'")
    later = NOW + timedelta(days=280)
    said = text(ask("/digest daily 08:30", now=later))
    assert "I am checking" in said
    with store.read("local") as session:
        (watch,) = watches.of_channel(session, "C1")
        assert (watch.rhythm, watch.since) == (Rhythm.DAILY, orders.last_revision(session) - 1)
        checks = [p for p in posts.everything(session, limit=400) if p.kind == "check" and p.state is PostState.PLANNED]
    assert [check.due for check in checks] == [later]
    assert schedule.next_digest(watch, later).due == owed(store, "W-1")[0].due


# Snoozes.


def test_a_deadline_means_its_last_day(ask: Asker, store: Store) -> None:
    assert "Sat 8 Mar 2025, 09:00" in text(ask("/talks snooze T-3 by 8 March"))
    assert "Mon 24 Feb 2025, 09:00" in text(ask("/talks snooze T-3 next week"))
    assert len(owed(store, "T-3")) == 2


def test_what_is_muted_is_not_snoozed_in_silence(ask: Asker, registry: Registry, store: Store) -> None:
    ask("/talks mute T-3")
    for line in ("/talks snooze T-3 1h", "/talks nonews T-3"):
        reply = ask(line)
        assert reply.outcome is Outcome.NOT_UNDERSTOOD
        assert "T-3 is muted in this channel" in text(reply)
        assert labels(reply) == ["Unmute T-3"]
    assert not isinstance(registry.answer(Request("local", "U1", "C1", "/talks snooze T-3", NOW, may=Role.MEMBER)), Form)
    assert owed(store) == []
    ask(reply.buttons[0].command)
    ask("/talks snooze T-3 1h")
    assert len(owed(store, "T-3")) == 1


# Zones and days that are slips.


@pytest.mark.parametrize(
    ("line", "says", "button"),
    [
        ("weekdays 08:30 Brusels", "Did you mean Europe/Brussels", "/digest weekdays 08:30 Europe/Brussels"),
        ("daily 08:30 Genva about russia", "Did you mean Europe/Zurich", "/digest daily 08:30 Europe/Zurich about russia"),
        ("daily 08:30 UTC+2", "“UTC+2” is an offset, not a time zone", None),
        ("daily 08:30 GMT -3", "Write a city or a zone, like America/Sao_Paulo", None),
        ("daily +05:30 08:30", "like Asia/Kolkata", None),
        ("daily 08:30 +13:45", "like Europe/Brussels", None),
        ("weekly funday 08:30", "“funday” is no day that I know. Weekly on which day?", "/digest weekly Monday 08:30"),
        ("weekly 08:30 russia", "Weekly on which day?", "/digest weekly Monday 08:30 russia"),
    ],
)
def test_zones_and_days_that_are_slips(ask: Asker, line: str, says: str, button: str | None) -> None:
    reply = ask(f"/digest {line}")
    assert says in text(reply)
    assert reply.outcome is Outcome.NOT_UNDERSTOOD
    assert [b.command for b in reply.buttons[:1]] == ([button] if button else [])


def test_a_slip_in_what_a_digest_is_about_is_no_zone(ask: Asker) -> None:
    for line in ("daily 08:30 about brusels", "daily 08:30 Geneva brusels"):
        assert "Europe/Brussels or" not in text(ask(f"/digest {line}"))
