"""Importing the travel record: whole or not at all, again any time, and what each kind of bad input comes to."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from store import migrations
from store.database import Store
from store.travel.load import load
from store.travel.source_files import MAX_FILE, read_paths
from store.travel.source_xml import BadSource
from store.travel.summary import summary
from tests.travel_files import NOW, PRESIDENTS, SECRETARIES, VISITS, contents, import_paths, trip, trips, visits, write_source


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "store" / "attache.db"
    migrations.migrate(path, now=NOW)
    opened = migrations.open_store(path)
    yield opened
    opened.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_source(tmp_path / "source")


def withdrawn(store: Store) -> list[str]:
    with store.read("T1") as session:
        rows = session.rows("SELECT kind, id FROM travel_row WHERE withdrawn_at IS NOT NULL ORDER BY kind, id")
        return [f"{row['kind']} {row['id']}" for row in rows]


def test_an_import_says_what_it_did(store: Store, source: Path) -> None:
    report = import_paths(store, source)
    assert (report.read, report.new, report.changed, report.unchanged) == (13, 13, 0, 0)
    assert report.withdrawn == ()
    assert report.unreadable == ()
    assert report.exact == (("trip 15", 14),)
    assert report.unknown == (("ruritania", 1),)
    assert report.skipped == ("presidents/presidents.xml: XML, but not a travel record (its root is <presidents>).",)
    assert report.last == {"president": "2002-06-12", "secretary": "2004-03-04", "visits": "2002-09-03"}


def test_a_second_import_changes_nothing_but_its_own_note(store: Store, source: Path) -> None:
    import_paths(store, source)
    with store.read("T1") as session:
        before = [tuple(row) for row in session.rows("SELECT * FROM travel_row ORDER BY kind, id")]
    report = import_paths(store, source, now=NOW + timedelta(days=1))
    assert (report.new, report.changed, report.unchanged) == (0, 0, 13)
    with store.read("T1") as session:
        assert [tuple(row) for row in session.rows("SELECT * FROM travel_row ORDER BY kind, id")] == before
        about = summary(session)
    assert about is not None
    assert about.at == "2025-03-02T12:00:00Z"


def test_rows_that_change_come_and_go_are_told_apart(store: Store, source: Path) -> None:
    import_paths(store, source)
    file = source / "travels/secretary-travels/bea.xml"
    changed = trip(12, "bea", "2001-05-01", "2001-05-02", "france", locale="Nice")
    fresh = trip(19, "bea", "2004-04-01", "2004-04-01", "spain")
    file.write_text(trips(SECRETARIES[0], changed, *SECRETARIES[3:], fresh), encoding="utf-8")
    report = import_paths(store, source)
    assert (report.new, report.changed, report.withdrawn) == (1, 1, ("trip 13",))
    assert withdrawn(store) == ["trip 13"]
    file.write_text(trips(*SECRETARIES), encoding="utf-8")
    report = import_paths(store, source)
    assert (report.new, report.changed, report.withdrawn) == (0, 2, ("trip 19",))
    assert withdrawn(store) == ["trip 19"]


def test_a_file_answers_for_its_own_rows_only(store: Store, source: Path) -> None:
    import_paths(store, source)
    file = source / "travels/president-travels/ada.xml"
    file.write_text(trips(*PRESIDENTS[:1]), encoding="utf-8")
    assert import_paths(store, file).withdrawn == ("trip 2", "trip 3")


def test_a_folder_answers_for_files_that_are_gone_from_it(store: Store, source: Path) -> None:
    import_paths(store, source)
    extra = source / "travels/president-travels/cy.xml"
    extra.write_text(trips(trip(50, "cy", "2010-01-01", "2010-01-01", "chad", role="president")), encoding="utf-8")
    import_paths(store, source / "travels")
    extra.unlink()
    assert import_paths(store, source / "travels").withdrawn == ("trip 50",)
    # Visits were not looked at, so nothing is said of them.
    assert withdrawn(store) == ["trip 50"]


def test_a_file_imported_from_elsewhere_stays_with_its_folder(store: Store, source: Path, tmp_path: Path) -> None:
    import_paths(store, source)
    copy = tmp_path / "downloads" / "bea.xml"
    copy.parent.mkdir()
    shutil.copy(source / "travels/secretary-travels/bea.xml", copy)
    assert import_paths(store, copy).unchanged == len(SECRETARIES)
    (source / "travels/secretary-travels/bea.xml").unlink()
    (source / "travels/secretary-travels/new.xml").write_text(
        trips(trip(90, "new", "2012-01-01", "2012-01-01", "chad")), encoding="utf-8"
    )
    assert len(import_paths(store, source).withdrawn) == len(SECRETARIES)


def test_a_zip_is_the_same_as_its_folder(store: Store, source: Path, tmp_path: Path) -> None:
    import_paths(store, source)
    packed = shutil.make_archive(str(tmp_path / "travels-master"), "zip", source)
    report = import_paths(store, Path(packed))
    assert (report.unchanged, report.withdrawn) == (13, ())


def test_unreadable_rows_call_the_import_off_and_are_all_named(store: Store, source: Path) -> None:
    import_paths(store, source)
    before = contents(store)
    bad = [
        trip(70, "bea", "2005-02-03", "2005-02-01", "spain"),
        trip(71, "bea", None, "2005-02-01", "spain"),
        trip(72, "bea", "2005-02-30", "2005-03-01", "spain"),
        trip("x", "bea", "2005-02-01", "2005-02-01", "spain"),
        trip(73, "bea", "2005-02-01", "2005-02-01", "spain", role="envoy"),
        trip(74, "bea", "2005-W05-1", "2005-02-01", "spain"),
    ]
    (source / "travels/secretary-travels/bea.xml").write_text(trips(*SECRETARIES, *bad), encoding="utf-8")
    with pytest.raises(BadSource) as caught:
        import_paths(store, source)
    assert len(caught.value.faults) == 6
    assert caught.value.faults[0] == "secretary-travels/bea.xml: row 70: its dates are reversed: 2005-02-03 to 2005-02-01."
    assert "row 71: its start-date is absent" in caught.value.faults[1]
    assert contents(store) == before
    report = import_paths(store, source, skip_unreadable=True)
    assert [row.id for row in report.unreadable] == ["70", "71", "72", "x", "73", "74"]
    assert (report.read, report.new) == (13, 0)


def test_a_row_that_became_unreadable_is_not_taken_for_withdrawn(store: Store, source: Path) -> None:
    import_paths(store, source)
    broken = trip(13, "bea", "2001-05-04", "2001-05-02", "france")
    (source / "travels/secretary-travels/bea.xml").write_text(
        trips(*SECRETARIES[:2], broken, *SECRETARIES[3:]), encoding="utf-8"
    )
    assert import_paths(store, source, skip_unreadable=True).withdrawn == ()


def test_one_id_for_two_rows_is_named(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "bea.xml"
    file.write_text(trips(*SECRETARIES[:2], trip(12, "bea", "2009-01-01", "2009-01-01", "chad")), encoding="utf-8")
    with pytest.raises(BadSource, match="row 12: its id is also used"):
        import_paths(store, file)


@pytest.mark.parametrize("given_twice", [True, False])
def test_the_same_file_twice_is_read_once(store: Store, source: Path, given_twice: bool) -> None:
    paths = [source, source] if given_twice else [source, source / "travels"]
    assert import_paths(store, *paths).read == 13


BOMB = """<?xml version="1.0"?><!DOCTYPE trips [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<trips><trip role="president" who="a"><id>1</id><remarks>&b;</remarks></trip></trips>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE trips [<!ENTITY a SYSTEM "file:///etc/hostname">]><trips>&a;</trips>"""

BAD_FILES = {
    "not XML": ("Dear reader,", "not well-formed XML"),
    "empty": ("", "not well-formed XML"),
    "another XML": ("<rss><channel/></rss>", "not a travel record"),
    "truncated": (trips(*PRESIDENTS)[:-30], "cut short"),
    "an entity bomb": (BOMB, "document type or entities"),
    "an outside entity": (OUTSIDE, "document type or entities"),
    "no rows": (trips(), "holds no rows"),
    "not the encoding it says": ('<?xml version="1.0" encoding="no-such"?><trips/>', "cannot be decoded|not well-formed"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_by_name(store: Store, source: Path, tmp_path: Path, name: str) -> None:
    import_paths(store, source)
    before = contents(store)
    text, words = BAD_FILES[name]
    file = tmp_path / "bad.xml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadSource, match=f"bad.xml.*({words})"):
        import_paths(store, file)
    assert contents(store) == before


@pytest.mark.parametrize("name", [name for name in BAD_FILES if name not in ("another XML", "no rows")])
def test_one_bad_file_spoils_its_folder(store: Store, source: Path, name: str) -> None:
    before = contents(store)
    (source / "visits/data/1990.xml").write_text(BAD_FILES[name][0], encoding="utf-8")
    with pytest.raises(BadSource, match=r"1990\.xml"):
        import_paths(store, source)
    assert contents(store) == before


def test_every_bad_file_of_a_folder_is_named(store: Store, source: Path) -> None:
    for name in ("1990.xml", "1980.xml"):
        (source / "visits/data" / name).write_text("<visits>", encoding="utf-8")
    with pytest.raises(BadSource) as caught:
        import_paths(store, source)
    assert len(caught.value.faults) == 2


def test_a_two_gigabyte_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.xml"
    with file.open("wb") as stream:
        stream.write(b"<trips>")
        stream.truncate(2 << 30)
    with pytest.raises(BadSource, match="larger than"):
        read_paths([file])


def test_a_huge_file_in_a_folder_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.xml").open("wb") as stream:
        stream.truncate(MAX_FILE + 1)
    with pytest.raises(BadSource, match="larger than"):
        read_paths([tmp_path])


def zip_of(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/") + ".xml", data)
    return out.getvalue()


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "bomb.zip"
    file.write_bytes(zip_of(data__bomb=b"<trips>" + b" " * (20 << 20) + b"</trips>"))
    with pytest.raises(BadSource, match="expands to more"):
        read_paths([file])


def test_a_zip_that_lies_about_its_sizes_is_stopped(tmp_path: Path) -> None:
    packed = bytearray(zip_of(data__bomb=b"<trips>" + b" " * (40 << 20) + b"</trips>"))
    at = packed.rindex(b"PK\x01\x02")  # the central directory's stated size
    packed[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    file = tmp_path / "liar.zip"
    file.write_bytes(bytes(packed))
    with pytest.raises(BadSource, match=r"liar\.zip"):
        read_paths([file])


@pytest.mark.parametrize("cut", [4, 40, -30])
def test_a_broken_zip_is_named(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "broken.zip"
    file.write_bytes(zip_of(data__a=visits(*VISITS).encode())[:cut])
    with pytest.raises(BadSource, match=r"broken\.zip"):
        read_paths([file])


def test_an_empty_zip_is_told_from_broken_xml(tmp_path: Path) -> None:
    file = tmp_path / "empty.zip"
    file.write_bytes(zip_of())
    with pytest.raises(BadSource, match=r"empty\.zip: holds no"):
        read_paths([file])


def test_a_mac_adds_files_to_zips_that_are_none_of_the_source(tmp_path: Path) -> None:
    file = tmp_path / "mac.zip"
    file.write_bytes(zip_of(**{"data__2000": visits(*VISITS).encode(), "__MACOSX__data__._2000": b"\x00\x05"}))
    assert [parsed.file for parsed in read_paths([file]).files] == ["data/2000.xml"]


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.xml"
    os.mkfifo(pipe)
    for path, words in (
        (pipe, "neither a file nor a folder"),
        (tmp_path / "none.xml", "No such file"),
        (tmp_path, "no travel"),
    ):
        with pytest.raises(BadSource, match=words):
            read_paths([path])


def test_rows_are_read_as_filed(store: Store, source: Path) -> None:
    import_paths(store, source)
    with store.read("T1") as session:
        row = session.row("SELECT * FROM travel_row WHERE kind = 'trip' AND id = 16")
        visit_row = session.row("SELECT * FROM travel_row WHERE kind = 'visit' AND id = 1")
    assert row is not None
    assert visit_row is not None
    assert (row["country_id"], row["country"], row["party"], row["was"]) == ("russia", "U.S.S.R.", "ru", "suhh")
    assert visit_row["remarks"] == "Working visit. Then left."


def test_nothing_is_left_of_an_import_that_fails_halfway(store: Store, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import_paths(store, source)
    before = contents(store)
    monkeypatch.setattr("store.travel.load._log", lambda *_: (_ for _ in ()).throw(RuntimeError("power cut")))
    with pytest.raises(RuntimeError):
        load(store, read_paths([source]), now=NOW + timedelta(days=1))
    assert contents(store) == before
