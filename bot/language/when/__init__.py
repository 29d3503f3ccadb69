"""Reading when something is said to be, the way a careful desk officer would.

`read` takes a phrase or a sentence, the day it was said, a zone and a date order, and gives a `Reading`: one window, or
several readings with the question to ask, or undated. `find` gives every date in a text. `describe` puts a window into
plain words that read back as the same window.

Conventions, beside those of `days` (weeks, parts, seasons) and `choose` (which of several dates is meant):

- Bounds are inclusive. "By", "until" and "within" run from the day said to the end of what is named ("by March" to the
  31st), "by the beginning of June" to its first day; "before" ends the day before it begins. "After" begins the day after
  it ends; "from", "since", "not before" and "as early as" begin with it and have no end.
- The end of a month is its last third, of a week Thursday to Sunday, of a year December; as a deadline each is its last day.
- A day without a year is the next one, unless it is gone by a week or less; gone by up to a month, either is possible and
  one must ask. The past tense looks back; said to be ahead and just gone, one must ask.
- "Next Friday" said earlier in that week, "last Monday" said later in it, "next March" said in February, a bare weekday on
  that day, 3/4/2025, a clock time that a change of clocks skips or repeats: two readings, the likelier first.
- What binds nobody ("in the coming days", "soon", "in a few weeks") runs from the day said without an end, and "recently"
  up to it without a beginning; "around 3 March" is three days either side; all have precision `vague`.
- "24, 25 and 27 March" and "3 or 4 March" are the interval that holds the days named.
- Lengths alone, ordinals, numbers of resolutions and articles, and days counted from an event without a date are undated.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.language.when.choose import Mention, Role, is_off, mentions, met, spoken_on, tense
from bot.language.when.grammar import Grammar
from bot.language.when.model import Context, DateOrder, Lean, Reading, Span
from bot.language.when.otherwise import prepare, single_day
from bot.language.when.sentence import Sentence, city_zone
from bot.language.when.words import describe
from bot.language.when.zones import valid
from store.records import Precision, Window

__all__ = ["DateOrder", "Reading", "describe", "find", "prepare", "read"]

_MOST_READINGS = 4
_MOST_WEIGHED = 100
"""Dates of one text weighed against each other; a page of news has some twenty."""


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
    bare "march" is the month. Of a text beyond 20,000 characters the beginning is read. Never raises for any text; raises
    ValueError for an unknown zone or a naive `said_on`.
    """
    sentence = Sentence.of(text, terse=terse)
    context = _context(said_on, zone, order, sentence)
    found = met(mentions(Grammar(sentence, order)))
    spoken = spoken_on(found, context.leaning(Lean.BEHIND))
    if spoken is not None and spoken.begin != context.said:
        context = replace(context, said=spoken.begin, now=None)
    behind = tense(sentence) if past is None else past
    if behind is not None:
        context = context.leaning(Lean.BEHIND if behind else Lean.WILL)
    reading = _best(sentence, found, context)
    if reading.ambiguous or not _covers(reading, sentence):
        reading = _otherwise(sentence, context) or reading
    return replace(reading, attributed_on=spoken.begin) if spoken is not None else reading


def find(
    text: str, *, said_on: date | datetime, zone: str, order: DateOrder = DateOrder.DMY, terse: bool = False
) -> tuple[Reading, ...]:
    """Every date in `text`, from left to right, each read by itself."""
    sentence = Sentence.of(text, terse=terse)
    context = _context(said_on, zone, order, sentence)
    readings = (_reading(sentence, m, context) for m in mentions(Grammar(sentence, order)))
    return tuple(reading for reading in readings if reading.dated or reading.ambiguous)


def _context(said_on: date | datetime, zone: str, order: DateOrder, sentence: Sentence) -> Context:
    if valid(zone) is None:
        raise ValueError(f"{zone!r} is not an IANA time zone; an example is Europe/Brussels")
    place = city_zone(sentence) if "local" in sentence.text.lower() else None
    if not isinstance(said_on, datetime):
        return Context(said_on, None, zone, order, place_zone=place)
    if said_on.tzinfo is None:
        raise ValueError("said_on must be a day or an aware instant, not a naive one")
    try:
        day = said_on.astimezone(ZoneInfo(zone)).date()
    except OverflowError:
        day = said_on.date()
    return Context(day, said_on, zone, order, place_zone=place)


