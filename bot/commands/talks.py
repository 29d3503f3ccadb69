"""`/talks`: what is next, in a window, without a date, overdue, waiting; one card; history; search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.cards import Page, card
from bot.commands import talks_edit, talks_history, talks_lifecycle, talks_log, talks_record, talks_settle
from bot.commands.asking import (
    Asked,
    about,
    again,
    by_then,
    corrections,
    line_of,
    narrowed,
    not_understood,
    number_of,
    span_of,
    understand,
)
from bot.commands.base import Ask, Command, Trouble
from bot.reply import Button, Heading, Line, Part, Reply, line
from bot.wording import counted, interval
from store import talks as on_record
from store import talks_lists as lists
from store.database import Session
from store.records import Precision, Talks, Window
from store.talks_lists import Filter
from store.times import closes_at, opens_at

SUMMARY = "what is planned, at what level, when really, and who says so"

FIRST_PAGE = 4
MORE_PER_PAGE = 8
ALSO_MOOTED = 3
LAPSED_FIRST = 3
WINDOW_LIMIT = 30

Numbers = Callable[[int, int], list[int]]
"""A list of talks by page: (how many, after how many) to their numbers."""


def next_talks(ask: Ask) -> Reply:
    """Lapsed promises first, then what is ahead, soonest first by latest sensible day; then what is only mooted."""
    with ask.read() as session:
        asked = by_then(understand(session, ask), ask)
        chosen = narrowed(session, asked, ask)
        if chosen.statuses:
            return _by_status(session, ask, asked, chosen)
        ahead = lists.count_upcoming(session, chosen, now=ask.now)
        mooted = lists.count_upcoming(session, chosen, now=ask.now, mooted=True)
        late = lists.count_lapsed(session, chosen, now=ask.now)
        headline = f"Next talks{about(session, asked)}"
        notes = not_understood(asked, "next talks" + about(session, asked))
        if not (ahead.number or mooted.number or late.number):
            return _nothing(ask, asked, headline, "Nothing ahead on record", notes)
        turn = _turn(session, chosen, ask.now, asked.page)
        if not (turn.lapsed or turn.ahead or turn.mooted):
            return Reply(f"{headline}: no more.", parts=notes, buttons=corrections(ask, asked))
        page = Page.of(session, [*turn.lapsed, *turn.ahead, *turn.mooted], ask.now, ask.request.zone)
        by_number = {talks.number: talks for talks in page.talks}
    parts: list[Part] = [*notes]
    parts += _one_lines(page, "Lapsed", [by_number[n] for n in turn.lapsed])
    parts += [page.listed(by_number[n]) for n in turn.ahead]
    parts += _one_lines(page, "Mooted", [by_number[n] for n in turn.mooted])
    aside = " · ".join(
        (
            counted(ahead.number, "planned", more=ahead.more),
            counted(mooted.number, "mooted", more=mooted.more),
            counted(late.number, "lapsed", more=late.more),
        )
    )
    buttons = [*corrections(ask, asked), *_show_buttons(page.talks, turn.lapsed + turn.ahead + turn.mooted)]
    if turn.more:
        buttons.append(Button("More", again(ask, asked, asked.page + 1)))
    if late.number > LAPSED_FIRST:
        buttons.append(Button("All overdue", f"/talks overdue {asked.words}".strip()))
    return Reply(headline, aside=aside, parts=tuple(parts), buttons=tuple(buttons), share=line_of(ask, asked))


@dataclass(frozen=True, slots=True)
class _Turn:
    """What one page of the next talks holds, by number, and whether another follows."""

    lapsed: list[int]
    ahead: list[int]
    mooted: list[int]
    more: bool


def _turn(session: Session, chosen: Filter, now: datetime, page: int) -> _Turn:
    if page == 1:
        late = lists.lapsed(session, chosen, now=now, limit=LAPSED_FIRST)
        ahead = lists.upcoming(session, chosen, now=now, limit=FIRST_PAGE + 1)
        if len(ahead) > FIRST_PAGE:
            return _Turn(late, ahead[:FIRST_PAGE], [], more=True)
        mooted = lists.upcoming(session, chosen, now=now, mooted=True, limit=ALSO_MOOTED + 1)
        return _Turn(late, ahead, mooted[:ALSO_MOOTED], more=len(mooted) > ALSO_MOOTED)
    start = FIRST_PAGE + (page - 2) * MORE_PER_PAGE
    ahead = lists.upcoming(session, chosen, now=now, limit=MORE_PER_PAGE + 1, offset=start)
    if len(ahead) > MORE_PER_PAGE:
        return _Turn([], ahead[:MORE_PER_PAGE], [], more=True)
    total = start + len(ahead) if ahead else lists.total_upcoming(session, chosen, now=now)
    room = MORE_PER_PAGE - len(ahead)
    shown_before = (ALSO_MOOTED if total <= FIRST_PAGE else 0) + max(0, start - max(total, FIRST_PAGE))
    mooted = lists.upcoming(session, chosen, now=now, mooted=True, limit=room + 1, offset=shown_before)
    return _Turn([], ahead, mooted[:room], more=len(mooted) > room)


def _one_lines(page: Page, heading: str, talks: Sequence[Talks]) -> list[Part]:
    if not talks:
        return []
    lines: list[Line] = [page.one_line(t) for t in talks]
    return [Heading(heading), *lines]


def _show_buttons(talks: Sequence[Talks], numbers: Sequence[int]) -> list[Button]:
    """Buttons for the first of what is listed."""
    known = {t.number: t.label for t in talks}
    return [Button(f"Show {known[n]}", f"/talks show {known[n]}") for n in numbers[:3] if n in known]


def _nothing(ask: Ask, asked: Asked, headline: str, words: str, notes: tuple[Part, ...]) -> Reply:
    """The answer when the question was understood and the store holds nothing for it."""
    hint = line("This store holds no such talks; that is not the same as no talks being planned.")
    wider = Button("All next talks", "/talks next") if asked.words else Button("Help", "/talks help")
    return Reply(f"{headline}: {words[0].lower()}{words[1:]}.", parts=(*notes, hint), buttons=(*corrections(ask, asked), wider))


def _by_status(session: Session, ask: Ask, asked: Asked, chosen: Filter) -> Reply:
    """Next talks when a status was named: only those, whatever their standing."""

    def numbers(limit: int, offset: int) -> list[int]:
        return lists.with_status(session, chosen, limit=limit, offset=offset)

    return _listing(session, ask, asked, "Talks", numbers, "none on record")


def _listing(session: Session, ask: Ask, asked: Asked, title: str, numbers: Numbers, nothing: str) -> Reply:
    """One page of a plain list, with a button for the next."""
    headline = f"{title}{about(session, asked)}"
    notes = not_understood(asked, title[0].lower() + title[1:])
    found = numbers(MORE_PER_PAGE + 1, (asked.page - 1) * MORE_PER_PAGE)
    if not found:
        words = "no more" if asked.page > 1 else nothing
        return Reply(f"{headline}: {words}.", parts=notes, buttons=corrections(ask, asked))
    page = Page.of(session, found[:MORE_PER_PAGE], ask.now, ask.request.zone)
    buttons = [*corrections(ask, asked), *_show_buttons(page.talks, found[:2])]
    if len(found) > MORE_PER_PAGE:
        buttons.append(Button("More", again(ask, asked, asked.page + 1)))
    parts: tuple[Part, ...] = (*notes, *(page.listed(t) for t in page.talks))
    aside = f"page {asked.page}" if asked.page > 1 or len(found) > MORE_PER_PAGE else ""
    return Reply(headline, aside=aside, parts=parts, buttons=tuple(buttons), share=line_of(ask, asked))


def overdue(ask: Ask) -> Reply:
    """Talks whose window closed with nothing recorded."""
    with ask.read() as session:
        asked = by_then(understand(session, ask), ask)
        chosen = narrowed(session, asked, ask)

        def numbers(limit: int, offset: int) -> list[int]:
            return lists.lapsed(session, chosen, now=ask.now, limit=limit, offset=offset)

        return _listing(session, ask, asked, "Overdue talks", numbers, "no window on record has closed with nothing recorded")


def waiting(ask: Ask) -> Reply:
    """Talks held up by a prerequisite."""
    with ask.read() as session:
        asked = by_then(understand(session, ask), ask)
        chosen = narrowed(session, asked, ask)

        def numbers(limit: int, offset: int) -> list[int]:
            return lists.waiting(session, chosen, limit=limit, offset=offset)

        return _listing(session, ask, asked, "Talks waiting for others", numbers, "none on record waits for other talks")


def windows(ask: Ask) -> Reply:
    """Talks with no firm date."""
    with ask.read() as session:
        asked = by_then(understand(session, ask), ask)
        chosen = narrowed(session, asked, ask)

        def numbers(limit: int, offset: int) -> list[int]:
            return lists.without_firm_date(session, chosen, now=ask.now, limit=limit, offset=offset)

        return _listing(session, ask, asked, "Talks with no firm date", numbers, "none on record")


def week(ask: Ask) -> Reply:
    """What falls in this calendar week, Monday to Sunday where the reader is."""
    with ask.read() as session:
        asked = understand(session, ask)
        if asked.question.window is not None:
            return _window_reply(session, ask, asked, asked.question.window)
        today = ask.today
        monday = today - timedelta(days=today.weekday())
        span = Window(monday, monday + timedelta(days=6), Precision.WEEK, ask.request.zone)
        reply = _window_reply(session, ask, asked, span)
    following = Button("Next week", f"/talks on {monday + timedelta(days=7)} to {monday + timedelta(days=13)}")
    return replace(reply, buttons=(*reply.buttons, following))


def on(ask: Ask) -> Reply:
    """What falls in a window of time: certain and possible apart."""
    with ask.read() as session:
        asked = understand(session, ask)
        window = asked.question.window
        if window is None or (window.earliest is None and window.latest is None):
            given = f"I found no date in “{asked.words[:60]}”." if asked.words else "Which day or days?"
            raise Trouble(
                given, nearest="A day, a month, “in 30 days” or “3 to 5 May” would work.", example="/talks on 18 March"
            )
        return _window_reply(session, ask, asked, window)


def _window_reply(session: Session, ask: Ask, asked: Asked, window: Window) -> Reply:
    first, last = span_of(window, ask)
    first = first or ask.now.replace(year=1, month=1, day=2)
    last = last or ask.now.replace(year=9998, month=12, day=28)
    chosen = replace(narrowed(session, asked, ask), first=None, last=None)
    headline = f"Talks {interval(window)}"
    notes = not_understood(asked, headline[0].lower() + headline[1:])
    found = lists.within(session, first, last, chosen, limit=WINDOW_LIMIT + 1)
    cut, found = len(found) > WINDOW_LIMIT, found[:WINDOW_LIMIT]
    if not found:
        return Reply(f"{headline}: nothing on record.", parts=notes, buttons=corrections(ask, asked))
    page = Page.of(session, found, ask.now, ask.request.zone)
    certain = [t for t in page.talks if _inside(t, first, last)]
    possible = [t for t in page.talks if not _inside(t, first, last)]
    parts: list[Part] = [*notes]
    for heading, some in (("Certain", certain), ("Possible", possible)):
        if some:
            parts += [Heading(heading), *(page.listed(t) for t in some[:MORE_PER_PAGE])]
            if len(some) > MORE_PER_PAGE:
                rest = " ".join(t.label for t in some[MORE_PER_PAGE:])
                parts.append(line(f"and {len(some) - MORE_PER_PAGE} more: {rest}"))
    return Reply(
        headline,
        aside=f"{len(certain)} certain · {len(possible)} possible" + (f" · the first {WINDOW_LIMIT} only" if cut else ""),
        parts=tuple(parts),
        buttons=(*corrections(ask, asked), *_show_buttons(page.talks, [t.number for t in page.talks][:2])),
        share=line_of(ask, asked),
    )


def _inside(talks: Talks, first: datetime, last: datetime) -> bool:
    """True when the whole window of talks lies in the span asked for and nobody disputes it."""
    opens, closes = opens_at(talks.window), closes_at(talks.window)
    firm = talks.window.precision is not Precision.VAGUE and not talks.disputed
    return firm and opens is not None and closes is not None and first <= opens and closes <= last


def show(ask: Ask) -> Reply:
    """One card: sides, levels, window, place, agenda, prerequisites, accounts, sources, outcome."""
    number, rest = number_of(ask, "T", "/talks show T-2")
    with ask.read() as session:
        on_record.get(session, number)
        page = Page.of(session, [number], ask.now, ask.request.zone)
        asked = understand(session, replace(ask, rest=rest))
    reply = card(page, page.talks[0])
    notes = not_understood(asked, page.talks[0].label)
    return replace(reply, parts=(*notes, *reply.parts), buttons=(*corrections(ask, asked), *reply.buttons))


def commands() -> list[Command]:
    """The records of `/talks`."""
    return [
        Command(
            "/talks",
            "next",
            "/talks next [words]",
            "The next planned talks, soonest first by latest sensible day; lapsed ones first, flagged.",
            ("/talks next", "/talks next us russia", "/talks next director level in 30 days"),
            next_talks,
            default=True,
        ),
        Command(
            "/talks",
            "week",
            "/talks week [words]",
            "What falls in this week, certain and possible apart.",
            ("/talks week", "/talks week next week"),
            week,
        ),
        Command(
            "/talks",
            "on",
            "/talks on DAYS [words]",
            "What falls on a day or in a window, certain and possible apart.",
            ("/talks on 18 February", "/talks on March", "/talks on 22 Feb to 8 March"),
            on,
        ),
        Command("/talks", "windows", "/talks windows [words]", "Talks with no firm date.", ("/talks windows",), windows),
        Command(
            "/talks",
            "overdue",
            "/talks overdue [words]",
            "Lapsed promises: the window closed and nothing is recorded.",
            ("/talks overdue", "/talks overdue russia"),
            overdue,
            aliases=("lapsed",),
        ),
        Command(
            "/talks",
            "waiting",
            "/talks waiting [words]",
            "Talks held up by a prerequisite.",
            ("/talks waiting",),
            waiting,
        ),
        Command(
            "/talks",
            "show",
            "/talks show T-2",
            "One card: sides, levels, window, place, agenda, prerequisites, rival accounts, sources, outcome.",
            ("/talks show T-4", "/talks show T-2"),
            show,
        ),
        *talks_history.commands(),
        *talks_record.commands(),
        *talks_edit.commands(),
        *talks_lifecycle.commands(),
        *talks_settle.commands(),
        *talks_log.commands(),
    ]
