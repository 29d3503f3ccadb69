"""`/draft`: rival texts, what each says on an issue, and how a text changed; who and votes are in `draft_who`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.commands import draft_record, draft_who
from bot.commands.base import Ask, Command, Trouble
from bot.commands.draft_words import (
    between,
    clauses_by_issue,
    issue_in,
    issues_of,
    list_words,
    numbers_in,
    one_issue,
    one_number,
    together,
    unread,
    versions_in,
)
from bot.draft_cards import Sheet, at_version, card, versions
from bot.draft_wording import state
from bot.reply import Button, Card, Heading, Line, Part, Reply, Strong, line
from store import drafts_heads, drafts_lists, drafts_rolls
from store.errors import NotOnRecord
from store.records import Clause, Draft

SUMMARY = "rival texts: what each says, who is behind it, and how the vote went"

PER_PAGE = 6
MOST_COMPARED = 4
NAMED_COMPARED = 4
"""Names for each role that a comparison of texts has room for."""


def list_drafts(ask: Ask) -> Reply:
    """Drafts in play first, then those decided on, newest first."""
    with ask.read() as session:
        asked = list_words(session, ask)
        found, total, more = drafts_lists.page(session, asked.chosen, limit=PER_PAGE + 1, offset=(asked.page - 1) * PER_PAGE)
        cast = drafts_rolls.votes_by(session, found[:PER_PAGE], asked.chosen.parties)
        heads = [replace(d, votes=tuple(cast.get(d.number, ()))) for d in drafts_heads.heads(session, found[:PER_PAGE])]
        sheet = Sheet.over(session, heads, ask.now, ask.request.zone)
    headline = f"Drafts{asked.about}"
    if not found:
        words = "no more" if asked.page > 1 else "nothing on record"
        hint = () if not asked.about else (line("Every word must fit; fewer or other words may find more."),)
        return Reply(f"{headline}: {words}.", parts=hint)
    buttons = [Button(f"Show {d.label}", f"/draft show {d.label}") for d in sheet.drafts[:3]]
    if len(sheet.drafts) > 1 and not asked.page > 1:
        two = " ".join(d.label for d in sheet.drafts[:MOST_COMPARED])
        buttons.append(Button("Compare", f"/draft compare {two}"))
    if len(found) > PER_PAGE:
        buttons.append(Button("More", ask.line(f"{asked.words} page {asked.page + 1}".strip()), replaces=True))
    aside = f"{total}{'+' if more else ''} on record" + (f" · page {asked.page}" if asked.page > 1 else "")
    cards = tuple(sheet.listed(d) for d in sheet.drafts)
    return Reply(
        headline, aside=aside, parts=cards, buttons=tuple(buttons),
        share=ask.line(asked.words + (f" page {asked.page}" if asked.page > 1 else "")),
    )  # fmt: skip


def show(ask: Ask) -> Reply:
    """One draft: its state, what it says by issue, who stands where, and how the vote went."""
    with ask.read() as session:
        number, left = one_number(session, ask, "/draft show D-1")
        sheet = Sheet.of(session, [number], ask.now, ask.request.zone)
    if not sheet.drafts:
        raise NotOnRecord(f"D-{number}")
    shown = card(sheet, sheet.drafts[0])
    return replace(shown, parts=(*unread(left), *shown.parts))


def compare(ask: Ask) -> Reply:
    """Texts issue by issue: each one's clause, or that it says nothing on it."""
    before, issue = issue_in(ask.rest)
    with ask.read() as session:
        numbers, left = numbers_in(session, ask, before)
        left = between(left)
        _check_compared(numbers, ask.rest)
        together(session, numbers)
        sheet = Sheet.of(session, numbers, ask.now, ask.request.zone, votes=not issue)
    labels = " ".join(d.label for d in sheet.drafts)
    issues = issues_of(sheet.drafts)
    chosen = [one_issue(issue, issues, f"/draft compare {labels}")] if issue else list(issues)
    parts: list[Part] = list(unread(left))
    if issue:
        parts += [_head(sheet, d) for d in sheet.drafts]
    else:
        parts += [_about(sheet, d) for d in sheet.drafts]
    parts += [Heading("Issue by issue")] if not issue and chosen else []
    by_issue = [clauses_by_issue(draft) for draft in sheet.drafts]
    parts += [_issue(sheet, issues[key], [found.get(key, []) for found in by_issue]) for key in chosen]
    if not chosen:
        parts.append(line("None of these texts has clauses on record, so there is nothing to set side by side."))
    parts.append(sheet.notes())
    on = f" on {issues[chosen[0]]}" if issue else ""
    buttons = tuple(Button(f"Show {d.label}", f"/draft show {d.label}") for d in sheet.drafts)
    return Reply(
        f"{' and '.join(d.label for d in sheet.drafts)} compared{on}", aside="" if issue else _count(len(chosen)),
        parts=tuple(parts), buttons=buttons, share=f"/draft compare {labels}{on}",
    )  # fmt: skip


