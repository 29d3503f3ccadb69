"""Positions and replies as forms: the record's fields as words, and the words back as the record."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from bot.commands.intake import Intake, same_text
from bot.commands.pieces import PartyNames, party_text, read_day, read_sources, short, source_text
from bot.commands.talks_form import WHY
from bot.reply import Field, FieldKind, Option
from bot.wording import REPLIES, STANCES
from store import positions as on_record
from store import topics
from store.database import Session, WriteSession
from store.exchange import BadFile
from store.exchange.rules import slug
from store.exchange.single import read_record
from store.parties import fold
from store.plain import to_plain
from store.records import Position, Reply, Topic

SHARED = (
    "summary", "quote", "original_quote", "original_language", "speaker", "office", "administration", "said_on", "sources",
)  # fmt: skip
IDS = ("party", "topic", "stance", *SHARED, "supersedes")
REPLY_IDS = ("party", "stance", *SHARED, "to")

_PLAIN = ("summary", "quote", "original_quote", "original_language", "speaker", "office", "administration")
_LABEL = re.compile(r"\s*(?:p\s*-?\s*)?(\d{1,9})\s*\Z", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def values_of(session: Session, position: Position) -> dict[str, str]:
    """What a form shows of a position."""
    topic = topics.get(session, position.topic)
    older = on_record.by_key(session, position.supersedes) if position.supersedes else None
    return {
        "party": party_text(session, [position.party])[position.party],
        "topic": topic.name if topic else position.topic,
        "stance": position.stance.value,
        **{name: getattr(position, name) or "" for name in _PLAIN},
        "said_on": str(position.said_on or ""),
        "sources": source_text(session, position.sources),
        "supersedes": older.label if older else "",
    }


def fields(values: Mapping[str, str], *, edits: bool = False, latest: str = "") -> tuple[Field, ...]:
    """The fields of a position's form, filled in. `latest` is the number of the party's last position on the topic."""
    get = values.get
    hint = f"{latest} is the last on record." if latest else "The position that this one replaces, such as P-1"
    made = [
        Field("party", "Party", value=get("party", ""), required=True, max_length=200),
        Field("topic", "Topic", value=get("topic", ""), required=True, max_length=200),
        Field(
            "stance", "Stance", FieldKind.CHOICE, get("stance", ""), required=True,
            options=tuple(Option(stance.value, words) for stance, words in STANCES.items()),
        ),
        *_shared(get, required=True),
        Field("supersedes", "Replaces", value=get("supersedes", ""), hint=hint, max_length=20),
    ]  # fmt: skip
    if edits:
        made.append(Field(WHY, "Why this change", value=get(WHY, ""), max_length=500))
    return tuple(made)


def reply_fields(values: Mapping[str, str]) -> tuple[Field, ...]:
    """The fields of a reply's form, filled in."""
    get = values.get
    return (
        Field("party", "Who replies", value=get("party", ""), required=True, max_length=200),
        Field(
            "stance", "How", FieldKind.CHOICE, get("stance", ""), required=True,
            options=tuple(Option(stance.value, words) for stance, words in REPLIES.items()),
        ),
        *_shared(get, required=False),
        Field("to", "To another reply", value=get("to", ""), hint="The party whose reply this answers, if any", max_length=200),
    )  # fmt: skip


def _shared(get: Any, *, required: bool) -> list[Field]:
    long = FieldKind.LONG_TEXT
    return [
        Field("summary", "In short", long, get("summary", ""), required=required),
        Field("quote", "Words quoted", long, get("quote", "")),
        Field("original_quote", "In the original language", long, get("original_quote", "")),
        Field("original_language", "Which language", value=get("original_language", ""), hint="Such as ru", max_length=35),
        Field("speaker", "Speaker", value=get("speaker", ""), max_length=200),
        Field("office", "Office", value=get("office", ""), max_length=200),
        Field("administration", "Administration", value=get("administration", ""), max_length=200),
        Field("said_on", "Said on", FieldKind.DAY, get("said_on", "")),
        Field("sources", "Sources", long, get("sources", ""), hint="Links, one on each line."),
    ]


def read(intake: Intake, had: Position | None) -> Position | None:
    """The position that a form's values describe, or None with the faults and questions noted in the intake."""
    values = intake.values
    shown = values_of(intake.session, had) if had else {}
    plain: dict[str, Any] = to_plain(had) if had else {"key": "new"}
    for name in ("accounts", "replies", "applies", "recorded_at"):
        plain.pop(name, None)
    untouched = {name for name in SHARED if had and same_text(values[name], shown[name])}
    plain |= _said(intake, had.sources if had else (), untouched)
    if had is None or not same_text(values["party"], shown["party"]):
        plain["party"] = PartyNames(intake).code("party", values["party"].strip()) or ""
    if had is None or not same_text(values["topic"], shown["topic"]):
        plain["topic"] = _topic(intake, values["topic"].strip()) or ""
    plain["stance"] = values["stance"]
    plain["supersedes"] = _superseded(intake, values["supersedes"], had)
    found: Position | None = _record(intake, Position, plain, IDS)
    if found is None or had is None:
        return found
    kept = replace(found, number=had.number, accounts=had.accounts, replies=had.replies)
    kept = replace(kept, applies=had.applies, recorded_at=had.recorded_at)
    return replace(kept, **{name: getattr(had, name) for name in untouched})


