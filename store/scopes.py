"""Whether a record concerns a watch: what the watch is about against what the record touches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from store import blocs, parties, topics
from store.database import Session
from store.records import Draft, Level, Membership, PlaceState, Position, Scope, Talks, VoteChoice, Watch

EVERYTHING = "*"
"""The hook of watches that name no party, bloc or topic."""

FEW_VOTES = 20
"""How many votes of one choice still say something about each who gave one."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What one record touches: who, on which topics, at what level, where.

    `blocs` are those that a party of the record belongs to; `topics` include what the record's topics lie under. `voters`
    are parties whose vote stands out: news for who follows them, no reason for anybody to leave the record out.
    """

    parties: frozenset[str]
    blocs: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    level: Level | None = None
    country: str | None = None
    place_state: PlaceState | None = None
    voters: frozenset[str] = frozenset()

    def hooks(self) -> list[str]:
        """The hooks of the watches that this record may concern."""
        found = [f"party:{code}" for code in self.parties]
        found += [f"members:{code}" for code in self.blocs]
        found += [f"topic:{key}" for key in self.topics]
        return [*sorted(found), EVERYTHING]


def hooks_of(watch: Watch) -> list[str]:
    """Where a watch is filed. Blocs that it leaves out are hooks too: they say that memberships must be looked up."""
    about = watch.about
    found = {f"party:{code}" for code in about.parties} | {f"topic:{key}" for key in about.topics}
    found |= {f"members:{code}" for code in about.members}
    return sorted((found or {EVERYTHING}) | {f"members:{code}" for code in watch.but_not.members})


def concerns(watch: Watch, facts: Facts) -> bool:
    """True when the record is what the watch is about, and nothing of what it leaves out."""
    return _inside(watch.about, facts) and not _touches(watch.but_not, facts)


def _inside(scope: Scope, facts: Facts) -> bool:
    """Every kind of thing that the scope names is met by one of its members."""
    subjects = scope.parties or scope.members or scope.topics
    if subjects and not _subject(scope, facts) and facts.voters.isdisjoint(scope.parties):
        return False
    if scope.levels and facts.level not in scope.levels:
        return False
    return not (scope.countries or scope.place_states) or _place(scope, facts)


def _touches(scope: Scope, facts: Facts) -> bool:
    """Any one thing that the scope names is met."""
    return _subject(scope, facts) or facts.level in scope.levels or _place(scope, facts)


def _subject(scope: Scope, facts: Facts) -> bool:
    return not (
        facts.parties.isdisjoint(scope.parties)
        and facts.blocs.isdisjoint(scope.members)
        and facts.topics.isdisjoint(scope.topics)
    )


def _place(scope: Scope, facts: Facts) -> bool:
    return facts.country in scope.countries or facts.place_state in scope.place_states


@dataclass(slots=True)
class Reader:
    """Reads the facts of records, remembering what several share: blocs, topics above topics, zones of countries.

    Who belongs to what is only worth looking up where somebody asks for a bloc's members: `with_blocs` says whether, None
    that a watch on record may.
    """

    session: Session
    on: date
    with_blocs: bool | None = None
    _blocs: dict[str, frozenset[str]] = field(default_factory=dict)
    _above: dict[str, frozenset[str]] = field(default_factory=dict)
    _zones: dict[str, str | None] = field(default_factory=dict)

    def of_talks(self, talks: Talks) -> Facts:
        codes = {side.party for side in talks.sides}
        return Facts(
            frozenset(codes),
            self._blocs_of(codes),
            self._topics(item.topic for item in talks.agenda if item.topic),
            talks.level,
            talks.place.country,
            talks.place.state,
        )

    def of_position(self, position: Position) -> Facts:
        """A position has no level and no place: a watch that asks for either is not about it."""
        codes = {position.party}
        return Facts(frozenset(codes), self._blocs_of(codes), self._topics([position.topic]))

    def of_draft(self, draft: Draft) -> Facts:
        """A draft concerns those who sponsor, endorse or decline it, its topic, and those whose vote stands out.

        Every member of an assembly votes, so a vote among many says little about who gave it. It counts where few gave the
        same, cast or announced: eighteen against when ninety are for, a whole Security Council, or one worth noting alone.
        Who stayed away did nothing.
        """
        codes = {alignment.party for alignment in draft.alignments if alignment.party}
        votes = [vote for vote in draft.votes if vote.choice is not VoteChoice.ABSENT]
        alike = Counter((vote.kind, vote.choice) for vote in votes)
        voters = frozenset(vote.party for vote in votes if alike[vote.kind, vote.choice] <= FEW_VOTES)
        above = self._topics([draft.topic] if draft.topic else [])
        return Facts(frozenset(codes), self._blocs_of(codes), above, voters=voters)

    def zone_of(self, talks: Talks, fallback: str) -> str:
        """Where the days of talks are meant: the place's zone, else the window's, else the given one."""
        country = talks.place.country if talks.place.state is PlaceState.NAMED else None
        if country and country not in self._zones:
            found = parties.by_codes(self.session, [country], with_names=False).get(country)
            self._zones[country] = known_zone(found.zone) if found else None
        place = self._zones.get(country) if country else None
        return place or known_zone(talks.window.zone) or fallback

    def _blocs_of(self, codes: Iterable[str]) -> frozenset[str]:
        for code in codes:
            if code not in self._blocs:
                self._blocs[code] = frozenset(m.bloc for m in self._memberships(code))
        return frozenset().union(*(self._blocs[code] for code in codes))

    def _memberships(self, code: str) -> Iterable[Membership]:
        if self.with_blocs is None:
            wanted = self.session.value(
                "SELECT 1 FROM watch_hook WHERE team_id = :team AND hook >= 'members:' AND hook < 'members;' LIMIT 1"
            )
            self.with_blocs = wanted is not None
        return blocs.blocs_of(self.session, code, self.on) if self.with_blocs else ()

    def _topics(self, keys: Iterable[str]) -> frozenset[str]:
        found: set[str] = set()
        for key in keys:
            if key not in self._above:
                self._above[key] = frozenset(self._climb(key))
            found |= self._above[key]
        return frozenset(found)

    def _climb(self, key: str) -> set[str]:
        seen: set[str] = set()
        step: str | None = key
        while step and step not in seen:
            seen.add(step)
            topic = topics.get(self.session, step)
            step = topic.parent if topic else None
        return seen


def known_zone(name: str | None) -> str | None:
    """The zone's name if this machine knows it."""
    if not name:
        return None
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return None
    return name
