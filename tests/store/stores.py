"""Whole stores for property tests: every kind of record, in every shape that the store takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date
from typing import Any

from hypothesis import strategies as st

from store import administrations, drafts, parties, positions, sources, talks, topics
from store.database import WriteSession
from store.exchange.values import CONTROL
from store.records import (
    Account,
    Administration,
    AgendaItem,
    Alignment,
    AlignmentRole,
    Applies,
    Clause,
    Draft,
    DraftStatus,
    Level,
    Membership,
    NameKind,
    Party,
    PartyKind,
    PartyName,
    Person,
    Place,
    PlaceState,
    Position,
    Precision,
    Reply,
    ReplyStance,
    Side,
    Source,
    Stance,
    Status,
    Talks,
    Tally,
    Topic,
    Vote,
    VoteChoice,
    VoteKind,
    Window,
)

NASTY = [
    "no", "Yes", "null", "~", "true", "1997", "007", "1e3", "0x1f", "12:30", "2025-02-30", "2025-02-22", "- a", "a: b", "a #b",
    "# a", "'", '"', "''", '"quoted"', "{a}", "[a]", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a`", "?", "? a", ":", "a:",
    "<!channel>", "<@U1>", "DROP TABLE talks; --", "AND OR NOT", "O'Neil", "x:y", "-", "--- ", "...", "=", "<<",
    "שלום", "مرحبا", "👩‍👩‍👧", "e\u0301", "Ⅷ", "ﬀ", "\u202eabc", "\ufeff", "\u2028", "\x85", "a\u00a0b", "Türkiye", "İ", "ß",
]  # fmt: skip

_characters = st.characters(codec="utf-8").filter(lambda c: not CONTROL.match(c))
_around = st.sampled_from(["", " ", "\n", "\t", "\r\n"])
words = st.one_of(
    st.sampled_from(NASTY),
    st.text(_characters, max_size=30),
    st.builds("{}{}{}".format, _around, st.sampled_from(NASTY), _around),
)
wanted = words.filter(lambda text: text.strip() != "")
names = wanted.map(lambda text: " ".join(text.split())).filter(lambda text: text.strip() != "" and len(text.splitlines()) == 1)
maybe_words = st.none() | words
days = st.dates() | st.dates(date(2020, 1, 1), date(2027, 12, 31)) | st.sampled_from([date.min, date.max, date(2024, 2, 29)])
maybe_day = st.none() | days
moments = st.datetimes().map(lambda m: m.replace(microsecond=0, tzinfo=UTC))
zones = st.none() | st.sampled_from(["Europe/Istanbul", "Asia/Riyadh", "America/New_York", "UTC", "Pacific/Kiritimati"])
codes = st.sampled_from(["us", "ru", "ua", "no", "nato", "eu", "g7", "tr", "ge"])
maybe_code = st.none() | codes


def _in_order(pair: tuple[Any, Any]) -> tuple[Any, Any]:
    return min(pair), max(pair)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Windows of every precision, with bounds in order."""
    precision = draw(st.sampled_from(Precision))
    pair = st.tuples(moments, moments) if precision is Precision.MINUTE else st.tuples(days, days)
    first, last = draw(pair.map(_in_order))
    if precision is Precision.NONE:
        first = last = None
    elif precision is Precision.DAY:
        last = first
    elif precision is Precision.OPEN_START:
        last = None
    elif precision is Precision.OPEN_WINDOW and draw(st.booleans()):
        first = None
    elif precision is Precision.VAGUE and draw(st.booleans()):
        first = last = None
    return Window(first, last, precision, draw(zones), draw(maybe_words), draw(maybe_words), draw(maybe_day))


places = st.one_of(
    st.builds(
        Place, st.sampled_from([s for s in PlaceState if s is not PlaceState.NAMED]), maybe_code, maybe_words, maybe_words
    ),
    st.builds(Place, st.just(PlaceState.NAMED), codes, maybe_words, maybe_words),
)
people = st.lists(st.builds(Person, names, maybe_words), max_size=3).map(tuple)
sides = st.lists(st.builds(Side, codes, st.sampled_from(Level), people), min_size=1, max_size=3, unique_by=lambda s: s.party)


@dataclass(frozen=True, slots=True)
class Content:
    """What to put into a store, in an order in which it can be written."""

    sources: tuple[Source, ...]
    parties: tuple[Party, ...]
    memberships: tuple[Membership, ...]
    administrations: tuple[Administration, ...]
    topics: tuple[Topic, ...]
    talks: tuple[Talks, ...]
    positions: tuple[Position, ...]
    drafts: tuple[Draft, ...]

    def save(self, session: WriteSession) -> None:
        for source in self.sources:
            sources.save(session, source)
        for party in self.parties:
            parties.add(session, party)
        for membership in self.memberships:
            parties.add_membership(session, membership)
        for administration in self.administrations:
            administrations.add(session, administration)
        for topic in self.topics:
            topics.save(session, topic)
        for record in self.talks:
            talks.save(session, record)
        for position in self.positions:
            positions.save(session, position)
        for each in self.drafts:
            drafts.save(session, each)


