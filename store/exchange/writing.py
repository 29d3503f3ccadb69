"""Export: everything a workspace holds, in the format that `load` reads, in the same order whatever road it came by."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from store import administrations, drafts, parties, positions, sources, talks, topics
from store.database import Session
from store.exchange import yaml_text
from store.exchange.fields import MARKER, RECORDS, VERSION
from store.exchange.reading import Format
from store.exchange.shape import field_names
from store.exchange.values import CONTROL
from store.plain import to_plain
from store.records import Membership, Place, Window

CHUNK = 500

_ALWAYS = {(Window, "precision"), (Place, "state")}
"""Written even where they have their usual value: words alone would be read again, and a place with no state be worked out."""


def export(session: Session) -> dict[str, Any]:
    """Everything on record in a workspace, as plain data. What is built in (parties, memberships, administrations) is not."""
    found: dict[str, Sequence[Any]] = {
        "sources": sources.everything(session),
        "parties": parties.all_workspace_parties(session),
        "memberships": sorted(parties.all_workspace_memberships(session), key=_stint),
        "administrations": administrations.all_own(session),
        "topics": sorted(topics.everything(session), key=lambda topic: topic.key),
        "talks": list(_numbered(session, talks)),
        "positions": list(_numbered(session, positions)),
        "drafts": list(_numbered(session, drafts)),
    }
    plain = {name: [_plain(record) for record in records] for name, records in found.items() if records}
    return {MARKER: VERSION, **plain}


def dump(data: dict[str, Any], format: Format = "yaml") -> str:  # noqa: A002 (the word people use)
    """Exported data as the text of a file, the same bytes for the same data."""
    if format == "json":
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    return yaml_text.dump(data)


def _stint(membership: Membership) -> tuple[str, str, str]:
    return membership.bloc, membership.member, str(membership.joined or "")


def _numbered(session: Session, module: Any) -> Iterator[Any]:
    rows = session.rows(f"SELECT number FROM {module.KIND} WHERE team_id = :team ORDER BY number")
    numbers = [row["number"] for row in rows]
    for start in range(0, len(numbers), CHUNK):
        yield from module.many(session, numbers[start : start + CHUNK])


def _plain(value: Any) -> Any:
    """A record as the file has it: fields in their order, those with their usual value left out."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        # Load refuses these characters; where one got in by another road, the export must still be loadable.
        return CONTROL.sub("\ufffd", str(to_plain(value)))
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return to_plain(value)
    kind: type[Any] = type(value)
    found = {}
    for name, usual in _usual()[kind].items():
        item = getattr(value, name)
        if (kind, name) in _ALWAYS or item != usual:
            found[name] = _plain(item)
    return found


@cache
def _usual() -> dict[type[Any], Mapping[str, Any]]:
    """Of every record: the fields that files have, each with the value it has when nobody gives one."""
    found: dict[type[Any], Mapping[str, Any]] = {}
    for kind in RECORDS:
        fields = {f.name: f for f in dataclasses.fields(kind)}
        found[kind] = {name: _default(fields[name]) for name in field_names(kind)}
    return found


def _default(field: dataclasses.Field[Any]) -> Any:
    return field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
