"""`attache brief`: the brief of some talks as a file, for the folder one takes along."""

from __future__ import annotations

import os
import re
import sys
from datetime import datetime
from pathlib import Path

import click

from bot import briefs
from bot.config import read_settings
from bot.exchange_command import write_whole
from bot.options import db_option, now_option
from bot.reply import Reply
from bot.wiring import open_for_cli
from store import home
from store import talks as on_record

_ENDINGS = {".md": "md", ".markdown": "md", ".html": "html", ".htm": "html", ".pdf": "pdf"}


@click.command("brief")
@click.argument("talks")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE.md, FILE.html or FILE.pdf instead of standard output.")
@click.option(
    "--format", "form", type=click.Choice(["md", "html", "pdf"]), help="The format.  [default: by FILE's name, else md]"
)
@click.option("--short", is_flag=True, help="The short version, as it stands in Slack.")
@db_option
@now_option
@click.option("--team", default="", metavar="ID", help="The workspace: a Slack team id.  [default: the home workspace]")
def brief_command(
    talks: str, output: str | None, form: str | None, short: bool, db: str | None, now: datetime | None, team: str
) -> int:
    """Writes the brief of TALKS, such as T-3: sides, agenda and where each side stands, what came before, drafts, sources."""
    number = re.fullmatch(r"(?:t\s*-?\s*)?(\d{1,9})", talks.strip(), re.IGNORECASE)
    if number is None:
        raise click.UsageError(f"{talks[:40]!r} is not a number like T-3.")
    chosen = form or _by_name(output)
    settings = read_settings(os.environ, slack=False)
    with open_for_cli(db, now) as (store, clock), store.read(team or home.of(store)) as session:
        found = on_record.many(session, [int(number[1])])
        if not found:
            raise click.UsageError(f"There is no T-{number[1]} on record.")
        moment = clock.now()
        reply = briefs.compose(session, found[0], moment, settings.zone, whole=not short, on_paper=True)
    content = _content(reply, chosen, moment)
    if output is None or output == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        write_whole(Path(output).expanduser(), [content])
    return 0


def _by_name(output: str | None) -> str:
    ending = Path(output).suffix.lower() if output and output != "-" else ".md"
    if ending not in _ENDINGS:
        raise click.UsageError(f"{output} does not end in .md, .html or .pdf; name the format with --format.")
    return _ENDINGS[ending]


def _content(reply: Reply, form: str, now: datetime) -> bytes:
    if form == "pdf":
        from bot.papers_pdf import pdf

        return pdf(reply, now)
    from bot.papers import html_page, markdown

    return (html_page(reply) if form == "html" else markdown(reply)).encode()
