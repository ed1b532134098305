"""Turn the words that tell events into mentions: what one sentence says of one event, with its day and place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING

from monitor.extract.dates import anchors
from monitor.extract.dates import rules as dates
from monitor.extract.events import (
    aftermath,
    clusters,
    hindsight,
    listing,
    sieges,
    spread,
    triggers,
    when,
    whereabouts,
)
from monitor.extract.events.rules import Why
from monitor.extract.facts import Trigger
from monitor.extract.people.nouns import is_person
from monitor.extract.places import rules as places
from schemas.reasons import EventType

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from monitor.extract.facts import Casualty, Day, Reading, Sentence
    from monitor.extract.gather import Facts
    from schemas.report import DayRange, Place

# The most telling word of a sentence names its event: a suicide bombing is also a blast and an attack.
RANK = {
    EventType.CHEMICAL_WEAPON: 0,
    EventType.SUICIDE_BOMBING: 1,
    EventType.AIR_STRIKE: 2,
    EventType.DRONE_STRIKE: 3,
    EventType.ABDUCTION: 4,
    EventType.GRENADE: 5,
    EventType.IED: 6,
    EventType.SHELLING_MISSILE: 7,
    EventType.VEHICLE_ATTACK: 8,
    EventType.STABBING: 9,
    EventType.ASSASSINATION: 10,
    EventType.ARMED_CLASH: 11,
    EventType.ARMED_ATTACK: 12,
    EventType.ARSON: 13,
    EventType.OTHER_VIOLENCE: 14,
}
# Reasons that rest on what the clause itself says, so that an incident may stand on them alone.
ANCHORING = frozenset({Why.WEAPON, Why.CASUALTIES, Why.OPERATION})
# What is told of a longer time than this is no single event.
ONE_EVENT = timedelta(days=60)
# "It is not the first time that a drone ..." speaks of a class.
FIRST_TIME = frozenset({"first time", "second time", "third time", "last time"})
MIN_NAME = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """What one sentence says of one event. ``lead`` is the trigger that tells it best.

    ``reference`` marks words that only point at what is told elsewhere ("these attacks"): they may join
    an incident and never make one. ``around_km`` is not 0 where the place is told by direction or distance,
    ``set_off`` what only dates the sentence's own event: "hours after a bombing", ``dates_news`` where it does so by days,
    ``passing`` where, besides, no place is told of it.
    """

    sentence: Sentence
    triggers: tuple[Trigger, ...]
    lead: Trigger
    event_type: EventType
    weapon: str | None
    days: DayRange | None
    said: DayRange | None
    old: bool
    vague_days: bool
    place: Place | None
    around_km: float
    casualties: tuple[Casualty, ...]
    definite: bool
    reference: bool
    passing: bool
    dates_news: bool
    plural: bool
    another: bool
    set_off: bool
    reaction: bool
    tried: bool
    names: frozenset[str]
    opening: Place | None
    live: bool
    anchored: bool


def mentions_of(
    sentence: Sentence,
    found: tuple[Trigger, ...],
    facts: Facts,
    reading: Reading,
    *,
    live: bool,
    opening: Place | None,
) -> tuple[Mention, ...]:
    """Return what the sentence says of each of its events.

    ``live`` marks an entry of a live page, ``opening`` is the place that heads an item of a list.
    """
    kept = _news(sentence, tuple(t for t in found if t.kept), facts)
    if not kept or FIRST_TIME & set(_pairs(sentence)):
        return ()
    days = when.event_days(sentence, kept, facts)
    if not days and _over_a_period(sentence, kept, facts):
        return ()
    claims = facts.casualties_in.get(sentence.index, ())
    apart = clusters.set_off(sentence, kept)
    reasons = clusters.reasons(sentence, kept)
    elsewhere = clusters.is_days_after(sentence) or bool(reasons)
    parts = clusters.split(sentence, kept, reading, days, claims, off=apart)
    hurt = _shared(sentence, parts, facts)
    within = clusters.reaches(sentence, parts, apart, after=_tagged_until(sentence, found, kept))
    return tuple(
        _mention(
            sentence,
            part,
            hurt=hurt[number],
            days=_days_of(sentence, number, parts, days, reasons),
            within=within[number],
            apart=elsewhere,
            set_off=part[0].head in apart,
            live=live,
            opening=opening,
            facts=facts,
            reading=reading,
        )
        for number, part in enumerate(parts)
    )


def _news(sentence: Sentence, kept: tuple[Trigger, ...], facts: Facts) -> tuple[Trigger, ...]:
    """Return the triggers without what those are wanted for of whom more is told: "suspects in the bombing were slain".

    Where nobody is hurt, "suspects in the bombing held" tells of the bombing.
    """
    news = tuple(t for t in kept if not clusters.is_tagged(sentence, t))
    hurt = any(not c.running for c in facts.casualties_in.get(sentence.index, ()))
    return news if news or hurt else kept


def _tagged_until(sentence: Sentence, found: tuple[Trigger, ...], kept: tuple[Trigger, ...]) -> int:
    """Return where the words end that tell what somebody is wanted for, before the news; the sentence's start for none."""
    first = min(t.start for t in kept)
    ends = [
        max(t.end, int(sentence.doc[t.head].right_edge.i) + 1)
        for t in found
        if t.kept and t not in kept
    ]
    return max((end for end in ends if end <= first), default=int(sentence.span.start))


