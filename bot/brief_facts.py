"""What a brief holds, read but not worded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.cards import Page
from bot.draft_cards import Sheet
from bot.position_since import Overtaken
from bot.wording import Names
from store.administrations import Listed
from store.records import Position, Talks, Topic, Vote


@dataclass(frozen=True, slots=True)
class Item:
    """One agenda item, with each side's latest positions on its topic and on what lies under it."""

    text: str
    topic: str | None
    stands: tuple[tuple[str, tuple[Position, ...]], ...]
    beyond: int = 0
    """How many of the topics under it were not looked at."""


@dataclass(frozen=True, slots=True)
class Stances:
    """What parties hold, and what a change of government means for it."""

    items: tuple[Item, ...]
    between: tuple[Position, ...]
    """Positions of one side that another, or its bloc, answered; those on the agenda's topics are not told again here."""
    others: tuple[Position, ...]
    unread: tuple[str, ...]
    """Sides whose positions were not looked for: there are too many at the table."""
    later: Mapping[int, Position]
    """What the party of a position between the sides said later on the same topic, by the number of the earlier one."""
    overtaken: Mapping[int, Overtaken]
    governments: Listed

    def all(self) -> list[Position]:
        """Every position once."""
        found = [p for item in self.items for _, some in item.stands for p in some]
        return list({p.number: p for p in (*found, *self.between, *self.later.values(), *self.others)}.values())

    def answered(self) -> list[Position]:
        """Positions of others that a present government has answered since, in place of its predecessor's word."""
        return [answer.position for each in self.overtaken.values() for answer in each.answers]


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
    stances: Stances
    topics: dict[str, Topic]
    last: tuple[Last, ...]
    ahead: Talks | None
    """What these sides have planned instead, where these talks are no longer ahead."""
    drafts: Sheet
    votes: dict[int, list[Vote]]
    """How the sides voted on those drafts, by number."""
    travel: tuple[tuple[str, str], ...]
    """A line of the travel record by side; none where the United States, whose record it is, are not at the table."""
    no_travel: bool
    """Whether it would hold these contacts, but no travel record has been imported."""
    why: str | None
    """The reason on record for the last change, where these talks are no longer ahead."""

    @property
    def names(self) -> Names:
        return self.page.names
