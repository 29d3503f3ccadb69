"""How the travel record is worded: what was counted, and the recipe that stands under every figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.wording import day_month_year
from store.travel.model import Office, Rule, Trip, Unit
from store.travel.ranking import Choice, Recipe
from store.travel.rows import EVERYTHING

SOURCE = "U.S. Department of State, Office of the Historian"

UNITS = {
    Unit.TRIPS: "trips (rows of the record, exact duplicates left out)",
    Unit.STAYS: "stays (rows of one traveller in one country that overlap or share a day count once)",
    Unit.JOINT: "joint stays (President and Secretary in one country at the same time count once)",
}

OFFICES = {
    Office.PRESIDENT: "President",
    Office.SECRETARY: "Secretary of State",
    Office.VISITS: "leaders visiting the United States",
}

RULES = {
    Rule.EXACT: "Exact: same traveller, country, days, locale and remarks. The later id counts nowhere.",
    Rule.SAME_DAYS: "Same days: same traveller, country and days, other words. Two trips, one stay.",
    Rule.SAME_PLACE: "Same place: same traveller, country and locale, one within the other from or to the same day. "
    "Two trips, one stay.",
}

EMPTY = "There is no travel record in this store yet."
HOW_TO_IMPORT = "Whoever runs Attaché can put it in with: attache travel import PATH"


def unit_noun(choice: Choice, number: int) -> str:
    """`105 stays`, `1 joint stay`, `12 visits`."""
    unit = choice.counted_as
    word = {Unit.TRIPS: "trip", Unit.STAYS: "stay", Unit.JOINT: "joint stay"}[unit]
    if Office.VISITS in choice.offices:
        word = "visit"
    return number_of(number, word)


def number_of(number: int, noun: str) -> str:
    """`1 row`, `1,200 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def period_words(choice: Choice) -> str:
    """`1997–2024`; `the whole record`."""
    return "the whole record" if choice.period == EVERYTHING else choice.period.label


def rows_words(choice: Choice) -> str:
    """`rows that begin in 1997–2024`; `rows of the whole record`."""
    return f"rows of {period_words(choice)}" if choice.period == EVERYTHING else f"rows that begin in {period_words(choice)}"


def offices_words(offices: Sequence[Office]) -> str:
    """`President and Secretary of State abroad`."""
    named = " and ".join(OFFICES[office] for office in offices)
    return named if Office.VISITS in offices else f"{named} abroad"


def recipe_lines(recipe: Recipe) -> list[str]:
    """The recipe in a few lines: unit, offices, period; merges and duplicates; the source and its end; known gaps."""
    choice = recipe.choice
    lines = [
        f"Counted: {_unit_words(choice)} · {offices_words(choice.offices)} · {rows_words(choice)}.",
        f"Merged: {_merged(recipe)}. Left out: {_left_out(recipe)}.{_near(recipe)}",
        f"Source: {SOURCE}; last day on record {_last_days(recipe)}.",
        f"Known gaps: {_gaps(recipe)}.",
    ]
    if recipe.unknown:
        lines.append(f"Country ids not known to us, counted under their own name: {', '.join(recipe.unknown[:8])}.")
    return lines


def _unit_words(choice: Choice) -> str:
    words = UNITS[choice.counted_as]
    if choice.unit is Unit.JOINT and choice.counted_as is not Unit.JOINT:
        return f"{words}, joint asked for, but with one office there is nothing to join"
    return words


def _merged(recipe: Recipe) -> str:
    return "; ".join(f"{name} ({', '.join(ids)})" for name, ids in recipe.merges) or "no country ids in this period"


def _left_out(recipe: Recipe) -> str:
    if not recipe.left_out:
        return "no exact duplicates in this period"
    shown = ", ".join(recipe.left_out[:6]) + (" and more" if len(recipe.left_out) > 6 else "")
    return f"{len(recipe.left_out)} exact duplicate{'s' if len(recipe.left_out) > 1 else ''} ({shown})"


def _near(recipe: Recipe) -> str:
    if not recipe.near:
        return ""
    treated = "each counted" if recipe.choice.counted_as is Unit.TRIPS else "joined into one stay each"
    return f" Near duplicates: {recipe.near}, {treated}."


def _last_days(recipe: Recipe) -> str:
    if not recipe.last:
        return "none for these offices"
    short = {Office.PRESIDENT: "President", Office.SECRETARY: "Secretary", Office.VISITS: "visits"}
    return ", ".join(f"{day_month_year(day)} ({short[office]})" for office, day in recipe.last.items())


def _gaps(recipe: Recipe) -> str:
    missing = [gap for gap in recipe.gaps if gap.missing]
    elsewhere = len(recipe.gaps) - len(missing)
    found = []
    if missing:
        years = ", ".join(dict.fromkeys(str(gap.first.year) for gap in missing))
        found.append(f"{len(missing)} journey{'s' if len(missing) > 1 else ''} without a row ({years})")
    if elsewhere:
        found.append(f"{elsewhere} meeting{'s' if elsewhere > 1 else ''} with a third party filed under the host")
    return ("; ".join(found) or "none listed for this period") + " (/travel gaps)"


def past_the_end(recipe: Recipe) -> str | None:
    """Says so when a period reaches beyond the record, office by office."""
    if recipe.choice.period == EVERYTHING:
        return None
    short = [
        f"{OFFICES[office]}: nothing after {day_month_year(day)}"
        for office, day in recipe.last.items()
        if day.year < recipe.choice.period.last.year
    ]
    return f"The record ends before the period does. {'; '.join(short)}." if short else None


def days(first: date, last: date) -> str:
    """`20–22 May 2017`, `30 Sep – 1 Oct 2020`, `13 Jul 2023`."""
    if first == last:
        return day_month_year(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {first:%b} {first.year}"
    if first.year == last.year:
        return f"{first.day} {first:%b} – {day_month_year(last)}"
    return f"{day_month_year(first)} – {day_month_year(last)}"


def where(trip: Trip) -> str:
    """The locale, the country as filed where the record leaves the locale blank, or the United States for a visit."""
    return "to the United States" if trip.office is Office.VISITS else trip.locale or trip.country
