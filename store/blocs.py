"""Who belonged to which bloc on which day.

Built-in memberships (`store.reference`) are shared. Once a workspace records a membership of a party in a bloc, its own
record of that pair replaces the built-in one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from store import changes
from store.database import Row, Session, Value, WriteSession, marks
from store.plain import to_plain
from store.records import Membership
from store.times import day, text_of

KIND = "membership"


def members(session: Session, bloc: str, on: date) -> list[Membership]:
    """Who belongs to a bloc on a day, in the order they joined; members since an unrecorded day come first."""
    return [m for m in memberships(session, bloc) if _holds(m, on)]


def sizes(session: Session, asked: Iterable[tuple[str, date]]) -> dict[tuple[str, date], int]:
    """How many members parties had on some days. Most are no blocs, which one look tells; these are left out."""
    wanted = set(asked)
    holes, params = marks("bloc", sorted({code for code, _ in wanted}))
    rows = session.rows(
        f"SELECT DISTINCT bloc FROM membership WHERE team_id IN (:team, :builtin) AND bloc IN ({holes})", **params
    )
    blocs = {row["bloc"] for row in rows}
    return {(bloc, on): len(members(session, bloc, on)) for bloc, on in wanted if bloc in blocs}


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
    return _memberships(session, "m.bloc = :bloc", bloc=bloc)


def blocs_of(session: Session, member: str, on: date) -> list[Membership]:
    """The blocs that a party belongs to on a day, by code."""
    return sorted(
        (m for m in _memberships(session, "m.member = :member", member=member) if _holds(m, on)), key=lambda m: m.bloc
    )


_OURS = "m.team_id = :team"
_VISIBLE = """(m.team_id = :team OR m.team_id = :builtin AND NOT EXISTS (
    SELECT 1 FROM membership o WHERE o.team_id = :team AND o.bloc = m.bloc AND o.member = m.member))"""


def _memberships(session: Session, where: str, visible: str = _VISIBLE, **params: Value) -> list[Membership]:
    rows = session.rows(
        f"""SELECT m.bloc, m.member, m.seq, m.joined, m.left_on, m.note, c.source FROM membership m
            LEFT JOIN citation c ON c.team_id = m.team_id AND c.subject = 'membership' AND c.subject_number = m.seq
                AND c.part = m.bloc || '/' || m.member
            WHERE {where} AND {visible}
            ORDER BY coalesce(m.joined, ''), m.bloc, m.member, m.seq, c.seq""",
        **params,
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


def all_workspace_memberships(session: Session) -> list[Membership]:
    """The memberships that this workspace added, by bloc and member."""
    found = _memberships(session, "m.team_id = :team", _OURS)
    return sorted(found, key=lambda m: (m.bloc, m.member))


def add_membership(session: WriteSession, membership: Membership, *, action: str = "recorded") -> None:
    """Adds a membership to the workspace, or corrects the one with the same bloc, member and day of joining.

    From then on the workspace's memberships of that party in that bloc replace the built-in ones. Sources must be on
    record in the workspace.
    """
    pair: dict[str, Value] = {"bloc": membership.bloc, "member": membership.member}
    of_pair = _memberships(session, "m.bloc = :bloc AND m.member = :member", _OURS, **pair)
    if membership in of_pair:
        return
    before = [to_plain(m) for m in of_pair]
    kept = sorted([*(m for m in of_pair if m.joined != membership.joined), membership], key=lambda m: m.joined or date.min)
    part = f"{membership.bloc}/{membership.member}"
    session.execute("DELETE FROM citation WHERE team_id = :team AND subject = 'membership' AND part = :part", part=part)
    session.execute("DELETE FROM membership WHERE team_id = :team AND bloc = :bloc AND member = :member", **pair)
    session.insert("membership", [membership_row(m, seq) for seq, m in enumerate(kept)])
    session.insert("citation", [row for seq, m in enumerate(kept) for row in membership_citations(m, seq)])
    changes.record(
        session,
        KIND,
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
            "subject": KIND,
            "subject_number": seq,
            "part": f"{membership.bloc}/{membership.member}",
            "seq": place,
            "source": key,
        }
        for place, key in enumerate(dict.fromkeys(membership.sources))
    ]
