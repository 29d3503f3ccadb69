"""How the rules fit together: an anchor is a day or a period, an interval joins two, a bound makes one a deadline or an open end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.language.when import dates, feasts, periods, relative, vague
from bot.language.when.clock import Timed, clock
from bot.language.when.days import DAY
from bot.language.when.model import Context, DateOrder, Lean, Span
from bot.language.when.nodes import Between, Either, Mapped, Node, Relative
from bot.language.when.sentence import Match, Sentence
from bot.language.when.tokens import Kind
from bot.language.when.vocabulary import JOINERS, LAST, NEXT, ONES, ORDINALS, SEASONS, TENS, UNITS
from store.records import Precision

_DEEPEST = 3
_STARTS = frozenset(
    {*NEXT, *LAST, *ONES, *TENS, *ORDINALS, *SEASONS, *UNITS, *feasts.STARTS}
    | set("the a an this in within inside over during for under through on at now today tonight tomorrow yesterday "
          "early mid late later earlier end start beginning middle close turn rest remainder so half few several couple "
          "at noon midday midnight quarter w/c w/b w/e week q1 q2 q3 q4 h1 h2 current present final penultimate very "
          "overmorrow tmrw tomorow last latter opening midweek midyear year month about around roughly approximately "
          "some just at throughout".split())
)  # fmt: skip


class Grammar:
    """The rules over one sentence. Positions are token numbers; each rule answers with one past what it read."""

    def __init__(self, sentence: Sentence, order: DateOrder) -> None:
        self.s = sentence
        self.order = order
        self._depth = 0

    def starts(self, i: int) -> bool:
        """False where no rule can begin: most words."""
        token = self.s.at(i)
        if token.kind in (Kind.WORD,):
            return bool(token.month) or token.weekday >= 0 or token.word in _STARTS
        return token.kind not in (Kind.PUNCT, Kind.INERT, Kind.OFFSET)

    def day(self, i: int) -> Match | None:
        """The longest single thing with a date at `i`, without clock or bound."""
        if not self.starts(i) or self._depth >= _DEEPEST:
            return None
        self._depth += 1
        try:
            return self._longest(i)
        finally:
            self._depth -= 1

    def _longest(self, i: int) -> Match | None:
        s, token = self.s, self.s.at(i)
        found: list[Match | None] = []
        numeral = token.kind is not Kind.WORD
        if numeral or token.weekday >= 0:
            found.append(dates.numeric(s, i, self.order))
        found += [dates.day_month(s, i), dates.the_nth(s, i)]
        if token.month or token.weekday >= 0 or token.word in ("the", "month"):
            found += [dates.month_day(s, i), dates.month_only(s, i), relative.weekdays(s, i)]
        found.append(periods.quarter(s, i))
        if not numeral or token.kind in (Kind.NUMBER, Kind.ORDINAL):
            found += self._worded(i)
        best: Match | None = None
        for match in found:
            if match is not None and (best is None or match[0] > best[0]):
                best = match
        return best

    def _worded(self, i: int) -> list[Match | None]:
        s = self.s
        return [
            relative.today(s, i),
            relative.weekday(s, i),
            relative.ahead(s, i),
            relative.from_another(s, i, self.day),
            relative.within(s, i, self.day),
            periods.picked(s, i),
            periods.week_of(s, i, self.day),
            periods.season(s, i),
            periods.decade(s, i),
            periods.parts(s, i, self.day),
            periods.rest(s, i),
            periods.nth_of(s, i, self.day),
            periods.for_days(s, i, self.day),
            self._feast(i),
        ]

    def _feast(self, i: int) -> Match | None:
        s = self.s
        j = s.past(i, "the")
        pick = {"next": "next", "last": "last", "this": "this", "coming": "next"}.get(s.word(j))
        j += pick is not None
        if s.word(j) not in feasts.STARTS:
            return None
        words = tuple(token.word for token in s.tokens[j : j + feasts.LONGEST])
        found = feasts.feast(words)
        if found is None or (s.word(j + found[0]) in ("agreement", "accords", "accord", "rising", "island", "islands")):
            return None
        end, node = dates.dated(s, found[1], j + found[0])
        return (end, replace(found[1], pick=pick)) if pick and end == j + found[0] else (end, node)

    def point(self, i: int) -> Match | None:
        """A day or period with the clock time written before or after it, or a clock time alone."""
        s = self.s
        found = self.day(i)
        if found is not None:
            return self._clocked(found)
        loose = s.word(i) == "at" or s.word(i - 1) == "at"
        timed = clock(s.tokens, s.past(i, "at", "@"), loose=loose) if self._may_be_clock(s.past(i, "at", "@")) else None
        if timed is None:
            return None
        end, read = timed
        j = s.past(s.past(end, ","), "on", "of", "this")
        dated = self.day(j) if s.word(j - 1) != "this" else self.day(j - 1)
        if dated is not None and not isinstance(dated[1], Timed):
            return self._zoned(dated[0], Timed(dated[1], read))
        if len(read.starts) > 1 and loose and s.word(end) not in ("", ".", ","):
            return None  # "at 10 meetings"
        return end, Timed(None, read)

    def _may_be_clock(self, i: int) -> bool:
        token = self.s.at(i)
        return token.kind in (Kind.CLOCK, Kind.NUMBER, Kind.DECIMAL) or token.word in (
            "noon",
            "midday",
            "midnight",
            "half",
            "quarter",
        )

    def _clocked(self, found: Match) -> Match:
        """A day with the clock time after it, where there is one."""
        s, (end, node) = self.s, found
        j = s.past(end, ",")
        opened = s.word(j) == "("
        k = s.past(j + opened, "at", "@", "from", "between", "around")
        if not self._may_be_clock(k):
            return found
        loose = s.word(k - 1) in ("at", "@", "from")
        timed = clock(s.tokens, k, loose=loose)
        if timed is None or (opened and s.word(timed[0]) != ")"):
            return found
        if s.at(timed[0]).month and not opened:  # "Monday 3 March": the number was a day after all
            return found
        return timed[0] + opened, Timed(node, timed[1])

    def _zoned(self, end: int, node: Timed) -> Match:
        """A zone written after the day: "10 am on Tuesday, Geneva time"."""
        if node.clock.faces:
            return end, node
        from bot.language.when.clock import _zone

        j, faces = _zone(self.s.tokens, end)
        return (j, replace(node, clock=replace(node.clock, faces=faces))) if faces else (end, node)

    def interval(self, i: int) -> Match | None:
        """One point, or two joined: "from 28 February to 1 March", "between now and Friday"."""
        s = self.s
        opener = s.word(i) if s.word(i) in ("from", "between") else ""
        start = i + bool(opener)
        left = self._left(start)
        if left is None:
            return self._now(start)
        end, node = left
        joiner = s.word(end)
        joins = joiner in JOINERS or (joiner == "and" and opener == "between") or joiner in ("or", "and", "/", "up")
        if not joins:
            return (end, node) if not opener else None
        j = s.past(end + 1, "to") if joiner == "up" else end + 1
        right = self.point(s.past(j, "on", "by", "into") if joiner in ("or", "until", "through", "and") else j)
        if right is None or (joiner in ("or", "and", "/") and not self._alike(node, right[1], joiner, opener)):
            return (end, node) if not opener else None
        return right[0], Between(node, right[1])

    def _left(self, i: int) -> Match | None:
        if self.s.word(i) == "now" and self.s.word(i + 1) in (*JOINERS, "and"):
            return i + 1, Relative(lambda c: Span(c.said, c.said, Precision.DAY))
        found = self.point(i)
        if found is None and self.s.year(i) and self.s.word(i + 1) in (*JOINERS, "and"):
            return dates.year_only(self.s, i)
        return found

    def _now(self, i: int) -> Match | None:
        return None

    def _alike(self, left: Node, right: Node, joiner: str, opener: str) -> bool:
        """ "March or April" is one span; "on Monday … and in March" are two things."""
        if opener == "between" and joiner == "and":
            return True
        return type(left) is type(right) and not isinstance(left, (Timed, Relative))

    # Bounds

    def top(self, i: int) -> Match | None:
        """The longest reading that begins at `i`: a bound, an interval, or words too vague for either."""
        s = self.s
        hazy = vague.vague(s, i)
        bound = _BOUNDS.get(s.word(i))
        best = hazy
        if bound is not None:
            best = _longer(best, self._bounded(i))
        if (
            bound is None
            or best is None
            or s.word(i) in ("from", "no", "not", "up", "at", "past", "following", "in", "through")
        ):
            best = _longer(best, self._plain(i))
        return best

    def _plain(self, i: int) -> Match | None:
        s = self.s
        best: Match | None = None
        for start in dict.fromkeys(
            (i, s.past(i, "on", "in", "at", "during", "over", "of", "throughout", "around", "about", "for", "circa"))
        ):
            if self.starts(start) or s.word(start) in ("from", "between", "now"):
                found = self._year(start) or self.interval(start)
                if found is not None and start > i and s.word(i) in ("around", "about", "circa"):
                    found = found[0], Mapped(found[1], _roughly)
                best = _longer(best, found)
        return self._suffixed(best) if best else None

    def _year(self, i: int) -> Match | None:
        """A bare year, where a preposition or nothing else at all says that it is one."""
        s = self.s
        found = dates.year_only(s, i)
        if found is None or s.word(found[0]) in (*JOINERS, "/") or (s.word(found[0]) == "s"):
            if found is None or s.whole(i, found[0]) is False:
                return None
        before = s.word(i - 1)
        cued = before in (
            "in",
            "during",
            "by",
            "before",
            "after",
            "until",
            "since",
            "throughout",
            "for",
            "through",
            "from",
            "till",
        )
        if before == "for" and not s.whole(i, found[0]):
            cued = False
        noun = s.at(found[0])
        if cued and noun.kind is Kind.WORD and noun.word not in _AFTER_YEAR and not s.terse:
            return None
        if not cued and not s.whole(i, found[0]) and not s.terse:
            return None
        if s.word(found[0]) == "-" or self.day(i):
            longer = self.day(i)
            return None if longer and longer[0] > found[0] else found
        return found

    def _bounded(self, i: int) -> Match | None:
        s = self.s
        best: Match | None = None
        for words, kind in _BOUNDS[s.word(i)]:
            j = s.phrase(i, words)
            if j is None:
                continue
            found = self._object(j)
            if found is None:
                continue
            if kind == "start" and isinstance(found[1], Between):
                continue  # "from 3 to 5 May"
            made = self._bind(i, found, kind)
            if made is not None:
                best = _longer(best, made)
        return best

    def _object(self, i: int) -> Match | None:
        s = self.s
        for start in dict.fromkeys((i, s.past(i, "around", "about", "on", "at", "in", "the"))):
            found = self._year(start) or self.interval(start)
            if found is not None:
                return found
        return None

    def _bind(self, i: int, found: Match, kind: str) -> Match | None:
        end, node = found
        s = self.s
        if kind == "start":
            stop = s.past(end, "on", "onwards", "onward", "forward", "upwards")
            stop = s.phrase(end, "and beyond") or s.phrase(end, "or later") or stop
            return stop, bounded(node, "from")
        if kind in ("before", "until") and self._denied(i):
            return end, bounded(node, "from" if kind == "before" else "from")
        if kind == "after" and self._denied(i):
            return end, bounded(node, "by")
        return end, bounded(node, kind)

    def _denied(self, i: int) -> bool:
        """True after "not", "no talks", "unlikely": then "before June" is the earliest, not the latest."""
        tokens = self.s.tokens[max(0, i - 8) : i]
        for token in reversed(tokens):
            if token.word in (".", ";", "but", "that", ":"):
                return False
            if token.word in _DENIALS or token.word.endswith("n't"):
                return True
        return False

    def _suffixed(self, found: Match) -> Match:
        """ "8 March at the latest", "June at the earliest", "1 April onwards"."""
        s, (end, node) = self.s, found
        for words, kind in _SUFFIXES:
            stop = s.phrase(end, words)
            if stop:
                return stop, bounded(node, kind)
        return found


def _longer(a: Match | None, b: Match | None) -> Match | None:
    if a is None or b is None:
        return a or b
    return b if b[0] > a[0] else a


_AFTER_YEAR = frozenset(
    "and or to at when that which with but on if as for who is was will would , by in after before the through from until "
    "under onwards onward between because while under amid , near".split()
)
_DENIALS = frozenset("not no never unlikely nothing nobody neither without cannot none hardly ruled rules".split())

_BOUND_WORDS = (
    ("by", "by"), ("by no later than", "by"), ("no later than", "by"), ("not later than", "by"), ("on or before", "by"),
    ("until", "by"), ("till", "by"), ("til", "by"), ("up to", "by"), ("up until", "by"), ("through", "by"),
    ("at the latest by", "by"), ("by the latest", "by"), ("not after", "by"), ("at the latest on", "by"), ("no later", "by"),
    ("at latest by", "by"), ("not later", "by"), ("thru", "by"), ("from now until", "by"), ("between now and", "by"),
    ("from now to", "by"), ("now to", "by"), ("now until", "by"), ("any time before", "before"),
    ("before", "before"), ("prior to", "before"), ("ahead of", "before"), ("earlier than", "before"), ("in advance of", "before"),
    ("not before", "from"), ("no earlier than", "from"), ("not earlier than", "from"), ("no sooner than", "from"),
    ("not until", "from"), ("not till", "from"), ("on or after", "from"), ("as early as", "from"), ("as soon as", "from"),
    ("at the earliest in", "from"), ("at the earliest on", "from"), ("at the earliest by", "from"), ("not sooner than", "from"),
    ("after", "after"), ("following", "after"), ("later than", "after"), ("past", "after"), ("post", "after"), ("post -", "after"),
    ("beyond", "after"), ("only after", "after"), ("any time after", "after"),
    ("from", "start"), ("starting", "start"), ("starting from", "start"), ("as from", "start"), ("as of", "start"),
    ("effective", "start"), ("effective from", "start"), ("since", "start"), ("beginning", "start"), ("ever since", "start"),
    ("commencing", "start"), ("with effect from", "start"),
)  # fmt: skip
_BOUNDS: dict[str, list[tuple[str, str]]] = {}
for _words, _kind in _BOUND_WORDS:
    _BOUNDS.setdefault(_words.split()[0], []).append((_words, _kind))

_SUFFIXES = (
    ("at the latest", "by"), ("at latest", "by"), ("or earlier", "by"), ("or sooner", "by"), ("or before", "by"),
    ("at the earliest", "from"), ("at earliest", "from"), ("or later", "from"), ("or after", "from"), ("onwards", "from"),
    ("onward", "from"), ("and beyond", "from"), ("and after", "from"), ("at the soonest", "from"),
)  # fmt: skip


def bounded(node: Node, kind: str) -> Node:
    """`node` as a deadline ("by", "before") or an open end ("from", "after")."""
    if kind in ("by", "before"):
        inner = _to_midnight(node)
        return Mapped(inner, lambda span, c: _deadline(span, c, exclusive=kind == "before"), Lean.AHEAD)
    lean = Lean.BEHIND if kind == "since" else None
    return Mapped(node, lambda span, _: _open(span, exclusive=kind == "after"), lean)


def _to_midnight(node: Node) -> Node:
    return replace(node, deadline=True) if isinstance(node, Timed) else node


def _deadline(span: Span, context: Context, *, exclusive: bool) -> Span | None:
    if span.precision is Precision.OPEN_START:
        return None
    if span.precision is Precision.VAGUE:
        return span
    if (
        span.first is not None
        and span.precision is Precision.RANGE
        and not exclusive
        and span.first < span.last
        and not span.edge
    ):  # type: ignore[operator]
        pass
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
    from datetime import UTC, datetime, time
    from zoneinfo import ZoneInfo

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


def _roughly(span: Span, _: Context) -> Span | None:
    """ "Around 3 March": three days either side, and never firm."""
    if span.first is None or span.last is None or span.timed:
        return span
    slack = timedelta(days=3) if span.precision is Precision.DAY else timedelta()
    return Span(span.begin - slack, span.end + slack, Precision.VAGUE)


__all__ = ["Either", "Grammar", "bounded"]
