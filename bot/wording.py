"""How facts are worded: days, windows, levels, places, parties and sources, the same in every command."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.reply import Heading, Line, Link, Moment, Notes, Part, Quiet, Span, line
from bot.sentences import first_sentence as first_sentence
from store import parties, sources
from store.database import Session
from store.records import (
    Account,
    Level,
    Place,
    PlaceState,
    Position,
    Precision,
    Reply,
    ReplyStance,
    Source,
    Stance,
    Talks,
    Window,
)

LEVELS = {
    Level.LEADER: "leader level",
    Level.MINISTER: "minister level",
    Level.DEPUTY: "deputy level",
    Level.DIRECTOR: "director level",
    Level.WORKING: "working level",
    Level.UNSTATED: "level not stated",
}

PLACES = {
    PlaceState.THIRD_COUNTRY: "third country, not named",
    PlaceState.UNDISCLOSED: "place undisclosed",
    PlaceState.CONTESTED: "place contested",
    PlaceState.REMOTE: "by phone or online",
    PlaceState.UNSTATED: "place not stated",
}

STANCES = {
    Stance.DEMANDS: "demands",
    Stance.SUPPORTS: "supports",
    Stance.OPPOSES: "opposes",
    Stance.CONDITIONAL: "conditional",
    Stance.DECLINES: "declines to say",
}

REPLIES = {
    ReplyStance.ENDORSES: "endorses",
    ReplyStance.REJECTS: "rejects",
    ReplyStance.CONDITIONAL: "conditional",
    ReplyStance.DECLINES: "declines to say",
}

UNSOURCED = "unsourced"


def full_day(day: date) -> str:
    """`Sat 8 Mar 2025`."""
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def day_month_year(day: date) -> str:
    """`26 Jan 2022`."""
    return f"{day.day} {day:%b} {day.year}"


def short_day(day: date, today: date) -> str:
    """`22 Feb` in the same year as today, else with the year."""
    return f"{day.day} {day:%b}" if day.year == today.year else day_month_year(day)


def gap(earlier: date, later: date) -> str:
    """The time between two days in words: `3 years 28 days`, `5 months 2 days`, `12 days`."""
    years = later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))
    start = _years_on(earlier, years)
    days = (later - start).days
    if years:
        return _plural(years, "year") + (f" {_plural(days, 'day')}" if days else "")
    months = (later.year - earlier.year) * 12 + later.month - earlier.month - (later.day < earlier.day)
    if months:
        start = _months_on(earlier, months)
        days = (later - start).days
        return _plural(months, "month") + (f" {_plural(days, 'day')}" if days else "")
    return _plural(days, "day")


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


def _months_on(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def counted(number: int, word: str, *, more: bool = False) -> str:
    """`2 planned`, `100+ lapsed`."""
    return f"{number}{'+' if more else ''} {word}"


def place_words(place: Place, names: Names) -> str:
    """Where, in words: `Diriyah Palace, Riyadh, Saudi Arabia`, `third country, not named`."""
    where = ", ".join(part for part in (place.venue, place.city, names.party(place.country) if place.country else None) if part)
    if place.state is PlaceState.NAMED:
        return where or "place named but not recorded"
    return f"{PLACES[place.state]} ({where})" if where else PLACES[place.state]


def interval(window: Window) -> str:
    """The interval of a window in words, without its clock time (see `Names.when` for that): `Sat 22 Feb – Sat 8 Mar 2025`."""
    first, last = _day_of(window.earliest, window.zone), _day_of(window.latest, window.zone)
    if first is None:
        return "no date" if last is None else f"by {full_day(last)}"
    if last is None:
        return f"not before {full_day(first)}"
    if first == last:
        return full_day(first)
    if first.year == last.year:
        return f"{first:%a} {first.day} {first:%b} – {full_day(last)}"
    return f"{full_day(first)} – {full_day(last)}"


def _day_of(value: date | datetime | None, zone: str | None) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(zone) if zone else UTC).date()
    return value


@dataclass(frozen=True, slots=True)
class Names:
    """What one answer needs to word its facts: the names of its parties, its sources, and today.

    `numbers` gives each source its mark in the order the answer cites them.
    """

    parties: dict[str, str]
    sources: dict[str, Source]
    now: datetime
    zone: str

    @classmethod
    def of(
        cls,
        session: Session,
        now: datetime,
        zone: str,
        *,
        codes: Iterable[str | None] = (),
        talks: Sequence[Talks] = (),
        positions: Sequence[Position] = (),
    ) -> Names:
        """Reads the names and sources that these records mention."""
        wanted = [code for code in codes if code]
        cited: list[str] = []
        for t in talks:
            wanted += [side.party for side in t.sides]
            wanted += [code for code in (t.place.country, t.host) if code]
            cited += t.sources
        for p in positions:
            wanted += [p.party, *(r.party for r in p.replies)]
            wanted += [p.applies.bloc] if p.applies else []
            cited += p.sources
            cited += [key for r in p.replies for key in r.sources]
        accounts = [a for t in talks for a in t.accounts] + [a for p in positions for a in p.accounts]
        for a in accounts:
            wanted += [code for code in (a.party, a.place.country if a.place else None) if code]
            cited += a.sources
        return cls(
            parties.names_of(session, wanted),
            sources.by_keys(session, list(dict.fromkeys(cited))),
            now,
            zone,
        )

    @property
    def today(self) -> date:
        """The day it is where the reader is."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def party(self, code: str | None) -> str:
        """A party's name; its code where the name is not on record."""
        if code is None:
            return ""
        return self.parties.get(code) or code.upper()

    def sides(self, talks: Talks) -> str:
        """`United States – Russia`; long lists are cut with a count."""
        names = [self.party(side.party) for side in talks.sides]
        if len(names) > 6:
            return " – ".join(names[:5]) + f" and {len(names) - 5} more"
        return " – ".join(names) or "sides not named"

    def title(self, talks: Talks) -> str:
        """`United States – Russia · consultations of departmental directors`."""
        return f"{self.sides(talks)} · {talks.title}" if talks.title else self.sides(talks)

    def when(self, window: Window) -> tuple[Span, ...]:
        """The interval as a reader meets it today: clock times as moments, an open window from now on."""
        if window.precision is Precision.MINUTE and isinstance(window.earliest, datetime):
            first = Moment(window.earliest, window.zone or self.zone)
            if isinstance(window.latest, datetime) and window.latest != window.earliest:
                return (first, " – ", Moment(window.latest, window.zone or self.zone))
            return (first,)
        first_day, last = _day_of(window.earliest, window.zone), _day_of(window.latest, window.zone)
        if first_day and last and first_day < last and first_day <= self.today <= last:
            return (f"now – {full_day(last)}",)
        return (interval(window),)

    def stated(self, window: Window) -> str:
        """`("within the next two weeks", Ryabkov, 22 Feb)`, or nothing where nobody's words are on record."""
        said = [f"“{window.stated}”"] if window.stated else []
        said += [window.stated_by] if window.stated_by else []
        said += [short_day(window.stated_on, self.today)] if window.stated_on else []
        return f" ({', '.join(said)})" if said else ""

    def cite(self, keys: Sequence[str]) -> tuple[Span, ...]:
        """Where a fact comes from, linked: ` · UAWire`; says *unsourced* where nothing is cited."""
        found = [self.sources[key] for key in keys if key in self.sources]
        if not found:
            return (Quiet(f" · {UNSOURCED}"),)
        first = found[0]
        rest = f" +{len(found) - 1}" if len(found) > 1 else ""
        return (" · ", Link(first.publisher or first.title, first.url), rest)

    def speaker(self, who: str | None, office: str | None) -> str:
        return ", ".join(part for part in (who, office) if part)

    def account_by(self, account: Account) -> str:
        said = f", {short_day(account.said_on, self.today)}" if account.said_on else ""
        return f"{account.by}{said}"

    def reply_words(self, reply: Reply) -> str:
        """`NATO rejects (26 Jan 2022)`, with the administration it was given under."""
        inside = [part for part in (reply.administration, day_month_year(reply.said_on) if reply.said_on else None) if part]
        return f"{self.party(reply.party)} {REPLIES[reply.stance]} ({', '.join(inside) or 'undated'})"


