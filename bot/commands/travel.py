"""`/travel`: countries ranked by the State Department's travel record, with the recipe on the label."""

from __future__ import annotations

import re

from bot.commands import travel_chart, travel_lists, travel_party
from bot.commands.base import Ask, Command
from bot.commands.travel_wording import (
    EMPTY,
    HOW_TO_IMPORT,
    offices_words,
    past_the_end,
    period_words,
    recipe_lines,
    unit_noun,
)
from bot.commands.travel_words import MOST, TOP, Asked, read
from bot.language import names
from bot.reply import Bars, Button, Notes, Part, Quiet, Reply, Table, line
from store.travel.model import OUTGOING, Office
from store.travel.ranking import Choice, Ranked, Ranking, Recipe, rank, recipe

SUMMARY = "who meets whom, ranked from the State Department's travel record, with its recipe and gaps"


def ranked(ask: Ask) -> Reply:
    """Countries ranked: bars, shared ties, totals, and what was counted, merged, left out and is known to be missing."""
    with ask.read() as session:
        asked = read(session, ask.rest, today=ask.today)
        about = recipe(session, asked.choice)
        if about is None:
            return nothing_imported()
        ranking = rank(session, asked.choice, by_level=asked.by_level)
        named = names.find(session, asked.rest) if asked.unread() else []
    if not ranking.rows:
        return Reply(
            f"No rows in {period_words(asked.choice)}.",
            parts=(*notes(asked, about),),
            buttons=(Button("Gaps", "/travel gaps"),),
        )
    shown = ranking.top(asked.top)
    return Reply(
        _headline(ranking),
        aside=_totals(ranking),
        parts=(
            _levels(ranking.choice, shown) if asked.by_level else _bars(shown),
            *_rest(ranking, shown),
            *notes(asked, about),
        ),
        buttons=(*(Button(m.text[:70], f"/travel party {m.text}") for m in named[:2]), *_buttons(asked, ranking, shown)),
        share=f"/travel rank {spelled(asked)}",
    )


def nothing_imported() -> Reply:
    """An empty store is no answer about the world, and says so."""
    return Reply(EMPTY, parts=(line(HOW_TO_IMPORT),))


def _headline(ranking: Ranking) -> str:
    choice = ranking.choice
    first = [row.name for row in ranking.rows if row.rank == 1]
    leaders = " and ".join(first[:3]) + (f" and {len(first) - 3} more" if len(first) > 3 else "")
    verb = "leads" if len(first) == 1 else "lead"
    best = ranking.rows[0]
    if ranking.by_level and choice.offices == OUTGOING:
        worth = f"{best.president} at leader level, {best.secretary} at minister level"
    else:
        worth = unit_noun(choice, best.count)
    each = " each" if len(first) > 1 else ""
    return f"{leaders} {verb}: {worth}{each} · {period_words(choice)}"


def _totals(ranking: Ranking) -> str:
    choice = ranking.choice
    parties = f"{len(ranking.rows)} countr{'y' if len(ranking.rows) == 1 else 'ies'}"
    if ranking.by_level and choice.offices == OUTGOING:
        leaders, ministers = (ranking.office_total(office) for office in OUTGOING)
        return f"{leaders:,} leader level · {ministers:,} minister level · {parties}"
    return f"{unit_noun(choice, ranking.total)} · {parties} · {offices_words(choice.offices)}"


def _bars(rows: tuple[Ranked, ...]) -> Bars:
    tied = {row.rank for row in rows if sum(other.rank == row.rank for other in rows) > 1}
    width = max(len(str(row.rank)) for row in rows)
    return Bars(
        tuple((f"{row.rank:>{width}}{'=' if row.rank in tied else ' '} {row.name}", row.count, _beside(row)) for row in rows)
    )


def _beside(row: Ranked) -> str:
    if row.president and row.secretary:
        return f"{row.count}  (P {row.president} · S {row.secretary})"
    return f"{row.count}"


