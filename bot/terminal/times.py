"""Moving the demo's clock: how far, and to when. All in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_UNITS = {"min": "minutes", "m": "minutes", "minute": "minutes", "hour": "hours", "h": "hours", "hr": "hours",
          "day": "days", "d": "days", "week": "weeks", "w": "weeks"}  # fmt: skip
_FORMATS = ("%d %b %Y %H:%M", "%d %B %Y %H:%M", "%d %b %Y", "%d %B %Y", "%d %b %H:%M", "%d %B %H:%M", "%d %b", "%d %B", "%H:%M")
_FURTHEST = timedelta(days=3660)


def shown(moment: datetime) -> str:
    """`Sat 22 Feb 2025, 18:00 UTC`."""
    return f"{moment:%a} {moment.day} {moment:%b %Y, %H:%M} UTC"


def advanced(now: datetime, words: str) -> datetime:
    """The moment that "2 days" or "1 week 3 hours" is from `now`. Raises ValueError in words."""
    parts = [part for part in re.split(r",\s*|\s+and\s+|(?<=[a-z])\s+(?=\d)", words.strip().casefold()) if part]
    found = [re.fullmatch(r"(\d{1,5}|an?|one)\s*([a-z]+)", part) for part in parts]
    step = timedelta()
    for part in found:
        unit = part[2] if part else ""
        name = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s"))
        if part is None or name is None:
            raise ValueError(f"How far? {words[:40]!r} is not a span of time. For example: advance 2 days")
        step += timedelta(**{name: int(part[1]) if part[1].isdigit() else 1})
    if not found:
        raise ValueError("How far? For example: advance 2 days")
    if step > _FURTHEST:
        raise ValueError("That is too far: ten years at a time. For example: advance 2 weeks")
    return now + step


def moment(words: str, now: datetime) -> datetime:
    """The moment that "27 Feb 2025 08:00", "27 Feb" or "2025-02-27T08:00" names. Raises ValueError in words."""
    text = " ".join(words.replace(",", " ").split())
    found = _read(text, now)
    if found is None:
        raise ValueError(f"When? {words[:40]!r} is not a day or a moment. For example: now 27 Feb 2025 08:00")
    if found - now > _FURTHEST:
        raise ValueError("That is too far: ten years at a time. For example: advance 2 weeks")
    return found


def _read(text: str, now: datetime) -> datetime | None:
    try:
        iso = datetime.fromisoformat(text)
        return (iso if iso.tzinfo else iso.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        pass
    for form in _FORMATS:
        # The year goes in beforehand: strptime would take 1900, and 29 February with it.
        full, with_year = (form, text) if "%Y" in form else (f"%Y {form}", f"{now.year} {text}")
        try:
            found = datetime.strptime(with_year, full).replace(tzinfo=UTC)
        except ValueError:
            continue
        return found if form != "%H:%M" else found.replace(month=now.month, day=now.day)
    return None
