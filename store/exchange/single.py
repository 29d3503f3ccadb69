"""One record out of plain data, read by the rules of the file format: short forms, names for codes, faults by path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from store.database import Session
from store.exchange import rules, windows
from store.exchange.faults import BadFile
from store.exchange.names import Names
from store.exchange.shape import Reader
from store.records import Window

T = TypeVar("T")


def read_record(session: Session, kind: type[T], data: Mapping[str, Any]) -> T:
    """The record that plain data describes, as a file would.

    Raises `BadFile` with every fault; paths begin with the record's own fields (`sides[0].party`).
    """
    reader = Reader()
    names = Names(session, {})
    reader.use(names.lookups(), {**rules.finishers(reader), Window: windows.finisher(reader, None)})
    record = reader.record(kind, data, "")
    if reader.faults:
        raise BadFile(reader.faults)
    return record  # type: ignore[no-any-return]
