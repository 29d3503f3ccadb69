"""Levels, statuses, places, formats, stances and record numbers in what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import words
from bot.language.words import Ref
from store.records import Level, PlaceState, ReplyStance, Stance, Status


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("leaders", Level.LEADER), ("leaders' summit", Level.LEADER), ("summit", Level.LEADER),
        ("heads of state", Level.LEADER), ("Head-of-state level", Level.LEADER), ("at the highest level", Level.LEADER),
        ("foreign ministers", Level.MINISTER), ("ministerial", Level.MINISTER), ("foreign minister's", Level.MINISTER),
        ("FM level", Level.MINISTER), ("secretary of state", Level.MINISTER), ("minister level", Level.MINISTER),
        ("deputies", Level.DEPUTY), ("deputy-level", Level.DEPUTY), ("deputy foreign ministers", Level.DEPUTY),
        ("envoys", Level.DEPUTY), ("national security advisers", Level.DEPUTY), ("special envoy", Level.DEPUTY),
        ("directors", Level.DIRECTOR), ("departmental directors", Level.DIRECTOR), ("ambassador-level", Level.DIRECTOR),
        ("heads of department", Level.DIRECTOR), ("working level", Level.WORKING), ("working-level", Level.WORKING),
        ("experts", Level.WORKING), ("level unknown", Level.UNSTATED),
    ],
)  # fmt: skip
def test_levels(text: str, level: Level) -> None:
    assert [found.value for found in words.levels(f"us {text} russia")] == [level]
    assert words.statuses(text) == []


@pytest.mark.parametrize("text", ["on top of it", "the highest bid", "FM broadcasts", "administer", "summitry"])
def test_no_level(text: str) -> None:
    assert words.levels(text) == []


@pytest.mark.parametrize(
    ("text", "status"),
    [("mooted", Status.MOOTED), ("Planned", Status.PLANNED), ("confirmed", Status.CONFIRMED), ("held", Status.HELD),
     ("postponed", Status.POSTPONED), ("put off", Status.POSTPONED), ("called off", Status.CANCELLED),
     ("canceled", Status.CANCELLED)],
)  # fmt: skip
def test_statuses(text: str, status: Status) -> None:
    assert [found.value for found in words.statuses(f"us {text} russia")] == [status]


@pytest.mark.parametrize(
    ("text", "state"),
    [("third country", PlaceState.THIRD_COUNTRY), ("in a third country", PlaceState.THIRD_COUNTRY),
     ("undisclosed location", PlaceState.UNDISCLOSED), ("online", PlaceState.REMOTE), ("by phone", PlaceState.REMOTE),
     ("video call", PlaceState.REMOTE), ("by video-link", PlaceState.REMOTE), ("venue disputed", PlaceState.CONTESTED),
     ("no place", PlaceState.UNSTATED)],
)  # fmt: skip
def test_place_states(text: str, state: PlaceState) -> None:
    assert [found.value for found in words.place_states(f"us {text} russia")] == [state]


def test_formats_and_stances() -> None:
    assert [f.value for f in words.formats("trilateral consultations, then shuttle diplomacy")] == [
        "trilateral",
        "consultations",
        "indirect",
    ]
    text = "Russia demands; NATO rejects; Kyiv supports, Rome declined to comment on condition that Paris agreed to it"
    assert [f.value for f in words.stances(text)] == [
        Stance.DEMANDS,
        ReplyStance.REJECTS,
        Stance.SUPPORTS,
        Stance.DECLINES,
        Stance.CONDITIONAL,
        ReplyStance.ENDORSES,
    ]


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("T-12", [Ref("T", 12)]),
        ("show t12 and P-7, D-3", [Ref("T", 12), Ref("P", 7), Ref("D", 3)]),
        ("p-5", [Ref("P", 5)]),
        ("P5", []),
        ("P5+1", []),
        ("COVID-19 AT-4 T-4x t-", []),
        ("T–3", [Ref("T", 3)]),
    ],
)
def test_refs(text: str, refs: list[Ref]) -> None:
    assert [found.value for found in words.refs(text)] == refs


def test_a_ref_has_a_label() -> None:
    assert words.refs("t12")[0].value.label == "T-12"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("US-Russia", ["us", "russia"]),
        ("U.S.–Russia", ["us", "russia"]),
        ("Russia’s", ["russias"]),
        ("Côte d'Ivoire", ["cote", "divoire"]),
        (":flag-ru: 🇺🇦:us:", ["flag ru", "🇺🇦", "flag us"]),
        ("OPEC+ & co", ["opec", "plus", "and", "co"]),
        ("e\u0301lyse\u0301e", ["elysee"]),
        ("«» “—” !?", []),
        ("😀", ["😀"]),
    ],
)
def test_tokens(text: str, folded: list[str]) -> None:
    assert [token.folded for token in words.tokens(text)] == folded


def test_near_misses() -> None:
    assert words.suggest("ministrs")[0] == "ministers"
    assert words.suggest("xyzzy") == []
    assert words.suggest("ab") == []


@given(st.text(max_size=200))
def test_any_text_is_read_and_spans_lie_inside(text: str) -> None:
    everything = (words.read(text), words.formats(text), words.stances(text), words.refs(text), words.tokens(text))
    spans = [(found.start, found.end) for each in everything for found in each]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    previous = 0
    for token in words.tokens(text):
        assert token.start >= previous
        assert token.text == text[token.start : token.end]
        assert token.folded
        previous = token.end
