"""`/talks brief`: everything on one page before talks open."""

from __future__ import annotations

from dataclasses import replace

from bot import briefs
from bot.commands.asking import number_of
from bot.commands.base import Ask, Command
from bot.reply import Quiet, Reply, line
from store import talks as on_record

FULL = ("full", "whole", "all", "in full")


def brief(ask: Ask) -> Reply:
    """Sides, agenda, where each side stands on it, what must come first, last talks and outcome, drafts, travel."""
    number, rest = number_of(ask, "T", "/talks brief T-4")
    words = rest.strip().casefold()
    with ask.read() as session:
        talks = on_record.get(session, number)
        found = briefs.compose(session, talks, ask.now, ask.request.zone, whole=words in FULL)
    if words and words not in FULL:
        note = line(Quiet(f"I did not understand “{rest.strip()[:40]}”; showing the brief of {talks.label}."))
        return replace(found, parts=(note, *found.parts))
    return found


def commands() -> list[Command]:
    """The record of the brief."""
    return [
        Command(
            "/talks",
            "brief",
            "/talks brief T-3 [full]",
            "One page before talks open: sides, agenda and where each stands, what must come first, last time, drafts.",
            ("/talks brief T-4", "/talks brief T-3 full"),
            brief,
        )
    ]
