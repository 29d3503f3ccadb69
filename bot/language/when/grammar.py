"""How the rules fit together: an interval joins two points, a bound makes one a deadline or an open end."""

from __future__ import annotations

from dataclasses import replace

from bot.language.when import numerals, vague
from bot.language.when.between import Between
from bot.language.when.bounds import BOUNDS, DENIALS, SUFFIXES, after_event, before_event, bounded, roughly
from bot.language.when.clock import Timed
from bot.language.when.model import DateOrder, Lean, Span
from bot.language.when.nodes import Mapped, Node, Nothing, Relative, Weekly
from bot.language.when.periods import calendar_unit
from bot.language.when.points import Points
from bot.language.when.sentence import Match, Sentence
from bot.language.when.times import clock
from bot.language.when.tokens import Kind
from bot.language.when.vocabulary import JOINERS, MOVES, UNITS, words
from store.records import Precision

_LEADS = ("on", "in", "at", "during", "over", "of", "throughout", "around", "about", "for", "circa", "sometime", "roughly")
_IS_OUT = ("is out", "is over", "is up", "ends", "closes", "runs out")
"""What makes "before the month …" mean its end."""
_YEAR_CUES = words("in during by before after until since throughout for through from till")
_AFTER_YEAR = words(
    "and or to at when that which with but on if as for who is was will would in after before the through from until "
    "under onwards onward between because while amid near he she they it we"
)


