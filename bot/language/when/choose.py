"""Which of a sentence's dates is meant: the event's, not the day somebody spoke nor the history of it.

Rules, in order. A day said to be the day of speaking ("Ryabkov said on 22 February that …") is never the window; relative
words count from it. History ("since 2022", "the first since …", "signed in 1994", "joined after 1997") is never the window
of something ahead either. After "moved from X to Y", "originally planned for X", "instead of X", Y is meant. What was
"postponed indefinitely" has no date left. Of what remains, a date the event's own words govern ("held", "scheduled for",
"will meet") comes before one they do not. Equal ones that remain are a question, not a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise

from bot.language.when.between import Between
from bot.language.when.bounds import BOUNDS
from bot.language.when.clock import Timed
from bot.language.when.grammar import Grammar
from bot.language.when.model import Context, Span
from bot.language.when.nodes import Node
from bot.language.when.sentence import Sentence
from bot.language.when.tokens import Kind
from bot.language.when.vocabulary import MOVES, words

_SPEAKING = words(
    "said says told announced stated reported tweeted wrote confirmed declared noted added posted according statement "
    "interview speaking briefing remarks reporters dated published commented explained stressed revealed spoke signalled "
    "quoted warned insisted argued indicated suggested claimed asked journalists saying telling announcing reports report "
    "dispatch communique communiqué readout speech address"
)
_AHEAD = words(
    "will would shall scheduled planned due expected slated plans intends upcoming 'll going hopes set be could might "
    "must should can cannot wants aims"
)
_PAST = words(
    "met held was were took visited ended concluded began opened arrived signed adopted attended hosted travelled traveled "
    "convened gathered discussed happened came went flew had resumed started broke collapsed invaded launched annexed "
    "spoke called phoned received exchanged joined ratified entered passed voted approved rejected closed finished left "
    "returned sat flown addressed chaired welcomed sent handed tabled vetoed expired fell"
)
_EVENT = words(
    "held meet meets meeting meetings scheduled planned set due slated convene convenes convened talks summit take takes "
    "place took resume resumes expected visit visits visiting round rounds consultations conference session travel travels "
    "gather hold holding hosts host open opens start starts begin begins fly flies arrive arrives rescheduled deadline "
    "expire expires until met gathered negotiations call vote return returns follow follows moved postponed"
)
_HISTORY = words(
    "since signed adopted joined founded invaded annexed invasion annexation anniversary ratified established imposed "
    "collapsed expired elected appointed born independence"
)
_SET = words("in agreed proposed fixed confirmed pencilled penciled slated set arranged announced it date talks fixed")
_REPLACED = words("originally initially previously formerly instead earlier rather")
_STOPS = words(". ; : that which who whom whose where while although though because ( )")
_BEFORE_SPEAKING = words("on in at to reporters journalists late early the a an , last this earlier today")


class Role(IntEnum):
    """What a date does in its sentence; the lower the likelier to be the window."""

    EVENT = 0
    PLAIN = 1
    REPLACED = 2
    HISTORY = 3
    SPEAKING = 4
    ASIDE = 5


@dataclass(frozen=True, slots=True)
class Mention:
    """One date in a sentence."""

    start: int
    end: int
    node: Node
    role: Role = Role.PLAIN


def mentions(grammar: Grammar) -> list[Mention]:
    """Every date in the sentence, from left to right, each as long as it goes, with the part it plays."""
    s, found, i = grammar.s, list[Mention](), 0
    while i < len(s.tokens):
        match = grammar.top(i)
        if match is None or match[0] <= i:
            i += 1
            continue
        found.append(Mention(i, match[0], match[1], _role(s, i, match[0])))
        i = match[0]
    return found


def met(found: list[Mention]) -> list[Mention]:
    """A day and a clock time apart in one sentence belong together: "on 4 March in Geneva at 10:00"."""
    clocks = [m for m in found if isinstance(m.node, Timed) and m.node.day is None and m.role is not Role.SPEAKING]
    if len(clocks) != 1:
        return found
    days = [m for m in found if m is not clocks[0] and m.role in (Role.EVENT, Role.PLAIN)]
    if len(days) != 1 or isinstance(days[0].node, (Timed, Between)):
        return found
    clock, day = clocks[0].node, days[0]
    if not isinstance(clock, Timed):
        return found
    start, end = min(day.start, clocks[0].start), max(day.end, clocks[0].end)
    if end - start > 30:
        return found
    joined = Mention(start, end, replace(clock, day=day.node), min(day.role, clocks[0].role))
    return [m for m in found if m not in (clocks[0], day)] + [joined]


def tense(s: Sentence) -> bool | None:
    """True for the past, False for what is ahead, None where no verb tells."""
    used = {token.word for token in s.tokens if token.kind is Kind.WORD}
    if used & _AHEAD or _agreed(s, "to"):
        return False
    if _agreed(s, "on") or _agreed(s, "in"):
        return True
    return True if used & _PAST and not used & MOVES else None


def _agreed(s: Sentence, following: str) -> bool:
    """ "Agreed to meet" looks ahead, "agreed on 2 June" back."""
    return any(t.word == "agreed" and s.word(i + 1) == following for i, t in enumerate(s.tokens))


def _role(s: Sentence, start: int, end: int) -> Role:
    clause = _clause([token.word for token in s.tokens[max(0, start - 10) : start]])
    near = clause[-5:]
    if _is_speaking(s, start, end, clause):
        return Role.SPEAKING
    if _is_aside(s, start, end, near):
        return Role.ASIDE
    if _is_history(s, start, end, near):
        return Role.HISTORY
    if _REPLACED & set(near) or _is_left_behind(s, start, clause) or _is_moved_on(s, end):
        return Role.REPLACED
    return Role.EVENT if _EVENT & set(clause) or s.word(end) in _EVENT else Role.PLAIN


def _clause(before: list[str]) -> list[str]:
    """The words since the last mark, "that" or "which"."""
    for step in range(len(before) - 1, -1, -1):
        if before[step] in _STOPS:
            return before[step + 1 :]
    return before


def _is_speaking(s: Sentence, start: int, end: int, clause: list[str]) -> bool:
    """ "said on Friday", "told reporters in Riyadh on 18 February", "in a 3 March statement", "on Friday said that"."""
    for distance, word in enumerate(reversed(clause)):
        if word in ("will", "would", "to", "until", "by") and not (word == "to" and distance > 1):
            break
        if word in _SPEAKING and distance <= 7:
            if clause[-distance - 2 : -distance - 1] in (["last"], ["first"]):
                return False  # "they last spoke in August"
            between = clause[len(clause) - distance :]
            return not _EVENT & set(between)
    after = s.word(end)
    return after in ("statement", "interview", "briefing", "speech", "readout") or (
        after in ("said", "announced", "told", "confirmed", "declared", "stated") and s.word(start) != "by"
    )


def _is_history(s: Sentence, start: int, end: int, near: list[str]) -> bool:
    if s.word(start) == "since" or (near and near[-1] == "since"):
        return start > 0 and not s.whole(start, end)
    if "be" in near:
        return False  # "to be signed by"
    signed = {"invaded", "annexed", "invasion", "annexation", "anniversary", "signed", "adopted"} & set(near)
    return bool(signed) or bool(_HISTORY & set(near[-2:]))


def _is_moved_on(s: Sentence, end: int) -> bool:
    """True for what stands before "have been postponed to 19 January"."""
    after = [token.word for token in s.tokens[end : end + 8]]
    for k, word in enumerate(after):
        if word in _TURNS:
            return False
        if word in MOVES and {"been", "was", "were", "is", "are"} & set(after[:k]):
            return after[k + 1 : k + 2] in (["to"], ["until"], ["till"])
    return False


_TREATIES = words(
    "act treaty agreement agreements accord accords memorandum deal revolution war declaration resolution charter protocol "
    "convention borders lines level levels decree law constitution attacks"
)
_FIRSTS = words("first last only highest biggest largest worst lowest time longest")


def _is_aside(s: Sentence, start: int, end: int, near: list[str]) -> bool:
    """Dates that name something else: the Memorandum of 1994, those that joined after 1997, the first since 2022."""
    if near and near[-1] in _TREATIES and s.word(start) == "of":
        return True
    if near and near[-1] in ("the", "a") and _TREATIES & {s.word(end), s.word(end + 1), s.word(end + 2)}:
        return True
    if s.word(start) == "since" and _FIRSTS & {token.word for token in s.tokens[max(0, start - 9) : start]}:
        return True
    return (
        "joined" in near or (near[-1:] == ["time"] and s.word(start) != "for") or near[-1:] == ["not"]
    )  # "not on Monday but on Tuesday"


def _is_left_behind(s: Sentence, start: int, clause: list[str]) -> bool:
    """The X of "moved from X to Y"; what stands before "postponed indefinitely" or "was cancelled"."""
    if clause and clause[-1] == "from" and MOVES & set(clause):
        return True
    return s.word(start) == "for" and start > 0 and not (_EVENT | _SET) & set(clause[-2:])  # "in May, for Victory Day"


_CANCELLED = words("cancelled canceled scrapped")
_NONE = words("no not nothing none")
_PLANNED = words("planned scheduled foreseen envisaged expected")
_TURNS = words(". , ; : but that although while -")


def is_off(s: Sentence, mention: Mention) -> bool:
    """True where the sentence says that the date no longer stands, or that nothing is planned for it."""
    after = _same_sentence([token.word for token in s.tokens[mention.end : mention.end + 14]])
    if "indefinitely" in after or _CANCELLED & set(after[:6]) or ("called", "off") in pairwise(after):
        return True
    if s.word(mention.start) in BOUNDS and s.word(mention.start) not in ("in", "at"):
        return False  # "no talks are planned before June"
    before = [token.word for token in s.tokens[max(0, mention.start - 6) : mention.start]]
    clause = before[max((k + 1 for k, word in enumerate(before) if word in _TURNS), default=0) :]
    return bool(_PLANNED & set(clause)) and bool(_NONE & set(clause))


def _same_sentence(words: list[str]) -> list[str]:
    return words[: next((k for k, word in enumerate(words) if word in (".", ";", "but")), len(words))]


def spoken_on(found: list[Mention], context: Context) -> Span | None:
    """The day of speaking, where the sentence gives exactly one."""
    for mention in found:
        if mention.role is Role.SPEAKING:
            spans = mention.node.resolve(context)
            if spans and spans[0].whole and spans[0].begin == spans[0].end:
                return spans[0]
    return None
