"""What changed between two revisions: for each record how it stood before the first and after the last of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from store.database import Row, Session, marks, to_json
from store.times import instant, instant_text

AT_ONCE = 200

Mentioned = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Change:
    """One record's way from `before` (None: it is new) to `after` (None: it is gone), as plain data; `why` is the last
    reason given on the way."""

    kind: str
    key: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    why: str | None


@dataclass(frozen=True, slots=True)
class News:
    """Changes, read as they are asked for; `whole` is False where there are more than were to be looked through."""

    changes: Iterator[Change]
    whole: bool


def between(
    session: Session, after: int, upto: int, kinds: tuple[str, ...], *, mentioning: Sequence[Mentioned] = (), limit: int
) -> News:
    """The records of some kinds that changed after one revision and up to another, in the order of their last change.

    What was changed and changed back is left out, and so is what does not mention, of each of `mentioning`, one of the
    values of one of its fields (see `watched.mentions`). At most `limit` records are looked through.
    """
    holes, params = marks("k", kinds)
    rows = session.rows(
        f"""SELECT kind, key, min(number) AS first, max(number) AS last FROM revision
            WHERE team_id = :team AND number > :after AND number <= :upto AND kind IN ({holes})
            GROUP BY kind, key ORDER BY max(number) LIMIT :limit""",
        after=after,
        upto=upto,
        limit=limit + 1,
        **params,
    )
    return News(_read(session, rows[:limit], [_pattern(each) for each in mentioning]), len(rows) <= limit)


def _read(session: Session, spans: Sequence[Row], wanted: Sequence[re.Pattern[str]]) -> Iterator[Change]:
    for start in range(0, len(spans), AT_ONCE):
        some = spans[start : start + AT_ONCE]
        holes, params = marks("n", list({number for span in some for number in (span["first"], span["last"])}))
        rows = session.rows(
            f"SELECT number, before, after, why FROM revision WHERE team_id = :team AND number IN ({holes})", **params
        )
        revisions = {row["number"]: row for row in rows}
        for span in some:
            first, last = revisions[span["first"]], revisions[span["last"]]
            before, after = first["before"], last["after"]
            if before != after and any(text and all(each.search(text) for each in wanted) for text in (before, after)):
                yield Change(span["kind"], span["key"], _plain(before), _plain(after), last["why"] or first["why"])


def _pattern(mentioned: Mentioned) -> re.Pattern[str]:
    """Finds values of fields in the text of a revision: after a bulk load nearly all of it is about something else, and to
    look at a text takes a hundredth of the time that it takes to make a record of it."""
    pairs = [to_json({name: value})[1:-1] for name, values in mentioned.items() for value in values]
    return re.compile("|".join(map(re.escape, pairs)) or "(?!)")


def _plain(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    found: dict[str, Any] = json.loads(text)
    return found


def revision_at(session: Session, moment: datetime) -> int:
    """The number of the last revision by a moment; 0 when there was none."""
    stamp = instant_text(moment)
    value = session.value(
        "SELECT number FROM revision WHERE team_id = :team AND at <= :stamp ORDER BY at DESC, number DESC LIMIT 1", stamp=stamp
    )
    return int(value or 0)


def began(session: Session, after: int) -> datetime | None:
    """When the first change after a revision was made; None when there is none."""
    value = session.value(
        "SELECT at FROM revision WHERE team_id = :team AND number > :after ORDER BY number LIMIT 1", after=after
    )
    return None if value is None else instant(str(value))
