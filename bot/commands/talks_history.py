"""`/talks history`: what went before, with the gaps."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import Page
from bot.commands import talks_search
from bot.commands.asking import about, again, corrections, line_of, narrowed, not_understood, understand
from bot.commands.base import Ask, Command, Trouble
from bot.reply import Button, Card, Heading, Line, Part, Quiet, Reply, Span, Strong, line
from bot.wording import LEVELS, day_month_year, gap, held_day
from store import talks as on_record
from store import talks_lists as lists
from store import travel
from store.database import Session
from store.records import Level, Status, Talks
from store.times import opens_at

PER_PAGE = 8


def history(ask: Ask) -> Reply:
    """Past and planned talks of these parties in order, with the gaps at each level."""
    with ask.read() as session:
        asked = understand(session, ask)
        if not asked.question.parties:
            words = ", ".join(f"“{word[:40]}”" for word in asked.question.unread[:3])
            near = [name for word in asked.question.unread for name in asked.question.suggestions.get(word, ())]
            raise Trouble(
                f"Nobody by the name {words} is on record." if words else "Whose history?",
                nearest=f"Did you mean {' or '.join(dict.fromkeys(near[:3]))}?" if near else "Name one party or more.",
                example="/talks history us russia",
                buttons=corrections(ask, asked),
            )
        chosen = narrowed(session, asked, ask)
        headline = f"History{about(session, asked)}"
        notes = not_understood(asked, headline[0].lower() + headline[1:])
        found = lists.history(session, chosen, limit=PER_PAGE + 1, offset=(asked.page - 1) * PER_PAGE)
        undated = lists.undated(session, chosen) if asked.page == 1 else []
        travelled = _travelled(session, chosen.parties)
        offered = (Button("Travel record", f"/travel party {travelled[0]}"),) if travelled else ()
        if not found and asked.page > 1:
            return Reply(f"{headline}: no more.", parts=notes, buttons=corrections(ask, asked))
        if not found and not undated:
            caution = line("This store holds none; that is not the same as none having taken place.")
            return Reply(
                f"{headline}: no talks between them on record.",
                parts=(*notes, caution, *(line(part) for part in travelled[1:])),
                buttons=(*corrections(ask, asked), *offered),
            )
        shown = list(reversed(found[:PER_PAGE]))
        page = Page.of(session, [*shown, *undated], ask.now, ask.request.zone)
        gaps = {t.number: _gap_words(session, chosen.parties, t) for t in page.talks}
    parts: list[Part] = [*notes]
    dated = [t for t in page.talks if t.number in set(shown)]
    parts += [_history_line(page, t, gaps[t.number]) for t in dated]
    loose = [t for t in page.talks if t.number in set(undated)]
    if loose:
        parts += [Heading("No firm date"), *(page.one_line(t) for t in loose)]
    parts += [line(Quiet(part)) for part in travelled[1:]]
    buttons = [*corrections(ask, asked)]
    if len(found) > PER_PAGE:
        buttons.append(Button("Earlier", again(ask, asked, asked.page + 1)))
    buttons += offered
    held = sum(t.status is Status.HELD for t in dated)
    aside = f"{held} held · {len(page.talks) - held} ahead or not held" + (" on this page" if len(found) > PER_PAGE else "")
    return Reply(headline, aside=aside, parts=tuple(parts), buttons=tuple(buttons), share=line_of(ask, asked))


def _travelled(session: Session, parties: Sequence[str]) -> tuple[str, ...]:
    """The party and the line of what the United States' travel record has on it: for `us` with one other party alone."""
    others = [code for code in parties if code != "us"]
    if "us" not in parties or len(others) != 1:
        return ()
    words = travel.one_line(session, others[0])
    return (others[0], words) if words else ()


def _gap_words(session: Session, parties: Sequence[str], talks: Talks) -> str:
    """`first at minister level since 21 Jan 2022: 3 years 28 days`; nothing for talks that were not held."""
    opens, day = opens_at(talks.window), held_day(talks)
    if talks.status is not Status.HELD or opens is None or day is None or talks.level is Level.UNSTATED:
        return ""
    number = lists.last_held(session, parties, talks.level, before=opens)
    level = LEVELS[talks.level]
    if number is None:
        return f"first at {level} on record"
    before = held_day(on_record.get(session, number))
    return f"first at {level} since {day_month_year(before)}: {gap(before, day)}" if before else ""


def _history_line(page: Page, talks: Talks, gap_words: str) -> Card:
    names = page.names
    where = talks.place.city or (names.party(talks.place.country) if talks.place.country else "")
    first: tuple[Span, ...] = (Strong(talks.label), "  ", *names.when(talks.window))
    rest = [where, names.title(talks), LEVELS[talks.level], page.status(talks)]
    title: Line = (*first, "".join(f" · {word}" for word in rest if word), *names.cite(talks.sources))
    return Card(title, (line(Quiet(gap_words)),) if gap_words else ())


def commands() -> list[Command]:
    """The records of what looks back."""
    return [
        Command(
            "/talks",
            "history",
            "/talks history PARTIES [words]",
            "Past and planned talks in order, with the gaps at each level.",
            ("/talks history us russia", "/talks history russia minister level"),
            history,
        ),
        *talks_search.commands(),
    ]
