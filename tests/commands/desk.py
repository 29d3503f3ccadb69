"""People who record: they open forms, fill them in and send them, by the road that every surface takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.commands.base import Request, Role, Told
from bot.commands.registry import Registry
from bot.reply import Form, Outcome, Reply, plain
from bot.slack.render import plain_text
from store.records import Talks
from store.talks import get
from tests.commands.conftest import NOW


@dataclass
class Person:
    """Somebody at the desk."""

    registry: Registry
    user: str = "U1"
    team: str = "local"
    may: Role = Role.MEMBER
    now: datetime = NOW

    def say(self, text: str, told: Told | None = None) -> Reply | Form:
        request = Request(self.team, self.user, "C1", text, self.now, zone="UTC", may=self.may, told=told)
        return self.registry.answer(request)

    def opens(self, text: str, told: Told | None = None) -> Form:
        answer = self.say(text, told)
        assert isinstance(answer, Form), plain_text(answer)
        return answer

    def told(self, text: str) -> Reply:
        """A reply that is no trouble."""
        answer = self.say(text)
        assert isinstance(answer, Reply), errors(answer)
        assert answer.outcome is Outcome.ANSWER, plain_text(answer)
        return answer

    def refused(self, text: str) -> str:
        """The words of a refusal."""
        answer = self.say(text)
        assert isinstance(answer, Reply), answer.title
        assert answer.outcome is Outcome.NOT_UNDERSTOOD, plain_text(answer)
        return plain_text(answer)

    def sends(self, form: Form, /, **values: str) -> Reply | Form:
        """The form sent in, with values over those that are filled in; an id with brackets goes in as `parties_0`."""
        named = {name.replace("_0", "[0]"): value for name, value in values.items()}
        filled = {field.id: field.value for field in form.fields}
        assert set(named) <= set(filled), f"no such field: {set(named) - set(filled)}"
        request = Request(self.team, self.user, "C1", form.command, self.now, zone="UTC", may=self.may)
        return self.registry.answer(replace(request, values={**filled, **named}, context=form.context))

    def done(self, form: Form, /, **values: str) -> Reply:
        """The form sent in and taken."""
        answer = self.sends(form, **values)
        assert isinstance(answer, Reply), errors(answer)
        assert answer.outcome is Outcome.ANSWER, plain_text(answer)
        return answer

    def back(self, form: Form, /, **values: str) -> Form:
        """The form sent in and given back."""
        answer = self.sends(form, **values)
        assert isinstance(answer, Form), plain_text(answer)
        return answer


def errors(form: Form) -> dict[str, str]:
    return {field.id: field.error for field in form.fields if field.error}


def value(form: Form, name: str) -> str:
    return next(field.value for field in form.fields if field.id == name)


def notes(form: Form) -> str:
    return "\n".join(plain(note) for note in form.notes)


def on_record(person: Person, number: int) -> Talks:
    with person.registry.store.read(person.team) as session:
        return get(session, number)


def count(person: Person, table: str = "revision") -> int:
    """How many rows a table of the workspace has: equal before and after means that nothing was written."""
    with person.registry.store.read(person.team) as session:
        return int(session.value(f"SELECT count(*) FROM {table} WHERE team_id = :team") or 0)
