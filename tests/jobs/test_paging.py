"""Long posts as several messages: nothing lost, in order, headings and titles said again where they continue."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.paging import CHARACTERS, LINES, split
from bot.reply import Button, Card, Heading, Notes, Part, Reply, Strong, line, plain
from bot.slack.render import plain_text, render_all

ROWS = st.lists(st.text("abc ", min_size=1, max_size=200).map(lambda text: line(text)), max_size=60).map(tuple)
PARTS = st.lists(
    st.one_of(
        ROWS.map(Notes),
        ROWS.map(lambda rows: Card(line(Strong("title")), rows)),
        st.text("xyz", min_size=1, max_size=300).map(lambda text: line(text)),
        st.just(Heading("heading")),
    ),
    max_size=12,
)


def said(replies: list[Reply]) -> list[str]:
    """Every line, without titles and headings."""
    found: list[str] = []
    for reply in replies:
        for part in reply.parts:
            if isinstance(part, Card | Notes):
                found += [plain(row) for row in part.lines]
            elif isinstance(part, tuple):
                found.append(plain(part))
    return found


@given(PARTS)
def test_nothing_is_lost_and_every_page_is_one_message(parts: list[Part]) -> None:
    whole = Reply("headline", parts=tuple(parts), buttons=(Button("Show", "/talks show T-1"),))
    pages = split(whole)
    assert said(pages) == said([whole])
    assert all(len(render_all(page)) == 1 for page in pages)
    assert [bool(page.buttons) for page in pages] == [True] + [False] * (len(pages) - 1)


def test_a_long_card_says_its_title_again() -> None:
    rows = tuple(line(f"row {n}") for n in range(2 * LINES + 3))
    first, *others = split(Reply("Brief", "planned", parts=(Card(line(Strong("Drafts")), rows),)), says="in {} parts")
    assert first.aside == f"planned · in {len(others) + 1} parts"
    assert plain_text(others[0]).startswith(f"Brief · part 2 of {len(others) + 1}\nDrafts, continued\nrow ")


def test_a_heading_is_said_again_where_it_still_holds_and_never_stands_last() -> None:
    rows = [line("x" * 100) for _ in range(LINES - 1)]
    parts: list[Part] = [Heading("Changed"), *rows, Heading("Next"), *rows, Heading(""), line("after all")]
    pages = split(Reply("Digest", parts=tuple(parts)))
    assert all(not isinstance(page.parts[-1], Heading) for page in pages)
    headings = [part.text for page in pages for part in page.parts if isinstance(part, Heading)]
    assert headings[:2] == ["Changed", "Changed, continued"]
    assert headings[2:] == ["Next", "Next, continued"] or headings[2:] == ["Next"] + ["Next, continued"] * (len(headings) - 3)
    once = split(Reply("Brief", parts=tuple(parts)), headings_again=False)
    assert [part.text for page in once for part in page.parts if isinstance(part, Heading)] == ["Changed", "Next"]


def test_a_line_too_long_for_a_message_says_that_it_is_cut() -> None:
    (page,) = split(Reply("Digest", parts=(line("y" * 3 * CHARACTERS),)))
    assert plain_text(page).endswith(" … (cut)")