def _count(issues: int) -> str:
    return f"{issues} issue{'' if issues == 1 else 's'}"


def _check_compared(numbers: Sequence[int], given: str) -> None:
    example = "/draft compare D-1 D-2 on withdrawal"
    if not numbers:
        raise Trouble("Which drafts? Name two by their numbers.", nearest="/draft list shows those on record.", example=example)
    if len(numbers) == 1:
        label = f"D-{numbers[0]}"
        same = given.casefold().count(label.casefold()) > 1
        words = f"{label} against itself: a text agrees with itself" if same else f"Compare {label} with which other draft?"
        raise Trouble(
            words if words.endswith("?") else f"{words}.", nearest="Its own versions are compared by /draft diff.",
            example=f"/draft diff {label}", buttons=(Button(f"What changed in {label}", f"/draft diff {label}"),),
        )  # fmt: skip
    if len(numbers) > MOST_COMPARED:
        raise Trouble(f"At most {MOST_COMPARED} drafts at a time.", example=example)


def _head(sheet: Sheet, draft: Draft) -> Line:
    return line(Strong(draft.label), f"  {draft.title} · {' · '.join(state(draft))}", sheet.mark(draft.sources))


def _about(sheet: Sheet, draft: Draft) -> Card:
    """Everything on record about a draft but its clauses."""
    note = [line(draft.note, sheet.mark(draft.sources))] if draft.note else []
    more = [*note, *sheet.alignments(draft, NAMED_COMPARED), *sheet.votes(draft), *sheet.off(draft)]
    return Card(_head(sheet, draft), tuple(more))


def _issue(sheet: Sheet, words: str, clauses: Sequence[Sequence[Clause]]) -> Card:
    """One issue; `clauses` are those of each draft on it."""
    lines: list[Line] = []
    for draft, some in zip(sheet.drafts, clauses, strict=True):
        held = versions(draft)
        told = sorted(some, key=lambda c: -c.version)
        if not told:
            silence = "says nothing on this, as far as is on record" if held else "has no clauses on record"
            lines.append(line(Strong(draft.label), f"  {silence}"))
        for place, clause in enumerate(told):
            older = "" if len(held) < 2 else f" (version {clause.version}{', before' if place else ''})"
            lines.append(line(Strong(draft.label), f"{older}  ", *sheet.clause(clause)))
    return Card(line(Strong(words)), tuple(lines))


