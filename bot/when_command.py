"""`attache when`: what a phrase says of when, at the terminal or for a script."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import click

from bot.language.when import DateOrder, Reading, describe, prepare, read
from store.records import Window


class _Day(click.ParamType[date | datetime]):
    """An ISO day or instant. A clock time without an offset is in the zone given."""

    name = "iso"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date | datetime:
        if isinstance(value, date):
            return value
        text = str(value).strip()
        try:
            return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        except ValueError:
            self.fail(f"{text!r} is not an ISO day or time; examples are 2025-02-22 and 2025-02-22T10:00:00Z.", param, ctx)


class _Zone(click.ParamType[str]):
    """An IANA time zone."""

    name = "iana"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from bot.language.when.zones import valid

        zone = valid(str(value))
        if zone is None:
            self.fail(f"{value!r} is not an IANA time zone; examples are Europe/Brussels and UTC.", param, ctx)
        return zone


class _Order(click.ParamType[DateOrder]):
    """The order of day, month and year in figures."""

    name = "order"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> DateOrder:
        text = str(value).strip().upper()
        if text not in list(DateOrder):
            self.fail(f"{value!r} is not a date order; it is DMY, MDY or YMD.", param, ctx)
        return DateOrder(text)


@click.command("when")
@click.option(
    "--now",
    type=_Day(),
    help="The day or instant the words were said, such as 2025-02-22 or 2025-02-22T10:00:00Z; an instant without an offset "
    "is in the zone. Otherwise now.",
)
@click.option(
    "--zone",
    type=_Zone(),
    default="UTC",
    show_default=True,
    help="The zone of whoever said them: today is the day there, and clock times without a zone are its.",
)
@click.option(
    "--date-order",
    type=_Order(),
    default=DateOrder.DMY.value,
    metavar="DMY|MDY|YMD",
    show_default=True,
    help="How 3/4/2025 is meant.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of plain words.")
@click.argument("phrase", nargs=-1)
def when_command(now: date | datetime | None, zone: str, date_order: DateOrder, as_json: bool, phrase: tuple[str, ...]) -> None:
    """Read PHRASE as a date the way a careful desk officer would.

    Several words are one phrase, quoted or not; a phrase that begins with a dash goes after "--".

    Without a phrase, read one phrase a line from standard input and print one JSON object a line, an empty line's too:
    text, earliest, latest, precision, zone, readings, question. Days are ISO days, instants are UTC, an open end is null.
    """
    said = _said(now, zone)
    if phrase:
        text = " ".join(phrase).encode("utf-8", "replace").decode("utf-8")
        reading = read(text, said_on=said, zone=zone, order=date_order)
        click.echo(_json(reading) if as_json else plain(reading))
        return
    prepare()
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        click.echo(_json(read(text, said_on=said, zone=zone, order=date_order)))


def _said(now: date | datetime | None, zone: str) -> date | datetime:
    if now is None:
        from bot.wiring import Clock  # here, so that a phrase with --now is read without building the bot

        return Clock().now()
    if isinstance(now, datetime) and now.tzinfo is None:
        return now.replace(tzinfo=ZoneInfo(zone))
    return now


def plain(reading: Reading) -> str:
    """The reading in words: "reads as Sat 22 Feb – Sat 8 Mar 2025"."""
    if reading.ambiguous:
        return reading.question or ""
    if not reading.dated:
        return "undated"
    words = f"reads as {describe(reading.window)}"
    timed = isinstance(reading.window.earliest or reading.window.latest, datetime)
    return f"{words} (no zone given: {reading.zone} assumed)" if timed and reading.zone_assumed else words


def _json(reading: Reading) -> str:
    """The contract's keys, on one line."""
    return json.dumps(
        {
            "text": reading.text,
            **_interval(reading.window),
            "zone": reading.zone,
            "readings": [_interval(window) for window in reading.readings],
            "question": reading.question,
        },
        ensure_ascii=False,
    )


def _interval(window: Window) -> dict[str, str | None]:
    return {
        "earliest": _iso(window.earliest),
        "latest": _iso(window.latest),
        "precision": window.precision.value,
    }


def _iso(value: date | datetime | None) -> str | None:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return value.isoformat() if value is not None else None
