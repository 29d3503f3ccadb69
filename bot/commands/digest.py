"""`/digest`: a channel's standing orders for digests: set, list, preview, pause, resume, off."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bot.commands.base import Ask, Command, Trouble
from bot.commands.digest_turn import AT, chosen, names_one, none_set, off, pause, resume
from bot.commands.owed_lines import set_by_itself, tried_again
from bot.commands.watch_words import EXAMPLE, check_member, scopes, unread
from bot.digests import digest
from bot.language import rhythm
from bot.language.rhythm import Misread
from bot.reply import Button, Card, Line, Moment, Notes, Part, Quiet, Reply, Strong, line
from bot.watching import DAYS, leads_words, rhythm_words, scope_words
from bot.wording import full_day
from store import news, orders, posts, schedule, watches
from store.database import Session, WriteSession
from store.records import Rhythm, Watch, WatchState

SUMMARY = "what changed, what is next and what lapsed, in this channel at your time"

PER_PAGE = 8
_ABOUT = re.compile(r"(?:^|\s)(?:about|on|for|regarding)\s+(?!(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b)(?=\S)", re.IGNORECASE)


def put(ask: Ask) -> Reply:
    """Sets a digest for the channel from words."""
    if not ask.rest.strip():
        return list_watches(ask)
    check_member(ask)
    wanted = _told(ask)
    with ask.write() as session:
        return _set(session, ask, wanted)


def _told(ask: Ask) -> tuple[Watch, str, str]:
    """The watch that the words ask for, and its filter still in words. Last, those of them that may have been
    meant for a time zone."""
    cut = _ABOUT.search(ask.rest)
    head, about = (ask.rest[: cut.start()], ask.rest[cut.end() :]) if cut else (ask.rest, "")
    try:
        told = rhythm.read(head)
    except Misread as misread:
        raise Trouble(misread.message, nearest=misread.nearest, example=EXAMPLE) from None
    if told.rhythm is None:
        if told.at is None and told.zone is None:
            raise Trouble(
                f"I did not understand “{ask.rest[:60]}”, so nothing was set.",
                nearest="Say how often and when: daily, weekdays or weekly with a day, and a time.",
                example=EXAMPLE,
            )
        ways = ("weekdays", "daily", "weekly monday")
        buttons = tuple(Button(way, f"/digest {way} {ask.rest}") for way in ways)
        raise Trouble("How often?", nearest="Daily, weekdays, or weekly with a day.", example=EXAMPLE, buttons=buttons)
    if told.rhythm is Rhythm.WEEKLY and told.weekday is None:
        raise _which_day(ask, told.rest)
    watch = Watch(
        0,
        ask.request.channel,
        ask.request.user,
        told.zone or ask.request.zone,
        told.rhythm,
        told.weekday,
        told.at or AT,
    )
    words = " , ".join(words for words in (told.rest, about) if words)
    return watch, words, told.rest if told.zone is None else ""


def _which_day(ask: Ask, loose: str) -> Trouble:
    """What to say of a weekly digest without a day; a word that was perhaps meant for one is named."""
    with ask.read() as session:
        strange = unread(session, ask, loose)
    rest = re.sub(r"\b(weekly|(?:every|each)\s+week)\b", "", ask.rest, flags=re.IGNORECASE)
    for word in strange:
        rest = rest.replace(word, "", 1)
    buttons = tuple(Button(day, f"/digest weekly {day} {' '.join(rest.split())}") for day in DAYS[:5])
    named = f"“{strange[0][:40]}” is no day that I know. " if strange else ""
    return Trouble(f"{named}Weekly on which day?", example="/digest weekly monday 09:00", buttons=buttons)


def _set(session: WriteSession, ask: Ask, wanted: tuple[Watch, str, str]) -> Reply:
    watch, words, loose = wanted
    read = scopes(session, ask, words, loose=loose)
    watch = replace(watch, about=read.about, but_not=read.but_not)
    if _is_about_nothing(watch):
        raise Trouble(
            "That leaves out all that it names, so it would never say anything.",
            nearest="Name something else, or leave the “not” away.",
            example=EXAMPLE,
        )
    held = tried_again(session, ask)
    present = watches.of_channel(session, watch.channel)
    same = next((w for w in present if _same(w, watch)), None)
    if same:
        reply = _card(session, ask, same, f"{same.label} already does that: {rhythm_words(same)}")
        return replace(reply, parts=(*held, line(f"It is {same.state.value}. Nothing was changed."), *reply.parts))
    # Reminders of everything stay what they are beside a digest about something.
    lonely = next(
        (w for w in present if w.rhythm is Rhythm.NONE and (w.about, w.but_not) == (watch.about, watch.but_not)), None
    )
    if lonely:
        # The channel had reminders only: its watch now gets its digest too, which tells what changes from now on.
        watch = replace(watch, number=lonely.number, leads=lonely.leads, since=orders.last_revision(session))
    elif present:
        watch = replace(watch, leads=present[0].leads)
    watch = orders.save_watch(session, watch)
    if lonely:
        orders.check(session, watch.channel)
    reply = _card(session, ask, watch, f"Digest {watch.label}: {rhythm_words(watch)}", fresh=True)
    return replace(reply, parts=(*held, *reply.parts))


def _is_about_nothing(watch: Watch) -> bool:
    """True when every subject that a watch names is one that it leaves out."""
    about, but_not = watch.about, watch.but_not
    named = (about.parties, about.members, about.topics)
    left_out = (but_not.parties, but_not.members, but_not.topics)
    return any(named) and all(set(some) <= set(none) for some, none in zip(named, left_out, strict=True))


def _same(one: Watch, other: Watch) -> bool:
    def order(watch: Watch) -> object:
        return watch.rhythm, watch.weekday, watch.at, watch.zone, watch.about, watch.but_not

    return order(one) == order(other)


def _card(session: WriteSession, ask: Ask, watch: Watch, headline: str, *, fresh: bool = False) -> Reply:
    parts: list[Part] = [line(f"A{scope_words(session, watch)[1:]}. Reminders: {leads_words(watch.leads)}.")]
    if watch.state is WatchState.ACTIVE:
        first = schedule.next_digest(watch, ask.now)
        parts.append(line("The first " if fresh else "The next ", "goes out ", Moment(first.due, watch.zone), "."))
    notes: list[Line] = [
        line(f"{watch.at} does not exist there on {full_day(day)}, when clocks go forward: it comes at {told} then.")
        for day, told in schedule.odd_days(watch, ask.now)[:2]
    ]
    if fresh:
        if orders.about_nothing(session, watch):
            notes.append(line("Nothing ahead on record is about that yet: until something is, it will say so in one line."))
        notes.append(line("If I am not in this channel, invite me with /invite @Attaché. I am checking; if I cannot post here "
                          "I tell you in a direct message."))  # fmt: skip
    if notes:
        parts.append(Notes(tuple(notes)))
    buttons = (
        Button("Preview", f"/digest preview {watch.label}", primary=True),
        Button("What is owed here", "/talks reminders"),
        Button("Resume", f"/digest resume {watch.label}")
        if watch.state is WatchState.PAUSED
        else Button("Pause", f"/digest pause {watch.label}"),
        Button("Off", f"/digest off {watch.label}", danger=True, confirm=f"Stop {watch.label} in this channel?"),
    )
    return Reply(headline, parts=tuple(parts), buttons=buttons)


def list_watches(ask: Ask) -> Reply:
    """The watches of the channel, with when each speaks next."""
    found = re.search(r"page\s+(\d{1,3})", ask.rest, re.IGNORECASE)
    page = max(1, int(found[1])) if found else 1
    with ask.read() as session:
        present = watches.of_channel(session, ask.request.channel)
        if not present:
            return none_set(ask, set_by_itself(session, ask.request.channel))
        shown = present[(page - 1) * PER_PAGE : page * PER_PAGE]
        cards = tuple(_listed(session, ask, watch) for watch in shown)
    buttons: tuple[Button, ...] = tuple(Button(f"Preview {w.label}", f"/digest preview {w.label}") for w in shown[:2])
    if len(present) > page * PER_PAGE:
        buttons = (*buttons, Button("More", f"/digest list page {page + 1}"))
    paused = sum(watch.state is WatchState.PAUSED for watch in present)
    aside = f"{len(present)} in all" + (f" · {paused} paused" if paused else "")
    if not shown:
        return Reply("No more digests in this channel.", aside=aside)
    return Reply("Digests and reminders in this channel", aside=aside, parts=cards, buttons=buttons)


def _listed(session: Session, ask: Ask, watch: Watch) -> Card:
    when: Line
    if watch.state is WatchState.PAUSED:
        when = line(Quiet("paused: no digests, no reminders"))
    elif watch.rhythm is Rhythm.NONE:
        when = line(Quiet(f"reminders {leads_words(watch.leads)}"))
    else:
        due = schedule.next_digest(watch, ask.now).due
        when = (Quiet(f"reminders {leads_words(watch.leads)} · next "), Moment(due, watch.zone))
    return Card(line(Strong(watch.label), f"  {rhythm_words(watch)}, {scope_words(session, watch)}"), (when,))


def preview(ask: Ask) -> Reply:
    """What the channel's digest would say now; with words, what a digest like that would."""
    with ask.read() as session:
        present = [w for w in watches.of_channel(session, ask.request.channel) if w.rhythm is not Rhythm.NONE]
        named = names_one(ask.rest)
        if ask.rest.strip() and not named:
            about = scopes(session, ask, _ABOUT.sub(" ", f" {ask.rest}"))
            watch = Watch(0, "", "", ask.request.zone, about=about.about, but_not=about.but_not)
        elif not present and not named:
            watch = Watch(0, "", "", ask.request.zone)
        else:
            watch = chosen(ask, present)[0]
        last = posts.last_digest(session, watch.label) if watch.number else None
        if last and last.upto is not None:
            after, since = last.upto, last.told_at
        else:
            since = ask.now - timedelta(days=7)
            after = watch.since if watch.number else news.revision_at(session, since)
        upto = orders.last_revision(session)
        made = digest(session, watch, after=after, upto=upto, last=since if last or not watch.number else None, now=ask.now)
    reply = made.reply()
    note = f"A preview of {watch.label}: nothing was posted." if watch.number else "A preview: nothing was posted or set."
    return replace(reply, parts=(*reply.parts, Notes((line(note),))))


def commands() -> list[Command]:
    """The records of `/digest`."""
    return [
        Command(
            "/digest",
            "set",
            "/digest [daily|weekdays|weekly DAY] TIME [ZONE] [about WORDS]",
            "Sets a digest for this channel. WORDS are parties, members:nato, topics, levels, places, or not any of these.",
            (EXAMPLE, "/digest weekly monday 09:00", "/digest daily 8:30am Geneva about members:nato, not turkey"),
            put,
            default=True,
            writes=True,
        ),
        Command("/digest", "list", "/digest list", "The digests set in this channel.", ("/digest list",), list_watches),
        Command(
            "/digest",
            "preview",
            "/digest preview [W-1 | WORDS]",
            "What the digest would say now, for your eyes only.",
            ("/digest preview", "/digest preview russia, nato"),
            preview,
        ),
        *(
            Command("/digest", name, f"/digest {name} [W-1 | all]", words, (f"/digest {name}",), handler, aliases, writes=True)
            for name, words, handler, aliases in (
                ("pause", "No digests and reminders for a while.", pause, ()),
                ("resume", "Digests and reminders again.", resume, ()),
                ("off", "Ends a digest.", off, ("stop",)),
            )
        ),
    ]
