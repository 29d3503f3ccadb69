"""Recording through Slack: who may on whose word, shortcuts, every write once, forms that outlive what they show."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import wiring
from bot.config import read_settings
from bot.slack import forms, people
from store import changes, migrations, starter, talks
from store.database import Store
from store.records import Status, Talks
from tests.doubles import faults
from tests.doubles.door import Door
from tests.doubles.slack import FakeSlack
from tests.doubles.state import TEAM, Message, View
from tests.slack.small import NOW, Bot, Small, over_http, over_socket


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("facts") / "attache.db"
    migrations.migrate(path, now=NOW)
    store = migrations.open_store(path)
    for team in (TEAM, "T0ELSEWHERE"):
        starter.apply(store, team, NOW, wiring.window_reader(read_settings({}, slack=False)))
    store.close()
    return path


@pytest.fixture
def bot(facts: Path, tmp_path: Path, slack: FakeSlack) -> Iterator[Bot]:
    shutil.copy(facts, tmp_path / "attache.db")
    store = migrations.open_store(tmp_path / "attache.db")
    yield Bot(Small(), store, slack, wiring.registry(store))
    store.close()


@pytest.fixture(params=["http", "socket"])
def door(request: pytest.FixtureRequest, bot: Bot) -> Iterator[Door]:
    with over_http(bot) if request.param == "http" else over_socket(bot) as door:
        yield door


@pytest.fixture
def http(bot: Bot) -> Iterator[Door]:
    with over_http(bot) as door:
        yield door


def on_record(store: Store, number: int, team: str = TEAM) -> Talks:
    with store.read(team) as session:
        return talks.get(session, number)


def written(store: Store, team: str = TEAM) -> int:
    with store.read(team) as session:
        return int(session.value("SELECT count(*) FROM revision WHERE team_id = :team") or 0)


def opened(bot: Bot) -> View:
    bot.settle()
    return bot.slack.top_view


def shown(view: View) -> dict[str, Any]:
    """What the fields of a form show."""
    found = {}
    for block in view.body["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            initial = (
                element.get("initial_value") or element.get("initial_date") or element.get("initial_option", {}).get("value")
            )
            found[element["action_id"]] = initial or ""
    return found


def last(bot: Bot, user: str = "U0EDITOR") -> str:
    bot.settle()
    return bot.slack.ephemerals(user)[-1].text


# From a command to a record.


def test_a_sentence_becomes_a_form_and_the_form_a_record(door: Door, bot: Bot) -> None:
    assert door.command("/talks add Türkiye and Armenia, ministers, 10 March in Vienna https://example.org/x").message is None
    view = opened(bot)
    assert shown(view)["sides"] == "Türkiye: minister; Armenia: minister"
    door.submit(view, {"title": "Border talks"})
    assert not view.open
    assert last(bot).startswith("Recorded: T-")
    number = int(last(bot).split("T-")[1].split()[0])
    with bot.store.read(TEAM) as session:
        (revision,) = changes.of_record(session, talks.KIND, talks.get(session, number).key)
    assert revision.actor == "U0EDITOR"
    assert not bot.slack.complaints


def test_a_button_undoes_it(door: Door, bot: Bot) -> None:
    door.command("/talks cancel T-3 no room")
    assert last(bot).startswith("Cancelled: T-3")
    card = bot.slack.ephemerals("U0EDITOR")[-1]
    door.click(card, "run:0")
    assert last(bot).startswith("Undone: T-3")
    assert on_record(bot.store, 3).status is Status.PLANNED


def test_steps_by_button_open_their_forms(door: Door, bot: Bot) -> None:
    card = door.command("/talks show T-3").message
    assert card is not None
    button = next(e for b in card.blocks if b["type"] == "actions" for e in b["elements"] if e["value"] == "/talks held T-3")
    door.click(card, button["action_id"])
    view = opened(bot)
    assert view.body["title"]["text"] == "Held T-3"
    door.submit(view, {"outcome": "First steps."})
    assert on_record(bot.store, 3).outcome == ("First steps.",)


def test_errors_stand_on_their_fields(door: Door, bot: Bot) -> None:
    door.command("/talks edit T-3")
    view = opened(bot)
    before = written(bot.store)
    wrong = door.submit(view, {"window": "5 March to 1 March", "sources": "UAWire", "after": "T-3"}).errors
    assert {name.split(":")[1] for name in wrong} == {"window", "sources"}
    assert view.open
    assert written(bot.store) == before


# Who may, on Slack's word.


@pytest.mark.parametrize(("user", "words"), [("U0GUEST", "Guests read"), ("U0SINGLE", "Guests read")])
def test_guests_read(door: Door, bot: Bot, user: str, words: str) -> None:
    assert door.command("/talks next", user=user).message is not None
    for line in ("/talks add", "/talks cancel T-3 no", "/position add", "/talks undo T-3"):
        door.command(line, user=user)
        assert words in last(bot, user)
    assert on_record(bot.store, 3).status is Status.PLANNED


def test_members_of_other_workspaces_read(http: Door, bot: Bot) -> None:
    http.command("/talks cancel T-3 no", user="U0OUTSIDE", channel="C0SHARED")
    assert "other workspaces read" in last(bot, "U0OUTSIDE")
    message = bot.slack.say("US and Russia to meet", channel="C0SHARED")
    http.message_shortcut("record_talks", message, user="U0OUTSIDE")
    bot.settle()
    assert bot.slack.views == []
    assert on_record(bot.store, 3).status is Status.PLANNED


def test_who_became_a_guest_overnight_cannot_send_the_form(http: Door, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "VOUCHED_SECONDS", 0.4)
    http.command("/talks edit T-3")
    view = opened(bot)
    state = bot.slack.state
    state.users["U0EDITOR"] = replace(state.users["U0EDITOR"], is_restricted=True)
    time.sleep(0.5)
    before = written(bot.store)
    http.submit(view, {"title": "Mine"})
    assert view.open
    assert "Guests read" in str(view.body["blocks"])
    assert written(bot.store) == before


def test_when_slack_does_not_say_who_it_is_nothing_is_recorded(http: Door, bot: Bot) -> None:
    bot.slack.fault("users.info", faults.error("internal_error"))
    before = written(bot.store)
    http.command("/talks cancel T-3 no room")
    assert "Slack did not say just now who you are" in last(bot)
    assert written(bot.store) == before
    bot.slack.clear_faults()
    http.command("/talks cancel T-3 no room")
    assert last(bot).startswith("Cancelled: T-3")


def test_a_submission_waits_for_slack_only_so_long(http: Door, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "VOUCHED_SECONDS", 0.4)
    http.command("/talks edit T-3")
    view = opened(bot)
    time.sleep(0.5)
    bot.slack.fault("users.info", faults.hang(2.0), times=1)
    started = time.monotonic()
    http.submit(view, {"title": "Mine"})
    assert time.monotonic() - started < 2.5
    assert "Slack did not say just now who you are" in str(view.body["blocks"])
    bot.settle()
    http.submit(view, {"title": "Mine"})
    assert on_record(bot.store, 3).title == "Mine"


def test_admins_name_editors(http: Door, bot: Bot) -> None:
    http.command("/talks editors <@U0READER|tomas>")
    assert "Only admins" in last(bot)
    http.command("/talks editors <@U0READER|tomas>", user="U0ADMIN")
    assert "Only named editors may now record." in last(bot, "U0ADMIN")
    http.command("/talks add")
    assert "only its named editors record" in last(bot)
    http.command("/talks cancel T-3 no", user="U0READER")
    assert last(bot, "U0READER").startswith("Cancelled")
    assert not bot.slack.mentions


# Shortcuts.


def test_a_message_becomes_talks_with_its_source(door: Door, bot: Bot) -> None:
    message = bot.slack.say("Türkiye and Armenia will meet within two weeks, *Fidan* said. <https://example.org/news|More>")
    door.message_shortcut("record_talks", message)
    view = opened(bot)
    values = shown(view)
    assert "Türkiye" in values["sides"]
    assert "Armenia" in values["sides"]
    first, *others = values["sources"].split("\n")
    assert first.startswith("ingrid https://")
    assert "https://example.org/news" in others
    assert values["stated_on"]
    assert "From a message by ingrid" in str(view.body["blocks"])
    door.submit(view)
    bot.settle()
    assert any("Recorded: T-" in m.text for m in bot.slack.ephemerals("U0EDITOR"))


def test_a_news_bot_says_it_in_attachments(http: Door, bot: Bot) -> None:
    message = Message("C0DESK", "", "", user="U0NEWSBOT", via="person")
    bot.slack.state.keep(message)
    body = message.shown() | {
        "bot_profile": {"name": "Wire Service"},
        "attachments": [{"title": "Armenia, Türkiye ministers to meet on 10 March", "title_link": "https://wire.example/1"}],
    }
    message.shown = lambda **_: body  # type: ignore[method-assign]
    http.message_shortcut("record_talks", message)
    values = shown(opened(bot))
    assert values["sides"].count("minister") == 2
    assert values["sources"].startswith("Wire Service https://")
    assert "https://wire.example/1" in values["sources"]


def test_a_message_becomes_a_position(http: Door, bot: Bot) -> None:
    http.message_shortcut("record_position", bot.slack.say("Russia opposes NATO troops in Ukraine, Lavrov said"))
    values = shown(opened(bot))
    assert values["party"] == "Russia"
    assert values["stance"] == "opposes"


def test_without_a_link_the_form_says_so(http: Door, bot: Bot) -> None:
    bot.slack.fault("chat.getPermalink", faults.error("message_not_found"))
    http.message_shortcut("record_talks", bot.slack.say("US and Russia to meet"))
    assert "Slack gave no link to it" in str(opened(bot).body["blocks"])


@pytest.mark.parametrize(("shortcut", "title"), [("new_talks", "Record talks"), ("new_position", "Record a position")])
def test_from_anywhere(door: Door, bot: Bot, shortcut: str, title: str) -> None:
    door.global_shortcut(shortcut)
    assert opened(bot).body["title"]["text"] == title


def test_a_refusal_from_anywhere_comes_as_a_message(http: Door, bot: Bot) -> None:
    http.global_shortcut("new_talks", user="U0GUEST")
    bot.settle()
    assert any("Guests read" in m.text for m in bot.slack.messages())


# Once, and never after Slack has given up.


def test_a_submission_delivered_twice_writes_once(bot: Bot) -> None:
    with over_socket(bot) as door:
        door.command("/talks edit T-3")
        view = opened(bot)
        before = written(bot.store)
        door.submit(view, {"title": "Mine"}, times=2)
        bot.settle()
    assert written(bot.store) == before + 1


def test_a_command_delivered_twice_writes_once(bot: Bot) -> None:
    with over_socket(bot) as door:
        door.command("/talks next")
        bot.settle()
        before = written(bot.store)
        door.command("/talks postpone T-3 to 20 March because of illness", times=2, strict=False)
        bot.settle()
    assert written(bot.store) == before + 1


def test_a_form_answered_from_two_screens(http: Door, bot: Bot) -> None:
    http.command("/talks edit T-3")
    mine = opened(bot)
    http.command("/talks edit T-3", user="U0READER")
    his = opened(bot)
    http.submit(his, {"place": "Geneva"})
    assert not his.open
    http.submit(mine, {"title": "Mine", "agenda": "one\ntwo"})
    assert mine.open
    assert "changed while this form was open" in str(mine.body["blocks"])
    assert (shown(mine)["title"], shown(mine)["agenda"], shown(mine)["place"]) == ("Mine", "one\ntwo", "Geneva, Switzerland")
    http.submit(mine)
    record = on_record(bot.store, 3)
    assert (record.title, record.place.city) == ("Mine", "Geneva")


def test_forged_forms_are_refused_with_nothing_written(http: Door, bot: Bot) -> None:
    http.command("/talks edit T-3")
    view = opened(bot)
    before, elsewhere = written(bot.store), written(bot.store, "T0ELSEWHERE")
    http.submit(view, raw_state={})
    assert "came back without" in str(view.body["blocks"])
    extra = {f"0:{name}": {name: {"type": "plain_text_input", "value": value}} for name, value in shown(view).items()}
    http.submit(view, raw_state=extra | {"x": {"number": {"type": "plain_text_input", "value": "1"}}})
    assert "fields it does not have" in str(view.body["blocks"])
    origin = forms.unpacked(view.body["private_metadata"])
    theirs = replace(origin, context={**origin.context, "team": "T0ELSEWHERE"}).packed()
    http.submit(view, changed={"private_metadata": theirs})
    assert "another workspace" in str(view.body["blocks"])
    assert (written(bot.store), written(bot.store, "T0ELSEWHERE")) == (before, elsewhere)


def test_an_expired_trigger_is_explained(http: Door, bot: Bot) -> None:
    bot.slack.fault("views.open", faults.error("expired_trigger_id"))
    http.command("/talks add")
    assert "Slack took too long to open the form" in last(bot)
