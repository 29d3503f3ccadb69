"""`/position topics`: what positions are about, as a tree with counts; one topic with its names; and putting topics right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.commands import topic_changes
from bot.commands.base import Ask, Command
from bot.commands.position_asking import named
from bot.commands.topic_changes import resolve
from bot.reply import Button, Facts, Line, Part, Quiet, Reply, Strong, line
from store import positions, topics
from store.database import Session
from store.records import Topic

PER_PAGE = 12
DEEPEST = 8

_PAGE = re.compile(r"(?:^|\s)page\s+(\d{1,4})\s*$", re.IGNORECASE)


def answer(ask: Ask) -> Reply:
    """The tree, one topic, or a change, by what leads the words."""
    word, _, rest = ask.rest.partition(" ")
    change = topic_changes.VERBS.get(word.casefold())
    if change is not None and (rest.strip() or word.casefold() == "undo"):
        return change(ask, rest.strip())
    found = _PAGE.search(ask.rest)
    page = max(1, int(found.group(1))) if found else 1
    words = ask.rest[: found.start()].strip() if found else ask.rest.strip()
    with ask.read() as session:
        return _one(session, ask, resolve(session, ask, words)) if words else _tree(session, page)


def _tree(session: Session, page: int) -> Reply:
    everything = topics.everything(session)
    order = list(_walk(everything))
    shown = order[(page - 1) * PER_PAGE : page * PER_PAGE]
    counts = topics.counts(session, [topic.key for _, topic in shown])
    parts: list[Part] = [_branch(depth, topic, counts[topic.key]) for depth, topic in shown]
    if not shown:
        parts.append(line("No more." if order else "No topics are on record yet: they come with positions and agendas."))
    buttons = [Button("More", f"/position topics page {page + 1}", replaces=True)] if len(order) > page * PER_PAGE else []
    buttons += [Button(topic.name[:70], f"/position topics {topic.name}") for _, topic in shown[:3]]
    aside = "1 topic" if len(order) == 1 else f"{len(order)} topics"
    share = "/position topics" + (f" page {page}" if page > 1 else "")
    return Reply("Topics", aside=aside, parts=tuple(parts), buttons=tuple(buttons), share=share)


def _walk(everything: Sequence[Topic]) -> Iterator[tuple[int, Topic]]:
    """Every topic by name, each followed by what lies under it, with how deep it lies."""
    under: dict[str | None, list[Topic]] = {}
    for topic in everything:
        under.setdefault(topic.parent, []).append(topic)
    waiting = [(0, topic) for topic in reversed(under.get(None, []))]
    while waiting:
        depth, topic = waiting.pop()
        yield depth, topic
        waiting += [(depth + 1, child) for child in reversed(under.get(topic.key, []))]


def _branch(depth: int, topic: Topic, count: tuple[int, int, int]) -> Line:
    indent = f"{'    ' * (min(depth, DEEPEST) - 1)}  └ " if depth else ""
    return (indent, Strong(topic.name), Quiet(f"  {count_words(count)}"))


def count_words(count: tuple[int, int, int]) -> str:
    """`12 positions · 3 agenda items · 1 draft`; what is counted to the cap ends in a plus."""
    words: list[str] = []
    for number, word in zip(count, ("position", "agenda item", "draft"), strict=True):
        if number:
            more = "+" if number >= topics.COUNT_CAP else ""
            words.append(f"{number}{more} {word}" if number == 1 else f"{number}{more} {word}s")
    return " · ".join(words) or "nothing on record itself"


def _one(session: Session, ask: Ask, topic: Topic) -> Reply:
    """One topic: its names, where it lies, what names it, and who has spoken to it."""
    children = topics.by_keys(session, topics.children(session, topic.key))
    path: list[str] = []
    step = topic.parent
    while step is not None and len(path) < DEEPEST and (above := topics.get(session, step)):
        path.append(above.name)
        step = above.parent
    pairs: list[tuple[str, Line]] = [("On record", line(count_words(topics.counts(session, [topic.key])[topic.key])))]
    if path:
        pairs.append(("Under", line(" › ".join(reversed(path)))))
    if children:
        pairs.append(("Over", line(", ".join(child.name for child in children.values()))))
    pairs.append(("Also called", line(", ".join(topic.aliases) or "nothing else")))
    spoke = positions.on_topic(session, topic.key, as_of=ask.today)
    if spoke:
        more = f" and {len(spoke) - 6} more" if len(spoke) > 6 else ""
        pairs.append(("Who spoke", line(f"{named(session, [s.party for s in spoke[:6]])}{more}")))
    buttons = (
        Button("Positions on it", f"/position on {topic.name}"),
        Button("Find it", f'/talks search topic:"{topic.name}"'),
        Button("All topics", "/position topics"),
    )
    return Reply(f"Topic · {topic.name}", parts=(Facts(tuple(pairs)),), buttons=buttons, share=f"/position topics {topic.name}")


def commands() -> list[Command]:
    """The record of topics."""
    return [
        Command(
            "/position",
            "topics",
            "/position topics [NAME] | merge A into B | rename A to B | alias A as B | put A under B | undo",
            "What positions are about, as a tree with counts, or one topic; puts names, aliases and places in the tree right. "
            "A merge moves everything, and undo takes all of it back.",
            (
                "/position topics",
                "/position topics nato",
                "/position topics merge embassies into bilateral irritants",
                "/position topics rename aggressor to who is called the aggressor",
                "/position topics alias embassies as consulates",
                "/position topics put aggressor under US–Russia talks",
            ),
            answer,
            aliases=("topic",),
            writes_on=tuple(topic_changes.VERBS),
        ),
    ]
