"""Reading what is asked of the travel record: years, an office, a unit, how many, a party, in any order.

What is left over after that is given back, to search the remarks for or to be named as not understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.commands.base import Trouble
from bot.language import names
from bot.reply import Button
from store import parties
from store.database import Session
from store.parties import fold
from store.travel.model import DEFAULT_PERIOD, OUTGOING, Office, Period, Unit
from store.travel.ranking import Choice
from store.travel.rows import EVERYTHING, party_named
from store.travel.summary import summary

FIRST_YEAR = 1789
"""Nobody held the offices before."""

TOP = 10
MOST = 50
"""Rows one message holds; the command line gives them all."""

_YEAR = r"(\d{4})"
_TO = r"\s*(?:-|–|—|−|\bto\b|\buntil\b|\btill\b|\bthrough\b|\band\b)\s*"
_DAY = r"(\d{4}-\d{2}-\d{2})"
_PERIODS = (
    ("days", re.compile(rf"(?<!\d)(?:from\s+|between\s+)?{_DAY}{_TO}{_DAY}(?!\d)", re.IGNORECASE)),
    ("years", re.compile(rf"(?<![\d-])(?:from\s+|between\s+)?{_YEAR}{_TO}{_YEAR}(?![\d-])", re.IGNORECASE)),
    ("short", re.compile(rf"(?<![\d-]){_YEAR}\s*[-–—/]\s*(\d\d)(?![\d-])")),
    ("since", re.compile(rf"\b(?:since|from)\s+{_YEAR}(?![\d-])", re.IGNORECASE)),
    ("until", re.compile(rf"\b(?:until|till|to|through)\s+{_YEAR}(?![\d-])", re.IGNORECASE)),
    ("one", re.compile(rf"(?<![\d-])(?:in\s+)?{_YEAR}(?![\d-])", re.IGNORECASE)),
)
_ALL_YEARS = re.compile(r"\b(?:all[\s-]?time|all years|whole record|ever)\b", re.IGNORECASE)
_TOP = re.compile(r"\btop\s+(\d{1,6})\b", re.IGNORECASE)
_BY_LEVEL = re.compile(r"\b(?:ranked\s+)?by\s+levels?\b|\blevels?\b", re.IGNORECASE)
_OFFICES: Sequence[tuple[re.Pattern[str], tuple[Office, ...]]] = (
    (re.compile(r"\bvisits?(?:\s+to\s+the\s+(?:us|united states))?\b|\bvisitors?\b", re.IGNORECASE), (Office.VISITS,)),
    (re.compile(r"\bsecretar(?:y|ies)(?:\s+of\s+state)?\b|\bministers?\b", re.IGNORECASE), (Office.SECRETARY,)),
    (re.compile(r"\bpresident(?:s|ial)?\b|\bleaders?\b|\bpotus\b", re.IGNORECASE), (Office.PRESIDENT,)),
    (re.compile(r"\b(?:all|both)(?:\s+offices)?\b|\boutgoing\b", re.IGNORECASE), OUTGOING),
)
_UNITS: Sequence[tuple[re.Pattern[str], Unit]] = (
    (re.compile(r"\btrips?\b|\brows?\b", re.IGNORECASE), Unit.TRIPS),
    (re.compile(r"\bstays?\b", re.IGNORECASE), Unit.STAYS),
    (re.compile(r"\bjoint(?:ly)?\b|\btogether\b", re.IGNORECASE), Unit.JOINT),
)
_SMALL_TEXT = (
    "a an and by countries country diplomatic for in meetings most of on rank ranked ranking the to travel travels us united "
    "states which with"
)
_SMALL = frozenset(_SMALL_TEXT.split())


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked. `period` and `offices` are None where nobody said; `rest` are the words left over."""

    period: Period | None
    offices: tuple[Office, ...] | None
    unit: Unit | None
    by_level: bool
    top: int
    rest: str
    all_years: bool = False
    too_many: bool = False
    """More rows were asked for than one message holds."""

    @property
    def choice(self) -> Choice:
        """What a ranking counts: by default both offices' stays, 1997-2024."""
        period = EVERYTHING if self.all_years else self.period or DEFAULT_PERIOD
        return Choice(period, self.offices or OUTGOING, self.unit or Unit.STAYS)

    def unread(self) -> list[str]:
        """The words that say nothing to a ranking."""
        words = re.findall(r"[^\s,;]+", self.rest)
        return [word for word in words if fold(word) and fold(word) not in _SMALL]


def read(session: Session, text: str, *, today: date) -> Asked:
    """Reads the words. Trouble for years that run backwards, have not come yet, or are no years."""
    text, all_years = _without(text, _ALL_YEARS)
    found = _TOP.search(text)
    wanted = int(found.group(1)) if found else TOP
    if not wanted:
        raise Trouble("“top 0” would show nothing.", example=f"/travel rank top {TOP}")
    text, _ = _without(text, _TOP)  # before the years: "top 2000" is no year
    text, period = _period(session, text, today)
    text, by_level = _without(text, _BY_LEVEL)
    text, offices = _offices(text)
    text, unit = _unit(text)
    return Asked(period, offices, unit, by_level, min(MOST, wanted), " ".join(text.split()), all_years, wanted > MOST)


