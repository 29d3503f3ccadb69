"""An import of the travel record: whole or not at all, again any time.

Rows are known by kind and source id. A row that is new is added, one that changed is replaced, one that the source no
longer has is marked withdrawn and stops counting; nothing is deleted. Duplicates, parties and where stays begin are then
worked out anew over the whole record, so that a new release of our country table or rules takes hold with the next import.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from store.database import BUILTIN, Row, Store, Value, WriteSession, to_json
from store.parties import fold
from store.travel import counting
from store.travel.counting import Key, Reach, Repeat
from store.travel.countries import Countries, countries
from store.travel.model import Kind, Office, Rule, SourceRow, Unreadable
from store.travel.source_files import Reading
from store.travel.source_xml import BadSource

ACTOR = "import"

SOURCE_COLUMNS = ("office", "traveller", "name", "first_day", "last_day", "country_id", "country", "locale", "remarks")


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did. Rules and countries are of the whole record as it now is."""

    read: int
    new: int
    changed: int
    unchanged: int
    withdrawn: tuple[str, ...]
    exact: tuple[tuple[str, int], ...]
    """Exact duplicates left out of every count: the row, and the id it repeats."""
    near: tuple[tuple[str, str, int], ...]
    """Near duplicates: the row, the rule, and the id it repeats."""
    unreadable: tuple[Unreadable, ...]
    unknown: tuple[tuple[str, int], ...]
    """Country ids that stand for no party we know, with their rows; counted under their own name."""
    skipped: tuple[str, ...]
    last: dict[str, str]
    """Last day on record by office."""


def load(
    store: Store,
    reading: Reading,
    *,
    now: datetime,
    skip_unreadable: bool = False,
) -> Report:
    """Puts what was read into the store. Raises `BadSource`, with a fault for each row, when rows could not be read.

    With `skip_unreadable` those rows are left out instead; where the store has them from earlier they stay as they were.
    """
    rows, unreadable = _unique(reading)
    if unreadable and not skip_unreadable:
        raise BadSource(*(f"{u.file}: row {u.id or 'without id'}: {u.why}." for u in unreadable))
    if not rows:
        raise BadSource(f"{', '.join(reading.sources)}: holds no rows.")
    with store.write(BUILTIN, actor=ACTOR, now=now, why="travel record") as session:
        return _apply(session, reading, rows, unreadable)


def _unique(reading: Reading) -> tuple[dict[Key, SourceRow], list[Unreadable]]:
    rows: dict[Key, SourceRow] = {}
    unreadable: list[Unreadable] = []
    for parsed in reading.files:
        unreadable += parsed.unreadable
        for row in parsed.rows:
            known = rows.setdefault(counting.key(row), row)
            if known is not row and known != dataclasses.replace(row, file=known.file):
                unreadable.append(Unreadable(row.file, str(row.id), f"its id is also used in {known.file}"))
    return rows, unreadable


def _apply(session: WriteSession, reading: Reading, rows: Mapping[Key, SourceRow], unreadable: list[Unreadable]) -> Report:
    stored = {(Kind(r["kind"]), int(r["id"])): r for r in session.rows("SELECT * FROM travel_row WHERE team_id = :builtin")}
    rows = {k: _at_home(row, stored.get(k), reading) for k, row in rows.items()}
    kept = {(u.id, u.file.rpartition("/")[2]) for u in unreadable}
    gone = [
        k
        for k, r in stored.items()
        if k not in rows
        and r["withdrawn_at"] is None
        and _answers_for(reading, r)
        and (str(k[1]), r["file"].rpartition("/")[2]) not in kept
    ]
    live = {k: _of(r) for k, r in stored.items() if r["withdrawn_at"] is None} | dict(rows)
    for k in gone:
        del live[k]
    mapping = countries()
    party_of = {k: mapping.party(row.country_id) for k, row in live.items()}
    repeats = counting.repeats(live.values(), party_of)
    exact = {k for k, repeat in repeats.items() if repeat.rule is Rule.EXACT}
    reach = counting.reaches((row for k, row in live.items() if k not in exact), party_of)
    changes = _write(session, stored, live, rows, repeats, reach, mapping)
    for kind, number in gone:
        session.execute(
            """UPDATE travel_row SET withdrawn_at = :at, counted = 0, rule = NULL, repeats = NULL, stay_after = NULL,
               joint_after = NULL, office_after = NULL WHERE team_id = :builtin AND kind = :kind AND id = :id""",
            at=session.stamp,
            kind=kind.value,
            id=number,
        )
    _write_countries(session, live.values(), mapping)
    report = _report(reading, rows, unreadable, changes, gone, live, repeats, mapping)
    _log(session, reading, report, live, mapping)
    return report


def _at_home(row: SourceRow, stored: Row | None, reading: Reading) -> SourceRow:
    """A row read from a single file stays with the folder it came from before, which answers for it."""
    name = row.file.rpartition("/")[2]
    if stored is None or (row.kind.value, name) not in reading.names or stored["file"].rpartition("/")[2] != name:
        return row
    return dataclasses.replace(row, file=stored["file"])


def _answers_for(reading: Reading, stored: Row) -> bool:
    name = stored["file"].rpartition("/")[2]
    return (stored["kind"], stored["folder"]) in reading.folders or (stored["kind"], name) in reading.names


def _of(stored: Row) -> SourceRow:
    return SourceRow(
        Kind(stored["kind"]),
        stored["id"],
        Office(stored["office"]),
        stored["traveller"],
        stored["name"],
        date.fromisoformat(stored["first_day"]),
        date.fromisoformat(stored["last_day"]),
        stored["country_id"],
        stored["country"],
        stored["locale"],
        stored["remarks"],
        stored["file"],
    )


