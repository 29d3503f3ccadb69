"""Replies as Block Kit: what a card looks like, and that no text whatever gets anything past Slack or into people's ears."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reply import (
    Bars,
    Button,
    Card,
    Facts,
    Heading,
    Link,
    Marked,
    Mention,
    Moment,
    Notes,
    Quiet,
    Quotation,
    Reply,
    Strong,
    Table,
    Visibility,
    line,
)
from bot.slack import escape
from bot.slack.render import MORE, Message, plain_text, render, render_all
from tests.doubles.blocks import check_message_blocks
from tests.doubles.state import State
from tests.doubles.texts import inspect

MEETING = datetime(2025, 3, 18, 9, 0, tzinfo=UTC)

NEXT = Reply(
    "Next talks",
    aside="2 planned · 2 mooted · 0 lapsed",
    parts=(
        Card(
            line(Strong("T-3"), "  United States – Russia · consultations of departmental directors"),
            (
                line("now – Sat 8 Mar 2025  ", Quiet("(“within the next two weeks”, Ryabkov, 22 Feb)")),
                line("third country, not named · director level · planned"),
            ),
        ),
        Card(line(Strong("T-4"), "  United States – Russia · second round, deputy level"), (line("after T-3"),)),
        Notes((line("Source: ", Link("uawire.org", "https://www.uawire.org/x_y?a=1&b=2"), ", 22 Feb 2025"),)),
    ),
    buttons=(Button("Show T-3", "/talks show T-3", primary=True), Button("More", "/talks next page 2")),
    share="/talks next",
)


def sound(message: Message) -> Message:
    """Slack takes it, nobody is notified, and the fallback says something."""
    state = State()
    check_message_blocks(message.blocks, posted=True)
    inspect(state, message.text, message.blocks, "test")
    assert state.complaints == []
    assert state.broadcasts == []
    assert state.mentions == []
    assert message.text.strip()
    assert escape.units(message.text) <= 4000
    return message


def strings(value: Any, key: str = "text") -> Iterator[str]:
    """Every text in the blocks, in order."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name == key and isinstance(item, str):
                yield item
            else:
                yield from strings(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item, key)


def kinds(message: Message) -> list[str]:
    return [block["type"] for block in message.blocks]


# What it looks like.


def test_a_card_is_a_headline_small_print_cards_and_buttons() -> None:
    message = sound(render(NEXT))
    assert kinds(message) == ["header", "context", "rich_text", "rich_text", "context", "actions"]
    assert message.text.split("\n")[:4] == [
        "Next talks",
        "2 planned · 2 mooted · 0 lapsed",
        "T-3  United States – Russia · consultations of departmental directors",
        "now – Sat 8 Mar 2025  (“within the next two weeks”, Ryabkov, 22 Feb)",
    ]
    bold, rest, quiet, _ = message.blocks[2]["elements"][0]["elements"]
    assert (bold["text"], bold["style"]) == ("T-3", {"bold": True})
    assert rest["text"].startswith("  United States") and "style" not in rest  # noqa: PT018
    assert quiet["style"] == {"italic": True}


def test_buttons_carry_their_command_lines_and_sharing_comes_last() -> None:
    buttons = render(NEXT).blocks[-1]["elements"]
    assert [(b["action_id"], b["value"]) for b in buttons] == [
        ("run:0", "/talks show T-3"),
        ("page:1", "/talks next page 2"),
        ("share", "/talks next"),
    ]
    assert buttons[0]["style"] == "primary"
    assert buttons[-1]["text"]["text"] == "Share in channel"


def test_a_button_can_ask_first_and_can_replace_its_card() -> None:
    buttons = (Button("Cancel", "/talks cancel T-3", danger=True, confirm="Cancel T-3?"), Button("Sort", "/x", replaces=True))
    first, second = sound(render(Reply("x", buttons=buttons))).blocks[-1]["elements"]
    assert (first["style"], first["confirm"]["text"]["text"]) == ("danger", "Cancel T-3?")
    assert second["action_id"] == "page:1"


def test_private_and_public() -> None:
    assert render(NEXT).body()["response_type"] == "ephemeral"
    assert render(dataclasses.replace(NEXT, visibility=Visibility.PUBLIC)).body()["response_type"] == "in_channel"
    assert render(NEXT).body()["unfurl_links"] is False


