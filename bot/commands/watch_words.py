"""What a watch is to be about, read from words: parties, `members:` of blocs, topics, levels, places, and `not` any of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from bot.commands.base import Ask, Role, Trouble
from bot.language import question, rhythm
from bot.language.question import Question
from bot.reply import Button
from store import blocs, parties
from store.database import Session
from store.records import Scope

_CUT = re.compile(r"\s*[,;]\s*|\s+(?=(?:not|without|except)\b)", re.IGNORECASE)
_NOT = re.compile(r"^(?:and\s+|but\s+)?(?:not|without|except(?:\s+for)?)\b\s*", re.IGNORECASE)
_MEMBERS = re.compile(r"\bmembers?(?:\s*:\s*|\s+of\s+)(?:the\s+)?", re.IGNORECASE)
_LABEL = re.compile(r"\b(?:topic|level|party|place)s?\s*:\s*", re.IGNORECASE)
_ALL = re.compile(r"^(?:everything|anything|all)$", re.IGNORECASE)

EXAMPLE = "/digest weekdays 08:30 Europe/Brussels about russia, nato"


_REFUSALS = {
    Role.UNKNOWN: ("Slack did not say just now who you are, so nothing was set.", "Try again in a moment."),
    Role.FOREIGN: ("People from other workspaces read here; its own members set digests and reminders.", "Ask one of them."),
    Role.GUEST: ("Guests read; full members of the workspace set digests and reminders.", "Ask a member of the workspace."),
}


def check_member(ask: Ask) -> None:
    """Passes full members of the workspace. Raises Trouble.

    Named editors are no bar here: what a channel is told is its members' own affair, and changes nothing on record.
    """
    if ask.request.may in _REFUSALS:
        message, nearest = _REFUSALS[ask.request.may]
        raise Trouble(message, nearest=nearest)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the words ask for, and what they leave out."""

    about: Scope
    but_not: Scope


def scopes(session: Session, ask: Ask, words: str, *, loose: str = "") -> Wanted:
    """Reads a filter. Raises Trouble for a word that is not understood, or that could mean two things: a standing order
    is not guessed at. A word among `loose` ones may have been meant for a time zone."""
    about, but_not = Scope(), Scope()
    for item in _CUT.split(words.strip()):
        if not item or _ALL.match(item):
            continue
        found = _NOT.match(item)
        if found:
            but_not = _joined(but_not, _item(session, ask, item[found.end() :], words, loose))
        else:
            about = _joined(about, _item(session, ask, item, words, loose))
    return Wanted(about, but_not)


def unread(session: Session, ask: Ask, words: str) -> tuple[str, ...]:
    """The words that no filter would understand."""
    return question.read(session, words, now=ask.now, zone=ask.request.zone, order=ask.request.date_order).unread


def _item(session: Session, ask: Ask, item: str, words: str, loose: str) -> Scope:
    """One thing between commas."""
    text = _LABEL.sub(" ", item)
    wants_members = _MEMBERS.search(text)
    text = _MEMBERS.sub(" ", text)
    read = question.read(session, text, now=ask.now, zone=ask.request.zone, order=ask.request.date_order)
    _refuse(session, ask, read, item, words, loose)
    if wants_members:
        return _members(session, read, item)
    topics = [key for code in read.parties for key in read.party_topics.get(code, ())]
    return Scope(
        parties=read.parties,
        topics=tuple(dict.fromkeys((*read.topics, *topics))),
        levels=read.levels,
        countries=read.places,
        place_states=read.place_states,
    )


def _members(session: Session, read: Question, item: str) -> Scope:
    named = parties.by_codes(session, read.parties, with_names=False)
    empty = [named[code].name for code in read.parties if not blocs.memberships(session, code)]
    if not read.parties or empty:
        who = f"{', '.join(empty)} has no members on record" if empty else f"“{item[:40]}” names no bloc"
        raise Trouble(f"{who}.", nearest="Name a bloc, as in members:nato.", example="/digest daily 08:30 about members:nato")
    return Scope(members=read.parties)


def _refuse(session: Session, ask: Ask, read: Question, item: str, words: str, loose: str) -> None:
    """Trouble for what is no part of a standing order."""
    slash = ask.request.text
    if read.ambiguous:
        mention = read.ambiguous[0]
        known = parties.by_codes(session, mention.codes, with_names=False)
        names = [known[code].name for code in mention.codes if code in known]
        buttons = tuple(Button(name[:70], slash.replace(mention.text, name, 1)) for name in names[:5])
        raise Trouble(f"“{mention.text}” could mean {' or '.join(names)}. Which one?", buttons=buttons)
    if read.unread:
        zones = [zone for word in read.unread if word in loose for zone in rhythm.zones_like(word)]
        near = [*zones, *(name for word in read.unread for name in read.suggestions.get(word, ()))]
        hint = (
            f"Did you mean {' or '.join(dict.fromkeys(near[:3]))}?" if near else "Parties, topics, levels and places would do."
        )
        shown = ", ".join(f"“{word[:40]}”" for word in read.unread[:4])
        buttons = tuple(Button(f"{name}?"[:70], slash.replace(read.unread[0], name, 1)) for name in dict.fromkeys(near[:2]))
        raise Trouble(f"I did not understand {shown}, so nothing was set.", nearest=hint, example=EXAMPLE, buttons=buttons)
    if read.window or read.readings or read.statuses or read.refs:
        raise Trouble(
            f"A digest cannot be narrowed by dates, statuses or numbers (“{item[:40]}”), so nothing was set.",
            nearest="Parties, members:nato, topics, levels and places would do; /talks remind T-2 3d is for single talks.",
            example=EXAMPLE,
        )
    if not words.strip():
        raise Trouble("What should it be about?", example=EXAMPLE)


def _joined(one: Scope, other: Scope) -> Scope:
    return Scope(**{f.name: tuple(dict.fromkeys(getattr(one, f.name) + getattr(other, f.name))) for f in fields(Scope)})
