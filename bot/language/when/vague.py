"""Words that say roughly when and bind nobody: "soon", "in the coming days", "recently".

A vague window runs from the day said with no end (or, looking back, has no beginning and ends on the day said). Writing
"the coming days" down as a week would make a promise nobody gave, and a reminder that it was broken.
"""

from __future__ import annotations

from bot.language.when.model import Context, Span
from bot.language.when.nodes import Relative
from bot.language.when.sentence import Match, Sentence
from bot.language.when.vocabulary import phrases
from store.records import Precision

_WORDS = phrases({
    "ahead": (
        "soon | very soon | quite soon | pretty soon | as soon as possible | asap | as soon as feasible | "
        "as soon as practicable | shortly | before long | imminently | any day | any day now | any time now | "
        "any time soon | in the near future | in the very near future | in the nearest future | "
        "in the immediate future | in the not too distant future | in the not - too - distant future | "
        "in the foreseeable future | at an early date | at the earliest opportunity | at the earliest possible date | "
        "at the earliest date | at the earliest convenience | at their earliest convenience | "
        "at the earliest possible time | as early as possible | at the earliest possible opportunity | "
        "sooner rather than later | in the days ahead | in the weeks ahead | in the months ahead | "
        "in the days to come | in the weeks to come | in the months to come | in days | within days | within weeks | "
        "within months | within hours | within a matter of days | within a matter of weeks | in a matter of days | "
        "in a matter of weeks | in a matter of hours | in the next days | in the next weeks | in the next months | "
        "in coming days | in coming weeks | in coming months | over coming days | over coming weeks | "
        "over coming months | in the short term | in the near term | in short order | without delay | "
        "in the years ahead | in the coming hours | immediately | coming days | coming weeks | coming months | "
        "the coming days | the coming weeks | the coming months | next few days | next few weeks | the next few days | "
        "the next few weeks | the next few months | next few months | in the days and weeks ahead | "
        "in the coming days and weeks | in the coming days or weeks | in the coming weeks and months | "
        "within days or weeks | in the upcoming days | in the upcoming weeks | some time soon | sometime soon | "
        "at the earliest"
    ),
    "behind": (
        "recently | very recently | in recent days | in recent weeks | in recent months | in recent years | "
        "in the recent past | just now | lately | of late | over recent days | over recent weeks | over recent months | "
        "in the past few days | in the past few weeks | in the past few months | in the last few days | "
        "in the last few weeks | in the last few months | over the past few days | over the past few weeks | "
        "over the past few months"
    ),
})  # fmt: skip


def hazy(context: Context, *, forward: bool) -> Span:
    """From the day said onwards, or up to it; nothing firmer."""
    return Span(context.said, None, Precision.VAGUE) if forward else Span(None, context.said, Precision.VAGUE)


_AHEAD = Relative(lambda c: hazy(c, forward=True))
_BEHIND = Relative(lambda c: hazy(c, forward=False))


def vague(s: Sentence, i: int) -> Match | None:
    """The longest vague expression at `i`."""
    for phrase, way in _WORDS.get(s.word(i), ()):
        end = s.phrase(i, phrase)
        if end is not None:
            if s.word(end) in ("after", "as") and phrase[-1] in ("soon", "shortly", "immediately", "imminently"):
                return None  # soon after what?
            return end, _AHEAD if way == "ahead" else _BEHIND
    return None
