"""`/digest pause`, `resume` and `off`: watches that stop, go on and end, with what the channel is told all the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.commands.base import Ask, Trouble
from bot.commands.owed_lines import set_by_itself, tried_again
from bot.commands.watch_words import EXAMPLE, check_member
from bot.reply import Button, Line, Reply, Strong, line
from store import orders, posts, watches
from store.database import Session
from store.records import Rhythm, Watch, WatchState

AT = "08:30"
SHOWN = 10

_WHICH = re.compile(r"(?:^|\s)(?:w\s*-?\s*)?(\d{1,9})\b", re.IGNORECASE)

_ALREADY = {WatchState.PAUSED: "paused already", WatchState.ACTIVE: "not paused", WatchState.OFF: "ended already"}


def names_one(words: str) -> bool:
    """True when words are a digest's number, like W-1."""
    return _WHICH.fullmatch(words.strip()) is not None


def chosen(ask: Ask, present: list[Watch], *, every: bool = False) -> list[Watch]:
    """The watch that the words name, or the only one there is. Raises Trouble."""
    words = ask.rest.strip()
    found = _WHICH.fullmatch(words)
    if found:
        named = [watch for watch in present if watch.number == int(found[1])]
        if not named:
            raise Trouble(
                f"There is no digest W-{found[1]} in this channel.", nearest=_present(present), example="/digest list"
            )
        return named
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


def none_set(ask: Ask, lines: Sequence[Line] = ()) -> Reply:
    """The answer where the channel has no watch."""
    return Reply(
        "No digest is set in this channel.",
        parts=(*lines, line("For example: ", Strong(EXAMPLE))),
        buttons=(Button("Every weekday, 08:30", f"/digest weekdays {AT} {ask.request.zone}"), Button("Help", "/digest help")),
    )


def pause(ask: Ask) -> Reply:
    """Stops a watch until it is resumed."""
    return _turn(ask, WatchState.PAUSED, "paused")


def resume(ask: Ask) -> Reply:
    """Lets a paused watch speak again, and tries the channel again if posting there failed."""
    return _turn(ask, WatchState.ACTIVE, "resumed")


def off(ask: Ask) -> Reply:
    """Ends a watch."""
    return _turn(ask, WatchState.OFF, "ended")


def _turn(ask: Ask, state: WatchState, done: str) -> Reply:
    """Pauses, resumes or ends what the words name."""
    check_member(ask)
    channel = ask.request.channel
    with ask.write() as session:
        held = tried_again(session, ask) if state is WatchState.ACTIVE else []
        present = watches.of_channel(session, channel)
        if not present:
            return none_set(ask, [*held, *set_by_itself(session, channel)])
        named = chosen(ask, present, every=True)
        turned = [watch for watch in named if watch.state is not state]
        orders.save_watches(session, [replace(watch, state=state) for watch in turned], action=done)
        owed = posts.count_owed(session, channel)
        goes_on = [] if state is WatchState.ACTIVE else _goes_on(session, channel)
    back = {WatchState.PAUSED: "resume", WatchState.OFF: "", WatchState.ACTIVE: "pause"}[state]
    only = named[0].label if len(named) == 1 else "all"
    buttons = (Button(back.capitalize(), f"/digest {back} {only}"),) if back else ()
    aside = f"{owed} still owed to this channel"
    if not turned:
        are = "is" if len(named) == 1 else "are"
        return Reply(f"{_names(named)} {are} {_ALREADY[state]}.", aside=aside, parts=(*held, *goes_on), buttons=buttons)
    return Reply(f"{_names(turned)} {done}.", aside=aside, parts=(*held, _told(turned, state), *goes_on), buttons=buttons)


def _names(named: Sequence[Watch]) -> str:
    return ", ".join(watch.label for watch in named[:SHOWN]) + (" …" if len(named) > SHOWN else "")


def _told(turned: Sequence[Watch], state: WatchState) -> Line:
    """What it means for the watches that were turned, and only for those."""
    one = len(turned) == 1
    speaks = any(watch.rhythm is not Rhythm.NONE for watch in turned)
    what = "digests and reminders" if speaks else "reminders"
    if state is WatchState.PAUSED:
        return line(f"{'Its' if one else 'Their'} {what} do not come until {'it is' if one else 'they are'} resumed.")
    if state is WatchState.OFF:
        return line(f"{'Its' if one else 'Their'} {what} will not come any more. What was posted stays.")
    return line("What changed meanwhile will be in the next digest." if speaks else "Its reminders come again.")


def _goes_on(session: Session, channel: str) -> list[Line]:
    """What the channel is told all the same: by its other watches, and whatever any watch does."""
    others = [watch for watch in watches.of_channel(session, channel) if watch.state is WatchState.ACTIVE]
    go = "goes" if len(others) == 1 else "go"
    lines = [line(f"{_names(others)} {go} on as before.")] if others else []
    return [*lines, *set_by_itself(session, channel)]
