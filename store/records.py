"""What the store holds, as frozen values.

The words are those of the product: talks, sides, levels, windows, accounts, positions, replies, drafts, trips, watches and
posts. Nothing here knows of SQL, of Slack, or of how people phrase things. Days are `datetime.date`; instants are aware
UTC `datetime`; zones are IANA names; parties, topics and sources are named by their keys (`"us"`, `"nato"`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Precision(StrEnum):
    """How finely a window is known, from a clock time to nothing at all."""

    MINUTE = "minute"
    DAY = "day"
    RANGE = "range"
    WEEK = "week"
    PART_MONTH = "part_month"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    SEASON = "season"
    YEAR = "year"
    OPEN_WINDOW = "open_window"
    """A deadline: from the day it was said to the day named ("within two weeks", "by 4 March")."""
    OPEN_START = "open_start"
    """A beginning with no end ("not before June", "from 1 April onwards")."""
    VAGUE = "vague"
    """Words of time that bound nothing firmly ("in the coming days", "soon")."""
    NONE = "none"
    """Undated ("in due course", "no date set"): both bounds are None."""


@dataclass(frozen=True, slots=True)
class Window:
    """When, as an inclusive interval, with the words it was read from.

    `earliest` and `latest` are days, or aware UTC instants when a clock time was given (precision `minute`); None is an
    open end. `zone` is the IANA zone in which the days or the clock time are meant, None where nobody said. `stated` holds
    the words as given, `stated_by` who said them, `stated_on` the day they were said.
    """

    earliest: date | datetime | None = None
    latest: date | datetime | None = None
    precision: Precision = Precision.NONE
    zone: str | None = None
    stated: str | None = None
    stated_by: str | None = None
    stated_on: date | None = None


class Level(StrEnum):
    """Rank of a side. The level of the talks is the lower one of its sides."""

    LEADER = "leader"
    MINISTER = "minister"
    DEPUTY = "deputy"
    DIRECTOR = "director"
    WORKING = "working"
    UNSTATED = "unstated"

    @property
    def rank(self) -> int:
        """1 for leaders up to 5 for working level; 6 where nobody said."""
        return list(Level).index(self) + 1


class Status(StrEnum):
    """Where talks stand on record. *Lapsed* and *waiting* are derived from the clock and the prerequisites, never stored."""

    MOOTED = "mooted"
    PLANNED = "planned"
    CONFIRMED = "confirmed"
    HELD = "held"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"

    @property
    def is_ahead(self) -> bool:
        """True while the talks may still take place as announced."""
        return self in (Status.MOOTED, Status.PLANNED, Status.CONFIRMED)


class PlaceState(StrEnum):
    """What is known of the place."""

    NAMED = "named"
    THIRD_COUNTRY = "third_country"
    UNDISCLOSED = "undisclosed"
    CONTESTED = "contested"
    REMOTE = "remote"
    """By phone or online."""
    UNSTATED = "unstated"


class PartyKind(StrEnum):
    STATE = "state"
    HISTORICAL = "historical"
    TERRITORY = "territory"
    ORGANISATION = "organisation"
    BLOC = "bloc"
    OTHER = "other"


class NameKind(StrEnum):
    """How a name stands for a party. A metonym or capital may stand for several: then the person is asked."""

    NAME = "name"
    OFFICIAL = "official"
    CODE = "code"
    ALIAS = "alias"
    CAPITAL = "capital"
    METONYM = "metonym"
    FLAG = "flag"
    DEMONYM = "demonym"


class Stance(StrEnum):
    DEMANDS = "demands"
    SUPPORTS = "supports"
    OPPOSES = "opposes"
    CONDITIONAL = "conditional"
    DECLINES = "declines"
    """Declines to say."""


class ReplyStance(StrEnum):
    ENDORSES = "endorses"
    REJECTS = "rejects"
    CONDITIONAL = "conditional"
    DECLINES = "declines"


class DraftStatus(StrEnum):
    TABLED = "tabled"
    AMENDED = "amended"
    ADOPTED = "adopted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    NEVER_VOTED = "never_voted"
    """Never put to a vote."""


class AlignmentRole(StrEnum):
    SPONSOR = "sponsor"
    CO_SPONSOR = "co_sponsor"
    ENDORSES = "endorses"
    DECLINES = "declines"
    CONDITIONAL = "conditional"
    WITHDREW = "withdrew"


class VoteChoice(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAINED = "abstained"
    ABSENT = "absent"


class VoteKind(StrEnum):
    CAST = "cast"
    INTENDED = "intended"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from. `key` is unique in a workspace; `published` is the day of publication."""

    key: str
    title: str
    publisher: str | None = None
    url: str | None = None
    published: date | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class PartyName:
    name: str
    kind: NameKind = NameKind.ALIAS


