"""Rolls of votes on drafts: laid over what is on record, counted, and held against the totals announced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from store.records import Draft, DraftStatus, Tally, Vote, VoteChoice, VoteKind
from store.votes_csv import Roll, Totals


@dataclass(frozen=True, slots=True)
class Off:
    """Votes that do not add up: how many chose this on the roll, and how many by the totals announced."""

    choice: VoteChoice
    roll: int
    announced: int


def counted(draft: Draft, kind: VoteKind = VoteKind.CAST) -> dict[VoteChoice, int]:
    """How many votes of a kind are on record, by choice."""
    found = Counter(vote.choice for vote in draft.votes if vote.kind is kind)
    return {choice: found[choice] for choice in VoteChoice}


def announced(tally: Tally | Totals) -> dict[VoteChoice, int | None]:
    return {
        VoteChoice.FOR: tally.in_favour,
        VoteChoice.AGAINST: tally.against,
        VoteChoice.ABSTAINED: tally.abstained,
        VoteChoice.ABSENT: tally.absent,
    }


def is_whole(found: Mapping[VoteChoice, int], tally: Tally) -> bool:
    """True when a roll holds as many votes as were announced: then each number must agree."""
    cast = sum(found[choice] for choice in (VoteChoice.FOR, VoteChoice.AGAINST, VoteChoice.ABSTAINED))
    return cast >= tally.in_favour + tally.against + tally.abstained


def off(found: Mapping[VoteChoice, int], tally: Tally | None) -> list[Off]:
    """Where a roll and the totals announced disagree. A roll in part can only have too many of something, not too few."""
    if tally is None:
        return []
    whole = is_whole(found, tally)
    return [
        Off(choice, found[choice], total)
        for choice, total in announced(tally).items()
        if total is not None and (found[choice] > total or (whole and found[choice] < total))
    ]


def short_of(roll: Roll) -> list[Off]:
    """Where a file's rows and its own totals disagree: they tell of the same votes, so each number must agree."""
    if roll.totals is None:
        return []
    found = roll.counted()
    return [Off(c, found[c], total) for c, total in announced(roll.totals).items() if total is not None and total != found[c]]


def contradicted(roll: Roll, tally: Tally | None) -> list[Off]:
    """Where the totals in a file are not those on record: the file's as `roll`, those on record as `announced`."""
    if roll.totals is None or tally is None:
        return []
    given, held = announced(roll.totals), announced(tally)
    return [
        Off(c, one, other)
        for c in VoteChoice
        if (one := given[c]) is not None and (other := held[c]) is not None and one != other
    ]


def changed(before: Draft, after: Draft, kind: VoteKind) -> list[tuple[Vote, Vote]]:
    """The votes of a kind that are no longer what they were, each as it was and as it is."""
    had = {vote.party: vote for vote in before.votes if vote.kind is kind}
    now = [vote for vote in after.votes if vote.kind is kind]
    return [(old, vote) for vote in now if (old := had.get(vote.party)) and old.choice is not vote.choice]


def laid_over(draft: Draft, roll: Roll, *, kind: VoteKind, day: date | None, sources: tuple[str, ...]) -> Draft:
    """The draft with a roll's votes in place of the same parties' votes of that kind; others stay.

    Votes that say the same as before keep their sources beside the new ones. The totals announced are taken from the roll
    where the draft has none, on the day of the vote: the file's, else `day`, else the one on which the draft was decided.
    """
    before = {vote.party: vote for vote in draft.votes if vote.kind is kind}
    read = {vote.party: Vote(vote.party, vote.choice, kind, roll.day or day) for vote in roll.votes}
    made = []
    for party, vote in read.items():
        old = before.get(party)
        kept = old.sources if old and old.choice is vote.choice else ()
        made.append(replace(vote, sources=tuple(dict.fromkeys((*kept, *sources)))))
    rest = tuple(vote for vote in draft.votes if vote.kind is not kind or vote.party not in read)
    tally = draft.tally or (roll.announced(day or decided(draft)) if kind is VoteKind.CAST else None)
    return replace(draft, votes=(*rest, *made), tally=tally)


def decided(draft: Draft) -> date | None:
    """The day on which a vote decided on a draft, on record."""
    return draft.status_on if draft.status in (DraftStatus.ADOPTED, DraftStatus.REJECTED) else None
