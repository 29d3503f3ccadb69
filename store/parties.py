"""Who is who: parties by name, code or flag, and who belonged to which bloc on which day.

Built-in parties (`store.reference`) are shared. What a workspace adds is its own: its names add to the built-in ones, and
where it uses a name that a built-in party has too, the workspace's meaning is the one that counts.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from store import changes
from store.database import BUILTIN, Row, Session, Value, WriteSession, marks
from store.plain import to_plain
from store.records import Membership, NameKind, Party, PartyKind, PartyName
from store.times import day, text_of

KIND = "party"
MEMBERSHIP = "membership"

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
    return by_codes(session, [code]).get(code)


def by_codes(session: Session, codes: Sequence[str], *, with_names: bool = True) -> dict[str, Party]:
    """Parties by code; unknown codes are left out. Without names it is one small query."""
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        return {}
    holes, params = marks("c", wanted)
    rows = session.rows(
        f"SELECT * FROM party WHERE team_id IN (:team, :builtin) AND code IN ({holes}) ORDER BY team_id", **params
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


def _party(row: Row, names: tuple[PartyName, ...]) -> Party:
    return Party(
        code=row["code"],
        name=row["name"],
        kind=PartyKind(row["kind"]),
        flag=row["flag"],
        zone=row["zone"],
        since=day(row["since"]),
        until=day(row["until"]),
        successor=row["successor"],
        names=names,
        builtin=row["team_id"] == BUILTIN,
    )


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


def members(session: Session, bloc: str, on: date) -> list[Membership]:
    """Who belongs to a bloc on a day, in the order they joined; members since an unrecorded day come first."""
    return [m for m in memberships(session, bloc) if _holds(m, on)]


def members_between(session: Session, bloc: str, after: date | None, until: date | None, on: date) -> list[Membership]:
    """Members on a day that joined after one day and up to another; either bound may be None.

    `members_between(s, "nato", date(1997, 5, 27), None, today)` are those who joined later. A member whose day of joining
    is not recorded is left out as soon as a bound is given: nobody can say on which side it falls.
    """
    found = members(session, bloc, on)
    if after is None and until is None:
        return found
    return [
        m
        for m in found
        if m.joined is not None and (after is None or m.joined > after) and (until is None or m.joined <= until)
    ]


def joined_after(session: Session, bloc: str, after: date, on: date) -> list[Membership]:
    """Members on a day that joined after another day."""
    return members_between(session, bloc, after, None, on)


def memberships(session: Session, bloc: str) -> list[Membership]:
    """All memberships of a bloc that ever were, in the order of joining. The workspace's replace built-in ones by member."""
    return _memberships(session, "m.bloc = :code", bloc)


def blocs_of(session: Session, member: str, on: date) -> list[Membership]:
    """The blocs that a party belongs to on a day, by code."""
    return sorted((m for m in _memberships(session, "m.member = :code", member) if _holds(m, on)), key=lambda m: m.bloc)


def _memberships(session: Session, where: str, code: str, team: str = "all") -> list[Membership]:
    visible = {
        "all": """(m.team_id = :team OR m.team_id = :builtin AND NOT EXISTS (
            SELECT 1 FROM membership o WHERE o.team_id = :team AND o.bloc = m.bloc AND o.member = m.member))""",
        "ours": "m.team_id = :team",
    }[team]
    rows = session.rows(
        f"""SELECT m.bloc, m.member, m.seq, m.joined, m.left_on, m.note, c.source FROM membership m
            LEFT JOIN citation c ON c.team_id = m.team_id AND c.subject = 'membership' AND c.subject_number = m.seq
                AND c.part = m.bloc || '/' || m.member
            WHERE {where} AND {visible}
            ORDER BY coalesce(m.joined, ''), m.bloc, m.member, m.seq, c.seq""",
        code=code,
    )
    found: dict[tuple[str, str, int], tuple[Row, list[str]]] = {}
    for row in rows:
        _, sources = found.setdefault((row["bloc"], row["member"], row["seq"]), (row, []))
        if row["source"] is not None:
            sources.append(row["source"])
    return [
        Membership(row["bloc"], row["member"], day(row["joined"]), day(row["left_on"]), row["note"], tuple(sources))
        for row, sources in found.values()
    ]


