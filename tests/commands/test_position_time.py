"""Positions over time: as known, history, what moved, what is stale, and under whose government."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.reply import Outcome
from store import positions
from store.database import Store
from store.records import Account, Applies, Reply, ReplyStance, Stance
from tests.commands.conftest import NOW, Asker
from tests.commands.test_talks import text

LATER = datetime(2025, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def moved(store: Store) -> Store:
    """On 10 March 2025 Russia's demand was put more softly, and an older reply was added to P-1."""
    with store.write("local", actor="U1", now=LATER) as session:
        old = positions.get(session, 1)
        late = Reply("de", "de", ReplyStance.ENDORSES, "Welcomed", said_on=date(2022, 1, 5))
        positions.save(session, replace(old, summary="Edited later", replies=(*old.replies, late)))
        softer = replace(
            old, key="ru-soft", number=0, stance=Stance.CONDITIONAL, summary="Only in part", said_on=date(2025, 3, 9),
            recorded_at=None, replies=(), accounts=(), supersedes=old.key,
        )  # fmt: skip
        positions.save(session, softer)
    return store


def test_the_new_government_of_a_replier_is_silent_and_others_tell_of_it(ask: Asker) -> None:
    body = text(ask("/position russia nato"))
    assert "United States (Trump administration): rejected in Riyadh by Romania's account [4, 5, 6]; no statement" in body
    assert "no statement of its own found since 20 Jan 2025" in body
    before = text(ask("/position russia nato as-of 2025-01-19"))
    assert "Trump administration" not in before
    assert "Romania's account" not in text(ask("/position russia nato as-of 18 February 2025"))


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("Rejected by the US side.", True),
        ("Asked for and turned down by Washington, he said", True),
        ("It was not rejected by the US side.", False),
        ("Rejected by the German side.", False),
        ("Nobody rejected anything.", False),
    ],
)
def test_only_what_an_account_says_is_told(ask: Asker, store: Store, claim: str, told: bool) -> None:
    with store.write("local", actor="U1", now=NOW) as session:
        old = positions.get(session, 1)
        account = Account("x", "X", happens=True, said_on=date(2025, 2, 19), claim=claim)
        positions.save(session, replace(old, accounts=(account,)))
    body = text(ask("/position russia nato"))
    assert ("by X's account" in body) is told
    assert "United States (Trump administration): " in body


def test_a_partys_own_word_does_not_pass_to_its_successor(ask: Asker, store: Store) -> None:
    with store.write("local", actor="U1", now=NOW) as session:
        old = positions.get(session, 2)
        positions.save(session, replace(old, said_on=date(2023, 7, 11), administration="Biden administration"))
    words = "under the Biden administration; no statement found since 20 Jan 2025"
    assert words in text(ask("/position us ukraine in nato"))
    assert words in text(ask("/position us"))
    assert words in text(ask("/position compare us russia nato"))
    assert words in text(ask("/position stale 90d us"))
    assert "no statement found since" not in text(ask("/position us ukraine in nato as-of 2024"))


def test_known_is_what_was_recorded_by_then(ask: Asker, moved: Store) -> None:
    then = ask("/position russia nato known 2025-03-01", now=LATER)
    assert then.headline == "Russia on NATO in Eastern Europe · P-1 · demands · as known on 1 Mar 2025"
    body = text(then)
    assert "Edited later" not in body
    assert "Germany" not in body
    assert "superseded" not in body.casefold()
    assert "No later statement found up to 1 Mar 2025" in body
    now = text(ask("/position russia nato", now=LATER))
    assert "Only in part" in now
    assert "Edited later" in text(ask("/position show P-1", now=LATER))
    assert "Edited later" not in text(ask("/position show P-1 known 2025-03-01", now=LATER))
    for button in then.buttons:
        if not button.command.startswith(("/position reply", "/position edit")):
            assert ask(button.command, now=LATER).outcome is Outcome.ANSWER


def test_known_in_any_order_of_words_and_beside_as_of(ask: Asker, moved: Store) -> None:
    expected = text(ask("/position russia nato known 2025-03-01", now=LATER))
    for words in ("known by 1 March 2025 russia nato", "russia known 2025-03-01 nato"):
        assert text(ask(f"/position {words}", now=LATER)) == expected
    both = ask("/position russia nato as-of 2022-02 known 2025-03-10", now=LATER)
    assert "P-1" in both.headline
    assert "Diaconescu" not in text(both)


def test_known_before_anything_was_recorded(ask: Asker) -> None:
    answer = ask("/position russia nato known 2025-01")
    assert answer.outcome is Outcome.ANSWER
    assert "nothing on record" in answer.headline
    assert "Nothing was recorded here by then" in text(answer)
    assert "P-1 was not on record" in ask("/position show P-1 known 2024").headline
    for words in ("known", "known cheese"):
        assert ask(f"/position russia nato {words}").outcome is Outcome.NOT_UNDERSTOOD


