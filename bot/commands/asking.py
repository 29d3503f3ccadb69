"""What questions have in common: reading the words, naming those not understood, asking back, and paging."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.commands.base import Ask, Trouble
from bot.language import question
from bot.language.question import Question
from bot.language.words import Ref
from bot.reply import Button, Notes, Part, line
from bot.wording import PLACES, interval
from store import parties, topics
from store.database import Session
from store.records import Precision, Window
from store.talks_lists import Filter
from store.times import closes_at, opens_at

_PAGE = re.compile(r"(?:^|\s)page\s+(\d{1,4})\s*$", re.IGNORECASE)

_WITHIN = re.compile(r"\s*in\s+(?:the\s+next\s+)?\S+\s+(?:day|week|month)s?\b", re.IGNORECASE)

SHOWN_WORD = 40

SHOWN_BY = {"T": "/talks show", "P": "/position show"}
"""What shows a record by its number."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as understood: its parts, the page asked for, and the words without the page."""

    question: Question
    page: int
    words: str


def understand(session: Session, ask: Ask) -> Asked:
    """Reads the rest-words of a question. Asks back (Trouble) where a name or a date could mean two things."""
    found = _PAGE.search(ask.rest)
    page = max(1, int(found.group(1))) if found else 1
    words = ask.rest[: found.start()].strip() if found else ask.rest
    request = ask.request
    read = question.read(session, words, now=request.now, zone=request.zone, order=request.date_order)
    _ask_back(session, ask, read, words)
    return Asked(read, page, words)


def _ask_back(session: Session, ask: Ask, read: Question, words: str) -> None:
    command = ask.line("")
    for mention in read.ambiguous:
        found = parties.by_codes(session, mention.codes)
        names = [found[code].name for code in mention.codes if code in found]
        text = words[mention.start : mention.end]
        buttons = tuple(
            Button(name[:70], f"{command} {words[: mention.start]}{name}{words[mention.end :]}") for name in names[:5]
        )
        raise Trouble(f"“{text}” could mean {_either(names)}. Which one?", buttons=buttons)
    if read.date_question:
        raise Trouble(
            read.date_question,
            example=f"{command} {read.readings[0].earliest}" if read.readings else None,
            buttons=_days_to_choose(read, command, words),
        )


def _days_to_choose(read: Question, command: str, words: str) -> tuple[Button, ...]:
    """One button for each reading of a date, with the rest of the question as it was."""
    if read.date_span is None:
        return ()
    start, end = read.date_span
    return tuple(
        Button(interval(w)[:70], f"{command} {words[:start]}{_typed(w)}{words[end:]}") for w in read.readings[:5] if w.earliest
    )


def _typed(window: Window) -> str:
    """A window as one can type it."""
    first, last = (value.date() if isinstance(value, datetime) else value for value in (window.earliest, window.latest))
    return f"{first}" if last in (first, None) else f"{first} to {last}"


