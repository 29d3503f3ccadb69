"""Commands and buttons: from a payload to an answer on screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from slack_bolt import Ack, BoltRequest

from bot.commands.base import Request, Told
from bot.commands.registry import Registry
from bot.reply import Form, Mention, Notes, Outcome, Reply, Visibility, line
from bot.slack import forms, incoming
from bot.slack.background import Background
from bot.slack.incoming import TOO_LATE, Sender, Timing, Wanted
from bot.slack.outgoing import Outgoing, fitting
from bot.slack.people import People
from bot.slack.render import PAGE_ACTION, Message, render
from bot.slack.spans import Ink
from bot.slack.standing import role
from store import seen
from store.errors import StoreError

OUTSIDER = "Attaché answers the people of its own workspace; this card comes from another one."
OLD_BUTTON = "That button no longer works. Ask again for a fresh card."
BUSY = "Attaché is very busy right now. Try again in a minute."
NO_FORM = "This needs a form, and the form holds more than Slack takes along. Use fewer words."


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes commands and button presses, asks the registry, and hands the answer back."""

    registry: Registry
    outgoing: Outgoing
    people: People
    background: Background
    timing: Timing
    zone: str
    date_order: str

    def command(self, req: BoltRequest, ack: Ack) -> None:
        """A slash command. The answer goes back in the acknowledgement, or a form opens."""
        sender = incoming.sender(req.body)
        text = incoming.command_line(req.body)
        if self.must_ask_first(sender, text):
            self.later(req, sender, text)
            ack()
            return
        answer, wanted = self.ask(req, sender, text, sender.trigger)
        if isinstance(answer, Form):
            self.open(sender, answer)
            ack()
            return
        messages = fitting(answer, self.people.name)
        if wanted.late:  # Slack has shown its own error; the answer still arrives
            self.queue("a late answer", sender, lambda: self.outgoing.send(sender, messages))
            ack()
            return
        if len(messages) > 1:
            self.queue("a long answer", sender, lambda: self.outgoing.send(sender, messages[1:]))
        self.picture(sender, answer)
        ack(messages[0].body())

    def button(self, req: BoltRequest, ack: Ack) -> None:
        """A button that runs a command line. Paging takes the card's place; everything else appears below it."""
        sender = incoming.sender(req.body)
        action, text = incoming.pressed(req.body)
        ack()
        if sender.outsider:
            self.reply(sender, Reply(OUTSIDER, outcome=Outcome.NOT_UNDERSTOOD))
            return
        if self.must_ask_first(sender, text):
            self.later(req, sender, text)
            return
        answer, _ = self.ask(req, sender, text, sender.trigger)
        if isinstance(answer, Form):
            self.open(sender, answer)
            return
        turns = action.startswith(PAGE_ACTION) and incoming.on_private_card(req.body) and answer.outcome is Outcome.ANSWER
        self.reply(sender, answer, in_place=turns and answer.visibility is Visibility.PRIVATE)

    def share(self, req: BoltRequest, ack: Ack) -> None:
        """Posts the card in the channel, composed anew, and says who shared it without notifying anyone."""
        sender = incoming.sender(req.body)
        _, text = incoming.pressed(req.body)
        ack()
        if sender.outsider:
            self.reply(sender, Reply(OUTSIDER, outcome=Outcome.NOT_UNDERSTOOD))
            return
        answer, _ = self.ask(req, sender, text, "")
        if isinstance(answer, Form) or answer.outcome is not Outcome.ANSWER:
            self.reply(sender, Reply(OLD_BUTTON, outcome=Outcome.NOT_UNDERSTOOD) if isinstance(answer, Form) else answer)
            return
        self.queue("sharing", sender, lambda: self._share(sender, answer))

    def unknown_button(self, req: BoltRequest, ack: Ack) -> None:
        """A button of a card from another version."""
        sender = incoming.sender(req.body)
        ack()
        self.reply(sender, Reply(OLD_BUTTON, outcome=Outcome.NOT_UNDERSTOOD))

    def _share(self, sender: Sender, answer: Reply) -> None:
        if not self._first(sender):
            return
        self.people.ask(sender.user)
        by = Notes((line("Shared by ", Mention(sender.user)),))
        shown = replace(answer, parts=(*answer.parts, by), share=None, visibility=Visibility.PUBLIC)
        self.outgoing.share(sender, shown)

    def _first(self, sender: Sender) -> bool:
        """Does this press arrive for the first time? A store that cannot be written keeps no card from being shared."""
        store = self.registry.store
        try:
            with store.write(sender.team, actor=sender.user, now=self.timing.now()) as session:
                return seen.first_time(session, sender.trigger) if sender.trigger else True
        except StoreError:
            return True

    # Recording: only for people whom Slack has vouched for.

    def must_ask_first(self, sender: Sender, text: str) -> bool:
        """Does this record something, for somebody of whom Slack has said nothing lately?"""
        return self.registry.writes(text) and not sender.outsider and self.people.vouched(sender.user) is None

    def later(self, req: BoltRequest, sender: Sender, text: str, told: Callable[[], Told] | None = None) -> None:
        """Takes a command line, on the queue: asks Slack who this is, then answers or opens the form. Acknowledge it first.

        `told` gives the message that a shortcut was used on.
        """
        if self.timing.wanted(req, self.registry.store, sender.team, "").late:
            self.reply(sender, Reply(TOO_LATE, outcome=Outcome.NOT_UNDERSTOOD))
            return

        def job(*, acknowledged: bool = True) -> None:
            self.people.vouch(sender.user)
            message = told() if told else None
            answer, _ = self.ask(req, sender, text, sender.trigger, told=message, acknowledged=acknowledged)
            if isinstance(answer, Form):
                self.open(sender, answer, at_once=True)
            else:
                self.outgoing.respond(sender, answer)

        if not self.background.submit("a command that records", job, tell=self.outgoing.failed(sender)):
            job(acknowledged=False)  # no room on the queue: before the acknowledgement, and so with its deadline

    # What submissions need as well.

    def ask(
        self,
        req: BoltRequest,
        sender: Sender,
        text: str,
        delivery: str,
        values: dict[str, str] | None = None,
        context: dict[str, str] | None = None,
        channel: str | None = None,
        *,
        told: Told | None = None,
        acknowledged: bool = False,
    ) -> tuple[Reply | Form, Wanted]:
        """The registry's answer, and what became of the wish for it."""
        wanted = self.timing.wanted(req, self.registry.store, sender.team, delivery, acknowledged=acknowledged)
        person = self.people.known(sender.user)
        request = Request(
            team=sender.team,
            user=sender.user,
            channel=channel or sender.channel,
            text=text,
            now=self.timing.now(),
            zone=(person.zone if person else None) or self.zone,
            date_order=self.date_order,
            values=values,
            context=context,
            still_wanted=wanted,
            may=role(sender, self.people.vouched(sender.user)),
            told=told,
        )
        return self.registry.answer(request), wanted

    def open(self, sender: Sender, form: Form, *, at_once: bool = False) -> None:
        """Opens a form, in the background; `at_once` is for callers who are there already."""
        opened = int(self.timing.wall())
        origin = forms.Origin(form.command, channel=sender.channel, response_url=sender.response_url, opened=opened)
        try:
            view = forms.view(form, origin, Ink(self.people.name))
        except forms.FormTooLarge:
            self.reply(sender, Reply(NO_FORM, outcome=Outcome.NOT_UNDERSTOOD))
            return
        if at_once:
            self.outgoing.open_form(sender, view)
            return
        self.queue("views.open", sender, lambda: self.outgoing.open_form(sender, view))

    def message(self, reply: Reply) -> Message:
        return render(reply, name=self.people.name)

    def reply(self, sender: Sender, reply: Reply, *, in_place: bool = False) -> None:
        """Answers through the response URL, in the background."""
        self.queue("an answer", sender, lambda: self.outgoing.respond(sender, reply, replace=in_place))
        self.picture(sender, reply)

    def picture(self, sender: Sender, reply: Reply) -> None:
        """Posts the picture that goes with a reply, if there is one, once."""
        if (picture := reply.picture) is None:
            return

        def post() -> None:
            if self._first(sender):
                self.outgoing.picture(sender, picture)

        self.queue("a picture", sender, post)

    def queue(self, name: str, sender: Sender, job: Callable[[], None]) -> None:
        """Puts a job on the queue. With no room left there it runs at once: slow, but not silent."""
        if not self.background.submit(name, job, tell=self.outgoing.failed(sender)):
            job()
