"""What is read in a sentence: the entry for talks, for a position, for a reply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from store.records import Level, Place, ReplyStance, Stance, Status, Window

Run = tuple[int, int]
"""Characters of the plain text, from the first to one past the last."""


@dataclass(frozen=True, slots=True)
class SideRead:
    """A party that meets, and the level it sends; `unstated` where the words give none."""

    party: str
    level: Level = Level.UNSTATED


@dataclass(frozen=True, slots=True)
class TalksEntry:
    """Talks as a sentence tells of them. Whatever the sentence does not say is empty.

    `window` is when, with the words as stated, who said them and the day they count from; where the words could mean several
    windows it is None, `readings` has them and `question` asks. `after` are labels of talks that must be held first ("T-2").
    `title` is our few words for the talks ("second round"). `unread` are the phrases that found no place, as written. `plain`
    is the text without Slack's marks, `spans` the characters of it that were read.
    """

    sides: tuple[SideRead, ...] = ()
    window: Window | None = None
    readings: tuple[Window, ...] = ()
    question: str | None = None
    place: Place | None = None
    agenda: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    round: int | None = None
    format: str | None = None
    status: Status | None = None
    said_by: str | None = None
    office: str | None = None
    said_on: date | None = None
    urls: tuple[str, ...] = ()
    title: str = ""
    outcome: str | None = None
    unread: tuple[str, ...] = ()
    plain: str = ""
    spans: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class PositionEntry:
    """A stance as a sentence tells of it. `topic` is a key where the store knows the words, `topic_words` the words.

    `summary` is the statement itself as written, `quote` what stands in quotation marks. `denied` are the words of a stance
    that is denied or that depends on something ("does not support", "would support … if"): then `stance` is what that comes
    to, or empty where it is not certain.
    """

    party: str | None = None
    topic: str | None = None
    topic_words: str | None = None
    stance: Stance | None = None
    summary: str | None = None
    quote: str | None = None
    speaker: str | None = None
    office: str | None = None
    said_on: date | None = None
    urls: tuple[str, ...] = ()
    denied: str = ""
    unread: tuple[str, ...] = ()
    plain: str = ""
    spans: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplyEntry:
    """An answer to a position, as a sentence tells of it. `position` is its label ("P-1")."""

    position: str | None = None
    party: str | None = None
    stance: ReplyStance | None = None
    summary: str | None = None
    quote: str | None = None
    speaker: str | None = None
    office: str | None = None
    said_on: date | None = None
    urls: tuple[str, ...] = ()
    denied: str = ""
    unread: tuple[str, ...] = ()
    plain: str = ""
    spans: tuple[Run, ...] = ()
