"""The labelled phrases of corpus.txt, read into cases. The format is described at the top of that file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bot.language.when import DateOrder, Reading

Label = tuple[date | datetime | None, date | datetime | None, str]


@dataclass(frozen=True)
class Case:
    """A phrase, when and where it was said, and what a careful reader writes down: no label, one, or several to ask about."""

    phrase: str
    said_on: date
    zone: str
    order: DateOrder
    labels: tuple[Label, ...]

    @property
    def undated(self) -> bool:
        return not self.labels


def cases() -> list[Case]:
    """Every case of the corpus, in order."""
    found, said, zone, order = list[Case](), date.min, "UTC", DateOrder.DMY
    for line in Path(__file__).with_name("corpus.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("@"):
            _, day, zone, name, weekday = line.split()
            said, order = date.fromisoformat(day), DateOrder(name)
            if said.strftime("%a") != weekday:
                raise ValueError(f"{day} is no {weekday}")
            continue
        phrase, _, label = line.rpartition("|")
        found.append(Case(phrase.strip(), said, zone, order, labels(label.strip())))
    return found


def labels(text: str) -> tuple[Label, ...]:
    """A label as written: an interval, several after "?", or "-" for none."""
    return () if text == "-" else tuple(_label(part.strip()) for part in text.lstrip("?").split(";"))


def _label(text: str) -> Label:
    bounds, precision = text.rsplit(" ", 1)
    first, dots, last = bounds.partition("..")
    return _bound(first), _bound(last if dots else first), precision


def _bound(text: str) -> date | datetime | None:
    if not text:
        return None
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if "T" in text else date.fromisoformat(text)


def answer(reading: Reading) -> tuple[Label, ...]:
    """A reading in the form of a label."""
    windows = reading.readings or ((reading.window,) if reading.dated else ())
    return tuple((window.earliest, window.latest, window.precision.value) for window in windows)
