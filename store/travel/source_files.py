"""Files, folders and zips -> parsed files, within limits. Everything is read before anything is written.

A row remembers its file as the last folder and the name (`president-travels/obama-barack.xml`), so that the same source
is known again wherever it was unpacked. Which rows an import answers for, and so may mark as withdrawn:

- a file: the rows that came from a file of that name;
- a folder or a zip: the rows that came from the folders it holds travel records in, so that a file gone from the source
  withdraws its rows too.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from store.travel.source_xml import BadSource, OtherXml, Parsed, parse

MAX_FILE = 32 << 20
"""Bytes of one file; the largest published one has under 1 MB."""
MAX_TOTAL = 128 << 20
"""Bytes of all files of an import, unpacked; all published ones have 5 MB."""
MAX_FILES = 5_000
MAX_RATIO = 200
"""How far a zip member may expand; the published files expand about tenfold."""
_RATIO_FROM = 1 << 20


@dataclass(slots=True)
class Reading:
    """What an import read: the parsed files, what it passed over, and what it answers for (kind, folder or file name)."""

    files: list[Parsed] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    folders: set[tuple[str, str]] = field(default_factory=set)
    names: set[tuple[str, str]] = field(default_factory=set)
    sources: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    total: int = 0

    def take(self, stream: IO[bytes], label: str, shown: str, *, whole: bool) -> None:
        """Parses one file. In a folder (`whole`) XML of another kind is passed over, alone it is a fault."""
        data = stream.read(MAX_FILE + 1)
        if len(data) > MAX_FILE:
            raise BadSource(f"{shown}: larger than {MAX_FILE >> 20} MB; that is not the travel record.")
        self.total += len(data)
        if self.total > MAX_TOTAL:
            raise BadSource(f"{shown}: with it the files are larger than {MAX_TOTAL >> 20} MB together.")
        try:
            parsed = parse(io.BytesIO(data), label)
        except OtherXml as other:
            (self.skipped if whole else self.faults).extend(other.faults)
            return
        except BadSource as bad:
            self.faults.extend(bad.faults)
            return
        self.files.append(parsed)
        folder, _, name = label.rpartition("/")
        (self.folders if whole else self.names).add((parsed.kind.value, folder if whole else name))


def read_paths(paths: Iterable[Path], downloads: Iterable[tuple[Path, str]] = ()) -> Reading:
    """Reads files, folders and zips. Raises `BadSource` naming every file at fault; then nothing may be imported.

    `downloads` are files with the path they had where they come from, whose last folder and name count.
    """
    reading = Reading()
    wanted = [(path, PurePosixPath(path.parent.name, path.name)) for path in dict.fromkeys(p.resolve() for p in paths)]
    for path, known_as in [*wanted, *((path, PurePosixPath(shown.strip("/"))) for path, shown in downloads)]:
        reading.sources.append(known_as.name)
        try:
            _read_path(reading, path, known_as)
        except BadSource as bad:
            reading.faults.extend(bad.faults)
        except OSError as error:
            reading.faults.append(f"{path.name}: cannot be read ({error.strerror or type(error).__name__}).")
    if not reading.faults and not reading.files:
        reading.faults.append(f"{', '.join(reading.sources) or 'Nothing'}: holds no travel record.")
    if reading.faults:
        raise BadSource(*reading.faults)
    return reading


def _read_path(reading: Reading, path: Path, known_as: PurePosixPath) -> None:
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        for file in _xml_below(path):
            with file.open("rb") as stream:
                reading.take(stream, f"{file.parent.name}/{file.name}", str(file.relative_to(path)), whole=True)
        return
    if not stat.S_ISREG(mode):
        raise BadSource(f"{known_as.name}: neither a file nor a folder.")
    with path.open("rb") as stream:
        if stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06"):
            stream.seek(0)
            read_zip(reading, stream, known_as.name)
            return
        if path.stat().st_size > MAX_FILE:
            raise BadSource(f"{known_as.name}: larger than {MAX_FILE >> 20} MB; that is not the travel record.")
        stream.seek(0)
        reading.take(stream, f"{known_as.parent.name}/{known_as.name}", known_as.name, whole=False)


def _xml_below(folder: Path) -> list[Path]:
    found = sorted(file for file in folder.rglob("*.xml") if file.is_file() and not file.is_symlink())
    if len(found) > MAX_FILES:
        raise BadSource(f"{folder.name}: holds more than {MAX_FILES:,} XML files.")
    return found


def read_zip(reading: Reading, stream: IO[bytes], name: str) -> None:
    """Reads the XML members of a zip, trusting none of the sizes it states. Raises BadSource."""
    try:
        with zipfile.ZipFile(stream) as archive:
            for member in _members(archive, name):
                path = PurePosixPath(member.filename)
                with archive.open(member) as content:
                    reading.take(content, f"{path.parent.name}/{path.name}", f"{name}: {member.filename[-80:]}", whole=True)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadSource(f"{name}: not a zip that can be read ({type(error).__name__}).") from None


def _members(archive: zipfile.ZipFile, name: str) -> Iterator[zipfile.ZipInfo]:
    members = [
        m
        for m in archive.infolist()
        # A Mac adds a file of its own beside each one it packs.
        if m.filename.casefold().endswith(".xml") and not m.is_dir() and not PurePosixPath(m.filename).name.startswith(".")
    ]
    if len(members) > MAX_FILES:
        raise BadSource(f"{name}: holds more than {MAX_FILES:,} XML files.")
    for member in members:
        if member.flag_bits & 1:
            raise BadSource(f"{name}: is encrypted.")
        expands = member.file_size > _RATIO_FROM and member.file_size > MAX_RATIO * max(1, member.compress_size)
        if expands or member.file_size > MAX_FILE or sum(m.file_size for m in members) > MAX_TOTAL:
            raise BadSource(f"{name}: expands to more than the travel record could; not unpacked.")
    yield from sorted(members, key=lambda m: m.filename)
