"""Who is who: parties by name, code or flag; and, from `blocs`, who belonged to which bloc on which day.

Built-in parties (`store.reference`) are shared. What a workspace adds is its own: its names add to the built-in ones, and
where it uses a name that a built-in party has too, the workspace's meaning is the one that counts.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from store import changes
from store.blocs import add_membership as add_membership
from store.blocs import all_workspace_memberships as all_workspace_memberships
from store.blocs import blocs_of as blocs_of
from store.blocs import joined_after as joined_after
from store.blocs import members as members
from store.blocs import members_between as members_between
from store.blocs import memberships as memberships
from store.blocs import sizes as sizes
from store.database import BUILTIN, Row, Session, Value, WriteSession, marks
from store.plain import to_plain
from store.records import NameKind, Party, PartyKind, PartyName
from store.times import day, text_of

KIND = "party"

_COLUMNS = "team_id, code, name, kind, flag, zone, since, until, successor"
_KINDS = {kind.value: kind for kind in PartyKind}

_JOINS = re.compile(r"[.'`´‘’ʼʹʻ′]")
_GAPS = re.compile(r"[^a-z0-9]+")
_PLAIN = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


def fold(text: str) -> str:
    """A name as it is compared: no case, accents, dots or apostrophes; one space for any other gap; no leading "the".

    "&" reads as "and", a final "+" as "plus" (OPEC is not OPEC+). Emoji flags stay. `fold(fold(x)) == fold(x)`.
    """
    text = _JOINS.sub("", text)
    if text.isascii():
        folded = text.lower()
    else:
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_PLAIN)
        folded = _JOINS.sub("", "".join(c for c in folded if unicodedata.category(c) != "Mn"))
    if "&" in folded or "+" in folded:
        folded = folded.replace("&", " and ").replace("+", " plus ")
    if folded.isascii():
        folded = _GAPS.sub(" ", folded).strip()
    else:
        folded = " ".join("".join(c if c.isalnum() or is_flag_letter(c) else " " for c in folded).split())
    while folded.startswith("the "):
        folded = folded[4:]
    return folded


def is_flag_letter(char: str) -> bool:
    """True for a regional indicator: two of them make an emoji flag."""
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def get(session: Session, code: str) -> Party | None:
    """The party with this code, its names and all, or None. A workspace's own entry hides the built-in one."""
    return by_codes(session, [code], with_names=True).get(code)


def by_codes(session: Session, codes: Sequence[str], *, with_names: bool = False) -> dict[str, Party]:
    """Parties by code; unknown codes are left out. `names` is filled only on demand: without it this is one small query."""
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        return {}
    holes, params = marks("c", wanted)
    rows = session.rows(
        f"SELECT {_COLUMNS} FROM party WHERE team_id IN (:team, :builtin) AND code IN ({holes}) ORDER BY team_id", **params
    )
    names: dict[str, list[PartyName]] = defaultdict(list)
    if with_names:
        for row in session.rows(
            f"""SELECT team_id, code, kind, name FROM party_name WHERE team_id IN (:team, :builtin) AND code IN ({holes})
                ORDER BY team_id, kind, name""",
            **params,
        ):
            names[row["code"]].append(PartyName(row["name"], NameKind(row["kind"])))
    # Rows come built-in first, so that the workspace's own entry replaces it.
    return {row["code"]: _party(row, tuple(dict.fromkeys(names[row["code"]]))) for row in rows}


def names_of(session: Session, codes: Sequence[str]) -> dict[str, str]:
    """The names of parties by code; unknown codes are left out. For hundreds of them this is a quarter of `by_codes`."""
    wanted = list(dict.fromkeys(codes))
    holes, params = marks("c", wanted)
    sql = f"SELECT code, name FROM party WHERE team_id IN (:team, :builtin) AND code IN ({holes}) ORDER BY team_id"
    return {row["code"]: row["name"] for row in session.rows(sql, **params)} if wanted else {}


def _party(row: Row, names: tuple[PartyName, ...]) -> Party:
    team, code, name, kind, flag, zone, since, until, successor = row
    return Party(code, name, _KINDS[kind], flag, zone, day(since), day(until), successor, names, builtin=team == BUILTIN)


def named(session: Session, folded: Sequence[str]) -> dict[str, list[tuple[str, NameKind]]]:
    """What each folded name stands for, in one query: `{"kremlin": [("ru", NameKind.METONYM)]}`.

    Names nobody has are left out. Where the workspace uses a name itself, only its own meaning is given.
    """
    wanted = list(dict.fromkeys(folded))
    if not wanted:
        return {}
    holes, params = marks("f", wanted)
    ours: dict[str, list[tuple[str, NameKind]]] = {}
    builtin: dict[str, list[tuple[str, NameKind]]] = {}
    for team, name, code, kind in session.rows(
        f"""SELECT team_id, folded, code, kind FROM party_name
            WHERE folded IN ({holes}) AND team_id IN (:team, :builtin) ORDER BY folded, code, kind""",
        **params,
    ):
        (builtin if team == BUILTIN else ours).setdefault(name, []).append((code, NameKind(kind)))
    return builtin | ours


