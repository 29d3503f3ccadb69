"""Pictures in a terminal: written to a file, whose path is said together with what it shows."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bot.reply import Picture


def keep(picture: Picture) -> str:
    """Draws a picture into a new temporary folder and returns the line to print."""
    path = Path(tempfile.mkdtemp(prefix="attache-picture-")) / Path(picture.filename).name
    path.write_bytes(picture.draw())
    return f"{picture.title}: {path}\n{picture.alt_text}"
