"""Who may record. Asked when a form opens and again when it is sent in, always on Slack's word."""

from __future__ import annotations

from bot.commands.base import Ask, Role, Trouble
from store import editors
from store.database import Session

_REFUSALS = {
    Role.UNKNOWN: (
        "Slack did not say just now who you are, so nothing was recorded.",
        "Try again in a moment; reading works meanwhile.",
    ),
    Role.FOREIGN: (
        "People from other workspaces read here; its own members record.",
        "Ask somebody of this workspace to record it.",
    ),
    Role.GUEST: (
        "Guests read; full members of the workspace record.",
        "Ask a member of the workspace to record it.",
    ),
}


def check_recorder(session: Session, ask: Ask) -> None:
    """Passes whoever may record: full members, or only the named editors and the workspace's admins. Raises Trouble."""
    role = ask.request.may
    if role in _REFUSALS:
        message, nearest = _REFUSALS[role]
        raise Trouble(message, nearest=nearest)
    if role is Role.ADMIN:
        return
    named = editors.named(session)
    if named is not None and ask.request.user not in named:
        raise Trouble(
            "In this workspace only its named editors record, and you are not one of them.",
            nearest="A workspace admin can add you.",
            example="/talks editors",
        )


def check_admin(ask: Ask) -> None:
    """Passes admins of the workspace. Raises Trouble."""
    role = ask.request.may
    if role is Role.UNKNOWN:
        message, nearest = _REFUSALS[role]
        raise Trouble(message, nearest=nearest)
    if role is not Role.ADMIN:
        raise Trouble("Only admins of the workspace say who may record.", nearest="Ask one of them.", example="/talks editors")
