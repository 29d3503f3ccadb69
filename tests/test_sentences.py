"""Where sentences end, and where only a stop stands."""

from __future__ import annotations

import pytest

from bot.sentences import first_sentence


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("No forces (draft treaty, Art. 4). No enlargement (Art. 6).", "No forces (draft treaty, Art. 4)"),
        ("Not raised; that it moves is known.", "Not raised"),
        ("He asks one thing: go. Then", "He asks one thing"),
        ("The U.S. side met J. D. Vance. Then", "The U.S. side met J. D. Vance"),
        ("Gen. Kellogg met Mr. Yermak on Feb. 20. Then", "Gen. Kellogg met Mr. Yermak on Feb. 20"),
        ("Resolution No. 2774 went through. Then", "Resolution No. 2774 went through"),
        ("The answer is no. Then it said more.", "The answer is no"),
        ("It begins at 5 p.m. in Riyadh. Then", "It begins at 5 p.m. in Riyadh"),
        ("Says “we come. We stay.” and means it. Then", "Says “we come. We stay.” and means it"),
        ("One thing (a bracket that never closes. Then more", "One thing (a bracket that never closes. Then more"),
        ("A line.\nAnother line.", "A line"),
        ("No stop at all", "No stop at all"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_first_sentence(words: str, first: str) -> None:
    assert first_sentence(words) == first


def test_a_long_one_is_cut_at_a_word() -> None:
    assert first_sentence("word " * 40, 12) == "word word…"
