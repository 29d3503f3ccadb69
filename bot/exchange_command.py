"""`attache load` and `attache export`: facts from a file, and all facts to one, in the documented format."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.config import Settings, read_settings
from bot.options import db_option
from bot.wiring import STARTER, open_for_cli, window_reader
from store import home, numbering
from store.database import Session, Store
from store.exchange import BadFile, LoadReport, ReadWindow, WindowReading, dump, export, load_into, parse
from store.exchange.reading import MAX_BYTES, Format

if TYPE_CHECKING:
    from bot.calendars import Entry

ACTOR = "command line"

_ENDINGS = {".json": "json", ".yaml": "yaml", ".yml": "yaml", ".csv": "csv", ".ics": "ics"}
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
@click.option(
    "--format",
    "form",
    type=click.Choice(["yaml", "json", "csv", "ics"]),
    help="The format.  [default: by FILE's name, else yaml]",
)
@click.option(
    "--what", type=click.Choice(["talks", "positions", "drafts", "votes"]), help="csv: which records.  [default: talks]"
)
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of standard output.")
def export_command(db: str | None, team: str, form: str | None, what: str | None, output: str | None) -> int:
    """Writes all facts on record, sorted: yaml and json as `attache load` reads them, csv for spreadsheets, ics for calendars.

    A csv holds one kind of record. An ics holds the talks that have a day, on the record or on somebody's account.
    """
    chosen = form or (_ENDINGS.get(Path(output).suffix.lower()) if output else None) or "yaml"
    if what and chosen != "csv":
        raise click.UsageError("--what goes with --format csv; the other formats hold what they hold.")
    with open_for_cli(db, None) as (store, clock), store.read(team or home.of(store)) as session:
        parts = _exported(session, chosen, what or "talks", clock.now())
        if output is None or output == "-":
            for part in parts:
                sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()
        else:
            write_whole(Path(output).expanduser(), parts)
    return 0


def _exported(session: Session, form: str, what: str, now: datetime) -> Iterator[bytes]:
    """A file piece by piece, so that a large store need not fit into memory."""
    if form == "csv":
        from bot.tables_out import TABLES, csv_parts

        yield from csv_parts(session, TABLES[what], now)
    elif form == "ics":
        from bot.calendars import calendar_parts

        yield from calendar_parts(_entries(session, now), now)
    else:
        yield dump(export(session), "json" if form == "json" else "yaml").encode()


def _entries(session: Session, now: datetime) -> Iterator[Iterable[Entry]]:
    from bot.calendars import CHUNK, read, removed
    from store import talks_traces

    numbers = numbering.everything(session, "talks")
    undated = 0
    for start in range(0, len(numbers), CHUNK):
        found = read(session, numbers[start : start + CHUNK], now, "UTC")
        undated += len(found.undated)
        yield found.entries()
    gone = talks_traces.removed(session)
    for start in range(0, len(gone), CHUNK):
        yield removed(session, gone[start : start + CHUNK], now, "UTC").entries()
    if undated:
        click.echo(f"note: left out for having no day on any account: {undated:,} of {len(numbers):,} talks", err=True)


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """Writes a file beside its place and moves it there: a full disk leaves the old one as it was."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
    except OSError as error:  # which names the passing file, and nobody asked for that one
        raise OSError(error.errno, error.strerror, str(path)) from None
    try:
        with os.fdopen(handle, "wb") as stream:
            for part in parts:
                stream.write(part)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
