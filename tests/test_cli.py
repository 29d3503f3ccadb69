"""`attache` as a process: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.__main__ import _SUBCOMMANDS
from bot.config import variables
from tests.conftest import ROOT, Attache, clean_environment

QUIET_CHANNELS = "\x1b]0;gotcha\x07 \x9b31m <!channel> & ‮back"


# The command line itself.


def test_help_lists_every_subcommand_and_each_has_help(attache: Attache) -> None:
    shown = attache("--help")
    assert shown.status == 0
    for name in _SUBCOMMANDS:
        assert re.search(rf"^  {name} ", shown.out, re.MULTILINE)
        own = attache(name, "--help")
        assert own.status == 0, own.err
        assert "Usage: attache " + name in own.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("tals",), "There are: demo, ask"),
        (("chek",), "Did you mean check?"),
        (("/talks", "next"), 'attache ask "/talks …"'),
        (("ask",), "TEXT"),
        (("ask", "--nwo", "2025", "/talks"), "--now"),
        (("ask", "--now", "yesterday", "/talks"), "2025-02-22T18:00:00Z"),
        (("ask", "--submit", "[1]", "/talks add"), "one JSON object"),
        (("ask", "--submit", '{"a": {"b": 1}}', "/talks add"), "one JSON object"),
        (("ask", "--submit", '{"a":', "/talks add"), "one JSON object"),
        (("run", "--http", "3000"), "127.0.0.1:3000"),
        (("run", "--http", "localhost:99999"), "127.0.0.1:3000"),
        (("migrate", "--db", "starter"), "thrown away"),
    ],
)
def test_bad_options_end_with_2_and_what_would_work(attache: Attache, arguments: tuple[str, ...], words: str) -> None:
    done = attache(*arguments)
    assert done.status == 2
    assert words in done.err
    assert done.out == ""
    assert "Traceback" not in done.err


def test_bad_settings_end_with_2_all_of_them_at_once(attache: Attache) -> None:
    done = attache("ask", "/talks", ATTACHE_ZONE="Mars/Base", ATTACHE_DATE_ORDER="YDM", SLACK_BOT_TOKEN="not looked at")
    assert done.status == 2
    assert "ATTACHE_ZONE" in done.err
    assert "ATTACHE_DATE_ORDER" in done.err
    assert "SLACK" not in done.err


# Making a store.


def test_migrate_makes_a_store_that_only_its_owner_reads(attache: Attache, tmp_path: Path) -> None:
    done = attache("migrate")
    assert done.status == 0
    assert done.out == f"Made a store at {tmp_path / 'attache.db'}.\n"
    assert (tmp_path / "attache.db").stat().st_mode & 0o777 == 0o600
    again = attache("migrate")
    assert "up to date" in again.out
    assert not list(tmp_path.glob("*.bak"))


def test_db_wins_over_the_environment(attache: Attache, tmp_path: Path) -> None:
    other = tmp_path / "deep" / "down" / "other.db"
    assert attache("migrate", "--db", str(other)).status == 0
    assert other.exists()
    assert not (tmp_path / "attache.db").exists()
    assert attache("ask", "--db", str(other), "/talks next").status == 0


def test_without_a_name_the_store_is_in_the_user_data_directory(attache: Attache, tmp_path: Path) -> None:
    done = attache("migrate", ATTACHE_DB="", XDG_DATA_HOME=str(tmp_path / "data"), HOME=str(tmp_path))
    assert done.status == 0
    assert "attache.db" in done.out
    assert list(tmp_path.rglob("attache.db"))


def test_a_missing_store_says_what_makes_one(attache: Attache, tmp_path: Path) -> None:
    done = attache("ask", "/talks next")
    assert done.status == 1
    assert "Make one with: attache migrate\n" in done.err
    named = attache("ask", "--db", str(tmp_path / "my store.db"), "/talks next")
    assert f"attache migrate --db '{tmp_path}/my store.db'" in named.err
    assert not (tmp_path / "my store.db").exists()


# Stores that cannot be used.


def test_a_file_that_is_no_store_is_left_alone(attache: Attache, tmp_path: Path) -> None:
    path = tmp_path / "attache.db"
    path.write_bytes(b"minutes of the meeting " * 500)
    before = path.read_bytes()
    for command in (("ask", "/talks next"), ("migrate",), ("check",), ("run", "--http", "127.0.0.1:0")):
        done = attache(*command, SLACK_SIGNING_SECRET="abcdef0123456789")
        assert done.status == 1, command
        assert "damaged or is not a store" in done.out + done.err
        assert "Traceback" not in done.err
    assert path.read_bytes() == before


def test_another_programs_database_is_left_alone(attache: Attache, tmp_path: Path) -> None:
    path = tmp_path / "attache.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    before = path.read_bytes()
    assert "not a store" in attache("ask", "/talks next").err
    assert "not a store" in attache("migrate").err
    assert path.read_bytes() == before


def test_a_store_from_a_newer_program_is_refused(attache: Attache, store: Path) -> None:
    db = sqlite3.connect(store)
    row = dict(zip(*_row(db, "SELECT * FROM _sqlite_migrations LIMIT 1"), strict=True))
    row |= {"name": "next_century"}
    row.pop("id", None)
    names = ", ".join(row)
    db.execute(f"INSERT INTO _sqlite_migrations ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
    db.commit()
    db.close()
    for command in (("ask", "/talks next"), ("migrate",), ("check",)):
        done = attache(*command)
        assert done.status == 1
        assert "newer" in done.out + done.err


def _row(db: sqlite3.Connection, sql: str) -> tuple[list[str], tuple[object, ...]]:
    cursor = db.execute(sql)
    return [column[0] for column in cursor.description], cursor.fetchone()


def test_a_folder_is_not_a_store(attache: Attache, tmp_path: Path) -> None:
    done = attache("ask", "--db", str(tmp_path), "/talks next")
    assert done.status == 1
    assert "Traceback" not in done.err


# Asking.


def test_a_long_answer_is_whole_on_screen_and_in_json_goes_on_as_in_slack(attache: Attache) -> None:
    whole = attache("ask", "--db", "starter", "/talks brief T-4 full")
    assert "Mentions neither sovereignty nor territorial integrity." in whole.out
    assert "There is more than fits here" not in whole.out
    assert whole.out.rstrip().endswith("Share in channel")
    shown = json.loads(attache("ask", "--db", "starter", "--json", "/talks brief T-4 full").out)
    assert list(shown) == ["visibility", "text", "blocks", "more"]
    assert [list(each) for each in shown["more"]] == [["text", "blocks"]]
    assert "Sources  1 UAWire" in shown["more"][-1]["text"]
    assert list(json.loads(attache("ask", "--db", "starter", "--json", "/talks next").out)) == ["visibility", "text", "blocks"]


def test_json_is_one_object_with_what_slack_would_get(attache: Attache, store: Path) -> None:
    done = attache("ask", "--json", "/talks next")
    assert done.status == 0
    shown = json.loads(done.out)
    assert set(shown) == {"visibility", "text", "blocks"}
    assert shown["visibility"] == "private"
    assert shown["text"]
    assert all("type" in block for block in shown["blocks"])


def test_what_is_not_understood_ends_with_2(attache: Attache, store: Path) -> None:
    done = attache("ask", "/weather")
    assert done.status == 2
    assert "There is no command /weather" in done.out
    assert json.loads(attache("ask", "--json", "/weather").out)["text"]


def test_words_need_no_quotes(attache: Attache, store: Path) -> None:
    assert attache("ask", "/talks", "next").out == attache("ask", "/talks next").out


@pytest.mark.parametrize(
    "text",
    ["", " ", "/", "/talks", "🕊" * 500, "/talks search " + "شرم الشيخ " * 300, "/talks next " + "x" * 40_000,
     '/talks search "a" OR NEAR(', "/talks show T-99999999999999999999", "/position ' ; DROP TABLE talks; --",
     "/talks on 31 February 99999", "/talks search " + QUIET_CHANNELS],
)  # fmt: skip
def test_any_text_gets_an_answer(attache: Attache, store: Path, text: str) -> None:
    done = attache("ask", "--", text)
    assert done.status in (0, 2), done.err
    assert done.out.strip()
    assert "Traceback" not in done.err
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", done.out)
    shown = attache("ask", "--json", "--", text)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown.out)
    json.loads(shown.out)


def test_bytes_that_are_not_text_get_an_answer(attache: Attache, store: Path) -> None:
    env = clean_environment(ATTACHE_DB=str(store))
    arguments: list[bytes] = [sys.executable.encode(), b"-m", b"bot", b"ask", b"/talks next \xff\xfe"]
    done = subprocess.run(arguments, cwd=ROOT, env=env, capture_output=True, check=False)
    assert done.returncode in (0, 2), done.stderr
    assert "\ufffd" in done.stdout.decode()


def test_submitting_what_is_not_a_form_is_refused(attache: Attache, store: Path) -> None:
    done = attache("ask", "--submit", "{}", "/talks next")
    assert done.status == 2
    assert "opens no form" in done.err
    assert "Next talks" in done.out


def test_a_reader_that_leaves_early_makes_no_noise(store: Path) -> None:
    env = clean_environment(ATTACHE_DB=str(store))
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "/talks help"],
        cwd=ROOT,
        env=env,
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert done.stderr == b""
    assert done.returncode == 1


def test_ctrl_c_ends_quietly(store: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "demo"],
        cwd=ROOT, env=clean_environment(ATTACHE_DB=str(store)),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("help\n")
        process.stdin.flush()
        while "quit" not in (told := process.stdout.readline()):  # the last line of the help: now it waits for more
            assert told
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert "Traceback" not in err
    assert process.returncode == 130


# The starter store.


def test_starter_is_thrown_away(attache: Attache, tmp_path: Path) -> None:
    done = attache("ask", "--db", "starter", "/talks next", TMPDIR=str(tmp_path))
    assert done.status == 0, done.err
    assert "the clock stands at 22 Feb 2025, 18:00 UTC" in done.err
    assert list(tmp_path.iterdir()) == []


def test_now_moves_the_clock(attache: Attache) -> None:
    later = attache("ask", "--db", "starter", "--now", "2025-03-20", "/talks overdue")
    assert later.status == 0
    assert later.err == ""
    assert "T-3" in later.out


# Checking.


def test_check_says_what_is_missing(attache: Attache, tmp_path: Path) -> None:
    done = attache("check", SLACK_BOT_TOKEN="nonsense", ATTACHE_ZONES="x")
    assert done.status == 1
    assert "FAIL  settings: SLACK_BOT_TOKEN" in done.out
    assert "FAIL  store: there is none" in done.out
    assert "attache migrate" in done.out
    assert "did you mean ATTACHE_ZONE?" in done.out
    assert "nonsense" not in done.out + done.err


def test_check_of_a_sound_store(attache: Attache, store: Path) -> None:
    done = attache("check")
    assert done.status == 0, done.out
    assert re.findall(r"^(ok|note|FAIL) ", done.out, re.MULTILINE) == ["ok", "ok", "ok", "ok", "ok", "note"]


def test_check_finds_a_damaged_page(attache: Attache, store: Path) -> None:
    with store.open("r+b") as file:
        file.seek(4096 * 12)
        file.write(os.urandom(4096 * 6))
    done = attache("check")
    assert done.status == 1
    assert "FAIL  store" in done.out


def test_check_finds_facts_that_point_nowhere(attache: Attache, store: Path) -> None:
    db = sqlite3.connect(store)
    db.execute("INSERT INTO topic_name (team_id, folded, topic, seq, name) VALUES ('local', 'x', 'nowhere', 1, 'X')")
    db.commit()
    db.close()
    done = attache("check")
    assert done.status == 1
    assert "rows of topic_name point at a missing topic" in done.out


# The README.


def test_the_readme_names_every_subcommand_and_variable() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [name for name in _SUBCOMMANDS if f"attache {name}" not in text]
    missing += [variable.name for variable in variables() if variable.name not in text]
    assert missing == []
