"""The time that a question about positions is about: "30d", "two weeks ago", "2023", "since January", as of a day, as known."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.commands.asking import span_of
from bot.commands.base import Ask, Trouble
from bot.commands.position_asking import About, about_of, first_day, nobody, recorded_by
from bot.language import question
from bot.language.question import AS_OF
from bot.wording import day_month_year
from store.database import Session
from store.records import Window

_NUMBERS_TEXT = "one two three four five six seven eight nine ten eleven twelve"
_NUMBERS = {"a": 1, "an": 1} | {word: number for number, word in enumerate(_NUMBERS_TEXT.split(), 1)}
_SPAN = re.compile(
    r"(?:\b(?:in|over|for|within|since)\s+)?(?:\bthe\s+)?(?:\b(?:last|past)\s+)?"
    rf"(?:(?<!\w)(?P<number>\d{{1,4}})\s*(?P<unit>d|w|m|y|days?|weeks?|months?|years?)"
    rf"|\b(?P<word>{'|'.join(_NUMBERS)})\s+(?P<whole>days?|weeks?|months?|years?))(?!\w)(?:\s+ago\b)?",
    re.IGNORECASE,
)
_DAYS = {"d": 1, "w": 7}
_MONTHS = {"m": 1, "y": 12}
_PAGE = re.compile(r"(?:^|\s)page\s+\d{1,4}\s*$", re.IGNORECASE)
_LONGEST_DAYS, _LONGEST_MONTHS = 36_500, 1200


@dataclass(frozen=True, slots=True)
class Period:
    """A question and the days it is about. `first` is None where it has no beginning."""

    about: About
    first: date | None
    last: date

    @property
    def words(self) -> str:
        """The days, for a headline: ` · 1 Jan 2023 – 31 Dec 2023`, and by when things were recorded; empty for all of them."""
        about = self.about
        if self.first is None:
            return about.back_words
        known = f" · {about.back_words.strip()}" if about.recorded else ""
        return f" · {day_month_year(self.first)} – {day_month_year(self.last)}{known}"

    @property
    def spelt(self) -> str:
        """`up to 22 Feb 2025`, `from 1 Jan 2023 to 31 Dec 2023`."""
        if self.first is None:
            return f"up to {day_month_year(self.last)}"
        return f"from {day_month_year(self.first)} to {day_month_year(self.last)}"


def period_of(session: Session, ask: Ask, *, days: int | None = None, ending: bool = False) -> Period:
    """The question without its words of time, and the days these mean: `days` back from the day asked about where there are
    none. With `ending` a time without a beginning ("before 2020") is over by then; else it cannot be answered (Trouble)."""
    span = _SPAN.search(ask.rest)
    rest = f"{ask.rest[: span.start()]} {ask.rest[span.end() :]}".strip() if span else ask.rest
    rest, apart, said = _apart(session, replace(ask, rest=rest))
    about = about_of(session, replace(ask, rest=rest), period=True)
    page = about.asked.page
    about = replace(about, asked=replace(about.asked, words=_kept(ask.rest, page)))
    if _only_unread(about):
        raise nobody(session, ask, about.asked, example=ask.command.examples[0])
    read = about.asked.question
    window = apart or (None if read.as_of else read.window)
    if span:
        if window is not None and (said or read.date_span):
            said = said or rest[slice(*read.date_span or (0, 0))].strip()
            unused = f"I did not use “{said}”: “{span.group().strip()}” says how far to look back."
            about = replace(about, remarks=(*about.remarks, unused))
        return Period(about, _back(about.on, span), about.on)
    if window is None:
        return Period(about, None if days is None else about.on - timedelta(days=days), about.on)
    return _within(ask, about, window, ending=ending, open_start=days is None)


def _apart(session: Session, ask: Ask) -> tuple[str, Window | None, str]:
    """A question with "as-of" and a period besides, in any order: its words without those of the period, the period, and the
    words for it. Else the words as they are."""
    known = recorded_by(ask)
    as_of = AS_OF.search(known.rest)
    tail = known.rest[as_of.end() :] if as_of else ""
    day = first_day(ask, tail)
    if as_of is None or day.span is None or tail[: day.span[0]].strip():
        return ask.rest, None, ""
    looking_back = f"{as_of[0]} {tail[slice(*day.span)]}".strip()
    page = _PAGE.search(tail)
    others = f"{known.rest[: as_of.start()]}\n{tail[day.span[1] : page.start() if page else len(tail)]}"
    request = ask.request
    read = question.read(session, others, now=request.now, zone=request.zone, order=request.date_order)
    if read.window is None or read.date_span is None:
        return ask.rest, None, ""
    start, end = read.date_span
    words = (others[:start], others[end:], looking_back, known.words, page[0] if page else "")
    rest = " ".join(part for word in words for part in word.split())
    return rest, read.window, others[start:end].strip()


def _back(day: date, span: re.Match[str]) -> date:
    """The day that lies a span of time before another, by the calendar: ten years before 22 Feb 2025 is 22 Feb 2015."""
    number = int(span["number"]) if span["number"] else _NUMBERS[(span["word"] or "").casefold()]
    unit = (span["unit"] or span["whole"])[0].casefold()
    if unit in _DAYS:
        return date.fromordinal(max(1, day.toordinal() - min(number * _DAYS[unit], _LONGEST_DAYS)))
    months = day.year * 12 + day.month - 1 - min(number * _MONTHS[unit], _LONGEST_MONTHS)
    if months < 12:
        return date.min
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _within(ask: Ask, about: About, window: Window, *, ending: bool, open_start: bool) -> Period:
    opens, closes = span_of(window, ask)
    zone = ZoneInfo(ask.request.zone)
    first = opens.astimezone(zone).date() if opens else None
    last = closes.astimezone(zone).date() if closes else about.on
    if first is None and ending and closes:
        first, last = last + timedelta(days=1), about.on
    if first is None and not open_start:
        raise Trouble("Since when?", nearest="A number of days would work.", example=ask.command.examples[0])
    if first is not None and first > ask.today:
        raise Trouble(f"{day_month_year(first)} is still to come.", example=ask.command.examples[0])
    if first is not None and first > about.on:
        raise Trouble(
            f"{day_month_year(first)} is later than {day_month_year(about.on)}, the day looked back from.",
            nearest="Leave one of the two out, or name an earlier period.",
            example=ask.command.examples[0],
        )
    return Period(about, first, min(last, about.on))


def _kept(words: str, page: int) -> str:
    """The words as typed, without the page."""
    return _PAGE.sub("", words).strip() if page > 1 else words.strip()


def _only_unread(about: About) -> bool:
    read: Sequence[object] = (*about.parties, *about.topics)
    return bool(about.asked.question.unread) and not read
