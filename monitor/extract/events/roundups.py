"""Drop the sum that opens a roundup: "30 died in separate attacks in various parts of the country", then each is told.

The sum is of no one place, and the incidents that it sums up follow with their own. Where none follows it stays, so
that a sentence alone is not lost. A sum of a day, and each province's share of it, is of no one event in any case.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.extract.events.rules import Why
from monitor.extract.places.rules import VAGUE
from schemas.reasons import EventType, PlacePrecision

if TYPE_CHECKING:
    from monitor.extract.facts import Reading, Sentence, Trigger
    from monitor.extract.gather import Facts

_EVENTS = (
    "attacks|operations|clashes|incidents|raids|strikes|bombings|ambushes|shootings|battles|actions"
)
_PARTS = "areas|parts|regions|provinces|departments|governorates|states"
_SEVERAL = r"\d+|two|three|four|five|six|seven|eight|nine|ten|several"
_MANY = rf"(?:{_SEVERAL}|dozens of|a dozen|more than \w+)"
# "Different parts of the city" are of one place.
_OF_ONE = r"(?! of (?:the |this )?(?:city|capital|town|village|building|neighbou?rhood|district))"
_SPREAD = re.compile(
    rf"\b{_MANY} (?:\w+ )?(?:{_EVENTS}) in (?:{_SEVERAL}) (?:\w+ )?(?:{_PARTS})\b"
    rf"|\bseparate (?:\w+ ){{0,3}}(?:{_EVENTS})\b"
    rf"|\b(?:various|several|different|many|other) (?:{_PARTS})\b{_OF_ONE}"
    r"|\b(?:throughout|across|all over) (?:the|its) (?:country|nation)\b|\bnationwide\b"
)
_SUBJECT = re.compile(rf"\W*(?:[\w-]+ ){{0,2}}({_EVENTS})\b")
# "Over the past day", "in 24 hours": a day's sum is no one event's; the day of one event is told by its name.
_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_OF_A_DAY = re.compile(
    r"\b(?:over|in|within|during) (?:the )?(?:past|last|previous) (?:day|24 hours|48 hours|two days|week)\b"
    rf"|\bbetween \d+ (?:(?:{_MONTH}) )?and \d+ (?:{_MONTH})\b|\bfrom \d+ (?:(?:{_MONTH}) )?(?:to|until) \d+ (?:{_MONTH})\b"
    r"|\bduring (?:the|this) (?:reporting period|week)\b"
)
# "In the Donetsk region, three": the province opens its sentence.
OPENING = 2
WIDE = VAGUE | {PlacePrecision.ADMIN1}
_EXACT = frozenset({PlacePrecision.TOWN, PlacePrecision.DISTRICT, PlacePrecision.SITE})


def without_sums(
    reading: Reading, facts: Facts, found: dict[int, tuple[Trigger, ...]]
) -> dict[int, tuple[Trigger, ...]]:
    """Return the triggers, those of a roundup's sum dropped where what it sums up is told."""
    daily = of_a_day(reading, facts, found)
    spread = {i for i in found if _SPREAD.search(reading.sentences[i].text.lower())}
    spread |= {i + 1 for i in spread if i + 1 in found and _goes_on(reading, i)}
    told = found.keys() - daily - spread
    others = [i for i in told if any(t.kept for t in found[i])]
    hurt = any(i in facts.casualties_in for i in others)
    placed = any(_is_of_a_place(facts, i, _EXACT | {PlacePrecision.ADMIN1}) for i in others)
    summed = {i for i in spread if hurt and placed and not _is_of_a_place(facts, i)} | daily
    return {i: _without(here) if i in summed else here for i, here in found.items()}


def of_a_day(
    reading: Reading, facts: Facts, found: dict[int, tuple[Trigger, ...]]
) -> frozenset[int]:
    """Return the sentences that tell a day's sum over a land, and each province's share of it."""
    daily = {i for i in found if _sums(reading.sentences[i], facts)}
    headlines = {i for i in found if reading.sentences[i].headline and _heads(facts, i, daily)}
    shares = {i for i in found if daily and _is_share(reading, facts, found[i], i)}
    return frozenset(daily | headlines | shares)


def _without(here: tuple[Trigger, ...]) -> tuple[Trigger, ...]:
    return tuple(
        replace(t, kept=False, why=Why.TALLY) if t.kept or t.why == Why.UNSUPPORTED else t
        for t in here
    )


def _sums(sentence: Sentence, facts: Facts) -> bool:
    """Say whether the sentence tells how many were hurt in a day in a whole country or region."""
    here = facts.places_in.get(sentence.index, ())
    hurt = any((c.count.low or 0) > 1 for c in facts.casualties_in.get(sentence.index, ()))
    wide = any(n.place.precision in WIDE for n in here)
    told = hurt and wide and not _is_of_a_place(facts, sentence.index)
    return told and _OF_A_DAY.search(sentence.text.lower()) is not None


def _heads(facts: Facts, index: int, daily: set[int]) -> bool:
    """Say whether a headline tells the figures of a day's sum and no others."""
    sums = [c for i in daily for c in facts.casualties_in[i]]
    here = facts.casualties_in.get(index, ())
    known = {(c.measure, c.count.low) for c in sums}
    return bool(here) and {(c.measure, c.count.low) for c in here} <= known


def _is_share(reading: Reading, facts: Facts, here: tuple[Trigger, ...], index: int) -> bool:
    """Say whether it tells a province's share of a day's sum: "In Donetsk region, three people were killed"."""
    sentence = reading.sentences[index]
    bare = all(t.event_type is EventType.OTHER_VIOLENCE for t in here if t.kept)
    names = [n for n in facts.places_in.get(index, ()) if not n.dateline]
    province = any(
        n.place.precision is PlacePrecision.ADMIN1
        and n.start <= sentence.span.start + OPENING
        and sentence.doc[sentence.span.start].lower_ == "in"
        for n in names
    )
    return bare and province and not _is_of_a_place(facts, index)


def _goes_on(reading: Reading, index: int) -> bool:
    """Say whether the next sentence opens with the events just counted: "The operations left four dead"."""
    counted, following = (reading.sentences[i].text.lower() for i in (index, index + 1))
    subject = _SUBJECT.match(following)
    return subject is not None and subject[1] in counted.split()


def _is_of_a_place(facts: Facts, index: int, exact: frozenset[PlacePrecision] = _EXACT) -> bool:
    names = facts.places_in.get(index, ())
    return any(name.place.precision in exact and not name.dateline for name in names)
