"""How long a phrase takes to read, beside dateparser alone on the same phrases in the same run."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from datetime import datetime

from bot.language.when import describe, read
from tests.language.when.corpus import Case, answer, cases

PARAGRAPH = (
    "Deputy Foreign Minister Ryabkov said on 22 February that a second round may follow within the next two weeks in a third "
    "country, after departmental directors meet; Resolution 2774 passed by 10 votes to none on 24 February 2025, and the "
    "sides march on towards talks not before June, at 10 a.m. Geneva time, in the 5+1 format of 14 July 2015. "
)


def run() -> dict[str, object]:
    """Milliseconds per phrase over the corpus (ours and dateparser's), the worst phrase, a long paragraph, the accuracy."""
    corpus = cases()
    _every(corpus, _ours)  # once unmeasured: imports and caches
    ours = _every(corpus, _ours)
    theirs = _every(corpus, _dateparser())
    worst = max(range(len(corpus)), key=ours.__getitem__)
    return {
        "phrases": len(corpus),
        "accuracy": round(sum(map(_right, corpus)) / len(corpus), 4),
        "ours_ms": _figures(ours),
        "dateparser_ms": _figures(theirs),
        "worst_phrase": corpus[worst].phrase,
        "paragraph_10000_ms": round(min(_timed(_paragraph) for _ in range(5)), 2),
        "hard_cases_ms": {name: round(_timed(lambda t=text: _read_text(t)), 2) for name, text in HARD.items()},  # type: ignore[misc]
    }


HARD = {
    "numbers": "1, 2, 3, 4, 5, 6, 7, 8, 9, " * 370,
    "months": "March " * 1600,
    "weekdays": "Monday and " * 900,
    "nested": "two days after " * 660,
    "weeks": "the week after the week of " * 370,
    "dashes": "1-" * 5000,
    "digits": "9" * 10000,
    "clocks": "10:00-" * 1600,
    "quotes": "'" * 10000,
    "ends": "the end of " * 900,
}


def _every(corpus: list[Case], reader: Callable[[Case], object]) -> list[float]:
    return [_timed(lambda c=case: reader(c)) for case in corpus]  # type: ignore[misc]


def _timed(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def _ours(case: Case) -> object:
    return read(case.phrase, said_on=case.said_on, zone=case.zone, order=case.order)


def _right(case: Case) -> bool:
    return answer(read(case.phrase, said_on=case.said_on, zone=case.zone, order=case.order)) == case.labels


def _dateparser() -> Callable[[Case], object]:
    import dateparser

    def parse(case: Case) -> object:
        base = datetime.combine(case.said_on, datetime.min.time())
        settings = {"RELATIVE_BASE": base, "TIMEZONE": case.zone, "DATE_ORDER": case.order.value}
        return dateparser.parse(case.phrase, languages=["en"], settings=settings)

    dateparser.parse("tomorrow", languages=["en"])  # its first call loads its tables
    return parse


def _figures(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100)
    return {"p50": round(cuts[49], 4), "p99": round(cuts[98], 4), "max": round(max(times), 3)}


def _paragraph() -> object:
    return _read_text((PARAGRAPH * 40)[:10_000])


def _read_text(text: str) -> object:
    reading = read(text, said_on=_SAID, zone="Europe/Brussels")
    return describe(reading.window)


_SAID = datetime.fromisoformat("2025-02-22T10:00:00+00:00")


if __name__ == "__main__":
    print(json.dumps(run(), ensure_ascii=False, indent=2))
