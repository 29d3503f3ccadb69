"""Some positions with everything needed to word them, read from the store at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.position_replies import answer_words, reply_words
from bot.position_since import Overtaken, Silent, governments, overtaken
from bot.reply import Card, Line, Strong
from bot.wording import STANCES, Names, day_month_year, mark
from store import administrations, answers, known, parties, positions, topics
from store import history as statements
from store.administrations import Listed
from store.answers import Answer
from store.database import Session
from store.positions import Standing
from store.records import Membership, Position, Reply, Topic

MAY_BE_LATER = "day not recorded; may be later"
"""What stands for the day of what may have been said after the day asked about."""


@dataclass(frozen=True, slots=True)
class Around:
    """What was said around one position: by its party since, and by others before."""

    answer: Answer | None = None
    """What its party answered to somebody else on the same topic since."""
    earlier: tuple[Answer, ...] = ()
    """What others replied to earlier positions of its party on the same topic, and have not to this one."""
    before: tuple[Position, ...] = ()
    """Those earlier positions as far as they were known then, and the one right before this, the latest first."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some positions with everything needed to word them."""

    positions: list[Position]
    names: Names
    topics: dict[str, Topic]
    members: dict[str, list[Membership]]
    """Members, today or on the day asked about, of every bloc that a position applies to."""
    spoke_for: dict[int, int]
    """How many members a bloc had on the day it took each of these positions, by number."""
    later: dict[int, Standing]
    """What the same party said later on the same topic, up to `on`, by number."""
    on: date
    looking_back: bool = False
    """Whether `on` was asked for: then what others said after that day is left out."""
    left_out: dict[int, int] = field(default_factory=dict)
    """How many accounts and replies were, by number."""
    recorded: datetime | None = None
    """The moment by when things were recorded, where that was asked for."""
    rough: Collection[int] = ()
    """Positions of which no version of that time is kept, by number."""
    overtaken: Mapping[int, Overtaken] = field(default_factory=dict)
    """Where somebody else has taken office since and not spoken, by number."""
    governments: Listed = field(default_factory=dict)
    around: Around = Around()
    """Of a position that is read alone."""

    @classmethod
    def of(
        cls,
        session: Session,
        numbers: Sequence[int],
        now: datetime,
        zone: str,
        on: date,
        *,
        looking_back: bool = False,
        recorded: datetime | None = None,
        given: Iterable[Answer] = (),
        in_depth: bool = True,
        standing: bool = False,
    ) -> Sheet:
        """Reads the positions with these numbers, in that order; memberships and the rest as they were `on` that day.

        With `recorded` they are read in the version that stood at that moment; those not on record then are left out. `given`
        are answers that are to be worded as well. A position read alone is read `in_depth`, with what was said around it. Those
        that are known to be `standing` then were not said again later.
        """
        stood = known.versions(session, numbers, recorded) if recorded else []
        whole = [v.position for v in stood if v] if recorded else positions.many(session, numbers)
        found = [_up_to(p, on) for p in whole] if looking_back else whole
        left_out = {p.number: _others(p) - _others(q) for p, q in zip(whole, found, strict=True)}
        blocs = {p.applies.bloc for p in found if p.applies}
        members = {bloc: parties.members(session, bloc, on) for bloc in blocs}
        codes = [m.member for listed in members.values() for m in listed]
        sizes = parties.sizes(session, [(p.party, p.said_on or on) for p in found])
        spoke_for = {p.number: sizes.get((p.party, p.said_on or on), 0) for p in found}
        later = {} if standing else positions.later_each(session, found, as_of=on, recorded=recorded)
        rough = {v.position.number for v in stood if v and not v.kept}
        around = _around(session, found[0], later, on, recorded) if in_depth and len(found) == 1 else Around()
        before = [_up_to(p, on) if looking_back else p for p in around.before]
        around = replace(around, before=tuple(before))
        worded = [
            *found,
            *before,
            *(a.position for a in (*given, *around.earlier, *([around.answer] if around.answer else []))),
        ]
        offices = governments(session, worded)
        over = overtaken(session, offices, [*found, *before], {*later, *(p.number for p in before)}, on, recorded)
        worded += [a.position for each in over.values() for a in each.answers]
        names = Names.of(session, now, zone, codes=codes, positions=worded)
        about = topics.by_keys(session, list({p.topic for p in worded}))
        return cls(
            found, names, about, members, spoke_for, later, on, looking_back, left_out, recorded, rough, over, offices, around
        )

    @property
    def back(self) -> str:
        """What keeps a further question at the day or moment asked about."""
        if self.recorded:
            day = self.recorded.astimezone(ZoneInfo(self.names.zone)).date()
            return (f" as-of {self.on}" if day != self.on else "") + f" known {day}"
        return f" as-of {self.on}" if self.looking_back else ""

    @property
    def back_words(self) -> str:
        """The same for a headline."""
        if self.recorded:
            day = self.recorded.astimezone(ZoneInfo(self.names.zone)).date()
            return f"as known on {day_month_year(day)}" + (f", said by {day_month_year(self.on)}" if self.on != day else "")
        return f"as of {day_month_year(self.on)}"

    def under(self, position: Position, cited: Sequence[str] | None = None) -> str:
        """Under which government a position was taken, and whether another has been silent since; with the marks of its
        sources where those are numbered."""
        found = self.overtaken.get(position.number)
        if found and found.own:
            since = f"no statement found since {day_month_year(found.own.since)}"
            if found.answer:
                marked = "" if cited is None else mark(found.answer.reply.sources, cited)
                since = f"since then {self.answer(found.answer)}{marked}"
            return f"under the {found.own.then}; {since}"
        return f"under the {position.administration}" if position.administration else ""

    def under_another(self, position: Position, cited: Sequence[str] | None = None) -> str:
        """The same for lists: nothing where the present government took the position, or nothing is known of it."""
        found = self.overtaken.get(position.number)
        if found and found.own:
            return self.under(position, cited)
        name = administrations.under(self.governments, position.party, position.administration, position.said_on, self.on)
        return f"under the {name}" if name else ""

    def under_reply(self, reply: Reply) -> str:
        """The government that gave a reply, where it is not the present one."""
        return administrations.under(self.governments, reply.party, reply.administration, reply.said_on, self.on)

    def silent(self, position: Position) -> tuple[Silent, ...]:
        """Parties whose present government has not answered as its predecessor did."""
        found = self.overtaken.get(position.number)
        return found.silent if found else ()

    def topic(self, position: Position) -> str:
        found = self.topics.get(position.topic)
        return found.name if found else position.topic

    def may_be_later(self, position: Position) -> bool:
        """Looking back: nothing says that a position was taken by that day."""
        recorded = position.recorded_at
        in_time = recorded and recorded.astimezone(ZoneInfo(self.names.zone)).date() <= self.on
        return self.looking_back and position.said_on is None and not in_time

    def undated(self, reply: Reply) -> str:
        """What to say of the day of a reply, looking back: nothing where it has one, or was recorded by then."""
        last = self.recorded.astimezone(ZoneInfo(self.names.zone)).date() if self.recorded else self.names.today
        return MAY_BE_LATER if self.looking_back and reply.said_on is None and last > self.on else ""

    @property
    def or_later(self) -> str:
        """What stands before replies that may be later than the day asked about."""
        return f"said by {day_month_year(self.on)} or later"

    def reply(self, reply: Reply, to: str = "") -> str:
        """A reply in words, with the government that gave it where that is not the present one."""
        return reply_words(self.names, reply, self.under_reply(reply), to, self.undated(reply))

    def answer(self, answer: Answer, under: str = "") -> str:
        """The same of an answer to somebody else, with what it was given to."""
        return answer_words(self.names, answer, under, undated=self.undated(answer.reply))

    def said(self, position: Position) -> str:
        """The day a position was taken on, in words."""
        if position.said_on:
            return day_month_year(position.said_on)
        return MAY_BE_LATER if self.may_be_later(position) else "day not recorded"

    def listed(self, position: Position, *, by_topic: bool) -> Card:
        """A position in a list: whose (or on what), the stance, since when, in short, and from where."""
        names = self.names
        lead = self.topic(position) if by_topic else names.party(position.party)
        if not by_topic and len({p.topic for p in self.positions}) > 1:
            lead += f" on {self.topic(position)}"
        under = f" · {words}" if (words := self.under_another(position)) else ""
        words = f"  {lead} · {STANCES[position.stance]} · {self.said(position)}{disputed(position)}{under}"
        title: Line = (Strong(position.label), words)
        return Card(title, ((position.summary, *names.cite(position.sources)),))


