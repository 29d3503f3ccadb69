"""Measurements: `python -m tests.bench NAME [--json]`. Each is a module with a `run()` that gives plain data."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NOT_MEASURES = ("__init__", "__main__", "generate", "lean_slack")


def names() -> list[str]:
    here = Path(__file__).parent
    return sorted(p.stem for p in here.glob("*.py") if p.stem not in NOT_MEASURES and not p.stem.startswith("test_"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", choices=names())
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a list")
    parser.add_argument("--sizes", help="commands: which of 1k,10k,100k")
    parser.add_argument("--runs", type=int, help="commands: how often each is measured")
    asked = parser.parse_args()
    options: dict[str, Any] = {}
    if asked.sizes:
        options["sizes"] = asked.sizes.split(",")
    if asked.runs:
        options["runs"] = asked.runs
    print(f"measuring {asked.name} …", file=sys.stderr)
    found = importlib.import_module(f"tests.bench.{asked.name}").run(**options)
    print(json.dumps(found, indent=2) if asked.json else "\n".join(flat(found)))


def flat(value: Any, path: str = "") -> Iterator[str]:
    """A line for each figure."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from flat(item, f"{path} {name}".strip())
    else:
        yield f"{path}: {value}"


if __name__ == "__main__":
    main()
