"""`/travel chart`: the ranking as a picture, drawn off the request path and posted to the channel."""

from __future__ import annotations

from bot import charts
from bot.commands.base import Ask, Command, Trouble
from bot.commands.travel_wording import (
    EMPTY,
    HOW_TO_IMPORT,
    SOURCE,
    offices_words,
    period_words,
    recipe_lines,
    unit_noun,
)
from bot.commands.travel_words import read
from bot.reply import Notes, Picture, Reply, Visibility, line
from bot.wording import day_month_year
from store.travel.model import OUTGOING, Office, Unit
from store.travel.ranking import Choice, Ranked, Ranking, Recipe, rank, recipe

ON_CHART = 25
"""Bars a picture holds and a phone can still show."""

PRESIDENT_ALONE, BOTH, SECRETARY_ALONE = "President alone", "President and Secretary together", "Secretary alone"


def chart(ask: Ask) -> Reply:
    """A picture of the ranking that the words ask for."""
    with ask.read() as session:
        asked = read(session, ask.rest, today=ask.today)
        about = recipe(session, asked.choice)
        if about is None:
            return Reply(EMPTY, parts=(line(HOW_TO_IMPORT),))
        ranking = rank(session, asked.choice)
    if not ranking.rows:
        raise Trouble(
            f"No rows in {period_words(asked.choice)}, so there is nothing to draw.", example="/travel chart 1997-2024"
        )
    drawn = picture(ranking, about, top=min(asked.top, ON_CHART))
    unread = asked.unread()
    ignored = [f"I did not understand {', '.join(f'“{word[:40]}”' for word in unread[:6])}."] if unread else []
    if asked.by_level:
        ignored.append("A picture shows counts; by level is a table: /travel rank by level.")
    return Reply(
        drawn.title,
        parts=(Notes(tuple(line(text) for text in [*ignored, *recipe_lines(about)])),),
        visibility=Visibility.PUBLIC,
        picture=drawn,
    )


def picture(ranking: Ranking, about: Recipe, *, top: int) -> Picture:
    """The picture of a ranking's first rows. Drawing it reads nothing and may run on any thread."""
    rows = ranking.top(top)[:ON_CHART]
    choice = ranking.choice
    title = _title(choice)
    subtitle = f"{period_words(choice)} · {_unit(choice)} · {offices_words(choice.offices)}"
    series = _series(choice, rows)
    source = _source(about)

    def draw() -> bytes:
        bars = [charts.Bar(f"{row.rank}  {row.name}", tuple(values[at] for _, values in series)) for at, row in enumerate(rows)]
        return charts.draw(charts.Chart(title, subtitle, tuple(name for name, _ in series), tuple(bars), source))

    name = f"travel-{period_words(choice)}-{choice.counted_as.value}".replace("–", "-").replace(" ", "-")
    return Picture(title, _alt_text(ranking, rows), f"{name}.png", draw)


def _title(choice: Choice) -> str:
    if Office.VISITS in choice.offices:
        return "Whose leaders visited the United States"
    if choice.offices == (Office.PRESIDENT,):
        return "Where U.S. Presidents travelled"
    if choice.offices == (Office.SECRETARY,):
        return "Where U.S. Secretaries of State travelled"
    return "Where U.S. Presidents and Secretaries of State travelled"


def _unit(choice: Choice) -> str:
    noun = unit_noun(choice, 2).partition(" ")[2]
    return f"{noun}, overlapping rows joined" if choice.counted_as is not Unit.TRIPS else f"{noun} as filed"


def _series(choice: Choice, rows: tuple[Ranked, ...]) -> list[tuple[str, list[int]]]:
    """What the bars are split into. The parts of a bar add up to its count, in joint stays too."""
    if choice.offices != OUTGOING:
        return [("", [row.count for row in rows])]
    if choice.counted_as is Unit.JOINT:
        return [
            (PRESIDENT_ALONE, [row.count - row.secretary for row in rows]),
            (BOTH, [row.president + row.secretary - row.count for row in rows]),
            (SECRETARY_ALONE, [row.count - row.president for row in rows]),
        ]
    return [("President", [row.president for row in rows]), ("Secretary of State", [row.secretary for row in rows])]


def _source(about: Recipe) -> str:
    last = max(about.last.values(), default=None)
    ends = f", to {day_month_year(last)}" if last else ""
    missing = sum(gap.missing for gap in about.gaps)
    gaps = f" {missing} known journey{'s' if missing > 1 else ''} missing in this period." if missing else ""
    return f"Source: {SOURCE}, travel record{ends}. Exact duplicates left out, country ids merged.{gaps}"


def _alt_text(ranking: Ranking, rows: tuple[Ranked, ...]) -> str:
    """Says what the picture shows, to the last bar."""
    said = "; ".join(f"{row.rank} {row.name} {row.count}" for row in rows)
    text = f"Bar chart, {period_words(ranking.choice)}, {unit_noun(ranking.choice, ranking.total)} in all: {said}."
    return text if len(text) <= 1000 else text[:999] + "…"


def command() -> Command:
    return Command(
        "/travel",
        "chart",
        "/travel chart [years] [president|secretary|visits] [trips|stays|joint] [top N]",
        "The ranking as a picture, posted to this channel.",
        ("/travel chart", "/travel chart 2009-2016 president", "/travel chart joint top 15"),
        chart,
    )
