"""`attache travel`: the contract of its options and formats, and a store as it was after every bad input."""

from __future__ import annotations

import csv
import functools
import io
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import travel_command as under_test
from bot import travel_fetch
from bot.travel_command import travel_command
from store import migrations
from store.database import Store
from tests.test_travel_fetch import PUBLIC, Server, redirect_to, says, stalls
from tests.travel_files import NOW, SECRETARIES, contents, import_paths, trip, trips, write_source

Run = Callable[..., Result]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_source(tmp_path / "source")


@pytest.fixture
def store(tmp_path: Path, source: Path) -> Iterator[Store]:
    """The store that `run` uses, with the small record in it."""
    path = tmp_path / "attache.db"
    migrations.migrate(path, now=NOW)
    opened = migrations.open_store(path)
    import_paths(opened, source)
    yield opened
    opened.close()


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def running(*arguments: str | Path) -> Result:
        env = {"ATTACHE_DB": str(tmp_path / "attache.db")}
        return CliRunner().invoke(travel_command, [str(argument) for argument in arguments], env=env)

    return running


def rows(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    found: list[dict[str, object]] = json.loads(result.stdout)
    return found


def test_import_reports_what_it_did(run: Run, tmp_path: Path, source: Path) -> None:
    migrations.migrate(tmp_path / "attache.db", now=NOW)
    result = run("import", source)
    assert result.exit_code == 0
    for needed in (
        "Rows read: 13 (new 13, changed 0, unchanged 0)",
        "Withdrawn by the source: 0",
        "Exact duplicates, left out of every count: 1: trip 15 repeats 14",
        "Rows that could not be read: 0",
        "Country ids not known, counted under their own name: ruritania (1)",
        "Passed over: presidents/presidents.xml",
    ):
        assert needed in result.stdout


def test_json_rows_have_the_keys_of_the_contract(run: Run, store: Store) -> None:
    found = rows(run("rank", "--format", "json"))
    assert [list(row) for row in found] == [["rank", "party", "name", "count", "president", "secretary", "visits"]] * 4
    assert found[0] == {"rank": 1, "party": "fr", "name": "France", "count": 3, "president": 1, "secretary": 2, "visits": 0}


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (["--unit", "trips"], 4),
        (["--unit", "stays"], 3),
        (["--unit", "joint"], 2),
        (["--office", "president"], 1),
        (["--office", "secretary"], 2),
        (["--office", "visits"], 1),
        (["--office", "all", "--unit", "trips", "--from", "2001", "--to", "2001"], 4),
        (["--from", "2001-05-02", "--to", "2001-05-02"], 1),
    ],
)
def test_options_choose_what_is_counted(run: Run, store: Store, options: list[str], count: int) -> None:
    found = rows(run("rank", "--format", "json", *options))
    assert next(row["count"] for row in found if row["party"] == "fr") == count


def test_the_recipe_goes_to_stderr_where_a_program_reads_stdout(run: Run, store: Store) -> None:
    for form in ("json", "csv"):
        result = run("rank", "--format", form)
        assert "Counted: stays" in result.stderr
        assert "Counted" not in result.stdout
    assert "Counted: stays" in run("rank").stdout


def test_top_keeps_ties_at_the_edge(run: Run, store: Store) -> None:
    assert len(rows(run("rank", "--top", "2", "--format", "json"))) == 2
    assert [row["rank"] for row in rows(run("rank", "--top", "3", "--format", "json"))] == [1, 2, 3, 3]


def test_csv_is_safe_to_open_in_a_spreadsheet(run: Run, store: Store) -> None:
    found = list(csv.DictReader(io.StringIO(run("rank", "--format", "csv").stdout)))
    assert found[0] == {
        "rank": "1", "party": "fr", "name": "France", "count": "3", "president": "1", "secretary": "2", "visits": "0"
    }  # fmt: skip
    assert {row["name"] for row in found} >= {"'=Ruritania"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\t=", "＝"])
def test_cells_that_would_run_are_quoted(start: str) -> None:
    assert under_test._FORMULA.match(f"{start}cmd()")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--from", "2024", "--to", "1997"], "runs backwards"),
        (["--to", "9000"], "has not come yet"),
        (["--from", "3000"], "has not come yet"),
        (["--from", "97"], "is not a year"),
        (["--from", "0000"], "is not a year"),
        (["--top", "0"], "--top"),
        (["--office", "envoy"], "--office"),
    ],
)
def test_years_and_words_that_cannot_be_used_are_refused(run: Run, store: Store, options: list[str], said: str) -> None:
    before = contents(store)
    result = run("rank", *options)
    assert result.exit_code == 2
    assert said in result.stderr
    assert contents(store) == before


