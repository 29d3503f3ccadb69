"""The agenda of a brief in words, with where each side stands, whom they answered, and what others say."""

from __future__ import annotations

from collections.abc import Sequence

from bot.accounts import verdict
from bot.brief_facts import Brief, Item
from bot.brief_marks import Marks
from bot.position_replies import answer_words, reply_of, reply_words, threaded
from bot.position_since import silent_line
from bot.reply import Card, Heading, Line, Part, Quiet, Span, Strong, line
from bot.wording import STANCES, day_month_year, first_sentence, mark
from store import administrations
from store.answers import answered
from store.records import Account, Position, Reply

SHOWN_ITEMS = 6
SHOWN_STANDS = 2
SHOWN_REPLIES = 2
"""How many agenda items the short brief goes through, how many positions of each side on each, and replies to each."""
CLAIM = 120
INDENT = "   "


class Stands:
    """Words the positions of one brief, in short or whole."""

    def __init__(self, brief: Brief, cite: Marks, *, whole: bool) -> None:
        self._brief = brief
        self._stances = brief.stances
        self._cite = cite
        self._whole = whole
        self._names = brief.names
        self._told: set[int] = set()
        """The positions that have been told, by number: none is told twice."""

    def parts(self) -> list[Part]:
        """Each agenda item with where the sides stand on it, what passed between them, and what others have said."""
        return [*self._agenda(), *self._unread(), *self._between(), *self._others()]

    def _agenda(self) -> list[Part]:
        items = self._stances.items
        if not items:
            return [line(Strong("Agenda"), "  not on record, so there are no positions to set beside it")]
        shown = items[: None if self._whole else SHOWN_ITEMS]
        found: list[Part] = [Heading("Agenda, and where each side stands"), *map(self._item, shown)]
        if len(items) > len(shown):
            found.append(line(Quiet(f"and {len(items) - len(shown)} more items, in the full brief")))
        return found

    def _unread(self) -> list[Part]:
        """Names the sides whose positions were not looked for."""
        if not (unread := self._stances.unread) or not self._stances.items:
            return []
        where = "cannot be read here: ask /position by each" if self._whole else "are in the full brief"
        return [line(Quiet(f"The positions of {self._and(unread)} {where}."))]

    def _between(self) -> list[Part]:
        """What one side said and another answered, each under what the first has said of it since."""
        groups: dict[int, tuple[Position, list[Position]]] = {}
        for position in self._stances.between:
            later = self._stances.later.get(position.number)
            if later is None or later.number in self._told:
                groups.setdefault(position.number, (position, []))
            else:
                groups.setdefault(later.number, (later, []))[1].append(position)
        if not groups:
            return []
        told = [
            [*self._stand(lead), *(told for p in before for told in self._before(p, lead))] for lead, before in groups.values()
        ]
        if self._whole:
            return [Heading("Between these sides"), *(Card(lines[0], tuple(lines[1:])) for lines in told)]
        return [Card(line(Strong("Between these sides")), tuple(each for lines in told for each in lines))]

    def _others(self) -> list[Part]:
        some = self._stances.others
        return [Card(line(Strong("Not at the table")), tuple(told for p in some for told in self._stand(p)))] if some else []

    def _item(self, item: Item) -> Card:
        title = line(Strong(item.text), self._cite(self._brief.talks.sources))
        if item.topic is None:
            return Card(title, (line(Quiet("Not filed under a topic, so no positions are looked for.")),))
        most = None if self._whole else SHOWN_STANDS
        lines = [told for _, some in item.stands for p in some[:most] for told in self._stand(p, topic=item.topic)]
        silent = [party for party, some in item.stands if not some]
        if silent:
            whose = "of either side " if len(silent) == 2 else "of any side " if len(silent) > 2 else ""
            none = f"statement {whose if len(silent) == len(item.stands) else ''}found up to {self._day}"
            who = "No" if len(silent) == len(item.stands) else f"{self._and(silent)}: no"
            lines.append(line(Quiet(f"{who} {none}.")))
        if more := sum(len(some[most:]) for _, some in item.stands if most):
            lines.append(line(Quiet(f"and {more} more, in the full brief")))
        if item.beyond and self._whole:
            lines.append(line(Quiet(f"{item.beyond} more topics under this one were not looked at.")))
        return Card(title, tuple(lines))

    @property
    def _day(self) -> str:
        return day_month_year(self._names.today)

    def _and(self, codes: Sequence[str]) -> str:
        names = [self._names.party(code) for code in codes]
        return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)

    def _stand(self, position: Position, *, topic: str | None = None) -> list[Line]:
        """A position, and under it who replied how and what is disputed of it."""
        names = self._names
        self._told.add(position.number)
        known = self._brief.topics.get(position.topic)
        on = f" · {known.name if known else position.topic}" if position.topic != topic else ""
        inside = self._inside(position, self._under(position))
        spans: list[Span] = [Strong(names.party(position.party)), f" {STANCES[position.stance]}{on} ({inside}): "]
        spans += self._words(position)
        if later := self._stances.later.get(position.number):
            day = f", {day_month_year(later.said_on)}" if later.said_on else ""
            spans.append(f" · not the latest: see P-{later.number}{day}")
        return [tuple(spans), *((f"{INDENT}• ", *each) for each in self._around(position))]

    def _before(self, position: Position, lead: Position) -> list[Line]:
        """A position under the later one that leads: `Earlier (P-1, 17 Dec 2021): NATO rejects …`; in the whole brief its own
        words, and under them what was said of it."""
        stance = "" if position.stance is lead.stance else STANCES[position.stance]
        head = f"{INDENT}• Earlier ({self._inside(position, self._government(position), stance)}): "
        self._told.add(position.number)
        if self._whole:
            first = (head, *self._words(position))
            return [first, *((f"{INDENT * 2}• ", *each) for each in self._around(position))]
        around = self._around(position)
        first = (head, *(around[0] if around else self._words(position)))
        return [first, *((f"{INDENT}• ", *each) for each in around[1:])]

    def _inside(self, position: Position, *more: str) -> str:
        """What stands in brackets after a position: `P-1, 17 Dec 2021`, and by whom in the whole brief."""
        said = day_month_year(position.said_on) if position.said_on else "day not recorded"
        who = self._names.speaker(position.speaker, position.office) if self._whole else ""
        return ", ".join(part for part in (position.label, said, who, *more) if part)

    def _words(self, position: Position) -> list[Span]:
        """What was said, in short or with the quotation, and its sources."""
        summary = position.summary if self._whole else first_sentence(position.summary, CLAIM)
        quote = f" “{position.quote}”" if self._whole and position.quote else ""
        return [summary, self._cite(position.sources), *([quote] if quote else [])]

    def _around(self, position: Position) -> list[Line]:
        """Who replied how, who has not since, and what is disputed of a position."""
        return [*self._replies(position), *self._silent(position), *self._accounts(position)]

    def _under(self, position: Position) -> str:
        """Under which government it was said where that is not the present one, and what the present one has said since."""
        gone = self._stances.overtaken.get(position.number)
        if gone and gone.own:
            since = f"no statement found since {day_month_year(gone.own.since)}"
            if gone.answer:
                cited = self._cite.cite(gone.answer.reply.sources)
                since = f"since then {answer_words(self._names, gone.answer)}{mark(gone.answer.reply.sources, cited)}"
            return f"under the {gone.own.then}; {since}"
        named = self._government(position)
        return f"under the {named}" if named else ""

    def _government(self, said: Position | Reply) -> str:
        return administrations.under(
            self._stances.governments, said.party, said.administration, said.said_on, self._names.today
        )

    def _replies(self, position: Position) -> list[Line]:
        """Who replied how: on one line in short, each with its words in the whole brief."""
        replies = [reply for _, reply in threaded(position.replies)]
        if self._whole:
            return [self._reply(position, reply) for reply in replies]
        shown = replies[:SHOWN_REPLIES]
        spans: list[Span] = []
        for reply in shown:
            spans += [" · " if spans else "", self._answer(position, reply), self._cite(reply.sources)]
        if more := len(replies) - len(shown):
            spans.append(f" · and {more} more")
        return [tuple(spans)] if spans else []

    def _answer(self, position: Position, reply: Reply) -> str:
        before = answered(position, reply)
        to = reply_of(self._names, position, before) if before else ""
        return reply_words(self._names, reply, self._government(reply), to)

    def _reply(self, position: Position, reply: Reply) -> Line:
        who = self._names.speaker(reply.speaker, reply.office)
        quote = f"“{reply.quote}”" if reply.quote else ""
        words = " ".join(part for part in (reply.summary, quote, f"({who})" if who else "") if part)
        return line(f"{self._answer(position, reply)}{f': {words}' if words else ''}", self._cite(reply.sources))

    def _silent(self, position: Position) -> list[Line]:
        """Whose present government has not answered as the one before it did."""
        gone = self._stances.overtaken.get(position.number)
        found: list[Line] = []
        for silent in gone.silent if gone else ():
            keys = [key for account, _ in silent.told for key in account.sources]
            cited = self._cite.cite([*keys, *(silent.answer.reply.sources if silent.answer else ())])
            found.append(silent_line(silent, self._names, cited))
        return found

    def _accounts(self, position: Position) -> list[Line]:
        """What is disputed of a position: every account that still stands beside another, with its claim, day and source."""
        open_accounts = [a for a in position.accounts if not a.settled]
        if self._whole:
            return [self._account(a, a.claim or "") for a in open_accounts]
        claimed = next((a.claim for a in open_accounts if a.happens and a.claim), None)
        if claimed and any(a.happens is False for a in open_accounts):
            spans: list[Span] = [f"{first_sentence(claimed, CLAIM)}: "]
            for n, account in enumerate(a for a in open_accounts if a.happens is not None):
                spans += [", " if n else "", verdict(account, self._names), self._cite(account.sources)]
            return [tuple(spans)]
        return [self._account(a, first_sentence(a.claim or "", CLAIM)) for a in open_accounts]

    def _account(self, account: Account, claim: str) -> Line:
        words = verdict(account, self._names, office=self._whole)
        return line(f"{words}{f': {claim}' if claim else ''}", self._cite(account.sources))
