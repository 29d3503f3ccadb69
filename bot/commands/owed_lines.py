"""What a channel is owed, in lines; and what is held up there, tried again whenever somebody minds the channel."""

from __future__ import annotations

from bot.cards import Page
from bot.commands.base import Ask
from bot.reply import Line, Moment, Quiet, Span, Strong, line
from store import orders, outbox, posts, watches
from store import talks as on_record
from store.database import Session, WriteSession
from store.outbox import WORKSPACE, Hold
from store.records import Post, PostKind, PostState

KINDS = {
    PostKind.REMINDER: "reminder",
    PostKind.OPENS: "window opens",
    PostKind.CLOSES: "window closes",
    PostKind.HAPPENED: "did it happen?",
    PostKind.READY: "prerequisite held",
    PostKind.DIGEST: "digest",
    PostKind.PART: "what continues it in its thread",
    PostKind.CHECK: "checking that I may post here",
    PostKind.NOTICE: "word to you",
}

NOT_INSIDE = ("not_in_channel", "channel_not_found")
INVITE = "If I am not in this channel: /invite @Attaché"
LOOKED_THROUGH = 200
SHOWN = 4


def owed_line(session: Session, ask: Ask, post: Post) -> Line:
    """One post: when it is due, about what, and what keeps it."""
    what = KINDS[post.kind]
    if post.subject.startswith("T-"):
        found = on_record.many(session, [int(post.subject[2:])])
        page = Page.of(session, [t.number for t in found], ask.now, ask.request.zone)
        what += "".join(f" · {page.names.title(talks)}" for talks in found)
    state = "" if post.state is PostState.PLANNED else f" · {post.state.value}"
    held = f" · held up: {post.reason}" if post.reason and post.state is PostState.PLANNED else ""
    return (Moment(post.due, ask.request.zone), "  ", Strong(post.subject), f"  {what}", Quiet(f"{state}{held}"))


def stuck(session: Session, channel: str) -> list[Post]:
    """What could not be delivered to a channel so far and still may be, soonest first."""
    found = posts.troubled(session, channel, limit=LOOKED_THROUGH)
    mine = [post for post in found if post.state in posts.OPEN and post.kind not in (PostKind.CHECK, PostKind.NOTICE)]
    return mine[::-1]


def hold_of(session: Session, ask: Ask) -> Hold | None:
    """What keeps everything from the asker's channel just now, if anything does: its own trouble, or the workspace's."""
    for channel in (WORKSPACE, ask.request.channel):
        hold = outbox.hold_on(session, session.team, channel)
        if hold is not None and hold.until > ask.now and hold.reason != outbox.RATE_LIMITED:
            return hold
    return None


def tried_again(session: WriteSession, ask: Ask) -> list[Line]:
    """Tries the asker's channel again, and says what was held up there; nothing where nothing was."""
    waiting, hold = stuck(session, ask.request.channel), hold_of(session, ask)
    orders.try_again(session, ask.request.channel)
    if not waiting and hold is None:
        return []
    lines: list[Line] = []
    if waiting:
        spans: list[Span] = ["Held up here: "]
        for post in waiting[:SHOWN]:
            spans += [Strong(post.subject), f" {KINDS[post.kind]}, due ", Moment(post.due, ask.request.zone), ", "]
        more = f" and {len(waiting) - SHOWN} more" if len(waiting) > SHOWN else ""
        lines.append((*spans[:-1], f"{more}."))
    reason = hold.reason if hold else waiting[0].reason or "nobody knows yet whether it arrived"
    if hold and hold.channel == WORKSPACE:
        lines.append(line(f"Nothing reaches this workspace now ({reason}): whoever runs Attaché can see why."))
    elif reason in NOT_INSIDE:
        lines.append(line(f"Slack said that I am not in it ({reason}): /invite @Attaché helps. I am trying again now."))
    else:
        lines.append(line(f"The reason: {reason}. I am trying again now."))
    return lines


def set_by_itself(session: Session, channel: str) -> list[Line]:
    """What a channel is owed whatever its digests do: reminders set for single talks, and those asked for one at a time."""
    own = watches.reminds_in(session, channel)
    about = [p for p in posts.owed_to(session, channel, limit=LOOKED_THROUGH) if p.subject.startswith("T-")]
    asked = [post for post in about if post.slot.startswith(posts.BY_HAND)]
    mine = [p for p in about if p not in asked and int(p.subject[2:]) in own]
    lines: list[Line] = []
    for found, how in ((mine, "set for {} alone"), (asked, "asked for, of {}")):
        labels = list(dict.fromkeys(post.subject for post in found))
        if labels:
            count = f"{len(found)} reminder{'' if len(found) == 1 else 's'}"
            named = ", ".join(labels[:SHOWN]) + (" …" if len(labels) > SHOWN else "")
            ends = f"/talks mute {labels[0]} ends those of {labels[0]}"
            lines.append(line(f"Still owed here: {count} {how.format(named)}; {ends}."))
    return lines
