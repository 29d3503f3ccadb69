"""Changes as a digest tells them, one line each: which record, what is new, why, and where that is from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from bot.cards import when_words
from bot.draft_cards import keys_of, versions
from bot.draft_wording import STATUSES, state, tally_words
from bot.reply import Line, Moment, Span, Strong, plain
from bot.wording import (
    LEVELS,
    STANCES,
    Names,
    day_month_year,
    first_sentence,
    interval,
    place_words,
    short_day,
)
from store import drafts, parties, positions, sources, topics
from store import talks as on_record
from store.database import Session
from store.news import Change
from store.plain import from_plain
from store.records import Account, Alignment, AlignmentRole, Draft, Position, Scope, Status, Talks, Watch, Window
from store.records import Reply as Answer
from store.scopes import Facts, Reader, concerns

KINDS = (on_record.KIND, positions.KIND, drafts.KIND)
NAMED = 3
"""How many new accounts, replies or names on a draft one line names."""

_STATUS = {
    Status.MOOTED: "back to mooted",
    Status.PLANNED: "planned again",
    Status.CONFIRMED: "confirmed",
    Status.HELD: "held",
    Status.POSTPONED: "postponed",
    Status.CANCELLED: "cancelled",
}

_ROLES = {
    AlignmentRole.SPONSOR: "sponsors it",
    AlignmentRole.CO_SPONSOR: "co-sponsors it",
    AlignmentRole.ENDORSES: "endorses it",
    AlignmentRole.DECLINES: "declines it",
    AlignmentRole.CONDITIONAL: "conditional",
    AlignmentRole.WITHDREW: "withdrew its name",
}

_OFF = "taken off the record"

_FIELDS = {
    "after": "prerequisites",
    "window": "words about when",
    "said_on": "day it was said",
    "status_on": "day of its status",
}
_APART = ("key", "number", "recorded_at")


@dataclass(frozen=True, slots=True)
class View:
    """For whom changes are told, and when."""

    watch: Watch
    reader: Reader
    now: datetime

    @property
    def session(self) -> Session:
        return self.reader.session

    @property
    def everything(self) -> bool:
        return self.watch.about == self.watch.but_not == Scope()


def concerned(view: View, change: Change) -> bool:
    """True when a change is about what the watch is about: as the record was, or as it is."""
    if view.everything:
        return True
    versions = [version for version in (change.before, change.after) if version]
    return any(concerns(view.watch, _facts(view.reader, change.kind, version)) for version in versions)


def _facts(reader: Reader, kind: str, version: Mapping[str, Any]) -> Facts:
    if kind == on_record.KIND:
        return reader.of_talks(from_plain(Talks, version))
    if kind == positions.KIND:
        return reader.of_position(from_plain(Position, version))
    return reader.of_draft(from_plain(Draft, version))


def change_line(view: View, change: Change) -> Line:
    """One change, in one line."""
    return _MAKERS[change.kind](view, change)


def _line(label: str, head: str, words: Sequence[Span], reason: str | None, cited: Sequence[Span]) -> Line:
    return (Strong(label), f"  {head}: ", *words, *([f" · {reason}"] if reason else []), *cited)


def _talks_line(view: View, change: Change) -> Line:
    before = from_plain(Talks, change.before) if change.before else None
    after = from_plain(Talks, change.after) if change.after else None
    some = [version for version in (before, after) if version]
    stands = some[-1]
    names = Names.of(view.session, view.now, view.watch.zone, talks=some)
    moved = before is not None and before.window != stands.window
    reason = change.why or (names.stated(stands.window).strip(" ()") if moved else "")
    if after is None:
        return _line(stands.label, names.title(stands), (_OFF,), reason, names.cite(stands.sources))
    if before is None:
        words = (f"new, {after.status.value} · ", *when_words(after, names), f" · {place_words(after.place, names)}")
        return _line(stands.label, names.title(stands), words, reason, names.cite(stands.sources))
    told = _talks_words(before, after, names)
    fresh = _fresh_accounts(before.accounts, after.accounts, but=before.window)
    tail = ["now disputed"] if after.disputed and not before.disputed else []
    tail += ["no longer disputed"] if before.disputed and not after.disputed else []
    words = (" · ".join([*told, *_accounts_words(fresh, names), *tail]) or _corrected(before, after),)
    return _line(stands.label, names.title(stands), words, reason, names.cite(_cited(told, after.sources, fresh)))


def _talks_words(before: Talks, after: Talks, names: Names) -> list[str]:
    """What changed in the record itself."""
    found: list[str] = []
    if before.status is not after.status:
        found.append(_STATUS[after.status])
    if _bounds(before.window) != _bounds(after.window):
        found.append(f"moved from {_when(before.window)} to {_when(after.window)}")
    if before.place != after.place:
        found.append(f"now {place_words(after.place, names)}")
    if before.level is not after.level:
        found.append(f"now {LEVELS[after.level]}")
    if set(after.outcome) - set(before.outcome):
        found.append("outcome recorded")
    return found


def _bounds(window: Window) -> tuple[object, object]:
    return window.earliest, window.latest


def _when(window: Window) -> str:
    if isinstance(window.earliest, datetime):
        return plain([Moment(window.earliest, window.zone or "UTC")])
    return interval(window)


def _fresh_accounts(before: Sequence[Account], after: Sequence[Account], but: Window | None = None) -> list[Account]:
    """The accounts that came, without the record's own version, which is kept beside the first that differs from it."""
    known = {account.key for account in before}
    fresh = [account for account in after if account.key not in known]
    own = [a for a in fresh if but is not None and a.by == but.stated_by and a.window in (None, but)]
    return [account for account in fresh if account not in own] or fresh


