"""Talks on record: one at a time, whole, with their sides, agenda, prerequisites, accounts and sources.

Lists are in `talks_lists`; this file reads and writes the record itself.
"""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from store import changes, parts, planning, posts, search
from store.database import Row, Session, Value, WriteSession, marks, to_json
from store.errors import NotOnRecord
from store.plain import from_plain, to_plain
from store.records import Account, AgendaItem, Level, PostKind, Side, Status, Talks
from store.times import NEVER, SPANS, closes_at, first_day, instant_text, opens_at

KIND = "talks"

AHEAD, MOOTED, POSTPONED, CANCELLED, HELD = range(5)
"""Values of the `standing` column, which orders lists: what is ahead, what is only mooted, then the rest."""

STANDING = {
    Status.PLANNED: AHEAD,
    Status.CONFIRMED: AHEAD,
    Status.MOOTED: MOOTED,
    Status.POSTPONED: POSTPONED,
    Status.CANCELLED: CANCELLED,
    Status.HELD: HELD,
}


class Circle(ValueError):
    """Talks would have to be held before themselves. `path` names them in order."""

    def __init__(self, path: Sequence[str]) -> None:
        super().__init__(" before ".join(path))
        self.path = tuple(path)


def get(session: Session, number: int) -> Talks:
    """The talks with this number. Raises NotOnRecord."""
    found = many(session, [number])
    if not found:
        raise NotOnRecord(f"T-{number}")
    return found[0]


def by_key(session: Session, key: str) -> Talks | None:
    number = session.value("SELECT number FROM talks WHERE team_id = :team AND key = :key", key=key)
    return None if number is None else get(session, int(number))


def version(session: Session, number: int) -> int:
    """How many times the record has been written; changes with every save. Raises NotOnRecord."""
    value = session.value("SELECT version FROM talks WHERE team_id = :team AND number = :number", number=number)
    if value is None:
        raise NotOnRecord(f"T-{number}")
    return int(value)


def many(session: Session, numbers: Sequence[int]) -> list[Talks]:
    """Talks by number, in the order asked for; unknown numbers are left out."""
    if not numbers:
        return []
    holes, params = marks("n", numbers)
    rows = session.rows(f"SELECT * FROM talks WHERE team_id = :team AND number IN ({holes})", **params)
    sides = _sides(session, holes, params)
    agenda: dict[int, list[AgendaItem]] = defaultdict(list)
    for row in session.rows(
        f"SELECT talks, text, topic FROM talks_agenda WHERE team_id = :team AND talks IN ({holes}) ORDER BY talks, seq",
        **params,
    ):
        agenda[row["talks"]].append(AgendaItem(row["text"], row["topic"]))
    after: dict[int, list[str]] = defaultdict(list)
    for row in session.rows(
        f"""SELECT a.talks, t.key FROM talks_after a JOIN talks t ON t.team_id = a.team_id AND t.number = a.needs
            WHERE a.team_id = :team AND a.talks IN ({holes}) ORDER BY a.talks, a.needs""",
        **params,
    ):
        after[row["talks"]].append(row["key"])
    citations = parts.citations_of(session, KIND, numbers)
    accounts = parts.accounts_of(session, KIND, numbers, citations)
    found = {
        row["number"]: _talks(
            row,
            sides=tuple(sides[row["number"]]),
            agenda=tuple(agenda[row["number"]]),
            after=tuple(after[row["number"]]),
            accounts=accounts.get(row["number"], ()),
            sources=citations.get((row["number"], ""), ()),
        )
        for row in rows
    }
    return [found[number] for number in numbers if number in found]


def _sides(session: Session, holes: str, params: dict[str, Value]) -> dict[int, list[Side]]:
    sides: dict[int, list[Side]] = defaultdict(list)
    for row in session.rows(
        f"""SELECT talks, party, level, people FROM talks_side WHERE team_id = :team AND talks IN ({holes})
            ORDER BY talks, seq""",
        **params,
    ):
        sides[row["talks"]].append(Side(row["party"], Level(row["level"]), parts.people_of(row["people"])))
    return sides


def _talks(
    row: Row,
    *,
    sides: tuple[Side, ...],
    agenda: tuple[AgendaItem, ...],
    after: tuple[str, ...],
    accounts: tuple[Account, ...],
    sources: tuple[str, ...],
) -> Talks:
    return Talks(
        key=row["key"],
        number=row["number"],
        title=row["title"],
        status=Status(row["status"]),
        sides=sides,
        window=parts.window_of(row),
        place=parts.place_of(row),
        track=row["track"],
        round=row["round"],
        format=row["format"],
        host=row["host"],
        agenda=agenda,
        after=after,
        outcome=tuple(json.loads(row["outcome"])),
        note=row["note"],
        accounts=accounts,
        sources=sources,
    )


