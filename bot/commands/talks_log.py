"""`/talks log`, `/talks undo` and `/talks editors`."""

from __future__ import annotations

import re

from bot.commands.base import Ask, Command, Trouble
from bot.commands.rights import check_admin
from bot.commands.talks_done import confirmation
from bot.commands.undoing import Kind, log, taking_back
from bot.reply import Mention, Part, Reply, Span, line
from store import editors as named_editors
from store import talks as on_record
from store.database import Session
from store.records import Talks
from store.undo import Logged

TALKS = Kind("/talks", "T", on_record)

_PERSON = re.compile(r"<?@?([UW][A-Z0-9]{2,20})(?:\|[^>]*)?>?")
MOST_EDITORS = 200


def _shown(session: Session, ask: Ask, record: Logged, done: str, notes: tuple[Part, ...]) -> Reply:
    if not isinstance(record, Talks):
        raise TypeError("not talks")
    return confirmation(session, ask, record, done, notes)


def editors(ask: Ask) -> Reply:
    """Shows who may record; for admins, narrows it to the people named or opens it to everyone."""
    words = ask.rest.split()
    if not words:
        with ask.read() as session:
            return _who_may(named_editors.named(session))
    check_admin(ask)
    if [word.casefold() for word in words] == ["everyone"]:
        users = None
    else:
        users = [_person(word) for word in re.split(r"[\s,]+", ask.rest) if word]
    with ask.write() as session:
        return _who_may(named_editors.name(session, users), changed=True)


def _person(word: str) -> str:
    found = _PERSON.fullmatch(word)
    if not found:
        raise Trouble(
            f"“{word[:40]}” names nobody here; nothing was changed.",
            nearest="Type @ and choose the person from Slack's list, or write everyone.",
            example="/talks editors everyone",
        )
    return found.group(1)


def _who_may(users: tuple[str, ...] | None, *, changed: bool = False) -> Reply:
    now = "now " if changed else ""
    if users is None:
        return Reply(f"Every full member may {now}record.", parts=(line("Guests and people of other workspaces read."),))
    spans: list[Span] = []
    for user in users[:MOST_EDITORS]:
        spans += [", " if spans else "", Mention(user)]
    return Reply(
        f"Only named editors may {now}record.",
        aside=f"{len(users)} named",
        parts=(line(*spans), line("Admins of the workspace may too; everybody else reads.")),
    )


def commands() -> list[Command]:
    """The records of the log, undo and editors."""
    return [
        Command(
            "/talks",
            "log",
            "/talks log T-2",
            "Who changed what, when and why.",
            ("/talks log T-2",),
            log(TALKS),
            aliases=("changes", "revisions"),
        ),
        Command(
            "/talks",
            "undo",
            "/talks undo [T-2] [R-12]",
            "Takes back a change: the last one of these talks, the one named, or your own last.",
            ("/talks undo T-2",),
            taking_back(TALKS, _shown),
            writes=True,
        ),
        Command(
            "/talks",
            "editors",
            "/talks editors [@a @b|everyone]",
            "Who may record; workspace admins narrow it to named editors, or widen it.",
            ("/talks editors", "/talks editors everyone"),
            editors,
            writes=True,
        ),
    ]
