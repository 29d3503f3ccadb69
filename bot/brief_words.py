"""A brief in words: who, when and where, what must come first, the agenda with where each side stands, what went before."""

from __future__ import annotations

from collections.abc import Sequence

from bot.brief_facts import Brief, Item, Last
from bot.cards import level_words, when_words
from bot.draft_cards import CHOICES, Sheet, tally_words, versions
from bot.reply import Card, Heading, Line, Part, Quiet, Span, Strong, line
from bot.wording import LEVELS, STANCES, day_month_year, first_sentence, full_day, gap, held_day, interval, mark, place_words
from store.records import Draft, Level, Position, Status, Talks

SHOWN_ITEMS = 6
SHOWN_STANDS = 5
"""How many agenda items the short brief goes through, and how many positions on each."""


class Wording:
    """Words one brief, in short or whole, and keeps count of the sources that it cites."""

    def __init__(self, brief: Brief, *, whole: bool) -> None:
        self._brief = brief
        self._whole = whole
        self._names = brief.names
        self._cited: list[str] = []
        self._today = brief.names.today

    def used(self) -> tuple[str, ...]:
        """The sources cited so far, in the order of their numbers."""
        return tuple(dict.fromkeys(self._cited))

    def _mark(self, keys: Sequence[str]) -> Quiet:
        self._cited += [key for key in keys if key in self._names.sources]
        return Quiet(mark([key for key in keys if key in self._names.sources], self.used()))

    def aside(self) -> str:
        """The status, and the day of what was read."""
        return f"{self._brief.page.status(self._brief.talks)} · as of {full_day(self._today)}"

    def state(self) -> list[Part]:
        """Says first what a reader must know before anything else: that the talks are not ahead, or have no day."""
        talks, brief = self._brief.talks, self._brief
        why = f" ({brief.why.rstrip('.')})" if brief.why else ""
        instead = ""
        if brief.ahead:
            instead = f" Next of these sides: {brief.ahead.label} {brief.ahead.title}, {interval(brief.ahead.window)}."
        elif not talks.status.is_ahead:
            instead = " Nothing else of these sides is planned on record."
        words = {
            Status.CANCELLED: f"Cancelled{why}: these talks do not take place as announced.{instead}",
            Status.POSTPONED: f"Postponed{why}: no new day counts until it is recorded.{instead}",
            Status.HELD: f"Held already: this is what is on record of them and around them.{instead}",
            Status.MOOTED: "Mooted only: nobody has said on record that they will take place.",
        }
        return [line(Strong(words[talks.status]))] if talks.status in words else []

    def basics(self) -> list[Part]:
        """When, where, who, and what must be held first."""
        talks, names = self._brief.talks, self._names
        found: list[Part] = [
            (Strong("When"), "  ", *when_words(talks, names), self._undated(talks), self._mark(_when_keys(talks))),
            line(Strong("Where"), f"  {self._where(talks)}", self._mark(_where_keys(talks))),
            line(Strong("Level"), f"  {level_words(talks)}{self._levels(talks)}", self._mark(talks.sources)),
        ]
        if not self._whole and not any(side.people for side in talks.sides):
            found.append(line(Strong("Who"), f"  {' – '.join(names.party(s.party) for s in talks.sides)}: nobody named yet"))
        for side in talks.sides if self._whole or any(side.people for side in talks.sides) else ():
            people = "; ".join(names.speaker(p.name, p.office) for p in side.people) or "nobody named"
            level = f" ({side.level.value})" if side.level is not Level.UNSTATED else ""
            found.append(line(Strong(names.party(side.party)), f"  {people}{level}", self._mark(talks.sources)))
        found += [self._need(need) for need in self._brief.needs]
        if self._whole and talks.accounts:
            lines = tuple(self._account(i) for i in range(len(talks.accounts)))
            found.append(Card(line(Strong("Accounts")), lines))
        if self._whole and talks.note:
            found.append(line(talks.note, self._mark(talks.sources)))
        if talks.outcome:
            points = tuple(line("• ", point) for point in talks.outcome)
            found.append(Card(line(Strong("Outcome"), self._mark(talks.sources)), points))
        return found

    def _undated(self, talks: Talks) -> str:
        dated = talks.window.earliest or talks.window.latest
        claimed = any(a.window and (a.window.earliest or a.window.latest) for a in talks.accounts)
        return "" if dated or claimed else " · nobody has named a day on record"

    def _where(self, talks: Talks) -> str:
        where = place_words(talks.place, self._names)
        rivals = [a for a in talks.accounts if a.place is not None and not a.settled and a.place != talks.place]
        said = [f"{place_words(a.place, self._names)} on one account ({self._names.account_by(a)})" for a in rivals if a.place]
        host = [f"hosted by {self._names.party(talks.host)}"] if talks.host else []
        return " · ".join([where, *host, *said])

    def _levels(self, talks: Talks) -> str:
        told = [a for a in talks.accounts if a.level is not None and not a.settled]
        return "".join(f" · {LEVELS[a.level]} by {self._names.account_by(a)}" for a in told if a.level)

    def _need(self, need: Talks) -> Line:
        return line(
            Strong("First"), f"  {need.label} {need.title} · {self._brief.page.status(need)} · ",
            *when_words(need, self._names), self._mark(need.sources),
        )  # fmt: skip

    def _account(self, at: int) -> Line:
        account = self._brief.talks.accounts[at]
        said = f", {day_month_year(account.said_on)}" if account.said_on else ""
        who = ", ".join(part for part in (account.by, account.office) if part)
        claim = account.claim or {True: "says it happens", False: "denies it", None: ""}[account.happens]
        stated = f" (“{account.window.stated}”)" if account.window and account.window.stated else ""
        settled = " · settled" if account.settled else ""
        return line("• ", Strong(who), f"{said}: {claim}{stated}{settled}", self._mark(account.sources))

    def agenda(self) -> list[Part]:
        """Each agenda item with where the sides stand on it, and what others have said."""
        brief = self._brief
        if not brief.items:
            return [line(Strong("Agenda"), "  not on record, so there are no positions to set beside it")]
        found: list[Part] = [Heading("Agenda, and where each side stands")]
        shown = brief.items[: None if self._whole else SHOWN_ITEMS]
        found += [self._item(item) for item in shown]
        if len(brief.items) > len(shown):
            found.append(line(Quiet(f"and {len(brief.items) - len(shown)} more items, in the full brief")))
        if brief.others:
            lines = tuple(self._stand(p.party, p, always_topic=True) for p in brief.others)
            found.append(Card(line(Strong("Not at the table")), lines))
        return found

    def _item(self, item: Item) -> Card:
        title = line(Strong(item.text), self._mark(self._brief.talks.sources) if self._whole else "")
        if item.topic is None:
            return Card(title, (line(Quiet("Not filed under a topic, so no positions are looked for.")),))
        silent = [party for party, some in item.stands if not some]
        lines = [
            self._stand(party, p, topic=item.topic) for party, some in item.stands for p in some[: None if self._whole else 2]
        ]
        if silent:
            who = "" if len(silent) == len(item.stands) else f"{' and '.join(self._names.party(s) for s in silent)}: no"
            none = f"{who or 'No'} statement found up to {day_month_year(self._today)}"
            both = " of either side" if len(silent) == 2 and not who else " of any side" if len(silent) > 2 and not who else ""
            lines.append(line(Quiet(f"{none.replace(' found', f'{both} found')}.")))
        return Card(title, tuple(lines))

    def _stand(self, party: str, position: Position, *, topic: str | None = None, always_topic: bool = False) -> Line:
        names = self._names
        said = day_month_year(position.said_on) if position.said_on else "day not recorded"
        known = self._brief.topics.get(position.topic)
        on = f" · {known.name if known else position.topic}" if always_topic or position.topic != topic else ""
        under = f", {position.administration}" if position.administration else ""
        who = f", {names.speaker(position.speaker, position.office)}" if self._whole and position.speaker else ""
        summary = position.summary if self._whole else first_sentence(position.summary, 120)
        spans: list[Span] = [
            Strong(names.party(party)),
            f" {STANCES[position.stance]}{on} ({position.label}, {said}{who}{under}): ",
        ]
        spans += [summary, self._mark(position.sources)]
        if self._whole and position.quote:
            spans.append(f" “{position.quote}”")
        for reply in position.replies[: None if self._whole else 2]:
            spans += [f" · {names.reply_words(reply)}", self._mark(reply.sources)]
        denied = [a for a in position.accounts if a.happens is False and not a.settled]
        if denied:
            spans += [f" · disputed by {names.account_by(denied[0])}", self._mark(denied[0].sources)]
        return tuple(spans)

    def before(self) -> list[Part]:
        """The last talks of these sides, what came of them, and the gap since."""
        brief = self._brief
        at_level = f" at {LEVELS[brief.talks.level]}" if brief.talks.level is not Level.UNSTATED else ""
        if not brief.last:
            return [line(Strong("Last time"), "  no talks of these sides held before are on record")]
        found: list[Part] = []
        if at_level and not any(last.same_level for last in brief.last):
            found.append(line(Strong("Last time"), f"  none on record{at_level}"))
        return [*found, *(self._last(last, at_level) for last in brief.last)]

    def _last(self, last: Last, at_level: str) -> Part:
        talks, day = last.talks, held_day(last.talks)
        ours = held_day(self._brief.talks)
        until = ours if ours and day and ours > day else self._today
        since = ""
        if day:
            since = f"{day_month_year(day)}, {gap(day, until)} {'before' if until == ours else 'ago'}"
        label = f"Last{at_level}" if last.same_level and at_level else "Last of these sides"
        place = talks.place.city or (self._names.party(talks.place.country) if talks.place.country else "")
        where = [part for part in (LEVELS[talks.level], place) if part]
        head = f"  {talks.label} {talks.title} · {since} · {' · '.join(where)}"
        if not talks.outcome:
            return line(Strong(label), f"{head} · outcome not on record", self._mark(talks.sources))
        points = talks.outcome if self._whole else talks.outcome[:3]
        return Card(line(Strong(label), head, self._mark(talks.sources)), tuple(line("• ", point) for point in points))

    def texts(self) -> list[Part]:
        """Drafts in play, and the travel record in one line."""
        brief, found = self._brief, list[Part]()
        if brief.drafts.drafts:
            found.append(Card(line(Strong("Drafts")), tuple(self._texts())))
        found += [
            line(Strong("Travel"), f"  {words} (US Department of State, Office of the Historian)") for words in brief.travel
        ]
        return found

    def _texts(self) -> list[Line]:
        lines: list[Line] = []
        for draft in self._brief.drafts.drafts:
            self._mark(draft.sources)
            if self._whole:
                self._mark([key for a in draft.alignments for key in a.sources])
                self._mark([key for c in draft.clauses for key in c.sources])
            numbered = Sheet([draft], self._names, self._brief.drafts.topics, self.used())
            lines.append(numbered.one_line(draft))
            if self._whole:
                lines += self._text_in_full(draft, numbered)
        return lines

    def _text_in_full(self, draft: Draft, numbered: Sheet) -> list[Line]:
        """The note, who stands where, every version's clauses, the result, and how the sides voted."""
        lines: list[Line] = [("   ", draft.note, self._mark(draft.sources))] if draft.note else []
        lines += [("   ", *told) for told in numbered.alignments(draft)]
        several = len(versions(draft)) > 1
        for clause in draft.clauses:
            version = f" (version {clause.version})" if several else ""
            lines.append(("   • ", f"{clause.issue}{version}: ", *numbered.clause(clause)))
        if draft.tally:
            lines.append(("   ", Strong("Vote"), f"  {tally_words(draft.tally)}", self._mark(draft.sources)))
        for vote in self._brief.votes.get(draft.number, ()):
            lines.append(("   ", f"{self._names.party(vote.party)}: {CHOICES[vote.choice]}", self._mark(vote.sources)))
        return lines


def _when_keys(talks: Talks) -> tuple[str, ...]:
    claimed = [key for a in talks.accounts if a.window is not None or a.happens is False for key in a.sources]
    return tuple(dict.fromkeys((*talks.sources, *claimed)))


def _where_keys(talks: Talks) -> tuple[str, ...]:
    claimed = [key for a in talks.accounts if a.place is not None for key in a.sources]
    return tuple(dict.fromkeys((*talks.sources, *claimed)))