@st.composite
def contents(draw: st.DrawFn) -> Content:
    """Everything a workspace may hold."""
    keys = draw(st.lists(names, max_size=4, unique=True))
    cited = st.lists(st.sampled_from(keys), unique=True, max_size=3).map(tuple) if keys else st.just(())
    found = tuple(draw(_source(key)) for key in keys)
    own = draw(_parties())
    topic_list = draw(_topics())
    topic = st.sampled_from([t.key for t in topic_list])
    accounts = _accounts(cited)
    return Content(
        sources=found,
        parties=own,
        memberships=draw(_memberships(cited)),
        administrations=draw(_administrations(cited)),
        topics=topic_list,
        talks=draw(_talks(accounts, cited, st.none() | topic)),
        positions=draw(_positions(accounts, cited, topic)),
        drafts=draw(_drafts(cited, st.none() | topic)),
    )


def _source(key: str) -> st.SearchStrategy[Source]:
    urls = st.none() | st.sampled_from(["https://example.org/a?b=c&d#e", "http://xn--80ak6aa92e.com/%D0%B0"])
    return st.builds(Source, st.just(key), wanted, maybe_words, urls, maybe_day, maybe_words)


@st.composite
def _parties(draw: st.DrawFn) -> tuple[Party, ...]:
    found: list[Party] = []
    for code in draw(st.lists(st.sampled_from(["osce-plus", "x1", "us", "friends-of-peace"]), unique=True, max_size=3)):
        since, until = sorted(draw(st.tuples(days, days)))
        given = draw(st.lists(st.builds(PartyName, names, st.sampled_from(NameKind)), max_size=3))
        found.append(
            Party(
                code,
                draw(names),
                draw(st.sampled_from(PartyKind)),
                draw(st.none() | st.just("🏳️")),
                draw(zones),
                draw(st.none() | st.just(since)),
                draw(st.none() | st.just(until)),
                draw(st.sampled_from([None, "ru", "ru ua"])),
                tuple(given),
                builtin=False,
            )
        )
    return tuple(found)


@st.composite
def _administrations(draw: st.DrawFn, cited: st.SearchStrategy[tuple[str, ...]]) -> tuple[Administration, ...]:
    some = st.builds(Administration, st.sampled_from(["us", "ua"]), names, days, cited)
    return tuple(draw(st.lists(some, max_size=3, unique_by=lambda a: (a.party, a.since))))


@st.composite
def _memberships(draw: st.DrawFn, cited: st.SearchStrategy[tuple[str, ...]]) -> tuple[Membership, ...]:
    found: list[Membership] = []
    for _ in range(draw(st.integers(0, 4))):
        joined, left = sorted(draw(st.tuples(days, days)))
        member = Membership(
            draw(st.sampled_from(["nato", "g7"])),
            draw(st.sampled_from(["us", "ua", "no"])),
            draw(st.none() | st.just(joined)),
            draw(st.none() | st.just(left)) if joined < left else None,
            draw(maybe_words),
            draw(cited),
        )
        if all((m.bloc, m.member, m.joined) != (member.bloc, member.member, member.joined) for m in found):
            found.append(member)
    return tuple(found)


@st.composite
def _topics(draw: st.DrawFn) -> tuple[Topic, ...]:
    found: list[Topic] = []
    for key in draw(st.lists(names, min_size=1, max_size=4, unique=True)):
        parent = draw(st.none() | st.sampled_from([t.key for t in found])) if found else None
        found.append(Topic(key, draw(names), draw(st.lists(names, max_size=3).map(tuple)), parent))
    return tuple(found)


def _accounts(cited: st.SearchStrategy[tuple[str, ...]]) -> st.SearchStrategy[tuple[Account, ...]]:
    account = st.builds(
        Account,
        key=names,
        by=wanted,
        party=maybe_code,
        office=maybe_words,
        said_on=maybe_day,
        happens=st.none() | st.booleans(),
        window=st.none() | windows() | st.just(Window()),
        level=st.none() | st.sampled_from(Level),
        place=st.none() | places | st.just(Place()),
        claim=maybe_words,
        settled=st.booleans(),
        sources=cited,
    )
    return st.lists(account, max_size=2, unique_by=lambda a: a.key).map(tuple)