class Grammar(Points):
    """Points, the intervals between them and the bounds upon them."""

    def __init__(self, sentence: Sentence, order: DateOrder) -> None:
        super().__init__(sentence, order)
        self._intervals: dict[int, Match | None] = {}

    def interval(self, i: int) -> Match | None:
        """One point, or two joined: "from 28 February to 1 March", "between now and Friday"."""
        if i not in self._intervals:
            self._intervals[i] = self._interval(i)
        return self._intervals[i]

    def _interval(self, i: int) -> Match | None:
        s = self.s
        opener = s.word(i) if s.word(i) in ("from", "between") else ""
        start = i + bool(opener)
        left = self._days_of_a_week(start) or self._left(start)
        if left is None:
            return None
        end, node = left
        right = self._right(end, node, opener)
        if right is None:
            alone = not opener or self._joined(start, end) or _spans_hours(node)
            return left if alone and not self._open_year(start, end) else None
        if opener == "from" and MOVES & {token.word for token in s.tokens[max(0, i - 4) : i]}:
            return right  # "moved from 3 to 10 March": the second is meant
        return right[0], _joined_in_one_zone(node, right[1])

    def _days_of_a_week(self, i: int) -> Match | None:
        """ "next week between Wednesday and Friday", "this week from Tuesday to Thursday"."""
        s = self.s
        j = s.past(i, "the")
        offset = {"next": 1, "this": 0, "last": -1}.get(s.word(j))
        if offset is None or s.word(j + 1) != "week":
            return None
        k = s.past(s.past(j + 2, ","), "on")
        if s.word(k) not in ("from", "between") and s.at(k).weekday < 0:
            return None
        found = self.interval(k)
        if found is None or not isinstance(found[1], Between):
            return None
        right = found[1].right
        if not isinstance(right, Weekly) or right.offset is not None or right.pick is not None:
            return None
        return found[0], replace(found[1], right=replace(right, offset=offset))

    def _left(self, i: int) -> Match | None:
        s = self.s
        if s.word(i) == "now" and s.word(i + 1) in (*JOINERS, "and"):
            return i + 1, Relative(lambda c: Span(c.said, c.said, Precision.DAY))
        found = self.point(i)
        if found is None and s.year(i) and s.word(i + 1) in (*JOINERS, "and"):
            return numerals.year_only(s, i)
        return found

    def _right(self, end: int, left: Node, opener: str) -> Match | None:
        """What the left point is joined to."""
        s = self.s
        joiner = s.word(end)
        strong = joiner in JOINERS or (joiner == "and" and opener == "between") or s.phrase(end, "up to")
        if not strong and joiner not in ("or", "and", "/", ","):
            return None
        j = s.past(end + 1, "to") if joiner == "up" else end + 1
        if joiner == ",":
            j = s.past(end + 1, "and")
            if j == end + 1:
                return None
        j = s.past(j, "on", "by", "into", "in") if joiner in ("or", "until", "through", "and", ",") else j
        right = self.point(j)
        if right is None and self._open_year(end - 1, end):
            right = numerals.year_only(s, j)
        if right is None or strong:
            return right
        return right if self._alike(left, right[1], end) else None

    def _open_year(self, start: int, end: int) -> bool:
        """True for a bare year, which is one only by its neighbours."""
        return end == start + 1 and self.s.year(start) is not None

    def _joined(self, start: int, end: int) -> bool:
        """True where the words already hold an interval: "3 to 5 May"."""
        s = self.s
        for k in range(start + 1, end - 1):
            if s.word(k) in (*JOINERS, "and", "or", ","):
                before, after = s.at(k - 1), s.at(s.past(k + 1, "the"))
                dated = (before.month or before.weekday >= 0 or before.value >= 0) and (after.weekday >= 0 or after.value >= 0)
                if dated and not (s.word(k) == "," and len(after.raw) == 4):
                    return True
        return False

    def _alike(self, left: Node, right: Node, at: int) -> bool:
        """ "March or April" is one span; "on Monday … and in March" are two things."""
        if isinstance(left, Timed) or isinstance(right, Timed):
            return False
        if isinstance(left, Relative) and isinstance(right, Relative):
            return self.s.word(at - 1) in ("today", "tomorrow", "yesterday", "tonight", "week", "month", "year", "tomorrow")
        return type(left) is type(right) and not isinstance(left, Relative)

    def top(self, i: int) -> Match | None:
        """The longest reading that begins at `i`: a bound, an interval, or words too vague for either."""
        best = vague.vague(self.s, i)
        plain = self._plain(i)
        if self.s.word(i) in BOUNDS:
            best = _longer(best, self._bounded(i, plain))
        best = _longer(best, plain)
        return self._suffixed(best) if best else None

    def _plain(self, i: int) -> Match | None:
        s = self.s
        best: Match | None = None
        lead = s.past(s.phrase(i, "some time") or i, *_LEADS)
        lead = s.past(lead, "in") if s.word(i) == "sometime" else lead
        for start in (i, lead) if lead > i else (i,):
            if self.starts(start) or s.word(start) in ("from", "between", "now"):
                found = self._year(start) or self.interval(start)
                hazy = s.word(i) in ("around", "about", "circa", "roughly") and start > i
                best = _longer(best, (found[0], Mapped(found[1], roughly)) if found and hazy else found)
        return best

    def _year(self, i: int) -> Match | None:
        """A bare year, where a preposition or nothing else at all says that it is one."""
        s = self.s
        found = numerals.year_only(s, i)
        if found is None:
            return None
        end = found[0]
        whole = s.whole(i, end)
        if not whole and (s.word(end) in (*JOINERS, "/", "s") or self.day(i) is not None):
            return None
        noun = s.at(end)
        course = s.word(i - 1) == "of" and s.word(i - 2) == "course"  # "in the course of 2026"
        cued = (course or s.word(i - 1) in _YEAR_CUES) and not (s.word(i - 1) == "for" and not whole)
        if cued and noun.kind is Kind.WORD and noun.word not in _AFTER_YEAR and not s.terse:
            return None
        return found if cued or whole or s.terse else None

    def _bounded(self, i: int, plain: Match | None) -> Match | None:
        s = self.s
        best: Match | None = None
        for phrase, kind in BOUNDS[s.word(i)]:
            j = s.phrase(i, phrase)
            found = self._object(j) if j is not None else None
            if j is not None and found is None and kind in ("before", "after"):
                best = _longer(best, self._around_event(i, j, kind))
            if j is None or found is None:
                continue
            joined = self._joined(j, found[0]) or _spans_hours(found[1]) or (plain and isinstance(plain[1], Between))
            if kind == "start" and joined:
                continue  # "from 3 to 5 May" is an interval
            best = _longer(best, self._bind(i, found, kind))
        return best

    def _around_event(self, i: int, j: int, kind: str) -> Match | None:
        """ "after the summit on 3 March", "before the elections in November", whose day is then within that month."""
        found = self.event(j)
        if found is None:
            return None
        after = (kind == "after") is not self._denied(i)
        return found[0], Mapped(found[1], after_event if after else before_event, Lean.NEAR if after else Lean.AHEAD)

    def _object(self, i: int) -> Match | None:
        """What a bound binds."""
        s = self.s
        lead = s.past(i, "around", "about", "on", "at", "in", "the")
        unit = UNITS.get(s.word(i + 1), "") if s.word(i) == "the" else ""
        if unit in ("week", "month", "quarter", "year") and any(s.phrase(i + 2, words) for words in _IS_OUT):
            return i + 2, calendar_unit(unit, 0)
        for start in (i, lead) if lead > i else (i,):
            found = self._year(start) or self.interval(start)
            if found is not None:
                return found
        return None

    def _bind(self, i: int, found: Match, kind: str) -> Match:
        end, node = found
        s = self.s
        if kind == "start" and s.word(end - 1) == "now" and s.word(i) == "from":
            return end, Nothing()
        if kind == "start":
            stop = s.phrase(end, "and beyond") or s.phrase(end, "or later")
            return stop or s.past(end, "on", "onwards", "onward", "forward", "upwards"), bounded(node, "from")
        denied = self._denied(i) and not (kind == "after" and s.word(i) == "until")  # "no talks until after March"
        out = kind == "before" and next((k for words in _IS_OUT if (k := s.phrase(end, words))), None)
        if out:
            return out, bounded(node, "by")
        if kind in ("before", "until") and denied:
            return end, bounded(node, "from")
        if kind == "after" and denied:
            return end, bounded(node, "by")
        return end, bounded(node, "by" if kind == "until" else kind)

    def _denied(self, i: int) -> bool:
        """True after "not", "no talks", "unlikely": then "before June" is the earliest, not the latest."""
        for token in reversed(self.s.tokens[max(0, i - 8) : i]):
            if token.word in (".", ";", "but", "that", ":"):
                return False
            if token.word == "until" and self.s.word(i) == "after":
                return False
            if token.word in DENIALS or token.word.endswith("n't"):
                return True
        return False

    def _suffixed(self, found: Match) -> Match:
        """ "8 March at the latest", "June at the earliest", "1 April onwards"."""
        end, node = found
        for phrase, kind in SUFFIXES.get(self.s.word(end), ()):
            stop = self.s.phrase(end, phrase)
            if stop:
                return stop, bounded(node, kind)
        return self._by_the_hour(found) or found

    def _by_the_hour(self, found: Match) -> Match | None:
        """ "tomorrow before 4 pm", "Tuesday after noon"."""
        end, node = found
        kind = {"before": "before", "by": "by", "until": "by", "after": "after"}.get(self.s.word(end))
        if kind is None or isinstance(node, Timed) or not self._may_be_clock(end + 1):
            return None
        timed = clock(self.s.tokens, end + 1)
        if timed is None or self.s.at(timed[0]).month or timed[1].end is not None:
            return None
        return timed[0], bounded(Timed(node, timed[1]), kind)


def _joined_in_one_zone(left: Node, right: Node) -> Node:
    """A zone written once holds for both ends."""
    if isinstance(left, Timed) and isinstance(right, Timed):
        faces = left.clock.faces or right.clock.faces
        left = replace(left, clock=replace(left.clock, faces=left.clock.faces or faces))
        right = replace(right, clock=replace(right.clock, faces=right.clock.faces or faces))
    return Between(left, right)


def _spans_hours(node: Node) -> bool:
    return isinstance(node, Timed) and node.clock.end is not None


def _longer(a: Match | None, b: Match | None) -> Match | None:
    if a is None or b is None:
        return a or b
    return b if b[0] > a[0] else a
