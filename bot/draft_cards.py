"""Drafts as people read them: one card, a few lines in a list, clauses by issue, who stands where, and the votes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.reply import Button, Card, Line, Notes, Part, Quiet, Reply, Span, Strong, line
from bot.wording import Names, day_month_year, mark, source_notes
from store import drafts, parties, rolls, sources, topics
from store.database import Session
from store.drafts_lists import IN_PLAY
from store.parties import fold
from store.records import Alignment, AlignmentRole, Clause, Draft, DraftStatus, Tally, Topic, Vote, VoteChoice, VoteKind

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

PERMANENT = ("cn", "fr", "gb", "ru", "us")
"""Whose votes stand first in a list that is cut: the Security Council's permanent members."""

SHOWN_NAMES = 12
SHOWN_CLAUSES = 6


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some drafts with everything needed to word them.

    Sources get their numbers as facts that cite them are worded, unless `cited` has them in their order already. `_order`
    remembers by what each party's name is sorted: several lists of one answer need it.
    """

    drafts: list[Draft]
    names: Names
    topics: dict[str, Topic]
    cited: tuple[str, ...] = ()
    _used: dict[str, None] = field(default_factory=dict, repr=False, compare=False)
    _order: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, session: Session, numbers: Sequence[int], now: datetime, zone: str, *, votes: bool = True) -> Sheet:
        """Reads the drafts with these numbers, in that order; `votes` with their rolls."""
        return cls.over(session, drafts.many(session, numbers, votes=votes), now, zone)

    @classmethod
    def over(cls, session: Session, found: list[Draft], now: datetime, zone: str, *, codes: Iterable[str] = ()) -> Sheet:
        """What it takes to word drafts that have been read; `codes` are further parties to name."""
        names = names_of(session, found, now, zone, codes=codes)
        return cls(found, names, topics.by_keys(session, [d.topic for d in found if d.topic]))

    def mark(self, keys: Sequence[str]) -> Quiet:
        """The numbers of a fact's sources, or that it has none."""
        if self.cited:
            return Quiet(mark(keys, self.cited))
        known = [key for key in keys if key in self.names.sources]
        self._used.update(dict.fromkeys(known))
        return Quiet(mark(known, tuple(self._used)))

    def notes(self) -> Notes:
        """The sources of what has been worded, by number."""
        return source_notes(self.names, tuple(self._used))

    def listed(self, draft: Draft) -> Card:
        """A draft in a list: what, where, its state, who put it forward; and the votes that it was looked for by."""
        lines: list[Line] = [line(" · ".join(state(draft)))]
        who = [self.who(a) for a in draft.alignments if a.role in (AlignmentRole.SPONSOR, AlignmentRole.CO_SPONSOR)]
        topic = self.topics.get(draft.topic or "")
        about = [
            f"by {'; '.join(who[:4])}{f' and {len(who) - 4} more' if len(who) > 4 else ''}" if who else "sponsor not on record"
        ]
        about += [f"on {topic.name}"] if topic else []
        lines.append((" · ".join(about), *self.names.cite(draft.sources)))
        for vote in draft.votes:
            words = f"{self.names.party(vote.party)} {voted(draft, vote.kind)[vote.choice]}"
            lines.append((words, *self.names.cite(vote.sources)))
        return Card(line(Strong(draft.label), f"  {draft.title}"), tuple(lines))

    def one_line(self, draft: Draft) -> Line:
        """A draft in one line, with the marks of its sources."""
        who = [self.who(a) for a in draft.alignments if a.role is AlignmentRole.SPONSOR]
        by = f" (by {', '.join(who[:3])})" if who else ""
        return line(Strong(draft.label), f"  {draft.title}{by} · {' · '.join(state(draft))}", self.mark(draft.sources))

    def who(self, alignment: Alignment) -> str:
        return self.names.party(alignment.party) if alignment.party else alignment.label or "not named"

    def named(self, codes: Sequence[str], most: int = SHOWN_NAMES) -> str:
        """Names in order of the alphabet; where they are cut, first those who matter most to these texts, with a count."""
        found = sorted(codes, key=self._folded)
        if len(found) > most:
            first = {a.party for draft in self.drafts for a in draft.alignments} | set(PERMANENT)
            found.sort(key=lambda code: code not in first)
        found = [self.names.party(code) for code in found]
        return ", ".join(found[:most]) + (f" and {len(found) - most} more" if len(found) > most else "")

    def _folded(self, code: str) -> str:
        if code not in self._order:
            self._order[code] = fold(self.names.party(code))
        return self._order[code]

    def alignments(self, draft: Draft, most: int = SHOWN_NAMES) -> list[Line]:
        """A line for each role: who, since when, in what words, and where it is from."""
        found: list[Line] = []
        for role, label in ROLES.items():
            spans: list[Span] = []
            for a in [a for a in draft.alignments if a.role is role][:most]:
                spans += ["; " if spans else "", self.who(a) + when_and_how(a), self.mark(a.sources)]
            more = sum(a.role is role for a in draft.alignments) - most
            if spans:
                found.append((Strong(label), "  ", *spans, f"; and {more} more" if more > 0 else ""))
        return found

    def votes(self, draft: Draft) -> list[Line]:
        """The totals announced, and the votes on record by choice; nothing where there are neither."""
        found: list[Line] = []
        if draft.tally:
            found.append(line(Strong("Vote"), f"  {tally_words(draft.tally)}", self.mark(draft.sources)))
        cast = [vote for vote in draft.votes if vote.kind is VoteKind.CAST]
        for choice, word in CHOICES.items():
            some = [vote for vote in cast if vote.choice is choice]
            if some:
                cited = tuple(dict.fromkeys(key for vote in some for key in vote.sources))
                names = self.named([vote.party for vote in some])
                found.append(line(f"{word.capitalize()}: {names}", self.mark(cited)))
        return found

    def clause(self, clause: Clause) -> tuple[Span, ...]:
        """What a clause says, its wording where that is known, and where it is from."""
        words = f" “{clause.text}”" if clause.text else ""
        return (clause.says + words, self.mark(clause.sources))


