"""`/talks remind`, `reminders`, `snooze`, `mute`, `unmute` and `nonews`: what a channel is reminded of, and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from bot.cards import Page
from bot.commands.asking import number_alone, number_of
from bot.commands.base import Ask, Command, Trouble
from bot.commands.mute import check_unmuted, mute, mute_talks, unmute, unmute_talks
from bot.commands.owed_lines import INVITE, KINDS, hold_of, owed_line, set_by_itself, stuck, tried_again
from bot.commands.snooze import ahead, snooze
from bot.commands.watch_words import check_member
from bot.language import rhythm
from bot.language.rhythm import Misread
from bot.reply import Button, Card, Line, Moment, Notes, Part, Quiet, Reply, Strong, line
from bot.watching import leads_words
from store import backlog, orders, owed, posts, watches
from store.database import Session, WriteSession
from store.records import PostKind, Talks, WatchState
from store.scopes import Reader

PER_PAGE = 8

_ONE = re.compile(r"\s*t\s*-?\s*\d", re.IGNORECASE)
_OFF = re.compile(r"^(?:off|none|never|mute|no)$", re.IGNORECASE)
_BACK = re.compile(r"^(?:default|as usual|on|reset|unmute)$", re.IGNORECASE)


def remind(ask: Ask) -> Reply:
    """Sets lead times: the channel's, or with a number those of one talks."""
    if _ONE.match(ask.rest):
        return _remind_one(ask)
    if not ask.rest.strip():
        with ask.read() as session:
            present = watches.of_channel(session, ask.request.channel)
        if not present:
            raise Trouble(
                "Which lead times?", nearest="No reminders are set in this channel.", example="/talks remind 7d, 1d, 2h"
            )
        words = leads_words(present[0].leads)
        return Reply(f"Reminders in this channel: {words}", buttons=(Button("What is owed here", "/talks reminders"),))
    check_member(ask)
    if _OFF.match(ask.rest.strip()):
        return _no_reminders(ask)
    back = _BACK.match(ask.rest.strip())
    leads = watches.DEFAULT_LEADS if back else _leads(ask.rest, "/talks remind 7d, 1d, 2h")
    with ask.write() as session:
        held = tried_again(session, ask)
        changed = orders.set_leads(session, ask.request.channel, leads, zone=ask.request.zone)
        total = posts.count_owed(session, ask.request.channel)
    fresh = len(changed) == 1 and not changed[0].at
    parts: list[Part] = [
        *held,
        line(f"Set for {', '.join(w.label for w in changed[:5])}. This channel is owed {total} messages in all."),
    ]
    if fresh:
        parts.append(Notes((line(f"About everything on record, without a digest. {INVITE}"),)))
    buttons = (Button("What is owed here", "/talks reminders"), Button("Add a digest", "/digest help"))
    return Reply(f"Reminders in this channel: {leads_words(leads)}", parts=tuple(parts), buttons=buttons)


def _no_reminders(ask: Ask) -> Reply:
    """The channel's watches without reminders; what was set for single talks is named, for it goes on."""
    with ask.write() as session:
        changed = orders.set_leads(session, ask.request.channel, (), zone=ask.request.zone)
        goes_on = set_by_itself(session, ask.request.channel)
    if not changed:
        nothing = "No reminders for all talks are set in this channel, so there is nothing to turn off."
        return Reply(nothing, parts=tuple(goes_on), buttons=(Button("What is owed here", "/talks reminders"),))
    speaking = [watch.label for watch in changed if watch.state is WatchState.ACTIVE]
    told = [line(f"The digests of {', '.join(speaking[:5])} go on.")] if speaking else []
    parts = [*told, *goes_on] or [line("Nothing is posted here any more without being asked for.")]
    buttons = (Button("As usual again", "/talks remind default"),)
    return Reply("No more reminders in this channel", parts=tuple(parts), buttons=buttons)


def _leads(words: str, example: str) -> tuple[str, ...]:
    try:
        return rhythm.leads(words)
    except Misread as misread:
        raise Trouble(misread.message, nearest=misread.nearest, example=example) from None


