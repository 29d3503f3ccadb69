"""Positions as people read them: one line in a list, one card with whom it applies to, accounts, replies and sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.cards import account_line
from bot.commands.position_since import Overtaken, Silent, overtaken, silent_line
from bot.reply import Button, Card, Line, Part, Quotation, Reply, Span, Strong, line
from bot.wording import STANCES, Names, day_month_year, first_sentence, mark, source_notes
from store import known, parties, positions, topics
from store.database import Session
from store.positions import Standing
from store.records import Account, Applies, Membership, Position, Topic
from store.records import Reply as Answer

SHOWN_ACCOUNTS = 4
SHOWN_REPLIES = 6


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some positions with everything needed to word them."""

    positions: list[Position]
    names: Names
    topics: dict[str, Topic]
    members: dict[str, list[Membership]]
    """Members, today or on the day asked about, of every bloc that a position applies to."""
    spoke_for: dict[int, int]
    """How many members a bloc had on the day it took each of these positions, by number."""
    later: dict[int, Standing]
    """What the same party said later on the same topic, up to `on`, by number."""
    on: date
    looking_back: bool = False
    """Whether `on` was asked for: then what others said after that day is left out."""
    left_out: dict[int, int] = field(default_factory=dict)
    """How many accounts and replies were, by number."""
    recorded: datetime | None = None
    """The moment by when things were recorded, where that was asked for."""
    rough: Collection[int] = ()
    """Positions of which no version of that time is kept, by number."""
    overtaken: Mapping[int, Overtaken] = field(default_factory=dict)
    """Where somebody else has taken office since and not spoken, by number."""

    @classmethod
    def of(
        cls,
        session: Session,
        numbers: Sequence[int],
        now: datetime,
        zone: str,
        on: date,
        *,
        looking_back: bool = False,
        recorded: datetime | None = None,
    ) -> Sheet:
        """Reads the positions with these numbers, in that order; memberships and the rest as they were `on` that day.

        With `recorded` they are read in the version that stood at that moment; those not on record then are left out.
        """
        stood = known.versions(session, numbers, recorded) if recorded else []
        whole = [v.position for v in stood if v] if recorded else positions.many(session, numbers)
        found = [_up_to(p, on) for p in whole] if looking_back else whole
        left_out = {p.number: _others(p) - _others(q) for p, q in zip(whole, found, strict=True)}
        blocs = {p.applies.bloc for p in found if p.applies}
        members = {bloc: parties.members(session, bloc, on) for bloc in blocs}
        codes = [m.member for listed in members.values() for m in listed]
        names = Names.of(session, now, zone, codes=codes, positions=found)
        spoke_for = {p.number: len(parties.members(session, p.party, p.said_on or on)) for p in found}
        about = topics.by_keys(session, [p.topic for p in found])
        later = {p.number: said for p in found if (said := positions.later(session, p, as_of=on, recorded=recorded))}
        rough = {v.position.number for v in stood if v and not v.kept}
        over = overtaken(session, found, later, on, recorded)
        return cls(found, names, about, members, spoke_for, later, on, looking_back, left_out, recorded, rough, over)

    @property
    def back(self) -> str:
        """What keeps a further question at the day asked about."""
        if self.recorded:
            day = self.recorded.astimezone(ZoneInfo(self.names.zone)).date()
            return (f" as-of {self.on}" if day != self.on else "") + f" known {day}"
        return f" as-of {self.on}" if self.looking_back else ""

    @property
    def back_words(self) -> str:
        """The same for a headline."""
        if self.recorded:
            day = self.recorded.astimezone(ZoneInfo(self.names.zone)).date()
            return f"as known on {day_month_year(day)}" + (f", said by {day_month_year(self.on)}" if self.on != day else "")
        return f"as of {day_month_year(self.on)}"

    def under(self, position: Position) -> str:
        """Under which government a position was taken, and whether another has been silent since."""
        if (found := self.overtaken.get(position.number)) and found.own:
            return f"under the {found.own.then}; no statement found since {day_month_year(found.own.since)}"
        return f"under the {position.administration}" if position.administration else ""

    def silent(self, position: Position) -> tuple[Silent, ...]:
        """Parties whose present government has not answered as its predecessor did."""
        found = self.overtaken.get(position.number)
        return found.silent if found else ()

    def topic(self, position: Position) -> str:
        found = self.topics.get(position.topic)
        return found.name if found else position.topic

    def listed(self, position: Position, *, by_topic: bool) -> Card:
        """A position in a list: whose (or on what), the stance, since when, in short, and from where."""
        names = self.names
        lead = self.topic(position) if by_topic else names.party(position.party)
        if not by_topic and len(self.topics) > 1:
            lead += f" on {self.topic(position)}"
        said = day_month_year(position.said_on) if position.said_on else "day not recorded"
        found = self.overtaken.get(position.number)
        under = f" · {self.under(position)}" if found and found.own else ""
        words = f"  {lead} · {STANCES[position.stance]} · {said}{_disputed(position)}{under}"
        title: Line = (Strong(position.label), words)
        return Card(title, ((position.summary, *names.cite(position.sources)),))


