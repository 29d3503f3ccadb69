"""Eight people editing a hundred records at once, 2,000 changes: nothing lost, no error but the honest conflict, and the
revisions of every record lead to what is on record."""

from __future__ import annotations

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot import wiring
from bot.commands.base import Request, Role
from bot.commands.registry import Registry
from bot.reply import Form, Outcome, Reply, plain
from store import changes, migrations, talks
from store.database import Store
from store.plain import to_plain
from store.records import Side, Status, Talks, Window

PEOPLE, RECORDS, CHANGES = 8, 100, 2000
NOW = datetime(2025, 2, 22, 18, 0, tzinfo=UTC)
FIELDS = ("title", "note", "format", "agenda")


class Editor:
    """One person, who writes into fields what nobody else could have written."""

    def __init__(self, registry: Registry, name: str, todo: Countdown) -> None:
        self.registry, self.name, self.todo = registry, name, todo
        self.dice = random.Random(name)
        self.outcomes: Counter[str] = Counter()
        self.done: list[tuple[int, str, str]] = []

    def ask(self, text: str, form: Form | None = None, values: dict[str, str] | None = None) -> Reply | Form:
        request = Request("T1", self.name, "C1", text, NOW, may=Role.MEMBER)
        return self.registry.answer(replace(request, values=values, context=form.context if form else None))

    def work(self) -> None:
        while (turn := self.todo.take()) is not None:
            number = self.dice.randint(1, RECORDS)
            if self.dice.random() < 0.1:
                self.undo()
            else:
                self.edit(number, f"{self.name} {turn}")

    def edit(self, number: int, words: str) -> None:
        """Changes a field through the form, sending it again for as long as somebody was quicker."""
        field = self.dice.choice(FIELDS)
        form = self.ask(f"/talks edit T-{number}")
        for _ in range(50):
            assert isinstance(form, Form), "the form did not open"
            values = {each.id: each.value for each in form.fields} | {field: words}
            answer = self.ask(form.command, form, values)
            if isinstance(answer, Reply):
                assert answer.outcome is Outcome.ANSWER, answer
                self.outcomes["changed"] += 1
                self.done.append((number, field, words))
                return
            told = " ".join([*(plain(note) for note in answer.notes), *(each.error for each in answer.fields if each.error)])
            assert "was changed while this form was open" in told, told
            typed = next(each.value for each in answer.fields if each.id == field)
            assert typed == words, "what was typed is lost"
            self.outcomes["conflict"] += 1
            form = answer
        raise AssertionError("never got through")

    def undo(self) -> None:
        """Takes back this person's own last change, unless somebody built on it."""
        answer = self.ask("/talks undo")
        assert isinstance(answer, Reply)
        assert answer.outcome is not Outcome.FAILURE, answer
        self.outcomes["undone" if answer.outcome is Outcome.ANSWER else "nothing to undo"] += 1


class Countdown:
    def __init__(self, count: int) -> None:
        self._left, self._lock = count, threading.Lock()

    def take(self) -> int | None:
        with self._lock:
            self._left -= 1
            return self._left if self._left >= 0 else None


def some_talks(store: Store) -> None:
    with store.write("T1", actor="import", now=NOW) as session:
        for n in range(1, RECORDS + 1):
            day = date(2025, 3, 1) + timedelta(days=n)
            sides = (Side("us"), Side("ru"))
            talks.save(session, Talks(f"talks-{n}", 0, f"Talks {n}", Status.PLANNED, sides, Window(day, day)))


def test_nothing_is_lost_and_everything_replays(tmp_path: Path) -> None:
    path = tmp_path / "busy.db"
    migrations.migrate(path, now=NOW)
    store = migrations.open_store(path)
    try:
        some_talks(store)
        registry, todo = wiring.registry(store), Countdown(CHANGES)
        editors = [Editor(registry, f"U{n}", todo) for n in range(PEOPLE)]
        with ThreadPoolExecutor(PEOPLE) as pool:
            for done in [pool.submit(editor.work) for editor in editors]:
                done.result()
        outcomes = sum((editor.outcomes for editor in editors), Counter())
        assert outcomes["changed"] + outcomes["undone"] + outcomes["nothing to undo"] == CHANGES
        assert outcomes["conflict"] > 0
        check(store, editors)
    finally:
        store.close()


def check(store: Store, editors: list[Editor]) -> None:
    """Each change that was confirmed is in the log, once; each record is what its revisions lead to."""
    logged: Counter[tuple[int, str, str]] = Counter()
    with store.read("T1") as session:
        for record in talks.many(session, range(1, RECORDS + 1)):
            state = None
            for revision in changes.of_record(session, talks.KIND, record.key):
                assert revision.before == state
                state = revision.after
                if revision.action == "edited" and revision.after and revision.before:
                    for field in FIELDS:
                        value = revision.after.get(field)
                        if value != revision.before.get(field):
                            words = value[0]["text"] if isinstance(value, list) else value
                            assert revision.actor == str(words).split()[0]
                            logged[record.number, field, str(words)] += 1
            assert state == to_plain(record)
        assert session.value("SELECT count(*) FROM talks WHERE team_id = :team") == RECORDS
    assert logged == Counter(done for editor in editors for done in editor.done)