def _remind_one(ask: Ask) -> Reply:
    check_member(ask)
    number, rest = number_of(ask, "T", "/talks remind T-2 3d, 1d")
    rest = rest.strip(" ,:")
    if _OFF.match(rest):
        return mute_talks(ask, number)
    if _BACK.match(rest):
        return unmute_talks(ask, number)
    leads = _leads(rest or "1d", "/talks remind T-2 3d, 1d") if rest else watches.DEFAULT_LEADS
    with ask.write() as session:
        talks = ahead(session, number)
        held = tried_again(session, ask)
        orders.set_remind(session, talks, ask.request.channel, leads, zone=ask.request.zone)
        mine = [p for p in posts.owed_to(session, ask.request.channel, limit=400) if p.subject == talks.label]
        notes = _skipped(session, ask, talks, leads)
        page = Page.of(session, [number], ask.now, ask.request.zone)
    parts: list[Part] = [*held, *((Moment(p.due, ask.request.zone), f"  {KINDS[p.kind]}") for p in mine)]
    if not mine:
        parts.append(line("Nothing is owed for it now."))
    if notes:
        parts.append(Notes(tuple(notes)))
    buttons = (
        Button("As usual again", f"/talks remind {talks.label} default"),
        Button("Mute here", f"/talks mute {talks.label}"),
    )
    return Reply(
        f"Reminders of {talks.label} here: {leads_words(leads)}",
        aside=page.names.title(talks),
        parts=tuple(parts),
        buttons=buttons,
    )


def _skipped(session: Session, ask: Ask, talks: Talks, leads: Sequence[str]) -> list[Line]:
    """What becomes of lead times that lead nowhere."""
    own = orders.zone_of(session, ask.request.channel, ask.request.zone)
    zone = Reader(session, ask.now.date()).zone_of(talks, own)
    window = owed.meant_window(talks)
    if window.earliest is None and window.latest is None:
        return [line(f"{talks.label} has no date yet. When it gets one, these lead times count from it.")]
    notes: list[Line] = []
    if window.latest is None and not isinstance(window.earliest, datetime):
        notes.append(line("Its window has no end: I say when it opens, and lead times wait for a date."))
    long = owed.too_long(talks, zone=zone, leads=leads)
    if long:
        notes.append(line(f"Longer than the window, so left out: {', '.join(long)}. I say when it opens."))
    gone = [
        post.slot.partition("@")[0]
        for post in owed.owed(talks, zone=zone, leads=leads)
        if post.kind in (PostKind.REMINDER, PostKind.CLOSES) and post.due < ask.now
    ]
    if gone:
        notes.append(line(f"Already past, so left out: {', '.join(gone)}."))
    return notes


