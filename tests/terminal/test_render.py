"""Block Kit on a terminal: what Slack gets is what stands there, and nothing in it can drive the screen."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reply import (
    Bars,
    Button,
    Card,
    Facts,
    Field,
    FieldKind,
    Form,
    Heading,
    Link,
    Mention,
    Moment,
    Notes,
    Option,
    Quiet,
    Quotation,
    Reply,
    Strong,
    Table,
    line,
)
from bot.slack.render import render
from bot.terminal.layout import Screen, width, wrapped
from bot.terminal.mrkdwn import Run, parse, safe
from bot.terminal.render import draw, draw_form, drawing

PLAIN = Screen(60)
OBEYED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def shown(reply: Reply, screen: Screen = PLAIN) -> str:
    return draw(render(reply).blocks, screen)


def section(text: str, kind: str = "mrkdwn") -> list[dict[str, Any]]:
    return [{"type": "section", "text": {"type": kind, "text": text}}]


FULL = Reply(
    "Next talks",
    aside="2 planned · 0 lapsed",
    parts=(
        Heading("Soonest"),
        Card(line(Strong("T-3"), "  US – Russia"), (line("now – Sat 8 Mar ", Link("Kyiv Post", "https://kyivpost.com/1")),)),
        Facts(
            (("Where", line("third country")), ("When", line(Moment(datetime(2025, 3, 18, 9, tzinfo=UTC), "Europe/Zurich"))))
        ),
        Quotation("In due course", line("Ryabkov, ", Mention("U1"))),
        Table(("Country", "Visits"), ((line("日本"), line("12")), (line("Türkiye"), line("7"))), right=(1,)),
        Bars((("Japan", 12, "12 visits"), ("Turkey", 6, "6 visits"))),
        Notes((line(Quiet("unsourced")),)),
    ),
    buttons=(Button("Show T-3", "/talks show T-3"), Button("Cancel", "/talks cancel T-3", danger=True, confirm="Cancel T-3?")),
    share="/talks next",
)


def test_every_part_is_drawn() -> None:
    text = shown(FULL)
    for words in (
        "Next talks", "2 planned", "Soonest", "T-3  US – Russia", "Kyiv Post", "https://kyivpost.com/1", "Where",
        "third country", "18 Mar 2025", "In due course", "@U1", "Country", "日本", "Türkiye", "█", "12 visits", "unsourced",
        "[1] Show T-3", "[2] Cancel", "[3] Share in channel",
    ):  # fmt: skip
        assert words in text, words


def test_buttons_are_numbered_in_order() -> None:
    buttons = drawing(render(FULL).blocks, PLAIN).buttons
    assert [button["value"] for button in buttons] == ["/talks show T-3", "/talks cancel T-3", "/talks next"]


def test_columns_line_up_in_any_script() -> None:
    rows = [row for row in shown(FULL).splitlines() if row.startswith(("Country", "日本", "Türkiye"))]
    assert len({width(row) for row in rows}) == 1
    assert [row[-2:].strip() for row in rows] == ["ts", "12", "7"]


def test_lines_fit_and_hang_under_their_bullet() -> None:
    lines = draw(section("• " + "word " * 40), PLAIN).splitlines()
    assert all(width(each) <= 60 for each in lines)
    assert lines[0].startswith("• word")
    assert all(each.startswith("  word") for each in lines[1:])


def test_a_word_longer_than_the_screen_is_cut_up() -> None:
    lines = draw(section("x" * 200), PLAIN).splitlines()
    assert "".join(lines) == "x" * 200
    assert max(map(len, lines)) <= 60


def test_colour_is_for_people() -> None:
    assert "\x1b[1m" in shown(FULL, Screen(60, colour=True))
    assert "\x1b" not in shown(FULL, PLAIN)


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colour_can_be_declined(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert Screen.of(Terminal()).colour
    monkeypatch.setenv(name, value)
    assert not Screen.of(Terminal()).colour
    assert not Screen.of(io.StringIO()).colour


def test_facts_cannot_drive_the_terminal() -> None:
    evil = "\x1b]0;gotcha\x07\x9b31m\r\x08\u202egnp.exe\u2066"
    reply = Reply(
        evil, aside=evil, parts=(line(evil), Notes((line(Link(evil, "https://x/" + evil)),)), Bars(((evil, 1, evil),)))
    )
    assert not OBEYED.search(shown(reply))
    colours = re.sub(r"\x1b(\[[\d;]*m|\]8;;[^\x1b\x07]*\x1b\\)", "", shown(reply, Screen(60, colour=True)))
    assert not OBEYED.search(colours)
    assert not OBEYED.search(draw_form(Form(evil, "/x", (Field("a", evil, value=evil, error=evil),), unread=(evil,)), PLAIN))


@given(st.text())
def test_any_text_is_safe_and_survives(text: str) -> None:
    assert not OBEYED.search(safe(text))
    assert not OBEYED.search(draw(section(text), PLAIN))
    assert not OBEYED.search(draw(section(text, "plain_text"), PLAIN))


@given(st.lists(st.text(min_size=1), min_size=1), st.integers(10, 80))
def test_wrapping_loses_nothing_but_space(texts: list[str], columns: int) -> None:
    runs = [Run(safe(text).replace("\n", " ")) for text in texts]
    lines = wrapped(runs, columns)
    before = "".join("".join(run.text for run in runs).split())
    after = "".join("".join(run.text for run in each) for each in lines)
    assert "".join(after.replace("│ ", "").split()) == before.replace("│", "") or "│" in before


@pytest.mark.parametrize(
    ("mrkdwn", "text"),
    [
        ("*bold* and _soft_ and ~gone~ and `code`", "bold and soft and gone and code"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("&lt;!channel&gt; &amp; co", "<!channel> & co"),
        ("<!channel> <!subteam^S1|@desk>", "@channel @desk"),
        ("<@U1> in <#C1|general>", "@U1 in #general"),
        ("<https://a.org|Kyiv Post>, <https://b.org>", "Kyiv Post, https://b.org"),
        ("<!date^1740247200^{date_short} {time}|22 Feb, 18:00 UTC>", "22 Feb, 18:00 UTC"),
        ("&gt; as they said", "│ as they said"),
        (":flag-ru: Russia", "🇷🇺 Russia"),
        ("*unfinished", "*unfinished"),
        ("", ""),
    ],
)
def test_mrkdwn_reads_as_slack_shows_it(mrkdwn: str, text: str) -> None:
    assert "".join(run.text for line_ in parse(mrkdwn) for run in line_) == text


def test_blocks_of_other_kinds() -> None:
    blocks: list[dict[str, Any]] = [
        {"type": "divider"},
        {"type": "image", "alt_text": "A chart", "image_url": "https://x/c.png"},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": f"*{name}*\nRiyadh"} for name in ("Where", "Who")]},
        {"type": "section", "text": {"type": "mrkdwn", "text": "x"},
         "accessory": {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "value": "/go"}},
        {"type": "context", "elements": [{"type": "image", "alt_text": "flag", "image_url": "https://x/f.png"}]},
        {"type": "rich_text", "elements": [
            {"type": "rich_text_list", "style": "ordered", "elements": [
                {"elements": [{"type": "emoji", "name": "wave"}, {"type": "user", "user_id": "U1"}]}]},
            {"type": "rich_text_section", "elements": [{"type": "date", "timestamp": 0, "fallback": "1 Jan"}]}]},
        {"type": "markdown", "text": "# Title"},
        {"type": "hologram"},
    ]  # fmt: skip
    text = draw(blocks, PLAIN)
    for words in ("────", "[image: A chart https://x/c.png]", "Where  Riyadh", "[1] Go", "1. :wave:@U1", "1 Jan", "[hologram]"):
        assert words in text


def test_a_form_shows_values_errors_and_what_was_not_read() -> None:
    form = Form(
        "Record talks", "/talks add",
        (
            Field("title", "Title", value="Second round"),
            Field("level", "Level", FieldKind.CHOICE, "deputy", options=(Option("deputy", "Deputy minister"),)),
            Field("topics", "Topics", FieldKind.CHOICES, "a,b", options=(Option("a", "A"), Option("b", "B"))),
            Field("when", "When", error="ends before it begins"),
        ),
        notes=(line("Check this."),), unread=("wibble",),
    )  # fmt: skip
    text = draw_form(form, PLAIN)
    for words in (
        "Record talks",
        "Check this.",
        "wibble",
        "Second round",
        "Deputy minister",
        "A, B",
        "! ends before it begins",
    ):
        assert words in text
