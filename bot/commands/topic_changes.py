"""Putting topics right: merging two, renaming, other names, another place in the tree, and taking a change back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.commands.base import Ask, Trouble
from bot.commands.rights import check_recorder
from bot.reply import Button, Form, Line, Part, Reply, line
from store import changes, merged, parties, topic_merges, topic_talks, topics, undo
from store.database import Session, WriteSession
from store.parties import fold
from store.records import Revision, Topic

MOVED_AT_ONCE = 5000
"""How many records a merge or a new name touches at most while Slack waits its three seconds."""
EXAMPLE = "/position topics merge embassies into bilateral irritants"
LONGEST_NAME = 200
SHOWN = 6
"""How many of the records that an undone merge leaves behind are named."""

_REVISION = re.compile(r"\s*r\s*-?\s*(\d{1,9})\s*$", re.IGNORECASE)
_EDIT = {"P": "/position edit", "D": "/draft edit", "T": "/talks edit"}
_NOWHERE = ("nothing", "no topic", "none", "top")


def resolve(session: Session, ask: Ask, words: str) -> Topic:
    """The topic that words name, by name, alias or key. Raises Trouble with near misses."""
    sought = words.strip().strip("\"“”'")
    keys = topics.named(session, [fold(sought)]).get(fold(sought), [])
    found = topics.by_keys(session, keys or [sought])
    if len(found) == 1:
        return next(iter(found.values()))
    shown = sought[:60] + ("…" if len(sought) > 60 else "")
    if found:
        exact = [topic for topic in found.values() if fold(topic.name) == fold(sought)]
        if len(exact) == 1:
            return exact[0]
        choices = list(found.values())
        message = f"“{shown}” is a name of {' and of '.join(topic.name for topic in choices[:4])}. Which one?"
    else:
        choices = topics.suggest(session, sought)
        message = f"There is no topic by the name “{shown}” on record."
    nearest = f"Did you mean {' or '.join(topic.name for topic in choices)}?" if choices and not found else None
    lines = [(topic, ask.line(ask.rest.replace(words.strip(), topic.key if found else topic.name, 1))) for topic in choices[:3]]
    buttons = tuple(Button(f"{topic.name}?"[:70], text[:400]) for topic, text in lines)
    raise Trouble(message, nearest=nearest or _known(session), example="/position topics", buttons=buttons)


def _known(session: Session) -> str:
    names = [topic.name for topic in topics.everything(session)[:8]]
    return f"Topics on record: {', '.join(names)}." if names else "No topics are on record yet."


def _parted(session: Session, words: str, by: str, example: str) -> tuple[str, str]:
    """The two sides of a change, parted at the word `by`: where names hold it too, so that the left one is a topic."""
    splits = [m.span() for m in re.finditer(rf"\s+(?:{by})\s+", words, re.IGNORECASE)]
    if not splits:
        raise Trouble(
            f"“{words[:60]}” does not say both sides.", nearest="Name the topic, then what is to become of it.", example=example
        )
    sides = [(words[:start].strip(), words[end:].strip()) for start, end in splits]
    known = topics.named(session, [fold(left.strip("\"“”'")) for left, _ in sides])
    return next((side for side in sides if fold(side[0].strip("\"“”'")) in known), sides[0])


def _check_size(session: Session, ask: Ask, topic: Topic) -> None:
    """Refuses what cannot be done before Slack gives up on a command."""
    if ask.request.still_wanted is None:
        return
    if topic_merges.size(session, topic.key, MOVED_AT_ONCE + 1) > MOVED_AT_ONCE:
        raise Trouble(
            f"More than {MOVED_AT_ONCE} records name {topic.name}: too many to change before Slack stops waiting.",
            nearest=f'Whoever runs Attaché can do it in a terminal: attache ask "{ask.line(ask.rest)[:200]}"',
        )


def merge(ask: Ask, words: str) -> Reply:
    """One topic into another, with everything that names it."""
    with ask.write() as session:
        check_recorder(session, ask)
        left, right = _parted(session, words, "into|with", EXAMPLE)
        one, other = resolve(session, ask, left), resolve(session, ask, right)
        if one.key == other.key:
            raise Trouble(f"“{left[:60]}” and “{right[:60]}” are names of one topic already: {one.name}.", example=EXAMPLE)
        _check_size(session, ask, one)
        done = topic_merges.merge(session, one, other)
    counts = ((done.positions, "position"), (done.talks, "talks"), (done.drafts, "draft"))
    moved = ", ".join(f"{n} {word if n == 1 or word == 'talks' else word + 's'}" for n, word in counts if n)
    parts: list[Part] = [line(f"Moved: {moved or 'nothing was on record under it'}.")]
    parts.append(line(f"{one.name} is now another name for {done.topic.name}."))
    undo_it = Button("Undo all of it", f"/position topics undo R-{done.revision}")
    return Reply(f"Merged: {one.name} into {done.topic.name}", parts=tuple(parts), buttons=(undo_it, _show(done.topic)))


def rename(ask: Ask, words: str) -> Reply:
    """Another name; the old one stays as an alias."""
    with ask.write() as session:
        check_recorder(session, ask)
        left, name = _parted(session, words, "to|as", "/position topics rename aggressor to who is called the aggressor")
        topic, name = resolve(session, ask, left), _new_name(name)
        taken = [key for key in topics.named(session, [fold(name)]).get(fold(name), []) if key != topic.key]
        if taken:
            other = topics.by_keys(session, taken[:1])[taken[0]]
            button = Button("Merge them", f"/position topics merge {topic.name} into {other.name}")
            raise Trouble(
                f"{name} is a name of {other.name} already.", nearest="Merge them, if they are one.", buttons=(button,)
            )
        _check_no_party(session, ask, topic, name)
        _check_size(session, ask, topic)
        aliases = [alias for alias in topic.aliases if fold(alias) != fold(name)]
        kept = [topic.name] if fold(topic.name) != fold(name) else []
        saved = topics.save(session, replace(topic, name=name, aliases=(*kept, *aliases)), action="renamed")
        return _done(session, saved, f"Renamed: {topic.name} is now {saved.name}", "The old name still finds it.")


def alias(ask: Ask, words: str) -> Reply:
    """One more name for a topic."""
    with ask.write() as session:
        check_recorder(session, ask)
        left, name = _parted(session, words, "as|also", "/position topics alias embassies as consulates")
        topic, name = resolve(session, ask, left), _new_name(name)
        owners = topics.by_keys(session, topics.named(session, [fold(name)]).get(fold(name), []))
        if topic.key in owners:
            raise Trouble(f"{topic.name} is called that already.", example="/position topics nato")
        _check_no_party(session, ask, topic, name)
        saved = topics.save(session, replace(topic, aliases=(*topic.aliases, name)), action="given another name")
        others = ", ".join(owner.name for owner in owners.values())
        note = f"{others} has that name too; whoever uses it is shown both." if others else "Both names find it now."
        return _done(session, saved, f"{saved.name} is also called {name}", note)


def unalias(ask: Ask, words: str) -> Reply:
    """One name less."""
    example = "/position topics unalias irritants from bilateral irritants"
    with ask.write() as session:
        check_recorder(session, ask)
        splits = re.split(r"\s+(?:from|of)\s+", words, maxsplit=1, flags=re.IGNORECASE)
        topic = resolve(session, ask, splits[-1])
        name = splits[0].strip("\"“”'")
        if fold(name) not in {fold(each) for each in topic.aliases}:
            known = f"It is also called {', '.join(topic.aliases)}." if topic.aliases else "It has no other name."
            raise Trouble(f"“{name[:60]}” is not another name of {topic.name}.", nearest=known, example=example)
        aliases = tuple(each for each in topic.aliases if fold(each) != fold(name))
        saved = topics.save(session, replace(topic, aliases=aliases), action="a name taken away")
        return _done(session, saved, f"{saved.name} is no longer called {name}", "")


def put(ask: Ask, words: str) -> Reply:
    """Another place in the tree."""
    example = "/position topics put aggressor under US–Russia talks"
    with ask.write() as session:
        check_recorder(session, ask)
        left, right = _parted(session, words, "under|below|in|beneath", example)
        topic = resolve(session, ask, left)
        above = None if fold(right) in _NOWHERE else resolve(session, ask, right)
        if topic.parent == (above.key if above else None):
            where = f"under {above.name}" if above else "under no other"
            raise Trouble(f"{topic.name} lies {where} already.", example=example)
        try:
            saved = topics.save(session, replace(topic, parent=above.key if above else None), action="moved in the tree")
            topic_talks.replan(session, [saved.key])
        except topics.Circle as circle:
            names = topics.by_keys(session, circle.path)
            path = " under ".join(names[key].name if key in names else key for key in circle.path)
            raise Trouble(f"That goes round: {path}.", nearest="Move the other one out first.", example=example) from None
        return _done(session, saved, f"{saved.name} lies {f'under {above.name}' if above else 'under no other topic'}", "")


def _new_name(name: str) -> str:
    name = " ".join(name.strip("\"“” '").split())
    if not fold(name) or len(name) > LONGEST_NAME:
        raise Trouble(f"“{name[:60]}” cannot be a name.", example="/position topics alias embassies as consulates")
    return name


def _check_no_party(session: Session, ask: Ask, topic: Topic, name: str) -> None:
    """Refuses a party's name for a topic, unless the topic is named after that party already, as NATO is: questions about the
    party would be taken for the topic."""
    had = [fold(each) for each in (topic.name, *topic.aliases)]
    found = parties.named(session, [fold(name), *had])
    codes = list(dict.fromkeys(code for code, _ in found.get(fold(name), ())))
    if {code for each in had for code, _ in found.get(each, ())} >= set(codes):
        return
    known = parties.names_of(session, codes)
    whose = " and ".join(known.get(code, code) for code in codes[:3])
    another = f"{name} question"
    start, _, _ = ask.rest.rpartition(name)
    buttons = (Button(f"{another}?"[:70], ask.line(f"{start}{another}")[:400]),) if start else ()
    raise Trouble(
        f"{name} is a name of {whose}, a party: who asks about it would be shown {topic.name} instead.",
        nearest=f"Another name would do, such as “{another}”.",
        buttons=buttons,
    )


def _done(session: WriteSession, topic: Topic, headline: str, note: str) -> Reply:
    number = changes.latest(session, topics.KIND, topic.key)
    buttons = (Button("Undo", f"/position topics undo R-{number}"), _show(topic))
    return Reply(headline, parts=(line(note),) if note else (), buttons=buttons)


def _show(topic: Topic) -> Button:
    return Button("Show it", f"/position topics {topic.name}")


def take_back(ask: Ask, words: str) -> Reply:
    """Takes a change of a topic back: the one named, or the asker's own last."""
    with ask.write() as session:
        check_recorder(session, ask)
        named = _REVISION.match(words)
        if words and not named:
            raise Trouble(f"“{words[:60]}” does not say what to undo.", example="/position topics undo")
        own = None if named else merged.latest_of(session, ask.request.user)
        if named:
            revision = changes.get(session, int(named[1]))
        elif own:
            revision = own
        else:
            raise _nothing_own(session, ask)
        if revision.kind != topics.KIND:
            raise Trouble(f"R-{revision.number} is no change of a topic.", example="/position undo P-1")
        name = str((revision.after or revision.before or {}).get("name"))
        try:
            done = undo.undo(session, revision)
        except undo.CannotUndo as no:
            raise _stuck(revision, name, no) from None
        into = topics.get(session, str((revision.before or {}).get("into")))
        stays = into.name if into else ""
    back = line(f"Taken back: R-{revision.number}, {name}, {revision.action}.")
    undo_it = Button("Undo", f"/position topics undo R-{done.number}")
    if done.topic is None:
        return Reply(f"Undone: {name} is off the record", parts=(back,), buttons=(undo_it,))
    if into:  # what took a merge apart is no single change: merging again is what takes it back
        undo_it = Button("Merge again", f"/position topics merge {done.topic.name} into {into.name}"[:400])
    parts: list[Part] = [back, *_left_behind(done.meanwhile, stays, done.topic.name)]
    edits = [Button(f"Change {label}", f"{_EDIT[label[0]]} {label}") for label in done.meanwhile[:3]]
    return Reply(f"Undone: {done.topic.name} is as it was", parts=tuple(parts), buttons=(*edits, undo_it, _show(done.topic)))