def diff(ask: Ask) -> Reply:
    """What one version of a text changed against another, issue by issue."""
    wanted, rest = versions_in(ask.rest)
    with ask.read() as session:
        numbers, left = numbers_in(session, ask, rest)
        left = between(left)
        if len(numbers) != 1:
            raise Trouble("Which draft? One, and two of its versions.", example="/draft diff D-2 v1 v2")
        together(session, numbers)
        sheet = Sheet.of(session, numbers, ask.now, ask.request.zone, votes=False)
    draft = sheet.drafts[0]
    if len(versions(draft)) < 2:
        return _one_version(draft)
    first, last = _two_versions(draft, wanted)
    parts: list[Part] = list(unread(left))
    parts += _differences(sheet, draft, first, last)
    parts.append(sheet.notes())
    return Reply(
        f"{draft.label}  {draft.title}: version {first} to version {last}", aside=" · ".join(state(draft)), parts=tuple(parts),
        buttons=(Button(f"Show {draft.label}", f"/draft show {draft.label}"),),
        share=f"/draft diff {draft.label} v{first} v{last}",
    )  # fmt: skip


def _one_version(draft: Draft) -> Reply:
    held = versions(draft)
    what = f"only version {held[0]} of its text is on record, so nothing changed as far as is known" if held else (
        "it has no clauses on record, so there are no versions to compare"
    )  # fmt: skip
    return Reply(f"{draft.label}: {what}.", buttons=(Button(f"Show {draft.label}", f"/draft show {draft.label}"),))


def _two_versions(draft: Draft, wanted: Sequence[int]) -> tuple[int, int]:
    held = versions(draft)
    first, last = (held[0], held[-1]) if not wanted else (wanted[0], wanted[1] if len(wanted) > 1 else held[-1])
    missing = [n for n in (first, last) if n not in held]
    if missing or len(wanted) > 2 or first == last:
        what = f"has no version {missing[0]} on record" if missing else "is compared between two versions that differ"
        known = ", ".join(f"v{n}" for n in held)
        raise Trouble(
            f"{draft.label} {what}.",
            nearest=f"On record: {known}.",
            example=f"/draft diff {draft.label} v{held[0]} v{held[-1]}",
        )
    return first, last


def _differences(sheet: Sheet, draft: Draft, first: int, last: int) -> list[Part]:
    before, after = at_version(draft, first), at_version(draft, last)
    parts: list[Part] = []
    same: list[str] = []
    for key in {**before, **after}:
        was, now = before.get(key), after.get(key)
        words = (now or was or draft.clauses[0]).issue
        if was and now and (was.says, was.text) == (now.says, now.text):
            same.append(words)
            continue
        lines = [_version_line(sheet, first, was), _version_line(sheet, last, now)]
        parts.append(Card(line(Strong(words), "" if was else "  new"), tuple(lines)))
    if same:
        parts.append(line(f"Nothing else on record: {', '.join(same)} (as in version {min(first, last)})."))
    return parts or [line("Both versions say the same on every issue on record.")]


def _version_line(sheet: Sheet, version: int, clause: Clause | None) -> Line:
    if clause is None:
        return line(Strong(f"v{version}"), "  says nothing on this, as far as is on record")
    return line(Strong(f"v{version}"), "  ", *sheet.clause(clause))


def commands() -> list[Command]:
    """The records of `/draft`."""
    return [
        Command(
            "/draft",
            "list",
            "/draft list [words]",
            "Texts under negotiation, those in play first: by party, topic, status, or words of the title or symbol.",
            ("/draft list", "/draft list united states", "/draft list tabled"),
            list_drafts,
            default=True,
        ),
        Command(
            "/draft",
            "show",
            "/draft show D-1",
            "One card: status, symbol, what it says by issue, who stands where, the vote.",
            ("/draft show D-1", "/draft show D-2"),
            show,
        ),
        Command(
            "/draft",
            "compare",
            "/draft compare D-1 D-2 [on ISSUE]",
            "Rival texts issue by issue: each text's clause, or that it says nothing on this.",
            ("/draft compare D-1 D-2", "/draft compare D-1 D-2 on withdrawal"),
            compare,
        ),
        *draft_who.commands(),
        Command(
            "/draft",
            "diff",
            "/draft diff D-2 [v1 v2]",
            "What one version of a text changed against another.",
            ("/draft diff D-2",),
            diff,
            aliases=("changes",),
        ),
        *draft_record.commands(),
    ]
