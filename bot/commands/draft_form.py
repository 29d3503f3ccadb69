"""A draft as a form: the record's fields as words, and the words back as the record. Votes come from files, not by form.

Field ids are the names of the file format. A line that nobody touched keeps all that is on record of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from bot.commands.intake import Intake, same_text
from bot.commands.pieces import PartyNames, party_text, read_day, read_sources, short, source_text
from bot.commands.talks_form import WHY
from bot.draft_wording import ROLES, STATUSES
from bot.reply import Field, FieldKind, Option
from store import topics
from store.database import Session
from store.exchange import BadFile
from store.exchange.single import read_record
from store.parties import fold
from store.plain import to_plain
from store.records import Alignment, AlignmentRole, Clause, Draft

IDS = (
    "title", "status", "body", "symbol", "tabled_on", "status_on", "topic", "clauses", "alignments", "tally", "note", "sources",
)  # fmt: skip

CLAUSE_HINT = "One issue a line: withdrawal: Demands … For a later version: withdrawal (v2): …"
WHO_HINT = "A line each: sponsor: Ukraine · declines: United States (2025-02-20: why)"

T = TypeVar("T", Clause, Alignment)

_CLAUSE = re.compile(r"(.+?)\s*(?:[\[(]\s*(?:v|version)\s*(\d{1,3})\s*[\])])?\s*:\s+(.+)\Z", re.IGNORECASE)
_ROLE = re.compile(r"([\w -]+?)\s*:\s*(.+)\Z")
_AROUND = re.compile(r"(.+?)\s*\((?:(\d{4}-\d{2}-\d{2})\s*[:,]?\s*)?(.*)\)\Z")
_GROUP = re.compile(r"about |around |some |over |more than |at least |\d|“|\"", re.IGNORECASE)
_TALLY = re.compile(
    r"(\d{1,4})\s*(?:[-–:/,·]|for|in favour)+\D*?(\d{1,4})\s*(?:[-–:/,·]|against)+\D*?(\d{1,4})(?:\D+(\d{1,4}))?\D*\Z"
)
_ROLE_WORDS = {
    **{fold(role.value.replace("_", " ")): role for role in AlignmentRole},
    **{fold(words): role for role, words in ROLES.items()},
    "sponsored by": AlignmentRole.SPONSOR, "by": AlignmentRole.SPONSOR, "co sponsors": AlignmentRole.CO_SPONSOR,
    "cosponsor": AlignmentRole.CO_SPONSOR, "cosponsors": AlignmentRole.CO_SPONSOR, "endorsed by": AlignmentRole.ENDORSES,
    "declined": AlignmentRole.DECLINES, "withdrawn": AlignmentRole.WITHDREW,
}  # fmt: skip


def values_of(session: Session, draft: Draft) -> dict[str, str]:
    """What a form shows of a draft."""
    topic = topics.get(session, draft.topic) if draft.topic else None
    names = party_text(session, [a.party for a in draft.alignments if a.party])
    tally = draft.tally
    sums = (
        [tally.in_favour, tally.against, tally.abstained, *([tally.absent] if tally.absent is not None else [])]
        if tally
        else []
    )
    return {
        "title": draft.title,
        "status": draft.status.value,
        "body": draft.body or "",
        "symbol": draft.symbol or "",
        "tabled_on": str(draft.tabled_on or ""),
        "status_on": str(draft.status_on or ""),
        "topic": topic.name if topic else draft.topic or "",
        "clauses": "\n".join(_clause_text(clause) for clause in draft.clauses),
        "alignments": "\n".join(_alignment_text(a, names) for a in draft.alignments),
        "tally": "-".join(map(str, sums)),
        "note": draft.note or "",
        "sources": source_text(session, draft.sources),
    }


def _clause_text(clause: Clause) -> str:
    version = f" (v{clause.version})" if clause.version > 1 else ""
    return f"{clause.issue}{version}: {' '.join(clause.says.split())}"


def _alignment_text(alignment: Alignment, names: Mapping[str, str]) -> str:
    who = names.get(alignment.party, alignment.party) if alignment.party else alignment.label or ""
    inside = ": ".join(part for part in (str(alignment.said_on or ""), alignment.note or "") if part)
    return f"{alignment.role.value.replace('_', '-')}: {who}" + (f" ({' '.join(inside.split())})" if inside else "")


def fields(values: Mapping[str, str], *, edits: bool = False) -> tuple[Field, ...]:
    """The fields of a draft's form, filled in."""
    get, long = values.get, FieldKind.LONG_TEXT
    made = [
        Field("title", "What it is called", value=get("title", ""), required=True, max_length=300),
        Field(
            "status", "Status", FieldKind.CHOICE, get("status", ""), required=True,
            options=tuple(Option(status.value, words) for status, words in STATUSES.items()),
        ),
        Field("body", "Before which organ or forum", value=get("body", ""), hint="Such as UN General Assembly", max_length=200),
        Field("symbol", "Document symbol", value=get("symbol", ""), hint="Such as A/RES/ES-11/7", max_length=60),
        Field("tabled_on", "Tabled on", FieldKind.DAY, get("tabled_on", "")),
        Field("status_on", "Day of its status", FieldKind.DAY, get("status_on", "")),
        Field("topic", "Topic", value=get("topic", ""), max_length=200),
        Field("clauses", "What it says", long, get("clauses", ""), CLAUSE_HINT),
        Field("alignments", "Who stands where", long, get("alignments", ""), WHO_HINT),
        Field("tally", "Announced result", value=get("tally", ""), hint="For-against-abstained: 93-18-65", max_length=60),
        Field("note", "Remark", long, get("note", "")),
        Field("sources", "Sources", long, get("sources", ""), hint="Links, one on each line."),
    ]  # fmt: skip
    if edits:
        made.append(Field(WHY, "Why this change", value=get(WHY, ""), max_length=500))
    return tuple(made)