def _nothing_own(session: Session, ask: Ask) -> Trouble:
    """No change of the asker's stands; what they took back last can be put back by its number."""
    last = merged.undone_last(session, ask.request.user)
    if last is None:
        return Trouble("You changed no topic lately.", nearest="Name the change, like R-12.", example="/position topics")
    undo_it = f"/position topics undo R-{last.number}"
    return Trouble(
        "You changed no topic lately that is not undone.",
        nearest=f"Undoing is a change too: R-{last.number} can be undone.",
        example=undo_it,
        buttons=(Button(f"Undo R-{last.number}", undo_it),),
    )


def _left_behind(labels: tuple[str, ...], stays: str, back: str) -> list[Line]:
    """What was recorded since a merge stays where it was recorded, and how to move it."""
    if not labels:
        return []
    shown = ", ".join(labels[:SHOWN]) + (f" and {len(labels) - SHOWN} more" if len(labels) > SHOWN else "")
    one = len(labels) == 1
    words = f"{shown} {'was' if one else 'were'} recorded meanwhile and {'stays' if one else 'stay'} under {stays}."
    how = f"What belongs under {back} is moved by changing its topic: {_EDIT[labels[0][0]]} {labels[0]}"
    return [line(words), line(how)]


def _stuck(revision: Revision, name: str, no: undo.CannotUndo) -> Trouble:
    what = f"R-{revision.number} ({name}, {revision.action})"
    if no.why == "nothing":
        return Trouble(f"{what} is undone already.")
    if no.why == "depends":
        return Trouble(f"{what} cannot be undone: {', '.join(no.labels)} rests on it.", nearest="Change that first.")
    if no.why == "name":
        return Trouble(
            f"{what} cannot be undone: {name} is a name of {no.labels[0]} by now, and no two topics share one.",
            nearest="Give that one another name first.",
            example=f"/position topics rename {no.labels[0]} to …",
        )
    if no.why in ("part", "apart"):
        whole = no.by[0]
        merged_one = str((whole.before or {}).get("name"))
        is_part = f"is part of R-{whole.number} ({merged_one}, {whole.action})"
        if no.why == "apart":
            return Trouble(f"{what} took R-{whole.number} back ({merged_one}, {whole.action}).", nearest="Merge them again.")
        undo_it = f"/position topics undo R-{whole.number}"
        button = Button(f"Undo R-{whole.number}", undo_it)
        return Trouble(f"{what} {is_part}.", nearest="Undo all of that.", example=undo_it, buttons=(button,))
    later = ", ".join(f"R-{r.number} ({r.action})" for r in no.by[-3:]) or "a later change"
    return Trouble(f"{what} cannot be undone by itself: {later} came after it.", nearest="Undo that first.")


VERBS: dict[str, Callable[[Ask, str], Reply]] = {
    "merge": merge,
    "rename": rename,
    "alias": alias,
    "unalias": unalias,
    "put": put,
    "under": put,
    "move": put,
    "undo": take_back,
}
"""What may follow `/position topics` to change one."""


def undoing_topics_too(other: Callable[[Ask], Reply | Form]) -> Callable[[Ask], Reply | Form]:
    """`/position undo R-12`, whether R-12 changed a position (then `other` answers) or a topic."""

    def handle(ask: Ask) -> Reply | Form:
        named = _REVISION.match(ask.rest)
        if named:
            with ask.read() as session:
                kind = changes.get(session, int(named[1])).kind
            if kind == topics.KIND:
                return take_back(ask, ask.rest)
        return other(ask)

    return handle
