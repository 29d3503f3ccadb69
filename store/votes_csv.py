"""Rolls of votes from a CSV file, as the UN Digital Library publishes them or as people keep them.

Columns are found by name, in any order and case; others are ignored:

| column                                              | what it holds                                                  |
|-----------------------------------------------------|----------------------------------------------------------------|
| `ms_name`, `name`, `country`, `party`, `member state` | who, in the UN's form or any other usual one                 |
| `ms_code`, `code`                                   | their three-letter code; settles names that two parties have   |
| `ms_vote`, `vote`                                   | Y, N, A, X or NV or nothing (did not vote); or the words       |
| `date`, `day`                                       | the day of the vote, `2025-02-24`                              |
| `resolution`, `symbol`                              | which resolution; chooses the rows where a file has several    |
| `total_yes`, `total_no`, `total_abstentions`, `total_non_voting` | the totals announced                              |
| `undl_link`                                         | the record's address, kept as the source                       |

A name, or a name and a code, must mean just one party, which has a vote. All faults are told together; then nothing is loaded.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from store import parties
from store.database import Session
from store.exchange.faults import BadFile, Fault, shown
from store.records import Tally, VoteChoice
from store.voters import Voters, bodies

MAX_BYTES = 400 << 20
"""The whole of the General Assembly's record since 1946 is below this."""
MAX_FAULTS = 400

_COLUMNS = {
    "name": ("ms_name", "ms_names", "name", "country", "party", "member state", "member_state", "state"),
    "code": ("ms_code", "ms_codes", "code", "iso3", "country_code"),
    "vote": ("ms_vote", "ms_votes", "vote", "choice"),
    "day": ("date", "day", "vote_date"),
    "symbol": ("resolution", "resolutions", "symbol"),
    "yes": ("total_yes", "yes", "in_favour"),
    "no": ("total_no", "no", "against"),
    "abstained": ("total_abstentions", "abstentions", "abstained"),
    "absent": ("total_non_voting", "non_voting", "absent"),
    "link": ("undl_link", "link", "url"),
}

_CHOICES = {
    VoteChoice.FOR: ("y", "yes", "for", "in favour", "in favor", "yea", "1"),
    VoteChoice.AGAINST: ("n", "no", "against", "nay"),
    VoteChoice.ABSTAINED: ("a", "abstain", "abstained", "abstains", "abstention", "abstaining"),
    VoteChoice.ABSENT: ("", "x", "nv", "absent", "non-voting", "nonvoting", "not voting", "did not vote", "blank", "-"),
}
_MEANS = {word: choice for choice, listed in _CHOICES.items() for word in listed}


@dataclass(frozen=True, slots=True)
class RollVote:
    """One row as read: who, how, and on which line of the file."""

    party: str
    choice: VoteChoice
    line: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals that a file gives, whatever its day; None where it has none."""

    in_favour: int | None = None
    against: int | None = None
    abstained: int | None = None
    absent: int | None = None

    def on(self, day: date) -> Tally | None:
        """These as a day's, to be kept on record; None unless all three of the votes cast are there."""
        if self.in_favour is None or self.against is None or self.abstained is None:
            return None
        return Tally(day, self.in_favour, self.against, self.abstained, self.absent)


@dataclass(frozen=True, slots=True)
class Roll:
    """A roll as read from a file. `totals` are those that the file gives, which its rows need not add up to; `remarks` say of
    voters what somebody should look at."""

    votes: tuple[RollVote, ...]
    day: date | None = None
    symbol: str | None = None
    totals: Totals | None = None
    link: str | None = None
    remarks: tuple[str, ...] = ()

    def counted(self) -> dict[VoteChoice, int]:
        """How many chose what."""
        found = Counter(vote.choice for vote in self.votes)
        return {choice: found[choice] for choice in VoteChoice}

    def announced(self, day: date | None) -> Tally | None:
        """The totals as those of a day: the file's own, else the one given; None without either, or without all of them."""
        on = self.day or day
        return None if self.totals is None or on is None else self.totals.on(on)


