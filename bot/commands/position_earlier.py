"""What stood around earlier positions when one that replaced them is read: replies, disputes, and who is silent since."""

from __future__ import annotations

from collections.abc import Sequence

from bot.accounts import verdict
from bot.cards import account_line
from bot.commands.position_sheet import Sheet
from bot.position_replies import reply_of
from bot.position_since import Silent, silent_line
from bot.reply import Button, Card, Line, Part, Strong, line
from bot.wording import first_sentence, mark
from store.answers import Answer
from store.records import Account, Position

SHOWN_REPLIES = 6
SHOWN_ACCOUNTS = 2
SHOWN_BUTTONS = 2


def earlier(sheet: Sheet, position: Position, cited: Sequence[str], *, whole: bool = False) -> list[Part]:
    """`Earlier  to P-1: NATO rejects (26 Jan 2022)`, and under it what is disputed and who has been silent since."""
    given = sheet.around.earlier[: None if whole else SHOWN_REPLIES]
    found: list[Part] = []
    for before in sheet.around.before:
        replies = [a for a in given if a.position.number == before.number]
        under = [*_accounts(sheet, before, cited, whole=whole)]
        under += [silent_line(each, sheet.names, cited) for each in _silent(sheet, position, before)]
        if not replies and not under:
            continue
        dated = [_words(sheet, a, cited) for a in replies if not sheet.undated(a.reply)]
        undated = [_words(sheet, a, cited) for a in replies if sheet.undated(a.reply)]
        words = f"to {before.label}: {' · '.join(dated)}" if dated else f"{before.label}, {sheet.said(before)}"
        if undated:
            under.insert(0, line(f"Without a day, {sheet.or_later}: {' · '.join(undated)}"))
        title = line(Strong("Earlier"), f"  {words}")
        found.append(Card(title, tuple(under)) if under else title)
    return found


def sources(sheet: Sheet, position: Position) -> list[str]:
    """The sources of all that is told of earlier positions."""
    keys = [key for a in sheet.around.earlier for key in a.reply.sources]
    for before in sheet.around.before:
        keys += [key for account in _open(before) for key in account.sources]
        keys += [key for each in _silent(sheet, position, before) if each.answer for key in each.answer.reply.sources]
    return keys


def buttons(sheet: Sheet) -> list[Button]:
    """Shows the earlier positions of which something is told."""
    told = {a.position.number for a in sheet.around.earlier}
    some = [p.label for p in sheet.around.before if p.number in told or _open(p)][:SHOWN_BUTTONS]
    return [Button(f"Show {label}", f"/position show {label}{sheet.back}") for label in some]


def _words(sheet: Sheet, given: Answer, cited: Sequence[str]) -> str:
    to = reply_of(sheet.names, given.position, before) if (before := given.answered) else ""
    return sheet.reply(given.reply, to) + mark(given.reply.sources, cited)


def _open(position: Position) -> list[Account]:
    return [a for a in position.accounts if not a.settled]


def _silent(sheet: Sheet, position: Position, before: Position) -> list[Silent]:
    """Who has had another government since and replied to neither; each is told once, under its last reply."""
    last = {a.reply.party: a.position.number for a in sheet.around.earlier}
    here = {r.party for r in position.replies}
    return [s for s in sheet.silent(before) if s.party not in here and last.get(s.party) == before.number]


def _accounts(sheet: Sheet, position: Position, cited: Sequence[str], *, whole: bool) -> list[Line]:
    """What is disputed of a position, on one line where one account denies what another claims; each in full in `whole`."""
    names, some = sheet.names, _open(position)
    if whole:
        return [account_line(a, names) for a in some]
    claimed = next((a.claim for a in some if a.happens and a.claim), None)
    if claimed and any(a.happens is False for a in some):
        sides = [verdict(a, names) + mark(a.sources, cited) for a in some if a.happens is not None]
        return [line(f"{first_sentence(claimed).rstrip('.')}: {' · '.join(sides)}")]
    lines = [
        line(f"{verdict(a, names)}{f': {first_sentence(a.claim)}' if a.claim else ''}", mark(a.sources, cited))
        for a in some[:SHOWN_ACCOUNTS]
    ]
    more = len(some) - SHOWN_ACCOUNTS
    return [*lines, line(f"and {more} more of {position.label}")] if more > 0 else lines
