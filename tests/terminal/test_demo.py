"""The conversation: on standard input as a process, and at a keyboard with a form of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bot import wiring
from bot.commands.base import Ask, Command, Request, Trouble
from bot.commands.registry import Registry, build
from bot.reply import Button, Field, FieldKind, Form, Option, Outcome, Reply
from bot.terminal import times
from bot.terminal.demo import WELCOME, Blocks, Conversation
from bot.terminal.keyboard import Commands
from bot.terminal.layout import Screen
from store import migrations
from tests.conftest import Attache

NOW = datetime(2025, 2, 22, 18, tzinfo=UTC)


# As a process.


def test_a_conversation_on_standard_input(attache: Attache, tmp_path: Path) -> None:
    lines = ["/talks next", "1", "help", "nonsense words", "77", "now 28 Feb 2025 09:00", "/talks show T-3", "quit", "/never"]
    done = attache("demo", stdin="\n".join(lines) + "\n", TMPDIR=str(tmp_path))
    assert done.status == 0, done.err
    assert done.err == ""
    for words in (
        "Four things to try", "Sat 22 Feb 2025, 18:00 UTC", "> /talks next", "T-3", "> /talks show T-3", "advance 2 days",
        "There is no command", "There is no button 77", "More became known", "Fri 28 Feb 2025, 09:00 UTC", "Istanbul",
    ):  # fmt: skip
        assert words in done.out, words
    assert "/never" not in done.out
    assert "\x1b" not in done.out
    assert list(tmp_path.iterdir()) == []


def test_what_the_welcome_advises_shows_a_window_open_warn_and_lapse(attache: Attache) -> None:
    advice = [row.strip().split("   ")[0] for row in WELCOME.splitlines() if row.startswith("  ")]
    done = attache("demo", stdin="\n".join(advice) + "\n")
    assert done.status == 0, done.err
    opened, warned, lapsed = (
        done.out.index(words) for words in ("The window is open", "The window closes in 7 days", "Did it happen? United States")
    )
    assert opened < warned
    assert opened < lapsed
    assert done.out.rindex("Did it happen?") > done.out.index("The window closes today")
    assert "I did not understand" not in done.out


def test_standard_input_may_hold_anything(attache: Attache) -> None:
    done = attache("demo", stdin="\x00\x1b[31m\n/talks next \u202e\n🕊\n" + "x" * 5000 + "\nadvance\nnow\nadvance -1 day\n0\n")
    assert done.status == 0, done.err
    assert "\x1b" not in done.out
    assert "How far?" in done.out
    assert "When?" in done.out


# At a keyboard.


def _ask(ask: Ask) -> Reply | Form:
    values = ask.request.values
    if ask.rest == "break":
        return Reply("It broke.", outcome=Outcome.FAILURE)
    if ask.rest == "card":
        asking = Button("Danger", "/note break", danger=True, confirm="Really?")
        return Reply("A card", buttons=(Button("Write", "/note"), asking), share="/note shared")
    if ask.rest == "shared":
        return Reply("Shared card")
    if values is None:
        return Form(
            "A note",
            "/note",
            (
                Field("title", "Title", value="Draft", required=True, max_length=20),
                Field("day", "Day", FieldKind.DAY),
                Field("level", "Level", FieldKind.CHOICE, options=(Option("deputy", "Deputy minister"), Option("l", "Leader"))),
                Field("topics", "Topics", FieldKind.CHOICES, "a", options=(Option("a", "Arms"), Option("b", "Border"))),
            ),
            unread=("wibble",),
            context={"version": "3"},
        )
    if values["title"] == "wrong":
        fields = (Field("title", "Title", value="wrong", error="There is one of that name."), Field("day", "Day", value="x"))
        return Form("A note", "/note", fields, context=ask.request.context or {})
    if values["title"] == "trouble":
        raise Trouble("That will not do.")
    return Reply(f"Noted {sorted(values.items())} {ask.request.context} at {ask.now:%d %b %H:%M}")


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    migrations.migrate(tmp_path / "a.db", now=NOW)
    store = migrations.open_store(tmp_path / "a.db")
    command = Command("/note", "write", "/note", "Writes a note.", ("/note write",), _ask, default=True)
    other = Command("/note", "wave", "/note wave", "Waves.", ("/note wave",), _ask)
    yield build(store, [("/note", "notes", lambda: [command, other])])
    store.close()


class Desk:
    """A conversation with the keyboard's lines given beforehand."""

    def __init__(self, registry: Registry) -> None:
        self.said: list[str] = []
        self.typed: list[str] = []
        self.clock = wiring.Clock(NOW)
        request = Request("local", "local", "local", "", NOW)
        self.talk = Conversation(registry, self.clock, wiring.on_screen, request, Screen(200), self.said.append, self._ask)

    def _ask(self, question: str, _: str) -> str:
        self.said.append(question)
        if not self.typed:
            raise EOFError
        return self.typed.pop(0)

    def hear(self, line: str, *typed: str) -> str:
        self.said.clear()
        self.typed = list(typed)
        assert self.talk.hear(line)
        assert self.typed == []
        return "\n".join(self.said)


