"""Which drafts: those in play first, then the rest, newest first; by party, topic, status and words.

All of these return numbers, for `drafts.many` to read, and stop after a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from store.database import Session, Value, marks
from store.records import DraftStatus

IN_PLAY = (DraftStatus.TABLED, DraftStatus.AMENDED)
"""Statuses of texts that are still to be decided on."""
DECIDED = tuple(status for status in DraftStatus if status not in IN_PLAY)

COUNT_CAP = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """What a question narrows drafts to.

    Every one of `parties` must have its name on the draft or a vote on it; of `statuses` and `topics` any one is enough; each
    of `words` must stand in the title, the symbol or the name of the organ. `organs` are ways to write an organ's name, any of
    which must stand there too; one that begins with a line break begins it.
    """

    parties: tuple[str, ...] = ()
    statuses: tuple[DraftStatus, ...] = ()
    topics: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    organs: tuple[tuple[str, ...], ...] = ()


def standing(status: DraftStatus) -> int:
    """Where a draft stands in a list: 0 for those in play, 1 for those decided on."""
    return 0 if status in IN_PLAY else 1


def sought(title: str, symbol: str | None, body: str | None) -> str:
    """What words of a list are looked for in: the title, the symbol and the organ, in lower case."""
    return "\n".join(words.lower() for words in (title, symbol, body) if words)


def numbers(session: Session, chosen: Filter, *, limit: int, offset: int = 0) -> list[int]:
    """A page of drafts: in play first, the newest number first within each half."""
    where, params = _conditions(session, chosen)
    wanted = chosen.statuses or tuple(DraftStatus)
    found: list[int] = []
    for half in (IN_PLAY, DECIDED):
        statuses = [status.value for status in half if status in wanted]
        if statuses and len(found) < offset + limit:
            holes, more = marks("status", statuses)
            only = f"AND d.status IN ({holes})" if len(statuses) < len(half) else ""
            rows = session.rows(
                f"""SELECT d.number FROM draft d WHERE d.team_id = :team AND d.standing = :standing {only} {where}
                    ORDER BY d.number DESC LIMIT :most""",
                standing=standing(half[0]),
                most=offset + limit - len(found),
                **(more if only else {}),
                **params,
            )
            found += [row["number"] for row in rows]
    return found[offset : offset + limit]


def page(session: Session, chosen: Filter, *, limit: int, offset: int = 0) -> tuple[list[int], int, bool]:
    """A page of drafts as `numbers` gives it, how many there are up to `COUNT_CAP`, and whether there are more."""
    every = numbers(session, chosen, limit=max(offset + limit, COUNT_CAP + 1))
    return every[offset : offset + limit], min(len(every), COUNT_CAP), len(every) > COUNT_CAP


def _conditions(session: Session, chosen: Filter) -> tuple[str, dict[str, Value]]:
    """What a filter asks of a draft besides its status, each condition led by AND."""
    params: dict[str, Value] = {}
    where: list[str] = []
    if chosen.topics:
        holes, params = marks("topic", chosen.topics)
        where.append(f"AND d.topic IN ({holes})")
    for i, party in enumerate(chosen.parties):
        params[f"party{i}"] = party
        where.append(f"AND {_named(session, party, f'party{i}')}")
    for i, word in enumerate(chosen.words):
        params[f"word{i}"] = f"%{_like(word)}%"
        where.append(f"AND d.sought LIKE :word{i} ESCAPE '!'")
    for i, ways in enumerate(chosen.organs):
        params |= {f"organ{i}_{j}": f"%{_like(way)}%" for j, way in enumerate(ways)}
        where.append(
            f"AND ({' OR '.join(f'd.sought LIKE :organ{i}_{j} ESCAPE {chr(39)}!{chr(39)}' for j in range(len(ways)))})"
        )
    return " ".join(where), params


def _named(session: Session, party: str, name: str) -> str:
    """That a party's name is on a draft, from its few drafts or draft by draft for one that is on many; or that it voted."""
    few = session.value(
        """SELECT count(*) FROM (SELECT 1 FROM alignment WHERE team_id = :team AND party = :party LIMIT 500)""", party=party
    )
    on = f"EXISTS (SELECT 1 FROM alignment a WHERE a.team_id = :team AND a.party = :{name} AND a.draft = d.number)"
    if int(few or 0) < 500:
        on = f"d.number IN (SELECT draft FROM alignment WHERE team_id = :team AND party = :{name})"
    return f"({on} OR EXISTS (SELECT 1 FROM vote v WHERE v.team_id = :team AND v.draft = d.number AND v.party = :{name}))"


def _like(word: str) -> str:
    return word.lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")


def by_symbol(session: Session, symbol: str) -> list[int]:
    """The drafts with this document symbol, in any case."""
    rows = session.rows(
        "SELECT number FROM draft WHERE team_id = :team AND lower(symbol) = :symbol ORDER BY number", symbol=symbol.lower()
    )
    return [row["number"] for row in rows]


def on_topics(session: Session, topics: Sequence[str], *, decided_since: date, limit: int) -> list[int]:
    """Drafts on any of these topics that are in play, or were decided on since a day; in play first, then the newest."""
    if not topics:
        return []
    holes, params = marks("topic", topics)
    found: list[int] = []
    for half, since in ((IN_PLAY, None), (DECIDED, decided_since)):
        states, more = marks("status", [status.value for status in half])
        bound: dict[str, Value] = {"since": since.isoformat()} if since else {}
        found += [
            row["number"]
            for row in session.rows(
                f"""SELECT number FROM draft WHERE team_id = :team AND topic IN ({holes}) AND status IN ({states})
                    {"AND status_on >= :since" if since else ""} ORDER BY number DESC LIMIT :limit""",
                limit=limit,
                **params,
                **more,
                **bound,
            )
        ]
    return found[:limit]
