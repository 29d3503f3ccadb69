"""Changes in words: what a revision did to a record, and what stands between two versions of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot import draft_cards, draft_wording
from bot.cards import account_line
from bot.reply import Line, Mention, Moment, Quiet, Span, Strong, line, plain
from bot.wording import Names, day_month_year, interval, place_words
from store import drafts, positions, talks, topics
from store.database import Session
from store.parties import fold
from store.plain import from_plain
from store.records import (
    Account,
    Alignment,
    Clause,
    Draft,
    DraftStatus,
    Level,
    Position,
    Reply,
    Revision,
    Side,
    Talks,
    Tally,
    Vote,
    Window,
)

LONG = 160

_LABELS = {
    "window": "when", "place": "where", "after": "only after", "said_on": "said on", "recorded_at": "recorded",
    "original_quote": "original words", "original_language": "language", "stated_by": "who said so",
}  # fmt: skip
_NOT_TOLD = ("key", "number", "recorded_at")
_RECORDS: dict[str, type[Talks | Position | Draft]] = {talks.KIND: Talks, positions.KIND: Position, drafts.KIND: Draft}

# By what an item of a list is known from one version of the record to the next.
_SAME: dict[str, Callable[[Any], object]] = {
    "accounts": lambda account: account.key,
    "replies": lambda reply: reply.key,
    "clauses": lambda clause: (fold(clause.issue), clause.version),
    "alignments": lambda alignment: (alignment.role, alignment.party or alignment.label),
    "votes": lambda vote: (vote.kind, vote.party),
}
FEW_VOTES = 6
"""So many changed votes are told one by one; more are counted."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Words the differences between versions of talks, of a position or of a draft."""

    names: Names
    labels: Mapping[str, str]
    """What keys of talks and positions are called: `T-3`."""
    topics: Mapping[str, str]

    @classmethod
    def of(cls, session: Session, kind: str, versions: Iterable[Mapping[str, Any] | None], now: datetime, zone: str) -> Teller:
        """Reads what these versions mention."""
        found = [from_plain(_RECORDS[kind], v) for v in versions if v]
        some_talks = [f for f in found if isinstance(f, Talks)]
        some_positions = [f for f in found if isinstance(f, Position)]
        some_drafts = [f for f in found if isinstance(f, Draft)]
        if some_drafts:
            names = draft_cards.names_of(session, some_drafts, now, zone)
        else:
            names = Names.of(session, now, zone, talks=some_talks, positions=some_positions)
        keys = {key for t in some_talks for key in t.after}
        labels = {key: t.label for key in keys if (t := talks.by_key(session, key))}
        older = {p.supersedes for p in some_positions if p.supersedes}
        labels |= {key: p.label for key in older if (p := positions.by_key(session, key))}
        about = [p.topic for p in some_positions] + [d.topic for d in some_drafts if d.topic]
        known = topics.by_keys(session, about)
        return cls(names, labels, {key: topic.name for key, topic in known.items()})

    def differences(self, kind: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[str]:
        """What changed, field by field: `when: Sat 22 Feb 2025 → Sat 8 Mar 2025`. Nothing for a version that is missing."""
        if before is None or after is None:
            return []
        old, new = from_plain(_RECORDS[kind], before), from_plain(_RECORDS[kind], after)
        touched = [name for name in {**before, **after} if before.get(name) != after.get(name) and name not in _NOT_TOLD]
        return [self._difference(name, getattr(old, name), getattr(new, name)) for name in touched]

    def _difference(self, name: str, old: Any, new: Any) -> str:
        label = _LABELS.get(name, name.replace("_", " "))
        if isinstance(old, tuple) and isinstance(new, tuple) and name in ("sources", "agenda", "outcome"):
            gone = [self._value(name, (item,)) for item in old if item not in new]
            come = [self._value(name, (item,)) for item in new if item not in old]
            if len(gone) == len(come) == 1:
                return f"{label}: {gone[0]} → {come[0]}"
            words = [*(f"+ {_cut(item)}" for item in come), *(f"− {_cut(item)}" for item in gone)]
            return f"{label}: {'; '.join(words) or 'in another order'}"
        if name in _SAME:
            return f"{label}: {'; '.join(self._keyed(name, old, new)) or 'in another order'}"
        return f"{label}: {_cut(self._value(name, old))} → {_cut(self._value(name, new))}"

    def _keyed(self, name: str, old: Sequence[Any], new: Sequence[Any]) -> list[str]:
        """Items of a list that came, went or changed."""
        key = _SAME[name]
        before, after = {key(item): item for item in old}, {key(item): item for item in new}
        come = [item for same, item in after.items() if same not in before]
        gone = [item for same, item in before.items() if same not in after]
        changed = [(item, after[same]) for same, item in before.items() if same in after and item != after[same]]
        if name == "votes" and len(come) + len(gone) + len(changed) > FEW_VOTES:
            return _counted(come, gone, changed)
        found = [f"+ {_cut(self._one(name, item))}" for item in come]
        found += [self._changed(name, item, now) for item, now in changed]
        return found + [f"− {_cut(self._one(name, item))}" for item in gone]

    def _changed(self, name: str, item: Any, now: Any) -> str:
        if isinstance(item, Account) and item.settled != now.settled:
            return f"{item.by}'s {'settled' if now.settled else 'in dispute again'}"
        was, is_ = _cut(self._one(name, item)), _cut(self._one(name, now))
        if was != is_:
            return f"{was} → {is_}"
        only = replace(item, sources=()) == replace(now, sources=())
        return f"{was}: {'other sources' if only else 'in other words'}"

    def _value(self, name: str, value: Any) -> str:
        if value in (None, (), ""):
            return "nothing"
        if isinstance(value, tuple):
            return "; ".join(self._one(name, item) for item in value)
        return self._one(name, value)

    def _one(self, name: str, value: Any) -> str:
        match value:
            case Window():
                return interval(value) + self.names.stated(value)
            case Side():
                who = ", ".join(p.name for p in value.people)
                inside = [value.level.value if value.level is not Level.UNSTATED else "", who]
                extra = ": ".join(part for part in inside if part)
                return self.names.party(value.party) + (f" ({extra})" if extra else "")
            case Account():
                return plain(account_line(value, self.names)).removeprefix("• ")
            case Reply():
                return self.names.reply_words(value) + (f": {value.summary}" if value.summary else "")
            case Clause() | Alignment() | Vote() | Tally() | DraftStatus():
                return draft_wording.piece(value, self.names)
        return self._scalar(name, value)

    def _scalar(self, name: str, value: Any) -> str:
        if name == "place":
            return place_words(value, self.names)
        if name in ("party", "host"):
            return self.names.party(value)
        if name in ("after", "supersedes"):
            return self.labels.get(value, value)
        if name == "topic":
            return self.topics.get(value, value)
        if name == "sources":
            known = self.names.sources.get(value)
            return (known.publisher or known.title) if known else value
        if isinstance(value, date):
            return day_month_year(value)
        return str(getattr(value, "text", getattr(value, "value", value)))


def _counted(come: Sequence[Vote], gone: Sequence[Vote], changed: Sequence[tuple[Vote, Vote]]) -> list[str]:
    """Many votes that came, went or changed: `+ 193 (93 for, 18 against, 65 abstained, 17 absent)`."""
    turned = [now for was, now in changed if was.choice is not now.choice]
    found: list[str] = []
    for sign, some in (("+", come), ("changed", turned), ("−", gone)):
        by_choice = Counter(vote.choice for vote in some)
        words = [f"{by_choice[choice]} {word}" for choice, word in draft_wording.CHOICES.items() if by_choice[choice]]
        found += [f"{sign} {len(some)} ({', '.join(words)})"] if some else []
    same = len(changed) - len(turned)
    return found + ([f"{same} with other days or sources"] if same else [])


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONG else text[:LONG].rsplit(" ", 1)[0] + "…"


def who(actor: str) -> Span:
    """Who made a change: a person by mention, a program by name."""
    return Mention(actor) if actor[:1] in "UW" and actor.isalnum() and actor.isupper() else actor


def revision_line(revision: Revision, zone: str) -> Line:
    """When, who and what, of one revision: `R-12  22 Feb 2025, 19:04 · Ingrid · postponed · undoes R-9 · why: …`."""
    undoes = f" · takes back R-{revision.undoes}" if revision.undoes else ""
    why = f" · why: {revision.why}" if revision.why else ""
    action = revision.action if revision.after is not None else f"{revision.action}, off the record"
    return line(
        Strong(f"R-{revision.number}"), "  ", Moment(revision.at, zone), " · ", who(revision.actor), f" · {action}{undoes}",
        Quiet(why),
    )  # fmt: skip


def differences_since(session: Session, kind: str, since: Sequence[Revision], now: datetime, zone: str) -> list[Line]:
    """What others changed in the meantime, a line for each revision: who, when, and which fields from what to what."""
    teller = Teller.of(session, kind, [v for r in since for v in (r.before, r.after)], now, zone)
    found: list[Line] = []
    for revision in since:
        changed = "; ".join(teller.differences(kind, revision.before, revision.after)) or revision.action
        found.append(line(who(revision.actor), " ", Moment(revision.at, zone), f": {changed}"))
    return found
