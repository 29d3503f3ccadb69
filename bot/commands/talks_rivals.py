"""Versions of talks that differ: corrected, or kept side by side as accounts until somebody settles which stands."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.intake import Intake
from bot.reply import Option
from store.exchange.rules import slug
from store.records import Account, Status, Talks

KEEP = "keep"
CORRECT, ACCOUNT = "correct", "account"

OPTIONS = (Option(CORRECT, "Correct the record"), Option(ACCOUNT, "Keep both, side by side as accounts"))
HINT = "For another day, place or level than the record has: is the record wrong, or does somebody say otherwise?"


def differs(had: Talks, new: Talks) -> bool:
    """Does one version contradict the other in when, where, or at what level?"""
    return (
        (had.window.earliest, had.window.latest) != (new.window.earliest, new.window.latest)
        or had.place != new.place
        or had.level is not new.level
    )


def beside(intake: Intake, had: Talks, new: Talks) -> Talks | None:
    """The record with the new version of when, where and level as an account beside it; other changes are made to it.

    None where it cannot be kept so, with the reason noted on its field.
    """
    by = intake.values.get("stated_by", "").strip()
    if not differs(had, new):
        intake.wrong(KEEP, "This has the day, place and level of the record: there is nothing to keep beside it.")
    elif {side.party for side in had.sides} != {side.party for side in new.sides}:
        intake.wrong(KEEP, "Accounts differ in day, place or level. For other sides correct the record, or record other talks.")
    elif not by:
        intake.wrong("stated_by", "Whose account is it?")
    if intake.errors:
        return None
    bounds = (had.window.earliest, had.window.latest) != (new.window.earliest, new.window.latest)
    rival = Account(
        key="",
        by=by,
        said_on=new.window.stated_on,
        window=new.window if bounds else None,
        level=new.level if new.level is not had.level else None,
        place=new.place if new.place != had.place else None,
        sources=tuple(key for key in new.sources if key not in had.sources),
    )
    kept = replace(new, window=had.window, place=had.place, sides=had.sides, sources=had.sources, accounts=had.accounts)
    return with_accounts(kept, [*standing(had, rival), rival])


def whether(had: Talks, *, happens: bool, by: str, claim: str | None, version: Talks) -> Talks:
    """The record with somebody's word beside it that the talks were held, or were not."""
    rival = Account(
        key="",
        by=by,
        said_on=version.window.stated_on,
        happens=happens,
        window=version.window if happens and differs(had, version) else None,
        claim=claim,
        sources=tuple(key for key in version.sources if key not in had.sources),
    )
    return with_accounts(had, [rival])


def standing(had: Talks, rival: Account) -> list[Account]:
    """The version on record as an account of its own, where it is known whose it is and it is not among them yet."""
    by = had.window.stated_by
    if not by or any(account.by == by for account in had.accounts) or rival.by == by:
        return []
    return [
        Account(
            key="",
            by=by,
            said_on=had.window.stated_on,
            window=had.window if rival.window is not None else None,
            level=had.level if rival.level is not None else None,
            place=had.place if rival.place is not None else None,
            sources=had.sources,
        )
    ]


def with_accounts(talks: Talks, accounts: list[Account]) -> Talks:
    """The talks with further accounts, each under a key of its own."""
    found = list(talks.accounts)
    for account in accounts:
        taken = {other.key for other in found}
        stem, n = slug(account.by), 1
        key = stem
        while key in taken:
            n += 1
            key = f"{stem}-{n}"
        found.append(replace(account, key=key))
    return replace(talks, accounts=tuple(found))


def settled(had: Talks, chosen: Account | None) -> Talks:
    """The record as the chosen account has it (None: as it stands), with no account in dispute any more."""
    accounts = tuple(replace(account, settled=True) for account in had.accounts)
    if chosen is None:
        return replace(had, accounts=accounts)
    status = had.status
    if chosen.happens is False:
        status = Status.CANCELLED
    elif chosen.happens and not status.is_ahead:
        status = Status.HELD
    level = chosen.level
    return replace(
        had,
        status=status,
        window=chosen.window or had.window,
        place=chosen.place or had.place,
        sides=tuple(replace(side, level=level) for side in had.sides) if level and level is not had.level else had.sides,
        sources=tuple(dict.fromkeys((*had.sources, *chosen.sources))),
        accounts=accounts,
    )
