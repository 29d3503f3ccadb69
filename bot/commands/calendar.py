"""`/talks calendar`: talks as a calendar file, and how to keep one up to date."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot import calendars
from bot.commands.asking import about, corrections, line_of, narrowed, not_understood, understand
from bot.commands.base import Ask, Command
from bot.reply import Part, Picture, Quiet, Reply, line
from store import talks_lists as lists
from store.records import Status

MOST = 40
"""Events that a file posted in a channel holds; `attache export` has no such bound."""

CALLED_OFF = 10

FILE = "attache-talks.ics"


def calendar(ask: Ask) -> Reply:
    """The talks ahead as a file that calendars import: windows as tentative spans, clock times exact."""
    with ask.read() as session:
        asked = understand(session, ask)
        chosen = narrowed(session, asked, ask)
        found = lists.upcoming(session, chosen, now=ask.now, limit=MOST)
        found += lists.upcoming(session, chosen, now=ask.now, mooted=True, limit=MOST - len(found))
        # What was called off stays in the file, so that calendars which have it take it down.
        for status in () if chosen.statuses else (Status.CANCELLED, Status.POSTPONED):
            found += lists.with_status(session, replace(chosen, statuses=(status,)), limit=CALLED_OFF)
        made = calendars.entries(session, found, ask.now, ask.request.zone)
        headline = f"Calendar{about(session, asked)}"
    notes = not_understood(asked, headline[0].lower() + headline[1:])
    if not made.entries:
        return Reply(f"{headline}: no talks ahead with a day on record.", parts=notes, buttons=corrections(ask, asked))
    count = len(made.entries)
    parts: list[Part] = [
        *notes,
        line(f"The file {FILE} comes to this channel; open it in Google Calendar (Settings, Import) or Outlook."),
        line("Windows are all-day spans marked tentative; clock times are exact. Import a newer file and events move."),
    ]
    if made.undated:
        parts.append(line(f"Not in it, for nobody has named a day: {' '.join(made.undated[:12])}"))
    if len(found) >= MOST:
        parts.append(line(Quiet(f"Only the next {MOST}; all of them: attache export --format ics -o talks.ics")))
    content = partial(calendars.calendar, made.entries)
    alt = f"A calendar file with {count} talks, from {made.entries[0].title}"
    return Reply(
        headline, aside=f"{count} event{'' if count == 1 else 's'}", parts=tuple(parts), buttons=corrections(ask, asked),
        share=line_of(ask, asked), picture=Picture("Talks ahead", alt, FILE, content),
    )  # fmt: skip


def commands() -> list[Command]:
    """The record of the calendar."""
    return [
        Command(
            "/talks",
            "calendar",
            "/talks calendar [words]",
            "The talks ahead as a file for Google Calendar or Outlook, posted in this channel.",
            ("/talks calendar", "/talks calendar us russia"),
            calendar,
            aliases=("ics",),
        )
    ]