def test_as_of_before_the_first_record_names_the_first(ask: Asker) -> None:
    body = text(ask("/position russia nato as-of 2021-06"))
    assert "No statement found up to 30 Jun 2021" in body
    assert "The first on record is P-1 of 17 Dec 2021" in body


def test_history_is_in_order_with_what_changed(ask: Asker, moved: Store) -> None:
    body = text(ask("/position history russia nato", now=LATER))
    assert body.index("17 Dec 2021") < body.index("9 Mar 2025")
    assert "first on record" in body
    assert "superseded by P-5" in body
    assert "from P-1: demands → conditional" in body


def test_history_pages_and_explains(ask: Asker, store: Store) -> None:
    with store.write("local", actor="U1", now=NOW) as session:
        old = positions.get(session, 1)
        for n in range(10):
            positions.save(session, replace(old, key=f"h{n}", number=0, said_on=date(2023, 1, 1 + n), replies=(), accounts=()))
    answer = ask("/position history russia nato")
    assert "restated" in text(answer)
    earlier = next(button for button in answer.buttons if button.label == "Earlier")
    assert "17 Dec 2021" in text(ask(earlier.command))
    assert "No statement found" in text(ask("/position history germany nato"))
    assert "not shown: United States" in text(ask("/position history russia us nato"))
    for words in ("", "xyzzy", "russia cheese"):
        assert ask(f"/position history {words}").outcome is Outcome.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("applies", "words"),
    [(None, "from P-1: same stance, in other words"), (Applies("nato", date(2004, 1, 1)), "from P-1: applies to others")],
)
def test_it_applies_to_others_only_where_both_say_to_whom(
    ask: Asker, store: Store, applies: Applies | None, words: str
) -> None:
    with store.write("local", actor="U1", now=NOW) as session:
        old = replace(positions.get(session, 1), key="ru-5", number=0, replies=(), accounts=(), summary="Out.")
        positions.save(session, replace(old, said_on=date(2025, 2, 20), applies=applies))
    assert words in text(ask("/position history russia nato"))


def test_what_moved_is_before_and_after(ask: Asker, moved: Store) -> None:
    body = text(ask("/position changed 30d", now=LATER))
    assert "Russia on NATO in Eastern Europe · demands → conditional · 9 Mar 2025 (P-1, 17 Dec 2021)" in body
    assert "Ukraine on US–Russia talks · nothing on record → opposes" in body
    assert "P-3" not in text(ask("/position changed 30d russia", now=LATER))
    assert "No stance found that is new" in text(ask("/position changed 2d us", now=LATER))
    assert "P-1" in text(ask("/position changed in December 2021", now=LATER))
    assert "P-1" in text(ask("/position changed 5 years russia nato"))
    assert "P-4" in text(ask("/position changed since February 2025"))
    for words in ("cheese", "in 2030"):
        assert ask(f"/position changed {words}").outcome is Outcome.NOT_UNDERSTOOD


def test_what_nobody_restated(ask: Asker) -> None:
    body = text(ask("/position stale 90d"))
    assert "P-1" in body
    assert "last said 17 Dec 2021, 3 years 67 days ago" in body
    assert "P-2" not in body
    assert "P-2" in text(ask("/position stale 5d us"))
    assert "Every stance with a day on record has been stated since" in text(ask("/position stale 10y"))
    assert "Germany: no statement found up to 22 Feb 2025" in text(ask("/position stale germany"))


def test_a_long_way_is_counted(ask: Asker, store: Store) -> None:
    stances = [Stance.SUPPORTS, Stance.OPPOSES] * 4
    with store.write("local", actor="U1", now=NOW) as session:
        old = replace(positions.get(session, 1), number=0, replies=(), accounts=())
        for n, stance in enumerate(stances):
            positions.save(session, replace(old, key=f"w{n}", stance=stance, said_on=date(2025, 2, 1 + n)))
    assert "demands → 6 more → supports → opposes" in text(ask("/position changed 30d russia"))


@pytest.fixture
def loose(store: Store) -> Store:
    """France opposed on 10 February what it had supported on a day that nobody recorded; China spoke only on such a day. All
    of it was recorded on 11 February, and Russia's demand of December 2021 was stated again in March 2022."""
    recorded = datetime(2025, 2, 11, 12, tzinfo=UTC)
    with store.write("local", actor="U1", now=recorded) as session:
        one = replace(positions.get(session, 1), number=0, replies=(), accounts=(), applies=None, recorded_at=recorded)
        for key, party, stance, day in (
            ("fr-0", "fr", Stance.SUPPORTS, None),
            ("fr-1", "fr", Stance.OPPOSES, date(2025, 2, 10)),
            ("cn-0", "cn", Stance.SUPPORTS, None),
            ("ru-9", "ru", Stance.CONDITIONAL, date(2022, 3, 20)),
        ):
            positions.save(session, replace(one, key=key, party=party, stance=stance, said_on=day))
    return store


