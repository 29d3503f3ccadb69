"""Rival accounts in words: what each claims, and how it stands to what others claim."""

from __future__ import annotations

from bot.wording import LEVELS, PLACES, Names, day_month_year, interval, place_words
from store.records import Account, PlaceState, Window


def dated(window: Window | None) -> bool:
    """Does a window name any day?"""
    return window is not None and (window.earliest is not None or window.latest is not None)


def claims(account: Account, names: Names) -> list[str]:
    """What an account says: its own words or whether at all, when as stated and by whom, at what level and where."""
    found: list[str] = []
    if account.claim:
        found.append(account.claim)
    elif account.happens is not None:
        found.append("says it happens" if account.happens else "denies it")
    if account.window is not None:
        when = interval(account.window) if dated(account.window) else "undated"
        found.append(when + names.stated(account.window))
    if account.level is not None:
        found.append(LEVELS[account.level])
    if account.place is not None:
        named = account.place.state is PlaceState.NAMED
        found.append(place_words(account.place, names) if named else PLACES[account.place.state])
    return found


def verdict(account: Account, names: Names, *, office: bool = False) -> str:
    """Whose account it is and whether it affirms, in short: `Romania says yes (Cristian Diaconescu, 19 Feb 2025)`."""
    who = names.party(account.party) if account.party else account.by
    says = {True: " says yes", False: " denies it", None: ""}[account.happens]
    by = [account.by] if account.party else []
    by += [account.office] if account.office and office else []
    inside = ", ".join([*by, day_month_year(account.said_on)] if account.said_on else by)
    return f"{who}{says}{f' ({inside})' if inside else ''}"
