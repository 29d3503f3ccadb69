"""What a change of government leaves unsaid: who took office since a position or a reply, and has not spoken to it.

A word given under one administration is never shown as its successor's. Where somebody else reports what the new one said,
that is told as theirs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.reply import Line, line
from bot.wording import Names, day_month_year, mark
from store import administrations, parties, positions
from store.administrations import Changed
from store.database import Session
from store.parties import fold
from store.records import Account, Position, Reply
from store.standings import Standing

_TOLD = re.compile(
    r"(?P<not>\b(?:not|never|neither)\s+(?:been\s+)?)?"
    r"\b(?P<verb>rejected|refused|dismissed|turned down|ruled out|endorsed|accepted|backed|supported)(?:\s+again)?\s+by\s+"
    r"(?:the\s+)?(?P<who>[^,.;:]{2,60}?)(?:\s+(?:side|delegation|team|government|administration|negotiators|officials))?"
    r"(?=[,.;:]|\s+(?:which|who|and|but|in|at|on)\b|$)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:in|at)\s+((?:[A-Z]\w+)(?:\s[A-Z]\w+)?)")


@dataclass(frozen=True, slots=True)
class Silent:
    """A party that answered under an administration that is no longer in office, and what others report of the new one."""

    party: str
    changed: Changed
    told: tuple[tuple[Account, str], ...] = ()
    """Accounts with what they say the new one did: `rejected in Riyadh`."""


@dataclass(frozen=True, slots=True)
class Overtaken:
    """What a change of government means for one position: for its own party, and for those that replied to it."""

    own: Changed | None = None
    silent: tuple[Silent, ...] = ()


def overtaken(
    session: Session, some: Sequence[Position], later: Mapping[int, Standing], on: date, recorded: datetime | None = None
) -> dict[int, Overtaken]:
    """By number, the positions whose party, or somebody who replied, has another government since, up to a day."""
    known = administrations.listed(session, {code for p in some for code in (p.party, *(r.party for r in p.replies))})
    found: dict[int, Overtaken] = {}
    for p in some:
        own = None
        if p.number not in later:
            own = administrations.changed(session, known, p.party, p.administration, p.said_on, on, recorded)
        silent = tuple(s for reply in _last_replies(p) if (s := _silent(session, known, p, reply, on, recorded)))
        if own or silent:
            found[p.number] = Overtaken(own, silent)
    return found


def _last_replies(position: Position) -> list[Reply]:
    """Each party's last reply."""
    by_party = {r.party: r for r in sorted(position.replies, key=lambda r: r.said_on or date.min)}
    return list(by_party.values())


def _silent(
    session: Session, known: administrations.Listed, position: Position, reply: Reply, on: date, recorded: datetime | None
) -> Silent | None:
    changed = administrations.changed(session, known, reply.party, reply.administration, reply.said_on, on, recorded)
    if changed is None:
        return None
    own = positions.latest_each(session, reply.party, [position.topic], as_of=on, recorded=recorded)
    if own and own[0].said_on and own[0].said_on >= changed.since:
        return None
    told = [(a, words) for a in position.accounts if (words := _told(session, a, reply.party, changed.since))]
    return Silent(reply.party, changed, tuple(told))


def _told(session: Session, account: Account, party: str, since: date) -> str:
    """What an account says that a party did: `rejected in Riyadh`; empty where it says nothing of the kind.

    Only for an account that affirms, of a day since the change.
    """
    if account.happens is not True or account.claim is None or account.said_on is None or account.said_on < since:
        return ""
    for found in _TOLD.finditer(account.claim):
        who = fold(found["who"])
        meant = {code for code, _ in parties.named(session, [who]).get(who, ())}
        if meant == {party} and not found["not"]:
            sentence = account.claim[: found.start()].rpartition(". ")[2]
            places = _PLACE.findall(sentence)
            where = f" in {places[0]}" if len(places) == 1 else ""
            return found["verb"].casefold() + where
    return ""


def silent_line(silent: Silent, names: Names, cited: Sequence[str]) -> Line:
    """`United States (Trump administration): rejected in Riyadh by Romania's account [5]; no statement of its own found`."""
    told = [
        f"{words} by {names.party(account.party) if account.party else account.by}'s account{mark(account.sources, cited)}"
        for account, words in silent.told
    ]
    own = f"no statement of its own found since {day_month_year(silent.changed.since)}"
    return line(f"{names.party(silent.party)} ({silent.changed.now}): {'; '.join([*told, own])}")
