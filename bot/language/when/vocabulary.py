"""The words of dates: months, weekdays, numbers, units. Plain tables, no logic."""

from __future__ import annotations

MONTHS = {
    "january": 1, "jan": 1, "february": 2, "feb": 2, "febr": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5,
    "june": 6, "jun": 6, "july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9,
    "october": 10, "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
}  # fmt: skip

WEEKDAYS = {
    "monday": 0, "mon": 0, "tuesday": 1, "tue": 1, "tues": 1, "wednesday": 2, "wed": 2, "weds": 2, "thursday": 3,
    "thu": 3, "thur": 3, "thurs": 3, "friday": 4, "fri": 4, "saturday": 5, "sat": 5, "sunday": 6, "sun": 6,
}  # fmt: skip

SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
SHORT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

# Month and weekday names that are also ordinary words or names: alone they need a neighbour that shows they are dates.
WEAK = frozenset({"may", "march", "mar", "jan", "dec", "sep", "august", "sat", "sun", "mon", "wed", "fri", "thu", "tue"})

ONES = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "dozen": 12,
}  # fmt: skip
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}

ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip

UNITS = {
    "minute": "minute", "minutes": "minute", "min": "minute", "mins": "minute",
    "hour": "hour", "hours": "hour",
    "day": "day", "days": "day", "week": "week", "weeks": "week",
    "fortnight": "fortnight", "fortnights": "fortnight", "month": "month", "months": "month",
    "quarter": "quarter", "quarters": "quarter", "year": "year", "years": "year",
    "decade": "decade", "decades": "decade", "weekend": "weekend", "weekends": "weekend",
}  # fmt: skip

SEASONS = {"spring": 0, "summer": 1, "autumn": 2, "fall": 2, "winter": 3}
SEASON_NAMES = ("spring", "summer", "autumn", "winter")

ALIASES = {
    "qtr": "quarter", "qtrs": "quarters", "yr": "year", "yrs": "years", "wk": "week", "wks": "weeks", "hr": "hour",
    "hrs": "hours", "untill": "until", "til": "till", "wkend": "weekend",
}  # fmt: skip

DAY_PARTS = frozenset({"morning", "afternoon", "evening", "night", "lunchtime", "midday"})

NEXT = frozenset({"next", "coming", "upcoming", "following", "forthcoming", "nxt"})
LAST = frozenset({"last", "past", "previous", "preceding", "prior"})
THIS = frozenset({"this", "current", "present"})

FEW = frozenset({"few", "several", "some", "many", "handful"})

JOINERS = frozenset({"to", "-", "until", "till", "til", "through", "thru"})


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


MOVES = words("moved postponed rescheduled delayed shifted pushed brought move postpone reschedule delay shift put")


Phrases = dict[str, list[tuple[tuple[str, ...], str]]]


def phrases(kinds: dict[str, str]) -> Phrases:
    """Phrases separated by bars, under the kind they are of, as a table by first word with the longest first."""
    table: Phrases = {}
    for kind, listed in kinds.items():
        for phrase in listed.split("|"):
            split = tuple(phrase.split())
            table.setdefault(split[0], []).append((split, kind))
    for entries in table.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return table
