"""Loading: a file's records into the store, all or nothing, matched by key; what is there already stays untouched."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from store import administrations, drafts, merged, parties, parts, positions, sources, talks, topic_talks, topics
from store.database import Session, Store, WriteSession, marks
from store.exchange import linking, rules, windows
from store.exchange.faults import BadFile, Fault, element, listed, member, shown, suggestion
from store.exchange.fields import COLLECTIONS, MARKER, VERSION
from store.exchange.linking import Content, Entry
from store.exchange.names import Names
from store.exchange.reading import Parsed
from store.exchange.shape import MISSING, Reader
from store.records import Window

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Count:
    new: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did: counts by collection, and notes about numbers given anew and windows read from words."""

    counts: Mapping[str, Count] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def changed_anything(self) -> bool:
        return any(count.new or count.changed for count in self.counts.values())


def load(
    session: WriteSession, data: Parsed | Mapping[str, Any], *, read_window: windows.ReadWindow | None = None
) -> LoadReport:
    """Writes everything that parsed or plain data holds, inside the session's transaction.

    Records are matched by key: what is new is added, what differs is replaced whole, what is equal is not written again.
    `read_window` reads windows given in words alone. Raises `BadFile` with every fault, before anything is written.
    """
    content, notes = read(session, data, read_window=read_window)
    writer = _Writer(session, notes)
    counts = {name: writer.write(name, entries) for name, entries in content.items() if entries}
    return LoadReport(counts, tuple(writer.notes))


def load_into(
    store: Store,
    team: str,
    data: Parsed | Mapping[str, Any],
    *,
    actor: str,
    now: datetime,
    why: str | None = None,
    read_window: windows.ReadWindow | None = None,
) -> LoadReport:
    """`load` in a transaction of its own. Raises `BadFile` and `StoreError` kinds; then nothing was written."""
    with store.write(team, actor=actor, now=now, why=why) as session:
        return load(session, data, read_window=read_window)


def read(
    session: Session, data: Parsed | Mapping[str, Any], *, read_window: windows.ReadWindow | None = None
) -> tuple[Content, list[str]]:
    """The records that data describes, each collection in an order in which it can be written, and notes for people.

    Raises `BadFile` with every fault. Nothing is written.
    """
    parsed = data if isinstance(data, Parsed) else Parsed(data)
    reader = Reader()
    reader.faults.extend(parsed.faults)
    top = _top(reader, parsed)
    names = Names(session, top)
    reader.use(names.lookups(), {**rules.finishers(reader), Window: windows.finisher(reader, read_window)})
    content: Content = {name: list(_entries(reader, name, top.get(name))) for name in COLLECTIONS}
    content["topics"] = list(_followed(reader, session, content["topics"]))
    linking.check(reader, session, content)
    if reader.faults:
        raise BadFile(located(parsed, reader.faults))
    return content, reader.notes


def _followed(reader: Reader, session: Session, entries: Sequence[Entry]) -> Iterator[Entry]:
    """The topics of a file as merges since have left them; those merged away are not brought back, which a note says."""
    for entry in entries:
        topic = merged.follow(session, entry.record)
        if topic is not None:
            yield Entry(topic, entry.path)
        elif stays := topics.get(session, topics.current(session, entry.key)):
            reader.notes.append(f"{entry.path}: {shown(entry.key)} was merged into {shown(stays.name)} and stays there")


def located(parsed: Parsed, faults: Sequence[Fault]) -> list[Fault]:
    """The faults with their lines: those of their paths, or of what is nearest above."""
    above = {fault.path: list(_above(fault.path)) for fault in faults if fault.line is None}
    lines = parsed.lines(path for paths in above.values() for path in paths)
    found = {path: next((lines[p] for p in paths if p in lines), None) for path, paths in above.items()}
    return [fault if fault.line else dataclasses.replace(fault, line=found[fault.path]) for fault in faults]