def _numbers(draw: st.DrawFn, count: int) -> list[int]:
    return draw(st.lists(st.integers(1, 40) | st.just(999_999), min_size=count, max_size=count, unique=True))


@st.composite
def _talks(draw: st.DrawFn, accounts: Any, cited: Any, topic: Any) -> tuple[Talks, ...]:
    keys = draw(st.lists(names, max_size=4, unique=True))
    found: list[Talks] = []
    for key, number in zip(keys, _numbers(draw, len(keys)), strict=True):
        earlier = [t.key for t in found]
        record = Talks(
            key=key,
            number=number,
            title=draw(wanted),
            status=draw(st.sampled_from(Status)),
            sides=tuple(draw(sides)),
            window=draw(windows()),
            place=draw(places),
            track=draw(maybe_words),
            round=draw(st.none() | st.integers(0, 99)),
            format=draw(maybe_words),
            host=draw(maybe_code),
            agenda=tuple(draw(st.lists(st.builds(AgendaItem, wanted, topic), max_size=3))),
            after=tuple(draw(st.lists(st.sampled_from(earlier), unique=True)) if earlier else ()),
            outcome=tuple(draw(st.lists(words, max_size=2))),
            note=draw(maybe_words),
            accounts=draw(accounts),
            sources=draw(cited),
        )
        found.append(record)
    return tuple(found)


@st.composite
def _positions(draw: st.DrawFn, accounts: Any, cited: Any, topic: Any) -> tuple[Position, ...]:
    said: dict[str, Any] = {
        "summary": maybe_words,
        "quote": maybe_words,
        "original_quote": maybe_words,
        "original_language": st.none() | st.sampled_from(["ru", "zh-Hant"]),
        "speaker": maybe_words,
        "office": maybe_words,
        "administration": maybe_words,
        "said_on": maybe_day,
        "sources": cited,
    }
    reply = st.builds(Reply, key=names, party=codes, stance=st.sampled_from(ReplyStance), **said)
    keys = draw(st.lists(names, max_size=3, unique=True))
    found: list[Position] = []
    for key, number in zip(keys, _numbers(draw, len(keys)), strict=True):
        replies: list[Reply] = draw(st.lists(reply, max_size=3, unique_by=lambda r: r.key))
        if len(replies) > 1 and draw(st.booleans()):
            replies[0] = replace(replies[0], to=replies[1].key)
        rest = {name: draw(strategy) for name, strategy in said.items() if name != "summary"}
        found.append(
            Position(
                key=key,
                number=number,
                party=draw(codes),
                topic=draw(topic),
                stance=draw(st.sampled_from(Stance)),
                summary=draw(wanted),
                recorded_at=draw(st.none() | moments),
                supersedes=draw(st.none() | st.sampled_from([p.key for p in found])) if found else None,
                applies=draw(st.none() | st.builds(Applies, codes, maybe_day, maybe_day)),
                replies=tuple(replies),
                accounts=draw(accounts),
                **rest,
            )
        )
    return tuple(found)


@st.composite
def _drafts(draw: st.DrawFn, cited: Any, topic: Any) -> tuple[Draft, ...]:
    keys = draw(st.lists(names, max_size=3, unique=True))
    clause = st.builds(Clause, wanted, wanted, maybe_words, st.integers(1, 9), cited)
    named = st.builds(Alignment, st.sampled_from(AlignmentRole), codes, maybe_words, maybe_day, maybe_words, cited)
    label = st.builds(Alignment, st.sampled_from(AlignmentRole), st.none(), words, maybe_day, maybe_words, cited)
    vote = st.builds(Vote, codes, st.sampled_from(VoteChoice), st.sampled_from(VoteKind), maybe_day, cited)
    count = st.integers(0, 193)
    found: list[Draft] = []
    for key, number in zip(keys, _numbers(draw, len(keys)), strict=True):
        found.append(
            Draft(
                key=key,
                number=number,
                title=draw(wanted),
                status=draw(st.sampled_from(DraftStatus)),
                body=draw(maybe_words),
                symbol=draw(maybe_words),
                tabled_on=draw(maybe_day),
                status_on=draw(maybe_day),
                topic=draw(topic),
                note=draw(maybe_words),
                clauses=tuple(draw(st.lists(clause, max_size=2))),
                alignments=tuple(draw(st.lists(named | label, max_size=2))),
                votes=tuple(draw(st.lists(vote, max_size=3, unique_by=lambda v: (v.party, v.kind)))),
                tally=draw(st.none() | st.builds(Tally, days, count, count, count, st.none() | count)),
                sources=draw(cited),
            )
        )
    return tuple(found)
