"""`/talks search`: full text over talks, positions, drafts and sources, narrowed by party, topic, kind and day.

What narrows is written with a colon, so that it cannot be taken for a word to look for: `party:us`, `topic:"NATO in Eastern
Europe"`, `in:drafts`, `since:2025-01`, `before:"1 March"`. Words in quotes must stand together; `T-4` alone is that record.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.commands.asking import span_of
from bot.commands.base import Ask, Command, Trouble
from bot.language import names, when
from bot.reply import Button, Card, Line, Link, Marked, Part, Reply, Span, Strong, line
from bot.wording import day_month_year
from store import parties, topics
from store import search as text_search
from store.database import Session
from store.errors import NotOnRecord
from store.parties import fold
from store.search import Hit, Narrow
from store.search_walk import words_of

PER_PAGE = 8
EXAMPLE = "/talks search embassies party:us since:2025-01"

SHOWN_BY = {"talks": ("T", "/talks show"), "position": ("P", "/position show"), "draft": ("D", "/draft show")}
_KINDS = {
    "talks": "talks", "talk": "talks", "position": "position", "positions": "position", "draft": "draft", "drafts": "draft",
    "source": "source", "sources": "source",
}  # fmt: skip

_WITH_VALUE = {
    "topic": "/talks search topic:nato", "in": "/talks search Riyadh in:sources", "kind": "/talks search Riyadh in:sources",
    "before": "/talks search topic:nato before:2022-02",
}  # fmt: skip

_FILTER = re.compile(r"""(?<!\S)(party|topic|in|kind|since|after|before):\s*(?:["“]([^"“”]*)["”]|(\S+))""", re.IGNORECASE)
_BARE = re.compile(r"(?<!\S)(party|topic|in|kind|since|after|before):\s*(?:[\"“]\s*[\"”])?\s*$", re.IGNORECASE)
_LABEL = re.compile(r"\s*([TPD])\s*[-‐‑–]\s*(\d{1,9})\s*", re.IGNORECASE)
_PAGE = re.compile(r"(?:^|\s)page\s+(\d{1,4})\s*$", re.IGNORECASE)


@dataclass(slots=True)
class _Wanted:
    """What is looked for: the words, what they are narrowed to, and that in words."""

    session: Session
    ask: Ask
    words: str
    narrow: Narrow = field(default_factory=Narrow)
    about: list[str] = field(default_factory=list)


def search(ask: Ask) -> Reply:
    """The best hits first, or the newest where there are very many."""
    found = _PAGE.search(ask.rest)
    page = max(1, int(found.group(1))) if found else 1
    typed = ask.rest[: found.start()].strip() if found else ask.rest.strip()
    with ask.read() as session:
        if label := _LABEL.fullmatch(typed):
            return _numbered(session, label[1].upper(), int(label[2]))
        wanted = _read(session, ask, typed)
        hits = text_search.find(session, wanted.words, narrow=wanted.narrow, limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE)
    shown = wanted.words if len(wanted.words) <= 60 else wanted.words[:60] + "…"
    headline = " · ".join(part for part in ("Search", shown, *wanted.about) if part)
    if not hits.hits:
        return _nothing(headline, wanted, page)
    parts: list[Part] = [_hit(hit) for hit in hits.hits[:PER_PAGE]]
    buttons = [
        Button(f"Show {SHOWN_BY[hit.kind][0]}-{hit.number}", f"{SHOWN_BY[hit.kind][1]} {SHOWN_BY[hit.kind][0]}-{hit.number}")
        for hit in hits.hits[:PER_PAGE]
        if hit.kind in SHOWN_BY
    ][:3]
    if len(hits.hits) > PER_PAGE:
        buttons.append(Button("More", f"/talks search {typed} page {page + 1}", replaces=True))
    newest = hits.capped or not words_of(wanted.words)
    aside = f"{hits.total}{'+' if hits.capped else ''} found{', newest first' if newest else ''}"
    return Reply(headline, aside=aside, parts=tuple(parts), buttons=tuple(buttons), share=f"/talks search {typed}")


