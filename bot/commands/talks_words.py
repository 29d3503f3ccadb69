"""What people write of talks, as the values of a form: sentences, messages, the words after a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.commands.base import Ask, Told
from bot.commands.intake import Intake
from bot.commands.pieces import read_window, window_text
from bot.commands.talks_form import place_text
from bot.language.entry import TalksEntry, read_talks
from bot.language.when import describe
from bot.wording import full_day
from store import parties
from store.database import Session
from store.records import Level


def told_note(told: Told | None) -> str:
    """Which message a form was filled in from."""
    if told is None:
        return ""
    found = f"From a message by {told.author[:100]}, {full_day(told.said_on)}."
    return found if told.url else f"{found} Slack gave no link to it: add a source of your own."


def told_values(told: Told, values: Mapping[str, str]) -> dict[str, str]:
    """What a message adds: its day, and its link as the first source."""
    source = [f"{told.author} {told.url}"] if told.url else []
    lines = [*source, *(entry for entry in values["sources"].split("\n") if entry)]
    return {"stated_on": values["stated_on"] or str(told.said_on), "sources": "\n".join(lines)}


def read_words(session: Session, ask: Ask, words: str) -> TalksEntry:
    """What the words after a number say: they are no sentence of their own ("5 March in Geneva") but about those talks."""
    entry = read_entry(session, ask, f"talks {words}")
    return replace(entry, unread=tuple(word.removeprefix("talks ") for word in entry.unread))


def read_entry(session: Session, ask: Ask, text: str) -> TalksEntry:
    """What words say of talks. For a message they count from the day it was posted."""
    request = ask.request
    said_on = request.told.said_on if request.told else None
    return read_talks(session, text, now=ask.now, said_on=said_on, zone=request.zone, order=request.date_order)


def entry_values(session: Session, ask: Ask, entry: TalksEntry) -> dict[str, str]:
    """What a form shows of an entry; only what the words said."""
    named = parties.by_codes(session, [side.party for side in entry.sides])
    sides = [
        f"{named[s.party].name if s.party in named else s.party}" + ("" if s.level is Level.UNSTATED else f": {s.level.value}")
        for s in entry.sides
    ]
    said_on = (entry.window.stated_on if entry.window else None) or entry.said_on
    window = _window_words(session, ask, entry, said_on)
    found = {
        "title": entry.title[:1].upper() + entry.title[1:],
        "sides": "; ".join(sides),
        "status": entry.status.value if entry.status else "",
        "window": window,
        "stated_by": entry.said_by or entry.office or "",
        "stated_on": (said_on or (ask.today if window else None) or "") and str(said_on or ask.today),
        "place": place_text(session, entry.place) if entry.place else "",
        "round": str(entry.round or ""),
        "format": entry.format or "",
        "agenda": "\n".join(entry.agenda),
        "after": ", ".join(entry.after),
        "outcome": entry.outcome or "",
        "sources": "\n".join(entry.urls),
    }
    return {name: value for name, value in found.items() if value}


def _window_words(session: Session, ask: Ask, entry: TalksEntry, said_on: date | None) -> str:
    """The words of a window, such that the form reads them as the sentence was read."""
    window = entry.window
    if window is None:
        return next((option.stated for option in entry.readings if option.stated), "") or (
            " or ".join(describe(option) for option in entry.readings[:1])
        )
    words = window_text(window)
    again = read_window(Intake(session, ask, {}), "window", words, said_on=said_on) if words else None
    dated = window.earliest is not None or window.latest is not None
    if dated and (again is None or (again.earliest, again.latest) != (window.earliest, window.latest)):
        return f"{words} = {describe(window)}"
    return words
