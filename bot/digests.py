"""What a digest says: what changed and why, what is next, what lapsed. Shared by the sweep and by `/digest preview`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from bot.cards import Page, when_words
from bot.digest_lines import KINDS, View, change_line, concerned
from bot.reply import Heading, Line, Part, Reply, Strong, line, plain
from bot.watching import scope_words
from bot.wording import full_day
from store import news, watched
from store.database import Session
from store.records import Watch
from store.scopes import Reader
from store.times import instant_text
from store.watched import Found

CHANGES_READ = 100_000
CHANGES_WEIGHED = 20_000
"""How many changes are looked at, and of how many it is found out whether they are what the watch is about: what does not
so much as mention it is set aside in passing. Each takes a second or so at the most."""
CHANGES_SHOWN = 120
NEXT_SHOWN = 5
LAPSED_SHOWN = 5
JUST_LAPSED_SHOWN = 20
COUNTED = 200


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
    told = _changed(session, watch, after, upto, now)
    since = f" since {full_day(last.astimezone(ZoneInfo(watch.zone)).date())}" if last else ""
    scope = scope_words(session, watch).removeprefix("about ")
    standing = _Standing.of(session, watch, last or news.began(session, after), now)
    if not told.count and told.whole and not standing.just_lapsed:
        return Digest(_quiet(standing, since, scope), "", ())
    groups = [(f"Changed{since}", told.lines), ("Next", standing.lines(standing.ahead[:NEXT_SHOWN]))]
    groups += _lapsed(standing, since)
    day = now.astimezone(ZoneInfo(watch.zone)).date()
    aside = f"{told.words()} · {_count(standing.ahead)} ahead · {_count(standing.lapsed)} lapsed"
    return Digest(f"Digest · {full_day(day)} · {scope}", aside, tuple((heading, rows) for heading, rows in groups if rows))


@dataclass(frozen=True, slots=True)
class _Told:
    """Changes in lines, with a last one about those that are not shown; how many there are, and whether that is all."""

    lines: tuple[Line, ...]
    count: int
    whole: bool

    def words(self) -> str:
        if self.whole:
            return f"{self.count} changed"
        return f"{self.count}+ changed" if self.count else "not all changes looked through"


def _changed(session: Session, watch: Watch, after: int, upto: int, now: datetime) -> _Told:
    view = View(watch, Reader(session, now.date(), bool(watch.about.members or watch.but_not.members)), now)
    mentioning = watched.mentions(session, watch.about, now.date())
    found = news.between(session, after, upto, KINDS, mentioning=mentioning, limit=CHANGES_READ)
    weighed = found.changes if view.everything else islice(found.changes, CHANGES_WEIGHED)
    lines: list[Line] = []
    count = 0
    for change in weighed:
        if concerned(view, change):
            count += 1
            if count <= CHANGES_SHOWN:
                lines.append(change_line(view, change))
    whole = found.whole and next(found.changes, None) is None
    stands = (Strong("/talks next"), " shows where things stand.")
    if not whole:
        lines.append(line("More changes were not looked through: ", *stands))
    elif count > CHANGES_SHOWN:
        lines.append(line(f"and {count - CHANGES_SHOWN} more changes than a digest can hold: ", *stands))
    return _Told(tuple(lines), count, whole)


@dataclass(frozen=True, slots=True)
class _Standing:
    """How things stand: the talks ahead and lapsed that a watch is about, with words for those that are shown."""

    ahead: Sequence[Found]
    just_lapsed: Sequence[Found]
    lapsed: Sequence[Found]
    """All that lapsed, the latest first: those that did since the last digest are the first of them."""
    page: Page

    @classmethod
    def of(cls, session: Session, watch: Watch, since: datetime | None, now: datetime) -> _Standing:
        ahead = watched.ahead(session, watch, now=now, limit=COUNTED + 1)
        lapsed = watched.lapsed(session, watch, now=now, limit=COUNTED + 1)
        just = [each for each in lapsed if since and each.due >= instant_text(since)]
        shown = [*ahead[:NEXT_SHOWN], *lapsed[: max(LAPSED_SHOWN, min(len(just), JUST_LAPSED_SHOWN))]]
        return cls(ahead, just, lapsed, Page.of(session, [each.number for each in shown], now, watch.zone))

    def lines(self, some: Sequence[Found]) -> tuple[Line, ...]:
        numbers = {each.number for each in some}
        return tuple(self.page.one_line(talks) for talks in self.page.talks if talks.number in numbers)


def _lapsed(standing: _Standing, since: str) -> list[tuple[str, tuple[Line, ...]]]:
    """What lapsed since the last digest, which is news, and before that the latest of the rest."""
    just = standing.just_lapsed
    rows = standing.lines(just[:JUST_LAPSED_SHOWN])
    if len(just) > JUST_LAPSED_SHOWN:
        more = _count(just[JUST_LAPSED_SHOWN:], COUNTED - JUST_LAPSED_SHOWN)
        rows = (*rows, line(f"and {more} more: ", Strong("/talks overdue"), " lists them."))
    older = standing.lapsed[len(just) : max(LAPSED_SHOWN, len(just))]
    return [(f"Lapsed{since}", rows), ("Lapsed before that" if just else "Lapsed", standing.lines(older))]


def _count(found: Sequence[Found], most: int = COUNTED) -> str:
    return f"{min(len(found), most)}{'+' if len(found) > most else ''}"


def _quiet(standing: _Standing, since: str, scope: str) -> str:
    """The one line of a digest with nothing to report."""
    words = f"Nothing changed{since} · {scope}"
    if standing.ahead:
        first, names = standing.page.talks[0], standing.page.names
        words += f" · next: {first.label} {names.sides(first)}, {plain(when_words(first, names))}"
    return words + (f" · {_count(standing.lapsed)} lapsed" if standing.lapsed else "")
