"""Reading what `/draft` is asked: which drafts, which issue, which version, which words of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.commands.base import Ask, Trouble
from bot.draft_wording import STATUSES
from bot.language import names, words
from bot.reply import Button, Part, Quiet, line
from store import drafts_heads, drafts_lists, parties, topics
from store.database import Session
from store.drafts_lists import Filter
from store.errors import NotOnRecord
from store.parties import fold
from store.records import Clause, Draft, DraftStatus, NameKind

EXAMPLE = "/draft show D-1"
SHOWN = 60

_NUMBER = re.compile(r"(?<![\w/.-])(?:d\s*[-‐‑–]?\s*)?(\d{1,9})(?![\w/-])", re.IGNORECASE)
_SYMBOL = re.compile(r"\b[A-Z]{1,4}(?:/[A-Z0-9.-]+){1,6}\b", re.IGNORECASE)
_JOINED = re.compile(r"(?<!\w)(?:and|with|against|vs?\.?|to)(?!\w)|[,;&+]", re.IGNORECASE)
"""What stands between the numbers of several drafts."""
_VERSION = re.compile(r"(?<!\w)(?:v|version)\s*(\d{1,4})(?!\w)", re.IGNORECASE)
_ON = re.compile(r"(?:^|\s)on\s+(.+)$", re.IGNORECASE | re.DOTALL)
_PAGE = re.compile(r"(?:^|\s)page\s+(\d{1,4})\s*$", re.IGNORECASE)
_FILLER_TEXT = "a all about and any by draft drafts for from in me of on our please show the text texts with"
_FILLERS = frozenset(_FILLER_TEXT.split())

# Ways to say a status besides its own word; longer ones first.
_STATUS_WORDS = {
    "never put to a vote": DraftStatus.NEVER_VOTED,
    "never voted": DraftStatus.NEVER_VOTED,
    "not voted": DraftStatus.NEVER_VOTED,
    "voted down": DraftStatus.REJECTED,
    "passed": DraftStatus.ADOPTED,
    "open": DraftStatus.TABLED,
    **{words_: status for status, words_ in STATUSES.items()},
}
_ORGANS = ("un", "unga", "unsc")
"""Parties whose names, in a list of drafts, are rather the organ's that a text is before."""
_NOT_WRITTEN = (NameKind.FLAG, NameKind.METONYM, NameKind.CAPITAL)
_IN_PLAY = ("in play", "pending", "open")


def short(text: str) -> str:
    """Words as an answer quotes them."""
    return f"“{text if len(text) <= SHOWN else text[: SHOWN - 1] + '…'}”"


def by_symbol(session: Session, ask: Ask, symbol: str) -> int:
    """The one draft with a symbol. Raises Trouble where there is none, or where several have it."""
    known = drafts_lists.by_symbol(session, symbol)
    if not known:
        raise Trouble(f"No draft with the symbol {symbol[:SHOWN]} is on record.", example="/draft list")
    if len(known) > 1:
        titles = [f"{d.label} ({d.title[:SHOWN]})" for d in drafts_heads.heads(session, known[:4])]
        buttons = tuple(Button(f"D-{n}", ask.line(ask.rest.replace(symbol, f"D-{n}"))) for n in known[:4])
        raise Trouble(
            f"{symbol[:SHOWN]} is the symbol of {' and '.join(titles)}. Which one?", buttons=buttons,
            example=ask.line(ask.rest.replace(symbol, f"D-{known[0]}")),
        )  # fmt: skip
    return known[0]


def unread(words: str) -> list[Part]:
    """A line that names the words that were not understood, if there are any."""
    return [line(Quiet(f"I did not understand {short(words)}."))] if words else []


def numbers_in(session: Session, ask: Ask, text: str) -> tuple[list[int], str]:
    """The drafts that a text names, by number or by symbol, and the words that are left. Raises Trouble for a bad symbol."""
    found: list[tuple[int, int]] = []
    left = text
    for match in _SYMBOL.finditer(text):
        found.append((match.start(), by_symbol(session, ask, match.group())))
        left = left.replace(match.group(), " " * len(match.group()))
    found += [(match.start(), int(match.group(1))) for match in _NUMBER.finditer(left)]
    left = _NUMBER.sub(" ", left)
    return list(dict.fromkeys(number for _, number in sorted(found))), " ".join(left.split())