def _levels(choice: Choice, rows: tuple[Ranked, ...]) -> Table:
    """A column for each level. What was not asked for was not counted, and is no 0."""
    leaders, ministers = choice.offices != (Office.SECRETARY,), Office.SECRETARY in choice.offices
    return Table(
        ("", "Country", "Leader level", "Minister level"),
        tuple(
            (
                line(str(row.rank)),
                line(row.name),
                line(str(row.president or row.visits) if leaders else "–"),
                line(str(row.secretary) if ministers else "–"),
            )
            for row in rows
        ),
        right=(0, 2, 3),
    )


def _rest(ranking: Ranking, shown: tuple[Ranked, ...]) -> tuple[Part, ...]:
    """How many are below the last one shown."""
    below = len(ranking.rows) - len(shown)
    if not below:
        return ()
    if ranking.by_level:
        return (line(Quiet(f"{below} more below")),)
    count = sum(row.count for row in ranking.rows[len(shown) :])
    return (line(Quiet(f"{below} more below, {unit_noun(ranking.choice, count)} together")),)


def notes(asked: Asked, about: Recipe) -> tuple[Part, ...]:
    """The recipe, after what was not understood and what the record cannot know."""
    lines: list[str] = []
    if unread := asked.unread():
        shown = ", ".join(f"“{word[:40]}”" for word in unread[:6])
        lines.append(
            f"I did not understand {shown}; showing {offices_words(asked.choice.offices)}, {period_words(asked.choice)}."
        )
    if asked.too_many:
        lines.append(f"A message holds {MOST}; the whole list comes from: attache travel rank.")
    if short := past_the_end(about):
        lines.append(short)
    if Office.PRESIDENT in asked.choice.offices and Office.SECRETARY in asked.choice.offices:
        lines.append("P: President (leader level). S: Secretary of State (minister level).")
    return (Notes(tuple(line(text) for text in [*lines, *recipe_lines(about)])),)


def spelled(asked: Asked, *, top: int | None = None, by_level: bool | None = None) -> str:
    """The words of a question as understood, for buttons and sharing."""
    choice = asked.choice
    words = (
        ["all time"]
        if asked.all_years
        else [re.sub(r"\s*–\s*", "-" if len(choice.period.label) < 12 else " to ", choice.period.label)]
    )
    if choice.offices != OUTGOING:
        words.append(choice.offices[0].value)
    words.append(choice.unit.value)
    if by_level if by_level is not None else asked.by_level:
        words.append("by level")
    size = top or asked.top
    if size != TOP:
        words.append(f"top {size}")
    return " ".join(words)


def _buttons(asked: Asked, ranking: Ranking, shown: tuple[Ranked, ...]) -> tuple[Button, ...]:
    buttons = [Button("Chart", f"/travel chart {spelled(asked, by_level=False)}", primary=True)]
    if len(shown) < len(ranking.rows) and asked.top < MOST:
        more = min(MOST, max(25, asked.top * 2))
        buttons.append(Button(f"Top {more}", f"/travel rank {spelled(asked, top=more)}"))
    if asked.choice.offices == OUTGOING:
        label, flag = ("By count", False) if asked.by_level else ("By level", True)
        buttons.append(Button(label, f"/travel rank {spelled(asked, by_level=flag)}"))
    first = ranking.rows[0]
    buttons.append(Button(f"Why {first.name}?"[:70], why_line(asked.choice, first.name)))
    buttons.append(Button("Gaps", "/travel gaps"))
    return tuple(buttons)


def why_line(choice: Choice, name: str) -> str:
    """The command that shows the rows behind a party's number."""
    asked = Asked(choice.period, choice.offices, choice.unit, by_level=False, top=TOP, rest="")
    return f"/travel why {name} {spelled(asked)}"


def commands() -> list[Command]:
    """The records of `/travel`."""
    return [
        Command(
            "/travel",
            "rank",
            "/travel rank [years] [president|secretary|visits] [trips|stays|joint] [by level] [top N]",
            "Countries ranked by trips abroad, or by visits to the United States; 1997-2024 and stays unless you say.",
            (
                "/travel rank",
                "/travel rank 2009-2016 president trips",
                "/travel rank 1997-2024 by level",
                "/travel rank 2001 to 2008 visits top 5",
                "/travel rank 2017-01-20 to 2018-07-20 president",
            ),
            ranked,
            default=True,
        ),
        travel_chart.command(),
        *travel_party.commands(),
        *travel_lists.commands(),
    ]
