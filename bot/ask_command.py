"""`attache ask`: one question, one answer, by the same road as Slack up to the last step."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import replace
from datetime import datetime
from typing import Any

import click

from bot import wiring
from bot.commands.base import Request, Role
from bot.config import read_settings
from bot.options import db_option, now_option, tidy
from bot.reply import Form, Outcome, Reply
from store import home

_JSON_CONTROLS = re.compile(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What JSON lets stand but a terminal may obey."""

_STATUS = {Outcome.ANSWER: 0, Outcome.FAILURE: 1, Outcome.NOT_UNDERSTOOD: 2}


def _values(ctx: click.Context, param: click.Parameter, value: str | None) -> dict[str, str] | None:
    """Reads a JSON object of a form's values: text, numbers, true or false, null for empty, lists for several choices."""
    if value is None:
        return None
    try:
        return {key: _plain_value(item) for key, item in json.loads(tidy(value)).items()}
    except (ValueError, AttributeError, RecursionError):
        words = 'give one JSON object of text values, such as \'{"title": "Second round"}\'.'
        raise click.BadParameter(words, ctx, param) from None


def _plain_value(item: Any) -> str:
    if item is None:
        return ""
    if isinstance(item, list):
        return ",".join(_plain_value(part) for part in item)
    if isinstance(item, dict):
        raise ValueError("a value inside a value")  # noqa: TRY004  it is the person's JSON that is wrong
    return item if isinstance(item, str) else json.dumps(item)


@click.command("ask")
@db_option
@now_option
@click.option("--team", default="", metavar="ID", help="Ask in this workspace.  [default: the one that the bot serves]")
@click.option("--user", default="local", metavar="ID", help="Ask as this person.  [default: local]")
@click.option("--channel", default="local", metavar="ID", help="Ask in this channel.  [default: local]")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print visibility, text and blocks as Slack would get them; `more` has what goes on in further messages.",
)
@click.option(
    "--submit", callback=_values, metavar="JSON", help="Submit the form that TEXT opens, with these values over its own."
)
@click.argument("text", nargs=-1, required=True)
def ask_command(
    db: str | None,
    now: datetime | None,
    team: str,
    user: str,
    channel: str,
    as_json: bool,
    submit: dict[str, str] | None,
    text: tuple[str, ...],
) -> int:
    """Asks TEXT, such as "/talks next us russia", and prints the answer.

    Exits with 0 for an answer, 2 for a request that was not understood, 1 for a failure.
    """
    settings = read_settings(os.environ, slack=False)
    with wiring.open_for_cli(db, now) as (store, clock):
        registry = wiring.registry(store)
        request = Request(
            tidy(team) or home.of(store),
            tidy(user),
            tidy(channel),
            tidy(" ".join(text)),
            clock.now(),
            zone=settings.zone,
            date_order=settings.date_order,
            may=Role.ADMIN,
        )
        answer = registry.answer(request)
        if submit is not None:
            if not isinstance(answer, Form):
                _print(answer, settings.zone, as_json=as_json)
                click.echo("--submit was not used: this TEXT opens no form. The answer is above.", err=True)
                return _STATUS[answer.outcome] or 2
            answer = registry.answer(submission(request, answer, submit))
    _print(answer, settings.zone, as_json=as_json)
    if isinstance(answer, Form):
        # A form that comes back from being sent in recorded nothing, even where it only asks one thing more.
        return 2 if submit is not None or any(field.error for field in answer.fields) else 0
    return _STATUS[answer.outcome]


def submission(request: Request, form: Form, values: dict[str, str]) -> Request:
    """The request that submits a form with `values` over the ones filled in."""
    filled = {field.id: field.value for field in form.fields}
    return replace(request, text=form.command, values={**filled, **values}, context=form.context)


def form_data(form: Form) -> dict[str, Any]:
    """A form as JSON shows it."""
    fields = [
        {
            "id": field.id,
            "label": field.label,
            "kind": field.kind.value,
            "value": field.value,
            "required": field.required,
            "hint": field.hint,
            "options": [option.value for option in field.options],
            "error": field.error,
        }
        for field in form.fields
    ]
    return {"title": form.title, "fields": fields, "unread": list(form.unread)}


def _print(answer: Reply | Form, zone: str, *, as_json: bool) -> None:
    if as_json:
        if isinstance(answer, Form):
            shown: dict[str, Any] = {"form": form_data(answer)}
        else:
            message = wiring.present(answer, zone)
            shown = {"visibility": answer.visibility.value, "text": message.text, "blocks": message.blocks}
            if message.more:
                shown["more"] = [{"text": each.text, "blocks": each.blocks} for each in message.more]
        click.echo(_JSON_CONTROLS.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(shown, ensure_ascii=False, indent=2)))
        return
    from bot.terminal.render import Screen, draw, draw_form

    screen = Screen.of(sys.stdout)
    if isinstance(answer, Form):
        click.echo(draw_form(answer, screen))
        return
    click.echo(draw(wiring.on_screen(answer, zone), screen))
    if answer.picture:
        from bot.terminal.pictures import keep

        click.echo(keep(answer.picture))