@pytest.fixture
def desk(registry: Registry) -> Desk:
    return Desk(registry)


def test_a_form_is_filled_field_by_field(desk: Desk) -> None:
    text = desk.hear("/note", "", "2025-02-27", "1", "1, Border", "")
    assert "Not understood: wibble" in text
    assert "Title [Draft]: " in text
    assert "('day', '2025-02-27'), ('level', 'deputy'), ('title', 'Draft'), ('topics', 'a,b')" in text
    assert "{'version': '3'} at 22 Feb 18:00" in text


def test_what_cannot_be_right_is_asked_again(desk: Desk) -> None:
    text = desk.hear("/note", "-", "x" * 21, "Short", "tomorrow", "", "minister", "leader", "-", "y")
    for words in ("This is needed.", "At most 20 characters", "A day is written like", "One of: Deputy minister, Leader"):
        assert words in text
    assert "('day', ''), ('level', 'l'), ('title', 'Short'), ('topics', '')" in text


def test_only_the_field_in_error_is_asked_again(desk: Desk) -> None:
    text = desk.hear("/note", "wrong", "", "", "", "", "right", "")
    assert "! There is one of that name." in text
    assert "('title', 'right')" in text
    assert "{'version': '3'}" in text


def test_a_form_can_be_left(desk: Desk) -> None:
    assert "Nothing was recorded." in desk.hear("/note", "x", ".")
    assert "Nothing was recorded." in desk.hear("/note", "x", "", "", "", "n")
    with pytest.raises(EOFError):
        desk.hear("/note", "x")


def test_trouble_in_a_form_is_told(desk: Desk) -> None:
    assert "That will not do." in desk.hear("/note", "trouble", "", "", "", "")
    assert not desk.talk.failed


def test_buttons_are_pressed_by_number(desk: Desk) -> None:
    assert "the last answer has none" in desk.hear("1")
    assert "[1] Write   [2] Danger   [3] Share in channel" in desk.hear("/note card")
    assert "There is no button 4: there are 3." in desk.hear("4")
    assert "Nothing was done." in desk.hear("2", "no")
    assert not desk.talk.failed
    assert "Everyone in the channel now sees:\nShared card" in desk.hear("3")
    assert "It broke." in desk.hear("2", "y")
    assert desk.talk.failed


class Bell:
    """Rings at noon every day, and says when it rang."""

    def __init__(self) -> None:
        self.rang: list[datetime] = []

    def next_after(self, moment: datetime) -> datetime:
        noon = moment.replace(hour=12, minute=0)
        return noon if noon > moment else noon + timedelta(days=1)

    def happen(self, now: datetime) -> list[Blocks]:
        if now.hour != 12:
            return []
        self.rang.append(now)
        return [wiring.on_screen(Reply(f"Rang {len(self.rang)}"))]


def test_an_answer_longer_than_a_message_is_all_there_with_its_buttons_last(attache: Attache) -> None:
    done = attache("demo", stdin="/talks brief T-4 full\n1\nquit\n")
    assert done.status == 0, done.err
    answer = done.out.partition("> /talks brief T-4 full")[2]
    whole, _, pressed = answer.partition("[1] Show T-4")
    assert "Mentions neither sovereignty nor territorial integrity." in whole
    assert "Sources  1 UAWire" in whole
    assert "There is more than fits here" not in whole
    assert "> /talks show T-4" in pressed


def test_the_clock_steps_through_what_falls_due(desk: Desk) -> None:
    bell = Bell()
    desk.talk.happenings.append(bell)
    text = desk.hear("advance 2 days 1 hour")
    assert [moment.day for moment in bell.rang] == [23, 24]
    assert text.splitlines() == [
        "— Sun 23 Feb 2025, 12:00 UTC —", "Rang 1", "— Mon 24 Feb 2025, 12:00 UTC —", "Rang 2", "— Mon 24 Feb 2025, 19:00 UTC —"
    ]  # fmt: skip
    assert "only moves forward" in desk.hear("now 1 Jan 2025")
    assert desk.clock.now() == datetime(2025, 2, 24, 19, tzinfo=UTC)


