"""The Web API methods for who is who, which conversation is what, its history, and files."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from tests.doubles.methods import Method, channel_of, check_content, im_with, need, writable
from tests.doubles.state import (
    APP,
    BOT_ID,
    BOT_USER,
    OTHER_TEAM,
    TEAM,
    Channel,
    Json,
    Message,
    SlackError,
    State,
    Upload,
    User,
)

_TS = re.compile(r"\d{1,12}(\.\d{1,6})?")


def auth_test(state: State, args: Json) -> Json:
    return {
        "url": "https://attache.slack.com/",
        "team": "Attaché Test",
        "team_id": TEAM,
        "user": state.users[BOT_USER].name,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def show_user(user: User) -> Json:
    return {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": 0,
        "profile": {"real_name": user.real_name, "display_name": user.name, "team": user.team_id},
        "is_admin": user.is_admin,
        "is_owner": user.is_owner,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_bot": user.is_bot,
        "is_app_user": False,
        **({"is_stranger": True} if user.is_stranger else {}),
        "updated": 1700000000,
    }


def users_info(state: State, args: Json) -> Json:
    need(args, "user")
    user = state.users.get(args["user"])
    if user is None:
        raise SlackError("user_not_found")
    return {"user": show_user(user)}


def bots_info(state: State, args: Json) -> Json:
    if args.get("bot") not in (None, BOT_ID):
        raise SlackError("bot_not_found")
    return {"bot": {"id": BOT_ID, "deleted": False, "name": "Attaché", "app_id": APP, "user_id": BOT_USER, "icons": {}}}


def team_info(state: State, args: Json) -> Json:
    return {"team": {"id": TEAM, "name": "Attaché Test", "domain": "attache", "email_domain": "", "icon": {}}}


def show_channel(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public",
        "is_archived": channel.is_archived,
        "is_general": False,
        "is_member": channel.is_member,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "shared_team_ids": [TEAM, OTHER_TEAM] if channel.is_ext_shared else [TEAM],
        "context_team_id": TEAM,
        "created": 1700000000,
        "creator": "U0OWNER",
        **({"user": channel.user} if channel.kind == "im" else {}),
    }


def conversations_info(state: State, args: Json) -> Json:
    need(args, "channel")
    channel = channel_of(state, args)
    count = {"num_members": len(channel.members)} if args.get("include_num_members") in (True, "true", "1") else {}
    return {"channel": show_channel(channel) | count}


def conversations_members(state: State, args: Json) -> Json:
    need(args, "channel")
    return {"members": list(channel_of(state, args).members), "response_metadata": {"next_cursor": ""}}


def conversations_join(state: State, args: Json) -> Json:
    need(args, "channel")
    channel = channel_of(state, args)
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    already, channel.is_member = channel.is_member, True
    return {"channel": show_channel(channel)} | ({"warning": "already_in_channel"} if already else {})


def conversations_open(state: State, args: Json) -> Json:
    if args.get("channel"):
        return {"channel": show_channel(channel_of(state, args))}
    need(args, "users")
    names = str(args["users"]).split(",")
    if len(names) > 1:
        raise SlackError("invalid_arguments", "this stand-in opens a direct message with one person only")
    channel = im_with(state, names[0])
    return {"no_op": True, "already_open": True, "channel": {"id": channel.id, **show_channel(channel)}}


def _number(args: Json, key: str, default: int, most: int) -> int:
    try:
        value = int(args.get(key, default))
    except (TypeError, ValueError):
        value = 0
    if not 1 <= value <= most:
        raise SlackError("invalid_limit")
    return value


def _stamp(args: Json, key: str) -> float | None:
    value = args.get(key)
    if value in (None, ""):
        return None
    if not _TS.fullmatch(str(value)):
        raise SlackError(f"invalid_ts_{key}")
    return float(value)


def _page(state: State, args: Json, found: list[Message], default: int, most: int) -> Json:
    """One page. Cursors are opaque and checked, as they are with Slack."""
    limit = _number(args, "limit", default, most)
    start = 0
    if args.get("cursor"):
        try:
            start = int(base64.b64decode(str(args["cursor"]), validate=True).decode().removeprefix("next:"))
        except (ValueError, binascii.Error) as e:
            raise SlackError("invalid_cursor") from e
    flag = args.get("include_all_metadata") in (True, "true", "1")
    more = len(found) > start + limit
    cursor = base64.b64encode(f"next:{start + limit}".encode()).decode() if more else ""
    return {
        "messages": [m.shown(metadata=flag) for m in found[start : start + limit]],
        "has_more": more,
        "pin_count": 0,
        "response_metadata": {"next_cursor": cursor},
    }


def _readable(state: State, args: Json) -> Channel:
    need(args, "channel")
    channel = channel_of(state, args)
    if not channel.is_member:
        raise SlackError("not_in_channel")
    return channel


def _within(state: State, args: Json, channel: Channel) -> list[Message]:
    oldest, latest = _stamp(args, "oldest"), _stamp(args, "latest")
    inclusive = args.get("inclusive") in (True, "true", "1")
    with state.lock:
        rows = [m for m in state.log if m.channel == channel.id and m.seen_by is None and not m.deleted]

    def fits(ts: float) -> bool:
        if inclusive:
            return (oldest is None or ts >= oldest) and (latest is None or ts <= latest)
        return (oldest is None or ts > oldest) and (latest is None or ts < latest)

    return [m for m in rows if fits(float(m.ts))]


def conversations_history(state: State, args: Json) -> Json:
    """Newest first, and without the replies in threads."""
    channel = _readable(state, args)
    broadcast = (True, "true", "1")
    found = [m for m in _within(state, args, channel) if m.thread_ts is None or m.args.get("reply_broadcast") in broadcast]
    return _page(state, args, sorted(found, key=lambda m: float(m.ts), reverse=True), 100, 999)


def conversations_replies(state: State, args: Json) -> Json:
    channel = _readable(state, args)
    need(args, "ts")
    parent = state.find(channel.id, str(args["ts"]))
    if parent is None:
        raise SlackError("thread_not_found")
    found = [m for m in _within(state, args, channel) if m.thread_ts == parent.ts]
    return _page(state, args, [parent, *sorted(found, key=lambda m: float(m.ts))], 1000, 1000)


def get_upload_url(state: State, args: Json) -> Json:
    need(args, "filename", "length")
    length = _number({"limit": args["length"]}, "limit", 0, 1_000_000_000)
    with state.lock:
        key = f"F0{state.serial():06d}"
        state.uploads[key] = Upload(key, str(args["filename"]), length, str(args.get("alt_txt") or ""))
    if not args.get("alt_txt") and re.search(r"(?i)\.(png|jpe?g|gif|webp)$", str(args["filename"])):
        state.complain(f"files.getUploadURLExternal: {args['filename']} is an image without alt_txt")
    return {"upload_url": f"{args['_origin']}/upload/v1/{key}", "file_id": key}


def complete_upload(state: State, args: Json) -> Json:
    files: Any = args.get("files")
    if not isinstance(files, list) or not files or not all(isinstance(f, dict) and "id" in f for f in files):
        raise SlackError("invalid_arguments", "[ERROR] files must be an array of objects with an id [json-pointer:/files]")
    channel = writable(state, args, key="channel_id") if args.get("channel_id") else None
    done = []
    for entry in files:
        upload = state.uploads.get(entry["id"])
        if upload is None or not upload.received or upload.complete:
            raise SlackError("file_not_found")
        done.append((upload, str(entry.get("title") or upload.filename)))
    comment = args.get("initial_comment")
    if comment:
        check_content(state, {"text": comment}, "files.completeUploadExternal")
    for upload, title in done:
        upload.complete, upload.title, upload.channel = True, title, channel.id if channel else None
    shown = [{"id": u.id, "title": t, "name": u.filename, "size": u.length, "alt_txt": u.alt_txt} for u, t in done]
    if channel is not None:
        thread = args.get("thread_ts")
        if thread is not None and state.find(channel.id, thread) is None:
            raise SlackError("thread_not_found")
        state.keep(Message(channel.id, "", comment or "", thread_ts=thread, via="files", args=args, files=shown))
    return {"files": shown}


LOOKUPS: dict[str, Method] = {
    "auth.test": auth_test,
    "bots.info": bots_info,
    "conversations.history": conversations_history,
    "conversations.info": conversations_info,
    "conversations.join": conversations_join,
    "conversations.members": conversations_members,
    "conversations.open": conversations_open,
    "conversations.replies": conversations_replies,
    "files.completeUploadExternal": complete_upload,
    "files.getUploadURLExternal": get_upload_url,
    "team.info": team_info,
    "users.info": users_info,
}