def labelled(session: Session, ask: Ask) -> str:
    """The words with each symbol in them as the number of its draft: `A/RES/ES-11/7` as `D-1`."""
    return _SYMBOL.sub(lambda found: f"D-{by_symbol(session, ask, found.group())}", ask.rest)


def one_number(session: Session, ask: Ask, example: str) -> tuple[int, str]:
    """The one draft asked about and the words after it. Raises Trouble where none, or more, are named."""
    found, left = numbers_in(session, ask, ask.rest)
    if len(found) == 1:
        return found[0], left
    if not found:
        given = f"{short(ask.rest)} names no draft like D-2" if ask.rest else "Say which draft, like D-2"
        raise Trouble(f"{given}.", nearest="/draft list shows those on record.", example=example)
    raise Trouble(f"One draft at a time; you named {len(found)}.", example=f"/draft compare {_labels(found)}")


def _labels(numbers: Sequence[int]) -> str:
    return " ".join(f"D-{number}" for number in numbers[:4])


def between(words: str) -> str:
    """What is left of the words around several drafts without those that only join them: `D-1, D-2 and D-3`."""
    return " ".join(_JOINED.sub(" ", words).split())


def issue_in(text: str) -> tuple[str, str]:
    """The words before `on …`, and what follows it."""
    found = _ON.search(f" {text}")
    return (text, "") if found is None else (f" {text}"[: found.start()].strip(), found.group(1).strip())


def versions_in(text: str) -> tuple[list[int], str]:
    """The versions that a text names (`v1 v2`), and the words without them."""
    return [int(n) for n in _VERSION.findall(text)], " ".join(_VERSION.sub(" ", text).split())


def issues_of(found: Sequence[Draft]) -> dict[str, str]:
    """The issues of some drafts in the order met: folded, with the words of the first."""
    issues: dict[str, str] = {}
    for draft in found:
        for key, clauses in clauses_by_issue(draft).items():
            issues.setdefault(key, clauses[0].issue)
    return issues


def clauses_by_issue(draft: Draft) -> dict[str, list[Clause]]:
    """The clauses of a draft by their issues, folded, in the order met."""
    found: dict[str, list[Clause]] = {}
    for clause in draft.clauses:
        found.setdefault(fold(clause.issue) or clause.issue, []).append(clause)
    return found


def one_issue(text: str, issues: dict[str, str], command: str) -> str:
    """The folded issue that words mean. Raises Trouble with the issues there are, the nearest first."""
    sought = fold(text)
    if sought in issues:
        return sought
    inside = [key for key in issues if sought and (sought in key or set(sought.split()) <= set(key.split()))]
    if len(inside) == 1:
        return inside[0]
    ordered = _nearest(sought, inside or list(issues))
    listed = ", ".join(issues[key] for key in ordered[:8])
    nearest = f"Did you mean {issues[ordered[0]]}? On record: {listed}." if ordered else "None of these texts has clauses."
    buttons = tuple(Button(issues[key][:70], f"{command} on {issues[key]}") for key in ordered[:3])
    raise Trouble(
        f"{short(text)} is no issue of these texts.", nearest=nearest, buttons=buttons,
        example=f"{command} on {issues[ordered[0]]}" if ordered else None,
    )  # fmt: skip


def _nearest(sought: str, keys: list[str]) -> list[str]:
    from rapidfuzz import fuzz

    return sorted(keys, key=lambda key: -fuzz.partial_ratio(sought, key))


