"""What a message says, whoever wrote it and wherever it stands; and what was typed, out of what Slack sends."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.base import Role
from bot.slack import quoted
from bot.slack.incoming import Sender, typed
from bot.slack.people import Person
from bot.slack.standing import role

RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Ministers to meet "},
                {"type": "link", "url": "https://a.example/x", "text": "in March"},
                {"type": "user", "user_id": "U1"},
                {"type": "emoji", "name": "wave"},
            ],
        }
    ],
}


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"text": "US and Russia to meet"}, "US and Russia to meet"),
        ({"text": "", "blocks": [RICH]}, "Ministers to meet  <https://a.example/x|in March> <@U1>"),
        ({"text": "plain", "blocks": [RICH]}, "plain"),
        (
            {"text": "", "attachments": [{"fallback": "f", "title": "T", "text": "B", "title_link": "https://a.example/x"}]},
            "T\nB\nhttps://a.example/x",
        ),
        ({"text": "", "attachments": [{"fallback": "only this"}]}, "only this"),
        ({"text": "same", "attachments": [{"text": "same"}]}, "same"),
        ({"text": "", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*In* a section"}}]}, "*In* a section"),
        ({"text": "", "blocks": [{"type": "actions", "elements": [{"type": "button", "text": {"text": "Press"}}]}]}, ""),
        ({}, ""),
    ],
)
def test_what_a_message_says(message: dict[str, Any], words: str) -> None:
    assert quoted.words(message) == words


def test_who_wrote_it() -> None:
    assert quoted.author({"bot_profile": {"name": "Wire"}, "username": "wire-bot", "user": "U1"}) == ("Wire", "")
    assert quoted.author({"username": "wire-bot"}) == ("wire-bot", "")
    assert quoted.author({"user": "U1"}) == ("", "U1")
    assert quoted.author({}) == ("", "")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "attachments", "blocks", "url", "title"]), inner, max_size=4
        )
    ),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.sampled_from(["text", "blocks", "attachments", "user", "bot_profile", "username"]), JSON))
def test_any_message_can_be_read(message: dict[str, Any]) -> None:
    assert len(quoted.words(message)) <= quoted.MOST
    assert quoted.author(message)


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("Fish &amp; &lt;chips&gt;", "Fish & <chips>"),
        ("editors <@U123|ingrid> <@W9>", "editors <@U123> <@W9>"),
        ("in <#C1|foreign-desk>", "in #foreign-desk"),
        ("see <https://a.example/x?a=1&amp;b=2|here>", "see https://a.example/x?a=1&b=2"),
        ("<!subteam^S1|@desk> <!here>", "@desk !here"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_what_was_typed(sent: str, meant: str) -> None:
    assert typed(sent) == meant


@pytest.mark.parametrize(
    ("sender", "person", "expected"),
    [
        ({}, None, Role.UNKNOWN),
        ({}, Person(), Role.UNKNOWN),
        ({}, Person(told=True, teams=("T1",)), Role.MEMBER),
        ({}, Person(told=True, teams=("T1",), admin=True), Role.ADMIN),
        ({}, Person(told=True, teams=("T1",), guest=True, admin=True), Role.GUEST),
        ({}, Person(told=True, teams=("T2",)), Role.FOREIGN),
        ({}, Person(told=True, teams=("T2", "E1", "T1")), Role.MEMBER),
        ({}, Person(told=True, teams=("T1",), stranger=True), Role.FOREIGN),
        ({"outsider": True}, Person(told=True, teams=("T1",), admin=True), Role.FOREIGN),
    ],
)
def test_what_somebody_is_here(sender: dict[str, bool], person: Person | None, expected: Role) -> None:
    assert role(Sender("T1", "U1", "C1", "", "", **sender), person) is expected