def _around(session: Session, position: Position, later: Mapping[int, Standing], on: date, recorded: datetime | None) -> Around:
    own = None
    if position.number not in later and position.said_on:
        found = answers.latest(
            session, [position.party], [position.topic], since=position.said_on, as_of=on, recorded=recorded
        ).get((position.party, position.topic))
        own = found if found and found.position.number != position.number else None
    earlier = tuple(answers.earlier(session, position, as_of=on, recorded=recorded))
    last = statements.before(session, position, recorded)
    by_number = {p.number: p for p in (*([last] if last else []), *(a.position for a in earlier))}
    before = sorted(by_number.values(), key=lambda p: (p.said_on or date.min, p.number), reverse=True)
    return Around(own, earlier, tuple(before))


def _up_to(position: Position, day: date) -> Position:
    """The position with what others had said of it by the end of a day; what has no day stays in."""
    return replace(
        position,
        accounts=tuple(a for a in position.accounts if a.said_on is None or a.said_on <= day),
        replies=tuple(r for r in position.replies if r.said_on is None or r.said_on <= day),
    )


def _others(position: Position) -> int:
    return len(position.accounts) + len(position.replies)


def disputed(position: Position) -> str:
    """Says so when somebody denies what somebody else reports of a position."""
    open_accounts = [a for a in position.accounts if not a.settled]
    if any(a.happens is False for a in open_accounts) and any(a.happens for a in open_accounts):
        return " · restating it is disputed"
    return " · disputed" if any(a.happens is False for a in open_accounts) else ""
