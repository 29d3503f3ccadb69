"""What whoever set up a watch is told when posting fails, in a direct message."""

from __future__ import annotations

from bot.reply import Button, Line, Link, Reply, Strong, line
from store.records import Post

WHY = {
    "not_in_channel": "I am not a member of it",
    "channel_not_found": "it is private and I am not a member of it, or it no longer exists",
    "is_archived": "it is archived",
    "restricted_action": "its settings do not let me post",
    "restricted_action_read_only_channel": "it is read-only",
    "missing_scope": "the app lacks a permission that this needs",
    "token_revoked": "the app's token was revoked",
    "account_inactive": "the app was switched off or removed",
    "invalid_auth": "Slack did not accept the app's token",
}
INVITE = ("not_in_channel", "channel_not_found")


def compose(post: Post) -> Reply:
    """The direct message for a notice. `post.subject` is "channel:C…", "workspace:" or "post:KEY"; `post.body` the code."""
    about, _, name = post.subject.partition(":")
    code = post.body or "unknown"
    why = WHY.get(code, f"Slack answered “{code}”")
    if about == "channel":
        return _channel(post, name, code, why)
    if about == "workspace":
        return Reply(
            "For a while I could not post in this workspace",
            parts=(line(f"The reason: {why}. What is still useful is on its way, marked late; the rest was dropped."),),
        )
    return Reply(
        "One of my scheduled messages could not be posted",
        parts=(
            line("It was for ", _link(post.team, name), f": {why}. The channel's other messages are not affected."),
            line("In that channel, ", Strong("/talks reminders failed"), " lists what did not arrive."),
        ),
    )


def _channel(post: Post, channel: str, code: str, why: str) -> Reply:
    remedy: Line
    if code in INVITE:
        remedy = line(
            "Invite me there with ", Strong("/invite @Attaché"), "; I try again by myself every few minutes at first."
        )
    elif code == "is_archived":
        remedy = line("If that is as it should be, nothing is left to do. Otherwise unarchive it.")
    else:
        remedy = line("I try again by myself, less and less often.")
    return Reply(
        "I cannot post in a channel that you set up reminders or digests for",
        parts=(
            line("I could not post in ", _link(post.team, channel), f": {why}."),
            remedy,
            line("What it missed: ", Strong("/talks reminders failed"), " in that channel."),
        ),
        buttons=(Button("Help", "/digest help"),),
    )


def _link(team: str, channel: str) -> Link:
    return Link(f"the channel {channel}", f"https://slack.com/app_redirect?channel={channel}&team={team}")
