"""The brief: everything on one page before talks open. Shared by `/talks brief`, `attache brief` and the reminders.

`gather` reads, `compose` words it: in short for one message on a phone, or whole for its thread and for paper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import brief_stances
from bot.brief_facts import Brief, Last, Stances
from bot.brief_marks import Marks
from bot.brief_stands import Stands
from bot.brief_texts import Texts
from bot.brief_words import Wording
from bot.cards import Page
from bot.draft_cards import Sheet
from bot.reply import Button, Part, Reply
from bot.wording import Names, source_list, source_notes
from store import changes, drafts, drafts_lists, sources, topics, travel
from store import talks as on_record
from store import talks_lists as lists
from store.database import Session
from store.records import Level, Status, Talks, Vote
from store.talks_lists import Filter
from store.times import opens_at

DRAFTS_SHOWN = 4
DECIDED_LATELY = timedelta(days=90)
"""How long a text that was decided on still belongs in a brief."""

_LOADED = re.compile(r"loaded from |starter facts\Z")
"""What a load of a file gives as the reason for every change in it: nobody's reason for any of them."""


def gather(session: Session, talks: Talks, now: datetime, zone: str, *, whole: bool = False) -> Brief:
    """Reads what is on record for a brief of some talks, as of `now`, for readers in `zone`."""
    sides = [side.party for side in talks.sides][: brief_stances.SIDES_WHOLE]
    last = _last(session, talks, sides, now)
    needs = [need.number for need in on_record.prerequisites(session, [talks.number]).get(talks.number, [])]
    ahead = _ahead(session, talks, sides, now)
    told = [talks.number, *needs, *(found.talks.number for found in last), *([ahead] if ahead else [])]
    page = Page.of(session, list(dict.fromkeys(told)), now, zone)
    stances = brief_stances.stances(session, talks, page.names.today, whole=whole)
    under = brief_stances.reached(session, talks)
    texts = drafts_lists.on_topics(session, under, decided_since=now.date() - DECIDED_LATELY, limit=DRAFTS_SHOWN)
    sheet = Sheet.of(session, texts, now, zone, votes=False)
    votes = drafts.votes_by(session, texts, sides)
    names = _names(session, page.names, stances, sheet, votes)
    by_number = {t.number: t for t in page.talks}
    travelled, no_travel = _travel(session, sides)
    return Brief(
        Page(page.talks, names, page.needs), talks, tuple(by_number[n] for n in needs), stances,
        topics.by_keys(session, list({*under, *(p.topic for p in stances.all())})), last, by_number.get(ahead or 0),
        Sheet(sheet.drafts, names, sheet.topics, ()), votes, travelled, no_travel, _why(session, talks),
    )  # fmt: skip


def _last(session: Session, talks: Talks, sides: Sequence[str], now: datetime) -> tuple[Last, ...]:
    """The last held talks of these sides at this level, and the last at any level where that is another."""
    opens = opens_at(talks.window)
    before = opens if opens and opens < now else now
    level = None if talks.level is Level.UNSTATED else talks.level
    same = lists.last_held(session, sides, level, before=before) if level and sides else None
    newest = lists.last_held(session, sides, None, before=before) if sides else None
    numbers = list(dict.fromkeys(n for n in (same, newest) if n and n != talks.number))
    return tuple(Last(t, same_level=t.number == same) for t in on_record.many(session, numbers))


def _ahead(session: Session, talks: Talks, sides: Sequence[str], now: datetime) -> int | None:
    if talks.status.is_ahead or not sides:
        return None
    found = lists.upcoming(session, Filter(parties=tuple(sides)), now=now, limit=2)
    return next((number for number in found if number != talks.number), None)


def _travel(session: Session, sides: Sequence[str]) -> tuple[tuple[tuple[str, str], ...], bool]:
    """One line of the travel record by side, where it knows these contacts: those of the United States; and whether it would
    know them, but is not there."""
    others = [side for side in sides if side != "us"]
    if len(others) == len(sides):
        return (), False
    found = tuple((side, words) for side in others if (words := travel.one_line(session, side)))
    return found, bool(others) and not found


def _why(session: Session, talks: Talks) -> str | None:
    """The reason somebody gave for the last change of the status, or else the record's note."""
    if talks.status.is_ahead or talks.status is Status.HELD:
        return None
    made = changes.of_record(session, on_record.KIND, talks.key)
    turned = [r for r in made if (r.before or {}).get("status") != (r.after or {}).get("status")]
    said = turned[-1].why if turned else None
    return talks.note if said is None or _LOADED.match(said) else said


def _names(session: Session, known: Names, stances: Stances, sheet: Sheet, votes: dict[int, list[Vote]]) -> Names:
    more = Names.of(session, known.now, known.zone, positions=[*stances.all(), *stances.answered()])
    by_key = known.sources | more.sources | sheet.names.sources
    left = {key for some in votes.values() for vote in some for key in vote.sources} - by_key.keys()
    return Names(
        known.parties | more.parties | sheet.names.parties,
        by_key | sources.by_keys(session, sorted(left)),
        known.now,
        known.zone,
    )


def compose(session: Session, talks: Talks, now: datetime, zone: str, *, whole: bool = False, on_paper: bool = False) -> Reply:
    """The brief of some talks as one answer: in short, or `whole` for its thread and for paper. Never changes anything.

    `on_paper` lists the sources one by one, each with all that it takes to find it again.
    """
    return worded(gather(session, talks, now, zone, whole=whole), whole=whole, on_paper=on_paper)


def worded(brief: Brief, *, whole: bool = False, on_paper: bool = False) -> Reply:
    """A brief that was read, in words."""
    cite = Marks(brief.names)
    words = Wording(brief, cite, whole=whole)
    parts: list[Part] = [*words.state(), *words.basics(), *Stands(brief, cite, whole=whole).parts(), *words.before()]
    parts += Texts(brief, cite, whole=whole).parts()
    parts += source_list(brief.names, cite.used()) if on_paper else [source_notes(brief.names, cite.used())]
    talks = brief.talks
    buttons = [Button(f"Show {talks.label}", f"/talks show {talks.label}")]
    if not whole:
        buttons.insert(0, Button("In full", f"/talks brief {talks.label} full", primary=True))
    buttons += [Button(f"Brief {need.label}", f"/talks brief {need.label}") for need in brief.needs if need.status.is_ahead][:2]
    return Reply(
        f"Brief · {talks.label}  {brief.names.title(talks)}",
        aside=words.aside(),
        parts=tuple(parts),
        buttons=tuple(buttons),
        share=f"/talks brief {talks.label}{' full' if whole else ''}",
    )
