"""The Web API methods for messages and views. Each takes the state and the arguments, and answers or refuses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from tests.doubles.blocks import check_message_blocks, check_view
from tests.doubles.state import APP, BOT_ID, BOT_USER, TEAM, Channel, Json, Message, SlackError, State, View
from tests.doubles.texts import check_message_text, check_metadata, inspect

Method = Callable[[State, Json], Json]


def need(args: Json, *names: str) -> None:
    for name in names:
        if args.get(name) in (None, ""):
            raise SlackError("invalid_arguments", f"[ERROR] missing required field: {name} [json-pointer:/{name}]")


def channel_of(state: State, args: Json, *, key: str = "channel") -> Channel:
    """The channel asked for, as far as the bot may know of it. Names are no ids; private ones stay hidden."""
    wanted = args.get(key)
    channel = state.channels.get(wanted) if isinstance(wanted, str) else None
    if channel is None or (channel.kind in ("private", "mpim") and not channel.is_member):
        raise SlackError("channel_not_found", f"{wanted!r} is not a channel this bot can see")
    return channel


def writable(state: State, args: Json, *, key: str = "channel") -> Channel:
    wanted = args.get(key)
    if isinstance(wanted, str) and wanted in state.users:
        return im_with(state, wanted)  # posting to a person's id reaches their direct messages
    channel = channel_of(state, args, key=key)
    if channel.is_archived:
        raise SlackError("is_archived")
    if not channel.is_member:
        raise SlackError("not_in_channel")
    return channel


def im_with(state: State, user: str) -> Channel:
    person = state.users.get(user)
    if person is None:
        raise SlackError("user_not_found")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    if person.deleted:
        raise SlackError("user_disabled")
    key = f"D0{user[2:] or user}"
    with state.lock:
        return state.channels.setdefault(key, Channel(key, "", kind="im", user=user, members=[user, BOT_USER]))


def check_content(state: State, args: Json, source: str, *, posted: bool = True) -> tuple[str, list[Json]]:
    blocks = args.get("blocks")
    if args.get("attachments"):
        raise SlackError("invalid_attachments", "attachments are legacy; this house sends blocks")
    checked = check_message_blocks(blocks, posted=posted) if blocks is not None else []
    text = check_message_text(args.get("text"))
    inspect(state, text, checked, source)
    return text, named(state, checked)


def named(state: State, blocks: list[Json]) -> list[Json]:
    """The blocks with an id for each that had none, as Slack gives them."""
    return [{**b, "block_id": b.get("block_id") or f"blk{state.serial()}"} for b in blocks]


def post_message(state: State, args: Json) -> Json:
    need(args, "channel")
    channel = writable(state, args)
    text, blocks = check_content(state, args, "chat.postMessage")
    thread = args.get("thread_ts")
    if thread is not None and state.find(channel.id, thread) is None:
        raise SlackError("thread_not_found")
    for flag in ("unfurl_links", "unfurl_media"):
        if args.get(flag) not in (False, "false", "0"):
            state.complain(f"chat.postMessage: {flag} is not switched off")
    message = Message(
        channel.id, "", text, blocks, check_metadata(args.get("metadata")), thread, via="chat.postMessage", args=args
    )
    state.keep(message)
    return {"channel": channel.id, "ts": message.ts, "message": message.shown(metadata=True)}


def post_ephemeral(state: State, args: Json) -> Json:
    need(args, "channel", "user")
    channel = channel_of(state, args)
    if channel.is_archived:
        raise SlackError("is_archived")
    if not channel.is_member:
        raise SlackError("not_in_channel" if channel.kind == "public" else "channel_not_found")
    user = args["user"]
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks = check_content(state, args, "chat.postEphemeral")
    message = Message(channel.id, "", text, blocks, seen_by=user, via="chat.postEphemeral", args=args)
    state.keep(message)
    return {"message_ts": message.ts}


def own(state: State, args: Json, refusal: str) -> Message:
    need(args, "channel", "ts")
    channel = writable(state, args)
    message = state.find(channel.id, args["ts"])
    if message is None or message.seen_by is not None:
        raise SlackError("message_not_found")
    if message.user != BOT_USER:
        raise SlackError(refusal)
    return message


def update(state: State, args: Json) -> Json:
    message = own(state, args, "cant_update_message")
    text, blocks = check_content(state, args, "chat.update")
    with state.changed:
        message.text, message.edits = text, message.edits + 1
        if "blocks" in args:
            message.blocks = blocks
        if "metadata" in args:
            message.metadata = check_metadata(args["metadata"])
        state.touched(message)
    return {"channel": message.channel, "ts": message.ts, "text": text, "message": message.shown()}


def delete(state: State, args: Json) -> Json:
    message = own(state, args, "cant_delete_message")
    message.deleted = True
    state.touched(message)
    return {"channel": message.channel, "ts": message.ts}


def permalink(state: State, args: Json) -> Json:
    need(args, "channel", "message_ts")
    channel = channel_of(state, args)
    if state.find(channel.id, args["message_ts"]) is None:
        raise SlackError("message_not_found")
    stamp = str(args["message_ts"]).replace(".", "")
    return {"channel": channel.id, "permalink": f"https://attache.slack.com/archives/{channel.id}/p{stamp}"}


def _view_of(args: Json) -> Json:
    need(args, "view")
    view = check_view(args["view"])
    if len(json.dumps(view)) > 250_000:
        raise SlackError("view_too_large")
    return view


def keep_view(state: State, body: Json, user: str, previous: View | None = None, replaces: View | None = None) -> View:
    """Stores a view as Slack does: with ids for the blocks that named none, and the state its inputs start in."""
    inspect(state, "", body["blocks"], "view")
    with state.changed:
        blocks = named(state, body["blocks"])
        digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:8]
        stamp = f"{int(state.clock())}.{digest}{state.serial()}"
        shown = {"title": None, "submit": None, "close": None, "private_metadata": "", "callback_id": "", "external_id": ""}
        body = {**shown, **body, "blocks": blocks}
        if replaces is not None:
            view = replaces
            view.body, view.hash = body, stamp
        else:
            key = f"V0{state.serial():06d}"
            view = View(key, body, stamp, previous.root if previous else key, previous.id if previous else None, user)
            state.views[key] = view
        state.changed.notify_all()
    return view


def show_view(view: View, values: Json | None = None) -> Json:
    """The view as Slack sends it back and forth."""
    return {
        "id": view.id,
        "team_id": TEAM,
        "state": {"values": values or {}},
        "hash": view.hash,
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": APP,
        "app_installed_team_id": TEAM,
        "bot_id": BOT_ID,
        "clear_on_close": False,
        "notify_on_close": False,
        **view.body,
    }


def _check_external_id(state: State, view: Json, besides: View | None = None) -> None:
    wanted = view.get("external_id")
    if wanted and any(v.body.get("external_id") == wanted and v is not besides for v in state.views.values()):
        raise SlackError("duplicate_external_id")


def _modal(view: Json) -> None:
    if view["type"] != "modal":
        raise SlackError("invalid_arguments", "[ERROR] must be a modal [json-pointer:/view/type]")


def views_open(state: State, args: Json) -> Json:
    need(args, "trigger_id")
    view = _view_of(args)
    _modal(view)
    _check_external_id(state, view)
    trigger = state.use_trigger(args["trigger_id"])
    return {"view": show_view(keep_view(state, view, trigger.user))}


def views_push(state: State, args: Json) -> Json:
    need(args, "trigger_id")
    view = _view_of(args)
    _modal(view)
    _check_external_id(state, view)
    trigger = state.use_trigger(args["trigger_id"])
    below = state.views.get(trigger.view or "")
    if below is None:
        raise SlackError("invalid_arguments", "views.push needs a trigger_id from inside a modal")
    return {"view": show_view(push(state, below, view))}


def push(state: State, below: View, body: Json) -> View:
    stack = [v for v in state.views.values() if v.root == below.root and v.open]
    if len(stack) >= 3:
        raise SlackError("push_limit_reached")
    return keep_view(state, body, below.user, previous=below)


def views_update(state: State, args: Json) -> Json:
    body = _view_of(args)
    by_external = {v.body.get("external_id"): v for v in state.views.values() if v.body.get("external_id")}
    view = state.views.get(args.get("view_id", "")) or by_external.get(args.get("external_id"))
    if view is None or not view.open:
        raise SlackError("not_found")
    if args.get("hash") not in (None, "", view.hash):
        raise SlackError("hash_conflict")
    _check_external_id(state, body, view)
    return {"view": show_view(keep_view(state, body, view.user, replaces=view))}


def views_publish(state: State, args: Json) -> Json:
    need(args, "user_id")
    body = _view_of(args)
    if body["type"] != "home":
        raise SlackError("invalid_arguments", "[ERROR] must be home [json-pointer:/view/type]")
    if args["user_id"] not in state.users:
        raise SlackError("user_not_found")
    return {"view": show_view(keep_view(state, body, args["user_id"]))}


def api_test(state: State, args: Json) -> Json:
    if args.get("error"):
        raise SlackError(str(args["error"]))
    return {"args": dict[str, Any](args)}


METHODS: dict[str, Method] = {
    "api.test": api_test,
    "chat.delete": delete,
    "chat.getPermalink": permalink,
    "chat.postEphemeral": post_ephemeral,
    "chat.postMessage": post_message,
    "chat.update": update,
    "views.open": views_open,
    "views.publish": views_publish,
    "views.push": views_push,
    "views.update": views_update,
}
