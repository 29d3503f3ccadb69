"""Reminders survive kill -9 under a Slack that drops, hangs, accepts late, limits and fails: none lost, none doubled."""

from __future__ import annotations

from pathlib import Path

from tests.crash.drive import short


def test_killed_again_and_again(tmp_path: Path) -> None:
    found = short(tmp_path)
    assert found["kills"] == 8
    assert found["reminders"] >= 50
    assert (found["lost"], found["doubled"], found["out_of_order"]) == (0, 0, 0), found
    assert found["not_sent_on_record"] == 0
    assert found["stopped_cleanly"]
    assert found["complaints"] == 0
    assert sum(found["faults"].values()) > 0