def save(session: WriteSession, talks: Talks, *, action: str = "recorded", undoes: int | None = None) -> Talks:
    """Writes talks whole, their revision, and the posts they now owe; returns them with the number they got.

    `number` 0 asks for the next free one. What is unchanged is not written again. Topics, sources and prerequisites must be
    on record; prerequisites are kept in the order of their numbers. Raises `Circle` when they go round, NotOnRecord for one
    that is not there.
    """
    previous = by_key(session, talks.key)
    if previous is not None:
        talks = dataclasses.replace(talks, number=previous.number)
    elif not talks.number:
        talks = dataclasses.replace(talks, number=parts.next_number(session, KIND))
    needs = _needs(session, talks)
    talks = dataclasses.replace(talks, after=tuple(key for _, _, key in needs))
    if previous == talks:
        return talks
    parts.claim_number(session, KIND, talks.number)
    _write_row(session, talks, waits=sum(status is not Status.HELD for _, status, _ in needs))
    _write_children(session, talks, [number for number, _, _ in needs])
    _refresh_dependants(session, talks.number)
    _index(session, talks)
    changes.record(
        session,
        KIND,
        talks.key,
        action=action,
        before=None if previous is None else to_plain(previous),
        after=to_plain(talks),
        undoes=undoes,
    )
    planning.replan(session, talks, None if previous is None else previous.status)
    return talks


def restore(session: WriteSession, plain: dict[str, object], *, action: str, undoes: int | None = None) -> Talks:
    """Saves talks from their plain form, as a revision keeps them."""
    return save(session, from_plain(Talks, plain), action=action, undoes=undoes)


def remove(session: WriteSession, talks: Talks, *, action: str, undoes: int | None = None) -> None:
    """Takes talks off the record again, with a revision that can bring them back; their number stays taken.

    Nothing may wait for them (see `dependants`). What is planned about them is dropped.
    """
    for table in ("talks_side", "talks_agenda", "talks_after"):
        session.execute(f"DELETE FROM {table} WHERE team_id = :team AND talks = :number", number=talks.number)
    parts.write_accounts(session, KIND, talks.number, ())
    parts.write_citations(session, KIND, talks.number, {})
    search.remove(session, KIND, talks.number)
    session.execute("DELETE FROM talks WHERE team_id = :team AND number = :number", number=talks.number)
    changes.record(session, KIND, talks.key, action=action, before=to_plain(talks), after=None, undoes=undoes)
    posts.drop_subject(session, talks.label, f"{talks.label} was taken off the record", list(PostKind))


def _needs(session: Session, talks: Talks) -> list[tuple[int, Status, str]]:
    """The prerequisites by number, as they are read back."""
    found: list[tuple[int, Status, str]] = []
    for key in dict.fromkeys(talks.after):
        row = session.row("SELECT number, status FROM talks WHERE team_id = :team AND key = :key", key=key)
        if key == talks.key:
            raise Circle([talks.key, talks.key])
        if row is None:
            raise NotOnRecord(key)
        found.append((row["number"], Status(row["status"]), key))
    for number, _, _ in found:
        if path := _path(session, number, talks.number):
            raise Circle([f"T-{n}" for n in path])
    return sorted(found)


def _path(session: Session, start: int, goal: int) -> list[int] | None:
    """Prerequisite steps from `start` down to `goal`, or None."""
    came_from: dict[int, int | None] = {start: None}
    queue = [start]
    while queue:
        number = queue.pop()
        if number == goal:
            path: list[int] = [goal]
            step = came_from[goal]
            while step is not None:
                path.append(step)
                step = came_from[step]
            return [goal, *reversed(path)]
        for row in session.rows("SELECT needs FROM talks_after WHERE team_id = :team AND talks = :number", number=number):
            if row["needs"] not in came_from:
                came_from[row["needs"]] = number
                queue.append(row["needs"])
    return None


def _write_row(session: WriteSession, talks: Talks, *, waits: int) -> None:
    opens, closes = opens_at(talks.window), closes_at(talks.window)
    row: dict[str, Value] = {
        "number": talks.number,
        "key": talks.key,
        "title": talks.title,
        "status": talks.status.value,
        "track": talks.track,
        "round": talks.round,
        "format": talks.format,
        "host": talks.host,
        "level": talks.level.value,
        **parts.window_columns(talks.window),
        **parts.place_columns(talks.place),
        "outcome": to_json(list(talks.outcome)),
        "note": talks.note,
        "standing": STANDING[talks.status],
        "opens_at": instant_text(opens) if opens else None,
        "closes_at": instant_text(closes) if closes else None,
        "due": due(talks),
        "span": _span(talks),
        "waits": waits,
    }
    updates = ", ".join(f"{name} = :{name}" for name in row if name != "number")
    if not session.execute(
        f"UPDATE talks SET {updates}, version = version + 1 WHERE team_id = :team AND number = :number", **row
    ):
        session.insert("talks", [row])


