"""`attache sweep` delivers what is due once; `attache posts` lists what is owed, was sent, or could not be."""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import datetime, timedelta

import click

from bot import wiring
from bot.config import Settings, read_settings
from bot.jobs.local import LocalPosts, shown
from bot.jobs.outcomes import Tally
from bot.jobs.sweep import Sweeper
from bot.options import db_option, now_option
from store import backlog, outbox, posts
from store.database import BUILTIN, Store
from store.records import Post
from store.times import instant_text

LISTED = 200


@click.command("sweep")
@db_option
@now_option
def sweep_command(db: str | None, now: datetime | None) -> int:
    """Delivers what is due once and exits, for hosts that prefer cron to a process that stays.

    Posts of the terminal's own workspace are printed; all others go to Slack and need SLACK_BOT_TOKEN. A post whose fate
    stayed unsure is waited for (ATTACHE_SETTLE_SECONDS) and looked up before this ends. Exits with 1 if something failed.
    """
    settings = read_settings(os.environ)
    with wiring.open_for_cli(db, now) as (store, clock):
        moment = clock.now()
        _print_local(store, moment)
        with store.read(BUILTIN) as session:
            waiting = len(outbox.due(session, moment, settle=0.0, local=False, limit=1000))
        if not settings.bot_token:
            if waiting:
                raise click.UsageError(f"{waiting} posts are due in Slack, and SLACK_BOT_TOKEN is not set.")
            return 0
        tally = _deliver(settings, store, moment)
    click.echo(tally.words())
    return 1 if tally.failed else 0


def _print_local(store: Store, now: datetime) -> None:
    from bot.terminal.layout import Screen
    from bot.terminal.render import draw

    local = LocalPosts(store, lambda: now)
    for letter in local.due(now):
        click.echo(f"— #{letter.channel} —")
        click.echo(draw(wiring.present(shown(letter)).blocks, Screen.of(sys.stdout)))
    local.close()


def _deliver(settings: Settings, store: Store, now: datetime) -> Tally:
    """One sweep, and another after the settle time if something was left unsure."""
    from bot.slack.poster import SlackPoster, posting_client

    client = posting_client(settings.bot_token, settings.api_url, timeout=settings.post_timeout_seconds)
    sweeper = Sweeper(store, SlackPoster(lambda _: client), settle_seconds=settings.settle_seconds)
    began = time.monotonic()
    try:
        sweeper.start(now)
        tally = sweeper.deliver_due(now)
        with store.read(BUILTIN) as session:
            left = outbox.unsure(session, settings.settle_seconds)
        if left is not None and left <= settings.settle_seconds:
            time.sleep(left + 0.1)
            tally.add(sweeper.deliver_due(now + timedelta(seconds=int(time.monotonic() - began))))
    finally:
        sweeper.close()
    return tally


@click.command("posts")
@db_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of all posts.")
@click.option("--open", "open_only", is_flag=True, help="Only what is still owed.")
def posts_command(db: str | None, as_json: bool, open_only: bool) -> int:
    """Lists posts: what each channel is owed, was sent, or could not be sent and why."""
    with wiring.open_for_cli(db, None) as (store, _), store.read(BUILTIN) as session:
        found = posts.everything(session, limit=1_000_000 if as_json else LISTED, open_only=open_only)
        holds, changed = outbox.holds(session), backlog.since(session)
    if as_json:
        click.echo(json.dumps([posts.value_of(post) for post in found], ensure_ascii=False, indent=2))
        return 0
    for post in found:
        click.echo(_row(post))
    for hold in holds:
        where = hold.channel or "the whole workspace"
        click.echo(f"held up until {instant_text(hold.until)}: {where} in {hold.team}: {hold.reason}")
    if changed:
        click.echo(f"changes since {instant_text(changed)} concern many channels: the next sweep plans for them first")
    if not found:
        click.echo("No posts.")
    elif len(found) == LISTED:
        click.echo(f"The latest {LISTED}; --json has all.")
    return 0


def _row(post: Post) -> str:
    reason = f"  {post.reason}" if post.reason else ""
    ts = f"  {post.ts}" if post.ts else ""
    return (
        f"{instant_text(post.due)}  {post.state.value:8} {post.channel:12} {post.kind.value:9} {post.subject:8} "
        f"{post.attempts}x  {post.key}{ts}{reason}"
    )
