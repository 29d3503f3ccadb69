"""The posting half of `attache run` as a process to be killed: the same settings, store, sweep and Slack client, and a clock
that may be shifted (`python -m tests.crash.process SHIFT_SECONDS`)."""

from __future__ import annotations

import os
import signal
import sys
import threading
from datetime import datetime, timedelta

from bot import wiring
from bot.config import read_settings
from bot.logs import set_up


def main() -> None:
    shift = timedelta(seconds=float(sys.argv[1]) if len(sys.argv) > 1 else 0)
    settings = read_settings(os.environ)
    set_up(settings.log_level, (settings.bot_token,))
    store = wiring.open_existing(settings, None)
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())

    def now() -> datetime:
        return wiring.Clock().now() + shift

    with wiring.posting(settings, store, now):
        print("ready", flush=True)
        over.wait()
    store.close()


if __name__ == "__main__":
    main()
