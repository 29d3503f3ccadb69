"""What an answer is, before any surface draws it.

Commands build a `Reply` (or a `Form`) out of these values; `slack/render`, `slack/forms` and `terminal/render` draw them.
Text in here is plain: nothing is escaped, cut, or marked up, and whatever people or files put into a fact may stand in it.
A button carries the command line that it runs, so that every surface can offer it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class Outcome(StrEnum):
    """What kind of answer this is; the terminal turns it into an exit status."""

    ANSWER = "answer"
    NOT_UNDERSTOOD = "not_understood"
    """The person's trouble: a word, a name or a date that could not be placed, or a right they do not have."""
    FAILURE = "failure"
    """Ours: the store, or a fault."""


class Visibility(StrEnum):
    PRIVATE = "private"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Strong:
    text: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """Set apart as less important: sources, states of knowledge."""

    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A search word found in its context."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link if `url` is http or https; otherwise surfaces show the text alone."""

    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Moment:
    """An aware UTC clock time, shown in each reader's own zone; `zone` names the fallback's (IANA)."""

    at: datetime
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Mention:
    """A person by Slack user id, shown by name without notifying anyone."""

    user: str


Span = str | Strong | Quiet | Marked | Link | Moment | Mention
Line = tuple[Span, ...]


def line(*spans: Span) -> Line:
    return spans


@dataclass(frozen=True, slots=True)
class Card:
    """One thing: a title and a few lines under it."""

    title: Line
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Short pairs of a label and what it says ("Where": "third country, not named")."""

    pairs: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    """Somebody's words. `said` is the attribution; `original` the wording in the original language, if known."""

    words: str
    said: Line = ()
    original: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column names; `right` holds the indexes of columns of figures, set flush right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    right: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Bars:
    """A ranking: label, value, and the words to show beside the bar. Surfaces scale to the largest value."""

    rows: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """Small print: sources, recipes, what was not understood."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


Part = Card | Facts | Quotation | Table | Bars | Notes | Heading | Line


@dataclass(frozen=True, slots=True)
class Button:
    """Runs `command` ("/talks show T-3") when pressed. Labels are at most 75 characters; make them short words."""

    label: str
    command: str
    primary: bool = False
    danger: bool = False
    confirm: str | None = None
    """Asked before running, if given."""
    replaces: bool = False
    """The answer takes this card's place where the surface can do that: paging, sorting, another range of the same."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that goes with an answer. `draw` gives the PNG; it is slow, so surfaces call it off the request path.

    It reads no store: everything it needs is in it. `alt_text` says what the image shows, for those who do not see it.
    """

    title: str
    alt_text: str
    filename: str
    draw: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. It leads with `headline`; `aside` stands beside it, small ("2 planned · 2 mooted · 0 lapsed").

    `share` is the command line whose answer *Share in channel* posts; None offers no sharing.
    """

    headline: str
    aside: str = ""
    parts: tuple[Part, ...] = ()
    buttons: tuple[Button, ...] = ()
    share: str | None = None
    visibility: Visibility = Visibility.PRIVATE
    outcome: Outcome = Outcome.ANSWER
    picture: Picture | None = None
    """Posted to the channel as a file, with its title and alt text: a file cannot be private in Slack."""


class FieldKind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    DAY = "day"
    CHOICE = "choice"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in. `id` is the name of the same thing in files; `error` is what was wrong with the last value.

    `value` is the text filled in (for a choice the option's value; several choices joined with commas).
    """

    id: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    value: str = ""
    hint: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    error: str | None = None
    max_length: int = 3000


@dataclass(frozen=True, slots=True)
class Form:
    """A form to confirm. `command` is run with the values when it is submitted; `notes` stand above the fields.

    `unread` are the words that could not be placed; surfaces show them. `context` goes out with the form and comes back
    unchanged (record versions, the message it was opened from).
    """

    title: str
    command: str
    fields: tuple[Field, ...]
    submit: str = "Record"
    notes: tuple[Line, ...] = ()
    unread: tuple[str, ...] = ()
    context: dict[str, str] = field(default_factory=dict)


def plain(spans: Sequence[Span]) -> str:
    """A line as bare text, for headlines, fallbacks and tests. Clock times come out in their fallback zone."""
    return "".join(_bare(span) for span in spans)


def _bare(span: Span) -> str:
    if isinstance(span, str):
        return span
    if isinstance(span, Moment):
        return clock(span)
    if isinstance(span, Mention):
        return f"@{span.user}"
    return span.text


def clock(moment: Moment) -> str:
    """A clock time in its own zone, named: `Tue 18 Mar 2025, 10:00 (Europe/Zurich)`."""
    local = moment.at.astimezone(ZoneInfo(moment.zone))
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} ({moment.zone})"
