"""What forms of positions and replies share: an entry as values, and what is said of a position that was just written."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.base import Ask
from bot.commands.position_card import Sheet, card
from bot.language import entry as sentences
from bot.reply import Button, Part, Reply
from bot.wording import REPLIES, STANCES
from store import changes, parties, topics
from store import positions as on_record
from store.database import Session
from store.records import Position, ReplyStance


def confirmed(session: Session, ask: Ask, position: Position, done: str, notes: tuple[Part, ...] = ()) -> Reply:
    """The card of a position that was just written, with a way back."""
    sheet = Sheet.of(session, [position.number], ask.now, ask.request.zone, ask.today)
    shown = card(sheet, sheet.positions[0], whole=True)
    number = changes.latest(session, on_record.KIND, position.key)
    undo = Button("Undo", f"/position undo {position.label} R-{number}")
    return replace(shown, headline=f"{done}: {shown.headline}", parts=(*notes, *shown.parts), buttons=(undo, *shown.buttons))


def denied_note(entry: sentences.PositionEntry | sentences.ReplyEntry) -> str:
    """For whoever looks a form over: how the words of a stance that is denied were read; empty where none is."""
    if not entry.denied:
        return ""
    words = f"“{entry.denied[:100]}”"
    if entry.stance is None:
        return f"{words} leaves the stance open: choose it."
    stance = REPLIES[entry.stance] if isinstance(entry.stance, ReplyStance) else STANCES[entry.stance]
    return f"{words} was read as “{stance}”: check it."


def entry_values(session: Session, entry: sentences.PositionEntry | sentences.ReplyEntry) -> dict[str, str]:
    """What a form shows of an entry; only what the words said."""
    party = parties.by_codes(session, [entry.party]).get(entry.party) if entry.party else None
    found = {
        "party": party.name if party else "",
        "stance": entry.stance.value if entry.stance else "",
        "summary": (entry.summary or "")[:3000],
        "quote": (entry.quote or "")[:3000],
        "speaker": entry.speaker or "",
        "office": entry.office or "",
        "said_on": str(entry.said_on or ""),
        "sources": "\n".join(entry.urls),
    }
    if isinstance(entry, sentences.PositionEntry):
        topic = topics.get(session, entry.topic) if entry.topic else None
        found["topic"] = topic.name if topic else entry.topic_words or ""
    return {name: value for name, value in found.items() if value}
