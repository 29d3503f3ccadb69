"""What the fields of each record are called in a file and mean there, beyond the types that the records declare."""

from __future__ import annotations

from typing import Any

from store.records import (
    Account,
    Administration,
    AgendaItem,
    Alignment,
    Applies,
    Clause,
    Draft,
    Membership,
    Party,
    PartyName,
    Person,
    Place,
    Position,
    Reply,
    Side,
    Source,
    Talks,
    Tally,
    Topic,
    Vote,
    Window,
)

MARKER = "attache"
VERSION = 1

COLLECTIONS: dict[str, type[Any]] = {
    "sources": Source,
    "parties": Party,
    "memberships": Membership,
    "administrations": Administration,
    "topics": Topic,
    "talks": Talks,
    "positions": Position,
    "drafts": Draft,
}
"""Top-level lists of a file, in the order they are written and loaded."""

RECORDS: dict[type[Any], str] = {
    Source: "a source",
    Party: "a party",
    PartyName: "a name of a party",
    Membership: "a membership",
    Administration: "an administration",
    Topic: "a topic",
    Talks: "talks",
    Side: "a side",
    Person: "a person",
    Window: "a window",
    Place: "a place",
    AgendaItem: "an agenda item",
    Account: "an account",
    Position: "a position",
    Applies: "whom the position applies to",
    Reply: "a reply",
    Draft: "a draft",
    Clause: "a clause",
    Alignment: "an alignment",
    Vote: "a vote",
    Tally: "a tally",
}
"""Every record a file can hold, and what a message calls one."""

NOT_IN_FILES = {(Party, "builtin")}
"""Fields that the program keeps for itself."""

FROM_CONTEXT = {
    (Talks, "number"): 0,
    (Position, "number"): 0,
    (Draft, "number"): 0,
    (Account, "key"): "",
    (Reply, "key"): "",
}
"""Fields the records need but a file may leave out, with what stands for "to be worked out on loading"."""

SHORT: dict[type[Any], str] = {
    Side: "party",
    Person: "name",
    AgendaItem: "text",
    PartyName: "name",
    Applies: "bloc",
    Place: "state",
}
"""Records that may be written as one text: the field which that text fills."""

PARTY, TOPIC, SOURCE, TALKS, POSITION = "party", "topic", "source", "talks", "position"
PARTIES = "parties"
"""One party, or several codes with a space between."""
KEY, CODE, ZONE, URL, LINE = "key", "code", "zone", "url", "line"

ROLES: dict[tuple[type[Any], str], str] = {
    (Side, "party"): PARTY,
    (Talks, "host"): PARTY,
    (Account, "party"): PARTY,
    (Place, "country"): PARTY,
    (Position, "party"): PARTY,
    (Reply, "party"): PARTY,
    (Applies, "bloc"): PARTY,
    (Membership, "bloc"): PARTY,
    (Membership, "member"): PARTY,
    (Administration, "party"): PARTY,
    (Vote, "party"): PARTY,
    (Alignment, "party"): PARTY,
    (Party, "successor"): PARTIES,
    (AgendaItem, "topic"): TOPIC,
    (Position, "topic"): TOPIC,
    (Draft, "topic"): TOPIC,
    (Topic, "parent"): TOPIC,
    (Talks, "after"): TALKS,
    (Position, "supersedes"): POSITION,
    (Party, "code"): CODE,
    (Party, "zone"): ZONE,
    (Window, "zone"): ZONE,
    (Source, "url"): URL,
    **{(kind, "sources"): SOURCE for kind in RECORDS},
    **{(kind, "key"): KEY for kind in (Source, Topic, Talks, Account, Position, Reply, Draft)},
    **{(kind, "name"): LINE for kind in (Party, PartyName, Administration, Topic, Person)},
    (Topic, "aliases"): LINE,
    (Reply, "to"): LINE,
}
"""What a text stands for, where it is more than words."""

WANTED: set[tuple[type[Any], str]] = {
    (Source, "title"),
    (Talks, "title"),
    (Talks, "sides"),
    (AgendaItem, "text"),
    (Account, "by"),
    (Position, "summary"),
    (Draft, "title"),
    (Clause, "issue"),
    (Clause, "says"),
}
"""Fields that must not be blank (texts that name something never may)."""

LEAST: dict[tuple[type[Any], str], int] = {
    (Talks, "number"): 1,
    (Position, "number"): 1,
    (Draft, "number"): 1,
    (Clause, "version"): 1,
}
"""The smallest value a number may have, where it is not nought."""

OTHER_WORDS = {
    "when": "window",
    "where": "place",
    "parties": "sides",
    "participants": "sides",
    "prerequisites": "after",
    "prerequisite": "after",
    "requires": "after",
    "source": "sources",
    "citations": "sources",
    "id": "key",
    "who": "by",
    "date": "published",
    "day": "said_on",
    "for": "in_favour",
    "from": "earliest",
    "to": "latest",
    "by": "stated_by",
    "began": "since",
    "type": "kind",
}
"""Names people give to fields that are called something else, for suggestions."""
