"""The time that a question about positions is about: "30d", "two weeks ago", "2023", "since January", as of a day, as known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.commands.asking import span_of
from bot.commands.base import Ask, Trouble
from bot.commands.position_asking import About, about_of, nobody
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
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


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
    about = about_of(session, replace(ask, rest=rest), period=True)
    page = about.asked.page
    about = replace(about, asked=replace(about.asked, words=_kept(ask.rest, page)))
    if _only_unread(about):
        raise nobody(session, ask, about.asked, example=ask.command.examples[0])
    read = about.asked.question
    window = None if read.as_of else read.window
    if span:
        if window is not None and read.date_span:
            unused = (
                f"I did not use “{rest[slice(*read.date_span)].strip()}”: “{span.group().strip()}” says how far to look back."
            )
            about = replace(about, remarks=(*about.remarks, unused))
        return Period(about, about.on - timedelta(days=_length(span)), about.on)
    if window is None:
        return Period(about, None if days is None else about.on - timedelta(days=days), about.on)
    return _within(ask, about, window, ending=ending, open_start=days is None)


def _length(span: re.Match[str]) -> int:
    word = (span["word"] or "").casefold()
    number = int(span["number"]) if span["number"] else _NUMBERS[word]
    return min(number * _DAYS[(span["unit"] or span["whole"])[0].casefold()], 36_500)


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
    return Period(about, first, min(last, about.on))


def _kept(words: str, page: int) -> str:
    """The words as typed, without the page."""
    return re.sub(r"(?:^|\s)page\s+\d{1,4}\s*$", "", words, flags=re.IGNORECASE).strip() if page > 1 else words.strip()


def _only_unread(about: About) -> bool:
    read: Sequence[object] = (*about.parties, *about.topics)
    return bool(about.asked.question.unread) and not read
