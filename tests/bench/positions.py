"""How long questions about positions over time, comparisons, replies, topics and narrowed searches take: from Slack's signed
request to the acknowledgement with the answer, at the largest size, beside a handler that does nothing. Beside the drafts of
the other measure, where search finds them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from bot import wiring
from bot.config import Settings
from store import migrations
from tests.bench import drafts, generate
from tests.bench.commands import NO_OP, SIZES, _measure, _nothing, _sender
from tests.doubles.signing import SIGNING_SECRET

COMMANDS = (
    "/position us",
    "/position nato",
    "/position on rare earths 26",
    "/position russia nato",
    "/position russia nato as-of 2022-02",
    "/position us as-of 2020",
    "/position on rare earths 26 as-of 2020",
    "/position russia nato known 2022-02",
    "/position us known 2022-02",
    "/position on rare earths 26 known 2018",
    "/position history russia nato",
    "/position history us rare earths 26",
    "/position history us",
    "/position history us as-of 2022",
    "/position history us known 2022",
    "/position history russia nato known 2022",
    "/position changed 30d",
    "/position changed 1y russia",
    "/position changed 30d rare earths 26",
    "/position changed 30d page 3",
    "/position changed 30d known 2022",
    "/position stale 90d",
    "/position stale 90d page 3",
    "/position stale 1y russia",
    "/position stale 90d rare earths 26",
    "/position stale 90d known 2022",
    "/position compare us russia nato",
    "/position compare us russia",
    "/position compare us russia as-of 2020",
    "/position compare us russia known 2020",
    "/position compare us russia on rare earths 26",
    "/position compare us russia nato on nato",
    "/position compare us russia china ukraine france",
    "/position compare us russia china ukraine france on rare earths 26",
    "/position rejected-by nato",
    "/position rejected-by us",
    "/position rejected-by us known 2022",
    "/position rejected-by nato as-of 2022",
    "/position endorsed-by us russia",
    "/position endorsed-by us on rare earths 26",
    "/position conditional-by us",
    "/position declined-by us",
    "/position topics",
    "/position topics nato",
    f"/talks search {generate.RARE}",
    f"/talks search {generate.COMMON}",
    f"/talks search {generate.COMMON} party:us",
    f"/talks search {generate.COMMON} party:tuvalu",
    f"/talks search {generate.RARE} party:us in:positions",
    f"/talks search {generate.COMMON} party:tuvalu party:nauru",
    f"/talks search {generate.COMMON} topic:nato since:2024",
    f"/talks search {generate.COMMON} in:talks before:2020",
    f"/talks search {generate.COMMON} in:sources",
    "/talks search grain in:drafts",
    "/talks search grain in:drafts party:us",
    "/talks search party:us party:russia since:2024-06",
)


def run(sizes: Sequence[str] = ("100k",), runs: int = 300) -> dict[str, Any]:
    """p50 and p99 in milliseconds of every question at every size asked for."""
    return {"runs": runs, "sizes": {size: _at(*SIZES[size], runs) for size in sizes}}


def _at(talks: int, positions: int, runs: int) -> dict[str, Any]:
    path = drafts.store_of(talks, positions)
    store = migrations.open_store(path)
    try:
        with wiring.slack_app(Settings(signing_secret=SIGNING_SECRET), store, wiring.Clock(generate.NOW)) as app:
            app.command(NO_OP)(_nothing)
            send = _sender(app)
            timings = {line: _measure(partial(send, line), runs) for line in (NO_OP, *COMMANDS)}
    finally:
        store.close()
    return {"talks": talks, "positions": positions, "no_op": timings.pop(NO_OP), "commands": timings}
