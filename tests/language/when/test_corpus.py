"""The labelled corpus: how often the reading is what a careful reader wrote down."""

from __future__ import annotations

from bot.language.when import read
from tests.language.when.corpus import Case, answer, cases


def _right(case: Case) -> bool:
    reading = read(case.phrase, said_on=case.said_on, zone=case.zone, order=case.order)
    return answer(reading) == case.labels


def test_the_corpus_is_large_and_varied() -> None:
    corpus = cases()
    assert len(corpus) >= 450
    assert sum(case.undated for case in corpus) >= 70
    assert len({case.said_on.weekday() for case in corpus}) >= 5
    assert len({case.zone for case in corpus}) >= 5
    assert any(case.said_on.year % 4 == 0 for case in corpus)
    assert any(case.said_on.month == 12 for case in corpus)


def test_at_least_98_in_100_are_read_right() -> None:
    corpus = cases()
    wrong = [case for case in corpus if not _right(case)]
    accuracy = 1 - len(wrong) / len(corpus)
    print(f"{len(corpus) - len(wrong)} of {len(corpus)} right: {accuracy:.2%}")
    assert accuracy >= 0.98, [case.phrase for case in wrong]


def test_what_is_no_date_is_never_read_as_one() -> None:
    wrong = [case.phrase for case in cases() if case.undated and not _right(case)]
    assert wrong == []


def test_what_is_ambiguous_asks() -> None:
    for case in cases():
        reading = read(case.phrase, said_on=case.said_on, zone=case.zone, order=case.order)
        assert bool(reading.question) == bool(reading.readings)
        assert len(reading.readings) != 1
