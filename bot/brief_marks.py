"""The numbers of the sources of one brief, given in the order in which it cites them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.reply import Quiet
from bot.wording import Names, mark


class Marks:
    """Numbers sources as they are cited, so that every number in a brief has its source and every source its number."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._cited: dict[str, None] = {}

    def used(self) -> tuple[str, ...]:
        """The sources cited so far, in the order of their numbers."""
        return tuple(self._cited)

    def cite(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Gives these sources their numbers."""
        self._cited |= dict.fromkeys(key for key in keys if key in self._names.sources)
        return self.used()

    def __call__(self, keys: Sequence[str]) -> Quiet:
        """The numbers of a fact's sources, or that it has none."""
        return Quiet(mark([key for key in keys if key in self._names.sources], self.cite(keys)))
