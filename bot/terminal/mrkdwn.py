"""Slack's mrkdwn as styled runs of text, and text made safe to print: a fact must not be able to drive the terminal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Flag, auto


class Style(Flag):
    PLAIN = 0
    BOLD = auto()
    ITALIC = auto()
    STRIKE = auto()
    CODE = auto()
    DIM = auto()
    LINK = auto()


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style, on one line."""

    text: str
    style: Style = Style.PLAIN
    url: str | None = None


Runs = list[Run]

_CONTROLS = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\n\t"}
_CONTROLS |= {0x7F: "\u2421", ord("\t"): " "}
# C1 controls begin escape sequences too; bidi overrides and invisible separators make text read as what it is not.
_CONTROLS |= dict.fromkeys([*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF], "\ufffd")
_CONTROLS |= dict.fromkeys((0x2028, 0x2029, 0x0B, 0x0C, 0x85), " ")


def safe(text: str) -> str:
    """The text with everything that a terminal might obey turned into a sign that stands for it. Line ends stay."""
    return text.replace("\r\n", "\n").translate(_CONTROLS)


_TOKEN = re.compile(
    r"(?P<code>`[^`\n]+`)"
    r"|<!date\^[^|>]*\|(?P<date>[^>]*)>"
    r"|<!(?P<special>[^>|]+)(?:\|(?P<special_label>[^>]*))?>"
    r"|<(?P<mention>[@#][^>|]+)(?:\|(?P<name>[^>]*))?>"
    r"|<(?P<url>[^>|@#!]+)(?:\|(?P<label>[^>]*))?>"
    r"|(?P<flag>:flag-[a-z]{2}:)"
    r"|(?P<mark>[*_~])"
)
_MARKS = {"*": Style.BOLD, "_": Style.ITALIC, "~": Style.STRIKE}


def parse(text: str) -> list[Runs]:
    """The lines of a mrkdwn text. Quoted lines begin with a bar."""
    return [_quoted(line) for line in safe(text).split("\n")]


def plain(text: str) -> list[Runs]:
    """The lines of a plain text."""
    return [[Run(_flags(line))] for line in safe(text).split("\n")]


def _quoted(line: str) -> Runs:
    for mark in ("&gt; ", "&gt;", "> ", ">"):
        if line.startswith(mark):
            return [Run("│ ", Style.DIM), *_inline(line.removeprefix(mark), Style.PLAIN)]
    return _inline(line, Style.PLAIN)


def _inline(line: str, style: Style) -> Runs:
    runs: Runs = []
    at = 0
    while found := _TOKEN.search(line, at):
        start, end = found.span()
        if found["mark"]:
            close = _closing(line, start)
            if close is None:
                runs.append(Run(_unescaped(line[at:end]), style))
                at = end
                continue
            runs.append(Run(_unescaped(line[at:start]), style))
            runs += _inline(line[start + 1 : close], style | _MARKS[found["mark"]])
            at = close + 1
            continue
        runs.append(Run(_unescaped(line[at:start]), style))
        runs.append(_token(found, style))
        at = end
    runs.append(Run(_unescaped(line[at:]), style))
    return [run for run in runs if run.text]


def _closing(line: str, start: int) -> int | None:
    """Where the style opened at `start` ends, or None when Slack would show the mark itself."""
    mark = line[start]
    before, after = line[start - 1 : start], line[start + 1 : start + 2]
    if before.isalnum() or not after or after.isspace() or after == mark:
        return None
    at = start
    while (at := line.find(mark, at + 1)) != -1:
        inside_token = line.rfind("<", start, at) > line.rfind(">", start, at)
        if not (inside_token or line[at - 1].isspace() or line[at + 1 : at + 2].isalnum()):
            return at
    return None


def _token(found: re.Match[str], style: Style) -> Run:
    if found["code"]:
        return Run(_unescaped(found["code"][1:-1]), style | Style.CODE)
    if found["date"] is not None:
        return Run(_unescaped(found["date"]), style)
    if found["special"]:
        return Run(f"@{_unescaped(found['special_label'] or found['special']).lstrip('@')}", style)
    if found["mention"]:
        name = found["name"] or found["mention"][1:]
        return Run(found["mention"][0] + _unescaped(name), style)
    if found["flag"]:
        return Run(_flags(found["flag"]), style)
    url = _unescaped(found["url"])
    label = _unescaped(found["label"] or "")
    return Run(label or url, style | Style.LINK, url)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _flags(text: str) -> str:
    """`:flag-ru:` as the flag itself."""
    return re.sub(r":flag-([a-z])([a-z]):", lambda m: "".join(chr(0x1F1E6 + ord(c) - ord("a")) for c in m.groups()), text)
