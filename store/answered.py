"""Which positions of some parties were answered by which others, the latest answer first."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from store import reply_walks
from store.database import Session
from store.reply_walks import Pair, Place, Span


def between(session: Session, answers: Mapping[str, Sequence[str]], *, limit: int) -> list[int]:
    """The numbers of positions that were answered, the latest answer first: of each party in `answers`, those answered by any
    of the parties it has there."""
    span = Span()
    last: dict[Pair, Place] = {}
    for holder, others in answers.items():
        if others:
            last |= reply_walks.firsts(session, "holder", others, [holder], span)
    walks = [_walk(session, pair, first, span) for pair, first in last.items()]
    return list(islice(_once(heapq.merge(*walks, reverse=True)), limit))


def _walk(session: Session, pair: Pair, first: Place, span: Span) -> Iterator[Place]:
    """The places of one pair; nothing is read for the first, and most walks go no further."""
    yield first
    yield from islice(reply_walks.walk(session, "holder", pair, span), 1, None)


def _once(places: Iterable[Place]) -> Iterator[int]:
    seen: set[int] = set()
    for _, number in places:
        if number not in seen:
            seen.add(number)
            yield number
