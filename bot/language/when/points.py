"""A single thing with a date: every rule for a day or a period, the longest of them, and the clock time beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.language.when import counted, dates, feasts, monthdays, numerals, parts, periods, relative, weekdays
from bot.language.when.bounds import bounded
from bot.language.when.clock import Timed
from bot.language.when.model import DateOrder
from bot.language.when.nodes import Either, Yearly
from bot.language.when.sentence import Match, Sentence
from bot.language.when.times import clock, zone_at
from bot.language.when.tokens import Kind
from bot.language.when.vocabulary import LAST, NEXT, ONES, ORDINALS, SEASONS, TENS, words
from bot.language.when.zones import abbreviation

_DEEPEST = 3
_TIMES = frozenset({"noon", "midday", "midnight", "half", "quarter", *ONES})
_NOT_THE_FEAST = words(
    "agreement accords accord rising island islands holiday holidays break recess truce ceasefire market markets message "
    "address speech mass offensive period season time party parties dinner gifts week"
)
_FITR, _ADHA = ("eid", "al", "-", "fitr"), ("eid", "al", "-", "adha")
_OTHER_NEW_YEARS = words("lunar chinese vietnamese korean tibetan tamil persian ethiopian coptic thai hindu")


Anchor = Callable[[int], Match | None]
Rule = Callable[[Sentence, int, Anchor], Match | None]

_THE = words("the")
_PICKED = frozenset({*NEXT, *LAST, "this", "current", "present"})
_NTH = frozenset({*ORDINALS, "twenty", "thirty", "last", "final", "penultimate", "opening", "second"})
_COUNT = frozenset({*ONES, *TENS}) | words("a an few several couple half in at about around roughly approximately some just")
_DAYS = words("today tonight tomorrow tmrw tomorow yesterday overmorrow now day last later earlier this")

# Each rule for words, with the first words it can begin with, and whether a number, an ordinal or a weekday can begin it.
_RULES: tuple[tuple[Rule, frozenset[str], str], ...] = (
    (weekdays.beside, _THE | _NTH | words("a day night eve morning"), "ordinal weekday"),
    (lambda s, i, _: weekdays.counted(s, i), _COUNT, "number"),
    (lambda s, i, _: weekdays.today(s, i), _THE | _DAYS, ""),
    (lambda s, i, _: weekdays.weekday(s, i), _THE | _PICKED, "weekday"),
    (lambda s, i, _: relative.ahead(s, i), _COUNT, "number"),
    (relative.from_another, _COUNT, "number"),
    (relative.within, _PICKED | words("within inside in over during for under through throughout"), ""),
    (lambda s, i, _: periods.picked(s, i), _THE | _PICKED | words("week weekend month quarter year"), ""),
    (periods.week_of, words("the a week weekend fortnight w/c w/b w/e"), ""),
    (lambda s, i, _: periods.season(s, i), _THE | frozenset(SEASONS), ""),
    (lambda s, i, _: periods.decade(s, i), _THE, "number"),
    (parts.parts, frozenset({*parts.PARTS, *parts.ENDS}), ""),
    (lambda s, i, _: parts.rest(s, i), frozenset(parts.RESTS), ""),
    (counted.nth_of, _THE | _NTH, "ordinal"),
    (counted.for_days, _COUNT | words("for"), "number"),
)


def _by_word() -> dict[str, tuple[Rule, ...]]:
    every = frozenset[str]().union(*(first for _, first, _ in _RULES))
    return {word: tuple(rule for rule, first, _ in _RULES if word in first) for word in every}


def _by_kind(kind: str) -> tuple[Rule, ...]:
    return tuple(rule for rule, _, kinds in _RULES if kind in kinds)


_WORDED, _NUMBERED, _ORDERED, _WEEKDAYS = _by_word(), _by_kind("number"), _by_kind("ordinal"), _by_kind("weekday")
_EVENTFUL = frozenset((weekdays.beside, relative.from_another, relative.within))
_NO_EVENT = words(
    "said says told announced will would shall that which who when while because and or but not until before after"
)
_QUARTERLY = _THE | _NTH | words("q1 q2 q3 q4 h1 h2 latter")
_STARTS = frozenset({*_WORDED, *SEASONS, *feasts.STARTS, *_TIMES}) | words("q1 q2 q3 q4 h1 h2 month latter")


class Points:
    """The rules over one sentence. Positions are token numbers; each rule answers with one past what it read."""

    def __init__(self, sentence: Sentence, order: DateOrder) -> None:
        self.s = sentence
        self.order = order
        self._depth = 0
        self._days: dict[tuple[int, int], Match | None] = {}
        self._points: dict[int, Match | None] = {}

    def starts(self, i: int) -> bool:
        """False where no rule can begin: most words."""
        token = self.s.at(i)
        if token.kind is Kind.WORD:
            return bool(token.month) or token.weekday >= 0 or token.word in _STARTS
        return token.kind not in (Kind.PUNCT, Kind.INERT, Kind.OFFSET)

    def day(self, i: int) -> Match | None:
        """The longest single thing with a date at `i`, without clock or bound."""
        if not self.starts(i) or self._depth >= _DEEPEST:
            return None
        key = i, self._depth  # each place is read once at each depth: time grows with the text, not its square
        if key not in self._days:
            self._depth += 1
            try:
                self._days[key] = self._longest(i)
            finally:
                self._depth -= 1
        return self._days[key]

    def _longest(self, i: int) -> Match | None:
        s, token = self.s, self.s.at(i)
        found: list[Match | None] = []
        numeral = token.kind is not Kind.WORD
        if numeral or token.weekday >= 0:
            found += [numerals.numeric(s, i, self.order), dates.year_month(s, i)]
        if s.near_month(i):
            found.append(dates.day_month(s, i))
        if s.near_month(i) or token.kind is not Kind.NUMBER:
            found.append(monthdays.the_nth(s, i))
        if token.month or token.weekday >= 0 or token.word in ("the", "month"):
            found += [dates.month_day(s, i), dates.month_only(s, i), weekdays.weekdays(s, i)]
        if numeral or token.word in _QUARTERLY:
            found.append(periods.quarter(s, i))
        if not numeral or token.kind in (Kind.NUMBER, Kind.ORDINAL):
            found += self._worded(i)
        best: Match | None = None
        for match in found:
            if match is not None and (best is None or match[0] > best[0]):
                best = match
        return best

    def _worded(self, i: int) -> list[Match | None]:
        s, token = self.s, self.s.at(i)
        if token.kind is Kind.WORD:
            rules = _WORDED.get(token.word, ()) + (_WEEKDAYS if token.weekday >= 0 else ())
            return [*self._apply(rules, i), self._feast(i)]
        if token.kind is Kind.ORDINAL:
            return self._apply(_ORDERED, i)
        return self._apply(_NUMBERED, i) if s.near_unit(i) else [periods.decade(s, i)]

    def _apply(self, rules: tuple[Rule, ...], i: int) -> list[Match | None]:
        return [rule(self.s, i, self.occasion if rule in _EVENTFUL else self.day) for rule in rules]

    def occasion(self, i: int) -> Match | None:
        """A day or period, or an event with its date: "the summit on 3 March"."""
        return self.day(i) or self.event(i)

    def event(self, i: int) -> Match | None:
        """The date of an event named by a few plain words: "the signing on 1 April", "the elections in November"."""
        s = self.s
        for k in range(i, i + 8):
            token = s.at(k)
            if token.kind not in (Kind.WORD, Kind.INERT) and token.word != "-":
                return None
            if token.word in _NO_EVENT:
                return None
            if k > i and token.word in ("on", "in", "of"):
                found = self.day(s.past(k + 1, "the") if s.at(s.past(k + 1, "the")).weekday >= 0 else k + 1)
                if found is not None:
                    return found
        return None

    def _feast(self, i: int) -> Match | None:
        s = self.s
        j = s.past(i, "the")
        pick = {"next": "next", "last": "last", "this": "this", "coming": "next"}.get(s.word(j))
        j += pick is not None
        if s.word(j) not in feasts.STARTS or (s.word(j) == "new" and s.word(j - 1) in _OTHER_NEW_YEARS):
            return None
        found = feasts.feast(tuple(token.word for token in s.tokens[j : j + feasts.LONGEST]))
        if found is None:
            return None
        length, node = found
        if length == 1 and s.word(j) == "eid":
            return j + 1, Either((Yearly(feasts.FEASTS[_FITR]), Yearly(feasts.FEASTS[_ADHA])))
        if s.word(j + length) in _NOT_THE_FEAST or s.word(j + length) == "weekend":
            return None
        if s.word(j) == "new" and s.word(j + length - 1) == "year" and s.phrase(j - 2, "in the"):
            return j + length, bounded(node, "from")  # "in the new year"
        end, dated = dates.dated(s, node, j + length)
        return (end, replace(node, pick=pick)) if pick and end == j + length else (end, dated)

    def point(self, i: int) -> Match | None:
        """A day or period with the clock time written before or after it, or a clock time alone."""
        if i not in self._points:
            found, timed = self.day(i), self._timed(i)
            plain = found is not None and (timed is None or timed[0] <= found[0])
            self._points[i] = self._clocked(found) if found is not None and plain else timed
        return self._points[i]

    def _timed(self, i: int) -> Match | None:
        """ "10 am on Tuesday", "noon", "at 15:00 tomorrow, Moscow time"."""
        s = self.s
        start = s.past(i, "at", "@")
        if not self._may_be_clock(start):
            return None
        loose = s.word(start - 1) in ("at", "@")
        timed = clock(s.tokens, start, loose=loose)
        if timed is None:
            return None
        end, read = timed
        before = s.at(start - 1)
        if not read.faces and before.raw.isupper() and before.word in ("gmt", "utc"):
            read = replace(read, faces=abbreviation(before.word))  # "GMT 10:30"
        dated = self.day(s.past(s.past(end, ","), "on", "of"))
        if dated is not None:
            read = replace(read, midnight=read.midnight and s.word(dated[0] - 1) != "tonight")
            return self._zoned(dated[0], Timed(dated[1], read.in_part(s.word(dated[0] - 1))))
        if len(read.starts) > 1 and not s.terse and not s.whole(start, end):
            return None  # "at 10": in a sentence, as likely a price or a place
        return end, Timed(None, read)

    def _may_be_clock(self, i: int) -> bool:
        token = self.s.at(i)
        return token.kind in (Kind.CLOCK, Kind.NUMBER, Kind.DECIMAL) or token.word in _TIMES

    def _clocked(self, found: Match) -> Match:
        """A day with the clock time after it, where there is one."""
        s, (end, node) = self.s, found
        j = s.past(end, ",")
        opened = s.word(j) == "("
        k = s.past(j + opened, "at", "@", "from", "between", "around")
        if not self._may_be_clock(k):
            return found
        timed = clock(s.tokens, k, loose=s.word(k - 1) in ("at", "@"))
        if timed is None or (opened and s.word(timed[0]) != ")"):
            return found
        if s.at(timed[0]).month and not opened:  # "Monday 3 March": the number was a day after all
            return found
        read = replace(timed[1], midnight=timed[1].midnight and s.word(end - 1) != "tonight").in_part(s.word(end - 1))
        year = s.year(timed[0]) if isinstance(node, Yearly) and node.year is None and not opened else None
        if year is not None and isinstance(node, Yearly):  # "Thu Oct 26 11:00:09 2023"
            return year[0], Timed(replace(node, year=year[1]), read)
        return timed[0] + opened, Timed(node, read)

    def _zoned(self, end: int, node: Timed) -> Match:
        """A zone written after the day: "10 am on Tuesday, Geneva time"."""
        if node.clock.faces:
            return end, node
        j, faces = zone_at(self.s.tokens, end)
        return (j, replace(node, clock=replace(node.clock, faces=faces))) if faces else (end, node)
