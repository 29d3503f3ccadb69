"""A brief in words: who, when and where, what must come first, and what went before."""

from __future__ import annotations

from collections.abc import Sequence

from bot.accounts import claims, dated
from bot.brief_facts import Brief, Last
from bot.brief_marks import Marks
from bot.cards import level_words, when_words
from bot.reply import Card, Heading, Line, Part, Span, Strong, line
from bot.wording import LEVELS, day_month_year, full_day, gap, held_day, place_words
from store.records import Account, Level, PlaceState, Side, Status, Talks


class Wording:
    """Words one brief, in short or whole. What is not known cites no source: there is none for it."""

    def __init__(self, brief: Brief, cite: Marks, *, whole: bool) -> None:
        self._brief = brief
        self._cite = cite
        self._whole = whole
        self._names = brief.names
        self._today = brief.names.today

    def aside(self) -> str:
        """The status, and the day of what was read."""
        return f"{self._brief.page.status(self._brief.talks)} · as of {full_day(self._today)}"

    def state(self) -> list[Part]:
        """Says first what a reader must know before anything else: that the talks are not ahead, or who denies them."""
        why = f" ({self._brief.why.rstrip('.')})" if self._brief.why else ""
        match self._brief.talks.status:
            case Status.CANCELLED:
                return [(Strong(f"Cancelled{why}: these talks do not take place as announced."), *self._instead())]
            case Status.POSTPONED:
                return [(Strong(f"Postponed{why}: no new day counts until it is recorded."), *self._instead())]
            case Status.HELD:
                return [(Strong("Held already: this is what is on record of them and around them."), *self._instead())]
            case Status.MOOTED:
                return [self._mooted()]
        return []

    def _instead(self) -> Line:
        if (ahead := self._brief.ahead) is None:
            return line(" Nothing else of these sides is planned on record.")
        when = when_words(ahead, self._names)
        return (f" Next of these sides: {ahead.label} {ahead.title}, ", *when, self._cite(_when_keys(ahead)), ".")

    def _mooted(self) -> Line:
        """Whether anybody has said that mooted talks take place, and who denies it."""
        told = [a for a in self._brief.talks.accounts if not a.settled and a.happens is not None]
        yes, no = ([a for a in told if a.happens is wanted] for wanted in (True, False))
        if not told:
            return line(Strong("Mooted only: nobody has said on record that they will take place."))
        spans: list[Span] = [Strong("Mooted: "), *self._whose("claimed by ", yes)]
        spans += [" and " if yes and no else "", *self._whose("denied by ", no)]
        spans += ["" if yes else "; nobody has said on record that they will take place", "."]
        return tuple(spans)

    def _whose(self, lead: str, some: Sequence[Account]) -> Line:
        spans: list[Span] = []
        for account in some:
            spans += [", " if spans else lead, Strong(self._names.account_by(account)), self._cite(account.sources)]
        return tuple(spans)

    def basics(self) -> list[Part]:
        """When, where, who, and what must be held first."""
        talks = self._brief.talks
        found: list[Part] = [self._when(talks), self._where(talks), self._level(talks), *self._who(talks)]
        found += [self._need(need) for need in self._brief.needs]
        if self._whole and talks.accounts:
            found.append(Card(line(Strong("Accounts")), tuple(map(self._account, talks.accounts))))
        if self._whole and talks.note and talks.note != self._brief.why:
            found.append(line(talks.note, self._cite(talks.sources)))
        if talks.outcome:
            points = tuple(line("• ", point) for point in talks.outcome)
            found.append(Card(line(Strong("Outcome"), self._cite(talks.sources)), points))
        return found

    def _when(self, talks: Talks) -> Line:
        spans: list[Span] = [Strong("When"), "  ", *when_words(talks, self._names)]
        claimed = any(a.window and dated(a.window) and not a.settled and a.happens is not False for a in talks.accounts)
        if not dated(talks.window) and claimed and (stated := self._names.stated(talks.window)):
            spans.append(f" · as stated{stated}")
        elif not dated(talks.window) and not any(dated(a.window) for a in talks.accounts):
            spans.append(" · nobody has named a day on record")
        return (*spans, self._cite(_when_keys(talks)))

    def _where(self, talks: Talks) -> Line:
        rivals = [a for a in talks.accounts if a.place is not None and not a.settled and a.place != talks.place]
        told = [place_words(talks.place, self._names)]
        told += [f"hosted by {self._names.party(talks.host)}"] if talks.host else []
        told += [f"{place_words(a.place, self._names)} on one account ({self._names.account_by(a)})" for a in rivals if a.place]
        found = line(Strong("Where"), f"  {' · '.join(told)}")
        known = talks.place.state is not PlaceState.UNSTATED or len(told) > 1
        return (*found, self._cite(_where_keys(talks))) if known else found

    def _level(self, talks: Talks) -> Line:
        """The level, on whose word where accounts give it, and what others say it is."""
        told = [a for a in talks.accounts if a.level is not None and not a.settled]
        same = [a for a in told if a.level is talks.level]
        by = f" by {'; '.join(map(self._names.account_by, same))}" if same else ""
        spans: list[Span] = [Strong("Level"), f"  {level_words(talks)}{by}"]
        spans += [self._cite(_level_keys(talks))] if talks.level is not Level.UNSTATED else []
        for account in told:
            if account.level and account.level is not talks.level:
                spans += [
                    f" · {LEVELS[account.level]} on one account ({self._names.account_by(account)})",
                    self._cite(account.sources),
                ]
        return tuple(spans)

    def _who(self, talks: Talks) -> list[Line]:
        named = any(side.people for side in talks.sides)
        if self._whole or named:
            return [self._side(side) for side in talks.sides]
        sides = " – ".join(self._names.party(side.party) for side in talks.sides) or "sides not named"
        return [line(Strong("Who"), f"  {sides}: nobody named yet")]

    def _side(self, side: Side) -> Line:
        people = "; ".join(self._names.speaker(p.name, p.office) for p in side.people) or "nobody named"
        level = f" ({side.level.value})" if side.level is not Level.UNSTATED else ""
        found = line(Strong(self._names.party(side.party)), f"  {people}{level}")
        talks = self._brief.talks
        if side.people:
            return (*found, self._cite(talks.sources))
        return (*found, self._cite(_level_keys(talks))) if level else found

    def _need(self, need: Talks) -> Line:
        return line(
            Strong("First"), f"  {need.label} {need.title} · {self._brief.page.status(need)} · ",
            *when_words(need, self._names), self._cite(_when_keys(need)),
        )  # fmt: skip

    def _account(self, account: Account) -> Line:
        said = f", {day_month_year(account.said_on)}" if account.said_on else ""
        who = ", ".join(part for part in (account.by, account.office) if part)
        words = " · ".join(claims(account, self._names))
        settled = " · settled" if account.settled else ""
        return line("• ", Strong(who), f"{said}: {words}{settled}", self._cite(account.sources))

    def before(self) -> list[Part]:
        """The last talks of these sides, what came of them, and the gap since."""
        brief = self._brief
        found: list[Part] = [Heading("What went before")] if self._whole else []
        at_level = f" at {LEVELS[brief.talks.level]}" if brief.talks.level is not Level.UNSTATED else ""
        if not brief.last:
            return [*found, line(Strong("Last time"), "  no talks of these sides held before are on record")]
        if at_level and not any(last.same_level for last in brief.last):
            found.append(line(Strong("Last time"), f"  none on record{at_level}"))
        return [*found, *(self._last(last, at_level) for last in brief.last)]

    def _last(self, last: Last, at_level: str) -> Part:
        talks, day = last.talks, held_day(last.talks)
        ours = held_day(self._brief.talks)
        until = ours if ours and day and ours > day else self._today
        since = ""
        if day:
            since = f"{day_month_year(day)}, {gap(day, until)} {'before' if until == ours else 'ago'}"
        label = f"Last{at_level}" if last.same_level and at_level else "Last of these sides"
        place = talks.place.city or (self._names.party(talks.place.country) if talks.place.country else "")
        where = [part for part in (LEVELS[talks.level], place) if part]
        head = f"  {talks.label} {talks.title} · {since} · {' · '.join(where)}"
        if not talks.outcome:
            return line(Strong(label), f"{head} · outcome not on record", self._cite(talks.sources))
        points = talks.outcome if self._whole else talks.outcome[:3]
        return Card(line(Strong(label), head, self._cite(talks.sources)), tuple(line("• ", point) for point in points))


def _when_keys(talks: Talks) -> tuple[str, ...]:
    claimed = [key for a in talks.accounts if a.window is not None or a.happens is False for key in a.sources]
    return tuple(dict.fromkeys((*talks.sources, *claimed)))


def _where_keys(talks: Talks) -> tuple[str, ...]:
    claimed = [key for a in talks.accounts if a.place is not None for key in a.sources]
    return tuple(dict.fromkeys((*talks.sources, *claimed)))


def _level_keys(talks: Talks) -> tuple[str, ...]:
    """The sources of those who give the level on record; of the talks as a whole where no account gives it."""
    told = [key for a in talks.accounts if a.level is talks.level and not a.settled for key in a.sources]
    return tuple(dict.fromkeys(told or talks.sources))