def read(intake: Intake, had: Draft | None) -> Draft | None:
    """The draft that a form's values describe, or None with the faults and questions noted in the intake."""
    values = intake.values
    shown = values_of(intake.session, had) if had else dict.fromkeys(IDS, "")
    tabled, decided = (read_day(intake, name, values[name]) for name in ("tabled_on", "status_on"))
    if tabled and decided and decided < tabled:
        intake.wrong("status_on", f"That is before it was tabled ({tabled}).")
    keys = read_sources(intake, "sources", values["sources"], had=had.sources if had else (), day=decided or tabled)
    plain: dict[str, Any] = to_plain(had) if had else {"key": "new"}
    plain |= {name: values[name].strip() or None for name in ("title", "status", "body", "symbol", "note")}
    plain |= {"tabled_on": tabled, "status_on": decided, "sources": list(keys)}
    if not same_text(values["topic"], shown["topic"]):
        plain["topic"] = _topic(intake, values["topic"].strip())
    if not same_text(values["clauses"], shown["clauses"]):
        plain["clauses"] = _clauses(intake, had.clauses if had else (), keys)
    if not same_text(values["alignments"], shown["alignments"]):
        plain["alignments"] = _alignments(intake, had, keys)
    if not same_text(values["tally"], shown["tally"]):
        plain["tally"] = _tally(intake, str(decided or ""))
    plain.pop("votes", None)
    if intake.errors:
        return None
    try:
        made = read_record(intake.session, Draft, {name: value for name, value in plain.items() if value not in (None, [])})
    except BadFile as bad:
        for fault in bad.faults:
            name = re.split(r"[.\[]", fault.path)[0]
            intake.wrong(name if name in IDS else "title", f"{fault.message}.")
        return None
    return replace(made, number=had.number, votes=had.votes) if had else made


