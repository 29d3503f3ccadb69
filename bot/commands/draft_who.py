"""`/draft who` and `/draft votes`: who stands where on a text, bloc by bloc, and who voted how, or meant to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.commands.base import Ask, Command, Trouble
from bot.commands.draft_words import mentioned, one_number, unread
from bot.draft_cards import Sheet
from bot.draft_wording import CHOICES, ROLE_WORDS, ROLES, off_words, state, tally_words, voted, when_and_how
from bot.reply import Button, Card, Line, Part, Quiet, Reply, Strong, line
from bot.wording import day_month_year
from store import drafts, drafts_rolls, parties, rolls
from store.database import Session
from store.drafts_lists import IN_PLAY
from store.errors import NotOnRecord
from store.records import Draft, PartyKind, Vote, VoteChoice, VoteKind

USUAL_BLOCS = ("p5", "g7", "eu", "nato")
"""Blocs that an answer breaks down by where nobody names one."""
NAMES_IN_FULL = 250


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of one draft: `blocs` with members to break it down by, `single` parties, or everybody by name."""

    blocs: list[str]
    single: list[str]
    whole: bool
    left: str

    @property
    def words(self) -> str:
        return " ".join(["all"] if self.whole else [*self.blocs, *self.single])


def _asked(session: Session, ask: Ask, words: str) -> _Asked:
    """Reads the words after a draft. Raises Trouble for an organisation or bloc with no members on record."""
    codes, rest = mentioned(session, ask, words)
    left = [w for w in rest.replace(",", " ").split() if w.casefold() not in ("all", "by", "and", "in", "of", "the", "bloc")]
    blocs = [code for code in codes if parties.memberships(session, code)]
    known = parties.by_codes(session, codes)
    for code in codes:
        if code not in blocs and code in known and known[code].kind in (PartyKind.ORGANISATION, PartyKind.BLOC):
            name = known[code].name
            raise Trouble(
                f"{name} has no members on record, so there is nothing to break down by.", example="/draft votes D-1 nato"
            )
    whole = "all" in rest.casefold().split()
    return _Asked(blocs, [code for code in codes if code not in blocs], whole, " ".join(left))


def _day(draft: Draft, today: date) -> date:
    """The day on which blocs had the members that count for a draft."""
    voted = draft.tally.day if draft.tally else next((v.day for v in draft.votes if v.day), None)
    decided = None if draft.status in IN_PLAY else draft.status_on
    return voted or decided or today


def who(ask: Ask) -> Reply:
    """Sponsors, co-sponsors, who endorses, declines, sets conditions, withdrew; and by bloc who is not named at all."""
    with ask.read() as session:
        number, rest = one_number(session, ask, "/draft who D-1")
        found = drafts.many(session, [number], votes=False)
        if not found:
            raise NotOnRecord(f"D-{number}")
        asked = _asked(session, ask, rest)
        members = {} if asked.single and not asked.blocs else _members(session, found[0], asked.blocs, ask.today)
        if members or asked.single:  # who is not named may have voted all the same
            found = [replace(found[0], votes=drafts_rolls.read(session, [number]).get(number, ()))]
        codes = [*members, *asked.single, *(code for some in members.values() for code in some)]
        sheet = Sheet.over(session, found, ask.now, ask.request.zone, codes=codes)
    shown = sheet.drafts[0]
    parts: list[Part] = [*unread(asked.left), *(_single(sheet, shown, code, ask.today) for code in asked.single)]
    if not asked.single:
        parts += sheet.alignments(shown)
        if not shown.alignments:
            parts.append(line(f"Who is behind {shown.label} is not on record; {_nothing_found(ask.today)}."))
    for bloc, some in members.items():
        parts.append(_bloc(sheet, shown, bloc, some, in_full=bool(asked.blocs), today=ask.today))
    parts.append(sheet.notes())
    buttons = [Button(f"Show {shown.label}", f"/draft show {shown.label}"), Button("Votes", f"/draft votes {shown.label}")]
    if not asked.blocs:
        buttons += [Button(f"{sheet.names.party(b)}: who"[:70], f"/draft who {shown.label} {b}") for b in list(members)[:2]]
    return Reply(
        f"{shown.label}  {shown.title}: who stands where", aside=" · ".join(state(shown)), parts=tuple(parts),
        buttons=tuple(buttons), share=ask.line(f"{shown.label} {asked.words}".strip()),
    )  # fmt: skip


def _nothing_found(today: date) -> str:
    return f"nothing found up to {day_month_year(today)}"


