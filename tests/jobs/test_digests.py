"""Digests through the sweep: what they say, once for each local day, in threads when they are long."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest

from bot import digests
from bot.digests import digest
from bot.jobs.paging import LINES
from bot.jobs.record import from_text, to_text
from bot.reply import (
    Bars,
    Button,
    Card,
    Facts,
    Link,
    Mention,
    Moment,
    Notes,
    Quotation,
    Reply,
    Strong,
    Table,
    Visibility,
    line,
    plain,
)
from bot.slack.render import render_all
from store import orders, talks
from store.records import Level, Precision, Rhythm, Scope, Side, Status, Talks, Watch, WatchState, Window
from tests.doubles.faults import accept_then_drop, error
from tests.doubles.state import TEAM
from tests.jobs.conftest import NOW, Desk

DAYS = timedelta(days=1)


def test_changes_with_their_reason_next_and_lapsed(desk: Desk) -> None:
    first = desk.talks("first", 3 * DAYS)
    desk.talks("old", timedelta(hours=1))
    desk.talks("undone", 3 * DAYS)
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.save(first, why="the minister fell ill", status=Status.POSTPONED)
    desk.talks("fresh", 5 * DAYS)
    undone = desk.talks("undone", 3 * DAYS, title="Other")
    desk.save(undone, title="Talks undone")
    desk.sweep(hours=26)
    *_, text = desk.texts()
    assert text.startswith("Digest · Tue 25 Feb 2025 · everything")
    assert "Talks first: postponed · the minister fell ill" in text
    assert "Talks fresh: new, planned" in text
    assert "undone: " not in text  # changed and changed back
    assert text.index("Changed") < text.index("Next") < text.index("Lapsed")
    assert "Talks old" in text[text.index("Lapsed"):]  # fmt: skip


def test_one_line_when_nothing_changed_and_each_change_told_once(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.talks("a", 30 * DAYS)
    desk.sweep(hours=2)
    desk.sweep(days=1)
    one, two = desk.texts()
    assert "Talks a: new" in one
    assert two.startswith("Nothing changed since Mon 24 Feb 2025 · everything · next: T-1")
    assert "\n" not in two


def test_a_filter_leaves_the_rest_out(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", about=Scope(parties=("fr",)), leads=())
    desk.talks("a", 30 * DAYS)
    desk.sweep(hours=2)
    assert desk.texts()[0].startswith("Nothing changed · France")


GEORGIA = Scope(parties=("ge",))


def load(desk: Desk, count: int) -> None:
    """Talks of others, all at once, the first of them soon."""
    window = Window(date(2025, 3, 1), date(2025, 3, 1), Precision.DAY)
    with desk.store.write(TEAM, actor="U1", now=desk.now) as session:
        for n in range(count):
            talks.save(session, Talks(f"n{n}", 0, f"Load {n}", Status.PLANNED, (Side("us"), Side("ru")), window))


def said_at(desk: Desk, about: Scope, last: datetime | None = None) -> str:
    """What a digest of everything that was ever recorded says now."""
    with desk.store.read(TEAM) as session:
        upto = orders.last_revision(session)
        made = digest(session, Watch(0, "", "", "UTC", about=about), after=0, upto=upto, last=last, now=desk.now)
    return "\n".join([made.headline, made.aside, *(f"{head}\n{plain(row)}" for head, rows in made.groups for row in rows)])


def posted(desk: Desk) -> list[str]:
    """The digests that went out, without the questions whether talks took place."""
    return [text for text in desk.texts() if text.startswith(("Digest", "Nothing changed"))]


def test_a_load_of_others_neither_hides_nor_counts(desk: Desk) -> None:
    load(desk, 450)
    desk.talks("georgia", 30 * DAYS, sides=(Side("ge", Level.DEPUTY), Side("tr", Level.DEPUTY)))
    for about in (GEORGIA, Scope(levels=(Level.DEPUTY,)), Scope(members=("nato",), levels=(Level.DEPUTY,))):
        text = said_at(desk, about)
        assert "1 changed · 1 ahead · 0 lapsed" in text
        assert "Talks georgia: new, planned" in text
        assert "Georgia – Türkiye" in text[text.index("Next"):]  # fmt: skip
        assert "Load" not in text


def test_what_matched_is_counted_and_what_was_not_looked_at_is_not(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    load(desk, 250)
    text = said_at(desk, Scope(parties=("ru",)))
    assert "250 changed · 200+ ahead · 0 lapsed" in text
    assert "and 130 more changes than a digest can hold" in text
    monkeypatch.setattr(digests, "CHANGES_WEIGHED", 130)
    text = said_at(desk, Scope(parties=("ru",)))
    assert "130+ changed" in text
    assert "More changes were not looked through" in text
    monkeypatch.setattr(digests, "CHANGES_READ", 249)
    assert "249+ changed" in said_at(desk, Scope())
    assert "not all changes looked through" in said_at(desk, GEORGIA)
    monkeypatch.setattr(digests, "CHANGES_READ", 250)
    assert said_at(desk, GEORGIA).startswith("Nothing changed")
    assert "250 changed" in said_at(desk, Scope())


def test_what_lapsed_since_the_last_one_is_news(desk: Desk) -> None:
    desk.talks("older", -3 * DAYS)
    desk.talks("weekend", 0.5 * DAYS)
    last = desk.now
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.sweep(hours=2)
    desk.sweep(days=1)
    desk.sweep(days=1)
    _, lapse, quiet = posted(desk)
    assert not lapse.startswith("Nothing changed")
    assert "0 changed · 0 ahead · 2 lapsed" in lapse
    since = lapse.index("Lapsed since Mon 24 Feb 2025")
    assert since < lapse.index("Talks weekend") < lapse.index("Lapsed before that") < lapse.index("Talks older")
    assert "unsourced" in lapse
    assert quiet.startswith("Nothing changed since Tue 25 Feb 2025 · everything · 2 lapsed")
    desk.now = last + 2 * DAYS
    assert "Lapsed before that" in said_at(desk, Scope(), last=last)


def test_the_first_digest_names_what_lapsed_since_it_was_set(desk: Desk) -> None:
    desk.talks("soon", 0.2 * DAYS)
    desk.watch(rhythm=Rhythm.WEEKLY, weekday=3, at="10:00", leads=())
    desk.sweep(days=3, hours=2)
    (text,) = posted(desk)
    assert "Talks soon" in text[text.index("Lapsed"):]  # fmt: skip


def test_many_lapses_are_cut_with_a_count(desk: Desk) -> None:
    for n in range(23):
        desk.talks(f"n{n}", 0.1 * DAYS)
    last = desk.now
    desk.now += 2 * DAYS
    text = said_at(desk, Scope(), last=last)
    assert text.count("nothing recorded since") == 20
    assert "and 3 more: " in text


def test_a_digest_that_did_not_arrive_is_made_anew_and_covers_what_came_since(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.talks("a", 30 * DAYS)
    desk.sweep()
    desk.slack.fault("chat.postMessage", error("internal_error"), times=1)
    desk.sweep(hours=2)
    desk.talks("b", 30 * DAYS)
    desk.sweep(seconds=61)
    assert "Talks a: new" in desk.texts()[0]
    assert "Talks b: new" in desk.texts()[0]
    desk.sweep(days=1)
    assert desk.texts()[1].startswith("Nothing changed")


def test_a_long_digest_continues_in_its_thread_in_order_and_once(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.sweep()
    for n in range(LINES * 2 + 5):
        desk.talks(f"n{n:03}", 30 * DAYS)
    desk.slack.fault("chat.postMessage", accept_then_drop(), times=2)
    desk.sweep(hours=2)
    for _ in range(4):
        desk.sweep(seconds=61)
    parent, *rest = desk.slack.messages("C0DESK")
    assert len(rest) >= 2
    assert parent.thread_ts is None
    assert all(message.thread_ts == parent.ts for message in rest)
    assert all(count == 1 for count in desk.slack.copies().values())
    told = "\n".join(message.text for message in [parent, *rest])
    assert all(told.count(f"Talks n{n:03}: new") == 1 for n in range(LINES * 2 + 5))
    assert [message.text.split("part ")[1][0] for message in rest] == [str(n + 2) for n in range(len(rest))]


def test_parts_of_a_digest_that_failed_are_dropped(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.sweep()
    for n in range(LINES + 5):
        desk.talks(f"n{n}", 30 * DAYS)
    desk.slack.fault("chat.postMessage", error("invalid_blocks"), channel="C0DESK", times=1)
    desk.sweep(hours=2)
    desk.sweep(seconds=1)
    assert desk.texts() == []
    assert {(post.kind, post.state) for post in desk.posts("digest", "part") if post.due <= desk.now} == {
        ("digest", "failed"), ("part", "dropped")
    }  # fmt: skip
    desk.sweep(days=1)
    assert "Talks n0: new" in desk.texts()[0]  # nothing is skipped because of it


def test_down_for_days_one_late_digest_covers_them_all(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.WEEKDAYS, at="10:00", leads=())
    desk.sweep(hours=2)
    desk.talks("a", 30 * DAYS)
    desk.sweep(days=4)  # Friday, 10:00
    desk.talks("b", 30 * DAYS)
    desk.sweep(days=3, hours=5)  # Monday, 15:00
    texts = desk.texts()
    assert len(texts) == 3
    assert "Talks a: new" in texts[1]
    assert "Late: this was due" in texts[2]
    assert "Talks b: new" in texts[2]


def test_late_digests_of_one_channel_come_as_one_message(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.watch(rhythm=Rhythm.DAILY, at="10:00", about=Scope(parties=("fr",)), leads=())
    desk.sweep()
    desk.talks("a", 30 * DAYS)
    desk.sweep(hours=5)
    (text,) = desk.texts()
    assert text.startswith("Late: 2 digests")
    assert len([post for post in desk.posts("digest") if post.due > desk.now]) == 2
    desk.sweep(hours=21)
    assert len(desk.texts()) == 3
    assert all(text.startswith("Nothing changed since") for text in desk.texts()[1:])


def test_a_paused_watch_is_silent(desk: Desk) -> None:
    made = desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.sweep()
    with desk.store.write(TEAM, actor="U1", now=desk.now) as session:
        orders.save_watch(session, dataclasses.replace(made, state=WatchState.PAUSED))
    desk.sweep(days=3)
    assert desk.texts() == []


def test_replies_come_back_from_the_record_as_they_were() -> None:
    reply = Reply(
        "Headline", "aside",
        parts=(
            line("plain ", Strong("strong"), Link("x", "https://x.example"), Moment(NOW, "UTC"), Mention("U1")),
            Card(line("t"), (line("a"), line("b"))), Facts((("k", line("v")),)), Quotation("w", line("s"), "o"),
            Table(("a",), ((line("1"),),), (0,)), Bars((("a", 1, "w"),)), Notes((line("n"),)),
        ),
        buttons=(Button("B", "/talks next", primary=True),), visibility=Visibility.PUBLIC,
    )  # fmt: skip
    assert from_text(to_text(reply)) == reply
    assert len(render_all(reply)) == 1


def test_never_twice_for_one_local_day_even_if_the_zone_changes(desk: Desk) -> None:
    made = desk.watch(rhythm=Rhythm.DAILY, at="10:00", leads=())
    desk.sweep(hours=2)
    with desk.store.write(TEAM, actor="U1", now=desk.now) as session:
        orders.save_watch(session, dataclasses.replace(made, zone="America/New_York"))
    desk.sweep(hours=12)
    assert len(desk.texts()) == 1
    assert desk.posts("digest")[-1].slot == "2025-02-25"
    assert datetime(2025, 2, 25, 15, tzinfo=UTC) == desk.posts("digest")[-1].due


def test_what_lapsed_before_a_late_digest_went_out_is_named_once(desk: Desk) -> None:
    desk.watch(rhythm=Rhythm.DAILY, at="23:00", leads=())
    desk.talks("t", timedelta(hours=3))
    desk.sweep()
    desk.sweep(hours=15)  # the first digest
    desk.now = desk.now.replace(hour=22) + timedelta(days=1)
    desk.talks("u", timedelta(minutes=30))
    desk.now += timedelta(hours=5)  # down from before the digest until after midnight, when the second talks lapse
    desk.sweep()
    desk.sweep(days=1)
    digests = [text for text in desk.texts() if text.startswith(("Digest", "Nothing"))]
    assert ["Talks u" in text.partition("Lapsed since")[2].partition("Lapsed before")[0] for text in digests] == [
        False,
        True,
        False,
    ]
