"""Sources: where facts come from, by key."""

from __future__ import annotations

from collections.abc import Sequence

from store import changes, search
from store.database import Row, Session, WriteSession, marks
from store.plain import to_plain
from store.records import Source
from store.times import day, text_of

KIND = "source"


def by_keys(session: Session, keys: Sequence[str]) -> dict[str, Source]:
    """The sources with these keys, the workspace's own before built-in ones; unknown keys are left out."""
    if not keys:
        return {}
    holes, params = marks("k", list(dict.fromkeys(keys)))
    rows = session.rows(
        f"SELECT * FROM source WHERE team_id IN (:builtin, :team) AND key IN ({holes}) ORDER BY team_id", **params
    )
    return {row["key"]: _source(row) for row in rows}


def by_url(session: Session, url: str) -> Source | None:
    """The workspace's source at an address, the first by key where there are several, or None."""
    row = session.row("SELECT * FROM source WHERE team_id = :team AND url = :url ORDER BY key LIMIT 1", url=url)
    return None if row is None else _source(row)


def everything(session: Session) -> list[Source]:
    """All sources of the workspace, by key."""
    return [_source(row) for row in session.rows("SELECT * FROM source WHERE team_id = :team ORDER BY key")]


def save(session: WriteSession, source: Source) -> Source:
    """Writes a source and its revision, and files it for search; what is unchanged is not written again."""
    previous = by_keys(session, [source.key]).get(source.key)
    if previous == source:
        return source
    session.execute(
        """INSERT INTO source (team_id, key, title, publisher, url, published, author)
           VALUES (:team, :key, :title, :publisher, :url, :published, :author)
           ON CONFLICT (team_id, key) DO UPDATE SET title = excluded.title, publisher = excluded.publisher,
               url = excluded.url, published = excluded.published, author = excluded.author""",
        key=source.key,
        title=source.title,
        publisher=source.publisher,
        url=source.url,
        published=text_of(source.published),
        author=source.author,
    )
    search.put_source(session, source)
    before = None if previous is None else to_plain(previous)
    changes.record(session, KIND, source.key, action="recorded", before=before, after=to_plain(source))
    return source


def _source(row: Row) -> Source:
    return Source(row["key"], row["title"], row["publisher"], row["url"], day(row["published"]), row["author"])
