"""Feasts and fixtures: days that have names. Computed by rule, never kept as lists of years.

Sources of the rules. Western and Orthodox Easter: the Gregorian and Julian computus (dateutil). The Islamic year: the Umm
al-Qura calendar (hijridate), from which a sighting of the moon may differ by a day. The Hebrew year: the molad arithmetic.
The UN General Assembly: rule 1 of its rules of procedure counts weeks of September from the first with a working day; a
session opens on the Tuesday of the third week, since 2023 of the second, and the general debate on that of the fourth.
High-level week is the Monday to Sunday around the opening of that debate.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from bot.language.when.days import DAY, between, monday_of, nth_weekday, one_day
from bot.language.when.model import Span
from bot.language.when.nodes import Yearly
from store.records import Precision

Maker = Callable[[int], Span | None]


def _fixed(month: int, day: int) -> Maker:
    return lambda year: one_day(date(year, month, day))


def _nth(month: int, weekday: int, n: int) -> Maker:
    def make(year: int) -> Span | None:
        last = date(year, month, 28) + 3 * DAY
        last = last if last.month == month else last.replace(day=1) - DAY
        day = nth_weekday(date(year, month, 1), last, weekday, n)
        return one_day(day) if day else None

    return make


def _easter(offset: int, *, orthodox: bool = False) -> Maker:
    def make(year: int) -> Span | None:
        from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

        day = easter(year, EASTER_ORTHODOX if orthodox else EASTER_WESTERN)
        return one_day(day + timedelta(days=offset))

    return make


def _islamic(month: int, day: int, to_month: int | None = None) -> Maker:
    """A day, or a whole month, of the Islamic year that falls in a Gregorian one (the first where two do)."""

    @lru_cache(maxsize=128)  # every feast without a year is looked for in a dozen
    def make(year: int) -> Span | None:
        from hijridate import Gregorian, Hijri

        if not 1925 <= year <= 2075:
            return None  # outside the tables nothing can be said
        hijri = Gregorian(year, 1, 1).to_hijri().year
        for candidate in (hijri, hijri + 1):
            first = _gregorian(Hijri(candidate, month, day))
            if first.year == year:
                last = _gregorian(Hijri(candidate, to_month, 1)) - DAY if to_month else first
                return Span(first, last, Precision.RANGE if to_month else Precision.DAY)
        return None

    return make


def _gregorian(hijri: object) -> date:
    found = hijri.to_gregorian()  # type: ignore[attr-defined]  # the library ships no types we can name
    return date(found.year, found.month, found.day)


def _new_year_days(year: int) -> int:
    """Days from the epoch of the Hebrew calendar to the first of Tishri of a Hebrew year."""
    months = (235 * year - 234) // 19
    parts = 12084 + 13753 * months
    day = 29 * months + parts // 25920
    return day + 1 if (3 * (day + 1)) % 7 < 3 else day


def _tishri(year: int) -> date:
    """The first of Tishri that falls in a Gregorian year."""
    hebrew = year + 3761
    before, this, after = (_new_year_days(hebrew + step) for step in (-1, 0, 1))
    delay = 2 if after - this == 356 else 1 if this - before == 382 else 0
    return date.fromordinal(this + delay - 1373428 + 1)


def _hebrew(offset: int, length: int = 1, *, spring: bool = False) -> Maker:
    """Days after the new year of that autumn; feasts of spring count back from it, for only the winter varies."""

    def make(year: int) -> Span | None:
        first = _tishri(year) + timedelta(days=-163 if spring else 0) + timedelta(days=offset)
        return between(first, first + timedelta(days=length - 1), Precision.DAY if length == 1 else Precision.RANGE)

    return make


def _first_working_week(year: int) -> date:
    """The Monday of the first week of September with a working day in that month."""
    first = date(year, 9, 1)
    return monday_of(first) if first.weekday() <= 4 else monday_of(first) + 7 * DAY


def _assembly_opens(year: int) -> Span | None:
    return one_day(_first_working_week(year) + (8 if year >= 2023 else 15) * DAY)


def _general_debate(year: int) -> Span | None:
    return one_day(_first_working_week(year) + 22 * DAY)


def _high_level_week(year: int) -> Span | None:
    monday = _first_working_week(year) + 21 * DAY
    return Span(monday, monday + 6 * DAY, Precision.WEEK)


def _days(month: int, day: int, to_month: int, to_day: int) -> Maker:
    return lambda year: between(date(year, month, day), date(year + (to_month < month), to_month, to_day))


FEASTS: dict[tuple[str, ...], Maker] = {}


def _name(maker: Maker, *names: str) -> None:
    for name in names:
        FEASTS[tuple(name.split())] = maker


_name(_fixed(12, 25), "christmas", "christmas day", "xmas", "xmas day", "catholic christmas", "western christmas")
_name(_fixed(12, 24), "christmas eve", "xmas eve")
_name(_fixed(12, 26), "boxing day", "st stephen day")
_name(_fixed(1, 7), "orthodox christmas", "russian christmas", "orthodox christmas day")
_name(_fixed(1, 1), "new year", "new year day", "the new year", "new years day", "new years")
_name(_fixed(12, 31), "new year eve", "new years eve")
_name(_fixed(1, 6), "epiphany")
_name(_fixed(2, 14), "valentine day", "valentines day")
_name(_fixed(3, 8), "international women day", "women day")
_name(_fixed(3, 17), "st patrick day")
_name(_days(3, 20, 3, 21), "nowruz", "novruz", "norouz", "nauryz", "newroz")
_name(_fixed(5, 1), "may day", "labour day")
_name(_fixed(5, 9), "victory day", "europe day")
_name(_fixed(5, 8), "ve day")
_name(_fixed(7, 14), "bastille day")
_name(_fixed(8, 24), "ukrainian independence day", "ukraine independence day")
_name(_fixed(10, 24), "united nations day", "un day")
_name(_fixed(10, 31), "halloween")
_name(_fixed(11, 1), "all saints day")
_name(_fixed(11, 11), "armistice day", "veterans day")
_name(_nth(1, 0, 3), "martin luther king day", "mlk day")
_name(_nth(2, 0, 3), "presidents day")
_name(_nth(5, 0, -1), "memorial day")
_name(_nth(9, 0, 1), "labor day", "us labor day")
_name(_nth(10, 0, 2), "columbus day")
_name(_nth(11, 3, 4), "thanksgiving", "thanksgiving day", "us thanksgiving")
_name(_easter(0), "easter", "easter sunday", "easter day", "western easter", "catholic easter")
_name(_easter(-2), "good friday")
_name(_easter(-3), "maundy thursday", "holy thursday")
_name(_easter(-1), "holy saturday", "easter saturday", "easter eve")
_name(_easter(1), "easter monday")
_name(_easter(-7), "palm sunday")
_name(_easter(-46), "ash wednesday")
_name(_easter(-47), "shrove tuesday", "mardi gras")
_name(_easter(39), "ascension day", "ascension")
_name(_easter(49), "pentecost", "whit sunday", "whitsun")
_name(_easter(50), "whit monday", "pentecost monday")
_name(_easter(60), "corpus christi")
_name(_easter(0, orthodox=True), "orthodox easter", "orthodox easter sunday", "greek easter", "russian easter")
_name(_easter(-2, orthodox=True), "orthodox good friday")
_name(_easter(1, orthodox=True), "orthodox easter monday")
_name(_easter(49, orthodox=True), "orthodox pentecost")
_name(_islamic(9, 1, 10), "ramadan", "ramadhan", "holy month of ramadan", "month of ramadan")
_name(_islamic(10, 1), "eid", "eid al - fitr", "eid al fitr", "eid ul - fitr", "eid ul fitr", "eid el fitr", "eid el - fitr")
_name(_islamic(12, 10), "eid al - adha", "eid al adha", "eid ul - adha", "eid ul adha", "eid el adha", "eid el - adha")
_name(_islamic(1, 1), "islamic new year", "hijri new year")
_name(_islamic(1, 10), "ashura")
_name(_islamic(3, 12), "mawlid", "mawlid al - nabi")
_name(_islamic(12, 8, None), "hajj")
_name(_hebrew(0), "rosh hashanah", "rosh hashana", "jewish new year")
_name(_hebrew(9), "yom kippur")
_name(_hebrew(14, 7), "sukkot")
_name(_hebrew(0, 7, spring=True), "passover", "pesach")
_name(_hebrew(50, spring=True), "shavuot")
_name(_high_level_week, "unga high - level week", "un high - level week", "high - level week", "unga high level week",
      "un general assembly high - level week", "high level week", "high - level week of the general assembly",
      "high - level week of unga", "unga week", "leaders week", "unga leaders week")  # fmt: skip
_name(_general_debate, "unga general debate", "general debate",
      "general debate of the un general assembly", "un general debate")  # fmt: skip
_name(_assembly_opens, "opening of the un general assembly", "opening of unga")

STARTS: frozenset[str] = frozenset(names[0] for names in FEASTS)
LONGEST = max(map(len, FEASTS))


def feast(words: tuple[str, ...]) -> tuple[int, Yearly] | None:
    """The longest feast named at the beginning of `words` (lower case), with the number of words it takes."""
    for length in range(min(LONGEST, len(words)), 0, -1):
        maker = FEASTS.get(words[:length])
        if maker is not None:
            return length, Yearly(maker)
    return None
