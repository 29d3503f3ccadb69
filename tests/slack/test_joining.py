"""Being invited: what was held up in a channel goes out once the bot is let in, and for nobody else's joining."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs.sweep import Sweeper
from bot.slack.poster import SlackPoster, posting_client
from store import orders, outbox
from store.database import Store
from store.records import Rhythm, Watch
from tests.doubles.door import Door
from tests.doubles.doors import HttpDoor
from tests.doubles.slack import FakeSlack
from tests.doubles.state import BOT_USER, TEAM, Channel
from tests.payloads.events import member_joined_channel
from tests.slack.small import NOW, Bot, Small, new_store, over_http, over_socket

FAR = "C0FAR"


@pytest.fixture
def bot(tmp_path: Path, slack: FakeSlack) -> Iterator[Bot]:
    store = new_store(tmp_path)
    slack.add_channel(Channel(FAR, "far", is_member=False))
    with store.write(TEAM, actor="U0EDITOR", now=NOW - timedelta(days=1)) as session:
        at = f"{NOW - timedelta(minutes=5):%H:%M}"
        orders.save_watch(session, Watch(0, FAR, "U0EDITOR", "UTC", Rhythm.DAILY, None, at))
    yield Bot(Small(), store, slack)
    store.close()


@pytest.fixture(params=["http", "socket"])
def door(request: pytest.FixtureRequest, bot: Bot) -> Iterator[Door]:
    with over_http(bot) if request.param == "http" else over_socket(bot) as door:
        yield door


@pytest.fixture
def http(bot: Bot) -> Iterator[HttpDoor]:
    with over_http(bot) as door:
        assert isinstance(door, HttpDoor)
        yield door


def sweep(bot: Bot) -> None:
    client = posting_client(bot.slack.bot_token, bot.slack.base_url, timeout=2)
    with closing(Sweeper(bot.store, SlackPoster(lambda _: client))) as sweeper:
        sweeper.deliver_due(NOW)


def held(store: Store, team: str = TEAM) -> bool:
    with store.read(team) as session:
        hold = outbox.hold_on(session, team, FAR)
        return hold is not None and hold.until > NOW


def checks(store: Store, channel: str) -> int:
    with store.read(TEAM) as session:
        sql = "SELECT count(*) FROM post WHERE team_id = :team AND channel = :channel AND kind = 'check' AND state = 'planned'"
        return int(session.value(sql, channel=channel) or 0)


def test_what_was_held_up_goes_out_when_the_bot_is_invited(door: Door, bot: Bot) -> None:
    sweep(bot)
    assert held(bot.store)
    assert bot.slack.messages(FAR) == []
    bot.slack.add_channel(Channel(FAR, "far"))
    sweep(bot)
    assert bot.slack.messages(FAR) == []  # held, until somebody says that it is over
    event = member_joined_channel(user=BOT_USER, channel=FAR, ts="1740240000.000100")
    door.event(event, event_id="Ev1")
    assert not held(bot.store)
    sweep(bot)
    assert len(bot.slack.messages(FAR)) == 1
    with bot.store.write(TEAM, actor="test", now=NOW) as session:
        outbox.hold(session, TEAM, FAR, timedelta(hours=1), "is_archived")
    door.event(event, event_id="Ev1")
    assert held(bot.store)  # the same delivery once more


def test_others_joining_is_no_affair_of_ours(door: Door, bot: Bot) -> None:
    sweep(bot)
    door.event(member_joined_channel(user="U0EDITOR", channel=FAR, ts="1740240000.000100"))
    assert held(bot.store)


def test_a_channel_with_no_orders_is_left_alone(door: Door, bot: Bot) -> None:
    door.event(member_joined_channel(user=BOT_USER, channel="C0DESK", ts="1740240000.000100"))
    assert checks(bot.store, "C0DESK") == 0
    with bot.store.write(TEAM, actor="test", now=NOW) as session:
        session.execute("UPDATE post SET state = 'dropped' WHERE channel = :far", far=FAR)
    door.event(member_joined_channel(user=BOT_USER, channel=FAR, ts="1740240000.000100"))
    assert checks(bot.store, FAR) == 1


def test_an_organisations_channels_are_its_own(http: HttpDoor, bot: Bot) -> None:
    with bot.store.write("E0ORG", actor="U0EDITOR", now=NOW) as session:
        orders.save_watch(session, Watch(0, FAR, "U0EDITOR", "UTC"))
        outbox.hold(session, "E0ORG", FAR, timedelta(hours=1), "not_in_channel")
    us = {"enterprise_id": "E0ORG", "team_id": None, "user_id": BOT_USER, "is_bot": True, "is_enterprise_install": True}
    body = {
        "type": "event_callback", "team_id": TEAM, "event_id": "Ev2", "authorizations": [us],
        "event": member_joined_channel(user=BOT_USER, channel=FAR, ts="1740240000.000100"),
    }  # fmt: skip
    assert http.deliver("events_api", body).status == 200
    assert not held(bot.store, "E0ORG")


@pytest.mark.parametrize("missing", ["user", "channel", "event_id", "authorizations"])
def test_an_event_that_lacks_something_changes_nothing(http: HttpDoor, bot: Bot, missing: str) -> None:
    sweep(bot)
    us = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True, "is_enterprise_install": False}
    event = member_joined_channel(user=BOT_USER, channel=FAR, ts="1740240000.000100")
    body = {"type": "event_callback", "team_id": TEAM, "event_id": "Ev3", "authorizations": [us], "event": event}
    event.pop(missing, None)
    body.pop(missing, None)
    assert http.deliver("events_api", body).status == (200 if missing == "authorizations" else 400)
    assert held(bot.store)


def test_the_request_url_of_events_can_be_verified(http: HttpDoor) -> None:
    assert http.verify_url()
