"""Who votes: what the names and codes in a file of votes mean, in the UN's forms and in others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from store import parties
from store.database import Session
from store.exchange.faults import Fault, shown
from store.records import PartyKind

# What the UN calls parties where nobody else does, as names are compared.
_UN_FORMS = {"congo": "cg"}
_INSIDE = re.compile(r"^(.*?)\s*\((.*?)\)\s*$")
_AFTER = re.compile(r"^(.*?),\s*(.*)$")


class Voters:
    """What the names and codes of a file mean, looked up at once."""

    def __init__(self, session: Session, pairs: Sequence[tuple[str, str]]) -> None:
        self._session = session
        forms = {form for name, code in pairs for form in (*_forms(name), parties.fold(code)) if form}
        self._known = _named(session, sorted(forms))
        self._suggested = 0
        self.remarks: list[str] = []

    def meant(self, name: str, code: str, line: int) -> tuple[str | None, str | None]:
        """The party's code, or what is wrong. A right code settles a name that nobody has on record, with a remark."""
        if not name and not code:
            return None, "nobody is named"
        by_code = self._known.get(parties.fold(code), ()) if code else ()
        by_name: Sequence[str] = ()
        for form in _forms(name):
            by_name = by_name or self._known.get(form, ())
        both = [c for c in by_name if c in by_code]
        if len(both) == 1:
            return both[0], None
        if len(by_name) > 1 and not by_code and parties.fold(name) in _UN_FORMS:
            return _UN_FORMS[parties.fold(name)], None
        if len(by_name) == 1 and by_code and {p.code for p in parties.successors(self._session, by_name[0])} & set(by_code):
            return by_name[0], None  # the library may give a state that is no more its successor's code
        if by_name and by_code:
            return None, f"{shown(name)} and the code {shown(code)} are not the same party"
        found = by_name or by_code
        if len(found) == 1:
            if name and not by_name:
                words = f"{shown(name)} is no name on record; taken for {self._words(found)[0]} by its code {shown(code)}"
                self.remarks.append(f"line {line}: {words}")
            return found[0], None
        if len(found) > 1:
            return None, f"{shown(name or code)} could be {' or '.join(self._words(found))}; write the code in a column ms_code"
        return None, self._unknown(name, code)

    def _words(self, codes: Sequence[str]) -> list[str]:
        known = parties.by_codes(self._session, codes)
        return [f"{known[c].name} ({c})" if c in known else c for c in codes]

    def _unknown(self, name: str, code: str) -> str:
        self._suggested += 1
        near = parties.suggest(self._session, name or code, 1) if self._suggested <= 30 else []
        return f"there is no party called {shown(name or code)}" + (f"; did you mean {near[0].name}?" if near else "")


def bodies(session: Session, lines: Mapping[str, int]) -> list[Fault]:
    """Organisations and groups of states, which do not vote: a fault each. `lines` are those on which parties stand."""
    known = parties.by_codes(session, list(lines))
    kinds = {PartyKind.ORGANISATION: "an organisation", PartyKind.BLOC: "a group of states"}
    return [
        Fault("", f"{party.name} is {kinds[party.kind]} and has no vote; name its members", line)
        for code, line in lines.items()
        if (party := known.get(code)) and party.kind in kinds
    ]


def _named(session: Session, forms: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for start in range(0, len(forms), 500):
        for form, entries in parties.named(session, forms[start : start + 500]).items():
            found[form] = list(dict.fromkeys(code for code, _ in entries))
    for form, code in _UN_FORMS.items():
        if form in forms:
            found.setdefault(form, [code])
    return found


def _forms(name: str) -> list[str]:
    """A name as compared, and where it ends in brackets also with them in front, and without: the UN writes
    `NETHERLANDS (KINGDOM OF THE)`, and wrote `GERMANY, FEDERAL REPUBLIC OF`."""
    inside, after = _INSIDE.match(name), _AFTER.match(name)
    shapes = [name, f"{inside[2]} {inside[1]}", inside[1]] if inside else [name]
    shapes += [f"{after[2]} {after[1]}"] if after else []
    return [folded for shape in shapes if (folded := parties.fold(shape))]
