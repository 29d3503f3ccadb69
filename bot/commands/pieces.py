"""The pieces that forms of talks and positions share: sources, parties, windows, days and places, as words and back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from urllib.parse import urlsplit

from bot.commands.base import Ask
from bot.commands.intake import Intake
from bot.language import when, words
from bot.language.entry import places
from bot.reply import Option, line
from bot.wording import interval
from store import parties, sources
from store.database import Session, WriteSession
from store.exchange import BadFile
from store.exchange.fields import PARTY
from store.exchange.names import Names
from store.exchange.rules import slug
from store.exchange.single import read_record
from store.records import NameKind, Party, PartyKind, PlaceState, Precision, Source, Window

SHOWN = 60
NEW_PARTIES = 3
"""How many new parties one form asks about."""

_LINES = re.compile(r"[\n;]+")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_DATED = re.compile(
    r"\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tues|wednes|thurs|fri|satur|sun)[a-z]*\b", re.IGNORECASE
)
_FROM = re.compile(r"^from\s+", re.IGNORECASE)
_ENDS = re.compile(r"\s+(?:to|until|till|through)\s+|\s*[–—]\s*|\s+-\s+", re.IGNORECASE)
_YEAR = re.compile(r"\b\d{4}\b")
_NOT_A_SLUG = re.compile(r"[^a-z0-9]+")


def lines_of(text: str, *, semicolons: bool = True) -> list[str]:
    """The entries of a field with one on each line; semicolons part them too."""
    return [part.strip() for part in (_LINES.split(text) if semicolons else text.splitlines()) if part.strip()]


def short(text: str) -> str:
    """Words as a message quotes them."""
    return f"“{text if len(text) <= SHOWN else text[: SHOWN - 1] + '…'}”"


# Parties.


def party_text(session: Session, codes: Sequence[str]) -> dict[str, str]:
    """How each party is written in a form: its name, or its code where the name could mean another."""
    known = parties.by_codes(session, codes)
    meant = parties.named(session, [parties.fold(party.name) for party in known.values()])
    found = {}
    for code in codes:
        party = known.get(code)
        alone = party is not None and [c for c, _ in meant.get(parties.fold(party.name), ())] in ([code], [code] * 2)
        found[code] = party.name if party is not None and alone else code
    return found


class PartyNames:
    """Names to codes by the rules of files; unknown names can become parties on the way."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._look_up = Names(intake.session, {}).lookups()[PARTY]
        self._new: dict[str, str] = {}

    def known(self, name: str) -> str | None:
        """The code that a name means, or None; asks nothing."""
        found = self._look_up(name)
        return None if found.wrong else str(found.value)

    def capital(self, name: str) -> str | None:
        """The country whose capital has a name, or None."""
        meant = parties.named(self._intake.session, [parties.fold(name)])
        codes = [code for found in meant.values() for code, kind in found if kind is NameKind.CAPITAL]
        return codes[0] if len(set(codes)) == 1 else None

    def code(self, field: str, name: str) -> str | None:
        """The code that a name in a field means. Where nobody has the name, the form asks whether to add a party by it."""
        found = self._look_up(name)
        if not found.wrong:
            return str(found.value)
        folded = parties.fold(name)
        if "could be" in found.wrong or not folded or len(name) > 100:
            self._intake.wrong(field, f"{found.wrong}.")
            return None
        near = parties.suggest(self._intake.session, name, 2)
        return self._added(field, name, folded, [party.name for party in near])

    def _added(self, field: str, name: str, folded: str, near: Sequence[str]) -> str | None:
        if folded in self._new:
            return self._new[folded] or None
        if len(self._new) >= NEW_PARTIES:
            self._intake.wrong(field, f"Nobody by the name {short(name)} is on record either; add one party at a time.")
            return None
        hint = f"Did you mean {' or '.join(near)}? Then correct it there." if near else "Misspelt? Then correct it there."
        options = [Option(kind.value, f"Add it as: {kind.value}") for kind in PartyKind]
        kind = self._intake.choose(f"parties[{len(self._new)}]", f"{short(name)} is nobody on record", options, hint=hint)
        code = None
        if kind is None:
            known = f" Did you mean {' or '.join(near)}?" if near else ""
            self._intake.wrong(field, f"Nobody by the name {short(name)} is on record.{known} You can add them in this form.")
        elif isinstance(self._intake.session, WriteSession):
            code = _add_party(self._intake.session, name, PartyKind(kind))
        self._new[folded] = code or ""
        return code


