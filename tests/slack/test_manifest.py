"""The manifest against Slack's limits (form), and against what the app listens to and calls (sense)."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.commands.catalog import groups
from bot.slack.calls import METHODS
from tests.doubles.scopes import NEEDED

ROOT = Path(__file__).resolve().parents[2]


def text(most: int, least: int = 1, **more: Any) -> dict[str, Any]:
    return {"type": "string", "minLength": least, "maxLength": most, **more}


def thing(required: tuple[str, ...] = (), /, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


URL = text(3000, pattern="^https://")
COMMAND = thing(
    ("command", "description"),
    command=text(32, pattern=r"^/[a-z0-9_-]+$"),
    description=text(2000),
    usage_hint=text(1000),
    should_escape={"type": "boolean"},
    url=URL,
)
SHORTCUT = thing(
    ("type", "name", "callback_id", "description"),
    type={"enum": ["message", "global"]},
    name=text(24),
    callback_id=text(255),
    description=text(150),
)
SCHEMA = thing(
    ("display_information", "features", "oauth_config", "settings"),
    _metadata=thing(major_version={"enum": [1, 2]}),
    display_information=thing(
        ("name",),
        name=text(32),
        description=text(140),
        long_description=text(4000, 175),
        background_color=text(7, pattern="^#([0-9a-fA-F]{3}){1,2}$"),
    ),
    features=thing(
        ("bot_user",),
        bot_user=thing(("display_name",), display_name=text(80, pattern=r"^[a-z0-9._-]+$"), always_online={"type": "boolean"}),
        slash_commands={"type": "array", "minItems": 1, "maxItems": 50, "items": COMMAND},
        shortcuts={"type": "array", "minItems": 1, "maxItems": 10, "items": SHORTCUT},
    ),
    oauth_config=thing(
        ("scopes",), scopes=thing(("bot",), bot={"type": "array", "uniqueItems": True, "maxItems": 255, "items": text(100)})
    ),
    settings=thing(
        (),
        interactivity=thing(("is_enabled",), is_enabled={"type": "boolean"}, request_url=URL),
        event_subscriptions=thing((), request_url=URL, bot_events={"type": "array", "maxItems": 100, "items": text(100)}),
        org_deploy_enabled={"type": "boolean"},
        socket_mode_enabled={"type": "boolean"},
        token_rotation_enabled={"type": "boolean"},
    ),
)


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded = yaml.safe_load((ROOT / "app.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def test_the_manifest_keeps_to_slacks_form(manifest: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(manifest, SCHEMA)


def test_the_schema_sees_what_slack_would_refuse(manifest: dict[str, Any]) -> None:
    for path, wrong in [
        (("display_information", "name"), "x" * 33),
        (("display_information", "description"), "x" * 141),
        (("display_information", "long_description"), "short"),
        (("features", "slash_commands"), [{"command": "talks", "description": "no slash"}]),
        (("oauth_config", "scopes"), {"bot": ["commands", "commands"]}),
        (("settings", "colour"), "blue"),
    ]:
        broken = yaml.safe_load(yaml.safe_dump(manifest))
        broken[path[0]][path[1]] = wrong
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, SCHEMA)


def test_every_command_has_a_listener_and_the_reverse(manifest: dict[str, Any]) -> None:
    listed = [command["command"] for command in manifest["features"]["slash_commands"]]
    assert len(set(listed)) == len(listed)
    assert listed == list(dict.fromkeys(slash for slash, _, _ in groups()))


def test_usage_hints_name_subcommands_that_exist(manifest: dict[str, Any]) -> None:
    names: dict[str, set[str]] = defaultdict(set)
    for slash, _, make in groups():
        names[slash] |= {name for command in make() for name in (command.name, *command.aliases)}
    for command in manifest["features"]["slash_commands"]:
        assert "help" in command["usage_hint"]
        for word in re.findall(r"(?:^|· )\[?(\w+)", command["usage_hint"]):
            known = names[command["command"]] | {"help"} | {"russia", "nato", "weekdays"}  # what a default command takes
            assert word in known, f"{command['command']} {word}"


def test_only_interactions_that_have_listeners_are_switched_on(manifest: dict[str, Any]) -> None:
    assert manifest["settings"]["interactivity"]["is_enabled"]
    assert manifest["settings"]["socket_mode_enabled"]
    assert not manifest["settings"]["token_rotation_enabled"]
    registered = {name for path in sources() for name in re.findall(r"app\.(shortcut|global_shortcut)\(", path.read_text())}
    assert ("shortcuts" in manifest["features"]) == bool(registered)


# The scopes without which Slack does not send an event.
EVENT_SCOPES = {"member_joined_channel": {"channels:read", "groups:read"}}


def test_every_event_has_a_listener_and_its_scopes(manifest: dict[str, Any]) -> None:
    listed = manifest["settings"]["event_subscriptions"]["bot_events"]
    heard = [name for path in sources() for name in re.findall(r"app\.event\(([^)]*)\)", path.read_text())]
    assert sorted(heard) == sorted(f'"{name}"' for name in listed)
    assert set().union(*(EVENT_SCOPES[name] for name in listed)) <= set(manifest["oauth_config"]["scopes"]["bot"])


def sources() -> list[Path]:
    return sorted((ROOT / "bot" / "slack").glob("*.py"))


def called() -> set[str]:
    """Every Web API method that the source calls: as a method of a client, or by its name in a string."""
    attributes, names = set[str](), set[str]()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in NEEDED and path.name != "calls.py":
                names.add(str(node.value))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr != "api_call":
                owner = node.func.value
                name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
                if name.endswith("client") and "_" in node.func.attr:
                    attributes.add(node.func.attr)
    return names | {name for attribute in attributes for name in named(attribute)}


def named(attribute: str) -> list[str]:
    """Slack's names for what a method of the client calls."""
    if attribute == "files_upload_v2":
        return ["files.getUploadURLExternal", "files.completeUploadExternal"]
    return [next((name for name in NEEDED if name.replace(".", "_") == attribute), attribute)]


def scopes(method: str) -> set[str]:
    """What a method needs, in every kind of conversation that the bot posts in."""
    return {NEEDED[method].format(kind=kind) for kind in ("channels", "groups", "mpim", "im")} - {""}


# These need no scope of the bot's: who we are, and the app-level token's own.
FREE = {"auth.test", "apps_connections_open"}


def test_every_method_has_its_scope_and_every_scope_its_method(manifest: dict[str, Any]) -> None:
    used = called()
    assert set(METHODS) <= used
    unknown = used - FREE - set(NEEDED)
    assert not unknown, f"methods whose scope nobody knows: {unknown}"
    wanted = {scope for name in used - FREE for scope in scopes(name)}
    assert {scope for name, scope in METHODS.items() if scope} <= wanted
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == wanted | {"commands"}
