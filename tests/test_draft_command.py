"""`attache draft votes` as a person runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Attache
from tests.store.test_votes import NAMES, file, rows

LINK = "https://digitallibrary.un.org/record/4076672"


@pytest.fixture
def made(attache: Attache, store: Path) -> Attache:
    assert store.exists()
    assert attache("load", "starter").status == 0
    return attache


def roll(tmp_path: Path, **fields: Any) -> Path:
    """A whole roll of D-1 with its real totals: 93, 18, 65 and 17 who did not vote."""
    listed = rows(
        undl_link=LINK, **{"total_yes": 93, "total_no": 18, "total_abstentions": 65, "total_non_voting": 17, **fields}
    )
    for i, row in enumerate(listed):
        row["ms_vote"] = "Y" if i < 93 else "N" if i < 111 else "A" if i < 176 else "X"
    path = tmp_path / "roll.csv"
    path.write_bytes(file(listed))
    return path


def test_a_roll_is_loaded_once_with_its_source(made: Attache, tmp_path: Path) -> None:
    path = roll(tmp_path)
    done = made("draft", "votes", "A/RES/ES-11/7", str(path))
    assert (done.status, done.err) == (0, "")
    assert "193 votes as cast: 93 for, 18 against, 65 abstained, 17 absent" in done.out
    assert "votes: 174 new" in done.out
    again = made("draft", "votes", "d1", str(path))
    assert "nothing changed" in again.out
    shown = made("ask", "--now", "2025-03-01", "/draft votes D-1 p5").out
    assert "Announced  93 for · 18 against · 65 abstained" in shown
    assert LINK in shown


def test_what_does_not_add_up_is_told_and_stays_told(made: Attache, tmp_path: Path) -> None:
    done = made("draft", "votes", "D-1", str(roll(tmp_path, total_yes=94, total_no=17)))
    assert done.status == 0
    assert "does not add up: 93 for on the roll, 94 by the totals in the file" in done.err
    assert "does not add up: 18 against on the roll, 17 by the totals in the file" in done.err
    assert "does not add up: 94 for by the totals in the file, 93 by those on record, which stay" in done.err
    assert "does not add up: 17 against by the totals in the file, 18 by those on record, which stay" in done.err
    assert done.err.count("does not add up") == 4
    made("draft", "votes", "D-3", "-", stdin="country,vote\nRussia,against\n")
    assert "Does not add up: the roll has 1 against, 0 were announced." in made("ask", "/draft show D-3").out


def test_totals_count_without_a_day_and_are_kept_with_one(made: Attache, tmp_path: Path) -> None:
    made("load", "-", stdin="attache: 1\ndrafts: [{key: x, title: A text, status: tabled}]\n")
    short = "country,vote,total_yes,total_no,total_abstentions\nFrance,Y,2,0,0\n"
    done = made("draft", "votes", "D-4", "-", stdin=short)
    assert "does not add up: 1 for on the roll, 2 by the totals in the file" in done.err
    assert "note: the totals in the file are not kept" in done.err
    again = made("draft", "votes", "D-4", "-", "--day", "2025-02-24", stdin=short)
    assert "not kept" not in again.err
    assert "2 for · 0 against · 0 abstained (24 Feb 2025)" in made("ask", "/draft show D-4").out


def test_votes_on_another_text_or_of_another_day_are_remarked_on(made: Attache, tmp_path: Path) -> None:
    made("load", "-", stdin="attache: 1\ndrafts: [{key: x, title: A text, status: tabled}]\n")
    path = roll(tmp_path)
    done = made("draft", "votes", "D-4", str(path), "--day", "2025-02-25")
    assert (
        "note: the file has the votes on A/RES/ES-11/7, the symbol of D-1; they are now those of D-4, which has no symbol on "
        "record: is it the same text?" in done.err
    )
    assert "note: the file says 2025-02-24, which counts; --day 2025-02-25 was not needed" in done.err
    done = made("draft", "votes", "D-2", str(path), "--resolution", "A/RES/ES-11/7")
    assert "they are now those of D-2, whose symbol is A/RES/ES-11/8" in done.err
    done = made("draft", "votes", "D-1", "-", "--day", "2025-03-01", stdin="country,vote\nFrance,Y\n")
    assert "note: the votes are of 2025-03-01; D-1 was adopted on 2025-02-24 on record" in done.err


def test_faults_are_all_listed_and_nothing_is_loaded(made: Attache, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(file(rows([*NAMES[:5], "ATLANTIS", "KOREA", NAMES[0]])))
    done = made("draft", "votes", "D-1", str(path))
    assert (done.status, done.out) == (2, "")
    assert [line.split(": ")[1] for line in done.err.splitlines()[:-1]] == ["line 7", "line 8", "line 9"]
    assert done.err.splitlines()[-1] == "3 faults; nothing was loaded."
    assert "As cast, 19 on record" in made("ask", "/draft votes D-1").out


def test_every_vote_that_changes_is_named_with_its_sources(made: Attache) -> None:
    done = made("draft", "votes", "D-3", "-", stdin="country,vote,total_yes\nFrance,Y,2\nUK,Y,2\n")
    assert "changed: France: abstained (Media Analytic) → for (unsourced)" in done.out.splitlines()
    assert "2 changed" in done.out


def test_nobody_has_voted_on_a_day_to_come(made: Attache) -> None:
    done = made("draft", "votes", "D-3", "-", stdin="country,vote,date\nFrance,Y,2135-02-24\nNATO,Y,2135-02-24\n")
    assert done.status == 2
    assert "line 2: 2135-02-24 is still to come" in done.err
    assert "line 3: NATO is an organisation" in done.err
    done = made("draft", "votes", "D-3", "-", "--day", "2135-02-24", stdin="country,vote\nFrance,Y\n")
    assert (done.status, done.out) == (2, "")
    assert made("draft", "votes", "D-3", "-", "--intended", "--day", "2135-02-24", stdin="country,vote\nFrance,Y\n").status == 0


def test_one_total_alone_is_compared(made: Attache) -> None:
    made("load", "-", stdin="attache: 1\ndrafts: [{key: x, title: A text, status: tabled}]\n")
    done = made("draft", "votes", "D-4", "-", stdin="name,vote,total_yes\nFrance,Y,1\nSpain,Y,1\n")
    assert "does not add up: 2 for on the roll, 1 by the totals in the file" in done.err
    assert "not kept, for that takes all three" in done.err


@pytest.mark.parametrize("arguments", [("D-9", "-"), ("nonsense", "-"), ("D-1", "nowhere.csv"), ("D-1", ".")])
def test_requests_that_cannot_be_met(made: Attache, arguments: tuple[str, str]) -> None:
    done = made("draft", "votes", *arguments, stdin="country,vote\nFrance,Y\n")
    assert (done.status, done.out) == (2, "")


def test_intended_votes_stand_beside_those_cast(made: Attache) -> None:
    assert made("draft", "votes", "D-2", "-", "--intended", stdin="country,vote\nHungary,N\nUS,Y\n").status == 0
    made("draft", "votes", "D-2", "-", "--day", "2025-02-24", stdin="country,vote\nHungary,N\nUS,A\n")
    shown = made("ask", "--now", "2025-03-01", "/draft votes D-2").out
    assert "United States meant for, cast abstained" in shown
    assert "Hungary meant" not in shown
