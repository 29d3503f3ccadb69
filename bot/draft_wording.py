"""Drafts in words: states, roles, votes, totals."""

from __future__ import annotations

from collections.abc import Mapping

from bot.wording import Names, day_month_year
from store import rolls
from store.drafts_lists import IN_PLAY
from store.records import Alignment, AlignmentRole, Clause, Draft, DraftStatus, Tally, Vote, VoteChoice, VoteKind

STATUSES = {
    DraftStatus.TABLED: "tabled",
    DraftStatus.AMENDED: "amended",
    DraftStatus.ADOPTED: "adopted",
    DraftStatus.REJECTED: "rejected",
    DraftStatus.WITHDRAWN: "withdrawn",
    DraftStatus.NEVER_VOTED: "never put to a vote",
}

ROLES = {
    AlignmentRole.SPONSOR: "Sponsors",
    AlignmentRole.CO_SPONSOR: "Co-sponsors",
    AlignmentRole.ENDORSES: "Endorse",
    AlignmentRole.DECLINES: "Decline",
    AlignmentRole.CONDITIONAL: "Conditional",
    AlignmentRole.WITHDREW: "Withdrew",
}

ROLE_WORDS = {
    AlignmentRole.SPONSOR: "sponsors",
    AlignmentRole.CO_SPONSOR: "co-sponsors",
    AlignmentRole.ENDORSES: "endorses",
    AlignmentRole.DECLINES: "declines",
    AlignmentRole.CONDITIONAL: "sets conditions",
    AlignmentRole.WITHDREW: "withdrew",
}
"""What one party does, where `ROLES` says it of several."""

CHOICES = {
    VoteChoice.FOR: "for",
    VoteChoice.AGAINST: "against",
    VoteChoice.ABSTAINED: "abstained",
    VoteChoice.ABSENT: "absent",
}

VOTED = {
    VoteKind.CAST: {
        VoteChoice.FOR: "voted for", VoteChoice.AGAINST: "voted against", VoteChoice.ABSTAINED: "abstained",
        VoteChoice.ABSENT: "was absent",
    },
    VoteKind.INTENDED: {
        VoteChoice.FOR: "means to vote for", VoteChoice.AGAINST: "means to vote against",
        VoteChoice.ABSTAINED: "means to abstain", VoteChoice.ABSENT: "means to be absent",
    },
}  # fmt: skip

MEANT = {
    VoteChoice.FOR: "meant to vote for", VoteChoice.AGAINST: "meant to vote against", VoteChoice.ABSTAINED: "meant to abstain",
    VoteChoice.ABSENT: "meant to be absent",
}  # fmt: skip
"""How votes were intended, once the text has been decided on."""


def when_and_how(alignment: Alignment) -> str:
    """The day and the remark of an alignment, in brackets: ` (20 Feb 2025: wants more)`."""
    inside = [day_month_year(alignment.said_on)] if alignment.said_on else []
    inside += [alignment.note.rstrip(".")] if alignment.note else []
    return f" ({': '.join(inside)})" if inside else ""


def piece(value: Clause | Alignment | Vote | Tally | DraftStatus, names: Names) -> str:
    """One part of a draft in a few words: `withdrawal (v2): Asks for none.`, `Hungary voted against`."""
    match value:
        case Clause():
            return f"{value.issue}{f' (v{value.version})' if value.version > 1 else ''}: {value.says}"
        case Alignment():
            role = value.role.value.replace("_", "-")
            who = names.party(value.party) if value.party else value.label or "not named"
            return f"{role} {who}{when_and_how(value)}"
        case Vote():
            return f"{names.party(value.party)} {VOTED[value.kind][value.choice]}"
        case Tally():
            return tally_words(value)
    return STATUSES[value]


def voted(draft: Draft, kind: VoteKind) -> dict[VoteChoice, str]:
    """Words for votes of a kind on a draft: what parties meant lies in the past once it is decided on, or votes are cast."""
    over = draft.status not in IN_PLAY or any(vote.kind is VoteKind.CAST for vote in draft.votes)
    return MEANT if over and kind is VoteKind.INTENDED else VOTED[kind]


def state(draft: Draft) -> list[str]:
    """Organ, symbol, status and the day it is from: `UN General Assembly`, `A/RES/ES-11/7`, `adopted 24 Feb 2025`."""
    day = draft.status_on or (draft.tabled_on if draft.status is DraftStatus.TABLED else None)
    status = STATUSES[draft.status] + (f" {day_month_year(day)}" if day else "")
    return [part for part in (draft.body, draft.symbol, status) if part]


def tally_words(tally: Tally) -> str:
    """`93 for · 18 against · 65 abstained (24 Feb 2025)`."""
    words = [f"{tally.in_favour} for", f"{tally.against} against", f"{tally.abstained} abstained"]
    words += [f"{tally.absent} absent"] if tally.absent is not None else []
    return f"{' · '.join(words)} ({day_month_year(tally.day)})"


def off_words(draft: Draft, found: Mapping[VoteChoice, int]) -> list[str]:
    """What does not add up between what was `found` on the roll on record and the totals announced, a sentence each."""
    return [
        f"Does not add up: the roll has {wrong.roll} {CHOICES[wrong.choice]}, {wrong.announced} were announced."
        for wrong in rolls.off(found, draft.tally)
    ]
