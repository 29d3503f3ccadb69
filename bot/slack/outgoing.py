"""What goes to Slack outside an acknowledgement: answers through response URLs, forms, and a word when all else fails.

Everything here waits for the network, so it runs on the background threads.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from slack_sdk import WebClient

from bot.reply import Outcome, Picture, Reply, line
from bot.slack import limits
from bot.slack.calls import NOT_THERE, SECONDS, TROUBLE, code_of
from bot.slack.incoming import Sender
from bot.slack.people import People
from bot.slack.render import Message, render, render_all
from bot.slack.spans import Json

log = logging.getLogger(__name__)


class Unreachable(Exception):
    """Slack did not take it. The message is Slack's code or the kind of trouble; never an address or a token."""


class Outgoing:
    """The ways out. Without a client (no bot token) only response URLs work."""

    def __init__(self, client: WebClient | None, people: People) -> None:
        self._client = client
        self._people = people

    def respond(self, to: Sender, reply: Reply, *, replace: bool = False) -> None:
        """A reply through the response URL; a long one goes on in further messages. Falls back to a direct message."""
        self.send(to, fitting(reply, self._people.name), replace=replace)

    def send(self, to: Sender, messages: Sequence[Message], *, replace: bool = False) -> None:
        """Messages ready to go, one after another; see `respond`."""
        for n, message in enumerate(messages):
            try:
                _post(to.response_url, message.body() | {"replace_original": replace and n == 0})
            except Unreachable as error:
                log.warning("a response URL failed: %s", error)
                self._direct(to.user, message)

    def share(self, to: Sender, reply: Reply) -> None:
        """A reply for everybody in the channel, a long one in further messages. If Slack will not have it there, the person
        who shared it hears why.

        They follow in the channel: a response URL does not tell which message it made, so there is no thread to go on in.
        """
        for n, message in enumerate(fitting(reply, self._people.name)):
            try:
                _post(to.response_url, message.body() | {"replace_original": False})
            except Unreachable as error:
                log.warning("a card could not be shared: %s", error)
                what = "The rest of the card" if n else "The card"
                words = line(f"Slack said: {error}. Ask again and share that card.")
                self._direct(to.user, render(Reply(f"{what} could not be shared.", parts=(words,))))
                return

    def open_form(self, to: Sender, view: Json) -> None:
        """Opens a modal. A trigger lives three seconds; if that was too short, the person is told."""
        code = "no bot token"
        if self._client is not None:
            try:
                self._client.views_open(trigger_id=to.trigger, view=view)
            except TROUBLE as error:
                code = code_of(error)
            else:
                return
        log.warning("views.open: %s", code)
        words = (
            "Slack took too long to open the form."
            if code == "expired_trigger_id"
            else f"Slack would not open the form: {code}."
        )
        self.respond(to, Reply(words, parts=(line("Nothing was recorded. Try again."),), outcome=Outcome.FAILURE))

    def permalink(self, channel: str, ts: str) -> str | None:
        """The link to a message, or None where Slack gives none."""
        if self._client is None:
            return None
        try:
            link = self._client.chat_getPermalink(channel=channel, message_ts=ts).get("permalink")
        except TROUBLE as error:
            log.warning("chat.getPermalink: %s", code_of(error))
            return None
        return str(link) if link else None

    def picture(self, to: Sender, picture: Picture) -> None:
        """Draws a picture and posts it to the channel. If that cannot be, whoever asked for it hears why."""
        data = picture.draw()
        code = "no bot token"
        if self._client is not None:
            try:
                self._client.files_upload_v2(
                    channel=to.channel, filename=picture.filename, content=data, title=picture.title, alt_txt=picture.alt_text
                )
            except TROUBLE as error:
                code = code_of(error)
            else:
                return
        log.warning("an upload failed: %s", code)
        help_ = (
            "Invite Attaché to this channel (/invite @attache) and ask again." if code in NOT_THERE else "Ask again in a while."
        )
        self.respond(to, Reply(f"The picture could not be posted: {code}.", parts=(line(help_),), outcome=Outcome.FAILURE))

    def failed(self, to: Sender) -> Callable[[str], None]:
        """What tells this person that their answer failed, under a reference."""
        return lambda reference: self.respond(to, trouble(reference))

    def _direct(self, user: str, message: Message) -> None:
        if self._client is None:
            raise Unreachable("no bot token")
        try:
            self._client.chat_postMessage(
                channel=user, text=message.text, blocks=message.blocks, unfurl_links=False, unfurl_media=False
            )
        except TROUBLE as error:
            raise Unreachable(code_of(error)) from None


def fitting(reply: Reply, name: Callable[[str], str | None]) -> list[Message]:
    """A reply as the messages one response URL can carry; what is longer than that ends with a note."""
    return render_all(reply, name=name, most=limits.ANSWER_MESSAGES)


def trouble(reference: str) -> Reply:
    """What a person gets to see of a fault of ours."""
    where = line("Whoever runs Attaché can find it in the log under ", reference, ".")
    return Reply("Something went wrong on our side.", parts=(where,), outcome=Outcome.FAILURE)


def _post(url: str, body: Json) -> None:
    from slack_sdk.webhook import WebhookClient

    if not url:
        raise Unreachable("no response URL")
    try:
        # No retries: a dropped connection leaves open whether the message is there, and twice is worse than a direct message.
        answer = WebhookClient(url, timeout=SECONDS, retry_handlers=[]).send_dict(body)
    except TROUBLE as error:
        raise Unreachable(type(error).__name__) from None
    if answer.status_code != 200:
        raise Unreachable(f"status {answer.status_code}")
