"""Talks as an iCalendar file that Google Calendar and Outlook read.

A day or a window is an all-day span, a clock time is exact and in UTC. Only a held or confirmed day is CONFIRMED: every window
is TENTATIVE, and its title says where it is open ("not before", "by"). What was called off is CANCELLED, and so is what had a
day once and has none now, or was taken off the record: on its last day.

The identity of an event is its talks' key with a stamp of their first revision, which stay as they are when a workspace moves;
its SEQUENCE counts their revisions, so that a calendar that was given the file before updates what it has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from bot.cards import Page, level_words, when_words
from bot.reply import Line, plain
from bot.wording import Names, interval, place_words
from store import talks_traces
from store.database import Session
from store.records import Account, PlaceState, Precision, Source, Status, Talks, Window
from store.talks_traces import Trace
from store.times import instant_text

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, with everything that the file says of it."""

    uid: str
    sequence: int
    changed: datetime
    window: Window
    status: str
    title: str
    about: str
    place: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Dated:
    """Talks with the day that their event is on, read but not worded yet: wording waits until the file is drawn.

    `undated` are the labels of talks that never had a day, and so have no event.
    """

    page: Page
    days: tuple[Day, ...]
    traces: dict[str, Trace]
    undated: tuple[str, ...] = ()

    def entries(self) -> Iterator[Entry]:
        """The events, in the order asked for."""
        for talks, window, account, lost in self.days:
            entry = _entry(self.page, talks, window, account, self.traces.get(talks.key))
            yield replace(entry, status="CANCELLED", title=f"{entry.title} ({lost})") if lost else entry


Day = tuple[Talks, Window, Account | None, str]
"""Talks, the window that their event stands for, whose account that is, and why there is no day any more."""


def read(session: Session, numbers: Sequence[int], now: datetime, zone: str) -> Dated:
    """The days of some talks: on record, else on an account, else the last they had before they lost it."""
    page = Page.of(session, numbers, now, zone)
    windows = {talks.key: _window(talks) for talks in page.talks}
    lost = _last_days(session, [key for key, (window, _) in windows.items() if window is None])
    found: list[Day] = []
    undated: list[str] = []
    for talks in page.talks:
        window, account = windows[talks.key]
        if window is not None:
            found.append((talks, window, account, ""))
        elif talks.key in lost:
            found.append((talks, lost[talks.key][1], None, "no day now"))
        else:
            undated.append(talks.label)
    return Dated(page, tuple(found), talks_traces.traces(session, list(windows)), tuple(undated))


def removed(
    session: Session, keys: Sequence[str], now: datetime, zone: str, keep: Callable[[Talks], bool] = lambda _: True
) -> Dated:
    """Talks that were taken off the record, on the last day they had; those that `keep` wants."""
    lost = [(talks, window) for talks, window in _last_days(session, keys).values() if keep(talks)]
    some = [talks for talks, _ in lost]
    page = Page(some, Names.of(session, now, zone, talks=some), {})
    days = tuple((talks, window, None, "taken off the record") for talks, window in lost)
    return Dated(page, days, talks_traces.traces(session, [talks.key for talks in some]))


def _last_days(session: Session, keys: Sequence[str]) -> dict[str, tuple[Talks, Window]]:
    """By key, the last version of some talks that had a day, and its window; those that never had one are left out."""
    found: dict[str, tuple[Talks, Window]] = {}
    for key, versions in talks_traces.earlier(session, keys):
        dated = ((talks, window) for talks in versions if (window := _window(talks)[0]) is not None)
        if last := next(dated, None):
            found[key] = last
    return found


def _window(talks: Talks) -> tuple[Window | None, Account | None]:
    """The window that an event stands for: the record's, else the first that some account gives."""
    if talks.window.earliest is not None or talks.window.latest is not None:
        return talks.window, None
    for account in talks.accounts:
        window = account.window
        if window and not account.settled and account.happens is not False and (window.earliest or window.latest):
            return window, account
    return None, None


def _entry(page: Page, talks: Talks, window: Window, account: Account | None, trace: Trace | None) -> Entry:
    names = page.names
    cited = [names.sources[key] for key in talks.sources if key in names.sources]
    on = f" (on one account: {account.by})" if account else ""
    state = "" if talks.status in (Status.HELD, Status.CONFIRMED) else f" ({talks.status.value})"
    open_end = f" · {interval(window)}" if window.earliest is None or window.latest is None else ""
    return Entry(
        uid=f"{quote(talks.key, safe='')}{_stamp(trace)}@attache",
        sequence=trace.changes - 1 if trace else 0,
        changed=trace.changed if trace else names.now,
        window=window,
        status=_status(talks, window, account),
        title=f"{talks.label} {names.title(talks)}{open_end}{state}{on}",
        about="\n".join(plain(told) for told in _about(page, talks, cited)),
        place="" if talks.place.state is PlaceState.UNSTATED else place_words(talks.place, names),
        url=next((s.url for s in cited if s.url), None),
    )


def _stamp(trace: Trace | None) -> str:
    """What tells talks from those of the same key elsewhere: their first revision, which never changes."""
    if trace is None:
        return ""
    first = f"{trace.first} {instant_text(trace.since)} {trace.actor}"
    return "." + hashlib.sha256(first.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _about(page: Page, talks: Talks, cited: Sequence[Source]) -> list[Line]:
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
    told = "; ".join(f"{s.publisher or s.title}{f' {s.url}' if s.url else ''}" for s in cited)
    return lines + ([("Sources: " + told,)] if cited else [])


def _status(talks: Talks, window: Window, account: Account | None) -> str:
    if talks.status is Status.CANCELLED:
        return "CANCELLED"
    bounded = window.earliest is not None and window.latest is not None
    firm = window.precision in (Precision.DAY, Precision.MINUTE) or (talks.status is Status.HELD and bounded)
    sure = talks.status in (Status.CONFIRMED, Status.HELD) and firm and account is None
    return "CONFIRMED" if sure else "TENTATIVE"


def calendar(found: Iterable[Entry], made: datetime, name: str = "Attaché: talks") -> bytes:
    """The file of some events, made at a moment."""
    return b"".join(calendar_parts([found], made, name))


def calendar_parts(chunks: Iterable[Iterable[Entry]], made: datetime, name: str = "Attaché: talks") -> Iterator[bytes]:
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
        yield b"".join(_event(entry, made).to_ical() for entry in chunk)
    yield end


def _event(entry: Entry, made: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", made)  # a published file's own time; when the record changed is the next line
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