def _write(
    session: WriteSession,
    stored: Mapping[Key, Row],
    live: Mapping[Key, SourceRow],
    rows: Mapping[Key, SourceRow],
    repeats: Mapping[Key, Repeat],
    reach: Mapping[Key, Reach],
    mapping: Countries,
) -> Counter[str]:
    """Writes the rows that are not in the store as they should be; counts new, changed and unchanged among those read."""
    counts: Counter[str] = Counter()
    fresh: list[dict[str, Value]] = []
    for k, row in live.items():
        columns = _columns(row, repeats.get(k), reach.get(k, Reach()), mapping, counted=k in reach)
        old = stored.get(k)
        if old is None:
            counts["new"] += 1
            fresh.append({"team_id": BUILTIN, **columns, "recorded_at": session.stamp, "changed_at": session.stamp})
            continue
        differs = old["withdrawn_at"] is not None or any(old[name] != columns[name] for name in SOURCE_COLUMNS)
        if k in rows:
            counts["changed" if differs else "unchanged"] += 1
        if differs or any(old[name] != value for name, value in columns.items()):
            changed_at = session.stamp if differs else old["changed_at"]
            updates = ", ".join(f"{name} = :{name}" for name in columns if name not in ("kind", "id"))
            session.execute(
                f"""UPDATE travel_row SET {updates}, changed_at = :changed_at, withdrawn_at = NULL
                    WHERE team_id = :builtin AND kind = :kind AND id = :id""",
                changed_at=changed_at,
                **columns,
            )
    session.insert("travel_row", fresh)
    return counts


def _columns(row: SourceRow, repeat: Repeat | None, reach: Reach, mapping: Countries, *, counted: bool) -> dict[str, Value]:
    return {
        "kind": row.kind.value,
        "id": row.id,
        "office": row.office.value,
        "traveller": row.traveller,
        "name": row.name,
        "first_day": row.first.isoformat(),
        "last_day": row.last.isoformat(),
        "country_id": row.country_id,
        "country": row.country,
        "party": mapping.party(row.country_id),
        "was": mapping.was(row.country_id, row.country, row.locale, row.first),
        "locale": row.locale,
        "remarks": row.remarks,
        "words": fold(f"{row.name} {row.country} {row.locale} {row.remarks}"),
        "file": row.file,
        "folder": row.file.rpartition("/")[0],
        "rule": repeat.rule.value if repeat else None,
        "repeats": repeat.of if repeat else None,
        "counted": int(counted),
        "stay_after": _iso(reach.stay),
        "joint_after": _iso(reach.joint),
        "office_after": _iso(reach.office),
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _write_countries(session: WriteSession, live: Iterable[SourceRow], mapping: Countries) -> None:
    """The ids in use, with the party each counts under and what to call a party that is not built in."""
    latest: dict[str, SourceRow] = {}
    for row in live:
        if row.country_id not in latest or latest[row.country_id].first <= row.first:
            latest[row.country_id] = row
    session.execute("DELETE FROM travel_country WHERE team_id = :builtin")
    session.insert(
        "travel_country",
        [
            {
                "team_id": BUILTIN,
                "id": country_id,
                "party": mapping.party(country_id),
                "name": mapping.names.get(mapping.party(country_id), row.country),
                "known": int(country_id in mapping.parties),
            }
            for country_id, row in sorted(latest.items())
        ],
    )


def _report(
    reading: Reading,
    rows: Mapping[Key, SourceRow],
    unreadable: list[Unreadable],
    changes: Counter[str],
    gone: list[Key],
    live: Mapping[Key, SourceRow],
    repeats: Mapping[Key, Repeat],
    mapping: Countries,
) -> Report:
    found = sorted(repeats.items(), key=lambda item: (item[0][0].value, item[0][1]))
    unknown = Counter(row.country_id for row in live.values() if row.country_id not in mapping.parties)
    last: dict[str, str] = {}
    for row in live.values():
        last[row.office.value] = max(last.get(row.office.value, ""), row.last.isoformat())
    return Report(
        read=len(rows),
        new=changes["new"],
        changed=changes["changed"],
        unchanged=changes["unchanged"],
        withdrawn=tuple(f"{kind.value} {number}" for kind, number in sorted(gone)),
        exact=tuple((f"{k[0].value} {k[1]}", r.of) for k, r in found if r.rule is Rule.EXACT),
        near=tuple((f"{k[0].value} {k[1]}", r.rule.value, r.of) for k, r in found if r.rule is not Rule.EXACT),
        unreadable=tuple(unreadable),
        unknown=tuple(sorted(unknown.items())),
        skipped=tuple(reading.skipped),
        last=last,
    )


def _log(session: WriteSession, reading: Reading, report: Report, live: Mapping[Key, SourceRow], mapping: Countries) -> None:
    """Notes the import, with what every answer's recipe says about the record, so that no answer works it out again."""
    ids: dict[str, dict[str, None]] = {}
    for row in live.values():
        ids.setdefault(mapping.party(row.country_id), {})[row.country_id] = None
    summary = {
        "last": report.last,
        "merges": {party: sorted(listed) for party, listed in sorted(ids.items()) if len(listed) > 1},
        "unknown": [country_id for country_id, _ in report.unknown],
    }
    number = session.value("SELECT coalesce(max(number), 0) + 1 FROM travel_import WHERE team_id = :builtin")
    session.insert(
        "travel_import",
        [
            {
                "team_id": BUILTIN,
                "number": number,
                "at": session.stamp,
                "source": ", ".join(reading.sources)[:500],
                "rows_read": report.read,
                "rows_new": report.new,
                "rows_changed": report.changed,
                "rows_withdrawn": len(report.withdrawn),
                "summary": to_json(summary),
            }
        ],
    )