def _over_a_period(sentence: Sentence, kept: tuple[Trigger, ...], facts: Facts) -> bool:
    """Say whether the sentence sums up months: "1,500 people were killed in clashes in 1988"."""
    here = facts.days_in.get(sentence.index, ())
    long = any(d.days.last - d.days.first > ONE_EVENT for d in here)
    return long and any(t.plural for t in kept)


def _pairs(sentence: Sentence) -> list[str]:
    words = [token.lower_ for token in sentence.span]
    return [f"{one} {two}" for one, two in pairwise(words)]


def _mention(
    sentence: Sentence,
    kept: tuple[Trigger, ...],
    *,
    hurt: tuple[Casualty, ...],
    days: tuple[Day, ...],
    within: range,
    apart: bool,
    set_off: bool,
    live: bool,
    opening: Place | None,
    facts: Facts,
    reading: Reading,
) -> Mention:
    lead = min(kept, key=lambda t: (RANK[t.event_type], t.start))
    told = _day_of_clause(sentence, kept, facts) or next(
        (d for t in (lead, *kept) if (d := clusters.nearest_day(sentence, t, reading, days))), None
    )
    said = _said(sentence, facts, lead)
    old = None if told else _old(sentence, kept, facts, reading)
    told = told or old
    before = clusters.is_long_before(sentence, lead)
    if before:
        told = said = None
    if not told and not before:
        today = said.last if said else dates.reference_day(reading)
        told = clusters.days_before(sentence, lead, today)
    else:
        told = clusters.hours_before(sentence, lead, told)
    if sieges.is_over(sentence):
        told, said = sieges.since_before(told), sieges.since_before(said)
    place = whereabouts.of_mention(sentence, (lead, *kept), reading, facts, within=within)
    if place is None and not apart:
        place = whereabouts.city_beside(sentence, facts, within)
    if place is None and not set_off and places.is_exact(opening):
        place = opening
    pointing = _points(sentence, kept)
    named = _names(sentence, kept, hurt, facts)
    tied = whereabouts.tied_place(sentence, kept, facts)
    reaction = aftermath.is_reaction(sentence, kept)
    if reaction:
        own = () if hindsight.is_anniversary(sentence) else _own_days(sentence, kept, days)
        # "Buried the victims of a weekend attack on Tuesday"
        before_it = (d.days for d in own if any(d.start < t.head for t in kept))
        told = next(before_it, told or own[0].days if own else None)
    if reaction and place is not None and not whereabouts.in_clause(sentence, lead, facts, place):
        place = None
    plural = all(t.plural or _is_relative(sentence, t) for t in kept)
    dates_news = set_off and clusters.is_days_after(sentence)
    return Mention(
        sentence=sentence,
        triggers=kept,
        lead=lead,
        event_type=lead.event_type,
        weapon=lead.weapon,
        days=told,
        said=None if reaction else said,
        old=old is not None,
        vague_days=before
        or hindsight.are_long_past(sentence, kept)
        or any(d.vague for d in facts.days_in.get(sentence.index, ())),
        place=place,
        around_km=0.0 if place is None else whereabouts.around_km(sentence, facts, place),
        casualties=hurt,
        definite=kept[0].definite,
        reference=pointing
        and not hurt
        and not named
        and not tied
        and not _tells_whom(sentence, kept)
        and (plural or not _own_days(sentence, kept, days)),
        passing=(dates_news and place is None)
        or (set_off and _only_answered(sentence, kept, hurt, days)),
        dates_news=dates_news,
        plural=plural,
        another=listing.is_another(sentence, kept),
        set_off=set_off,
        reaction=reaction,
        tried=aftermath.is_tried(sentence, kept),
        names=named,
        live=live,
        opening=opening,
        anchored=bool(
            told or hurt or places.is_exact(place) or any(t.why in ANCHORING for t in kept)
        ),
    )


# "Last month, seven died when", "killed in 2022": so many edges of the parse tie a month to a deed.
MAX_EDGES_TO_MONTH = 2


