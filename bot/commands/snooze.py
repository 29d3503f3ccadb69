"""`/talks snooze`: one more reminder, in an hour, tomorrow morning, or on a day of choice."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.commands.asking import number_of
from bot.commands.base import Ask, Trouble
from bot.commands.mute import check_unmuted
from bot.commands.owed_lines import tried_again
from bot.commands.watch_words import check_member
from bot.language import rhythm, when
from bot.language.rhythm import Misread
from bot.reply import Button, Field, FieldKind, Form, Moment, Reply
from store import orders, owed
from store import talks as on_record
from store.database import Session
from store.records import Talks

LONGEST_SNOOZE = timedelta(days=366)


def ahead(session: Session, number: int) -> Talks:
    """The talks with this number, if there is anything ahead to be reminded of. Raises NotOnRecord or Trouble."""
    talks = on_record.get(session, number)
    if not talks.status.is_ahead:
        raise Trouble(
            f"{talks.label} is {talks.status.value}: there is nothing ahead to be reminded of.",
            example="/talks next",
            buttons=(Button(f"Show {talks.label}", f"/talks show {talks.label}"),),
        )
    return talks


def snooze(ask: Ask) -> Reply | Form:
    """Reminds once more: in an hour, tomorrow morning, on a day of choice."""
    check_member(ask)
    number, words = number_of(ask, "T", "/talks snooze T-2 1h")
    given = (ask.request.values or {}).get("day", "").strip()
    words = given or words.strip()
    with ask.read() as session:
        talks = ahead(session, number)
        check_unmuted(session, ask, talks)
    if not words:
        return _snooze_form(talks)
    try:
        at = _moment(ask, words)
    except Trouble as trouble:
        if ask.request.values is None:
            raise
        return _snooze_form(talks, given, " ".join(part for part in (trouble.message, trouble.nearest) if part))
    with ask.write() as session:
        talks = ahead(session, number)
        check_unmuted(session, ask, talks)
        held = tried_again(session, ask)
        orders.snooze(session, talks, ask.request.channel, at)
    return Reply(f"I remind this channel of {talks.label} again", parts=((Moment(at, ask.request.zone),), *held))


def _snooze_form(talks: Talks, value: str = "", error: str | None = None) -> Form:
    field = Field(
        "day", "Which day?", FieldKind.DAY, value, required=True, error=error, hint="The reminder comes at 09:00 that day."
    )
    return Form("Remind again", f"/talks snooze {talks.label}", (field,), submit="Remind")


def _moment(ask: Ask, words: str) -> datetime:
    """When a snooze ends. Trouble for a moment that is past, far off, or not to be read."""
    zone = ZoneInfo(ask.request.zone)
    example = "/talks snooze T-2 tomorrow"
    if re.match(r"tomorrow(?:\s+morning)?$", words, re.IGNORECASE):
        return owed.morning(ask.today + timedelta(days=1), zone)
    if re.match(r"(?:in\s+)?(?:an?\s+hour|\d{1,4}\s*[a-z]+)$", words, re.IGNORECASE):
        text = re.sub(r"^in\s+", "", re.sub(r"\ban?\s+hour", "1 hour", words, flags=re.IGNORECASE), flags=re.IGNORECASE)
        try:
            (lead,) = rhythm.leads(text)
        except (Misread, ValueError):
            pass
        else:
            return ask.now + owed.length(lead) if lead[-1] in "hm" else owed.morning(ask.today + owed.length(lead), zone)
    # "3d 14:00" is said as the reader of dates knows it.
    words = re.sub(r"^(?:in\s+)?(\d{1,3})\s*d(?:ays?)?\s+(?:at\s+)?(?=\d)", r"in \1 days at ", words, flags=re.IGNORECASE)
    order = when.DateOrder(ask.request.date_order)
    reading = when.read(words, said_on=ask.now, zone=ask.request.zone, order=order, past=False, terse=True)
    if reading.question:
        raise Trouble(reading.question, example=example)
    days = [day for day in (reading.window.earliest, reading.window.latest) if day is not None]
    if not days:
        raise Trouble(
            f"I found no day in “{words[:40]}”.", nearest="An hour (1h), tomorrow, or a day would do.", example=example
        )
    moments = [day if isinstance(day, datetime) else owed.morning(day, zone) for day in days]
    first, last = reading.span or (0, len(words))
    if left := " ".join(f"{words[:first]} {words[last:]}".split()).strip(" ,.;"):
        raise Trouble(
            f"I did not understand “{left[:40]}”.",
            nearest="An hour (1h), tomorrow, or a day and a time would do.",
            example=example,
        )
    # "By 8 March" has begun already: what is meant is its end.
    at = next((moment for moment in moments if moment > ask.now), moments[-1])
    if at <= ask.now:
        raise Trouble(f"{words[:40]} is past.", nearest="Name a later day.", example=example)
    if at - ask.now > LONGEST_SNOOZE:
        raise Trouble(f"{words[:40]} is more than a year off.", nearest="Name a nearer day.", example=example)
    return at
