"""Any words, and forms sent in with anything in their fields, get an answer: never a failure, never silence."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from bot.commands.base import Request, Role, Told
from bot.commands.registry import Registry
from bot.reply import Field, Form, Outcome
from tests.commands.conftest import NOW

LINES = (
    "/talks add", "/talks edit T-3", "/talks edit T-4", "/talks held T-3", "/talks postpone T-3", "/talks cancel T-4",
    "/talks confirm T-5", "/talks settle T-4", "/talks undo", "/talks undo T-3", "/talks log T-3", "/talks editors",
    "/position add", "/position reply P-1", "/position edit P-1", "/position undo",
)  # fmt: skip
WORDS = (
    "US", "Russia", "and", "ministers", "in Geneva", "within two weeks", "5 March", "12/03/2025", "T-3", "T-99", "https://a.b/c",
    "agenda", "Ukraine", "said by Lavrov", "third country", "second round", ";", ":", "=", "(", ")", "\n", "wibble", "held",
    "cancelled", "31 Feb", "to", "–", "by phone", "deputies", "\u202e", "<@U1>", ":flag-ru:", "P-1", "nato", "rejects",
    "demands", "x" * 500, "“quote”", "Nobodia", "9" * 20, "9999-12-31", "0001-01-01", "not before June", "\x00", "",
)  # fmt: skip


def words(dice: random.Random, most: int) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(dice.randint(0, most)))


def anything(dice: random.Random, field: Field) -> str:
    if dice.random() < 0.5:
        return field.value
    options = [option.value for option in field.options]
    return dice.choice([*options, "zzz"]) if options else words(dice, 5)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_sent_gets_an_answer(registry: Registry, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(60):
        told = Told(words(dice, 20), "Wire", date(2025, 2, 20), None) if dice.random() < 0.2 else None
        line = f"{dice.choice(LINES)} {words(dice, 8)}"
        request = Request("local", "U1", "C1", line, NOW, may=Role.ADMIN, told=told)
        answer = registry.answer(request)
        for _ in range(3):
            if not isinstance(answer, Form):
                break
            values = {field.id: anything(dice, field) for field in answer.fields}
            answer = registry.answer(replace(request, text=answer.command, values=values, context=answer.context, told=None))
        assert isinstance(answer, Form) or answer.outcome is not Outcome.FAILURE, line