def read(session: Session, content: bytes, *, symbol: str | None, wanted: str | None = None, today: date | None = None) -> Roll:
    """The roll in a file's bytes. `symbol` is the draft's: it chooses the rows of a file that holds several resolutions.

    `wanted` names a resolution to take instead; with `today` no vote may be of a later day. Raises `BadFile` with every
    fault and its line.
    """
    table = _Table.of(content, wanted or symbol)
    rows = _checked(table, wanted or symbol, asked=wanted is not None)
    faults: list[Fault] = []
    found = Voters(session, [(table.cell(row, "name"), table.cell(row, "code")) for _, row in rows])
    votes = list(_votes(found, table, rows, faults))
    faults += _doubles(session, votes)
    faults += bodies(session, {vote.party: vote.line for vote in votes})
    day = _one_day(table, rows, faults, today)
    totals = _totals(table, rows, faults)
    if faults:
        raise BadFile(sorted(faults, key=lambda fault: fault.line or 0)[:MAX_FAULTS])
    first = rows[0][1]
    return Roll(
        tuple(votes),
        day,
        table.cell(first, "symbol") or None,
        totals,
        table.cell(first, "link") or None,
        tuple(found.remarks),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows with their line numbers, where each column that we know is, and the resolutions that the file is about.

    Where it has several, only the rows of the one asked for are kept: the library publishes all since 1946 in one file.
    """

    rows: list[tuple[int, list[str]]]
    places: Mapping[str, int]
    symbols: Sequence[str]

    @classmethod
    def of(cls, content: bytes, symbol: str | None) -> _Table:
        text = _text(content)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        try:
            full = (row for row in reader if any(cell.strip() for cell in row))
            head = next(full, None)
            if head is None:
                raise BadFile([Fault("", "the file is empty")])
            table = cls([], _places(head), [])
            at = table.places.get("symbol")
            seen: dict[str, None] = {}
            for row in full:
                about = row[at].strip() if at is not None and at < len(row) else ""
                if about:
                    seen.setdefault(about)
                if not (about and symbol) or bare(about) == bare(symbol):
                    table.rows.append((reader.line_num, row))
        except csv.Error as error:
            raise BadFile([Fault("", f"this is no CSV: {error}", reader.line_num)]) from None
        return cls(table.rows, table.places, list(seen))

    def cell(self, row: Sequence[str], name: str) -> str:
        place = self.places.get(name)
        return row[place].strip() if place is not None and place < len(row) else ""


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise BadFile([Fault("", f"the file has more than {MAX_BYTES >> 20} MB")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadFile([Fault("", "the file is not UTF-8; save it as “CSV UTF-8”", line)]) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise BadFile([Fault("", "the file is not text: it has null characters", line)])
    return text


def _delimiter(text: str) -> str:
    """Comma, semicolon or tab: whichever the line of column names has most of."""
    head = next((line for line in text[:10_000].splitlines() if line.strip()), "")
    return max(",;\t", key=head.count)


def _places(head: Sequence[str]) -> dict[str, int]:
    names = [" ".join(cell.strip().lower().split()) for cell in head]
    places = {
        column: names.index(next(n for n in known if n in names))
        for column, known in _COLUMNS.items()
        if any(n in names for n in known)
    }
    missing = [] if {"name", "code"} & set(places) else ["who voted (ms_name or ms_code; or country)"]
    missing += [] if "vote" in places else ["how (ms_vote; or vote)"]
    if missing:
        found = ", ".join(shown(cell, 30) for cell in head[:12])
        raise BadFile([Fault("", f"no column says {' and '.join(missing)}; the first line has {found}", 1)])
    return places


def _checked(table: _Table, symbol: str | None, *, asked: bool) -> list[tuple[int, list[str]]]:
    """The rows, if they are about one resolution and the right one."""
    held = table.symbols
    some = ", ".join(held[:5]) + (f" and {len(held) - 5:,} more" if len(held) > 5 else "")
    if symbol and held and not any(bare(s) == bare(symbol) for s in held):
        which = f"the file has no rows of {symbol}" if asked else f"the draft is {symbol}"
        raise BadFile([Fault("", f"{which}; the file has {some}")])
    if not symbol and len(held) > 1:
        raise BadFile([Fault("", f"the file has votes on {some}; say which with --resolution, or record the draft's symbol")])
    if not table.rows:
        raise BadFile([Fault("", "the file has column names and no votes")])
    return table.rows


def bare(symbol: str) -> str:
    """A symbol as compared."""
    return "".join(symbol.lower().split())


def _votes(found: Voters, table: _Table, rows: Iterable[tuple[int, list[str]]], faults: list[Fault]) -> Iterator[RollVote]:
    for at, row in rows:
        name, code = table.cell(row, "name"), table.cell(row, "code")
        party, wrong = found.meant(name, code, at)
        if wrong:
            faults.append(Fault("", wrong, at))
        given = table.cell(row, "vote")
        choice = _MEANS.get(given.lower())
        if choice is None:
            faults.append(Fault("", f"{shown(given)} is no vote; there are Y, N, A, and X for not voting", at))
        if party and choice:
            yield RollVote(party, choice, at)


def _doubles(session: Session, votes: Sequence[RollVote]) -> list[Fault]:
    first: dict[str, int] = {}
    faults = []
    for vote in votes:
        if vote.party in first:
            party = parties.by_codes(session, [vote.party]).get(vote.party)
            name = party.name if party else vote.party
            faults.append(Fault("", f"{name} votes a second time; the first is on line {first[vote.party]}", vote.line))
        first.setdefault(vote.party, vote.line)
    return faults


def _one_day(table: _Table, rows: Sequence[tuple[int, list[str]]], faults: list[Fault], today: date | None) -> date | None:
    """The day of the votes; None where the file gives none, or several. Not after `today`, where that is given."""
    days: dict[date, int] = {}
    for at, row in rows:
        given = table.cell(row, "day")
        if not given:
            continue
        try:
            days.setdefault(date.fromisoformat(given[:10]), at)
        except ValueError:
            faults.append(Fault("", f"{shown(given)} is not a day; write it like 2025-02-24", at))
            return None
    if len(days) > 1:
        (one, _), (other, at), *_ = days.items()
        faults.append(Fault("", f"the votes are of several days: {one} and {other}", at))
        return None
    day = next(iter(days), None)
    if day and today and day > today:
        faults.append(Fault("", f"{day} is still to come: nobody has voted yet", days[day]))
    return day


def _totals(table: _Table, rows: Sequence[tuple[int, list[str]]], faults: list[Fault]) -> Totals | None:
    """Each of the totals from the first row that has it; None where there are none at all."""
    found: dict[str, int] = {}
    for name in ("yes", "no", "abstained", "absent"):
        given = ((at, table.cell(row, name)) for at, row in rows)
        at, total = next(((at, cell) for at, cell in given if cell), (0, ""))
        if total.isdecimal() and len(total) < 10:
            found[name] = int(total)
        elif total:
            faults.append(Fault("", f"{shown(total)} is no total of votes; write a number", at))
    return Totals(found.get("yes"), found.get("no"), found.get("abstained"), found.get("absent")) if found else None
