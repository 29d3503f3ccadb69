"""Every subcommand's record: its examples work, its help says so, and no input gets a traceback or silence."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.base import Command, Request, Role
from bot.commands.catalog import groups
from bot.commands.registry import Registry, build
from bot.reply import Form, Outcome, Reply
from bot.slack.render import plain_text, render
from store.database import Store
from tests.commands.conftest import NOW, Asker

COMMANDS = [command for _, _, make in groups() for command in make()]
EXAMPLES = [(command, example) for command in COMMANDS for example in command.examples]


@pytest.mark.parametrize(("command", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_examples_work_on_the_starter_facts(registry: Registry, command: Command, example: str) -> None:
    answer = registry.answer(Request("local", "U1", "C1", example, NOW, may=Role.ADMIN))
    if isinstance(answer, Reply):
        assert answer.outcome is Outcome.ANSWER
        assert "I did not understand" not in render(answer).text
        assert "nothing on record" not in answer.headline
    else:
        assert answer.fields


@pytest.mark.parametrize("slash", sorted({command.slash for command in COMMANDS}))
def test_help_names_every_subcommand(ask: Asker, slash: str) -> None:
    body = render(ask(f"{slash} help")).text
    for command in COMMANDS:
        if command.slash == slash:
            assert command.usage in body


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.name], ids=lambda c: f"{c.slash} {c.name}")
def test_help_on_one_subcommand_gives_its_examples(ask: Asker, command: Command) -> None:
    body = render(ask(f"{command.slash} help {command.name}")).text
    for example in command.examples:
        assert example in body


def test_names_used_twice_are_refused(store: Store) -> None:
    twice = (COMMANDS[0], COMMANDS[0])
    with pytest.raises(ValueError, match="used twice"):
        build(store, [("/talks", "", lambda: twice)])


@given(words=st.text(max_size=80), lead=st.sampled_from([f"{c.slash} {c.name}".strip() for c in COMMANDS] + ["", "/", "/nope"]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_get_an_answer(registry: Registry, lead: str, words: str) -> None:
    answer = registry.answer(Request("local", "U1", "C1", f"{lead} {words}", NOW, may=Role.ADMIN))
    if isinstance(answer, Form):
        assert answer.fields
    else:
        assert answer.headline
        assert answer.outcome is not Outcome.FAILURE


@pytest.mark.parametrize("words", ["help", "/help", "/", ""])
def test_help_alone_lists_every_command(registry: Registry, words: str) -> None:
    answer = registry.answer(Request("local", "U1", "C1", words, NOW))
    assert isinstance(answer, Reply)
    assert answer.outcome is Outcome.ANSWER
    assert [button.command for button in answer.buttons] == [f"{slash} help" for slash in registry.slashes()]


def test_a_command_with_a_slip_is_suggested(registry: Registry) -> None:
    answer = registry.answer(Request("local", "U1", "C1", "/talkz next", NOW))
    assert isinstance(answer, Reply)
    assert answer.outcome is Outcome.NOT_UNDERSTOOD
    assert "Did you mean /talks?" in plain_text(answer)


def test_help_after_a_subcommand_is_about_it(registry: Registry) -> None:
    after, before = (registry.answer(Request("local", "U1", "C1", f"/talks {w}", NOW)) for w in ("show help", "help show"))
    assert after == before


@pytest.mark.parametrize("words", ["/talks\tshow\tT-2", "/talks show\nT-2", "/talks\nshow T-2"])
def test_any_space_parts_words(registry: Registry, words: str) -> None:
    answer = registry.answer(Request("local", "U1", "C1", words, NOW))
    assert isinstance(answer, Reply)
    assert answer.headline.startswith("T-2")
