"""`/talks brief` over the starter facts, for talks that are not ahead, and as files."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot import briefs
from bot.papers import html_page, markdown
from bot.papers_pdf import passages, pdf, printable
from bot.reply import Card, Link, Outcome, Quotation, Reply, Strong, line
from bot.slack.limits import MESSAGE_BLOCKS
from bot.slack.render import MORE, plain_text, render, render_all
from store import starter, talks
from store.database import Store
from store.records import AgendaItem, Level, Precision, Side, Status, Talks, Window
from tests.commands.conftest import NOW, Asker
from tests.conftest import Attache

LATER = datetime(2025, 3, 1, tzinfo=UTC)


def text(reply: Reply) -> str:
    return "\n".join(message.text for message in render_all(reply))


def test_the_second_round_says_what_is_known_of_it(ask: Asker) -> None:
    body = text(ask("/talks brief T-4"))
    for words in (
        "planned · waiting for T-3 · disputed · as of Sat 22 Feb 2025",
        "by Sat 8 Mar 2025 on one account (Politico, 22 Feb) · undated on others (UAWire, 22 Feb; UNN, 22 Feb) · as stated",
        "third country, not named",
        "Level  deputy level by UAWire, 22 Feb [1]",
        "T-3 Consultations of departmental directors · planned",
        "contentious issues in bilateral relations",
        "settlement of the war in Ukraine",
        "“when we see visible shifts”" if "“when" in body else '"when we see visible shifts"',
        "No statement of either side found up to 22 Feb 2025.",
        "United States opposes · calling Russia the aggressor (P-4, 20 Feb 2025)",
        "Russia: no statement found up to 22 Feb 2025.",
        "Ukraine opposes · US–Russia talks (P-3, 17 Feb 2025)",
        "none on record at deputy level",
        "T-2 First round, Riyadh · 18 Feb 2025, 4 days ago · minister level · Riyadh",
        "Restore the staffing of the embassies in Washington and Moscow.",
        "D-1  Ukraine and partners' draft for the third anniversary (by Ukraine)",
        "D-2  The path to peace (by United States) · UN General Assembly · tabled 21 Feb 2025",
    ):
        assert words in body, words
    assert "unsourced" not in body
    assert "neutral" not in body.casefold()


def test_every_mark_has_its_source_and_every_source_its_mark(ask: Asker) -> None:
    for words in ("/talks brief T-4", "/talks brief T-4 full", "/talks brief T-3", "/talks brief T-2 full"):
        body = text(ask(words))
        facts, _, listed = body.rpartition("Sources")
        marks = {int(n) for group in re.findall(r"\[([\d, ]+)\]", facts) for n in group.split(", ")}
        numbers = [int(n) for n in re.findall(r"  (\d+) ", listed)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert marks == set(numbers), words


def test_nothing_that_became_known_later_is_in_it(ask: Asker) -> None:
    body = text(ask("/talks brief T-4 full"))
    for words in ("D-3", "S/RES/2774", "ES-11", "93 for", "Istanbul", "Coulter"):
        assert words not in body


def test_a_week_later_it_says_what_has_become_known(ask: Asker, store: Store) -> None:
    starter.apply(store, "local", LATER)
    body = text(ask("/talks brief T-4", now=LATER))
    assert "T-3 Consultations of departmental directors · held · Thu 27 Feb 2025" in body
    assert "Last of these sides  T-3" in body
    for words in ("D-3", "S/RES/2774", "A/RES/ES-11/7", "A/RES/ES-11/8", "adopted 24 Feb 2025"):
        assert words in body


def test_the_whole_brief_has_the_texts_with_versions_results_and_the_sides_votes(ask: Asker, store: Store) -> None:
    starter.apply(store, "local", LATER)
    reply = ask("/talks brief T-4 full", now=LATER)
    body = plain_text(reply)
    for words in (
        "who is to blame (version 1): Attributes no blame", "who is to blame (version 2): Speaks of the full-scale invasion",
        "93 for · 18 against · 65 abstained", "93 for · 8 against · 73 abstained", "10 for · 0 against · 5 abstained",
        "United States: against", "Russia: against", "United States: abstained", "amended by European states on the floor",
    ):  # fmt: skip
        assert words in body, words
    assert "unsourced" not in body


def test_it_is_one_message_and_the_whole_of_it_has_more(ask: Asker) -> None:
    short, whole = ask("/talks brief T-4"), ask("/talks brief T-4 full")
    assert len(render_all(short)) == 1
    assert len(render(short).blocks) < MESSAGE_BLOCKS
    assert MORE not in text(short)
    assert len(text(short)) < 3200
    assert "The second meeting itself is due within two weeks." in text(whole)
    assert "Mentions neither sovereignty nor territorial integrity." in plain_text(whole)
    assert any(button.command == "/talks brief T-4 full" for button in short.buttons)


def test_the_card_has_a_button_for_it(ask: Asker) -> None:
    assert "/talks brief T-4" in [button.command for button in ask("/talks show T-4").buttons]


def record(store: Store, **fields: object) -> str:
    made = Talks("x", 0, "Consultations", Status.PLANNED, (Side("us", Level.MINISTER), Side("ru", Level.MINISTER)))
    with store.write("local", actor="U1", now=NOW, why="a clash of dates") as session:
        saved = talks.save(session, made)
        return talks.save(session, replace(saved, **fields)).label  # type: ignore[arg-type]


def test_cancelled_talks_say_so_first_and_what_is_next(ask: Asker, store: Store) -> None:
    answer = ask(f"/talks brief {record(store, status=Status.CANCELLED)}")
    assert answer.outcome is Outcome.ANSWER
    first = text(answer).splitlines()[2]
    assert first.startswith("Cancelled (a clash of dates): these talks do not take place as announced.")
    assert "Next of these sides: T-3" in first


@pytest.mark.parametrize(
    ("status", "words"), [(Status.POSTPONED, "Postponed"), (Status.HELD, "Held already"), (Status.MOOTED, "Mooted only")]
)
def test_other_states_are_said_first(ask: Asker, store: Store, status: Status, words: str) -> None:
    window = Window(date(2025, 2, 20), date(2025, 2, 20), Precision.DAY)
    body = text(ask(f"/talks brief {record(store, status=status, window=window)}"))
    assert body.splitlines()[2].startswith(words)
    assert "Last at minister level  T-2" in body


def test_undated_talks_with_nothing_on_record_say_each_silence(ask: Asker, store: Store) -> None:
    with store.write("local", actor="U1", now=NOW) as session:
        made = Talks("y", 0, "", Status.PLANNED, (Side("tv"), Side("nr")), agenda=(AgendaItem("fish"),))
        bare = talks.save(session, made)
        none = talks.save(session, Talks("z", 0, "", Status.PLANNED, (Side("tv"),)))
    body = text(ask(f"/talks brief {bare.label}"))
    assert "nobody has named a day on record" in body
    assert "Not filed under a topic" in body
    assert "no talks of these sides held before are on record" in body
    assert "unsourced" in body
    assert "not on record, so there are no positions" in text(ask(f"/talks brief {none.label}"))


@pytest.mark.parametrize("words", ["T-99", "", "foo", "T-4 sideways"])
def test_what_it_cannot_brief_on(ask: Asker, words: str) -> None:
    answer = ask(f"/talks brief {words}".strip())
    if "sideways" in words:
        assert "I did not understand “sideways”" in text(answer)
    else:
        assert answer.outcome is Outcome.NOT_UNDERSTOOD


def test_a_brief_of_many_sides_and_topics_still_fits(ask: Asker, store: Store) -> None:
    codes = ("us", "ru", "cn", "fr", "gb", "de", "it", "jp", "ca", "tr")
    items = tuple(AgendaItem(f"item {n}", "war-settlement") for n in range(12))
    with store.write("local", actor="U1", now=NOW) as session:
        saved = talks.save(session, Talks("m", 0, "All of them", Status.PLANNED, tuple(map(Side, codes)), agenda=items))
    assert len(render_all(ask(f"/talks brief {saved.label}"))) == 1


# Files.

NASTY = Reply(
    "Türkiye, Łódź & <b>Київ</b> *x*",
    aside="as of [today](http://x)",
    parts=(
        Card(line(Strong("a_b"), " # not a heading"), (line("• =1+1"), line(Link("site", "https://example.org/a(b)?q=1&r=2")))),
        Quotation("<script>alert(1)</script>", line("Someone")),
        line(Link("no", "javascript:alert(1)"), " \x07 🇹🇷"),
    ),
)


def test_markdown_keeps_text_as_text() -> None:
    made = markdown(NASTY)
    assert made.startswith("# Türkiye, Łódź & \\<b\\>Київ\\</b\\> \\*x\\*\n")
    assert "**a\\_b** \\# not a heading" in made
    assert "- [site](<https://example.org/a(b)?q=1&r=2>)" in made
    assert "javascript" not in made


NESTED = Reply(
    "Levels",
    parts=(
        Card(line("One"), (line("top"), line("   • under it"), line("      • under that"), line("top again"))),
        Card(line("Two"), (line("   • all at the top"), line("   • all of them"))),
        line("after"),
    ),
)


def test_what_lies_under_something_is_set_in_under_it() -> None:
    made = markdown(NESTED)
    assert (
        "One\n\n- top\n  - under it\n    - under that\n- top again\n\nTwo\n\n- all at the top\n- all of them\n\nafter\n" in made
    )
    page = "".join(html_page(NESTED).split("\n"))
    assert "<ul><li>top<ul><li>under it<ul><li>under that</li></ul></li></ul></li><li>top again</li></ul><p" in page
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert len(pdf(NESTED, NOW)) > 1000


def test_on_paper_each_source_has_its_own_line_with_what_finds_it_again(attache: Attache) -> None:
    whole = attache("brief", "T-4", "--db", "starter").out
    first = (
        "## Sources\n\n1. Russia and the U.S. set to meet again in two weeks, UAWire, 22 Feb 2025."
        " <https://www.uawire.org/russia-and-the-u-s-set-to-meet-again-in-two-weeks>\n2. "
    )
    assert first in whole
    numbers = [int(n) for n in re.findall(r"^(\d+)\. ", whole, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert "- **What it says**\n  - who is to blame: " in whole
    page = attache("brief", "T-4", "--db", "starter", "--format", "html").out
    assert '<p class="source">1.  Russia and the U.S. set' in page
    assert 'href="https://unn.ua/en/news/' in page


LETTERS = frozenset(map(ord, "abcdefghijklmnopqrstuvwxyz Türkiye[]שלם\u200e"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("minister 王毅 said", "minister [Chinese: U+738B U+6BC5] said"),
        ("王" * 7, "[7 Chinese signs]"),
        ("ไทย カ 한", "[Thai: U+0E44 U+0E17 U+0E22] [Japanese: U+30AB] [Korean: U+D55C]"),
        ("🇹🇷 Türkiye", "[flag: TR] Türkiye"),
        ("👩\u200d👧", "[emoji: U+1F469 U+1F467]"),
        ("a\x07b\u202ec\ufe0f", "abc"),
        ("on two\nlines", "on two lines"),
        ("שלם\u200e", "שלם\u200e"),
    ],
)
def test_what_the_typeface_lacks_is_named(text: str, shown: str) -> None:
    assert printable(text, LETTERS) == shown


def test_the_pdf_says_that_letters_are_missing_and_drops_none_in_silence(caplog: pytest.LogCaptureFixture) -> None:
    wang = Reply("王毅 ไทย 🇹🇷 שלום", parts=(line("محمد بن سلمان met בנימין"), Card(line("a"), (line("   • قال 18 فبراير"),))))
    made = pdf(wang, NOW)
    assert made == pdf(wang, NOW)
    assert not [record for record in caplog.records if record.name.startswith("fpdf")]
    assert len(made) > len(pdf(replace(wang, headline="Wang"), NOW))  # the note takes room


def test_passages_from_right_to_left_keep_their_numbers() -> None:
    assert passages("on 5 May קרא 18 מילים (2025) in Riyadh") == ["on 5 May ", "קרא 18 מילים", " (2025) in Riyadh"]
    assert passages("plain") == ["plain"]


class Tags(HTMLParser):
    """Gathers tags and links, and holds that all that open close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.links: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.links += [value for name, value in attrs if name == "href"]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_stands_on_its_own_and_runs_nothing() -> None:
    tags = Tags()
    tags.feed(html_page(NASTY))
    assert tags.open == []
    assert "script" not in tags.seen
    assert tags.links == ["https://example.org/a(b)?q=1&r=2"]