def due(talks: Talks) -> str:
    """The latest sensible moment, as the store writes it: when the window closes, else the last account of when to close.

    `NEVER` where nobody named an end.
    """
    closes = closes_at(talks.window)
    if closes is None and talks.window.earliest is None:
        claimed = [closes_at(a.window) for a in talks.accounts if a.window and not a.settled and a.happens is not False]
        closes = max((c for c in claimed if c), default=None)
    return instant_text(closes) if closes else NEVER


def _span(talks: Talks) -> int:
    opens, closes = opens_at(talks.window), closes_at(talks.window)
    if opens is None or closes is None:
        return 0
    days = (closes - opens).days + 1
    return next((span for span in SPANS if days <= span), 0)


def _write_children(session: WriteSession, talks: Talks, needs: list[int]) -> None:
    for table in ("talks_side", "talks_agenda", "talks_after"):
        session.execute(f"DELETE FROM {table} WHERE team_id = :team AND talks = :number", number=talks.number)
    opens = opens_at(talks.window)
    session.insert(
        "talks_side",
        [
            {
                "talks": talks.number,
                "seq": seq,
                "party": side.party,
                "level": side.level.value,
                "people": parts.people_json(side.people),
                "standing": STANDING[talks.status],
                "due": due(talks),
                "opens_at": instant_text(opens) if opens else None,
            }
            for seq, side in enumerate(talks.sides)
        ],
    )
    session.insert(
        "talks_agenda",
        [{"talks": talks.number, "seq": seq, "text": item.text, "topic": item.topic} for seq, item in enumerate(talks.agenda)],
    )
    session.insert("talks_after", [{"talks": talks.number, "needs": number} for number in needs])
    parts.write_accounts(session, KIND, talks.number, talks.accounts)
    cited = {"": talks.sources, **parts.account_citations(talks.accounts)}
    parts.write_citations(session, KIND, talks.number, cited)


def _refresh_dependants(session: WriteSession, number: int) -> None:
    session.execute(
        """UPDATE talks SET waits = (
               SELECT count(*) FROM talks_after a JOIN talks n ON n.team_id = a.team_id AND n.number = a.needs
               WHERE a.team_id = talks.team_id AND a.talks = talks.number AND n.status <> 'held')
           WHERE team_id = :team
             AND number IN (SELECT talks FROM talks_after WHERE team_id = :team AND needs = :number)""",
        number=number,
    )


def dependants(session: Session, number: int) -> list[int]:
    """Numbers of the talks that wait for these to be held."""
    rows = session.rows("SELECT talks FROM talks_after WHERE team_id = :team AND needs = :number ORDER BY talks", number=number)
    return [row["talks"] for row in rows]


def _index(session: WriteSession, talks: Talks) -> None:
    people = [p.name for side in talks.sides for p in side.people]
    words = [
        *people,
        talks.place.city,
        talks.place.venue,
        talks.window.stated,
        talks.window.stated_by,
        *(item.text for item in talks.agenda),
        *talks.outcome,
        talks.note,
        *(a.claim for a in talks.accounts),
        *(a.by for a in talks.accounts),
    ]
    sides = search.party_words(session, [side.party for side in talks.sides])
    names = search.party_words(session, [talks.place.country])
    title = f"{' – '.join(sides[:6])} · {talks.title}" if sides else talks.title
    body = "\n".join(word for word in [*words, *names] if word)
    search.put(session, KIND, talks.number, _filed_on(talks), title, body)


def _filed_on(talks: Talks) -> date | None:
    """The day by which a search files talks: when they open; with an end alone, when that was said. Where the record has no
    day, the first that somebody's account gives."""
    own = talks.window
    told = [(own, own.stated_on)]
    if own.earliest is None and own.latest is None:
        told = [(a.window, a.said_on) for a in talks.accounts if a.window and not a.settled and a.happens is not False]
    return min((day for window, said_on in told if (day := first_day(window, said_on))), default=None)


def lapsed(talks: Talks, now: datetime) -> bool:
    """True when talks were to have taken place by now and nothing was recorded."""
    return talks.status.is_ahead and due(talks) < instant_text(now)


@dataclass(frozen=True, slots=True)
class Need:
    """A prerequisite: the talks that must be held first."""

    number: int
    title: str
    status: Status

    @property
    def label(self) -> str:
        return f"T-{self.number}"


def prerequisites(session: Session, numbers: Sequence[int]) -> dict[int, list[Need]]:
    """What each of these talks waits for, held or not, by number."""
    if not numbers:
        return {}
    holes, params = marks("n", numbers)
    found: dict[int, list[Need]] = defaultdict(list)
    for row in session.rows(
        f"""SELECT a.talks, t.number, t.title, t.status FROM talks_after a
            JOIN talks t ON t.team_id = a.team_id AND t.number = a.needs
            WHERE a.team_id = :team AND a.talks IN ({holes}) ORDER BY a.talks, t.number""",
        **params,
    ):
        found[row["talks"]].append(Need(row["number"], row["title"], Status(row["status"])))
    return found
