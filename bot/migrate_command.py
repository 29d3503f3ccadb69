"""`attache migrate`: makes the store, or brings it up to date, and says what it did."""

from __future__ import annotations

import os

import click

from bot.config import read_settings
from bot.options import db_option
from bot.wiring import STARTER, Clock, store_path
from store import migrations


@click.command("migrate")
@db_option
def migrate_command(db: str | None) -> None:
    """Makes the store, or brings it up to date after an upgrade.

    A store that has anything to lose is copied first; where the copy is stands in the answer.
    """
    settings = read_settings(os.environ, slack=False)
    if (db or settings.db) == STARTER:
        raise click.UsageError("The starter store is thrown away after each use; name a file with --db.")
    path = store_path(settings, db)
    fresh = not path.exists()
    done, backup = migrations.migrate(path, now=Clock().now(), gazetteer=True)
    if fresh:
        click.echo(f"Made a store at {path}.")
        return
    if not done:
        click.echo(f"The store at {path} is up to date.")
        return
    click.echo(f"Updated the store at {path}: {', '.join(done)}.")
    if backup:
        click.echo(f"As it was before: {backup}")
