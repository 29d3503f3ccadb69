"""What people do in Slack, sent into the app: commands, clicks, forms, shortcuts, events.

A `Door` builds the payload from what is really there (the button must be on the message, the field in the form), sends it
by HTTP or Socket Mode (see doors.py), waits for the ack, and holds it to Slack's rules.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.doubles.acks import check_command, check_empty, check_submission, check_suggestions
from tests.doubles.fields import action_of, initial_values, typed_values
from tests.doubles.hooks import new_response_url
from tests.doubles.lookups import show_user
from tests.doubles.methods import show_view
from tests.doubles.state import TEAM, Json, Message, SlackError, State, View
from tests.doubles.texts import as_typed
from tests.payloads import commands, events, interactions

DEADLINE = 3.0


class BadAck(AssertionError):
    """The app did not acknowledge in time, or said something that Slack does not take."""


@dataclass
class Delivery:
    """What became of one delivery: the ack as Slack got it, and what Slack made of it."""

    kind: str
    body: Json  # what was sent
    payload: Any = None  # what the ack said
    seconds: float = 0.0
    status: int = 200
    acked: bool = True
    message: Message | None = None  # the answer to a command that came with the ack
    view: View | None = None  # the form on screen after a submission
    envelope_id: str = ""

    @property
    def text(self) -> str:
        return self.message.text if self.message else ""

    @property
    def errors(self) -> dict[str, str]:
        """Field errors of a submission, by block_id."""
        return dict(self.payload.get("errors", {})) if isinstance(self.payload, dict) else {}


class Door(ABC):
    """One way into the app. `strict=False` on a call hands back a bad or missing ack instead of raising."""

    def __init__(self, state: State, origin: str, now: Callable[[], dt.datetime]) -> None:
        self.state = state
        self.origin = origin
        self.now = now

    @abstractmethod
    def deliver(self, kind: str, body: Json, **how: Any) -> Delivery:
        """Sends it and waits for the ack. `kind` is slash_commands, interactive or events_api."""

    def _checked(self, delivery: Delivery, check: Callable[[Any], Any], *, strict: bool) -> Any:
        """Holds the ack to the rules."""
        try:
            if not delivery.acked:
                raise SlackError("operation_timeout", f"no ack within {DEADLINE} s: the person sees a failure")
            if delivery.status != 200:
                raise SlackError("dispatch_failed", f"HTTP {delivery.status}: {str(delivery.payload)[:300]}")
            if delivery.seconds > DEADLINE:
                raise SlackError("operation_timeout", f"acknowledged after {delivery.seconds:.2f} s")
            return check(delivery.payload)
        except SlackError as e:
            if strict:
                raise BadAck(f"{delivery.kind} {delivery.body.get('command', delivery.body.get('type', ''))}: {e}") from e
            return None

    def _person(self, user: str) -> Json:
        who = self.state.users[user]
        return interactions.person(who.id, who.name, who.team_id)

    def _url(self, channel: str, user: str, ts: str | None = None) -> str:
        return self.origin + new_response_url(self.state, channel, user, ts)

    def command(
        self,
        line: str,
        *,
        user: str = "U0EDITOR",
        channel: str = "C0DESK",
        team: str = TEAM,
        strict: bool = True,
        **how: Any,
    ) -> Delivery:
        """Types a slash command: `command("/talks next us")`. As in Slack, & < > in it arrive as &amp; &lt; &gt;."""
        command, _, text = line.partition(" ")
        url = self._url(channel, user)
        body: Json = dict(
            commands.slash_command(
                command,
                as_typed(text),
                user_id=user,
                channel_id=channel,
                trigger_id=self.state.new_trigger(user, team),
                response_url=url,
                user_name=self.state.users[user].name,
                channel_name=self.state.channels[channel].name,
                team_id=team,
            )
        )
        delivery = self.deliver("slash_commands", body, **how)
        where = self.state.response_urls[url.rsplit("/", 1)[1]]
        delivery.message = self._checked(delivery, lambda p: check_command(self.state, p, where), strict=strict)
        return delivery

    def click(
        self,
        on: Message | View,
        action_id: str,
        *,
        value: Any = None,
        block_id: str | None = None,
        user: str = "U0EDITOR",
        team: str = TEAM,
        strict: bool = True,
        **how: Any,
    ) -> Delivery:
        """Presses a button, or chooses `value` in a menu, that is really there."""
        now = self.now().timestamp()
        if isinstance(on, View):
            action = action_of(on.body["blocks"], action_id, block_id, value, now)
            body = interactions.block_action_in_view(
                action,
                user=self._person(user),
                view=show_view(on),
                trigger_id=self.state.new_trigger(user, team, view=on.id),
                state=initial_values(on.body["blocks"]),
                team_id=team,
            )
        else:
            action = action_of(on.blocks, action_id, block_id, value, now)
            channel = self.state.channels[on.channel]
            body = interactions.block_action_on_message(
                action,
                user=self._person(user),
                channel={"id": channel.id, "name": channel.name or "directmessage"},
                message=on.shown(metadata=True),
                trigger_id=self.state.new_trigger(user, team),
                response_url=self._url(on.channel, user, on.ts),
                ephemeral=on.seen_by is not None,
                state=initial_values(on.blocks),
                team_id=team,
            )
        delivery = self.deliver("interactive", body, **how)
        self._checked(delivery, check_empty, strict=strict)
        return delivery

    def submit(
        self,
        view: View,
        values: Json | None = None,
        *,
        raw_state: Json | None = None,
        changed: Json | None = None,
        user: str | None = None,
        team: str = TEAM,
        strict: bool = True,
        **how: Any,
    ) -> Delivery:
        """Sends a form in. `values` by action_id or block_id; what is not named keeps its initial value.

        `raw_state` replaces view.state.values and `changed` any other field of the view: forgeries.
        """
        who = user or view.user
        state = raw_state if raw_state is not None else typed_values(view.body["blocks"], values or {})
        body = interactions.view_submission(
            user=self._person(who),
            view=show_view(view, state) | (changed or {}),
            trigger_id=self.state.new_trigger(who, team, view=view.id),
            team_id=team,
        )
        delivery = self.deliver("interactive", body, **how)
        delivery.view = self._checked(delivery, lambda p: check_submission(self.state, p, view), strict=strict)
        return delivery

    def close(self, view: View, *, cleared: bool = False, strict: bool = True, **how: Any) -> Delivery | None:
        """Closes a form; the app hears of it only if it asked to."""
        view.open = False
        if not view.body.get("notify_on_close"):
            return None
        body = interactions.view_closed(user=self._person(view.user), view=show_view(view), cleared=cleared)
        delivery = self.deliver("interactive", body, **how)
        self._checked(delivery, check_empty, strict=strict)
        return delivery

    def message_shortcut(
        self, callback_id: str, message: Message, *, user: str = "U0EDITOR", team: str = TEAM, strict: bool = True, **how: Any
    ) -> Delivery:
        """Uses a shortcut on a message."""
        channel = self.state.channels[message.channel]
        body = interactions.message_shortcut(
            callback_id,
            user=self._person(user),
            channel={"id": channel.id, "name": channel.name or "directmessage"},
            message=message.shown(),
            trigger_id=self.state.new_trigger(user, team),
            response_url=self._url(message.channel, user, message.ts),
            action_ts=self.state.new_ts(),
            team_id=team,
        )
        delivery = self.deliver("interactive", body, **how)
        self._checked(delivery, check_empty, strict=strict)
        return delivery

    def global_shortcut(
        self, callback_id: str, *, user: str = "U0EDITOR", team: str = TEAM, strict: bool = True, **how: Any
    ) -> Delivery:
        """Uses a shortcut from anywhere."""
        trigger = self.state.new_trigger(user, team)
        stamp = self.state.new_ts()
        body = interactions.global_shortcut(
            callback_id, user=self._person(user), trigger_id=trigger, action_ts=stamp, team_id=team
        )
        delivery = self.deliver("interactive", body, **how)
        self._checked(delivery, check_empty, strict=strict)
        return delivery

    def suggest(self, view: View, action_id: str, typed: str, *, user: str | None = None, strict: bool = True) -> Delivery:
        """Types into a menu whose options the app gives."""
        action = action_of(view.body["blocks"], action_id, None, None, self.now().timestamp())
        body = interactions.block_suggestion(
            action_id=action_id,
            block_id=action["block_id"],
            value=typed,
            user=self._person(user or view.user),
            view=show_view(view),
        )
        delivery = self.deliver("interactive", body)
        self._checked(delivery, check_suggestions, strict=strict)
        return delivery

    def event(self, event: Json, *, event_id: str | None = None, team: str = TEAM, strict: bool = True, **how: Any) -> Delivery:
        """Delivers an event (see tests/payloads/events.py for ready ones)."""
        key = event_id or f"Ev0{self.state.serial():08d}"
        body = events.event_callback(event, event_id=key, event_time=int(self.now().timestamp()), team_id=team)
        delivery = self.deliver("events_api", body, **how)
        self._checked(delivery, check_empty, strict=strict)
        return delivery

    def profile(self, user: str) -> Json:
        """A person as users.info shows them."""
        return show_user(self.state.users[user])
