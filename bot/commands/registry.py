"""Every subcommand, as data, and the one way to an answer.

The records drive dispatch, help, the table in the README and the check of the manifest; their examples run as tests.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.commands.base import Ask, Command, Request, Trouble
from bot.reply import Button, Card, Form, Line, Notes, Outcome, Quiet, Reply, Strong, line
from store.database import Store
from store.errors import NotOnRecord, StoreBusy, StoreError, StoreFull, StoreReadOnly

HELP_IN_FULL = 7
"""How many questions the help of a slash command explains; the rest are listed."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Registry:
    """The commands of one bot over one store."""

    store: Store
    commands: tuple[Command, ...]
    summaries: dict[str, str]
    """One line for each slash command, for help and the manifest."""

    def slashes(self) -> list[str]:
        """The slash commands, in the order of their records."""
        return list(dict.fromkeys(command.slash for command in self.commands))

    def of(self, slash: str) -> list[Command]:
        return [command for command in self.commands if command.slash == slash]

    def answer(self, request: Request) -> Reply | Form:
        """The answer to one command line ("/talks next us"). Never raises: trouble of any kind is an answer too."""
        try:
            return self._dispatch(request)
        except Trouble as trouble:
            return _explain(trouble)
        except NotOnRecord as missing:
            return Reply(str(missing), outcome=Outcome.NOT_UNDERSTOOD)
        except StoreError as error:
            log.warning("store failed: %s", error)
            return _store_failed(error)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("reference %s", reference)
            return Reply(
                "Something went wrong on our side.",
                parts=(
                    line("Nothing was changed. Whoever runs Attaché can find it in the log under ", Strong(reference), "."),
                ),
                outcome=Outcome.FAILURE,
            )

    def _dispatch(self, request: Request) -> Reply | Form:
        slash, rest = _first_word(request.text)
        slash = f"/{slash.removeprefix('/')}".casefold()
        if not self.of(slash):
            return self.overview() if slash in ("/", "/help") else self._unknown_slash(slash)
        word, after = _first_word(rest)
        if word.casefold() == "help":
            return self.help(slash, after.casefold())
        command = self._meant(slash, word)
        if command is None:
            return self.help(slash, "")
        named = bool(word) and word.casefold() in (command.name, *command.aliases)
        if named and after.casefold() == "help":
            return self.help(slash, command.name)
        return command.handler(Ask(request, self.store, command, after if named else rest))

    def _meant(self, slash: str, word: str) -> Command | None:
        """The subcommand that a word names, else the default one."""
        name, commands = word.casefold(), self.of(slash)
        named = [command for command in commands if name and name in (command.name, *command.aliases)]
        return next(iter(named or [command for command in commands if command.default]), None)

    def writes(self, text: str) -> bool:
        """Does this command line change the record, or open a form that does?"""
        slash, rest = _first_word(text)
        name, after = _first_word(rest)
        command = self._meant(f"/{slash.removeprefix('/')}".casefold(), name)
        return command is not None and (command.writes or _first_word(after)[0].casefold() in command.writes_on)

    def _unknown_slash(self, slash: str) -> Reply:
        shown = slash if len(slash) <= 40 else slash[:40] + "…"
        near = get_close_matches(slash[:40], self.slashes(), 1)
        raise Trouble(
            f"There is no command {shown}.",
            nearest=f"Did you mean {near[0]}?" if near else f"The commands are {', '.join(self.slashes())}.",
            example=self.of(near[0])[0].examples[0] if near else self.commands[0].examples[0],
        )

    def overview(self) -> Reply:
        """Every slash command, and how to hear more of it."""
        rows = tuple(
            Card(line(Strong(slash)), (line(summary, Quiet(f"  more: {slash} help")),))
            for slash, summary in self.summaries.items()
        )
        return Reply("Attaché", parts=rows, buttons=tuple(Button(f"{slash} help", f"{slash} help") for slash in self.slashes()))

    def help(self, slash: str, about: str = "") -> Reply:
        """Usage of a slash command, or of one subcommand, with examples that work."""
        commands = self.of(slash)
        one = [command for command in commands if about and about in (command.name, *command.aliases)]
        if one:
            command = one[0]
            examples: tuple[Line, ...] = tuple(line("• ", example) for example in command.examples)
            return Reply(
                command.usage,
                parts=(line(command.summary), Card(line(Strong("Examples")), examples)),
                buttons=tuple(Button(example[:75], example) for example in command.examples[:3]),
            )
        unread = () if not about else (Notes((line(f"There is no {slash} {about[:40]}."),)),)
        asking = [command for command in commands if not command.writes]
        rows = [line(Strong(command.usage), f"  {command.summary}") for command in asking[:HELP_IN_FULL]]
        rest = (("Also", asking[HELP_IN_FULL:]), ("Record and correct", [c for c in commands if c.writes]))
        more = [line(Strong(title), f"  {' · '.join(c.usage for c in some)}") for title, some in rest if some]
        told = line(Quiet(f"{slash} help {commands[-1].name} tells about one of them, with examples."))
        return Reply(
            f"{slash}: {self.summaries[slash]}",
            parts=(*unread, *rows, *more, told),
            buttons=tuple(Button(c.examples[0][:75], c.examples[0]) for c in commands[:3]),
        )


def _first_word(text: str) -> tuple[str, str]:
    """The first word and what follows it; a line break or a tab parts words as a space does."""
    word, *rest = text.split(maxsplit=1) or [""]
    return word, "".join(rest).strip()


def build(store: Store, groups: Sequence[tuple[str, str, Callable[[], Sequence[Command]]]]) -> Registry:
    """A registry from (slash command, its summary, its commands). Raises ValueError for a name used twice."""
    commands = tuple(command for _, _, make in groups for command in make())
    names = [(c.slash, name) for c in commands for name in (c.name, *c.aliases)]
    if len(set(names)) != len(names):
        raise ValueError(f"a command name is used twice: {sorted({n for n in names if names.count(n) > 1})}")
    return Registry(store, commands, {slash: summary for slash, summary, _ in groups})


def _explain(trouble: Trouble) -> Reply:
    parts: list[Line] = []
    if trouble.nearest:
        parts.append(line(trouble.nearest))
    if trouble.example:
        parts.append(line("For example: ", Strong(trouble.example)))
    return Reply(trouble.message, parts=tuple(parts), buttons=trouble.buttons, outcome=Outcome.NOT_UNDERSTOOD)


def _store_failed(error: StoreError) -> Reply:
    doing = "written" if isinstance(error, StoreReadOnly | StoreFull) else "read"
    headline = f"The store cannot be {doing} right now, so this is not an answer."
    advice = (
        "Try again in a moment." if isinstance(error, StoreBusy) else "Whoever runs Attaché can see why with: attache check"
    )
    return Reply(headline, parts=(line(advice),), outcome=Outcome.FAILURE)
