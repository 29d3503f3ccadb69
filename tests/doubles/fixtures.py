"""Ready fixtures: `pytest_plugins = ["tests.doubles.fixtures"]` in tests/conftest.py makes them known everywhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.doubles.slack import FakeSlack


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    """A Slack of one's own. At the end nobody may have been broadcast to, and the house rules must have been kept.

    A test that breaks them on purpose empties `slack.state.complaints` or `slack.state.broadcasts` itself.
    """
    with FakeSlack() as fake:
        yield fake
    assert fake.complaints == []
    assert fake.broadcasts == []
