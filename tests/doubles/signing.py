"""Slack's request signature."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # the well-known example of Slack's own documentation


def sign(body: bytes | str, secret: str, now: dt.datetime) -> dict[str, str]:
    """The two headers that make a request one of Slack's. `now` must know its zone."""
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    raw = body.encode() if isinstance(body, str) else body
    stamp = str(int(now.timestamp()))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
