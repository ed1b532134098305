"""Judge every word of an article that may tell an event, then let sentence, headline and counts have their say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.extract.events import (
    around,
    candidates,
    context,
    gunfire,
    listing,
    roundups,
    rules,
    setting,
    when,
)
from monitor.extract.events.candidates import Candidate
from monitor.extract.events.kinds import FROM_AFAR
from monitor.extract.events.rules import Why
from monitor.extract.facts import Trigger
from schemas.reasons import EventType, Factuality

if TYPE_CHECKING:
    from monitor.extract.events.setting import Setting
    from monitor.extract.facts import Day, Reading, Sentence
    from monitor.extract.gather import Facts

NO_VIOLENCE = frozenset(
    {
        Why.ACCIDENT,
        Why.SPENT,
        Why.ANIMAL,
        Why.CYBER,
        Why.DISASTER,
        Why.DISEASE,
        Why.DRILL,
        Why.FICTION,
        Why.INTERCEPTED,
        Why.JUDICIAL,
        Why.LABOUR,
        Why.METAPHOR,
        Why.NON_LETHAL,
        Why.SPORT,
        Why.VERBAL,
        Why.FOILED,
    }
)
# What was stopped is violence all the same to those who speak of it.
STOPPED = frozenset({Why.INTERCEPTED, Why.NON_LETHAL, Why.FOILED})
# Nobody was hurt by what was only threatened, planned, feared or supposed.
UNREAL = frozenset(
    {
        Why.THREAT,
        Why.PLAN,
        Why.FEAR,
        Why.HYPOTHETICAL,
        Why.PREVENTED,
        Why.CALL,
        Why.DENIED,
        Why.FICTION,
        Why.DRILL,
        Why.SPORT,
        Why.METAPHOR,
        Why.JUDICIAL,
    }
)


def triggers(sentence: Sentence, facts: Facts, article: Setting) -> tuple[Trigger, ...]:
    """Return every word of the sentence that may tell an event, with what was made of it and why."""
    able = candidates.find(sentence)
    days = facts.days_in.get(sentence.index, ())
    here = around.of(
        sentence,
        facts.casualties_in.get(sentence.index, ()),
        tuple(d for d in days if not (d.from_dateline or when.is_said(sentence, d, able))),
        facts.places_in.get(sentence.index, ()),
    )
    found = tuple(_trigger(c, context.view(c, here, article)) for c in able)
    found = _summed_in(sentence, _one_sense(found))
    return _without_tallied(
        found,
        when.event_days(sentence, found, facts),
        tallied=sentence.index in facts.tallied,
        since=any(d.since for d in here.days),
    )


def _one_sense(found: tuple[Trigger, ...]) -> tuple[Trigger, ...]:
    """Drop killing words where what killed was told to be no violence: "killed in a shark attack"."""
    other = next((t.why for t in found if t.why in NO_VIOLENCE), None)
    if other is None or any(t.kept and t.event_type is not EventType.OTHER_VIOLENCE for t in found):
        return found
    return tuple(replace(t, kept=False, why=other) if t.kept else t for t in found)


def _summed_in(sentence: Sentence, found: tuple[Trigger, ...]) -> tuple[Trigger, ...]:
    """Drop the killing in events that are only counted: "53 were killed in 386 clashes"."""
    above = {sentence.doc[t.head].head.i for t in found if t.why == Why.TALLY}
    return tuple(
        replace(t, kept=False, why=Why.TALLY)
        if t.kept and t.head in above and t.event_type is EventType.OTHER_VIOLENCE
        else t
        for t in found
    )


def _without_tallied(
    found: tuple[Trigger, ...], days: tuple[Day, ...], *, tallied: bool, since: bool
) -> tuple[Trigger, ...]:
    """Drop all triggers of a sentence that counts over a period, but those with a day of their own."""
    counted = tallied or (since and any(t.why == Why.TALLY for t in found))
    if not counted or any(d.days.first == d.days.last for d in days):
        return found
    return tuple(replace(t, kept=False, why=Why.TALLY) if t.kept else t for t in found)


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
    if candidate.event_type is EventType.IED and context.dropping(candidate):
        drone = "drone" in candidate.sentence.text.lower()
        return (EventType.DRONE_STRIKE, "drone") if drone else (EventType.AIR_STRIKE, "air strike")
    near = context.weapon_near(candidate)
    if near is not None and candidate.event_type is EventType.ARSON and near.type in FROM_AFAR:
        # "Drones set fire to a refinery."
        return near.type, near.name
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


def all_triggers(reading: Reading, facts: Facts) -> dict[int, tuple[Trigger, ...]]:
    """Return the triggers of every sentence of the article that has candidates, by the sentence's index."""
    article = setting.of(reading)
    found = {
        s.index: _without_series(s, triggers(s, facts, article), facts) for s in reading.sentences
    }
    told = gunfire.read_as_shots(reading, borne_out(reading, _same_throughout(reading, found)))
    return listing.with_listed(reading, roundups.without_sums(reading, facts, told))


