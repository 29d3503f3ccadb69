"""Drafts as people read them: one card, a few lines in a list, clauses by issue, who stands where, and the votes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.draft_wording import CHOICES, ROLES, off_words, state, tally_words, voted, when_and_how
from bot.reply import Button, Card, Line, Notes, Part, Quiet, Reply, Span, Strong, line
from bot.wording import Names, mark, source_notes
from store import drafts, drafts_rolls, parties, sources, topics
from store.database import Session
from store.drafts_rolls import Cast
from store.parties import fold
from store.records import Alignment, AlignmentRole, Clause, Draft, Topic

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
    cast: Mapping[int, Cast] = field(default_factory=dict)
    """How the votes went, by number."""
    _used: dict[str, None] = field(default_factory=dict, repr=False, compare=False)
    _order: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, session: Session, numbers: Sequence[int], now: datetime, zone: str, *, votes: bool = True) -> Sheet:
        """Reads the drafts with these numbers, in that order; `votes` with how these went, without each vote."""
        cast = drafts_rolls.cast(session, numbers) if votes else {}
        return cls.over(session, drafts.many(session, numbers, votes=False), now, zone, cast=cast)

    @classmethod
    def over(
        cls,
        session: Session,
        found: list[Draft],
        now: datetime,
        zone: str,
        *,
        codes: Iterable[str] = (),
        cast: Mapping[int, Cast] | None = None,
    ) -> Sheet:
        """What it takes to word drafts that have been read; `codes` are further parties to name."""
        rolls_read = cast or {}
        codes = [*codes, *(code for roll in rolls_read.values() for some in roll.parties.values() for code in some)]
        cited = [key for roll in rolls_read.values() for keys in roll.sources.values() for key in keys]
        names = names_of(session, found, now, zone, codes=codes, cited=cited)
        about = topics.by_keys(session, [d.topic for d in found if d.topic])
        return cls(found, names, about, cast=rolls_read)

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
        for code in codes:
            if code not in self._order:
                self._order[code] = fold(self.names.party(code))
        found = sorted(codes, key=self._order.__getitem__)
        if len(found) > most:
            first = {a.party for draft in self.drafts for a in draft.alignments} | set(PERMANENT)
            found.sort(key=lambda code: code not in first)
        found = [self.names.party(code) for code in found]
        return ", ".join(found[:most]) + (f" and {len(found) - most} more" if len(found) > most else "")

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
        roll = self.cast.get(draft.number, Cast())
        for choice, word in CHOICES.items():
            if some := roll.parties[choice]:
                found.append(line(f"{word.capitalize()}: {self.named(some)}", self.mark(tuple(roll.sources[choice]))))
        return found

    def off(self, draft: Draft) -> list[Line]:
        """What does not add up of the votes."""
        return [line(words) for words in off_words(draft, self.cast.get(draft.number, Cast()).counted())]

    def clause(self, clause: Clause) -> tuple[Span, ...]:
        """What a clause says, its wording where that is known, and where it is from."""
        words = f" “{clause.text}”" if clause.text else ""
        return (clause.says + words, self.mark(clause.sources))


def keys_of(draft: Draft) -> list[str]:
    """All sources of a draft in the order a card cites them."""
    found = [*draft.sources, *(key for c in draft.clauses for key in c.sources)]
    found += [key for a in draft.alignments for key in a.sources]
    return list(dict.fromkeys([*found, *(key for v in draft.votes for key in v.sources)]))


def names_of(
    session: Session,
    found: Sequence[Draft],
    now: datetime,
    zone: str,
    *,
    codes: Iterable[str] = (),
    cited: Iterable[str] = (),
) -> Names:
    """The names and sources that some drafts mention; `codes` are further parties to name, `cited` further sources."""
    wanted = [
        *codes,
        *(a.party for d in found for a in d.alignments if a.party),
        *(v.party for d in found for v in d.votes),
    ]
    keys = dict.fromkeys([*(key for draft in found for key in keys_of(draft)), *cited])
    return Names(parties.names_of(session, wanted), sources.by_keys(session, list(keys)), now, zone)


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
    parts += sheet.off(draft)
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
