"""`/talks calendar`: talks as a calendar file, and how to keep one up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot import calendars
from bot.calendars import Dated
from bot.commands.asking import about, corrections, line_of, narrowed, not_understood, understand
from bot.commands.base import Ask, Command
from bot.reply import Part, Picture, Quiet, Reply, line
from store import talks as on_record
from store import talks_lists as lists
from store import talks_traces
from store.database import Session
from store.records import Status, Talks
from store.talks_lists import Filter

MOST = 40
"""Events ahead that a file posted in a channel holds; `attache export` has no such bound."""
BEHIND = 15
"""Events that were held lately; and that lapsed; as many of each."""
CALLED_OFF = 10
"""Events called off; put off; without a day since; taken off the record: as many of each."""
BACK = timedelta(days=60)
"""How far back a file reaches, so that what a calendar was given moves to its day, or goes."""

FILE = "attache-talks.ics"


def calendar(ask: Ask) -> Reply:
    """Talks ahead and of late as a file that calendars import: windows as tentative spans, clock times exact."""
    with ask.read() as session:
        asked = understand(session, ask)
        chosen = narrowed(session, asked, ask)
        ahead = lists.upcoming(session, chosen, now=ask.now, limit=MOST)
        ahead += lists.upcoming(session, chosen, now=ask.now, mooted=True, limit=MOST - len(ahead))
        behind = _behind(session, chosen, ask)
        made = calendars.read(session, [*ahead, *behind], ask.now, ask.request.zone)
        found = [made] if chosen.statuses else [made, *_gone(session, chosen, ask, {*ahead, *behind})]
        headline = f"Calendar{about(session, asked)}"
    notes = not_understood(asked, headline[0].lower() + headline[1:])
    count = sum(len(some.days) for some in found)
    if not count:
        return Reply(f"{headline}: no talks ahead with a day on record.", parts=notes, buttons=corrections(ask, asked))
    parts: list[Part] = [
        *notes,
        line(f"The file {FILE} comes to this channel; open it in Google Calendar (Settings, Import) or Outlook."),
        line("Windows are all-day spans marked tentative; clock times are exact. Import a newer file and events move."),
    ]
    if made.undated:
        parts.append(line(f"Not in it, for nobody has named a day: {' '.join(made.undated[:12])}"))
    if len(ahead) >= MOST:
        parts.append(line(Quiet(f"Only the next {MOST}; all of them: attache export --format ics -o talks.ics")))
    first = next(entry for some in found for entry in some.entries())
    alt = f"A calendar file with {count} talks, from {first.title}"
    return Reply(
        headline, aside=f"{count} event{'' if count == 1 else 's'}", parts=tuple(parts), buttons=corrections(ask, asked),
        share=line_of(ask, asked), picture=Picture("Talks ahead", alt, FILE, partial(_file, found, ask.now)),
    )  # fmt: skip


def _file(found: Sequence[Dated], made: datetime) -> bytes:
    return b"".join(calendars.calendar_parts([some.entries() for some in found], made))


def _behind(session: Session, chosen: Filter, ask: Ask) -> list[int]:
    """Talks that were held, or lapsed, within the time that a file reaches back: they may stand elsewhere in a calendar."""
    since = replace(chosen, first=max(chosen.first, ask.now - BACK) if chosen.first else ask.now - BACK)
    found = lists.lapsed(session, since, now=ask.now, limit=BEHIND)
    if not chosen.statuses or Status.HELD in chosen.statuses:
        found += lists.with_status(session, replace(since, statuses=(Status.HELD,)), limit=BEHIND)
    return found


def _gone(session: Session, chosen: Filter, ask: Ask, known: set[int]) -> tuple[Dated, Dated]:
    """What was called off, put off, or lost its day stays in the file, so that calendars which have it take it down."""
    numbers: list[int] = []
    for status in (Status.CANCELLED, Status.POSTPONED):
        numbers += lists.with_status(session, replace(chosen, statuses=(status,)), limit=CALLED_OFF)
    undated, removed = talks_traces.lately_without(session, CALLED_OFF)
    numbers += [t.number for t in on_record.many(session, undated) if _fits(chosen, t)]
    more = [number for number in dict.fromkeys(numbers) if number not in known]
    return (
        calendars.read(session, more, ask.now, ask.request.zone),
        calendars.removed(session, removed, ask.now, ask.request.zone, partial(_fits, chosen)),
    )


def _fits(chosen: Filter, talks: Talks) -> bool:
    """Whether talks are among those asked for, as far as can be said of what is no longer in any list: but for days."""
    return (
        set(chosen.parties) <= {side.party for side in talks.sides}
        and (not chosen.levels or talks.level in chosen.levels)
        and (not chosen.countries or talks.place.country in chosen.countries)
        and (not chosen.place_states or talks.place.state in chosen.place_states)
        and (not chosen.topics or any(item.topic in chosen.topics for item in talks.agenda))
    )


def commands() -> list[Command]:
    """The record of the calendar."""
    return [
        Command(
            "/talks",
            "calendar",
            "/talks calendar [words]",
            "The talks ahead and of late as a file for Google Calendar or Outlook, posted in this channel.",
            ("/talks calendar", "/talks calendar us russia"),
            calendar,
            aliases=("ics",),
        )
    ]
