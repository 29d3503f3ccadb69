"""One published XML file -> rows. Form: the schemas of HistoryAtState/travels (`trips.rnc`) and /visits (`visits.rnc`).

Read with defusedxml as a stream: a DTD of any kind is refused, so no entity can expand, and each element is dropped once
its row is read. A file that cannot be read raises `BadSource`; a row that cannot be read becomes an `Unreadable`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from store.travel.model import Kind, Office, SourceRow, Unreadable

ROWS = {"trips": "trip", "visits": "visit"}
"""Root element: the element of a row in it."""

MAX_ROWS = 100_000
"""Rows a file may have; the whole record has 7,535."""

MAX_TEXT = 20_000
"""Characters a field may have; the longest remark on record has under 1,000."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ID = re.compile(r"\d{1,9}")
_SLUG = re.compile(r"[^a-z0-9]+")


class BadSource(Exception):
    """Files that cannot be read. `faults` has a sentence for each, with the file's name; nothing was imported."""

    def __init__(self, *faults: str) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


class OtherXml(BadSource):
    """Well-formed XML that is something else than a travel record."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one file holds."""

    file: str
    kind: Kind
    rows: tuple[SourceRow, ...]
    unreadable: tuple[Unreadable, ...]


def parse(stream: BinaryIO, file: str) -> Parsed:
    """Reads one file. Raises `OtherXml` for another root, `BadSource` for what is not XML, truncated, or carries a DTD."""
    from defusedxml import DefusedXmlException

    rows: list[SourceRow] = []
    unreadable: list[Unreadable] = []
    kind: Kind | None = None
    try:
        for found, element in _elements(stream, file):
            kind = found
            if element is None:
                continue
            if len(rows) + len(unreadable) >= MAX_ROWS:
                raise BadSource(f"{file}: more than {MAX_ROWS:,} rows; that is not the travel record.")
            row = _row(found, element, file)
            (rows if isinstance(row, SourceRow) else unreadable).append(row)  # type: ignore[arg-type]
    except DefusedXmlException:
        raise BadSource(f"{file}: declares a document type or entities, which the travel record never does.") from None
    except ParseError as error:
        raise BadSource(f"{file}: not well-formed XML, or cut short ({error}).") from None
    except (UnicodeError, LookupError, ValueError) as error:
        raise BadSource(f"{file}: cannot be decoded ({type(error).__name__}).") from None
    if kind is None:
        raise BadSource(f"{file}: not XML.")
    return Parsed(file, kind, tuple(rows), tuple(unreadable))


def _elements(stream: BinaryIO, file: str) -> Iterator[tuple[Kind, Element | None]]:
    """The kind of the file once, then each row's element, emptied after use. Raises OtherXml."""
    from defusedxml.ElementTree import iterparse

    root: Element | None = None
    wanted = ""
    depth = 0
    for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
        depth += 1 if event == "start" else -1
        if root is None:
            root = element
            if element.tag not in ROWS:
                raise OtherXml(f"{file}: XML, but not a travel record (its root is <{str(element.tag)[:40]}>).")
            wanted = ROWS[element.tag]
            yield Kind(wanted), None
        elif event == "end" and depth == 1:
            if element.tag == wanted:
                yield Kind(wanted), element
            root.clear()


def _row(kind: Kind, element: Element, file: str) -> SourceRow | Unreadable:
    shown = _text(element, "id")[:40] or None
    try:
        return _read(kind, element, file)
    except ValueError as fault:
        return Unreadable(file, shown, str(fault))


def _read(kind: Kind, element: Element, file: str) -> SourceRow:
    number = _text(element, "id")
    if not _ID.fullmatch(number):
        raise ValueError("its id is not a number" if number else "it has no id")
    first, last = _day(element, "start-date"), _day(element, "end-date")
    if first > last:
        raise ValueError(f"its dates are reversed: {first} to {last}")
    country_id, country = _country(element, "country" if kind is Kind.TRIP else "from")
    name = _text(element, "name" if kind is Kind.TRIP else "visitor")
    if not name:
        raise ValueError("it names nobody")
    return SourceRow(
        kind,
        int(number),
        _office(kind, element),
        (" ".join((element.get("who") or "").split())[:200] or _SLUG.sub("-", name.casefold())) if kind is Kind.TRIP else name,
        name,
        first,
        last,
        country_id,
        country,
        _text(element, "locale"),
        _text(element, "remarks" if kind is Kind.TRIP else "description"),
        file,
    )


def _office(kind: Kind, element: Element) -> Office:
    if kind is Kind.VISIT:
        return Office.VISITS
    role = _text(element, "role") or (element.get("role") or "").strip()
    if role not in (Office.PRESIDENT.value, Office.SECRETARY.value):
        raise ValueError(f"its role is {role[:40]!r}, neither president nor secretary")
    return Office(role)


def _country(element: Element, tag: str) -> tuple[str, str]:
    child = element.find(tag)
    name = _text(element, tag)
    country_id = "" if child is None else _SLUG.sub("-", (child.get("id") or name).casefold()).strip("-")
    if not country_id:
        raise ValueError("it names no country")
    return country_id[:100], name or country_id.replace("-", " ").title()


def _day(element: Element, tag: str) -> date:
    text = _text(element, tag)
    if not text:
        raise ValueError(f"its {tag} is absent")
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"its {tag} is no day: {text[:40]!r}")


def _text(element: Element, tag: str) -> str:
    child = element.find(tag)
    if child is None:
        return ""
    text = " ".join("".join(child.itertext()).split())
    if len(text) > MAX_TEXT:
        raise ValueError(f"its {tag} is {len(text):,} characters long")
    return text