def card(sheet: Sheet, position: Position, *, whole: bool = False) -> Reply:
    """The stance, its words and source, whom it applies to, who replied how, and up to when nothing newer was found.

    Short enough to read at a glance unless `whole`, which gives every account and reply in full.
    """
    names = sheet.names
    cited = [*position.sources, *(key for a in position.accounts for key in a.sources)]
    cited += [key for r in position.replies for key in r.sources]
    parts: list[Part] = [line(position.summary, mark(position.sources, cited))]
    if position.quote:
        who = names.speaker(position.speaker, position.office)
        parts.append(Quotation(position.quote, line(who) if who else (), position.original_quote))
    if position.applies:
        parts.append(_applies(sheet, position.applies))
    if sheet.spoke_for.get(position.number):
        parts.append(line(f"Speaks for {sheet.spoke_for[position.number]} members on that day"))
    parts += _whole(position, names) if whole else _short(position, names, cited)
    parts += [silent_line(silent, names, cited) for silent in sheet.silent(position)]
    parts += [line(words) for words in _afterwards(sheet, position)]
    parts.append(source_notes(names, cited))
    name = names.party(position.party)
    back = sheet.back
    buttons = [Button(f"All of {name}"[:70], f"/position by {position.party}{back}")]
    buttons.append(Button("All on this topic", f"/position on {sheet.topic(position)}{back}"))
    if said := sheet.later.get(position.number):
        buttons.insert(0, Button(f"Show P-{said.number}", f"/position show P-{said.number}{back}"))
    if not whole and (position.accounts or position.replies):
        buttons.insert(0, Button("In full", f"/position show {position.label}{back}"))
    if not sheet.looking_back:
        buttons.append(Button("Reply", f"/position reply {position.label}"))
        buttons.append(Button("Edit", f"/position edit {position.label}"))
    as_of = f" · {sheet.back_words}" if sheet.looking_back else ""
    return Reply(
        f"{name} on {sheet.topic(position)} · {position.label} · {STANCES[position.stance]}{as_of}",
        aside=_aside(sheet, position),
        parts=tuple(parts),
        buttons=tuple(buttons),
        share=f"/position show {position.label}{back}",
    )


def _afterwards(sheet: Sheet, position: Position) -> list[str]:
    """What came after a position: a later one of the same party, or up to which day none was found."""
    said = sheet.later.get(position.number)
    if said is None:
        words = [f"No later statement found up to {day_month_year(sheet.on)}."]
    else:
        day = f", {day_month_year(said.said_on)}" if said.said_on else ""
        words = [f"Not the latest: see P-{said.number}{day}."]
    if position.number in sheet.rough:
        words.append("No version of that time is kept here: shown as it was loaded, without what others said later.")
    if count := sheet.left_out.get(position.number):
        others = "1 account or reply" if count == 1 else f"{count} accounts or replies"
        words.append(f"Left out: {others} of a later day.")
    return words


def _up_to(position: Position, day: date) -> Position:
    """The position with what others had said of it by the end of a day; what has no day stays in."""
    return replace(
        position,
        accounts=tuple(a for a in position.accounts if a.said_on is None or a.said_on <= day),
        replies=tuple(r for r in position.replies if r.said_on is None or r.said_on <= day),
    )


def _others(position: Position) -> int:
    return len(position.accounts) + len(position.replies)


def _aside(sheet: Sheet, position: Position) -> str:
    names = sheet.names
    said = f"said {day_month_year(position.said_on)}" if position.said_on else "day not recorded"
    who = names.speaker(position.speaker, position.office)
    return " · ".join(part for part in (said, who, sheet.under(position), _disputed(position).removeprefix(" · ")) if part)


