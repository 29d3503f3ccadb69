"""Blocks and views, checked as strictly as Slack checks them, or a little more strictly.

Where Slack does not publish a limit the lowest figure anyone reported being refused at is used: the cumulative text of a
posted message (`msg_blocks_too_long`) was refused at 11,341 characters, so 11,000 is the most allowed here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.doubles.elements import check_element, check_image
from tests.doubles.objects import Faults, check_text
from tests.doubles.state import Json, SlackError

MESSAGE_BLOCKS, VIEW_BLOCKS, POSTED_TEXT = 50, 100, 11_000

_EVERYWHERE = {"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video"}
SURFACES = {"message": _EVERYWHERE | {"markdown", "table"}, "modal": _EVERYWHERE, "home": _EVERYWHERE}


def check_blocks(f: Faults, where: str, blocks: Any, surface: str) -> None:
    """All the blocks of one message, modal or Home tab."""
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    rows = f.array(where, blocks, 0, most)
    tables = [n for n, b in enumerate(rows) if isinstance(b, dict) and b.get("type") == "table"]
    if len(tables) > 1:
        f.add(f"{where}/{tables[1]}", "only_one_table_allowed")
    for n, value in enumerate(rows):
        here = f"{where}/{n}"
        f.action_ids = set()
        block = f.obj(here, value)
        if block is None:
            continue
        kind = block.get("type")
        if not isinstance(kind, str) or kind not in SURFACES[surface]:
            f.add(f"{here}/type", f"unsupported type: {kind!r} in a {surface}")
            continue
        if "block_id" in block:
            block_id = f.string(f"{here}/block_id", block["block_id"], 1, 255)
            if block_id in f.block_ids:
                f.add(f"{here}/block_id", f'block_id "{block_id}" already exists')
            if block_id is not None:
                f.block_ids.add(block_id)
        _CHECKS[kind](f, here, block, surface)


def _section(f: Faults, where: str, b: Json, surface: str) -> None:
    f.only(where, b, ("type", "block_id", "text", "fields", "accessory", "expand"))
    f.boolean(where, b, "expand")
    if "text" not in b and "fields" not in b:
        f.add(where, "missing required field: text or fields")
    if "text" in b:
        check_text(f, f"{where}/text", b["text"], 3000, mrkdwn=True)
    if "fields" in b:
        for n, text in enumerate(f.array(f"{where}/fields", b["fields"], 1, 10)):
            check_text(f, f"{where}/fields/{n}", text, 2000, mrkdwn=True)
    if "accessory" in b:
        check_element(f, f"{where}/accessory", b["accessory"], "section", surface)


def _actions(f: Faults, where: str, b: Json, surface: str) -> None:
    f.only(where, b, ("type", "block_id", "elements"))
    for n, element in enumerate(f.array(f"{where}/elements", b.get("elements"), 1, 25)):
        check_element(f, f"{where}/elements/{n}", element, "actions", surface)


def _context(f: Faults, where: str, b: Json, surface: str) -> None:
    f.only(where, b, ("type", "block_id", "elements"))
    for n, element in enumerate(f.array(f"{where}/elements", b.get("elements"), 1, 10)):
        here = f"{where}/elements/{n}"
        if isinstance(element, dict) and element.get("type") == "image":
            check_image(f, here, element)
        else:
            check_text(f, here, element, 3000, mrkdwn=True)


def _divider(f: Faults, where: str, b: Json, surface: str) -> None:
    f.only(where, b, ("type", "block_id"))


def _header(f: Faults, where: str, b: Json, surface: str) -> None:
    f.only(where, b, ("type", "block_id", "text"))
    check_text(f, f"{where}/text", b.get("text"), 150)


def _image(f: Faults, where: str, b: Json, surface: str) -> None:
    check_image(f, where, b, "block_id", "title")
    if "title" in b:
        check_text(f, f"{where}/title", b["title"], 2000)


def _input(f: Faults, where: str, b: Json, surface: str) -> None:
    f.only(where, b, ("type", "block_id", "label", "element", "hint", "optional", "dispatch_action"))
    f.boolean(where, b, "optional", "dispatch_action")
    for key in ("label", "hint"):
        if key in b or key == "label":
            check_text(f, f"{where}/{key}", b.get(key), 2000)
    if "element" not in b:
        f.add(where, "missing required field: element")
    else:
        check_element(f, f"{where}/element", b["element"], "input", surface)


def _markdown(f: Faults, where: str, b: Json, surface: str) -> None:
    f.only(where, b, ("type", "block_id", "text"))
    text = f.string(f"{where}/text", b.get("text"), 1, 12_000)
    f.characters += len(text or "")


def _video(f: Faults, where: str, b: Json, surface: str) -> None:
    for key in ("alt_text", "title", "thumbnail_url", "video_url"):
        if key not in b:
            f.add(where, f"missing required field: {key}")


RICH = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")


def _rich_text(f: Faults, where: str, b: Json, surface: str) -> None:
    f.only(where, b, ("type", "block_id", "elements"))
    for n, element in enumerate(f.array(f"{where}/elements", b.get("elements"), 1, 1000)):
        here = f"{where}/elements/{n}"
        if (obj := f.obj(here, element)) is None:
            continue
        if obj.get("type") not in RICH:
            f.add(f"{here}/type", f"unsupported type: {obj.get('type')!r}")
            continue
        if obj["type"] == "rich_text_list" and obj.get("style") not in ("bullet", "ordered"):
            f.add(f"{here}/style", "must be bullet or ordered")
        for m, leaf in enumerate(f.array(f"{here}/elements", obj.get("elements"), 0, 1000)):
            _rich_leaf(f, f"{here}/elements/{m}", leaf, in_list=obj["type"] == "rich_text_list")


def _rich_leaf(f: Faults, where: str, value: Any, *, in_list: bool) -> None:
    leaf = f.obj(where, value)
    if leaf is None:
        return
    kind = leaf.get("type")
    if in_list:
        if kind != "rich_text_section":
            f.add(f"{where}/type", "a list holds rich_text_section only")
        return
    wanted = {
        "text": "text",
        "link": "url",
        "emoji": "name",
        "user": "user_id",
        "channel": "channel_id",
        "usergroup": "usergroup_id",
        "broadcast": "range",
        "date": "timestamp",
        "color": "value",
    }.get(str(kind))
    if wanted is None:
        f.add(f"{where}/type", f"unsupported type: {kind!r}")
    elif wanted not in leaf:
        f.add(where, f"missing required field: {wanted}")
    elif kind == "text":
        text = f.string(f"{where}/text", leaf["text"], 1, 3000)
        f.characters += len(text or "")


def _table(f: Faults, where: str, b: Json, surface: str) -> None:
    f.only(where, b, ("type", "block_id", "rows", "column_settings"))
    before, f.characters = f.characters, 0
    for n, row in enumerate(f.array(f"{where}/rows", b.get("rows"), 1, 100)):
        for m, cell in enumerate(f.array(f"{where}/rows/{n}", row, 1, 20)):
            _cell(f, f"{where}/rows/{n}/{m}", cell)
    widths = {len(r) for r in b.get("rows") or [] if isinstance(r, list)}
    if len(widths) > 1:
        f.add(f"{where}/rows", "every row must have the same number of cells")
    if f.characters > 10_000:
        f.add(where, "the characters of all cells together must be fewer than 10001")
    f.characters = before  # a table has a budget of its own
    if "column_settings" in b:
        for n, setting in enumerate(f.array(f"{where}/column_settings", b["column_settings"], 0, 20)):
            here = f"{where}/column_settings/{n}"
            if setting is not None and (obj := f.obj(here, setting)) is not None:
                f.only(here, obj, ("align", "is_wrapped"))
                if obj.get("align", "left") not in ("left", "center", "right"):
                    f.add(f"{here}/align", "must be left, center or right")
                f.boolean(here, obj, "is_wrapped")


def _cell(f: Faults, where: str, value: Any) -> None:
    cell = f.obj(where, value)
    if cell is None:
        return
    if cell.get("type") == "raw_text":
        f.only(where, cell, ("type", "text"))
        text = f.string(f"{where}/text", cell.get("text"), 1, 10_000)
        f.characters += len(text or "")
    elif cell.get("type") == "rich_text":
        _rich_text(f, where, cell, "message")
    else:
        f.add(f"{where}/type", "must be raw_text or rich_text")


_CHECKS: dict[str, Callable[[Faults, str, Json, str], None]] = {
    "section": _section,
    "actions": _actions,
    "context": _context,
    "divider": _divider,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "table": _table,
    "video": _video,
}


def check_view(value: Any, where: str = "/view") -> Json:
    """A modal or a Home tab; returns it or refuses it."""
    f = Faults()
    view = f.obj(where, value)
    if view is None:
        raise SlackError("invalid_arguments", *f.messages)
    surface = view.get("type")
    if surface not in ("modal", "home"):
        raise SlackError("invalid_arguments", f"[ERROR] unsupported view type {surface!r} [json-pointer:{where}/type]")
    common = ("type", "blocks", "private_metadata", "callback_id", "external_id")
    modal = ("title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled")
    f.only(where, view, (*common, *(modal if surface == "modal" else ())))
    f.boolean(where, view, "clear_on_close", "notify_on_close", "submit_disabled")
    for key in ("title", "submit", "close"):
        if key in view and view[key] is None:
            continue  # an explicit null is as good as absent, except for the title
        if key in view:
            check_text(f, f"{where}/{key}", view[key], 24)
    if surface == "modal" and not view.get("title"):
        f.add(where, "missing required field: title")
    f.optional_string(where, view, "private_metadata", 3000)
    f.optional_string(where, view, "callback_id", 255, low=1)
    f.optional_string(where, view, "external_id", 255)
    if "blocks" not in view:
        f.add(where, "missing required field: blocks")
    else:
        check_blocks(f, f"{where}/blocks", view["blocks"], surface)
        kinds = [b.get("type") for b in view["blocks"] if isinstance(b, dict)] if isinstance(view["blocks"], list) else []
        if surface == "modal" and "input" in kinds and not view.get("submit"):
            f.add(where, "missing required field: submit (the view has inputs)")
    if f.messages:
        raise SlackError("invalid_arguments", *f.messages)
    return view


def check_message_blocks(blocks: Any, *, posted: bool, where: str = "/blocks") -> list[Json]:
    """The blocks of a message; `posted` ones (not those of an ack or a response URL) have the cumulative limit too."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format", f"[ERROR] must be an array [json-pointer:{where}]")
    f = Faults()
    check_blocks(f, where, blocks, "message")
    if f.messages:
        raise SlackError("invalid_blocks", *f.messages)
    if posted and f.characters > POSTED_TEXT:
        raise SlackError("msg_blocks_too_long", f"{f.characters} characters of text in the blocks; {POSTED_TEXT} is safe")
    return blocks
