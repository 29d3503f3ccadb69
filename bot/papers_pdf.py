"""An answer as a PDF: A4, numbered pages, links that work, and letters such as those of Türkiye, Łódź and Київ.

The typeface is DejaVu, which matplotlib brings along; its pieces that are used are put into the file.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from pathlib import Path

from fpdf import FPDF

from bot.papers import lines_of
from bot.reply import Line, Link, Marked, Reply, Strong, plain

FONT = "DejaVu"
SIZE, SMALL, TITLE, LINE = 10, 8, 15, 5.2


class _Page(FPDF):
    """A page with its number and the headline at the foot."""

    foot = ""

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font(FONT, size=SMALL)
        self.set_text_color(110)
        self.cell(0, 6, f"{self.foot} · {self.page_no()}", align="C")


def pdf(reply: Reply, now: datetime) -> bytes:
    """The answer as the bytes of a PDF, made at `now` (aware). The same answer at the same moment gives the same bytes."""
    page = _Page(format="A4")
    page.set_creation_date(now)
    page.set_title(reply.headline)
    page.set_creator("Attaché")
    page.set_margins(20, 18, 20)
    page.set_auto_page_break(True, 20)
    fonts = _fonts()
    page.add_font(FONT, "", fonts / "DejaVuSans.ttf")
    page.add_font(FONT, "B", fonts / "DejaVuSans-Bold.ttf")
    page.foot = _printable(reply.headline[:90])
    page.add_page()
    _written(page, (Strong(reply.headline),), TITLE, LINE * 1.4)
    if reply.aside:
        _written(page, (reply.aside,), SMALL + 1, LINE)
    for kind, told in lines_of(reply.parts):
        _line(page, kind, told)
    return bytes(page.output())


def _fonts() -> Path:
    from importlib.util import find_spec

    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise RuntimeError("matplotlib is not installed, and its typeface is what PDFs are set in")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


def _line(page: _Page, kind: str, told: Line) -> None:
    if kind == "heading":
        page.ln(3)
        _written(page, (Strong(plain(told)),), SIZE + 2, LINE * 1.2)
        return
    size = SMALL if kind == "note" else SIZE
    if kind in ("title", "text", "note"):
        page.ln(1.2)
    left = page.l_margin
    if kind in ("item", "quote"):
        page.set_left_margin(left + 6)
        page.set_x(left + 2)
        page.set_font(FONT, size=size)
        page.cell(4, LINE, "•" if kind == "item" else "")
    _written(page, told, size, LINE if size == SIZE else LINE * 0.85)
    page.set_left_margin(left)
    page.set_x(left)


def _written(page: _Page, told: Line, size: int, height: float) -> None:
    """One line of spans, wrapped."""
    for words, bold, link in _runs(told):
        page.set_font(FONT, "B" if bold else "", size)
        first = words.split(" ", 1)[0]
        if page.get_x() > page.l_margin + 1 and page.get_string_width(first) > page.w - page.r_margin - page.get_x():
            page.ln(height)  # the first word of a run is not kept whole by itself
        page.set_text_color(*((20, 60, 140) if link else (17, 17, 17)))
        page.write(height, words, link=link)
    page.ln(height)


def _runs(told: Line) -> list[tuple[str, bool, str]]:
    """Words, whether bold, and the link. What looks the same is one run: between two runs a word may be cut at a line's end."""
    found: list[tuple[str, bool, str]] = []
    for span in told:
        url = span.url or "" if isinstance(span, Link) else ""
        look = isinstance(span, Strong | Marked), url if url.lower().startswith(("http://", "https://")) else ""
        words = _printable(plain((span,)))
        if found and found[-1][1:] == look:
            words = found.pop()[0] + words
        found.append((words, *look))
    return found


def _printable(text: str) -> str:
    """Without what a typeface has no shape for: controls, and the halves of emoji that would come out as boxes."""
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs", "Cn", "Co") and ord(c) < 0x10000)
