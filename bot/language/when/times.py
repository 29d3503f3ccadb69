"""Reading clock times and zones: "10 a.m. Geneva time", "0900 GMT", "9-11 am", "10:00 (GMT+3)"."""

from __future__ import annotations

from dataclasses import replace

from bot.language.when.clock import LOCAL, Clock
from bot.language.when.tokens import Kind, Token
from bot.language.when.vocabulary import JOINERS, ONES, words
from bot.language.when.zones import Clockface, abbreviation, fixed_offset, iana, place

_NOT_AT_NOON = words("prayer prayers mass oil sun")


def _is_half_day(token: Token | None) -> bool:
    return token is not None and token.word in ("am", "pm", "noon", "midday")


def _at(tokens: list[Token], i: int) -> Token | None:
    return tokens[i] if 0 <= i < len(tokens) else None


def _word(tokens: list[Token], i: int) -> str:
    return tokens[i].word if 0 <= i < len(tokens) else ""


def clock(tokens: list[Token], i: int, *, loose: bool = False) -> tuple[int, Clock] | None:
    """A clock time, or a span between two, with its zone. `loose` admits a bare hour ("at 10")."""
    first = _time(tokens, i, loose=loose)
    if first is None:
        first = _shared_half(tokens, i)
        if first is None:
            return None
    end, read = first
    j = end
    if _word(tokens, j) in JOINERS or (_word(tokens, j) == "and" and _word(tokens, i - 1) == "between"):
        second = _until(tokens, j + 1, read)
        if second is not None:
            start = read.starts[0]
            if _word(tokens, second[0] - 1) == "pm" and _word(tokens, end - 1) not in ("am", "pm") and start + 720 < second[1]:
                start += 720  # "3:30-4:30 pm"
            end, read = second[0], replace(read, starts=(start,), end=second[1])
        elif len(read.starts) > 1:
            return None  # "at 4-22"
    end, faces = zone_at(tokens, end)
    return end, replace(read, faces=faces)


def _until(tokens: list[Token], i: int, first: Clock) -> tuple[int, int] | None:
    """The end of a span of hours: one past it, and its minutes. A bare hour is the next such hour on a 12-hour clock."""
    second = _time(tokens, i)
    if second is not None:
        return (second[0], second[1].starts[0]) if len(second[1].starts) == 1 else None
    token = _at(tokens, i)
    if token is None or token.kind is not Kind.NUMBER or not 1 <= token.value <= 12 or len(first.starts) > 1:
        return None
    minutes = token.value % 12 * 60
    return i + 1, next((m for m in (minutes, minutes + 720) if m > first.starts[0]), minutes)


def _shared_half(tokens: list[Token], i: int) -> tuple[int, Clock] | None:
    """The first half of "9-11 am"."""
    if _word(tokens, i + 1) not in (*JOINERS, "and"):
        return None
    if not _is_half_day(_at(tokens, i + 3)) and not (len(tokens[i].raw) == 4 and len(_word(tokens, i + 2)) == 4):
        return None
    second, token = _time(tokens, i + 2), tokens[i]
    if second is None or token.kind is not Kind.NUMBER:
        return None
    if len(token.raw) == 4:
        hour, minute = divmod(token.value, 100)
        return (i + 1, Clock((hour * 60 + minute,))) if hour < 24 and minute < 60 else None
    if not 1 <= token.value <= 12:
        return None
    start = token.value % 12 * 60
    if second[1].starts[0] >= 720 and start + 720 < second[1].starts[0]:
        start += 720
    return i + 1, Clock((start,))


def _time(tokens: list[Token], i: int, *, loose: bool = False) -> tuple[int, Clock] | None:
    token = _at(tokens, i)
    if token is None:
        return None
    if token.kind is Kind.WORD:
        return _named_time(tokens, i) or _spelled_hour(tokens, i)
    if token.kind is Kind.CLOCK:
        hour, minute, *seconds = token.parts
        return _halved(tokens, i + 1, hour, minute, seconds[0] if seconds else 0)
    if token.kind is Kind.DECIMAL and len(token.parts) == 2 and len(token.word.partition(".")[2]) == 2:
        after = _word(tokens, i + 1)
        on_the_dot = token.parts[1] % 5 == 0 and (loose or after == "on")
        if after in ("am", "pm") or on_the_dot or abbreviation(after) or _word(tokens, i + 2) == "time":
            return _halved(tokens, i + 1, *token.parts)
        return None
    return _hour(tokens, i, token, loose=loose) if token.kind is Kind.NUMBER else None


