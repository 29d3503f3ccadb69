"""What a digest says: what changed and why, what is next, what lapsed. Shared by the sweep and by `/digest preview`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.cards import Page, when_words
from bot.reply import Heading, Line, Moment, Part, Quiet, Reply, Span, Strong, line, plain
from bot.watching import scope_words
from bot.wording import LEVELS, REPLIES, STANCES, Names, day_month_year, full_day, interval, place_words
from store import drafts, news, positions, talks_lists, topics
from store import talks as on_record
from store.database import Session
from store.news import Change
from store.plain import from_plain
from store.records import Draft, Position, Status, Talks, Watch, Window
from store.scopes import Reader, concerns
from store.talks_lists import Filter

KINDS = (on_record.KIND, positions.KIND, drafts.KIND)
CHANGES_READ = 3000
CHANGES_SHOWN = 120
NEXT_SHOWN = 5
LAPSED_SHOWN = 5
LOOKED_THROUGH = 200

_STATUS = {
    Status.MOOTED: "back to mooted",
    Status.PLANNED: "planned again",
    Status.CONFIRMED: "confirmed",
    Status.HELD: "held",
    Status.POSTPONED: "postponed",
    Status.CANCELLED: "cancelled",
}


@dataclass(frozen=True, slots=True)
class Digest:
    """The lines of one digest, under their headings, and its first line."""

    headline: str
    aside: str
    groups: tuple[tuple[str, tuple[Line, ...]], ...]

    def reply(self) -> Reply:
        """All of it as one answer."""
        parts: list[Part] = []
        for heading, lines in self.groups:
            parts += [Heading(heading), *lines] if heading else lines
        return Reply(self.headline, aside=self.aside, parts=tuple(parts))


def digest(session: Session, watch: Watch, *, after: int, upto: int, last: datetime | None, now: datetime) -> Digest:
    """The digest of a watch for the changes after one revision and up to another; `last` is when the one before went out."""
    reader = Reader(session, now.date())
    changed, more = _changed(_View(watch, reader, now), after, upto)
    ahead = _matching(session, watch, reader, now, lapsed=False)
    lapsed = _matching(session, watch, reader, now, lapsed=True)
    page = Page.of(session, [t.number for t in (*ahead[:NEXT_SHOWN], *lapsed[:LAPSED_SHOWN])], now, watch.zone)
    day = now.astimezone(ZoneInfo(watch.zone)).date()
    scope = scope_words(session, watch).removeprefix("about ")
    since = f" since {full_day(last.astimezone(ZoneInfo(watch.zone)).date())}" if last else ""
    if not changed and not more:
        return Digest(_quiet(page, ahead, lapsed, since, scope), "", ())
    lines = [*changed[:CHANGES_SHOWN]]
    hidden = len(changed) - len(lines) + more
    if hidden:
        lines.append(
            line(f"and {hidden} more changes than a digest can hold: ", Strong("/talks next"), " shows where things stand.")
        )
    groups = [(f"Changed{since}", tuple(lines))]
    if ahead:
        groups.append(("Next", tuple(page.one_line(t) for t in page.talks if t in ahead[:NEXT_SHOWN])))
    if lapsed:
        groups.append(("Lapsed", tuple(page.one_line(t) for t in page.talks if t in lapsed[:LAPSED_SHOWN])))
    aside = f"{len(changed) + more} changed · {_count(ahead)} ahead · {_count(lapsed)} lapsed"
    return Digest(f"Digest · {full_day(day)} · {scope}", aside, tuple(groups))


def _count(found: Sequence[Talks]) -> str:
    return f"{len(found)}{'+' if len(found) >= LOOKED_THROUGH else ''}"


def _quiet(page: Page, ahead: Sequence[Talks], lapsed: Sequence[Talks], since: str, scope: str) -> str:
    """The one line of a digest with nothing to report."""
    words = f"Nothing changed{since} · {scope}"
    if ahead:
        first = next(t for t in page.talks if t.number == ahead[0].number)
        words += f" · next: {first.label} {page.names.sides(first)}, {plain(when_words(first, page.names))}"
    return words + (f" · {_count(lapsed)} lapsed" if lapsed else "")


def _matching(session: Session, watch: Watch, reader: Reader, now: datetime, *, lapsed: bool) -> list[Talks]:
    """The talks ahead, or lapsed, that a watch is about; soonest or latest first."""
    codes = watch.about.parties if not (watch.about.members or watch.about.topics) else ()
    numbers: list[int] = []
    for chosen in [Filter(parties=(code,)) for code in codes] or [Filter()]:
        if lapsed:
            numbers += talks_lists.lapsed(session, chosen, now=now, limit=LOOKED_THROUGH)
        else:
            numbers += talks_lists.upcoming(session, chosen, now=now, limit=LOOKED_THROUGH)
    found = on_record.many(session, list(dict.fromkeys(numbers)))
    wanted = [talks for talks in found if concerns(watch, reader.of_talks(talks))]
    wanted.sort(key=lambda talks: (on_record.due(talks), talks.number), reverse=lapsed)
    return wanted[:LOOKED_THROUGH]


@dataclass(frozen=True, slots=True)
class _View:
    """For whom changes are told, and when."""

    watch: Watch
    reader: Reader
    now: datetime

    @property
    def session(self) -> Session:
        return self.reader.session


def _changed(view: _View, after: int, upto: int) -> tuple[list[Line], int]:
    found, more = news.between(view.session, after, upto, KINDS, limit=CHANGES_READ)
    lines = [_MAKERS[change.kind](view, change) for change in found]
    return [made for made in lines if made], more


def _talks_line(view: _View, change: Change) -> Line | None:
    before = from_plain(Talks, change.before) if change.before else None
    after = from_plain(Talks, change.after) if change.after else None
    stands = after or before
    if stands is None or not any(concerns(view.watch, view.reader.of_talks(t)) for t in (before, after) if t):
        return None
    names = Names.of(view.session, view.now, view.watch.zone, talks=[t for t in (before, after) if t])
    words = _talks_words(before, after, names)
    reason = change.why or (
        "" if before is None or before.window == stands.window else names.stated(stands.window).strip(" ()")
    )
    spans: tuple[Span, ...] = (Strong(stands.label), f"  {names.title(stands)}: ", *words)
    return (*spans, *([f" · {reason}"] if reason else []), *names.cite(stands.sources))


def _talks_words(before: Talks | None, after: Talks | None, names: Names) -> tuple[Span, ...]:
    if after is None:
        return ("taken off the record",)
    if before is None:
        return (f"new, {after.status.value} · ", *when_words(after, names), f" · {place_words(after.place, names)}")
    found: list[str] = []
    if before.status is not after.status:
        found.append(_STATUS[after.status])
    if _bounds(before.window) != _bounds(after.window):
        found.append(f"moved from {_when(before.window)} to {_when(after.window)}")
    if before.place != after.place:
        found.append(f"now {place_words(after.place, names)}")
    if before.level is not after.level:
        found.append(f"now {LEVELS[after.level]}")
    if after.disputed and not before.disputed:
        found.append("now disputed")
    if set(after.outcome) - set(before.outcome):
        found.append("outcome recorded")
    return (" · ".join(found) or "details corrected",)


def _bounds(window: Window) -> tuple[object, object]:
    return window.earliest, window.latest


def _when(window: Window) -> str:
    if isinstance(window.earliest, datetime):
        return plain([Moment(window.earliest, window.zone or "UTC")])
    return interval(window)


def _position_line(view: _View, change: Change) -> Line | None:
    before = from_plain(Position, change.before) if change.before else None
    after = from_plain(Position, change.after) if change.after else None
    stands = after or before
    if stands is None or not concerns(view.watch, view.reader.of_position(stands)):
        return None
    names = Names.of(view.session, view.now, view.watch.zone, positions=[stands])
    topic = topics.get(view.session, stands.topic)
    said = f" (said {day_month_year(stands.said_on)})" if stands.said_on else ""
    head: tuple[Span, ...] = (
        Strong(stands.label),
        f"  {names.party(stands.party)} on {topic.name if topic else stands.topic}: ",
    )
    words = _position_words(view.session, before, after, names) + said
    return (*head, words, *([f" · {change.why}"] if change.why else []), *names.cite(stands.sources))


def _position_words(session: Session, before: Position | None, after: Position | None, names: Names) -> str:
    if after is None:
        return "position taken off the record"
    if before is None:
        old = positions.by_key(session, after.supersedes) if after.supersedes else None
        changed = (
            f"position changed, from {STANCES[old.stance]} to " if old and old.stance is not after.stance else "new position, "
        )
        return f"{changed}{STANCES[after.stance]}: {after.summary}"
    known = {reply.key for reply in before.replies}
    fresh = [reply for reply in after.replies if reply.key not in known]
    if fresh:
        return "; ".join(f"{names.party(r.party)} {REPLIES[r.stance]}" for r in fresh)
    if before.stance is not after.stance:
        return f"corrected from {STANCES[before.stance]} to {STANCES[after.stance]}"
    return "details corrected"


def _draft_line(view: _View, change: Change) -> Line | None:
    before = from_plain(Draft, change.before) if change.before else None
    after = from_plain(Draft, change.after) if change.after else None
    stands = after or before
    if stands is None or not concerns(view.watch, view.reader.of_draft(stands)):
        return None
    if after is None:
        words = "taken off the record"
    elif before is None:
        words = f"new draft, {after.status.value.replace('_', ' ')}"
    elif before.status is not after.status:
        words = after.status.value.replace("_", " ")
    else:
        words = "sponsors, endorsements or votes updated" if before.alignments != after.alignments else "details corrected"
    reason: list[Span] = [Quiet(f" · {change.why}")] if change.why else []
    return (Strong(stands.label), f"  {stands.title}: {words}", *reason)


_MAKERS = {on_record.KIND: _talks_line, positions.KIND: _position_line, drafts.KIND: _draft_line}
