"""Posting over the real Web API client: every way in which a call can end gets its right name."""

from __future__ import annotations

import pytest

from bot.jobs.posting import Absent, Away, Blame, Letter, Limited, Refused, Sent, Unsure
from bot.reply import Reply
from bot.slack.poster import SlackPoster, posting_client
from tests.doubles.faults import (
    Fault,
    accept_then_drop,
    accept_then_hang,
    drop,
    error,
    http_status,
    rate_limited,
    truncated_json,
)
from tests.doubles.slack import FakeSlack
from tests.doubles.state import TEAM, Channel


def poster(slack: FakeSlack) -> SlackPoster:
    client = posting_client(slack.bot_token, slack.base_url, timeout=1)
    return SlackPoster(lambda _: client)


def letter(key: str = "k1", channel: str = "C0DESK", **more: str) -> Letter:
    return Letter(TEAM, channel, key, Reply("Hello <!channel> & all"), **more)


def test_a_message_carries_its_key_alone_and_unfurls_nothing(slack: FakeSlack) -> None:
    answer = poster(slack).post(letter())
    (message,) = slack.messages("C0DESK")
    assert answer == Sent(message.ts)
    assert message.metadata == {"event_type": "attache_post", "event_payload": {"key": "k1"}}
    assert message.args["unfurl_links"] is False
    assert "thread_ts" not in message.args


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (drop(), Unsure),
        (accept_then_drop(), Unsure),
        (accept_then_hang(2), Unsure),
        (http_status(500), Unsure),
        (http_status(503), Unsure),
        (truncated_json(), Unsure),
        (error("fatal_error"), Unsure),
        (rate_limited(7), Limited),
        (error("invalid_blocks"), Refused),
    ],
)
def test_what_a_call_came_to(slack: FakeSlack, fault: Fault, expected: type) -> None:
    slack.fault("chat.postMessage", fault, times=1)
    answer = poster(slack).post(letter())
    assert isinstance(answer, expected)
    assert len(slack.calls("chat.postMessage")) == 1  # never a retry of the client's own
    if isinstance(answer, Limited):
        assert answer.seconds == 7


@pytest.mark.parametrize(
    ("code", "blame"),
    [
        ("is_archived", Blame.CHANNEL),
        ("not_in_channel", Blame.CHANNEL),
        ("channel_not_found", Blame.CHANNEL),
        ("token_revoked", Blame.WORKSPACE),
        ("missing_scope", Blame.WORKSPACE),
        ("msg_too_long", Blame.MESSAGE),
        ("never_heard_of", Blame.MESSAGE),
    ],
)
def test_refusals_are_sorted(slack: FakeSlack, code: str, blame: Blame) -> None:
    slack.fault("chat.postMessage", error(code), times=1)
    assert poster(slack).post(letter()) == Refused(blame, code)


def test_nobody_there_is_certainly_not_sent() -> None:
    client = posting_client("xoxb-x", "http://127.0.0.1:9/api/", timeout=1)
    assert isinstance(SlackPoster(lambda _: client).post(letter()), Away)


def test_a_message_is_found_by_its_key_among_many(slack: FakeSlack) -> None:
    sending = poster(slack)
    before = slack.say("long ago").ts
    sent = sending.post(letter("mine"))
    for n in range(230):
        slack.say(f"noise {n}")
    assert sending.look(TEAM, "C0DESK", "mine", after=before, thread=None) == sent
    assert sending.look(TEAM, "C0DESK", "other", after=before, thread=None) == Absent()
    assert isinstance(sent, Sent)
    assert sent.ts is not None
    assert sending.look(TEAM, "C0DESK", "mine", after=sent.ts, thread=None) == Absent()


def test_replies_are_looked_for_in_their_thread(slack: FakeSlack) -> None:
    sending = poster(slack)
    parent = sending.post(letter("parent"))
    assert isinstance(parent, Sent)
    assert parent.ts is not None
    child = sending.post(letter("child", thread=parent.ts))
    assert sending.look(TEAM, "C0DESK", "child", after="0.000000", thread=None) == Absent()
    assert sending.look(TEAM, "C0DESK", "child", after="0.000000", thread=parent.ts) == child
    assert sending.look(TEAM, "C0DESK", "x", after="0.000000", thread="1.000000") == Absent()


def test_a_look_that_fails_says_nothing_of_the_message(slack: FakeSlack) -> None:
    slack.fault("conversations.history", http_status(500), times=1)
    assert isinstance(poster(slack).look(TEAM, "C0DESK", "k", after="0.000000", thread=None), Away)


def test_a_person_is_reached_in_their_direct_messages(slack: FakeSlack) -> None:
    sending = poster(slack)
    assert isinstance(sending.post(letter("k1", "U0EDITOR")), Sent)
    assert isinstance(sending.post(letter("k2", "U0EDITOR")), Sent)
    assert len(slack.messages("D0EDITOR")) == 2
    assert len(slack.calls("conversations.open")) == 1
    slack.fault("conversations.open", drop(), times=1)
    assert isinstance(sending.post(letter("k3", "U0OWNER")), Away)


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        (Channel("C0IN", "in"), Sent(None)),
        (Channel("C0OUT", "out", is_member=False), Refused(Blame.CHANNEL, "not_in_channel")),
        (Channel("C0OLD", "old", is_archived=True), Refused(Blame.CHANNEL, "is_archived")),
        (Channel("G0SECRET", "secret", kind="private", is_member=False), Refused(Blame.CHANNEL, "channel_not_found")),
    ],
)
def test_whether_the_bot_may_post(slack: FakeSlack, channel: Channel, expected: object) -> None:
    slack.add_channel(channel)
    assert poster(slack).check(TEAM, channel.id) == expected
    assert slack.messages(channel.id) == []
