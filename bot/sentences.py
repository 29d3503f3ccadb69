"""Where a sentence ends. A full stop does not say so by itself: "(draft treaty, Art. 4)", "the U.S. side", "Gen. Kellogg"."""

from __future__ import annotations

import re

_SHORT = re.compile(
    r"(?:Adm|Amb|Apr|Arts?|Aug|Brig|Capt|Col|Dec|Dept|Dr|Feb|Fig|Gen|Gov|Hon|Jan|Jr|Jul|Jun|Lt|Ltd|Maj|Messrs|Mrs?|Ms|Nov|Oct|"
    r"Para|Pres|Prof|Rep|Res|Rev|Sec|Sen|Sept?|Sgt|Sr|St|cf|e\.g|eds?|fig|i\.e|paras?|pp|resp|vs)\Z"
)
"""Words that are written with a full stop, without it. Not those that end sentences as well ("no", "etc"): of these a number
or a small letter after the stop tells. Single letters ("U.S.", "J. D. Vance") need not be here."""

_INITIALS = re.compile(r"(?:\w\.)*\w\Z")
_STOP = re.compile(r"[.;:](?=\s)")
_BRACKETS = {"(": ")", "[": "]", "“": "”", "«": "»"}


def first_sentence(words: str, limit: int = 160) -> str:
    """The first sentence of a text, cut at a word where even that is long."""
    ends = (found.start() for found in _STOP.finditer(words) if _ends(words, found.start()))
    sentence = words[: next(ends, len(words))].rstrip(".")
    return sentence if len(sentence) <= limit else sentence[:limit].rsplit(" ", 1)[0] + "…"


def _ends(words: str, at: int) -> bool:
    """Does the sign at this place end a sentence or a clause that stands by itself?"""
    before = words[:at]
    if not before.strip() or any(before.count(opened) > before.count(closed) for opened, closed in _BRACKETS.items()):
        return False
    if words[at] != ".":
        return True
    after = words[at + 1 :].lstrip()[:1]
    last = before.split()[-1].lstrip("([“\"'«")
    return not (after.isdigit() or after.islower() or _SHORT.match(last) or _INITIALS.match(last))
