"""Judge every word of an article that may tell an event, then let sentence, headline and counts have their say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from monitor.extract.events import (
    around,
    candidates,
    context,
    gunfire,
    lexicon,
    listing,
    roundups,
    rules,
    setting,
)
from monitor.extract.events.candidates import Candidate
from monitor.extract.events.kinds import FROM_AFAR
from monitor.extract.events.rules import Why
from monitor.extract.facts import Trigger
from schemas.reasons import EventType, Factuality

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.events.setting import Setting
    from monitor.extract.facts import Casualty, Day, Reading, Sentence
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
REMEMBERING = frozenset(
    "mark commemorate remember observe honour honor mourn memorial commemoration vigil remembrance wreath tribute".split()
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
        tuple(d for d in days if not (d.from_dateline or _when_said(sentence, d, able))),
        facts.places_in.get(sentence.index, ()),
    )
    found = tuple(_trigger(c, context.view(c, here, article)) for c in able)
    found = _summed_in(sentence, _one_sense(found))
    return _without_tallied(
        found,
        event_days(sentence, found, facts),
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


def _owns_event(sentence: Sentence, day: Day, heads: set[int]) -> bool:
    """Say whether an event is named by its day: "missing since Tuesday's attack", "since the October 30 attack"."""
    doc = sentence.doc
    if doc[max(day.start - 1, 0)].lower_ == "the" and day.end in heads:
        return True
    return day.end < sentence.span.end and (
        doc[day.end].text in {"'s", "’s"} or doc[day.end - 1].text in {"'s", "’s"}
    )


def event_days(sentence: Sentence, kept: tuple[Trigger, ...], facts: Facts) -> tuple[Day, ...]:
    """Return the days of the sentence that may be an event's: not when somebody said so, nor since when."""
    here = facts.days_in.get(sentence.index, ())
    heads = {t.head for t in kept}
    here = tuple(replace(d, since=d.since and not _owns_event(sentence, d, heads)) for d in here)
    able = [d for d in here if not (d.since or d.vague or d.from_dateline)]
    able = [d for d in able if not any(_in_brackets_behind(sentence, d, other) for other in able)]
    able = [d for d in able if len(able) == 1 or not _is_night_alone(sentence, d)]
    return tuple(d for d in able if not _when_said(sentence, d, kept))


# "Almost ten years after": so many words stand before the "after" that opens a sentence.
OPENING = 3


def is_anniversary(sentence: Sentence) -> bool:
    """Say whether the sentence looks back: at an anniversary, at what happened so many years before."""
    return (
        any(t.lower_ == "anniversary" for t in sentence.span) or _years_since(sentence) is not None
    )


def _years_since(sentence: Sentence) -> int | None:
    """Return where "years after", "a decade since" stands, ``None`` where nothing of the kind does."""
    return next(
        (
            joint.i
            for unit, joint in pairwise(sentence.span)
            if unit.lower_ in {"years", "decade", "decades"}
            and joint.lower_ in {"since", "after", "on", "ago"}
        ),
        None,
    )


def are_long_past(sentence: Sentence, kept: tuple[Trigger, ...]) -> bool:
    """Say whether all that the sentence tells stands behind its "a decade since": "Ten years after gunmen stormed a cafe, ..."."""
    joint = _years_since(sentence)
    if joint is None or any(t.head < joint for t in kept):
        return False
    comma = next((t.i for t in sentence.span if t.i > joint and t.text == ","), sentence.span.end)
    opens = joint - sentence.span.start <= OPENING and all(t.head < comma for t in kept)
    return opens or is_remembered(sentence)


def is_remembered(sentence: Sentence) -> bool:
    """Say whether the sentence tells how somebody looks back: "held prayers to mark seven years since the bombing"."""
    words = {word for t in sentence.span for word in (t.lower_, t.lower_.rstrip("s"), t.lemma_)}
    return is_anniversary(sentence) and bool(words & REMEMBERING)


def _is_night_alone(sentence: Sentence, day: Day) -> bool:
    """Say whether it is "overnight", which another day beside it makes exact."""
    return str(sentence.doc[day.start : day.end].text).lower() == "overnight"


def _in_brackets_behind(sentence: Sentence, day: Day, other: Day) -> bool:
    """Say whether `other` tells in brackets which day `day` is: "this morning (Tuesday)"."""
    doc = sentence.doc
    return 0 < other.start - day.end <= 2 and doc[other.start - 1].text in {"(", "["}  # noqa: PLR2004


