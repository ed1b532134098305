"""Leave out the figures and days of what is no event of the article: of threats and plans, of sums, of older events."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.extract.events import roundups
from monitor.extract.events.rules import Why
from monitor.extract.events.triggers import UNREAL, clause_of_day

if TYPE_CHECKING:
    from monitor.extract.facts import Casualty, Day, Reading, Sentence, Trigger
    from monitor.extract.gather import Facts

# What others planned, threatened or feared.
AHEAD = frozenset({Why.PLAN, Why.THREAT, Why.FEAR})


def without(reading: Reading, facts: Facts, found: dict[int, tuple[Trigger, ...]]) -> Facts:
    """Return the facts without the casualties of what is no event of the article, and the days of what was planned.

    No events are what was only threatened, planned, feared or supposed, what was summed up over a time, what a
    disaster or a mishap cost, and what an older event is said to have cost with which the sentence compares its own.
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
    days_in = {
        i: tuple(d for d in here if not _is_of_a_plan(reading.sentences[i], d, found.get(i, ())))
        for i, here in facts.days_in.items()
    }
    days = tuple(d for here in days_in.values() for d in here)
    return replace(facts, casualties_in=kept, days=days, days_in=days_in)


def _is_of_a_plan(sentence: Sentence, day: Day, here: tuple[Trigger, ...]) -> bool:
    """Say whether it is the day of an occasion that others planned to attack: "preparing to attack Sunday's vote".

    A day alone is not told apart so: the parse hangs "yesterday" on what stands nearest to it.
    """
    head = sentence.doc[day.start : day.end].root
    if head.dep_ != "nmod:poss" or head.head.i in {t.head for t in here}:
        return False
    planned = (t for t in here if not t.kept and t.why in AHEAD)
    return any(head.i in {t.i for t in sentence.doc[p.head].subtree} for p in planned)


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