def reminders(ask: Ask) -> Reply:
    """What the channel is owed, soonest first; with `failed` what could not be delivered, with `retry` that once more."""
    if re.fullmatch(r"\s*(?:what\s+)?(?:failed|late|missed|errors?)\s*", ask.rest, re.IGNORECASE):
        return failed(ask)
    if re.fullmatch(r"\s*retry(?:\s+now)?\s*", ask.rest, re.IGNORECASE):
        return retry(ask)
    found = re.fullmatch(r"\s*(?:page\s+(\d{1,3}))?\s*", ask.rest, re.IGNORECASE)
    if found is None:
        raise Trouble(
            f"I did not understand “{ask.rest.strip()[:40]}”.",
            nearest="What is owed takes no words but failed, retry or a page.",
            example="/talks reminders failed",
        )
    page = max(1, int(found[1])) if found[1] else 1
    channel = ask.request.channel
    with ask.read() as session:
        total = posts.count_owed(session, channel)
        shown = posts.owed_to(session, channel, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
        parts: list[Part] = [owed_line(session, ask, post) for post in shown]
        muted = [f"T-{n}" for n, own in watches.reminds_in(session, channel).items() if not own.leads]
        trouble = posts.troubled(session, channel, limit=1)
        watching = watches.of_channel(session, channel)
        unplanned = backlog.subjects(session)
    if not shown:
        what = "Nothing is owed to this channel" if watching else "No reminders or digests are set in this channel"
        parts.append(line("For example: ", Strong("/talks remind 7d, 1d, 2h"), " or ", Strong("/digest weekdays 08:30")))
        headline = f"{what}." if page == 1 else "No more is owed to this channel."
    else:
        headline = "Owed to this channel"
    if muted:
        parts.append(Notes((line(f"Muted here: {', '.join(muted[:12])}"),)))
    if unplanned and watching:
        parts.append(
            Notes((line(f"Changed a moment ago, and not planned for yet: {', '.join(unplanned)}. Ask again shortly."),))
        )
    buttons = [Button("More", f"/talks reminders page {page + 1}")] if total > page * PER_PAGE else []
    buttons += [Button("What failed", "/talks reminders failed")] if trouble else []
    return Reply(headline, aside=f"{total} in all", parts=tuple(parts), buttons=tuple(buttons))


def failed(ask: Ask) -> Reply:
    """What could not be delivered here, latest first, each with its reason."""
    with ask.read() as session:
        found = posts.troubled(session, ask.request.channel, limit=PER_PAGE * 2)
        lines: list[Part] = [
            Card(owed_line(session, ask, post)[:4], (line(Quiet(f"{post.state.value}: {post.reason or 'not known yet'}")),))
            for post in found
        ]
        may_help = bool(stuck(session, ask.request.channel)) or hold_of(session, ask) is not None
    if not found:
        return Reply("Everything that was due in this channel was delivered, or was no longer needed.")
    again = (Button("Try again now", "/talks reminders retry"),) if may_help else ()
    buttons = (*again, Button("What is owed here", "/talks reminders"))
    return Reply("Not delivered in this channel", aside=f"{len(found)} shown", parts=tuple(lines), buttons=buttons)


def retry(ask: Ask) -> Reply:
    """Tries again what is held up in the channel. Nothing else changes."""
    check_member(ask)
    with ask.write() as session:
        held = tried_again(session, ask)
    buttons = (Button("What failed", "/talks reminders failed"), Button("What is owed here", "/talks reminders"))
    if not held:
        return Reply("Nothing is held up in this channel.", buttons=buttons[1:])
    return Reply("Trying again", parts=tuple(held), buttons=buttons)


def no_news(ask: Ask) -> Reply:
    """Nothing is known yet: the question comes again, later each time."""
    check_member(ask)
    number = number_alone(ask, "T", "/talks nonews T-2", "When to ask again follows from how often there was no news.")
    with ask.write() as session:
        talks = ahead(session, number)
        check_unmuted(session, ask, talks)
        at = _ask_again(session, ask, talks)
    return Reply(
        f"Noted: no news of {talks.label} yet. I ask again",
        parts=((Moment(at, ask.request.zone),),),
        buttons=(Button(f"Show {talks.label}", f"/talks show {talks.label}"),),
    )


def _ask_again(session: WriteSession, ask: Ask, talks: Talks) -> datetime:
    return orders.no_news(session, talks, ask.request.channel, zone=ask.request.zone)


def commands() -> list[Command]:
    """The records of `/talks` that are about reminders."""
    return [
        Command(
            "/talks",
            "remind",
            "/talks remind [T-2] LEAD TIMES | off | default",
            "When this channel is reminded: of everything it watches, or of one talks.",
            ("/talks remind 7d, 1d, 2h", "/talks remind T-4 3d", "/talks remind T-4 default", "/talks remind off"),
            remind,
            writes=True,
        ),
        Command(
            "/talks",
            "reminders",
            "/talks reminders [failed | retry]",
            "What this channel is owed and when, or what could not be delivered; retry tries that again now.",
            ("/talks reminders", "/talks reminders failed", "/talks reminders retry"),
            reminders,
            writes_on=("retry",),
        ),
        Command(
            "/talks",
            "snooze",
            "/talks snooze T-2 [1h | tomorrow | DAY]",
            "One more reminder in this channel, later.",
            ("/talks snooze T-4 1h", "/talks snooze T-4 tomorrow", "/talks snooze T-4 3 March"),
            snooze,
            writes=True,
        ),
        Command(
            "/talks",
            "mute",
            "/talks mute T-2",
            "No reminders of these talks in this channel.",
            ("/talks mute T-4",),
            mute,
            writes=True,
        ),
        Command(
            "/talks",
            "unmute",
            "/talks unmute T-2",
            "Reminders of these talks as usual again.",
            ("/talks unmute T-4",),
            unmute,
            writes=True,
        ),
        Command(
            "/talks",
            "nonews",
            "/talks nonews T-2",
            "Answers “Did it happen?”: nothing is known yet, ask again later.",
            ("/talks nonews T-4",),
            no_news,
            writes=True,
        ),
    ]