def _follows_saying(sentence: Sentence, day: Day) -> bool:
    """Say whether the day stands between a verb of saying and what is said: "the FBI said Friday that"."""
    doc, first = sentence.doc, day.start - 1
    while first > sentence.span.start and doc[first].lower_ in {"on", "late", "early"}:
        first -= 1
    after = doc[day.end].lower_ if day.end < sentence.span.end else ""
    said = first >= sentence.span.start and doc[first].lemma_ in lexicon.cues()["saying"]
    return said and after == "that"


def _is_told(event: Token, saying: Token) -> bool:
    """Say whether the clause that "police said" hangs on tells the event."""
    return saying.head in (event, *event.ancestors) and saying not in event.ancestors


def _when_said(
    sentence: Sentence, day: Day, kept: tuple[Trigger, ...] | tuple[Candidate, ...]
) -> bool:
    """Say whether a day tells when something was said or judged: "Police said on Monday that ..."."""
    if _follows_saying(sentence, day):
        return True
    head = sentence.doc[day.start : day.end].root
    while head.dep_ in {"nmod", "compound", "nmod:unmarked", "nmod:npmod"} and head.head.pos_ in {
        "NOUN",
        "PROPN",
    }:
        head = head.head
    verb = (
        head.head
        if head.dep_
        in {
            "obl",
            "obl:npmod",
            "obl:unmarked",
            "obl:tmod",
            "nmod:unmarked",
            "advmod",
            "nmod",
            "obj",
        }
        else head
    )
    if verb.dep_ in {"nsubj", "nsubj:pass"}:
        verb = verb.head
    lemma = verb.lemma_.lower()
    # "The October 30 attack": the parse may hang it on the verb of saying.
    if any(t.head in (verb.i, head.i) for t in kept):
        return False
    cues = lexicon.cues()
    court = lemma in cues["judged"] or lemma in cues["tried"]
    if court or is_remembered(sentence):
        return not any(token.text.isdigit() for token in sentence.doc[day.start : day.end])
    if lemma not in cues["saying"]:
        return False
    if verb.dep_ == "parataxis" and any(_is_told(sentence.doc[t.head], verb) for t in kept):
        return True
    below = {
        token.i
        for child in verb.children
        if child.dep_ in {"ccomp", "xcomp", "advcl", "parataxis", "obj", "nmod", "obl"}
        for token in child.subtree
    }
    return any(t.head in below for t in kept)


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
    against = UNREAL | NO_VIOLENCE | {Why.TALLY}
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


def real(reading: Reading, facts: Facts, found: dict[int, tuple[Trigger, ...]]) -> Facts:
    """Return the facts without the casualties of what is no event of the article.

    That is what was only threatened, planned, feared or supposed, what was summed up over a time, what a disaster
    or a mishap cost, and what an older event is said to have cost with which the sentence compares its own.
    """
    unreal = {
        (i, t.head)
        for i, here in found.items()
        for t in here
        if not t.kept and t.why in _against(here)
    }
    sums = {i for i, here in found.items() if _sums_up(here, facts.days_in.get(i, ()))}
    sums |= roundups.of_a_day(reading, facts, found)
    kept = {
        index: tuple(
            c
            for c in claims
            if index not in sums
            and (index, c.verb) not in unreal
            and not _compared(reading.sentences[index], c, found.get(index, ()), facts)
        )
        for index, claims in facts.casualties_in.items()
    }
    return replace(facts, casualties_in=kept)


def _against(here: tuple[Trigger, ...]) -> frozenset[Why]:
    """Return the reasons for which nobody was hurt by violence; a mishap is one where the sentence tells no violence."""
    mishaps = frozenset() if any(t.kept for t in here) else {Why.ACCIDENT, Why.DISASTER}
    return UNREAL | {Why.TALLY, Why.SPENT} | mishaps


def _sums_up(here: tuple[Trigger, ...], days: tuple[Day, ...]) -> bool:
    """Say whether the sentence tells of nothing but a sum: "66 attacks since October, with 62 people suffering injuries"."""
    summed = any(t.why == Why.TALLY for t in here) and not any(t.kept for t in here)
    return summed and any(d.since for d in days)


def _compared(sentence: Sentence, claim: Casualty, here: tuple[Trigger, ...], facts: Facts) -> bool:
    clauses = (clause_of_day(sentence, d) for d in facts.days_in.get(sentence.index, ()))
    return any(claim.start in c and not any(t.kept and t.head in c for t in here) for c in clauses)
