"""Country ids of the source and the parties they stand for, from `data/travel_countries.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from store.parties import fold


@dataclass(frozen=True, slots=True)
class Filed:
    """Rows that stand under another name than their party's own: the Soviet Union's under `russia`."""

    was: str
    id: str
    names: tuple[str, ...]
    locale: str | None
    since: date | None
    until: date | None
    why: str

    def covers(self, country_id: str, country: str, locale: str, first: date) -> bool:
        return (
            country_id == self.id
            and (not self.names or country in self.names)
            and (self.locale is None or fold(self.locale) in fold(locale))
            and (self.since is None or self.since <= first)
            and (self.until is None or first <= self.until)
        )


@dataclass(frozen=True, slots=True)
class Countries:
    """`parties` maps ids to party codes; `names` words codes that are not built-in parties."""

    parties: Mapping[str, str]
    names: Mapping[str, str]
    filed: tuple[Filed, ...]
    codes: frozenset[str]

    def party(self, country_id: str) -> str:
        """The party an id counts under. One we do not know counts under its own name, never under another's code."""
        known = self.parties.get(country_id)
        if known is not None:
            return known
        return f"id-{country_id}" if country_id in self.codes or len(country_id) < 3 else country_id

    def was(self, country_id: str, country: str, locale: str, first: date) -> str | None:
        """The party that a row stands for, where it is another than the one it counts under."""
        return next((rule.was for rule in self.filed if rule.covers(country_id, country, locale, first)), None)

    def why(self, was: str) -> tuple[str, ...]:
        """How rows about `was` are filed, in the words of our rules."""
        return tuple(rule.why for rule in self.filed if rule.was == was)


def data_file(name: str) -> Any:
    """The contents of a YAML file in `store/data`."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(resources.files("store").joinpath("data", name).read_bytes(), loader)  # noqa: S506 (both are safe)


@cache
def countries() -> Countries:
    """The mapping this program ships, read once."""
    data = data_file("travel_countries.yaml")
    ids = {country_id: code for code, listed in data["parties"].items() for country_id in listed}
    filed = tuple(
        Filed(
            rule["was"],
            rule["id"],
            tuple(rule.get("as", ())),
            rule.get("locale"),
            rule.get("from"),
            rule.get("until"),
            rule["why"],
        )
        for rule in data["filed"]
    )
    return Countries(ids, data["names"], filed, frozenset(data["parties"]))