def _accounts_words(fresh: Sequence[Account], names: Names) -> list[str]:
    if not fresh:
        return []
    return [f"new account{'s' if len(fresh) > 1 else ''}: {_some([_account_words(account, names) for account in fresh])}"]


def _account_words(account: Account, names: Names) -> str:
    """`Russian Foreign Ministry denies it (24 Feb)`; `by Politico, window Sat 22 Feb – Sat 8 Mar 2025 (22 Feb)`."""
    said = f" ({short_day(account.said_on, names.today) if account.said_on else 'undated'})"
    if account.happens is False:
        return f"{account.by} denies it{said}"
    claims = []
    if account.window is not None:
        claims.append(f"window {interval(account.window)}")
    if account.level is not None:
        claims.append(LEVELS[account.level])
    if account.place is not None:
        claims.append(place_words(account.place, names))
    if not claims and account.claim and not account.happens:
        return f"by {account.by}: {first_sentence(account.claim)}{said}"
    return f"by {account.by}, {', '.join(claims)}{said}" if claims else f"{account.by} affirms it{said}"


def _corrected(before: Talks | Position | Draft, after: Talks | Position | Draft) -> str:
    """`details corrected: quote, sources`."""
    names = [field.name for field in fields(after) if field.name not in _APART]
    found = [name for name in names if getattr(before, name, None) != getattr(after, name)]
    return f"details corrected: {', '.join(_FIELDS.get(name, name.replace('_', ' ')) for name in found)}"


def _cited(told: Sequence[str], keys: Sequence[str], fresh: Sequence[Account | Answer | Alignment]) -> list[str]:
    """The sources of a line: the record's where it changed itself, and those of what came to it."""
    return list(dict.fromkeys([*(keys if told or not fresh else ()), *(key for each in fresh for key in each.sources)]))


def _some(words: Sequence[str]) -> str:
    """The first few, with a count of the rest."""
    more = [f"and {len(words) - NAMED} more"] if len(words) > NAMED else []
    return "; ".join([*words[:NAMED], *more])


