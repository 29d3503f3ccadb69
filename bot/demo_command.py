"""`attache demo`: the bot in this terminal, on a throwaway store, with a clock that moves."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

import click

from bot import wiring
from bot.commands.base import Request, Role
from bot.config import Settings, read_settings
from bot.jobs.local import LocalPosts, shown
from bot.reply import Reply
from bot.terminal.demo import Blocks, Conversation
from bot.terminal.layout import Screen
from store import starter
from store.database import Store


@dataclass(frozen=True, slots=True)
class LaterFacts:
    """The starter facts that became known after the demo's first moment, put on record when the clock gets there."""

    store: Store
    settings: Settings
    present: Callable[[Reply], Blocks]

    def next_after(self, moment: datetime) -> datetime | None:
        return next((known for name in starter.files() if (known := starter.known_from(name)) > moment), None)

    def happen(self, now: datetime) -> Sequence[Blocks]:
        report = wiring.apply_starter(self.store, now, self.settings)
        if not report.changed_anything:
            return ()
        shown = {"talks": "talks", "positions": "position", "drafts": "draft"}
        counts = [(count.new + count.changed, name) for name, count in report.counts.items() if name in shown]
        words = [f"{number} {name if number > 1 else shown[name]}" for number, name in counts if number]
        return [self.present(Reply(f"More became known: {', '.join(words) or 'other facts'} new or changed."))]


@dataclass(slots=True)
class PostsDue:
    """What the bot posts in the channel as time passes."""

    posts: LocalPosts
    present: Callable[[Reply], Blocks]

    def next_after(self, moment: datetime) -> datetime | None:
        return self.posts.next_after(moment)

    def happen(self, now: datetime) -> Sequence[Blocks]:
        return [self.present(shown(letter)) for letter in self.posts.due(now)]


@click.command("demo")
def demo_command() -> int:
    """Talks to you in this terminal, on a throwaway store with the starter facts.

    When standard input is not a terminal it reads one command a line, and exits with 1 if one of them failed.
    """
    settings = read_settings(os.environ, slack=False)
    clock = wiring.Clock(wiring.STARTER_MOMENT)

    def present(reply: Reply) -> Blocks:
        return wiring.on_screen(reply, settings.zone)

    with wiring.throwaway(settings) as store, closing(LocalPosts(store, clock.now)) as posts:
        conversation = Conversation(
            wiring.registry(store),
            clock,
            present,
            Request(
                wiring.LOCAL,
                "local",
                "local",
                "",
                clock.now(),
                zone=settings.zone,
                date_order=settings.date_order,
                may=Role.ADMIN,
            ),
            Screen.of(sys.stdout),
            click.echo,
            _no_answer,
            happenings=[LaterFacts(store, settings, present), PostsDue(posts, present)],
        )
        conversation.welcome()
        return _at_keyboard(conversation) if sys.stdin.isatty() and sys.stdout.isatty() else _by_line(conversation)


def _no_answer(_: str, __: str) -> str:
    raise EOFError


def _at_keyboard(conversation: Conversation) -> int:
    """Until the person quits. A failure is on the screen already; it does not make the demo one."""
    from bot.terminal import times
    from bot.terminal.keyboard import Keyboard

    keyboard = Keyboard(conversation.registry.commands, lambda: times.shown(conversation.clock.now()))
    conversation.ask = keyboard.answer
    _until_quit(conversation, keyboard.line)
    return 0


def _by_line(conversation: Conversation) -> int:
    """Until the end of the input. What was read is shown, so that the output reads as the conversation that it is."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")

    def read(prompt: str) -> str:
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        click.echo(f"{prompt}{line.rstrip()}")
        return line

    conversation.ask = lambda question, _: read(question)
    _until_quit(conversation, lambda: read("> "))
    return 1 if conversation.failed else 0


def _until_quit(conversation: Conversation, read: Callable[[], str]) -> None:
    while True:
        try:
            if not conversation.hear(read()):
                return
        except EOFError:
            return
        except KeyboardInterrupt:
            if not (sys.stdin.isatty() and sys.stdout.isatty()):
                raise
            click.echo("(quit ends)")  # Ctrl-C at a keyboard drops the line, or the form, that was being typed
