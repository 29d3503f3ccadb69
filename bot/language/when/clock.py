"""Clock times on a day, and the instants they are in a zone.

A time the clocks skip in spring, or show twice in autumn, gives both instants: one must ask. Midnight of a named day is its
beginning or its end, so that gives both too, except in a deadline, which runs to the end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.language.when.model import Context, Lean, Span
from bot.language.when.nodes import Node, Spans
from bot.language.when.vocabulary import DAY_PARTS
from bot.language.when.zones import Clockface
from store.records import Precision

LOCAL = Clockface("local")
"""Stands for the zone of the place the sentence names."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Minutes since the day began, of a time or of a time and its end; more than one where the words allow it."""

    starts: tuple[int, ...]
    end: int | None = None
    faces: tuple[Clockface, ...] = ()
    midnight: bool = False
    seconds: int = 0

    def in_part(self, part: str) -> Clock:
        """The reading that fits "morning" or "afternoon", where the hour left both open."""
        if part not in (*DAY_PARTS, "tonight") or len(self.starts) < 2:
            return self
        fitting = tuple(start for start in self.starts if (start < 720) == (part == "morning"))
        return replace(self, starts=fitting) if fitting else self


@dataclass(frozen=True, slots=True)
class Timed:
    """A clock time on the day of another node, or where there is none on the day said (or the next, once it is past)."""

    day: Node | None
    clock: Clock
    deadline: bool = False

    def resolve(self, context: Context) -> Spans:
        if self.day is None:
            return self._undated(context)
        spans = self.day.resolve(context)
        if any(span.precision is not Precision.DAY for span in spans):
            return spans  # a clock time says nothing about a span of several days
        return tuple(dict.fromkeys(s for span in spans for s in self._on(span.begin, context)))

    def _undated(self, context: Context) -> Spans:
        today = replace(self, clock=replace(self.clock, midnight=False))
        now = context.now
        for step in (-1, 0) if context.lean is Lean.BEHIND and now else (0, 1):
            step = -1 - step if context.lean is Lean.BEHIND and now else step
            found = today._on(context.said + timedelta(days=step), context)
            past = [span for span in found if isinstance(span.last, datetime) and now is not None and span.last < now]
            if context.lean is Lean.BEHIND or not past or step == 1:
                return found
        return ()

    def _on(self, day: date, context: Context) -> Spans:
        faces = tuple(Clockface(context.place_zone or context.zone) if f is LOCAL else f for f in self.clock.faces)
        if len(faces) > 1:  # IST said in Kolkata is India's
            faces = tuple(face for face in faces if face.zone == context.zone) or faces
        starts = self.clock.starts
        if self.clock.midnight:
            starts = (24 * 60,) if self.deadline else (0, 24 * 60)
        try:
            return tuple(s for start in starts for s in self._spans(day, start, faces or (Clockface(context.zone),)))
        except (OverflowError, ValueError):
            return ()

    def _spans(self, day: date, start: int, faces: tuple[Clockface, ...]) -> Spans:
        naive = _local(day, start, self.clock.seconds)
        fitting = [f for f in faces if f.offset is None or _offset(naive, f.zone) == f.offset]
        found = []
        for face in faces if len(faces) == 1 or not fitting else fitting:
            for first in instants(naive, face, strict=len(faces) > 1):
                last = first
                if self.clock.end is not None:
                    later = self.clock.end if self.clock.end > start else self.clock.end + 24 * 60
                    ends = [e for e in instants(_local(day, later, 0), face, strict=len(faces) > 1) if e >= first]
                    last = ends[-1] if ends else first
                found.append(Span(first, last, Precision.MINUTE, face.zone))
        return tuple(found)


def _local(day: date, minutes: int, seconds: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minutes, seconds=seconds)


def _offset(naive: datetime, zone: str) -> int:
    offset = naive.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds() // 60) if offset else 0


def instants(naive: datetime, face: Clockface, *, strict: bool = False) -> tuple[datetime, ...]:
    """The instants a wall clock shows `naive`: one as a rule, two where clocks change or an abbreviation disagrees."""
    found = []
    zone = ZoneInfo(face.zone)
    strict = strict or face.fixed
    if not strict or face.offset is None:
        for fold in (0, 1):
            found.append(naive.replace(tzinfo=zone, fold=fold).astimezone(UTC))
        found.sort()
    if face.offset is not None:
        insisted = (naive - timedelta(minutes=face.offset)).replace(tzinfo=UTC)
        found = [insisted] if insisted in found or strict else [*found, insisted]
    return tuple(dict.fromkeys(found))


# Reading
