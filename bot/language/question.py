"""Reading a question: rest-words in any order become parties, topics, levels, statuses, places, days and record numbers.

Nothing is dropped in silence: a word that means nothing here is named in `unread`, with near misses where there are any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from bot.language import names, when, words
from bot.language.names import Mention
from bot.language.words import Ref, Token
from store import parties, topics
from store.database import Session
from store.records import Level, NameKind, PlaceState, Status, Window

T = TypeVar("T")

WORDS_READ = 60
CHARACTERS_READ = 2000
"""What is beyond either is named as unread, shortened."""
NO_READING = when.Reading("", Window())
SUGGESTED_FOR = 4
"""How many unread words near misses are looked for."""

_STOP_TEXT = (
    "a about after again against all also am an and any are around as at be been before between both but by can "
    "come coming concerning consultation consultations could current currently did discussion discussions do does during "
    "ever every first for forthcoming from get give happen happened happening has have how i if in into is it its last "
    "latest let list me meet meeting meetings meets met more most my near negotiation negotiations next now of on onto or "
    "our over party per please plus position positions record regarding round rounds s say says said see show since so some "
    "stance stand stands state such take talk talks tell than that the their them then there these they this those to "
    "toward towards track two under until up upcoming versus via view views vs was we were what when where which who whom "
    "whose why will with would you level levels line country countries"
)
STOP_WORDS = frozenset(_STOP_TEXT.split())
"""Words that say nothing of their own in a question: passed over without a word."""

_PLACE_WORDS = ("in", "at", "inside")
AS_OF = re.compile(r"(?<!\w)as[\s-]*(?:of|at)(?!\w)", re.IGNORECASE)

# Cities where talks are held although they are no capital, with the code of their country.
_CITIES: Mapping[str, str] = {
    "almaty": "kz", "bonn": "de", "burgenstock": "ch", "camp david": "us", "davos": "ch", "diriyah": "sa",
    "dubai": "ae", "geneva": "ch", "glasgow": "gb", "goa": "in", "hiroshima": "jp", "istanbul": "tr", "jeddah": "sa",
    "johannesburg": "za", "kazan": "ru", "lausanne": "ch", "lugano": "ch", "milan": "it", "montreux": "ch", "munich": "de",
    "new york": "us", "rio de janeiro": "br", "sharm el sheikh": "eg", "shanghai": "cn", "sochi": "ru", "st petersburg": "ru",
    "strasbourg": "fr", "vladivostok": "ru", "zurich": "ch",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked.

    `parties` are codes in the order named, without the ambiguous, which are in `ambiguous` for the person to choose.
    `topics` are keys; `party_topics` gives, by party code, the topics read from the very same words ("nato" may be both:
    the command decides). `places` are codes of countries named as a place ("in Riyadh": `sa`). `window` is when; where the
    words could mean several, it is None, `readings` has them, `date_question` asks, and the words are at `date_span`. `as_of`
    is True where the day was given as one to look back from. `unread` are the words not understood, `suggestions` names near
    to them.
    """

    parties: tuple[str, ...] = ()
    ambiguous: tuple[Mention, ...] = ()
    mentions: tuple[Mention, ...] = ()
    topics: tuple[str, ...] = ()
    party_topics: dict[str, tuple[str, ...]] = field(default_factory=dict)
    levels: tuple[Level, ...] = ()
    statuses: tuple[Status, ...] = ()
    places: tuple[str, ...] = ()
    place_states: tuple[PlaceState, ...] = ()
    window: Window | None = None
    readings: tuple[Window, ...] = ()
    date_question: str | None = None
    date_span: tuple[int, int] | None = None
    as_of: bool = False
    refs: tuple[Ref, ...] = ()
    unread: tuple[str, ...] = ()
    suggestions: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class _Hits:
    """What is gathered while the tokens are walked through."""

    mentions: list[Mention] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    party_topics: dict[str, tuple[str, ...]] = field(default_factory=dict)
    values: list[words.Value] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read(session: Session, text: str, *, now: datetime, zone: str, order: str = "DMY") -> Question:
    """Reads rest-words asked at `now` (aware) by someone in `zone` (IANA) who writes dates in `order` ("DMY", "MDY", "YMD").

    Two queries when there are words, none without, a few more for near misses. Takes any text and never fails for it.
    """
    if not text.strip():
        return Question()
    head, rest = _cut(text)
    found_refs = words.refs(head)
    as_of = AS_OF.search(head)
    masked = _blank(head, [(ref.start, ref.end) for ref in found_refs] + ([as_of.span()] if as_of else []))
    lexicon = _Lexicon.of(session, runs := _segments(masked))
    hits, reading = _walk(lexicon, head, runs), NO_READING
    if hits.unread or as_of:  # only then can there be words of time: reading them costs more than all the rest
        reading = _read_day(masked, as_of.end() if as_of else 0, now=now, zone=zone, order=when.DateOrder(order))
        if reading.span:
            hits = _walk(lexicon, head, _segments(_blank(masked, [reading.span])))
    unread = [*dict.fromkeys(hits.unread), *([rest] if rest else [])]
    if as_of and not reading.span:
        unread.append(as_of.group())
    single = [m for m in hits.mentions if not m.ambiguous]
    return Question(
        parties=_unique(m.codes[0] for m in single),
        ambiguous=tuple(m for m in hits.mentions if m.ambiguous),
        mentions=tuple(hits.mentions),
        topics=_unique(hits.topics),
        party_topics=hits.party_topics,
        levels=_unique(v for v in hits.values if isinstance(v, Level)),
        statuses=_unique(v for v in hits.values if isinstance(v, Status)),
        places=_unique(hits.places),
        place_states=_unique(v for v in hits.values if isinstance(v, PlaceState)),
        window=reading.window if reading.dated else None,
        readings=reading.readings,
        date_question=reading.question,
        date_span=reading.span,
        as_of=bool(as_of and reading.span),
        refs=_unique(ref.value for ref in found_refs),
        unread=tuple(unread),
        suggestions=_suggestions(session, hits.unread),
    )