def _add_party(session: WriteSession, name: str, kind: PartyKind) -> str:
    stem = _NOT_A_SLUG.sub("-", slug(name)).strip("-")[:30] or "party"
    code, n = stem, 1
    while len(code) < 3 or parties.get(session, code) is not None or parties.named(session, [parties.fold(code)]):
        n += 1
        code = f"{stem}-{n}"
        if parties.fold(code) == parties.fold(name):
            break
    return parties.add(session, Party(code, name, kind, builtin=False)).code


# Windows.


def window_text(window: Window) -> str:
    """The words of a window as a form shows them: as stated, else described so that they read back as the same."""
    if window.stated is not None:
        return window.stated
    return "" if window.earliest is None and window.latest is None else when.describe(window)


def reads_as(window: Window) -> str:
    """How a window was read: `Reads as Sat 22 Feb – Sat 8 Mar 2025.`"""
    if window.earliest is None and window.latest is None:
        return "No date is read in it: kept as undated." if window.stated else ""
    return f"Reads as {when.describe(window)}."


def read_window(intake: Intake, field: str, text: str, *, said_on: date | None) -> Window | None:
    """The window that words mean, counted from the day they were said; None where the form has to go back.

    `within two weeks = 22 Feb to 8 March` keeps the words and reads the dates. Words that could mean two windows ask which.
    """
    ask = intake.ask
    stated, _, dates = text.rpartition(" = ")
    words_read = dates if stated.strip() else text
    reading = when.read(
        words_read,
        said_on=said_on or ask.today,
        zone=ask.request.zone,
        order=when.DateOrder(ask.request.date_order),
        terse=True,
    )
    if backwards := _backwards(words_read, ask, said_on):
        intake.wrong(field, backwards)
        return None
    found = reading.window
    if reading.readings:
        options = {_bounds(option): option for option in reading.readings}
        labels = [Option(value, when.describe(option)[:75]) for value, option in options.items()]
        chosen = intake.choose("reading", reading.question or f"Which does {short(words_read)} mean?", labels)
        if chosen is None:
            intake.notes.append(line(f"{short(words_read)} could mean more than one thing: choose which."))
            return None
        found = options[chosen]
    elif not reading.dated and _DATED.search(words_read):
        intake.wrong(field, f"No date could be read in {short(words_read)}. Try: 18 March 2025, or 22 Feb to 8 March.")
        return None
    zone = found.zone if found.precision is Precision.MINUTE else None
    kept = stated.strip() or text.strip()
    return replace(found, zone=zone, stated=kept or None, stated_by=None, stated_on=None)


def _bounds(window: Window) -> str:
    return f"{window.earliest}/{window.latest}"[:150]


def _backwards(text: str, ask: Ask, said_on: date | None) -> str | None:
    """What is wrong with an interval that ends before it begins; None for any other words."""
    halves = _ENDS.split(_FROM.sub("", text.strip()))
    if len(halves) != 2 or (_YEAR.search(halves[1]) and not _YEAR.search(halves[0])):
        return None
    order, today = when.DateOrder(ask.request.date_order), said_on or ask.today
    first, last = (
        when.read(half, said_on=today, zone=ask.request.zone, order=order, past=False, terse=True).window for half in halves
    )
    if first.precision is not Precision.DAY or last.precision is not Precision.DAY:
        return None
    begins, ends = first.earliest, last.latest
    if begins is None or ends is None or begins <= ends or (begins.month > ends.month and not _YEAR.search(text)):
        return None
    return f"It ends ({interval(last)}) before it begins ({interval(first)})."


