"""Watches in words: when they speak and what they are about."""

from __future__ import annotations

from bot.wording import LEVELS, PLACES
from store import parties, topics
from store.database import Session
from store.records import Rhythm, Scope, Watch

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_UNITS = {"w": "week", "d": "day", "h": "hour", "m": "minute"}


def rhythm_words(watch: Watch) -> str:
    """`weekdays at 08:30 (Europe/Brussels)`; for a watch without a digest `reminders only`."""
    if watch.rhythm is Rhythm.NONE or watch.at is None:
        return "reminders only"
    days = {Rhythm.DAILY: "every day", Rhythm.WEEKDAYS: "weekdays", Rhythm.WEEKLY: f"every {DAYS[watch.weekday or 0]}"}
    return f"{days[watch.rhythm]} at {watch.at} ({watch.zone})"


def scope_words(session: Session, watch: Watch) -> str:
    """`about Russia, members of NATO, deputy level, not Belarus`; `about everything`."""
    about, without = _listed(session, watch.about), _listed(session, watch.but_not)
    words = f"about {', '.join(about)}" if about else "about everything"
    return words + (f", not {', not '.join(without)}" if without else "")


def _listed(session: Session, scope: Scope) -> list[str]:
    named = parties.by_codes(session, [*scope.parties, *scope.members, *scope.countries], with_names=False)
    known = topics.by_keys(session, scope.topics)

    def name(code: str) -> str:
        return named[code].name if code in named else code.upper()

    found = [name(code) for code in scope.parties]
    found += [f"members of {name(code)}" for code in scope.members]
    found += [f"the topic {known[key].name if key in known else key}" for key in scope.topics]
    found += [LEVELS[level] for level in scope.levels]
    found += [f"talks in {name(code)}" for code in scope.countries]
    found += [PLACES[state] for state in scope.place_states if state in PLACES]
    return found


def lead_words(lead: str) -> str:
    """`7 days`, `2 hours`."""
    count, unit = int(lead[:-1]), _UNITS[lead[-1]]
    return f"{count} {unit}{'' if count == 1 else 's'}"


def leads_words(leads: tuple[str, ...]) -> str:
    """`7 days, 1 day and 2 hours before`; `none`."""
    words = [lead_words(lead) for lead in leads]
    if not words:
        return "none"
    return (f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]) + " before"
