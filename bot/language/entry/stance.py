"""Positions and replies in a sentence: who stands where on what, in which words, said by whom and when."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from bot.language import names, words
from bot.language.entry import attribution, units
from bot.language.entry import taken as taken_from
from bot.language.entry.attribution import Speaker
from bot.language.entry.leftovers import uncovered
from bot.language.entry.markup import plain
from bot.language.entry.model import PositionEntry, ReplyEntry, Run
from bot.language.entry.negation import AnyStance
from bot.language.entry.talks import Said, spoken_on
from bot.language.entry.units import Unit, Units
from bot.language.names import Mention
from bot.language.words import Found, Ref
from store import topics
from store.database import Session
from store.records import ReplyStance, Stance

_QUOTE = re.compile(r"\"([^\"\n]{3,})\"|“([^”\n]{3,})”|«([^»\n]{3,})»|„([^“”\n]{3,})[“”]|(?<!\w)‘([^’\n]{9,})’(?!\w)")
_OPENS = re.compile(r"^[\s,:;.–—-]+(?:(?:that|to|it|on)\s+)?", re.IGNORECASE)
_THAT = re.compile(r"^that\s+", re.IGNORECASE)
_BARE = ("it", "this", "that", "them", "these", "those")
"""These point to something and are no statement by themselves."""
_BY = re.compile(r"\s+by\s+(?:the\s+)?", re.IGNORECASE)
_AUXILIARY = re.compile(r"(?:\s+(?:is|are|was|were|be|been|being|has|have|had|will|would))+\s*$", re.IGNORECASE)
_DAY_LAST = re.compile(r"(?<=[,(—])D(?=[,).#\"—]*$)")
_MARKS = ' \t\n,;:.–—-"“”„«»'
_AS_POSITION = {ReplyStance.REJECTS: Stance.OPPOSES, ReplyStance.ENDORSES: Stance.SUPPORTS}
_AS_REPLY = {
    Stance.OPPOSES: ReplyStance.REJECTS,
    Stance.SUPPORTS: ReplyStance.ENDORSES,
    Stance.CONDITIONAL: ReplyStance.CONDITIONAL,
    Stance.DECLINES: ReplyStance.DECLINES,
}


@dataclass(slots=True)
class _Statement:
    """What positions and replies have in common. `taken` are the characters read."""

    entry: PositionEntry
    stance: AnyStance | None
    refs: list[Found[Ref]]
    found: Units
    taken: list[Run]


def read_position(session: Session, text: str, said: Said) -> PositionEntry:
    """The position a text tells of."""
    told = _read(session, text, said)
    stance = told.stance
    own = _AS_POSITION.get(stance) if isinstance(stance, ReplyStance) else stance
    if isinstance(stance, ReplyStance) and own is None:
        own = Stance(stance.value)
    return replace(told.entry, stance=own, unread=uncovered(told.found, told.taken), spans=tuple(sorted(told.taken)))


def read_reply(session: Session, text: str, said: Said) -> ReplyEntry:
    """The reply a text tells of: like a position, with the number of the position it answers."""
    told = _read(session, text, said)
    stance = told.stance
    own = _AS_REPLY.get(stance) if isinstance(stance, Stance) else stance
    entry = told.entry
    answered = next((ref.value.label for ref in told.refs if ref.value.letter == "P"), None)
    return ReplyEntry(
        position=answered,
        party=entry.party,
        stance=own,
        summary=entry.summary,
        quote=entry.quote,
        speaker=entry.speaker,
        office=entry.office,
        said_on=entry.said_on,
        urls=entry.urls,
        denied=entry.denied,
        unread=uncovered(told.found, told.taken),
        plain=entry.plain,
        spans=tuple(sorted(told.taken)),
    )


def _read(session: Session, text: str, said: Said) -> _Statement:
    seen = plain(text)
    found = units.read(session, seen.text)
    stances = _stances(found)
    quote = max(_QUOTE.finditer(seen.text), key=lambda m: len(m.group()), default=None)
    speakers = attribution.read(found)
    day = spoken_on(found, speakers, said) or _dated_after(found, said)
    speaker = next((s for s in speakers if s.name and not s.nameless), None)
    taken = list(found.spans)
    refs = [ref for ref in words.refs(seen.text) if ref.value.letter == "P"]
    taken += [(ref.start, ref.end) for ref in refs]
    hidden = [*taken, quote.span()] if quote else taken
    seen_as = taken_from.read(seen.text, stances, hidden)
    stance = seen_as.stance
    if stance is not None:
        taken.append((stance.start, stance.end))
    hidden = [*taken, quote.span()] if quote else taken
    subject = agent = _agent(found, stance) if stance else None
    if agent is None:
        first = [(0, seen_as.since), *_long_topics(session, seen.text)]
        subject = _subject(found, stance.start if stance else len(seen.text), [*hidden, *first])
    party = _party(subject, speakers)
    if subject is not None and not (seen_as.whole and subject.start > seen_as.start):
        taken.append((subject.start, subject.end))  # but "neither Russia nor China supports" stays whole
    key, topic_words, topic_at = _topic(session, seen.text, taken)
    if seen_as.whole:
        summary = _whole(found, seen_as, subject, taken, quote)
    elif agent is not None and stance is not None:
        summary = _undergone(found, (stance.start, agent.end), taken, quote)
    else:
        summary = _summary(found, stance, topic_at, taken, quote)
        if summary is None and seen_as.words:  # "will not accept it"
            summary = _whole(found, seen_as, subject, taken, quote)
    entry = PositionEntry(
        party=party,
        topic=key,
        topic_words=topic_words,
        summary=summary,
        quote=_inside(quote),
        speaker=speaker.name if speaker else None,
        office=speaker.office if speaker else None,
        said_on=day or said.said_on,
        urls=seen.urls,
        denied=seen_as.words,
        plain=seen.text,
    )
    return _Statement(entry, stance.value if stance else None, refs, found, taken)


def _stances(found: Units) -> list[Found[AnyStance]]:
    """The words for a stance. They are no clause of saying: "Russia rejected the draft"."""
    stances = words.stances(found.text)
    for at, unit in enumerate(found.items):
        if unit.part == "S" and any(s.start <= unit.start < s.end for s in stances):
            found.change(at, "x")
    return stances


def _within(at: int, spans: list[Run]) -> bool:
    return any(start <= at < end for start, end in spans)


def _inside(quote: re.Match[str] | None) -> str | None:
    return next((group.strip(" ,") for group in quote.groups() if group), None) if quote else None


def _subject(found: Units, before: int, taken: list[Run]) -> Unit | None:
    """The party that stands so: the first named before the word for the stance, else the first of all."""
    named = [u for u in found.items if u.part == "P" and isinstance(u.value, Mention) and not u.value.ambiguous]
    free = [u for u in named if not _within(u.start, taken)]
    return next((u for u in free if u.start < before), None)


def _agent(found: Units, stance: Found[AnyStance]) -> Unit | None:
    """The party by which something was rejected or accepted."""
    by = _BY.match(found.text, stance.end)
    if by is None:
        return None
    return next(
        (u for u in found.items if u.start == by.end() and isinstance(u.value, Mention) and not u.value.ambiguous), None
    )


def _dated_after(found: Units, said: Said) -> date | None:
    """The one day that ends the text after a comma, which is when it was said: "supports a ceasefire, 18 February 2025"."""
    last = _DAY_LAST.search(found.letters)
    if last is None:
        return None
    unit = found.items[last.start()]
    day = spoken_on(found, [Speaker(day=(unit.start, unit.end))], said)
    if day is None or day > said.now.date():
        return None
    found.take(last.start(), last.end())
    return day


def _party(subject: Unit | None, speakers: list[Speaker]) -> str | None:
    """The party named as the subject, else named as the one who speaks ("US: …"), else the one that the speaker speaks for."""
    if subject is not None and isinstance(subject.value, Mention):
        return subject.value.codes[0]
    tied = [s for s in speakers if s.party is not None]
    return min(tied, key=lambda s: s.start).party if tied else None


def _long_topics(session: Session, text: str) -> list[Run]:
    """Where topics of several words stand: "NATO membership for Ukraine" has no subject in it."""
    tokens = words.tokens(text, units.WORDS_READ)
    grams = [(gram, form) for gram, form in names.grams(tokens) if gram[1] > 2]
    known = topics.named(session, [form for _, form in grams])
    return [(tokens[at].start, tokens[at + size - 1].end) for (at, size), form in grams if form in known]


def _topic(session: Session, text: str, taken: list[Run]) -> tuple[str | None, str | None, Run | None]:
    """The longest words, of those not read yet, that are a topic's name; else the words after "on"."""
    free = [token for token in words.tokens(text, units.WORDS_READ) if not _within(token.start, taken)]
    grams = names.grams(free)
    known = topics.named(session, [form for _, form in grams])
    best = max(((gram, form) for gram, form in grams if form in known), key=lambda hit: (hit[0][1], -hit[0][0]), default=None)
    if best is not None:
        (at, size), form = best
        run = (free[at].start, free[at + size - 1].end)
        return known[form][0], text[run[0] : run[1]], run
    match = re.match(r"[^:,.;]*?\b(?:on|over|about|regarding)\s+([^:,.;]{2,80}?)\s*(?=[:,;]|\s[–—-]\s)", text)
    if match is None or any(start < match.end(1) and end > match.start(1) for start, end in taken):
        return None, None, None
    return None, match[1], match.span(1)