def read_day(intake: Intake, field: str, text: str) -> date | None:
    """A day as the date picker gives it, or as somebody typed it."""
    text = text.strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    ask = intake.ask
    reading = when.read(
        text, said_on=ask.today, zone=ask.request.zone, order=when.DateOrder(ask.request.date_order), past=True, terse=True
    )
    if reading.window.precision is Precision.DAY and isinstance(reading.window.earliest, date):
        return reading.window.earliest
    intake.wrong(field, f"{short(text)} is not one day. Write it like 2025-02-22.")
    return None


# Places.


def read_place(names: PartyNames, text: str) -> dict[str, str] | str:
    """A place as the file format writes it: words for what is known of one that is not named; else venue, city, country."""
    state = words.place_states(text)
    if state and state[0].text.casefold() == text.strip().casefold():
        return state[0].value.value
    inside = re.search(r"\(([^()]*)\)\s*$", text)
    if state and state[0].value is not PlaceState.NAMED and (inside or len(state[0].text) > len(text) // 2):
        where = _named_place(names, inside.group(1)) if inside else {}
        return {"state": state[0].value.value, **where}
    return {"state": PlaceState.NAMED.value, **_named_place(names, text)}


def _named_place(names: PartyNames, text: str) -> dict[str, str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        return {}
    found: dict[str, str] = {}
    country = names.known(parts[-1])
    capital = names.capital(parts[-1])
    if capital:
        found = {"country": capital, "city": parts.pop()}
    elif country:
        found = {"country": country}
        parts.pop()
    elif city := places.city(parts[-1]):
        found = {"country": city[1], "city": parts.pop()}
    if parts and "city" not in found:
        found["city"] = parts.pop()
    return {**found, **({"venue": ", ".join(parts)} if parts else {})}


# Sources.


def source_text(session: Session, keys: Sequence[str]) -> str:
    """Sources as a form shows them, one on each line: the link, or the key of one that has none."""
    known = sources.by_keys(session, keys)
    return "\n".join((known[key].url or key) if key in known else key for key in keys)


def read_sources(intake: Intake, field: str, text: str, *, had: Sequence[str], day: date | None) -> tuple[str, ...]:
    """Keys of the sources in a field, one on each line: links, with a title before them or not, or keys of known sources.

    Links that are new are put on record. `had` are the keys that the record cites now; a line that shows one keeps it.
    """
    session = intake.session
    by_text = {source_text(session, [key]): key for key in had}
    found: list[str] = []
    for entry in lines_of(text, semicolons="\n" not in text and text.count("://") < 2):
        link = _LINK.search(entry)
        if entry in by_text:
            found.append(by_text[entry])
        elif link:
            key = _source_at(intake, field, link.group(), entry[: link.start()].strip(" -–—:|"), day)
            found += [key] if key else []
        elif sources.by_keys(session, [entry]):
            found.append(entry)
        else:
            intake.wrong(field, f"{short(entry)} is not a link. A source begins with https:// or http://, one on each line.")
    return tuple(dict.fromkeys(found))


def _source_at(intake: Intake, field: str, url: str, title: str, day: date | None) -> str | None:
    known = sources.by_url(intake.session, url)
    if known is not None:
        return known.key
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    if not host or ("." not in host and ":" not in host and host != "localhost") or len(url) > 2000:
        intake.wrong(field, f"{short(url)} is not a web address.")
        return None
    key = f"{slug(host)[:30]}-{sha256(url.encode()).hexdigest()[:8]}"
    data = {"key": key, "title": title or host, "publisher": host, "url": url}
    try:
        source = read_record(intake.session, Source, {**data, **({"published": day} if day else {})})
    except BadFile as bad:
        intake.wrong(field, f"{bad.faults[0].message}.")
        return None
    if isinstance(intake.session, WriteSession):
        sources.save(intake.session, source)
    return key