def _read_day(text: str, after: int, *, now: datetime, zone: str, order: when.DateOrder) -> when.Reading:
    """The words of time: those that follow "as of" where there are any, as "1997" before it may be a topic."""
    reading = NO_READING
    if after:
        reading = when.read(_blank(text, [(0, after)]), said_on=now, zone=zone, order=order, terse=True)
    return reading if reading.span else when.read(text, said_on=now, zone=zone, order=order, terse=True)


def _unique(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))


def _cut(text: str) -> tuple[str, str]:
    """What is read of a long text, and the rest, shortened to be named."""
    first = words.tokens(text[:CHARACTERS_READ], WORDS_READ + 1)
    if len(text) <= CHARACTERS_READ and len(first) <= WORDS_READ:
        return text, ""
    end = first[WORDS_READ - 1].end if len(first) > WORDS_READ else CHARACTERS_READ
    rest = " ".join(text[end : end + 200].split())
    return text[:end], f"{rest[:38]}…" if rest else ""


def _blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with some spans put out of sight: line breaks for characters, so that all places stay true."""
    for start, end in spans:
        text = text[:start] + "\n" * (end - start) + text[end:]
    return text


def _segments(masked: str) -> list[list[Token]]:
    """The words that are left, in runs that no line break or blanked span interrupts."""
    runs: list[list[Token]] = []
    previous: Token | None = None
    for token in words.tokens(masked):
        if previous is None or "\n" in masked[previous.end : token.start]:
            runs.append([])
        runs[-1].append(token)
        previous = token
    return runs


def _walk(lexicon: _Lexicon, text: str, runs: list[list[Token]]) -> _Hits:
    """Goes through the runs from left to right, at each word taking the longest thing that means something."""
    hits = _Hits()
    alone = sum(map(len, runs)) == 1
    for run in runs:
        barred = set() if alone else names.barred_words(run, prose=False)
        best: dict[int, tuple[int, _Sense]] = {}
        for (at, size), form in names.grams(run):
            # Runs come shortest first, and a run as it stands before the same without a possessive.
            if (at not in best or size > best[at][0]) and (sense := lexicon.sense(form, party=(at, size) not in barred)):
                best[at] = (size, sense)
        at = 0
        while at < len(run):
            if at in best:
                size, sense = best[at]
                _take(hits, text, run, at, size, sense)
                at += size
            else:
                _left_over(hits, text, run[at])
                at += 1
    return hits


@dataclass(frozen=True, slots=True)
class _Sense:
    """All that one run of words may mean."""

    entries: Sequence[tuple[str, NameKind]] = ()
    topics: Sequence[str] = ()
    value: words.Value | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The names that the store knows among the words asked."""

    parties: Mapping[str, Sequence[tuple[str, NameKind]]]
    topics: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, session: Session, runs: list[list[Token]]) -> _Lexicon:
        """Looks up every run of words that might be a name, in two queries."""
        forms = [form for run in runs for _, form in names.grams(run)]
        return cls(parties.named(session, forms), topics.named(session, forms))

    def sense(self, form: str, *, party: bool) -> _Sense | None:
        entries, keys = self.parties.get(form, ()) if party else (), self.topics.get(form, ())
        value, city = words.book().get(form), _CITIES.get(form)
        return _Sense(entries, keys, value, city) if entries or keys or value or city else None