def successors(session: Session, code: str) -> list[Party]:
    """The parties that carry on a historical state: Russia for the Soviet Union, two for Czechoslovakia, none for France.

    `Party.successor` holds one code, or several with a space between where the state broke up.
    """
    party = by_codes(session, [code], with_names=False).get(code)
    codes = (party.successor or "").split() if party else []
    found = by_codes(session, codes)
    return [found[c] for c in codes if c in found]


def suggest(session: Session, word: str, limit: int = 3) -> list[Party]:
    """Parties whose name is a slip or two away from a word ("Rusia": Russia), nearest first; none for nonsense.

    Short words are left alone: at four letters one slip already makes another word.
    """
    sought = fold(word)
    allowed = slips(sought)
    if not allowed:
        return []
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    rows = session.rows(
        """SELECT DISTINCT folded, code, kind FROM party_name WHERE team_id IN (:team, :builtin)
           AND length(folded) BETWEEN :least AND :most AND kind NOT IN ('code', 'flag')
           AND (kind <> 'demonym' OR length(folded) > 5)""",
        least=len(sought) - allowed,
        most=len(sought) + allowed,
    )
    near = process.extract(sought, [row["folded"] for row in rows], scorer=OSA.distance, score_cutoff=allowed, limit=30)
    weight = {NameKind.NAME.value: 0, NameKind.OFFICIAL.value: 1, NameKind.ALIAS.value: 1}
    ranked = sorted(
        ((distance, folded[0] != sought[0], weight.get(rows[i]["kind"], 2), folded, rows[i]["code"]))
        for folded, distance, i in near
    )
    codes = list(dict.fromkeys(code for *_, code in ranked))[:limit]
    found = by_codes(session, codes)
    return [found[code] for code in codes if code in found]


def slips(folded: str) -> int:
    """How many slips of the pen a word of its length may hide: none up to 3 letters, 1 up to 6, 2 up to 9, else 3."""
    size = len(folded)
    return 0 if size < 4 or size > 60 else 1 if size < 7 else 2 if size < 10 else 3


def all_workspace_parties(session: Session) -> list[Party]:
    """The parties that this workspace added, by code, each with only the names the workspace gave it."""
    return _ours(session, "team_id = :team")


def _ours(session: Session, where: str, **params: Value) -> list[Party]:
    names: dict[str, list[PartyName]] = defaultdict(list)
    for row in session.rows(
        f"SELECT code, kind, name FROM party_name WHERE team_id = :team AND {where} ORDER BY code, kind, name", **params
    ):
        names[row["code"]].append(PartyName(row["name"], NameKind(row["kind"])))
    return [
        _party(row, tuple(n for n in names[row["code"]] if n != PartyName(row["name"], NameKind.NAME)))
        for row in session.rows(f"SELECT {_COLUMNS} FROM party WHERE team_id = :team AND {where} ORDER BY code", **params)
    ]


def _our(session: Session, code: str) -> Party | None:
    return next(iter(_ours(session, "code = :code", code=code)), None)


def add(session: WriteSession, party: Party, *, action: str = "recorded", undoes: int | None = None) -> Party:
    """Adds a party to the workspace or replaces its entry, with its revision; returns it as the store keeps it.

    A built-in code may be used: the workspace then sees its own name and kind, and both sets of other names. Names are
    kept once per meaning, in the order of kind and name. Nothing is written when nothing changes.
    """
    names: dict[tuple[str, NameKind], PartyName] = {}
    for name in sorted(party.names, key=lambda n: (n.kind.value, n.name)):
        if fold(name.name) and name != PartyName(party.name, NameKind.NAME):
            names.setdefault((fold(name.name), name.kind), name)
    names.pop((fold(party.name), NameKind.NAME), None)
    kept = _with(party, tuple(sorted(names.values(), key=lambda n: (n.kind.value, n.name))))
    previous = _our(session, party.code)
    if previous == kept:
        return kept
    _erase(session, party.code)
    session.insert("party", [_party_row(kept)])
    rows = {(fold(kept.name), NameKind.NAME): PartyName(kept.name, NameKind.NAME), **names}
    session.insert(
        "party_name",
        [
            {"folded": folded, "code": kept.code, "kind": kind.value, "name": name.name}
            for (folded, kind), name in rows.items()
            if folded
        ],
    )
    changes.record(
        session,
        KIND,
        kept.code,
        action=action,
        before=None if previous is None else to_plain(previous),
        after=to_plain(kept),
        undoes=undoes,
    )
    return kept


def _with(party: Party, names: tuple[PartyName, ...]) -> Party:
    return dataclasses.replace(party, names=names, builtin=False)


def _party_row(party: Party) -> dict[str, Value]:
    return {
        "code": party.code,
        "name": party.name,
        "kind": party.kind.value,
        "flag": party.flag,
        "zone": party.zone,
        "since": text_of(party.since),
        "until": text_of(party.until),
        "successor": party.successor,
    }


def _erase(session: WriteSession, code: str) -> None:
    session.execute("DELETE FROM party_name WHERE team_id = :team AND code = :code", code=code)
    session.execute("DELETE FROM party WHERE team_id = :team AND code = :code", code=code)


def remove(session: WriteSession, code: str, *, action: str = "undone", undoes: int | None = None) -> None:
    """Takes the workspace's entry for a party away again, with a revision; a built-in one shows once more."""
    previous = _our(session, code)
    if previous is not None:
        _erase(session, code)
        changes.record(session, KIND, code, action=action, before=to_plain(previous), after=None, undoes=undoes)
