"""The brief: everything on one page before talks open. Shared by `/talks brief`, `attache brief` and the reminders.

`gather` reads, `compose` words it: in short for one message on a phone, or whole for its thread and for paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from bot.brief_facts import Brief, Item, Last
from bot.brief_words import Wording
from bot.cards import Page
from bot.draft_cards import Sheet, keys_of
from bot.reply import Button, Part, Reply
from bot.wording import Names, source_notes
from store import changes, drafts, drafts_lists, positions, sources, topics, travel
from store import talks as on_record
from store import talks_lists as lists
from store.database import Session
from store.records import Level, Position, Status, Talks
from store.talks_lists import Filter
from store.times import opens_at

SIDES_READ = 6
TOPICS_READ = 24
"""Topics under one agenda item that positions are looked for on."""
OTHERS_ON = 4
"""Topics on which other parties' positions are looked for; each takes a walk through all parties."""
OTHERS_SHOWN = 3
DRAFTS_SHOWN = 4
DECIDED_LATELY = timedelta(days=90)
"""How long a text that was decided on still belongs in a brief."""


def gather(session: Session, talks: Talks, now: datetime, zone: str) -> Brief:
    """Reads what is on record for a brief of some talks, as of `now`, for readers in `zone`."""
    sides = [side.party for side in talks.sides][:SIDES_READ]
    items, under = _items(session, talks, sides)
    others = _others(session, [item.topic for item in talks.agenda if item.topic], sides)
    last = _last(session, talks, sides, now)
    needs = [need.number for need in on_record.prerequisites(session, [talks.number]).get(talks.number, [])]
    ahead = _ahead(session, talks, sides, now)
    told = [talks.number, *needs, *(found.talks.number for found in last), *([ahead] if ahead else [])]
    page = Page.of(session, list(dict.fromkeys(told)), now, zone)
    texts = drafts_lists.on_topics(session, under, decided_since=now.date() - DECIDED_LATELY, limit=DRAFTS_SHOWN)
    sheet = Sheet.of(session, texts, now, zone, votes=False)
    votes = drafts.votes_by(session, texts, sides)
    standing = [p for item in items for _, some in item.stands for p in some]
    by_number = {t.number: t for t in page.talks}
    cited = _cited(talks, [*standing, *others], [found.talks for found in last], sheet, [by_number[n] for n in needs])
    cited = tuple(dict.fromkeys([*cited, *(key for some in votes.values() for vote in some for key in vote.sources)]))
    page = Page(page.talks, _names(session, page.names, [*standing, *others], sheet, cited), page.needs)
    keys = [key for key in (*under, *(p.topic for p in (*standing, *others))) if key]
    return Brief(
        page, talks, tuple(by_number[n] for n in needs), items, others, topics.by_keys(session, keys), last,
        by_number.get(ahead or 0), Sheet(sheet.drafts, page.names, sheet.topics, cited), votes, _travel(session, sides),
        _why(session, talks), cited,
    )  # fmt: skip


def _items(session: Session, talks: Talks, sides: Sequence[str]) -> tuple[tuple[Item, ...], list[str]]:
    """Agenda items with where the sides stand, and every topic that they reach."""
    own = {item.topic for item in talks.agenda if item.topic}
    found: list[Item] = []
    reached: list[str] = []
    for item in talks.agenda:
        below = topics.subtree(session, item.topic)[:TOPICS_READ] if item.topic else []
        keys = [key for key in below if key == item.topic or key not in own]
        reached += keys
        numbers = {side: [s.number for s in positions.latest_each(session, side, keys)] for side in sides}
        read = {p.number: p for p in positions.many(session, [n for some in numbers.values() for n in some])}
        stands = tuple((side, tuple(read[n] for n in some)) for side, some in numbers.items())
        found.append(Item(item.text, item.topic, stands))
    return tuple(found), list(dict.fromkeys(reached))


def _others(session: Session, agenda: Sequence[str], sides: Sequence[str]) -> tuple[Position, ...]:
    """The latest positions of those who are not at the table, on the agenda's topics and what these lie under."""
    known = topics.by_keys(session, agenda)
    wider = [topic.parent for topic in known.values() if topic.parent]
    keys = list(dict.fromkeys([*wider, *agenda]))[:OTHERS_ON]
    standing = [s for key in keys for s in positions.on_topic(session, key) if s.party not in sides]
    standing.sort(key=lambda s: (s.said_on or date.min, s.number), reverse=True)
    return tuple(positions.many(session, [s.number for s in standing[:OTHERS_SHOWN]]))


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


def _travel(session: Session, sides: Sequence[str]) -> tuple[str, ...]:
    """One line of the travel record for each side, where it knows these contacts: those of the United States."""
    if "us" not in sides:
        return ()
    found = ((side, travel.one_line(session, side)) for side in sides if side != "us")
    return tuple(words for _, words in found if words)


def _why(session: Session, talks: Talks) -> str | None:
    if talks.status.is_ahead or talks.status is Status.HELD:
        return None
    made = changes.of_record(session, on_record.KIND, talks.key)
    turned = [r for r in made if (r.before or {}).get("status") != (r.after or {}).get("status")]
    return turned[-1].why if turned else None


def _cited(
    talks: Talks, stands: Iterable[Position], last: Iterable[Talks], sheet: Sheet, needs: Iterable[Talks]
) -> tuple[str, ...]:
    """Every source of a brief once, in the order in which it is told."""
    found = [*talks.sources, *(key for account in talks.accounts for key in account.sources)]
    found += [key for need in needs for key in need.sources]
    for position in stands:
        found += [*position.sources, *(key for a in position.accounts for key in a.sources)]
        found += [key for reply in position.replies for key in reply.sources]
    found += [key for t in last for key in t.sources]
    return tuple(dict.fromkeys([*found, *(key for draft in sheet.drafts for key in keys_of(draft))]))


def _names(session: Session, known: Names, stands: Sequence[Position], sheet: Sheet, cited: Sequence[str]) -> Names:
    more = Names.of(session, known.now, known.zone, positions=stands)
    by_key = known.sources | more.sources | sheet.names.sources
    left = [key for key in cited if key not in by_key]
    return Names(
        known.parties | more.parties | sheet.names.parties, by_key | sources.by_keys(session, left), known.now, known.zone
    )


def compose(session: Session, talks: Talks, now: datetime, zone: str, *, whole: bool = False) -> Reply:
    """The brief of some talks as one answer: in short, or `whole` for its thread and for paper. Never changes anything."""
    return worded(gather(session, talks, now, zone), whole=whole)


def worded(brief: Brief, *, whole: bool = False) -> Reply:
    """A brief that was read, in words."""
    words = Wording(brief, whole=whole)
    parts: list[Part] = [*words.state(), *words.basics(), *words.agenda(), *words.before(), *words.texts()]
    talks = brief.talks
    buttons = [Button(f"Show {talks.label}", f"/talks show {talks.label}")]
    if not whole:
        buttons.insert(0, Button("In full", f"/talks brief {talks.label} full", primary=True))
    buttons += [Button(f"Brief {need.label}", f"/talks brief {need.label}") for need in brief.needs if need.status.is_ahead][:2]
    return Reply(
        f"Brief · {talks.label}  {brief.names.title(talks)}",
        aside=words.aside(),
        parts=(*parts, source_notes(brief.names, words.used())),
        buttons=tuple(buttons),
        share=f"/talks brief {talks.label}{' full' if whole else ''}",
    )
