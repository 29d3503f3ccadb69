"""Which of a sentence's dates is meant: the event's, not the day somebody spoke nor the history of it.

Rules, in order. A day said to be the day of speaking ("Ryabkov said on 22 February that …") is never the window, but it is
the day relative words count from. History ("since 2022", "first … since", "signed in 1994", "joined after 1997") gives way
to anything else. After "moved from X to Y", "postponed from X", "originally planned for X", "instead of X", "not X but Y",
Y is meant. Of what remains, a date the event's own verb governs ("held", "scheduled for", "will meet") comes first. Equal
ones that remain are a question, not a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from bot.language.when.grammar import Grammar
from bot.language.when.nodes import Node
from bot.language.when.sentence import Sentence
from bot.language.when.tokens import Kind

_SPEAKING = frozenset(
    "said says told announced stated reported tweeted wrote confirmed declared noted added posted according statement "
    "interview speaking briefing remarks reporters dated published commented explained stressed revealed spoke signalled "
    "quoted warned insisted argued indicated suggested claimed asked journalists".split()
)
_FUTURE = frozenset(
    "will would shall scheduled planned due expected slated set plans plan intends aims hopes upcoming 'll might may could "
    "should going to agreed proposed postponed rescheduled moved hopes ready invited plans hope".split()
)
_PAST = frozenset(
    "met held was were took visited ended concluded began opened arrived signed adopted attended hosted travelled traveled "
    "convened gathered discussed happened came went flew had resumed started broke collapsed invaded launched annexed "
    "spoke called phoned received hosted exchanged joined ratified entered agreed passed voted approved rejected".split()
)
_EVENT = frozenset(
    "held meet meets meeting scheduled planned set due slated convene convenes talks summit take takes place resume expected "
    "visit round consultations conference session travel travels gather hold host hosts open opens start starts begin "
    "begins takes fly flies arrive arrives resume resumes rescheduled deadline expire expires".split()
)
_HISTORY = frozenset(
    "since signed adopted joined founded invaded annexed invasion annexation anniversary ratified borders established "
    "launched imposed collapsed expired".split()
)
_REPLACED = frozenset("originally initially previously formerly instead earlier".split())


class Role(IntEnum):
    """What a date does in its sentence; the lower the likelier to be the window."""

    EVENT = 0
    PLAIN = 1
    REPLACED = 2
    HISTORY = 3
    SPEAKING = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """One date in a sentence."""

    start: int
    end: int
    node: Node
    role: Role = Role.PLAIN


def mentions(grammar: Grammar) -> list[Mention]:
    """Every date in the sentence, from left to right, each as long as it goes."""
    s, found, i = grammar.s, [], 0
    while i < len(s.tokens):
        match = grammar.top(i)
        if match is None or match[0] <= i:
            i += 1
            continue
        found.append(Mention(i, match[0], match[1]))
        i = match[0]
    return found


def tense(s: Sentence) -> bool | None:
    """True for the past, False for the future, None where no verb tells."""
    words = {token.word for token in s.tokens if token.kind is Kind.WORD}
    if words & _FUTURE_STRONG:
        return False
    return True if words & _PAST else None


_FUTURE_STRONG = frozenset("will would shall scheduled planned due expected slated plans intends upcoming 'll".split())


def role(s: Sentence, mention: Mention) -> Role:
    """What the words just before a date make of it."""
    before = [token.word for token in s.tokens[max(0, mention.start - 8) : mention.start]]
    clause = _clause(before)
    if _is_speaking(s, mention, clause):
        return Role.SPEAKING
    opening = s.word(mention.start)
    if opening == "since" or set(clause[-4:]) & _HISTORY:
        return Role.HISTORY
    if set(clause[-4:]) & _REPLACED or (clause[-1:] == ["from"] and "moved" in clause):
        return Role.REPLACED
    return Role.EVENT if set(clause) & _EVENT else Role.PLAIN


def _clause(words: list[str]) -> list[str]:
    """The words since the last mark or "that"."""
    for step in range(len(words) - 1, -1, -1):
        if words[step] in (".", ";", "that", ":", "which", "who"):
            return words[step + 1 :]
    return words


def _is_speaking(s: Sentence, mention: Mention, clause: list[str]) -> bool:
    for distance, word in enumerate(reversed(clause)):
        if word in _EVENT or word in ("will", "would", "to"):
            return False
        if word in _SPEAKING and distance <= 5:
            return True
    return s.word(mention.end) in ("statement", "interview", "briefing") or s.word(mention.end) in ("that",) and False


def dates_before(mentions: list[Mention], role: Role) -> list[Mention]:
    return [m for m in mentions if m.role is role]
