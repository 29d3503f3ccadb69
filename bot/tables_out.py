"""Records as CSV that spreadsheets open safely: one row a record, lists in one cell, no cell that starts a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.draft_cards import names_of
from bot.draft_wording import when_and_how
from bot.wording import Names, day_month_year, place_words
from store import drafts, numbering, positions, rolls, talks, topics
from store.database import Session
from store.records import Alignment, Applies, Draft, Position, Source, Talks, VoteChoice
from store.times import text_of

CHUNK = 500
RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula; such cells get an apostrophe before them."""

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of records as a table: its columns, and the row of one record."""

    columns: tuple[str, ...]
    kind: str
    many: Callable[[Session, Sequence[int]], list[Any]]
    rows: Callable[[Session, Sequence[Any], datetime], Iterator[Sequence[Cell]]]


def safe(cell: Cell) -> str:
    """A cell's text, so that no spreadsheet runs it."""
    text = "" if cell is None else str(cell).replace("\0", "")
    return f"'{text}" if text.startswith(RISKY) or text.lstrip().startswith(RISKY[:4]) else text


def csv_parts(session: Session, table: Table, now: datetime) -> Iterator[bytes]:
    """The file piece by piece: UTF-8 with the mark that Excel needs, CRLF, every record of the workspace by number."""
    yield b"\xef\xbb\xbf"
    yield _text([table.columns])
    numbers = numbering.everything(session, table.kind)
    for start in range(0, len(numbers), CHUNK):
        found = table.many(session, numbers[start : start + CHUNK])
        yield _text(table.rows(session, found, now))


