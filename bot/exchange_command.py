"""`attache load` and `attache export`: facts from a file, and all facts to one, in the documented format."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from bot.config import Settings, read_settings
from bot.options import db_option
from bot.wiring import STARTER, open_for_cli, window_reader
from store import home
from store.database import Store
from store.exchange import BadFile, LoadReport, ReadWindow, WindowReading, dump, export, load_into, parse
from store.exchange.reading import MAX_BYTES, Format

ACTOR = "command line"

_FORMATS: dict[str, Format] = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}


def _team_option(command: Any) -> Any:
    """`--team ID`, as `team: str`."""
    words = "The workspace: a Slack team id.  [default: the one that the bot serves]"
    return click.option("--team", default="", metavar="ID", help=words)(command)


@click.command("load")
@click.argument("file")
@db_option
@_team_option
def load_command(file: str, db: str | None, team: str) -> int:
    """Reads facts from a JSON or YAML FILE ("-": standard input; "starter": the facts that come with Attaché).

    All of the file is loaded or nothing: its faults are listed, each with its place, and the exit status is 2.
    """
    settings = read_settings(os.environ, slack=False)
    if (db or settings.db) == STARTER:
        raise click.UsageError("The starter store is thrown away after each use; name a file with --db.")
    content = None if file == STARTER else _content(file)
    with open_for_cli(db, None) as (store, clock):
        try:
            report = _loaded(store, team or home.of(store), file, content, clock.now(), settings)
        except BadFile as error:
            return _refused(file, [str(fault) for fault in error.faults])
    _tell(file, report)
    return 0


def _loaded(store: Store, team: str, file: str, content: bytes | None, now: datetime, settings: Settings) -> LoadReport:
    read_window = _reader(settings)
    if content is None:
        from store import starter

        return starter.apply(store, team, now, read_window)
    parsed = parse(content, _FORMATS.get(Path(file).suffix.lower()))
    why = "loaded from standard input" if file == "-" else f"loaded from {Path(file).name}"
    return load_into(store, team, parsed, actor=ACTOR, now=now, why=why, read_window=read_window)


def _reader(settings: Settings) -> ReadWindow:
    """Reads the words of a window; the grammar is only fetched for the first that is given in words alone."""

    def read_window(text: str, /, *, said_on: date, zone: str) -> WindowReading:
        return window_reader(settings)(text, said_on=said_on, zone=zone)

    return read_window


def _content(file: str) -> bytes:
    """The bytes of a file, or enough of a huge one to be refused. A file that cannot be read is a bad request."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(file).expanduser().open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror or error}.") from error


def _refused(file: str, faults: Sequence[str]) -> int:
    name = "standard input" if file == "-" else file
    for fault in faults:
        click.echo(f"{name}: {fault}", err=True)
    count = "1 fault" if len(faults) == 1 else f"{len(faults):,} faults"
    click.echo(f"{count}; nothing was loaded.", err=True)
    return 2


def _tell(file: str, report: LoadReport) -> None:
    for note in report.notes:
        click.echo(f"note: {note}")
    name = "standard input" if file == "-" else file
    if not report.changed_anything:
        click.echo(f"{name}: everything in it is on record already; nothing changed.")
        return
    for kind, count in report.counts.items():
        numbers = {"new": count.new, "changed": count.changed, "as it was": count.unchanged}
        click.echo(f"{kind}: {', '.join(f'{number:,} {word}' for word, number in numbers.items() if number)}")


@click.command("export")
@db_option
@_team_option
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), help="The format.  [default: by FILE's name, else yaml]")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of standard output.")
def export_command(db: str | None, team: str, form: str | None, output: str | None) -> int:
    """Writes all facts on record, sorted, in the format that `attache load` reads."""
    chosen: Format = form or (_FORMATS.get(Path(output).suffix.lower()) if output else None) or "yaml"
    with open_for_cli(db, None) as (store, _), store.read(team or home.of(store)) as session:
        content = dump(export(session), chosen).encode()
    if output is None or output == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        _write_whole(Path(output).expanduser(), content)
    return 0


def _write_whole(path: Path, content: bytes) -> None:
    """Writes a file beside its place and moves it there: a full disk leaves the old one as it was."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
    except OSError as error:  # which names the passing file, and nobody asked for that one
        raise OSError(error.errno, error.strerror, str(path)) from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