def _holds(membership: Membership, on: date) -> bool:
    return (membership.joined is None or membership.joined <= on) and (membership.left is None or on < membership.left)


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
    """How many slips of the pen a word of its length may hide: none up to 3 letters, 1 up to 5, 2 up to 9, else 3."""
    size = len(folded)
    return 0 if size < 4 or size > 60 else 1 if size < 6 else 2 if size < 10 else 3


def all_workspace_parties(session: Session) -> list[Party]:
    """The parties that this workspace added, by code, each with only the names the workspace gave it."""
    names: dict[str, list[PartyName]] = defaultdict(list)
    for row in session.rows("SELECT code, kind, name FROM party_name WHERE team_id = :team ORDER BY code, kind, name"):
        names[row["code"]].append(PartyName(row["name"], NameKind(row["kind"])))
    return [
        _party(row, tuple(n for n in names[row["code"]] if n != PartyName(row["name"], NameKind.NAME)))
        for row in session.rows("SELECT * FROM party WHERE team_id = :team ORDER BY code")
    ]


def all_workspace_memberships(session: Session) -> list[Membership]:
    """The memberships that this workspace added, by bloc and member."""
    found = _memberships(session, ":code = :code", "", team="ours")
    return sorted(found, key=lambda m: (m.bloc, m.member))


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
    previous = {p.code: p for p in all_workspace_parties(session)}.get(party.code)
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
    previous = {p.code: p for p in all_workspace_parties(session)}.get(code)
    if previous is not None:
        _erase(session, code)
        changes.record(session, KIND, code, action=action, before=to_plain(previous), after=None, undoes=undoes)


def add_membership(session: WriteSession, membership: Membership, *, action: str = "recorded") -> None:
    """Adds a membership to the workspace, or corrects the one with the same bloc, member and day of joining.

    From then on the workspace's memberships of that party in that bloc replace the built-in ones. Sources must be on
    record in the workspace.
    """
    of_pair = [m for m in all_workspace_memberships(session) if (m.bloc, m.member) == (membership.bloc, membership.member)]
    if membership in of_pair:
        return
    before = [to_plain(m) for m in of_pair]
    kept = sorted([*(m for m in of_pair if m.joined != membership.joined), membership], key=lambda m: m.joined or date.min)
    part = f"{membership.bloc}/{membership.member}"
    session.execute("DELETE FROM citation WHERE team_id = :team AND subject = 'membership' AND part = :part", part=part)
    session.execute(
        "DELETE FROM membership WHERE team_id = :team AND bloc = :bloc AND member = :member",
        bloc=membership.bloc,
        member=membership.member,
    )
    session.insert("membership", [membership_row(m, seq) for seq, m in enumerate(kept)])
    session.insert("citation", [row for seq, m in enumerate(kept) for row in membership_citations(m, seq)])
    changes.record(
        session,
        MEMBERSHIP,
        part,
        action=action,
        before={"memberships": before} if before else None,
        after={"memberships": [to_plain(m) for m in kept]},
    )


def membership_row(membership: Membership, seq: int) -> dict[str, Value]:
    """The columns of one membership; `seq` tells apart those of one party in one bloc."""
    return {
        "bloc": membership.bloc,
        "member": membership.member,
        "seq": seq,
        "joined": text_of(membership.joined),
        "left_on": text_of(membership.left),
        "note": membership.note,
    }


def membership_citations(membership: Membership, seq: int) -> list[dict[str, Value]]:
    """The citation rows of one membership: number `seq`, part `bloc/member`."""
    return [
        {
            "subject": MEMBERSHIP,
            "subject_number": seq,
            "part": f"{membership.bloc}/{membership.member}",
            "seq": place,
            "source": key,
        }
        for place, key in enumerate(dict.fromkeys(membership.sources))
    ]
