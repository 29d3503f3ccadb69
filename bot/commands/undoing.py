"""Logs and undo, the same for talks, for positions and for drafts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.commands.base import Ask, Trouble
from bot.commands.revision_words import Teller, revision_line, who
from bot.commands.rights import check_recorder
from bot.reply import Button, Card, Part, Reply, line, plain
from store import changes, undo
from store.database import Session, WriteSession
from store.errors import NotOnRecord
from store.records import Revision

PER_PAGE = 6

_RECORD = re.compile(r"\s*([tpd])\s*-?\s*(\d{1,9})\b", re.IGNORECASE)
_REVISION = re.compile(r"\br\s*-?\s*(\d{1,9})\b", re.IGNORECASE)
_PAGE = re.compile(r"\bpage\s+(\d{1,4})\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kind:
    """What is logged and undone: `talks` under `/talks` as `T`, `position` under `/position` as `P`, `draft` as `D`."""

    slash: str
    letter: str
    module: Any

    @property
    def name(self) -> str:
        return str(self.module.KIND)

    def key_of(self, session: Session, number: int) -> str:
        """The key of a record by its number, also of one that was taken off the record. Raises NotOnRecord."""
        try:
            return str(self.module.get(session, number).key)
        except NotOnRecord:
            key = changes.key_of_number(session, self.name, number)
            if key is None:
                raise
            return key


def log(kind: Kind) -> Callable[[Ask], Reply]:
    """The subcommand that shows who changed a record, when, what and why, newest first."""

    def handle(ask: Ask) -> Reply:
        number = _number(ask, kind, "log")
        found = _PAGE.search(ask.rest)
        page = max(1, int(found.group(1))) if found else 1
        label = f"{kind.letter}-{number}"
        with ask.read() as session:
            revisions = changes.of_record(session, kind.name, kind.key_of(session, number))[::-1]
            shown = revisions[(page - 1) * PER_PAGE : page * PER_PAGE]
            versions = [version for revision in shown for version in (revision.before, revision.after)]
            teller = Teller.of(session, kind.name, versions, ask.now, ask.request.zone)
            last = undo.last(session, kind.name, revisions[0].key) if revisions else None
        parts: list[Part] = [_card(teller, kind, revision, ask.request.zone) for revision in shown]
        if not shown:
            parts.append(line("No changes on record." if not revisions else "No more."))
        buttons = [Button(f"Undo R-{last.number}", f"{kind.slash} undo {label} R-{last.number}")] if last else []
        if len(revisions) > page * PER_PAGE:
            buttons.append(Button("Older", f"{kind.slash} log {label} page {page + 1}", replaces=True))
        count = f"{len(revisions)} change" if len(revisions) == 1 else f"{len(revisions)} changes"
        return Reply(f"{label}: who changed what", aside=count, parts=tuple(parts), buttons=tuple(buttons))

    return handle


def _card(teller: Teller, kind: Kind, revision: Revision, zone: str) -> Card:
    told = teller.differences(kind.name, revision.before, revision.after)
    return Card(revision_line(revision, zone), tuple(line("• ", words) for words in told[:8]))


def taking_back(
    kind: Kind, show: Callable[[Session, Ask, undo.Logged, str, tuple[Part, ...]], Reply]
) -> Callable[[Ask], Reply]:
    """The subcommand that undoes: a record's last change, a named one, or the asker's own last. `show` draws the record."""

    def handle(ask: Ask) -> Reply:
        with ask.write() as session:
            check_recorder(session, ask)
            revision = _meant(session, ask, kind)
            try:
                done = undo.undo(session, revision)
            except undo.CannotUndo as no:
                raise _explained(kind, revision, no) from None
            teller = Teller.of(session, kind.name, [revision.before, revision.after], ask.now, ask.request.zone)
            told = teller.differences(kind.name, revision.after, revision.before)
            label = f"{kind.letter}-{(revision.after or revision.before or {}).get('number')}"
            back = line("Taken back: ", f"R-{revision.number}, {revision.action} by ", who(revision.actor), ".")
            notes: tuple[Part, ...] = (back, *(line("• ", words) for words in told[:8]))
            if done.record is not None:
                return show(session, ask, done.record, "Undone", notes)
            button = Button("Bring it back", f"{kind.slash} undo {label} R-{done.number}")
            return Reply(f"Undone: {label} is off the record", parts=notes, buttons=(button,))

    return handle


def _meant(session: WriteSession, ask: Ask, kind: Kind) -> Revision:
    """The revision that the words mean. Raises Trouble or NotOnRecord."""
    named, record = _REVISION.search(ask.rest), _RECORD.match(ask.rest)
    example = f"{kind.slash} undo {kind.letter}-2"
    rest = _REVISION.sub("", _RECORD.sub("", ask.rest, count=1), count=1).strip()
    if rest or (record and record[1].upper() != kind.letter):
        raise Trouble(f"“{ask.rest[:60]}” does not say what to undo.", example=example)
    if named:
        revision = changes.get(session, int(named[1]))
        if revision.kind != kind.name or (record and revision.key != kind.key_of(session, int(record[2]))):
            raise Trouble(f"R-{revision.number} is no change of {record[0].strip() if record else 'these'}.", example=example)
        return revision
    if record:
        last = undo.last(session, kind.name, kind.key_of(session, int(record[2])))
        if last is None:
            raise Trouble(f"There is nothing left to undo in {record[0].strip().upper()}.")
        return last
    own = changes.latest_of(session, kind.name, ask.request.user)
    if own is None:
        raise Trouble("You changed nothing lately.", nearest="Say which record's last change to undo.", example=example)
    return own


def _explained(kind: Kind, revision: Revision, no: undo.CannotUndo) -> Trouble:
    """Why a change cannot be taken back."""
    what = f"R-{revision.number} ({revision.action})"
    if no.why == "nothing":
        by = f" by R-{no.by[-1].number}" if no.by else ""
        return Trouble(f"{what} is undone already{by}.")
    if no.why == "depends":
        return Trouble(f"{what} cannot be undone: {', '.join(no.labels)} depends on it.", nearest="Change that first.")
    fields = f" changed {', '.join(no.fields)} again" if no.fields else " came later"
    later = ", ".join(f"R-{r.number} ({plain((who(r.actor),))}, {r.action})" for r in no.by[-3:]) or "a later change"
    number = (revision.after or revision.before or {}).get("number")
    return Trouble(
        f"{what} cannot be undone by itself: {later}{fields}.",
        nearest="Undo that first, or edit the record.",
        example=f"{kind.slash} undo {kind.letter}-{number}",
    )


def _number(ask: Ask, kind: Kind, name: str) -> int:
    found = re.match(rf"\s*(?:{kind.letter}\s*-?\s*)?(\d{{1,9}})\b", ask.rest, re.IGNORECASE)
    if not found:
        raise Trouble(f"Say which one, like {kind.letter}-2.", example=f"{kind.slash} {name} {kind.letter}-2")
    return int(found.group(1))