def _said(intake: Intake, had: tuple[str, ...], untouched: Collection[str] = ()) -> dict[str, Any]:
    """What positions and replies have in common, as plain data; sources that nobody touched are left out."""
    values = intake.values
    said_on = read_day(intake, "said_on", values["said_on"])
    if said_on is not None and said_on > intake.ask.today:
        intake.wrong("said_on", "That day is still to come.")
    language = values["original_language"].strip()
    if language and not _LANGUAGE.fullmatch(language):
        intake.wrong("original_language", f"{short(language)} is not a language tag, such as ru or pt-BR.")
    if values["original_quote"].strip() and not language:
        intake.wrong("original_language", "Which language is that? Such as ru")
    found: dict[str, Any] = {name: values[name].strip() or None for name in _PLAIN}
    found["said_on"] = said_on
    if "sources" not in untouched:
        found["sources"] = list(read_sources(intake, "sources", values["sources"], had=had, day=said_on))
    return found


def _record(intake: Intake, kind: Any, plain: dict[str, Any], names: tuple[str, ...]) -> Any:
    if intake.errors:
        return None
    try:
        return read_record(intake.session, kind, {name: value for name, value in plain.items() if value not in (None, [])})
    except BadFile as bad:
        for fault in bad.faults:
            name = re.split(r"[.\[]", fault.path)[0]
            intake.wrong(name if name in names else names[0], f"{fault.message}.")
        return None


def _topic(intake: Intake, name: str) -> str | None:
    """The topic that a name means; the form asks whether to add one that nobody knows."""
    session = intake.session
    if topics.get(session, name) is not None:
        return name
    keys = topics.named(session, [fold(name)]).get(fold(name), [])
    if len(keys) == 1:
        return keys[0]
    if keys or not fold(name):
        intake.wrong("topic", f"{short(name)} could be more than one topic: {', '.join(keys)}. Write one of these.")
        return None
    near = [topic.name for topic in topics.suggest(session, name)]
    hint = f"Did you mean {' or '.join(near)}? Then correct it there." if near else ""
    answer = intake.choose("topics[0]", f"{short(name)} is a new topic", [Option("new", "Add it as a topic")], hint=hint)
    if answer is None:
        intake.wrong("topic", f"There is no topic {short(name)} on record. {hint or 'You can add it in this form.'}")
        return None
    stem, key, n = slug(name), slug(name), 1
    while topics.get(session, key) is not None:
        n += 1
        key = f"{stem}-{n}"
    if isinstance(session, WriteSession):
        topics.save(session, Topic(key, name))
    return key


def _superseded(intake: Intake, text: str, had: Position | None) -> str | None:
    """The key of the position that a number names."""
    if not text.strip():
        return None
    found = _LABEL.match(text)
    older = on_record.many(intake.session, [int(found[1])]) if found else []
    if not found:
        intake.wrong("supersedes", f"{short(text)} is not a number such as P-1.")
    elif not older:
        intake.wrong("supersedes", f"There is no P-{found[1]} on record.")
    elif had is not None and _replaces(intake.session, older[0], had.key):
        intake.wrong("supersedes", f"That goes round: {older[0].label} comes after {had.label} already.")
    return older[0].key if older else None


def _replaces(session: Session, position: Position, key: str) -> bool:
    """Does a position replace the one of that key, directly or through others?"""
    step: Position | None = position
    seen: set[str] = set()
    while step is not None and step.key not in seen:
        if step.key == key:
            return True
        seen.add(step.key)
        step = on_record.by_key(session, step.supersedes) if step.supersedes else None
    return False


def read_reply(intake: Intake, position: Position) -> Reply | None:
    """The reply that a form's values describe, or None with the faults noted in the intake."""
    values = intake.values
    names = PartyNames(intake)
    party = names.code("party", values["party"].strip()) or ""
    plain = {**_said(intake, ()), "party": party, "stance": values["stance"]}
    to = values["to"].strip()
    if party and party == position.party and not to:
        words = f"{position.label} is their own position: a change of it is a new one (/position add)."
        intake.wrong("party", f"{words} For their answer to a reply, say whose under “To another reply”.")
    if to:
        code = names.known(to)
        answered = [reply.key for reply in position.replies if reply.party == code or reply.key == to]
        if not answered:
            intake.wrong("to", f"No reply by {short(to)} to {position.label} is on record.")
        plain["to"] = answered[-1] if answered else None
    found: Reply | None = _record(intake, Reply, plain, REPLY_IDS)
    if found is None:
        return None
    taken = {reply.key for reply in position.replies}
    stem = slug(f"{found.party} {found.said_on.year}" if found.said_on else found.party)
    key, n = stem, 1
    while key in taken:
        n += 1
        key = f"{stem}-{n}"
    return replace(found, key=key)
