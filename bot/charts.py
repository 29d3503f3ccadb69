"""Pictures of rankings: horizontal bars, readable on a phone. The only place that knows matplotlib.

matplotlib is imported with the first picture: that takes most of a second, and it looks for its cache then. Nothing here
keeps state; `draw` makes its own figure without pyplot, so any thread may call it.
"""

from __future__ import annotations

import io
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 7.2
"""Inches; at `DPI` 1,080 pixels, a phone's width."""
DPI = 150
ROW = 0.36
"""Inches a bar takes."""
NAME_AT_MOST = 28

INK = "#1b1f24"
QUIET = "#5b6570"
RULE = "#d9dee3"
COLOURS = ("#1f4e8c", "#7a5ea8", "#e08a2c")
"""Blue, violet, orange: told apart with any colour vision and in grey."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A name and its values, one for each series."""

    name: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What to draw. `series` names the parts of each bar; one part without a name draws plain bars."""

    title: str
    subtitle: str
    series: tuple[str, ...]
    bars: tuple[Bar, ...]
    source: str


def draw(chart: Chart) -> bytes:
    """The chart as PNG, first bar on top. Raises ValueError when there is nothing to draw."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if not chart.bars:
        raise ValueError("a chart needs bars")
    title = textwrap.wrap(chart.title, 56)
    subtitle = textwrap.wrap(chart.subtitle, 88)
    source = textwrap.wrap(chart.source, 110)
    with_legend = len(chart.series) > 1
    above = 0.42 + 0.30 * len(title) + 0.21 * len(subtitle) + (0.34 if with_legend else 0.08)
    below = 0.22 + 0.17 * len(source)
    height = above + ROW * len(chart.bars) + below
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    _write(figure, height, 0.26, title, size=15, weight="bold", colour=INK, leading=0.30)
    _write(figure, height, 0.30 + 0.30 * len(title), subtitle, size=9.5, weight="normal", colour=QUIET, leading=0.21)
    _write(figure, height, height - below + 0.16, source, size=7.5, weight="normal", colour=QUIET, leading=0.17)
    if with_legend:
        _legend(figure, chart.series, 1 - (above - 0.22) / height)
    _bars(figure, chart, bottom=below / height, top=1 - above / height)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", facecolor="white", metadata={"Software": None, "Title": _plain(chart.title)})
    return picture.getvalue()


def _write(
    figure: Figure, height: float, at: float, lines: list[str], *, size: float, weight: str, colour: str, leading: float
) -> None:
    """Lines of text at the left edge, `at` inches from the top."""
    for number, line in enumerate(lines):
        figure.text(
            0.03,
            1 - (at + number * leading) / height,
            _plain(line),
            size=size,
            weight=weight,
            color=colour,
            va="center",
            parse_math=False,
        )


def _legend(figure: Figure, series: tuple[str, ...], at: float) -> None:
    left = 0.03
    for name, colour in zip(series, _colours(series), strict=True):
        figure.text(left, at, "■", size=11, color=colour, va="center")
        figure.text(left + 0.028, at, _plain(name), size=9, color=INK, va="center", parse_math=False)
        left += 0.06 + 0.0115 * len(name)


def _colours(series: tuple[str, ...]) -> tuple[str, ...]:
    """President is blue and Secretary orange whether or not there is a part between them."""
    return (COLOURS[0], COLOURS[2]) if len(series) == 2 else COLOURS[: len(series)]


def _bars(figure: Figure, chart: Chart, *, bottom: float, top: float) -> None:
    names = [_shortened(bar.name) for bar in chart.bars]
    left = min(0.42, 0.05 + 0.0148 * max(len(name) for name in names))
    axes = figure.add_axes((left, bottom, 0.97 - left, top - bottom))
    places = list(range(len(chart.bars)))
    starts = [0] * len(chart.bars)
    for at, colour in enumerate(_colours(chart.series)):
        values = [bar.values[at] for bar in chart.bars]
        axes.barh(places, values, left=starts, height=0.72, color=colour, linewidth=0)
        starts = [start + value for start, value in zip(starts, values, strict=True)]
    most = max(1, *starts)
    for place, total in zip(places, starts, strict=True):
        axes.text(total + most * 0.012, place, f"{total:,}", size=10.5, weight="bold", color=INK, va="center")
    axes.set_xlim(0, most * 1.1)
    axes.set_ylim(len(chart.bars) - 0.5, -0.5)
    axes.set_yticks(places)
    axes.set_yticklabels(names, size=10.5, color=INK, parse_math=False)
    axes.tick_params(axis="y", length=0, pad=6)
    axes.set_xticks([])
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(RULE)


def _shortened(name: str) -> str:
    plain = _plain(name)
    return plain if len(plain) <= NAME_AT_MOST else plain[: NAME_AT_MOST - 1] + "…"


def _plain(text: str) -> str:
    """Text that the built-in font can show: control characters and anything beyond its plane would be boxes."""
    return "".join(char for char in text if char.isprintable() and ord(char) < 0x2E80)
