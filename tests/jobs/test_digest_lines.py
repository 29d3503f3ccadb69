"""The lines of a digest: rival accounts, replies and drafts are named, each with its day and its source."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

import pytest

from bot.digests import digest
from bot.slack.render import render
from store import drafts, orders, positions, sources, topics
from store.records import (
    Account,
    Alignment,
    AlignmentRole,
    Draft,
    DraftStatus,
    Place,
    PlaceState,
    Position,
    Precision,
    Reply,
    ReplyStance,
    Scope,
    Source,
    Stance,
    Status,
    Tally,
    Topic,
    Vote,
    VoteChoice,
    Watch,
    Window,
)
from tests.doubles.state import TEAM
from tests.jobs.conftest import Desk

DAY = timedelta(days=1)
SAID = date(2025, 2, 22)


@pytest.fixture
def told(desk: Desk) -> Desk:
    """A desk with sources and a topic."""
    with desk.store.write(TEAM, actor="U1", now=desk.now) as session:
        for key in ("TASS", "Politico", "NATO press", "UN News"):
            sources.save(session, Source(key, key))
        topics.save(session, Topic("nato-east", "NATO in Eastern Europe"))
    return desk


def put(desk: Desk, record: Position | Draft, why: str | None = None, **changes: Any) -> Any:
    with desk.store.write(TEAM, actor="U1", now=desk.now, why=why) as session:
        changed = dataclasses.replace(record, **changes)
        return positions.save(session, changed) if isinstance(changed, Position) else drafts.save(session, changed)


def mark(desk: Desk) -> int:
    with desk.store.read(TEAM) as session:
        return orders.last_revision(session)


def line_since(desk: Desk, after: int, about: Scope | None = None) -> str:
    """The one changed line of a digest; empty when nothing changed."""
    watch = Watch(0, "C0DESK", "U1", "UTC", about=about or Scope())
    with desk.store.read(TEAM) as session:
        made = digest(session, watch, after=after, upto=orders.last_revision(session), last=desk.now, now=desk.now)
    text = render(made.reply()).text
    if text.startswith("Nothing changed"):
        return ""
    lines = text.splitlines()
    return next(row for row in lines[lines.index(next(r for r in lines if r.strip("*").startswith("Changed"))) + 1 :] if row)


def test_a_denial_is_named_with_its_own_source(told: Desk) -> None:
    made = told.talks("a", 9 * DAY, sources=("Politico",))
    since = mark(told)
    denial = Account("mfa", "Russian Foreign Ministry", "ru", said_on=SAID, happens=False, sources=("TASS",))
    told.save(made, accounts=(denial,))
    said = line_since(told, since)
    assert "new account: Russian Foreign Ministry denies it (22 Feb) · now disputed" in said
    assert said.endswith("TASS")
    assert "details corrected" not in said


def test_a_rival_window_is_named_but_not_the_records_own_version(told: Desk) -> None:
    window = Window(date(2025, 3, 1), date(2025, 3, 1), Precision.DAY, stated_by="Ryabkov")
    made = told.talks("a", 9 * DAY, window=window, sources=("TASS",))
    since = mark(told)
    other = Window(date(2025, 2, 22), date(2025, 3, 8), Precision.OPEN_WINDOW)
    rival = Account("politico", "Politico", said_on=SAID, window=other, place=Place(PlaceState.REMOTE), sources=("Politico",))
    told.save(made, accounts=(Account("ryabkov", "Ryabkov", window=window), rival))
    said = line_since(told, since)
    assert "new account: by Politico, window Sat 22 Feb – Sat 8 Mar 2025, by phone or online (22 Feb)" in said
    assert "Ryabkov" not in said


def test_many_accounts_and_a_settled_dispute(told: Desk) -> None:
    made = told.talks("a", 9 * DAY)
    since = mark(told)
    some = tuple(Account(f"k{n}", f"Paper {n}", happens=False) for n in range(5))
    disputed = told.save(made, accounts=some, status=Status.CONFIRMED)
    said = line_since(told, since)
    denied = "; ".join(f"Paper {n} denies it (undated)" for n in range(3))
    assert f"confirmed · new accounts: {denied}; and 2 more" in said
    since = mark(told)
    told.save(disputed, accounts=tuple(dataclasses.replace(account, settled=True) for account in some))
    assert "no longer disputed" in line_since(told, since)


def test_replies_and_accounts_of_a_position_are_named(told: Desk) -> None:
    made = put(told, Position("p", 0, "ru", "nato-east", Stance.DEMANDS, "Back to 1997", date(2021, 12, 17), sources=("TASS",)))
    since = mark(told)
    reply = Reply("nato", "nato", ReplyStance.REJECTS, said_on=date(2022, 1, 26), sources=("NATO press",))
    answered = put(told, made, replies=(reply,))
    said = line_since(told, since)
    assert "Russia on NATO in Eastern Europe: NATO rejects (26 Jan 2022) · NATO press" in said
    since = mark(told)
    account = Account("ro", "Romania", "ro", said_on=SAID, happens=True, sources=("Politico",))
    put(told, answered, accounts=(account,))
    assert "new account: Romania affirms it (22 Feb) · Politico" in line_since(told, since)


def test_what_else_was_corrected_is_named(told: Desk) -> None:
    made = told.talks("a", 9 * DAY)
    since = mark(told)
    told.save(made, note="In the palace", sources=("TASS",))
    assert "details corrected: note, sources · TASS" in line_since(told, since)
    stance = put(told, Position("p", 0, "ru", "nato-east", Stance.DEMANDS, "Back to 1997", date(2021, 12, 17)))
    since = mark(told)
    put(told, stance, quote="Назад")
    assert "details corrected: quote (said 17 Dec 2021) · unsourced" in line_since(told, since)


def test_a_draft_has_the_day_of_its_status_and_its_source(told: Desk) -> None:
    made = put(told, Draft("d", 0, "The path to peace", DraftStatus.TABLED, tabled_on=date(2025, 2, 21), sources=("UN News",)))
    assert "new draft, tabled 21 Feb 2025 · UN News" in line_since(told, mark(told) - 1)
    since = mark(told)
    tally = Tally(date(2025, 2, 24), 93, 8, 73)
    adopted = put(told, made, "starter facts", status=DraftStatus.ADOPTED, status_on=date(2025, 2, 24), tally=tally)
    said = "The path to peace: adopted 24 Feb 2025 · 93 for · 8 against · 73 abstained (24 Feb 2025) · starter facts · UN News"
    assert said in line_since(told, since)
    since = mark(told)
    put(told, adopted, alignments=(Alignment(AlignmentRole.ENDORSES, "ru", said_on=SAID, sources=("TASS",)),))
    assert "Russia endorses it (22 Feb 2025) · TASS" in line_since(told, since)


def test_what_has_neither_day_nor_source_says_so(told: Desk) -> None:
    since = mark(told)
    put(told, Draft("d", 0, "A text", DraftStatus.AMENDED))
    assert "new draft, amended, day not on record · unsourced" in line_since(told, since)


def test_a_vote_concerns_those_who_stand_out(told: Desk) -> None:
    made = put(told, Draft("d", 0, "Peace", DraftStatus.TABLED, alignments=(Alignment(AlignmentRole.SPONSOR, "us"),)))
    since = mark(told)
    crowd = ("ad", "al", "am", "at", "au", "ba", "be", "bg", "ca", "ch", "cy", "cz", "de", "dk", "ee", "es", "fi", "fr", "gb",
             "gr", "hr", "ie", "is", "it")  # fmt: skip
    votes = [Vote(code, VoteChoice.FOR) for code in crowd]
    votes += [Vote("ru", VoteChoice.AGAINST), Vote("by", VoteChoice.AGAINST), Vote("ve", VoteChoice.ABSENT)]
    put(told, made, status=DraftStatus.ADOPTED, votes=tuple(votes))
    assert "adopted" in line_since(told, since, Scope(parties=("ru",)))
    assert line_since(told, since, Scope(parties=("fr",))) == ""
    assert line_since(told, since, Scope(parties=("ve",))) == ""
    watch = Watch(0, "C0DESK", "U1", "UTC", but_not=Scope(parties=("ru",)))
    with told.store.read(TEAM) as session:
        made = digest(session, watch, after=since, upto=orders.last_revision(session), last=told.now, now=told.now)
    assert "adopted" in render(made.reply()).text  # who leaves Russia out still hears of what others adopted
