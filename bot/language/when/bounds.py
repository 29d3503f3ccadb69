"""Deadlines and open ends: what "by", "before", "after" and "from" make of a date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.language.when.clock import Timed
from bot.language.when.days import DAY
from bot.language.when.model import Context, Lean, Span
from bot.language.when.nodes import Mapped, Node
from bot.language.when.vocabulary import phrases, words
from store.records import Precision

DENIALS = words("not no never unlikely nothing nobody neither without cannot none hardly ruled rules")
BOUNDS = phrases({
    "by": "by | by close of business | by close of business on | by cob | by cob on | by the close of | "
          "by no later than | no later than | not later than | on or before | up to | up until | through | thru | "
          "at the latest by | by the latest | not after | at the latest on | at latest by | from now until | now until | "
          "between now and | from now to | now to | at the latest in | no later | by or before",
    "until": "until | till | til",
    "before": "before | prior to | ahead of | earlier than | in advance of | any time before | in the run - up to | "
              "in the run up to | in the lead - up to | in the lead up to",
    "from": "not before | no earlier than | not earlier than | no sooner than | not sooner than | not until | not till | "
            "on or after | as early as | as soon as | at the earliest in | at the earliest on | at the earliest by",
    "after": "after | not until after | until after | following | later than | post - | beyond | only after | any time after",
    "start": "from | starting | starting from | as from | as of | effective | effective from | beginning | commencing | "
             "with effect from | effective as of",
    "since": "since | ever since",
    "soon after": "soon after | shortly after | just after | not long after | right after | immediately after",
    "just before": "shortly before | just before | not long before | right before | immediately before",
})  # fmt: skip
SUFFIXES = phrases({
    "latest": "at the latest | at latest",
    "headless": ", start open",
    "rough": "or thereabouts | or so | give or take a day | give or take a few days",
    "by": "or earlier | or sooner | or before",
    "from": "at the earliest | at earliest | or later | or after | onwards | onward | and beyond | and after | "
            "at the soonest | and onwards",
})  # fmt: skip


def bounded(node: Node, kind: str) -> Node:
    """`node` as a deadline ("by", "before") or an open end ("from", "after")."""
    if kind in _HAZY:
        return Mapped(node, _HAZY[kind])
    if kind == "latest":
        return Mapped(_to_midnight(node), _at_the_latest, Lean.AHEAD)
    if kind in ("by", "before"):
        inner = _to_midnight(node)
        return Mapped(inner, lambda span, c: _deadline(span, c, exclusive=kind == "before"), Lean.AHEAD)
    return Mapped(node, lambda span, _: _open(span, exclusive=kind == "after"), Lean.BEHIND if kind == "since" else None)


_HAZY: dict[str, Callable[[Span, Context], Span | None]] = {
    "soon after": lambda span, _: replace(span, last=None, precision=Precision.VAGUE, edge=None),
    "just before": lambda span, _: replace(span, first=None, last=span.last, precision=Precision.VAGUE, edge=None),
    "headless": lambda span, _: replace(span, first=None),
    "rough": lambda span, context: roughly(span, context),
}


def _at_the_latest(span: Span, context: Context) -> Span | None:
    """ "Next week at the latest" runs from the day said; "3 to 5 March at the latest" names both its ends."""
    both = span.precision is Precision.RANGE or (span.precision is Precision.MINUTE and span.first != span.last)
    if both and span.edge is None:
        return replace(span, precision=Precision.OPEN_WINDOW)
    return _deadline(span, context, exclusive=False)


def _to_midnight(node: Node) -> Node:
    return replace(node, deadline=True) if isinstance(node, Timed) else node


def _deadline(span: Span, context: Context, *, exclusive: bool) -> Span | None:
    if span.precision is Precision.OPEN_START:
        return None
    if span.precision is Precision.VAGUE:
        return span
    if span.timed:
        return _timed_deadline(span, context)
    last = span.end
    if span.edge_day is not None:
        last = span.edge_day - DAY if exclusive and span.edge == "start" else span.edge_day
    elif exclusive:
        last = (span.begin if span.precision is not Precision.OPEN_WINDOW else span.end + DAY) - DAY
    first = context.said if context.said <= last else None
    return Span(first, last, Precision.OPEN_WINDOW)


def _timed_deadline(span: Span, context: Context) -> Span | None:
    last = span.last
    if not isinstance(last, datetime):
        return None
    start = context.now or datetime.combine(context.said, time(), ZoneInfo(context.zone))
    first = start.astimezone(UTC).replace(second=0, microsecond=0)
    return Span(first if first <= last else None, last, Precision.OPEN_WINDOW, span.zone)


def _open(span: Span, *, exclusive: bool) -> Span | None:
    if span.first is None or span.precision is Precision.VAGUE:
        return span
    if span.precision is Precision.OPEN_START:
        return span
    if span.timed:
        return Span(span.last if exclusive else span.first, None, Precision.OPEN_START, span.zone)
    if span.edge_day is not None:
        return Span(
            span.edge_day + DAY if exclusive else span.edge_day if span.edge == "start" else span.begin,
            None,
            Precision.OPEN_START,
        )
    if span.last is None:
        return Span(span.begin, None, Precision.OPEN_START)
    return Span(span.end + DAY if exclusive else span.begin, None, Precision.OPEN_START)


def after_event(span: Span, _: Context) -> Span | None:
    """After an event of a known day, or of some day in a longer span."""
    return _open(span, exclusive=_its_own_days(span))


def before_event(span: Span, context: Context) -> Span | None:
    """Before an event of a known day, or of some day in a longer span."""
    return _deadline(span, context, exclusive=_its_own_days(span))


def _its_own_days(span: Span) -> bool:
    """True for the days an event takes: "the summit on 22-23 November", not "the elections in November"."""
    few = span.precision is Precision.RANGE and span.whole and (span.end - span.begin).days < 7
    return span.precision is Precision.DAY or few


def roughly(span: Span, _: Context) -> Span | None:
    """ "Around 3 March": three days either side, and never firm."""
    if span.first is None or span.last is None or span.timed:
        return span
    slack = timedelta(days=3) if span.precision is Precision.DAY else timedelta()
    return Span(span.begin - slack, span.end + slack, Precision.VAGUE)