def _old(
    sentence: Sentence, kept: tuple[Trigger, ...], facts: Facts, reading: Reading
) -> DayRange | None:
    """Return the month or year, gone by when the article was published, in which the sentence says it happened."""
    for day in facts.days_in.get(sentence.index, ()):
        before = sentence.doc[max(day.start - 1, sentence.span.start)]
        opens = day.start - sentence.span.start <= 1 or before.text == ";"
        ties = (dates.distance(sentence, t.head, day)[0] for t in kept)
        if is_gone(day, reading) and (opens or min(ties) <= MAX_EDGES_TO_MONTH):
            return day.days
    return None


def is_gone(day: Day, reading: Reading) -> bool:
    """Say whether it is a month or a year that had ended when the article was published."""
    today = dates.reference_day(reading)
    vague = day.vague and not (day.since or day.from_dateline)
    return vague and today is not None and day.days.last < today


# Behind these stands what the event before them followed.
_WHAT_CAME_FIRST = frozenset("retaliation response revenge reprisal after following".split())


def _day_of_clause(sentence: Sentence, kept: tuple[Trigger, ...], facts: Facts) -> DayRange | None:
    """Return the day that a clause tells of: "the worst since October 2024, when gunmen killed 115"."""
    for day in facts.days_in.get(sentence.index, ()):
        clause = triggers.clause_of_day(sentence, day)
        if any(t.head in clause for t in kept):
            return day.days
    return None


def _names(
    sentence: Sentence, kept: tuple[Trigger, ...], hurt: tuple[Casualty, ...], facts: Facts
) -> frozenset[str]:
    """Return the last names of those to whom it happened, in lower case: they tell one incident from another."""
    told = {
        name.split()[-1].lower()
        for c in hurt
        if not c.perpetrator
        for name in c.names
        if name.strip()
    }
    places_here = {
        i for p in facts.places_in.get(sentence.index, ()) for i in range(p.start, p.end)
    }
    heads = [
        c
        for t in kept
        for c in sentence.doc[t.head].children
        if c.dep_ in {"obj", "nsubj:pass", "nmod:poss"}
        or (c.dep_ == "nmod" and any(g.lower_ == "of" for g in c.children))
    ]
    named = {
        token.lower_
        for head in heads
        for token in _last_names(head)
        if token.i not in places_here and len(token) > MIN_NAME and not is_person(token.lower_)
    }
    return frozenset(told | named)


def _last_names(head: Token) -> list[Token]:
    """Return the last word of each name in a phrase: the Mejia of "cattle farmer Pedro Pablo Mejia"."""
    names = sorted(
        (t for t in (head, *head.children) if t.pos_ == "PROPN"), key=lambda token: token.i
    )
    return [a for a, b in zip_longest(names, names[1:]) if b is None or b.i != a.i + 1]


def _only_answered(
    sentence: Sentence, kept: tuple[Trigger, ...], hurt: tuple[Casualty, ...], days: tuple[Day, ...]
) -> bool:
    """Say whether it is only what others answer, without a day or a toll: "in response to attacks on ships"."""
    told = hurt or _own_days(sentence, kept, days)
    return not told and any(clusters.is_reason(sentence.doc[t.head]) for t in kept)


def _tells_whom(sentence: Sentence, kept: tuple[Trigger, ...]) -> bool:
    """Say whether it tells how many it befell: "the kidnapping of 102 people" is told of for the first time."""
    whom = (
        c for t in kept for c in sentence.doc[t.head].children if c.dep_ == "nmod" and c.i > t.head
    )
    return any(g.dep_ == "nummod" and g.i > c.head.i for c in whom for g in c.children)


def _own_days(
    sentence: Sentence, kept: tuple[Trigger, ...], days: tuple[Day, ...]
) -> tuple[Day, ...]:
    """Return the days that a trigger's own phrase holds: "Monday's attack", "the attack on Monday"."""
    below = {token.i for t in kept for token in sentence.doc[t.head].subtree}
    return tuple(d for d in days if d.start in below)


def _points(sentence: Sentence, kept: tuple[Trigger, ...]) -> bool:
    """Say whether all triggers point at something known: "the attack that hit the post" is one pointer."""
    known = all(t.definite or _is_relative(sentence, t) for t in kept) and any(
        t.definite for t in kept
    )
    return known or all(t.why == Why.BACK_REFERENCE for t in kept)


def _is_relative(sentence: Sentence, trigger: Trigger) -> bool:
    return str(sentence.doc[trigger.head].dep_) in {"acl:relcl", "acl"}


