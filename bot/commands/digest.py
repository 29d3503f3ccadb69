"""`/digest`: a channel's standing orders for digests: set, list, preview, pause, resume, off."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bot.commands.base import Ask, Command, Trouble
from bot.commands.watch_words import EXAMPLE, check_member, scopes
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
AT = "08:30"

_ABOUT = re.compile(r"(?:^|\s)(?:about|on|for|regarding)\s+(?!(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b)(?=\S)", re.IGNORECASE)
_WHICH = re.compile(r"(?:^|\s)(?:w\s*-?\s*)?(\d{1,9})\b", re.IGNORECASE)


def put(ask: Ask) -> Reply:
    """Sets a digest for the channel from words."""
    if not ask.rest.strip():
        return list_watches(ask)
    check_member(ask)
    wanted = _told(ask)
    with ask.write() as session:
        return _set(session, ask, wanted)


def _told(ask: Ask) -> tuple[Watch, str]:
    """The watch that the words ask for, and its filter still in words."""
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
        rest = re.sub(r"\b(weekly|(?:every|each)\s+week)\b", "", ask.rest, flags=re.IGNORECASE).strip()
        buttons = tuple(Button(day, f"/digest weekly {day} {rest}") for day in DAYS[:5])
        raise Trouble("Weekly on which day?", example="/digest weekly monday 09:00", buttons=buttons)
    watch = Watch(
        0,
        ask.request.channel,
        ask.request.user,
        told.zone or ask.request.zone,
        told.rhythm,
        told.weekday,
        told.at or AT,
    )
    return watch, " , ".join(words for words in (told.rest, about) if words)


def _set(session: WriteSession, ask: Ask, wanted: tuple[Watch, str]) -> Reply:
    watch, words = wanted
    read = scopes(session, ask, words)
    watch = replace(watch, about=read.about, but_not=read.but_not)
    present = watches.of_channel(session, watch.channel)
    same = next((w for w in present if _same(w, watch)), None)
    if same:
        reply = _card(session, ask, same, f"{same.label} already does that: {rhythm_words(same)}")
        return replace(reply, parts=(line(f"It is {same.state.value}. Nothing was changed."), *reply.parts))
    lonely = next((w for w in present if w.rhythm is Rhythm.NONE and w.about == w.but_not == type(w.about)()), None)
    if lonely:
        # The channel had reminders only: its watch now gets its digest too.
        watch = replace(watch, number=lonely.number, created_by=lonely.created_by, leads=lonely.leads, since=lonely.since)
    elif present:
        watch = replace(watch, leads=present[0].leads)
    watch = orders.save_watch(session, watch)
    return _card(session, ask, watch, f"Digest {watch.label}: {rhythm_words(watch)}", fresh=True)


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
        Button("Pause", f"/digest pause {watch.label}"),
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
            return _none(ask)
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


def _none(ask: Ask) -> Reply:
    return Reply(
        "No digest is set in this channel.",
        parts=(line("For example: ", Strong(EXAMPLE)),),
        buttons=(Button("Every weekday, 08:30", f"/digest weekdays {AT} {ask.request.zone}"), Button("Help", "/digest help")),
    )


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
        named = _WHICH.fullmatch(ask.rest.strip())
        if ask.rest.strip() and not named:
            about = scopes(session, ask, _ABOUT.sub(" ", f" {ask.rest}"))
            watch = Watch(0, "", "", ask.request.zone, about=about.about, but_not=about.but_not)
        elif not present and not named:
            watch = Watch(0, "", "", ask.request.zone)
        else:
            watch = _chosen(ask, present)[0]
        last = posts.last_digest(session, watch.label) if watch.number else None
        if last and last.upto is not None:
            after, since = last.upto, last.due
        else:
            since = ask.now - timedelta(days=7)
            after = watch.since if watch.number else news.revision_at(session, since)
        upto = orders.last_revision(session)
        made = digest(session, watch, after=after, upto=upto, last=since if last or not watch.number else None, now=ask.now)
    reply = made.reply()
    note = f"A preview of {watch.label}: nothing was posted." if watch.number else "A preview: nothing was posted or set."
    return replace(reply, parts=(*reply.parts, Notes((line(note),))))


def _chosen(ask: Ask, present: list[Watch], *, every: bool = False) -> list[Watch]:
    """The watch that the words name, or the only one there is."""
    words = ask.rest.strip()
    found = _WHICH.fullmatch(words)
    if found:
        chosen = [watch for watch in present if watch.number == int(found[1])]
        if not chosen:
            raise Trouble(
                f"There is no digest W-{found[1]} in this channel.", nearest=_present(present), example="/digest list"
            )
        return chosen
    if words and not (every and words.lower() == "all"):
        raise Trouble(f"“{words[:40]}” is not a digest's number like W-1.", nearest=_present(present), example="/digest list")
    if len(present) > 1 and not words:
        verb = ask.command.name
        buttons = [Button(f"{verb.capitalize()} {w.label}", f"/digest {verb} {w.label}") for w in present[:4]]
        if every:
            buttons.append(Button("All of them", f"/digest {verb} all"))
        raise Trouble("Which one?", nearest=_present(present), example="/digest list", buttons=tuple(buttons))
    return present


def _present(present: list[Watch]) -> str:
    shown = ", ".join(watch.label for watch in present[:6])
    more = f" and {len(present) - 6} more" if len(present) > 6 else ""
    return f"Here there is {shown}{more}." if present else "There is none here."


def _turn(ask: Ask, state: WatchState, done: str) -> Reply:
    """Pauses, resumes or ends what the words name."""
    check_member(ask)
    with ask.write() as session:
        present = watches.of_channel(session, ask.request.channel)
        if not present:
            return _none(ask)
        chosen = _chosen(ask, present, every=True)
        for watch in chosen:
            orders.save_watch(session, replace(watch, state=state), action=done)
        if state is WatchState.ACTIVE:
            orders.try_again(session, ask.request.channel)
        owed = posts.count_owed(session, ask.request.channel)
    names = ", ".join(watch.label for watch in chosen[:10]) + (" …" if len(chosen) > 10 else "")
    back = {WatchState.PAUSED: "resume", WatchState.OFF: "", WatchState.ACTIVE: "pause"}[state]
    only = chosen[0].label if len(chosen) == 1 else "all"
    buttons = (Button(back.capitalize(), f"/digest {back} {only}"),) if back else ()
    told = {
        WatchState.PAUSED: "No digests and no reminders until it is resumed.",
        WatchState.OFF: "Its digests and reminders will not come any more. What it posted stays.",
        WatchState.ACTIVE: "What changed meanwhile will be in the next digest.",
    }[state]
    aside = f"{owed} still owed to this channel"
    return Reply(f"{names} {done}.", aside=aside, parts=(line(told),), buttons=buttons)


def pause(ask: Ask) -> Reply:
    """Stops a watch until it is resumed."""
    return _turn(ask, WatchState.PAUSED, "paused")


def resume(ask: Ask) -> Reply:
    """Lets a paused watch speak again, and tries the channel again if posting there failed."""
    return _turn(ask, WatchState.ACTIVE, "resumed")


def off(ask: Ask) -> Reply:
    """Ends a watch."""
    return _turn(ask, WatchState.OFF, "ended")


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