def mark(keys: Sequence[str], cited: Sequence[str]) -> str:
    """The numbers that `source_notes` gives these sources: ` [4]`, ` [4, 5]`; says *unsourced* where there are none."""
    order = list(dict.fromkeys(cited))
    numbers = [str(order.index(key) + 1) for key in keys if key in order]
    return f" [{', '.join(numbers)}]" if numbers else f" [{UNSOURCED}]"


def source_notes(names: Names, keys: Sequence[str]) -> Notes:
    """Small print that lists sources by number: `1 UAWire, 22 Feb 2025`."""
    known = [names.sources[key] for key in dict.fromkeys(keys) if key in names.sources]
    if not known:
        return Notes((line(Quiet(UNSOURCED)),))
    spans: list[Span] = ["Sources"]
    for number, source in enumerate(known, 1):
        said = f", {day_month_year(source.published)}" if source.published else ""
        spans += [f"  {number} ", Link((source.publisher or source.title) + said, source.url)]
    return Notes((tuple(spans),))


def source_list(names: Names, keys: Sequence[str]) -> list[Part]:
    """Sources by number, one a line, with title, publisher, day and address: for paper, where nothing can be clicked."""
    known = [names.sources[key] for key in dict.fromkeys(keys) if key in names.sources]
    lines: list[Line] = []
    for number, source in enumerate(known, 1):
        said = [source.publisher] if source.publisher else []
        said += [day_month_year(source.published)] if source.published else []
        found: list[Span] = [f"{number}.  ", source.title, *(f", {part}" for part in said)]
        lines.append((*found, ". ", Link(source.url, source.url)) if source.url else tuple(found))
    return [Heading("Sources"), Notes(tuple(lines) or (line(Quiet(UNSOURCED)),))]


def status_words(talks: Talks, *, lapsed: bool, waits_for: Sequence[str]) -> str:
    """The status with what is derived from the clock and the prerequisites: `planned · waiting for T-3`."""
    words = [talks.status.value]
    if lapsed:
        own = talks.window.earliest is not None or talks.window.latest is not None
        words.append("lapsed: nothing recorded since " + ("its window closed" if own else "the last day on any account"))
    if waits_for and talks.status.is_ahead:
        words.append(f"waiting for {', '.join(waits_for)}")
    if talks.disputed:
        words.append("disputed")
    return " · ".join(words)


def held_day(talks: Talks) -> date | None:
    """The first day of talks, in the zone they were given in."""
    return _day_of(talks.window.earliest, talks.window.zone)
