"""A word for a stance that is denied: "does not support", "will never accept", "did not reject", "not all members support".

Only what is certain turns a stance round. Whatever else is denied gives no stance at all: a wrong one filled in for somebody
is worse than a choice left to them. The words are kept, so that they can be told either way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.language.entry.condition import ENDS
from bot.language.words import Found, Token, tokens
from store.records import ReplyStance, Stance

AnyStance = Stance | ReplyStance
"""A stance of a position or of a reply: sentences use the words of both."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TURNED: dict[AnyStance, AnyStance] = {Stance.SUPPORTS: Stance.OPPOSES, ReplyStance.ENDORSES: ReplyStance.REJECTS}

_VERBS_TEXT = "do does did will would shall should can could may might must is are was were has have had need am be been being"
_VERBS = _set(_VERBS_TEXT)
_CONTRACTED = re.compile(rf"(?P<verb>{'|'.join(_VERBS_TEXT.split())}|wo|ca|sha)n['’]?t", re.IGNORECASE)
_WHOLE = {"wo": "will", "ca": "can", "sha": "shall"}
_BETWEEN = _set("be been being to ever also either any longer more itself")
"""Words that may stand between a denial and the stance and change nothing."""
_LOOSE = _set("no nobody none nothing neither nor hardly barely scarcely rarely seldom few")
"""Words that deny what follows in the same clause, or weaken it, so that no stance can be read from it."""
_LOOSE_NEARBY = _set(
    "without deny denies denied denying fail fails failed failing unable unwilling reluctant hesitant refuse refuses refused "
    "withdraw withdraws withdrew withdrawn withdrawing drop drops dropped end ends ended suspend suspends suspended lack lacks "
    "lacked stopped short false untrue"
)
"""Others that do so only a few words before it."""
NEARBY = 5
_PRESENT = _set("will would shall can could do does is are am")
_PAST = _set("did was were")
_ADDS = _set("only just merely simply solely")
"""After "not" these add to what is said instead of denying it."""
_IFS = _set("if unless whether until should must may might")
_AGREES = re.compile(r"accept|agree", re.IGNORECASE)
_FINITE = re.compile(r"(?:s|ed|ing)$", re.IGNORECASE)
_NO_AFTER = re.compile(r"\s+(?:no|none|nothing|neither|nobody)\b(?!-)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Denied:
    """A stance whose word is denied: what it comes to, None where that is not certain, and the words from `start` to `end`."""

    stance: AnyStance | None
    start: int
    end: int


def read(text: str, stance: Found[AnyStance], others: Sequence[Found[AnyStance]], *, since: int = 0) -> Denied | None:
    """What denies a stance in its sentence, from `since` on; None where nothing does. `others` are all words for a stance."""
    base = max((m.end() for m in ENDS.finditer(text, 0, stance.start)), default=0)
    base = max(base, since)
    before = _clause(tokens(text[base : stance.start]), stance.text)
    denials = _denials(before)
    if not denials:
        return _denied_after(text, stance, others)
    sure = len(denials) == 1 and _certain(before, denials[0], stance.text)
    at = denials[0]
    if at and (before[at - 1].folded in _VERBS):
        at -= 1
    return Denied(_TURNED.get(stance.value) if sure else None, base + before[at].start, stance.end)


def _clause(before: list[Token], stance: str) -> list[Token]:
    """The words since the last "but", or since the last "and" where the stance has a verb form of its own."""
    for at in range(len(before) - 1, -1, -1):
        if before[at].folded == "but" or (before[at].folded == "and" and _FINITE.search(stance)):
            return before[at + 1 :]
    return before


def _denials(before: list[Token]) -> list[int]:
    """Where words stand that deny what follows."""
    found: list[int] = []
    for at, token in enumerate(before):
        following = before[at + 1].folded if at + 1 < len(before) else ""
        if _denier(token):
            if following not in _ADDS:
                found.append(at)
        elif at and before[at - 1].folded == "a":
            continue  # "a few", "a lack of trust"
        elif token.folded in _LOOSE or (token.folded in _LOOSE_NEARBY and at >= len(before) - NEARBY):
            found.append(at)
    return found


def _denier(token: Token) -> str:
    """The verb in "doesn't", "cannot"; "not" and "never" as they are; empty for any other word."""
    word = token.text.replace("’", "'").casefold()
    if word in ("not", "never"):
        return word
    if word == "cannot":
        return "can"
    found = _CONTRACTED.fullmatch(word)
    return _WHOLE.get(found["verb"], found["verb"]) if found else ""


def _certain(before: list[Token], at: int, stance: str) -> bool:
    """Does it say that they are against it? What somebody has not done yet, or may not do, does not."""
    rest = [token.folded for token in before[at + 1 :]]
    word = _denier(before[at])
    longer = before[at].folded == "no" and rest[:1] == ["longer"]
    if not (word or longer) or not all(each in _BETWEEN for each in rest) or any(t.folded in _IFS for t in before):
        return False
    if longer or word == "never":
        return True
    verb = before[at - 1].folded if word == "not" and at else word
    if verb in _PAST:
        return bool(_AGREES.match(stance))
    if stance.casefold().startswith("endorse"):  # not to endorse a thing is not yet to reject it
        return verb in ("will", "would", "can", "could", "shall")
    return verb in _PRESENT


def _denied_after(text: str, stance: Found[AnyStance], others: Sequence[Found[AnyStance]]) -> Denied | None:
    """What takes it back after the word: "accepts no conditions", "refuses to reject"."""
    if stance.value is not Stance.DEMANDS and (found := _NO_AFTER.match(text, stance.end)):
        return Denied(None, stance.start, found.end())
    if stance.value is ReplyStance.REJECTS:
        following = next((s for s in others if s.start > stance.end and text[stance.end : s.start].strip() == "to"), None)
        if following is not None and following.value not in _TURNED:
            return Denied(None, stance.start, following.end)
    return None