def _best(sentence: Sentence, found: list[Mention], context: Context) -> Reading:
    """The reading of the likeliest mention; a question where several are as likely."""
    for wanted in (Role.EVENT, Role.PLAIN, Role.REPLACED):
        readings = [
            reading
            for mention in [m for m in found if m.role is wanted][:_MOST_WEIGHED]
            if not is_off(sentence, mention)
            and ((reading := _reading(sentence, mention, context)).dated or reading.ambiguous)
        ]  # fmt: skip
        if readings:
            return _one_of(readings)
    history = [m for m in found if m.role is Role.HISTORY]
    if len(history) == 1 and context.lean is Lean.BEHIND:
        return _reading(sentence, history[0], context)
    return Reading(sentence.text, Window(), zone=context.zone)


def _covers(reading: Reading, sentence: Sentence) -> bool:
    """True where nothing of the text was left aside."""
    if reading.span is None:
        return False
    return sum(reading.span[0] <= token.start < reading.span[1] for token in sentence.tokens) == len(sentence.tokens)


def _otherwise(sentence: Sentence, context: Context) -> Reading | None:
    day = single_day(sentence, context)
    if day is None:
        return None
    span = sentence.tokens[0].start, sentence.tokens[-1].end
    window = Window(day, day, Precision.DAY, None, sentence.text[span[0] : span[1]], None, context.said)
    return Reading(sentence.text, window, span=span, zone=context.zone)


def _one_of(readings: list[Reading]) -> Reading:
    """One reading where they agree or one lies within all others; else all of them, and a question."""
    kept: list[Reading] = []
    for reading in readings:
        if reading.ambiguous:
            return next((r for r in readings if r.dated), readings[0])
        if not any(_within(other.window, reading.window) for other in kept):
            kept = [other for other in kept if not _within(reading.window, other.window)] + [reading]
    return kept[0] if len(kept) == 1 else _asking(kept[:_MOST_READINGS])


def _within(inner: Window, outer: Window) -> bool:
    """True where `inner` says no less than `outer`, or where `outer` is too vague to weigh against it."""
    if outer.precision is Precision.VAGUE:
        return True
    ends = (inner.earliest, inner.latest, outer.earliest, outer.latest)
    if len({isinstance(end, datetime) for end in ends if end is not None}) > 1:
        return False
    begins = outer.earliest is None or (inner.earliest is not None and outer.earliest <= inner.earliest)
    return begins and (outer.latest is None or (inner.latest is not None and inner.latest <= outer.latest))


def _asking(readings: list[Reading]) -> Reading:
    windows = tuple(reading.window for reading in readings)
    spans = [reading.span for reading in readings if reading.span]
    span = (min(a for a, _ in spans), max(b for _, b in spans))
    return replace(readings[0], window=Window(), readings=windows, question=_question(windows), span=span)


def _question(windows: tuple[Window, ...]) -> str:
    *most, last = [describe(window) for window in windows]
    return f"Do you mean {', '.join(most)} or {last}?"


def _reading(sentence: Sentence, mention: Mention, context: Context) -> Reading:
    try:
        spans = mention.node.resolve(context)
    except (ValueError, OverflowError):
        spans = ()
    span = sentence.at(mention.start).start, sentence.at(mention.end - 1).end
    stated = sentence.text[span[0] : span[1]]
    windows = tuple(_window(found, context, stated) for found in spans if _sound(found))[:_MOST_READINGS]
    if not windows:
        return Reading(sentence.text, Window(), zone=context.zone)
    named = next((found.zone for found in spans if found.zone), None)
    plain = Reading(sentence.text, windows[0], span=span, zone=named or context.zone)
    plain = replace(plain, zone_assumed=named is None or (named == context.zone and not _names_zone(mention)))
    if len(windows) == 1:
        return plain
    return replace(plain, window=Window(), readings=windows, question=_question(windows))


def _names_zone(mention: Mention) -> bool:
    clock = getattr(mention.node, "clock", None)
    return clock is not None and bool(clock.faces)


def _sound(span: Span) -> bool:
    if span.first is None or span.last is None:
        return span.precision is not Precision.NONE
    return span.first <= span.last


def _window(span: Span, context: Context, stated: str) -> Window:
    return Window(span.first, span.last, span.precision, span.zone, stated, None, context.said)