def test_an_empty_store_is_no_answer(run: Run, tmp_path: Path) -> None:
    migrations.migrate(tmp_path / "attache.db", now=NOW)
    result = run("rank", "--format", "json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "no travel record in this store yet" in result.stderr


def test_a_chart_is_written_to_its_file(run: Run, store: Store, tmp_path: Path) -> None:
    result = run("chart", "-o", tmp_path / "chart.png")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
    assert "1 France 3" in result.stdout
    assert run("chart", "--from", "1950", "--to", "1951", "-o", tmp_path / "none.png").exit_code == 1
    assert not (tmp_path / "none.png").exists()


def test_bad_rows_are_listed_and_may_be_left_out(run: Run, store: Store, source: Path) -> None:
    before = contents(store)
    bad = trip(70, "bea", "2005-02-03", "2005-02-01", "spain")
    (source / "travels/secretary-travels/bea.xml").write_text(trips(*SECRETARIES, bad), encoding="utf-8")
    result = run("import", source)
    assert result.exit_code == 1
    assert "secretary-travels/bea.xml: row 70: its dates are reversed" in result.stderr
    assert "Nothing was imported; the store is as it was." in result.stderr
    assert contents(store) == before
    result = run("import", "--skip-unreadable", source)
    assert result.exit_code == 0
    assert "secretary-travels/bea.xml: row 70: its dates are reversed" in result.stdout


def test_bad_files_leave_the_store_as_it_was(run: Run, store: Store, source: Path, tmp_path: Path) -> None:
    before = contents(store)
    (source / "visits/data/1990.xml").write_text("<visits><visit>", encoding="utf-8")
    huge = tmp_path / "huge.xml"
    with huge.open("wb") as stream:
        stream.truncate(2 << 30)
    for path in (source, huge, tmp_path / "missing", tmp_path / "attache.db"):
        result = run("import", path)
        assert result.exit_code == 1, path
        assert "the store is as it was" in result.stderr
        assert contents(store) == before


def through(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leads the command's downloads to a server of the test's own."""
    names = {"inside.example": ["10.0.0.7"]}
    line = server.line(resolve=lambda host, port: names.get(host, [PUBLIC]))
    monkeypatch.setattr(under_test, "fetch", functools.partial(travel_fetch.fetch, line=line))


def test_a_zip_is_downloaded_and_imported(
    run: Run, store: Store, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", source)).read_bytes()
    server = Server(says(f"HTTP/1.1 200 OK\nContent-Length: {len(data)}", data))
    through(server, monkeypatch)
    result = run("import", "https://example.org/archive/master.zip")
    server.close()
    assert result.exit_code == 0, result.output
    assert "unchanged 13" in result.stdout


def test_a_single_file_is_known_by_its_place_in_the_address(
    run: Run, store: Store, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = trips(*SECRETARIES[1:]).encode()
    server = Server(says("HTTP/1.1 200 OK", data))
    through(server, monkeypatch)
    result = run("import", "https://example.org/raw/secretary-travels/bea.xml")
    server.close()
    assert "Withdrawn by the source: 1: trip 11" in result.stdout


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (stalls, "stopped answering"),
        (says("HTTP/1.1 200 OK\nContent-Length: 100", b"short"), "said 100 bytes"),
        (redirect_to("https://inside.example/"), "not a public address"),
        (says("HTTP/1.1 200 OK", b"<html>hello</html>"), "not a travel record"),
    ],
)
def test_a_bad_download_leaves_the_store_as_it_was(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch, behaviour: Callable[..., None], said: str
) -> None:
    before = contents(store)
    server = Server(behaviour)
    through(server, monkeypatch)
    result = run("import", "https://example.org/a.xml")
    server.close()
    assert result.exit_code == 1
    assert said in result.stderr
    assert "the store is as it was" in result.stderr
    assert contents(store) == before


@pytest.mark.parametrize("url", ["http://example.org/a.zip", "https://127.0.0.1/a.zip", "https://localhost/a.zip"])
def test_addresses_that_are_refused_by_the_real_line(run: Run, store: Store, url: str) -> None:
    result = run("import", url)
    assert result.exit_code == 1
    assert "the store is as it was" in result.stderr