def _single(sheet: Sheet, draft: Draft, code: str, today: date) -> Card:
    """Where one party stands on a draft: with its own name on it, by its votes as cast and as intended."""
    lines: list[Line] = []
    for a in draft.alignments:
        if a.party == code:
            lines.append(line(ROLE_WORDS[a.role].capitalize(), when_and_how(a), sheet.mark(a.sources)))
    for vote in draft.votes:
        if vote.party == code:
            how = "As intended" if vote.kind is VoteKind.INTENDED else "As cast"
            on = f", {day_month_year(vote.day)}" if vote.day else ""
            lines.append(line(Strong(how), f"  {CHOICES[vote.choice]}{on}", sheet.mark(vote.sources)))
    if not lines:
        lines.append(line(Quiet(f"Not named, and no vote on record ({_nothing_found(today)}{_perhaps(draft)})")))
    return Card(line(Strong(sheet.names.party(code))), tuple(lines))


def _perhaps(draft: Draft) -> str:
    groups = [a.label for a in draft.alignments if a.label and not a.party]
    return f"; may be among “{groups[0]}”" if groups else ""


def _members(session: Session, draft: Draft, asked: Sequence[str], today: date) -> dict[str, list[str]]:
    """Members of the blocs asked about, or of the usual ones that somebody named on the draft belongs to."""
    on = _day(draft, today)
    named = {a.party for a in draft.alignments if a.party}
    found: dict[str, list[str]] = {}
    for bloc in asked or USUAL_BLOCS:
        some = [m.member for m in parties.members(session, bloc, on)]
        if asked or bloc in named or named & set(some):
            found[bloc] = some
    return found


def _bloc(sheet: Sheet, draft: Draft, bloc: str, members: Sequence[str], *, in_full: bool, today: date) -> Card:
    lines: list[Line] = []
    named: set[str] = set()
    for role, label in ROLES.items():
        inside = {a.party for a in draft.alignments if a.role is role and a.party}
        some = [code for code in members if code in inside or bloc in inside]
        named |= set(some)
        if some:
            words = sheet.named(some, NAMES_IN_FULL if in_full else 6)
            lines.append(line(f"{label}: {words}" + (" (as the bloc)" if bloc in inside else "")))
    lines += _voted_unnamed(sheet, draft, [code for code in members if code not in named], in_full=in_full)
    voted = {vote.party for vote in draft.votes}
    rest = [code for code in members if code not in named and code not in voted]
    if rest:
        words = sheet.named(rest, NAMES_IN_FULL) if in_full else f"{len(rest)} members"
        lines.append(line(Quiet(f"Not named: {words} ({_nothing_found(today)}{_perhaps(draft).replace('may', 'some may')})")))
    return Card(line(Strong(f"{sheet.names.party(bloc)}, {len(members)} members")), tuple(lines))


def _voted_unnamed(sheet: Sheet, draft: Draft, rest: Sequence[str], *, in_full: bool) -> list[Line]:
    """How those voted, or mean to, whose name is not on the draft. Whoever voted as they meant to is named once."""
    lines: list[Line] = []
    cast = {vote.party: vote.choice for vote in draft.votes if vote.kind is VoteKind.CAST}
    for kind in (VoteKind.CAST, VoteKind.INTENDED):
        words = voted(draft, kind)
        for choice, some in _by_choice(draft, kind).items():
            inside = [vote for vote in some if vote.party in rest]
            if kind is VoteKind.INTENDED:
                inside = [vote for vote in inside if cast.get(vote.party) is not choice]
            if inside:
                named = sheet.named([vote.party for vote in inside], NAMES_IN_FULL if in_full else 6)
                cited = tuple(dict.fromkeys(key for vote in inside for key in vote.sources))
                lines.append(line(f"Not named, but {words[choice]}: {named}", sheet.mark(cited)))
    return lines


def votes(ask: Ask) -> Reply:
    """For, against, abstained, absent: as cast, as intended, as announced, and whether they add up."""
    with ask.read() as session:
        number, rest = one_number(session, ask, "/draft votes D-1")
        found = drafts.many(session, [number])
        if not found:
            raise NotOnRecord(f"D-{number}")
        asked = _asked(session, ask, rest)
        members = {b: [m.member for m in parties.members(session, b, _day(found[0], ask.today))] for b in asked.blocs}
        codes = [*asked.blocs, *asked.single, *(code for some in members.values() for code in some)]
        sheet = Sheet.over(session, found, ask.now, ask.request.zone, codes=codes)
    draft = sheet.drafts[0]
    most = NAMES_IN_FULL if asked.whole or asked.blocs else 10
    parts: list[Part] = unread(asked.left)
    if draft.tally:
        parts.append(line(Strong("Announced"), f"  {tally_words(draft.tally)}", sheet.mark(draft.sources)))
    parts += [_single(sheet, draft, code, ask.today) for code in asked.single]
    parts += [_bloc_votes(sheet, draft, bloc, some) for bloc, some in members.items()]
    if not members and not asked.single:
        parts += _cast(sheet, draft, most)
        parts += _intended(sheet, draft, most)
    parts += [line(words) for words in off_words(draft, rolls.counted(draft))]
    if not draft.votes and not draft.tally and not asked.single:
        parts.append(_no_vote(draft, ask.today))
    parts.append(sheet.notes())
    buttons = [Button(f"Show {draft.label}", f"/draft show {draft.label}"), Button("Who", f"/draft who {draft.label}")]
    if not members and not asked.words and any(len(some) > most for some in _by_choice(draft, VoteKind.CAST).values()):
        buttons.insert(0, Button("All names", f"/draft votes {draft.label} all"))
    return Reply(
        f"{draft.label}  {draft.title}: votes", aside=" · ".join(state(draft)), parts=tuple(parts), buttons=tuple(buttons),
        share=ask.line(f"{draft.label} {asked.words}".strip()),
    )  # fmt: skip


