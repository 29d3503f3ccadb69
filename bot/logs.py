"""The log: one line an event on standard error, readable by people and by machines, and never a token in it."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Iterable

_TOKENS = re.compile(r"\b(?:xox[a-z](?:\.xox[a-z])?|xapp)-[\w.-]+")

_CHATTY = ("slack_bolt", "slack_sdk", "apscheduler", "waitress", "urllib3", "websocket")
"""Libraries that log whole requests below WARNING: bodies with tokens and people's words in them."""


class OneLine(logging.Formatter):
    """`2025-02-22T18:00:00.123Z WARNING bot.slack.app: words`, line breaks escaped, tokens and `secrets` struck out."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = tuple(sorted((secret for secret in secrets if secret), key=len, reverse=True))

    def format(self, record: logging.LogRecord) -> str:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        words = record.getMessage()
        if record.exc_info:
            words += f" | {self.formatException(record.exc_info)}"
        for secret in self._secrets:
            words = words.replace(secret, "[secret]")
        words = _TOKENS.sub("[token]", words)
        if not words.isprintable():
            words = json.dumps(words, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")
        return f"{stamp}.{int(record.msecs):03d}Z {record.levelname} {record.name}: {words}"


def set_up(level: str, secrets: Iterable[str] = ()) -> None:
    """Sends this process's log to standard error. `level` is a name such as INFO."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
