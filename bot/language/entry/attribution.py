"""Who said it, in what office, on what day: "X told Y on Saturday that", "…, X said", "according to X", "X: …", "said by X".

The clause is taken out of sight before anything else is read: the speaker's rank is not the level of the talks, the
speaker's country is no side for speaking, and the day of speaking is not the day of the talks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.language.entry.units import Units
from bot.language.names import Mention
from store.parties import fold
from store.records import Level

_WHO_LAST = r"[TJPOfAYNxw\-]{1,11}?(?:,[TJPOfN]{2,6}(?=,?S)|x?[tw]T?[xM](?=S))?"
NAME = r"N{1,6}(?:-N{1,2})?"
_WHO = r"[TJPOfAYNxi,\-]{1,14}?"
_BY = rf"(?:[TJPOY]|f(?=[TJPO])){{0,7}}(?:{NAME}O?(?:A{NAME})?)?(?:,[TJPO]{{1,5}}(?=[,.D]|$))?"
_TAIL = (
    r"(?:(?:[TNOJPYAf]{1,6}|x)?(?:[iofy][TJNxPOYMf#]{1,5})?(?:w[TNPOJxf]{1,5})?(?:[iof][TJNxPOYM]{1,5})?D?(?:i[PYN]{1,2})?h"
    r"|(?:[TNOJY]{1,5}|x)?(?:[iofty][TJNxPOYM]{1,5})?(?:w[TNPOJxf]{1,5})?D?(?:i[PYN]{1,2})?D?(?=[,:\"—]|$)"
    r"|[TNOJPYA]{1,5}D|[iofy]T?[JxNPO]{1,3}(?:w[TNPOJxf]{1,5})?D|[TNOJ]{1,4}D|D(?![a-zA-Z]*-)|(?=.))"
)
_FORMS = (
    re.compile(r"^(?P<line>(?:[PYN],?){1,2}(?P<d>D?),?\(N{1,3}\)[—,:]*)"),
    re.compile(rf'^"?(?:k[iofytwTJNxPOYMD]{{0,8}},)?(?P<d>D,?)?(?P<who>{_WHO}),?(?P<verb>W?S)(?P<tail>{_TAIL})[,:"]*'),
    re.compile(rf'(?:[,"—]|(?<=#))+(?P<who>{_WHO_LAST}|q)(?P<verb>S)(?P<tail>{_TAIL})(?=[,"—]|$)'),
    re.compile(r'[,"—]+(?P<verb>S)(?P<who>[TJPOfYN\-]{1,9})(?P<tail>(?:t[TN]{1,3})?D?)(?=[,"—]|$)'),
    re.compile(rf'[,"—(]*a[:,]?(?P<who>{_BY})(?P<tail>(?:t[TNO]{{1,4}})?D?(?:t[TNO]{{1,4}})?)\)?'),
    re.compile(rf'^"?(?P<who>T?[JPO]{{0,4}}(?:{NAME})?(?:(?<=[OPN])))(?P<tail>D?):"?'),
    re.compile(rf'(?P<dash>—)"?(?P<who>T?[JPO]{{0,4}}(?:{NAME})?(?<=[OPN]))(?P<tail>D?)$'),
    re.compile(r"\((?P<who>N{1,3}|P)(?P<tail>,?D?)\)$"),
)
_TURNED = re.compile(r',S(?!D)[TJPOfYN\-]{1,9}(?:t[TN]{1,3})?D?(?=[.,"—]|$)')
_LABELS_TEXT = (
    "breaking exclusive analysis opinion explainer watch live update urgent flash alert news correction background "
    "context reminder scoop factbox timeline new confirmed report rumour rumor note agenda when where who what place "
    "date time sides format status readout from to press statement transcript summary thread fyi status talks meeting "
    "developing latest read via source subject topic topics venue participants round level"
)
_LABELS = frozenset(_LABELS_TEXT.split())
_BODIES_TEXT = (
    "agency ministry council service news press tv radio times post office department embassy government army parliament "
    "committee mfa"
)
_BODIES = frozenset(_BODIES_TEXT.split())
_HOUSES = frozenset(("kremlin", "white house", "pentagon", "elysee", "downing street", "bankova", "state department"))
"""Names of a party that are also names of those who speak for it."""
_AGENCY_VERBS = frozenset(("report", "reports", "reported", "reporting", "writes", "quoted", "cited", "learned", "understands"))


@dataclass(slots=True)
class Speaker:
    """Who spoke. `party` is the one the words tie them to, `day` the units of the words of time.

    `nameless` where the words name a party and nobody who speaks for it.
    """

    name: str | None = None
    office: str | None = None
    party: str | None = None
    parties: tuple[str, ...] = ()
    level: Level = Level.UNSTATED
    day: tuple[int, int] | None = None
    agency: bool = False
    start: int = 0
    nameless: bool = False


def read(units: Units) -> list[Speaker]:
    """Every clause of saying, best first, each taken out of the units; the words of time in it are left to be read."""
    found: list[Speaker] = []
    for start, end in units.sentences():
        if (
            end - start > 2
            and units.letters[start + 1] == ":"
            and units.items[start].folded in _LABELS
            and units.letters[start] != "G"
        ):
            units.take(start, start + 2)
            start += 2
        for form in _FORMS:
            while (match := form.search(units.letters[start:end])) and _sound(units, match, start):
                found.append(_take(units, match, start))
                if len(found) > 40 or form.pattern.startswith("^"):
                    break
    return sorted(found, key=lambda s: (s.name is None, s.agency, s.office is None))


def _sound(units: Units, match: re.Match[str], base: int) -> bool:
    groups = match.groupdict()
    if "line" in groups:
        return True
    who = groups["who"] or ""
    if "verb" in groups and who == "q":
        return True
    a, b = match.span("who")
    if match.re is _FORMS[1] and "x" in who and _TURNED.match(units.letters, base + match.end("who")):
        return False  # "US supports a ceasefire, said Rubio": who spoke comes after the verb
    if who == "N" and _is_label(units.items[base + a].text):
        return False
    if "verb" not in groups and not re.search("[PN]", who):
        return False
    if not re.search("[PON]", who) or who.count("x") > 3 or who.count("A") > 1:
        return False
    if re.fullmatch(r"[TJ]*P(?:,[TJ]*P)*,?A[TJ]*P", who):
        return True
    if "dash" in groups and who == "P" and not re.search("[WVCUtM]", units.letters[base : base + a]):
        return False  # "Ecuador / Peru"
    if "verb" in groups:
        return not re.search("[PN],[TJ]?[PN]", who) or bool(re.search("N,[TJ]*P[JOP]*O", who))
    return "dash" not in groups or len(units.words(base + a, base + b)) < 60


def _take(units: Units, match: re.Match[str], base: int) -> Speaker:
    groups = match.groupdict()
    start, end = base + match.start(), base + match.end()
    spoken = _speaker(units, base + match.start("who"), base + match.end("who")) if groups.get("who") else Speaker(agency=True)
    spoken.start = start
    days = [i for i in range(start, end) if units.letters[i] == "D"]
    if days:
        spoken.day = (units.items[days[0]].start, units.items[days[-1]].end)
    if groups.get("verb"):
        verb = units.items[base + match.end("verb") - 1].folded
        spoken.agency = spoken.agency or verb in _AGENCY_VERBS
    units.take(start, end)
    return spoken


def _speaker(units: Units, start: int, end: int) -> Speaker:
    """The name, the office and the party in the words for who spoke."""
    letters = units.letters[start:end]
    if letters == "q":
        return Speaker()
    parties = [unit.value for unit in units.items[start:end] if isinstance(unit.value, Mention)]
    party = next((m.codes[0] for m in parties if not m.ambiguous), None)
    codes = tuple(m.codes[0] for m in parties if not m.ambiguous)
    levels = [unit.value for unit in units.items[start:end] if unit.part == "O" and isinstance(unit.value, Level)]
    level = levels[-1] if levels else Level.UNSTATED
    if any(unit.folded in _BODIES for unit in units.items[start:end] if unit.part == "N"):
        return Speaker(_bare(units.words(start, end)), None, party, codes, level, agency=True)
    names = re.search(rf"{NAME}(?:A{NAME})?", letters)
    if names is None or letters.count("A") > 1:
        words = _bare(units.words(start, end))
        nameless = not re.search("[ON]", letters) and fold(words) not in _HOUSES
        return Speaker(words, None, party, codes, level, nameless=nameless)
    last = units.items[start + names.end() - 1]
    if last.text.endswith(("'s", "’s")) and "O" in letters[names.end() :]:
        return Speaker(_bare(units.words(start, end)), None, party, codes, level)
    office = _office(units, start, end)
    name = units.words(start + names.start(), start + names.end())
    return Speaker(name, office, party, codes[:1], level)


def _bare(words: str) -> str:
    return re.sub(r"^(?:the|a|an|her|his|their|its)\s+", "", words, flags=re.IGNORECASE)


def _is_label(word: str) -> bool:
    """True for what heads a message rather than speaks: "BREAKING:"; a lone word in another script is none of our names."""
    return word.lower() in _LABELS or not "".join(c for c in fold(word) if c.isalpha()).isascii()


def _office(units: Units, start: int, end: int) -> str | None:
    """The words of office: "Deputy Foreign Minister", "spokesman of the President of Russia"."""
    found = re.search("J*O+(?:f[TJ]*(?:O|P)+(?:fT?P)?)?", units.letters[start:end])
    return units.words(start + found.start(), start + found.end()) or None if found else None