def _above(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path[: max(path.rfind("."), path.rfind("["), 0)]


def _top(reader: Reader, parsed: Parsed) -> Mapping[str, Any]:
    """The top-level mapping. Raises `BadFile` where the data is not one of our files at all."""
    data = parsed.data
    wanted = f'expected a mapping that begins with "{MARKER}: {VERSION}"'
    if not isinstance(data, Mapping):
        hint = f"; put the list under {listed(COLLECTIONS)}" if isinstance(data, list) else ""
        reader.fault("", f"{wanted}, found {shown(data)}{hint}")
        raise BadFile(reader.faults)
    marker = data.get(MARKER)
    if marker is None:
        reader.fault(MARKER, f'missing: the file must say "{MARKER}: {VERSION}", the version of its format')
    elif isinstance(marker, bool) or str(marker) != str(VERSION):
        reader.fault(MARKER, f"expected {VERSION}, the one format this program reads, found {shown(marker)}")
    for key in data:
        if key not in COLLECTIONS and key != MARKER:
            hint = suggestion(str(key), COLLECTIONS) or f"; there are {listed(COLLECTIONS)}"
            reader.fault(member("", str(key)), f"there is no collection called {shown(key)}{hint}")
    return data


def _entries(reader: Reader, name: str, given: object) -> Iterator[Entry]:
    if given is None:
        return
    if not isinstance(given, list | tuple):
        reader.fault(name, f"expected a list, found {shown(given)}")
        return
    for i, item in enumerate(given):
        path = element(name, i)
        record = reader.record(COLLECTIONS[name], item, path)
        if record is not MISSING:
            yield Entry(record, path)


class _Writer:
    """Writes checked records and counts what was new, changed and unchanged."""

    def __init__(self, session: WriteSession, notes: list[str]) -> None:
        self._session = session
        self.notes = notes
        self._plans: dict[str, Callable[[Sequence[Entry]], Iterator[tuple[Any, Any]]]] = {
            "sources": self._sources,
            "parties": self._parties,
            "memberships": self._memberships,
            "administrations": self._administrations,
            "topics": self._topics,
            "talks": lambda e: self._numbered(e, talks, "T"),
            "positions": lambda e: self._numbered(e, positions, "P"),
            "drafts": lambda e: self._numbered(e, drafts, "D"),
        }

    def write(self, name: str, entries: Sequence[Entry]) -> Count:
        pairs = list(self._plans[name](entries))
        new = sum(before is None for before, _ in pairs)
        unchanged = sum(before == after for before, after in pairs)
        return Count(new, len(pairs) - new - unchanged, unchanged)

    def _sources(self, entries: Sequence[Entry]) -> Iterator[tuple[Any, Any]]:
        known = {source.key: source for source in sources.everything(self._session)}
        for entry in entries:
            yield known.get(entry.key), sources.save(self._session, entry.record)

    def _parties(self, entries: Sequence[Entry]) -> Iterator[tuple[Any, Any]]:
        known = {party.code: party for party in parties.all_workspace_parties(self._session)}
        for entry in entries:
            yield known.get(entry.key), parties.add(self._session, entry.record)

    def _memberships(self, entries: Sequence[Entry]) -> Iterator[tuple[Any, Any]]:
        known = {linking.name_of(m): m for m in parties.all_workspace_memberships(self._session)}
        for entry in entries:
            if known.get(entry.key) != entry.record:
                parties.add_membership(self._session, entry.record)
            yield known.get(entry.key), entry.record

    def _administrations(self, entries: Sequence[Entry]) -> Iterator[tuple[Any, Any]]:
        known = {linking.name_of(a): a for a in administrations.all_own(self._session)}
        for entry in entries:
            if known.get(entry.key) != entry.record:
                administrations.add(self._session, entry.record)
            yield known.get(entry.key), entry.record

    def _topics(self, entries: Sequence[Entry]) -> Iterator[tuple[Any, Any]]:
        known = {topic.key: topic for topic in topics.everything(self._session)}
        for entry in entries:
            yield known.get(entry.key), topics.save(self._session, entry.record)
        moved = [e.key for e in entries if e.key in known and known[e.key].parent != e.record.parent]
        if moved:
            topic_talks.replan(self._session, moved)

    def _numbered(self, entries: Sequence[Entry], module: Any, letter: str) -> Iterator[tuple[Any, Any]]:
        numbers = self._numbers(entries, module.KIND, letter)
        for start in range(0, len(entries), CHUNK):
            some = entries[start : start + CHUNK]
            known = {r.key: r for r in module.many(self._session, [numbers[entry.key] for entry in some])}
            for entry in some:
                before = known.get(entry.key)
                record = dataclasses.replace(entry.record, number=numbers[entry.key])
                yield before, before if before == record else module.save(self._session, record)

    def _numbers(self, entries: Sequence[Entry], kind: str, letter: str) -> dict[str, int]:
        """Each record's number: the one it has here, else the file's where it is free, else the next."""
        ours = self._column(kind, "key", "number", [entry.key for entry in entries])
        taken = set(self._column(kind, "number", "number", [e.record.number for e in entries if e.record.number]))
        found: dict[str, int] = dict(ours)
        for entry in entries:
            wanted = entry.record.number
            if entry.key not in found and wanted and wanted not in taken:
                found[entry.key] = wanted
        parts.claim_number(self._session, kind, max(found.values(), default=0))
        for entry in sorted(entries, key=lambda e: _place(e.path)):
            wanted, had = entry.record.number, entry.key in ours
            if entry.key not in found:
                found[entry.key] = parts.next_number(self._session, kind)
            number = found[entry.key]
            if wanted and wanted != number:
                asked, got = f"{letter}-{wanted}", f"{letter}-{number}"
                why = f"is on record as {got}, not {asked}" if had else f"is now {got}; {asked} is taken"
                self.notes.append(f"{member(entry.path, 'number')}: {shown(entry.key)} {why}")
        return found

    def _column(self, table: str, by: str, wanted: str, values: Sequence[Any]) -> dict[Any, int]:
        found: dict[Any, int] = {}
        for start in range(0, len(values), CHUNK):
            holes, params = marks("v", values[start : start + CHUNK])
            rows = self._session.rows(
                f"SELECT {by}, {wanted} FROM {table} WHERE team_id = :team AND {by} IN ({holes})", **params
            )
            found.update((row[0], row[1]) for row in rows)
        return found


def _place(path: str) -> int:
    return int(path[path.rindex("[") + 1 : -1])
