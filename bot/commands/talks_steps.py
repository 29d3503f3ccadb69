"""Which step talks can take from where they stand, and in words why not."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.wording import full_day, interval
from store.records import Status, Talks, Window


def refusal(talks: Talks, to: Status, window: Window, today: date) -> str | None:
    """Why talks cannot become `to` with this window, or None when they can. Whether they were held at all is for accounts."""
    label, now = talks.label, talks.status
    if to is Status.HELD and (late := _begins_after(window, today)):
        who = label if talks.number else "These talks"
        return f"{who} cannot have been held yet: that begins only on {full_day(late)}. Give the day it was held."
    if now is to:
        return None
    if now is Status.HELD and to is not Status.CANCELLED:
        return f"{label} is on record as held ({interval(talks.window)}); what has been held cannot become {to.value}."
    if now is Status.CANCELLED and to is not Status.HELD:
        return f"{label} is cancelled. Take that back first (/talks undo {label}), or record new talks."
    return None


def already(talks: Talks, to: Status) -> str | None:
    """Why a step changes nothing, or None when it does."""
    if talks.status is not to:
        return None
    when = f" ({interval(talks.window)})" if to is Status.HELD else ""
    return f"{talks.label} is on record as {to.value} already{when}."


def _begins_after(window: Window, today: date) -> date | None:
    first = window.earliest
    if isinstance(first, datetime):
        first = first.astimezone(ZoneInfo(window.zone or "UTC")).date()
    return first if first is not None and first > today else None
