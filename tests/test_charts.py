"""Pictures: what is drawn is a PNG of a phone's width, whatever the names are, and threads do not disturb each other."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.charts import Bar, Chart, draw


def chart(
    *bars: Bar, series: tuple[str, ...] = ("President", "Secretary of State"), title: str = "Where they travelled"
) -> Chart:
    return Chart(title, "1997–2024 · stays", series, bars or (Bar("1  France", (17, 80)),), "Source: somewhere.")


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_a_picture_is_as_wide_as_a_phone_and_as_long_as_its_bars() -> None:
    few = size(draw(chart()))
    many = size(draw(chart(*(Bar(f"{n}  Country", (n, n)) for n in range(25)))))
    assert few[0] == many[0] == 1080
    assert few[1] < many[1] < 2200


NAMES = ["Türkiye", "Côte d’Ivoire", "$x^2$ & _y_", "한국", "🇫🇷 France", "x" * 200, "a\nb\x00c", "", "السعودية"]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_drawn_without_a_warning(name: str) -> None:
    # Warnings are errors here: a glyph the font lacks would be one.
    draw(chart(Bar(name, (1, 2)), title=name or "Empty"))


@pytest.mark.parametrize("series", [("",), ("A", "B"), ("A", "B", "C")])
def test_bars_may_have_one_to_three_parts(series: tuple[str, ...]) -> None:
    draw(chart(Bar("France", tuple(range(1, len(series) + 1))), series=series))


def test_bars_of_nothing_are_drawn_and_no_bars_are_refused() -> None:
    draw(chart(Bar("France", (0, 0))))
    with pytest.raises(ValueError, match="needs bars"):
        draw(Chart("t", "s", ("A",), (), "x"))


def test_the_same_chart_drawn_on_several_threads_is_the_same_picture() -> None:
    with ThreadPoolExecutor(4) as pool:
        pictures = list(pool.map(lambda _: draw(chart()), range(8)))
    assert len(set(pictures)) == 1


def test_colours_keep_their_office() -> None:
    from PIL import Image

    picture = Image.open(io.BytesIO(draw(chart(Bar("France", (10, 10)))))).convert("RGB")
    colours = {picture.getpixel((x, picture.height * 2 // 3)) for x in range(picture.width)}
    assert {(0x1F, 0x4E, 0x8C), (0xE0, 0x8A, 0x2C)} <= colours
