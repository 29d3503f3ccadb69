"""The brief in the thread of the last reminder before talks: everything on one page, just before they open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot import briefs
from bot.jobs.paging import split
from bot.jobs.record import to_text
from bot.jobs.remind import Memo
from bot.reply import Visibility
from store import posts
from store import talks as on_record
from store.database import Session
from store.records import Post, PostKind

BEFORE = (PostKind.REMINDER, PostKind.OPENS, PostKind.CLOSES)
"""The kinds that come before talks."""

BRIEFED_TOGETHER = 5
"""How many briefs one catch-up message has in its thread at most."""


def parts(session: Session, going: Sequence[Post], now: datetime, memo: Memo) -> tuple[str, ...]:
    """The briefs that belong in the thread of a message that tells these posts, as they are kept on record.

    One for each talks of which this is the last reminder that the channel is owed; none for a reminder asked for by hand,
    whose talks were briefed before.
    """
    found: list[str] = []
    told: set[str] = set()
    for post in going:
        if post.kind not in BEFORE or post.subject in told or len(told) == BRIEFED_TOGETHER:
            continue
        if posts.is_last(session, post, BEFORE):
            told.add(post.subject)
            found += _brief(session, post, now, memo)
    return tuple(found)


def _brief(session: Session, post: Post, now: datetime, memo: Memo) -> tuple[str, ...]:
    zone = memo.zones.get(post.channel, "UTC")
    if (post.subject, zone) not in memo.briefs:
        talks = on_record.many(session, [int(post.subject.removeprefix("T-"))])
        whole = [briefs.compose(session, one, now, zone, whole=True) for one in talks if one.status.is_ahead]
        bare = [replace(brief, buttons=(), share=None, visibility=Visibility.PUBLIC) for brief in whole]
        memo.briefs[post.subject, zone] = tuple(
            to_text(page) for brief in bare for page in split(brief, says="in {} parts", headings_again=False)
        )
    return memo.briefs[post.subject, zone]
