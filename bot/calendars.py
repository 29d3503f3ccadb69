"""Talks as an iCalendar file that Google Calendar and Outlook read.

A day or a window is an all-day span, a clock time is exact and in UTC. Only a held or confirmed day is CONFIRMED: every window
is TENTATIVE, and what was called off is CANCELLED. The identity of an event is its talks' key in its workspace, and its
SEQUENCE is the record's version, so that a calendar that was given the file before updates what it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from bot.cards import Page, level_words, when_words
from bot.reply import Line, plain
from bot.wording import place_words
from store import talks as on_record
from store.database import Session
from store.records import Account, PlaceState, Precision, Status, Talks, Window

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, with everything that the file says of it."""

    uid: str
    version: int
    changed: datetime
    window: Window
    status: str
    title: str
    about: str
    place: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Entries:
    """Events, and the labels of the talks that have no day and so none."""

    entries: tuple[Entry, ...]
    undated: tuple[str, ...]


def entries(session: Session, numbers: Sequence[int], now: datetime, zone: str) -> Entries:
    """Reads the events of some talks. Talks without any day, on any account, have no event."""
    page = Page.of(session, numbers, now, zone)
    versions = on_record.written(session, numbers)
    found: list[Entry] = []
    undated: list[str] = []
    for talks in page.talks:
        window, account = _window(talks)
        if window is None:
            undated.append(talks.label)
            continue
        version, changed = versions.get(talks.number, (1, now))
        found.append(_entry(session.team, page, talks, window, account, version, changed))
    return Entries(tuple(found), tuple(undated))


def _window(talks: Talks) -> tuple[Window | None, Account | None]:
    """The window that an event stands for: the record's, else the first that some account gives."""
    if talks.window.earliest is not None or talks.window.latest is not None:
        return talks.window, None
    for account in talks.accounts:
        window = account.window
        if window and not account.settled and account.happens is not False and (window.earliest or window.latest):
            return window, account
    return None, None


def _entry(
    team: str, page: Page, talks: Talks, window: Window, account: Account | None, version: int, changed: datetime
) -> Entry:
    names = page.names
    lines: list[Line] = [
        (page.status(talks),),
        ("When: ", *when_words(talks, names)),
        (f"Level: {level_words(talks)}",),
    ]
    for side in talks.sides:
        if side.people:
            who = "; ".join(names.speaker(p.name, p.office) for p in side.people)
            lines.append((f"{names.party(side.party)}: {who}",))
    lines += [("Agenda: " + "; ".join(item.text for item in talks.agenda),)] if talks.agenda else []
    lines += [("Outcome: " + " ".join(talks.outcome),)] if talks.outcome else []
    cited = [names.sources[key] for key in talks.sources if key in names.sources]
    lines += (
        [("Sources: " + "; ".join(f"{s.publisher or s.title}{f' {s.url}' if s.url else ''}" for s in cited),)] if cited else []
    )
    on = f" (on one account: {account.by})" if account else ""
    state = "" if talks.status in (Status.HELD, Status.CONFIRMED) else f" ({talks.status.value})"
    return Entry(
        uid=f"{quote(talks.key, safe='')}.{quote(team, safe='')}@attache",
        version=version,
        changed=changed,
        window=window,
        status=_status(talks, window, account),
        title=f"{talks.label} {names.title(talks)}{state}{on}",
        about="\n".join(plain(told) for told in lines),
        place="" if talks.place.state is PlaceState.UNSTATED else place_words(talks.place, names),
        url=next((s.url for s in cited if s.url), None),
    )


def _status(talks: Talks, window: Window, account: Account | None) -> str:
    if talks.status is Status.CANCELLED:
        return "CANCELLED"
    firm = window.precision in (Precision.DAY, Precision.MINUTE) or (talks.status is Status.HELD and window.latest is not None)
    sure = talks.status in (Status.CONFIRMED, Status.HELD) and firm and account is None
    return "CONFIRMED" if sure else "TENTATIVE"


def calendar(found: Iterable[Entry], name: str = "Attaché: talks") -> bytes:
    """The file of some events."""
    return b"".join(calendar_parts([found], name))


def calendar_parts(chunks: Iterable[Iterable[Entry]], name: str = "Attaché: talks") -> Iterator[bytes]:
    """The file of some events piece by piece, for one that is too large to hold."""
    frame = Calendar()
    frame.add("prodid", "-//Attaché//talks//EN")
    frame.add("version", "2.0")
    frame.add("calscale", "GREGORIAN")
    frame.add("method", "PUBLISH")
    frame.add("x-wr-calname", name)
    end = b"END:VCALENDAR\r\n"
    whole = frame.to_ical()
    yield whole[: -len(end)]
    for chunk in chunks:
        yield b"".join(_event(entry).to_ical() for entry in chunk)
    yield end


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.version - 1)
    event.add("dtstamp", entry.changed)
    event.add("last-modified", entry.changed)
    _times(event, entry.window)
    event.add("status", entry.status)
    event.add("transp", "TRANSPARENT")
    event.add("summary", _clean(entry.title))
    event.add("description", _clean(entry.about))
    if entry.place:
        event.add("location", _clean(entry.place))
    if entry.url:
        event.add("url", _clean(entry.url))
    return event


def _times(event: Event, window: Window) -> None:
    first, last = window.earliest, window.latest
    if isinstance(first, datetime):
        event.add("dtstart", first)
        if isinstance(last, datetime) and last > first:
            event.add("dtend", last)
        return
    day = _day(first, window) or _day(last, window) or date.min
    until = _day(last, window) or day
    event.add("dtstart", day)
    event.add("dtend", until + timedelta(days=1) if until < date.max else until)


def _day(value: date | datetime | None, window: Window) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(window.zone or "UTC")).date()
    return value


def _clean(text: str) -> str:
    """Without control characters, which no calendar takes."""
    return "".join(c for c in text if c == "\n" or c.isprintable() or (c.isspace() and ord(c) > 31))
