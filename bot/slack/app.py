"""Bolt in: verified payloads become requests, replies go back inside the acknowledgement.

Listeners run in the thread that took the request (`process_before_response`): an answer from the store takes milliseconds,
and a write must be over, or called off, before Slack tells the person that it failed. Whatever waits for the network (a
response URL, a form, somebody's profile) goes to the background queue.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.commands.registry import Registry
from bot.slack import forms
from bot.slack.background import Background
from bot.slack.desk import Desk
from bot.slack.faults import Faults
from bot.slack.incoming import Timing
from bot.slack.joining import Joining
from bot.slack.outgoing import Outgoing
from bot.slack.people import People
from bot.slack.render import PAGE_ACTION, RUN_ACTION, SHARE_ACTION
from bot.slack.shortcuts import COMMANDS, Shortcuts
from bot.slack.signed import Signed
from bot.slack.submissions import Submissions

RUN_BUTTONS = re.compile(rf"^(?:{RUN_ACTION}|{PAGE_ACTION}):\d+$")
ANY_BUTTON = re.compile("")


def build_app(
    registry: Registry,
    *,
    clock: Callable[[], datetime],
    background: Background,
    signing_secret: str = "",
    client: WebClient | None = None,
    zone: str = "UTC",
    date_order: str = "DMY",
    wall: Callable[[], float] | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> App:
    """The Bolt app over a registry.

    `client` carries the bot token; without it there are no forms and no zones of people. `signing_secret` is for HTTP;
    without it every HTTP request is refused. `background` is the caller's to stop. `zone` and `date_order` are for people
    of whom nothing is known. `clock` gives the facts' now (aware UTC); `wall`, real Unix time, is compared with Slack's
    stamps and comes from `clock` too unless that one stands still.
    """
    wall = wall or (lambda: clock().timestamp())
    people = People(client, background, monotonic)
    outgoing = Outgoing(client, people)
    desk = Desk(registry, outgoing, people, background, Timing(clock, wall, monotonic), zone, date_order)
    app = _bolt(client, Signed(signing_secret, wall))
    for slash in registry.slashes():
        app.command(slash)(_listener(desk.command))
    app.action(RUN_BUTTONS)(_listener(desk.button))
    app.action(SHARE_ACTION)(_listener(desk.share))
    app.action(ANY_BUTTON)(_listener(desk.unknown_button))
    for callback in COMMANDS:
        app.shortcut(callback)(_listener(Shortcuts(desk).used))
    app.event("member_joined_channel")(_listener(Joining(desk).joined))
    app.view(forms.CALLBACK)(_listener(Submissions(desk).submitted))
    app.error(Faults(outgoing, background).handle)
    return app


def _bolt(client: WebClient | None, signed: Signed) -> App:
    """A Bolt app with no more middleware than we use, and nothing asked of Slack on the way.

    It gets no token: it would ask auth.test with it. What we call Slack with is ours.
    """
    us = AuthorizeResult(enterprise_id=None, team_id=None)
    log = logging.getLogger("bot.slack.bolt")
    log.setLevel(logging.WARNING)  # below that Bolt logs bodies
    log.addFilter(_no_token_is_meant)
    return App(
        name="attache",
        logger=log,
        client=WebClient(base_url=client.base_url) if client is not None else WebClient(),
        authorize=lambda: us,
        before_authorize=signed,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


def _no_token_is_meant(record: logging.LogRecord) -> bool:
    """Keeps Bolt from warning of a token that it finds in the environment and is not to use."""
    return "`token` will be unused" not in record.getMessage()


def _listener(handle: Callable[[BoltRequest, Ack], BoltResponse | None]) -> Callable[..., Any]:
    """Bolt looks at the names of a listener's arguments, so it gets a plain function with just these two."""

    def listener(req: BoltRequest, ack: Ack) -> BoltResponse | None:
        return handle(req, ack)

    return listener
