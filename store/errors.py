"""What can go wrong with a store, as types. Each message says what happened and what helps; none carries record contents."""

from __future__ import annotations

import sqlite3


class StoreError(Exception):
    """The store cannot be read or written. `remedy` is what the operator can do about it, or None."""

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy


class StoreMissing(StoreError):
    """There is no file at the path."""


class StorePending(StoreError):
    """The store is older than this program and has migrations to run."""


class StoreNewer(StoreError):
    """The store was written by a newer program; it is not touched."""


class StoreDamaged(StoreError):
    """The file is not a store, or SQLite finds it malformed; it is not touched."""


class StoreBusy(StoreError):
    """Another process held the store for longer than the busy time-out. Nothing was written; trying again is safe."""


class StoreReadOnly(StoreError):
    """The file or its folder does not allow writing."""


class StoreFull(StoreError):
    """The disk is full. The change was rolled back whole."""


class Conflict(Exception):
    """The record changed since the person last saw it. Nothing was written."""


class NotOnRecord(Exception):
    """No record has that number or key in this workspace. `label` is how the person would write it."""

    def __init__(self, label: str) -> None:
        super().__init__(f"There is no {label} on record.")
        self.label = label


def translate(error: sqlite3.Error, path: str) -> StoreError:
    """The store error that a SQLite error at `path` amounts to. Matches result codes where Python gives them, else words."""
    name = getattr(error, "sqlite_errorname", "") or ""
    text = str(error).lower()
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or "locked" in text:
        return StoreBusy(
            f"The store at {path} is locked by another program.", "Try again; if it stays, stop the other program."
        )
    if name.startswith("SQLITE_FULL") or "disk is full" in text:
        return StoreFull(f"The disk that holds {path} is full; nothing was written.", "Free some space and try again.")
    if name.startswith("SQLITE_READONLY") or "readonly" in text:
        return StoreReadOnly(
            f"The store at {path} cannot be written.", "Give this user write access to the file and its folder."
        )
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or "malformed" in text or "not a database" in text:
        return StoreDamaged(
            f"The file at {path} is damaged or is not a store.",
            "Put a backup in its place (migrations leave one beside it), or load an export into a new store.",
        )
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM")) or "unable to open" in text:
        return StoreError(f"The store at {path} cannot be opened.", "Check that the folder exists and is accessible.")
    return StoreError(f"The store at {path} failed: {name or type(error).__name__}.", "Run: attache check")
