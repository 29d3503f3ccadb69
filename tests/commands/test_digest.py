"""`/digest` and `/talks remind` as people type them, right and wrong, on the starter facts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.commands.base import Request, Role
from bot.commands.registry import Registry
from bot.language import rhythm
from bot.reply import Form, Outcome, Reply
from bot.slack.render import render
from store import posts, talks, watches
from store.database import Store
from store.records import Level, Rhythm, WatchState
from tests.commands.conftest import NOW, Asker


def text(reply: Reply) -> str:
    return render(reply).text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("weekdays 08:30 Europe/Brussels", (Rhythm.WEEKDAYS, None, "08:30", "Europe/Brussels")),
        ("daily 8.30", (Rhythm.DAILY, None, "08:30", None)),
        ("every day at 8:30am europe/brussels", (Rhythm.DAILY, None, "08:30", "Europe/Brussels")),
        ("0830 daily", (Rhythm.DAILY, None, "08:30", None)),
        ("weekly monday 09:00", (Rhythm.WEEKLY, 0, "09:00", None)),
        ("weekly 8:30pm Friday new york", (Rhythm.WEEKLY, 4, "20:30", "America/New_York")),
        ("every tuesday noon CET", (Rhythm.WEEKLY, 1, "12:00", "Europe/Brussels")),
        ("Sundays midnight UTC", (Rhythm.WEEKLY, 6, "00:00", "UTC")),
        ("12am daily", (Rhythm.DAILY, None, "00:00", None)),
        ("weekly 09:00", (Rhythm.WEEKLY, None, "09:00", None)),
    ],
)
def test_when_a_digest_speaks(words: str, expected: tuple[object, ...]) -> None:
    told = rhythm.read(words)
    assert (told.rhythm, told.weekday, told.at, told.zone) == expected
    assert told.rest == ""


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("daily 25:00", "“25:00” is not a time of day"),
        ("daily 24:00", "Midnight is 00:00"),
        ("daily 13pm", "hours go from 1 to 12"),
        ("daily at 8", "in the morning or in the evening?"),
        ("daily 08:30 Europe/Brusels", "Europe/Brussels"),
        ("daily 08:30 IST", "Asia/Kolkata or Asia/Jerusalem"),
        ("weekly 09:00", "Weekly on which day?"),
        ("08:30", "How often?"),
        ("sometimes", "I did not understand “sometimes”"),
        ("daily 08:30 about rusia", "Did you mean Russia?"),
        ("daily 08:30 about xyzzy", "I did not understand “xyzzy”"),
        ("daily 08:30 about members:france", "France has no members on record"),
        ("daily 08:30 about russia in March", "cannot be narrowed by dates"),
        ("daily 08:30 about T-2", "cannot be narrowed by dates, statuses or numbers"),
    ],
)
def test_what_cannot_be_is_explained_and_nothing_is_set(ask: Asker, store: Store, line: str, says: str) -> None:
    reply = ask(f"/digest {line}")
    assert says in text(reply)
    assert reply.outcome is Outcome.NOT_UNDERSTOOD
    with store.read("local") as session:
        assert watches.of_channel(session, "C1") == []


def test_a_digest_is_set_with_its_filter(ask: Asker, store: Store) -> None:
    said = text(
        ask("/digest weekdays 08:30 about russia, members:nato, deputy level, in saudi arabia, not turkey", zone="Asia/Tokyo")
    )
    assert "invite me" in said
    with store.read("local") as session:
        (watch,) = watches.of_channel(session, "C1")
    assert (watch.zone, watch.rhythm, watch.at) == ("Asia/Tokyo", Rhythm.WEEKDAYS, "08:30")
    assert (watch.about.parties, watch.about.members, watch.about.levels) == (("ru",), ("nato",), (Level.DEPUTY,))
    assert watch.about.countries == ("sa",)
    assert watch.but_not.parties == ("tr",)


def test_the_same_digest_is_not_set_twice(ask: Asker) -> None:
    ask("/digest daily 08:30 about russia")
    assert "already does that" in text(ask("/digest daily 08:30 about russia"))
    assert "1 in all" in text(ask("/digest list"))


def test_a_time_that_clocks_skip_is_told(ask: Asker) -> None:
    assert "Sun 30 Mar 2025" in text(ask("/digest daily 02:30 Brussels"))
    assert "it comes at 03:30" in text(ask("/digest daily 02:30 Brussels about russia"))


def test_a_digest_about_nothing_on_record_says_so(ask: Asker) -> None:
    assert "Nothing ahead on record is about that yet" in text(ask("/digest daily 08:30 about fiji"))
    assert "Nothing ahead" not in text(ask("/digest daily 08:30 about russia"))


def test_pause_resume_and_off(ask: Asker, store: Store) -> None:
    ask("/digest daily 08:30")
    ask("/digest daily 09:30")
    assert ask("/digest pause").outcome is Outcome.NOT_UNDERSTOOD
    assert "W-2 paused" in text(ask("/digest pause W-2"))
    assert "ended" in text(ask("/digest off 1"))
    assert "There is no digest W-1" in text(ask("/digest resume W-1"))
    assert "resumed" in text(ask("/digest resume"))
    with store.read("local") as session:
        assert [(w.number, w.state) for w in watches.of_channel(session, "C1")] == [(2, WatchState.ACTIVE)]


def test_preview_posts_nothing(ask: Asker, store: Store) -> None:
    assert "nothing was posted or set" in text(ask("/digest preview russia, nato"))
    ask("/digest daily 08:30")
    assert "A preview of W-1" in text(ask("/digest preview"))
    with store.read("local") as session:
        assert posts.last_digest(session, "W-1") is None


def test_a_hundred_digests_in_one_channel(ask: Asker) -> None:
    for n in range(100):
        ask(f"/digest daily {n // 60 + 8:02}:{n % 60:02}")
    reply = ask("/digest list page 13")
    assert "100 in all" in text(reply)
    assert "More" not in [button.label for button in reply.buttons]
    assert "No more" in text(ask("/digest list page 14"))


def test_reminders_without_a_digest(ask: Asker, store: Store) -> None:
    assert ask("/talks remind").outcome is Outcome.NOT_UNDERSTOOD
    assert "7 days, 1 day and 2 hours before" in text(ask("/talks remind 2h, 7d and 1 day"))
    with store.read("local") as session:
        (watch,) = watches.of_channel(session, "C1")
        assert watch.rhythm is Rhythm.NONE
    ask("/digest daily 08:30")
    assert "1 in all" in text(ask("/digest list"))


@pytest.mark.parametrize("words", ["foo", "0d", "7d foo", "9999d", "1d 2d 3d 4d 5d 6d 7d 8d 9d"])
def test_lead_times_that_are_none(ask: Asker, words: str) -> None:
    assert ask(f"/talks remind {words}").outcome is Outcome.NOT_UNDERSTOOD


def test_lead_times_of_one_talks_say_what_is_left_out(ask: Asker) -> None:
    said = text(ask("/talks remind T-4 60d, 1d"))
    assert "Longer than the window, so left out: 60d" in said
    said = text(ask("/talks remind T-4 3d", now=NOW + timedelta(days=13)))
    assert "Already past, so left out: 3d" in said
    assert "there is nothing ahead" in text(ask("/talks remind T-2 3d"))
    assert "There is no T-99" in text(ask("/talks remind T-99 3d"))


def test_the_list_of_what_is_owed(ask: Asker) -> None:
    ask("/digest daily 08:30 about russia")
    said = text(ask("/talks reminders"))
    assert "window closes · United States – Russia" in said
    assert "W-1" in said
    assert "T-4 is muted" in text(ask("/talks mute T-4"))
    assert "Muted here: T-4" in text(ask("/talks reminders"))
    ask("/talks unmute T-4")
    assert "Muted" not in text(ask("/talks reminders"))


def test_what_failed_is_listed_with_its_reason(ask: Asker, store: Store) -> None:
    assert "was delivered" in text(ask("/talks reminders failed"))
    ask("/digest daily 08:30 about russia")
    with store.write("local", actor="test", now=NOW) as session:
        session.execute("UPDATE post SET state = 'failed', reason = 'invalid_blocks' WHERE kind = 'digest'")
    assert "failed: invalid_blocks" in text(ask("/talks reminders failed"))
    assert "What failed" in [button.label for button in ask("/talks reminders").buttons]


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("1h", NOW + timedelta(hours=1)),
        ("in 2 hours", NOW + timedelta(hours=2)),
        ("tomorrow", datetime(2025, 2, 23, 9, tzinfo=UTC)),
        ("2d", datetime(2025, 2, 24, 9, tzinfo=UTC)),
        ("3 March", datetime(2025, 3, 3, 9, tzinfo=UTC)),
    ],
)
def test_snooze(ask: Asker, store: Store, words: str, due: datetime) -> None:
    assert "again" in text(ask(f"/talks snooze T-4 {words}"))
    with store.read("local") as session:
        assert [post.due for post in posts.owed_to(session, "C1") if post.slot.startswith("snooze@")] == [due]


@pytest.mark.parametrize("words", ["yesterday", "blah", "1 January 2030"])
def test_snoozes_that_lead_nowhere(ask: Asker, words: str) -> None:
    assert ask(f"/talks snooze T-4 {words}").outcome is Outcome.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("/talks mute T-4 for a week", "for a week"),
        ("/talks unmute T-4 blah", "blah"),
        ("/talks nonews T-4 ask me friday", "ask me friday"),
        ("/talks reminders nonsense", "nonsense"),
        ("/talks snooze T-4 monday 10:00 blah", "blah"),
        ("/talks snooze T-4 1h 14:00", "1h"),
    ],
)
def test_words_left_over_are_named_and_nothing_is_set(ask: Asker, store: Store, line: str, left: str) -> None:
    answer = ask(line)
    assert answer.outcome is Outcome.NOT_UNDERSTOOD
    assert left in text(answer)
    with store.read("local") as session:
        assert posts.owed_to(session, "C1") == []
        assert watches.reminds_in(session, "C1") == {}


def test_snooze_days_and_a_time(ask: Asker, store: Store) -> None:
    ask("/talks snooze T-4 3d 14:00")
    with store.read("local") as session:
        assert [post.due for post in posts.owed_to(session, "C1")] == [datetime(2025, 2, 25, 14, tzinfo=UTC)]


def test_unmuting_where_nothing_is_set_says_so(ask: Asker) -> None:
    assert "no reminders are set in this channel" in text(ask("/talks unmute T-4"))


def test_snooze_to_a_day_of_choice(registry: Registry, store: Store) -> None:
    form = registry.answer(Request("local", "U1", "C1", "/talks snooze T-4", NOW, may=Role.MEMBER))
    assert isinstance(form, Form)
    wrong = registry.answer(Request("local", "U1", "C1", form.command, NOW, may=Role.MEMBER, values={"day": "2025-02-01"}))
    assert isinstance(wrong, Form)
    assert wrong.fields[0].error
    done = registry.answer(Request("local", "U1", "C1", form.command, NOW, may=Role.MEMBER, values={"day": "2025-03-01"}))
    assert isinstance(done, Reply)
    with store.read("local") as session:
        assert posts.owed_to(session, "C1")[0].due == datetime(2025, 3, 1, 9, tzinfo=UTC)


def test_no_news_yet(ask: Asker, store: Store) -> None:
    assert "I ask again" in text(ask("/talks nonews T-4"))
    with store.read("local") as session:
        assert posts.owed_to(session, "C1")[0].slot.startswith("again@")
        assert talks.get(session, 4).status.is_ahead


@pytest.mark.parametrize("role", [Role.GUEST, Role.FOREIGN, Role.UNKNOWN])
@pytest.mark.parametrize(
    "line", ["/digest daily 08:30", "/digest off", "/talks remind 1d", "/talks mute T-4", "/talks snooze T-4 1h"]
)
def test_only_members_set_what_a_channel_is_told(registry: Registry, store: Store, role: Role, line: str) -> None:
    assert registry.writes(line)
    reply = registry.answer(Request("local", "U1", "C1", line, NOW, may=role))
    assert isinstance(reply, Reply)
    assert reply.outcome is Outcome.NOT_UNDERSTOOD
    with store.read("local") as session:
        assert posts.count_owed(session, "C1") == 0


def test_a_digest_about_something_leaves_reminders_of_everything_as_they_are(ask: Asker, store: Store) -> None:
    ask("/talks remind 7d, 1d")
    with store.read("local") as session:
        before = posts.count_owed(session, "C1")
    ask("/digest daily 08:30 about ukraine")
    with store.read("local") as session:
        assert [w.rhythm for w in watches.of_channel(session, "C1")] == [Rhythm.NONE, Rhythm.DAILY]
        assert posts.count_owed(session, "C1") == before + 1
    ask("/digest daily 09:00")
    with store.read("local") as session:
        assert [w.rhythm for w in watches.of_channel(session, "C1")] == [Rhythm.DAILY, Rhythm.DAILY]


def test_a_filter_that_leaves_out_all_it_names_is_refused(ask: Asker, store: Store) -> None:
    answer = ask("/digest weekdays 08:30 about members:nato, not members:nato")
    assert answer.outcome is Outcome.NOT_UNDERSTOOD
    assert "leaves out all that it names" in text(answer)
    with store.read("local") as session:
        assert watches.of_channel(session, "C1") == []