def _summary(
    found: Units, stance: Found[AnyStance] | None, topic: Run | None, taken: list[Run], quote: re.Match[str] | None
) -> str | None:
    """The statement: what follows the word for the stance, else what is left; without who said it. Marks it as read."""
    text = found.text
    hide = [run for run in taken if stance is None or run != (stance.start, stance.end)]
    if quote:
        hide.append(quote.span())
        taken.append(quote.span())
    start = stance.end if stance else 0
    if topic is not None and (topic[1] <= start or (stance is None and topic[0] < len(text) // 2) or _label(text, topic)):
        hide.append(topic)
        taken.append(topic)
    kept = "".join(" " if _within(at, hide) else sign for at, sign in enumerate(text))
    after = _tidy(kept[start:])
    if after:
        taken.append((start, len(text)))
        return after
    if stance is not None and kept[start:].strip(_MARKS).casefold() in _BARE:
        taken.append((start, len(text)))
    before = _tidy(kept)
    return before if before and stance is None else _inside(quote)


def _whole(
    found: Units, seen_as: taken_from.Taken, subject: Unit | None, taken: list[Run], quote: re.Match[str] | None
) -> str | None:
    """The clause with the words that deny it or that it depends on: without who stands so and who said it. Marks it as read."""
    text = found.text
    hide = [run for run in taken if run[1] <= seen_as.start]  # "denies it rejects": a clause of saying that says it all
    hide += [run for run in found.spans if run[0] > seen_as.start and run[0] >= _said_after(text, seen_as)]
    start = subject.end if subject is not None and subject.end <= seen_as.start else 0
    start = max(start, text.rfind(": ", 0, seen_as.start) + 1)
    if quote:
        hide.append(quote.span())
        taken.append(quote.span())
    kept = "".join(" " if _within(at, hide) else sign for at, sign in enumerate(text))
    taken.append((start, len(text)))
    return _tidy(kept[start:]) or _inside(quote)


def _said_after(text: str, seen_as: taken_from.Taken) -> int:
    """Where a clause of saying may begin that is not a part of what is said: at the first comma or bracket after the words."""
    return next((at for at in range(seen_as.start, len(text)) if text[at] in ",(—–"), len(text))


def _undergone(found: Units, passive: Run, taken: list[Run], quote: re.Match[str] | None) -> str | None:
    """What was rejected or accepted by somebody: the words around "was rejected by Russia". Marks them as read."""
    text, (start, end) = found.text, passive
    hide = [*taken, passive, *([quote.span()] if quote else [])]
    kept = "".join(" " if _within(at, hide) else sign for at, sign in enumerate(text))
    what = _tidy(f"{_AUXILIARY.sub('', kept[:start])} {kept[end:]}")
    taken += [(0, len(text))] if what else [passive]
    return what or _inside(quote)


def _label(text: str, topic: Run) -> bool:
    """True where the topic stands by itself between commas."""
    return text[: topic[0]].rstrip()[-1:] in ("", ",") and text[topic[1] :].lstrip()[:1] in (",", ":")


def _tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", re.sub(r"\([\s,;]*\)", " ", text))
    text = re.sub(r"(?:\s*,)+", ",", text)
    text = _THAT.sub("", _OPENS.sub("", text.strip(_MARKS)).strip(_MARKS))
    return "" if text.casefold() in _BARE else text