def test_a_clock_time_is_each_readers_own_with_a_fallback_that_names_the_zone() -> None:
    moment = Moment(MEETING, "Europe/Zurich")
    message = sound(render(Reply("x", parts=(line("opens ", moment), Notes((line("opens ", moment),))))))
    date = message.blocks[1]["elements"][0]["elements"][1]
    fallback = "Tue 18 Mar 2025, 10:00 (Europe/Zurich)"
    assert date == {"type": "date", "timestamp": 1742288400, "format": "{date_short_pretty} {time}", "fallback": fallback}
    assert f"<!date^1742288400^{{date_short_pretty}} {{time}}|{fallback}>" in str(message.blocks[2])
    assert message.text.count(fallback) == 2
    assert "05:00 (America/New_York)" in render(Reply("x", parts=(line(moment),)), zone="America/New_York").text


def test_a_clock_time_out_of_slacks_range_is_written_out() -> None:
    message = sound(render(Reply("x", parts=(line(Moment(datetime(1815, 6, 9, 12, tzinfo=UTC))),))))
    assert "Fri 9 Jun 1815, 12:00 (UTC)" in list(strings(message.blocks))


def test_a_person_is_named_and_not_notified() -> None:
    reply = Reply("x", parts=(line("by ", Mention("U0EDITOR")), Notes((line(Mention("U0EDITOR")),))))
    assert "by @Ingrid & Co" in list(strings(sound(render(reply, name=lambda user: "Ingrid & Co")).blocks))
    assert "@U0EDITOR" in sound(render(reply)).text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x", "https://", "http://a b", "https://x/\n", None, "https://x|y>z", ""]
)
def test_only_the_web_is_linked(url: str | None) -> None:
    message = sound(render(Reply("x", parts=(line(Link("the source", url)), Notes((line(Link("the source", url)),))))))
    assert "link" not in str(message.blocks)
    assert message.text == "x\nthe source\nthe source"


def test_a_link_keeps_its_address_and_its_label() -> None:
    url, label = "https://example.org/a?b=1&c=<x>|y", "A & <B> *c* | d"
    message = sound(render(Reply("x", parts=(line(Link(label, url)), Notes((line(Link(label, url)),))))))
    assert message.blocks[1]["elements"][0]["elements"][0] == {
        "type": "link",
        "url": "https://example.org/a?b=1&c=%3Cx%3E%7Cy",
        "text": label,
    }
    assert "<https://example.org/a?b=1&amp;c=%3Cx%3E%7Cy|A &amp; &lt;B&gt;" in message.blocks[2]["elements"][0]["text"]


def test_a_quotation_is_set_apart_with_who_said_it() -> None:
    part = Quotation("We *demand* it", line("Lavrov, 18 Feb 2025"), "Мы требуем")
    message = sound(render(Reply("x", parts=(part,))))
    assert [b["elements"][0]["type"] for b in message.blocks[1:3]] == ["rich_text_quote", "rich_text_quote"]
    assert message.text == "x\n“We *demand* it”\n“Мы требуем”\n— Lavrov, 18 Feb 2025"


def test_facts_are_labelled_lines() -> None:
    message = sound(render(Reply("x", parts=(Facts((("Where", line("third country")), ("Level", line("deputy")))),))))
    assert message.text == "x\nWhere  third country\nLevel  deputy"


def test_bars_line_up_by_the_width_of_their_labels() -> None:
    rows = (
        ("Turkey", 40, "40 trips"),
        ("日本", 20, ""),
        ("Côte d’Ivoire", 0, "none"),
        ("A very long name of a country", 1, ""),
    )
    message = sound(render(Reply("x", parts=(Bars(rows),))))
    shown = message.blocks[1]["elements"][0]["elements"][0]["text"].split("\n")
    assert shown[0] == f"{'Turkey':24} {'█' * 16} 40 trips"
    assert shown[1] == f"日本{' ' * 20} {'█' * 8}{' ' * 8} 20"
    assert shown[3].startswith("A very long name of a c… ▌")
    assert message.text.split("\n")[1:3] == ["Turkey: 40 trips", "日本: 20"]


def test_a_table_is_a_table_and_the_next_one_comes_in_the_next_message() -> None:
    table = Table(("Country", "Trips"), tuple((line(f"C{n}"), line(str(n))) for n in range(120)), right=(1,))
    reply = Reply("x", parts=(table, line("after")))
    messages = [sound(message) for message in render_all(reply)]
    assert [kinds(m).count("table") for m in messages] == [1, 1]
    rows = [row for m in messages for b in m.blocks if b["type"] == "table" for row in b["rows"]]
    assert [row[0]["text"] for row in rows if row[0]["text"] != "Country"] == [f"C{n}" for n in range(120)]
    assert messages[0].blocks[1]["column_settings"] == [{"is_wrapped": True}, {"align": "right"}]
    assert "There is more than fits here" in sound(render(reply)).text


def test_lines_that_are_quiet_throughout_are_small_print() -> None:
    message = render(Reply("x", parts=(Card(line("T-1"), (line(Quiet("unsourced")), line("and on"))),)))
    assert kinds(message) == ["header", "rich_text", "context", "rich_text"]