class Asking(Bell):
    """Asks with a button at the first noon; after that it only says that it rang."""

    def happen(self, now: datetime) -> list[Blocks]:
        rang = super().happen(now)
        return [wiring.on_screen(Reply("Well?", buttons=(Button("Write", "/note"),)))] if len(self.rang) == 1 else rang


def test_what_falls_due_at_the_end_stands_under_its_own_time(desk: Desk) -> None:
    desk.talk.happenings.append(Bell())
    desk.talk.hear("now 24 Feb 2025 12:00")
    shown = [words for words in desk.said if "12:00 UTC" in words or "Rang" in words]
    assert [("Sun 23" in shown[0]), ("Rang 1" in shown[1]), ("Mon 24" in shown[2]), ("Rang 2" in shown[3])] == [True] * 4
    assert len(shown) == 4


def test_a_message_without_buttons_leaves_those_before_it(desk: Desk) -> None:
    desk.talk.happenings.append(Asking())
    desk.talk.hear("advance 3 days")
    desk.typed = ["."]
    desk.talk.hear("1")
    assert any("> /note" in words for words in desk.said)


@pytest.mark.parametrize("word", ["quit", "exit", "QUIT "])
def test_quit_ends(desk: Desk, word: str) -> None:
    assert not desk.talk.hear(word)


def test_nothing_typed_is_nothing_said(desk: Desk) -> None:
    assert desk.hear("  ") == ""


def test_commands_are_completed(registry: Registry) -> None:
    completer = Commands(registry.commands)

    def offered(typed: str) -> list[str]:
        return [each.text for each in completer.get_completions(Document(typed), CompleteEvent())]

    assert offered("/n") == ["/note "]
    assert offered("no") == ["/note ", "now "]
    assert offered("/note w") == ["write", "wave"]
    assert offered("/note he") == ["help"]
    assert offered("/note wave x") == []
    assert offered("adv") == ["advance "]


# The clock's words.


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ("2 days", timedelta(days=2)),
        ("a week", timedelta(weeks=1)),
        ("1 week, 2 days and 3 hours", timedelta(days=9, hours=3)),
        ("90min", timedelta(minutes=90)),
        ("1d", timedelta(days=1)),
    ],
)
def test_how_far(words: str, step: timedelta) -> None:
    assert times.advanced(NOW, words) == NOW + step


@pytest.mark.parametrize("words", ["", "days", "2", "2 moons", "-1 day", "99999 weeks", "2 days please", "1.5 days"])
def test_how_far_is_asked(words: str) -> None:
    with pytest.raises(ValueError, match="For example"):
        times.advanced(NOW, words)


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("27 Feb 2025 08:00", datetime(2025, 2, 27, 8, tzinfo=UTC)),
        ("27 february 2025", datetime(2025, 2, 27, tzinfo=UTC)),
        ("27 Feb", datetime(2025, 2, 27, tzinfo=UTC)),
        ("2025-02-27T08:00+01:00", datetime(2025, 2, 27, 7, tzinfo=UTC)),
        ("23:30", datetime(2025, 2, 22, 23, 30, tzinfo=UTC)),
    ],
)
def test_to_when(words: str, moment: datetime) -> None:
    assert times.moment(words, NOW) == moment


@given(st.text(), st.sampled_from([times.advanced, lambda now, words: times.moment(words, now)]))
def test_any_words_move_the_clock_or_say_why_not(words: str, read: Callable[[datetime, str], datetime]) -> None:
    try:
        found = read(NOW, words)
    except ValueError as problem:
        said = str(problem)
    else:
        said = f"For example, {found:%Z}"
    assert said.count("For example") == 1
    assert "UTC" in said or said.startswith(("How far?", "When?", "That is too far"))


def test_the_clock_itself() -> None:
    clock = wiring.Clock(NOW)
    with pytest.raises(ValueError, match="forward"):
        clock.move(NOW - timedelta(seconds=1))
    with pytest.raises(ValueError, match="zone"):
        clock.move(NOW.replace(tzinfo=None))
    real = wiring.Clock()
    with pytest.raises(ValueError, match="real"):
        real.move(NOW)
    assert real.now().tzinfo is UTC
    assert real.now().microsecond == 0
