"""Changes in words: what a revision did to a record, and what stands between two versions of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.cards import account_line
from bot.reply import Line, Mention, Moment, Quiet, Span, Strong, line, plain
from bot.wording import Names, day_month_year, interval, place_words
from store import positions, talks, topics
from store.database import Session
from store.plain import from_plain
from store.records import Account, Level, Position, Reply, Revision, Side, Talks, Window

LONG = 160

_LABELS = {
    "window": "when", "place": "where", "after": "only after", "said_on": "said on", "recorded_at": "recorded",
    "original_quote": "original words", "original_language": "language", "stated_by": "who said so",
}  # fmt: skip
_NOT_TOLD = ("key", "number", "recorded_at")


@dataclass(frozen=True, slots=True)
class Teller:
    """Words the differences between versions of talks or of a position."""

    names: Names
    labels: Mapping[str, str]
    """What keys of talks and positions are called: `T-3`."""
    topics: Mapping[str, str]

    @classmethod
    def of(cls, session: Session, kind: str, versions: Iterable[Mapping[str, Any] | None], now: datetime, zone: str) -> Teller:
        """Reads what these versions mention."""
        record = kind == talks.KIND
        found = [from_plain(Talks, v) if record else from_plain(Position, v) for v in versions if v]
        some_talks = [f for f in found if isinstance(f, Talks)]
        some_positions = [f for f in found if isinstance(f, Position)]
        names = Names.of(session, now, zone, talks=some_talks, positions=some_positions)
        keys = {key for t in some_talks for key in t.after}
        labels = {key: t.label for key in keys if (t := talks.by_key(session, key))}
        older = {p.supersedes for p in some_positions if p.supersedes}
        labels |= {key: p.label for key in older if (p := positions.by_key(session, key))}
        known = topics.by_keys(session, [p.topic for p in some_positions])
        return cls(names, labels, {key: topic.name for key, topic in known.items()})

    def differences(self, kind: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[str]:
        """What changed, field by field: `when: Sat 22 Feb 2025 → Sat 8 Mar 2025`. Nothing for a version that is missing."""
        if before is None or after is None:
            return []
        record: type[Talks | Position] = Talks if kind == talks.KIND else Position
        old, new = from_plain(record, before), from_plain(record, after)
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
        return f"{label}: {_cut(self._value(name, old))} → {_cut(self._value(name, new))}"

    def _keyed(self, name: str, old: Sequence[Any], new: Sequence[Any]) -> list[str]:
        """Accounts or replies that came, went or changed."""
        before, after = {item.key: item for item in old}, {item.key: item for item in new}
        found = [f"+ {_cut(self._one(name, item))}" for key, item in after.items() if key not in before]
        for key, item in before.items():
            now = after.get(key)
            if now is None:
                found.append(f"− {_cut(self._one(name, item))}")
            elif isinstance(item, Account) and item.settled != now.settled:
                found.append(f"{item.by}'s {'settled' if now.settled else 'in dispute again'}")
            elif item != now:
                found.append(f"{_cut(self._one(name, item))} → {_cut(self._one(name, now))}")
        return found

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
        if name == "said_on":
            return day_month_year(value)
        return str(getattr(value, "text", getattr(value, "value", value)))


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