def _spelled_hour(tokens: list[Token], i: int) -> tuple[int, Clock] | None:
    """ "three pm", "ten o'clock", "ten in the morning"."""
    hour = ONES.get(tokens[i].word, 0)
    if not 1 <= hour <= 12:
        return None
    if _word(tokens, i + 1) in ("o'clock", "oclock"):
        return _halved(tokens, i + 2, hour, 0, guess=True)
    return _halved(tokens, i + 1, hour, 0) if _half(tokens, i + 1)[0] else None


def _hour(tokens: list[Token], i: int, token: Token, *, loose: bool) -> tuple[int, Clock] | None:
    after = _word(tokens, i + 1)
    if after in ("am", "pm") and token.value <= 12:
        return _halved(tokens, i + 1, token.value, 0)
    placed = after != "in" and len(token.raw) == 4 and bool(_place_time(tokens, i + 1)[1])  # "1100 Moscow time"
    if len(token.raw) == 4 and (after == "hours" or abbreviation(after) or placed):
        return _halved(tokens, i + 1 + (after == "hours"), *divmod(token.value, 100))
    if len(token.raw) > 2 or not 0 <= token.value <= 24:
        return None
    if after in ("o'clock", "oclock"):
        return _halved(tokens, i + 2, token.value, 0, guess=True)
    if _half(tokens, i + 1)[0] and token.value <= 12:
        return _halved(tokens, i + 1, token.value, 0)
    if not loose and not (abbreviation(after) and after not in ("et", "pt", "ct", "west")):
        return None
    return _halved(tokens, i + 1, token.value, 0, guess=True)


def _halved(
    tokens: list[Token], i: int, hour: int, minute: int, seconds: int = 0, *, guess: bool = False
) -> tuple[int, Clock] | None:
    """The time, once it is known which half of the day it is in."""
    if minute > 59 or seconds > 59 or hour > 24 or (hour == 24 and minute):
        return None
    half, end = _half(tokens, i)
    if half and hour > 12:
        return (end, Clock((hour * 60 + minute,), seconds=seconds)) if half == "pm" else None
    if half:
        return end, Clock(((hour % 12 + 12 * (half == "pm")) * 60 + minute,), seconds=seconds)
    if guess and 1 <= hour <= 11:
        early, late = hour * 60 + minute, hour * 60 + 720 + minute
        return i, Clock((early, late) if hour >= 7 else (late, early))
    return i, Clock((hour * 60 + minute,), seconds=seconds)


def _half(tokens: list[Token], i: int) -> tuple[str, int]:
    if _word(tokens, i) in ("am", "pm"):
        return _word(tokens, i), i + 1
    if _word(tokens, i) == "in" and _word(tokens, i + 1) == "the":
        half = {"morning": "am", "afternoon": "pm", "evening": "pm"}.get(_word(tokens, i + 2))
        if half:
            return half, i + 3
    if _word(tokens, i) == "at" and _word(tokens, i + 1) == "night":
        return "pm", i + 2
    if _word(tokens, i) == "tonight" or (_word(tokens, i) == "this" and _word(tokens, i + 1) in ("evening", "afternoon")):
        return "pm", i
    if _word(tokens, i) == "this" and _word(tokens, i + 1) == "morning":
        return "am", i
    return "", i


def _named_time(tokens: list[Token], i: int) -> tuple[int, Clock] | None:
    word = tokens[i].word
    if _word(tokens, i + 1) in _NOT_AT_NOON:
        return None
    if word in ("noon", "midday"):
        return i + 1, Clock((720,))
    if word == "midnight":
        return i + 1, Clock((1440,), midnight=True)
    if word == "12" and _word(tokens, i + 1) == "noon":
        return i + 2, Clock((720,))
    minutes = {"half": 30, "quarter": 15}.get(word)
    if minutes is None or _word(tokens, i + 1) not in ("past", "to"):
        return None
    if _word(tokens, i + 2) in ("noon", "midday"):
        return i + 3, Clock((720 + minutes if _word(tokens, i + 1) == "past" else 720 - minutes,))
    hour = ONES.get(_word(tokens, i + 2), tokens[i + 2].value if i + 2 < len(tokens) else -1)
    if not 1 <= hour <= 12:
        return None
    total = hour * 60 + (minutes if _word(tokens, i + 1) == "past" else -minutes)
    return _halved(tokens, i + 3, *divmod(total, 60), guess=True)


