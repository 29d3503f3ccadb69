"""`attache travel`: puts the State Department's travel record into the store, ranks countries by it, draws a chart."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from bot import wiring
from bot.commands.base import Trouble
from bot.commands.travel_wording import EMPTY, past_the_end, recipe_lines, unit_noun
from bot.commands.travel_words import FIRST_YEAR, checked
from bot.config import read_settings
from bot.options import db_option, now_option, tidy
from bot.travel_fetch import BadDownload, fetch
from store.database import Session
from store.travel.load import Report, load
from store.travel.model import DEFAULT_PERIOD, OUTGOING, Office, Period, Unit
from store.travel.ranking import Choice, Ranked, Ranking, Recipe, rank, recipe
from store.travel.source_files import read_paths
from store.travel.source_xml import BadSource

AS_IT_WAS = "Nothing was imported; the store is as it was."

COLUMNS = ("rank", "party", "name", "count", "president", "secretary", "visits")

OFFICES = {"all": OUTGOING, **{office.value: (office,) for office in Office}}

_FORMULA = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")
"""What a spreadsheet would run instead of show."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@click.group("travel")
def travel_command() -> None:
    """The State Department's travel record: import it, rank countries by it, draw a chart."""


@travel_command.command("import")
@db_option
@click.option("--skip-unreadable", is_flag=True, help="Leave out rows that cannot be read instead of importing nothing.")
@click.argument("sources", metavar="PATH...", nargs=-1, required=True)
def import_command(db: str | None, skip_unreadable: bool, sources: tuple[str, ...]) -> None:
    """Reads the published XML at PATH into the store: files, folders, zips, or https addresses of either.

    Whole or not at all, again any time. A file answers for the rows it had before, a folder or a zip for those of the
    folders in it: what they no longer hold is marked withdrawn.
    """
    settings = read_settings(os.environ, slack=False)
    if (db or settings.db) == wiring.STARTER:
        raise click.UsageError("The starter store is thrown away after each use; name a file with --db.")
    try:
        with wiring.open_for_cli(db, None) as (store, clock), _downloaded(sources) as downloads:
            reading = read_paths([Path(tidy(source)) for source in sources if "://" not in source], downloads)
            report = load(store, reading, now=clock.now(), skip_unreadable=skip_unreadable)
    except BadSource as bad:
        hint = (
            "\nRows that cannot be read can be left out with --skip-unreadable."
            if any(": row " in f for f in bad.faults)
            else ""
        )
        raise click.ClickException("\n  ".join(_shown(f) for f in bad.faults) + hint + f"\n{AS_IT_WAS}") from None
    except BadDownload as bad:
        raise click.ClickException(f"{_shown(str(bad))}\n{AS_IT_WAS}") from None
    for line in report_lines(report):
        click.echo(_shown(line))


@contextlib.contextmanager
def _downloaded(sources: Sequence[str]) -> Iterator[list[tuple[Path, str]]]:
    """Downloads the addresses among the sources into a folder that goes away. Raises BadDownload."""
    with tempfile.TemporaryDirectory(prefix="attache-") as folder:
        found: list[tuple[Path, str]] = []
        for number, url in enumerate(source for source in sources if "://" in source):
            path = Path(folder) / str(number)
            with path.open("wb") as into, _bar() as progress:
                fetch(url, into, progress=progress)
            found.append((path, urlsplit(url).path.strip("/") or "download"))
        yield found


@contextlib.contextmanager
def _bar() -> Iterator[Callable[[int, int | None], None]]:
    """A progress bar on stderr, drawn where that is a terminal."""
    with click.progressbar(length=1, label="Downloading", file=sys.stderr) as bar:

        def progress(received: int, stated: int | None) -> None:
            bar.length = stated or max(received, 1)
            bar.update(received - bar.pos)

        yield progress


def report_lines(report: Report) -> list[str]:
    """What an import did, in plain lines."""
    near: dict[str, list[str]] = {}
    for label, rule, of in report.near:
        near.setdefault(rule, []).append(f"{label} repeats {of}")
    exact = [f"{label} repeats {of}" for label, of in report.exact]
    lines = [
        f"Rows read: {report.read:,} (new {report.new:,}, changed {report.changed:,}, unchanged {report.unchanged:,})",
        f"Withdrawn by the source: {len(report.withdrawn):,}{_listed(report.withdrawn)}",
        f"Exact duplicates, left out of every count: {len(exact)}{_listed(exact)}",
        *(f"Near duplicates, {rule}: {len(found)}{_listed(found)}" for rule, found in sorted(near.items())),
        f"Rows that could not be read: {len(report.unreadable)}",
        *(f"  {row.file}: row {row.id or 'without id'}: {row.why}" for row in report.unreadable),
    ]
    unknown = [f"{country_id} ({number})" for country_id, number in report.unknown]
    if unknown:
        lines.append(f"Country ids not known, counted under their own name: {', '.join(unknown)}")
    lines += [f"Passed over: {skipped}" for skipped in report.skipped]
    lines.append("Last day on record: " + ", ".join(f"{office} {last}" for office, last in sorted(report.last.items())))
    return lines


def _listed(labels: Sequence[str]) -> str:
    shown = ", ".join(labels[:20])
    return (f": {shown}" if shown else "") + (f" and {len(labels) - 20} more" if len(labels) > 20 else "")


