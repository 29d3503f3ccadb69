"""What a change of government leaves unsaid: who took office since a position or a reply, and has not spoken to it.

A word given under one administration is never shown as its successor's. Where somebody else reports what the new one said,
that is told as theirs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.position_replies import answer_words
from bot.reply import Line, line
from bot.wording import Names, day_month_year, mark
from store import administrations, answers, parties, positions
from store.administrations import Changed, Listed
from store.answers import Answer
from store.database import Session
from store.parties import fold
from store.records import Account, Administration, Position, Reply

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
    """A party that answered under an administration that is no longer in office, what the new one answered on the topic, and
    what others report of it."""

    reply: Reply
    changed: Changed
    told: tuple[tuple[Account, str], ...] = ()
    """Accounts with what they say the new one did: `rejected in Riyadh`."""
    answer: Answer | None = None

    @property
    def party(self) -> str:
        return self.reply.party


@dataclass(frozen=True, slots=True)
class Overtaken:
    """What a change of government means for one position: for its own party, and for those that replied to it."""

    own: Changed | None = None
    answer: Answer | None = None
    """What the new government of its party answered to somebody else on the same topic."""
    silent: tuple[Silent, ...] = ()

    @property
    def answers(self) -> tuple[Answer, ...]:
        return tuple(a for a in (self.answer, *(s.answer for s in self.silent)) if a)


def governments(session: Session, some: Iterable[Position]) -> dict[str, tuple[Administration, ...]]:
    """The administrations of everyone that took these positions or replied to them."""
    return administrations.listed(session, {code for p in some for code in (p.party, *(r.party for r in p.replies))})


def overtaken(
    session: Session,
    known: Listed,
    some: Sequence[Position],
    later: Collection[int],
    on: date,
    recorded: datetime | None = None,
) -> dict[int, Overtaken]:
    """By number, the positions whose party, or somebody who replied, has another government since, up to a day; those that
    were said again `later` are not their party's word any more."""
    own: dict[int, Changed] = {}
    replied: list[tuple[Position, Reply, Changed]] = []
    for p in some:
        now = None
        if p.number not in later:
            now = administrations.changed(session, known, p.party, p.administration, p.said_on, on, recorded)
        own |= {p.number: now} if now else {}
        for r in _last_replies(p):
            if now := administrations.changed(session, known, r.party, r.administration, r.said_on, on, recorded):
                replied.append((p, r, now))
    wanted = [(p.party, own[p.number].since, p.topic) for p in some if p.number in own]
    wanted += [(r.party, now.since, p.topic) for p, r, now in replied]
    since = _answers_since(session, wanted, on, recorded)
    silent: dict[int, list[Silent]] = defaultdict(list)
    for p, r, now in replied:
        if not _spoke(session, r.party, p.topic, now.since, on, recorded):
            told = tuple((a, words) for a in p.accounts if (words := _told(session, a, r.party, now.since)))
            silent[p.number].append(Silent(r, now, told, since.get((r.party, now.since, p.topic))))
    return {
        p.number: Overtaken(now, since.get((p.party, now.since, p.topic)) if now else None, tuple(silent[p.number]))
        for p in some
        if (now := own.get(p.number)) or silent[p.number]
    }


def _last_replies(position: Position) -> list[Reply]:
    """Each party's last reply."""
    by_party = {r.party: r for r in sorted(position.replies, key=lambda r: r.said_on or date.min)}
    return list(by_party.values())


def _answers_since(
    session: Session, wanted: Iterable[tuple[str, date, str]], on: date, recorded: datetime | None
) -> dict[tuple[str, date, str], Answer]:
    """The latest that parties answered on topics since some days."""
    topics: dict[tuple[str, date], set[str]] = defaultdict(set)
    for party, since, topic in wanted:
        topics[party, since].add(topic)
    found: dict[tuple[str, date, str], Answer] = {}
    for (party, since), some in topics.items():
        given = answers.latest(session, [party], sorted(some), since=since, as_of=on, recorded=recorded)
        found |= {(party, since, topic): answer for (_, topic), answer in given.items()}
    return found


def _spoke(session: Session, party: str, topic: str, since: date, on: date, recorded: datetime | None) -> bool:
    own = positions.latest_each(session, party, [topic], as_of=on, recorded=recorded)
    return bool(own and own[0].said_on and own[0].said_on >= since)


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
    if silent.answer:
        own = f"{answer_words(names, silent.answer)}{mark(silent.answer.reply.sources, cited)}"
    return line(f"{names.party(silent.party)} ({silent.changed.now}): {'; '.join([*told, own])}")
