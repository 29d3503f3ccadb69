"""The words a sentence about talks is built of, each with the part it plays. One letter a part; patterns are written in them.

P party · N a name · Y city · D words of time · R record number · O office · M meeting · V to meet · U to hold · H to host ·
S to say · a said by · k speaking · W will · C may · K status · Z place unnamed · G agenda · X first · B at another time ·
A and · w with · b between · i in, at · o on, about · f of, from, for · t to · h that · y by · T article · J adjective ·
E they · q we, he · x other · marks as they are
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bot.language import words
from store.parties import fold
from store.records import Level, PlaceState, Status

Meaning = tuple[str, object]
"""The part a phrase plays, and what it stands for."""

LONGEST = 6

_OFFICES: Mapping[Level | None, str] = {
    Level.LEADER: """king, kings, queen, emir, sultan, pope, monarch, monarchs, crown prince, supreme leader, taoiseach,
        general secretary, acting president, interim president, caretaker prime minister, pm""",
    Level.MINISTER: """vice president, vice presidents, deputy prime minister, deputy prime ministers, vice premier, vice
        premiers, deputy premier, treasury secretary, commerce secretary, defense secretary, defence secretary,
        energy secretary, secretary of defense, secretary of the treasury, secretary of commerce, home secretary,
        trade secretary, interior secretary, foreign affairs secretary, foreign affairs minister, foreign affairs
        ministers, foreign affairs chief, foreign policy chief, high representative, chief diplomat, chancellor of
        the exchequer, attorney general, u.s. trade representative, trade representative, defence chiefs, defense
        chiefs, finance chiefs, chief diplomats""",
    Level.DEPUTY: """deputy secretary of state, assistant secretary, assistant secretary of state, deputy assistant secretary,
        state secretary, presidential envoy, special presidential envoy, presidential special envoy, nuclear envoy, peace
        envoy, national security advisers, deputy foreign secretary, vice foreign minister, deputy chief of staff,
        deputy trade representative, nsa, political undersecretary""",
    Level.DIRECTOR: "departmental heads, department chiefs, charge d'affaires",
    Level.WORKING: "technical team, technical teams, expert groups, expert level, sherpa",
    None: """spokesman, spokeswoman, spokesperson, spokespeople, official, officials, delegation, delegations, negotiator,
        negotiators, chief negotiator, chief negotiators, diplomat, diplomats, representative, representatives,
        presidential aide, presidential adviser, presidential advisor, aide, aides, adviser, advisers, advisor,
        advisors, secretary general, secretary-general, team, teams, government, governments, minister's office,
        mission, emissary, emissaries, chief of staff, counterpart, counterparts, commander, chief, chiefs, head,
        source, sources, lawmaker, lawmakers, parliament speaker, chairman, chairwoman, chair, general, admiral,
        military chief, army chief, state media, foreign ministry, ministry of foreign affairs, defence ministry,
        defense ministry, defense department, presidency, presidential office, presidential administration, ministry,
        office, side, sides, authorities, embassy, presidential spokesman, foreign office, press secretary, ministries,
        foreign ministries, defence ministries, defense ministries, mr, mrs, ms, dr, sir, lord, first deputy, prince,
        secretary, administration, state department, news agency, agency, state tv, state television, media, mediator,
        mediators""",
}
_PORTFOLIOS = """defence defense interior finance trade economy energy health justice transport culture agriculture environment
    security"""
_PARTS: Mapping[str, str] = {
    "M": """talks, meeting, meetings, summit, summits, summit meeting, consultation, consultations, negotiation,
        negotiations, round, rounds, call, phone call, telephone call, video call, conference call, call by phone,
        dialogue, conversation, phone talks, telephone conversation, phone conversation, ministerial, ministerials,
        trilateral, trilaterals, bilateral, bilaterals, plenary, visit, state visit, official visit, working visit,
        working lunch, working dinner, session, sitdown, sit-down, encounter, retreat, conference, peace conference,
        discussions, contacts, gathering, quadrilateral, videoconference, video conference, peace talks, proximity
        talks, face-to-face, tete-a-tete, teleconference, parley, huddle, bilat, trilat, working group, working groups,
        shuttle diplomacy, council, forum, congress, committee, commission, leaders summit""",
    "V": """meet, meets, met, meet up, sit down, sits down, sat down, sitting down, convene, convenes, convened, gather,
        gathers, gathered, speak, speaks, spoke, confer, confers, conferred, talk, talked, negotiate, negotiating,
        meeting with, visit, visits, visited, visiting, receive, receives, received, call, called, calls, phone, phoned,
        travel, travels, travelled, traveled, fly, flies, flew, travelling, traveling, head, heads, arrive, arrives,
        arrived, converge, depart, departs, departed, departing, left for, leave for, leaves for, assemble, assembles,
        come together, huddle, consult, welcome, welcomes, welcomed, return to the table, return to negotiating table,
        speak by phone, spoke by phone, speaks by phone, speak by telephone, speak over the phone, meeting""",
    "H": "host, hosts, hosted, hosting",
    "U": """hold, holds, held, holding, have, has, had, conduct, conducts, resume, resumes, resumed, resuming, restart,
        restarts, start, starts, started, begin, begins, began, open, opens, opened, launch, continue, conclude,
        concluded, attend, attends, attended, join, joins, stage, stages, take part in, takes part in, took part in,
        taking part in, kick off, kicks off, follow, follows, take place, takes place, took place, be held, was held,
        were held, is held, schedule, organise, organize, participate in, go ahead, goes ahead, went ahead, get under
        way, wrapped up, wrap up, ended, ends, end, reconvene, reconvenes, enter, entered, complete, completed,
        co-chair, co-chairs, co-chaired, chair, chairs, chaired, arrange, finish, finished, taking place, pay, pays,
        paid, set up, prepare""",
    "S": """said, says, say, told, tells, announced, announces, stated, states, wrote, posted, tweeted, declared, declares,
        noted, reported, reports, report, reporting, saying, disclosed, revealed, reveals, confirmed, confirms, added,
        adds, insisted, indicated, signalled, signaled, stressed, claimed, claims, suggested, hinted, denied, denies,
        dismissed, expects, expressed hope, voiced hope, hopes, believes, explained, told reporters, told journalists,
        announcing, quoted, refuted, vowed, ruled out, rules out, warned, warns, acknowledged, commented, clarified,
        specified, rejected, reiterated, underlined, emphasised, emphasized, argues, argued, learned, understands,
        writes, cited""",
    "a": """according to, said by, announced by, stated by, reported by, confirmed by, quoted by, per, via, citing, quoting,
        source, sources, as reported by, as told by, in the words of, told by, tweeted by, posted by, statement by,
        statement from, as per, in a statement by, speaker, as announced by, as quoted by""",
    "B": """ahead of, before, since, amid, despite, on the sidelines of, on the margins of, in the wake of, days after,
        weeks after, months after, years after, hours after, a day after, a week after, a month after, prior to, as part
        of, in exchange for, at the margins of, in the margins of, on sidelines of, sidelines of, the day after, a day
        before, days before, hours before, hours ahead of, days ahead of, weeks after, against the backdrop of, because
        of, due to the, in preparation for, ahead, to prepare for, paving the way for, which follows, that follows, in
        response to, unless, if, while, although, though, whereas, where""",
    "W": """will, would, shall, is to, are to, is set to, are set to, set to, is due to, are due to, due to, due, will be,
        would be, is expected to, are expected to, expected to, is scheduled to, are scheduled to, scheduled to,
        scheduled, scheduled for, is slated to, slated to, slated, slated for, plan to, plans to, planned to, agree to,
        agreed to, agreed to hold, agree, agreed, have agreed to, has agreed to, is going to, are going to, going to,
        planned, planned for, is planned, are planned, is scheduled for, are scheduled for, set for, is set for, are set
        for, prepares to, prepare to, preparing to, expected, is expected, are expected, ll, hes to, intend to, intends
        to, poised to, gear up for, gearing up for, ready to, is due, prepare for, preparing for, is preparing, are
        preparing, due for, upcoming, forthcoming, planning, is planning, are planning""",
    "C": """may, might, could, can, should, wants to, want to, hope to, hopes to, is considering, are considering,
        considering, mull, mulls, is ready to, are ready to, ready, willing to, is willing to, open to, proposed,
        proposes, propose, offered, offers, offered to, offers to, possible, possibly, potential, invited, invites,
        floated, is possible, eyes, weigh, weighs, seek, seeks, suggests, would like to, discussing, seeking, likely, is
        likely, are likely, likely to, is likely to, are likely to, mooted, tentative, tentatively""",
    "A": "and, &, plus, as well as, along with, together with, alongside, et, und, y, +",
    "w": "with, vs, versus",
    "b": "between, among, involving, amongst, bringing together, brings together",
    "i": "in, at, inside, near",
    "o": "on, about, regarding, concerning, over, toward, towards",
    "f": "of, from, for, de, du",
    "t": "to, into",
    "h": "that",
    "y": "by, via, per",
    "T": "the, a, an, their, its, his, her, our, this, these, those, both, some, no",
    "J": """top, senior, chief, special, high-level, high level, high-ranking, first, new, newly appointed, outgoing,
        incoming, acting, joint, direct, second, third, fourth, next, another, further, fresh, final, key, lead, main,
        former, caretaker, interim, emergency, extraordinary, informal, formal, annual, regular, urgent, historic,
        long-awaited, planned, indirect, high, level, face-to-face, virtual, closed-door, respective, two, three, four,
        five, six, seven, eight, several, other, possible, ministerial, diplomatic, political, presidential, bilateral,
        trilateral, multilateral, quadrilateral, technical, strategic, security, nuclear, peace, trade, military,
        economic, follow-up, follow up, preparatory, video, phone, telephone, foreign, separate, rare, rival, now,
        one-on-one, tentative, back-channel, backchannel, exploratory, working, expert, official, state, delayed,
        crucial, ceasefire, truce, climate, energy, border, own, its, inaugural, last, day-long, two-day, three-day,
        one-day, hour-long, latest, previous, earlier, preliminary, in-person, in person, online, regional,
        international, expanded, private, full-scale, defence, defense, finance, intelligence, deputies, leaders,
        upcoming, forthcoming, proposed, dialogue, humanitarian""",
    "G": """agenda, top agenda, top the agenda, tops agenda, tops the agenda, on the agenda, agenda includes, agenda items,
        agenda item, agenda will include, with agenda, on agenda, to discuss, discuss, discussed, discusses, discussing,
        to talk about, talk about, focus on, focuses on, focused on, focusing on, focussed on, focussing on, will focus
        on, devoted to, dedicated to, to address, address, addressing, topics, topics include, topics will include,
        topic, will cover, covering, cover, covered, to review, reviewed, review, subject, subjects, aimed at, centred
        on, centered on, centring on, to negotiate, to hammer out, to finalise, to finalize, issues include, themes,
        theme, agenda is, agenda was, exchange views on, exchanged views on, touch on, touched on, in order to discuss,
        raise, raised, re, where they will discuss, dealing with, aimed at ending, tackle, to tackle, to work on""",
    "X": """after, following, once, preceded by, pending, subject to, provided, when, as soon as, upon, conditional on,
        depends on, contingent on, only after, not before, prerequisite, requires, awaiting, until after""",
    "k": "speaking, talking, asked, writing, answering, addressing reporters, briefing reporters, speaking to reporters",
    "E": """they, their, both, each other, it, two sides, two countries, sides, parties, two leaders, both sides, these,
        them, both countries""",
    "q": "he, she, we, i, i'll, we'll, he'll, she'll, you",
}  # fmt: skip
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_CARDINALS = "one two three four five six seven eight nine ten eleven twelve"
ROUND_NUMBERS: Mapping[str, int] = {
    word: number for listed in (_ORDINALS, _CARDINALS) for number, word in enumerate(listed.split(), 1)
}
_STOP = """a an the of to in on at by for from with and or is are was were be been being will would that this these those it
    its they their he she his her we our i you as has have had do does did not but also so then than there here who
    which what when where if into about over under up out new said says mr mrs ms dr breaking update just exclusive news
    urgent alert first s re via both all any each other same such more most some his hers them him us two one here's
    live watch developing correction flash next again now yet please record"""


@cache
def stop_words() -> frozenset[str]:
    """Words that say nothing of their own, as names are compared."""
    return frozenset(_STOP.split())


@cache
def phrases() -> Mapping[str, Meaning]:
    """Every phrase of one to six words, as names are compared, with the part it plays."""
    book: dict[str, Meaning] = {}
    for part, listed in reversed(list(_PARTS.items())):
        book.update(dict.fromkeys(_split(listed), (part, None)))
    for phrase, value in words.book().items():
        if isinstance(value, Level) and value is not Level.UNSTATED and book.get(phrase, "J")[0] in "JO":
            book[phrase] = ("O", value)
        elif isinstance(value, Status) and value in (Status.POSTPONED, Status.CANCELLED):
            book[phrase] = ("K", value)
        elif isinstance(value, PlaceState):
            book[phrase] = ("Z", value)
    for field_ in _PORTFOLIOS.split():
        for ending in ("minister", "ministers"):
            book[f"{field_} {ending}"] = book[f"foreign and {field_} {ending}"] = ("O", Level.MINISTER)
            for rank in ("deputy", "vice", "first deputy"):
                book[f"{rank} {field_} {ending}"] = ("O", Level.DEPUTY)
    for level, listed in _OFFICES.items():
        for phrase in _split(listed):
            book[phrase] = ("O", level)
    for phrase in ("tbc", "tba", "tbd", "to be confirmed", "to be announced", "to be decided", "to be determined"):
        book[phrase] = ("Z", PlaceState.UNSTATED)
    for phrase in ("over phone", "over the telephone", "over video", "over zoom", "on zoom", "via zoom", "by zoom"):
        book[phrase] = ("Z", PlaceState.REMOTE)
    for verb in ("is", "are", "was", "were", "be", "been", "now"):
        book[f"{verb} confirmed"] = ("K", Status.CONFIRMED)
    for phrase in ("summit", "summits", "leaders summit", "ministerial", "ministerials", "leader s summit", "summit meeting"):
        book[phrase] = ("M", Level.MINISTER if "ministerial" in phrase else Level.LEADER)
    for phrase in ("working group", "working groups"):
        book[phrase] = ("M", Level.WORKING)
    for numbers in ("2 plus 2", "1 plus 1", "3 plus 1", "3 plus 3", "4 plus 1", "5 plus 1", "5 plus 2"):
        book[numbers] = ("M", None)
    for phrase in ("phone call", "telephone call", "video call", "phone calls", "call"):
        book[phrase] = ("M", None)
    return book


def _split(listed: str) -> list[str]:
    return [" ".join(fold(phrase).split()) or phrase.strip() for phrase in listed.split(",")]
