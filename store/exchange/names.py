"""What the names in a file stand for: parties and topics, those of the file and those on record, and keys of other records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from store import parties, topics
from store.database import Session
from store.exchange.faults import shown, suggestion
from store.exchange.fields import CODE, PARTIES, PARTY, POSITION, SOURCE, TALKS, TOPIC
from store.exchange.values import Found
from store.records import Topic

_SUGGESTIONS = 100
"""Unknown names beyond these get no suggestion: each takes milliseconds."""

_KEYS = {
    SOURCE: ("source", "source", "sources"),
    TALKS: ("talks", "talks", "talks"),
    POSITION: ("position", "position", "positions"),
}


class Names:
    """Turns the texts of one file into party codes, topic keys, and keys of sources, talks and positions."""

    def __init__(self, session: Session, data: Mapping[str, Any]) -> None:
        self._session = session
        self._parties = dict(_file_parties(data))
        self._party_names = _gathered(
            (folded, code) for code, names in self._parties.items() for folded in map(parties.fold, names) if folded
        )
        self._keys = {role: set(_keys(data, collection)) for role, (_, _, collection) in _KEYS.items()}
        self._file_topics = list(_file_topics(data))
        self._topics: tuple[dict[str, Topic], dict[str, list[str]]] | None = None
        self._found: dict[tuple[str, str], Found] = {}
        self._suggested = 0

    def lookups(self) -> dict[str, Callable[[str], Found]]:
        """The lookup of each role, for `shape.Reader`."""
        found = {role: self._remembered(role, self._key(role)) for role in _KEYS}
        found[PARTY] = self._remembered(PARTY, self._party)
        found[TOPIC] = self._remembered(TOPIC, self._topic)
        return {**found, PARTIES: self._successors}

    def _remembered(self, role: str, lookup: Callable[[str], Found]) -> Callable[[str], Found]:
        def remembered(text: str) -> Found:
            if (role, text) not in self._found:
                self._found[role, text] = lookup(text)
            return self._found[role, text]

        return remembered

    def _party(self, text: str) -> Found:
        code = text.casefold()
        if code in self._parties or parties.by_codes(self._session, [code], with_names=False):
            return Found(code)
        folded = parties.fold(text)
        codes = self._party_names.get(folded, [])
        if not codes and folded:
            codes = list(dict.fromkeys(c for c, _ in parties.named(self._session, [folded]).get(folded, [])))
        if len(codes) == 1:
            return Found(codes[0])
        if codes:
            known = parties.by_codes(self._session, codes, with_names=False)
            options = [f'"{c}" ({known[c].name})' if c in known else f'"{c}"' for c in codes]
            return Found(wrong=f"{shown(text)} could be {' or '.join(options)}; write the code")
        return Found(wrong=f"there is no party called {shown(text)}{self._near_party(text)}")

    def _successors(self, text: str) -> Found:
        whole = self._party(text)
        each = [self._party(word) for word in text.split()]
        if whole.wrong and len(each) > 1 and not any(found.wrong for found in each):
            return Found(" ".join(found.value for found in each))
        return whole

    def _near_party(self, text: str) -> str:
        if not self._may_suggest():
            return ""
        names = [name for names in self._parties.values() for name in names]
        if near := suggestion(text, names):
            return near
        found = parties.suggest(self._session, text, 1)
        if found:
            return f'; did you mean "{found[0].code}" ({found[0].name})?'
        return '; name it by a usual name or its code, or add it under "parties"'

    def _may_suggest(self) -> bool:
        self._suggested += 1
        return self._suggested <= _SUGGESTIONS

    def _topic(self, text: str) -> Found:
        keys, names = self._all_topics()
        if text in keys:
            return Found(text)
        if (current := topics.current(self._session, text)) in keys:
            return Found(current)  # an older file's name for what was merged since
        found = names.get(parties.fold(text), [])
        if len(found) == 1:
            return Found(found[0])
        if found:
            return Found(wrong=f"{shown(text)} could be the topic {' or '.join(map(shown, found))}; write the key")
        near = suggestion(text, [*keys, *names]) if self._may_suggest() else ""
        return Found(wrong=f"there is no topic called {shown(text)}{near or '; add it under ' + shown('topics')}")

    def _all_topics(self) -> tuple[dict[str, Topic], dict[str, list[str]]]:
        if self._topics is None:
            known = {topic.key: topic for topic in topics.everything(self._session)}
            leads = {t.key: topics.current(self._session, t.key) for t in self._file_topics if t.key not in known}
            own = [topic for topic in self._file_topics if leads.get(topic.key, topic.key) == topic.key]
            known.update({topic.key: topic for topic in own})
            named = [*known.values(), *(topic for topic in self._file_topics if topic.key not in known)]
            pairs = {(parties.fold(n), leads.get(t.key, t.key)): None for t in named for n in (t.name, *t.aliases)}
            self._topics = known, _gathered(pairs)
        return self._topics

    def _key(self, role: str) -> Callable[[str], Found]:
        table, word, collection = _KEYS[role]

        def lookup(text: str) -> Found:
            if text in self._keys[role] or self._session.value(
                f"SELECT 1 FROM {table} WHERE team_id = :team AND key = :key", key=text
            ):
                return Found(text)
            near = suggestion(text, self._keys[role]) if self._may_suggest() else ""
            words = "a source" if role == SOURCE else "talks" if role == TALKS else f"a {word}"
            where = f'; {words} with this key must be under "{collection}" or on record'
            return Found(wrong=f"there {'are' if role == TALKS else 'is'} no {word} with the key {shown(text)}{near or where}")

        return lookup


def _gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, key in pairs:
        if key not in found.setdefault(name, []):
            found[name].append(key)
    return found


def _entries(data: Mapping[str, Any], collection: str) -> Iterator[dict[Any, Any]]:
    entries = data.get(collection)
    if isinstance(entries, list | tuple):
        yield from (entry for entry in entries if isinstance(entry, dict))


def _keys(data: Mapping[str, Any], collection: str) -> Iterator[str]:
    """The keys a collection uses, whatever else may be wrong with its entries: those faults are told on their own."""
    for entry in _entries(data, collection):
        if isinstance(entry.get("key"), str | int):
            yield str(entry["key"]).strip()


def _texts(value: Any) -> list[str]:
    """The names in a list that may hold texts and mappings."""
    items = value if isinstance(value, list | tuple) else [value]
    items = [item.get("name") if isinstance(item, dict) else item for item in items]
    return [str(item).strip() for item in items if isinstance(item, str | int) and not isinstance(item, bool)]


def _file_parties(data: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for entry in _entries(data, "parties"):
        if isinstance(entry.get(CODE), str):
            yield entry[CODE].strip().casefold(), _texts(entry.get("name")) + _texts(entry.get("names"))


def _file_topics(data: Mapping[str, Any]) -> Iterator[Topic]:
    for entry in _entries(data, "topics"):
        for key in _texts(entry.get("key")):
            yield Topic(key, (_texts(entry.get("name")) or [key])[0], tuple(_texts(entry.get("aliases"))))