def _position_line(view: View, change: Change) -> Line:
    before = from_plain(Position, change.before) if change.before else None
    after = from_plain(Position, change.after) if change.after else None
    stands = [version for version in (before, after) if version][-1]
    names = Names.of(view.session, view.now, view.watch.zone, positions=[stands])
    topic = topics.get(view.session, stands.topic)
    head = f"{names.party(stands.party)} on {topic.name if topic else stands.topic}"
    said = f" (said {day_month_year(stands.said_on)})" if stands.said_on else ""
    if after is None:
        words, cited = f"position {_OFF}{said}", [*stands.sources]
    elif before is None:
        words, cited = f"{_new_position(view.session, after)}{said}", [*after.sources]
    else:
        told = [] if before.stance is after.stance else [f"corrected from {_stances(before, after)}{said}"]
        replies = [reply for reply in after.replies if reply.key not in {known.key for known in before.replies}]
        accounts = _fresh_accounts(before.accounts, after.accounts)
        answers = [_some([names.reply_words(reply) for reply in replies])] if replies else []
        words = " · ".join([*told, *answers, *_accounts_words(accounts, names)]) or f"{_corrected(before, after)}{said}"
        cited = _cited(told, after.sources, [*replies, *accounts])
    return _line(stands.label, head, (words,), change.why, names.cite(cited))


def _new_position(session: Session, position: Position) -> str:
    old = positions.by_key(session, position.supersedes) if position.supersedes else None
    if old and old.stance is not position.stance:
        return f"position changed, from {_stances(old, position)}: {position.summary}"
    return f"new position, {STANCES[position.stance]}: {position.summary}"


def _stances(before: Position, after: Position) -> str:
    return f"{STANCES[before.stance]} to {STANCES[after.stance]}"


def _draft_line(view: View, change: Change) -> Line:
    before = from_plain(Draft, change.before) if change.before else None
    after = from_plain(Draft, change.after) if change.after else None
    stands = [version for version in (before, after) if version][-1]
    names = Names(
        parties.names_of(view.session, [a.party for a in stands.alignments if a.party]),
        sources.by_keys(view.session, keys_of(stands)),
        view.now,
        view.watch.zone,
    )
    if after is None:
        words, cited = _OFF, [*stands.sources]
    elif before is None:
        words, cited = f"new draft, {_status(after)}", [*after.sources]
    else:
        told = _draft_words(before, after)
        known = {_who(b) for b in before.alignments}
        fresh = [a for a in after.alignments if _who(a) not in known]
        joined = [_some([_alignment_words(a, names) for a in fresh])] if fresh else []
        words = " · ".join([*told, *joined]) or f"{_corrected(before, after)} ({_status(after)})"
        cited = _cited(told, after.sources, fresh)
    return _line(stands.label, stands.title, (words,), change.why, names.cite(cited))


def _status(draft: Draft) -> str:
    """`adopted 24 Feb 2025`, or that the day is not on record."""
    words = state(draft)[-1]
    return words if words != STATUSES[draft.status] else f"{words}, day not on record"


def _draft_words(before: Draft, after: Draft) -> list[str]:
    """What changed in the draft itself, with its day; its status as it is where what changed has no day of its own."""
    found = [_status(after)] if (before.status, before.status_on) != (after.status, after.status_on) else []
    if after.tally and before.tally != after.tally:
        found.append(tally_words(after.tally))
    elif before.votes != after.votes:
        days = sorted({vote.day for vote in after.votes if vote.day and vote not in before.votes})
        found.append("votes recorded" + (f" ({day_month_year(days[-1])})" if days else ""))
    if versions(after)[-1:] > versions(before)[-1:]:
        found.append(f"version {versions(after)[-1]} of the text")
    return found


def _who(alignment: Alignment) -> tuple[object, ...]:
    return alignment.role, alignment.party, alignment.label


def _alignment_words(alignment: Alignment, names: Names) -> str:
    """`Russia endorses it (21 Feb 2025)`."""
    who = names.party(alignment.party) if alignment.party else alignment.label or "somebody not named"
    return f"{who} {_ROLES[alignment.role]} ({day_month_year(alignment.said_on) if alignment.said_on else 'undated'})"


_MAKERS = {on_record.KIND: _talks_line, positions.KIND: _position_line, drafts.KIND: _draft_line}
