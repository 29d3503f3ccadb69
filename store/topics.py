"""Topics: what positions and agendas are about. Each workspace has its own, with aliases, and may nest them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from store import changes, search
from store.database import Row, Session, WriteSession, marks
from store.errors import NotOnRecord
from store.parties import fold, slips
from store.plain import from_plain, to_plain
from store.records import Topic

KIND = "topic"


class Circle(ValueError):
    """A topic would lie under itself. `path` names the topics in order."""

    def __init__(self, path: Sequence[str]) -> None:
        super().__init__(" under ".join(path))
        self.path = tuple(path)


def get(session: Session, key: str) -> Topic | None:
    """The topic with this key, or None."""
    return by_keys(session, [key]).get(key)


def by_keys(session: Session, keys: Sequence[str]) -> dict[str, Topic]:
    """Topics by key; unknown keys are left out."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return {}
    holes, params = marks("k", wanted)
    rows = session.rows(f"SELECT * FROM topic WHERE team_id = :team AND key IN ({holes})", **params)
    aliases = session.rows(
        f"""SELECT topic, name FROM topic_name WHERE team_id = :team AND topic IN ({holes}) AND seq > 0
            ORDER BY topic, seq""",
        **params,
    )
    return {topic.key: topic for topic in _topics(rows, aliases)}


def by_key(session: Session, key: str) -> Topic | None:
    """The topic with this key, or None (the name that all kinds of records have it under)."""
    return get(session, key)


def current(session: Session, key: str) -> str:
    """The key of the topic that this one was merged into, however often; the key itself where it was not, or is back."""
    seen: set[str] = set()
    while key not in seen:
        seen.add(key)
        row = session.row(
            """SELECT into_key FROM topic_merged m WHERE team_id = :team AND key = :key
               AND NOT EXISTS (SELECT 1 FROM topic t WHERE t.team_id = m.team_id AND t.key = m.key)""",
            key=key,
        )
        if row is None:
            break
        key = str(row["into_key"])
    return key


def everything(session: Session) -> list[Topic]:
    """All topics of the workspace, by name."""
    rows = session.rows("SELECT * FROM topic WHERE team_id = :team ORDER BY name, key")
    aliases = session.rows("SELECT topic, name FROM topic_name WHERE team_id = :team AND seq > 0 ORDER BY topic, seq")
    return _topics(rows, aliases)


def _topics(rows: Iterable[Row], aliases: Iterable[Row]) -> list[Topic]:
    names: dict[str, list[str]] = defaultdict(list)
    for row in aliases:
        names[row["topic"]].append(row["name"])
    return [Topic(row["key"], row["name"], tuple(names[row["key"]]), row["parent"]) for row in rows]


def named(session: Session, folded: Sequence[str]) -> dict[str, list[str]]:
    """The keys of the topics that each folded name or alias stands for, in one query; names nobody has are left out."""
    wanted = list(dict.fromkeys(folded))
    if not wanted:
        return {}
    holes, params = marks("f", wanted)
    found: dict[str, list[str]] = {}
    for name, key in session.rows(
        f"SELECT folded, topic FROM topic_name WHERE team_id = :team AND folded IN ({holes}) ORDER BY folded, seq, topic",
        **params,
    ):
        found.setdefault(name, []).append(key)
    return found


def children(session: Session, key: str) -> list[str]:
    """Keys of the topics directly under one, by name."""
    rows = session.rows("SELECT key FROM topic WHERE team_id = :team AND parent = :key ORDER BY name, key", key=key)
    return [row["key"] for row in rows]


def subtree(session: Session, key: str) -> list[str]:
    """The key and those of everything under it, nearest first; empty for a topic that is not on record."""
    return subtree_of(session, [key])