# What goes on for so many days is a series where it is told as one, and no one event.
SOME_DAYS = timedelta(days=4)
SERIES = frozenset({"series", "string", "spate", "operations", "offensives", "raids", "sorties"})


def _without_series(
    sentence: Sentence, here: tuple[Trigger, ...], facts: Facts
) -> tuple[Trigger, ...]:
    """Drop the triggers of a sentence that sums up days: "killed 24 in a series of raids between 4 and 9 September"."""
    spans = (
        d.days.last - d.days.first
        for d in facts.days_in.get(sentence.index, ())
        if not (d.since or d.vague)
    )
    if not any(span >= SOME_DAYS for span in spans):
        return here
    if not SERIES & {token.lower_ for token in sentence.span}:
        return here
    return tuple(replace(t, kept=False, why=Why.TALLY) if t.kept else t for t in here)


def _same_throughout(
    reading: Reading, found: dict[int, tuple[Trigger, ...]]
) -> dict[int, tuple[Trigger, ...]]:
    """Return the triggers with "the strike" in the sense that the article gave it before, where that is no violence."""
    senses_of: dict[str, Why] = {}
    told: dict[int, tuple[Trigger, ...]] = {}
    for index, here in found.items():
        doc = reading.sentences[index].doc
        lemmas = {t.head: doc[t.head].lemma_.lower() for t in here}
        told[index] = tuple(
            replace(t, why=senses_of[lemmas[t.head]])
            if t.definite and not t.kept and lemmas[t.head] in senses_of
            else t
            for t in here
        )
        senses_of |= {lemmas[t.head]: Why(t.why) for t in here if t.why in NO_VIOLENCE}
    return {index: here for index, here in told.items() if here}


def borne_out(
    reading: Reading, found: dict[int, tuple[Trigger, ...]]
) -> dict[int, tuple[Trigger, ...]]:
    """Drop the triggers of a headline where the text takes all of its own back: "Police foil bomb attack"."""
    title = [i for i in found if reading.sentences[i].headline]
    body = [t for i, here in found.items() if i not in title for t in here]
    against = UNREAL | NO_VIOLENCE | {Why.TALLY, Why.ARRESTS}
    taken_back = [t.why for t in body if not t.kept and t.why in against]
    if any(t.kept for t in body) or not taken_back:
        return found
    why = taken_back[0]
    headline = {
        i: tuple(replace(t, kept=False, why=why) if t.kept else t for t in found[i]) for i in title
    }
    return {**found, **headline}


def harmless(found: dict[int, tuple[Trigger, ...]]) -> frozenset[tuple[int, int]]:
    """Return the sentence and the token of each word that tells no violence: a strike over pay, an attack in a match."""
    senses = NO_VIOLENCE - STOPPED
    return frozenset(
        (t.sentence, t.head) for here in found.values() for t in here if t.why in senses
    )


def clause_of_day(sentence: Sentence, day: Day) -> range:
    """Return the tokens of the clause that tells what was on a day of comparison: "since 2017, when 20 died there"."""
    start = day.end
    words = [t.lower_ for t in sentence.doc[start : min(start + 3, sentence.span.end)]]
    opens = words[:2] == [",", "when"] or words[:1] == ["when"] or words == [",", "in", "which"]
    return range(start, sentence.span.end if day.since and opens else start)
