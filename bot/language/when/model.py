"""What the grammar passes around: spans, the context they are read in, and the answer given back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum, StrEnum

from store.records import Precision, Window


class DateOrder(StrEnum):
    """How a numeric date such as 3/4/2025 is written."""

    DMY = "DMY"
    MDY = "MDY"
    YMD = "YMD"


class Lean(Enum):
    """Which way a day without a year, or a bare weekday, is looked for."""

    NEAR = "near"
    """Ahead, unless it has only just gone."""
    AHEAD = "ahead"
    """Ahead, always: a deadline."""
    WILL = "will"
    """Ahead by the sentence's tense; what has only just gone is then in doubt."""
    BEHIND = "behind"


def _day(value: date | datetime | None) -> date:
    if value is None:
        raise ValueError("an open end has no day")
    return value.date() if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class Span:
    """An inclusive interval of days, or of aware UTC instants; None is an open end."""

    first: date | datetime | None
    last: date | datetime | None
    precision: Precision
    zone: str | None = None
    edge: str | None = None
    """`start` or `end` where the words named an edge of a longer span ("the end of March")."""
    edge_day: date | None = None
    """The day of that edge: what "by" and "before" count to."""

    @property
    def whole(self) -> bool:
        """True for days with both ends."""
        return self.first is not None and self.last is not None and not isinstance(self.first, datetime)

    @property
    def begin(self) -> date:
        """The first day. Raises ValueError where that end is open."""
        return _day(self.first)

    @property
    def end(self) -> date:
        """The last day. Raises ValueError where that end is open."""
        return _day(self.last)

    @property
    def timed(self) -> bool:
        return isinstance(self.first, datetime) or isinstance(self.last, datetime)


@dataclass(frozen=True, slots=True)
class Context:
    """The day it was said, where, and which way the sentence looks."""

    said: date
    now: datetime | None
    """The aware instant, where more than the day is known."""
    zone: str
    order: DateOrder = DateOrder.DMY
    lean: Lean = Lean.NEAR
    terse: bool = False
    """Words of a command rather than a sentence: a bare "march" is the month."""
    place_zone: str | None = None
    """The zone of a city the sentence names, for "local time"."""

    def leaning(self, lean: Lean) -> Context:
        return replace(self, lean=lean)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in a text.

    `window` is the interval, with precision `none` where the text is undated or has more than one reading. `readings`
    are the possible windows where there are several (the likeliest first) and `question` then asks which is meant.
    `span` says which characters were read, from first to one past the last, so that the rest can be read otherwise.
    `zone` is the zone the times or days are read in; `zone_assumed` is True where the text named none. `attributed_on` is
    the day the text itself says its words were spoken ("Ryabkov said on 22 February that …").
    """

    text: str
    window: Window
    readings: tuple[Window, ...] = ()
    question: str | None = None
    span: tuple[int, int] | None = None
    zone: str = "UTC"
    zone_assumed: bool = True
    attributed_on: date | None = None

    @property
    def dated(self) -> bool:
        """True where one window, however vague, was read."""
        return self.window.precision is not Precision.NONE

    @property
    def ambiguous(self) -> bool:
        return bool(self.readings)

    @property
    def words(self) -> str | None:
        """The characters that were read."""
        return self.text[self.span[0] : self.span[1]] if self.span else None