def _topic(intake: Intake, name: str) -> str | None:
    if not name:
        return None
    found = topics.named(intake.session, [fold(name)]).get(fold(name), [])
    if len(found) == 1:
        return found[0]
    near = topics.suggest(intake.session, name)
    hint = f" Did you mean {' or '.join(topic.name for topic in near)}?" if near else " /position topics lists those there are."
    intake.wrong("topic", f"{short(name)} is no topic on record.{hint}")
    return None


def _lines(text: str) -> list[str]:
    return [" ".join(part.split()).removeprefix("• ") for part in text.splitlines() if part.strip()]


def _by_text(items: Iterable[T], texts: Iterable[str]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for item, text in zip(items, texts, strict=True):
        found.setdefault(" ".join(text.split()), []).append(item)
    return found


def _clauses(intake: Intake, had: tuple[Clause, ...], keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """Clauses line by line. One reworded keeps its wording's place; a new one is said by the sources in the form."""
    before = _by_text(had, map(_clause_text, had))
    issues = {(fold(c.issue), c.version): c for c in had}
    found: list[dict[str, Any]] = []
    for entry in _lines(intake.values["clauses"]):
        if before.get(entry):
            found.append(to_plain(before[entry].pop(0)))
            continue
        parts = _CLAUSE.match(entry)
        if parts is None:
            intake.wrong("clauses", f"{short(entry)} has no issue. Write it like “withdrawal: Demands an immediate one.”")
            continue
        version = int(parts[2] or 1)
        old = issues.get((fold(parts[1]), version))
        kept = {"text": old.text} if old and old.text else {}
        found.append({"issue": parts[1], "says": parts[3], "version": max(1, version), "sources": list(keys), **kept})
    return found


def _alignments(intake: Intake, had: Draft | None, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """Who stands where, line by line: one party, several with semicolons, or words for a group."""
    known = had.alignments if had else ()
    shown = party_text(intake.session, [a.party for a in known if a.party])
    before = _by_text(known, (_alignment_text(a, shown) for a in known))
    names = PartyNames(intake)
    found: list[dict[str, Any]] = []
    for entry in _lines(intake.values["alignments"]):
        if before.get(entry):
            found.append(to_plain(before[entry].pop(0)))
            continue
        parts = _ROLE.match(entry)
        role = _ROLE_WORDS.get(fold(parts[1])) if parts else None
        if parts is None or role is None:
            words = ", ".join(r.value.replace("_", "-") for r in AlignmentRole)
            intake.wrong("alignments", f"{short(entry)} has no role. Begin with one of: {words}; then a colon.")
            continue
        for who in parts[2].split(";"):
            found += _who(names, role, who.strip(), keys)
    return found


def _who(names: PartyNames, role: AlignmentRole, text: str, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    around = _AROUND.match(text) if names.known(text) is None else None
    who, day, note = (around[1], around[2], around[3]) if around else (text, None, "")
    if not who:
        return []
    about = {"said_on": day, "note": note.strip() or None, "sources": list(keys)}
    kept = {name: value for name, value in about.items() if value}
    if names.known(who) is None and _GROUP.match(who):
        return [{"role": role.value, "label": who.strip('“”"'), **kept}]
    code = names.code("alignments", who)
    return [{"role": role.value, "party": code, **kept}] if code else []


def _tally(intake: Intake, day: str) -> dict[str, Any] | None:
    text = intake.values["tally"].strip()
    if not text:
        return None
    found = _TALLY.match(text)
    if found is None:
        intake.wrong("tally", f"{short(text)} is not a result. Write it like 93-18-65: for, against, abstained.")
        return None
    if not day:
        intake.wrong("status_on", "On which day was the vote?")
        return None
    sums = {"in_favour": int(found[1]), "against": int(found[2]), "abstained": int(found[3])}
    return {"day": day, **sums, **({"absent": int(found[4])} if found[4] else {})}
