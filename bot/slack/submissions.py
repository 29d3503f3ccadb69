"""Submitted forms. Typing is never lost: whatever is wrong, the form stays, with the trouble where it belongs."""

from __future__ import annotations

from dataclasses import replace

from slack_bolt import Ack, BoltRequest

from bot.reply import Form, Line, Outcome, Reply, Strong, line
from bot.slack import forms, incoming, limits
from bot.slack.desk import OUTSIDER, Desk
from bot.slack.incoming import BadPayload, Sender
from bot.slack.spans import Ink

VOUCH_SECONDS = 1.2
"""How long a submission waits for Slack to say who this is; it has to be answered within three seconds."""

RECORDED_BEFORE = "This was recorded already."


class Submissions:
    """Takes what was typed to the form's command, and the answer back to the modal."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def submitted(self, req: BoltRequest, ack: Ack) -> None:
        """A submitted form: errors on its fields, another edition of it, a notice in it, or the end of it and an answer."""
        desk = self._desk
        shown = req.body.get("view")
        if not isinstance(shown, dict):
            raise BadPayload("no view")
        try:
            origin = forms.unpacked(shown.get("private_metadata"))
        except ValueError as error:
            raise BadPayload(str(error)) from None
        who = incoming.sender(req.body)
        sender = replace(who, channel=origin.channel, response_url=origin.response_url)
        if sender.outsider:
            self._notice(ack, shown, [line(OUTSIDER)])
            return
        if desk.must_ask_first(sender, origin.command):
            desk.people.within(sender.user, VOUCH_SECONDS)
        typed = forms.values(shown)
        delivery = f"{shown.get('id', '')}:{shown.get('hash', '')}"
        answer, wanted = desk.ask(req, sender, origin.command, delivery, typed, origin.context)
        if wanted.repeated:
            answer = Reply(RECORDED_BEFORE)
        if isinstance(answer, Form):
            self._again(ack, answer, shown, typed, origin)
        elif answer.outcome is not Outcome.ANSWER:
            self._notice(ack, shown, [line("⚠ ", Strong(answer.headline)), *(p for p in answer.parts if isinstance(p, tuple))])
        else:
            self._done(ack, sender, answer, origin)

    def _again(self, ack: Ack, form: Form, shown: dict[str, object], typed: dict[str, str], origin: forms.Origin) -> None:
        """The command wants more: with the errors alone if nothing else is new, else as a new edition of the form."""
        form = forms.refilled(form, typed)
        if wrong := forms.only_errors(form, shown, typed, origin):
            ack(response_action="errors", errors=wrong)
            return
        edition = replace(origin, edition=origin.edition + 1)
        try:
            view = forms.view(form, edition, Ink(self._desk.people.name))
        except forms.FormTooLarge:
            self._notice(ack, shown, [line("⚠ This does not fit into one form. Use fewer words.")])
            return
        ack(response_action="update", view=view)

    def _notice(self, ack: Ack, shown: dict[str, object], lines: list[Line]) -> None:
        ack(response_action="update", view=forms.with_notice(shown, lines, Ink(self._desk.people.name)))

    def _done(self, ack: Ack, sender: Sender, answer: Reply, origin: forms.Origin) -> None:
        """Closes the form and answers where it was opened; a form left open for too long says it in its own place."""
        desk = self._desk
        age = desk.timing.wall() - origin.opened
        if origin.response_url and 0 <= age < limits.RESPONSE_URL_SECONDS:
            desk.reply(sender, answer)
            ack(response_action="clear")
        else:
            ack(response_action="update", view=forms.done("Done", desk.message(replace(answer, buttons=(), share=None)).blocks))