def test_headings_loose_lines_and_search_words() -> None:
    message = sound(render(Reply("x", parts=(line("one"), line("two ", Marked("hit")), Heading("Later")))))
    assert kinds(message) == ["header", "rich_text", "rich_text"]
    assert message.text == "x\none\ntwo hit\nLater"


# Long things.


def test_a_headline_too_long_for_a_header_is_a_bold_line() -> None:
    message = sound(render(Reply("word " * 60)))
    assert kinds(message) == ["rich_text"]
    assert "word " * 59 in message.text


def test_a_long_answer_continues_in_further_messages_without_loss() -> None:
    parts = tuple(Card(line(Strong(f"T-{n}"), " talks"), (line("some words " * 8),)) for n in range(90))
    messages = [sound(m) for m in render_all(dataclasses.replace(NEXT, parts=parts))]
    assert len(messages) > 1
    assert re.findall(r"T-\d+", "\n".join(m.text for m in messages)) == [f"T-{n}" for n in range(90)]
    assert ["actions" in kinds(m) for m in messages] == [True] + [False] * (len(messages) - 1)


def test_a_long_card_begins_where_there_is_room_and_goes_on_at_the_end_of_a_line() -> None:
    rows = tuple(line("• ", Strong(f"row {n}"), " word" * 20, Link(" site", "https://example.org")) for n in range(20))
    messages = render_all(Reply("Head", parts=(Card(line("First"), rows), Card(line("Second"), rows))))
    assert len(messages) == 2
    assert len(messages[0].text) > 3000
    assert "Second\n• row 0 word" in messages[0].text
    assert "\n".join(message.text for message in messages) == plain_text(
        Reply("Head", parts=(Card(line("First"), rows), Card(line("Second"), rows)))
    )
    for message in messages:
        check_message_blocks(message.blocks, posted=True)
    leaves = [
        leaf for message in messages for block in message.blocks for leaf in block.get("elements", [{}])[0].get("elements", ())
    ]
    assert sum(leaf["type"] == "link" for leaf in leaves) == 40
    assert not any(leaf["text"].startswith("\n") for leaf in messages[1].blocks[0]["elements"][0]["elements"][:1])


def test_a_heading_goes_with_what_it_is_over() -> None:
    long = line("word " * 500)
    first, second = render_all(Reply("Head", parts=(long, Heading("Over it"), Card(line("Card"), (long, long)))))[:2]
    assert "Over it" not in first.text
    assert second.text.startswith("Over it\nCard")


def test_a_reply_in_so_many_messages_at_most() -> None:
    reply = Reply("Head", parts=tuple(line("word " * 500) for _ in range(9)))
    assert [MORE in message.text for message in render_all(reply, most=3)] == [False, False, True]
    assert len(render_all(reply)) > 3


def test_40000_characters_are_cut_into_messages_or_said_to_be_more() -> None:
    reply = Reply("x", parts=(line("wörds & <more> 😀 " * 2500),))
    messages = [sound(m) for m in render_all(reply)]
    assert "".join("".join(strings(m.blocks)) for m in messages) == "x" + "wörds & <more> 😀 " * 2500
    assert "There is more than fits here" in sound(render(reply)).text
    assert plain_text(reply).endswith("wörds & <more> 😀 ")


def test_too_many_buttons_and_too_long_commands_are_said_and_not_dropped() -> None:
    buttons = tuple(Button(f"B{n}", f"/x {n}") for n in range(60))
    message = sound(render(Reply("x", buttons=(*buttons, Button("Long", "/x" * 2000)), share="/x")))
    assert [len(b["elements"]) for b in message.blocks if b["type"] == "actions"] == [25, 25, 11]
    assert "A button is missing here" in message.text


def test_an_empty_answer_still_says_something() -> None:
    assert sound(render(Reply(""))).text == "There is nothing to show."


def test_the_fallback_keeps_to_its_limit_with_every_note_there_is() -> None:
    buttons = (Button("Long", "/x" * 2000),)
    for filler in ("😀 ", "& ", "word ", "é"):
        message = sound(render(Reply("x", parts=(line(filler * 9000),), buttons=buttons)))
        assert "There is more" in message.text
        assert "A button is missing" in message.text


# Escaping.


