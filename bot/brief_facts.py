"""What a brief holds, read but not worded."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cards import Page
from bot.draft_cards import Sheet
from bot.wording import Names
from store.records import Position, Talks, Topic, Vote


@dataclass(frozen=True, slots=True)
class Item:
    """One agenda item, with each side's latest positions on its topic and on what lies under it."""

    text: str
    topic: str | None
    stands: tuple[tuple[str, tuple[Position, ...]], ...]


@dataclass(frozen=True, slots=True)
class Last:
    """Talks of the same sides that were held before: the last at this level, or the last at any."""

    talks: Talks
    same_level: bool


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a brief says, read but not worded. `page` holds the talks first, then those that they mention."""

    page: Page
    talks: Talks
    needs: tuple[Talks, ...]
    items: tuple[Item, ...]
    others: tuple[Position, ...]
    topics: dict[str, Topic]
    last: tuple[Last, ...]
    ahead: Talks | None
    """What these sides have planned instead, where these talks are no longer ahead."""
    drafts: Sheet
    votes: dict[int, list[Vote]]
    """How the sides voted on those drafts, by number."""
    travel: tuple[str, ...]
    why: str | None
    """The reason on record for the last change, where these talks are no longer ahead."""
    cited: tuple[str, ...]

    @property
    def names(self) -> Names:
        return self.page.names
