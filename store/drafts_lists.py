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

    Every one of `parties` must have its name on the draft; of `statuses` and `topics` any one is enough; each of `words`
    must stand in the title, the symbol or the name of the organ.
    """

    parties: tuple[str, ...] = ()
    statuses: tuple[DraftStatus, ...] = ()
    topics: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def numbers(session: Session, chosen: Filter, *, limit: int, offset: int = 0) -> list[int]:
    """A page of drafts: in play first, the newest number first within each half."""
    wanted = chosen.statuses or tuple(DraftStatus)
    found: list[int] = []
    for half in (IN_PLAY, DECIDED):
        statuses = [status for status in half if status in wanted]
        if statuses and len(found) < offset + limit:
            found += _walk(session, chosen, statuses, offset + limit - len(found))
    return found[offset : offset + limit]


def page(session: Session, chosen: Filter, *, limit: int, offset: int = 0) -> tuple[list[int], int, bool]:
    """A page of drafts as `numbers` gives it, how many there are up to `COUNT_CAP`, and whether there are more."""
    if not chosen.words or offset + limit > COUNT_CAP:
        return numbers(session, chosen, limit=limit, offset=offset), *count(session, chosen)
    # Words are looked for in every row: once, not again for each half and the count.
    every = _walk(session, chosen, chosen.statuses or tuple(DraftStatus), COUNT_CAP + 1, halves=True)
    return every[offset : offset + limit], min(len(every), COUNT_CAP), len(every) > COUNT_CAP


def count(session: Session, chosen: Filter) -> tuple[int, bool]:
    """How many, counted up to `COUNT_CAP`, and whether there are more."""
    found = len(_walk(session, chosen, chosen.statuses or tuple(DraftStatus), COUNT_CAP + 1))
    return min(found, COUNT_CAP), found > COUNT_CAP


def _walk(session: Session, chosen: Filter, statuses: Sequence[DraftStatus], limit: int, *, halves: bool = False) -> list[int]:
    params: dict[str, Value] = {}
    where = ["1 = 1"]
    if set(statuses) != set(DraftStatus):  # asked of every row, it would send a scan by way of its index
        holes, params = marks("status", [status.value for status in statuses])
        where = [f"d.status IN ({holes})"]
    if chosen.topics:
        holes, more = marks("topic", chosen.topics)
        params |= more
        where.append(f"d.topic IN ({holes})")
    for i, party in enumerate(chosen.parties):
        params[f"party{i}"] = party
        where.append(_named(session, party, f"party{i}"))
    for i, word in enumerate(chosen.words):
        condition, bound = _word(session, word, f"word{i}")
        params |= bound
        where.append(condition)
    first = "CASE WHEN d.status IN ('tabled', 'amended') THEN 0 ELSE 1 END, " if halves else ""
    rows = session.rows(
        f"""SELECT d.number FROM draft d WHERE d.team_id = :team AND {" AND ".join(where)}
            ORDER BY {first}d.number DESC LIMIT :limit""",
        limit=limit,
        **params,
    )
    return [row["number"] for row in rows]


def _named(session: Session, party: str, name: str) -> str:
    """That a party's name is on a draft: from its few drafts, or draft by draft for one that is on many."""
    few = session.value(
        """SELECT count(*) FROM (SELECT 1 FROM alignment WHERE team_id = :team AND party = :party LIMIT 500)""", party=party
    )
    if int(few or 0) < 500:
        return f"d.number IN (SELECT draft FROM alignment WHERE team_id = :team AND party = :{name})"
    return f"EXISTS (SELECT 1 FROM alignment a WHERE a.team_id = :team AND a.party = :{name} AND a.draft = d.number)"


def _word(session: Session, word: str, name: str) -> tuple[str, dict[str, Value]]:
    """That a word stands in a draft's title, organ or symbol.

    Looking through a column of every draft takes milliseconds. So symbols are only looked through for what may be part of one
    and then together with titles, and of organs there are few.
    """
    params: dict[str, Value] = {name: f"%{_like(word)}%"}
    number = any(char.isdigit() for char in word)
    looked = "d.title || ' ' || coalesce(d.symbol, '')" if number or len(word) < 4 else "d.title"
    found = [f"lower({looked}) LIKE :{name} ESCAPE '!'"]
    known = () if number else session.rows("SELECT DISTINCT body FROM draft WHERE team_id = :team AND body IS NOT NULL")
    if organs := sorted(row["body"] for row in known if word.lower() in row["body"].lower()):
        holes, more = marks(f"{name}organ", organs)
        params |= more
        found.append(f"d.body IN ({holes})")
    return f"({' OR '.join(found)})", params


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