def _text(rows: Iterator[Sequence[Cell]] | Sequence[Sequence[Cell]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8", "replace")


def _joined(items: Sequence[str | None]) -> str:
    return "; ".join(item for item in items if item)


def _sources(names: Names, keys: Sequence[str]) -> str:
    return _joined([_source(names.sources[key]) for key in keys if key in names.sources])


def _source(source: Source) -> str:
    said = f", {day_month_year(source.published)}" if source.published else ""
    return f"{source.publisher or source.title}{said}{f' <{source.url}>' if source.url else ''}"


def _talks(session: Session, found: Sequence[Talks], now: datetime) -> Iterator[Sequence[Cell]]:
    names = Names.of(session, now, "UTC", talks=found)
    needs = talks.prerequisites(session, [t.number for t in found])
    for t in found:
        people = [
            f"{names.party(s.party)}: {', '.join(names.speaker(p.name, p.office) for p in s.people)}"
            for s in t.sides
            if s.people
        ]
        w, p = t.window, t.place
        yield (
            t.label, t.key, t.title, t.status.value, "yes" if talks.lapsed(t, now) else "", "yes" if t.disputed else "",
            _joined([names.party(s.party) for s in t.sides]), t.level.value,
            _joined([f"{names.party(s.party)}: {s.level.value}" for s in t.sides]), _joined(people),
            text_of(w.earliest), text_of(w.latest), w.precision.value, w.zone, w.stated, w.stated_by, text_of(w.stated_on),
            p.state.value, names.party(p.country), p.city, p.venue, t.track, t.round, t.format, names.party(t.host),
            _joined([item.text for item in t.agenda]), _joined([need.label for need in needs.get(t.number, ())]),
            _joined(t.outcome), t.note, _joined([_account(a, names) for a in t.accounts]), _sources(names, t.sources),
        )  # fmt: skip


def _account(account: Any, names: Names) -> str:
    claims = [
        account.claim,
        {True: "happens", False: "does not happen", None: None}[account.happens] if not account.claim else None,
    ]
    if account.window:
        claims.append(f"{text_of(account.window.earliest) or '…'} to {text_of(account.window.latest) or '…'}")
    claims += [account.level.value] if account.level else []
    claims += [place_words(account.place, names)] if account.place else []
    marks = ["denies"] if account.happens is False else []
    marks += ["settled"] if account.settled else []
    marked = f" ({', '.join(marks)})" if marks else ""
    return f"{names.account_by(account)}{marked}: {', '.join(c for c in claims if c)}"


def _applies(applies: Applies | None, names: Names) -> str:
    if applies is None:
        return ""
    spans = [f"joined after {applies.joined_after}"] if applies.joined_after else []
    spans += [f"joined by {applies.joined_by}"] if applies.joined_by else []
    return names.party(applies.bloc) + (f" ({', '.join(spans)})" if spans else "")


def _positions(session: Session, found: Sequence[Position], now: datetime) -> Iterator[Sequence[Cell]]:
    names = Names.of(session, now, "UTC", positions=found)
    known = topics.by_keys(session, [p.topic for p in found])
    for p in found:
        topic = known[p.topic].name if p.topic in known else p.topic
        yield (
            p.label, p.key, names.party(p.party), topic, p.stance.value, p.summary, text_of(p.said_on), text_of(p.recorded_at),
            p.quote, p.original_quote, p.original_language, p.speaker, p.office, p.administration, p.supersedes,
            _applies(p.applies, names), _joined([names.reply_words(r) for r in p.replies]),
            "yes" if any(a.happens is False and not a.settled for a in p.accounts) else "",
            _joined([_account(a, names) for a in p.accounts]), _sources(names, p.sources),
        )  # fmt: skip


def _drafts(session: Session, found: Sequence[Draft], now: datetime) -> Iterator[Sequence[Cell]]:
    names = names_of(session, found, now, "UTC")
    known = topics.by_keys(session, [d.topic for d in found if d.topic])
    for d in found:
        topic = known.get(d.topic or "")
        t = d.tally
        on_roll = rolls.counted(d)
        yield (
            d.label, d.key, d.title, d.status.value, d.body, d.symbol, text_of(d.tabled_on), text_of(d.status_on),
            topic.name if topic else d.topic, d.note, _joined([f"{c.issue} (v{c.version}): {c.says}" for c in d.clauses]),
            _joined([f"{a.role.value}: {_who(a, names)}{when_and_how(a)}" for a in d.alignments]),
            _joined([f"{_who(a, names)}: {cited}" for a in d.alignments if (cited := _sources(names, a.sources))]),
            t.in_favour if t else None, t.against if t else None, t.abstained if t else None, t.absent if t else None,
            *(on_roll[choice] for choice in VoteChoice), _sources(names, d.sources),
        )  # fmt: skip


def _who(alignment: Alignment, names: Names) -> str:
    return names.party(alignment.party) if alignment.party else alignment.label or ""


def _votes(session: Session, found: Sequence[Draft], now: datetime) -> Iterator[Sequence[Cell]]:
    names = names_of(session, found, now, "UTC")
    for d in found:
        for v in d.votes:
            cells = (d.label, d.symbol, d.title, names.party(v.party), v.party, v.choice.value, v.kind.value, text_of(v.day))
            yield (*cells, _sources(names, v.sources))


TABLES = {
    "talks": Table(
        ("number", "key", "title", "status", "lapsed", "disputed", "sides", "level", "levels", "people", "earliest", "latest",
         "precision", "zone", "stated", "stated_by", "stated_on", "place", "country", "city", "venue", "track", "round",
         "format", "host", "agenda", "after", "outcome", "note", "accounts", "sources"),
        talks.KIND, talks.many, _talks,
    ),
    "positions": Table(
        ("number", "key", "party", "topic", "stance", "summary", "said_on", "recorded_at", "quote", "original_quote",
         "original_language", "speaker", "office", "administration", "supersedes", "applies", "replies", "disputed", "accounts",
         "sources"),
        positions.KIND, positions.many, _positions,
    ),
    "drafts": Table(
        ("number", "key", "title", "status", "body", "symbol", "tabled_on", "status_on", "topic", "note", "clauses",
         "alignments", "alignment_sources", "announced_for", "announced_against", "announced_abstained", "announced_absent",
         "roll_for", "roll_against", "roll_abstained", "roll_absent", "sources"),
        drafts.KIND, drafts.many, _drafts,
    ),
    "votes": Table(
        ("draft", "symbol", "title", "party", "code", "vote", "kind", "day", "sources"),
        drafts.KIND, drafts.many, _votes,
    ),
}  # fmt: skip