def test_pdf_has_the_letters_and_the_same_bytes_again(ask: Asker, store: Store) -> None:
    with store.read("local") as session:
        reply = briefs.compose(session, talks.get(session, 4), NOW, "UTC", whole=True)
    made = pdf(reply, NOW)
    assert made.startswith(b"%PDF-")
    assert made == pdf(reply, NOW)
    assert b"DejaVu" in pdf(NASTY, NOW)
    assert len(made) < 200_000


def test_the_brief_as_a_file(attache: Attache, tmp_path: Path) -> None:
    for name, start in (("b.md", b"# Brief"), ("b.html", b"<!DOCTYPE html>"), ("b.pdf", b"%PDF-")):
        path = tmp_path / name
        done = attache("brief", "T-4", "--db", "starter", "-o", str(path))
        assert (done.status, done.out) == (0, ""), done.err
        assert path.read_bytes().startswith(start)
    assert "The second meeting itself" in attache("brief", "4", "--db", "starter").out
    assert "The second meeting itself" not in attache("brief", "4", "--db", "starter", "--short").out


@pytest.mark.parametrize("arguments", [("T-99",), ("foo",), ("T-4", "-o", "x.doc"), ("T-4", "--format", "odt")])
def test_briefs_that_cannot_be_written(attache: Attache, arguments: tuple[str, ...]) -> None:
    done = attache("brief", *arguments, "--db", "starter")
    assert (done.status, done.out) == (2, "")