def _whole(position: Position, names: Names) -> list[Part]:
    parts: list[Part] = []
    if position.accounts:
        parts.append(Card(line(Strong("Accounts")), tuple(account_line(a, names) for a in position.accounts)))
    replies = [
        (f"{'    ' * depth}{'↳ ' if depth else '• '}", names.reply_words(reply), _said(reply), *names.cite(reply.sources))
        for depth, reply in threaded(position.replies)
    ]
    parts.append(Card(line(Strong("Replies")), tuple(replies)) if replies else line("Replies: none on record"))
    return parts


def _short(position: Position, names: Names, cited: Sequence[str]) -> list[Part]:
    parts: list[Part] = []
    if position.accounts:
        lines = tuple(line("• ", _in_short(a, names), mark(a.sources, cited)) for a in position.accounts[:SHOWN_ACCOUNTS])
        if len(position.accounts) > SHOWN_ACCOUNTS:
            lines += (line(f"and {len(position.accounts) - SHOWN_ACCOUNTS} more"),)
        parts.append(Card(line(Strong("Accounts")), lines))
    if not position.replies:
        return [*parts, line("Replies: none on record")]
    shown = threaded(position.replies)[:SHOWN_REPLIES]
    words = ""
    for depth, reply in shown:
        words += ("" if not words else " → " if depth else " · ") + names.reply_words(reply) + mark(reply.sources, cited)
    more = f" · and {len(position.replies) - SHOWN_REPLIES} more" if len(position.replies) > SHOWN_REPLIES else ""
    return [*parts, line(Strong("Replies"), f"  {words}{more}")]


def _said(reply: Answer) -> str:
    """What a reply said, in short and in its own words, and by whom."""
    who = ", ".join(part for part in (reply.speaker, reply.office) if part)
    quote = f" “{reply.quote}”" if reply.quote else ""
    return f"{f' — {reply.summary}' if reply.summary else ''}{quote}{f' ({who})' if who else ''}"


def threaded(replies: Sequence[Answer]) -> list[tuple[int, Answer]]:
    """Replies in the order they were given, each followed by those it was answered with, with how deep it lies."""
    keys = {reply.key for reply in replies}
    under: dict[str | None, list[Answer]] = defaultdict(list)
    for reply in sorted(replies, key=lambda r: r.said_on or date.max):
        under[reply.to if reply.to in keys and reply.to != reply.key else None].append(reply)
    found: list[tuple[int, Answer]] = []
    waiting = [(0, reply) for reply in reversed(under[None])]
    while waiting:
        depth, reply = waiting.pop()
        found.append((depth, reply))
        waiting += [(depth + 1, answer) for answer in reversed(under[reply.key])]
    told = {reply.key for _, reply in found}
    return found + [(0, reply) for reply in replies if reply.key not in told]


def _in_short(account: Account, names: Names) -> str:
    """`Romania says yes (Cristian Diaconescu, 19 Feb): raised again in Riyadh …`."""
    who = names.party(account.party) if account.party else account.by
    verdict = {True: " says yes", False: " denies it", None: ""}[account.happens]
    by = account.by if account.party else ""
    said = day_month_year(account.said_on) if account.said_on else ""
    inside = ", ".join(part for part in (by, said) if part)
    return f"{who}{verdict}{f' ({inside})' if inside else ''}{f': {first_sentence(account.claim)}' if account.claim else ''}"


def _disputed(position: Position) -> str:
    """Says so when somebody denies what somebody else reports of a position."""
    open_accounts = [a for a in position.accounts if not a.settled]
    if any(a.happens is False for a in open_accounts) and any(a.happens for a in open_accounts):
        return " · restating it is disputed"
    return " · disputed" if any(a.happens is False for a in open_accounts) else ""


def _applies(sheet: Sheet, applies: Applies) -> Line:
    names = sheet.names
    members = sheet.members.get(applies.bloc, [])
    chosen = [m for m in members if _reached(m, applies)]
    by_year: dict[str, list[str]] = defaultdict(list)
    for member in sorted(chosen, key=lambda m: (m.joined or date.min, names.party(m.member))):
        by_year[str(member.joined.year) if member.joined else "day not recorded"].append(names.party(member.member))
    groups = " · ".join(f"{', '.join(sorted(group))} ({year})" for year, group in by_year.items())
    spans: tuple[Span, ...] = (
        Strong(f"Applies to {len(chosen)} of {len(members)} members of {names.party(applies.bloc)}"),
        f": {groups}" if groups else "",
    )
    return spans


def _reached(member: Membership, applies: Applies) -> bool:
    if applies.joined_after and not (member.joined and member.joined > applies.joined_after):
        return False
    return not (applies.joined_by and not (member.joined and member.joined <= applies.joined_by))
