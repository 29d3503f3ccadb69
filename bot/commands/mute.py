"""`/talks mute` and `unmute`: no reminders of some talks in a channel, and reminders as usual again."""

from __future__ import annotations

from bot.commands.asking import number_alone
from bot.commands.base import Ask, Trouble
from bot.commands.watch_words import check_member
from bot.reply import Button, Reply, line
from store import orders, posts, watches
from store import talks as on_record
from store.database import Session
from store.records import Talks


def check_unmuted(session: Session, ask: Ask, talks: Talks) -> None:
    """Passes talks that the channel has not muted: of others nothing comes, whatever is asked for. Raises Trouble."""
    own = watches.reminds_in(session, ask.request.channel).get(talks.number)
    if own is not None and not own.leads:
        raise Trouble(
            f"{talks.label} is muted in this channel, so no reminder of it would come.",
            nearest="Unmute it, then ask again.",
            example=f"/talks unmute {talks.label}",
            buttons=(Button(f"Unmute {talks.label}", f"/talks unmute {talks.label}"),),
        )


def mute(ask: Ask) -> Reply:
    """No more reminders of some talks in this channel."""
    check_member(ask)
    return mute_talks(ask, number_alone(ask, "T", "/talks mute T-2", "Talks are muted until somebody unmutes them."))


def mute_talks(ask: Ask, number: int) -> Reply:
    """Likewise, with their number read already."""
    with ask.write() as session:
        talks = on_record.get(session, number)
        orders.set_remind(session, talks, ask.request.channel, (), zone=ask.request.zone)
    return Reply(
        f"{talks.label} is muted in this channel",
        parts=(line("No reminders of it here until you unmute it; digests still tell what changes."),),
        buttons=(Button("Unmute", f"/talks unmute {talks.label}"),),
    )


def unmute(ask: Ask) -> Reply:
    """Reminders of some talks as usual again."""
    check_member(ask)
    return unmute_talks(ask, number_alone(ask, "T", "/talks unmute T-2"))


def unmute_talks(ask: Ask, number: int) -> Reply:
    """Likewise, with their number read already."""
    with ask.write() as session:
        talks = on_record.get(session, number)
        orders.unmute(session, talks, ask.request.channel)
        mine = [p for p in posts.owed_to(session, ask.request.channel, limit=400) if p.subject == talks.label]
        watching = any(watch.leads for watch in watches.of_channel(session, ask.request.channel))
    if not watching and not mine:
        nothing = f"{talks.label} is not muted here, but no reminders are set in this channel, so none comes."
        return Reply(nothing, buttons=(Button("7 days, 1 day, 2 hours", "/talks remind 7d, 1d, 2h"),))
    return Reply(f"{talks.label} follows this channel's lead times again", aside=f"{len(mine)} reminders owed")
