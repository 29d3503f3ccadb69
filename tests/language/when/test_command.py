"""`attache when` as a script sees it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from bot.when_command import when_command

KEYS = ["text", "earliest", "latest", "precision", "zone", "readings", "question"]


def _run(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(when_command, args, input=stdin)


def test_plain_words() -> None:
    result = _run("--now", "2025-02-22", "within", "two", "weeks")
    assert result.exit_code == 0
    assert result.output == "reads as Sat 22 Feb – Sat 8 Mar 2025 at the latest\n"


def test_the_contract_of_one_object() -> None:
    answer = json.loads(_run("--now", "2025-02-22", "--json", "18-19 February").output)
    assert list(answer) == KEYS
    assert answer["text"] == "18-19 February"
    assert (answer["earliest"], answer["latest"], answer["precision"]) == ("2025-02-18", "2025-02-19", "range")
    assert (answer["readings"], answer["question"]) == ([], None)


def test_instants_are_utc_and_the_zone_is_named() -> None:
    answer = json.loads(_run("--now", "2025-02-22", "--json", "4 March at 10 a.m. Geneva time").output)
    assert (answer["earliest"], answer["zone"], answer["precision"]) == ("2025-03-04T09:00:00Z", "Europe/Zurich", "minute")


def test_an_assumed_zone_is_said() -> None:
    result = _run("--now", "2025-02-22", "--zone", "Asia/Riyadh", "4 March at 10:00")
    assert result.output == "reads as Tue 4 Mar 2025, 10:00 Asia/Riyadh (no zone given: Asia/Riyadh assumed)\n"


def test_open_ends_are_null() -> None:
    answer = json.loads(_run("--now", "2025-02-22", "--json", "not before June").output)
    assert (answer["earliest"], answer["latest"], answer["precision"]) == ("2025-06-01", None, "open_start")


def test_several_readings_ask() -> None:
    answer = json.loads(_run("--now", "2025-02-22", "--json", "12/03/2025").output)
    assert (answer["earliest"], answer["latest"], answer["precision"]) == (None, None, "none")
    assert [reading["earliest"] for reading in answer["readings"]] == ["2025-03-12", "2025-12-03"]
    assert answer["question"] == "Do you mean Wed 12 Mar 2025 or Wed 3 Dec 2025?"


@pytest.mark.parametrize(("order", "first"), [("dmy", "2025-03-12"), ("MDY", "2025-12-03")])
def test_the_date_order_ranks_the_readings(order: str, first: str) -> None:
    answer = json.loads(_run("--now", "2025-02-22", "--date-order", order, "--json", "12/03/2025").output)
    assert answer["readings"][0]["earliest"] == first


def test_the_undated_says_so() -> None:
    assert _run("--now", "2025-02-22", "in due course").output == "undated\n"
    answer = json.loads(_run("--now", "2025-02-22", "--json", "in due course").output)
    assert [answer[key] for key in KEYS[1:4]] == [None, None, "none"]


def test_now_may_be_an_instant_and_the_day_is_the_zones() -> None:
    args = ("--now", "2025-02-22T23:30:00Z", "--json", "tomorrow")
    assert json.loads(_run(*args).output)["earliest"] == "2025-02-23"
    assert json.loads(_run("--zone", "Asia/Tokyo", *args).output)["earliest"] == "2025-02-24"


def test_a_clock_time_now_without_an_offset_is_the_zones() -> None:
    args = ("--now", "2025-02-22T00:30", "--zone", "Asia/Tokyo", "--json", "in 3 hours")
    assert json.loads(_run(*args).output)["earliest"] == "2025-02-21T18:30:00Z"


def test_several_words_are_one_phrase() -> None:
    apart, quoted = _run("--now", "2025-02-22", "early", "next", "month"), _run("--now", "2025-02-22", "early next month")
    assert apart.output == quoted.output == "reads as early March 2025 (Sat 1 – Mon 10 Mar 2025)\n"


def test_without_now_the_clock_is_read() -> None:
    assert json.loads(_run("--json", "tomorrow").output)["precision"] == "day"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--now", "yesterday", "soon"), "not an ISO day"),
        (("--now", "2025-13-01", "soon"), "not an ISO day"),
        (("--zone", "Mars/Olympus", "soon"), "not an IANA time zone"),
        (("--date-order", "DYM", "soon"), "DMY, MDY or YMD"),
        (("--now", "2025-02-22T25:00", "soon"), "2025-02-22T10:00:00Z"),
        (("--zone", "Mars", "soon"), "Europe/Brussels"),
        (("--zone", "", "soon"), "not an IANA time zone"),
        (("--frobnicate", "soon"), "--frobnicate"),
    ],
)
def test_a_malformed_option_exits_2_and_says_what_it_takes(args: tuple[str, ...], words: str) -> None:
    result = _run(*args)
    assert result.exit_code == 2
    assert words in result.output


def test_lines_in_objects_out_through_a_real_process() -> None:
    code = "from bot.when_command import when_command; when_command()"
    run = subprocess.run(
        [sys.executable, "-c", code, "--now", "2025-02-22"],
        input="tomorrow\n\nResolution 1701\n5 \xa0May\n".encode() + b"\xff\xfe\n",
        capture_output=True,
        check=True,
    )
    answers = [json.loads(line) for line in run.stdout.decode().splitlines()]
    assert [answer["earliest"] for answer in answers] == ["2025-02-23", None, None, "2025-05-05", None]
    assert all(list(answer) == KEYS for answer in answers)


def test_every_line_has_its_object_whatever_ends_it() -> None:
    lines = ["tomorrow\r\n", "\n", "  \n", "x" * 100_000 + " 5 May\n", "18 March"]
    answers = [json.loads(line) for line in _run("--now", "2025-02-22", stdin="".join(lines)).output.splitlines()]
    assert [answer["text"] for answer in answers] == [line.rstrip("\r\n") for line in lines]
    assert [answer["earliest"] for answer in answers] == ["2025-02-23", None, None, None, "2025-03-18"]
    assert all(list(answer) == KEYS for answer in answers)


def test_no_lines_no_objects() -> None:
    result = _run("--now", "2025-02-22", stdin="")
    assert (result.exit_code, result.output) == (0, "")