def _year_or_day(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[date, date] | None:
    """The first and last day of a year, or a day twice."""
    if value is None:
        return None
    try:
        if re.fullmatch(r"\d{4}", value):
            return date(int(value), 1, 1), date(int(value), 12, 31)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return date.fromisoformat(value), date.fromisoformat(value)
    except ValueError:
        pass
    raise click.BadParameter(f"{tidy(value)[:40]!r} is not a year; give one such as 1997 (or a day, 2017-01-20).", ctx, param)


def _choice_options(command: Any) -> Any:
    for option in (
        click.option(
            "--to", "last", callback=_year_or_day, metavar="YEAR", help="Up to the end of this year.  [default: 2024]"
        ),
        click.option("--from", "first", callback=_year_or_day, metavar="YEAR", help="From this year on.  [default: 1997]"),
        click.option(
            "--office",
            type=click.Choice(list(OFFICES)),
            default="all",
            show_default=True,
            help="Whose travel; all is both offices abroad.",
        ),
        click.option(
            "--unit",
            type=click.Choice([unit.value for unit in Unit]),
            default=Unit.STAYS.value,
            show_default=True,
            help="What counts as one.",
        ),
    ):
        command = option(command)
    return db_option(now_option(command))


def _period(first: tuple[date, date] | None, last: tuple[date, date] | None, now: datetime) -> Period:
    """The period the options ask for. Raises UsageError when it runs backwards or lies in the future."""
    since = first[0] if first else DEFAULT_PERIOD.first
    until = last[1] if last else DEFAULT_PERIOD.last
    if first and not last and since > until:
        until = date(since.year, 12, 31)
    if last and not first and until < since:
        since = date(FIRST_YEAR, 1, 1)
    try:
        return checked(since, until, now.date())
    except Trouble as trouble:
        raise click.UsageError(" ".join(part for part in (trouble.message, trouble.nearest) if part)) from None


def _counted(session: Session, choice: Choice, *, by_level: bool = False) -> tuple[Ranking, Recipe]:
    about = recipe(session, choice)
    if about is None:
        raise click.ClickException(f"{EMPTY} Put it in with: attache travel import PATH")
    return rank(session, choice, by_level=by_level), about


@travel_command.command("rank")
@_choice_options
@click.option("--top", type=click.IntRange(min=1), help="Only these ranks; parties tied at the edge all stay.  [default: all]")
@click.option("--by-level", is_flag=True, help="Leader-level meetings first, then minister-level; never summed.")
@click.option("--format", "form", type=click.Choice(["json", "csv", "table"]), default="table", show_default=True)
def rank_command(
    db: str | None,
    now: datetime | None,
    first: tuple[date, date] | None,
    last: tuple[date, date] | None,
    office: str,
    unit: str,
    top: int | None,
    by_level: bool,
    form: str,
) -> None:
    """Countries ranked. A row belongs to the period its first day falls in.

    The rows go to stdout; with json and csv the recipe goes to stderr, so that it is seen and does not get in the way.
    """
    with wiring.open_for_cli(db, now) as (store, clock):
        choice = Choice(_period(first, last, clock.now()), OFFICES[office], Unit(unit))
        with store.read(wiring.LOCAL) as session:
            ranking, about = _counted(session, choice, by_level=by_level)
    rows = ranking.rows if top is None else ranking.top(top)
    click.echo({"json": as_json, "csv": as_csv, "table": as_table}[form](rows), nl=form != "csv")
    notes = [f"In all: {unit_noun(choice, ranking.total)}, {len(ranking.rows)} countries.", *recipe_lines(about)]
    for note in [*notes, *([past] if (past := past_the_end(about)) else [])]:
        click.echo(_shown(note), err=form != "table")


def as_json(rows: Sequence[Ranked]) -> str:
    """A JSON array of rows."""
    return json.dumps([{name: getattr(row, name) for name in COLUMNS} for row in rows], ensure_ascii=False, indent=2)


def as_csv(rows: Sequence[Ranked]) -> str:
    """CSV with a header, safe to open in a spreadsheet: a cell that would be run as a formula is quoted with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = (getattr(row, name) for name in COLUMNS)
        writer.writerow([f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell for cell in cells])
    return out.getvalue()


def as_table(rows: Sequence[Ranked]) -> str:
    """Columns for the eye."""
    lines = [COLUMNS, *(tuple(_shown(str(getattr(row, name))) for name in COLUMNS) for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(COLUMNS))]
    texts = ("party", "name")
    return "\n".join(
        "  ".join(
            cell.ljust(width) if name in texts else cell.rjust(width)
            for cell, width, name in zip(line, widths, COLUMNS, strict=True)
        ).rstrip()
        for line in lines
    )


@travel_command.command("chart")
@_choice_options
@click.option("--top", type=click.IntRange(min=1, max=25), default=10, show_default=True, help="How many ranks to draw.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE.png")
def chart_command(
    db: str | None,
    now: datetime | None,
    first: tuple[date, date] | None,
    last: tuple[date, date] | None,
    office: str,
    unit: str,
    top: int,
    output: Path,
) -> None:
    """The ranking as a picture (PNG)."""
    from bot.commands.travel_chart import picture

    with wiring.open_for_cli(db, now) as (store, clock):
        choice = Choice(_period(first, last, clock.now()), OFFICES[office], Unit(unit))
        with store.read(wiring.LOCAL) as session:
            ranking, about = _counted(session, choice)
    if not ranking.rows:
        raise click.ClickException(f"No rows in {choice.period.label}, so there is nothing to draw.")
    drawn = picture(ranking, about, top=top)
    output.write_bytes(drawn.draw())
    click.echo(f"{output}: {_shown(drawn.alt_text)}")


def _shown(text: str) -> str:
    """Text from files as a terminal may safely show it."""
    return "\n".join(_CONTROLS.sub("", line) for line in text.split("\n"))