def _either(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def by_then(asked: Asked, ask: Ask) -> Asked:
    """The question with "in 30 days" meant as up to then: who asks what is next does not mean that very day."""
    window, span = asked.question.window, asked.question.date_span
    if window is None or span is None or not _WITHIN.match(asked.words[slice(*span)]):
        return asked
    if not isinstance(window.latest, date) or isinstance(window.latest, datetime) or window.latest < ask.today:
        return asked
    until = replace(window, earliest=ask.today, precision=Precision.RANGE)
    return replace(asked, question=replace(asked.question, window=until))


def narrowed(session: Session, asked: Asked, ask: Ask) -> Filter:
    """The filter that a question about talks amounts to. A name that is a party's and a topic's means the party here."""
    read = asked.question
    first, last = span_of(read.window, ask) if read.window else (None, None)
    return Filter(
        parties=read.parties,
        levels=read.levels,
        statuses=read.statuses,
        countries=read.places,
        place_states=read.place_states,
        topics=tuple(dict.fromkeys(found for key in agenda_of(read) for found in topics.subtree(session, key))),
        first=first,
        last=last,
    )


def agenda_of(read: Question) -> tuple[str, ...]:
    """Keys of the topics in a question about talks that are not parties by the same name."""
    doubles = {key for keys in read.party_topics.values() for key in keys}
    return tuple(key for key in read.topics if key not in doubles)


def span_of(window: Window, ask: Ask) -> tuple[datetime | None, datetime | None]:
    """First and last instant of a window as the asker means it: their days, their zone."""
    if window.precision is Precision.MINUTE or window.zone:
        return opens_at(window), closes_at(window)
    meant = replace(window, zone=ask.request.zone)
    return opens_at(meant), closes_at(meant)


def about(session: Session, asked: Asked) -> str:
    """What the answer is narrowed to, for its headline: ` · United States, Russia · before 1 May`; empty for everything."""
    read = asked.question
    named = parties.by_codes(session, list(read.parties))
    words = [", ".join(named[code].name for code in read.parties if code in named)]
    words += [", ".join(level.value for level in read.levels), ", ".join(status.value for status in read.statuses)]
    places = parties.by_codes(session, list(read.places))
    where = [f"in {places[code].name}" for code in read.places if code in places]
    words += [", ".join([*where, *(PLACES[state] for state in read.place_states if state in PLACES)])]
    on = topics.by_keys(session, agenda_of(read))
    words += [f"on {', '.join(topic.name for topic in on.values())}"] if on else []
    words += [interval(read.window)] if read.window else []
    return "".join(f" · {word}" for word in words if word)


def not_understood(asked: Asked, showing: str) -> tuple[Part, ...]:
    """Notes that name the words that were not understood, with near misses, and the numbers that were not asked for here."""
    read = asked.question
    by_number = tuple(line(f"{ref.label} has a card of its own: {_show(ref)}") for ref in read.refs if ref.letter in SHOWN_BY)
    others = (Notes(by_number[:3]),) if by_number else ()
    if not read.unread:
        return others
    shown = ", ".join(f"“{word[:SHOWN_WORD]}{'…' if len(word) > SHOWN_WORD else ''}”" for word in read.unread[:6])
    more = f" and {len(read.unread) - 6} more words" if len(read.unread) > 6 else ""
    near = [name for word in read.unread for name in read.suggestions.get(word, ())]
    hint = f" Did you mean {_either(list(dict.fromkeys(near))[:3])}?" if near else ""
    return (Notes((line(f"I did not understand {shown}{more}; showing {showing}.{hint}"),)), *others)


def _show(ref: Ref) -> str:
    return f"{SHOWN_BY[ref.letter]} {ref.label}"


def corrections(ask: Ask, asked: Asked) -> tuple[Button, ...]:
    """Buttons that ask again with a near miss put right, or that show what was named by number."""
    buttons = [Button(f"Show {ref.label}", _show(ref)) for ref in asked.question.refs if ref.letter in SHOWN_BY]
    for word in asked.question.unread:
        for name in asked.question.suggestions.get(word, ())[:2]:
            fixed = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", name.replace("\\", ""), asked.words, count=1)
            buttons.append(Button(f"{name}?"[:70], ask.line(fixed)))
    return tuple(buttons[:3])


def again(ask: Ask, asked: Asked, page: int) -> str:
    """The command line for another page of the same answer."""
    return ask.line(f"{asked.words} page {page}".strip())


def line_of(ask: Ask, asked: Asked) -> str:
    """The command line as understood, for sharing."""
    return again(ask, asked, asked.page) if asked.page > 1 else ask.line(asked.words)


def number_of(ask: Ask, prefix: str, example: str) -> tuple[int, str]:
    """The record number that leads the rest-words ("T-2", "t2", "2") and what follows it. Trouble when there is none."""
    found = re.match(rf"\s*(?:{prefix}\s*-?\s*)?(\d{{1,9}})\b\s*(.*)$", ask.rest, re.IGNORECASE | re.DOTALL)
    if not found:
        given = f"“{ask.rest[:SHOWN_WORD]}” is not a number like {prefix}-2" if ask.rest else f"Say which one, like {prefix}-2"
        raise Trouble(f"{given}.", example=example)
    return int(found.group(1)), found.group(2)


def number_alone(ask: Ask, letter: str, example: str, nearest: str = "") -> int:
    """The number that a command takes and nothing besides. Raises Trouble that names the words left over."""
    number, rest = number_of(ask, letter, example)
    if rest := rest.strip(" ,.:;"):
        raise Trouble(f"I did not understand “{rest[:40]}”.", nearest=nearest, example=example)
    return number
