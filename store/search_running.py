"""Windows that a search by time would miss: talks are filed by the day they open, and may still run on a later one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from store.database import Session, Value
from store.times import NEVER, SPANS, instant_text

MOST = 100
"""Windows that a search from a day on looks into beside what is filed from then on, the last to open first."""

_FILED = """FROM talks t JOIN document d ON d.team_id = t.team_id AND d.kind = 'talks' AND d.number = t.number
    WHERE t.team_id = :team AND t.span = :span AND d.id < :first"""


def ids(session: Session, since: date, first: int) -> list[int]:
    """Documents of talks that are filed before id `first` and whose window reaches `since`, the newest first.

    Windows are filed by length, so each length is searched only as far back as a window of that length can reach.
    """
    moment = datetime.combine(since, time(), UTC)
    found: list[int] = []
    for span in (*SPANS, 0):
        bounds: dict[str, Value] = {"span": span, "first": first, "since": instant_text(moment), "most": MOST}
        back = ""
        if span and since.year > 1:
            back, bounds["from"] = " AND t.opens_at >= :from", instant_text(moment - timedelta(days=span + 1))
        rows = session.rows(
            f"""SELECT d.id {_FILED} AND t.opens_at < :since AND (t.closes_at IS NULL OR t.closes_at >= :since){back}
                ORDER BY t.opens_at DESC LIMIT :most""",
            **bounds,
        )
        found += [row["id"] for row in rows]
    rows = session.rows(  # no beginning: an end, or the end that an account gives
        f"SELECT d.id {_FILED} AND t.opens_at IS NULL AND t.due >= :since AND t.due < '{NEVER}' LIMIT :most",
        span=0,
        first=first,
        since=instant_text(moment),
        most=MOST,
    )
    return sorted((*found, *(row["id"] for row in rows)), reverse=True)[:MOST]
