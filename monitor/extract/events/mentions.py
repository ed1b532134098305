"""Turn the words that tell events into mentions: what one sentence says of one event, with its day and place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.extract import dates, places
from monitor.extract.events import candidates, context, rules, setting
from monitor.extract.events.candidates import Candidate
from monitor.extract.facts import Trigger
from schemas.reasons import EventType, Factuality

if TYPE_CHECKING:
    from monitor.extract.events.setting import Setting
    from monitor.extract.facts import Casualty, Reading, Sentence
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
    EventType.ARSON: 10,
    EventType.ASSASSINATION: 11,
    EventType.ARMED_CLASH: 12,
    EventType.ARMED_ATTACK: 13,
    EventType.OTHER_VIOLENCE: 14,
}
ANOTHER = frozenset(
    {
        "another",
        "second",
        "separate",
        "third",
        "fourth",
        "other",
        "similar",
        "earlier",
        "previous",
        "elsewhere",
        "meanwhile",
        "also",
        "later",
        "separately",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """What one sentence says of one event. ``lead`` is the trigger that tells it best."""

    sentence: Sentence
    triggers: tuple[Trigger, ...]
    lead: Trigger
    event_type: EventType
    weapon: str | None
    days: DayRange | None
    vague_days: bool
    place: Place | None
    casualties: tuple[Casualty, ...]
    definite: bool
    another: bool


def triggers(sentence: Sentence, facts: Facts, article: Setting) -> tuple[Trigger, ...]:
    """Return every word of the sentence that may tell an event, with what was made of it and why."""
    around = context.around(
        sentence,
        facts.casualties_in.get(sentence.index, ()),
        facts.days_in.get(sentence.index, ()),
        facts.places_in.get(sentence.index, ()),
    )
    return tuple(_trigger(c, context.view(c, around, article)) for c in candidates.find(sentence))


def _trigger(candidate: Candidate, view: rules.View) -> Trigger:
    why = rules.judge(view)
    event_type, weapon = _typed(candidate, view)
    return Trigger(
        sentence=candidate.sentence.index,
        start=candidate.start,
        end=candidate.end,
        head=candidate.head,
        event_type=event_type,
        why=why,
        kept=why.keeps,
        weapon=weapon,
        factuality=Factuality.DENIED if why is rules.Why.DENIED else Factuality.ASSERTED,
        definite=view.definite,
        plural=view.plural,
    )


def _typed(candidate: Candidate, view: rules.View) -> tuple[EventType, str | None]:
    """Return the type of event and the weapon, made exact by a weapon among the arguments."""
    near = context.weapon_near(candidate)
    open_type = candidate.event_type in {
        EventType.ARMED_ATTACK,
        EventType.OTHER_VIOLENCE,
        EventType.IED,
    }
    if near is None or not open_type or candidate.weapon not in {None, "bomb", "gun"}:
        return candidate.event_type, candidate.weapon
    if candidate.event_type is EventType.IED and near.type is EventType.ARMED_ATTACK:
        return candidate.event_type, candidate.weapon
    if near.type is EventType.VEHICLE_ATTACK and view.strength != "ramming":
        return candidate.event_type, candidate.weapon
    return near.type, near.name


def mention(
    sentence: Sentence, found: tuple[Trigger, ...], facts: Facts, reading: Reading
) -> Mention | None:
    """Return what the sentence says of an event, ``None`` where no trigger was kept."""
    kept = tuple(t for t in found if t.kept)
    if not kept:
        return None
    lead = min(kept, key=lambda t: (RANK[t.event_type], t.start))
    first = kept[0]
    days = _days(sentence, (lead, *kept), reading, facts)
    return Mention(
        sentence=sentence,
        triggers=kept,
        lead=lead,
        event_type=lead.event_type,
        weapon=lead.weapon,
        days=days,
        vague_days=any(d.vague for d in facts.days_in.get(sentence.index, ())),
        place=_place(sentence, (lead, *kept), reading, facts),
        casualties=tuple(c for c in facts.casualties_in.get(sentence.index, ()) if not c.running),
        definite=first.definite,
        another=_another(sentence, kept),
    )


def _days(
    sentence: Sentence, kept: tuple[Trigger, ...], reading: Reading, facts: Facts
) -> DayRange | None:
    here = tuple(
        d
        for d in facts.days_in.get(sentence.index, ())
        if not (d.since or d.vague or d.from_dateline)
    )
    if not here:
        return None
    found = (dates.of_event(sentence, trigger.head, reading, here) for trigger in kept)
    return next((days for days in found if days is not None), None)


def _place(
    sentence: Sentence, kept: tuple[Trigger, ...], reading: Reading, facts: Facts
) -> Place | None:
    here = facts.places_in.get(sentence.index, ())
    if not here:
        return None
    found = (places.of_event(sentence, trigger.head, reading, here) for trigger in kept)
    return next((place for place in found if place is not None), None)


def _another(sentence: Sentence, kept: tuple[Trigger, ...]) -> bool:
    """Say whether the sentence sets its event apart from the one before: "another bomb", "elsewhere"."""
    tokens = [
        c.lower_
        for t in kept
        for c in sentence.doc[t.head].children
        if c.dep_ in {"amod", "det", "advmod"}
    ]
    opening = [token.lower_ for token in sentence.span[:2]]
    return bool(ANOTHER & set(tokens)) or bool(
        {"elsewhere", "meanwhile", "separately", "also"} & set(opening)
    )


def all_triggers(reading: Reading, facts: Facts) -> dict[int, tuple[Trigger, ...]]:
    """Return the triggers of every sentence of the article that has candidates, by the sentence's index."""
    article = setting.of(reading)
    found = {s.index: triggers(s, facts, article) for s in reading.sentences}
    return {index: here for index, here in found.items() if here}


def all_mentions(
    reading: Reading, facts: Facts, found: dict[int, tuple[Trigger, ...]]
) -> tuple[Mention, ...]:
    """Return the mentions of the article in order."""
    made = (
        mention(reading.sentences[index], here, facts, reading)
        for index, here in sorted(found.items())
    )
    return tuple(m for m in made if m is not None)
