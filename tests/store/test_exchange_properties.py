"""Export then load gives an equal store, whatever it holds; any bytes at all end in a load or in faults, never in a crash."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from store import exchange, migrations
from store.database import Store
from store.exchange import yaml_text
from tests.store.stores import NASTY, Content, contents, words

NOW = datetime(2025, 2, 22, 18, 0, tzinfo=UTC)
_teams = (f"T{number}" for number in itertools.count(1))

slow = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("exchange") / "store.db"
    migrations.migrate(path, now=NOW)
    opened = migrations.open_store(path)
    yield opened
    opened.close()


def exported(store: Store, team: str) -> dict[str, Any]:
    with store.read(team) as session:
        return exchange.export(session)


def revisions(store: Store, team: str) -> int:
    with store.read(team) as session:
        return int(session.value("SELECT count(*) FROM revision WHERE team_id = :team") or 0)


@slow
@given(contents(), st.sampled_from(["yaml", "json"]))
def test_an_exported_store_loads_into_an_equal_one(store: Store, content: Content, form: str) -> None:
    here, there = next(_teams), next(_teams)
    with store.write(here, actor="test", now=NOW) as session:
        content.save(session)
    data = exported(store, here)
    text = exchange.dump(data, form)
    parsed = exchange.parse(text.encode(), form)
    exchange.load_into(store, there, parsed, actor="test", now=NOW)
    assert exported(store, there) == data
    assert exchange.dump(exported(store, there), form) == text
    before = revisions(store, there)
    report = exchange.load_into(store, there, parsed, actor="test", now=NOW)
    assert not report.changed_anything
    assert not report.notes
    assert revisions(store, there) == before


plain: st.SearchStrategy[Any] = st.recursive(
    words | st.booleans() | st.integers(),
    lambda inner: st.dictionaries(words, inner, min_size=1, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(words, plain | st.lists(plain, min_size=1, max_size=3), min_size=1, max_size=4))
def test_what_the_yaml_writer_writes_any_yaml_reader_reads(data: dict[str, Any]) -> None:
    read = yaml.load(yaml_text.dump(data), yaml.BaseLoader)
    assert read == _texts(data)


@pytest.mark.parametrize("text", NASTY)
def test_nasty_texts_keep_their_meaning_for_other_readers(text: str) -> None:
    read = yaml.safe_load(yaml_text.dump({"a": text}))["a"]
    assert str(read) == text if text == "2025-02-22" else read == text


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    return value if isinstance(value, str) else json.dumps(value)


loose: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words | st.integers(), inner, max_size=3),
    max_leaves=10,
)


@st.composite
def mangled(draw: st.DrawFn) -> Any:
    """A proper file with some of its values replaced by anything at all, or dropped."""
    data = json.loads(json.dumps(_EXAMPLE))
    for _ in range(draw(st.integers(1, 4))):
        spot: Any = data
        while True:
            keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
            key = draw(st.sampled_from(keys))
            if isinstance(spot[key], dict | list) and spot[key] and draw(st.integers(0, 3)):
                spot = spot[key]
                continue
            if isinstance(spot, dict) and draw(st.booleans()):
                spot[draw(st.sampled_from(["key", "number", "party", "window", "sources"]) | words)] = draw(loose)
            else:
                spot[key] = draw(loose)
            break
    return data


_EXAMPLE: dict[str, Any] = {
    "attache": 1,
    "sources": [{"key": "s", "title": "t", "published": "2025-02-22"}],
    "parties": [{"code": "x1", "name": "Friends", "kind": "bloc", "names": ["Pals"]}],
    "memberships": [{"bloc": "x1", "member": "us", "joined": "2025-01-01", "sources": ["s"]}],
    "topics": [{"key": "nato", "name": "NATO", "aliases": ["1997"]}, {"key": "b", "name": "B", "parent": "nato"}],
    "talks": [
        {"key": "a", "number": 3, "title": "A", "status": "held", "sides": ["us", {"party": "ru", "people": ["X"]}]},
        {
            "key": "b",
            "title": "B",
            "status": "planned",
            "sides": ["us"],
            "after": ["a"],
            "window": {"earliest": "2025-02-22", "latest": "2025-03-08"},
            "agenda": ["one", {"text": "two", "topic": "nato"}],
            "accounts": [{"by": "Y", "window": "2025-03-01", "place": "remote", "sources": ["s"]}],
        },
    ],
    "positions": [
        {
            "key": "p",
            "party": "ru",
            "topic": "nato",
            "stance": "demands",
            "summary": "S",
            "replies": [{"party": "nato", "stance": "rejects"}],
        },
        {"key": "q", "party": "ru", "topic": "b", "stance": "opposes", "summary": "S", "supersedes": "p", "applies": "nato"},
    ],
    "drafts": [
        {
            "key": "d",
            "title": "D",
            "status": "tabled",
            "clauses": [{"issue": "i", "says": "s"}],
            "alignments": [{"role": "sponsor", "party": "us"}],
            "votes": [{"party": "us", "choice": "for"}],
            "tally": {"day": "2025-02-24", "in_favour": 1, "against": 2, "abstained": 3},
        }
    ],
}


@slow
@given(mangled())
@example(_EXAMPLE)
def test_a_mangled_file_is_loaded_whole_or_refused_whole(store: Store, data: Any) -> None:
    team = next(_teams)
    faults = refused(lambda: exchange.load_into(store, team, data, actor="test", now=NOW))
    assert all(fault.message and "\n" not in str(fault) for fault in faults)
    if faults:
        assert exported(store, team) == {"attache": 1}
        assert revisions(store, team) == 0


anything = st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))


@settings(deadline=None)
@given(anything, st.sampled_from([None, "yaml", "json"]))
def test_any_bytes_are_parsed_or_refused(content: bytes, form: str | None) -> None:
    refused(lambda: exchange.parse(content, form))


def refused(attempt: Callable[[], object]) -> tuple[exchange.Fault, ...]:
    """The faults that an attempt ends with, none where it goes through. A refusal without faults is a failure."""
    try:
        attempt()
    except exchange.BadFile as error:
        if not error.faults:
            pytest.fail("refused without a reason")
        return error.faults
    return ()
