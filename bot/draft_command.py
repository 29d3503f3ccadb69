"""`attache draft votes`: a roll of votes from a CSV file onto a draft."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import click

from bot.options import db_option, instant
from bot.wiring import open_for_cli
from store import drafts, drafts_lists, home, parties, rolls, sources
from store.database import Session, WriteSession
from store.errors import NotOnRecord
from store.exchange import BadFile
from store.records import Draft, Source, Vote, VoteChoice, VoteKind
from store.votes_csv import MAX_BYTES, Roll, bare, read

ACTOR = "command line"

_WORDS = {VoteChoice.FOR: "for", VoteChoice.AGAINST: "against", VoteChoice.ABSTAINED: "abstained", VoteChoice.ABSENT: "absent"}


@click.group("draft")
def draft_command() -> None:
    """Drafts on record: votes from a file."""


@draft_command.command("votes")
@click.argument("draft")
@click.argument("file")
@db_option
@click.option("--team", default="", metavar="ID", help="The workspace: a Slack team id.  [default: the home workspace]")
@click.option("--resolution", metavar="SYMBOL", help="Which rows of a file with several.  [default: the draft's symbol]")
@click.option("--intended", is_flag=True, help="The file says how parties mean to vote, not how they did.")
@click.option("--day", callback=instant, metavar="DAY", help="The day of the vote, where the file does not say.")
@click.option("--source", metavar="URL", help="Where the file is from.  [default: the link in the file]")
def votes_command(
    draft: str,
    file: str,
    db: str | None,
    team: str,
    resolution: str | None,
    intended: bool,
    day: datetime | None,
    source: str | None,
) -> int:
    """Puts the votes in a CSV FILE ("-": standard input) on record with DRAFT, such as D-1 or A/RES/ES-11/7.

    The UN Digital Library's own columns are understood (ms_code, ms_name, ms_vote, date, resolution, total_yes …), and so are
    country and vote. All of the file is loaded or nothing: faults are listed with their lines, and the exit status is 2.
    """
    content = _content(file)
    kind = VoteKind.INTENDED if intended else VoteKind.CAST
    on = day.date() if day else None
    with open_for_cli(db, None) as (store, clock):
        try:
            why = f"votes from {'standard input' if file == '-' else Path(file).name}"
            with store.write(team or home.of(store), actor=ACTOR, now=clock.now(), why=why) as session:
                before = _draft(session, draft)
                today = None if intended else clock.now().astimezone(UTC).date()
                roll = read(session, content, symbol=before.symbol, wanted=resolution, today=today)
                _check_day(roll, on, today)
                cited = _source(session, roll, source)
                after = rolls.laid_over(before, roll, kind=kind, day=on, sources=cited)
                after = drafts.save(session, after, action="votes recorded")
                told = _remarks(session, before, roll, on)
                changed = [_changed(session, *votes) for votes in rolls.changed(before, after, kind)]
        except BadFile as error:
            return _refused(file, [str(fault) for fault in error.faults])
    _tell(before, after, roll, kind, changed)
    for words in told:
        click.echo(f"note: {words}", err=True)
    return 0


def _draft(session: Session, words: str) -> Draft:
    number = re.fullmatch(r"(?:d\s*-?\s*)?(\d{1,9})", words.strip(), re.IGNORECASE)
    found = [int(number[1])] if number else drafts_lists.by_symbol(session, words.strip())
    if len(found) > 1:
        raise click.UsageError(f"{words} is the symbol of {' and '.join(f'D-{n}' for n in found)}; give one of them.")
    if not found:
        raise click.UsageError(f"There is no draft {words[:60]} on record; give one such as D-1.")
    try:
        return drafts.get(session, found[0])
    except NotOnRecord as missing:
        raise click.UsageError(str(missing)) from None


def _check_day(roll: Roll, day: date | None, today: date | None) -> None:
    """Refuses a day to come for votes that are cast; one in the file is refused with its line."""
    if today and day and roll.day is None and day > today:
        raise click.UsageError(f"--day {day} is still to come: nobody has voted yet. --intended takes votes that are meant.")


def _content(file: str) -> bytes:
    try:
        if file == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(file).expanduser().open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror or error}.") from error


def _source(session: WriteSession, roll: Roll, given: str | None) -> tuple[str, ...]:
    """The source of the votes, put on record if it is new: the address given, else the one in the file."""
    url = given or roll.link
    if not url:
        return ()
    if not re.match(r"https?://\S+$", url) or len(url) > 2000:
        raise click.UsageError(f"{url[:60]} is not a web address.")
    known = sources.by_url(session, url)
    if known:
        return (known.key,)
    key = "votes-" + re.sub(r"[^a-z0-9]+", "-", url.lower().split("://", 1)[1]).strip("-")[:60]
    of = f", {roll.symbol}" if roll.symbol else ""
    library = "digitallibrary.un.org" in url
    title = f"{'Voting record' if library else 'Votes'}{of}"
    made = Source(key, title, "UN Digital Library" if library else None, url)
    sources.save(session, made)
    return (key,)


def _refused(file: str, faults: Sequence[str]) -> int:
    name = "standard input" if file == "-" else file
    for fault in faults:
        click.echo(f"{name}: {fault}", err=True)
    count = "1 fault" if len(faults) == 1 else f"{len(faults):,} faults"
    click.echo(f"{count}; nothing was loaded.", err=True)
    return 2


def _changed(session: Session, old: Vote, new: Vote) -> str:
    """`France: abstained (Media Analytic) → for (unsourced)`."""
    name = parties.names_of(session, [new.party]).get(new.party, new.party)
    return f"{name}: {_sourced(session, old)} → {_sourced(session, new)}"


def _sourced(session: Session, vote: Vote) -> str:
    known = sources.by_keys(session, list(vote.sources))
    words = ", ".join(dict.fromkeys(source.publisher or source.title for source in known.values()))
    return f"{_WORDS[vote.choice]} ({words or 'unsourced'})"


def _tell(before: Draft, after: Draft, roll: Roll, kind: VoteKind, listed: Sequence[str]) -> None:
    """What was loaded: the counts, every vote that changed, as `listed`, and what does not add up."""
    counts = roll.counted()
    words = ", ".join(f"{counts[choice]} {word}" for choice, word in _WORDS.items() if counts[choice])
    meant = "as intended" if kind is VoteKind.INTENDED else "as cast"
    click.echo(f"{after.label} {after.title}: {len(roll.votes)} votes {meant}: {words}")
    had = {vote.party: vote.choice for vote in before.votes if vote.kind is kind}
    new = sum(vote.party not in had for vote in roll.votes)
    kept = len(set(had) - {vote.party for vote in roll.votes})
    parts = [
        (new, "new"),
        (len(listed), "changed"),
        (len(roll.votes) - new - len(listed), "as they were"),
        (kept, "kept, not in the file"),
    ]
    click.echo("votes: " + ", ".join(f"{number} {word}" for number, word in parts if number))
    for words in listed:
        click.echo(f"changed: {words}")
    if before == after:
        click.echo("everything in it is on record already; nothing changed.")
    if kind is VoteKind.CAST:
        _tell_sums(before, after, roll)


def _remarks(session: Session, draft: Draft, roll: Roll, day: date | None) -> list[str]:
    """What somebody should look at: voters, another resolution than the draft's, another day."""
    found = list(roll.remarks)
    own = draft.symbol
    if roll.symbol and (own is None or bare(roll.symbol) != bare(own)):
        others = [f"D-{n}" for n in drafts_lists.by_symbol(session, roll.symbol) if n != draft.number]
        theirs = f", the symbol of {' and '.join(others)}" if others else ""
        ours = f"whose symbol is {own}" if own else "which has no symbol on record: is it the same text?"
        found.append(f"the file has the votes on {roll.symbol}{theirs}; they are now those of {draft.label}, {ours}")
    if roll.day and day and day != roll.day:
        found.append(f"the file says {roll.day}, which counts; --day {day} was not needed")
    decided = rolls.decided(draft)
    if (on := roll.day or day) and decided and on != decided:
        found.append(f"the votes are of {on}; {draft.label} was {draft.status.value} on {decided} on record")
    if roll.totals and draft.tally is None and roll.totals.on(date.min) is None:
        found.append("the totals in the file are not kept, for that takes all three: for, against and abstained")
    elif roll.totals and draft.tally is None and roll.announced(day or decided) is None:
        found.append("the totals in the file are not kept, for nothing says of which day they are; give --day")
    return found


def _tell_sums(before: Draft, after: Draft, roll: Roll) -> None:
    """What does not add up, on stderr: the file's rows and its own totals, its totals and those on record, and these and the
    roll as it now is."""
    for wrong in rolls.short_of(roll):
        _off(f"{wrong.roll} {_WORDS[wrong.choice]} on the roll, {wrong.announced} by the totals in the file")
    for wrong in rolls.contradicted(roll, before.tally):
        words = f"{wrong.roll} {_WORDS[wrong.choice]} by the totals in the file, {wrong.announced} by those on record"
        _off(f"{words}, which stay")
    whole = roll.totals is not None and roll.totals.on(date.min) is not None
    if before.tally and (not whole or rolls.contradicted(roll, before.tally)):
        for wrong in rolls.off(rolls.counted(after), after.tally):
            _off(f"{wrong.roll} {_WORDS[wrong.choice]} on the roll, {wrong.announced} by the totals on record")


def _off(words: str) -> None:
    click.echo(f"does not add up: {words}", err=True)