def _no_vote(draft: Draft, today: date) -> Line:
    if draft.status in IN_PLAY:
        return line(f"No vote on record up to {day_month_year(today)}: {draft.label} is still to be decided on.")
    return line(f"No votes on record for {draft.label}.")


def _by_choice(draft: Draft, kind: VoteKind) -> dict[VoteChoice, list[Vote]]:
    found: dict[VoteChoice, list[Vote]] = {choice: [] for choice in VoteChoice}
    for vote in draft.votes:
        if vote.kind is kind:
            found[vote.choice].append(vote)
    return found


def _cast(sheet: Sheet, draft: Draft, most: int) -> list[Part]:
    by_choice = _by_choice(draft, VoteKind.CAST)
    total = sum(map(len, by_choice.values()))
    if not total:
        return [line(Quiet("As cast: nobody's vote is on record."))] if draft.tally else []
    announced = rolls.announced(draft.tally) if draft.tally else {}
    lines = [_choice(sheet, choice, some, most, announced.get(choice)) for choice, some in by_choice.items() if some]
    partial = draft.tally and not rolls.is_whole(rolls.counted(draft), draft.tally)
    head = f"As cast, {total} on record" + (": not the whole roll" if partial else "")
    return [Card(line(Strong(head)), tuple(lines))]


def _choice(sheet: Sheet, choice: VoteChoice, some: Sequence[Vote], most: int, announced: int | None = None) -> Line:
    cited = tuple(dict.fromkeys(key for vote in some for key in vote.sources))
    of = f" of {announced}" if announced is not None and announced != len(some) else ""
    names_ = sheet.named([vote.party for vote in some], most)
    return line(Strong(f"{CHOICES[choice].capitalize()} {len(some)}{of}"), f"  {names_}", sheet.mark(cited))


def _intended(sheet: Sheet, draft: Draft, most: int) -> list[Part]:
    by_choice = _by_choice(draft, VoteKind.INTENDED)
    if not any(by_choice.values()):
        return []
    lines = [_choice(sheet, choice, some, most) for choice, some in by_choice.items() if some]
    cast = {vote.party: vote for vote in draft.votes if vote.kind is VoteKind.CAST}
    turned = [v for some in by_choice.values() for v in some if v.party in cast and cast[v.party].choice is not v.choice]
    for vote in turned[:most]:
        meant, did = CHOICES[vote.choice], CHOICES[cast[vote.party].choice]
        cited = (*vote.sources, *cast[vote.party].sources)
        lines.append(line(f"{sheet.names.party(vote.party)} meant {meant}, cast {did}", sheet.mark(cited)))
    return [Card(line(Strong("As intended")), tuple(lines))]


def _bloc_votes(sheet: Sheet, draft: Draft, bloc: str, members: Sequence[str]) -> Card:
    lines: list[Line] = []
    for choice, some in _by_choice(draft, VoteKind.CAST).items():
        inside = [vote for vote in some if vote.party in members]
        if inside:
            lines.append(_choice(sheet, choice, inside, NAMES_IN_FULL))
    cast = {vote.party for vote in draft.votes if vote.kind is VoteKind.CAST}
    rest = [code for code in members if code not in cast]
    if rest:
        lines.append(line(Quiet(f"Not on the roll on record: {sheet.named(rest, NAMES_IN_FULL)}")))
    return Card(line(Strong(f"{sheet.names.party(bloc)}, {len(members)} members")), tuple(lines))


def commands() -> list[Command]:
    """The records of who and how."""
    return [
        Command(
            "/draft",
            "who",
            "/draft who D-1 [bloc | party]",
            "Who sponsors, co-sponsors, endorses, declines, sets conditions or withdrew; by bloc, and who is not named.",
            ("/draft who D-1", "/draft who D-1 nato"),
            who,
        ),
        Command(
            "/draft",
            "votes",
            "/draft votes D-1 [bloc | party | all]",
            "For, against, abstained, absent: as cast, as intended, and whether they add up with what was announced.",
            ("/draft votes D-1", "/draft votes D-1 p5"),
            votes,
        ),
    ]