def test_history_as_of_a_day_within_a_period_and_as_known(ask: Asker, loose: Store) -> None:
    first = ask("/position history russia 1997 as-of 2022-02")
    assert first.headline.endswith("what was said when as of 28 Feb 2022")
    assert ("17 Dec 2021" in text(first), "20 Mar 2022" in text(first)) == (True, False)
    assert all(b.command.endswith("as-of 2022-02-28") for b in first.buttons if b.label.startswith("Show"))
    within = ask("/position history russia nato 2022")
    assert within.headline.endswith("what was said when · 1 Jan 2022 – 31 Dec 2022")
    assert ("17 Dec 2021  P-" in text(within), "from P-1: demands → conditional" in text(within)) == (False, True)
    assert "20 Mar 2022" not in text(ask("/position history russia 1997 known 2025-02-10"))
    known = ask("/position history russia 1997 known 2025-02-12")
    assert "as this store knew on 12 Feb 2025" in known.headline
    assert "20 Mar 2022" in text(known)
    assert "No statement found from 1 Jan 2023 to 31 Dec 2023." in text(ask("/position history russia nato 2023"))


def test_a_statement_without_a_day_is_on_record_all_the_same(ask: Asker, loose: Store) -> None:
    undated = "P-5"
    assert f"first on record with a day; also on record: {undated}, day not recorded" in text(ask("/position history france"))
    moved = text(ask("/position changed 30d france"))
    assert f"supports ({undated}, day not recorded) → opposes · 10 Feb 2025" in moved
    assert f"supports ({undated}, day not recorded) → opposes" in text(ask("/position changed 30d france known 2025-02-12"))


def test_what_moved_up_to_a_day_and_as_known(ask: Asker, loose: Store) -> None:
    then = ask("/position changed as-of 2022-03")
    assert then.headline == "What moved · 1 Mar 2022 – 31 Mar 2022"
    assert "demands → conditional · 20 Mar 2022 (P-1, 17 Dec 2021)" in text(then)
    assert "20 Mar 2022" not in text(ask("/position changed 1y as-of 2022-02"))
    known = ask("/position changed 1y as-of 2022-03 known 2025-02-12")
    assert "as this store knew on 12 Feb 2025, said by 31 Mar 2022" in known.headline
    assert "nothing on record → conditional · 20 Mar 2022" in text(known)  # P-1 was recorded later
    assert "No stance found" in text(ask("/position changed 30d as-of 2022-03 known 2025-02-10"))


def test_what_was_stale_on_a_day_and_as_known(ask: Asker, loose: Store) -> None:
    then = ask("/position stale as-of 2022-03-18")
    assert then.headline == "Not restated since 18 Dec 2021 as of 18 Mar 2022"
    assert "last said 17 Dec 2021, 3 months 1 day ago" in text(then)
    assert "17 Dec 2021, " not in text(ask("/position stale russia as-of 2022-03-20"))
    assert "last said 20 Mar 2022" in text(ask("/position stale 90d russia known 2025-02-12"))
    assert "P-1" not in text(ask("/position stale 90d known 2025-02-10"))


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("changed 2 weeks ago", "8 Feb 2025"),
        ("changed two weeks", "8 Feb 2025"),
        ("changed since two weeks ago", "8 Feb 2025"),
        ("changed in the last twelve days", "10 Feb 2025"),
        ("changed a year", "22 Feb 2024"),
        ("stale a year", "22 Feb 2024"),
        ("stale 10y", "22 Feb 2015"),
        ("stale 3 months", "22 Nov 2024"),
        ("stale before 2020", "1 Jan 2020"),
        ("stale since 2020", "1 Jan 2020"),
    ],
)
def test_spans_in_words(ask: Asker, words: str, first: str) -> None:
    answer = ask(f"/position {words}")
    assert first in answer.headline
    assert "Angola" not in answer.headline
    assert "did not understand" not in text(answer)


def test_a_second_time_is_named_as_not_used(ask: Asker) -> None:
    assert "I did not use “2019”: “30d” says how far to look back." in text(ask("/position changed 30d 2019"))
    assert "Positions are not kept by minister level" in text(ask("/position history us minister"))


