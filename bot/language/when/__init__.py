"""Reading when something is said to be, the way a careful desk officer would.

`read` takes a phrase or a sentence, the day it was said, a zone and a date order, and gives a `Reading`: one window, or
several readings with the question to ask, or undated. `find` gives every date in a text. `describe` puts a window into
plain words that read back as the same window.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.language.when.choose import Mention, Role, mentions, role, tense
from bot.language.when.grammar import Grammar
from bot.language.when.model import Context, DateOrder, Lean, Reading, Span
from bot.language.when.sentence import Sentence
from bot.language.when.words import describe
from bot.language.when.zones import valid
from store.records import Precision, Window

__all__ = ["DateOrder", "Reading", "describe", "find", "read"]


def read(
    text: str,
    *,
    said_on: date | datetime,
    zone: str,
    order: DateOrder = DateOrder.DMY,
    past: bool | None = None,
    terse: bool = False,
) -> Reading:
    """What `text` says of when, as said on `said_on` (an aware instant, or a day) by someone in `zone` (IANA).

    `past` says whether the text looks back; None reads it off the verbs. `terse` marks the words of a command, where a
    bare "march" is the month. Never raises for any text; raises ValueError for an unknown zone or a naive `said_on`.
    """
    context = _context(said_on, zone, order, terse=terse)
    sentence = Sentence.of(text, terse=terse)
    found = [Mention(m.start, m.end, m.node, role(sentence, m)) for m in mentions(Grammar(sentence, order))]
    behind = tense(sentence) if past is None else past
    if behind is not None:
        context = context.leaning(Lean.BEHIND if behind else Lean.WILL)
    return _best(sentence, found, context)


def find(
    text: str, *, said_on: date | datetime, zone: str, order: DateOrder = DateOrder.DMY, terse: bool = False
) -> tuple[Reading, ...]:
    """Every date in `text`, from left to right, each read by itself."""
    context = _context(said_on, zone, order, terse=terse)
    sentence = Sentence.of(text, terse=terse)
    readings = (_reading(sentence, m, context) for m in mentions(Grammar(sentence, order)))
    return tuple(reading for reading in readings if reading.dated or reading.ambiguous)


def _context(said_on: date | datetime, zone: str, order: DateOrder, *, terse: bool) -> Context:
    if valid(zone) is None:
        raise ValueError(f"{zone!r} is not an IANA time zone; an example is Europe/Brussels")
    if not isinstance(said_on, datetime):
        return Context(said_on, None, zone, order, terse=terse)
    if said_on.tzinfo is None:
        raise ValueError("said_on must be a day or an aware instant, not a naive one")
    return Context(said_on.astimezone(ZoneInfo(zone)).date(), said_on.astimezone(UTC), zone, order, terse=terse)


def _best(sentence: Sentence, found: list[Mention], context: Context) -> Reading:
    usable = [m for m in found if m.role is not Role.SPEAKING]
    for wanted in (Role.EVENT, Role.PLAIN, Role.REPLACED, Role.HISTORY):
        for mention in usable:
            if mention.role is wanted:
                reading = _reading(sentence, mention, context)
                if reading.dated or reading.ambiguous:
                    return reading
    return Reading(sentence.text, Window(), zone=context.zone)


def _reading(sentence: Sentence, mention: Mention, context: Context) -> Reading:
    try:
        spans = mention.node.resolve(context)
    except (ValueError, OverflowError):
        spans = ()
    start, end = sentence.at(mention.start).start, sentence.at(mention.end - 1).end
    windows = tuple(_window(span, context, sentence.text[start:end]) for span in spans if _sound(span))
    zone = spans[0].zone if spans and spans[0].zone else context.zone
    assumed = zone == context.zone
    if not windows:
        return Reading(sentence.text, Window(), zone=context.zone)
    if len(windows) == 1:
        return Reading(sentence.text, windows[0], span=(start, end), zone=zone, zone_assumed=assumed)
    options = " or ".join(describe(window) for window in windows)
    return Reading(sentence.text, Window(), windows, f"Do you mean {options}?", (start, end), zone, assumed)


def _sound(span: Span) -> bool:
    return span.precision is not Precision.NONE and not (
        span.first is not None and span.last is not None and span.first > span.last  # type: ignore[operator]
    )


def _window(span: Span, context: Context, stated: str) -> Window:
    return Window(span.first, span.last, span.precision, span.zone, stated, None, context.said)
