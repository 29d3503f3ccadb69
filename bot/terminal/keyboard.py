"""A person at a keyboard: a line editor with history and completion. Imported only when there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory

from bot.commands.base import Command

OWN = (
    ("advance ", "let time pass"),
    ("now ", "move the clock"),
    ("help", "what there is"),
    ("quit", "end"),
)


class Commands(Completer):
    """Completes slash commands, then their subcommands, then the words of their examples."""

    def __init__(self, commands: Sequence[Command]) -> None:
        self._commands = commands

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:  # noqa: ARG002
        yield from (
            Completion(text, -back, display_meta=meta) for text, meta, back in self.matches(document.text_before_cursor)
        )

    def matches(self, typed: str) -> Iterator[tuple[str, str, int]]:
        """What may follow: the text, what it means, and how many typed characters it takes the place of."""
        line = typed.lstrip()
        slash, space, rest = line.partition(" ")
        if not space:
            for name in dict.fromkeys(command.slash for command in self._commands):
                if name.startswith((line, f"/{line}")):
                    yield f"{name} ", "", len(line)
            yield from ((text, meta, len(line)) for text, meta in OWN if text.startswith(line.casefold()))
            return
        if " " in rest:
            return
        for command in self._commands:
            if command.slash == slash and command.name.startswith(rest.casefold()):
                yield command.name, command.summary, len(rest)
        if slash in {command.slash for command in self._commands} and "help".startswith(rest.casefold()):
            yield "help", "how to use it", len(rest)


class Keyboard:
    """Reads lines. `toolbar` gives the line at the bottom: the clock."""

    def __init__(self, commands: Sequence[Command], toolbar: Callable[[], str]) -> None:
        self._lines: PromptSession[str] = PromptSession(
            history=InMemoryHistory(), completer=Commands(commands), complete_while_typing=False, bottom_toolbar=toolbar
        )
        # The words of a form are not commands: no completion, and no place in the history.
        self._answers: PromptSession[str] = PromptSession(history=InMemoryHistory())

    def line(self) -> str:
        """The next command line. Raises EOFError at the end of input, KeyboardInterrupt for Ctrl-C."""
        return self._lines.prompt("> ")

    def answer(self, question: str, default: str) -> str:
        return self._answers.prompt(question, default=default)
