"""What is said of talks that were just written."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import Page, card
from bot.commands.base import Ask
from bot.commands.revision_words import differences_since
from bot.reply import Button, Part, Reply, line
from store import changes
from store import talks as on_record
from store.database import Session
from store.records import Talks


def confirmation(session: Session, ask: Ask, saved: Talks, done: str, notes: tuple[Part, ...] = ()) -> Reply:
    """The card of talks that were just written, with a way back."""
    page = Page.of(session, [saved.number], ask.now, ask.request.zone)
    shown = card(page, page.talks[0])
    number = changes.latest(session, on_record.KIND, saved.key)
    undo = Button("Undo", f"/talks undo {saved.label} R-{number}")
    return replace(shown, headline=f"{done}: {shown.headline}", parts=(*notes, *shown.parts), buttons=(undo, *shown.buttons))


def told_changes(session: Session, ask: Ask, talks: Talks) -> tuple[Part, ...]:
    """What the last revision of talks changed, in words."""
    last = changes.of_record(session, on_record.KIND, talks.key)[-1:]
    return tuple(line(*spans) for spans in differences_since(session, on_record.KIND, last, ask.now, ask.request.zone))
