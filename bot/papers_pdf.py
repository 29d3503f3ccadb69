"""An answer as a PDF: A4, numbered pages, links that work, in letters from Łódź and Київ to القاهرة and תל אביב.

The typeface is DejaVu, which matplotlib brings along; its pieces that are used are put into the file. HarfBuzz joins and
turns what is written from right to left. What the typeface lacks is named in brackets, and a note says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont

from bot.papers import Told, lines_of
from bot.reply import Line, Link, Marked, Reply, Strong, plain

FONT = "DejaVu"
SIZE, SMALL, TITLE, LINE = 10, 8, 15, 5.2
INK = (17, 17, 17)
STEP = 5
"""How far each level of items is set in, in millimetres."""
STAYS = 24
"""How much room must be left on a page for a heading or a title to begin on it."""

SPELT = 6
"""How many signs in a row that the typeface lacks are given one by one."""
_SCRIPTS = {"CJK": "Chinese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean"}
_FIRST_FLAG = 0x1F1E6
_FIRST_EMOJI = 0x1F000
_JOINERS = "\u200c\u200d\u200e\u200f"
_LEFTWARDS = re.compile("([\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+(?:[\\W\\d_]+[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+)*)")
"""What is written from right to left, with the numbers and signs in the midst of it. Each such passage is set by itself: the
library takes the direction of a whole text from its first letter, and puts what is nested in it in the wrong order."""
LACKING = (
    "What stands in brackets with a script and code points, such as [Chinese: U+738B], is in letters that this typeface does"
    " not have; the same brief as .html or .md has them."
)


class _Page(FPDF):
    """A page with its number and the headline at the foot."""

    foot = ""
    letters: Collection[int] = frozenset()
    lacking = False
    """Whether anything was met that the typeface does not have."""

    def footer(self) -> None:
        self.set_y(-14)
        self.set_x(0)  # whatever the page ends with may be set in
        self.set_font(FONT, size=SMALL)
        self.set_text_color(110)
        self.cell(self.w, 6, f"{self.foot}\u200e · {self.page_no()}", align="C")

    def printable(self, text: str) -> str:
        """Text as the typeface can show it; remembers whether anything had to be named instead."""
        self.lacking = self.lacking or bool(_lacking(_shown(text), self.letters))
        return printable(text, self.letters)


def _shown(text: str) -> str:
    """Text on one line, without controls and without what only chooses between two looks of a sign."""
    kept = (c for c in re.sub(r"\s", " ", text) if unicodedata.category(c) not in ("Cc", "Cs", "Cf") or c in _JOINERS)
    return "".join(c for c in kept if not "\ufe00" <= c <= "\ufe0f")


def _lacking(text: str, letters: Collection[int]) -> list[str]:
    return sorted({c for c in text if ord(c) not in letters and c not in _JOINERS})


def printable(text: str, letters: Collection[int]) -> str:
    """Text without controls, and with what is not among these letters named in brackets."""
    kept = _shown(text)
    if lacks := _lacking(kept, letters):
        signs = f"[{''.join(map(re.escape, lacks))}]"
        kept = re.sub(f"{signs}(?:[{_JOINERS}]?{signs})*", lambda found: _named(found.group()), kept)
    return "".join(c for c in kept if c not in _JOINERS or ord(c) in letters)


def passages(text: str) -> list[str]:
    """Text in passages that are each written in one direction, numbers included."""
    return [part for part in _LEFTWARDS.split(text) if part]


def _named(signs: str) -> str:
    """Signs that cannot be shown: `[Chinese: U+738B U+6BC5]`, `[flag: TR]`, `[40 Thai signs]`."""
    letters = [ord(c) - _FIRST_FLAG for c in signs]
    if all(0 <= n < 26 for n in letters):
        return f"[flag: {''.join(chr(65 + n) for n in letters)}]"
    shown = "".join(c for c in signs if c not in _JOINERS)
    first = unicodedata.name(shown[0], "UNKNOWN").split()[0]
    script = _SCRIPTS.get(first, first.title())
    if unicodedata.category(shown[0])[0] != "L":
        script = "emoji" if ord(shown[0]) >= _FIRST_EMOJI else "sign"
    if len(shown) > SPELT:
        return f"[{len(shown)} {script} signs]"
    return f"[{script}: {' '.join(f'U+{ord(c):04X}' for c in shown)}]"


def pdf(reply: Reply, now: datetime) -> bytes:
    """The answer as the bytes of a PDF, made at `now` (aware). The same answer at the same moment gives the same bytes."""
    page = _Page(format="A4")
    page.set_creation_date(now)
    page.set_title(reply.headline)
    page.set_creator("Attaché")
    page.set_margins(20, 18, 20)
    page.set_auto_page_break(True, 20)
    _set_in_type(page)
    page.foot = page.printable(reply.headline[:90])
    page.add_page()
    _written(page, (Strong(reply.headline),), TITLE, LINE * 1.4)
    if reply.aside:
        _written(page, (reply.aside,), SMALL + 1, LINE)
    for told in lines_of(reply.parts):
        _line(page, told)
    if page.lacking:
        _line(page, Told("note", (LACKING,)))
    return bytes(page.output())


def _set_in_type(page: _Page) -> None:
    fonts = _fonts()
    page.add_font(FONT, "", fonts / "DejaVuSans.ttf")
    page.add_font(FONT, "B", fonts / "DejaVuSans-Bold.ttf")
    page.set_font(FONT)
    page.set_text_shaping(True)
    faces = [set(face.cmap) for face in page.fonts.values() if isinstance(face, TTFFont)]
    page.letters = set.intersection(*faces)


def _fonts() -> Path:
    from importlib.util import find_spec

    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise RuntimeError("matplotlib is not installed, and its typeface is what PDFs are set in")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


def _line(page: _Page, line: Told) -> None:
    if line.kind in ("heading", "title") and page.will_page_break(STAYS):
        page.add_page()
    if line.kind == "heading":
        page.ln(3)
        _written(page, (Strong(plain(line.told)),), SIZE + 2, LINE * 1.2)
        return
    page.set_text_color(*INK)
    size = SMALL if line.kind in ("note", "source") else SIZE
    page.ln({"title": 2.0, "text": 1.2, "note": 1.2, "source": 0.4}.get(line.kind, 0))
    left = page.l_margin
    if line.kind in ("item", "quote"):
        at = left + 2 + STEP * line.depth
        page.set_left_margin(at + 4)
        page.set_x(at)
        page.set_font(FONT, size=size)
        page.cell(4, LINE, {"item": "–" if line.depth else "•"}.get(line.kind, ""))
    told = line.told
    height = LINE if size == SIZE else LINE * 0.85
    if line.kind == "source":
        page.set_left_margin(left + 7)
        page.set_x(left)
        page.set_font(FONT, size=size)
        page.cell(7, height, plain(told[:1]).strip())
        told = told[1:]
    _written(page, told, size, height)
    page.set_left_margin(left)
    page.set_x(left)


def _written(page: _Page, told: Line, size: int, height: float) -> None:
    """One line of spans, wrapped."""
    for words, bold, link in _runs(page, told):
        page.set_font(FONT, "B" if bold else "", size)
        first = words.split(" ", 1)[0]
        if page.get_x() > page.l_margin + 1 and page.get_string_width(first) > page.w - page.r_margin - page.get_x():
            page.ln(height)  # the first word of a run is not kept whole by itself
        page.set_text_color(*((20, 60, 140) if link else INK))
        for part in passages(words):
            page.write(height, part, link=link)
    page.ln(height)


def _runs(page: _Page, told: Line) -> list[tuple[str, bool, str]]:
    """Words, whether bold, and the link. What looks the same is one run: between two runs a word may be cut at a line's end."""
    found: list[tuple[str, bool, str]] = []
    for span in told:
        url = span.url or "" if isinstance(span, Link) else ""
        look = isinstance(span, Strong | Marked), url if url.lower().startswith(("http://", "https://")) else ""
        words = page.printable(plain((span,)))
        if found and found[-1][1:] == look:
            words = found.pop()[0] + words
        found.append((words, *look))
    return found
