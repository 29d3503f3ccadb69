"""What a brief says where sources differ, governments change, sides are many, or a file gave the facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.reply import Reply
from bot.slack.render import plain_text
from store import positions, talks
from store.database import Store
from store.records import (
    Account,
    AgendaItem,
    Level,
    Person,
    Place,
    PlaceState,
    Position,
    Precision,
    ReplyStance,
    Side,
    Stance,
    Status,
    Talks,
    Window,
)
from store.records import Reply as Answer
from tests.commands.conftest import NOW, Asker
from tests.conftest import Attache
from tests.travel_files import import_paths, write_source

DAY = Window(date(2025, 4, 2), date(2025, 4, 2), Precision.DAY)
Keep = Callable[[Talks], str]


@pytest.fixture
def keep(store: Store) -> Keep:
    """Puts talks on record and gives their label."""

    def keeping(record: Talks) -> str:
        with store.write("local", actor="U1", now=NOW) as session:
            return talks.save(session, record).label

    return keeping


def said(store: Store, *some: Position) -> None:
    with store.write("local", actor="U1", now=NOW) as session:
        for position in some:
            positions.save(session, position)


def meeting(*codes: str, topic: str | None = "nato", **fields: object) -> Talks:
    items = (AgendaItem("NATO", topic),) if topic else ()
    made = Talks("m", 0, "A meeting", Status.PLANNED, tuple(map(Side, codes)), DAY, agenda=items)
    return replace(made, **fields)  # type: ignore[arg-type]


def row(reply: Reply, start: str) -> str:
    """The first line that begins so, without its bullet."""
    lines = [words.strip().removeprefix("• ") for words in plain_text(reply).splitlines()]
    return next((words for words in lines if words.startswith(start)), f"no line begins with {start}")


# Talks that are claimed and denied.


def test_mooted_talks_that_are_claimed_and_denied_say_by_whom(ask: Asker) -> None:
    first = plain_text(ask("/talks brief T-6")).splitlines()[2]
    assert first == "Mooted: claimed by Donald Trump [1] and denied by Sergei Ryabkov [2]."
    assert plain_text(ask("/talks brief T-5")).splitlines()[2].startswith("Mooted only: nobody has said on record")


@pytest.mark.parametrize(
    ("happens", "settled", "words"),
    [
        (True, False, "Mooted: claimed by TASS, 1 Feb [unsourced]."),
        (False, False, "Mooted: denied by TASS, 1 Feb [unsourced]; nobody has said on record that they will take place."),
        (True, True, "Mooted only: nobody has said on record that they will take place."),
        (None, False, "Mooted only: nobody has said on record that they will take place."),
    ],
)
def test_mooted_talks_with_one_account(ask: Asker, keep: Keep, happens: bool | None, settled: bool, words: str) -> None:
    account = Account("a", "TASS", said_on=date(2025, 2, 1), happens=happens, settled=settled)
    label = keep(meeting("us", "ru", status=Status.MOOTED, accounts=(account,)))
    assert plain_text(ask(f"/talks brief {label}")).splitlines()[2] == words


def test_an_account_without_a_claim_gives_its_day_place_and_level(ask: Asker, keep: Keep) -> None:
    window = Window(date(2025, 4, 3), date(2025, 4, 3), Precision.DAY, stated="the day after", stated_by="Peskov")
    place = Place(PlaceState.NAMED, "ch", "Geneva")
    account = Account("a", "TASS", window=window, level=Level.MINISTER, place=place)
    answer = ask(f"/talks brief {keep(meeting('us', 'ru', accounts=(account,)))} full")
    assert row(answer, "TASS") == (
        "TASS: Thu 3 Apr 2025 (“the day after”, Peskov) · minister level · Geneva, Switzerland [unsourced]"
    )


def test_the_level_is_said_once_with_the_sources_of_those_who_give_it(ask: Asker, keep: Keep) -> None:
    assert row(ask("/talks brief T-4"), "Level") == "Level  deputy level by UAWire, 22 Feb [1]"
    sides = (Side("us", Level.DEPUTY), Side("ru", Level.DEPUTY))
    account = Account("a", "TASS", level=Level.MINISTER)
    answer = ask(f"/talks brief {keep(meeting(sides=sides, accounts=(account,), sources=('uawire-2025-02-22',)))}")
    assert row(answer, "Level") == "Level  deputy level [1] · minister level on one account (TASS) [unsourced]"


def test_what_is_not_known_has_no_source_to_miss(ask: Asker, keep: Keep) -> None:
    answer = ask(f"/talks brief {keep(meeting('us', 'ru'))} full")
    for words in ("Where  place not stated", "Level  level not stated", "United States  nobody named"):
        assert row(answer, words) == words


def test_a_window_shows_the_words_as_stated_by_whom_and_when(ask: Asker) -> None:
    short, whole = ask("/talks brief T-4"), ask("/talks brief T-4 full")
    own = "as stated (“preceded by a consultative contact of the directors”, Ryabkov, 22 Feb)"
    assert own in row(short, "When")
    assert own in row(whole, "When")
    assert "(“in the next two weeks”, Ryabkov, as Politico reads RIA, 22 Feb) [3]" in row(whole, "Politico")


def test_an_agenda_item_has_its_sources_in_short_as_well(ask: Asker) -> None:
    assert row(ask("/talks brief T-4"), "strategic stability").endswith("American policy (Ryabkov) [1, 2, 3]")


# Positions.


def test_rival_accounts_of_a_position_stand_side_by_side(ask: Asker, keep: Keep) -> None:
    label = keep(meeting("us", "ru"))
    short, whole = ask(f"/talks brief {label}"), ask(f"/talks brief {label} full")
    assert "joined after 27 May 1997 (draft treaty, Art. 4) [" in row(short, "Russia demands")
    told = row(short, "Raised again in Riyadh and rejected by the US side, which has made no statement of its own: ")
    assert "Romania says yes (Cristian Diaconescu, 19 Feb 2025) [" in told
    assert "], Russia denies it (Dmitry Peskov, 21 Feb 2025) [" in told
    assert "withdraw the NATO security zone to the level of 1997" in row(
        whole, "Romania says yes (Cristian Diaconescu, chief of"
    )
    assert "remains a known concern. [" in row(whole, "Russia denies it (Dmitry Peskov, spokesman")
    assert "disputed by" not in plain_text(short) + plain_text(whole)


def test_a_change_of_government_is_said_with_what_the_former_one_held(ask: Asker, store: Store, keep: Keep) -> None:
    old = Position(
        "old", 0, "us", "nato", Stance.SUPPORTS, "The open door.", date(2023, 7, 12), administration="Biden administration"
    )
    bare = Position("bare", 0, "us", "war-settlement", Stance.SUPPORTS, "As long as it takes.", date(2023, 2, 20))
    said(store, old, bare)
    agenda = (AgendaItem("NATO", "nato"), AgendaItem("the war", "war-settlement"))
    answer = ask(f"/talks brief {keep(meeting('us', 'ru', agenda=agenda))}")
    gone = "under the Biden administration; no statement found since 20 Jan 2025): "
    body = plain_text(answer)
    assert f"12 Jul 2023, {gone}The open door" in body
    assert f"20 Feb 2023, {gone}As long as it takes" in body
    assert "P-4, 20 Feb 2025): " in body  # the present government needs no word


def test_what_one_side_answered_the_other_is_told_under_no_agenda_topic(ask: Asker) -> None:
    for words in ("/talks brief T-4", "/talks brief T-4 full"):
        body = plain_text(ask(words))
        _, _, between = body.partition("Between these sides\n")
        assert between.startswith("Russia demands · NATO in Eastern Europe (P-1, 17 Dec 2021")
        assert "NATO rejects (26 Jan 2022)" in between
        assert "United States rejects (Biden administration, 26 Jan 2022)" in between
        assert "United States (Trump administration): rejected in Riyadh by Romania's account [" in between
        assert "]; no statement of its own found since 20 Jan 2025" in between


def test_what_is_said_after_the_day_of_the_brief_is_not_in_it(ask: Asker, store: Store, keep: Keep) -> None:
    reply = Answer("r", "us", ReplyStance.REJECTS, "No.", said_on=date(2025, 6, 2))
    ahead = Position("p", 0, "ru", "nato", Stance.OPPOSES, "Words ahead.", date(2025, 6, 1), replies=(reply,))
    said(store, ahead, replace(ahead, key="q", party="pl", replies=()), replace(ahead, key="o", topic="embassies"))
    assert "Words ahead" not in plain_text(ask(f"/talks brief {keep(meeting('us', 'ru'))} full"))


def test_answers_come_latest_first_two_in_short_and_not_again_where_the_agenda_has_them(
    ask: Asker, store: Store, keep: Keep
) -> None:
    for n in range(4):
        reply = Answer(f"r{n}", "us", ReplyStance.ENDORSES, "Yes.", said_on=date(2025, 2, 1) + timedelta(n))
        said(
            store,
            Position(f"p{n}", 0, "ru", "embassies", Stance.SUPPORTS, f"Word {n}.", date(2025, 1, n + 1), replies=(reply,)),
        )
    short, whole = plain_text(ask("/talks brief T-4")), plain_text(ask("/talks brief T-4 full"))
    between = short.partition("Between these sides\n")[2].partition("Not at the table")[0]
    assert [n for n in range(4) if f"Word {n}" in between] == [1, 2]  # the third is under the agenda
    assert "not the latest: see P-" in between
    assert all(whole.count(f"Word {n}.") == 1 for n in range(4))
    apart = plain_text(ask(f"/talks brief {keep(meeting('fr', 'cn'))}"))
    assert "Between these sides" not in apart


def test_a_bloc_that_both_belong_to_answers_for_neither(ask: Asker, store: Store, keep: Keep) -> None:
    reply = Answer("r", "g20", ReplyStance.REJECTS, "No.", said_on=date(2025, 2, 1))
    said(store, Position("p", 0, "cn", "embassies", Stance.SUPPORTS, "A word.", date(2025, 1, 1), replies=(reply,)))
    assert "A word" not in plain_text(ask(f"/talks brief {keep(meeting('cn', 'fr'))}"))


def test_what_was_said_again_leads_and_what_was_answered_stands_under_it(ask: Asker, store: Store) -> None:
    with store.read("local") as session:
        old = positions.get(session, 1)
    for n, key in enumerate(("ru-5", "ru-6")):
        newer = replace(
            old, key=key, number=0, said_on=date(2025, 2, 20 + n), summary=f"Forces out {n}.", replies=(), accounts=()
        )
        said(store, replace(newer, speaker="Lavrov", supersedes=old.key if n == 0 else "ru-5", sources=("uawire-2025-02-22",)))
    short, whole = (plain_text(ask(f"/talks brief T-4{full}")).partition("Between these sides\n")[2] for full in ("", " full"))
    assert short.startswith("Russia demands · NATO in Eastern Europe (P-6, 21 Feb 2025): Forces out 1 [1]\n")
    assert "• Earlier (P-1, 17 Dec 2021): NATO rejects (26 Jan 2022) [" in short
    assert whole.startswith("Russia demands · NATO in Eastern Europe (P-6, 21 Feb 2025, Lavrov): Forces out 1. [1]\n")
    assert "• Earlier (P-1, 17 Dec 2021, Ministry of Foreign Affairs of Russia): No forces or weapons" in whole
    assert "• NATO rejects (26 Jan 2022): Written reply" in whole
    for body in (short, whole):
        assert "United States (Trump administration): rejected in Riyadh by Romania's account [" in body
        assert "Russia denies it (Dmitry Peskov" in body
        assert "not the latest" not in body


# Many sides.

EIGHT = ("us", "ru", "ua", "cn", "de", "fr", "gb", "tr")


def test_all_sides_are_at_the_table_however_many(ask: Asker, store: Store, keep: Keep) -> None:
    said(store, Position("gb", 0, "gb", "nato", Stance.SUPPORTS, "British words.", date(2025, 2, 1)))
    said(store, Position("pl", 0, "pl", "nato", Stance.SUPPORTS, "Polish words.", date(2025, 2, 1)))
    label = keep(meeting(*EIGHT))
    short, whole = plain_text(ask(f"/talks brief {label}")), plain_text(ask(f"/talks brief {label} full"))
    assert "The positions of United Kingdom and Türkiye are in the full brief." in short
    assert "British" not in short
    before, _, away = whole.partition("Not at the table")
    assert "United Kingdom supports (P-" in before
    assert "Ukraine, China, Germany, France and Türkiye: no statement found up to 22 Feb 2025." in before
    assert "Polish" in away
    assert "British" not in away


# Talks that are not ahead.


def test_a_load_gives_no_reason_and_the_note_on_record_does(ask: Asker, store: Store, attache: Attache, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(
        "attache: 1\ntalks:\n  - {key: off, title: Off, status: cancelled, sides: [us, ru], window: 2025-03-05,"
        " note: The hall was double-booked.}\n  - {key: late, title: Late, status: postponed, sides: [us, ru]}\n"
    )
    done = attache("load", str(path), "--db", str(tmp_path / "facts.db"))
    assert done.status == 0, done.err
    with store.read("local") as session:
        found = {t.key: t.label for t in talks.many(session, range(7, 12))}
    for full in ("", " full"):
        body = plain_text(ask(f"/talks brief {found['off']}{full}"))
        assert body.splitlines()[2].startswith("Cancelled (The hall was double-booked): these talks")
        assert body.count("double-booked") == 1
        assert plain_text(ask(f"/talks brief {found['late']}{full}")).splitlines()[2].startswith("Postponed: no new day")


def test_what_is_next_has_its_window_in_the_usual_words(ask: Asker, store: Store, keep: Keep) -> None:
    with store.write("local", actor="U1", now=NOW) as session:
        talks.save(session, replace(talks.get(session, 3), status=Status.HELD))
    label = keep(meeting("us", "ru", status=Status.CANCELLED))
    first = plain_text(ask(f"/talks brief {label}")).splitlines()[2]
    assert (
        "Next of these sides: T-4 Second round, deputy level, by Sat 8 Mar 2025 on one account (Politico, 22 Feb) · undated"
        in first
    )


# The travel record.


def test_without_a_travel_record_the_whole_brief_says_so(ask: Asker, keep: Keep) -> None:
    assert "no travel record has been imported" in plain_text(ask("/talks brief T-4 full"))
    assert "ravel record" not in plain_text(ask("/talks brief T-4"))
    apart = plain_text(
        ask(f"/talks brief {keep(meeting('fr', 'cn', sides=(Side('fr', people=(Person('X'),)), Side('cn'))))} full")
    )
    assert "ravel record" not in apart


def test_travel_lines_name_the_side_where_there_are_several(ask: Asker, store: Store, keep: Keep, tmp_path: Path) -> None:
    import_paths(store, write_source(tmp_path / "source"))
    body = plain_text(ask(f"/talks brief {keep(meeting('us', 'fr', 'tr'))}"))
    assert "Travel  France: US travel record to" in body
    assert "Travel  Türkiye: US travel record to" in body
    assert "Travel  US travel record to" in plain_text(ask("/talks brief T-4 full"))