def subtree_of(session: Session, keys: Sequence[str]) -> list[str]:
    """The keys of some topics and of everything under any of them, nearest first, each once."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return []
    holes, params = marks("k", wanted)
    rows = session.rows(
        f"""WITH RECURSIVE under (key, name, depth) AS (
               SELECT key, name, 0 FROM topic WHERE team_id = :team AND key IN ({holes})
               UNION ALL
               SELECT t.key, t.name, u.depth + 1 FROM topic t JOIN under u ON t.parent = u.key
               WHERE t.team_id = :team AND u.depth < 100)
           SELECT key FROM under GROUP BY key ORDER BY min(depth), min(name), key""",
        **params,
    )
    return [row["key"] for row in rows]


def suggest(session: Session, word: str, limit: int = 3) -> list[Topic]:
    """Topics whose name, alias or one word of either is a slip or two away from a word, nearest first; none for nonsense."""
    sought = fold(word)
    allowed = slips(sought)
    if not allowed:
        return []
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    choices: list[tuple[str, str]] = []
    for name, key in session.rows("SELECT folded, topic FROM topic_name WHERE team_id = :team ORDER BY topic, seq"):
        choices.append((name, key))
        choices += [(part, key) for part in name.split() if len(part) > 3 and part != name]
    near = process.extract(sought, [name for name, _ in choices], scorer=OSA.distance, score_cutoff=allowed, limit=30 * limit)
    ranked = sorted((distance, -len(name), choices[place][1]) for name, distance, place in near)
    keys = list(dict.fromkeys(key for *_, key in ranked))[:limit]
    found = by_keys(session, keys)
    return [found[key] for key in keys]


def save(session: WriteSession, topic: Topic, *, action: str = "recorded", undoes: int | None = None) -> Topic:
    """Adds a topic or replaces it, with its revision; returns it as the store keeps it.

    An alias that reads the same as the name or an earlier alias is dropped, and so is one with nothing to read. The parent
    must be on record: raises NotOnRecord, or `Circle` for a topic under itself. Nothing is written when nothing changes, and
    nothing is planned: see `topic_talks` for a topic that moves.
    """
    names: dict[str, str] = {fold(topic.name) or fold(topic.key) or topic.key: topic.name}
    for alias in topic.aliases:
        if fold(alias):
            names.setdefault(fold(alias), alias)
    kept = Topic(topic.key, topic.name, tuple(list(names.values())[1:]), topic.parent)
    previous = get(session, topic.key)
    if previous == kept:
        return kept
    _check_parent(session, kept)
    if previous is None:
        session.insert("topic", [{"key": kept.key, "name": kept.name, "parent": kept.parent}])
    else:
        session.execute(
            "UPDATE topic SET name = :name, parent = :parent WHERE team_id = :team AND key = :key",
            key=kept.key,
            name=kept.name,
            parent=kept.parent,
        )
        session.execute("DELETE FROM topic_name WHERE team_id = :team AND topic = :key", key=kept.key)
    session.insert(
        "topic_name",
        [{"folded": folded, "topic": kept.key, "seq": seq, "name": name} for seq, (folded, name) in enumerate(names.items())],
    )
    if previous is not None:
        _retitle(session, previous, kept)
    changes.record(
        session,
        KIND,
        kept.key,
        action=action,
        before=None if previous is None else to_plain(previous),
        after=to_plain(kept),
        undoes=undoes,
    )
    return kept


def _retitle(session: WriteSession, previous: Topic, topic: Topic) -> None:
    """Lets positions be found by the new name of their topic."""
    if previous.name != topic.name:
        rows = session.rows("SELECT number FROM position WHERE team_id = :team AND topic = :key", key=topic.key)
        search.refresh(session, "position", [row["number"] for row in rows], renamed=(previous.name, topic.name))


def restore(session: WriteSession, plain: dict[str, object], *, action: str, undoes: int | None = None) -> Topic:
    """Saves a topic from its plain form, as a revision keeps it."""
    return save(session, from_plain(Topic, plain), action=action, undoes=undoes)


def users(session: Session, key: str) -> list[str]:
    """What names a topic, a few of it, by label: positions, talks, drafts and topics under it."""
    found: list[str] = []
    for letter, sql in (
        ("P", "SELECT number FROM position WHERE team_id = :team AND topic = :key LIMIT 3"),
        ("T", "SELECT DISTINCT talks AS number FROM talks_agenda WHERE team_id = :team AND topic = :key LIMIT 3"),
        ("D", "SELECT number FROM draft WHERE team_id = :team AND topic = :key LIMIT 3"),
    ):
        found += [f"{letter}-{row['number']}" for row in session.rows(sql, key=key)]
    return found + [topic.name for topic in by_keys(session, children(session, key)).values()]


def remove(session: WriteSession, topic: Topic, *, action: str, undoes: int | None = None) -> None:
    """Takes a topic that nothing names (see `users`) off the record, with a revision that can bring it back."""
    session.execute("DELETE FROM topic_name WHERE team_id = :team AND topic = :key", key=topic.key)
    session.execute("DELETE FROM topic WHERE team_id = :team AND key = :key", key=topic.key)
    changes.record(session, KIND, topic.key, action=action, before=to_plain(topic), after=None, undoes=undoes)


COUNT_CAP = 1000


def counts(session: Session, keys: Sequence[str]) -> dict[str, tuple[int, int, int]]:
    """How many positions, agenda items and drafts name each topic itself, each counted up to `COUNT_CAP`."""
    found: dict[str, tuple[int, int, int]] = {}
    for key in keys:
        row = session.row(
            """SELECT (SELECT count(*) FROM (SELECT 1 FROM position WHERE team_id = :team AND topic = :key LIMIT :cap) a),
                      (SELECT count(*) FROM (SELECT 1 FROM talks_agenda WHERE team_id = :team AND topic = :key LIMIT :cap) b),
                      (SELECT count(*) FROM (SELECT 1 FROM draft WHERE team_id = :team AND topic = :key LIMIT :cap) c)""",
            key=key,
            cap=COUNT_CAP,
        )
        if row is not None:
            found[key] = (row[0], row[1], row[2])
    return found


def _check_parent(session: Session, topic: Topic) -> None:
    path, step = [topic.key], topic.parent
    while step is not None:
        path.append(step)
        if step == topic.key:
            raise Circle(path)
        row = session.row("SELECT parent FROM topic WHERE team_id = :team AND key = :key", key=step)
        if row is None:
            raise NotOnRecord(step)
        step = row["parent"]
