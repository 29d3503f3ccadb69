"""A conversation with the bot in a terminal: commands, buttons by number, forms field by field, and a clock that moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from bot.commands.base import Request
from bot.commands.registry import Registry
from bot.reply import Form, Outcome, Reply
from bot.terminal import times
from bot.terminal.forms import fill
from bot.terminal.layout import Screen
from bot.terminal.mrkdwn import Run, Style, safe
from bot.terminal.pictures import keep
from bot.terminal.render import Drawing, drawing

Blocks = Sequence[dict[str, Any]]
Ask = Callable[[str, str], str]
"""Asks for a line: what to show, and what is filled in already. Raises EOFError when there is nobody to ask any more."""

WELCOME = """\
Attaché remembers who meets whom, when, at what level, and who stands where.
This is a throwaway copy of its starter facts; nothing you do here is kept. Four things to try:
  /talks remind 7d, 1d, 2h   have this channel told before talks open, close and lapse
  advance 15 days            let time pass, and watch what the channel is told on the way
  /talks next                what comes next, and on whose word
  /position russia nato      where a party stands, who replied, and what is disputed
A number presses a button. help lists everything, quit ends."""

CLOCK_HELP = (
    ("advance 2 days", "let time pass (minutes, hours, days, weeks)"),
    ("now 27 Feb 2025 08:00", "move the clock forward to a day or a moment, in UTC"),
    ("1, 2, …", "press the button of that number under the last answer"),
    ("quit", "end"),
)


class MovableClock(Protocol):
    def now(self) -> datetime: ...

    def move(self, to: datetime) -> None: ...


class Happening(Protocol):
    """Something that time brings about while the clock moves: later facts, posts that fall due."""

    def next_after(self, moment: datetime) -> datetime | None:
        """When it next has something to do, after a moment; None when it has nothing in sight."""

    def happen(self, now: datetime) -> Sequence[Blocks]:
        """Does what is due at `now` and gives the messages to show, as Block Kit."""


@dataclass(slots=True)
class Conversation:
    """One person at a keyboard, or a script on standard input.

    `present` gives the Block Kit that Slack would get for a reply; `say` prints; `ask` reads one line. `request` is the
    pattern for every request: workspace, person, channel, zone. Later releases add to `happenings`.
    """

    registry: Registry
    clock: MovableClock
    present: Callable[[Reply], Blocks]
    request: Request
    screen: Screen
    say: Callable[[str], None]
    ask: Ask
    happenings: list[Happening] = field(default_factory=list)
    failed: bool = False
    """Whether anything failed that was not the person's doing."""
    _buttons: list[dict[str, Any]] = field(default_factory=list)

    def welcome(self) -> None:
        self.say(WELCOME)
        self.tell_time()

    def tell_time(self) -> None:
        self.say(self.screen.paint([Run(f"— {times.shown(self.clock.now())} —", Style.DIM)]))

    def hear(self, words: str) -> bool:
        """Answers one line. Gives False when the person wants to end. Raises EOFError if a form is left unfinished."""
        words = words.strip()
        first, _, rest = words.partition(" ")
        match first.casefold():
            case "":
                return True
            case "quit" | "exit" | "bye":
                return False
            case "help" | "?":
                self._help()
            case "advance":
                self._move(lambda: times.advanced(self.clock.now(), rest))
            case "now":
                self._move(lambda: times.moment(rest, self.clock.now()))
            case number if number.isascii() and number.isdigit() and not rest:
                self._press(int(number[:6]))
                self._arrive(self.clock.now())
            case _:
                self._show(self._answer(words))
                self._arrive(self.clock.now())
        return True

    def _arrive(self, now: datetime, *, tell: bool = False) -> bool:
        """Shows what the channel gets at this moment; with the time before it, if `tell`. True if there was anything.

        A message without buttons leaves those of the message before it to be pressed.
        """
        messages = [blocks for each in self.happenings for blocks in each.happen(now)]
        if messages and tell:
            self.tell_time()
        for blocks in messages:
            had = self._buttons
            self._draw(blocks)
            self._buttons = self._buttons or had
        return bool(messages)

    def _answer(self, words: str) -> Reply | Form:
        return self.registry.answer(replace(self.request, text=words, now=self.clock.now()))

    def _show(self, answer: Reply | Form) -> None:
        while isinstance(answer, Form):
            values = fill(answer, self.screen, self.say, self.ask)
            if values is None:
                self.say("Nothing was recorded.")
                return
            answer = self.registry.answer(
                replace(self.request, text=answer.command, now=self.clock.now(), values=values, context=answer.context)
            )
        self.failed = self.failed or answer.outcome is Outcome.FAILURE
        self._draw(self.present(answer))
        if answer.picture:
            self.say(keep(answer.picture))

    def _draw(self, blocks: Blocks) -> None:
        shown: Drawing = drawing(blocks, self.screen)
        self._buttons = shown.buttons
        self.say(shown.text)

    def _press(self, number: int) -> None:
        if not 1 <= number <= len(self._buttons):
            count = len(self._buttons)
            there = f"there are {count}" if count > 1 else "there is one" if count else "the last answer has none"
            self.say(f"There is no button {number}: {there}.")
            return
        button = self._buttons[number - 1]
        if url := button.get("url"):
            self.say(safe(str(url)))
            return
        if confirm := button.get("confirm"):
            question = safe(str(confirm.get("text", {}).get("text", "Are you sure?")))
            if self.ask(f"{question} (y/n) ", "").strip().casefold() not in ("y", "yes"):
                self.say("Nothing was done.")
                return
        command = str(button.get("value", ""))
        if str(button.get("action_id", "")).split(":")[0] == "share":
            self._share(command)
            return
        self.say(self.screen.paint([Run(f"> {safe(command)}", Style.DIM)]))
        self._show(self._answer(command))

    def _share(self, command: str) -> None:
        """Shows what the channel would get. The buttons stay those of the answer that was shared."""
        answer = self._answer(command)
        if isinstance(answer, Form):
            self.say("A form cannot be shared.")
            return
        self.say("Everyone in the channel now sees:")
        self.say(drawing(self.present(replace(answer, share=None)), self.screen).text)

    def _move(self, target: Callable[[], datetime]) -> None:
        try:
            to = target()
        except ValueError as problem:
            self.say(str(problem))
            return
        if to <= self.clock.now():
            self.say(f"The clock only moves forward; it is {times.shown(self.clock.now())} now.")
            return
        if not self._step_to(to):
            self.tell_time()

    def _step_to(self, to: datetime) -> bool:
        """Moves the clock moment by moment, so that whatever falls due on the way happens at its own time.

        True when something happened at the very end, under a heading with that time.
        """
        while True:
            now = self.clock.now()
            coming = [moment for each in self.happenings if (moment := each.next_after(now)) is not None]
            due = min((moment for moment in coming if now < moment <= to), default=to)
            self.clock.move(due)
            happened = self._arrive(due, tell=True)
            if due >= to:
                return happened

    def _help(self) -> None:
        rows = [(f"{slash} …", self.registry.summaries.get(slash, "")) for slash in self.registry.slashes()]
        rows += [(f"{slash} help", f"everything about {slash}") for slash in self.registry.slashes()]
        rows += CLOCK_HELP
        width = max(len(left) for left, _ in rows) + 2
        self.say("\n".join(f"  {left:<{width}}{right}" for left, right in rows))
