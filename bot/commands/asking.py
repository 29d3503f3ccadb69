"""What questions have in common: reading the words, naming those not understood, asking back, and paging."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.commands.base import Ask, Trouble
from bot.language import question
from bot.language.question import Question
from bot.reply import Button, Notes, Part, line
from bot.wording import interval
from store import parties
from store.database import Session
from store.records import Precision, Window
from store.talks_lists import Filter
from store.times import closes_at, opens_at

_PAGE = re.compile(r"(?:^|\s)page\s+(\d{1,4})\s*$", re.IGNORECASE)

SHOWN_WORD = 40


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
            nearest=f"It could be {_either([interval(w) for w in read.readings])}.",
            example=f"{command} {read.readings[0].earliest}" if read.readings else None,
        )


def _either(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def narrowed(asked: Asked, ask: Ask) -> Filter:
    """The filter that a question about talks amounts to."""
    read = asked.question
    first, last = span_of(read.window, ask) if read.window else (None, None)
    return Filter(
        parties=read.parties,
        levels=read.levels,
        statuses=read.statuses,
        countries=read.places,
        place_states=read.place_states,
        first=first,
        last=last,
    )


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
    words += [interval(read.window)] if read.window else []
    return "".join(f" · {word}" for word in words if word)


def not_understood(asked: Asked, showing: str) -> tuple[Part, ...]:
    """A note that names the words that were not understood, with near misses; nothing when all were."""
    read = asked.question
    if not read.unread:
        return ()
    shown = ", ".join(f"“{word[:SHOWN_WORD]}{'…' if len(word) > SHOWN_WORD else ''}”" for word in read.unread[:6])
    more = f" and {len(read.unread) - 6} more words" if len(read.unread) > 6 else ""
    near = [name for word in read.unread for name in read.suggestions.get(word, ())]
    hint = f" Did you mean {_either(list(dict.fromkeys(near))[:3])}?" if near else ""
    return (Notes((line(f"I did not understand {shown}{more}; showing {showing}.{hint}"),)),)


def corrections(ask: Ask, asked: Asked) -> tuple[Button, ...]:
    """Buttons that ask again with a near miss put right."""
    buttons: list[Button] = []
    for word in asked.question.unread:
        for name in asked.question.suggestions.get(word, ())[:2]:
            fixed = asked.words.replace(word, name, 1)
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
