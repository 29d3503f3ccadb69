"""The door: Slack's signature, and bodies of a shape that Bolt can read.

Bolt's own signature check raises on odd headers and logs the whole body of whatever it refuses; its matchers raise on a
body that lacks what its type promises.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Callable

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware

from bot.slack.incoming import misshapen

log = logging.getLogger(__name__)

OLDEST_SECONDS = 300


class Signed(Middleware):
    """Lets through what carries the signing secret's mark, and what came over our own Socket Mode connection."""

    def __init__(self, secret: str, wall: Callable[[], float]) -> None:
        self._secret = secret.encode()
        self._wall = wall

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt passes it
        next: Callable[[], BoltResponse],  # noqa: A002 - Bolt calls it so
    ) -> BoltResponse:
        if req.mode != "socket_mode" and not self.holds(req):
            log.warning("a request with an invalid signature was refused")
            return BoltResponse(status=401, body={"error": "invalid request"})
        if (fault := misshapen(req.body)) is not None:
            log.warning("a body was refused: %s", fault)
            return BoltResponse(status=400, body={"error": f"bad payload: {fault}"})
        return next()

    def holds(self, req: BoltRequest) -> bool:
        """Is the request signed with our secret, and recent?"""
        stamp = req.headers.get("x-slack-request-timestamp", [""])[0]
        given = req.headers.get("x-slack-signature", [""])[0]
        if not (self._secret and stamp.isascii() and stamp.isdigit() and len(stamp) <= 12 and given.isascii()):
            return False
        if abs(self._wall() - int(stamp)) > OLDEST_SECONDS:
            return False
        base = f"v0:{stamp}:{req.raw_body}".encode("utf-8", "surrogatepass")
        return hmac.compare_digest("v0=" + hmac.new(self._secret, base, hashlib.sha256).hexdigest(), given)
