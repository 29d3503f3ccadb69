"""A condition on a word for a stance: "accepts it only if", "would back it provided that", "unless X, Y opposes it".

A word within the condition itself ("if Ukraine supports the plan, …", "as if it supports", "asked whether it supports") says
nothing of where anybody stands; "even if" is no condition at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ENDS = re.compile(r"[.;:!?](?:\s|$)|[\n—]")
"""What ends a sentence, or what of it hangs together."""
_WORDS = re.compile(
    r"\b(?:(?:if\s+and\s+)?only\s+(?:if|when|once|after)|if|unless|on\s+(?:the\s+)?(?:condition|proviso|understanding)(?:\s+(?:that|of))?"
    r"|(?:provided|providing)\s+that|(?:provided|providing)(?!\s+(?:by|to|for|in|with|under|from|at)\b)"
    r"|(?:as|so)\s+long\s+as|subject\s+to|(?:conditional|contingent|conditioned)\s+(?:up)?on|whether)\b",
    re.IGNORECASE,
)
_EVEN = re.compile(r"\beven\s+$", re.IGNORECASE)
_ASKED = re.compile(
    r"\b(?:as|what|(?:ask|wonder|question|doubt)(?:s|ed|ing)?|see|know|knows|unclear|unsure|say|says|said|decides?|consider(?:s|ing)?"
    r"|(?:ask|tell|told)(?:s|ed|ing)?\s+\w+)\s+$",
    re.IGNORECASE,
)
_BY_THE_WAY = re.compile(r"\s+(?:any|not|possible|necessary|needed|asked|only|\w+ly)\b", re.IGNORECASE)
_ANOTHER = re.compile(
    r"\b(?:but|while|whereas|which|who|that|because)\b|"
    r"\band\s+(?:(?:will|would|shall|can|could|may|might|is|are|was|were|has|have|had|does|did)\b|\w+(?:s|ed)\s+(?!and\b|if\b))",
    re.IGNORECASE,
)
_JOINED = re.compile(r"(?:,|\s)*(?:but|and)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Condition:
    """The words for a condition, from `start` to `end`. `sure` where they govern the stance; `inside` where its word is in it.

    `since` is where the clause of the stance begins after a condition that comes first. `holds` is False for "even if".
    """

    start: int
    end: int
    sure: bool
    unless: bool = False
    inside: bool = False
    since: int = 0
    holds: bool = True


def read(text: str, start: int, end: int) -> Condition | None:
    """The condition on the word for a stance that stands from `start` to `end`; None where there is none in its sentence."""
    first = _before(text, start)
    if first is not None and first.inside:
        return first
    return _after(text, end) or first


def _before(text: str, start: int) -> Condition | None:
    """The last condition before the stance. A comma ends it; where none does, the stance is a part of it."""
    base = max((m.end() for m in ENDS.finditer(text, 0, start)), default=0)
    base = max((m.end() for m in re.finditer(r",\s+but\b", text[:start], re.IGNORECASE)), default=base)
    match = next(reversed(list(_WORDS.finditer(text, base, start))), None)
    if match is None:
        return None
    comma = text.rfind(",", match.end(), start)
    if comma < 0:
        return Condition(match.start(), match.end(), sure=False, inside=True)
    holds = _is_one(text, match, base)
    return Condition(match.start(), match.end(), sure=True, unless=_unless(match), since=comma + 1, holds=holds)


def _after(text: str, end: int) -> Condition | None:
    """The first condition after the stance, surely its own where no other clause begins between them."""
    stop = next((m.start() for m in ENDS.finditer(text, end)), len(text))
    for match in _WORDS.finditer(text, end, stop):
        if _is_one(text, match, end):
            between = _JOINED.sub("", text[end : match.start()])
            aside = match.group().casefold() == "if" and _BY_THE_WAY.match(text, match.end())
            sure = not aside and not _ANOTHER.search(between)
            return Condition(match.start(), match.end(), sure=sure, unless=_unless(match))
    return None


def _is_one(text: str, match: re.Match[str], base: int) -> bool:
    """False for "even if", "as if", "what if", "asks if" and "whether"."""
    ahead = text[base : match.start()]
    word = match.group().casefold()
    return word != "whether" and not (word == "if" and (_EVEN.search(ahead) or _ASKED.search(ahead)))


def _unless(match: re.Match[str]) -> bool:
    return match.group().casefold() == "unless"