def _numbered(session: Session, letter: str, number: int) -> Reply:
    """The record that a number alone names."""
    kind, show = next((kind, show) for kind, (of, show) in SHOWN_BY.items() if of == letter)
    label = f"{letter}-{number}"
    hit = text_search.by_number(session, kind, number)
    if hit is None:
        raise NotOnRecord(label)
    button = Button(f"Show {label}", f"{show} {label}")
    return Reply(f"Search · {label}", aside="1 found", parts=(_hit(hit),), buttons=(button,), share=f"/talks search {label}")


def _nothing(headline: str, wanted: _Wanted, page: int) -> Reply:
    if page > 1:
        return Reply(f"{headline}: no more.")
    advice = "Every word must occur; fewer or other words may find more." if wanted.words else ""
    buttons: tuple[Button, ...] = ()
    if wanted.about:
        advice += " Sources involve no party and no topic, and what is undated is left out of spans of time."
        if wanted.words:
            buttons = (Button("Without the filters", f"/talks search {wanted.words}"[:200]),)
    lacks = "has these words" if wanted.words else "fits this"
    return Reply(f"{headline}: nothing on record {lacks}.", parts=(line(advice.strip()),), buttons=buttons)


def _read(session: Session, ask: Ask, typed: str) -> _Wanted:
    """Takes the filters out of the words. Raises Trouble for a filter that says nothing."""
    if bare := _BARE.search(typed):
        name = bare[1].casefold()
        raise Trouble(f"{name}: needs a value after it.", example=_WITH_VALUE.get(name, EXAMPLE))
    wanted = _Wanted(session, ask, " ".join(_FILTER.sub(" ", typed).split()))
    for match in _FILTER.finditer(typed):
        name, value = match[1].casefold(), (match[2] if match[2] is not None else match[3]).strip()
        _READERS[name](wanted, value)
    since, before = wanted.narrow.since, wanted.narrow.before
    if since and before and since >= before:
        raise Trouble(
            f"No day is since {day_month_year(since)} and before {day_month_year(before)}: that span is empty.",
            nearest="The day after since: must come before the one after before:.",
            example="/talks search nato since:2024 before:2025",
        )
    if not words_of(wanted.words) and wanted.narrow == Narrow():
        if typed:
            raise Trouble(f"“{typed[:40]}” holds no word to look for.", example=EXAMPLE)
        raise Trouble("Search for which words?", example=EXAMPLE)
    return wanted


def _party(wanted: _Wanted, value: str) -> None:
    entries = parties.named(wanted.session, [fold(value)]).get(fold(value), [])
    if not entries:
        near = [party.name for party in parties.suggest(wanted.session, value)]
        raise _unknown(wanted.ask, "party", value, near)
    codes, _ = names.meaning(entries)
    found = parties.by_codes(wanted.session, codes)
    if len(codes) > 1:
        raise _unknown(wanted.ask, "party", value, [found[code].name for code in codes if code in found], several=True)
    wanted.narrow = replace(wanted.narrow, parties=(*wanted.narrow.parties, codes[0]))
    wanted.about.append(found[codes[0]].name if codes[0] in found else codes[0])


def _topic(wanted: _Wanted, value: str) -> None:
    keys = topics.named(wanted.session, [fold(value)]).get(fold(value), [])
    if not keys:
        raise _unknown(wanted.ask, "topic", value, [topic.name for topic in topics.suggest(wanted.session, value)])
    known = topics.by_keys(wanted.session, keys)
    wanted.narrow = replace(wanted.narrow, topics=(*wanted.narrow.topics, *topics.subtree_of(wanted.session, keys)))
    wanted.about.append(f"on {' or '.join(known[key].name for key in keys)}")


def _kind(wanted: _Wanted, value: str) -> None:
    kind = _KINDS.get(value.casefold())
    if kind is None:
        raise Trouble(
            f"“{value[:40]}” is no kind of record.",
            nearest="There are talks, positions, drafts and sources.",
            example="/talks search Riyadh in:sources",
        )
    wanted.narrow = replace(wanted.narrow, kinds=(*wanted.narrow.kinds, kind))
    wanted.about.append(f"in {value.casefold()}")


def _since(wanted: _Wanted, value: str) -> None:
    day = _day(wanted.ask, value, "since")
    wanted.narrow = replace(wanted.narrow, since=day)
    wanted.about.append(f"since {day_month_year(day)}")