def _take(hits: _Hits, text: str, run: list[Token], at: int, size: int, sense: _Sense) -> None:
    """Notes what a run of words means. A name is a party, a topic or both; else it is a word of the field, or a city."""
    start, end = run[at].start, run[at + size - 1].end
    if sense.entries and not sense.topics and (country := _place(run, at, sense.entries)):
        hits.places.append(country)
        return
    hits.topics += sense.topics
    if sense.entries:
        codes, kind = names.meaning(sense.entries)
        hits.mentions.append(Mention(start, end, text[start:end], codes, kind))
        if sense.topics and len(codes) == 1:
            hits.party_topics[codes[0]] = tuple(sense.topics)
    elif not sense.topics and sense.value is not None:
        hits.values.append(sense.value)
    elif not sense.topics and sense.city:
        hits.places.append(sense.city)


def _place(run: list[Token], at: int, entries: Sequence[tuple[str, NameKind]]) -> str | None:
    """The country meant as a place: "in Riyadh", "at the Vatican". "in Brussels" is Belgium, whoever else sits there."""
    before = at - 2 if at > 1 and run[at - 1].folded == "the" else at - 1
    if before < 0 or run[before].folded not in _PLACE_WORDS:
        return None
    codes = _unique(
        code for code, kind in entries if kind is not NameKind.DEMONYM and len(code) == 2 and code not in ("eu", "un")
    )
    if len(codes) > 1:
        codes = _unique(code for code, kind in entries if kind is NameKind.CAPITAL)
    return codes[0] if len(codes) == 1 else None


def _left_over(hits: _Hits, text: str, token: Token) -> None:
    if token.folded not in STOP_WORDS and token.bare not in STOP_WORDS:
        hits.unread.append(text[token.start : token.end])


def _suggestions(session: Session, unread: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Names near to the first unread words: parties, topics, and words of the field."""
    found: dict[str, tuple[str, ...]] = {}
    for word in list(dict.fromkeys(unread))[:SUGGESTED_FOR]:
        near = [party.name for party in parties.suggest(session, word)]  # "rusia" is Russia, not a topic with it in its name
        near = near or [topic.name for topic in topics.suggest(session, word)]
        if near := near or words.suggest(word):
            found[word] = _unique(near)[:3]
    return found
