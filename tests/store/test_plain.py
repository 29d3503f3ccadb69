"""Plain data and records are each other's inverse, for every kind of record and through JSON."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings

from store import records
from store.plain import from_plain, to_plain
from store.records import Level, Party, PartyKind, PartyName, Place, Side, Status, Talks, Window
from tests.store.stores import Content, contents, windows


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(contents())
def test_a_record_comes_back_from_its_plain_form(content: Content) -> None:
    for field in dataclasses.fields(content):
        for record in getattr(content, field.name):
            plain = to_plain(record)
            assert from_plain(type(record), json.loads(json.dumps(plain))) == record


@settings(deadline=None)
@given(windows())
def test_a_window_comes_back_whatever_its_precision(window: Window) -> None:
    assert from_plain(Window, to_plain(window)) == window


def test_what_is_empty_is_left_out() -> None:
    talks = Talks("a", 1, "A", Status.HELD, (Side("us"),))
    assert to_plain(talks) == {
        "key": "a",
        "number": 1,
        "title": "A",
        "status": "held",
        "sides": [{"party": "us", "level": "unstated"}],
        "window": {"precision": "none"},
        "place": {"state": "unstated"},
    }


def test_days_and_instants_are_told_apart() -> None:
    day, moment = date(2025, 2, 18), datetime(2025, 2, 18, 9, 30, tzinfo=UTC)
    plain = to_plain(Window(day, moment))
    assert (plain["earliest"], plain["latest"]) == ("2025-02-18", "2025-02-18T09:30:00Z")
    assert from_plain(Window, plain) == Window(day, moment)


def test_false_nought_and_blank_are_not_empty() -> None:
    account = records.Account("k", "", happens=False, claim="")
    assert to_plain(account) == {"key": "k", "by": "", "happens": False, "claim": "", "settled": False}
    assert to_plain(records.Tally(date(2025, 2, 24), 0, 0, 0)) == {
        "day": "2025-02-24",
        "in_favour": 0,
        "against": 0,
        "abstained": 0,
    }


def test_fields_that_a_later_program_added_are_passed_over() -> None:
    plain: dict[str, Any] = {**to_plain(Place(city="Riyadh")), "floor": 3}
    assert from_plain(Place, plain) == Place(city="Riyadh")


def test_the_early_years_keep_their_width() -> None:
    assert to_plain(Window(date(33, 4, 3), datetime(33, 4, 3, 15, tzinfo=UTC))) == {
        "earliest": "0033-04-03",
        "latest": "0033-04-03T15:00:00Z",
        "precision": "none",
    }


def test_enums_inside_tuples_come_back_as_enums() -> None:
    party = Party("x", "X", PartyKind.BLOC, names=(PartyName("Y"),))
    assert from_plain(Party, to_plain(party)) == party
    side = from_plain(Side, {"party": "us", "level": "deputy"})
    assert side.level is Level.DEPUTY