def _said(sentence: Sentence, facts: Facts, lead: Trigger) -> DayRange | None:
    """Return the first day of the sentence, were it only that when something was said; none of another event's."""
    here = (
        d
        for d in facts.days_in.get(sentence.index, ())
        if not anchors.binds_elsewhere(sentence.doc, d.start, d.end, lead.head)
    )
    return next((d.days for d in here if not (d.since or d.vague or d.from_dateline)), None)


def _shared(
    sentence: Sentence, parts: tuple[tuple[Trigger, ...], ...], facts: Facts
) -> list[tuple[Casualty, ...]]:
    """Return the casualties of the sentence by event: each goes to the trigger nearest to its verb."""
    claims = facts.casualties_in.get(sentence.index, ())
    hurt = tuple(c for c in claims if not c.running)
    if len(parts) == 1:
        return [hurt]
    owners = [_owner(sentence, c, parts) for c in hurt]
    return [
        tuple(c for c, owner in zip(hurt, owners, strict=True) if owner == n)
        for n in range(len(parts))
    ]


def _days_of(
    sentence: Sentence,
    number: int,
    parts: tuple[tuple[Trigger, ...], ...],
    days: tuple[Day, ...],
    reasons: frozenset[int],
) -> tuple[Day, ...]:
    """Return the days of one event of several: where each has a day, each day goes to the event nearest to it."""
    if len(parts) == 1:
        return days
    if len(days) == 1:
        below = {token.i for head in reasons for token in sentence.doc[head].subtree}
        of_reason = parts[number][0].head in reasons
        return days if of_reason or days[0].start not in below else ()
    owners = [_possessed(sentence, d, parts) for d in days]
    free = [n for n in range(len(parts)) if n not in owners] or list(range(len(parts)))
    owners = [
        _nearest_of_day(sentence, d, free, parts) if owner is None else owner
        for d, owner in zip(days, owners, strict=True)
    ]
    return tuple(d for d, owner in zip(days, owners, strict=True) if owner == number)


def _nearest_of_day(
    sentence: Sentence, day: Day, free: list[int], parts: tuple[tuple[Trigger, ...], ...]
) -> int:
    """Return which of the events a day belongs to: "struck on Tuesday in retaliation for an attack" leaves the attack without."""
    doc = sentence.doc
    cut = next(
        (t.i for t in doc[day.end : sentence.span.end] if t.lower_ in _WHAT_CAME_FIRST), None
    )
    before = [n for n in free if any(t.head < day.start for t in parts[n])]
    near = [n for n in free if any(cut is None or t.head < cut for t in parts[n])]
    able = near if before and near else free
    others = tuple(parts[n] for n in able)
    return able[nearest(sentence, doc[day.start : day.end].root.i, others)]


def _possessed(sentence: Sentence, day: Day, parts: tuple[tuple[Trigger, ...], ...]) -> int | None:
    """Return the event that is named by the day: the attack of "Tuesday's attack", which then has no other day."""
    root = sentence.doc[day.start : day.end].root
    if root.dep_ != "nmod:poss":
        return None
    owners = (n for n, part in enumerate(parts) if any(t.head == root.head.i for t in part))
    return next(owners, None)


def _owner(sentence: Sentence, casualty: Casualty, parts: tuple[tuple[Trigger, ...], ...]) -> int:
    anchor = casualty.verb if casualty.verb is not None else casualty.start
    return nearest(sentence, anchor, parts)


def nearest(sentence: Sentence, anchor: int, parts: tuple[tuple[Trigger, ...], ...]) -> int:
    """Return which event's triggers stand nearest to the token `anchor` in the parse, then in the text."""
    doc = sentence.doc
    steps = {token.i: n for n, token in enumerate((doc[anchor], *doc[anchor].ancestors))}
    return min(
        range(len(parts)),
        key=lambda n: min(_distance(doc, t.head, steps, anchor) for t in parts[n]),
    )


def _distance(doc: Doc, head: int, steps: dict[int, int], anchor: int) -> tuple[int, int]:
    for n, token in enumerate((doc[head], *doc[head].ancestors)):
        if token.i in steps:
            return n + steps[token.i], abs(head - anchor)
    return len(doc), abs(head - anchor)


def all_mentions(
    reading: Reading, facts: Facts, found: dict[int, tuple[Trigger, ...]]
) -> tuple[Mention, ...]:
    """Return the mentions of the article in order."""
    live, openings = listing.is_live(reading), listing.openings(reading, facts.places_in)
    return tuple(
        each
        for index, here in sorted(found.items())
        for mention in mentions_of(
            reading.sentences[index],
            here,
            facts,
            reading,
            live=live,
            opening=openings.get(index),
        )
        for each in spread.by_place(mention, facts)
    )
