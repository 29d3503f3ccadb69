"""The `attache` command line. Each subcommand lives in its own module and is imported when it is called."""

from __future__ import annotations

import contextlib
import difflib
import importlib
import io
import logging
import os
import secrets
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from bot import logs
from bot.config import BadSettings
from store.errors import StoreError

_SUBCOMMANDS = {
    "demo": ("bot.demo_command", "demo_command", "Talk to the bot in this terminal, on a throwaway store."),
    "ask": ("bot.ask_command", "ask_command", "Answer one question, for scripts."),
    "run": ("bot.run_command", "run_command", "Serve Slack."),
    "migrate": ("bot.migrate_command", "migrate_command", "Make the store, or bring it up to date."),
    "load": ("bot.exchange_command", "load_command", "Read facts from a JSON or YAML file."),
    "export": ("bot.exchange_command", "export_command", "Write all facts in the format that load reads."),
    "brief": ("bot.brief_command", "brief_command", "Write the brief of some talks as Markdown, HTML or PDF."),
    "draft": ("bot.draft_command", "draft_command", "Read the votes on a draft from a CSV file."),
    "check": ("bot.check_command", "check_command", "Check the settings, the store and Slack."),
    "travel": ("bot.travel_command", "travel_command", "Import the travel record, rank countries by it, draw a chart."),
    "sweep": ("bot.posts_command", "sweep_command", "Deliver the posts that are due, once."),
    "posts": ("bot.posts_command", "posts_command", "List the posts owed, sent and failed."),
    "when": ("bot.when_command", "when_command", "Show how words about time are read."),
}
"""Name: module, attribute, and the line in the help (so that the help imports nothing)."""


class Attache(click.Group):
    """Imports a subcommand when it is called, and suggests the nearest when there is none of that name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  likewise
        if cmd_name not in _SUBCOMMANDS:
            return None
        module, attribute, _ = _SUBCOMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _SUBCOMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], _SUBCOMMANDS, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            if args[0].startswith("/"):
                hint = f' To ask the bot: attache ask "{args[0][:40]} …"'
            ctx.fail(f"There is no subcommand {args[0][:40]!r}.{hint} There are: {', '.join(_SUBCOMMANDS)}.")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  likewise
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in _SUBCOMMANDS.items()])


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"attache {version('attache')}")
        except PackageNotFoundError:
            click.echo("attache, not installed")
        ctx.exit()


@click.command(cls=Attache, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version.")
def attache() -> None:
    """Attaché remembers who meets whom, when, at what level, and who stands where."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs one command line and exits: 0 for success, 1 for a failure, 2 for a request or a setting that cannot be used."""
    sys.exit(_status(arguments))


def _status(arguments: Sequence[str] | None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without our characters still gets an answer
    logs.set_up("WARNING")
    try:
        result = attache.main(arguments, prog_name="attache", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BadSettings as error:
        return _complain(2, *error.faults)
    except StoreError as error:
        return _complain(1, str(error), *([error.remedy] if error.remedy else []))
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        # Whoever read us has gone. Point stdout elsewhere, or the interpreter complains while it flushes on its way out.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _complain(1, f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
    except Exception:
        reference = secrets.token_hex(4)
        logging.getLogger("bot").exception("reference %s", reference)
        return _complain(1, f"Something went wrong on our side; the line above has the details, under {reference}.")
    return result if isinstance(result, int) else 0


def _complain(status: int, *lines: str) -> int:
    print("attache: " + "\n  ".join(lines), file=sys.stderr)
    return status


if __name__ == "__main__":
    main()
