"""Walking the text index: which documents match, newest first, within a range of ids.

See `search` for how ids and marks are made. SQL here is SQLite's own, as it is there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from store import search_marks, search_running
from store.database import Row, Session, marks

RANKED_UP_TO = 100
"""Up to this many hits are ranked by how they match; beyond it the newest come first."""
FEW = 20
"""Up to this many records that a search is narrowed to are looked at one by one."""

MOST_WORDS = 12
_WORD = re.compile(r"\w+")
_QUOTE = re.compile('["“”„]')


@dataclass(frozen=True, slots=True)
class Narrow:
    """What a search is narrowed to: records that involve every one of `parties`, are on any of `topics` and of any of
    `kinds`, and whose day lies on or after `since` and before `before`. Talks count from their first day to their last, drafts
    by the latest day known of them; undated records have no day to compare."""

    parties: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: date | None = None
    before: date | None = None


def words_of(text: str) -> list[str]:
    """The words of what was typed, as searched for: at most twelve, each cut at sixty characters."""
    return [word[:60] for word in _WORD.findall(text)[:MOST_WORDS]]


def phrases_of(text: str) -> list[str]:
    """The same words, where double quotes hold some together as one: `"red line" Moscow` is two."""
    found: list[str] = []
    left = MOST_WORDS
    pieces = _QUOTE.split(text)
    for i, piece in enumerate(pieces):
        words = words_of(piece)[:left]
        left -= len(words)
        together = i % 2 and i < len(pieces) - 1  # a quote that is never closed holds nothing together
        found += [" ".join(words)] if together and words else words
    return found


def match_of(sought: Sequence[str], narrow: Narrow) -> str:
    """The index's own query for quoted words; empty when there are no words and no marks to meet."""
    groups = search_marks.wanted(narrow.parties, narrow.topics, narrow.kinds)
    terms = [f"{{marks}} : ({' OR '.join(quoted(group))})" for group in groups]
    if sought:
        terms.insert(0, f"{{title body}} : ({' AND '.join(sought)})")
    return " AND ".join(terms)


def quoted(words: Iterable[str]) -> list[str]:
    return [f'"{word}"' for word in words]


def matching(session: Session, sought: Sequence[str], narrow: Narrow, ids: range) -> list[int]:
    """What matches, newest first, one more than are ranked: what is filed in the span, then what still runs into it."""
    found = _filed(session, sought, narrow, ids)
    if len(found) <= RANKED_UP_TO:
        found += _running(session, sought, narrow, ids)
    return found[: RANKED_UP_TO + 1]


def newest_page(session: Session, sought: Sequence[str], narrow: Narrow, ids: range, limit: int, offset: int) -> list[int]:
    """A page of very many, newest first; what still runs into the span comes at the end."""
    match = match_of(sought, narrow)
    found = newest(session, match, ids, limit, offset)
    if len(found) == limit or not (running := _running(session, sought, narrow, ids)):
        return found
    before = offset + len(found) if found else len(newest(session, match, ids, offset))
    return found + running[max(0, offset - before) : offset + limit - before]


def _running(session: Session, sought: Sequence[str], narrow: Narrow, ids: range) -> list[int]:
    """Talks filed before the span that are still running, or may be, when it begins."""
    if narrow.since is None or (narrow.kinds and "talks" not in narrow.kinds):
        return []
    groups = [set(group) for group in search_marks.wanted(narrow.parties, narrow.topics, ())]
    return _with_words(session, search_running.ids(session, narrow.since, ids.start), sought, groups)


def _with_words(session: Session, some: Sequence[int], sought: Sequence[str], groups: Sequence[set[str]] = ()) -> list[int]:
    """Which of some documents hold the quoted words and a mark of each group, newest first. Whether they do is for the index to
    say; it is only asked of those that may, as it takes long for each one."""
    holes, params = marks("id", some)
    words = [_plain(word) for phrase in sought for word in phrase.strip('"*').split()]
    rows = session.rows(f"SELECT id, title, body, marks FROM document WHERE id IN ({holes}) ORDER BY id DESC", **params)
    found = [row["id"] for row in rows if all(group & set(row["marks"].split()) for group in groups) and _may(row, words)]
    if not sought or not found:
        return found
    holes, params = marks("id", found)
    sql = f"""SELECT rowid FROM document_index WHERE document_index MATCH :match AND rowid IN ({holes})
              ORDER BY rowid DESC"""
    return [row[0] for row in session.rows(sql, match=match_of(sought, Narrow()), **params)]


def _may(row: Row, words: Sequence[str]) -> bool:
    """Can a document hold these words?"""
    text = _plain(row["title"] + row["body"]) if words else ""
    return all(word in text for word in words)


def _plain(text: str) -> str:
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) != "Mn")
    return text.casefold()


def _filed(session: Session, sought: Sequence[str], narrow: Narrow, ids: range) -> list[int]:
    """Where hardly anything has the marks, the words are looked for in that alone: a common one stands in nearly all there is,
    and the index would step through it from each to the next."""
    if sought and (marked := match_of((), narrow)):
        few = newest(session, marked, ids, FEW + 1)
        if len(few) <= FEW:
            return _with_words(session, few, sought)
    return newest(session, match_of(sought, narrow), ids, RANKED_UP_TO + 1)


def newest(session: Session, match: str, ids: range, limit: int, offset: int = 0) -> list[int]:
    params = {"first": ids.start, "end": ids.stop, "limit": limit, "offset": offset}
    if not match:
        sql = "SELECT id FROM document WHERE id >= :first AND id < :end ORDER BY id DESC LIMIT :limit OFFSET :offset"
        return [row[0] for row in session.rows(sql, **params)]
    sql = """SELECT rowid FROM document_index WHERE document_index MATCH :match AND rowid >= :first AND rowid < :end
             ORDER BY rowid DESC LIMIT :limit OFFSET :offset"""
    return [row[0] for row in session.rows(sql, match=match, **params)]
