"""What parties answered to others on a topic: their replies to any position on it, whether that still stands or not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from store import answers_known, positions, reply_walks
from store.answer import Answer as Answer
from store.answer import Found as Found
from store.answer import answered as answered
from store.database import Session
from store.records import Position
from store.reply_walks import Pair, Place, Span
from store.standings import LAST_DAY


def latest(
    session: Session,
    parties: Sequence[str],
    topics: Sequence[str],
    *,
    since: date | None = None,
    as_of: date = LAST_DAY,
    recorded: datetime | None = None,
) -> dict[Pair, Answer]:
    """Each party's latest reply on each of these topics, said since one day and by another, newest first; those without a day
    come last. With `recorded`, as known at that moment."""
    if not parties or not topics:
        return {}
    span = Span(since, as_of)
    if recorded is not None:
        return answers_known.latest(session, parties, topics, span, recorded)
    return _read(session, reply_walks.firsts(session, "topic", parties, topics, span), span)


def of_party(
    session: Session,
    party: str,
    *,
    but: Collection[str] = (),
    as_of: date = LAST_DAY,
    recorded: datetime | None = None,
    limit: int,
) -> list[Answer]:
    """A party's latest replies on anything `but` some topics, the latest on each topic, newest first."""
    span = Span(None, as_of)
    if recorded is not None:
        return list(answers_known.latest(session, [party], None, span, recorded, but=but, limit=limit).values())
    found = reply_walks.firsts(session, "topic", [party], None, span)
    newest = sorted((pair for pair in found if pair[1] not in but), key=found.__getitem__, reverse=True)[:limit]
    return list(_read(session, {pair: found[pair] for pair in newest}, span).values())


def earlier(session: Session, position: Position, *, as_of: date = LAST_DAY, recorded: datetime | None = None) -> list[Answer]:
    """What others replied to earlier positions of the same party on the same topic, the latest of each that has not replied to
    this one, newest first."""
    span = Span(None, as_of)
    here = {r.party for r in position.replies} | {position.party}
    if recorded is not None:
        return answers_known.earlier(session, position, here, span, recorded)
    given = sorted(reply_walks.earlier(session, position, span), key=lambda each: each[1])
    last = {(party, position.topic): place for party, place in given if party not in here}
    return list(_read(session, last, span, counted=False).values())


def _read(session: Session, places: Mapping[Pair, Place], span: Span, *, counted: bool = True) -> dict[Pair, Answer]:
    """The answers at these places, newest first, and how many there were before each on its topic where that is `counted`."""
    whole = {p.number: p for p in positions.many(session, sorted({number for _, number in places.values()}))}
    counts = reply_walks.counts(session, "topic", list(places), span) if counted else {}
    found: dict[Pair, Answer] = {}
    for pair, (_, number) in places.items():
        last = max((Answer(whole[number], r) for r in span.of(whole[number], pair[0])), key=lambda a: a.order)
        found[pair] = replace(last, earlier=counts.get(pair, 1) - 1)
    return dict(sorted(found.items(), key=lambda each: each[1].order, reverse=True))
