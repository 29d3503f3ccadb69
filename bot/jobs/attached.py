"""The brief in the thread of the last reminder before talks: everything on one page, just before they open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Attached:
    """The briefs for one message's thread, as they are kept on record; of which talks they are, and which were left out."""

    messages: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What the message says of its thread."""
        if not self.of:
            return ""
        told = "the brief is in the thread" if len(self.of) == 1 else f"{len(self.of)} briefs are in the thread"
        return f"{told}, not those of {', '.join(self.left_out)}" if self.left_out else told


def attached(session: Session, going: Sequence[Post], now: datetime, memo: Memo) -> Attached:
    """The briefs that belong in the thread of a message that tells these posts.

    One for each talks of which this is the last reminder that the channel is owed; none for a reminder asked for by hand,
    whose talks were briefed before.
    """
    last = dict.fromkeys(p.subject for p in going if p.kind in BEFORE and posts.is_last(session, p, BEFORE))
    briefs = {subject: _brief(session, subject, going[0].channel, now, memo) for subject in last}
    of = [subject for subject, messages in briefs.items() if messages]
    shown = of[:BRIEFED_TOGETHER]
    messages = tuple(message for subject in shown for message in briefs[subject])
    return Attached(messages, tuple(shown), tuple(of[BRIEFED_TOGETHER:]))


def _brief(session: Session, subject: str, channel: str, now: datetime, memo: Memo) -> tuple[str, ...]:
    zone = memo.zones.get(channel, "UTC")
    if (subject, zone) not in memo.briefs:
        talks = on_record.many(session, [int(subject.removeprefix("T-"))])
        whole = [briefs.compose(session, one, now, zone, whole=True) for one in talks if one.status.is_ahead]
        bare = [replace(brief, buttons=(), share=None, visibility=Visibility.PUBLIC) for brief in whole]
        pages = [page for brief in bare for page in split(brief, says="in {} parts", headings_again=False)]
        memo.briefs[subject, zone] = tuple(to_text(page) for page in pages)
    return memo.briefs[subject, zone]