def when_and_how(alignment: Alignment) -> str:
    """The day and the remark of an alignment, in brackets: ` (20 Feb 2025: wants more)`."""
    inside = [day_month_year(alignment.said_on)] if alignment.said_on else []
    inside += [alignment.note.rstrip(".")] if alignment.note else []
    return f" ({': '.join(inside)})" if inside else ""


def keys_of(draft: Draft) -> list[str]:
    """All sources of a draft in the order a card cites them."""
    found = [*draft.sources, *(key for c in draft.clauses for key in c.sources)]
    found += [key for a in draft.alignments for key in a.sources]
    return list(dict.fromkeys([*found, *(key for v in draft.votes for key in v.sources)]))


def names_of(session: Session, found: Sequence[Draft], now: datetime, zone: str, *, codes: Iterable[str] = ()) -> Names:
    """The names and sources that some drafts mention; `codes` are further parties to name."""
    wanted = [
        *codes,
        *(a.party for d in found for a in d.alignments if a.party),
        *(v.party for d in found for v in d.votes),
    ]
    cited = dict.fromkeys(key for draft in found for key in keys_of(draft))
    return Names(parties.names_of(session, wanted), sources.by_keys(session, list(cited)), now, zone)


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


def off_words(draft: Draft) -> list[str]:
    """What does not add up between the roll on record and the totals announced, a sentence each."""
    return [
        f"Does not add up: the roll has {wrong.roll} {CHOICES[wrong.choice]}, {wrong.announced} were announced."
        for wrong in rolls.off(rolls.counted(draft), draft.tally)
    ]


def versions(draft: Draft) -> list[int]:
    """The versions of the text that have clauses on record, oldest first."""
    return sorted({clause.version for clause in draft.clauses})


def at_version(draft: Draft, version: int) -> dict[str, Clause]:
    """The clause on each issue as of a version, by folded issue: what a version does not restate is from the one before."""
    found: dict[str, Clause] = {}
    for clause in sorted(draft.clauses, key=lambda c: c.version):
        if clause.version <= version:
            found[fold(clause.issue) or clause.issue] = clause
    return found


def card(sheet: Sheet, draft: Draft) -> Reply:
    """One draft: its state, what it says by issue, who stands where, how the vote went."""
    parts: list[Part] = [line(draft.note, sheet.mark(draft.sources))] if draft.note else []
    parts += [Card(line(Strong("What it says")), tuple(_clause_lines(sheet, draft)))] if draft.clauses else [_no_clauses(draft)]
    standing = sheet.alignments(draft)
    parts += standing or [line("Who stands where is not on record.")]
    parts += sheet.votes(draft)
    parts += [line(words) for words in off_words(draft)]
    parts.append(sheet.notes())
    topic = sheet.topics.get(draft.topic or "")
    aside = [*state(draft), f"on {topic.name}"] if topic else state(draft)
    return Reply(
        f"{draft.label}  {draft.title}", aside=" · ".join(aside), parts=tuple(parts), buttons=_buttons(draft),
        share=f"/draft show {draft.label}",
    )  # fmt: skip


def _no_clauses(draft: Draft) -> Line:
    return line(f"What {draft.label} says is not on record: it has no clauses yet.")


def _clause_lines(sheet: Sheet, draft: Draft) -> list[Line]:
    held = versions(draft)
    last = list(at_version(draft, held[-1]).values())
    found: list[Line] = []
    for clause in last[:SHOWN_CLAUSES]:
        older = f" (version {clause.version})" if len(held) > 1 and clause.version != held[-1] else ""
        found.append(line("• ", Strong(clause.issue), f"{older}: ", *sheet.clause(clause)))
    if len(last) > SHOWN_CLAUSES:
        found.append(line(f"and {len(last) - SHOWN_CLAUSES} more issues"))
    if len(held) > 1:
        found.append(line(Quiet(f"Version {held[-1]} of {len(held)} on record; /draft diff {draft.label} shows what changed.")))
    return found


def _buttons(draft: Draft) -> tuple[Button, ...]:
    found = [Button("Who", f"/draft who {draft.label}"), Button("Votes", f"/draft votes {draft.label}")]
    if len(versions(draft)) > 1:
        found.append(Button("What changed", f"/draft diff {draft.label}"))
    found.append(Button("Log", f"/draft log {draft.label}"))
    return tuple(found)
