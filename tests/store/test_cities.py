"""The gazetteer: the same answers from the store as from the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import cities, migrations
from tests.store.conftest import NOW


@pytest.mark.parametrize(
    ("name", "found"),
    [("Xiamen", ("Xiamen", "cn")), ("lviv", ("Lviv", "ua")), ("ŁÓDŹ", ("Łódź", "pl")), ("Nowhere upon Sea", None), ("", None)],
)
def test_a_city_by_name(tmp_path: Path, name: str, found: tuple[str, str] | None) -> None:
    for kept in (True, False):
        path = tmp_path / f"{kept}.db"
        migrations.migrate(path, now=NOW, gazetteer=kept)
        store = migrations.open_store(path)
        with store.read("local") as session:
            assert bool(session.value("SELECT count(*) FROM city")) is kept
            assert cities.named(session, name) == found
        store.close()
