"""The drafts in play of a brief in words, and the travel record in one line."""

from __future__ import annotations

from bot.brief_facts import Brief
from bot.brief_marks import Marks
from bot.draft_cards import Sheet, versions
from bot.draft_wording import CHOICES, tally_words
from bot.reply import Card, Heading, Line, Part, Quiet, Strong, line
from store.records import Draft

INDENT = "   "
RECORD = "US Department of State, Office of the Historian"


class Texts:
    """Words the texts of one brief, in short or whole."""

    def __init__(self, brief: Brief, cite: Marks, *, whole: bool) -> None:
        self._brief = brief
        self._cite = cite
        self._whole = whole
        self._names = brief.names

    def parts(self) -> list[Part]:
        """Drafts in play, and the travel record in one line."""
        return [*self._drafts(), *self._travel()]

    def _drafts(self) -> list[Part]:
        some = self._brief.drafts.drafts
        if not some:
            return []
        if not self._whole:
            return [Card(line(Strong("Drafts")), tuple(self._numbered(draft).one_line(draft) for draft in some))]
        return [Heading("Drafts"), *map(self._in_full, some)]

    def _numbered(self, draft: Draft) -> Sheet:
        """A sheet that knows the numbers of the draft's sources."""
        self._cite.cite(draft.sources)
        if self._whole:
            self._cite.cite([key for a in draft.alignments for key in a.sources])
            self._cite.cite([key for c in draft.clauses for key in c.sources])
        return Sheet([draft], self._names, self._brief.drafts.topics, self._cite.used())

    def _in_full(self, draft: Draft) -> Card:
        """The note, who stands where, every version's clauses, the result, and how the sides voted."""
        numbered = self._numbered(draft)
        lines: list[Line] = [(draft.note, self._cite(draft.sources))] if draft.note else []
        lines += numbered.alignments(draft)
        several = len(versions(draft)) > 1
        lines += [line(Strong("What it says"))] if draft.clauses else []
        for clause in draft.clauses:
            version = f" (version {clause.version})" if several else ""
            lines.append((f"{INDENT}• ", f"{clause.issue}{version}: ", *numbered.clause(clause)))
        if draft.tally:
            lines.append((Strong("Vote"), f"  {tally_words(draft.tally)}", self._cite(draft.sources)))
        for vote in self._brief.votes.get(draft.number, ()):
            told = f"{self._names.party(vote.party)}: {CHOICES[vote.choice]}"
            lines.append((f"{INDENT}• ", told, self._cite(vote.sources)))
        return Card(numbered.one_line(draft), tuple(lines))

    def _travel(self) -> list[Part]:
        several = len(self._brief.travel) > 1
        found: list[Part] = [
            line(Strong("Travel"), f"  {f'{self._names.party(side)}: ' if several else ''}{words} ({RECORD})")
            for side, words in self._brief.travel
        ]
        if self._whole and self._brief.no_travel:
            found.append(line(Quiet("Travel: no travel record has been imported, so it is not known here who went where.")))
        return found