def _without(text: str, pattern: re.Pattern[str]) -> tuple[str, bool]:
    shorter, hits = pattern.subn(" ", text)
    return shorter, bool(hits)


def _offices(text: str) -> tuple[str, tuple[Office, ...] | None]:
    named: list[tuple[Office, ...]] = []
    for pattern, offices in _OFFICES:
        text, hit = _without(text, pattern)
        if hit:
            named.append(offices)
    found = tuple(dict.fromkeys(office for offices in named for office in offices))
    if Office.VISITS in found and len(found) > 1:
        raise Trouble(
            "Visits to the United States are never counted together with trips abroad.",
            nearest="Ask for one of them.",
            example="/travel rank visits",
            buttons=(Button("Visits", "/travel rank visits"), Button("Trips abroad", "/travel rank")),
        )
    return text, tuple(office for office in Office if office in found) or None


def _unit(text: str) -> tuple[str, Unit | None]:
    named: list[Unit] = []
    for pattern, meant in _UNITS:
        text, hit = _without(text, pattern)
        if hit:
            named.append(meant)
    if len(named) > 1:
        raise Trouble(
            f"{' and '.join(named).capitalize()} are different counts.",
            nearest="Ask for one of them.",
            example=f"/travel rank {named[0]}",
        )
    return text, named[0] if named else None


def _period(session: Session, text: str, today: date) -> tuple[str, Period | None]:
    for kind, pattern in _PERIODS:
        found = pattern.search(text)
        if found:
            rest = text[: found.start()] + " " + text[found.end() :]
            return rest, _period_of(session, kind, found.groups(), today)
    return text, None


def _period_of(session: Session, kind: str, found: Sequence[str], today: date) -> Period:
    if kind == "days":
        return checked(_day(found[0]), _day(found[1]), today)
    years = [int(year) for year in found]
    if kind == "short":
        years[1] += years[0] // 100 * 100
    if kind == "since":
        years.append(max(years[0], _last_year(session, today)) if years[0] <= today.year else years[0])
    if kind == "until":
        years.insert(0, FIRST_YEAR)
    for year in years:
        if year < FIRST_YEAR:
            raise Trouble(f"The record cannot reach back to {year}.", example="/travel rank 1866-2024")
    first, last = years[0], years[-1]
    return checked(date(first, 1, 1), date(last, 12, 31), today)


def checked(first: date, last: date, today: date) -> Period:
    """A period that can be asked for. Trouble when it runs backwards or reaches into a year that has not come yet."""
    if last < first:
        shown = (first.year, last.year) if first.year != last.year else (first, last)
        raise Trouble(
            f"{shown[0]} to {shown[1]} runs backwards.",
            nearest=f"Did you mean {shown[1]} to {shown[0]}?",
            example=f"/travel rank {last.year}-{first.year}",
        )
    future = first.year if first.year > today.year else last.year
    if future > today.year:
        raise Trouble(
            f"{future} has not come yet; the record holds what took place.",
            nearest=f"The last year that can be asked for is {today.year}.",
            example="/travel rank 1997-2024",
        )
    return Period(first, last)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Trouble(f"{text} is no day.", example="/travel rank 2017-01-20 to 2018-07-20") from None


def _last_year(session: Session, today: date) -> int:
    about = summary(session)
    return int(max(about.last.values())[:4]) if about and about.last else today.year


def party(session: Session, text: str, command: str) -> tuple[str, str]:
    """The code of the party named in the words, and the words around its name.

    Trouble when nobody is named, the name means two, or nobody has it; the nearest names are offered.
    """
    mentions = names.find(session, text)
    if not mentions:
        if code := party_named(session, text):
            return code, ""
        raise _nobody(session, text, command)
    mention = mentions[0]
    rest = f"{text[: mention.start]} {text[mention.end :]}".strip()
    if mention.ambiguous:
        known = parties.by_codes(session, mention.codes, with_names=False)
        named = [known[code].name for code in mention.codes if code in known]
        raise Trouble(
            f"“{mention.text}” could mean {' or '.join(named)}. Which one?",
            buttons=tuple(Button(name[:70], f"{command} {name} {rest}".strip()) for name in named[:5]),
        )
    return mention.codes[0], rest


def _nobody(session: Session, text: str, command: str) -> Trouble:
    words = [word for word in re.findall(r"[^\s,;]+", text) if fold(word)]
    if not words:
        return Trouble("Which country?", example=f"{command} turkey")
    near = list(dict.fromkeys(p.name for word in [text, *words[:3]] for p in parties.suggest(session, word)))[:3]
    return Trouble(
        f"Nobody by the name “{text[:40]}” is known here.",
        nearest=f"Did you mean {' or '.join(near)}?" if near else None,
        example=f"{command} turkey",
        buttons=tuple(Button(f"{name}?"[:70], f"{command} {name}") for name in near),
    )
