"""Talks as people read them: three lines in a list, one card on its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.accounts import claims, dated
from bot.reply import Button, Card, Facts, Line, Part, Reply, Span, Strong, line
from bot.wording import (
    LEVELS,
    Names,
    full_day,
    interval,
    place_words,
    source_notes,
    status_words,
)
from store import talks as on_record
from store.database import Session
from store.records import Account, Level, Precision, Status, Talks, Window
from store.talks import Need


@dataclass(frozen=True, slots=True)
class Page:
    """Some talks with everything needed to word them."""

    talks: list[Talks]
    names: Names
    needs: dict[int, list[Need]]

    @classmethod
    def of(cls, session: Session, numbers: Sequence[int], now: datetime, zone: str) -> Page:
        """Reads the talks with these numbers, in that order."""
        found = on_record.many(session, numbers)
        return cls(found, Names.of(session, now, zone, talks=found), on_record.prerequisites(session, numbers))

    def open_needs(self, talks: Talks) -> list[str]:
        """Labels of the prerequisites not held yet."""
        return [need.label for need in self.needs.get(talks.number, []) if need.status is not Status.HELD]

    def status(self, talks: Talks) -> str:
        late = on_record.lapsed(talks, self.names.now)
        return status_words(talks, lapsed=late, waits_for=self.open_needs(talks))

    def listed(self, talks: Talks) -> Card:
        """Talks in a list: what, when in whose words, where and at what level."""
        names = self.names
        waits = self.open_needs(talks)
        when: tuple[Span, ...] = (*when_words(talks, names), *names.cite(_when_sources(talks)))
        if waits and talks.status.is_ahead:
            when = (f"after {', '.join(waits)} · ", *when)
        where = place_words(talks.place, names)
        return Card(
            line(Strong(talks.label), "  ", names.title(talks)),
            (when, line(f"{where} · {level_words(talks)} · {self.status(talks)}")),
        )

    def one_line(self, talks: Talks) -> Line:
        """Talks in one line, for what is only mooted or has lapsed."""
        names = self.names
        return (
            Strong(talks.label),
            f"  {names.title(talks)} · ",
            *when_words(talks, names),
            f" · {self.status(talks)}",
            *names.cite(_when_sources(talks)),
        )


def level_words(talks: Talks) -> str:
    """The level, and each side's where they differ: `director level (United States minister, Russia director)` in codes."""
    levels = {side.level for side in talks.sides if side.level is not Level.UNSTATED}
    words = LEVELS[talks.level]
    if len(levels) > 1:
        words += " on the lower side, mismatched"
    return words


def when_words(talks: Talks, names: Names) -> tuple[Span, ...]:
    """When, with the words as stated; rival versions side by side where accounts differ."""
    rivals = [a for a in talks.accounts if a.window is not None and not a.settled and a.happens is not False]
    if not dated(talks.window) and any(dated(a.window) for a in rivals):
        return (" · ".join(_versions(rivals, names)),)
    spans: tuple[Span, ...] = (*names.when(talks.window), names.stated(talks.window))
    others = [a for a in rivals if a.window and _bounds(a.window) != _bounds(talks.window)]
    if others:
        spans = (*spans, f" · {' · '.join(_versions(others, names))}")
    denied = [a for a in talks.accounts if a.happens is False and not a.settled]
    if denied:
        spans = (*spans, f" · denied by {names.account_by(denied[0])}")
    return spans


def _bounds(window: Window) -> tuple[object, object]:
    return window.earliest, window.latest


def _versions(rivals: Sequence[Account], names: Names) -> list[str]:
    """Each version of when with those who give it: `by Sat 8 Mar 2025 on one account (Politico, 22 Feb)`."""
    by_bounds: dict[tuple[object, object], list[Account]] = {}
    for account in sorted(rivals, key=lambda a: not dated(a.window)):
        by_bounds.setdefault(_bounds(account.window or Window()), []).append(account)
    words: list[str] = []
    for some in by_bounds.values():
        whose = "; ".join(names.account_by(account) for account in some)
        one = "one account" if not words else "another" if len(some) == 1 else "others"
        words.append(f"{_version(some[0].window)} on {one} ({whose})")
    return words