def together(session: Session, numbers: Sequence[int]) -> None:
    """Raises NotOnRecord for the first of some numbers that no draft has."""
    if unknown := drafts_heads.unknown(session, numbers):
        raise NotOnRecord(f"D-{unknown[0]}")


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list was asked for: its filter, the page, the words as typed, and how to say the filter."""

    chosen: Filter
    page: int
    words: str
    about: str


def list_words(session: Session, ask: Ask) -> Listed:
    """Reads the words of `/draft list`: parties with their name on it, topics, statuses, else words of the title."""
    paged = _PAGE.search(ask.rest)
    text = ask.rest[: paged.start()].strip() if paged else ask.rest.strip()
    if len(text) > 500:
        raise Trouble("That is more than I can look for at once. Use fewer words.", example="/draft list russia adopted")
    statuses, left = _statuses(text)
    topic_keys, left = _topics(session, left, least=2)
    mentions, left = mentioned(session, ask, left)
    found = [code for code in mentions if code not in _ORGANS]
    organs = [code for code in mentions if code in _ORGANS]
    more_topics, left = _topics(session, left) if not topic_keys else ([], left)
    topic_keys += more_topics
    sought = tuple(token.text for token in words.tokens(left) if token.folded not in _FILLERS)[:8]
    codes = tuple(found)
    ways = tuple(_written(session, organ) for organ in organs)
    chosen = Filter(codes, statuses, tuple(topics.subtree_of(session, topic_keys)), sought, ways)
    named, known_topics = parties.names_of(session, mentions), topics.by_keys(session, topic_keys)
    about = [named[c] for c in mentions if c in named] + [known_topics[k].name for k in topic_keys if k in known_topics]
    about += [STATUSES[s] for s in statuses] + [short(word) for word in sought]
    return Listed(chosen, max(1, int(paged.group(1))) if paged else 1, text, "".join(f" · {word}" for word in about))


def mentioned(session: Session, ask: Ask, text: str) -> tuple[list[str], str]:
    """The codes of the parties that words name, and the words without them. Asks back where a name could mean two."""
    found = names.find(session, text)
    for mention in found:
        if mention.ambiguous:
            known = parties.names_of(session, mention.codes)
            options = [known[code] for code in mention.codes if code in known]
            buttons = tuple(Button(name[:70], ask.line(ask.rest.replace(mention.text, name, 1))) for name in options[:5])
            raise Trouble(f"“{mention.text}” could mean {' or '.join(options)}. Which one?", buttons=buttons)
    left = text
    for mention in reversed(found):
        left = left[: mention.start] + " " * len(mention.text) + left[mention.end :]
    return list(dict.fromkeys(mention.codes[0] for mention in found)), left


def _written(session: Session, organ: str) -> tuple[str, ...]:
    """The ways to write the name of an organ; short ones only at the beginning of it."""
    party = parties.get(session, organ)
    every = [party.name, *(name.name for name in party.names if name.kind not in _NOT_WRITTEN)] if party else [organ]
    plain = dict.fromkeys(name.lower() for name in every if name.isascii())
    return tuple(name if len(name) > 4 else f"\n{name} " for name in plain)


def _statuses(text: str) -> tuple[tuple[DraftStatus, ...], str]:
    found: list[DraftStatus] = []
    for phrase in (*_IN_PLAY, *sorted(_STATUS_WORDS, key=len, reverse=True)):
        spaced = phrase.replace(" ", r"[\s-]+")
        pattern = re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE)
        if pattern.search(text):
            found += drafts_lists.IN_PLAY if phrase in _IN_PLAY else [_STATUS_WORDS[phrase]]
            text = pattern.sub(" ", text)
    return tuple(dict.fromkeys(found)), text


def _topics(session: Session, text: str, *, least: int = 1) -> tuple[list[str], str]:
    """The topic with the longest name among the words, if one has at least so many, and the words without it."""
    found_words = words.tokens(text)
    keys: list[str] = []
    for size in range(min(6, len(found_words)), least - 1, -1):
        for at in range(len(found_words) - size + 1):
            run = found_words[at : at + size]
            known = topics.named(session, [fold(text[run[0].start : run[-1].end])])
            if known:
                keys += next(iter(known.values()))[:1]
                return keys, text[: run[0].start] + " " + text[run[-1].end :]
    return keys, text
