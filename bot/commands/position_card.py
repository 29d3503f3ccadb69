"""Positions as people read them: one line in a list, one card with whom it applies to, accounts, replies and sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from bot.accounts import verdict
from bot.cards import account_line
from bot.commands import position_earlier
from bot.commands.position_sheet import Sheet as Sheet
from bot.commands.position_sheet import disputed
from bot.position_replies import reply_of, threaded
from bot.position_since import silent_line
from bot.reply import Button, Card, Line, Part, Quotation, Reply, Span, Strong, line
from bot.wording import STANCES, Names, day_month_year, first_sentence, mark, source_notes
from store.answers import Answer, answered
from store.records import Account, Applies, Membership, Position
from store.records import Reply as Given

SHOWN_ACCOUNTS = 4
SHOWN_REPLIES = 6


def card(sheet: Sheet, position: Position, *, whole: bool = False) -> Reply:
    """The stance, its words and source, whom it applies to, who replied how, and up to when nothing newer was found.

    Short enough to read at a glance unless `whole`, which gives every account and reply in full.
    """
    names = sheet.names
    cited = [*position.sources, *(key for a in position.accounts for key in a.sources)]
    cited += [key for r in position.replies for key in r.sources]
    cited += position_earlier.sources(sheet, position)
    cited += [key for a in _answers(sheet, position) for key in a.reply.sources]
    parts: list[Part] = [line(position.summary, mark(position.sources, cited))]
    if position.quote:
        who = names.speaker(position.speaker, position.office)
        parts.append(Quotation(position.quote, line(who) if who else (), position.original_quote))
    if position.applies:
        parts.append(_applies(sheet, position.applies))
    if sheet.spoke_for.get(position.number):
        parts.append(line(f"Speaks for {sheet.spoke_for[position.number]} members on that day"))
    parts += _whole(sheet, position) if whole else _short(sheet, position, cited)
    parts += position_earlier.earlier(sheet, position, cited, whole=whole)
    parts += [silent_line(silent, names, cited) for silent in sheet.silent(position)]
    parts += [line(words) for words in _afterwards(sheet, position, cited)]
    parts.append(source_notes(names, cited))
    name = names.party(position.party)
    back = sheet.back
    buttons = [Button(f"All of {name}"[:70], f"/position by {position.party}{back}")]
    buttons.append(Button("All on this topic", f"/position on {sheet.topic(position)}{back}"))
    buttons = [*position_earlier.buttons(sheet), *buttons]
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


def _afterwards(sheet: Sheet, position: Position, cited: Sequence[str]) -> list[str]:
    """What came after a position: a later one of the same party, or up to which day none was found."""
    said = sheet.later.get(position.number)
    answer = sheet.around.answer
    if said is None and answer:
        own = f"It answered since: {sheet.answer(answer, sheet.under_reply(answer.reply))}"
        words = [f"{own}{mark(answer.reply.sources, cited)}. No later position found up to {day_month_year(sheet.on)}."]
    elif said is None:
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


def _aside(sheet: Sheet, position: Position) -> str:
    names = sheet.names
    said = f"said {sheet.said(position)}" if position.said_on else sheet.said(position)
    who = names.speaker(position.speaker, position.office)
    found = sheet.overtaken.get(position.number)
    told = found.own if found and found.own and sheet.around.answer else None  # what the next one said has a line of its own
    under = f"under the {told.then}" if told else sheet.under(position)
    return " · ".join(part for part in (said, who, under, disputed(position).removeprefix(" · ")) if part)


def _answers(sheet: Sheet, position: Position) -> list[Answer]:
    """What is told of other positions."""
    around, found = sheet.around, sheet.overtaken.get(position.number)
    return [*([around.answer] if around.answer else []), *(found.answers if found else ())]


def _whole(sheet: Sheet, position: Position) -> list[Part]:
    names = sheet.names
    parts: list[Part] = []
    if position.accounts:
        parts.append(Card(line(Strong("Accounts")), tuple(account_line(a, names) for a in position.accounts)))
    replies = [
        (
            f"{'    ' * depth}{'↳ ' if depth else '• '}",
            sheet.reply(reply),
            _said(reply),
            *names.cite(reply.sources),
        )
        for depth, reply in threaded(position.replies)
    ]
    parts.append(Card(line(Strong("Replies")), tuple(replies)) if replies else line("Replies: none on record"))
    return parts


def _short(sheet: Sheet, position: Position, cited: Sequence[str]) -> list[Part]:
    names = sheet.names
    parts: list[Part] = []
    if position.accounts:
        lines = tuple(line("• ", _in_short(a, names), mark(a.sources, cited)) for a in position.accounts[:SHOWN_ACCOUNTS])
        if len(position.accounts) > SHOWN_ACCOUNTS:
            lines += (line(f"and {len(position.accounts) - SHOWN_ACCOUNTS} more"),)
        parts.append(Card(line(Strong("Accounts")), lines))
    if not position.replies:
        return [*parts, line("Replies: none on record")]
    dated, undated = list[str](), list[str]()
    for _, reply in threaded(position.replies)[:SHOWN_REPLIES]:
        to = reply_of(names, position, before) if (before := answered(position, reply)) else ""
        (undated if sheet.undated(reply) else dated).append(sheet.reply(reply, to) + mark(reply.sources, cited))
    more = f" · and {len(position.replies) - SHOWN_REPLIES} more" if len(position.replies) > SHOWN_REPLIES else ""
    if dated or not undated:
        parts.append(line(Strong("Replies"), f"  {' · '.join(dated)}{more}"))
    else:
        parts.append(line(f"Replies: none on record with a day by then{more}"))
    return [*parts, line(Strong("Without a day"), f"  {sheet.or_later}: {' · '.join(undated)}")] if undated else parts


def _said(reply: Given) -> str:
    """What a reply said, in short and in its own words, and by whom."""
    who = ", ".join(part for part in (reply.speaker, reply.office) if part)
    quote = f" “{reply.quote}”" if reply.quote else ""
    return f"{f' — {reply.summary}' if reply.summary else ''}{quote}{f' ({who})' if who else ''}"


def _in_short(account: Account, names: Names) -> str:
    """`Romania says yes (Cristian Diaconescu, 19 Feb 2025): Raised again in Riyadh.`"""
    return f"{verdict(account, names)}{f': {first_sentence(account.claim)}' if account.claim else ''}"


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
