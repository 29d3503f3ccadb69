"""Who may import whom: the rooms' one-way rule, and which library belongs to which room. Read from the source, not run."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# What commands and jobs both say things with.
SHARED = {
    "bot.cards",
    "bot.wording",
    "bot.digests",
    "bot.digest_lines",
    "bot.watching",
    "bot.draft_cards",
    "bot.draft_wording",
    "bot.accounts",
    "bot.sentences",
    "bot.briefs",
    "bot.brief_facts",
    "bot.brief_marks",
    "bot.brief_stances",
    "bot.brief_stands",
    "bot.brief_texts",
    "bot.brief_words",
    "bot.position_since",
    "bot.position_replies",
}

# Room: the rooms of ours that it may import besides itself. The command line's modules see everything.
ROOMS: dict[str, set[str]] = {
    "store": set(),
    "bot.reply": {"store"},
    "bot.config": set(),
    "bot.logs": set(),
    "bot.options": set(),
    "bot.language": {"store"},
    **{shared: {"store", "bot.reply", "bot.language", *SHARED} for shared in SHARED},
    "bot.charts": {"store", "bot.reply"},
    "bot.papers": {"bot.reply"},
    "bot.papers_pdf": {"bot.reply", "bot.papers"},
    "bot.calendars": {"store", "bot.reply", "bot.cards", "bot.wording"},
    "bot.tables_out": {"store", "bot.draft_cards", "bot.draft_wording", "bot.wording"},
    "bot.travel_fetch": {"store"},
    "bot.commands": {"store", "bot.reply", "bot.language", "bot.charts", "bot.calendars", *SHARED},
    "bot.jobs": {"store", "bot.reply", "bot.language", *SHARED},
    "bot.slack": {"store", "bot.reply", "bot.commands", "bot.jobs", "bot.charts"},
    "bot.terminal": {"store", "bot.reply", "bot.commands", "bot.jobs", "bot.charts"},
}

# Library: where it may be imported.
LIBRARIES = {
    "sqlite_utils": ("store/",),
    "sqlite3": ("store/", "bot/check_command.py"),
    "dateparser": ("bot/language/when/", "bot/language/when.py"),
    "slack_bolt": ("bot/slack/",),
    "slack_sdk": ("bot/slack/",),
    "waitress": ("bot/slack/",),
    "websocket": ("bot/slack/",),
    "apscheduler": ("bot/jobs/ticker.py",),
    "matplotlib": ("bot/charts.py",),
    "fpdf": ("bot/papers_pdf.py",),
    "icalendar": ("bot/calendars.py",),
    "prompt_toolkit": ("bot/terminal/keyboard.py",),
    "click": ("bot/__main__.py", "bot/options.py", "_command.py"),
}


def sources() -> list[Path]:
    return sorted(path for room in ("bot", "store") for path in (ROOT / room).rglob("*.py"))


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, inside functions too."""
    here = name_of(path).split(".")
    package = here if path.name == "__init__.py" else here[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def is_command_line(name: str) -> bool:
    return name in ("bot", "bot.wiring", "bot.__main__") or re.fullmatch(r"bot\.\w+_command", name) is not None


def room_of(name: str) -> str | None:
    return next((room for room in ROOMS if name == room or name.startswith(f"{room}.")), None)


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_rooms_are_entered_one_way(path: Path) -> None:
    name = name_of(path)
    if is_command_line(name):
        return
    room = room_of(name)
    assert room, f"{name} belongs to no room; give it one in ROOMS"
    ours = {module for module in imports(path) if module.split(".")[0] in ("bot", "store") and module != "bot"}
    wrong = {module for module in ours if room_of(module) not in {room, *ROOMS[room]}}
    assert not wrong


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_libraries_stay_in_their_rooms(path: Path) -> None:
    where = path.relative_to(ROOT).as_posix()
    wrong = {
        library
        for module in imports(path)
        for library, homes in LIBRARIES.items()
        if module.split(".")[0] == library
        if not any(where.startswith(home) or where.endswith(home) for home in homes)
    }
    assert not wrong


STATEMENT = re.compile(
    r"^\s*(SELECT\b.*\bFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX)|PRAGMA\s)", re.DOTALL
)


@pytest.mark.parametrize("path", [path for path in sources() if "store" not in path.relative_to(ROOT).parts[:1]], ids=name_of)
def test_there_is_no_sql_outside_the_store(path: Path) -> None:
    texts = (
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    assert not [text[:60] for text in texts if STATEMENT.match(text)]


CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_only_the_wiring_reads_the_clock(path: Path) -> None:
    if name_of(path) == "bot.wiring":
        return
    reads = {
        (getattr(node.value, "id", None) or getattr(node.value, "attr", None), node.attr)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }
    assert not reads & CLOCKS


WATCH = """
import importlib, os, sys, threading

def watch(event, args):
    if event == "open" and any(letter in str(args[1] or "r") for letter in "wax+"):
        raise RuntimeError(f"wrote {args[0]}")
    if event in ("sqlite3.connect", "socket.connect", "socket.bind", "subprocess.Popen", "os.system", "os.mkdir", "os.remove"):
        raise RuntimeError(f"{event} {args}")

before = dict(os.environ)
sys.addaudithook(watch)
for name in sys.argv[1:]:
    importlib.import_module(name)
    assert threading.active_count() == 1, f"{name} starts a thread"
assert dict(os.environ) == before, "the environment was changed"
"""


def test_nothing_happens_at_import() -> None:
    names = [name_of(path) for path in sources()]
    # Coverage would write its file as the process ends, and nothing may be written.
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-B", "-c", WATCH, *names], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout + done.stderr == ""
