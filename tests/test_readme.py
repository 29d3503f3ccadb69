"""The README promises what is there: every subcommand and setting, in the words of their own records."""

from __future__ import annotations

import dataclasses

from bot.__main__ import _SUBCOMMANDS
from bot.commands.catalog import groups
from bot.config import Settings
from tests.conftest import ROOT


def command_rows() -> list[str]:
    """The rows of the README's table of commands, from the records that drive dispatch and help."""
    return [
        f"| `{command.usage.replace('|', chr(92) + '|')}` | {command.summary.replace('|', chr(92) + '|')} |"
        for _, _, make in groups()
        for command in make()
    ]


def setting_rows() -> list[str]:
    """The rows of the README's table of settings."""
    variables = [field.metadata["variable"] for field in dataclasses.fields(Settings)]
    return [f"| `{v.name}` | {v.meaning} | {f'`{v.default}`' if v.default else ''} |" for v in variables]


def table(heading: str) -> list[str]:
    """The rows of the first table under a heading of the README, without its two header rows."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [row for row in section.splitlines() if row.startswith("|")][2:]


def test_every_command_is_in_the_table() -> None:
    assert table("What to ask") == command_rows()


def test_every_setting_is_in_the_table() -> None:
    assert table("Settings") == setting_rows()


def test_every_subcommand_is_in_the_table() -> None:
    rows = [f"| `attache {name}` | {summary} |" for name, (_, _, summary) in _SUBCOMMANDS.items()]
    assert sorted(table("Command line")) == sorted(rows)