def _after(wanted: _Wanted, value: str) -> None:
    """After a day, month or year: from the day that follows it."""
    day = _day(wanted.ask, value, "after", last=True) + timedelta(days=1)
    wanted.narrow = replace(wanted.narrow, since=day)
    wanted.about.append(f"since {day_month_year(day)}")


def _before(wanted: _Wanted, value: str) -> None:
    day = _day(wanted.ask, value, "before")
    wanted.narrow = replace(wanted.narrow, before=day)
    wanted.about.append(f"before {day_month_year(day)}")


_READERS: dict[str, Callable[[_Wanted, str], None]] = {
    "party": _party, "topic": _topic, "in": _kind, "kind": _kind, "since": _since, "after": _after, "before": _before,
}  # fmt: skip


def _day(ask: Ask, value: str, name: str, *, last: bool = False) -> date:
    """The first (or last) day of what a filter names."""
    request = ask.request
    reading = when.read(
        value, said_on=request.now, zone=request.zone, order=when.DateOrder(request.date_order), past=True, terse=True
    )
    edges = span_of(reading.window, ask) if reading.dated and not reading.question else (None, None)
    edge = edges[1 if last else 0]
    if edge is None:
        raise Trouble(
            reading.question or f"“{value[:40]}” is no day, month or year that I can read.",
            nearest="A day, a month or a year would work.",
            example=f"/talks search embassies {name}:2025-01",
        )
    return edge.astimezone(ZoneInfo(reading.window.zone or request.zone)).date()


def _unknown(ask: Ask, name: str, value: str, near: list[str], *, several: bool = False) -> Trouble:
    if several:
        message, nearest = f"“{value[:40]}” could mean {' or '.join(near[:3])}. Which one?", None
    else:
        what = "Nobody" if name == "party" else "No topic"
        message = f"{what} by the name “{value[:40]}” is on record."
        nearest = f"Did you mean {' or '.join(near[:3])}?" if near else "Put names of several words in quotes."
    typed = ask.rest
    buttons = tuple(
        Button(f"{choice}?"[:70], f"/talks search {_swapped(typed, name, value, choice)}"[:400]) for choice in near[:3]
    )
    return Trouble(message, nearest=nearest, example=EXAMPLE, buttons=buttons)


def _swapped(typed: str, name: str, value: str, choice: str) -> str:
    """The words as typed, with the value of one filter put right."""

    def put(match: re.Match[str]) -> str:
        given = (match[2] if match[2] is not None else match[3]).strip()
        return f'{name}:"{choice}"' if match[1].casefold() == name and given == value else match[0]

    return _FILTER.sub(put, typed)


def _hit(hit: Hit) -> Card:
    label = "Source" if hit.kind == "source" else f"{SHOWN_BY[hit.kind][0]}-{hit.number}"
    in_title = hit.snippet.replace("\x01", "").replace("\x02", "") == hit.title
    title: Line = (Strong(label), "  ", *(_marked(hit.snippet) if in_title else (hit.title,)))
    lines: tuple[Line, ...] = () if in_title or not hit.snippet else (_marked(hit.snippet),)
    if hit.url:
        lines += (line(Link(urlsplit(hit.url).hostname or hit.url, hit.url)),)
    return Card(title, lines)


def _marked(snippet: str) -> Line:
    spans: list[Span] = []
    for i, piece in enumerate(snippet.replace("\n", " · ").split("\x01")):
        found, _, rest = piece.partition("\x02") if i else ("", "", piece)
        spans += [Marked(found)] if found else []
        spans += [rest] if rest else []
    return tuple(spans)


def commands() -> list[Command]:
    """The record of searching."""
    return [
        Command(
            "/talks",
            "search",
            "/talks search WORDS [party:NAME] [topic:NAME] [in:drafts] [since:DAY] [before:DAY]",
            "Full text over talks, positions, drafts and sources; narrowed by party, topic, kind and day.",
            ("/talks search embassies", "/talks search Riyadh in:sources", EXAMPLE, "/talks search topic:nato before:2022-02"),
            search,
            aliases=("find",),
        ),
    ]
