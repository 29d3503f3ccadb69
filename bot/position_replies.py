"""Who answered whom: replies in their order, and in words that never pass off an answer to a reply as one to the position."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from bot.wording import REPLIES, Names, day_month_year
from store.answers import Answer, answered
from store.records import Position, Reply, ReplyStance

_ACTS = {
    ReplyStance.ENDORSES: "endorses {}",
    ReplyStance.REJECTS: "rejects {}",
    ReplyStance.CONDITIONAL: "answers {} with conditions",
    ReplyStance.DECLINES: "declines to answer {}",
}


def act(reply: Reply, what: str) -> str:
    """`rejects P-1`, `answers P-1 with conditions`."""
    return _ACTS[reply.stance].format(what)


def possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def threaded(replies: Sequence[Reply]) -> list[tuple[int, Reply]]:
    """Replies in the order they were given, each followed by those it was answered with, with how deep it lies."""
    keys = {reply.key for reply in replies}
    under: dict[str | None, list[Reply]] = defaultdict(list)
    for reply in sorted(replies, key=lambda r: (r.said_on is None, str(r.said_on))):
        under[reply.to if reply.to in keys and reply.to != reply.key else None].append(reply)
    found: list[tuple[int, Reply]] = []
    waiting = [(0, reply) for reply in reversed(under[None])]
    while waiting:
        depth, reply = waiting.pop()
        found.append((depth, reply))
        waiting += [(depth + 1, answer) for answer in reversed(under[reply.key])]
    told = {reply.key for _, reply in found}
    return found + [(0, reply) for reply in replies if reply.key not in told]


def reply_words(names: Names, reply: Reply, under: str, to: str = "", undated: str = "") -> str:
    """`NATO rejects (26 Jan 2022)`, with the administration it was given under; `to` says what it answers, `undated` what is
    put for a day not recorded."""
    inside = [
        part for part in (under or reply.administration, day_month_year(reply.said_on) if reply.said_on else undated) if part
    ]
    what = act(reply, to) if to else REPLIES[reply.stance]
    return f"{names.party(reply.party)} {what} ({', '.join(inside) or 'undated'})"


def reply_of(names: Names, position: Position, reply: Reply) -> str:
    """`NATO's reply`, with its day where the party gave several."""
    several = sum(r.party == reply.party for r in position.replies) > 1
    day = f" of {day_month_year(reply.said_on)}" if several and reply.said_on else ""
    return f"{possessive(names.party(reply.party))} reply{day}"


def object_of(names: Names, position: Position, reply: Reply, *, known: Collection[str] = ()) -> str:
    """What a reply answers: `Russia's P-1`, `NATO's reply to Russia's P-1`; whose the position is is left out for `known`."""
    label = position.label if position.party in known else f"{possessive(names.party(position.party))} {position.label}"
    before = answered(position, reply)
    return f"{reply_of(names, position, before)} to {label}" if before else label


def answer_words(
    names: Names, answer: Answer, under: str = "", topic: str = "", *, known: Collection[str] = (), undated: str = ""
) -> str:
    """`rejects Russia's P-1 on NATO in Eastern Europe (26 Jan 2022)`; the topic and the administration where given, and what is
    put for a day not recorded."""
    said = day_month_year(answer.reply.said_on) if answer.reply.said_on else undated or "undated"
    what = object_of(names, answer.position, answer.reply, known=known)
    words = act(answer.reply, f"{what} on {topic}" if topic else what)
    return f"{words} ({f'{under}, ' if under else ''}{said})"


def earlier_words(answer: Answer) -> str:
    """` (+2 earlier)`, or nothing."""
    return f" (+{answer.earlier}{' or more' if answer.or_more else ''} earlier)" if answer.earlier else ""