@dataclass(frozen=True, slots=True)
class Party:
    """A state, organisation or bloc. `code` is lower case: ISO 3166 alpha-2 for states, a short name for the rest."""

    code: str
    name: str
    kind: PartyKind
    flag: str | None = None
    zone: str | None = None
    since: date | None = None
    until: date | None = None
    """Days between which a historical state or a bloc existed, where known."""
    successor: str | None = None
    names: tuple[PartyName, ...] = ()
    builtin: bool = True


@dataclass(frozen=True, slots=True)
class Membership:
    """`member` belongs to `bloc` from `joined` (None: not recorded) to the day before `left` (None: still)."""

    bloc: str
    member: str
    joined: date | None = None
    left: date | None = None
    note: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Administration:
    """A government or presidency of a party, in office from `since` until the next one begins."""

    party: str
    name: str
    since: date
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    key: str
    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    office: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One party at the table, the level it sends, and whom."""

    party: str
    level: Level = Level.UNSTATED
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    state: PlaceState = PlaceState.UNSTATED
    country: str | None = None
    """Party code of the country."""
    city: str | None = None
    venue: str | None = None


@dataclass(frozen=True, slots=True)
class AgendaItem:
    text: str
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One side's or source's version of talks or of a position, kept beside the record and beside its rivals.

    `happens` answers "whether at all": True affirms, False denies, None does not say. A field left None makes no claim.
    `settled` marks accounts that the record no longer disputes.
    """

    key: str
    by: str
    party: str | None = None
    office: str | None = None
    said_on: date | None = None
    happens: bool | None = None
    window: Window | None = None
    level: Level | None = None
    place: Place | None = None
    claim: str | None = None
    settled: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Talks:
    """One planned or held encounter. Shown as `T-<number>`; `key` names it in files."""

    key: str
    number: int
    title: str
    status: Status
    sides: tuple[Side, ...]
    window: Window = field(default_factory=Window)
    place: Place = field(default_factory=Place)
    track: str | None = None
    round: int | None = None
    format: str | None = None
    host: str | None = None
    """Party code of the host, where it is not one of the sides."""
    agenda: tuple[AgendaItem, ...] = ()
    after: tuple[str, ...] = ()
    """Keys of the talks that must be held first."""
    outcome: tuple[str, ...] = ()
    note: str | None = None
    accounts: tuple[Account, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"T-{self.number}"

    @property
    def level(self) -> Level:
        """The lower of the stated levels; unstated where no side's is known."""
        stated = [side.level for side in self.sides if side.level is not Level.UNSTATED]
        return max(stated, key=lambda level: level.rank, default=Level.UNSTATED)

    @property
    def disputed(self) -> bool:
        """True while an unsettled account contradicts another or the record.

        A denial, word that cancelled or postponed talks were held, or accounts that claim a different window, level or place
        than the record, dispute it. An account that repeats the record does not.
        """
        return any(not a.settled and _contradicts(a, self) for a in self.accounts)


def _contradicts(account: Account, talks: Talks) -> bool:
    if account.happens is False:
        return True
    if account.happens and talks.status in (Status.CANCELLED, Status.POSTPONED):
        return True
    if account.level is not None and account.level is not talks.level:
        return True
    if account.place is not None and account.place != talks.place:
        return True
    w = account.window
    return w is not None and (w.earliest, w.latest) != (talks.window.earliest, talks.window.latest)


@dataclass(frozen=True, slots=True)
class Applies:
    """To whom a position applies: members of `bloc` on a day, narrowed to those that joined after or by a day."""

    bloc: str
    joined_after: date | None = None
    joined_by: date | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """Another party's answer to a position, or (with `to`) to another reply of the same position."""

    key: str
    party: str
    stance: ReplyStance
    summary: str | None = None
    quote: str | None = None
    original_quote: str | None = None
    original_language: str | None = None
    speaker: str | None = None
    office: str | None = None
    administration: str | None = None
    said_on: date | None = None
    to: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """A party's stance on a topic, as said by someone on a day. Shown as `P-<number>`."""

    key: str
    number: int
    party: str
    topic: str
    stance: Stance
    summary: str
    said_on: date | None = None
    recorded_at: datetime | None = None
    quote: str | None = None
    original_quote: str | None = None
    original_language: str | None = None
    """BCP 47 tag of `original_quote`, such as `ru`."""
    speaker: str | None = None
    office: str | None = None
    administration: str | None = None
    supersedes: str | None = None
    """Key of the position this one replaces."""
    applies: Applies | None = None
    replies: tuple[Reply, ...] = ()
    accounts: tuple[Account, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"P-{self.number}"


@dataclass(frozen=True, slots=True)
class Clause:
    """What a version of a text says on one issue. `says` is our summary; `text` the wording where it is known."""

    issue: str
    says: str
    text: str | None = None
    version: int = 1
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where a party stands towards a draft. `party` may be a bloc or, with `count`, "about 50 states"."""

    role: AlignmentRole
    party: str | None = None
    label: str | None = None
    """Words for a group that has no code ("about 50 states")."""
    said_on: date | None = None
    note: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vote:
    party: str
    choice: VoteChoice
    kind: VoteKind = VoteKind.CAST
    day: date | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """The totals announced, which may be known where the roll is not."""

    day: date
    in_favour: int
    against: int
    abstained: int
    absent: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A text under negotiation. Shown as `D-<number>`."""

    key: str
    number: int
    title: str
    status: DraftStatus
    body: str | None = None
    """The organ or forum: "UN General Assembly"."""
    symbol: str | None = None
    tabled_on: date | None = None
    status_on: date | None = None
    topic: str | None = None
    note: str | None = None
    clauses: tuple[Clause, ...] = ()
    alignments: tuple[Alignment, ...] = ()
    votes: tuple[Vote, ...] = ()
    tally: Tally | None = None
    sources: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"D-{self.number}"


@dataclass(frozen=True, slots=True)
class Revision:
    """One change to one record. `before` and `after` are its plain form (`exchange` format); None before the first."""

    number: int
    kind: str
    key: str
    at: datetime
    actor: str
    action: str
    why: str | None
    before: dict[str, object] | None
    after: dict[str, object] | None
    undoes: int | None = None


class Rhythm(StrEnum):
    """How often a watch gets its digest."""

    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"
    NONE = "none"
    """Reminders only."""


class WatchState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a watch is about. Empty is everything.

    Parties, blocs by their members and topics are one list, of which any one is enough; so are levels; so are places.
    """

    parties: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    """Blocs whose members count, by code."""
    topics: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    countries: tuple[str, ...] = ()
    place_states: tuple[PlaceState, ...] = ()


@dataclass(frozen=True, slots=True)
class Watch:
    """A channel's standing order. Shown as `W-<number>`.

    `at` is the local time of its digest ("08:30") in `zone`, `weekday` the day of a weekly one (0 is Monday). `leads` are
    its reminders' lead times ("7d", "2h"). `since` is the revision after which its first digest begins to count.
    """

    number: int
    channel: str
    created_by: str
    zone: str
    rhythm: Rhythm = Rhythm.NONE
    weekday: int | None = None
    at: str | None = None
    about: Scope = field(default_factory=Scope)
    but_not: Scope = field(default_factory=Scope)
    leads: tuple[str, ...] = ("7d", "1d", "2h")
    state: WatchState = WatchState.ACTIVE
    since: int = 0

    @property
    def label(self) -> str:
        return f"W-{self.number}"


class PostKind(StrEnum):
    """What a post says. Reminders before talks, and of a window that opens, closes or has closed; talks made ready by
    others; digests; what continues a digest or briefs before talks, in a thread; a look whether the bot may post; news for
    one person."""

    REMINDER = "reminder"
    OPENS = "opens"
    CLOSES = "closes"
    HAPPENED = "happened"
    READY = "ready"
    DIGEST = "digest"
    PART = "part"
    CHECK = "check"
    NOTICE = "notice"


class PostState(StrEnum):
    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Post:
    """One message owed to a channel, once. `key` is what stands in the message's metadata.

    `useful_until` is when it no longer helps anyone. `parent` is the number of the post in whose thread it goes, `carrier`
    of the one that told it along with others after a delay. `body` is what was sent, where that is kept. `upto` is the last
    revision that a digest covered.
    """

    team: str
    number: int
    key: str
    channel: str
    kind: PostKind
    subject: str
    slot: str
    due: datetime
    useful_until: datetime
    state: PostState = PostState.PLANNED
    attempts: int = 0
    attempted_at: datetime | None = None
    ts: str | None = None
    reason: str | None = None
    parent: int | None = None
    carrier: int | None = None
    upto: int | None = None
    body: str | None = None

    @property
    def told_at(self) -> datetime:
        """When it was last sent: that is up to when it knew."""
        return self.attempted_at or self.due