def zone_at(tokens: list[Token], i: int) -> tuple[int, tuple[Clockface, ...]]:
    """The zone written after a time, in brackets or not."""
    if _word(tokens, i) in ("(", ","):
        end, faces = _bare_zone(tokens, i + 1)
        if faces and tokens[i].word == "(" and _word(tokens, end) == ")":
            end += 1
        return (end, faces) if faces else (i, ())
    return _bare_zone(tokens, i)


def _bare_zone(tokens: list[Token], i: int) -> tuple[int, tuple[Clockface, ...]]:
    token = _at(tokens, i)
    if token is None:
        return i, ()
    if token.kind is Kind.OFFSET:
        sign = -1 if token.raw[0] == "-" else 1
        return i + 1, (fixed_offset(sign * (token.parts[0] * 60 + token.parts[1])),)
    following = _at(tokens, i + 1)
    if token.word in ("+", "-") and following is not None and len(following.raw) == 4 and _is_offset(following):
        minutes = following.value // 100 * 60 + following.value % 100
        return i + 2, (fixed_offset(-minutes if token.word == "-" else minutes),)
    if token.kind is not Kind.WORD:
        return i, ()
    long = _iana(tokens, i)
    if long is not None:
        return long
    if token.word in ("utc", "gmt"):
        return _utc(tokens, i)
    faces = abbreviation(token.word)
    if faces and (token.raw.isupper() or len(token.raw) > 2):
        return i + 1 + (_word(tokens, i + 1) == "time"), faces
    if token.word in ("local", "host") and _word(tokens, i + 1) == "time":
        return i + 2, (LOCAL,)
    return _place_time(tokens, i)


def _utc(tokens: list[Token], i: int) -> tuple[int, tuple[Clockface, ...]]:
    sign, number = _word(tokens, i + 1), _at(tokens, i + 2)
    following = _at(tokens, i + 1)
    if following is not None and following.kind is Kind.OFFSET:
        return _bare_zone(tokens, i + 1)
    if number is not None and sign in ("+", "-") and (number.kind is Kind.CLOCK or _is_offset(number)):
        whole = number.value if len(number.raw) <= 2 else number.value // 100
        hours, minutes = number.parts[:2] if number.parts else (whole, number.value % 100 if whole != number.value else 0)
        return i + 3, (fixed_offset((hours * 60 + minutes) * (-1 if sign == "-" else 1)),)
    return i + 1 + (_word(tokens, i + 1) == "time"), abbreviation(tokens[i].word)


def _is_offset(token: Token) -> bool:
    """True for the 3 of UTC+3 and the 0530 of UTC+0530."""
    return (len(token.raw) <= 2 and 0 <= token.value <= 14) or (len(token.raw) == 4 and 0 <= token.value <= 1400)


def _iana(tokens: list[Token], i: int) -> tuple[int, tuple[Clockface, ...]] | None:
    """Europe/Brussels, America/New_York: several tokens without a gap."""
    if _word(tokens, i + 1) != "/":
        return None
    end = i + 1
    while end < len(tokens) and end < i + 9 and tokens[end].start == tokens[end - 1].end and tokens[end].word != ")":
        end += 1
    for stop in range(end, i + 2, -1):
        name = "".join(token.raw for token in tokens[i:stop])
        if iana(name):
            return stop, (Clockface(name),)
    return None


def _place_time(tokens: list[Token], i: int) -> tuple[int, tuple[Clockface, ...]]:
    """ "Geneva time", "(New Delhi time)", "in Geneva"."""
    start = i + (_word(tokens, i) == "in")
    for length in (4, 3, 2, 1):
        words = tokens[start : start + length]
        if len(words) < length or any(w.kind is not Kind.WORD for w in words):
            continue
        named = _word(tokens, start + length) == "time"
        if not named and start == i:
            continue
        zone = place(" ".join(w.word for w in words))
        if zone is not None and (named or words[0].capital):
            return start + length + named, (Clockface(zone),)
    return i, ()
