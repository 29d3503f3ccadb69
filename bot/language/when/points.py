"""A single thing with a date: every rule for a day or a period, the longest of them, and the clock time beside it."""

from __future__ import annotations

from dataclasses import replace

from bot.language.when import counted, dates, feasts, numerals, parts, periods, relative, weekdays
from bot.language.when.bounds import bounded
from bot.language.when.clock import Timed
from bot.language.when.model import DateOrder
from bot.language.when.nodes import Yearly
from bot.language.when.sentence import Match, Sentence
from bot.language.when.times import clock, zone_at
from bot.language.when.tokens import Kind
from bot.language.when.vocabulary import DAY_PARTS, LAST, NEXT, ONES, ORDINALS, SEASONS, TENS, UNITS, words

_DEEPEST = 3
_STARTS = frozenset({*NEXT, *LAST, *ONES, *TENS, *ORDINALS, *SEASONS, *UNITS, *DAY_PARTS, *feasts.STARTS}) | words(
    "the a an this in within inside over during for under through throughout on at now today tonight tomorrow tmrw "
    "yesterday overmorrow tomorow early mid late later earlier end start beginning middle close turn rest remainder "
    "so half few several couple noon midday midnight quarter w/c w/b w/e q1 q2 q3 q4 h1 h2 current present final "
    "penultimate very latter opening midweek midyear about around roughly "
    "approximately some just eve eod cob eow eom eoq eoy"
)
_TIMES = frozenset({"noon", "midday", "midnight", "half", "quarter", *ONES})
_NOT_THE_FEAST = words(
    "agreement accords accord rising island islands holiday holidays break recess truce ceasefire market markets message "
    "address speech mass offensive"
)
_OTHER_NEW_YEARS = words("lunar chinese vietnamese korean tibetan tamil persian ethiopian coptic thai hindu")


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
        found += [dates.day_month(s, i), dates.the_nth(s, i)]
        if token.month or token.weekday >= 0 or token.word in ("the", "month"):
            found += [dates.month_day(s, i), dates.month_only(s, i), weekdays.weekdays(s, i)]
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
            weekdays.beside(s, i, self.day),
            weekdays.counted(s, i),
            weekdays.today(s, i),
            weekdays.weekday(s, i),
            relative.ahead(s, i),
            relative.from_another(s, i, self.day),
            relative.within(s, i, self.day),
            periods.picked(s, i),
            periods.week_of(s, i, self.day),
            periods.season(s, i),
            periods.decade(s, i),
            parts.parts(s, i, self.day),
            parts.rest(s, i),
            counted.nth_of(s, i, self.day),
            counted.for_days(s, i, self.day),
            self._feast(i),
        ]

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
        dated = self.day(s.past(s.past(end, ","), "on", "of"))
        if dated is not None:
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
        read = timed[1].in_part(s.word(end - 1))
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
