"""What parties had answered to others as this store knew it at a moment (see `known`): positions are read in the version that
stood then, the latest answered first, until one has the reply.

Most replies never changed whose they are, their day or their place, so the current rows have them in order. Of those that did,
or that are no longer on record, the versions of then tell what they were (see `reply_moves`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from store import known, reply_moves, reply_walks
from store.answer import Answer
from store.database import Session
from store.records import Position
from store.reply_walks import Pair, Place, Span

READ = 3
"""How many positions that a party answered on one topic are read at a time. More often than among these is not told apart."""


def latest(
    session: Session,
    parties: Sequence[str],
    topics: Sequence[str] | None,
    span: Span,
    moment: datetime,
    *,
    but: Collection[str] = (),
    limit: int | None = None,
) -> dict[Pair, Answer]:
    """Each party's latest reply on each of these topics (None: on any `but` some), newest first, up to a limit."""
    span = replace(span, recorded=moment)
    then = _Then(session, span, moment)
    moved = {p: some for p, some in then.moved(parties).items() if p[1] not in but and (topics is None or p[1] in topics)}
    bounds: dict[Pair, Place] = {pair: max(map(_place, some)) for pair, some in moved.items()}
    for pair, place in reply_walks.firsts(session, "topic", parties, topics, span).items():
        if pair[1] not in but:
            bounds[pair] = max(place, bounds.get(pair, place))
    found: dict[Pair, Answer] = {}
    for pair in sorted(bounds, key=bounds.__getitem__, reverse=True):
        if limit is not None and len(found) >= limit and bounds[pair] < sorted(map(_place, found.values()))[-limit]:
            break
        walk = reply_walks.walk(session, "topic", pair, span)
        if answer := then.latest(pair[0], walk, moved.get(pair, ())):
            found[pair] = answer
    newest = sorted(found.items(), key=lambda each: each[1].order, reverse=True)
    return dict(newest[:limit])


def earlier(session: Session, position: Position, here: Collection[str], span: Span, moment: datetime) -> list[Answer]:
    """The latest reply of each but those `here` to earlier positions of the same party on the same topic, newest first."""
    span = replace(span, recorded=moment)
    then = _Then(session, span, moment)
    walks: Mapping[str, list[Place]] = defaultdict(list)
    for party, place in reply_walks.earlier(session, position, span):
        walks[party].append(place)
    moved: Mapping[str, list[Answer]] = defaultdict(list)
    for before in then.versions(reply_moves.of_holder(session, position.party, position.topic, position.supersedes)):
        if before.number != position.number and _precedes(before, position):
            for party in {r.party for r in before.replies}:
                moved[party] += then.given(before, party)
    found = [then.latest(party, iter(walks[party]), moved[party]) for party in {*walks, *moved} - {*here}]
    return sorted((answer for answer in found if answer), key=lambda a: a.order, reverse=True)


@dataclass(frozen=True, slots=True)
class _Then:
    """The positions of one question in the versions of its moment."""

    session: Session
    span: Span
    moment: datetime
    read: dict[int, Position | None] = field(default_factory=dict)

    def versions(self, numbers: Iterable[int]) -> list[Position]:
        """Positions as they stood; those not on record then are left out."""
        wanted = list(dict.fromkeys(numbers))
        new = [number for number in wanted if number not in self.read]
        stood = known.versions(self.session, new, self.moment)
        self.read.update((number, v.position if v else None) for number, v in zip(new, stood, strict=True))
        return [position for number in wanted if (position := self.read[number])]

    def given(self, position: Position, party: str) -> list[Answer]:
        return [Answer(position, reply) for reply in self.span.of(position, party)]

    def moved(self, parties: Sequence[str]) -> dict[Pair, list[Answer]]:
        """What these parties had answered where it is no longer as it was."""
        found: dict[Pair, list[Answer]] = defaultdict(list)
        for party, numbers in reply_moves.of_parties(self.session, parties).items():
            for position in self.versions(numbers):
                if some := self.given(position, party):
                    found[party, position.topic] += some
        return found

    def latest(self, party: str, walk: Iterator[Place], moved: Sequence[Answer]) -> Answer | None:
        """The latest of what moved and of the replies at the places of a walk, as they stood."""
        given, more = list(moved), False
        while places := list(islice(walk, READ)):
            given += [a for p in self.versions(number for _, number in places) for a in self.given(p, party)]
            if given and max(map(_place, given)) >= places[-1]:
                more = next(walk, None) is not None
                break
        if not given:
            return None
        last = max(given, key=lambda a: a.order)
        return Answer(last.position, last.reply, len(given) - 1, more)


def _place(answer: Answer) -> Place:
    return answer.reply.said_on.isoformat() if answer.reply.said_on else "", answer.position.number


def _precedes(before: Position, position: Position) -> bool:
    if before.key == position.supersedes:
        return True
    same = before.party == position.party and before.topic == position.topic
    return bool(same and before.said_on and position.said_on and before.said_on <= position.said_on)