def test_why_nothing_is_stale(ask: Asker, loose: Store) -> None:
    assert "P-7: day not recorded, so nobody can tell how long ago that was." in text(ask("/position stale 90d china"))
    assert "has been stated since" not in text(ask("/position stale 90d china"))
    nothing = text(ask("/position stale 90d russia embassies"))
    assert "Russia: no statement on embassies and missions found up to 22 Feb 2025." in nothing
    assert "No statement by anyone on embassies and missions found" in text(ask("/position stale 90d embassies"))
    assert "Every stance on record has been stated since." in text(ask("/position stale 90d us aggressor"))
    assert "No statement with a day found" in text(ask("/position stale", team="T9"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("history us as-of 2025-02-15 2025", "1 Jan 2025 – 15 Feb 2025"),
        ("history us 2025 as-of 2025-02-15", "1 Jan 2025 – 15 Feb 2025"),
        ("changed us 2025-02 as-of 2025-02-15", "1 Feb 2025 – 15 Feb 2025"),
        ("changed us 2025-02 known 2025-02-22 as-of 2025-02-15", "1 Feb 2025 – 15 Feb 2025"),
        ("rejected-by nato 2022 as-of 2023", "1 Jan 2022 – 31 Dec 2022"),
        ("rejected-by nato as-of 2023 2022", "1 Jan 2022 – 31 Dec 2022"),
    ],
)
def test_a_period_and_a_day_to_look_back_from_go_together(ask: Asker, words: str, said: str) -> None:
    answer = ask(f"/position {words}")
    assert answer.outcome is Outcome.ANSWER
    assert said in text(answer)
    assert "did not understand" not in text(answer)


def test_a_period_after_the_day_looked_back_from_is_refused(ask: Asker) -> None:
    assert "1 Jan 2024 is later than 31 Dec 2022" in ask("/position rejected-by nato as-of 2022 2024").headline


def test_known_as_of_is_told_to_mean_known(ask: Asker) -> None:
    assert "“known as-of 2025-02-22” was read as “known 2025-02-22”" in text(
        ask("/position known as-of 2025-02-22 russia nato")
    )


@pytest.mark.parametrize("words", ["known 2025-02-22 as-of 2022", "as-of 2022 known 2025-02-22"])
def test_known_and_as_of_in_either_order(ask: Asker, words: str) -> None:
    answer = ask(f"/position russia 1997 {words}")
    assert answer.headline.endswith("P-1 · demands · as known on 22 Feb 2025, said by 31 Dec 2022")


def test_a_day_to_come_is_not_yet_known(ask: Asker) -> None:
    assert "1 Jan 2030 is still to come; showing what is on record today." in text(ask("/position russia known 2030"))
    assert "still to come" not in text(ask("/position russia known 2025"))


def test_nato_has_a_history_as_a_party(ask: Asker) -> None:
    assert ask("/position history nato").headline == "NATO: what was said when"
    assert ask("/position history russia nato").headline.startswith("Russia on NATO")


def test_answers_within_a_period_and_as_known(ask: Asker, store: Store) -> None:
    assert "P-1" in text(ask("/position rejected-by nato 2022"))
    none = ask("/position rejected-by nato 2023")
    assert none.headline == "Rejected by NATO · 1 Jan 2023 – 31 Dec 2023"
    assert "No such reply of NATO found from 1 Jan 2023 to 31 Dec 2023." in text(none)
    assert "No such reply" in text(ask("/position rejected-by nato as-of 2022-01-25"))
    assert "NATO rejects P-1" in text(ask("/position rejected-by nato russia as-of 2022-01-26"))
    with store.write("local", actor="U1", now=LATER) as session:
        old = positions.get(session, 2)
        late = Reply("fr", "fr", ReplyStance.REJECTS, "No", said_on=date(2025, 2, 20))
        positions.save(session, replace(old, replies=(*old.replies, late)))
    assert "France rejects P-2" in text(ask("/position rejected-by france", now=LATER))
    assert "No such reply" in text(ask("/position rejected-by france known 2025-03-01", now=LATER))
    assert "France rejects P-2" in text(ask("/position rejected-by france known 2025-03-10", now=LATER))


def test_answers_asked_for_in_other_words(ask: Asker) -> None:
    assert ask("/position rejected by nato").headline == "Rejected by NATO"
    for words in ("rejected nato", "rejected russia", "who rejected russia"):
        answer = ask(f"/position {words}")
        assert answer.outcome is Outcome.NOT_UNDERSTOOD or "rejected-by" in text(answer)
        assert "/position rejected-by" in text(answer)


def test_one_position_as_of_a_day_before_it_was_taken(ask: Asker) -> None:
    answer = ask("/position show P-2 as-of 2022")
    assert answer.headline == "P-2 was said on 12 Feb 2025, after that day."
    assert "Asked as of 31 Dec 2022." in text(answer)
    assert ask(answer.buttons[0].command).headline.startswith("United States on NATO membership for Ukraine")
