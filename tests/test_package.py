"""What is installed: the lock files, and that nothing in them or in the tree tells where it was made."""

from __future__ import annotations

import re
import tomllib

from tests.conftest import ROOT

NAME = re.compile(r"[-_.]+")


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {NAME.sub("-", package).lower(): version for package, version in found}


def wanted(requirements: list[str]) -> set[str]:
    return {NAME.sub("-", re.split(r"[\[<>=!~; ]", each, maxsplit=1)[0]).lower() for each in requirements}


def test_the_locks_pin_everything_that_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert wanted(project["dependencies"]) <= set(run)
    assert wanted(project["optional-dependencies"]["dev"]) <= set(dev)
    assert run.items() <= dev.items()


def test_the_locks_name_no_registry() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert not re.search(r"https?:|file:|--|@", (ROOT / name).read_text(encoding="utf-8"))


def test_the_readme_has_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^ *python3 -m venv .*attache demo$", text, re.MULTILINE)) == 1
    assert len(re.findall(r"^ *python3 -m venv .*-m pytest$", text, re.MULTILINE)) == 1


def test_data_files_are_packaged() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    packaged = {path for pattern in tool["package-data"]["store"] for path in (ROOT / "store").glob(pattern)}
    data = {path for path in (ROOT / "store").rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert data == packaged
