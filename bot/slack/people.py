"""Who people are: their zone, their name, and what they are here. Asked of Slack in the background, kept for a while.

An answer never waits for this: somebody seen for the first time gets the workspace's zone, and their own from then on.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk import WebClient

from bot.slack.background import Background
from bot.slack.calls import TROUBLE, code_of

log = logging.getLogger(__name__)

KEEP_SECONDS = 12 * 3600.0
VOUCHED_SECONDS = 3600.0
"""How long Slack's word on what somebody is here (a guest, an admin) is good for recording."""
RETRY_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Person:
    """What Slack says of somebody. All empty for people it would not tell us about."""

    name: str | None = None
    zone: str | None = None
    guest: bool = False
    stranger: bool = False
    admin: bool = False
    told: bool = False
    """Slack did say something."""
    teams: tuple[str, ...] = ()
    """The workspaces and organisations the person belongs to."""


class People:
    """A bounded cache of `users.info`. Without a client it knows nobody."""

    def __init__(
        self, client: WebClient | None, background: Background, monotonic: Callable[[], float], *, most: int = 5000
    ) -> None:
        self._client = client
        self._background = background
        self._monotonic = monotonic
        self._most = most
        self._lock = threading.Lock()
        self._heard = threading.Condition(self._lock)
        self._known: OrderedDict[str, tuple[Person, float]] = OrderedDict()
        self._asking: set[str] = set()

    def known(self, user: str) -> Person | None:
        """Somebody from the cache, or None; what is missing or old is asked for in the background."""
        with self._lock:
            entry = self._known.get(user)
            if entry is not None:
                self._known.move_to_end(user)
            fresh = entry is not None and entry[1] > self._monotonic()
            if fresh or self._client is None or user in self._asking:
                return entry[0] if entry else None
            self._asking.add(user)
        if not self._background.submit("users.info", partial(self._look_up, user)):
            with self._lock:
                self._asking.discard(user)
        return entry[0] if entry else None

    def name(self, user: str) -> str | None:
        """Somebody's name, if it is known by now."""
        person = self.known(user)
        return person.name if person else None

    def ask(self, user: str) -> Person:
        """Somebody, asking Slack if need be. For the background only: it waits."""
        with self._lock:
            entry = self._known.get(user)
        if entry is not None and entry[1] > self._monotonic():
            return entry[0]
        return self._refresh(user)

    def vouched(self, user: str) -> Person | None:
        """Somebody as Slack described them within the last hour, or None. Never waits."""
        with self._lock:
            return self._vouched(user)

    def _vouched(self, user: str) -> Person | None:
        person, until = self._known.get(user, (Person(), 0.0))
        return person if person.told and until - KEEP_SECONDS + VOUCHED_SECONDS > self._monotonic() else None

    def vouch(self, user: str) -> Person | None:
        """As `vouched`, asking Slack if need be. For the background only: it waits."""
        return self.vouched(user) or (person if (person := self._refresh(user)).told else None)

    def within(self, user: str, seconds: float) -> Person | None:
        """As `vouched`, asking Slack in the background if need be, and waiting for the answer no longer than that."""
        if (person := self.vouched(user)) is not None or self._client is None:
            return person
        if not self._background.submit("users.info", partial(self._look_up, user)):
            return None
        with self._heard:
            self._heard.wait_for(lambda: self._vouched(user) is not None, seconds)
            return self._vouched(user)

    def _look_up(self, user: str) -> None:
        self._refresh(user)

    def _refresh(self, user: str) -> Person:
        person, keep = Person(), RETRY_SECONDS
        try:
            if self._client is not None:
                person, keep = _read(self._client.users_info(user=user).get("user")), KEEP_SECONDS
        except TROUBLE as error:
            log.warning("users.info: %s", code_of(error))
        finally:
            with self._lock:
                self._asking.discard(user)
                self._known[user] = (person, self._monotonic() + keep)
                self._known.move_to_end(user)
                while len(self._known) > self._most:
                    self._known.popitem(last=False)
                self._heard.notify_all()
        return person


def _read(user: Any) -> Person:
    if not isinstance(user, dict):
        return Person()
    profile = user.get("profile")
    shown = profile.get("display_name") if isinstance(profile, dict) else None
    name = shown or user.get("real_name") or user.get("name")
    return Person(
        name=str(name) if name else None,
        zone=_zone(user.get("tz")),
        guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        stranger=bool(user.get("is_stranger")),
        admin=bool(user.get("is_admin") or user.get("is_owner")),
        told=True,
        teams=_teams(user),
    )


def _teams(user: dict[str, Any]) -> tuple[str, ...]:
    """Where somebody belongs: the workspace, and in an organisation that and its workspaces."""
    org = user.get("enterprise_user")
    found = [user.get("team_id")]
    if isinstance(org, dict):
        found += [org.get("enterprise_id"), *(org["teams"] if isinstance(org.get("teams"), list) else [])]
    return tuple(str(team) for team in found if team)


def _zone(name: Any) -> str | None:
    """The zone if this machine knows it: Slack has names of its own for a few."""
    try:
        return ZoneInfo(str(name)).key if name else None
    except (ValueError, OSError, LookupError):
        return None
