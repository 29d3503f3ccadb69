"""Which word of a text its stance is taken from, and what that comes to where it is denied or depends on something."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.language.entry import condition, negation
from bot.language.entry.condition import Condition
from bot.language.entry.model import Run
from bot.language.entry.negation import AnyStance, Denied
from bot.language.words import Found
from store.records import ReplyStance, Stance

_FOR = (Stance.SUPPORTS, ReplyStance.ENDORSES)
_AGAINST = (Stance.OPPOSES, ReplyStance.REJECTS)
_OPENING = re.compile(r"on condition|provided", re.IGNORECASE)
_REFUSES = re.compile(r"(?:refuse|decline)[sd]?$", re.IGNORECASE)
_AUXILIARIES = re.compile(
    r"(?:\b(?:will|would|could|can|shall|should|may|might|is|are|was|were|has|have|had|be|been|only|also|then)\s+)+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A stance as it was taken. `stance` is None where it is open.

    `words` are told to whoever looks it over ("will not accept", "would endorse … if"), from `start` on; `whole` where the
    statement says the opposite, or nothing, without them. `since` is where the clause begins in which the party stands so.
    """

    stance: Found[AnyStance] | None
    words: str = ""
    start: int = 0
    whole: bool = False
    since: int = 0


def read(text: str, stances: Sequence[Found[AnyStance]], hidden: Sequence[Run]) -> Taken:
    """The first word for a stance in sight, as what it comes to."""
    seen = [s for s in stances if not any(start <= s.start < end for start, end in hidden)]
    if not seen:
        return Taken(None)
    stance = seen[0]
    if stance.value is Stance.CONDITIONAL and _OPENING.match(stance.text):  # "on condition that X, Y accepts it"
        stance = next((s for s in seen if s.value is not Stance.CONDITIONAL), stance)
    depends = None
    if stance.value not in (Stance.CONDITIONAL, Stance.DECLINES):
        depends = condition.read(text, stance.start, stance.end)
    since = depends.since if depends else 0
    denied = negation.read(text, stance, stances, since=since)
    if depends is not None and depends.holds:
        return _conditional(text, stance, denied, depends)
    if denied is None:
        refuses = bool(_REFUSES.match(stance.text)) and text[stance.end :].lstrip().startswith("to ")
        return Taken(stance, start=stance.start, whole=refuses, since=since)
    words = _line(text[denied.start : denied.end])
    if denied.stance is None:
        return Taken(None, words, denied.start, whole=True, since=since)
    turned: Found[AnyStance] = Found(denied.start, denied.end, text[denied.start : denied.end], denied.stance)
    return Taken(turned, words, denied.start, since=since)


def _conditional(text: str, stance: Found[AnyStance], denied: Denied | None, depends: Condition) -> Taken:
    """A stance on a condition: conditional where somebody is for it if, or against it unless; else open."""
    ahead = _AUXILIARIES.search(text, depends.since, stance.start)
    start = denied.start if denied else ahead.start() if ahead else stance.start
    start = max(start, depends.since)
    if depends.inside:
        words = _line(text[denied.start : denied.end] if denied else text[depends.start : stance.end])
    elif depends.since:
        words = f"{_line(text[depends.start : depends.end])} … {_line(text[start : stance.end])}"
    else:
        apart = " … " if text[stance.end : depends.start].strip(" ,") else " "
        words = f"{_line(text[start : stance.end])}{apart}{_line(text[depends.start : depends.end])}"
    if denied is not None:
        fits = denied.stance in _AGAINST and depends.unless
    else:
        fits = stance.value in _FOR or (stance.value in _AGAINST and depends.unless)
    first = min(start, depends.start)
    if not (fits and depends.sure):
        return Taken(None, words, first, whole=True, since=depends.since)
    found: Found[AnyStance] = Found(start, stance.end, text[start : stance.end], Stance.CONDITIONAL)
    return Taken(found, words, first, whole=True, since=depends.since)


def _line(text: str) -> str:
    return " ".join(text.split())