@pytest.mark.parametrize(
    "sign", ["*bold*", "_it_", "~no~", "`code`", "```block```", ":smile:", "> quote", "@here", "@channel", "<!here>"]
)
def test_a_quoted_sign_formats_nothing_anywhere(sign: str) -> None:
    link = Link("x", "https://example.org")
    message = sound(
        render(Reply(sign, aside=sign, parts=(line(sign), Notes((line(sign, link),)), Facts(((sign, line(sign)),)))))
    )
    assert (
        "".join(strings(message.blocks)).replace("\u200b", "").count(escape.entities(sign)) + str(message.blocks).count(sign)
        >= 4
    )
    mrkdwn = next(b["elements"][0] for b in message.blocks if b["type"] == "context" and b["elements"][0]["type"] == "mrkdwn")
    assert mrkdwn["verbatim"] is True
    shown = mrkdwn["text"].split("<https")[0]
    assert not re.search(r"(?:^|\s)[*_~`](?=\S)|:\w+:|@(?:here|channel)|^&gt;", shown)


def test_right_to_left_text_does_not_turn_what_stands_around_it() -> None:
    assert escape.clean("مرحبا 12") == "\u2068مرحبا 12\u2069"
    assert escape.clean("a \u202eb\u2069 c") == "a b c"
    assert escape.clean("left\nعربي") == "left\n\u2068عربي\u2069"
    message = sound(render(Reply("x", parts=(Card(line("عربي", " – ", "Russia"), (line("\u202eTop"),)),))))
    assert message.text == "x\n\u2068عربي\u2069 – Russia\nTop"


def test_control_characters_and_halves_of_characters_go() -> None:
    assert escape.clean("a\x00b\x1b[31mc\ud800d\te\u2028f") == "ab[31mc\ufffdd e\nf"


def test_nothing_is_cut_in_the_middle_of_a_sign() -> None:
    assert escape.cut("ab👩‍👩‍👧", 6) == "ab…"
    assert escape.cut("e\u0301" * 5, 4) == "e\u0301…"
    assert "".join(escape.pieces("ab " * 5000, 100)) == "ab " * 5000


# Whatever it is.

NASTY = [
    "<!channel>", "<!here|x>", "<@U0EDITOR>", "<#C0DESK>", "<!subteam^S1>", "<https://x|y>", "&amp;", "& <", "@here", "`*_~",
    "\n> x", " ", "\u200b", "\u202e", "مرحبا", "😀" * 40, "x" * 3100, "&" * 1500, "<" * 5000, "* " * 700, "a\x00\ud800",
    "\n" * 50,
]  # fmt: skip
WORDS = st.text(max_size=60) | st.sampled_from(NASTY)
SPANS = st.one_of(
    WORDS,
    st.builds(Strong, WORDS),
    st.builds(Quiet, WORDS),
    st.builds(Marked, WORDS),
    st.builds(Link, WORDS, st.none() | WORDS | WORDS.map(lambda w: f"https://example.org/{w}")),
    st.builds(Moment, st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))),  # noqa: DTZ001
    st.builds(Mention, WORDS),
)
LINES = st.lists(SPANS, max_size=4).map(tuple)
SEVERAL = st.lists(LINES, max_size=4).map(tuple)
PARTS = st.one_of(
    LINES,
    st.builds(Card, LINES, SEVERAL),
    st.builds(Facts, st.lists(st.tuples(WORDS, LINES), max_size=4).map(tuple)),
    st.builds(Quotation, WORDS, LINES, st.none() | WORDS),
    st.builds(Bars, st.lists(st.tuples(WORDS, st.integers(-5, 10**9), WORDS), max_size=5).map(tuple)),
    st.builds(Notes, SEVERAL),
    st.builds(Heading, WORDS),
    st.integers(0, 25).flatmap(
        lambda n: st.builds(
            Table,
            st.lists(WORDS, min_size=n, max_size=n).map(tuple),
            st.lists(st.lists(LINES, max_size=n + 1).map(tuple), max_size=3).map(tuple),
            st.just((0,)),
        )
    ),
)
BUTTONS = st.builds(Button, WORDS, WORDS, st.booleans(), st.booleans(), st.none() | WORDS, st.booleans())
REPLIES = st.builds(
    Reply,
    WORDS,
    WORDS,
    st.lists(PARTS, max_size=5).map(tuple),
    st.lists(BUTTONS, max_size=4).map(tuple),
    st.none() | WORDS,
)


@given(REPLIES)
@settings(max_examples=250, deadline=None)
def test_any_reply_is_one_that_slack_takes_and_rings_no_bell(reply: Reply) -> None:
    sound(render(reply))
    for message in render_all(reply, name=lambda user: user, zone="Asia/Kolkata"):
        sound(message)
        assert "\x00" not in message.text + str(message.blocks)


@given(WORDS)
@settings(max_examples=200)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = escape.clean(text)
    assert escape.clean(once).replace("\u2068", "").replace("\u2069", "") == once.replace("\u2068", "").replace("\u2069", "")
    assert "".join(escape.pieces(once, 50)) == once
    assert escape.units(escape.cut(once, 20)) <= 20