def _version(window: Window | None) -> str:
    if window is None or not dated(window):
        return "undated"
    return f"by {interval(window).split(' – ')[-1]}" if window.precision is Precision.OPEN_WINDOW else interval(window)


def _when_sources(talks: Talks) -> tuple[str, ...]:
    cited = [key for a in talks.accounts if a.window is not None for key in a.sources]
    return (*talks.sources, *(key for key in dict.fromkeys(cited) if key not in talks.sources))


def card(page: Page, talks: Talks) -> Reply:
    """One card with everything on record about these talks."""
    names = page.names
    pairs: list[tuple[str, Line]] = [
        ("When", (*names.when(talks.window), names.stated(talks.window), _reads_as(talks.window, names))),
        ("Where", line(_where(talks, names))),
        ("Level", line(level_words(talks))),
    ]
    for side in talks.sides:
        people = "; ".join(names.speaker(p.name, p.office) for p in side.people)
        level = "" if side.level is Level.UNSTATED else f" ({side.level.value})"
        pairs.append((names.party(side.party), line((people or "nobody named") + level)))
    if talks.agenda:
        pairs.append(("Agenda", line("; ".join(item.text for item in talks.agenda))))
    if page.needs.get(talks.number):
        needs = "; ".join(f"{need.label} {need.title} ({need.status.value})" for need in page.needs[talks.number])
        pairs.append(("After", line(needs)))
    parts: list[Part] = [Facts(tuple(pairs))]
    if talks.accounts:
        parts.append(Card(line(Strong("Accounts")), tuple(account_line(a, names) for a in talks.accounts)))
    if talks.outcome:
        parts.append(Card(line(Strong("Outcome")), tuple(line("• ", point) for point in talks.outcome)))
    if talks.note:
        parts.append(line(talks.note))
    cited = [*talks.sources, *(key for a in talks.accounts for key in a.sources)]
    parts.append(source_notes(names, cited))
    return Reply(
        f"{talks.label}  {names.title(talks)}",
        aside=page.status(talks),
        parts=tuple(parts),
        buttons=_card_buttons(talks),
        share=f"/talks show {talks.label}",
    )


def _card_buttons(talks: Talks) -> tuple[Button, ...]:
    """History; then the steps that make sense from where the talks stand; then what corrects them."""
    codes = " ".join(side.party for side in talks.sides[:2])
    found = [Button("Brief", f"/talks brief {talks.label}")]
    found += [Button("History", f"/talks history {codes}")] if codes else []
    steps = {Status.MOOTED: ("confirm",), Status.PLANNED: ("confirm",)}.get(talks.status, ())
    if talks.status.is_ahead or talks.status is Status.POSTPONED:
        steps = (*steps, "held", "postpone", "cancel")
    found += [Button(STEP_LABELS[step], f"/talks {step} {talks.label}") for step in steps]
    if talks.disputed:
        found.append(Button("Settle", f"/talks settle {talks.label}"))
    found += [Button("Edit", f"/talks edit {talks.label}"), Button("Log", f"/talks log {talks.label}")]
    return tuple(found)


STEP_LABELS = {"confirm": "Confirmed", "held": "Held", "postpone": "Postponed", "cancel": "Cancelled"}


def _reads_as(window: Window, names: Names) -> str:
    """How stated words were read, where the card has not just said it: an open window is shown from now on."""
    shown = window.precision is Precision.MINUTE or names.when(window) == (interval(window),)
    return f" reads as {interval(window)}" if window.stated and dated(window) and not shown else ""


def _where(talks: Talks, names: Names) -> str:
    where = place_words(talks.place, names)
    return f"{where}, hosted by {names.party(talks.host)}" if talks.host else where


def account_line(account: Account, names: Names) -> Line:
    """One account: who says what differs, when they said it, and where it was reported."""
    who = ", ".join(part for part in (account.by, account.office) if part)
    said = f", {full_day(account.said_on)}" if account.said_on else ""
    settled = " · settled" if account.settled else ""
    return ("• ", Strong(who), f"{said}: {' · '.join(claims(account, names))}{settled}", *names.cite(account.sources))
